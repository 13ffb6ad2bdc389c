"""Every kind of file that people have is read as the same rows, or refused in words that name the kind."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import tracemalloc
import zipfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from postinterview.audit import Audit, Map, audit
from postinterview.audit.sources import opening, xlsx_rows
from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError
from tests.audit.exporting import database, workbook
from tests.audit.small import HEAD, said, small_map

HEADER = ("Company", "What", "Date", "Who")
ROWS = (("Acme", "talk", "2026-03-02 10:00", "ana"), ("Acme", "nudge", "2026-03-05 09:00", ""))
BREACH = [("breach", 3, "wait_for_the_answer")]
DATES = HEAD.replace('"%Y-%m-%d %H:%M"', "iso")


def refused(data: bytes | Path, by: Map | None = None, name: str = "history") -> str:
    """What is said of a file that can't be read."""
    with pytest.raises(UnreadableError) as caught:
        audit(io.BytesIO(data) if isinstance(data, bytes) else data, by or small_map(), name=name)
    return str(caught.value)


def read(data: bytes, head: str = "", base: str = HEAD, name: str = "history") -> Audit:
    return audit(io.BytesIO(data), small_map(head, base=base), name=name)


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


class Pipe(io.RawIOBase):
    """Bytes that can be read once, a few at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._data.read(min(len(buffer), 7))
        buffer[: len(found)] = found
        return len(found)


# --- what is read ---------------------------------------------------------------------------------

CSV = "".join(f"{','.join(row)}\n" for row in (HEADER, *ROWS)).encode()
SOUND = {
    "csv": CSV,
    "jsonl": "".join(f"{json.dumps(row)}\n" for row in objects()).encode(),
    "json": json.dumps(objects()).encode(),
    "xlsx": workbook([HEADER, *ROWS]),
    "sqlite": database(ROWS, HEADER),
}


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("is_pipe", [False, True])
def test_the_content_tells_the_kind_whatever_the_source_is_called(kind: str, is_pipe: bool) -> None:
    source = Pipe(SOUND[kind]) if is_pipe else io.BytesIO(SOUND[kind])
    made = audit(source, small_map(), name="export")  # type: ignore[arg-type]
    assert [(each.kind, each.event) for each in made] == [("breach", "follow_up")]
    assert not source.closed


@pytest.mark.parametrize("begin", [b"sep=;\r\n", b'"sep=;"\n', b"\xef\xbb\xbfSEP=;\n"])
def test_the_line_of_excel_names_the_delimiter(begin: bytes) -> None:
    rows = CSV.replace(b",", b";")
    assert said(read(begin + rows)) == [("breach", 4, "wait_for_the_answer")]
    assert said(read(begin + rows, "skip_lines: 1")) == [("breach", 4, "wait_for_the_answer")]
    title = b"My applications\n"
    assert said(read(begin + title + rows, "skip_lines: 2")) == [("breach", 5, "wait_for_the_answer")]
    assert refused(begin + rows, small_map('delimiter: ","')) == (
        "`history`: the header can't be read: its first line says `sep=;`, and the map `delimiter: ,` "
        "(delete `delimiter` from the map)"
    ).replace("the header can't be read: ", "")


def test_the_line_of_excel_may_name_a_tab() -> None:
    assert said(read(b"sep=\t\r\n" + CSV.replace(b",", b"\t"))) == [("breach", 4, "wait_for_the_answer")]


def test_json_may_be_a_list_or_have_one_somewhere_inside() -> None:
    inside = {"version": 3, "data": {"jobs": objects(), "tags": ["a", 1], "none": []}}
    assert said(read(json.dumps(inside, indent=2).encode())) == [("breach", 11, "wait_for_the_answer")]
    assert said(read(json.dumps(objects()).encode("utf-16"), "encoding: utf-16")) == [
        ("breach", 1, "wait_for_the_answer")
    ]
    two = json.dumps({"jobs": objects(), "people": [{"name": "ana"}]}).encode()
    assert refused(two) == (
        "`history`: it holds 2 lists: `jobs` and `people` "
        "(say in the map which one holds the rows: `table: jobs`)"
    )
    assert said(read(two, "table: jobs")) == [("breach", 1, "wait_for_the_answer")]
    assert refused(two, small_map("table: job")) == "`history`: it has no list `job` (did you mean `jobs`?)"
    for odd in (b"{}", b"[1, 2]", b'{"a": [1]}', b'{"Company": "Acme"}'):
        assert "it holds no list of objects" in refused(odd, small_map("kind: json"))
    assert read(b"[]").counts.rows == 0


def test_an_item_of_a_list_that_is_no_row_is_unread() -> None:
    made = read(json.dumps([*objects(), 7, {"Company": {"a": 1}}]).encode())
    assert [each.message for each in made.findings["unread"]] == [
        "it is not a JSON object",
        "`Company` holds something that can't be a cell",
    ]


def test_dates_of_a_workbook_are_read_without_a_format() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(["Acme", "talk", datetime.fromisoformat("2026-03-02T10:00"), "ana"])
    sheet.append(["Acme", "nudge", date(2026, 3, 5), None])
    sheet.append([None] * 4)
    sheet.append(["Acme", "wrote", None, None])
    out = io.BytesIO()
    book.save(out)
    made = read(out.getvalue(), 'time: "09:00"', base=HEAD.replace("%Y-%m-%d %H:%M", "%d.%m.%Y"))

    talk, nudge, _ = made.processes["Acme"].timeline
    assert talk.at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert nudge.event.day == date(2026, 3, 5)
    assert [(each.kind, each.line) for each in made] == [("breach", 3), ("undated", 5)]
    assert made.counts.blank == 1


def test_a_workbook_is_read_from_the_sheet_that_the_map_names() -> None:
    book = Workbook()
    hidden, first, second = book.active, book.create_sheet("Applications"), book.create_sheet("Old")
    assert hidden is not None
    hidden.sheet_state = "hidden"
    for sheet, rows in ((hidden, [["x"]]), (first, [["Title"], [], HEADER, *ROWS]), (second, [HEADER])):
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)

    assert said(read(out.getvalue(), "skip_lines: 2")) == [("breach", 5, "wait_for_the_answer")]
    assert read(out.getvalue(), "sheet: Old").counts.rows == 0
    assert refused(out.getvalue(), small_map("sheet: application")) == (
        "`history` has no sheet `application` (did you mean `Applications`?)"
    )


def test_a_row_with_more_cells_than_the_header_is_unread() -> None:
    made = read(workbook([HEADER, ("Acme", "talk", "2026-03-02 10:00", "ana", "", "x")]))
    assert [each.message for each in made.findings["unread"]] == [
        "it has more cells than the header, which has 4"
    ]


# --- databases ------------------------------------------------------------------------------------


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """A database of three tables, in write-ahead mode, as many programs leave it."""
    path = tmp_path / "tracker.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("pragma journal_mode = wal")
        made.execute("create table firms (id integer, Company)")
        made.execute('create table "the jobs" (firm, What, Date, Who)')
        made.execute("create table notes (text)")
        made.execute("insert into firms values (7, 'Acme')")
        made.executemany('insert into "the jobs" values (7, ?, ?, ?)', [row[1:] for row in ROWS])
        made.commit()
    return path


QUERY = 'query: select Company, What, Date, Who from "the jobs" join firms on firms.id = firm'


def test_a_query_reads_several_tables_and_leaves_nothing_beside_the_database(tracker: Path) -> None:
    before = tracker.read_bytes()
    assert said(audit(tracker, small_map(QUERY)))[0][2] == "wait_for_the_answer"
    assert [each.name for each in tracker.parent.iterdir()] == ["tracker.db"]
    assert tracker.read_bytes() == before
    assert refused(tracker) == (
        f"`{tracker}` is a SQLite database with 3 tables: `firms`, `the jobs` and `notes` "
        "(say in the map which one holds the rows: `table: firms`, or write a `query`)"
    ).replace(f"`{tracker}`", "`history`")
    assert refused(tracker, small_map("table: the job")) == (
        "`history` has no table `the job` (did you mean `the jobs`?)"
    )


def test_what_lies_in_the_log_of_a_database_in_use_is_read_too(tracker: Path) -> None:
    with closing(sqlite3.connect(tracker)) as other:
        other.execute("insert into \"the jobs\" values (7, 'nudge', '2026-03-06 09:00', '')")
        other.commit()
        assert Path(f"{tracker}-wal").stat().st_size
        assert audit(tracker, small_map(QUERY)).counts.rows == 3
        log = refused(Path(f"{tracker}-wal"))
        assert log == (
            "`history` is the write-ahead log of a SQLite database (give the database itself, without `-wal`)"
        )


@pytest.mark.parametrize(
    "query",
    [
        "delete from firms returning *",
        "insert into notes values (1)",
        "attach 'other.db' as other",
        "pragma user_version = 3",
        "select 1; drop table firms",
        "select load_extension('x')",
        "create table more (a)",
        "vacuum",
        "selekt 1",
        "select * from nowhere",
    ],
)
def test_a_query_can_only_read(tracker: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tracker.parent)  # where another database would be made
    before = tracker.read_bytes()
    assert "`history`" in refused(tracker, small_map(f"query: {query}"))
    assert tracker.read_bytes() == before
    assert [each.name for each in tracker.parent.iterdir()] == ["tracker.db"]


def test_cells_of_a_database_that_hold_no_text_are_unread(tmp_path: Path) -> None:
    rows = [(b"\x00\x01", *ROWS[0][1:]), ROWS[0]]
    path = tmp_path / "a.db"
    path.write_bytes(database(rows, HEADER))
    with closing(sqlite3.connect(path)) as made:
        made.execute("insert into jobs values (cast(x'ff61' as text), 'wrote', '2026-03-06 09:00', '')")
        made.commit()
    assert [each.message for each in audit(path, small_map()).findings["unread"]] == [
        "its cell 1 holds binary data",
        "the byte 0xFF is not a character in the map's `encoding`",
    ]


# --- what is refused ------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def office(part: str, before: int = 0) -> bytes:
    """An old Office document with a part, and so many sectors before its directory."""
    head = (OLE + b"\0" * 22 + b"\x09\0").ljust(48, b"\0") + before.to_bytes(4, "little")
    names = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", part)]
    return head.ljust(512, b"\xff") + b"\xff" * 512 * before + b"".join(names)


WRONG = {
    "an Apple Numbers or iWork document": packed(Index__Document_dot_iwa="x"),
    "an OpenDocument spreadsheet (.ods)": packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "a Word document": packed(word__document_dot_xml="x"),
    "a binary Excel workbook (.xlsb)": packed(xl__workbook_dot_bin="x"),
    "a ZIP archive with export.csv": packed(export_dot_csv="x"),
    "an old Office document": OLE * 99,
    "an old Excel workbook (.xls)": office("Workbook", 3),
    "an old Word document": office("WordDocument"),
    "mail of Outlook (.msg)": office("__nameid_version1.0"),
    "an Excel workbook that is protected by a password": office("EncryptedPackage", 400),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "a picture (PNG)": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a picture (JPEG)": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a picture": b"\0\0\0\x18ftypheic\0\0\0\0",
    "a file packed with gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "a web page (HTML), perhaps named as a sheet": b"\r\n<HTML><table><tr><td>Company",
    "XML": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
    "a calendar": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
    "an index that SQLite keeps beside a database": b"\x18\xe2\x2d\0" + b"\0" * 40,
    "neither text nor a kind of file that is known": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_of_another_kind_is_called_by_its_name(name: str) -> None:
    message = refused(WRONG[name])
    assert message.startswith(f"`history` is {name} (")
    assert len(message) > len(f"`history` is {name} ()")  # and says what to do


def test_a_protected_workbook_is_told_from_an_old_one_when_it_can_be_read_once() -> None:
    with pytest.raises(UnreadableError, match="protected by a password"):
        audit(io.BufferedReader(Pipe(office("EncryptedPackage", 400))), small_map(), name="history")


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    message = f"`{tmp_path}` is a folder (give the file in it that holds the history)"
    with pytest.raises(UnreadableError) as caught:
        audit(tmp_path, small_map())
    assert str(caught.value) == message


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_text_in_another_encoding_is_refused_with_the_line_for_the_map(kind: str, encoding: str) -> None:
    data = SOUND[kind].decode().encode(encoding)
    assert refused(data).endswith(
        f"(it looks like {encoding.upper()}: add `encoding: {encoding}` to the map)"
    )
    assert [each.kind for each in read(data, f"encoding: {encoding}").breaches] == ["breach"]


def test_an_empty_file_is_said_to_be_empty_whatever_its_name() -> None:
    for name in ("a.csv", "a.json", "a.xlsx", "a.db"):
        assert "it is empty (is it the right file?)" in refused(b"", name=name)


def test_a_formula_without_its_result_is_refused_and_one_with_it_is_read() -> None:
    book, made = Workbook(), io.BytesIO()  # a program that computes nothing
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, ("Acme", "talk", "=DATE(2026, 3, 2)", "ana"), ROWS[1]):
        sheet.append(row)
    book.save(made)
    data = made.getvalue()
    assert refused(data) == (
        "`history` holds formulas without their results, such as in cell C2"
        " (open it in Excel, and save it again as XLSX)"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"<v />", b"<v>46083.4166666667</v>")
                text = text.replace(b"<v></v>", b"<v>46083.4166666667</v>")
            new.writestr(name, text)
    found = read(out.getvalue(), 'time: "12:00"', base=HEAD.replace("dates: [", "dates: [excel, "))
    assert [(each.name, f"{each.at:%m-%d %H:%M}") for each in found.processes["Acme"].timeline][:1] == [
        ("interview", "03-02 09:00")
    ]


@pytest.mark.parametrize(
    ("kind", "head", "message"),
    [
        ("xlsx", "kind: csv", "`history` is an Excel workbook, and the map says `kind: csv`"),
        ("csv", "kind: xlsx", "`history` is not an Excel workbook (XLSX), as the map says"),
        ("csv", "kind: sqlite", "`history` is not a SQLite database, as the map says"),
        ("csv", "sheet: Jobs", "`history` is CSV, and `sheet` in the map is for an Excel workbook"),
        (
            "xlsx",
            "query: select 1",
            "`history` is an Excel workbook, and `query` in the map is for a SQLite database",
        ),
        ("jsonl", 'delimiter: ";"', "`history` is JSON Lines, and `delimiter` in the map is for CSV"),
    ],
)
def test_a_map_for_another_kind_of_file_is_refused(kind: str, head: str, message: str) -> None:
    assert refused(SOUND[kind], small_map(head)).startswith(message)


@pytest.mark.parametrize("kind", ["json", "xlsx", "sqlite"])
def test_nothing_is_recorded_of_half_a_file(kind: str) -> None:
    whole = SOUND[kind]
    kept: list[str] = []

    def keep(employer: str, _: object) -> str:
        kept.append(employer)
        return ""

    for size in (*range(1, 30), *range(30, len(whole) - 1, max(1, len(whole) // 60))):
        with pytest.raises(UnreadableError) as caught:
            audit(io.BytesIO(whole[:size]), small_map(f"kind: {kind}"), name="h", keep=keep)
        assert caught.value.help
    assert kept == []
    assert "ends in the middle" in refused(whole[: len(whole) // 2])


def test_a_database_that_is_damaged_further_down_is_refused_as_a_whole() -> None:
    rows = [("Acme", "talk", "2026-03-02 10:00", f"{'x' * 900}{number}") for number in range(200)]
    data = bytearray(database(rows, HEADER))
    data[len(data) // 2 : -4096] = b"\x7f" * (len(data) - 4096 - len(data) // 2)
    assert refused(bytes(data)).startswith("`history` is a damaged SQLite database")


def test_without_its_package_a_workbook_is_refused_with_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert refused(SOUND["xlsx"]) == (
        "`history` is an Excel workbook, which needs the package openpyxl "
        "(install it with `pip install 'postinterview[xlsx]'`, or save the sheet as CSV)"
    )
    assert read(CSV).counts.rows == 2


def test_lines_can_not_be_a_workbook() -> None:
    with pytest.raises(MisuseError, match="lines are not an Excel workbook"):
        audit(["a\n"], small_map("kind: xlsx"))


# --- files that would fill the memory -------------------------------------------------------------


def bomb(name: str, text: bytes, times: int) -> bytes:
    """A sound workbook in which one part unpacks to very much."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SOUND["xlsx"])) as sound,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in sound.infolist():
            if part.filename != name:
                packed.writestr(part.filename, sound.read(part))
        with packed.open(name, "w") as spoilt:
            for _ in range(times):
                spoilt.write(text)
    return out.getvalue()


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = "MOST_KEPT" if "shared" in part else "MOST_UNPACKED"
    monkeypatch.setattr(xlsx_rows, limit, 10_000_000)
    data = bomb(part, b"<si><t>x</t></si>" * 10_000, 100)
    tracemalloc.start()
    try:
        assert "too large when it is unpacked" in refused(data)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_a_cell_far_down_costs_no_memory_and_one_below_the_sheet_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    first = "".join(cell.format("ABCD"[at], 1, name) for at, name in enumerate(HEADER))
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1">{first}</row><row r="{{0}}">{cell.format("A", "{0}", "x")}</row></sheetData></worksheet>'
    )
    far = bomb("xl/worksheets/sheet1.xml", sheet.format(60_000).encode(), 1)
    assert read(far).counts.blank == 59_998
    monkeypatch.setattr(xlsx_rows, "_ROWS", 60_000)
    assert "more rows than a sheet can have" in refused(
        bomb("xl/worksheets/sheet1.xml", sheet.format(10**15).encode(), 1)
    )


def test_json_that_is_too_large_to_be_kept_in_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_JSON", 100)
    assert refused(SOUND["json"]) == (
        "`history` is JSON of more than 100 characters (write it as JSON Lines, an object in each line)"
    )
    assert read(SOUND["jsonl"]).counts.rows == 2
