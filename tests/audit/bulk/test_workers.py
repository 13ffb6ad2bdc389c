"""A large file is split by employer and audited on several processes; a killed one changes nothing."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import parquet

from postinterview.audit import Audit, Map, audit, load_map
from postinterview.audit.bulk.splitting import RANGE
from postinterview.audit.bulk.workers import GROUP, LargeRun, audit_file, shares
from postinterview.files import UnreadableError
from tests.audit.bulk.dirty import MOSTLY_CLEAN, dirty_files, told, whole
from tests.audit.bulk.test_fast_path import clean_rows
from tests.audit.exporting import whole_map
from tests.audit.small import small_map

HISTORIES = Path("examples/audit/histories")


def alone(task: Callable[[str, Any], Any], job: str, items: Iterable[Any]) -> Iterator[Any]:
    """Every task in this process, the last one first."""
    return (task(job, each) for each in reversed(list(items)))


def in_groups(data: bytes, by: Map, *, groups: int = 3, size: int = 300, suffix: str = "csv") -> Audit:
    assert by.as_of is not None
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"history.{suffix}"
        path.write_bytes(data)
        run = LargeRun(str(path), by, by.as_of, "history", 1_000, groups, size)
        return run.wrong_columns() or run.audit(alone)


def all_of(made: Audit) -> dict[str, Any]:
    return {**told(made), "counts": made.counts.as_json(), "wrong": made.diagnostics}


@given(
    lines=dirty_files(dirt=MOSTLY_CLEAN, in_order=60),
    groups=st.integers(1, 4),
    size=st.sampled_from((1, 200, 700, 10_000)),
    more=st.lists(
        st.sampled_from(("\r\n", ",,\r\n", '"\r\n', 'a"b,c\r\n', "\n", " , \r\n", '"a";b\r\n', "\ufeff\r\n")),
        max_size=2,
    ),
    place=st.integers(1, 20),
)
@example(lines=clean_rows(3), groups=2, size=200, more=['a"b,c\r\n'], place=5)
@example(lines=clean_rows(3), groups=2, size=200, more=["\r\n"], place=5)
@example(lines=clean_rows(3), groups=2, size=200, more=['"\r\n', '"\r\n'], place=4)
def test_a_file_in_ranges_and_groups_is_audited_as_a_whole(
    lines: list[str], groups: int, size: int, more: list[str], place: int
) -> None:
    by = whole_map("csv")
    lines = [*lines[:place], *more, *lines[place:]]
    data = "".join(lines).encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.csv"
        path.write_bytes(data)
        expected = all_of(whole_file(path, by))
    assert all_of(in_groups(data, by, groups=groups, size=size)) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Acme", b"Caf\xe9"),
        (b"ana", b"\x85"),
        (b"ana", b"\xed\xa0\x80"),
        (b"Company", b"sep=,\nCompany"),
    ],
)
def test_bytes_that_are_no_text_and_a_line_of_excels_are_told_as_of_the_whole(
    old: bytes, new: bytes, tmp_path: Path
) -> None:
    rows = b"Acme,talk,2026-03-02 10:00,ana\nAcme,nudge,2026-03-03 10:00,\nBo,talk,2026-03-02 10:00,c\n"
    path = tmp_path / "history.csv"
    path.write_bytes((b"Company,What,Date,Who\n" + rows).replace(old, new, 1))
    assert all_of(in_groups(path.read_bytes(), small_map())) == all_of(whole_file(path, small_map()))


def test_a_header_that_is_no_text_is_refused_as_for_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(b"Company,What,Date,Who,Caf\xe9\nAcme,talk,2026-03-02 10:00,ana,\n")
    with pytest.raises(UnreadableError) as whole_error:
        whole_file(path, small_map())
    with pytest.raises(UnreadableError) as error:
        in_groups(path.read_bytes(), small_map())
    assert error.value.help == whole_error.value.help


def whole_file(path: Path, by: Map) -> Audit:
    return audit(str(path), by, name="history", keep=lambda _employer, _process: "")


@pytest.mark.parametrize("name", ["log.csv", "sheet.csv"])
def test_the_shipped_histories_in_groups_have_one_report(name: str) -> None:
    by = load_map(HISTORIES / name.replace("csv", "yaml"))
    assert all_of(in_groups((HISTORIES / name).read_bytes(), by)) == all_of(whole_file(HISTORIES / name, by))


def test_a_file_that_fills_cells_down_is_filled_before_it_is_split() -> None:
    by = small_map(head="fill_down: [Company]")
    rows = ("Acme,talk,2026-03-02 10:00,ana", ",nudge,2026-03-03 10:00,", "Bo,talk,2026-03-02 10:00,c")
    made = in_groups("\n".join(("Company,What,Date,Who", *rows, "")).encode(), by)
    assert (made.counts.processes, made.found["breach"]) == (2, 1)


def test_a_parquet_file_is_audited_by_its_row_groups() -> None:
    by = whole_map("csv")
    lines = clean_rows(4)
    names = lines[0].strip().split(",")
    rows = [line.rstrip("\r\n").split(",") for line in lines[1:]]
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.parquet"
        parquet.write_table(table, path, row_group_size=3)
        made = in_groups(path.read_bytes(), by, suffix="parquet")
    assert made.counts == whole(lines, by).counts
    assert list(made) == []


def test_rows_of_parquet_without_anything_in_them_are_blank() -> None:
    table = pa.table(
        {
            "Company": ["Acme", None, "", "Acme"],
            "What": ["talk", None, " ", "wrote"],
            "Date": ["2026-03-02 10:00", None, "", "2026-03-03 10:00"],
            "Who": ["ana", None, "", ""],
        }
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.parquet"
        parquet.write_table(table, path)
        made = in_groups(path.read_bytes(), small_map(), suffix="parquet")
    assert (made.counts.blank, made.found["unread"], made.found["hint"]) == (2, 0, 0)


def test_a_broken_parquet_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.parquet"
    path.write_bytes(b"PAR1garbage,x\n")
    with pytest.raises(UnreadableError, match="no Parquet that can be read"):
        audit_file(str(path), small_map(), workers=1)


def test_a_missing_column_is_answered_before_anything_is_read() -> None:
    made = in_groups(b"Company,Wat,Date,Who\nAcme,talk,,\n", small_map())
    assert [each.message for each in made.diagnostics] == ["`history` has no column `What`"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text('{"Company": "Acme"}\n')
    with pytest.raises(UnreadableError, match="neither CSV nor Parquet"):
        audit_file(str(path), small_map(), workers=1)
    with pytest.raises(UnreadableError, match="can't be read"):
        audit_file(str(tmp_path / "missing.csv"), small_map(), workers=1)


def test_a_killed_worker_is_replaced_and_nothing_counts_twice(tmp_path: Path) -> None:
    by = whole_map("csv")
    lines = clean_rows(400)
    lines[9::40] = [line.replace(",follow_up,", ",nudge,") for line in lines[9::40]]
    path = tmp_path / "history.csv"
    path.write_text("".join(lines), newline="")
    killed: list[int] = []

    def kill(_rows: int) -> None:
        if not killed:
            workers = [each.pid for each in psutil.Process().children(recursive=True) if is_worker(each)]
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    made = audit_file(str(path), by, workers=2, name="history", step=kill, group=4_000)
    assert killed
    assert all_of(made) == all_of(whole_file(path, by))


def is_worker(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "spawn_main" in " ".join(process.cmdline())
    return False


@given(size=st.integers(0, 10**11), workers=st.integers(1, 64))
def test_each_worker_gets_as_many_groups_that_fit_into_memory(size: int, workers: int) -> None:
    groups, size_of_range = shares(size, workers)
    assert groups % workers == 0
    assert groups >= 4 * workers
    assert size <= groups * GROUP
    assert size_of_range <= RANGE
    assert size <= 1_000_000 or size_of_range >= RANGE or size / size_of_range <= 4 * workers
