"""Try short histories on both engines until one shows a difference.

A search knows less of calendars than the engines do. So where it finds no story that they follow, a few
hundred short histories are tried: those first after which the new rulebook has the fewest reasons to refuse
the act. The engines themselves say when the act opens and closes, so the first moment at which they differ is
found without steps of time. Then the same histories are begun on other days: so that what business days are
counted from lies right before a day that is free in one calendar only, and on each day of a week.

Example: the new rules have the holidays of Germany, and forbid a call later than 60 days after the answer was
due, which is a business day after the date they named. After "interview, they decide by Friday" both engines
close on one day. So it is begun again with Maundy Thursday as that date, before four days that are free in
Germany, and the new rules still allow a call 64 days later.

A history that shows nothing proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import chain, count, islice, product

from attrs import field, frozen

from postinterview.core.definitions import Definition, EventKind
from postinterview.core.errors import MisuseError
from postinterview.core.events import Value
from postinterview.core.moments import ONE_DAY, LocalCalendar
from postinterview.core.process import Process
from postinterview.core.verdict import Verdict
from postinterview.proof.model.business_days import differing
from postinterview.proof.model.conditions import HasCome
from postinterview.proof.model.joint import OLD
from postinterview.proof.model.labels import dates_in
from postinterview.proof.search.difference import MOST_TURNS, Difference
from postinterview.proof.search.path import (
    ELSEWHERE,
    HERE,
    STORY_START,
    THEM,
    Happening,
    Story,
    sample_fields,
)
from postinterview.proof.search.replay import StoryReplay, ask, recorded, replay
from postinterview.proof.search.retelling import moved

MOST_EVENTS, MOST_KEPT = 5, 60
"""The most events of a history, and the most histories that are begun on other days."""

FEW_TURNS = 4
"""How often the act opens in the first look at a history."""

GAPS = (timedelta(hours=1), timedelta(days=8))
NAMED_LATER = (0, 4, 40)
"""A date that an event names: so many days after it."""

DAYS_AHEAD = (1, 2, 3, 5, 8, 11, 41, 42)
"""What business days are counted from, or the story's begin, lies so many days before a free day."""

MOST_FREE_DAYS, FREE_WITHIN = 12, 1100
"""The most free days that are tried, and among how many days after the usual begin of a story."""

Found = tuple[StoryReplay, Difference]


def trial(
    questions: Sequence[Difference],
    deadline: float,
    clock: Callable[[], float],
    calendars: tuple[LocalCalendar, LocalCalendar],
) -> Found | None:
    """Return a story that answers one of the questions, if one is found in time."""
    by_noes = {each.refusal.noes: each for each in reversed(questions)}
    free = free_days(*calendars)
    for noes in sorted(by_noes, key=len):
        alike = [each for each in questions if each.refusal.noes == noes]
        found = _Trial(alike, clock, deadline, free).run()
        if found is not None:
            return found
    return None


def free_days(one: LocalCalendar, other: LocalCalendar) -> tuple[date, ...]:
    """Return days that are free in one of the calendars alone, one for each look of the week around it."""
    if one == other:
        return ()
    near = (STORY_START.date() + number * ONE_DAY for number in range(FREE_WITHIN))
    found = [day for day in near if one.is_business_day(day) != other.is_business_day(day)]
    looks: dict[object, date] = {}
    for day in found or chain(differing(one, other), differing(other, one)):
        week = [day + number * ONE_DAY for number in range(-3, 5)]
        look = day.weekday(), *((one.is_business_day(each), other.is_business_day(each)) for each in week)
        looks.setdefault(look, day)
        if len(looks) == MOST_FREE_DAYS:
            break
    return tuple(looks.values())


@frozen(eq=False)
class _Node:
    """A history, both processes after it, and the states that their machines were moved to."""

    told: tuple[Happening, ...]
    new: Process
    old: Process | None
    states: Mapping[object, str] = field(factory=dict)

    @property
    def at(self) -> datetime:
        return self.told[-1].at if self.told else STORY_START - GAPS[0]


