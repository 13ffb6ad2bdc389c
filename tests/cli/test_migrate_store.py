"""`migrate --store`: what becomes of every process that a database keeps, said first, then written or not."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from postinterview.saving import Forecast
from postinterview.stores import Keeper, Standing, StoredEntry
from postinterview.stores.sql import SqlStore
from tests.cli.helpers import GOOD, SAVED, Caller

STUCK = ("refused", "refused-names", "damaged")
RULES = ("--rules", "../../cli/saved/talks.yaml")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A store of processes that can all go on, each entry under an idempotency key."""
    path = tmp_path / "mine.db"
    put(path, *GOOD)
    return path


def put(path: Path, *names: str) -> None:
    """Keep in a store what the files hold."""
    with closing(SqlStore(f"sqlite:///{path}")) as store:
        for name in names:
            head = json.loads((SAVED / f"{name}.json").read_text(encoding="utf-8"))
            history, snapshot = head.pop("history"), head.pop("snapshot")
            lines = [
                StoredEntry(sequence=number, text=json.dumps(entry), once=f"{name} {number}")
                for number, entry in enumerate(history, 1)
            ]
            store.create(name, Standing(head=json.dumps(head), snapshot=json.dumps(snapshot)), lines)


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_with_check_each_process_is_told_and_not_a_byte_is_written(database: Path, call: Caller) -> None:
    put(database, *STUCK)
    before, file = contents(database), database.read_bytes()
    answer = call("migrate", "--check", "--store", database, *RULES)

    assert (answer.code, answer.err) == (1, "")
    assert answer.out == (
        "ok    carried-over  carried over by `renamed`\n"
        "FAIL  damaged  damaged: history[1].seal: entry 2 is not as it was saved: its seal differs\n"
        "        = help: restore it from a backup\n"
        "ok    goes-on  goes on under the new rules\n"
        "ok    judged-anew  carried over by `five_days`, 1 difference\n"
        "        - entry 3 (follow up, Sun 8 Mar 2026) was a breach, and is now allowed\n"
        "FAIL  refused  refused: the rules changed from (talks version 1 7b6b57ebb27a) to (talks version 3 "
        "8ca57406ee4f), and they judge this history differently\n"
        "        - entry 2 (follow up, Sun 8 Mar 2026) was a breach, and is now allowed\n"
        "        = help: the migration `renamed` (../../cli/saved/talks.yaml:27) does not cover this: "
        "add the new names, or `refold: true` with a `why:`\n"
        "FAIL  refused-names  refused: the rules changed from (talks version 0 07468f083c06) to "
        "(talks version 3 8ca57406ee4f), and they judge this history differently\n"
        "        - entry 1 (`meeting`, Mon 2 Mar 2026): the rules have no event `meeting` "
        "(write `interview`, `note` or `follow_up`)\n"
        "        - entry 2 (`follow_up`, Wed 11 Mar 2026): unknown field `channel` of `follow_up` (write "
        "`means`)\n"
        '        = help: under `migrations:`, add `my_change: {from: "0", refold: true, why: ...}`, '
        "or keep the earlier rules\n"
        "ok    unchanged  unchanged\n"
        "7 processes: 1 unchanged, 1 under the new rules, 2 carried over, 2 refused, 1 damaged\n"
    )
    assert (contents(database), database.read_bytes()) == (before, file)


def test_with_check_what_could_go_on_is_not_written(database: Path, call: Caller) -> None:
    before, file = contents(database), database.read_bytes()
    answer = call("migrate", "--check", "--store", database, *RULES)

    assert answer.code == 0
    assert answer.out.splitlines()[-1] == ("4 processes: 1 unchanged, 1 under the new rules, 2 carried over")
    assert (contents(database), database.read_bytes()) == (before, file)


