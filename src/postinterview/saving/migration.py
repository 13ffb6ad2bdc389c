"""A saved process carried over: what it was under earlier rules, in the names of now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from postinterview.core.definitions import Definition, Migration
from postinterview.saving.saved import Book, Saved

SHORT_HASH = 12
"""So many digits of a hash are shown, and are enough to name it by."""

_LEAST = 8


def migration_from(definition: Definition, book: Book) -> Migration | None:
    """The migration that comes from these rules: by their hash, else by their version."""
    migrations = definition.migrations.values()
    for migration in migrations:
        for source in migration.sources:
            if len(source) >= _LEAST and book.hash.startswith(source.lower()):
                return migration
    return next((each for each in migrations if book.version and book.version in each.sources), None)


def carry(saved: Saved, migration: Migration) -> Saved:
    """The saved process with the names of now. What the migration does not speak of stays as it is."""
    return evolve(
        saved,
        entries=tuple(_entry(entry, migration) for entry in saved.entries),
        snapshot=_snapshot(saved.snapshot, migration),
    )


def _entry(entry: Mapping[str, Any], migration: Migration) -> Mapping[str, Any]:
    events = migration.events
    if "unknown" in entry:
        of = list(dict.fromkeys(events.get(name, name) for name in entry["unknown"]))
        return {**entry, "unknown": of}
    if "event" not in entry:
        return entry
    event = events.get(entry["event"], entry["event"])
    carried = {**entry, "event": event}
    if "with" in entry:
        fields: dict[str, Any] = dict(entry["with"])
        for old, value in entry["with"].items():
            new = migration.fields.get((event, old))
            if new is not None and new not in fields:  # else both would be lost: reading it says so
                del fields[old]
                fields[new] = value
        carried["with"] = fields
    return carried


def _snapshot(snapshot: Mapping[str, Any], migration: Migration) -> dict[str, Any]:
    def renamed(machine: str, state: str) -> tuple[str, str]:
        machine = migration.machines.get(machine, machine)
        return machine, migration.states.get((machine, state), state)

    states = []
    for each in snapshot["states"]:
        machine, state = renamed(each["machine"], each["state"])
        states.append({**each, "machine": machine, "state": state})
    machines = dict(renamed(name, start) for name, start in snapshot["machines"].items())
    return {**snapshot, "machines": machines, "states": states}
