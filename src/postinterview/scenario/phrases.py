"""Phrases that every renderer needs: who, when, which machine, what has to come first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from postinterview.core.definitions import By, Definition
from postinterview.core.events import Key, Value
from postinterview.core.formatting import say_day, say_list, say_moment, say_offset
from postinterview.core.verdict import Reason, Verdict
from postinterview.layout import GAP, Line, Piece, Style
from postinterview.scenario.table import GuardLine

MAIN = "main"
WHO: dict[By, tuple[str, Style]] = {
    "candidate": ("you", "you"),
    "employer": ("employer", "employer"),
    "world": ("world", "employer"),
}


def when(moment: datetime) -> str:
    """``Thu 5 Mar 2026 09:00``, with the offset in the hour that a clock shows twice."""
    said = say_moment(moment, exact=True)
    other = moment.replace(fold=1 - moment.fold).utcoffset()
    offset = moment.utcoffset()
    return said if offset is None or offset == other else f"{said} {say_offset(offset)}"


def aligned(moment: datetime) -> str:
    """The moment with its day under the other days: ``Thu  5 Mar 2026 09:00``."""
    weekday, _, rest = when(moment).partition(" ")
    day, _, rest = rest.partition(" ")
    return f"{weekday} {day:>2} {rest}"


def value(carried: Value) -> str:
    """What a field carries, as a person says it."""
    if isinstance(carried, bool):
        return "yes" if carried else "no"
    if isinstance(carried, date):
        return say_day(carried)
    return (say_list(carried, "and") or "nobody") if isinstance(carried, tuple) else str(carried)


def asked_about(event: str, to: str | None, application: str | None) -> str:
    """``thank_you to ana (backend)``."""
    person = "" if to is None else f" to {to}"
    return f"{event}{person}" + ("" if application in (None, MAIN) else f" ({application})")


def instance(machine: str, key: Key) -> str:
    """``thanks of ana (backend)``."""
    application, _, person = key
    whose = "" if person is None else f" of {person}"
    return f"{machine}{whose}" + ("" if application in (None, MAIN) else f" ({application})")


def opening(verdict: Verdict, definition: Definition) -> str:
    """When a refused act opens: ``Wed 11 Mar 2026 00:00``, ``after interview (employer)``, ``never``."""
    if verdict.opens_at is not None:
        return when(verdict.opens_at)
    return f"after {after(verdict.opens_after, definition)}" if verdict.opens_after else "never"


def after(names: tuple[str, ...], definition: Definition) -> str:
    """Of what one must come first, events with whose they are: ``offer or offer_revised (employer)``."""
    events = tuple(name for name in names if name in definition.events)
    said = []
    for by, (who, _) in WHO.items():
        theirs = tuple(name for name in events if definition.events[name].by == by)
        if theirs:
            said.append(f"{say_list(theirs)} ({who})")
    fields = tuple(name for name in names if name not in events)
    if fields:
        said.append(f"{say_list(fields, 'and')} (missing here)")
    return " or ".join(said)


def reason(of: Reason | GuardLine, style: Style) -> Line:
    """A guard with what it has and needs, and where it is written."""
    return (Piece(of.id, style), Piece(":"), *explained(of))


def explained(of: Reason | GuardLine) -> Iterator[Piece]:
    """What a guard has, what it needs, when it opens, and where it is written."""
    if isinstance(of, GuardLine) and of.holds:
        yield Piece(f" {of.has}")
        yield Piece(f" {GAP}{of.file}:{of.line}", "dim")
        return
    needs = f", needs {of.needs}" if of.needs else ""
    opens = ""
    if of.opens_at is not None and when(of.opens_at) not in of.needs:
        opens = f", opens {when(of.opens_at)}"
    yield Piece(f" {of.has}{needs}{opens}")
    yield Piece(f" {GAP}{of.file}:{of.line}", "dim")
