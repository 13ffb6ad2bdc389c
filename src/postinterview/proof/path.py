"""From an abstract path to a dated story: who, where, and the earliest moments that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from attrs import define, field

from postinterview.core.definitions import EventKind, FieldKind
from postinterview.core.events import Value
from postinterview.core.moments import LocalCalendar
from postinterview.proof.conditions import MICROSECOND
from postinterview.proof.frame import FREE
from postinterview.proof.labels import EventLabel
from postinterview.proof.search import Bad
from postinterview.proof.variables import TimeAnchor, pair
from postinterview.proof.view import Arrival, Successor, View

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning. Any other moment would do."""

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
GAPS = (timedelta(hours=1), timedelta(minutes=1), timedelta(0))
"""Between two events: the most readable one that fits."""

HERE, ELSEWHERE, THEM = "main", "second", "ana"
OTHERS = ("bo", "cleo", "dan", "eva", "finn", "gil", "hana", "ivo", "jo", "kim")
ONE_DAY = timedelta(days=1)


@define
class Happening:
    """One event of the story. ``move``: the number of its move in the path."""

    event: str
    at: datetime
    application: str | None = None
    to: str | None = None
    people: list[str] = field(factory=list)
    carried: dict[str, Value] = field(factory=dict)
    people_field: str = ""
    move: int = 0

    @property
    def fields(self) -> dict[str, Any]:
        """The fields, as ``record`` takes them."""
        people = {self.people_field: tuple(self.people)} if self.people_field else {}
        return {**people, **self.carried}


@define
class Story:
    """What happened, and the act asked for at the end."""

    happenings: list[Happening]
    act: Happening


def tell(view: View, found: Bad, calendar: LocalCalendar, earliest: Mapping[int, datetime]) -> Story | None:
    """The story of a path at its earliest moments; None where no moments fit.

    ``earliest``: by number, moves that are to come no earlier than that; the act comes after the last.
    """
    for gap in GAPS:
        times = _schedule(view, found, calendar, gap, earliest)
        if times is not None:
            return _cast(view, found.path, times, calendar)
    return None


# --- when ---------------------------------------------------------------------------------------


def _schedule(
    view: View, found: Bad, calendar: LocalCalendar, gap: timedelta, earliest: Mapping[int, datetime]
) -> list[datetime] | None:
    """The least solution of all demands on the moments of the path's moves, and of the act after them.

    Each demand gives a moment that another may not precede, and grows with the others; so raising
    what is too early, until nothing is, finds the earliest moments, or that there are none.
    """
    path = found.path
    end = len(path)
    times = [max(BEGINNING, earliest.get(i, BEGINNING)) for i in range(end + 1)]
    set_at = _last_set(path, view.size)
    for _ in range(100):
        before = list(times)
        for i in range(end + 1):
            _raise(view, path, times, i, calendar, gap)
        for clock, micros, below in found.limits:
            start = set_at[clock]
            if start is None:
                continue
            bound = micros * MICROSECOND
            if below:
                margin = gap if gap and gap < bound else MICROSECOND
                times[start] = max(times[start], times[end] - bound + margin)
            else:
                times[end] = max(times[end], times[start] + bound)
        if max(times) > LATEST:
            return None
        if times == before:
            return times
    return None


def _raise(
    view: View,
    path: tuple[Successor, ...],
    times: list[datetime],
    i: int,
    calendar: LocalCalendar,
    gap: timedelta,
) -> None:
    last = times[i - 1] if i else times[0]
    if i < len(path) and isinstance(move := path[i].move, Arrival):
        number = move.anchors[0]
        instant = pair(path[i].values[number])[0] - 2
        times[i] = max(times[i], last)
        if instant == 0:  # the end of a day, after what came before it
            day = calendar.day_of(max(times[i] - MICROSECOND, last))
            times[i] = calendar.end_of(day)
            return
        setter = _setter(view, path, i, number)
        day = calendar.day_of(times[setter])
        if view.anchor(number).date:
            ended = _arrival(path, i, number)
            day = calendar.day_of(times[ended]) - ONE_DAY
        times[i] = max(times[i], calendar.business_day_after(day, instant))
    elif i:
        times[i] = max(times[i], last + (gap if isinstance(path[i - 1].move, EventLabel) else timedelta(0)))


def _last_set(path: tuple[Successor, ...], size: int) -> list[int | None]:
    """For each clock the move that set it last, through copies."""
    found: list[int | None] = [None] * size
    for i, successor in enumerate(path):
        for clock, other in successor.settings:
            found[clock] = None if other == FREE else i if other == 0 else found[other]
    return found