def test_the_document_is_this(database: Path, call: Caller) -> None:
    answer = call("migrate", "--store", database, *RULES, "--format", "json")
    nothing: dict[str, Any] = {"differences": [], "message": "", "help": "", "path": ""}
    anew = {
        "text": "entry 3 (follow up, Sun 8 Mar 2026) was a breach, and is now allowed",
        "entry": 3,
        "machine": None,
    }
    wanted = {
        "version": 1,
        "processes": [
            {"key": "carried-over", "outcome": "carried_over", "migration": "renamed", **nothing},
            {"key": "goes-on", "outcome": "goes_on", "migration": None, **nothing},
            {
                "key": "judged-anew",
                "outcome": "carried_over",
                "migration": "five_days",
                **nothing,
                "differences": [anew],
            },
            {"key": "unchanged", "outcome": "unchanged", "migration": None, **nothing},
        ],
        "written": ["carried-over", "goes-on", "judged-anew"],
        "left": [],
        "skipped": [],
        "diagnostics": [],
        "passed": True,
        "errors": [],
    }
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == json.dumps(wanted, indent=2) + "\n"


def test_what_can_go_on_is_written_with_its_idempotency_keys_and_then_is_unchanged(
    database: Path, call: Caller
) -> None:
    answer = call("migrate", "--store", f"sqlite:///{database}", *RULES)
    assert answer.out.splitlines()[-1] == (
        "4 processes: 1 unchanged, 1 under the new rules, 2 carried over; 3 written"
    )
    rulebook = pi.load_rulebook(SAVED / "talks.yaml")
    with closing(SqlStore(f"sqlite:///{database}")) as store:
        for name in GOOD:
            kept = store.load(name)
            assert kept is not None
            assert [line.once for line in kept.entries] == [
                f"{name} {number}" for number in range(1, len(kept.entries) + 1)
            ]
            saved = (SAVED / f"{name}.json").read_text(encoding="utf-8")
            assert Keeper(rulebook, store).load(name) == rulebook.restore(saved)
    after = contents(database)
    again = call("migrate", "--store", database, *RULES)
    assert again.out.splitlines()[-1] == "4 processes: 4 unchanged; nothing written"
    assert contents(database) == after


def test_while_one_can_not_go_on_none_is_written_in_files_or_the_store(
    database: Path, call: Caller, tmp_path: Path
) -> None:
    file = tmp_path / "one.json"
    file.write_bytes((SAVED / "carried-over.json").read_bytes())
    put(database, "refused")
    before = contents(database)
    answer = call("migrate", file, "--store", database, *RULES)

    assert answer.code == 1
    assert answer.out.splitlines()[-1] == (
        "6 processes: 1 unchanged, 1 under the new rules, 3 carried over, 1 refused; nothing written"
    )
    assert (contents(database), file.read_bytes()) == (before, (SAVED / "carried-over.json").read_bytes())


def test_an_empty_store_can_go_on(tmp_path: Path, call: Caller) -> None:
    put(tmp_path / "empty.db")
    answer = call("migrate", "--store", tmp_path / "empty.db")
    assert (answer.code, answer.out) == (0, "no saved process found\n")


def test_a_store_that_is_not_there_is_unreadable_and_not_made(tmp_path: Path, call: Caller) -> None:
    answer = call("migrate", "--store", tmp_path / "mine.db")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith(f"error: the store `{tmp_path / 'mine.db'}`: there is no file")
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_fails_on_the_way_ends_the_answer_with_what_failed(database: Path, call: Caller) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE postinterview_entries")
        connection.execute("CREATE TABLE postinterview_entries (x)")
    answer = call("migrate", "--store", database, *RULES, "--format", "json")

    assert (answer.code, answer.err) == (3, "")
    document = json.loads(answer.out)
    assert document["passed"] is False
    assert document["errors"][0]["message"].startswith(f"the store `{database}`: ")


