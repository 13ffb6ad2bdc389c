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

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count, product

from attrs import field, frozen

from postinterview.core.definitions import Happened
from postinterview.core.errors import MisuseError
from postinterview.core.moments import ONE_DAY, LocalCalendar
from postinterview.core.process import Process
from postinterview.core.verdict import Verdict
from postinterview.proof.model.labels import dates_in
from postinterview.proof.search.candidates import (
    acts,
    counted_from,
    counted_up_to,
    free_days,
    happenings,
    heard_elsewhere,
    moving,
)
from postinterview.proof.search.difference import MOST_TURNS, Difference
from postinterview.proof.search.path import HERE, STORY_START, Happening, Story
from postinterview.proof.search.replay import StoryReplay, ask, recorded, replay
from postinterview.proof.search.retelling import moved

MOST_EVENTS, MOST_KEPT = 5, 60
"""The most events of a history, and the most histories that are begun on other days."""

FEW_TURNS = 4
"""How often the act opens in the first look at a history."""

GAPS = (timedelta(hours=1), timedelta(days=8))
DAYS_AHEAD = (1, 2, 3, 5, 8, 11, 41, 42)
"""What business days are counted from, or the story's begin, lies so many days before a free day."""

Found = tuple[StoryReplay, Difference]


def trial(
    questions: Sequence[Difference],
    deadline: float,
    clock: Callable[[], float],
    calendars: tuple[LocalCalendar, LocalCalendar],
    *,
    legal: bool = False,
) -> Found | None:
    """Return a story that answers one of the questions, if one is found in time.

    ``legal``: both rulebooks allow every act in it but the last.
    """
    by_noes = {each.refusal.noes: each for each in reversed(questions)}
    free = free_days(*calendars)
    for noes in sorted(by_noes, key=len):
        alike = [each for each in questions if each.refusal.noes == noes]
        found = _Trial(alike, clock, deadline, free, legal=legal).run()
        if found is not None:
            return found
    return None


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


@frozen
class _Look:
    """What both rulebooks say of the act soon after a history.

    ``weight``: how far the new one is from allowing it. ``opens``: whether it allows it, then or later.
    ``differs``: whether they say that it opens or closes at other moments. ``seen``: alike if all is alike.
    """

    weight: int
    opens: bool
    differs: bool
    seen: object


