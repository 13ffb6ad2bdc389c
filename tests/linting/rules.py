"""Rule files as they are edited, and what the lint says of them."""

from __future__ import annotations

from functools import cache

from postinterview.files import named_parent_of, read_packaged
from postinterview.judging import lint
from postinterview.loading import load
from postinterview.loading.diagnostics import Diagnostic

DEFAULT = read_packaged("default")[1].decode("utf-8")


@cache
def slips(text: str) -> tuple[Diagnostic, ...]:
    """What the lint says of a rule file without an error."""
    loaded = load(text, "mine.yaml", name="mine", finder=named_parent_of)
    assert loaded.definition is not None, loaded.diagnostics
    return lint(loaded)


def told(text: str) -> list[tuple[str, str, int]]:
    """The code, the path and the line of each finding."""
    return [(each.code, each.path, each.where.line) for each in slips(text)]


def edited(was: str, now: str, text: str = DEFAULT) -> str:
    """The packaged rules with one place changed."""
    assert text.count(was) == 1, (text.count(was), was)
    return text.replace(was, now)


def line_of(said: str, text: str = DEFAULT) -> int:
    """The line, from 1, of what is said once."""
    assert text.count(said) == 1, said
    return text[: text.index(said)].count("\n") + 1


def pack(values: str) -> str:
    """A file that extends the packaged rules. ``values``: lines of it."""
    return f"format: 1\nextends: default\ntitle: Mine\n{values}"
