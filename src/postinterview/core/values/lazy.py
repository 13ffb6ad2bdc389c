"""Frozen values of which the costly attributes are worked out when somebody first reads them.

Most refusals are asked for their moment alone, and writing out why takes longer than finding it. So a refusal
keeps what its words are made of, an object with attributes of the same names, and reads each once::

    verdict.reasons      # the slot is empty: `explanation.reasons` is worked out and kept
    verdict.reasons      # the slot

Nobody can tell the difference. Whatever compares, hashes, copies, pickles or shows a value reads its
attributes. What it is made of can't change. Its words have the names that were in force when it was made (see
`naming`). If something else could change them, `settled` reads all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import fields

from postinterview.core.values.builders import write_builder
from postinterview.core.values.naming import in_force, with_names

T = TypeVar("T")


class Lazy:
    """The base of such a value, a slotted attrs class."""

    __slots__ = ("_later",)

    if not TYPE_CHECKING:  # else every name would be an attribute

        def __getattr__(self, name: str) -> Any:
            """Work out an attribute whose slot is empty."""
            if name not in _names(type(self)):
                raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
            shown, later, *arguments = _LATER.__get__(self)
            if arguments:  # what makes the object, and of what
                later = later(*arguments)
            is_shown = shown is in_force()
            value = getattr(later, name) if is_shown else with_names(shown, getattr, later, name)
            object.__setattr__(self, name, value)
            return value


_LATER: Any = Lazy._later  # type: ignore[attr-defined]  # noqa: SLF001 - the slot itself


def _names(kind: Any) -> tuple[str, ...]:
    names: tuple[str, ...] = kind.__slots__
    return names


def lazy_builder(kind: type[T], later: str) -> Callable[..., T]:
    """Return a constructor of a frozen class, by the names of its attributes but those of ``later``.

    ``later``: the names of the attributes that are worked out when they are read, with spaces between them.
    The constructor's ``later`` is the object that does so, in attributes of these names.
    """
    line = "_made._later = (_in_force(), later)"
    constructor: Callable[..., T] = write_builder(kind, later.split(), "later", line, _in_force=in_force)
    return constructor


def settled(value: T) -> T:
    """Return a value, of which nothing is left to work out."""
    for each in fields(type(value)):  # type: ignore[arg-type]
        getattr(value, each.name)
    return value
