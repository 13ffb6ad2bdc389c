"""A saved process under a rulebook: the same history, folded anew, and held against what was saved."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from postinterview.core.definitions import Migration
from postinterview.core.errors import MisuseError, RulesChangedError, SavedError, TimeError
from postinterview.core.events import Entry, Event, Retraction
from postinterview.core.formatting import say_day
from postinterview.core.process import Process
from postinterview.core.step import fold
from postinterview.saving import strict
from postinterview.saving.differences import Difference, differences
from postinterview.saving.entries import entry_from_data
from postinterview.saving.migration import SHORT_HASH, carry, migration_from
from postinterview.saving.saved import Saved, book_of, read

if TYPE_CHECKING:
    from postinterview.core.rulebook import Rulebook


@frozen(kw_only=True)
class Resumed:
    """A process, and how it came to be under these rules.

    ``rules_changed``: the rules are not those that it was saved under. ``migration``: the id of the one
    that carried it over; nothing where none was needed. ``judged_anew``: what became otherwise by it.
    """

    process: Process
    rules_changed: bool = False
    migration: str = ""
    judged_anew: tuple[Difference, ...] = ()


def restore(rulebook: Rulebook, text: str | bytes) -> Process:
    """The process that was saved.

    Raises:
        SavedError: it is damaged, or can't be read.
        RulesChangedError: the rules judge it otherwise than those that it was saved under.
    """
    return resume(rulebook, read(text)).process


def resume(rulebook: Rulebook, saved: Saved) -> Resumed:
    """The process that was saved, and whether the rules have changed since.

    The history is folded under the rules as they are now. Where that comes to something else than what
    was saved, the process is refused, unless a migration of the rules says that the past is judged anew:
    what was told of it then would no longer hold.

    Raises:
        SavedError: the saved process can't be one of these rules.
        RulesChangedError: the rules judge it otherwise than those that it was saved under.
    """
    changed = not saved.book.hash or saved.book.hash != book_of(rulebook.definition).hash
    fresh = _start(rulebook, saved)
    migration = migration_from(rulebook.definition, saved.book) if changed else None
    given, saved = saved, saved if migration is None else carry(saved, migration)
    history, misfits = _history(rulebook, saved, collect=changed)
    if misfits:
        raise _refusal(rulebook, given, misfits, migration)
    if not changed:
        _check_retractions(rulebook, history)
    snapshot = fold(rulebook.engine, fresh.calendar, history)
    found = differences(rulebook.engine, fresh.calendar, history, saved.snapshot, snapshot)
    if found and not (migration is not None and migration.refold):
        raise _refusal(rulebook, given, found, migration)
    return Resumed(
        process=Process(rulebook, saved.employer, fresh.calendar, history, snapshot),
        rules_changed=changed,
        migration="" if migration is None or (saved == given and not found) else migration.id,
        judged_anew=found,
    )


def _start(rulebook: Rulebook, saved: Saved) -> Process:
    try:
        return rulebook.start(saved.employer, saved.timezone, holidays=saved.holidays, country=saved.country)
    except TimeError as error:
        raise SavedError(error.message, error.help, "timezone") from None
    except MisuseError as error:
        raise SavedError(error.message, error.help, "country") from None


def _history(
    rulebook: Rulebook, saved: Saved, *, collect: bool
) -> tuple[tuple[Entry, ...], tuple[Difference, ...]]:
    """The history; ``collect``: with all that the rules lack for it, instead of an error at the first."""
    history: list[Entry] = []
    misfits: list[Difference] = []
    for place, data in enumerate(saved.entries):
        try:
            history.append(entry_from_data(rulebook.definition, data, f"history[{place}]"))
        except SavedError as error:
            if not collect:
                raise
            misfits.append(_misfit(data["number"], data, error))
    return tuple(history), tuple(misfits)


def _misfit(number: int, data: object, error: SavedError) -> Difference:
    said = f"entry {number}"
    if isinstance(data, dict) and "event" in data:
        at: datetime = strict.moment(data["at"], "at")
        said += f", {data['event']} of {say_day(at.date())}"
    help_ = f" ({error.help})" if error.help else ""
    return Difference(text=f"{said}: {error.message}{help_}", entry=number, fits=False)


def _check_retractions(rulebook: Rulebook, history: tuple[Entry, ...]) -> None:
    for entry in history:
        of = history[entry.of - 1] if isinstance(entry, Retraction) and not entry.not_sent else None
        if isinstance(of, Event) and rulebook.definition.events[of.name].contact not in (None, "none"):
            message = f"entry {entry.number} takes back the contact `{of.name}`, and does not say `not_sent`"
            strict.refuse(f"history[{entry.number - 1}]", message)


def _refusal(
    rulebook: Rulebook, saved: Saved, found: tuple[Difference, ...], migration: Migration | None
) -> RulesChangedError:
    book = book_of(rulebook.definition)
    if saved.book.hash == book.hash:
        message = f"the rules ({book}) are the same, and judge this history otherwise than when it was saved"
        help_ = "a function of theirs, a country's holidays, the time zones or this library changed"
        return RulesChangedError(message, help_, found)
    message = f"the rules ({book}) are not those it was saved under ({saved.book}), and judge it otherwise"
    if migration is not None:
        origin = migration.origin
        help_ = (
            f"the migration `{migration.id}` ({origin.file}:{origin.line}) does not say what became of this: "
            "add what is called otherwise now, or `refold: true` with a `why:`"
        )
        return RulesChangedError(message, help_, found)
    source = saved.book.version if saved.book.version != book.version else saved.book.hash[:SHORT_HASH]
    help_ = (
        f"say under `migrations:` what became of it, `from: {json.dumps(source)}`, or keep the earlier rules"
    )
    return RulesChangedError(message, help_, found)
