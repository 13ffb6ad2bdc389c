"""The coming of instants: the end of a day that was named, and the business days after it.

Nobody does anything then, so such a move is no event. An instant comes any time after the one before it. Only
where two calendars are compared, neither sooner nor later than they allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from attrs import frozen

from postinterview.proof.model import variables as v
from postinterview.proof.model.event_moves import Arrival, Successor
from postinterview.proof.model.frame import Frame, Limit, Values


@frozen(eq=False)
class Arrivals:
    """The ways in which the next instants come, in a frame."""

    frame: Frame

    def at(self, values: Values) -> tuple[Successor, ...]:
        """Return every way in which the next instants come after these values."""
        return tuple(self._arriving(values)) if self.frame.anchors else ()

    def _arriving(self, values: Values) -> Iterator[Successor]:
        awaited = (number for number in self.frame.anchors if self._next_instant(number, values))
        on_time = tuple(self.frame.on_time(values)) if self.frame.dated else ()
        for group in dict.fromkeys(self._linked(number, values) for number in awaited):
            if any(self._comes_later(number, values) for number in group):
                continue
            after = list(values)
            settings: list[tuple[int, int]] = []
            soonest = tuple(chain.from_iterable(self._soonest(number, values) for number in group))
            for each in group:
                if effect := self._next_instant(each, values):
                    after[each] = effect.value
                    settings += self.frame.settings(each, effect.settings)
            limits = (*self.frame.open_window(values), *on_time, *soonest)
            yield Successor(Arrival(group), tuple(after), tuple(settings), limits)

    def _soonest(self, number: int, values: Values) -> Iterator[Limit]:
        """Yield what the next business day of an anchor waits for by its calendar."""
        instant = v.pair(values[number])[0] - 1
        if (number, instant) in self.frame.dated:
            yield self.frame.clocks[number, 0], self.frame.anchor(number).comes_after(instant), False

    def _comes_later(self, number: int, values: Values) -> bool:
        """Return whether the same business day after another anchor has to come first."""
        here, mine = v.pair(values[number])[0], self.frame.anchor(number)
        others = self._linked_to(number, values) if here >= 2 else ()
        return any(
            0 < v.pair(values[other])[0] <= here < 2 + self.frame.caps[other]
            and mine.waits_for(self.frame.anchor(other))
            for other in others
        )

    def _linked_to(self, number: int, values: Values) -> Iterator[int]:
        """Yield the anchors that this one is linked to."""
        for two, together in zip(self.frame.twins, values[len(self.frame.variables) + 1 :], strict=True):
            if together and number in two:
                yield sum(two) - number

    def _next_instant(self, number: int, values: Values) -> v.Effect | None:
        if isinstance(variable := self.frame.variables[number - 1], v.TimeAnchor):
            return variable.arrives(values[number], self.frame.caps[number])
        return None

    def _linked(self, number: int, values: Values) -> tuple[int, ...]:
        """Return the anchors that are the same instant as this one, and have come as far."""
        here, mine = v.pair(values[number])[0], self.frame.anchor(number)
        group = {number}
        for other in self._linked_to(number, values):
            its = self.frame.anchor(other)
            if its.date != mine.date or (here > 1 and its.calendar != mine.calendar):
                continue
            if self._next_instant(other, values) and v.pair(values[other])[0] == here:
                group.add(other)
        return tuple(sorted(group))