def _setter(view: View, path: tuple[Successor, ...], i: int, number: int) -> int:
    """The move before ``i`` that set the anchor last."""
    anchor = view.anchor(number)
    return next(
        j for j in range(i - 1, -1, -1) if isinstance(move := path[j].move, EventLabel) and anchor.sets(move)
    )


def _arrival(path: tuple[Successor, ...], i: int, number: int) -> int:
    """The move before ``i`` at which the anchor's date was over."""
    return next(
        j
        for j in range(i - 1, -1, -1)
        if isinstance(move := path[j].move, Arrival)
        and number in move.anchors
        and pair(path[j].values[number])[0] == 2
    )


# --- who, where and what ------------------------------------------------------------------------


def _cast(view: View, path: tuple[Successor, ...], times: list[datetime], calendar: LocalCalendar) -> Story:
    definition, act = view.relation.definition, view.relation.act
    several = any(isinstance(s.move, EventLabel) and s.move.where == "elsewhere" for s in path)
    others = _other_people()
    happenings: list[Happening] = []
    rounds: list[tuple[EventLabel, Happening]] = []
    for i, successor in enumerate(path):
        label = successor.move
        if not isinstance(label, EventLabel):
            continue
        kind = definition.events[label.event]
        application = (
            {"here": HERE, "elsewhere": ELSEWHERE, "nowhere": None}[label.where] if several else None
        )
        made = Happening(label.event, times[i], application, move=i)
        if kind.to_person:
            made.to = THEM if label.who == "them" and not label.aside else next(others)
            if made.to != THEM:
                _invite(made.to, label, rounds)
        if kind.names_people:
            made.people = {"them": [THEM], "others": [made.to or next(others)], "nobody": []}[label.who]
        made.carried, made.people_field = sample_fields(kind), _people_field(kind)
        for each in kind.fields.values():
            if each.sets is not None and each.sets in label.dates:
                made.carried[each.name] = _day(view, path, times, i, each.sets, calendar)
        if kind.opens_round and label.where == "here":
            rounds.append((label, made))
        happenings.append(made)
    application = HERE if several and not act.employer_wide else None
    done = Happening(act.name, times[-1], application, move=len(path))
    done.to = THEM if act.to_person else None
    done.people, done.people_field = [THEM], _people_field(act)
    done.carried = sample_fields(act) | {
        f.name: calendar.day_of(times[-1]) for f in act.fields.values() if f.type == "date"
    }
    return Story(happenings, done)


def _other_people() -> Iterator[str]:
    """Yield names without end, each once: ``bo`` to ``kim``, then ``bo2`` to ``kim2``, and so on."""
    yield from OTHERS
    for number in count(2):
        yield from (f"{name}{number}" for name in OTHERS)


def _invite(person: str, label: EventLabel, rounds: list[tuple[EventLabel, Happening]]) -> None:
    """Let somebody else sit in the round in which the label has the event about them lie."""
    if label.round not in ("same", "other"):
        return
    tracked = next((each for each in reversed(rounds) if each[0].begins), None)
    for each in reversed(rounds):
        if (each is tracked) is (label.round == "same") and each[0].who != "nobody":
            each[1].people.append(person)
            return


def _day(
    view: View, path: tuple[Successor, ...], times: list[datetime], i: int, name: str, calendar: LocalCalendar
) -> date:
    """The day that the event names: over when the path has it over, and not over while the path waits."""
    named = calendar.day_of(times[i])
    label = path[i].move
    for number, anchor in enumerate(view.variables, 1):
        if not isinstance(anchor, TimeAnchor) or anchor.date != name or not isinstance(label, EventLabel):
            continue
        if not anchor.sets(label):
            continue
        for j in range(i + 1, len(path)):
            move = path[j].move
            if isinstance(move, Arrival) and number in move.anchors:
                return calendar.day_of(times[j]) - ONE_DAY
            if not pair(path[j].values[number])[0] or (isinstance(move, EventLabel) and anchor.sets(move)):
                break
        named = calendar.day_of(times[-1])
    return named


def sample_fields(kind: EventKind) -> dict[str, Value]:
    """Something for every field but dates and people."""
    return {name: _sample(each) for name, each in kind.fields.items() if each.type not in ("date", "people")}


def _sample(kind: FieldKind) -> Value:
    match kind.type:
        case "text":
            return "..."
        case "choice":
            return kind.choices[0]
        case "number":
            return 1
        case _:
            return True


def _people_field(kind: EventKind) -> str:
    return next((name for name, each in kind.fields.items() if each.type == "people"), "")
