"""Words for what stands in a file, and for what should: the same ones in every message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from postinterview.loading import schema as k
from postinterview.loading.nodes import Node, Scalar, Sequence

Asked: TypeAlias = k.Key | k.Entries | None
"""What asks for a value: a key, a set of entries, or the file itself."""

_NAMES = {"event or class": "an event or a class"}


def written(key: Node) -> str:
    return key.text if isinstance(key, Scalar) else "the file"


def write(name: str, asked: Asked) -> str:
    """What to type after ``name``."""
    if asked is None:
        return "begin with the line `format: 1`"
    line = asked.example if isinstance(asked, k.Key) else f"{name}: {asked.example}"
    return f"write something like `{line}`"


def form(node: Node) -> str:
    if isinstance(node, Scalar):
        return "text"
    return "a list" if isinstance(node, Sequence) else "a set of entries"


def wants(kind: k.Kind) -> str:
    match kind:
        case k.Text():
            return "text"
        case k.Name(of):
            return f"the name of {_NAMES.get(of, a(of))}"
        case k.OneOf() | k.ScopeText():
            return "a word"
        case k.NewId():
            return "a name"
        case k.ListOf(item, or_one):
            return f"{wants(item)} or a list" if or_one else "a list"
        case k.Entries() | k.Table() | k.Variants() | k.States() | k.Free():
            return "a set of entries"
        case k.Forms():
            return "text or a list"
        case k.Flag():
            return "`true` or `false`"
        case k.Number():
            return "a number"
        case k.Day():
            return "a date"
        case k.Duration():
            return "a duration"
        case k.MomentText():
            return "a moment"
        case k.HoursText():
            return "hours"
        case k.Country():
            return "a country's code"


def a(noun: str) -> str:
    """The noun with its article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def names_in(kind: k.Kind) -> Iterator[str]:
    """The kinds of names that a value would have named."""
    match kind:
        case k.Name(of):
            yield of
        case k.ListOf(item, _):
            yield from names_in(item)
        case k.States():
            yield "machine"
            yield "state"
        case k.MomentText():
            yield "moment"
        case k.Entries(value, _, _):
            yield from names_in(value)
        case k.Table():
            for key in kind.keys.values():
                yield from names_in(key.kind)
        case k.Variants():
            for table in kind.tables.values():
                yield from names_in(table)
        case _:
            pass
