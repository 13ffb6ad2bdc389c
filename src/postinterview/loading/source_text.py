"""The text of a file while it is parsed, and its content as a tree of values with their places."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Protocol, TypeAlias

from attrs import define, frozen

from postinterview.loading.diagnostics import Span

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Mark(Protocol):
    """A place in the text: line and column from 0, in characters."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


@frozen
class Position:
    """A place that no parser's mark names."""

    line: int
    column: int


@define(eq=False, slots=False)
class SourceText:
    """The text of a file as the parser gets it.

    ``shifts``: for each line, the columns before which two characters of the file were taken out.
    ``cuts``: line and column of each single space before a ``#`` that touches a word.
    """

    file: str
    text: str
    shifts: dict[int, list[int]]
    cuts: frozenset[tuple[int, int]]

    def span(self, start: Mark, end: Mark) -> Span:
        """Return the span between two places, in the columns of the user's file."""
        line, column, end_line, end_column = start.line, start.column, end.line, end.column
        if self.shifts:
            column += 2 * bisect_right(self.shifts.get(line, []), column)
            end_column += 2 * bisect_right(self.shifts.get(end_line, []), end_column)
        return Span(self.file, line + 1, column + 1, end_line + 1, end_column + 1)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def find(self, wanted: str, start: Mark) -> Position:
        """Return the first place of ``wanted`` from ``start`` on. It must be there."""
        line, column = start.line, start.column
        while (found := self.lines[line].find(wanted, column)) < 0:
            line, column = line + 1, 0
        return Position(line, found)

    def between(self, start: Mark, end: Mark) -> str:
        """Return the text from ``start`` up to ``end``."""
        if start.line == end.line:
            return self.lines[start.line][start.column : end.column]
        inner = self.lines[start.line + 1 : end.line]
        return "\n".join([self.lines[start.line][start.column :], *inner, self.lines[end.line][: end.column]])

    def before(self, end: Mark) -> SourceText:
        """Return the text up to ``end``, as a text of its own."""
        return SourceText(self.file, self.between(Position(0, 0), end), self.shifts, self.cuts)

    @property
    def end(self) -> Position:
        return Position(len(self.lines) - 1, len(self.lines[-1]))

    def clamp(self, mark: Mark | None) -> Position:
        """Return the place of a parser's mark, moved into the text if it is beyond its end."""
        if mark is None or mark.line >= len(self.lines):
            return self.end
        return Position(mark.line, min(mark.column, len(self.lines[mark.line])))

    def character(self, at: Mark) -> str:
        """Return the character at a place, or an empty text at the end of a line."""
        return self.lines[at.line][at.column : at.column + 1]

    def stretch(self, start: Mark, length: int) -> Span:
        """Return the span of ``length`` characters of one line."""
        return self.span(start, Position(start.line, start.column + length))

    def rest_of_line(self, start: Mark) -> str:
        """Return the text from a place to the end of its line, without trailing spaces."""
        return self.lines[start.line][start.column :].rstrip()

    def rest(self, start: Mark) -> Span:
        """Return the span of ``rest_of_line``."""
        return self.stretch(start, len(self.rest_of_line(start)))

    def line_before(self, line: int) -> int | None:
        """Return the nearest line above that holds more than a comment, if there is one."""
        for number in range(line - 1, -1, -1):
            if self.lines[number].strip() and not self.lines[number].lstrip().startswith("#"):
                return number
        return None


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
    """One value as written. ``plain``: it has no quotes. A plain empty one means that no value is there.

    ``inherited``: it is the key of something that the file only changes, and has from the file it extends.
    """

    text: str
    plain: bool
    source: SourceText
    start: Mark
    end: Mark
    inherited: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether no value is there, as YAML has it: nothing, or a word for nothing without quotes."""
        return self.plain and self.text in _NOTHING


@define(eq=False)
class Mapping(_Placed):
    """Keys and values in the order of the file. No key occurs twice.

    ``emptied``: a file takes away all entries that the one has which it extends.
    """

    entries: tuple[tuple[Scalar, Node], ...]
    source: SourceText
    start: Mark
    end: Mark
    emptied: bool = False


@define(eq=False)
class Sequence(_Placed):
    """Items in the order of the file."""

    items: tuple[Node, ...]
    source: SourceText
    start: Mark
    end: Mark


Node: TypeAlias = Scalar | Mapping | Sequence


def in_one_line(node: Node) -> str:
    """Return a value as a file could say it in one line."""
    match node:
        case Scalar():
            return " ".join(node.text.split()) if node.plain else _quoted(node.text)
        case Sequence(items=items):
            return f"[{', '.join(map(in_one_line, items))}]"
        case Mapping(entries=entries):
            return f"{{{', '.join(f'{key.text}: {in_one_line(value)}' for key, value in entries)}}}"


def _quoted(text: str) -> str:
    said = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{said}"'


def entries_of(node: Node) -> dict[tuple[str, ...], tuple[Scalar, Node]]:
    """Return the key and the value of each entry of a tree, by the path to it."""
    found: dict[tuple[str, ...], tuple[Scalar, Node]] = {}

    def walk(node: Node, path: tuple[str, ...]) -> None:
        for key, value in node.entries if isinstance(node, Mapping) else ():
            found[*path, key.text] = key, value
            walk(value, (*path, key.text))

    walk(node, ())
    return found
