"""The content of a file as a tree of scalars, mappings and sequences, each with its place."""

from __future__ import annotations

from typing import TypeAlias

from attrs import define

from postinterview.loading.diagnostics import Span
from postinterview.loading.source_text import Mark, SourceText


class _Placed:
    """Something that stands between two places of a text."""

    __slots__ = ()
    source: SourceText
    start: Mark
    end: Mark

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)


@define(eq=False)
class Scalar(_Placed):
    """One value as written. ``plain``: it has no quotes. A plain empty one means that no value is there."""

    text: str
    plain: bool
    source: SourceText
    start: Mark
    end: Mark


@define(eq=False)
class Mapping(_Placed):
    """Keys and values in the order of the file. No key occurs twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    source: SourceText
    start: Mark
    end: Mark


@define(eq=False)
class Sequence(_Placed):
    """Items in the order of the file."""

    items: tuple[Node, ...]
    source: SourceText
    start: Mark
    end: Mark


Node: TypeAlias = Scalar | Mapping | Sequence