class _Trial:
    """The histories of some questions that share their processes."""

    def __init__(
        self,
        questions: Sequence[Difference],
        clock: Callable[[], float],
        deadline: float,
        free: Sequence[date],
    ) -> None:
        self.questions, self.clock, self.deadline, self.free = questions, clock, deadline, free
        self.first = questions[0]
        self.definition, act = self.first.relation.definition, self.first.relation.act
        elsewhere = set(_heard_elsewhere(questions))
        self.acts = tuple(_acts(self.definition, act, questions, HERE if elsewhere else None))
        self.events = tuple(_happenings(self.definition, elsewhere))
        self.counted = frozenset(_counted(questions))

    def run(self) -> Found | None:
        """Return a story; a quarter of the time goes to histories, and the rest to other days."""
        enough = self.clock() + (self.deadline - self.clock()) / 4
        kept: list[_Node] = []
        for node in self._histories():
            if found := self._shown_by(node, FEW_TURNS):
                return found
            if self._opens(node):
                kept.append(node)
            if self.clock() >= enough:
                break
        for node, later in self._other_days(kept[:MOST_KEPT]):
            if self.clock() >= self.deadline:
                return None
            begun = self._begun_later(later, node)
            if begun is not None and (found := self._shown_by(begun, MOST_TURNS)):
                return found
        return None

    def _other_days(self, kept: Sequence[_Node]) -> Iterator[tuple[_Node, timedelta]]:
        """Yield histories, and how much later they are begun."""
        days = {number: self._counted_days(node) for number, node in enumerate(kept)}
        for ahead, free, (number, node) in product(DAYS_AHEAD, self.free, enumerate(kept)):
            yield from ((node, free - ahead * ONE_DAY - day) for day in days[number])
        for weekday, node in product(range(7), kept):
            yield node, weekday * ONE_DAY
        for ahead, free, node in product(DAYS_AHEAD, self.free, kept):
            yield node, free - ahead * ONE_DAY - STORY_START.date()

    def _counted_days(self, node: _Node) -> set[date]:
        """Return the days from which one of the rulebooks counts business days."""
        days = set[date]()
        for each in node.told:
            if ("", each.event) in self.counted:
                days.add(each.at.date())
            fields = self.definition.events[each.event].fields
            for name, value in each.carried:
                if isinstance(value, date) and any(
                    (named, each.event) in self.counted for named in dates_in(fields[name].sets)
                ):
                    days.add(value)
        return days

    def _histories(self) -> Iterator[_Node]:
        """Yield histories, those first that leave the new rulebook the fewest reasons."""
        number, seen = count(), set[object]()
        left: list[tuple[int, int, _Node]] = []

        def add(node: _Node) -> bool:
            weight, looks = self._weight(node)
            if looks in seen:
                return False
            seen.add(looks)
            heappush(left, (weight + len(node.told), next(number), node))
            return True

        first = _Node((), self.first.start, self.first.old)
        add(first)
        yield first
        while left and len(seen) < 10 * MOST_KEPT:
            _, _, node = heappop(left)
            if len(node.told) < MOST_EVENTS:
                for happening, gap in product(self.events, GAPS if node.told else GAPS[:1]):
                    longer = self._after(node, _moved_to(happening, node.at + gap))
                    if longer is not None and add(longer):
                        yield longer

    def _weight(self, node: _Node) -> tuple[int, object]:
        """Return how far the new rulebook is from allowing the act, and what both look like."""
        at = node.at + GAPS[0]
        verdicts = [
            self._ask(process, _moved_to(self.acts[0], at), at, old=process is node.old)
            for process in (node.new, node.old)
        ]
        reasons = [() if each is None else each.reasons for each in verdicts]
        closed = sum(reason.opens_at is None for reason in reasons[0])
        ids = tuple(tuple((r.machine, r.transition, r.id, r.opens_at) for r in each) for each in reasons)
        return 2 * closed, (ids, frozenset(node.states.items()))

    def _after(self, node: _Node, happening: Happening) -> _Node | None:
        sides: list[Process | None] = [node.new, node.old]
        states = dict(node.states)
        for number, each in enumerate((happening, self.first.said_by_the_old(happening))):
            process = sides[number]
            if process is None or each.event not in process.rulebook.definition.events:
                continue
            try:
                outcome = recorded(process, each)
            except MisuseError:
                return None
            sides[number] = outcome.process
            where = number, each.application, each.to
            states |= {(*where, move.machine): move.target for move in outcome.moves}
        new, old = sides
        return None if new is None else _Node((*node.told, happening), new, old, states)

    def _opens(self, node: _Node) -> bool:
        """Return whether the new rulebook allows the act after the history, at once or later."""
        at = node.at + GAPS[0]
        verdict = self._ask(node.new, _moved_to(self.acts[0], at), at, old=False)
        return verdict is not None and (verdict.allowed or verdict.opens_at is not None)

    def _begun_later(self, later: timedelta, node: _Node) -> _Node | None:
        begun: _Node | None = _Node((), self.first.start, self.first.old)
        for each in node.told:
            begun = None if begun is None else self._after(begun, moved(each, later))
        return begun

    def _shown_by(self, node: _Node, turns: int) -> Found | None:
        """Return the story if the engines differ after this history, before the act opens so many times."""
        for act in self.acts:
            at = self._differs_at(node, act, turns)
            if at is None:
                continue
            made = replay(self.first.start, Story(node.told, _moved_to(act, at)))
            if made is None:
                continue
            for question in self.questions:
                if question.confirms(made):
                    return made, question
        return None

    def _differs_at(self, node: _Node, act: Happening, turns: int) -> datetime | None:
        """Return the first moment after the history at which only the new rulebook allows the act."""
        begun = node.at + GAPS[0]
        return self.first.differs_at(node.new, node.old, _moved_to(act, begun), begun, turns)

    def _ask(self, process: Process | None, act: Happening, at: datetime, *, old: bool) -> Verdict | None:
        if process is None:
            return None
        try:
            return ask(process, self.first.said_by_the_old(act) if old else act, at)
        except MisuseError:
            return None


