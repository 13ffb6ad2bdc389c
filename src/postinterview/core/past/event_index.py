"""Find the events of a long past that lie in a scope, without a walk over all the others.

With thousands of people or applications in one process, a guard about one of them would walk down the events
of all of them. So a long walk leaves an index behind: the events by person and by application.
A new event is appended to the index of the cell below it, which both cells then share, and each of them
reads it up to its own event::

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
from itertools import islice, takewhile
from typing import TypeVar

from postinterview.core.past.cells import MISSING, Cell
from postinterview.core.past.placed import Placed, lies_in
from postinterview.core.past.places import NOWHERE, Key, make_key

V = TypeVar("V")

FEW = 32
"""So many events are looked at one by one. A walk that is longer makes an index."""

NEAR = 8
"""A longer walk to an index appends to it, so that the next question begins there."""


class EventIndex:
    """The cells of a stream, by the application and the people that their events name, or None.

    Attributes:
        tip: the cell of the latest event in the index, which is taken out by the cell that appends to it.
    """

    __slots__ = ("_by_application", "_by_person", "tip")

    def __init__(self) -> None:
        self.tip: list[Cell] = []
        self._by_person: dict[str | None, list[Cell]] = {}
        self._by_application: dict[str | None, list[Cell]] = {}

    def append(self, cell: Cell) -> None:
        """Add a cell whose event is later than all of the others."""
        for person in dict.fromkeys(cell.top.people or (None,)):
            _add(self._by_person, person, cell)
        _add(self._by_application, cell.top.application, cell)

    def take(self, cell: Cell) -> bool:
        """Return whether the cell is the tip, and let only one caller of several threads append after it."""
        try:
            tip = self.tip.pop()
        except IndexError:
            return False
        if tip is not cell:
            self.tip.append(tip)
        return tip is cell

    def find(self, key: Key, last: int) -> Iterator[Cell]:
        """Yield the cells whose event lies in scope, up to the position ``last``, the latest first."""
        found, key = self._parts(key)
        ends = [_back_from(cells, last) for cells in found]
        cells = ends[0] if len(ends) == 1 else merge(*ends, key=_position, reverse=True)
        return (cell for cell in cells if lies_in(cell.top, key))

    def latest(self, key: Key, last: int) -> Placed | None:
        """Return the latest event in scope, up to the position ``last``."""
        found, key = self._parts(key)
        latest: Placed | None = None
        for cells in found:
            number = _end(cells, last)
            while number:
                number -= 1
                placed = cells[number].top
                if lies_in(placed, key):
                    if latest is None or placed.position > latest.position:
                        latest = placed
                    break
        return latest

    def _parts(self, key: Key) -> tuple[list[list[Cell]], Key]:
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


def latest_in(cell: Cell | None, stream: int, key: Key) -> Placed | None:
    """Return the latest event of a stream, from a cell on, that lies in a scope."""
    if cell is None or lies_in(cell.top, key):
        return None if cell is None else cell.top
    is_narrow = _is_narrow(key)
    walked, below = 1, cell
    while True:
        if is_narrow and (below.kept is not None or walked > FEW):
            index = _index_at(below, stream) if walked <= FEW else _index_of(cell, stream)
            if index is not None:
                if NEAR < walked <= FEW and index.take(below):
                    _extend(index, cell, below, stream)
                return index.latest(key, below.top.position)
        links = below.links
        next_: Cell | None = links[links[0].index(stream)]
        if next_ is None or lies_in(next_.top, key):
            return None if next_ is None else next_.top
        walked, below = walked + 1, next_


def in_scope(cell: Cell | None, stream: int | None, key: Key) -> Iterator[Placed]:
    """Yield the events of a stream, from a cell on, that lie in a scope, the latest first."""
    return (each.top for each in cells_in_scope(cell, stream, key))


def events_since(cell: Cell | None, stream: int, key: Key, after: Placed | None, most: int) -> list[Placed]:
    """Return the events of a stream in a scope after ``after``: the latest ``most``, the latest first."""
    start = -1 if after is None else after.position
    return list(islice(takewhile(lambda placed: placed.position > start, in_scope(cell, stream, key)), most))


def cells_in_scope(cell: Cell | None, stream: int | None, key: Key) -> Iterator[Cell]:
    """Yield the cells of a stream, from this one downwards, whose event lies in a scope."""
    is_narrow = _is_narrow(key)
    walked, below = 0, cell
    while below is not None:
        walked += 1
        if is_narrow:
            index = _index_at(below, stream) if walked <= FEW or cell is None else _index_of(cell, stream)
            if index is not None:
                if NEAR < walked <= FEW and cell is not None and index.take(below):
                    _extend(index, cell, below, stream)
                yield from index.find(key, below.top.position)
                return
        if lies_in(below.top, key):
            yield below
        below = below.next_in(stream)


def kept_in_scope(
    cell: Cell | None,
    stream: int,
    key: Key,
    what: object,
    start: V,
    after: Callable[[V, Placed], V],
    settles: Callable[[Placed], bool],
    since: datetime | None = None,
) -> V:
    """Return what the events in a scope fold to; ``after`` takes the value before an event, and the event.

    The value is kept under ``what`` with the latest cell in scope, so the next question folds only what is
    new. ``settles``: whether nothing before an event matters; ``since``: when the events begin.
    """
    value, new, asked = start, [], (what, key, since)
    if cell is not None and since is None:
        kept = MISSING if cell.kept is None else cell.recall(asked)
        if kept is not MISSING:  # its event is in scope, and has been asked about before
            found: V = kept
            return found
        if lies_in(cell.top, key):
            below, known = cell.next_in(stream), MISSING
            if settles(cell.top):
                known = start
            elif below is not None and below.kept is not None:  # as mostly: it was asked before this event
                known = below.recall(asked)
                pair = below.kept
                if type(pair) is tuple and pair[0] == asked:
                    asked = pair[0]  # many cells share one key
            if known is not MISSING:
                value = after(known, cell.top)
                cell.remember(asked, value)
                return value
    for each in cells_in_scope(cell, stream, key):
        if since is not None and each.top.at < since:
            break
        kept = MISSING if each.kept is None else each.recall(asked)
        if kept is not MISSING:
            value = kept
            pair = each.kept  # another thread may have put something else there since
            if type(pair) is tuple and pair[0] == asked:
                asked = pair[0]  # many cells share one key
            break
        new.append(each)
        if settles(each.top):
            break
    for each in reversed(new):
        value = after(value, each.top)
    if new:
        new[0].remember(asked, value)
    return value


def kept_along(cell: Cell | None, stream: int, what: object, start: V, after: Callable[[V, Placed], V]) -> V:
    """Return what all events of a stream fold to, as `kept_in_scope` does for those in a scope."""
    return kept_in_scope(cell, stream, NOWHERE, what, start, after, _never)


def _never(_: Placed) -> bool:
    return False


def _is_narrow(key: Key) -> bool:
    """Return whether an index helps: whether the scope is less than all events."""
    return key.application is not None or key.person is not None


def _index_at(cell: Cell, stream: int | None) -> EventIndex | None:
    """Return the index of a stream that is kept with a cell, if there is one."""
    if cell.kept is None:  # as for most
        return None
    found = cell.recall(stream)
    return found if isinstance(found, EventIndex) else None


def _index_of(cell: Cell, stream: int | None) -> EventIndex:
    """Return the index of a stream up to a cell, which is made if there is none."""
    found = _index_at(cell, stream)
    if found is not None:
        return found
    below = cell.next_in(stream)
    while below is not None:
        found = _index_at(below, stream)
        if found is not None and found.take(below):
            return _extend(found, cell, below, stream)
        below = below.next_in(stream)
    return _extend(EventIndex(), cell, None, stream)


def _extend(index: EventIndex, cell: Cell, tip: Cell | None, stream: int | None) -> EventIndex:
    """Append the cells above its tip to an index, up to ``cell``. Only its taker does so."""
    new = []
    above: Cell | None = cell
    while above is not None and above is not tip:
        new.append(above)
        above = above.next_in(stream)
    for each in reversed(new):
        index.append(each)
    index.tip.append(cell)
    cell.remember(stream, index)
    return index


def _add(part: dict[str | None, list[Cell]], name: str | None, cell: Cell) -> None:
    """Append a cell to those of a name. Other threads may read, so no list is ever seen empty."""
    if name in part:
        part[name].append(cell)
    else:
        part[name] = [cell]


def _named(part: dict[str | None, list[Cell]], name: str | None) -> list[list[Cell]]:
    """Return the cells whose top carries a name, and those whose top carries none."""
    return [part[each] for each in dict.fromkeys((name, None)) if each in part]


def _back_from(cells: list[Cell], last: int) -> Iterator[Cell]:
    for number in range(_end(cells, last) - 1, -1, -1):
        yield cells[number]


def _end(cells: list[Cell], last: int) -> int:
    """Return how many of the cells lie at the position ``last`` or before."""
    end = len(cells)  # taken first: another thread may append
    return end if cells[end - 1].top.position <= last else bisect_right(cells, last, hi=end, key=_position)


def _position(cell: Cell) -> int:
    return cell.top.position
