"""Report faults at nodes as diagnostics. The way to a node is worked out when the first fault is found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import define, field

from postinterview.core.values.suggest import Guesses
from postinterview.loading.diagnostics import Diagnostic, Findings, Fix, Label, Severity, Span, Template
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence

_WORD = re.compile(r"[^\W_]\w*(?:-\w+)*").findall


@define(eq=False)
class Report:
    """Collect what the stages after syntax find in one file.

    ``lost``: the names in parts that could not be read. They may be uses of something, so nothing
    that they name is called unused. ``lost_kinds``: the kinds of names that are missing altogether.
    ``guesses`` suggests names, and stops when that has taken long. ``removed``: the names that a file takes
    away from the one that it extends. ``new``: for each id that it adds, those of the other file beside it.
    """

    findings: Findings
    root: Node
    lost: set[str] = field(factory=set)
    lost_kinds: set[str] = field(factory=set)
    guesses: Guesses = field(factory=Guesses)
    removed: dict[str, Scalar] = field(factory=dict)
    new: dict[str, dict[str, Scalar]] = field(factory=dict)
    _steps: dict[int, tuple[int, str]] = field(factory=dict)

    @property
    def count(self) -> int:
        """The number of findings, those that are only counted among them."""
        return self.findings.count

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
        span = where if isinstance(where, Span) else span_of(where)
        if self.findings.full:
            self.findings.leave_out(span, severity)
            return
        if path is None:
            path = "" if isinstance(where, Span) else self.path(where)
        if instead is not None and fix is None:
            fix = Fix(span, instead)
        self.findings.add(
            Diagnostic(
                code=code,
                severity=severity,
                message=message,
                where=span,
                path=path,
                label=label,
                others=tuple(
                    Label(place if isinstance(place, Span) else span_of(place), text)
                    for place, text in others
                ),
                help=help,
                fix=fix,
            )
        )

    def tell(
        self,
        what: Template,
        where: Node | Span,
        *,
        path: str | None = None,
        instead: str | None = None,
        fix: Fix | None = None,
        others: Iterable[tuple[Node | Span, str]] = (),
        **words: str,
    ) -> None:
        """Report one fault as `add` does, with ``words`` in the gaps of the template."""
        if self.findings.full:
            self.findings.leave_out(where if isinstance(where, Span) else span_of(where))
            return
        message, label, help = (each.format(**words) for each in (what.message, what.label, what.help))
        self.add(what.code, where, message, label, help, path=path, instead=instead, fix=fix, others=others)

    def meant(self, id: str) -> Scalar | None:
        """Return the id of the extended file that a new one may stand for, where it is written."""
        known = self.new.get(id, {})
        found = self.guesses.closest(id, known)
        return known[found[0]] if found else None

    def path(self, node: Node) -> str:
        """Return the keys that lead to a node or a key from the top, such as ``steps[2].event``."""
        if not self._steps:
            self._walk(self.root)
        steps: list[str] = []
        parent, step = self._steps.get(id(node), (0, ""))
        while step:
            steps.append(step)
            parent, step = self._steps.get(parent, (0, ""))
        return "".join(reversed(steps)).removeprefix(".")

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

    def _walk(self, node: Node) -> None:
        """Remember the last step to each node, and not its whole path: keys may be long and levels many."""
        if isinstance(node, Mapping):
            for key, child in node.entries:
                self._steps[id(key)] = self._steps[id(child)] = id(node), f".{key.text}"
                self._walk(child)
        elif isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                self._steps[id(item)] = id(node), f"[{number}]"
                self._walk(item)


def span_of(node: Node) -> Span:
    """Return where to point: a text itself, or the first character of what is longer than a line."""
    span = node.span
    return span if isinstance(node, Scalar) or span.line == span.end_line else start_of(node)


def start_of(node: Node) -> Span:
    """Return the span of the first character."""
    span = node.span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)


def part_of(node: Scalar, start: int, end: int | None = None) -> Span:
    """Return the span of the characters ``[start, end)`` of a text.

    It is the span of the whole text if that has several lines or escapes, where columns can't be counted.
    """
    span = node.span
    width = span.end_column - span.column
    quote = 0 if node.plain else 1
    if span.line != span.end_line or width != len(node.text) + 2 * quote:
        return span
    column = span.column + quote
    stop = len(node.text) if end is None else end
    return Span(span.file, span.line, column + start, span.line, column + stop)
