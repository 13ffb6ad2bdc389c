"""Short histories for both rulebooks, those first after which the new one has the fewest reasons to refuse.

A history gets longer by one event. Those that could do away with a reason of the new rulebook come first, and
those that decide whether the old one refuses the act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice, product
from typing import TypeAlias

from attrs import evolve, field, frozen

from postinterview.core.answers.verdict import Verdict
from postinterview.core.process import Process
from postinterview.core.rules.definitions import Happened
from postinterview.core.values.errors import MisuseError
from postinterview.proof.search.candidates import (
    acts,
    counted_up_to,
    deciding,
    failing,
    happenings,
    heard_elsewhere,
    moving,
    taken_apart,
    waits_elsewhere,
)
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.frontier import Frontier, fewest
from postinterview.proof.search.path import ELSEWHERE, HERE, STORY_START, Happening, Story
from postinterview.proof.search.replay import ask, recorded
from postinterview.proof.search.retelling import moved

MOST_EVENTS, MOST_SEEN = 5, 2000
"""The most events of a history, and the most histories."""

FAR = 4
"""How much more a history weighs with an event that decides nothing of the act, as far as is known."""

PARTED = 6
"""How much less a history weighs after which the old rulebook alone has a reason that is looked for."""

NEAR, MOST_DATED = 6, 24
"""How much less a history near to a difference weighs, and with how many choices of dates each is tried."""

GAPS = (timedelta(hours=1), timedelta(days=8))
"""The next event comes so long after the last one."""

BETWEEN = timedelta(days=2)
"""An event that the rulebooks take differently comes after that time, too: a date is over, a week is not."""


@frozen(eq=False)
class Node:
    """A history, both processes after it, and the states that their machines were moved to."""

    told: tuple[Happening, ...]
    new: Process
    old: Process | None
    states: Mapping[object, str] = field(factory=dict)

    @property
    def at(self) -> datetime:
        return self.told[-1].at if self.told else STORY_START - GAPS[0]


@frozen
class Look:
    """What both rulebooks say of the act soon after a history.

    ``weight``: how far the new one is from allowing it. ``stays``: whether the old one refuses it until
    something else happens, for a reason that is looked for. ``opens``: whether it allows it, then or later.
    ``differs``: whether they say that it opens or closes at other moments. ``seen``: alike if all is alike.
    ``helping``: the events that could do away with a reason of the new one.
    """

    weight: int
    stays: bool
    opens: bool
    differs: bool
    seen: object
    helping: frozenset[str]


More: TypeAlias = tuple[Happening, int]
"""What may come next, and how often."""


class Histories:
    """The histories of some questions that share their processes, until ``is_late``, which each one asks.

    ``near``: stories that lead to a difference as far as few variables tell. Their histories come first, with
    other dates too, and then those with an event more.
    """

    def __init__(
        self,
        questions: Sequence[Difference],
        is_late: Callable[[], bool],
        near: Sequence[Story] = (),
        *,
        legal: bool,
    ) -> None:
        self.is_late, self.near, self.legal = is_late, near, legal
        self.first = questions[0]
        definition, act = self.first.relation.definition, self.first.relation.act
        elsewhere = set(heard_elsewhere(questions))
        self.acts = tuple(acts(definition, act, questions, HERE if elsewhere else None))
        events = tuple(happenings(definition, elsewhere))
        limits = dict(counted_up_to(questions))
        self.more = [(each, 1) for each in events]
        self.more += [(each, limits[each.event]) for each in events if each.event in limits]
        wanted = [one for each in questions for one in failing(each)]
        self.wanted = {one.id for one in wanted if one.guard is not None}
        self.failing = {(one.machine, one.id) for one in wanted}
        self.ended = {one.id for one in wanted if isinstance(one.guard, Happened)}
        self.moving = {event for each in questions for event in moving(each.relation, each.apart)}
        self.taken = {one for each in questions for one in taken_apart(each)}
        self.deciding = {event for event, _ in self.taken}.union(*map(deciding, questions))
        self.waits = waits_elsewhere(questions)
        self.more.sort(key=lambda more: not self._is_taken_apart(more[0]))

    def _is_taken_apart(self, one: Happening) -> bool:
        """Return whether the rulebooks take the event differently where it happens."""
        return (one.event, one.application == ELSEWHERE) in self.taken

    @property
    def root(self) -> Node:
        """The history in which nothing has happened."""
        return Node((), self.first.start, self.first.old)

    def __iter__(self) -> Iterator[tuple[Node, Look]]:
        """Yield histories, those first that leave the new rulebook the fewest reasons."""
        seen, left = set[object](), Frontier[tuple[Node, Look, list[More]]]()
        coming: Iterator[tuple[Node, Look]] = chain([(self.root, self._look(self.root))], self._near())
        while True:
            for node, look in coming:
                if look.seen not in seen:
                    seen.add(look.seen)
                    near, far = list[More](), list[More]()
                    for more in self.more:
                        (near if more[0].event in self.deciding | look.helping else far).append(more)
                    for far_off, events in ((0, near), (FAR, far)):
                        weight = look.weight + far_off
                        left.add((node, look, events), (weight,), (len(node.told), not look.stays, weight))
                    yield node, look
            if self.is_late() or len(seen) >= MOST_SEEN or (found := left.take()) is None:
                return
            coming = self._longer(*found)

    def _near(self) -> Iterator[tuple[Node, Look]]:
        """Yield the histories near to a difference, with each date that their events may name."""
        alike: dict[tuple[str, str | None], list[Happening]] = {}
        for one, often in self.more:
            if often == 1:
                alike.setdefault((one.event, one.application), []).append(one)
        for story in self.near:
            choices = (alike.get((each.event, each.application), [each]) for each in story.happenings)
            for number, chosen in enumerate(chain([story.happenings], islice(product(*choices), MOST_DATED))):
                told = zip(chosen, story.happenings, strict=True)
                node = self.of(moved_to(one, each.at) for one, each in told)
                if self.is_late():
                    return
                if node is not None:
                    look = self._look(node)
                    weight = look.weight if number else -len(node.told)
                    yield node, evolve(look, weight=weight - NEAR)

    def of(self, told: Iterable[Happening]) -> Node | None:
        """Return the history of what happened; None if it can't be told to both rulebooks."""
        node: Node | None = self.root
        for each in told:
            node = node and self.after(node, each)
        return node

    def _longer(self, node: Node, look: Look, events: Iterable[More]) -> Iterator[tuple[Node, Look]]:
        """Yield the histories with one of the events more, later too if it makes a difference at once."""
        if len(node.told) == MOST_EVENTS:
            return
        for happening, often in events:
            between = (BETWEEN,) if self._is_taken_apart(happening) else ()
            gaps = sorted({*GAPS, *between, *self.waits})
            for gap in gaps if node.told and often == 1 else GAPS[:1]:
                longer = self._told(node, happening, gap, often)
                if longer is None or self.is_late():
                    break
                longer_look = self._look(longer)
                yield longer, longer_look
                if longer_look.seen == look.seen:
                    break

    def _told(self, node: Node, happening: Happening, gap: timedelta, often: int) -> Node | None:
        """Return the history with the event so often at its end, if it can be recorded."""
        longer: Node | None = node
        for _ in range(often):
            longer = longer and self.after(longer, self._put(longer, happening, longer.at + gap))
        return longer

    def _put(self, node: Node, happening: Happening, at: datetime) -> Happening:
        """Return the event at the moment; if it has to be allowed, at the first one at which it may be."""
        put = moved_to(happening, at)
        if not self.legal or not self._is_act(happening):
            return put
        said = (self._ask(node.new, put, at), self._ask(node.old, self.first.said_by_the_old(put), at))
        opens = [each.opens_at for each in said if each is not None and each.opens_at is not None]
        return moved_to(put, max((at, *opens)))

    def _is_act(self, happening: Happening) -> bool:
        kind = self.first.relation.definition.events.get(happening.event)
        return kind is not None and kind.is_act

    def _look(self, node: Node) -> Look:
        """Return what both rulebooks say of the act an hour after the history.

        An event that moves what only one of the rulebooks looks at weighs half of another one. If acts have
        to be allowed, few histories make the old one refuse, so that weighs as much as three reasons. Where
        they differ in what must have happened or not, histories that the old one refuses by it come early.
        Those come first after which it alone refuses the act by what is looked for: other reasons are left.
        """
        at = node.at + GAPS[0]
        act = moved_to(self.acts[0], at)
        new, old = self._ask(node.new, act, at), self._ask(node.old, self.first.said_by_the_old(act), at)
        reasons = [() if each is None else each.reasons for each in (new, old)]
        ids = tuple(tuple((r.machine, r.transition, r.id, r.opens_at) for r in each) for each in reasons)
        times = [
            each if each is None else (each.allowed, each.opens_at, each.closes_at) for each in (new, old)
        ]
        closed = [r for r in reasons[0] if r.opens_at is None]
        ended = sum(r.id in self.ended for r in closed)
        steps = fewest(r.opens_after for r in closed if r.id not in self.ended)
        missing = self.legal and self.wanted.isdisjoint(reason.id for reason in reasons[1])
        far = 2 * (bool(self.ended) and self.ended.isdisjoint(reason.id for reason in reasons[1]))
        told = sum(1 if each.event in self.moving else 2 for each in node.told)
        mine, its = ({(r.machine, r.id) for r in each} for each in reasons)
        parted = bool(self.failing & (its - mine))
        stays = any(each.id in self.wanted and each.opens_at is None for each in reasons[1])
        return Look(
            4 * steps + ended + max(12 * missing, far) + told - PARTED * parted,
            stays=stays,
            opens=new is not None and (new.allowed or new.opens_at is not None),
            differs=times[0] != times[1],
            seen=(ids, frozenset(node.states.items()), frozenset(each.application for each in node.told)),
            helping=frozenset(event for r in reasons[0] for event in r.opens_after),
        )

    def after(self, node: Node, happening: Happening) -> Node | None:
        """Return the history with one event more; None if it can't be told to both rulebooks."""
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
        return None if new is None else Node((*node.told, happening), new, old, states)

    def _ask(self, process: Process | None, act: Happening, at: datetime) -> Verdict | None:
        if process is None or act.event not in process.rulebook.definition.events:
            return None
        try:
            return ask(process, act, at)
        except MisuseError:
            return None


def moved_to(one: Happening, at: datetime) -> Happening:
    """Return what happened at another moment, with its dates as far from it as they were."""
    return moved(one, at - one.at)
