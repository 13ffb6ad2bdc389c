"""Find the events of a long past that lie in a scope, without a walk over all the others.

With thousands of people or applications in one process, a guard about one of them would walk down the events
of all of them. So a stack of events that is not short gets an index: the events by person and by application.
A new event is appended to the index of the stack below it, which both stacks then share, and each of them
reads it up to its own latest event::

    one: [ana, bob]            its index: {ana: [0], bob: [1]}
    two: [ana, bob, ana]       the same index, now {ana: [0, 2], bob: [1]}; `one` stops before 2

Only one future of a past can append. A second one (another process made of the same past) builds its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from heapq import merge

from postinterview.core.events import Key, Placed, lies_in, make_key
from postinterview.core.stacks import Stack, downwards

FEW = 64
"""A walk over fewer events is faster than an index of them."""


class EventIndex:
    """The events of a line of stacks, by person and by application; under None those that name none.

    Attributes:
        tip: the stack of the latest event in the index, which is taken out by the stack that appends to it.
    """

    __slots__ = ("_by_application", "_by_person", "tip")

    def __init__(self) -> None:
        self.tip: list[Stack[Placed]] = []
        self._by_person: dict[str | None, list[Placed]] = {}
        self._by_application: dict[str | None, list[Placed]] = {}

    def append(self, placed: Placed) -> None:
        """Add an event that is later than all of the others."""
        for person in dict.fromkeys(placed.people or (None,)):
            self._by_person.setdefault(person, []).append(placed)
        self._by_application.setdefault(placed.application, []).append(placed)

    def take(self, stack: Stack[Placed]) -> bool:
        """Return whether the stack is the tip, and let only one caller of several threads append after it."""
        try:
            tip = self.tip.pop()
        except IndexError:
            return False
        if tip is not stack:
            self.tip.append(tip)
        return tip is stack

    def find(self, key: Key, last: int) -> Iterator[Placed]:
        """Yield the events in scope up to the position ``last``, the latest first."""
        application, round_, person = key
        part, name = (self._by_application, application) if person is None else (self._by_person, person)
        found = [_back_from(part[each], last) for each in (name, None) if each in part]
        rest = make_key(application, round_)  # the person is found already, and may be one of thousands
        events = found[0] if len(found) == 1 else merge(*found, key=_position, reverse=True)
        return (placed for placed in events if lies_in(placed, rest))


def in_scope(stack: Stack[Placed] | None, key: Key) -> Iterator[Placed]:
    """Yield the events of a stack that lie in a scope, the latest first."""
    if stack is None or stack.top.position < FEW or (key.person is None and key.application is None):
        return (placed for placed in downwards(stack) if lies_in(placed, key))
    return _index_of(stack).find(key, stack.top.position)


def _index_of(stack: Stack[Placed]) -> EventIndex:
    if isinstance(stack.index, EventIndex):
        return stack.index
    index: EventIndex | None = None
    new = []
    below: Stack[Placed] | None = stack
    while below is not None:
        if isinstance(below.index, EventIndex) and below.index.take(below):
            index = below.index
            break
        new.append(below.top)
        below = below.below
    index = index or EventIndex()
    for placed in reversed(new):
        index.append(placed)
    index.tip.append(stack)
    stack.index = index
    return index


def _back_from(events: list[Placed], last: int) -> Iterator[Placed]:
    for number in range(bisect_right(events, last, key=_position) - 1, -1, -1):
        yield events[number]


def _position(placed: Placed) -> int:
    return placed.position
