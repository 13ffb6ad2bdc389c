"""Open a history of any kind as rows: a path, an open file, or lines of text."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import IO, Any, TypeAlias, cast

from postinterview.audit.short_text import short
from postinterview.audit.sources.json_list import BadJsonError, JsonList
from postinterview.audit.sources.kinds import HEAD, OLE, kind_of
from postinterview.audit.sources.rows import LONGEST, FileSettings, RowSource
from postinterview.audit.sources.text_rows import CsvTable, JsonLines, JsonObjects, Lines, wide_encoding
from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError

HistorySource: TypeAlias = str | os.PathLike[str] | IO[bytes]

MOST_JSON = 20_000_000
"""The most characters of a JSON file with a list: it is kept in memory, unlike JSON Lines."""

MOST_COPIED = 2_000_000_000
"""The most bytes of a workbook or a database from a source that can't be read twice, such as a pipe."""

_FITS = {
    "delimiter": ("csv",),
    "skip_lines": ("csv", "xlsx"),
    "sheet": ("xlsx",),
    "table": ("sqlite", "json"),
    "query": ("sqlite",),
}
_NAMES = {
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "xlsx": "an Excel workbook",
    "sqlite": "a SQLite database",
    "ics": "a calendar",
}


@contextmanager
def open_rows(
    source: HistorySource | Iterable[str],
    settings: FileSettings,
    name: str = "",
    wanted: tuple[str, ...] | None = None,
) -> Iterator[tuple[RowSource, str]]:
    """Open a history, and yield its rows and its name.

    Args:
        source: a path, a file open for reading bytes, or lines of text.
        settings: what the map says about the file.
        name: the name to show, by default the path.
        wanted: the columns to read of rows that name their own; None: all.

    Raises:
        UnreadableError: the file can't be read, or is of a kind that holds no rows.
        MisuseError: ``source`` is none of these.
    """
    with ExitStack() as stack:
        if isinstance(source, str | os.PathLike):
            shown = name or os.fspath(source)
            file = stack.enter_context(open_history(os.fspath(source)))
        elif hasattr(source, "read"):
            file = cast("IO[bytes]", source)
            shown = name or str(getattr(file, "name", "")) or "<file>"
        else:
            yield _of_lines(source, settings, name or "<rows>", wanted), name or "<rows>"
            return
        yield _of_file(stack, file, settings, shown, wanted), shown


def open_history(path: str) -> IO[bytes]:
    """Open a history, or raise an UnreadableError."""
    try:
        return open(path, "rb")  # noqa: PTH123 - as `files` does
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _of_lines(
    source: object, settings: FileSettings, shown: str, wanted: tuple[str, ...] | None
) -> RowSource:
    if isinstance(source, bytes) or not isinstance(source, Iterable):
        help = "give a path, an open file, or its lines"
        raise MisuseError(f"`{short(repr(source))}` is not a history", help)
    kind = settings.kind or "csv"
    if kind in ("xlsx", "sqlite", "ics"):
        raise MisuseError(f"lines are not {_NAMES[kind]}, as the map says", "give a path, or an open file")
    return _of_text(kind, source, settings, shown, wanted)


def _of_file(
    stack: ExitStack, file: IO[bytes], settings: FileSettings, shown: str, wanted: tuple[str, ...] | None
) -> RowSource:
    try:
        file, head = _with_head(stack, file, shown)
        kind = kind_of(head, file, shown, settings.encoding, settings.kind)
    except OSError as error:
        raise _unreadable(shown, error) from None
    for key, kinds in _FITS.items():
        if getattr(settings, key) and kind not in kinds:
            fits = " or ".join(_NAMES[each] for each in kinds)
            message = f"`{shown}` is {_NAMES[kind]}, and `{key}` in the map is for {fits}"
            raise UnreadableError(shown, message, f"delete `{key}` from the map")
    if kind == "xlsx":
        from postinterview.audit.sources.xlsx_rows import xlsx_rows

        return stack.enter_context(xlsx_rows(file, shown, settings))
    if kind == "sqlite":
        from postinterview.audit.sources.sqlite_rows import sqlite_rows

        return stack.enter_context(sqlite_rows(_path_of(stack, file, shown), shown, settings))
    if kind == "json":
        return _of_json(_whole(file, settings.encoding, shown), settings, shown, wanted)
    lines = stack.enter_context(closing(_lines(file, settings.encoding, shown)))
    return _of_text(kind, lines, settings, shown, wanted)


