"""Count acts towards a promise: in a rolling window, or only those that the rules allowed.

A guard that counts in a window needs a clock for each event that it follows. A promise needs one clock for
all of them, because it only asks whether there is a window with too many events in it. The search guesses
where that window begins: an event that counts may begin it, and so sets the clock to zero, or be passed over.
From then on every one counts while the clock is below the duration. Of all guesses one is right, if there is
such a window. A guess whose clock has come to the duration can't be the right one any more: no move leads on
from it. Nor does one lead on where an event of ``since`` ends the count: what comes after it is the business
of a later guess.

"Allowed" is what the fold of the history says when the judged act is asked for. A late entry judges the acts
after it anew. Example: calls on days 10 and 12 were allowed, and then a call on day 11.5 is recorded late. If
a day must lie between two calls, that makes the call of day 12 a breach: the promise counts the calls of days
10 and 11.5. So a proof assumes that the history is corrected before an act is asked for. A
breach counts for every guard that counts its event, and never for a promise that counts what was allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import astuple, frozen

from postinterview.core.past.placed import Placed, lies_in
from postinterview.core.past.places import Key, key_in
from postinterview.core.rules.definitions import EMPLOYER, AtMost, Guard, Happened, Scope
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.variables import NEW_ROUND, Effect, Op, Value, Wait, pair


@frozen(cache_hash=True)
class Tally:
    """The number of events of ``of`` since the last one of ``since``, in a window that began at a guess.

    ``scope``: the keys of the place in which events count; ``heard``: those in which an event of ``since``
    ends the count. ``within``: the length of the window in microseconds; without it there is no clock and
    nothing to guess. ``allowed``: only acts that the rules allowed count. The second number of its value
    counts those of the events that lie in no round, with which every round begins.
    """

    of: frozenset[str]
    since: frozenset[str] = frozenset()
    scope: Scope = EMPLOYER
    within: int | None = None
    allowed: bool = False
    heard: Scope = EMPLOYER

    start = (0, 0)

    def op(self, label: EventLabel) -> Op | None:
        """Return what the label does to the count; None for nothing."""
        new = label.begins and self.scope.round
        zeroes = label.event in self.since and label.lies_in(self.heard)
        if zeroes or (label.event in self.of and label.lies_in(self.scope)):
            return (zeroes, new, self.scope.round and label.round == "none")
        return NEW_ROUND if new else None

    def apply(self, op: Op, value: Value, cap: int) -> tuple[Effect, ...]:
        """Return the values after it, the one that passes the event over first."""
        here, floor = pair(value)
        if op == NEW_ROUND:
            return () if self.within is not None and here and not floor else (Effect((floor, floor)),)
        zeroes, new, also_floor = op
        if new:
            here = floor
        if zeroes:
            ended = self.within is not None and here
            return () if ended else (Effect((0, 0 if also_floor else floor)),)
        counted = (min(here + 1, cap), min(floor + 1, cap) if also_floor else floor)
        begins = self.within is not None and not here
        found = (Effect(counted, ((0, "zero"),) if begins else ()),)
        return (Effect((here, floor)), *found) if begins or self.allowed else found

    def waits(self, cap: int) -> tuple[Wait, ...]:
        """Return what every move waits for once a window has begun: that it is not over."""
        return () if self.within is None else ((0, self.within, True),)

    def counted(self, timeline: Iterable[Placed], place: Key) -> Iterator[Placed]:
        """Yield the events of a real history that count at a place, whenever they were."""
        heard, inside = key_in(self.heard, place), key_in(self.scope, place)
        found: list[Placed] = []
        for placed in timeline:
            if placed.name in self.since and lies_in(placed, heard):
                found.clear()
            elif placed.name in self.of and lies_in(placed, inside) and not (self.allowed and placed.refused):
                found.append(placed)
        yield from found


@frozen(cache_hash=True)
class Tallied:
    """At least ``number`` were counted, and the window is not over; negated: fewer were counted."""

    variable: Tally
    number: int
    negated: bool = False

    def holds(self, value: Value) -> tuple[Wait, ...] | None:
        enough = pair(value)[0] >= self.number
        if self.negated:
            return None if enough else ()
        return (self.variable.waits(0) if self.number else ()) if enough else None


def linked(guard: Guard | None, scope: Scope, tally: Tally) -> Tallied | None:
    """Return what a guard says of a tally, if it counts all that the tally counts, and perhaps more.

    ``scope``: the keys of the place that the guard looks at. Example: `at_most: 3, of: contact, within: 14
    days, per: employer` says that fewer than three chases of an application were counted in 10 days. So a
    promise of guards that ask the same needs no variable but its tally.
    """
    if not isinstance(guard, AtMost | Happened) or guard.unless or not tally.of <= guard.of.members:
        return None
    if not _at_least_as_wide(scope, tally.scope):
        return None
    if guard.since is not None and not (
        guard.since.members <= tally.since and _at_least_as_wide(tally.heard, scope)
    ):
        return None
    if isinstance(guard, Happened):
        return Tallied(tally, 1, negated=True) if guard.negated else None
    if guard.within is not None and (tally.within is None or tally.within > guard.within // MICROSECOND):
        return None
    return Tallied(tally, guard.limit, negated=True)


def _at_least_as_wide(scope: Scope, other: Scope) -> bool:
    """Return whether the scope has no key that the other one lacks."""
    return all(mine <= its for mine, its in zip(astuple(scope), astuple(other), strict=True))