def test_a_key_that_can_be_none_is_damage_and_stops_the_others(database: Path, call: Caller) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO postinterview_processes SELECT ' ', version, head, snapshot, due "
            "FROM postinterview_processes WHERE key = 'unchanged'"
        )
        connection.commit()
    before = contents(database)
    answer = call("migrate", "--store", database, *RULES)

    assert answer.code == 1
    assert answer.out.startswith(
        "FAIL     damaged: key: `key` can't be ' '\n        = help: give a text with visible characters\n"
    )
    assert contents(database) == before


def test_what_can_not_go_on_when_it_is_to_be_written_is_left_and_said(
    database: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Forecast(fate="refused", message="others wrote it meanwhile")
    monkeypatch.setattr(
        "postinterview.cli.migration_sources.carry_over", lambda _: iter([("carried-over", late)])
    )
    answer = call("migrate", "--store", database, *RULES)
    assert answer.code == 1
    assert answer.out.splitlines()[-2:] == [
        "FAIL  carried-over  refused: others wrote it meanwhile",
        "4 processes: 1 unchanged, 1 under the new rules, 2 carried over; nothing written, 1 left as it was",
    ]
    document = json.loads(call("migrate", "--store", database, *RULES, "--format", "json").out)
    assert [each["key"] for each in document["left"]] == ["carried-over"]
    assert (document["written"], document["passed"]) == ([], False)


def test_one_of_paths_and_a_store_is_to_be_named(call: Caller) -> None:
    answer = call("migrate", "--check")
    assert answer.code == 2
    assert answer.err.endswith(
        "Error: name files or folders of saved processes, or a store: --store mine.db\n"
    )


def test_rules_with_functions_are_referred_to_the_program_that_has_them(
    database: Path, call: Caller, tmp_path: Path
) -> None:
    text = (SAVED / "talks.yaml").read_text(encoding="utf-8")
    rules = tmp_path / "talks.yaml"
    rules.write_text(text.replace("{apart: 2 days, from: note}", "{custom: is_polite}"), encoding="utf-8")
    before = contents(database)
    answer = call("migrate", "--store", database, "--rules", rules)

    assert (answer.code, answer.out) == (1, "")
    assert "error[PI209]" in answer.err
    assert answer.err.endswith(
        "error: the functions of these rules are in a program\n"
        "  = help: in a program that has them, call "
        "`postinterview.stores.migrate(keeper, check=True)` for a store, and "
        "`rulebook.restore(text).to_json()` for a file\n"
    )
    assert contents(database) == before


def test_a_long_document_is_printed_as_it_comes_to_be(
    database: Path, call: Caller, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []
    real = SqlStore.load

    def load(store: SqlStore, key: str) -> Any:
        printed.append(capsys.readouterr().out)
        return real(store, key)

    monkeypatch.setattr(SqlStore, "load", load)
    answer = call("migrate", "--check", "--store", database, *RULES, "--format", "json")

    document = json.loads("".join(printed) + answer.out)
    assert ['"key"' in part for part in printed] == [False, True, True, True]
    assert len(document["processes"]) == 4


@pytest.mark.parametrize("after", range(3))
def test_an_interruption_leaves_each_process_old_or_new_and_a_second_run_ends_it(
    after: int, database: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> dict[str, list[Any]]:
        with closing(SqlStore(f"sqlite:///{database}")) as store:
            kept = {name: store.load(name) for name in GOOD}
        return {name: [each.standing, each.entries] for name, each in kept.items() if each is not None}

    before, left, real = rows(), [after], SqlStore._add  # noqa: SLF001 - to interrupt within a transaction

    def interrupted(self: SqlStore, *given: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(SqlStore, "_add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            call("migrate", "--store", database, *RULES)
    found = rows()
    assert call("migrate", "--store", database, *RULES).code == 0
    done = rows()
    assert [found[name] == done[name] for name in ("carried-over", "goes-on", "judged-anew")] == [
        number < after for number in range(3)
    ]
    assert all(found[name] in (before[name], done[name]) for name in GOOD)
