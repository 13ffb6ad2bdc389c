"""Turns a fault at a node into a diagnostic, with the way to it; costs nothing while there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import define, field

from postinterview.core.suggest import Guesses
from postinterview.loading.diagnostics import Diagnostic, Findings, Fix, Label, Severity, Span
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence

_WORD = re.compile(r"[^\W_]\w*(?:-\w+)*").findall


@define(eq=False)
class Report:
    """Where the stages of the loader put what they find.

    ``lost``: the names in parts that could not be read. They may be uses of something, so nothing
    that they name is called unused. ``lost_kinds``: the kinds of names that are missing altogether.
    """

    findings: Findings
    root: Node
    lost: set[str] = field(factory=set)
    lost_kinds: set[str] = field(factory=set)
    guesses: Guesses = field(factory=Guesses)
    _paths: dict[int, str] = field(factory=dict)

    @property
    def count(self) -> int:
        return len(self.findings.found)

    def add(
        self,
        code: str,
        where: Node | Span,
        message: str,
        label: str,
        help: str = "",
        *,
        path: str | None = None,
        instead: str | None = None,
        fix: Fix | None = None,
        others: Iterable[tuple[Node | Span, str]] = (),
        severity: Severity = "error",
    ) -> None:
        """Report one fault. ``where``: a node, or a part of one, then with its ``path``.

        ``instead``: what could stand in the place of ``where``.
        """
        if isinstance(where, Span):
            span, way = where, path or ""
        else:
            span, way = span_of(where), self.path(where) if path is None else path
        if instead is not None and fix is None:
            fix = Fix(span, instead)
        labels = tuple(
            Label(place if isinstance(place, Span) else span_of(place), text) for place, text in others
        )
        self.findings.add(
            Diagnostic(
                code=code,
                severity=severity,
                message=message,
                where=span,
                path=way,
                label=label,
                others=labels,
                help=help,
                fix=fix,
            )
        )

    def path(self, node: Node) -> str:
        """The way to a node or a key: its keys from the top, joined by dots."""
        if not self._paths:
            self._walk(self.root, "")
        return self._paths.get(id(node), "")

    def lose(self, node: Node) -> None:
        """Remember the names in a part that is not read any further."""
        if isinstance(node, Scalar):
            self.lost.update(_WORD(node.text))
        elif isinstance(node, Sequence):
            for item in node.items:
                self.lose(item)
        else:
            for key, child in node.entries:
                self.lose(key)
                self.lose(child)

    def _walk(self, node: Node, path: str) -> None:
        self._paths[id(node)] = path
        if isinstance(node, Mapping):
            for key, child in node.entries:
                way = f"{path}.{key.text}" if path else key.text
                self._paths[id(key)] = way
                self._walk(child, way)
        elif isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                self._walk(item, f"{path}[{number}]")


def span_of(node: Node) -> Span:
    """Where to point: a text itself; of anything longer than a line its first line's beginning."""
    span = node.span
    if isinstance(node, Scalar) or span.line == span.end_line:
        return span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)


def part_of(node: Scalar, start: int, end: int | None = None) -> Span:
    """The characters ``[start, end)`` of a text; all of it where they can't be told apart."""
    span = node.span
    width = span.end_column - span.column
    quote = 0 if node.plain else 1
    if span.line != span.end_line or width != len(node.text) + 2 * quote:
        return span
    column = span.column + quote
    stop = len(node.text) if end is None else end
    return Span(span.file, span.line, column + start, span.line, column + stop)
