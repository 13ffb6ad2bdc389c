"""Try short histories on both engines until one shows a difference.

A search knows less of calendars than the engines do. So where it finds no story that they follow, a few
hundred short histories are tried: those first after which the new rulebook has the fewest reasons to refuse
the act. The engines themselves say when the act opens and closes, so the first moment at which they differ is
found without steps of time. Then the same histories are begun on other days, among them those before a day
that is free in one calendar only.

A history that shows nothing proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count, islice, product

from attrs import frozen

from postinterview.core.definitions import Definition, EventKind
from postinterview.core.errors import MisuseError
from postinterview.core.events import Value
from postinterview.core.moments import ONE_DAY, LocalCalendar
from postinterview.core.process import Process
from postinterview.core.verdict import Verdict
from postinterview.proof.model.business_days import differing
from postinterview.proof.model.joint import OLD
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.path import STORY_START, THEM, Happening, Story, sample_fields
from postinterview.proof.search.replay import StoryReplay, ask, recorded, replay
from postinterview.proof.search.retelling import moved

MOST_EVENTS, MOST_KEPT = 5, 60
"""The most events of a history, and the most histories that are begun on other days."""

GAPS = (timedelta(hours=1), timedelta(days=8))
NAMED_LATER = (0, 4, 40)
"""A date that an event names: so many days after it."""

DAYS_AHEAD = (1, 2, 3, 5, 8, 11, 41, 42)
MOST_FREE_DAYS = 8

Found = tuple[StoryReplay, Difference]


def trial(
    questions: Sequence[Difference],
    deadline: float,
    clock: Callable[[], float],
    calendars: tuple[LocalCalendar, LocalCalendar],
) -> Found | None:
    """Return a story that answers one of the questions, if one is found in time."""
    by_noes = {each.refusal.noes: each for each in reversed(questions)}
    for noes in sorted(by_noes, key=len):
        alike = [each for each in questions if each.refusal.noes == noes]
        found = _Trial(alike, clock, deadline, tuple(begins(*calendars))).run()
        if found is not None:
            return found
    return None


def begins(one: LocalCalendar, other: LocalCalendar) -> Iterator[datetime]:
    """Yield days to begin a story on: those of a week, and those before days free in one of them."""
    yield from (STORY_START + number * ONE_DAY for number in range(7))
    if one == other:
        return
    free = (day for pair in ((one, other), (other, one)) for day in islice(_free(*pair), MOST_FREE_DAYS))
    for day, ahead in product(free, DAYS_AHEAD):
        yield STORY_START + (day - STORY_START.date() - ahead * ONE_DAY)


def _free(one: LocalCalendar, other: LocalCalendar) -> Iterator[date]:
    first = STORY_START.date() + timedelta(days=DAYS_AHEAD[-1])
    return (day for day in differing(one, other) if day > first)


@frozen(eq=False)
class _Node:
    """A history, and both processes after it."""

    told: tuple[Happening, ...]
    new: Process
    old: Process | None

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
        starts: Sequence[datetime],
    ) -> None:
        self.questions, self.clock, self.deadline, self.starts = questions, clock, deadline, starts
        self.first = questions[0]
        self.definition, act = self.first.relation.definition, self.first.relation.act
        self.acts = tuple(_acts(self.definition, act, questions))
        self.events = tuple(_happenings(self.definition))

    def run(self) -> Found | None:
        """Return a story; a quarter of the time goes to histories, and the rest to other days."""
        enough = self.clock() + (self.deadline - self.clock()) / 4
        kept: list[_Node] = []
        for node in self._histories():
            if found := self._shown_by(node):
                return found
            if self._opens(node):
                kept.append(node)
            if self.clock() >= enough:
                break
        for start, node in product(self.starts[1:], kept[:MOST_KEPT]):
            if self.clock() >= self.deadline:
                return None
            begun = self._begun_at(start, node)
            if begun is not None and (found := self._shown_by(begun)):
                return found
        return None

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
        states = tuple(
            None if each is None else frozenset(each._snapshot.states.items())  # noqa: SLF001
            for each in (node.new, node.old)
        )
        return 2 * closed, (ids, states)

    def _after(self, node: _Node, happening: Happening) -> _Node | None:
        try:
            new, old = node.new, node.old
            if happening.event in new.rulebook.definition.events:
                new = recorded(new, happening).process
            its = self.first.said_by_the_old(happening)
            if old is not None and its.event in old.rulebook.definition.events:
                old = recorded(old, its).process
        except MisuseError:
            return None
        return _Node((*node.told, happening), new, old)

    def _opens(self, node: _Node) -> bool:
        """Return whether the new rulebook allows the act after the history, at once or later."""
        at = node.at + GAPS[0]
        verdict = self._ask(node.new, _moved_to(self.acts[0], at), at, old=False)
        return verdict is not None and (verdict.allowed or verdict.opens_at is not None)

    def _begun_at(self, start: datetime, node: _Node) -> _Node | None:
        later = start - STORY_START
        begun: _Node | None = _Node((), self.first.start, self.first.old)
        for each in node.told:
            begun = None if begun is None else self._after(begun, moved(each, later))
        return begun

    def _shown_by(self, node: _Node) -> Found | None:
        """Return the story if the engines differ at some moment after this history."""
        if not node.told and self.first.old is not None and len(self.starts) < 2:
            return None
        for act in self.acts:
            at = self._differs_at(node, act)
            if at is None:
                continue
            made = replay(self.first.start, Story(node.told, _moved_to(act, at)))
            if made is None:
                continue
            for question in self.questions:
                if question.confirms(made):
                    return made, question
        return None

    def _differs_at(self, node: _Node, act: Happening) -> datetime | None:
        """Return the first moment after the history at which only the new rulebook allows the act."""
        begun = node.at + GAPS[0]
        return self.first.differs_at(node.new, node.old, _moved_to(act, begun), begun)

    def _ask(self, process: Process | None, act: Happening, at: datetime, *, old: bool) -> Verdict | None:
        if process is None:
            return None
        try:
            return ask(process, self.first.said_by_the_old(act) if old else act, at)
        except MisuseError:
            return None


def _moved_to(one: Happening, at: datetime) -> Happening:
    return moved(one, at - one.at)


def _happenings(definition: Definition) -> Iterator[Happening]:
    """Yield what can happen, in one application and with one person."""
    for kind in definition.events.values():
        to = THEM if kind.to_person else None
        for carried in _carried(definition, kind):
            yield Happening(kind.name.removesuffix(OLD), STORY_START, None, to, carried)


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


def _acts(definition: Definition, kind: EventKind, questions: Sequence[Difference]) -> Iterator[Happening]:
    """Yield the act with its fields, without some, and with what excepts it from guards."""
    fields = dict(next(_carried(definition, kind)))
    today = {each.name: STORY_START.date() for each in kind.fields.values() if each.type == "date"}
    fields |= today
    found = [fields]
    for question in questions:
        found += [{n: v for n, v in fields.items() if n not in question.refusal.omits}]
    excuses = {
        pair
        for question in questions
        for each in (*question.refusal.apart, *question.relation.conditions.values())
        for pair in each.unless
    }
    for name, values in sorted(excuses, key=str):
        found += [{**fields, name: value} for value in values]
        found += [{n: v for n, v in fields.items() if n != name}]
        other = (
            (each for each in kind.fields[name].choices if each not in values) if name in kind.fields else ()
        )
        found += [{**fields, name: value} for value in islice(other, 1)]
    to = THEM if kind.to_person else None
    acts = (Happening(kind.name, STORY_START, None, to, tuple(each.items())) for each in found)
    yield from dict.fromkeys(acts)
