"""Put a saved process under a rulebook: fold its history again and compare the result with what was saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeGuard

from attrs import evolve, frozen

from postinterview.core.past.events import Entry, Event, Known, Retraction, Unknown, Value
from postinterview.core.past.histories import with_next
from postinterview.core.past.situation import Snapshot
from postinterview.core.process import Process, process_of
from postinterview.core.rules.definitions import Definition, EventKind, Migration
from postinterview.core.steps.event_input import read_fields
from postinterview.core.steps.step import step
from postinterview.core.values.errors import (
    Difference,
    FieldError,
    MisuseError,
    RulesChangedError,
    SavedError,
    TimeError,
)
from postinterview.core.values.formatting import say_day, shorten
from postinterview.core.values.moments import LocalCalendar, read_day
from postinterview.core.values.names import is_saved_name
from postinterview.core.values.suggest import instead_of
from postinterview.saving.codec import refuse
from postinterview.saving.differences import differences
from postinterview.saving.format import Saved
from postinterview.saving.migration import migrated, migration_from
from postinterview.saving.saved import book_of, read

if TYPE_CHECKING:
    from postinterview.core.process import Rulebook


Fate: TypeAlias = Literal["unchanged", "goes_on", "carried_over", "refused", "damaged"]


class Resumed(NamedTuple):
    """A process under the rules, the id of the migration that applied, and what that judged differently."""

    process: Process
    migration: str
    differences: tuple[Difference, ...]


@frozen(kw_only=True, repr=False)
class Forecast:
    """The fate of a saved process under some rules.

    Attributes:
        fate: ``unchanged``: it was saved under these rules. ``goes_on``: the rules are others, and judge it
            as before. ``carried_over``: a migration applied. ``refused``: they judge it differently.
            ``damaged``: it can't be read.
        process: the process under the rules, unless it is refused or damaged.
        migration: the id of the migration that applied, or empty.
        differences: what the rules judge differently.
        message: why it is refused or damaged; ``help`` is what to do, ``path`` the place of the damage.
    """

    fate: Fate
    process: Process | None = None
    migration: str = ""
    differences: tuple[Difference, ...] = ()
    message: str = ""
    help: str = ""
    path: str = ""

    def __repr__(self) -> str:
        return shorten(f"<Forecast {self.fate}: {self.message or self.migration or self.process}>")

    @property
    def fits(self) -> bool:
        """Return whether there is a process under the rules."""
        return self.process is not None

    @property
    def is_new(self) -> bool:
        """Return whether the process has to be written again."""
        return self.fate in ("goes_on", "carried_over")

    def as_json(self) -> dict[str, Any]:
        """Return it in plain types, without the process."""
        texts = [
            {"text": each.text, "entry": each.entry, "machine": each.machine} for each in self.differences
        ]
        errors = {"message": self.message, "help": self.help, "path": self.path}
        return {"outcome": self.fate, "migration": self.migration or None, "differences": texts, **errors}


def restore(rulebook: Rulebook, text: str | bytes) -> Process:
    """Return the process that was saved as this text.

    Raises:
        SavedError: the text is damaged, or can't be read.
        RulesChangedError: the rules changed, and judge the history differently.
    """
    return resume(rulebook, read(text)).process


def forecast(rulebook: Rulebook, read: Callable[[], Saved]) -> Forecast:
    """Return what becomes of the saved process that ``read`` returns, or fails to read."""
    try:
        saved = read()
        process, migration, found = resume(rulebook, saved)
    except RulesChangedError as error:
        return Forecast(fate="refused", differences=error.differences, message=error.message, help=error.help)
    except SavedError as error:
        return Forecast(fate="damaged", message=error.message, help=error.help, path=error.path)
    is_same = saved.book.hash == book_of(rulebook.definition).hash != ""
    fate: Fate = "unchanged" if is_same else "carried_over" if migration else "goes_on"
    return Forecast(fate=fate, process=process, migration=migration, differences=found)


def resume(rulebook: Rulebook, saved: Saved) -> Resumed:
    """Fold a saved history under the rules as they are now.

    If the result differs from what was saved, the process is refused: answers that were given under the
    earlier rules would no longer hold. A migration with `refold` accepts the differences.

    Raises:
        SavedError: the saved process can't be one of these rules.
        RulesChangedError: the rules changed, and judge the history differently.
    """
    definition = rulebook.definition
    changed = not saved.book.hash or saved.book.hash != book_of(definition).hash
    calendar = _calendar(rulebook, saved)
    migration = migration_from(definition, saved.book) if changed else None
    now = saved if migration is None else migrated(saved, migration)
    history, misfits = _history(definition, now, collect=changed)
    if misfits:
        raise _refusal(definition, saved, misfits, migration)
    if not changed:
        _check_retractions(definition, history)
    process = _folded(rulebook, saved.employer, calendar, history)
    found = differences(process, now.snapshot)
    if found and not (migration is not None and migration.refold):
        raise _refusal(definition, saved, found, migration)
    used = migration is not None and (now != saved or found)
    return Resumed(process, migration.id if migration is not None and used else "", found)


def resume_after(process: Process, history: tuple[Entry, ...]) -> Process:
    """Return the process of a saved history that begins with that of ``process``.

    If the entries that are new follow one after the other, only they are folded.

    Raises:
        SavedError: they can't be entries under the rules of the process.
    """
    rulebook, count = process.rulebook, len(process.history)
    new = tuple(
        _under(rulebook.definition, entry, f"history[{place}]")
        for place, entry in enumerate(history[count:], count)
    )
    _check_retractions(rulebook.definition, history)
    if count and isinstance(history[count - 1], Retraction):  # what follows it may keep a place
        return process.with_history((*process.history, *new))
    past, snapshot = process._past, process._snapshot  # noqa: SLF001 - only saving needs it
    for entry in new:
        if not _is_next(entry, snapshot):
            return process.with_history((*process.history, *new))
        made = step(rulebook.engine, process.calendar, snapshot, entry)
        past = with_next(past, snapshot.past, entry, made.snapshot.past)
        snapshot = made.snapshot
    return evolve(process, past=past, snapshot=snapshot)


def _is_next(entry: Entry, snapshot: Snapshot) -> TypeGuard[Event]:
    """Return whether an entry is an event after all others, whenever the undated ones were."""
    if not isinstance(entry, Event) or entry.late or entry.undated or entry.dates is not None:
        return False
    return snapshot.past is None or snapshot.past.top.at <= entry.at  # one of that day may be later


def _calendar(rulebook: Rulebook, saved: Saved) -> LocalCalendar:
    try:
        return rulebook.calendar_of(saved.timezone, saved.holidays, saved.country)
    except TimeError as error:
        raise SavedError(error.message, error.help, "timezone") from None
    except MisuseError as error:  # the employer and the holidays were checked when they were read
        raise SavedError(error.message, error.help, "country") from None


def _folded(
    rulebook: Rulebook, employer: str, calendar: LocalCalendar, history: tuple[Entry, ...]
) -> Process:
    try:
        return process_of(rulebook, employer, calendar, history)
    except (TimeError, MisuseError) as error:  # an entry changes the zone or country to an unknown one
        raise SavedError(error.message, error.help, "history") from None


def _history(
    definition: Definition, saved: Saved, *, collect: bool
) -> tuple[tuple[Entry, ...], tuple[Difference, ...]]:
    """Return the history under the rules. ``collect``: return every misfit instead of raising the first."""
    history: list[Entry] = []
    misfits: list[Difference] = []
    for place, entry in enumerate(saved.entries):
        try:
            history.append(_under(definition, entry, f"history[{place}]"))
        except SavedError as error:
            if not collect:
                raise
            event = f" (`{entry.name}`, {say_day(entry.at.date())})" if isinstance(entry, Event) else ""
            text = f"entry {entry.number}{event}: {error.message}" + (
                f" ({error.help})" if error.help else ""
            )
            misfits.append(Difference(text=text, entry=entry.number, fits=False))
    return tuple(history), tuple(misfits)


def _under(definition: Definition, entry: Entry, path: str) -> Entry:
    """Return the entry with the types that the rules give to its fields.

    Raises:
        SavedError: the rules lack its event, or have another shape of it.
    """
    if isinstance(entry, Unknown | Known):
        key = "known" if isinstance(entry, Known) else "unknown"
        for place, name in enumerate(entry.of):
            _event(definition, name, f"{path}.{key}[{place}]")
    if not isinstance(entry, Event):
        return entry
    kind = _event(definition, entry.name, f"{path}.event")
    for key, given, wanted in (
        ("to", entry.to, kind.to_person),
        ("application", entry.application, not kind.employer_wide),
    ):
        if wanted and given is None:
            refuse(path, f"`{key}` is missing: `{kind.name}` needs it")
        if not wanted and given is not None:
            refuse(f"{path}.{key}", f"`{kind.name}` has no `{key}`")
    fields: dict[str, Value] = dict(entry.carried)
    for name, value in entry.carried:
        if isinstance(value, str) and name in kind.fields and kind.fields[name].type == "date":
            fields[name] = read_day(value) or value
    try:
        carried = read_fields(kind, fields, is_saved_name)
    except FieldError as error:
        help_ = error.help if fields.keys() - kind.fields.keys() else ""  # other help is about Python
        raise SavedError(error.message, help_, f"{path}.with") from None
    return evolve(entry, carried=carried) if carried or entry.carried else entry


def _event(definition: Definition, name: str, path: str) -> EventKind:
    kind = definition.events.get(name)
    return kind or refuse(path, f"the rules have no event `{name}`", instead_of(name, definition.events))


def _check_retractions(definition: Definition, history: tuple[Entry, ...]) -> None:
    for entry in history:
        of = history[entry.of - 1] if isinstance(entry, Retraction) and not entry.not_sent else None
        if isinstance(of, Event) and definition.events[of.name].reaches_them:
            message = f"entry {entry.number} retracts the contact `{of.name}` without `not_sent`"
            refuse(f"history[{entry.number - 1}]", message)


def _refusal(
    definition: Definition, saved: Saved, found: tuple[Difference, ...], migration: Migration | None
) -> RulesChangedError:
    book = book_of(definition)
    if saved.book.hash == book.hash:
        return RulesChangedError(
            f"the rules ({book}) are the same, but judge this history differently than when it was saved",
            "a custom guard, a country's holidays, the time zone data or this library changed",
            found,
        )
    message = f"the rules changed from ({saved.book}) to ({book}), and they judge this history differently"
    if migration is not None:
        origin = migration.origin
        help_ = (
            f"the migration `{migration.id}` ({origin.file}:{origin.line}) does not cover this: "
            "add the new names, or `refold: true` with a `why:`"
        )
    else:
        source = saved.book.version if saved.book.version != book.version else saved.book.short_hash
        written = f"{{from: {json.dumps(source)}, refold: true, why: ...}}"
        help_ = f"under `migrations:`, add `my_change: {written}`, or keep the earlier rules"
    return RulesChangedError(message, help_, found)


def may_be_saved(text: bytes) -> bool:
    """Return whether a file may hold a saved process, possibly a damaged one."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return b'"history"' in text
    return isinstance(data, dict) and not {"history", "rulebook", "snapshot"}.isdisjoint(data)
