"""Mark what a file says itself, where it extends another one."""

from __future__ import annotations

from postinterview.core.rules.definitions import Definition, Guard, Origin

CHANGED = "*"
"""The mark of what the file says itself, where it extends another one."""


def is_changed(definition: Definition, *origins: Origin) -> bool:
    """Return whether a file says something itself, at one of the places, and extends another one."""
    own, *parents = definition.sources
    return bool(parents) and any(origin.file == own.name for origin in origins)


def places_of(guard: Guard) -> tuple[Origin, ...]:
    """Return where a guard is written, and the changed values that it names."""
    return (guard.origin, *(each.origin for each in guard.changes))


def mark_meaning(definition: Definition) -> str:
    """Return what the mark of changes means; empty if the rules extend no others."""
    own, *parents = definition.sources
    return f"{CHANGED} changed by {own.name}" if parents else ""
