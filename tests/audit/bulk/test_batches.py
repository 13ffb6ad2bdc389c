"""An audit in parts is the audit of the whole."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.audit import load_map
from postinterview.audit.bulk import audit_batch, employers, merge
from postinterview.audit.bulk.batches import LINE
from postinterview.core.values.errors import MisuseError
from tests.audit.bulk.dirty import MOSTLY_CLEAN, audited, batches, dirty_files, told, whole
from tests.audit.exporting import whole_map
from tests.audit.small import small_map

HISTORIES = Path("examples/audit/histories")


@given(
    lines=dirty_files(),
    parts=st.integers(1, 4),
    limit=st.sampled_from((0, 1, 2, 1_000)),
    seed=st.integers(0, 9),
)
def test_batches_in_any_partition_by_employer_merge_to_the_audit_of_the_whole(
    lines: list[str], parts: int, limit: int, seed: int
) -> None:
    by = whole_map("csv")
    made = [pickle.loads(pickle.dumps(audited(each, by, limit))) for each in batches(lines, by, parts)]  # noqa: S301
    Random(seed).shuffle(made)  # noqa: S311 - no secret
    assert told(merge(made, by)) == told(whole(lines, by, limit))


@given(lines=dirty_files(dirt=MOSTLY_CLEAN, in_order=80), seed=st.integers(0, 99))
def test_rows_with_numbers_may_come_in_any_order(lines: list[str], seed: int) -> None:
    by = whole_map("csv")
    (batch,) = batches(lines, by, 1)
    order = list(range(len(batch)))
    Random(seed).shuffle(order)  # noqa: S311 - no secret
    assert merge([audited(batch.take(pa.array(order, pa.int64())), by)], by).counts == whole(lines, by).counts


@pytest.mark.parametrize("backwards", [False, True])
def test_of_one_moment_the_row_that_stands_first_came_first(backwards: bool) -> None:
    at = "2026-03-02 10:00"
    given_ = [
        (2, "Acme", "talk", at, "ana"),
        (3, "Acme", "thanks", at, "ana"),
        (4, "Bo", "thanks", at, "ana"),
        (5, "Bo", "talk", at, "ana"),
    ]
    made = merge([audited(rows(*(reversed(given_) if backwards else given_)), small_map())], small_map())
    assert [each.line for each in made if each.reasons] == [4]


@pytest.mark.parametrize("parts", [1, 2, 5])
@pytest.mark.parametrize("name", ["log", "sheet"])
@pytest.mark.parametrize("broken", [0, 20])
def test_the_shipped_histories_in_parts_are_audited_as_a_whole(name: str, parts: int, broken: int) -> None:
    by = load_map(HISTORIES / f"{name}.yaml")
    lines = (HISTORIES / f"{name}.csv").read_text().splitlines(keepends=True)
    if broken:  # 5 % of the rows, at least one
        lines = [f"x;x,x,{line}" if n > 2 and n % broken == 3 else line for n, line in enumerate(lines)]
    made = [audited(each, by) for each in batches(lines, by, parts)]
    assert told(merge(made, by)) == told(whole(lines, by))


def test_a_row_of_no_employer_makes_breaches_in_other_parts_undecided() -> None:
    by = small_map()
    sound = rows(
        (2, "Acme", "talk", "2026-03-02 10:00", "ana"),
        (3, "Acme", "nudge", "2026-03-10 10:00", ""),
        (4, "Acme", "nudge", "2026-03-20 10:00", ""),
    )
    alone, nobodys = audited(sound, by), audited(rows((5, "", "?", "", "")), by)
    assert merge([alone], by).found["breach"] == 1
    both = merge([alone, nobodys], by)
    assert (both.found["breach"], both.found["undecided"], both.found["hint"]) == (0, 1, 1)
    assert both.findings["undecided"][0].line == 4


def rows(*given: tuple[object, ...]) -> pa.RecordBatch:
    names = (LINE, "Company", "What", "Date", "Who")
    return pa.RecordBatch.from_pydict(dict(zip(names, map(list, zip(*given, strict=True)), strict=True)))


def test_values_of_any_type_are_read_as_cells() -> None:
    by = whole_map("csv")
    columns = {
        "Company": pa.array(["Acme"]),
        "Role": pa.array([7]),
        "Event": pa.array(["interview"]),
        "At": pa.array([datetime(2026, 1, 5, 9, tzinfo=UTC)]),
        "interviewers": pa.array([["ana", "bo"]]),
    }
    empty = {name: pa.array([None], pa.string()) for name in by.columns if name not in columns}
    made = merge([audit_batch(pa.RecordBatch.from_pydict(columns | empty), by)], by)
    assert (made.counts.recorded, list(made)) == (1, [])
    nested = columns | {"Role": pa.array([{"name": "x"}])}
    made = merge([audit_batch(pa.RecordBatch.from_pydict(nested | empty), by)], by)
    assert [each.message for each in made.findings["unread"]] == [
        "`Role` holds something that can't be a cell"
    ]


def test_the_key_to_group_by_is_the_employer_as_the_map_reads_it() -> None:
    by = small_map(head='employers: {acme inc: Acme}\nempty: ["-"]')
    names = ["Acme Inc", "ACME INC ", "-", "Bo\u200bb", None, "Talus"]
    batch = pa.RecordBatch.from_pydict({"Company": pa.array(names)})
    assert employers(batch, by).to_pylist() == ["Acme", "Acme", None, None, None, "Talus"]


def test_a_batch_without_a_column_of_the_map_is_answered_with_the_column() -> None:
    by = small_map()
    batch = pa.RecordBatch.from_pydict({"Company": ["Acme"], "Wat": ["talk"], "Date": [""], "Who": [""]})
    made = merge([audit_batch(batch, by, name="jobs")], by)
    assert [each.message for each in made.diagnostics] == ["`jobs` has no column `What`"]
    assert made.counts.rows == 0


def test_a_map_that_fills_cells_down_needs_the_whole_file() -> None:
    by = small_map(head="fill_down: [Company]")
    for call in (audit_batch, employers):
        with pytest.raises(MisuseError, match="in the order of the file"):
            call(pa.RecordBatch.from_pydict({"Company": ["Acme"]}), by)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "there are no parts to merge"),
        (["x"], "no part of an audit"),
        ([date(2026, 3, 1), date(2026, 4, 1)], "not of one history"),
    ],
)
def test_what_does_not_belong_together_is_not_merged(parts: list[object], message: str) -> None:
    by = small_map()
    batch = pa.RecordBatch.from_pydict({name: pa.array([], pa.string()) for name in by.columns})
    made = [audit_batch(batch, by, as_of=each) if isinstance(each, date) else each for each in parts]
    with pytest.raises(MisuseError, match=message):
        merge(made, by)  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [3, "rows", [{"Company": "Acme"}]])
def test_what_can_be_no_batch_is_misuse(rows: object) -> None:
    with pytest.raises(MisuseError, match="no record batch"):
        audit_batch(rows, small_map())


CHASED_AT_ONCE = {
    "Company": ["Ok", "Ok", "Bad", "Bad"],
    "What": ["talk", "wrote", "talk", "nudge"],
    "Date": ["2026-03-02 10:00", "2026-03-12 10:00", "2026-03-02 10:00", "2026-03-03 10:00"],
    "Who": ["ana", "", "ana", ""],
}
"""Rows of which the fast way takes two."""


def breaches(rows: object, line: str | None = None) -> list[int]:
    return [each.line for each in merge([audit_batch(rows, small_map(), line=line)], small_map())]


def test_rows_are_counted_from_one_where_no_column_numbers_them() -> None:
    assert breaches(pa.table(CHASED_AT_ONCE)) == [4]
    assert breaches(pa.table(CHASED_AT_ONCE).to_batches(max_chunksize=3)) == [4]


def test_numbers_of_rows_may_be_texts() -> None:
    """As texts, 10 comes before 8: then the message would be after the call that it makes too soon."""
    table = {
        "Company": ["Ok"] * 3,
        "What": ["talk", "wrote", "nudge"],
        "Date": ["2026-03-02 10:00", "2026-03-12 10:00", "2026-03-12 10:00"],
        "Who": ["ana", "", ""],
    }
    for numbers in (["8", "9", "10"], [8, 9, 10]):
        assert breaches(pa.table({**table, "n": numbers}), "n") == [10]


@pytest.mark.parametrize(
    ("numbers", "line", "message"),
    [
        ([1, 2, 3, 4], "number", "the rows have no column `number`"),
        ([1, 2, None, 4], "n", "the column `n` does not number all rows"),
        (["1", "2", "3", "four"], "n", "the column `n` does not number all rows"),
    ],
)
def test_a_column_that_does_not_number_the_rows_is_misuse(
    numbers: list[object], line: str, message: str
) -> None:
    with pytest.raises(MisuseError, match=message):
        audit_batch(pa.table({**CHASED_AT_ONCE, "n": numbers}), small_map(), line=line)


def test_a_part_without_rows_is_a_part() -> None:
    for by in (small_map(), load_map(HISTORIES / "log.yaml")):
        assert merge([audit_batch([], by, line="n"), audit_batch([], by)], by).counts.rows == 0


def test_batches_may_differ_in_a_column_without_values_and_in_the_order() -> None:
    some, others = pa.table(CHASED_AT_ONCE).slice(0, 2), pa.table(CHASED_AT_ONCE).slice(2)
    empty = some.set_column(3, "Who", pa.nulls(2)).select(["What", "Who", "Company", "Date"])
    assert breaches([*empty.to_batches(), *others.to_batches()]) == [4]
    with pytest.raises(MisuseError, match="the batches differ in their columns"):
        breaches([*some.to_batches(), *others.set_column(3, "Who", pa.array([1, 2])).to_batches()])
