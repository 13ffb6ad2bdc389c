"""Rows of a SQLite file that somebody edited past every check: SQLite takes any value in any column."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import frozen

import postinterview as pi
from postinterview.stores import ConflictError, Keeper, migrate
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores.kinds import in_file
from tests.stores.telling import LATER, OVERDUE, interviewed, twice_interviewed


@frozen
class Edited:
    """A store that keeps acme and zeta, and its file."""

    keeper: Keeper
    path: Path

    def edit(self, table: str, values: str, where: str) -> None:
        statement = f"UPDATE postinterview_{table} SET {values} WHERE {where}"  # noqa: S608 - the tests' own
        self.run(statement)

    def run(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(statement)
            connection.commit()


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[Edited]:
    path = tmp_path / "edited.db"
    with closing(SqlStore(in_file(path))) as store:
        keeper = Keeper(default(), store)
        for key in ("acme", "zeta"):
            interviewed(keeper, key)
        yield Edited(keeper, path)


@pytest.mark.parametrize("due", ["'soon'", "9223372036854775807", "-9223372036854775807", "x'00'", "NULL"])
def test_a_due_moment_that_can_be_none_is_put_right_and_hides_no_other(due: str, edited: Edited) -> None:
    wanted = list(edited.keeper.due(by=OVERDUE))
    edited.edit("processes", f"due = {due}", "key = 'acme'")

    assert list(edited.keeper.due(by=OVERDUE)) == wanted[1:]
    assert len(edited.keeper.load("acme").history) == 1
    assert migrate(edited.keeper).written == 1
    assert list(edited.keeper.due(by=OVERDUE)) == wanted


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("version", "-7", "process `acme`: its version can't be -7 (write a whole number there)"),
        ("version", "'x'", "process `acme`: its version can't be 'x' (write a whole number there)"),
        (
            "head",
            "x'ff'",
            "process `acme`, head: byte 1: the byte 0xff is not UTF-8 (restore it from a backup)",
        ),
        ("snapshot", "'{}'", "process `acme`, snapshot: `machines` is missing"),
    ],
)
def test_a_row_that_can_be_no_process_is_damage_with_its_place(
    column: str, value: str, said: str, edited: Edited
) -> None:
    edited.edit("processes", f"{column} = {value}", "key = 'acme'")
    with pytest.raises(pi.SavedError) as caught:
        edited.keeper.record("acme", "message", at=OVERDUE)
    assert str(caught.value) == said
    assert migrate(edited.keeper).counts == {"damaged": 1, "unchanged": 1}


def test_a_last_entry_that_is_gone_is_missed(edited: Edited) -> None:
    edited.keeper.record("acme", "message", at=OVERDUE)
    edited.run("DELETE FROM postinterview_entries WHERE process = 'acme' AND sequence = 2")
    with pytest.raises(pi.SavedError, match="process `acme`, history: entry 2 is missing"):
        edited.keeper.load("acme")


@pytest.mark.parametrize("sequence", [1, 0, -3])
def test_entries_whose_process_is_gone_are_damage_and_no_new_process_takes_them_over(
    sequence: int, edited: Edited
) -> None:
    edited.run("DELETE FROM postinterview_processes WHERE key = 'acme'")
    edited.edit("entries", f"sequence = {sequence}", "process = 'acme'")
    keeper, other = edited.keeper, edited.keeper.load("zeta")
    for call in (
        lambda: keeper.load("acme"),
        lambda: keeper.record("acme", "message", at=OVERDUE),
        lambda: keeper.start("acme", timezone="Europe/Zurich"),
    ):
        with pytest.raises(
            pi.SavedError, match="process `acme`: its row is missing, and its entries are there"
        ):
            call()
    with pytest.raises(ConflictError, match="`acme` already, or what is left of one"):
        keeper.add("acme", other)

    assert keeper.forget("acme")
    assert not keeper.forget("acme")
    assert keeper.start("acme", timezone="Europe/Zurich").history == ()
    assert keeper.load("zeta") == other


def test_a_row_that_stands_before_the_first_is_no_process(edited: Edited) -> None:
    edited.edit("entries", "sequence = -1", "process = 'acme'")
    with pytest.raises(pi.SavedError, match=r"history\[0\]: the row -1 is where the row 1 should be"):
        edited.keeper.load("acme")


def test_rows_that_changed_places_are_found(edited: Edited) -> None:
    twice_interviewed(edited.keeper, "third")
    edited.keeper.do("third", "follow_up", at=LATER, channel="call")
    for one, other in ((2, 9), (3, 2), (9, 3)):
        edited.edit("entries", f"sequence = {other}", f"process = 'third' AND sequence = {one}")
    with pytest.raises(pi.SavedError, match=r"process `third`, history\[1\].number: entry 3 is where"):
        edited.keeper.load("third")
