"""Diagnostics as text with the source line and a caret, and as plain data. Pure: nothing is printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any

from attrs import frozen

from postinterview.loading.decoding import HIDDEN
from postinterview.loading.diagnostics import Diagnostic, Label, Span

MAX_WIDTH = 100
"""A source line is shown this wide at most; a longer one is cut around the caret."""

_LEAD = 30
_TAB = "    "
_LINE_END = re.compile("\r\n|\r|\n")
_RED, _YELLOW, _BLUE, _CYAN, _BOLD = "31;1", "33;1", "34;1", "36;1", "1"


def text(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, str],
    *,
    colour: bool = False,
    width: int = 0,
) -> str:
    """All diagnostics, a blank line between them, and a last line that counts them.

    ``sources`` has the text of each file by the name that spans use; without it there is no source
    line. What comes from a file is shown with its control characters spelled out. ``width``: sentences are
    broken, and source lines cut, to so many columns; 0: as they come. Empty: no findings.
    """
    found = list(diagnostics)
    if not found:
        return ""
    return f"{drawn(found, sources, colour=colour, width=width)}\n\n{summary(found)}\n"


def drawn(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], *, colour: bool = False, width: int = 0
) -> str:
    """The same without the count."""
    lines = {file: _LINE_END.split(source.removeprefix("\ufeff")) for file, source in sources.items()}
    return "\n\n".join(_Drawing(lines, colour, width).diagnostic(each) for each in diagnostics)


def wrapped(sentence: str, under: str, width: int) -> str:
    """A sentence in lines of so many columns, all but the first behind ``under``; 0: as it is."""
    if not width or len(sentence) <= width:
        return sentence
    return "\n".join(
        wrap(sentence, width, subsequent_indent=under, break_long_words=False, break_on_hyphens=False)
    )


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are, as ``2 errors, 1 warning``."""
    severities = [each.severity for each in diagnostics]
    counts = [(severities.count(kind), kind) for kind in ("error", "warning")]
    return (
        ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for count, kind in counts if count)
        or "no errors"
    )


def as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """The same as plain data: lines and columns from 1, ends exclusive."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
            **_span_data(each.where),
            "path": each.path,
            "label": each.label,
            "others": [{**_span_data(other.span), "text": other.text} for other in each.others],
            "notes": list(each.notes),
            "help": each.help,
            "fix": {**_span_data(each.fix.span), "text": each.fix.text} if each.fix else None,
        }
        for each in diagnostics
    ]


def visible(raw: str) -> str:
    """The text on one line, safe for a terminal: what can't be seen is spelled out."""
    return "".join(_cell(character) for character in raw)


