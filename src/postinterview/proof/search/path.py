"""From an abstract path to a dated story: when each event happens, to whom, and with which fields.

A path says in which order things happen and how they lie relative to the judged act ("a chase, elsewhere"). A
story is what the engine can be told. Moments come from a system of difference constraints: each event after
the one before it, the end of a date when its day is over, business days by a calendar, and the limits of the
clocks at the end of the path. Its least solution gives the earliest moments; it is found by raising what is
too early until nothing is (Bellman and Ford; with calendars, which only ever move a moment later).

Example: ``interview``, then a chase before a week is over and a second chase that must wait a day after the
first becomes Mon 2 Mar 09:00, Mon 2 Mar 10:00 and Tue 3 Mar 10:00.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count
from typing import Any, TypeAlias

from attrs import evolve, frozen

from postinterview.core.guards.wrapped import excuses_of
from postinterview.core.past.events import Value
from postinterview.core.rules.definitions import Definition, EventKind
from postinterview.core.values.moments import MICROSECOND, ONE_DAY, LocalCalendar
from postinterview.proof.model.event_moves import Arrival
from postinterview.proof.model.frame import FREE
from postinterview.proof.model.labels import EventLabel, dates_in
from postinterview.proof.model.variables import TimeAnchor, pair
from postinterview.proof.model.view import View
from postinterview.proof.search.search import Bad

STORY_START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning. Any other moment would do."""

STORY_END = datetime(2200, 1, 1, tzinfo=UTC)
_NEVER = STORY_END - STORY_START + ONE_DAY
"""No story waits longer, and none reaches this limit: dates that are named one by another add up to ages."""

GAPS = (timedelta(hours=1), timedelta(minutes=1), timedelta(0))
"""Between two events: the first that fits, as the most readable one."""

HERE, ELSEWHERE, THEM = "main", "second", "ana"
OTHERS = ("bo", "cleo", "dan", "eva", "finn", "gil", "hana", "ivo", "jo", "kim")


@frozen
class Happening:
    """One event of a story.

    ``carried``: its fields. ``move``: the number of its move in the path. ``counts``: whether it is an act
    that has to be allowed, such as one that a promise counts only then.
    """

    event: str
    at: datetime
    application: str | None = None
    to: str | None = None
    carried: tuple[tuple[str, Value], ...] = ()
    move: int = 0
    counts: bool = False

    @property
    def fields(self) -> dict[str, Any]:
        """The fields, as ``record`` takes them."""
        return dict(self.carried)


@frozen
class Story:
    """The events of a story, and the act asked for at the end."""

    happenings: tuple[Happening, ...]
    act: Happening


def tell(
    view: View,
    found: Bad,
    calendar: LocalCalendar,
    earliest: Mapping[int, datetime],
    gaps: Iterable[timedelta] = GAPS,
) -> Story | None:
    """Return the story of a path at its earliest moments; None if no moments fit.

    ``earliest``: by number, moves that come no earlier than that; the act comes after the last.
    """
    for gap in gaps:
        dating = _Dating(view, found, calendar, gap)
        if dating.solve(earliest):
            return _cast(dating)
    return None


# --- when ---------------------------------------------------------------------------------------


