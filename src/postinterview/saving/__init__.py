"""Save processes as text and restore them. Nothing is lost, and damage is detected.

The text holds the history and what it folds to. Restoring folds the history again and compares.
"""

from __future__ import annotations

from postinterview.core.values.errors import Difference
from postinterview.saving.migration import renamed_history
from postinterview.saving.resume import Fate, Forecast, forecast, restore
from postinterview.saving.saved import read, saved_of, write

__all__ = [
    "Difference",
    "Fate",
    "Forecast",
    "forecast",
    "read",
    "renamed_history",
    "restore",
    "saved_of",
    "write",
]
