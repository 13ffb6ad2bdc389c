"""Hold the functions that write processes and read them: they lie above the core, so they are registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar


class Saving:
    """The functions that are registered."""

    write: ClassVar[Callable[[Any], str]]
    restore: ClassVar[Callable[[Any, str | bytes], Any]]
    renamed: ClassVar[Callable[[Any, Any], tuple[Any, ...]]]


def register_saving(
    write: Callable[[Any], str],
    restore: Callable[[Any, str | bytes], Any],
    renamed: Callable[[Any, Any], tuple[Any, ...]],
) -> None:
    """Set what `Process.to_json`, `Rulebook.restore` and `Process.shadow` call."""
    Saving.write, Saving.restore = staticmethod(write), staticmethod(restore)
    Saving.renamed = staticmethod(renamed)
