"""Read the fields of an event: YAML texts as values of the types that the rulebook declares."""

from __future__ import annotations

import re

from postinterview.core.past.events import Value
from postinterview.core.rules.definitions import FieldKind
from postinterview.loading import schema as k
from postinterview.loading.nodes import Node, Scalar, Sequence
from postinterview.loading.shape import Shape

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}((\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?)\Z").match
_LEFT_OUT = frozenset({"null", "~"})

LEFT_OUT = object()
"""Stands for a field that says `null`, as programs write one that nobody gave."""


def read_field(shape: Shape, kind: FieldKind, node: Node, key: Node) -> Value | object | None:
    """Return the value of a field, ``LEFT_OUT``, or None if it is wrong; the reasons are reported."""
    plain = node.text if isinstance(node, Scalar) and node.plain else None
    if plain in _LEFT_OUT:
        return LEFT_OUT
    shape.asked = k.TableKey(k.TEXT, "", field_example(kind))
    read: Value | None
    match kind.type:
        case "text" if plain in ("true", "false"):
            # True says that there is a text, for trackers that don't keep it.
            read = plain == "true"
        case "text" if isinstance(node, Scalar) and not node.plain:
            read = node.text
        case "text":
            read = shape.read(k.TEXT, node, key)
        case "bool":
            read = shape.read(k.FLAG, node, key)
        case "date":
            read = shape.read(k.DAY, node, key)
        case "choice":
            read = shape.read(k.OneOf(kind.choices), node, key)
        case "number":
            read = _number(shape, node, key)
        case "people" if isinstance(node, Sequence) and not node.items:
            read = ()
        case "people":
            read = shape.read(k.ListOf(k.TEXT, or_one=True), node, key)
    return read


def field_example(kind: FieldKind) -> str:
    """Return a field with a value of its type, such as ``channel: call``."""
    return _EXAMPLES[kind.type].format(name=kind.name, choice=(kind.choices or ("",))[0])


def _number(shape: Shape, node: Node, key: Node) -> int | float | None:
    text: str | None = shape.read(k.TEXT, node, key)
    if text is None:
        return None
    number = number_in(text)
    if number is None:
        shape.report.add(
            "PI727", node, f"`{text}` is not a number", "not a number", "write digits, such as `3` or `2.5`"
        )
    return number


def number_in(text: str) -> int | float | None:
    """Return the number that the text is; None if it is no number."""
    match = _NUMBER(text)
    return None if match is None else float(text) if match[1] else int(text)


_EXAMPLES = {
    "text": "{name}: the data platform",
    "bool": "{name}: true",
    "date": "{name}: 2026-03-10",
    "choice": "{name}: {choice}",
    "number": "{name}: 3",
    "people": "{name}: [ana, bo]",
}
