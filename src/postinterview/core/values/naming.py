"""Show names of the host's in texts, in place of the keys of applications and people.

A host's keys are often the ids of rows: "follow up with Acme (7)". The names are in its own tables, where
they can be corrected and erased, and not in histories. So they are given where texts are shown, as a locale
is: for a block of code, in this thread or task alone. Nothing but texts depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import short_name
from postinterview.core.values.names import Name, as_text, is_name

T = TypeVar("T")

_NONE: Mapping[str, str] = {}

Shown: TypeAlias = tuple[Mapping[str, str], Mapping[str, str]]
"""The names in force: those of applications, and those of people."""

_shown: ContextVar[Shown] = ContextVar("_shown", default=(_NONE, _NONE))

Names: TypeAlias = Mapping[str, str] | Mapping[int, str] | Mapping[Name, str]
"""The name of each key, whole numbers standing for their text."""


@contextmanager
def naming(*, applications: Names = _NONE, people: Names = _NONE) -> Iterator[None]:
    """Show names in place of keys, in all texts that are made or read inside the block.

    ::

        with pi.naming(applications={7: "Backend"}, people={31: "Ana"}):
            text = keeper.agenda(key, at=now).text

    A key without a name, or with one that can't be seen, is shown as it is. Blocks may be nested: the inner
    one counts. Keys in values, such as ``item.application``, stay keys.

    Raises:
        MisuseError: one of them is no mapping.
    """
    token = _shown.set((_checked(applications), _checked(people)))
    try:
        yield
    finally:
        _shown.reset(token)


in_force: Callable[[], Shown] = _shown.get
"""Return the names in force, for a text that is written later (see `lazy`)."""


def with_names(shown: Shown, write: Callable[..., T], *arguments: object) -> T:
    """Return what a function writes with these names in force."""
    token = _shown.set(shown)
    try:
        return write(*arguments)
    finally:
        _shown.reset(token)


def _checked(names: Names) -> Mapping[str, str]:
    if not isinstance(names, Mapping):
        raise MisuseError(f"{names!r} is no mapping of names", 'give each key its name: {7: "Backend"}')
    return {as_text(key): name for key, name in names.items() if is_name(name)}


def application_name(key: str) -> str:
    """Return an application as a text shows it."""
    return short_name(_shown.get()[0].get(key, key))


def person_name(key: str) -> str:
    """Return a person as a text shows them."""
    return short_name(_shown.get()[1].get(key, key))
