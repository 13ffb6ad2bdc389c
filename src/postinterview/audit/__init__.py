"""The audit: what a tracker holds is judged by the rules.

A history of any tracker, as CSV or JSON Lines, becomes processes by a map that says what its columns mean:
`load_map`, then `audit`. Nothing in it is guessed.
"""

from __future__ import annotations

from postinterview.audit.history.findings import Audit, Counts, Finding
from postinterview.audit.history.maps import MapError, load_map
from postinterview.audit.history.model import Map
from postinterview.audit.history.run import audit

__all__ = ["Audit", "Counts", "Finding", "Map", "MapError", "audit", "load_map"]
