"""Share the past between processes: one cell for each event, linked to what came before it.

Rules watch sets of events, and ask for the latest of one. So a snapshot keeps the latest cell of each such
stream, and a cell the next one down in every stream that its event is in::

    message    past: interview      streams 1, 2: interview; 5: none
    reply      past: message        streams 1: message; 7: none

A new event makes one cell however many rules watch it. Like a `Stack`, a cell never changes once it is built,
but for what readers keep with it, so each future of a past shares it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from postinterview.core.past.placed import Placed
from postinterview.core.values.stacks import Stack

Links: TypeAlias = tuple[Any, ...]
"""The numbers of the streams that an event is in, after a None, and then the next cell in each of them."""

MISSING: Any = object()


class Cell(Stack[Placed]):
    """An event, and what came before it.

    Attributes:
        links: the streams that it is in, with the next cell down in each.
        kept: what readers worked out of this cell and those below it, by keys of theirs: None, a pair of one
            key and its value (as most have), or a dictionary.
    """

    __slots__ = ("kept", "links")

    below: Cell | None

    def __init__(self, top: Placed, below: Cell | None, links: Links) -> None:
        self.top = top
        self.below = below
        self.links = links
        self.kept: Any = None

    def next_in(self, stream: int | None) -> Cell | None:
        """Return the next cell down in a stream that it is in; None: in the whole past."""
        if stream is None:
            return self.below
        links = self.links
        next_: Cell | None = links[links[0].index(stream)]
        return next_

    def recall(self, what: object) -> Any:
        """Return what is kept under a key, or `MISSING`."""
        kept = self.kept
        if type(kept) is tuple:
            return kept[1] if kept[0] == what else MISSING
        return MISSING if kept is None else kept.get(what, MISSING)

    def remember(self, what: object, value: object) -> None:
        """Keep what was worked out of this cell and those below it."""
        kept = self.kept
        if kept is None:
            self.kept = (what, value)
        elif type(kept) is tuple:
            self.kept = {kept[0]: kept[1], what: value}
        else:
            kept[what] = value


def along(cell: Cell | None, stream: int | None) -> Iterator[Placed]:
    """Yield the events of a stream from a cell on, the latest first."""
    while cell is not None:
        yield cell.top
        cell = cell.next_in(stream)


def linker(streams: Sequence[int]) -> Callable[[Sequence[Cell | None]], Links]:
    """Return the function that takes the links of a new event in these streams from the latest cells."""
    marks = (None, *streams)
    if not streams:
        return lambda _: ()
    if len(streams) == 1:
        only = streams[0]
        return lambda cells: (marks, cells[only])
    pick = itemgetter(*streams)
    return lambda cells: (marks, *pick(cells))
