"""A diagnostic is data: what is wrong, where, and what to type instead. Renderers live elsewhere."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import Factory, define, frozen

from postinterview.core.definitions import Origin

Severity: TypeAlias = Literal["error", "warning"]
Stage: TypeAlias = Literal["syntax", "shape", "references", "graph", "conduct", "scenario"]


@frozen(order=True)
class Span:
    """A stretch of one file: lines and columns from 1, in characters; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @staticmethod
    def at(origin: Origin, name: str) -> Span:
        """Return the stretch where ``name`` begins at its definition."""
        return Span(origin.file, origin.line, origin.column, origin.line, origin.column + len(name))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@frozen
class Label:
    """A note beside a second place, such as where a name was defined."""

    span: Span
    text: str


@frozen
class Fix:
    """A replacement that would mend the fault: put ``text`` in place of ``span``."""

    span: Span
    text: str


@frozen(kw_only=True)
class Diagnostic:
    """One finding.

    ``path`` is the way to the value, such as ``machines.application.start``; ``label`` the words
    under the caret; ``notes`` lines that tell more, such as a story; ``help`` what to do. ``message``
    is lower case, without a full stop.
    """

    code: str
    severity: Severity = "error"
    message: str
    where: Span
    path: str = ""
    label: str = ""
    others: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    fix: Fix | None = None


@define
class Findings:
    """Collects what a loader finds, so that everything is reported at once."""

    found: list[Diagnostic] = Factory(list)

    def add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)

    @property
    def has_errors(self) -> bool:
        return any(d.severity == "error" for d in self.found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """In reading order: by file, line, column, code; the same finding once."""
        unique = dict.fromkeys(self.found)
        return tuple(sorted(unique, key=lambda d: (d.where, d.code, d.message)))
