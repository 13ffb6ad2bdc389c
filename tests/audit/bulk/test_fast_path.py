"""What the fast path calls clean is clean by the exact path, and both give one report."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from postinterview.audit import load_map
from postinterview.audit.bulk import merge
from postinterview.audit.bulk.batches import LINE, WHY
from postinterview.audit.bulk.column_rows import ColumnReader
from postinterview.audit.bulk.read_columns import MomentColumn, column_of
from postinterview.audit.clean.clean_histories import CleanHistories
from postinterview.audit.clean.known_steps import KnownSteps
from postinterview.audit.clean.recording import ticks
from postinterview.audit.history.cell_meanings import EMPTY, MomentReader, OddCellError
from postinterview.audit.history.cell_reading import CellReader
from postinterview.audit.history.date_formats import Format, read_format
from postinterview.audit.history.dates import DatedCell, read_date
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.row_shapes import columns_of
from tests.audit.bulk.dirty import MOSTLY_CLEAN, audited, batches, dirty_files, told, whole
from tests.audit.exporting import ZONE, whole_map
from tests.audit.small import HEAD, small_map


def reader_of(by: Map) -> ColumnReader:
    kinds = columns_of(by)
    assert kinds is not None
    assert by.timezone is not None
    assert by.as_of is not None
    return ColumnReader(by, by.as_of, kinds, by.timezone)


KEPT = {by.file + str(by.unknown): (by, reader_of(by)) for by in (whole_map("csv"),
    whole_map("csv", unknown=("linkedin_invite", "invite_accepted", "message")))}  # fmt: skip


@pytest.mark.parametrize("which", sorted(KEPT))
@given(data=st.data())
def test_both_paths_give_the_same_report(which: str, data: st.DataObject) -> None:
    by, reader = KEPT[which]
    lines = data.draw(dirty_files(dirt=MOSTLY_CLEAN, in_order=80))
    expected = whole(lines, by)
    (batch,) = batches(lines, by, 1)
    table = pa.Table.from_batches([batch])
    for _ in range(3):  # recorded, then known
        clean = reader.clean(table, LINE, WHY)
        event(f"clean employers: {len(clean.employers)}")
        about = (each for each in expected if each.line or each.kind != "hint")
        left = {each.employer for each in about}
        assert left.isdisjoint(clean.employers)
    assert told(merge([audited(batch, by)], by)) == told(expected)


@pytest.mark.parametrize("name", ["log", "sheet"])
def test_the_shipped_histories_have_one_report(name: str) -> None:
    folder = Path("examples/audit/histories")
    by = load_map(folder / f"{name}.yaml")
    lines = (folder / f"{name}.csv").read_text().splitlines(keepends=True)
    made = [audited(each, by) for each in batches(lines, by, 2)]
    assert told(merge(made, by)) == told(whole(lines, by))


def clean_rows(count: int, *, week: int = 0) -> list[str]:
    """Histories of four rows that are in order, each of another employer."""
    header = ",".join(whole_map("csv").columns)
    names = header.split(",")
    lines = [f"{header}\r\n"]
    for number in range(count):
        at = datetime(2026, 1, 5 + number % 4, 10, number % 50, tzinfo=ZONE) + timedelta(weeks=week)
        thanks = {"To": "ana", "thanks": "true", "topic": "t", "looking_forward": "true"}
        rows: list[tuple[str, timedelta, dict[str, str]]] = [
            ("interview", timedelta(0), {"interviewers": "ana|bo"}),
            ("thank_you", timedelta(hours=5), thanks),
            ("follow_up", timedelta(days=14), {"channel": "email"}),
            ("rejection", timedelta(days=15), {}),
        ]
        for name, after, cells in rows:
            told_ = {"Company": f"No {number}", "Event": name, "At": (at + after).isoformat(), **cells}
            lines.append(",".join(told_.get(each, "") for each in names) + "\r\n")
    return lines


@pytest.mark.parametrize("busy", [0, 300])
def test_clean_histories_need_no_engine_once_their_kind_is_known(
    monkeypatch: pytest.MonkeyPatch, busy: int
) -> None:
    by = whole_map("csv")
    whole(clean_rows(busy), by)  # guards of busy transitions are compiled, and ask in another way
    reader = reader_of(by)
    (batch,) = batches(clean_rows(8), by, 1)
    assert len(reader.clean(pa.Table.from_batches([batch]), LINE, WHY).employers) == 8

    def grown(*_: Any) -> bool:
        raise AssertionError

    monkeypatch.setattr(KnownSteps, "_grow", grown)
    monkeypatch.setattr(CleanHistories, "judge_plainly", grown)
    (later,) = batches(clean_rows(30, week=3), by, 1)
    clean = reader.clean(pa.Table.from_batches([later]), LINE, WHY)
    assert (len(clean.employers), len(clean.rest), clean.counts["recorded"]) == (30, 0, 120)


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [
        (1, "Event", "perhaps"),
        (1, "Company", ""),
        (2, "At", "2026-01-05"),
        (2, "At", "soon"),
        (2, "At", "2031-01-05T10:00:00Z"),
        (2, "topic", ""),
        (2, "thanks", "false"),
        (3, "At", "2026-01-06T10:00:00Z"),
        (4, "Role", "Analyst"),
    ],
)
def test_one_odd_cell_leaves_its_employer_to_the_exact_path(row: int, column: str, cell: str) -> None:
    by = whole_map("csv")
    lines = clean_rows(2)
    cells = lines[row].rstrip("\r\n").split(",")
    cells[list(by.columns).index(column)] = cell
    lines[row] = ",".join(cells) + "\r\n"
    (batch,) = batches(lines, by, 1)
    clean = reader_of(by).clean(pa.Table.from_batches([batch]), LINE, WHY)
    assert clean.employers == ("No 1",)
    assert told(merge([audited(batch, by)], by)) == told(whole(lines, by))


def test_rows_of_some_maps_are_read_one_by_one() -> None:
    zone = HEAD.replace("timezone: Europe/Zurich", "timezone_column: Zone")
    assert columns_of(small_map()) is not None
    assert columns_of(small_map(base=zone)) is None
    assert columns_of(small_map(head="year_column: Year")) is None


FORMATS = ("iso", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%y %H:%M", "%Y-%m-%d", "%d.%m.%Y", "unix")


def formats(*texts: str) -> tuple[Format, ...]:
    read = tuple(map(read_format, texts))
    assert all(isinstance(each, Format) for each in read)
    return read  # type: ignore[return-value]


@given(
    kinds=st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3, unique=True),
    at=st.datetimes(datetime(1899, 1, 1), datetime(2999, 12, 31)),  # noqa: DTZ001 - local time
    by=st.sampled_from(FORMATS),
    zone=st.sampled_from(("Europe/Zurich", "America/New_York", "Asia/Kathmandu", "UTC")),
    offset=st.sampled_from(("", "Z", "+05:30", "-11:00")),
    cut=st.sampled_from((None, None, None, 11, 16)),
    joint=st.sampled_from(("T", " ", "")),
)
def test_a_moment_read_in_parts_is_the_moment_of_the_whole(
    kinds: list[str], at: datetime, by: str, zone: str, offset: str, cut: int | None, joint: str
) -> None:
    year = f"{at.year:04}"
    text = (
        f"{year}{at.isoformat(joint or 'T', 'seconds')[4:]}{offset}"
        if by == "iso"
        else at.strftime(by.replace("%Y", year))
    )
    text = text[:cut] if joint else text.replace("T", "")
    read = MomentReader(formats(*kinds), ZoneInfo(zone), None)
    exact = read_date(text, formats(*kinds), ZoneInfo(zone), time(12), None)
    for _ in range(2):
        try:
            found: int | None = read.read(text)
        except OddCellError:
            found = None
        if found is not None:
            assert isinstance(exact, DatedCell)
            assert exact.clock
            assert ticks(exact.at) == found
        elif isinstance(exact, DatedCell) and exact.clock:
            raise AssertionError(text)


DATES = (
    *("2026-01-05 10:00", "2026-03-29 02:30", "2026-03-29 12:00", "2026-01-05", "", " ", "never", None),
    *("2026-01-05T10:00", "2026-01-05T10:00Z", "2026-01-05 10:00+05:30", "2031-01-05 10:00"),
    *(" 2026-01-05 10:00", "2026-01-05 10:00 ", "2026-01-05  10:00", "05.01.2026 10:00"),
    *("2026-01-05 24:00", "0000-00-00 00:00", "10:00 2026-01-05", "1899-12-31 10:00", "05.01.2031 10:00"),
)


@pytest.mark.parametrize("head", ["", 'empty: ["never"]', 'empty: ["2026-01-05 10:00", "05.01.2026 10:00"]'])
@pytest.mark.parametrize("form", ["iso", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"])
@pytest.mark.parametrize("texts", [DATES, DATES[:3], ()])
def test_a_column_of_moments_says_what_each_of_its_cells_says(
    texts: tuple[str | None, ...], form: str, head: str
) -> None:
    by = small_map(head=f'time: "12:00"\n{head}', base=HEAD.replace("%Y-%m-%d %H:%M", form))
    kinds = columns_of(by)
    assert kinds is not None
    assert by.timezone is not None
    assert by.as_of is not None
    read = CellReader(by, by.as_of, kinds, by.timezone)
    table = pa.table({"Date": pa.chunked_array([pa.array(texts, pa.string())])})
    column = column_of(table, "Date", "moment", read)
    assert isinstance(column, MomentColumn)
    meanings = [read.cells["Date"].of(text or "") for text in texts]
    assert column.moments.to_pylist() == [each if isinstance(each, int) else None for each in meanings]
    states = [2 if each is None else int(each is not EMPTY) for each in meanings]
    assert column.states().to_pylist() == states
    assert [column.cell(row) for row in range(len(texts))] == [
        (text or "", each) for text, each in zip(texts, meanings, strict=True)
    ]


def test_no_moment_is_read_on_another_day_in_another_zone() -> None:
    read = MomentReader(formats("%Y-%m-%d %H:%M"), ZoneInfo("Europe/Zurich"), None)
    assert read.read("2026-03-28 23:30") == ticks(datetime(2026, 3, 28, 22, 30, tzinfo=UTC))
    assert read.read("2026-03-29 23:30") == ticks(datetime(2026, 3, 29, 21, 30, tzinfo=UTC))
    with pytest.raises(OddCellError):
        read.read("2026-03-29 02:30")  # it never comes there
