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

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from postinterview.core.values.formatting import shorten

T = TypeVar("T")


class Stack(Generic[T]):
    """A stack that is not empty. Never changed once built.

    Attributes:
        top: the latest item.
        below: the stack of the earlier items; None if there are none.
    """

    __slots__ = ("below", "top")

    def __init__(self, top: T, below: Stack[T] | None) -> None:
        self.top = top
        self.below = below

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


def pushed(stack: Stack[T] | None, items: Iterable[T]) -> Stack[T] | None:
    """Return the stack with items on top of it, the last of them on top of all."""
    for item in items:
        stack = Stack(item, stack)
    return stack
