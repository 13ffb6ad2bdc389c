"""A diagnostic as data: what is wrong, where, and what to type instead. `loading.render` shows it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal, TypeAlias

from attrs import define, field, frozen

from postinterview.core.rules.definitions import Origin

Severity: TypeAlias = Literal["error", "warning"]

MAX_DIAGNOSTICS = 100
"""A file's further findings are only counted: nobody mends so many at once, and they would take megabytes."""

MAX_QUOTE, MAX_TEXT = 60, 700
"""The most characters of the user's text that are quoted, and the greatest length of a sentence."""

_MAX_ADVICE = 450  # what the help says to type is often longer than a name
_QUOTE, _ADVICE = (re.compile(f"`([^`]{{{most + 1},}})`") for most in (MAX_QUOTE, _MAX_ADVICE))


def _shorten(text: str) -> str:
    return _cut(_QUOTE.sub(lambda match: f"`{match[1][: MAX_QUOTE - 1]}…`", text))


def _shorten_help(text: str) -> str:
    return _cut(_ADVICE.sub(lambda match: f"`{match[1][: _MAX_ADVICE - 1]}…`", text))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


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

    def up_to(self, last: Span) -> Span:
        """Return the stretch from where this one begins to where ``last`` ends."""
        return Span(self.file, self.line, self.column, last.end_line, last.end_column)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@frozen
class Label:
    """A note at a second place, such as where a name was defined."""

    span: Span
    text: str = field(converter=_shorten)


@frozen
class Fix:
    """A replacement that would mend the fault: put ``text`` in place of ``span``."""

    span: Span
    text: str


@frozen(kw_only=True)
class Diagnostic:
    """One finding.

    ``path`` leads to the value, such as ``machines.application.start``. ``label`` is shown under the
    caret. ``notes`` are lines that tell more, such as a story. ``help`` says what to do. ``message`` is
    lower case and has no full stop. ``count``: how many findings this one stands for. Texts are cut to a
    bounded length; ``fix`` never is.
    """

    code: str
    severity: Severity = "error"
    message: str = field(converter=_shorten)
    where: Span
    path: str = field(default="", converter=_cut)
    label: str = field(default="", converter=_shorten)
    others: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = field(default="", converter=_shorten_help)
    fix: Fix | None = None
    count: int = 1


LEFT_OUT = "PI009"
"""The code of the finding that counts those which are not shown."""


@define
class Findings:
    """Collects the findings of one file, so that all of them are reported at once.

    INVARIANT: no more than ``MAX_DIAGNOSTICS`` are kept, and ``count`` counts all. ``first_left_out`` is
    where the first one is that was not kept.
    """

    found: list[Diagnostic] = field(factory=list)
    count: int = 0
    has_errors: bool = False
    first_left_out: Span | None = None

    @property
    def full(self) -> bool:
        """Return whether a further finding would only be counted, so that its text need not be made."""
        return self.first_left_out is not None

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a finding, or only count it if there are many."""
        if len(self.found) < MAX_DIAGNOSTICS:
            self.found.append(diagnostic)
            self.count += 1
            self.has_errors = self.has_errors or diagnostic.severity == "error"
        else:
            self.leave_out(diagnostic.where, diagnostic.severity)

    def leave_out(self, where: Span, severity: Severity = "error") -> None:
        """Count a finding without keeping it."""
        self.count += 1
        self.has_errors = self.has_errors or severity == "error"
        self.first_left_out = self.first_left_out or where

    def replace(self, found: Collection[Diagnostic], instead: Collection[Diagnostic]) -> None:
        """Put findings in place of those of the same codes at the same places."""
        known = {(each.where, each.code) for each in found}
        left = [each for each in self.found if (each.where, each.code) not in known]
        self.count -= len(self.found) - len(left)
        self.found[:] = [*left, *instead]
        self.count += len(instead)

    def clear(self) -> None:
        """Forget all findings, since the file is read again."""
        self.found.clear()
        self.count, self.has_errors, self.first_left_out = 0, False, None

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return the findings by file, line, column and code, each once; last, how many were left out."""
        unique = dict.fromkeys(self.found)
        found = sorted(unique, key=lambda d: (d.where, d.code, d.message))
        if self.first_left_out is not None:
            more = self.count - len(self.found)
            findings = f"{more:,} more findings are" if more > 1 else "one more finding is"
            found.append(
                Diagnostic(
                    code=LEFT_OUT,
                    severity="error" if self.has_errors else "warning",
                    message=f"{findings} not shown",
                    where=self.first_left_out,
                    label="the first of them",
                    help="mend those above, and ask again",
                    count=more,
                )
            )
        return tuple(found)


@frozen
class Template:
    """The texts of a diagnostic, with a gap such as ``{name}`` for each word that the place decides."""

    code: str
    message: str
    label: str = ""
    help: str = ""

    def at(
        self, where: Span, *, others: tuple[Label, ...] = (), fix: Fix | None = None, **words: str | int
    ) -> Diagnostic:
        """Return the diagnostic at a place, with ``words`` in the gaps."""
        return Diagnostic(
            code=self.code,
            message=self.message.format(**words),
            where=where,
            label=self.label.format(**words),
            others=others,
            help=self.help.format(**words),
            fix=fix,
        )
