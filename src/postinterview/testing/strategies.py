"""Hypothesis strategies: valid events of a rulebook, and histories of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from attrs import field, frozen
from hypothesis import strategies as st

from postinterview.core.past.event_order import standing
from postinterview.core.past.events import Event, Value
from postinterview.core.process import Process, Rulebook
from postinterview.core.rules.definitions import EventKind, FieldKind
from postinterview.core.values.moments import ONE_DAY

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

PEOPLE = ("ana", "bo", "cy")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday. Four weeks later clocks change in Europe."""

GAPS = tuple(
    timedelta(minutes=minutes) for minutes in (0, 1, 60, 24 * 60, 3 * 24 * 60, 8 * 24 * 60, 31 * 24 * 60)
)
"""How long nothing happens: from a double click to a month of silence."""


@frozen(kw_only=True)
class EventCall:
    """An event that a host is told: an act that is asked for, or what happened.

    Attributes:
        event: the event of the rulebook.
        at: when, aware.
        to: the interviewer, if the event is to one person.
        application: the application; None if none is named.
        fields: the fields and their values.
        late: whether it is told after later events.
    """

    event: str
    at: datetime
    to: str | None = None
    application: str | None = None
    fields: Mapping[str, Value] = field(factory=dict)
    late: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `Process.do` and `Process.may` after the event's name."""
        return {"at": self.at, "to": self.to, "application": self.application, **self.fields}


def events(
    rulebook: Rulebook,
    *,
    names: Iterable[str] | None = None,
    at: st.SearchStrategy[datetime] | None = None,
    people: tuple[str, ...] = PEOPLE,
    applications: tuple[str | None, ...] = (None,),
    complete: bool = False,
) -> st.SearchStrategy[EventCall]:
    """Return a strategy for valid events.

    An act may lack any field, and a fact lacks only optional ones.

    Args:
        rulebook: the rules whose events they are.
        names: draw only these events.
        at: when they happen; by default in the two months after 2 March 2026.
        people: those who can be named.
        applications: those that events can belong to; None stands for no name.
        complete: with every field.
    """
    known = rulebook.definition.events
    kinds = [known[name] for name in sorted(known if names is None else names)]
    return _events(kinds, _moments() if at is None else at, people, applications, complete=complete)


def histories(
    rulebook: Rulebook,
    *,
    most: int = 12,
    corrections: bool = True,
    days: bool = False,
    timezone: str = "Europe/Zurich",
    people: tuple[str, ...] = PEOPLE,
) -> st.SearchStrategy[Process]:
    """Return a strategy for processes with a valid history: each event is recorded, allowed or not.

    Args:
        rulebook: the rules of the processes.
        most: how many entries a history has at most.
        corrections: with events told late, retractions, and an unknown past.
        days: with events of which only the day is said, and no hour.
        timezone: the employer's.
        people: those who can be named.
    """
    return _histories(rulebook.start("acme", timezone), most, people, corrections=corrections, days=days)


@st.composite
def _events(
    draw: Draw,
    kinds: list[EventKind],
    at: st.SearchStrategy[datetime],
    people: tuple[str, ...],
    applications: tuple[str | None, ...],
    *,
    complete: bool,
) -> EventCall:
    kind = draw(st.sampled_from(kinds))
    moment = draw(at)
    return EventCall(
        event=kind.name,
        at=moment,
        to=draw(st.sampled_from(people)) if kind.to_person else None,
        application=None if kind.employer_wide else draw(st.sampled_from(applications)),
        fields=_fields(draw, kind, moment, people, complete=complete),
    )


@st.composite
def _histories(
    draw: Draw, process: Process, most: int, people: tuple[str, ...], *, corrections: bool, days: bool
) -> Process:
    rulebook = process.rulebook
    applications = draw(st.sampled_from(((None,), ("main", "other"))))
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(("event",) * 6 + (("late", "retract", "unknown") if corrections else ())))
        open_entries = retractable(process)
        if kind == "retract" and open_entries:
            entry = draw(st.sampled_from(open_entries))
            at = next_moment(draw, process)
            process = process.retract(entry.number, at=at, not_sent=is_contact(process, entry)).process
        elif kind == "unknown":
            names = draw(
                st.lists(st.sampled_from(sorted(rulebook.definition.events)), min_size=1, max_size=2)
            )
            process = process.unknown(*names, until=next_moment(draw, process)).process
        else:
            late = kind == "late" and bool(process.timeline)
            moment = earlier_moment(draw, process) if late else next_moment(draw, process)
            call = draw(
                events(
                    rulebook,
                    names=None if process.timeline else openers(rulebook),
                    at=st.just(moment),
                    people=people,
                    applications=applications,
                )
            )
            told = call.arguments
            if days and draw(st.booleans()):
                told["at"] = process.calendar.day_of(moment)
            process = process.record(call.event, late=late, **told).process
    return process


def openers(rulebook: Rulebook) -> list[str]:
    """Return the events that a history can begin with, so that something comes of it."""
    kinds = rulebook.definition.events.values()
    first = [kind.name for kind in kinds if kind.opens_round] or [
        kind.name for kind in kinds if not kind.is_act
    ]
    return first or list(rulebook.definition.events)


def next_moment(draw: Draw, process: Process) -> datetime:
    """Draw a moment that is not before the latest event."""
    latest = process.timeline[-1].at if process.timeline else START
    moment: datetime = (latest + draw(st.sampled_from(GAPS))).astimezone(process.calendar.zone)
    return moment


def earlier_moment(draw: Draw, process: Process) -> datetime:
    """Draw a moment before the latest event."""
    gap = draw(st.sampled_from(GAPS[1:]))
    moment: datetime = (process.timeline[-1].at - gap).astimezone(process.calendar.zone)
    return moment


def retractable(process: Process) -> list[Event]:
    """Return the events that nobody has retracted, and that were told in time."""
    return [entry for entry in standing(process.history) if isinstance(entry, Event)]


def is_contact(process: Process, entry: Event) -> bool:
    """Return whether the event reached the employer, so that only a message never sent can be retracted."""
    return process.rulebook.definition.events[entry.name].reaches_them


def _moments() -> st.SearchStrategy[datetime]:
    return st.integers(0, 60 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def _fields(
    draw: Draw, kind: EventKind, at: datetime, people: tuple[str, ...], *, complete: bool
) -> dict[str, Value]:
    found = {}
    for name, declared in kind.fields.items():
        if complete or not (declared.optional or kind.is_act) or draw(st.sampled_from((True, True, False))):
            found[name] = draw(_values(declared, at, people))
    return found


def _values(declared: FieldKind, at: datetime, people: tuple[str, ...]) -> st.SearchStrategy[Any]:
    match declared.type:
        case "bool":
            return st.booleans()
        case "text":
            return st.sampled_from(("about it", ""))
        case "number":
            return st.integers(1, 3)
        case "date":
            return st.integers(-1, 14).map(lambda days: at.date() + days * ONE_DAY)
        case "people":
            return st.lists(st.sampled_from(people), min_size=1, max_size=2, unique=True).map(tuple)
        case "choice":
            return st.sampled_from(declared.choices)
