"""Split a large file into groups of employers on disk, range by range.

A range is a part of a CSV file between two ends of lines, or a row group of a Parquet file. Ranges are split
independently of each other, so any process can do any of them, and a second time. A group of a range is one
file of Arrow, which is complete or absent: it is written under another name first.

Arrow reads CSV several times as fast as the exact reader, and refuses or forgives other things. So only what
both read alike is left to Arrow: text in UTF-8 whose quotation marks stand around whole cells, without line
breaks in them. A block with anything else is read by the exact reader, which knows every row and why it is
broken. Where a cell may reach over several lines, nobody knows where a row begins that stands in the middle
of a file, and the exact reader reads the file as a whole.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen
from pyarrow import csv, parquet

from postinterview.audit.bulk.batches import LINE, batch_of, employers
from postinterview.audit.history.map_model import Map
from postinterview.audit.sources.rows import LONGEST, Row, trimmed
from postinterview.audit.sources.text_rows import CsvTable, Lines
from postinterview.files import UnreadableError

RANGE = 32_000_000
"""About how many bytes of a CSV file are one range."""

_ODD_BYTES = (b"\0", b"\xef\xbf\xbd", b"\n\n", b"\n\r\n", b"\r\r", b"\xef\xbb\xbf")


@frozen
class Range:
    """A range of a file: its first byte and the one behind it, or of Parquet the number of a row group."""

    number: int
    begin: int
    end: int


@frozen
class Split:
    """A range that was split: how many lines it has, how many rows, and in which groups they are.

    ``blank``: how many rows hold nothing; they are in none. ``is_unsure``: a cell may reach over several
    lines, so the file must be read as a whole.
    """

    range: Range
    lines: int = 0
    rows: int = 0
    blank: int = 0
    groups: tuple[int, ...] = ()
    is_unsure: bool = False


@frozen
class LargeFile:
    """A file that is read in ranges.

    ``head``: of a CSV file the line with its header; None: it is Parquet.
    """

    path: str
    ranges: tuple[Range, ...]
    head: bytes | None
    columns: tuple[str, ...]


def open_large(path: str, by: Map, size: int = RANGE) -> LargeFile | None:
    """Look at a file; None: it can only be read as a whole."""
    with open(path, "rb") as file:  # noqa: PTH123 - as `files` does
        if file.read(4) == b"PAR1":
            with _readable(path):
                found = parquet.ParquetFile(path)
            groups = tuple(Range(number, number, number + 1) for number in range(found.num_row_groups))
            return LargeFile(path, groups, None, tuple(found.schema_arrow.names))
        settings = by.settings
        if settings.kind not in (None, "csv") or settings.encoding != "utf-8-sig":
            return None
        if settings.skip_lines or by.fill_down:
            return None
        file.seek(0)
        first = file.readline(LONGEST)
        delimiter = (settings.delimiter or ",").encode()
        bare = first.removeprefix(b"\xef\xbb\xbf")
        if b'"' in bare or _is_odd(bare, delimiter) or delimiter not in bare:
            return None
        if bare[:4].lower() == b"sep=":  # a line of Excel's, above the header
            return None
        try:
            text = bare.decode()
        except UnicodeDecodeError:
            return None
        header = text.rstrip("\r\n").split(delimiter.decode())
        names = tuple(map(trimmed, header))
        if len(set(names)) < len(names) or not any(names):
            return None
        end = os.fstat(file.fileno()).st_size
        return LargeFile(path, tuple(_ranges(file, len(first), end, size)), bare, names)


def _ranges(file: io.BufferedReader, begin: int, end: int, size: int) -> Iterator[Range]:
    number = 0
    while begin < end:
        file.seek(min(end, begin + size))
        file.readline()
        after = file.tell()
        yield Range(number, begin, after)
        number, begin = number + 1, after


def _is_odd(block: bytes, delimiter: bytes) -> bool:
    """Return whether Arrow may read these bytes differently."""
    if any(each in block for each in _ODD_BYTES) or block.count(b"\r") != block.count(b"\r\n"):
        return True
    inside = b'[^\n\r"' + re.escape(delimiter) + b"]"
    return block.startswith((b"\n", b"\r")) or re.search(inside + b'"' + inside, block) is not None


def split_range(file: LargeFile, which: Range, by: Map, groups: int, folder: str) -> Split:
    """Split a range into groups by employer, each a file in the folder."""
    if file.head is None:
        with _readable(file.path):
            table = parquet.ParquetFile(file.path).read_row_group(which.begin)
        lines = len(table)
        wanted = [name for name in table.schema.names if name in by.columns]
        rows = table.append_column(LINE, _counted(lines)).select([*wanted, LINE]).filter(_is_told(table))
    else:
        with open(file.path, "rb") as source:  # noqa: PTH123 - as `files` does
            source.seek(which.begin)
            block = source.read(which.end - which.begin)
        texts = block.split(b"\n")
        if any(text.count(b'"') % 2 or len(text) >= LONGEST for text in texts):
            return Split(which, is_unsure=True)
        lines = len(texts) - (not texts[-1])
        delimiter = (by.settings.delimiter or ",").encode()
        found = None if _is_odd(block, delimiter) else _by_arrow(file, block, by)
        table, rows = _exactly(file, block, by) if found is None else found
    return write_groups(rows, which, by, groups, folder, lines, len(table) - len(rows))


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """Say of which file it is that Parquet can't be read."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(path, f"no Parquet that can be read: {error}") from None


