"""Share the past between processes: persistent stacks of what happened, the latest on top.

A process is a value, so each event makes a new one beside the old. Copying the history for it would make the
work of n events grow with n squared, and so would the memory if the old processes are kept. A stack is one
object an item instead, which points to the stack below it::

    one = Stack(interview, None)
    two = Stack(message, one)      # `one` is what it was, and shared
    other = Stack(offer, one)      # another future of the same past

None is the empty stack. Rules ask for the latest event first, so they walk down from the top. (Okasaki,
*Purely Functional Data Structures*, chapter 2.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from postinterview.core.formatting import shorten

T = TypeVar("T")
V = TypeVar("V")


class Stack(Generic[T]):
    """A stack that is not empty. Never changed once built, but for the cache.

    Attributes:
        top: the latest item.
        below: the stack of the earlier items; None if there are none.
        cache: what was worked out of this stack and everything below it, by a key of the reader's; or None.
        index: a reader's index of the items, see `event_index`; or None.
    """

    __slots__ = ("below", "cache", "index", "top")

    def __init__(self, top: T, below: Stack[T] | None) -> None:
        self.top = top
        self.below = below
        self.cache: dict[object, Any] | None = None
        self.index: object = None

    def remember(self, what: object, value: object) -> None:
        """Keep a value that was worked out of this stack and everything below it."""
        if self.cache is None:
            self.cache = {}
        self.cache[what] = value

    def __eq__(self, other: object) -> bool:
        """Return whether the same items are on both, in the same order."""
        one: Stack[T] | None = self
        if not isinstance(other, Stack):
            return NotImplemented
        two: Stack[Any] | None = other
        while one is not two:
            if one is None or two is None or one.top != two.top:
                return False
            one, two = one.below, two.below
        return True

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return shorten(f"<Stack of {self.top!r} and below>")


def downwards(stack: Stack[T] | None) -> Iterator[T]:
    """Yield the items, the latest first."""
    while stack is not None:
        yield stack.top
        stack = stack.below


def upwards(stack: Stack[T] | None) -> tuple[T, ...]:
    """Return the items, the earliest first."""
    return tuple(downwards(stack))[::-1]


def kept(stack: Stack[T] | None, what: object, start: V, after: Callable[[V, T], V]) -> V:
    """Return what the items fold to, from the earliest on: ``after`` takes the value before an item.

    The value is kept in the cache of the stack under ``what``, so the next question folds only the new items.
    """
    new: list[Stack[T]] = []
    while stack is not None and (stack.cache is None or what not in stack.cache):
        new.append(stack)
        stack = stack.below
    value: V = start if stack is None or stack.cache is None else stack.cache[what]
    for each in reversed(new):
        value = after(value, each.top)
    if new:
        new[0].remember(what, value)
    return value


def pushed(stack: Stack[T] | None, items: Iterable[T]) -> Stack[T] | None:
    """Return the stack with items on top of it, the last of them on top of all."""
    for item in items:
        stack = Stack(item, stack)
    return stack
