"""Diagnostics as lines of text with the source line and a mark under it, and as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from attrs import asdict, frozen

from postinterview.core.values.formatting import say_count
from postinterview.layout import (
    BLANK,
    Line,
    Piece,
    Style,
    display_width,
    hang,
    line,
    line_width,
    plain,
    visible,
    visible_character,
)
from postinterview.loading.diagnostics import Diagnostic, Label, Span

MAX_WIDTH = 100
"""A source line is shown this wide at most, in columns. A longer one is cut around the mark."""

_LEAD = 30  # so many columns before the mark are kept in a line that is cut
_LINE_END = re.compile("\r\n|\r|\n")


def text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """Return all diagnostics with a blank line between them and a last line that counts them.

    ``sources`` has the text of each file by the name that spans use. A diagnostic about a file that is not
    in it is shown without its source line. The text of no findings is empty.
    """
    found = list(diagnostics)
    return plain([*lines(found, sources), BLANK, line(summary(found))]) if found else ""


def lines(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], width: int = 0) -> Iterator[Line]:
    """Yield the lines of all diagnostics, a blank line between them.

    ``width``: sentences are wrapped and source lines cut to so many columns; 0 leaves sentences as they are.
    """
    split = {file: _LINE_END.split(source.removeprefix("\ufeff")) for file, source in sources.items()}
    for number, each in enumerate(diagnostics):
        if number:
            yield BLANK
        gutter = len(str(max(each.where.line, *(other.span.line for other in each.others), 0)))
        yield from _DiagnosticLayout(split, width, gutter).diagnostic(each)


def github_annotations(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield each diagnostic as a workflow command of GitHub Actions, which shows it beside the line.

    Characters are escaped as GitHub's own toolkit does: github.com/actions/toolkit, core, command.ts.
    """
    for each in diagnostics:
        where = each.where
        properties = {
            "title": f"postinterview {each.code}",
            "file": where.file,
            "line": str(where.line),
            "endLine": str(where.end_line),
        }
        if where.line == where.end_line:  # GitHub takes columns of one line only
            properties |= {"col": str(where.column), "endColumn": str(where.end_column)}
        said = [each.message + (f": {each.label}" if each.label else ""), *each.notes]
        said += [f"help: {each.help}"] if each.help else []
        given = ",".join(f"{name}={_in_property(value)}" for name, value in properties.items())
        yield f"::{each.severity} {given}::{_in_message(chr(10).join(map(visible, said)))}"


def github_notice(title: str, file: str, line: int, message: str) -> str:
    """Return a workflow command of GitHub Actions that shows what is no finding beside a line."""
    where = f"title={_in_property(title)},file={_in_property(file)},line={line}"
    return f"::notice {where}::{_in_message(visible(message))}"