def _is_told(table: pa.Table) -> pa.Array:
    """Return for each row whether there is something in it."""
    told = pa.array([False] * len(table), pa.bool_())
    for column in table.columns:
        has = pc.is_valid(column)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            has = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), fill_value=False)
        told = pc.or_(told, has)
    return told


def _counted(rows: int) -> pa.Array:
    return pa.array(range(1, rows + 1), pa.int64())


def _by_arrow(file: LargeFile, block: bytes, by: Map) -> tuple[pa.Table, pa.Table] | None:
    """Return all rows of a block, and those with something in them; None: Arrow refuses them."""
    options = csv.ReadOptions(column_names=list(file.columns), block_size=len(block) + 1, use_threads=False)
    parsing = csv.ParseOptions(delimiter=by.settings.delimiter or ",", ignore_empty_lines=False)
    texts = csv.ConvertOptions(
        column_types=dict.fromkeys(file.columns, pa.string()), strings_can_be_null=False
    )
    try:
        table = csv.read_csv(io.BytesIO(block), options, parsing, texts)
    except pa.ArrowInvalid:
        return None
    has_signs = [pc.match_substring_regex(column, "[!-~]") for column in table.columns]
    is_told = has_signs[0]
    for each in has_signs[1:]:
        is_told = pc.or_(is_told, each)
    if any(pc.any(pc.not_equal(column, "")).as_py() for column in table.filter(pc.invert(is_told)).columns):
        return None  # the exact reader knows which signs are blanks
    wanted = [name for name in file.columns if name in by.columns]
    return table, table.append_column(LINE, _counted(len(table))).select([*wanted, LINE]).filter(is_told)


def _exactly(file: LargeFile, block: bytes, by: Map) -> tuple[Sequence[Row], pa.Table]:
    """Return all rows of a block as the exact reader reads them, and those with something in them."""
    text = io.TextIOWrapper(io.BytesIO((file.head or b"") + block), "utf-8", "surrogateescape", newline="")
    source = CsvTable(Lines(text), by.settings.delimiter)
    source.read_header()
    rows = [evolve(row, line=row.line - 1, until=row.until - 1) for row in source.rows()]
    return rows, pa.Table.from_batches([batch_of(rows, by)])


def write_groups(
    rows: pa.Table, which: Range, by: Map, groups: int, folder: str, lines: int = 0, blank: int = 0
) -> Split:
    """Write each group of the rows of a range to a file of its own."""
    names = employers(rows, by).dictionary_encode()
    group_of = [crc32(name.encode()) % groups for name in names.dictionary.to_pylist()]
    numbers = pc.take(pa.array(group_of, pa.int64()), names.indices)
    numbers = pc.fill_null(numbers, which.number % groups)  # of no employer: they may be in any
    order = pc.sort_indices(numbers)
    rows, begin = rows.take(order), 0
    written = []
    for each in pc.value_counts(numbers.take(order)).to_pylist():
        path = group_file(folder, which.number, each["values"])
        with pa.OSFile(f"{path}.new", "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
            writer.write_table(rows.slice(begin, each["counts"]))
        Path(f"{path}.new").replace(path)
        begin += each["counts"]
        written.append(each["values"])
    return Split(which, lines, len(rows), blank, tuple(written))


def group_file(folder: str, range_number: int, group: int) -> str:
    return os.path.join(folder, f"{range_number}-{group}.arrow")  # noqa: PTH118 - a text is pickled


def read_group(folder: str, group: int, splits: Iterable[Split], above: int) -> pa.Table | None:
    """Return all rows of a group, each with its line in the whole file; None: it has none.

    ``above``: how many lines stand above the first range.
    """
    tables = []
    for split in splits:
        if group in split.groups:
            with pa.memory_map(group_file(folder, split.range.number, group)) as source:
                table = pa.ipc.open_file(source).read_all()
            here = table.schema.get_field_index(LINE)
            tables.append(table.set_column(here, LINE, pc.add(table.column(LINE), above)))
        above += split.lines
    return pa.concat_tables(tables, promote_options="default") if tables else None