def _moved_to(one: Happening, at: datetime) -> Happening:
    return moved(one, at - one.at)


def _happenings(definition: Definition, elsewhere: Collection[str]) -> Iterator[Happening]:
    """Yield what can happen, with one person, in one application; and ``elsewhere`` in another one, too."""
    for kind in definition.events.values():
        to = THEM if kind.to_person else None
        places = (HERE, ELSEWHERE) if kind.name in elsewhere else (HERE if elsewhere else None,)
        for carried, place in product(_carried(definition, kind), places):
            application = None if kind.employer_wide else place
            yield Happening(kind.name.removesuffix(OLD), STORY_START, application, to, carried)


def _heard_elsewhere(questions: Sequence[Difference]) -> Iterator[str]:
    """Yield the events that decide in another application whether a guard of every application holds."""
    for question in questions:
        labels = question.relation.labels[""]
        for each in question.refusal.apart:
            everywhere = each.guard is not None and each.guard.in_every_application
            for variable in {atom.variable for atom in chain(*each.asks) if everywhere and atom.variable}:
                ops = zip(labels, question.relation.ops(variable, ""), strict=True)
                yield from (label.event for label, op in ops if op is not None)


def _counted(questions: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    """Yield what business days are counted from: a date, or none, and an event that sets it."""
    for question in questions:
        asked = chain.from_iterable(each.asks for each in question.relation.conditions.values())
        for atom in chain.from_iterable((*asked, *question.goals)):
            if isinstance(atom, HasCome) and atom.instant:
                yield from ((atom.variable.date, event.removesuffix(OLD)) for event in atom.variable.set_by)


def _carried(definition: Definition, kind: EventKind) -> Iterator[tuple[tuple[str, Value], ...]]:
    """Yield fields of an event: with one person, and each date soon, later, and left out if it may be."""
    fixed = sample_fields(definition, kind)
    people = [each.name for each in kind.fields.values() if each.type == "people"]
    fixed |= dict.fromkeys(people[:1], (THEM,))
    dates = [each for each in kind.fields.values() if each.type == "date"]
    days: list[list[date | None]] = []
    for each in dates:
        named = (STORY_START.date() + late * ONE_DAY for late in NAMED_LATER)
        days.append([*([None] if each.optional else []), *named])
    for chosen in islice(product(*days), 16):
        found = fixed | {f.name: day for f, day in zip(dates, chosen, strict=True) if day is not None}
        yield tuple(found.items())


def _acts(
    definition: Definition, kind: EventKind, questions: Sequence[Difference], place: str | None
) -> Iterator[Happening]:
    """Yield the act with its fields, without some, and with what excepts it from guards."""
    fields = dict(next(_carried(definition, kind)))
    today = {each.name: STORY_START.date() for each in kind.fields.values() if each.type == "date"}
    fields |= today
    found = [fields]
    for question in questions:
        found += [{n: v for n, v in fields.items() if n not in question.refusal.omits}]
    old = {pair for question in questions for each in question.refusal.apart for pair in each.unless}
    new = {
        pair
        for question in questions
        for each in question.relation.conditions.values()
        for pair in each.unless
    }
    several = Counter(name for name, _ in new)
    excuses = old | {pair for pair in new if several[pair[0]] > 1 or pair[0] in dict(old)}
    for name, values in sorted(excuses, key=str):
        found += [{**fields, name: value} for value in values]
        found += [{n: v for n, v in fields.items() if n != name}]
        other = (
            (each for each in kind.fields[name].choices if each not in values) if name in kind.fields else ()
        )
        found += [{**fields, name: value} for value in islice(other, 1)]
    to = THEM if kind.to_person else None
    place = None if kind.employer_wide else place
    acts = (Happening(kind.name, STORY_START, place, to, tuple(each.items())) for each in found)
    yield from dict.fromkeys(acts)
