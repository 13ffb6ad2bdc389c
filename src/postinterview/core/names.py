"""Names that callers give: what can be one, which is meant, and what to write instead of an unknown one."""

from __future__ import annotations

from collections.abc import Iterable

from postinterview.core.errors import MisuseError, UnknownNameError
from postinterview.core.formatting import say_list
from postinterview.core.suggest import instead_of

MAIN = "main"
"""The application of a process in which nobody ever named one."""


def is_name(value: object) -> bool:
    """Whether it can name somebody: a text that says something, and that can be written down."""
    return isinstance(value, str) and bool(value.strip()) and (value.isprintable() or _is_legible(value))


def _is_legible(text: str) -> bool:
    """Whether there are neither control characters nor halves of characters in it."""
    return not any(c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in text)


def unknown_name(noun: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """The error that says what to write instead of ``name``, which none of the known names is."""
    known = tuple(known)
    if isinstance(name, str):
        return UnknownNameError(f"unknown {noun} `{name}`", instead_of(name, known))
    such_as = f', such as "{known[0]}"' if known else ""
    return UnknownNameError(f"`{name!r}` is no {noun}", f"give its name as a text{such_as}")


def read_application(known: tuple[str, ...], application: str | None) -> str:
    """The application meant: ``main`` where nobody ever named another.

    Raises:
        MisuseError: it can't be one, or none is given and there are others than ``main``.
    """
    if application is None:
        if known and known != (MAIN,):
            raise MisuseError("which application is meant?", f"name one: application={say_list(known)}")
        return MAIN
    if not is_name(application):
        raise MisuseError(f"`{application!r}` is not an application", "give its key as a text")
    return application
