"""Tell what kind of file a history is, by its first bytes and its name, and refuse kinds without rows."""

from __future__ import annotations

import json
import re
from typing import IO
from zipfile import BadZipFile, ZipFile

from postinterview.audit.short_text import short
from postinterview.files import UnreadableError

HEAD = 65_536
"""How many bytes of a file decide."""

_SQLITE = b"SQLite format 3\0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How documents of Microsoft Office begin that are no archives: old ones, and those with a password."""

_SAVE = "save it as XLSX or CSV"
_SHEET = f"open it in a spreadsheet program, and {_SAVE}"
_UNPACK = "unpack it, and give the file in it"
_NO_TABLE = "give the tracker's own export: CSV, JSON, XLSX or SQLite"

_BY_BYTES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"7\x7f\x06\x82",
        "the write-ahead log of a SQLite database",
        "give the database itself, without `-wal`",
    ),
    (
        b"7\x7f\x06\x83",
        "the write-ahead log of a SQLite database",
        "give the database itself, without `-wal`",
    ),
    (
        b"\x18\xe2\x2d\x00",
        "an index that SQLite keeps beside a database",
        "give the database itself, without `-shm`",
    ),
    (b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", "the journal of a SQLite database", "give the database itself"),
    (b"%PDF", "a PDF", _NO_TABLE),
    (b"\x89PNG", "a picture (PNG)", _NO_TABLE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _NO_TABLE),
    (b"GIF8", "a picture (GIF)", _NO_TABLE),
    (b"II*\0", "a picture (TIFF)", _NO_TABLE),
    (b"MM\0*", "a picture (TIFF)", _NO_TABLE),
    (b"\x1f\x8b", "a file packed with gzip", _UNPACK),
    (b"BZh", "a file packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\0", "a file packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a file packed with zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"bplist00", "an Apple property list", _NO_TABLE),
    (b"{\\rtf", "a text document (RTF)", _SHEET),
    (b"PAR1", "a Parquet file", "read it with `--workers 1`, or write it as CSV"),
    (b"\0\x01\0\0Standard", "a database of Microsoft Access", "export the table as CSV or XLSX"),
)
_BY_TEXT: tuple[tuple[str, str, str], ...] = (
    (r"<(!doctype\s+html|html|table|meta)\b", "a web page (HTML), perhaps named as a sheet", _SHEET),
    (r"<\?xml", "XML", _SHEET),
    (r"BEGIN:VCALENDAR", "a calendar", "read it with `postinterview calendar`"),
    (r"From [^\n]*\n[A-Za-z-]+: |Return-Path:|Received:", "mail", _NO_TABLE),
)
_IN_ZIP: tuple[tuple[str, str, str], ...] = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "save it in Excel as .xlsx"),
    ("word/", "a Word document", "copy its table into a spreadsheet, and save it as XLSX or CSV"),
    ("ppt/", "a PowerPoint presentation", _NO_TABLE),
    (
        "Index/",
        "an Apple Numbers or iWork document",
        "export it from Numbers: File > Export To > Excel or CSV",
    ),
    (
        "Index.zip",
        "an Apple Numbers or iWork document",
        "export it from Numbers: File > Export To > Excel or CSV",
    ),
    ("META-INF/", "a Java archive or an e-book", _NO_TABLE),
)
_IN_OLE: tuple[tuple[str, str, str], ...] = (
    (
        "EncryptedPackage",
        "an Excel workbook that is protected by a password",
        "remove the password in Excel (File > Info), or save the sheet as CSV",
    ),
    ("Workbook", "an old Excel workbook (.xls)", f"open it, and {_SAVE}"),
    ("Book", "an old Excel workbook (.xls)", f"open it, and {_SAVE}"),
    ("WordDocument", "an old Word document", "copy its table into a spreadsheet, and save it as XLSX or CSV"),
    ("__nameid_version1.0", "mail of Outlook (.msg)", _NO_TABLE),
)
"""The kinds of old Office documents, by the name of one of their parts."""

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_looks_like_list = re.compile(r"\[\s*([\]{]|\Z)").match
_looks_like_object = re.compile(r"\{\s*([\"}]|\Z)").match


def kind_of(head: bytes, file: IO[bytes], shown: str, encoding: str, wanted: str | None) -> str:
    """Return the kind of a file, see `FILE_KINDS`, or raise an UnreadableError that names what it is.

    ``head``: its first bytes. ``file``: the file, for archives. ``wanted``: the kind that the map names.
    """
    if wanted == "ics":
        message = f"`{shown}` would be read by a map of a calendar (`kind: ics`), which says what was planned"
        raise UnreadableError(shown, message, "ask what became of it: `postinterview calendar`")
    found = _binary_kind(head, file, shown, encoding)
    if found is None and wanted in ("xlsx", "sqlite"):
        name = "an Excel workbook (XLSX)" if wanted == "xlsx" else "a SQLite database"
        help = "delete `kind` from the map, or is it another file?"
        raise UnreadableError(shown, f"`{shown}` is not {name}, as the map says" + _empty(head), help)
    if found is not None and wanted not in (None, found):
        help = "delete `kind` from the map"
        raise UnreadableError(shown, f"`{shown}` is {_name(found)}, and the map says `kind: {wanted}`", help)
    return found or wanted or _text_kind(head.decode(encoding, "replace"), shown)


