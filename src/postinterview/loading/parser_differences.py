"""Refuse or settle what libyaml and PyYAML's pure parser read differently, and texts that end unexpectedly.

`nodes` asks here about every value that is not plainly harmless: in a file without special signs, about none.
"""

from __future__ import annotations

import re
from typing import Any

from attrs import evolve

from postinterview.loading import syntax_messages as say
from postinterview.loading.decoding import ODD_BLANK, TAB, hidden, with_tabs
from postinterview.loading.diagnostics import Diagnostic, Findings, Label, Span, Template
from postinterview.loading.misplaced_text import space_missing
from postinterview.loading.parser_errors import cut_short, find_bad_escape
from postinterview.loading.source_text import Mark, Position, Scalar, SourceText

_HEADER_WITH_COMMENT = re.compile(r"[|>][-+\d]*#")
_TIGHT_COLON = re.compile(r" *(:)[,\[\]{}?]")


class StopReadingError(Exception):
    """Reading on would be useless or unsafe."""


class Inspector:
    """Looks at the values of one file, and reports with the path to the value."""

    def __init__(self, source: SourceText, findings: Findings) -> None:
        self._source, self._findings = source, findings
        self._path: list[str] = []
        self._holed = False
        # Most files hold none of these, and then no scalar needs a second look.
        marked = any(mark in source.text for mark in ("&", "!", "\\", TAB))
        self._look = marked or bool(source.cuts) or not source.text.isascii()

    def _settle_missing(self, key: Scalar, value: Scalar) -> None:
        """Put a missing value right after its key, since the parsers disagree on where it is."""
        if value.start.line == value.end.line and value.start.column == value.end.column:
            value.start = value.end = key.end
            if self._look:
                self._inspect_cut(value, 1)
        if key.plain and ":" in key.text and not self._source.rest_of_line(key.end).lstrip().startswith(":"):
            self._report(space_missing(key.text, key.span), hole=True)

    def _inspect_marks(self, event: Any) -> None:
        if event.anchor is None and event.tag is None:
            return
        start = event.start_mark
        line = self._source.lines[start.line]
        for sign, template in (("&", say.ANCHOR), ("!", say.TYPE_NAME)):
            found = (event.anchor if sign == "&" else event.tag) is not None
            if found and (match := re.compile(rf"{sign}[^\s,\[\]{{}}]*").search(line, start.column)):
                where = self._source.span(
                    Position(start.line, match.start()), Position(start.line, match.end())
                )
                # The parsers disagree on where such a name ends, so on what the value is.
                self._refuse(template, where, hole=True, name=match.group())

    def _inspect_text(self, scalar: Scalar, style: str | None) -> None:
        source = self._source
        if TAB in scalar.text:
            if scalar.plain:
                at = source.find(TAB, scalar.start)
                self._refuse(say.TAB, source.stretch(at, 1), hole=True)
            else:
                scalar.text = scalar.text.replace(TAB, "\t")
        if style == '"' and (bad := find_bad_escape(source, scalar.start, scalar.end)):
            self._add(bad)  # without its path, as the other parser's error has none
            raise StopReadingError
        if scalar.plain and scalar.text:
            self._inspect_cut(scalar, 0)
            if blank := ODD_BLANK.search(scalar.text):
                at = source.find(blank[1], scalar.start)
                self._report(hidden(blank[1], source.stretch(at, 1)), hole=True)

    def _inspect_cut(self, scalar: Scalar, beyond: int) -> None:
        line, column = scalar.end.line, scalar.end.column + beyond
        if (line, column) in self._source.cuts:
            at = Position(line, column + 1)
            if self._findings.full:
                self._findings.leave_out(self._source.rest(at))
            else:
                lost = self._source.rest_of_line(at)
                self._report(cut_short(scalar.text, scalar.span, self._source.rest(at), lost))

    def _inspect_colon(self, end: Mark) -> None:
        """Refuse a colon that touches a bracket: libyaml does, and the pure parser reads it."""
        if colon := _TIGHT_COLON.match(self._source.lines[end.line], end.column):
            self._add(say.TIGHT_COLON.at(self._source.stretch(Position(end.line, colon.start(1)), 1)))
            raise StopReadingError

    def _inspect_header(self, start: Mark) -> None:
        """Refuse a comment that touches `|` or `>`: libyaml reads it, and the pure parser doesn't."""
        header = self._source.rest_of_line(start)
        if _HEADER_WITH_COMMENT.match(header):
            self._holed = True
            self._add(say.BLOCK_HEADER.at(self._source.rest(start), sign=header[:1]))

    def _inspect_lines(self, scalar: Scalar) -> None:
        """Refuse a list item that is indented too far: YAML reads it as more of the text above."""
        for line in range(scalar.start.line + 1, scalar.end.line + 1):
            text = self._source.lines[line].lstrip()
            at = Position(line, len(self._source.lines[line]) - len(text))
            if text.startswith("- "):
                others = (Label(scalar.span, "the text begins here"),)
                self._refuse(say.SWALLOWED_ITEM, self._source.rest(at), others=others)
            elif text.startswith("?"):  # the parsers disagree on it, between brackets
                self._refuse(say.BAD_LINE, self._source.stretch(at, 1), hole=True)

    def _refuse(
        self,
        what: Template,
        where: Span,
        *,
        hole: bool = False,
        others: tuple[Label, ...] = (),
        **words: str | int,
    ) -> None:
        if self._findings.full:
            self._holed = self._holed or hole
            self._findings.leave_out(where)
        else:
            self._report(what.at(where, others=others, fix=None, **words), hole=hole)

    def _report(self, diagnostic: Diagnostic, *, hole: bool = False) -> None:
        """Report a fault. ``hole``: a part of the file is unknown, so no later stage may judge it."""
        self._holed = self._holed or hole
        self._add(evolve(diagnostic, path=".".join(self._path).replace(".[", "[")))

    def _add(self, diagnostic: Diagnostic) -> None:
        self._findings.add(with_tabs(diagnostic) if TAB in self._source.text else diagnostic)
