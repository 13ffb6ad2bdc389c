"""Find the events of a long past that lie in a scope, without a walk over all the others.

With thousands of people or applications in one process, a guard about one of them would walk down the events
of all of them. So a long walk leaves an index behind: the events by person and by application.
A new event is appended to the index of the stack below it, which both stacks then share, and each of them
reads it up to its own latest event::

    one: [ana, bob]            its index: {ana: [0], bob: [1]}
    two: [ana, bob, ana]       the same index, now {ana: [0, 2], bob: [1]}; `one` stops before 2

Only one future of a past can append. A second one (another process made of the same past) looks at its own
few events one by one, and then into the index of the past. Once they are many it builds its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from typing import TypeAlias, TypeVar

from postinterview.core.events import Key, Placed, lies_in, make_key
from postinterview.core.stacks import Stack

Events: TypeAlias = Stack[Placed]
V = TypeVar("V")

FEW = 32
"""So many events are looked at one by one. A walk that is longer makes an index, or appends to it."""


class EventIndex:
    """The stacks of a line of events, by the application and the people that their tops name, or None.

    Attributes:
        tip: the stack of the latest event in the index, which is taken out by the stack that appends to it.
    """

    __slots__ = ("_by_application", "_by_person", "tip")

    def __init__(self) -> None:
        self.tip: list[Events] = []
        self._by_person: dict[str | None, list[Events]] = {}
        self._by_application: dict[str | None, list[Events]] = {}

    def append(self, stack: Events) -> None:
        """Add a stack whose top is later than all of the others."""
        for person in dict.fromkeys(stack.top.people or (None,)):
            _add(self._by_person, person, stack)
        _add(self._by_application, stack.top.application, stack)

    def take(self, stack: Events) -> bool:
        """Return whether the stack is the tip, and let only one caller of several threads append after it."""
        try:
            tip = self.tip.pop()
        except IndexError:
            return False
        if tip is not stack:
            self.tip.append(tip)
        return tip is stack

    def find(self, key: Key, last: int) -> Iterator[Events]:
        """Yield the stacks whose top lies in scope, up to the position ``last``, the latest first."""
        found, key = self._parts(key)
        ends = [_back_from(stacks, last) for stacks in found]
        stacks = ends[0] if len(ends) == 1 else merge(*ends, key=_position, reverse=True)
        return (stack for stack in stacks if lies_in(stack.top, key))

    def latest(self, key: Key, last: int) -> Placed | None:
        """Return the latest event in scope, up to the position ``last``."""
        found, key = self._parts(key)
        latest: Placed | None = None
        for stacks in found:
            number = _end(stacks, last)
            while number:
                number -= 1
                placed = stacks[number].top
                if lies_in(placed, key):
                    if latest is None or placed.position > latest.position:
                        latest = placed
                    break
        return latest

    def _parts(self, key: Key) -> tuple[list[list[Events]], Key]:
        """Return the lists in which the events in scope are, and the scope to look for in them."""
        application, round_, person = key
        theirs = _named(self._by_application, application)
        if person is None:
            return theirs, key
        found = _named(self._by_person, person)
        if application is not None and sum(map(len, theirs)) <= sum(map(len, found)):
            return theirs, key
        return found, make_key(
            application, round_
        )  # the person is found already, and may be one of thousands


def latest_in(stack: Events | None, key: Key) -> Placed | None:
    """Return the latest event of a stack that lies in a scope."""
    if stack is None or lies_in(stack.top, key):
        return None if stack is None else stack.top
    is_narrow = _is_narrow(key)
    if is_narrow and isinstance(stack.index, EventIndex):
        return stack.index.latest(key, stack.top.position)
    walked, below = 1, stack.below
    while below is not None:
        if is_narrow and isinstance(below.index, EventIndex):
            return below.index.latest(key, below.top.position)
        if lies_in(below.top, key):
            return below.top
        walked += 1
        if is_narrow and walked > FEW:
            return _index_of(stack).latest(key, below.top.position)
        below = below.below
    return None


def in_scope(stack: Events | None, key: Key) -> Iterator[Placed]:
    """Yield the events of a stack that lie in a scope, the latest first."""
    return (each.top for each in stacks_in_scope(stack, key))


def stacks_in_scope(stack: Events | None, key: Key) -> Iterator[Events]:
    """Yield the stacks, from this one downwards, whose top lies in a scope."""
    is_narrow = _is_narrow(key)
    walked, below = 0, stack
    while below is not None:
        index = below.index
        walked += 1
        if is_narrow and walked > FEW and stack is not None:
            index = _index_of(stack)
        if is_narrow and isinstance(index, EventIndex):
            yield from index.find(key, below.top.position)
            return
        if lies_in(below.top, key):
            yield below
        below = below.below


def kept_in_scope(
    stack: Events | None,
    key: Key,
    what: object,
    start: V,
    after: Callable[[V, Placed], V],
    settles: Callable[[Placed], bool],
    since: datetime | None = None,
) -> V:
    """Return what the events in a scope fold to; ``after`` takes the value before an event, and the event.

    The value is kept under ``what`` in the cache of the latest stack in scope, so the next question folds
    only what is new. ``settles``: whether nothing before an event matters; ``since``: when the events begin.
    """
    value, new, asked = start, [], (what, key, since)
    if stack is not None and since is None and stack.cache is not None and asked in stack.cache:
        kept: V = stack.cache[asked]  # its latest event is in scope, and has been asked about before
        return kept
    if stack is not None and since is None and lies_in(stack.top, key) and settles(stack.top):
        value = after(start, stack.top)
        stack.remember(asked, value)
        return value
    for each in stacks_in_scope(stack, key):
        if since is not None and each.top.at < since:
            break
        if each.cache is not None and asked in each.cache:
            value = each.cache[asked]
            break
        new.append(each)
        if settles(each.top):
            break
    for each in reversed(new):
        value = after(value, each.top)
    if new:
        new[0].remember(asked, value)
    return value


def _is_narrow(key: Key) -> bool:
    """Return whether an index helps: whether the scope is less than all events."""
    return key.application is not None or key.person is not None


def _index_of(stack: Events) -> EventIndex:
    """Return the index of the stack, which is made if there is none."""
    if isinstance(stack.index, EventIndex):
        return stack.index
    index: EventIndex | None = None
    new = []
    below: Events | None = stack
    while below is not None:
        if isinstance(below.index, EventIndex) and below.index.take(below):
            index = below.index
            break
        new.append(below)
        below = below.below
    index = index or EventIndex()
    for each in reversed(new):
        index.append(each)
    index.tip.append(stack)
    stack.index = index
    return index


def _add(part: dict[str | None, list[Events]], name: str | None, stack: Events) -> None:
    """Append a stack to those of a name. Other threads may read, so no list is ever seen empty."""
    if name in part:
        part[name].append(stack)
    else:
        part[name] = [stack]


def _named(part: dict[str | None, list[Events]], name: str | None) -> list[list[Events]]:
    """Return the stacks whose top carries a name, and those whose top carries none."""
    return [part[each] for each in dict.fromkeys((name, None)) if each in part]


def _back_from(stacks: list[Events], last: int) -> Iterator[Events]:
    for number in range(_end(stacks, last) - 1, -1, -1):
        yield stacks[number]


def _end(stacks: list[Events], last: int) -> int:
    """Return how many of the stacks lie at the position ``last`` or before."""
    end = len(stacks)  # taken first: another thread may append
    return end if stacks[end - 1].top.position <= last else bisect_right(stacks, last, hi=end, key=_position)


def _position(stack: Events) -> int:
    return stack.top.position
