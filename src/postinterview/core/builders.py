"""Build frozen values as fast as open ones.

A frozen attrs class has to set each of its attributes through `object.__setattr__`, which takes three times
as long as an assignment, and a step of the engine builds half a dozen values. So a builder fills an instance
of an open class with the same slots, and then makes it an instance of the frozen one::

    made = Open(machine, key, source, target)   # plain assignments
    made.__class__ = Move                       # from here on nothing can change it

Python allows this because both classes have the same layout (`object.__class__` in its data model).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, Self, TypeVar

from attrs import define, field, fields

P = ParamSpec("P")
T = TypeVar("T")


def builder(frozen: Callable[P, T]) -> Callable[P, T]:
    """Return a constructor of a frozen, slotted attrs class, with the class's own signature.

    The class may have neither converters, validators nor a `__attrs_post_init__`: they would be left out.
    """
    kind: Any = frozen
    declared = {
        each.name: field(default=each.default, kw_only=each.kw_only, alias=each.alias)
        for each in fields(kind)
    }

    def close(opened: Any) -> None:
        opened.__class__ = kind

    body = {"__slots__": kind.__slots__, "__attrs_post_init__": close}
    opened: Any = type(kind.__name__, kind.__bases__, body)
    constructor: Callable[P, T] = define(opened, these=declared, slots=False, eq=False, repr=False)
    return constructor


class CopiedAsItself:
    """A value that can't change, so a copy of it is the value itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
