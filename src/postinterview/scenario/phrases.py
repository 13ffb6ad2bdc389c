"""Phrases that every report of a scenario uses: events, people, moments, values, reasons."""

from __future__ import annotations

from datetime import date, datetime

from postinterview.core.answers.verdict import Reason, Verdict
from postinterview.core.past.places import Key
from postinterview.core.rules.definitions import By, Definition
from postinterview.core.values.formatting import say_day, say_list, say_moment, say_offset
from postinterview.core.values.names import MAIN
from postinterview.layout import GAP, Line, Piece, Style, line

ACTORS: dict[By, tuple[str, Style]] = {
    "candidate": ("you", "you"),
    "employer": ("employer", "employer"),
    "world": ("world", "employer"),
}


def moment_text(moment: datetime) -> str:
    """Return ``Thu 5 Mar 2026 09:00``, with the offset in the hour that a clock shows twice."""
    text = say_moment(moment, exact=True)
    other = moment.replace(fold=1 - moment.fold).utcoffset()
    offset = moment.utcoffset()
    return text if offset is None or offset == other else f"{text} {say_offset(offset)}"


def when_text(when: date) -> str:
    """Return a moment as `moment_text` does, or a day as ``Thu 5 Mar 2026``."""
    return moment_text(when) if isinstance(when, datetime) else say_day(when)


def aligned_text(when: date) -> str:
    """Return a moment or a day below others: ``Thu  5 Mar 2026 09:00``."""
    weekday, day, rest = when_text(when).split(" ", 2)
    return f"{weekday} {day:>2} {rest}"


def event_text(event: str, to: str | None, application: str | None) -> str:
    """Return ``thank_you to ana (backend)``."""
    person = "" if to is None else f" to {to}"
    return f"{event}{person}" + ("" if application in (None, MAIN) else f" ({application})")


def instance_text(machine: str, key: Key) -> str:
    """Return ``thanks of ana (backend)``."""
    person = "" if key.person is None else f" of {key.person}"
    return f"{machine}{person}" + ("" if key.application in (None, MAIN) else f" ({key.application})")


def opening_text(verdict: Verdict, definition: Definition) -> str:
    """Return when a refused act will be allowed.

    ``from Wed 11 Mar 2026 00:00``, ``at the earliest after offer or offer_revised (employer)``, or ``never``.
    The act needs one of the events, and all of the fields. The event may not be enough: after it, another
    guard may refuse the act.
    """
    if verdict.opens_at is not None:
        return f"from {moment_text(verdict.opens_at)}"
    if not verdict.opens_after:
        return "never"
    events = tuple(name for name in verdict.opens_after if name in definition.events)
    parts = []
    for by, (actor, _) in ACTORS.items():
        if theirs := tuple(name for name in events if definition.events[name].by == by):
            parts.append(f"{say_list(theirs)} ({actor})")
    said = f"at the earliest after {' or '.join(parts)}" if parts else ""
    if fields := tuple(name for name in verdict.opens_after if name not in events):
        said += f"{', ' if said else ''}with {say_list(fields, 'and')} (missing here)"
    return said


def reason_line(reason: Reason, *, held: bool = False) -> Line:
    """Return what a guard has, what it needs unless it held, when it opens, and where it is written."""
    needs = "" if held or not reason.needs else f", needs {reason.needs}"
    opens = ""
    said = () if reason.opens_at is None else (moment_text(reason.opens_at), say_moment(reason.opens_at))
    if reason.opens_at is not None and not any(each in reason.needs for each in said):
        opens = f", opens {moment_text(reason.opens_at)}"
    return line(f"{reason.has}{needs}{opens}", Piece(f" {GAP}{reason.where}", "dim"))