def _in_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_property(text: str) -> str:
    return _in_message(visible(text)).replace(":", "%3A").replace(",", "%2C")


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the count of errors and warnings, such as ``2 errors, 1 warning``."""
    found = list(diagnostics)
    counts = [(sum(d.count for d in found if d.severity == kind), kind) for kind in ("error", "warning")]
    return ", ".join(say_count(count, kind) for count, kind in counts if count) or "no errors"


def diagnostics_data(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return the diagnostics as plain data. Lines and columns count from 1; ends are exclusive."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
            **asdict(each.where),
            "path": each.path,
            "label": each.label,
            "others": [{**asdict(other.span), "text": other.text} for other in each.others],
            "notes": list(each.notes),
            "help": each.help,
            "fix": {**asdict(each.fix.span), "text": each.fix.text} if each.fix else None,
        }
        for each in diagnostics
    ]


@frozen
class _Excerpt:
    """A source line as shown, and where the mark under it begins and how long it is, in columns."""

    line: str
    indent: int
    length: int


def _excerpt(raw: str, span: Span, width: int) -> _Excerpt:
    """Cut a source line to ``width`` columns around the beginning of the span."""
    start = min(span.column - 1, len(raw))
    end = len(raw) if span.end_line > span.line else min(span.end_column - 1, len(raw))
    skipped = max(start - width, 0)
    cells = [visible_character(character) for character in raw[skipped : start + width + 1]]
    widths = [display_width(cell) for cell in cells]
    start, end = start - skipped, min(max(end, start) - skipped, len(cells))
    first, last = (0, len(cells)) if sum(widths) <= width else _window(widths, start, width)
    end = max(min(end, last), start)
    head = "…" if first or skipped else ""
    tail = "…" if last < len(cells) or skipped + len(cells) < len(raw) else ""
    shown = head + "".join(cells[first:last]) + tail
    return _Excerpt(shown.rstrip(), len(head) + sum(widths[first:start]), max(sum(widths[start:end]), 1))


def _window(widths: list[int], start: int, width: int) -> tuple[int, int]:
    """Return the part of a long line to show. It begins with the line if that leaves room for ``start``."""
    first = 0
    if sum(widths[: start + 1]) > width - _LEAD:
        first, lead = start, 0
        while first > 0 and lead + widths[first - 1] <= _LEAD:
            first -= 1
            lead += widths[first]
    last, shown = first, 0
    while last < len(widths) and shown + widths[last] <= width - 2:
        shown += widths[last]
        last += 1
    return first, last


@frozen
class _DiagnosticLayout:
    """Sets one diagnostic. ``source``: each file's lines; ``gutter``: the columns of its line numbers."""

    source: Mapping[str, list[str]]
    width: int
    gutter: int

    def diagnostic(self, each: Diagnostic) -> Iterator[Line]:
        tone: Style = "failed" if each.severity == "error" else "warned"
        sign = line(Piece(f"{each.severity}[{each.code}]", tone))
        yield from self._wrap(sign, line(Piece(f": {visible(each.message)}", "title")), 2)
        yield from self._located(each)
        yield from self._marked(each, tone)
        for number, note in enumerate(each.notes):
            yield from self._note(visible(note), 3, first=number == 0)
        if each.help:
            yield from self._note(f"help: {visible(each.help)}", 6)
        yield from self._note(f"more: `postinterview explain {each.code}`", 6)

    @property
    def room(self) -> int:
        """The columns to the right of the gutter."""
        return max(self.width - self.gutter - 3, _LEAD + 4)

    def _located(self, each: Diagnostic) -> Iterator[Line]:
        """Yield where the finding is; the path within the file gets its own line if there is no room."""
        where = line(" " * self.gutter, Piece("-->", "gutter"), f" {visible(str(each.where))}")
        path = visible(each.path)
        if not path or not self.width or line_width(where) + 3 + display_width(path) <= self.width:
            yield (*where, Piece(f"   {path}" if path else ""))
        else:
            yield where
            yield line(" " * (self.gutter + 4), path)

    def _marked(self, each: Diagnostic, tone: Style) -> Iterator[Line]:
        """Yield the source lines with their marks, the place of the finding first."""
        main, file = Label(each.where, each.label), each.where.file
        above: tuple[str, int, str] | None = None
        for label in (main, *each.others):
            span, said = label.span, visible(label.text)
            if span.file != file:
                yield line(" " * self.gutter, Piece(":::", "gutter"), f" {visible(str(span))}")
                file = span.file
            raw = self._source_line(span)
            if raw is None:
                if said:
                    yield self._bar(f"line {span.line}: {said}")
                continue
            excerpt = _excerpt(raw, span, min(self.room, MAX_WIDTH) if self.width else MAX_WIDTH)
            if above != (span.file, span.line, excerpt.line):
                above = (span.file, span.line, excerpt.line)
                yield self._bar()
                yield line(Piece(f"{span.line:>{self.gutter}} |", "gutter"), f" {excerpt.line}")
            sign, style = ("^", tone) if label is main else ("-", "related")
            indent, mark = " " * excerpt.indent, sign * excerpt.length
            if self.width and excerpt.indent + len(mark) + 1 + display_width(said) > self.room and said:
                yield self._bar(indent, Piece(mark, style))
                yield from hang(self._bar(""), line(Piece(said, style)), self.width, self.gutter + 3)
            else:
                yield self._bar(indent, Piece(f"{mark} {said}", style))

    def _bar(self, *parts: Piece | str) -> Line:
        blank = (" ",) if parts else ()
        return line(" " * self.gutter, Piece(" |", "gutter"), *blank, *parts)

    def _note(self, said: str, indent: int, *, first: bool = True) -> Iterator[Line]:
        lead = line(" " * self.gutter, Piece(" = " if first else "   ", "gutter"))
        return self._wrap(lead, line(said), self.gutter + 3 + indent)

    def _wrap(self, lead: Line, body: Line, indent: int) -> Iterator[Line]:
        if not self.width or line_width(lead) + line_width(body) <= self.width:
            return chain([(*lead, *body)])
        return hang(lead, body, self.width, indent)

    def _source_line(self, span: Span) -> str | None:
        found = self.source.get(span.file, [])
        return found[span.line - 1] if span.line <= len(found) else None