class _Dating:
    """The moments of a path's moves, and of the act after them (``times[-1]``)."""

    def __init__(self, view: View, found: Bad, calendar: LocalCalendar, gap: timedelta) -> None:
        self.view, self.path, self.limits = view, found.path, found.limits
        self.calendar, self.gap = calendar, gap
        self.times: list[datetime] = []

    def solve(self, earliest: Mapping[int, datetime]) -> bool:
        """Find the earliest moments; whether there are any."""
        end = len(self.path)
        times = self.times = [max(STORY_START, earliest.get(i, STORY_START)) for i in range(end + 1)]
        waits = list(self._waits())
        for _ in range(100):
            before = list(times)
            for i in range(end + 1):
                self._raise(i)
                if times[i] > STORY_END:
                    return False
            for start, i, bound, below in waits:
                if below:
                    margin = self.gap if self.gap and self.gap < bound else MICROSECOND
                    times[start] = max(times[start], times[i] - bound + margin)
                else:
                    times[i] = max(times[i], times[start] + bound)
                if max(times[i], times[start]) > STORY_END:
                    return False
            if times == before:
                return True
        return False

    def _waits(self) -> Iterator[tuple[int, int, timedelta, bool]]:
        """Yield the pairs of moves that must lie a duration apart, or less (``below``), the earlier first."""
        set_at: list[int | None] = [None] * self.view.size  # by clock, through copies
        for i in range(len(self.path) + 1):
            ends = i == len(self.path)
            for clock, micros, below in self.limits if ends else self.path[i].limits:
                if (start := set_at[clock]) is not None:
                    yield start, i, min(micros * MICROSECOND, _NEVER), below
            for clock, other in () if ends else self.path[i].settings:
                set_at[clock] = None if other == FREE else i if other == 0 else set_at[other]

    def _raise(self, i: int) -> None:
        """Let move ``i`` come no earlier than its predecessors allow."""
        times = self.times
        last = times[i - 1] if i else times[0]
        if i == len(self.path) or not isinstance(move := self.path[i].move, Arrival):
            waits = i and isinstance(self.path[i - 1].move, EventLabel)
            times[i] = max(times[i], last + (self.gap if waits else timedelta(0)))
            return
        number = move.anchors[0]
        instant = pair(self.path[i].values[number])[0] - 2
        times[i] = max(times[i], last)
        if instant == 0:  # the end of a day, after what came before it
            times[i] = self.calendar.end_of(self.calendar.day_of(max(times[i] - MICROSECOND, last)))
            return
        calendar = self.view.anchor(number).calendar or self.calendar
        before = range(i - 1, -1, -1)
        day = self.calendar.day_of(times[next(j for j in before if self.sets(j, number))])
        if self.view.anchor(number).date:  # counted from the day that the date named
            arrived = (j for j in before if self._arrives(j, number))
            over = next(j for j in arrived if pair(self.path[j].values[number])[0] == 2)
            day = self.calendar.day_of(times[over]) - ONE_DAY
        times[i] = max(times[i], calendar.business_day_after(day, instant))

    def sets(self, i: int, number: int) -> bool:
        """Return whether move ``i`` sets the anchor."""
        move = self.path[i].move
        return isinstance(move, EventLabel) and self.view.anchor(number).sets(move)

    def counts(self, i: int) -> bool:
        """Return whether move ``i`` is an act that has to be allowed."""
        asked, move = self.view.asked, self.path[i].move
        if asked is None or not isinstance(move, EventLabel) or not asked.are_asked(move.event):
            return False
        before = self.path[i - 1].values if i else self.view.start
        return asked.legal or self.view.counts(before, self.path[i].values)

    def _arrives(self, i: int, number: int) -> bool:
        move = self.path[i].move
        return isinstance(move, Arrival) and number in move.anchors

    def days_in(self, i: int, kind: EventKind, label: EventLabel) -> dict[str, date]:
        """Return the days in the fields of an event.

        An act that has to be allowed carries a day in each date that the view does not look at, too: a guard
        may ask for the field.
        """
        looked_at = {each.date for each in self.view.variables if isinstance(each, TimeAnchor)}
        if label.where == "elsewhere":
            looked_at = set()
        days = {}
        for name, field in kind.fields.items():
            sets = dates_in(field.sets)
            if sets and label.dates.issuperset(sets):
                days[name] = self.day_named(i, sets)
            elif field.type == "date" and not looked_at.intersection(sets) and self.counts(i):
                days[name] = self.calendar.day_of(self.times[i])
        return days

    def day_named(self, i: int, names: tuple[str, ...]) -> date:
        """Return the day that move ``i`` names for dates: over when the path has it over, and not before."""
        named = self.calendar.day_of(self.times[i])
        for number, anchor in enumerate(self.view.variables, 1):
            if not isinstance(anchor, TimeAnchor) or anchor.date not in names or not self.sets(i, number):
                continue
            for j in range(i + 1, len(self.path)):
                if self._arrives(j, number):
                    return self.calendar.day_of(self.times[j]) - ONE_DAY
                if not pair(self.path[j].values[number])[0] or self.sets(j, number):
                    break
            named = self.calendar.day_of(self.times[-1])
        return named


