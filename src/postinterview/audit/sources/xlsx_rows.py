"""Read the rows of a sheet of an Excel workbook (XLSX), if the package ``openpyxl`` is installed.

It reads a row at a time, so a sheet takes no more memory than its longest row. The texts that cells share are
kept in memory, so the size of everything packed in the workbook is limited first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from attrs import define, field

from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import FileSettings, Row, cell_of, row_of_table
from postinterview.core.values.errors import PostInterviewError
from postinterview.core.values.suggest import closest, help_for, ticked
from postinterview.files import UnreadableError

MOST_UNPACKED = 200_000_000
"""The most bytes that a workbook may have when it is unpacked."""

MOST_KEPT = 60_000_000
"""The most bytes of the parts that are kept in memory: the shared texts, the styles, the list of sheets."""

_ROWS, _COLUMNS = 1_048_576, 16_384
"""The most rows and columns of a sheet."""

_LONGEST_CELL = 20_000
"""More bytes than a cell with a formula takes: Excel allows 8,192 characters in one."""

_NO_RESULT = re.compile(
    rb'<c [^>]*?\br="([A-Z]+[0-9]+)"[^>]*><f(?: [^>]*)?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
).search

_AGAIN = "open it in the program that wrote it, and save it again as XLSX"


@contextmanager
def xlsx_rows(file: IO[bytes], shown: str, settings: FileSettings) -> Iterator[XlsxSheet]:
    """Open a workbook, and yield the rows of the sheet that the map names, or of the first visible one."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        message = f"`{shown}` is an Excel workbook, which needs the package openpyxl"
        help = "install it with `pip install 'postinterview[xlsx]'`, or save the sheet as CSV"
        raise UnreadableError(shown, message, help) from None
    _check_size(file, shown)
    with _sound(shown):
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    with closing(book):
        with _sound(shown):
            found = _sheet(book, shown, settings.sheet)
            _check_results(file, found, shown)
            sheet = XlsxSheet(found, shown, settings.skip_lines)
            sheet.read_header()
        yield sheet


@contextmanager
def _sound(shown: str) -> Iterator[None]:
    """Turn whatever openpyxl raises about a file into an UnreadableError, and keep its warnings quiet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of the workbook that are no cells
            yield
    except PostInterviewError:
        raise
    except MemoryError:
        raise UnreadableError(shown, f"`{shown}` is too large", "save the sheet as CSV") from None
    except Exception as error:  # noqa: BLE001 - openpyxl raises anything for a workbook that is not as it should be
        raise _damaged(shown, error) from None


def _check_size(file: IO[bytes], shown: str) -> None:
    try:
        with ZipFile(file) as packed:
            parts = packed.infolist()
    except (BadZipFile, ValueError, OSError) as error:
        raise _damaged(shown, error) from None
    if any(part.flag_bits & 1 for part in parts):
        help = "remove the password in Excel, or save the sheet as CSV"
        raise UnreadableError(shown, f"`{shown}` is protected by a password", help)
    kept = sum(part.file_size for part in parts if "/worksheets/" not in part.filename)
    if kept > MOST_KEPT or sum(part.file_size for part in parts) > MOST_UNPACKED:
        message = f"`{shown}` is a workbook that is too large when it is unpacked"
        raise UnreadableError(shown, message, "save the sheet as CSV: such a file can have any size")
    file.seek(0)


def _check_results(file: IO[bytes], sheet: Any, shown: str) -> None:
    """Refuse a sheet with formulas whose results are not in the file: their cells would seem to be empty.

    Programs that write workbooks without a spreadsheet leave them out.
    """
    before = b""
    with ZipFile(file) as packed, packed.open(sheet._worksheet_path) as part:  # noqa: SLF001 - nothing else says it
        while more := part.read(1_000_000):
            if match := _NO_RESULT(before + more):
                cell = match[1].decode("ascii")
                message = f"`{shown}` holds formulas without their results, such as in cell {cell}"
                raise UnreadableError(shown, message, _AGAIN.replace("the program that wrote it", "Excel"))
            before = more[-_LONGEST_CELL:]


def _sheet(book: Any, shown: str, wanted: str | None) -> Any:
    sheets = {each.title: each for each in book.worksheets}
    if not sheets:
        raise UnreadableError(shown, f"`{shown}` is a workbook without a sheet", _AGAIN)
    if wanted is None:
        shown_ones = (each for each in sheets.values() if each.sheet_state == "visible")
        return next(shown_ones, book.worksheets[0])
    if wanted not in sheets:
        help = help_for(closest(wanted, sheets), ()) or f"its sheets are {ticked(map(short, sheets), 'and')}"
        raise UnreadableError(shown, f"`{shown}` has no sheet `{short(wanted)}`", help)
    return sheets[wanted]


def _damaged(shown: str, error: Exception) -> UnreadableError:
    message = (
        f"`{shown}` is a damaged or incomplete Excel workbook ({short(str(error)) or type(error).__name__})"
    )
    return UnreadableError(shown, message, f"copy it again, or {_AGAIN}")


@define
class XlsxSheet:
    """A sheet as rows. ``skip``: how many of its rows are above the header."""

    sheet: Any
    shown: str
    skip: int
    header: tuple[str, ...] = ()
    _rows: Iterator[tuple[int, tuple[object, ...]]] = field(init=False)

    @property
    def names(self) -> Collection[str]:
        return self.header

    def read_header(self) -> None:
        self.sheet.reset_dimensions()  # which may be wrong: only the cells count
        self._rows = islice(enumerate(self.sheet.iter_rows(values_only=True), 1), self.skip, None)
        for _, values in self._rows:
            texts = [cell_of(value) or "" for value in values[:_COLUMNS]]
            names = tuple(each if isinstance(each, str) else "" for each in texts)
            while names and not names[-1]:
                names = names[:-1]
            if names:
                self.header = names
                return
        message = f"`{self.shown}`: the sheet `{short(self.sheet.title)}` is empty"
        raise UnreadableError(
            self.shown, message, "say in the map which sheet holds the rows: `sheet: Applications`"
        )

    def rows(self) -> Iterator[Row]:
        while True:
            with _sound(self.shown):
                number, values = next(self._rows, (0, ()))
            if not number:
                return
            if number > _ROWS:
                message = f"`{self.shown}` says that it has more rows than a sheet can have"
                raise UnreadableError(self.shown, message, _AGAIN)
            yield row_of_table(self.header, number, values)