def _empty(head: bytes) -> str:
    return "" if head else ": it is empty"


def _name(kind: str) -> str:
    return "an Excel workbook" if kind == "xlsx" else "a SQLite database"


def _binary_kind(head: bytes, file: IO[bytes], shown: str, encoding: str) -> str | None:
    """Return the kind of a file that is no text; None if it is text."""
    if head.startswith(_SQLITE):
        return "sqlite"
    if head.startswith(_ZIP):
        _check_archive(file, shown)
        return "xlsx"
    if head.startswith(OLE):
        parts = head + _ole_parts(head, file)
        found = ((name, help) for part, name, help in _IN_OLE if f"{part}\0".encode("utf-16-le") in parts)
        name, help = next(found, ("an old Office document", f"open it, and {_SAVE}"))
        raise UnreadableError(shown, f"`{shown}` is {name}", help)
    for begins, name, help in _BY_BYTES:
        if head.startswith(begins):
            raise UnreadableError(shown, f"`{shown}` is {name}", help)
    if head[8:12] == b"WEBP" or head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        raise UnreadableError(shown, f"`{shown}` is a picture", _NO_TABLE)
    if _SQLITE.startswith(head) and head.startswith(_SQLITE[:6]):
        raise UnreadableError(
            shown, f"`{shown}` is a SQLite database that ends in the middle", "copy it again"
        )
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1_000].decode("latin-1")
    for pattern, name, help in _BY_TEXT:
        if re.match(pattern, text, re.IGNORECASE):
            raise UnreadableError(shown, f"`{shown}` is {name}", help)
    if shown.lower().endswith((".yaml", ".yml")):
        message = f"`{shown}` is a YAML file, and holds no rows"
        raise UnreadableError(shown, message, "give the history first, and the map with `--map`")
    if _is_binary(head) and not encoding.startswith(("utf-16", "utf-32")):
        raise UnreadableError(shown, f"`{shown}` is neither text nor a kind of file that is known", _NO_TABLE)
    return None


def _ole_parts(head: bytes, file: IO[bytes]) -> bytes:
    """Return the part of an Office document that lists its parts, wherever it lies.

    See "[MS-CFB]: Compound File Binary File Format", 2.2: the header has the size of a sector and the first
    sector of the directory.
    """
    size, first = (
        1 << head[30] if len(head) > 51 and head[30] < 16 else 512,
        int.from_bytes(head[48:52], "little"),
    )
    file.seek((first + 1) * size)
    return file.read(8 * size)


def _is_binary(head: bytes) -> bool:
    """Return whether these are not bytes of a text; text in UTF-16 has a zero in every other byte."""
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head)
    if head.startswith(_BOMS) or 0 in (head[1::2].count(0), head[::2].count(0)):
        controls -= head.count(0)
    return controls > len(head) // 50


def _check_archive(file: IO[bytes], shown: str) -> None:
    """Raise an UnreadableError unless the archive is an Excel workbook."""
    try:
        with ZipFile(file) as packed:
            names = packed.namelist()
            kind = ""
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 200:
                kind = packed.read("mimetype").decode("ascii", "replace").strip()
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        message = f"`{shown}` is a packed file, such as a workbook, that ends in the middle or is damaged"
        raise UnreadableError(shown, message, "copy or download it again") from None
    file.seek(0)
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return
    if kind.startswith(_OPEN_DOCUMENT):
        is_sheet = kind.startswith(f"{_OPEN_DOCUMENT}spreadsheet")
        name = "an OpenDocument spreadsheet (.ods)" if is_sheet else "an OpenDocument file"
        raise UnreadableError(shown, f"`{shown}` is {name}", _SHEET)
    for begins, name, help in _IN_ZIP:
        if any(each.startswith(begins) for each in names):
            raise UnreadableError(shown, f"`{shown}` is {name}", help)
    holds = f" with {short(names[0])}" if len(names) == 1 else ""
    raise UnreadableError(shown, f"`{shown}` is a ZIP archive{holds}", _UNPACK)


def _text_kind(text: str, shown: str) -> str:
    """Return the kind of a text, by its first characters; the ending decides only where these don't."""
    name = shown.lower()
    start = text.lstrip("\ufeff \t\r\n")
    if name.endswith((".csv", ".tsv", ".txt", ".tab")):
        return "csv"
    if _looks_like_list(start):
        return "json"
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    if _looks_like_object(start) or name.endswith(".json"):
        first, _, rest = start.partition("\n")
        return "jsonl" if _is_object(first) and rest.lstrip().startswith("{") else "json"
    return "csv"


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
