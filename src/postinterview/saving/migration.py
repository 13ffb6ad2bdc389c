"""Rename in a saved process what a rulebook renamed since."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from postinterview.core.past.events import Entry, Event, Known, Unknown
from postinterview.core.process import Process, Rulebook
from postinterview.core.rules.definitions import Definition, Migration
from postinterview.saving.format import Book, Saved, SavedSnapshot
from postinterview.saving.saved import book_of

_LEAST = 8
"""Digits of a hash that a migration must give to name it."""


def migration_from(definition: Definition, book: Book) -> Migration | None:
    """Return the migration from these earlier rules, which it names by their hash or by their version.

    With a name before the version, as ``germany 1``, only rules of this name are meant.
    """
    migrations = definition.migrations.values()
    for migration in migrations:
        for source in migration.sources:
            if len(source) >= _LEAST and book.hash.startswith(source.lower()):
                return migration
    called = (f"{book.name} {book.version}", book.version) if book.version else ()
    return next((each for name in called for each in migrations if name in each.sources), None)


def migrated(saved: Saved, migration: Migration) -> Saved:
    """Return the saved process with the new names. Names that the migration does not mention stay."""
    return evolve(
        saved,
        entries=tuple(_entry(entry, migration) for entry in saved.entries),
        snapshot=_snapshot(saved.snapshot, migration),
    )


def migration_between(old: Definition, new: Definition) -> Migration | None:
    """Return the migration from the old rules to the new ones, or one of the old rules turned round."""
    forth = migration_from(new, book_of(old)) if old.sources else None
    back = migration_from(old, book_of(new)) if new.sources and forth is None else None
    return forth if back is None else _reversed(back)


def renamed_history(rulebook: Rulebook, process: Process) -> tuple[Entry, ...]:
    """Return the history of a process by the names of another rulebook, as migrations give them."""
    migration = migration_between(process.rulebook.definition, rulebook.definition)
    return process.history if migration is None else tuple(_entry(e, migration) for e in process.history)


def _reversed(migration: Migration) -> Migration:
    """Return the migration that leads from the new names to the old ones."""
    events, machines = (
        {now: then for then, now in names.items()} for names in (migration.events, migration.machines)
    )
    return evolve(
        migration,
        events=events,
        machines=machines,
        fields={(events.get(of, of), now): then for (of, then), now in migration.fields.items()},
        states={(machines.get(of, of), now): then for (of, then), now in migration.states.items()},
    )


def _entry(entry: Entry, migration: Migration) -> Entry:
    events = migration.events
    if isinstance(entry, Unknown | Known):
        return evolve(entry, of=tuple(dict.fromkeys(events.get(name, name) for name in entry.of)))
    if not isinstance(entry, Event):
        return entry
    name = events.get(entry.name, entry.name)
    fields: dict[str, Any] = dict(entry.carried)
    for old, value in entry.carried:
        new = migration.fields.get((name, old))
        if new is not None and new not in fields:  # if both are there, the old one is refused when it is read
            del fields[old]
            fields[new] = value
    return evolve(entry, name=name, carried=tuple(fields.items()))


def _snapshot(snapshot: SavedSnapshot, migration: Migration) -> SavedSnapshot:
    def renamed(machine: str, state: str) -> tuple[str, str]:
        machine = migration.machines.get(machine, machine)
        return machine, migration.states.get((machine, state), state)

    states = []
    for each in snapshot.states:
        machine, state = renamed(each.machine, each.state)
        states.append(evolve(each, machine=machine, state=state))
    machines = tuple(renamed(name, start) for name, start in snapshot.machines)
    return evolve(snapshot, machines=machines, states=tuple(states))
