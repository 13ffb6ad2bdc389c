"""What is told of clean histories without their processes is what their processes tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import Audit, audit
from postinterview.audit.history import auditing
from postinterview.audit.history.act_judging import Judged
from postinterview.audit.history.clean_claims import CleanClaims
from postinterview.audit.history.map_model import EventClaim, Map, RowClaim
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.history.shaped_rows import ShapedRows
from postinterview.audit.sources.opening import open_rows
from postinterview.audit.sources.rows import Row
from tests.audit.bulk.dirty import MOSTLY_CLEAN, dirty_files, told
from tests.audit.bulk.test_fast_path import clean_rows
from tests.audit.exporting import whole_map
from tests.audit.small import ENTRIES, HEAD, NEVER, small_map

MAPS = {"all": whole_map("csv"), "some unknown": whole_map("csv", unknown=("linkedin_invite", "message"))}


def rows_of(lines: list[str], by: Map) -> list[Row]:
    with open_rows(lines, by.settings, "history", tuple(by.columns)) as (rows, _):
        return list(rows.rows())


class Kept:
    """Readers of a map that remember what they read and learnt in other examples."""

    def __init__(self, by: Map) -> None:
        assert by.as_of is not None
        self.by = by
        self.reader = RowReader(by, by.as_of)
        shaped, clean = ShapedRows.of(by, by.as_of), CleanClaims.of(self.reader)
        assert shaped is not None
        assert clean is not None
        self.shaped, self.clean = shaped, clean


KEPT = {name: Kept(by) for name, by in MAPS.items()}


@given(lines=dirty_files(dirt=MOSTLY_CLEAN))
def test_a_row_that_is_read_by_its_shape_says_what_it_says_by_itself(lines: list[str]) -> None:
    kept, count = KEPT["all"], 0
    for row in rows_of(lines, kept.by) * 2:
        said = kept.shaped.read(row)
        if said is None:
            continue
        count += 1
        expected = kept.reader.read(row)
        assert [each.claim for each in expected if each.claim is not None] == said.claims
        assert [each.sort for each in expected].count("nothing") == said.nothing
        assert all(each.finding is None for each in expected)
        assert len(expected) == len(said.claims) + said.nothing
    event(f"{count * 4 // max(1, 2 * len(lines) - 2)}/4 of the rows")


@pytest.mark.parametrize("which", sorted(MAPS))
@given(data=st.data())
def test_of_claims_that_are_clean_their_process_finds_nothing(which: str, data: st.DataObject) -> None:
    kept = KEPT[which]
    claims: dict[str, list[RowClaim]] = {}
    for row in rows_of(data.draw(dirty_files(dirt=MOSTLY_CLEAN, in_order=80)), kept.by):
        for each in kept.reader.read(row):
            if each.claim is not None and each.claim.employer:
                claims.setdefault(each.claim.employer, []).append(each.claim)
    for employer, mine in claims.items():
        mine.sort(key=lambda each: (isinstance(each, EventClaim), getattr(each, "at", None), each.line))
        made = Judged(kept.reader, employer, ())
        made.judge(iter(mine))
        is_clean = kept.clean.are_clean(mine)
        event(f"clean: {is_clean}, findings: {bool(made.findings)}")
        if is_clean:
            assert (made.findings, made.recorded) == ([], len(mine))


def both_ways(lines: list[str], by: Map, monkeypatch: pytest.MonkeyPatch) -> tuple[Audit, Audit]:
    """The audit in which clean histories are told without their processes, and the one with all of them."""
    monkeypatch.setattr(auditing, "ENOUGH", 0)
    quick = audit(lines, by, name="history")
    monkeypatch.setattr(auditing, "ENOUGH", 1_000_000)
    return quick, audit(lines, by, name="history")


@given(lines=dirty_files(dirt=MOSTLY_CLEAN, in_order=80))
def test_an_audit_says_the_same_whether_clean_histories_are_known_or_not(lines: list[str]) -> None:
    for by in MAPS.values():
        with pytest.MonkeyPatch.context() as patch:
            quick, whole = both_ways(lines, by, patch)
        assert told(quick) == told(whole)
        assert quick.processes == whole.processes
        assert list(quick.processes) == list(whole.processes)


def test_clean_histories_are_judged_without_a_process_and_folded_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by, lines = whole_map("csv"), clean_rows(auditing.ENOUGH)
    expected = audit(lines, by, processes=False)
    folded: list[str] = []
    judge = Judged.judge

    def counted(made: Judged, claims: Iterator[RowClaim]) -> None:
        folded.append(made.employer)
        judge(made, claims)

    monkeypatch.setattr(Judged, "judge", counted)
    made = audit(lines, by)
    assert (made.counts, made.found) == (expected.counts, expected.found)
    assert (made.counts.processes, made.counts.recorded) == (auditing.ENOUGH, 4 * auditing.ENOUGH)
    assert not folded
    process = made.processes["No 7"]
    assert [placed.name for placed in process.timeline] == [
        "interview",
        "thank_you",
        "follow_up",
        "rejection",
    ]
    assert made.processes["No 7"] is process
    assert folded == ["No 7"]


def test_an_audit_without_processes_holds_none() -> None:
    assert not audit(clean_rows(3), whole_map("csv"), processes=False).processes


def test_whoever_keeps_processes_gets_all_of_them() -> None:
    kept: dict[str, pi.Process] = {}

    def keep(name: str, process: pi.Process) -> str:
        kept[name] = process
        return ""

    audit(clean_rows(auditing.ENOUGH), whole_map("csv"), keep=keep)
    assert len(kept) == auditing.ENOUGH


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [
        (2, "thanks", ""),
        (2, "topic", ""),
        (2, "At", "2026-01-05"),
        (2, "At", ""),
        (2, "Event", "perhaps"),
        (4, "Role", "Analyst"),
    ],
)
def test_claims_that_leave_something_open_are_not_clean(row: int, column: str, cell: str) -> None:
    by, kept = whole_map("csv"), KEPT["all"]
    lines = clean_rows(1)
    cells = lines[row].rstrip("\r\n").split(",")
    cells[list(by.columns).index(column)] = cell
    lines[row] = ",".join(cells) + "\r\n"
    for some, is_clean in ((lines, False), (clean_rows(1), True)):
        claims = [each.claim for row in rows_of(some, by) for each in kept.reader.read(row)]
        assert kept.clean.are_clean([each for each in claims if each is not None]) is is_clean


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-04", "2026-01-05", "2026-02-01", "soon", ""])
def test_a_date_that_was_over_before_its_row_is_read_by_itself(day: str) -> None:
    formats = HEAD.replace('%H:%M"]', '%H:%M", "%Y-%m-%d"]\ntime: "12:00"')
    promised = "  said: {event: promise, when: {What: said}, at: Date, with: {date: {column: Day}}}\n"
    never = NEVER.replace("promise, ", "")
    kept = Kept(small_map(base=formats, entries=f"{ENTRIES}{promised}", never=never))
    (row,) = rows_of(["Company,What,Date,Who,Day\n", f"Acme,said,2026-01-05 10:00,,{day}\n"], kept.by)
    said, expected = kept.shaped.read(row), kept.reader.read(row)
    assert said is None or said.claims == [each.claim for each in expected]
    assert (said is None) is (day not in ("2026-01-05", "2026-02-01"))


def test_histories_in_several_time_zones_are_known_in_each() -> None:
    by = small_map(base=HEAD.replace("timezone: Europe/Zurich", "timezone_column: Zone"))
    assert by.as_of is not None
    reader = RowReader(by, by.as_of)
    clean = CleanClaims.of(reader)
    assert clean is not None
    found = set[bool]()
    for day in range(2, 20):
        for zone in ("Europe/Zurich", "Pacific/Auckland", "America/Los_Angeles"):
            head = "Company,What,Date,Who,Zone\n"
            lines = [
                head,
                f"Acme,talk,2026-03-02 10:00,ana,{zone}\n",
                f"Acme,nudge,2026-03-{day:02} 10:30,,{zone}\n",
            ]
            claims = [each.claim for row in rows_of(lines, by) for each in reader.read(row)]
            mine = [each for each in claims if each is not None]
            made = Judged(reader, "Acme", ())
            made.judge(iter(mine))
            assert clean.are_clean(mine) is (made.findings == [])
            found.add(made.findings == [])
    assert found == {True, False}
