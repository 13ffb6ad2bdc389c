"""Say what to write where a value has the wrong form, by what it seems to be."""

from __future__ import annotations

import re

from postinterview.loading import schema as k
from postinterview.loading.source_text import Mapping, Node, Scalar, Sequence
from postinterview.loading.syntax_messages import quoted

_TIGHT = re.compile(r"([\w-]+):\S").match
_NEEDS_QUOTES = re.compile(r"[,:#{}\[\]]").search


def as_entries(kind: k.Kind, node: Node) -> str:
    """Return a text in braces behind the one key of a table that it can be for; empty if there is none."""
    if not isinstance(kind, k.Table) or not isinstance(node, Scalar) or len(kind.required) > 1:
        return ""
    key = kind.required[0] if kind.required else "title"
    text = quoted(node.text) if _NEEDS_QUOTES(node.text) else node.text
    return f"{{{key}: {text}}}" if key in kind.keys and not _TIGHT(node.text) else ""


def as_written(kind: k.Kind, node: Node) -> str:
    """Return what to write if a set of entries is only written as something else; empty if it is not."""
    if isinstance(kind, k.Entries | k.Table):
        if isinstance(node, Scalar) and (tight := _TIGHT(node.text)):
            return f"write a space after the colon of `{tight[1]}:`"
        if isinstance(node, Sequence) and {type(each) for each in node.items} == {Mapping}:
            return "write the entries without dashes"
    return ""


def inside(child: Node, parent: Node, kind: k.Kind | None) -> str:
    """Return a text inside the braces that the parent has, such as ``{apart: 14 days}``; empty if unclear."""
    if not (isinstance(child, Scalar) and isinstance(parent, Mapping) and isinstance(kind, k.Variants)):
        return ""
    has = {key.text for key, _ in parent.entries}
    name = next((each for each in kind.tables if each in has), "")
    return f"{{{name}: {child.text}}}" if name else ""
