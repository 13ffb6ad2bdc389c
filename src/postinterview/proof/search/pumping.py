"""Show that there is no bound: a turn of events that can be taken again and again.

A path of many counted acts comes to a state that it was in before: the same values but for a larger count,
and all clock readings that were possible then are possible again. So the moves between the two states can be
taken once more, and so on for ever. The engine has the last word: several turns are replayed, every counted
act must be allowed, and after the last two turns every variable and every clock that any guard of any act
looks at must read the same (clocks up to the largest constant that they are compared with). Then the next
turn is like the last one.

Inside a window only what takes no time can be repeated without a bound. So there a turn must be possible at
one moment.

Source: pumping as for finite automata; for timed ones, Alur and Dill, A Theory of Timed Automata, 1994.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from attrs import frozen

from postinterview.core.process import Process
from postinterview.proof.model import zones
from postinterview.proof.model.event_moves import Successor
from postinterview.proof.model.relation import relation_of
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.variables import pair
from postinterview.proof.model.view import View, view_of
from postinterview.proof.search.kept_zones import zone_after
from postinterview.proof.search.most import Most
from postinterview.proof.search.path import GAPS, HERE, STORY_START, THEM
from postinterview.proof.search.replay import StoryReplay
from postinterview.proof.search.search import Bad, State, search

TURNS = 4
"""The number of turns that are replayed."""

LONG_AFTER = STORY_START + timedelta(days=1000)
"""A beginning of the first turn at which clocks that no turn sets have come to their largest constant."""


@frozen
class Cycle:
    """A turn of events that can be repeated for ever.

    ``replay``: a story with several turns; its last act ends the last one. ``begins``: the number of its line
    with which the first turn begins. ``length``: how many events a turn has.
    """

    replay: StoryReplay
    begins: int
    length: int

    @property
    def events(self) -> tuple[str, ...]:
        """The names of a turn's events."""
        made = self.replay.events
        return tuple(each.event for each in made[self.begins : self.begins + self.length])


def pump(question: Most) -> Cycle | None:
    """Return a shortest cycle on the path that answers the question; None if none is real.

    The question is one that was answered with a story: it is asked under the same conditions again.
    """
    view = question.view(question.seed)
    found = search(view, question.limits.max_zones, question.limits.is_late)
    if not isinstance(found, Bad):
        return None
    states = list(_states(view, found.path))
    repeated = [
        (j - i, i, j)
        for (i, one), (j, other) in combinations(enumerate(states), 2)
        if _again(view, one, other)
    ]
    for _, i, j in sorted(repeated):
        if question.limits.is_late():
            return None
        cycle = _replayed(question, view, found.path[:i], found.path[i:j])
        if cycle is not None:
            return cycle
    return None


def _states(view: View, path: tuple[Successor, ...]) -> Iterator[State]:
    """Yield the states along a path, the start first."""
    zone = zones.anything(view.size)
    yield view.start, zone
    for successor in path:
        after = zone_after(view, zone, successor)
        if after is None:
            return
        zone = after
        yield successor.values, zone


def _again(view: View, before: State, after: State) -> bool:
    """Return whether the later state is the earlier one with a larger count, and as many clock readings."""
    at = view.tally
    same = all(
        one == other for n, (one, other) in enumerate(zip(before[0], after[0], strict=True)) if n != at
    )
    more = pair(after[0][at])[0] > pair(before[0][at])[0]
    return same and more and pair(before[0][at])[0] > 0 and zones.includes(after[1], before[1])


def _replayed(
    question: Most, view: View, begin: tuple[Successor, ...], turn: tuple[Successor, ...]
) -> Cycle | None:
    """Return the cycle if the engine takes its turns, and is in the same state after the last two."""
    before = begin[-1].values if begin else view.start
    counted = pair(turn[-1].values[view.tally])[0] - pair(before[view.tally])[0]
    path = [*begin, *(each for n in range(TURNS) for each in _counting_on(view, turn, n * counted))]
    timeless = question.tally.within is not None
    gaps = (timedelta(0),) if timeless else GAPS
    for earliest in ({}, {len(begin): LONG_AFTER}):
        made = question.told(view, Bad(tuple(path), (), 0), earliest, gaps)
        if made is not None and made.decisive[1].allowed:
            cycle = _repeating(question, made, len(begin), timeless=timeless)
            if cycle is not None:
                return cycle
    return None


def _repeating(question: Most, made: StoryReplay, begin: int, *, timeless: bool) -> Cycle | None:
    """Return the cycle of a story if the engine is in the same state after the last two turns."""
    events = made.events
    first = sum(each.move < begin for each in events)
    length = (len(events) - first) // TURNS
    ends = [len(events) - 1 - length, len(events) - 1]
    if timeless and len({events[end].at for end in ends}) > 1:
        return None
    prints = [_fingerprint(question, made, end + 1) for end in ends]
    return Cycle(made, first, length) if prints[0] == prints[1] else None


def _counting_on(view: View, turn: tuple[Successor, ...], more: int) -> Iterator[Successor]:
    """Yield the moves of a turn, with so many counted before it as ``more`` says."""
    at = view.tally
    for move in turn:
        here, floor = pair(move.values[at])
        yield move._replace(values=(*move.values[:at], (here + more, floor), *move.values[at + 1 :]))


def _fingerprint(question: Most, made: StoryReplay, number: int) -> list[object]:
    """Return what all guards of all acts look at after so many events of the story."""
    events = made.events
    process: Process = question.start
    for each in events[:number]:
        process = question.recordings.record(process, each).process
    at, found = events[number - 1].at, list[object]()
    for kind in process.rulebook.definition.events.values():
        if kind.is_act:
            relation = relation_of(process.rulebook.definition, kind)
            view = view_of(relation, relation.conditions.keys(), ((),))
            trace = Trace(
                view, process, None if kind.employer_wide else HERE, THEM if kind.to_person else None
            )
            trace.follow(at)
            most = [max(both) for both in zip(view.lower, view.upper, strict=True)]
            readings = (trace.reading(clock, at) for clock in range(1, view.size))
            found += trace.state
            found += [None if r is None else min(r, most[n]) for n, r in enumerate(readings, 1)]
    return found