class _Trial:
    """The histories of some questions that share their processes."""

    def __init__(
        self,
        questions: Sequence[Difference],
        clock: Callable[[], float],
        deadline: float,
        free: Sequence[date],
        *,
        legal: bool,
    ) -> None:
        self.questions, self.clock, self.deadline, self.free = questions, clock, deadline, free
        self.legal = legal
        self.first = questions[0]
        self.definition, act = self.first.relation.definition, self.first.relation.act
        elsewhere = set(heard_elsewhere(questions))
        self.acts = tuple(acts(self.definition, act, questions, HERE if elsewhere else None))
        self.events = tuple(happenings(self.definition, elsewhere))
        self.counted = frozenset(counted_from(questions))
        limits = dict(counted_up_to(questions))
        self.repeated = [(each, limits[each.event]) for each in self.events if each.event in limits]
        wanted = [one for each in questions for one in (*each.refusal.apart, *dict(each.refusal.failing))]
        self.wanted = {one.id for one in wanted if one.guard is not None}
        self.ended = {one.id for one in wanted if isinstance(one.guard, Happened)}
        self.moving = {event for each in questions for event in moving(each.relation, each.apart)}

    def run(self) -> Found | None:
        """Return a story; where calendars differ, most of the time goes to other days."""
        enough = self.clock() + (self.deadline - self.clock()) * (0.25 if self.free else 0.75)
        kept: list[_Node] = []
        for node, look in self._histories():
            if found := self._shown_by(node, MOST_TURNS if look.differs else FEW_TURNS):
                return found
            if look.opens:
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

    def _histories(self) -> Iterator[tuple[_Node, _Look]]:
        """Yield histories, those first that leave the new rulebook the fewest reasons."""
        number, seen = count(), set[object]()
        left: list[tuple[int, int, _Node]] = []
        coming = iter([_Node((), self.first.start, self.first.old)])
        while True:
            for node in coming:
                look = self._look(node)
                if look.seen not in seen:
                    seen.add(look.seen)
                    heappush(left, (look.weight, next(number), node))
                    yield node, look
            if not left or len(seen) >= 10 * MOST_KEPT:
                return
            coming = self._longer(heappop(left)[-1])

    def _longer(self, node: _Node) -> Iterator[_Node]:
        """Yield the histories with one event more."""
        gaps = GAPS if node.told else GAPS[:1]
        if len(node.told) < MOST_EVENTS:
            for happening, gap in product(self.events, gaps):
                yield from self._told(node, happening, gap)
            for happening, often in self.repeated:
                yield from self._told(node, happening, GAPS[0], often)

    def _told(self, node: _Node, happening: Happening, gap: timedelta, often: int = 1) -> Iterator[_Node]:
        """Yield the history with the event so often at its end, if it can be recorded."""
        longer: _Node | None = node
        for _ in range(often):
            longer = longer and self._after(longer, self._put(longer, happening, longer.at + gap))
        yield from () if longer is None else (longer,)

    def _put(self, node: _Node, happening: Happening, at: datetime) -> Happening:
        """Return the event at the moment; if it has to be allowed, at the first one at which it may be."""
        put = _moved_to(happening, at)
        if not self.legal or not self._is_act(happening):
            return put
        said = (self._ask(node.new, put, at), self._ask(node.old, self.first.said_by_the_old(put), at))
        opens = [each.opens_at for each in said if each is not None and each.opens_at is not None]
        return _moved_to(put, max((at, *opens)))

    def _is_act(self, happening: Happening) -> bool:
        kind = self.definition.events.get(happening.event)
        return kind is not None and kind.is_act

    def _look(self, node: _Node) -> _Look:
        """Return what both rulebooks say of the act an hour after the history.

        An event that moves what only one of the rulebooks looks at weighs half of another one. If acts have
        to be allowed, few histories make the old one refuse, so that weighs as much as three reasons. Where
        they differ in what must have happened or not, histories that the old one refuses by it come early.
        """
        at = node.at + GAPS[0]
        act = _moved_to(self.acts[0], at)
        new, old = self._ask(node.new, act, at), self._ask(node.old, self.first.said_by_the_old(act), at)
        reasons = [() if each is None else each.reasons for each in (new, old)]
        ids = tuple(tuple((r.machine, r.transition, r.id, r.opens_at) for r in each) for each in reasons)
        times = [
            each if each is None else (each.allowed, each.opens_at, each.closes_at) for each in (new, old)
        ]
        closed = sum(1 if r.id in self.ended else 4 for r in reasons[0] if r.opens_at is None)
        missing = self.legal and self.wanted.isdisjoint(reason.id for reason in reasons[1])
        far = 2 * (bool(self.ended) and self.ended.isdisjoint(reason.id for reason in reasons[1]))
        told = sum(1 if each.event in self.moving else 2 for each in node.told)
        return _Look(
            closed + max(12 * missing, far) + told,
            opens=new is not None and (new.allowed or new.opens_at is not None),
            differs=times[0] != times[1],
            seen=(ids, frozenset(node.states.items())),
        )

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
            if self.legal and (outcome.breach or outcome.outside):
                return None
            sides[number] = outcome.process
            where = number, each.application, each.to
            states |= {(*where, move.machine): move.target for move in outcome.moves}
        new, old = sides
        return None if new is None else _Node((*node.told, happening), new, old, states)

    def _begun_later(self, later: timedelta, node: _Node) -> _Node | None:
        begun: _Node | None = _Node((), self.first.start, self.first.old)
        for each in node.told:
            begun = None if begun is None else self._after(begun, moved(each, later))
        return begun

    def _shown_by(self, node: _Node, turns: int) -> Found | None:
        """Return the story if the engines differ after this history, before the act opens so many times."""
        for act in self.acts:
            at = self._differs_at(node, act, turns)
            made = None if at is None else replay(self.first.start, Story(node.told, _moved_to(act, at)))
            for question in self.questions:
                if made is not None and question.confirms(made):
                    return made, question
        return None

    def _differs_at(self, node: _Node, act: Happening, turns: int) -> datetime | None:
        """Return the first moment after the history at which only the new rulebook allows the act."""
        begun = node.at + GAPS[0]
        return self.first.differs_at(node.new, node.old, _moved_to(act, begun), begun, turns)

    def _ask(self, process: Process | None, act: Happening, at: datetime) -> Verdict | None:
        if process is None or act.event not in process.rulebook.definition.events:
            return None
        try:
            return ask(process, act, at)
        except MisuseError:
            return None


def _moved_to(one: Happening, at: datetime) -> Happening:
    return moved(one, at - one.at)
