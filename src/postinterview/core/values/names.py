"""Check the names that callers give: of people, applications, employers and whatever else has a key.

Names are compared letter by letter, so two names that look the same have to be the same. Characters that
can't be seen (a zero-width space, a mark that turns the direction of writing) are refused: with one of them
"ana" would be two people, and a page that shows the name could be made to read backwards. They are those with
Unicode's property Default_Ignorable_Code_Point, control characters, and separators of lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TypeAlias, cast, overload

from postinterview.core.values.errors import MisuseError, UnknownNameError
from postinterview.core.values.suggest import instead_of, ticked

MAIN = "main"
"""The application of a process in which nobody ever named one."""

_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


Name: TypeAlias = str | int
"""A key of a host's, for a person or an application. A whole number stands for its text."""


def _hidden_in(text: str) -> re.Match[str] | None:
    """Return the first character that can't be seen; only names beyond ASCII, and mistakes, need it."""
    return re.search(_HIDDEN, text)  # compiled once it is needed: that takes as long as five classes


def is_name(value: object) -> bool:
    """Return whether a value can name somebody: a text that can be seen, with no hidden character in it."""
    if not isinstance(value, str):
        return False
    if value.isascii() and value.isprintable():
        return bool(value.strip())
    return bool(value.strip()) and _hidden_in(value) is None


@overload
def as_text(value: Name) -> str: ...
@overload
def as_text(value: Name | None) -> str | None: ...
def as_text(value: Name | None) -> str | None:
    """Return a key as a text. The keys of an ORM are whole numbers; any other value stays, to be checked."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else cast("str", value)


def word_among(text: str, words: Collection[str]) -> str | None:
    """Return the word of a list that a text is: the same, or the longest beginning (`rejected*`); or None."""
    if text in words:
        return text
    begun = [word for word in words if word.endswith("*") and text.startswith(word[:-1])] if text else []
    return max(begun, key=len, default=None)


def is_saved_name(value: object) -> bool:
    """Return whether a saved value can name somebody: version 0.1.0 let most hidden characters pass."""
    if not isinstance(value, str) or not value.strip():
        return False
    return not any(c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in value)


def name_help(value: object, help_: str) -> str:
    """Return what to write instead of a value that is no name: ``help_``, or which character to leave out."""
    hidden = _hidden_in(value) if isinstance(value, str) else None
    if hidden is None:
        return help_
    from unicodedata import name  # only a mistake needs it

    character = hidden.group()
    called = name(character, "half a character" if character >= "\ud800" else "a control character").lower()
    return f"leave out U+{ord(character):04X} ({called}), which can't be seen"


def check_name(value: object, message: str, help_: str) -> None:
    """Check that a value can name somebody.

    Raises:
        MisuseError: it can't; with ``message``, and ``help_`` or the character to leave out.
    """
    if not is_name(value):
        raise MisuseError(message, name_help(value, help_))


def unknown_name(noun: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """Return the error that says what to write instead of ``name``, which is none of the known names."""
    known = tuple(known)
    if isinstance(name, str):
        return UnknownNameError(f"unknown {noun} `{name}`", instead_of(name, known))
    such_as = f', such as "{known[0]}"' if known else ""
    return UnknownNameError(f"`{name!r}` is no {noun}", f"give its name as a text{such_as}")


def read_application(known: Collection[str], application: Name | None) -> str:
    """Return the application that is meant; it is ``main`` as long as nobody named another.

    Raises:
        MisuseError: it can't be one, or none is given and others than ``main`` are known.
    """
    if application is None:
        if len(known) > 1 or (known and MAIN not in known):
            raise MisuseError(
                "which application is meant?", f"name one: {ticked(f'application: {each}' for each in known)}"
            )
        return MAIN
    named: str = as_text(application)
    check_name(named, f"`{application!r}` is not an application", "give its key as a text")
    return named