def _of_text(
    kind: str, lines: Iterable[str], settings: FileSettings, shown: str, wanted: tuple[str, ...] | None
) -> RowSource:
    if kind == "json":
        return _of_json("".join(lines), settings, shown, wanted)
    if kind == "jsonl":
        return JsonLines(Lines(lines), JsonObjects(wanted))
    table = CsvTable(Lines(lines), settings.delimiter, settings.skip_lines)
    if why := table.read_header():
        raise UnreadableError(shown, f"`{shown}`: {why}", table.help)
    return table


def _of_json(text: str, settings: FileSettings, shown: str, wanted: tuple[str, ...] | None) -> JsonList:
    if wide := wide_encoding(text[:100]):
        raise UnreadableError(shown, f"`{shown}`: it is JSON in another encoding than the map says", wide)
    found = JsonList(text.removeprefix("\ufeff"), JsonObjects(wanted), settings.table)
    try:
        found.check()
    except BadJsonError as error:
        raise UnreadableError(shown, f"`{shown}`: {error.message}", error.help) from None
    return found


# --- bytes ----------------------------------------------------------------------------------------


def _with_head(stack: ExitStack, file: IO[bytes], shown: str) -> tuple[IO[bytes], bytes]:
    """Return a file that reads the same bytes, and the first of them."""
    if not isinstance(file.read(0), bytes):
        raise MisuseError(f"`{shown}` is open as text", 'open it as bytes, with "rb"')
    begin = file.tell() if _can_seek(file) else None
    head = b""
    while len(head) < HEAD and (more := file.read(HEAD - len(head))):
        head += more
    if begin == 0:
        file.seek(0)
        return file, head
    rest = cast("IO[bytes]", io.BufferedReader(_Rejoined(head, file)))
    # An archive or a database is read at any place.
    is_packed = head.startswith((b"PK", b"SQLite", OLE))
    return (_copy(stack, rest, shown), head) if is_packed else (rest, head)


def _can_seek(file: IO[bytes]) -> bool:
    return bool(getattr(file, "seekable", bool)())


class _Rejoined(io.RawIOBase):
    """The first bytes of a file that can't be read twice, and the rest of it."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def _copy(stack: ExitStack, file: IO[bytes], shown: str) -> IO[bytes]:
    """Return a copy of the file on disk, which is deleted with the stack."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="postinterview-"))
    copy = stack.enter_context(open(os.path.join(folder, "copy"), "w+b"))  # noqa: PTH118, PTH123, SIM115
    while part := file.read(1_000_000):
        copy.write(part)
        if copy.tell() > MOST_COPIED:
            message = f"`{shown}` has more than {MOST_COPIED:,} bytes"
            raise UnreadableError(shown, message, "save it as a file, and give its path")
    copy.flush()
    copy.seek(0)
    return copy


def _path_of(stack: ExitStack, file: IO[bytes], shown: str) -> str:
    """Return the path of an open file, or of a copy if it has none."""
    name = getattr(file, "name", None)
    return name if isinstance(name, str) and os.path.isfile(name) else str(_copy(stack, file, shown).name)  # noqa: PTH113


def _whole(file: IO[bytes], encoding: str, shown: str) -> str:
    """Return the text of a JSON file."""
    text = _decoded(file, encoding)
    try:
        found = text.read(MOST_JSON + 1)
    except UnicodeError as error:
        raise _undecodable(shown, encoding, error) from None
    except OSError as error:
        raise _unreadable(shown, error) from None
    finally:
        text.detach()
    if len(found) > MOST_JSON:
        message = f"`{shown}` is JSON of more than {MOST_JSON:,} characters"
        raise UnreadableError(shown, message, "write it as JSON Lines, an object in each line")
    return found


def _lines(file: IO[bytes], encoding: str, shown: str) -> Generator[str, None, None]:
    """Yield the lines with their ends. A line that is too long is cut, and the rest of it left out."""
    text = _decoded(file, encoding)
    try:
        while line := text.readline(LONGEST):
            yield line
            while len(line) >= LONGEST and not line.endswith(("\n", "\r")):
                line = text.readline(LONGEST)
    except UnicodeError as error:
        raise _undecodable(shown, encoding, error) from None
    except OSError as error:
        raise _unreadable(shown, error) from None
    finally:
        text.detach()


def _decoded(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    return io.TextIOWrapper(cast("io.BufferedReader", file), encoding=encoding, errors=errors, newline="")


def _undecodable(shown: str, encoding: str, error: UnicodeError) -> UnreadableError:
    return UnreadableError(shown, f"`{shown}` is not written in {encoding}", str(error))


def _unreadable(shown: str, error: OSError | ValueError) -> UnreadableError:
    if isinstance(error, IsADirectoryError):
        return UnreadableError(shown, f"`{shown}` is a folder", "give the file in it that holds the history")
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableError(shown, f"`{shown}` can't be read", reason)
