"""Parse a transition table in CSV to the nodes that the same table in YAML would have.

So both are checked by the same code, and a diagnostic points at a cell. The standard `csv` module does not
tell where a cell begins, so lines are split here; a cell can't go over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import define

from postinterview.audit.short_text import short
from postinterview.audit.table.table_schema import COLUMNS, START
from postinterview.core.values.formatting import say_count
from postinterview.core.values.suggest import closest, help_for, ticked
from postinterview.loading.decoding import TAB, take_in
from postinterview.loading.diagnostics import Diagnostic, Findings, Span
from postinterview.loading.source_text import Mapping, Node, Position, Scalar, Sequence, SourceText

_DIVIDERS = (",", ";", TAB)
_CELLS = {divider: re.compile(rf'\s*("(?:[^"]|"")*")\s*(?={divider}|\Z)|[^{divider}]*') for divider in ",;"}
_FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
"""The words that spreadsheets export for a ticked or empty box, in lower case."""

_HEADER = ",".join(COLUMNS)


def is_csv(text: bytes | str, file: str) -> bool:
    """Return whether the file is CSV, going by its name or its first line."""
    if file.lower().endswith(".csv"):
        return True
    start = text[:1000] if isinstance(text, str) else text[:1000].decode("utf-8-sig", "replace")
    first = start.lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    names = {name.strip(' "\r').lower() for divider in (",", ";", "\t") for name in first.split(divider)}
    return {"from", "to"} <= names


def read_rows(
    text: bytes | str, file: str, findings: Findings, most: int
) -> tuple[Sequence, list[Scalar]] | None:
    """Parse a CSV file, with errors in ``findings``: a mapping for each edge, and the states of the starts.

    Return None if its first line names no columns.
    """
    source = take_in(text, file, findings, most=most)
    if source is None:
        return None
    reader = _CsvReader(source, findings)
    lines = iter(enumerate(source.lines))
    columns = next((reader.columns(at, line) for at, line in lines if line.strip()), None)
    if columns is None:
        if not source.text.strip():
            where = Span(file, 1, 1, 1, 1)
            reader.add("PI852", where, "the file is empty", "", f"begin with the line `{_HEADER}`")
        return None
    starts: list[Scalar] = []
    edges: list[Node] = []
    for at, line in lines:
        cells = reader.cells(at, line) if line.strip() else None
        if cells is None or not any(cell.text for cell in cells):
            continue
        if len(cells) != len(columns):
            reader.wrong_count(at, line, len(cells), len(columns))
            continue
        row = dict(zip((column.text for column in columns), cells, strict=True))
        if row["from"].text == START:
            reader.start(row, starts)
        else:
            edges.append(_edge(columns, cells, source))
    if not edges and not findings.has_errors:
        reader.add(
            "PI853", columns[0].span, "no line follows the first", "the columns", "add `waiting,rejected,,`"
        )
    return Sequence(tuple(edges), source, Position(0, 0), source.end), starts


def _edge(columns: list[Scalar], cells: list[Scalar], source: SourceText) -> Mapping:
    entries = []
    for column, cell in zip(columns, cells, strict=True):
        if column.text == "contact":
            cell.text = _FLAGS.get(cell.text.lower(), cell.text)
        if cell.text:
            entries.append((column, cell))
    return Mapping(tuple(entries), source, cells[0].start, cells[-1].end)


@define(eq=False)
class _CsvReader:
    source: SourceText
    findings: Findings
    divider: str = ","

    def add(self, code: str, where: Span, message: str, label: str, help: str) -> None:
        self.findings.add(Diagnostic(code=code, message=message, where=where, label=label, help=help))

    def columns(self, at: int, line: str) -> list[Scalar] | None:
        """Return the names in the first line, or report why they are not those of a table and return None."""
        self.divider = max(_DIVIDERS, key=line.count)
        if self.divider == TAB:
            where = self.source.stretch(Position(at, line.index(TAB)), 1)
            help = "save it as CSV with commas between the cells"
            self.add("PI852", where, "the cells are separated by tabs", "a tab", help)
            return None
        found = self.cells(at, line)
        if found is None:
            return None
        sound = True
        for cell in found:
            cell.text = cell.text.lower()
            again = sum(other.text == cell.text for other in found) > 1
            if cell.text in COLUMNS and not again:
                continue
            sound = False
            if again:
                self.add("PI852", cell.span, f"two columns are called `{short(cell.text)}`", "", "delete one")
                break
            close = help_for(closest(cell.text, COLUMNS), ())
            help = close or f"the columns are {ticked(COLUMNS, 'and')}; delete this one"
            self.add(
                "PI852", cell.span, f"unknown column `{short(cell.text)}`", "no column has this name", help
            )
        missing = [name for name in ("from", "to") if name not in {cell.text for cell in found}]
        if sound and missing:
            message = f"there is no column {ticked(missing, 'and')}"
            where = self.source.rest(Position(at, 0))
            self.add("PI852", where, message, "the first line names the columns", f"write `{_HEADER}`")
        return found if sound and not missing else None

    def cells(self, at: int, line: str) -> list[Scalar] | None:
        """Return the cells of a line, or report a quote that does not end and return None."""
        found = []
        has_tabs = TAB in line
        for start, end, quoted in _split(line, self.divider):
            text = line[start:end]
            if quoted:
                text = text[1:-1].replace('""', '"')
            elif text.startswith('"'):
                where = self.source.stretch(Position(at, start), 1)
                help = 'end the text with `"` on the same line, or write `""` for a quote in it'
                self.add("PI853", where, "this quote does not end the cell", "opened here", help)
                return None
            if has_tabs:
                text = text.replace(TAB, "\t")
            found.append(Scalar(text, not quoted, self.source, Position(at, start), Position(at, end)))
        return found

    def wrong_count(self, at: int, line: str, count: int, wanted: int) -> None:
        self.add(
            "PI853",
            self.source.rest(Position(at, len(line) - len(line.lstrip()))),
            f"this line has {say_count(count, 'cell')}, and the first line names {wanted}",
            f"{'too many' if count > wanted else 'too few'} cells",
            f"write {wanted - 1} `{self.divider}` in each line; put a text that contains one in quotes",
        )

    def start(self, row: dict[str, Scalar], starts: list[Scalar]) -> None:
        """Add the state of a line that names a start."""
        more = next((row[name] for name in ("event", "contact") if name in row and row[name].text), None)
        if more is not None:
            message = f"`{short(more.text)}` means nothing on the line of a start"
            self.add("PI853", more.span, message, "no transition leads to a start", "leave the cell empty")
        elif not row["to"].text:
            where = row["from"].span
            label = "no state in the next cell"
            self.add("PI853", where, "the start is not named", label, f"write `{START},saved,,`")
        else:
            starts.append(row["to"])


def _split(line: str, divider: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where the trimmed text of each cell begins and ends, and whether it is quoted."""
    at = 0
    while at <= len(line):
        match = _CELLS[divider].match(line, at)
        if match is None:  # not reached: the second alternative matches everything
            return
        if match[1] is not None:
            yield match.start(1), match.end(1), True
        else:
            text = match.group()
            start = match.start() + len(text) - len(text.lstrip())
            yield start, start + len(text.strip()), False
        at = match.end() + 1