def _span_data(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _cell(character: str) -> str:
    if character == "\t":
        return _TAB
    if HIDDEN.match(character) or character in "\n\r":
        return f"<U+{ord(character):04X}>"
    return character


def _width(shown: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        2
        if unicodedata.east_asian_width(character) in "WF"
        else 0
        if unicodedata.category(character) in ("Mn", "Me", "Cf")
        else 1
        for character in shown
    )


@frozen
class _Excerpt:
    """One source line as shown, and where the mark under it begins and how long it is."""

    line: str
    indent: int
    length: int


def _excerpt(raw: str, span: Span, width: int) -> _Excerpt:
    start = min(span.column - 1, len(raw))
    end = len(raw) if span.end_line > span.line else min(span.end_column - 1, len(raw))
    skipped = max(start - width, 0)
    cells = [_cell(character) for character in raw[skipped : start + width + 1]]
    widths = [_width(cell) for cell in cells]
    start, end = start - skipped, min(max(end, start) - skipped, len(cells))
    first, last = (0, len(cells)) if sum(widths) <= width else _window(widths, start, width)
    end = max(min(end, last), start)
    head = "…" if first or skipped else ""
    tail = "…" if last < len(cells) or skipped + len(cells) < len(raw) else ""
    line = head + "".join(cells[first:last]) + tail
    return _Excerpt(line.rstrip(), len(head) + sum(widths[first:start]), max(sum(widths[start:end]), 1))


def _window(widths: list[int], start: int, width: int) -> tuple[int, int]:
    """The part of a long line to show: from its beginning if that reaches ``start``."""
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
class _Drawing:
    """Draws diagnostics. ``lines``: each file's lines."""

    lines: Mapping[str, list[str]]
    colour: bool
    width: int

    def diagnostic(self, each: Diagnostic) -> str:
        tone = _RED if each.severity == "error" else _YELLOW
        gutter = len(str(max([each.where.line, *(other.span.line for other in each.others)])))
        sign = f"{each.severity}[{each.code}]"
        said = wrapped(f"{sign}: {visible(each.message)}", "  ", self.width).removeprefix(sign)
        head = self._paint(sign, tone) + self._paint(said, _BOLD)
        way = f"   {visible(each.path)}" if each.path else ""
        place = visible(str(each.where))
        if self.width and gutter + 4 + len(place) + len(way) > self.width:
            way = f"\n{' ' * (gutter + 4)}{way.strip()}" if way else ""
        out = [head, f"{' ' * gutter}{self._paint('-->', _BLUE)} {place}{way}"]
        out += self._marked(each, gutter, tone)
        equals = f"{' ' * gutter} {self._paint('=', _BLUE)}"
        under = " " * (gutter + 2)
        room = max(self.width - gutter - 3, _LEAD) if self.width else 0
        for number, told in enumerate(each.notes):
            first, *more = wrapped(visible(told), "   ", room).split("\n")
            out.append(f"{under if number else equals} {first}")
            out += [f"{under} {part}" for part in more]
        hint = f"postinterview explain {each.code}"
        note = f"help: {visible(each.help)}" if each.help else hint
        if each.help and (not room or len(note) + len(hint) + 4 <= room):
            note, hint = f"{note}    {hint}", ""
        first, *more = wrapped(note, " " * 6, room).split("\n")
        out += [f"{equals} {first}", *(f"{under} {part}" for part in more)]
        if each.help and hint:
            out.append(f"{equals} {hint}")
        return "\n".join(out)

    def _marked(self, each: Diagnostic, gutter: int, tone: str) -> list[str]:
        """The source lines with their marks, the place itself first."""
        out: list[str] = []
        bar = f"{' ' * gutter} {self._paint('|', _BLUE)}"
        above: tuple[str, int, str] | None = None
        main, file = Label(each.where, each.label), each.where.file
        for label in (main, *each.others):
            span, words = label.span, visible(label.text)
            if span.file != file:
                out.append(f"{' ' * gutter}{self._paint(':::', _BLUE)} {visible(str(span))}")
                file = span.file
            raw = self._line(span)
            if raw is None:
                out += [f"{bar} line {span.line}: {words}"] if words else []
                continue
            room = max(self.width - gutter - 3, _LEAD + 4) if self.width else MAX_WIDTH
            excerpt = _excerpt(raw, span, min(room, MAX_WIDTH))
            if above != (span.file, span.line, excerpt.line):
                above = (span.file, span.line, excerpt.line)
                number = self._paint(f"{span.line:>{gutter}} |", _BLUE)
                out += [bar, f"{number} {excerpt.line}".rstrip()]
            sign, paint = ("^", tone) if label is main else ("-", _CYAN)
            mark = f"{sign * excerpt.length} {words}".rstrip()
            if self.width and gutter + 3 + excerpt.indent + len(mark) > self.width:
                out.append(f"{bar} {' ' * excerpt.indent}{self._paint(sign * excerpt.length, paint)}")
                said = wrapped(words, "", room).split("\n")
                out += [f"{bar} {self._paint(each, paint)}" for each in said]
                continue
            out.append(f"{bar} {' ' * excerpt.indent}{self._paint(mark, paint)}")
        return out

    def _line(self, span: Span) -> str | None:
        lines = self.lines.get(span.file, [])
        return lines[span.line - 1] if span.line <= len(lines) else None

    def _paint(self, shown: str, code: str) -> str:
        return f"\x1b[{code}m{shown}\x1b[0m" if self.colour else shown