# --- who, where and what ------------------------------------------------------------------------


Rounds: TypeAlias = list[tuple[EventLabel, list[str]]]
"""The rounds of the act's application that a story opens, with the people they name."""


def _cast(dating: _Dating) -> Story:
    """Give each event its application, people and fields."""
    definition, act = dating.view.relation.definition, dating.view.relation.act
    labels = [(i, each.move) for i, each in enumerate(dating.path) if isinstance(each.move, EventLabel)]
    several = any(label.where == "elsewhere" for _, label in labels)
    others = (f"{name}{number or ''}" for number in chain([0], count(2)) for name in OTHERS)
    made: list[tuple[EventKind, list[str], Happening]] = []
    rounds: Rounds = []
    for i, label in labels:
        kind = definition.events[label.event]
        to: str | None = None
        if kind.to_person:
            to = THEM if label.who == "them" and not label.aside else next(others)
            if to != THEM:
                _invite(to, label, rounds)
        named = kind.names_people and label.who != "nobody"
        people = [] if not named else [THEM] if label.who == "them" else [to or next(others)]
        if kind.opens_round and label.where == "here":
            rounds.append((label, people))
        application = {"here": HERE, "elsewhere": ELSEWHERE, "nowhere": None}[label.where]
        carried = tuple((sample_fields(definition, kind) | dating.days_in(i, kind, label)).items())
        where, counts = application if several else None, dating.counts(i)
        told = Happening(label.event, dating.times[i], where, to, carried, i, counts)
        made.append((kind, people, told))
    at, today = dating.times[-1], dating.calendar.day_of(dating.times[-1])
    days = {f.name: today for f in act.fields.values() if f.type == "date"}
    application = HERE if several and not act.employer_wide else None
    carried = tuple((sample_fields(definition, act) | days).items())
    done = Happening(act.name, at, application, THEM if act.to_person else None, carried, len(dating.path))
    *happenings, asked = (_with_people(*each) for each in (*made, (act, [THEM], done)))
    return Story(tuple(happenings), asked)


def _with_people(kind: EventKind, people: list[str], told: Happening) -> Happening:
    names = [(name, tuple(people)) for name, field in kind.fields.items() if field.type == "people"]
    return evolve(told, carried=(*names[:1], *told.carried))


def _invite(person: str, label: EventLabel, rounds: Rounds) -> None:
    """Let somebody else sit in the round in which the label has the event about them lie."""
    tracked = next((each for each in reversed(rounds) if each[0].begins), None)
    for each in reversed(rounds) if label.round in ("same", "other") else ():
        if (each is tracked) is (label.round == "same") and each[0].who != "nobody":
            each[1].append(person)
            return


def sample_fields(definition: Definition, kind: EventKind) -> dict[str, Value]:
    """Return something for every field but dates and people: what excuses from a guard, if anything does."""
    samples: dict[str, Value] = {"text": "...", "number": 1}
    fields = {
        name: field.choices[0] if field.type == "choice" else samples.get(field.type, True)
        for name, field in kind.fields.items()
        if field.type not in ("date", "people")
    }
    rules = (rule for machine in definition.machines.values() for rule in machine.transitions)
    guards = (guard for rule in rules if rule.event == kind.name for guard in rule.guards)
    excuses = (each for guard in guards for each in excuses_of(guard, kind).items())
    return fields | {name: values[0] for name, values in excuses}
