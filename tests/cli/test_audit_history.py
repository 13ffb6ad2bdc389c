"""What `audit` ends with, keeps and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.cli.helpers import CLEAN, MAP, ROOT, Caller, start

EXAMPLES = ROOT / "examples" / "audit" / "histories"
PUSHY = f"{CLEAN}Acme,nudge,2026-03-10 10:00,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "clean.csv").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "pushy.csv").write_text(PUSHY, encoding="utf-8")
    return tmp_path


def test_each_ending_has_its_exit_code(folder: Path, call: Caller) -> None:
    by = ("--map", folder / "map.yaml")
    (folder / "torn.csv").write_text(f"{CLEAN}Acme\n", encoding="utf-8")
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "header.csv").write_text("Company,What,Date,Who\n", encoding="utf-8")
    (folder / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    codes = {
        name: call("audit", folder / f"{name}.csv", *by).code
        for name in ("clean", "pushy", "torn", "empty", "header", "other", "missing")
    }

    assert codes == {"clean": 0, "pushy": 1, "torn": 4, "empty": 3, "header": 1, "other": 1, "missing": 3}
    assert call("audit").code == 2
    assert call("audit", folder / "clean.csv").code == 4
    assert call("audit", folder / "clean.csv", *by, "--graph", folder / "clean.csv").code == 2
    assert call("audit", folder / "clean.csv", "--map", folder / "missing.yaml").code == 3
    assert call("audit", folder / "clean.csv", *by, "--rules", folder / "missing.yaml").code == 3
    assert call("audit", folder / "clean.csv", *by, "--as-of", "soon").code == 2
    assert call("audit", folder / "clean.csv", *by, "--as-of", "2999-12-31").code == 2
    assert call("audit", folder / "clean.csv", *by, "--prefix", "a_").code == 2
    assert call("audit", "-", "--map", "-").code == 2
    assert call("audit", folder / "clean.csv", *by, "--save", folder / "no" / "where.db").code == 3
    assert call("audit", folder, *by).code == 3


def test_a_map_with_faults_is_shown_with_their_places_in_text_and_in_json(folder: Path, call: Caller) -> None:
    (folder / "map.yaml").write_text(MAP.replace("Date", "Datum"), encoding="utf-8")
    answer = call("audit", folder / "clean.csv", "--map", folder / "map.yaml")
    told = json.loads(
        call("audit", folder / "clean.csv", "--map", folder / "map.yaml", "--format", "json").out
    )

    assert (answer.code, answer.out) == (1, "")
    assert "error[PI1011]: `" in answer.err
    assert "did you mean `Date`?" in answer.err
    assert [each["code"] for each in told["diagnostics"]] == ["PI1011"]


def test_the_day_of_the_export_is_wanted_of_the_map_or_the_caller(folder: Path, call: Caller) -> None:
    (folder / "map.yaml").write_text(MAP.replace("as_of: 2026-04-01\n", ""), encoding="utf-8")
    by = ("--map", folder / "map.yaml")

    assert call("audit", folder / "clean.csv", *by).code == 2
    answer = call("audit", folder / "clean.csv", *by, "--as-of", "2026-03-05")
    assert answer.code == 0
    assert "planned" in answer.out


def test_what_is_kept_in_a_store_can_be_loaded_and_nothing_there_is_overwritten(
    folder: Path, call: Caller
) -> None:
    store = folder / "mine.db"
    by = ("--map", folder / "map.yaml", "--save", store)
    assert call("audit", folder / "pushy.csv", *by).code == 1
    again = call("audit", folder / "clean.csv", *by)

    assert again.code == 1
    assert f"Acme: {store} already has a process of this name, which was not changed" in " ".join(
        again.out.split()
    )
    opened = SqlStore(f"sqlite:///{store}")
    process = Keeper(pi.load_rulebook(), opened).load("Acme")
    opened.close()
    assert [placed.name for placed in process.timeline] == ["interview", "follow_up", "follow_up"]
    assert len(process.breaches) == 1


def test_what_was_kept_is_counted_and_a_name_that_no_store_takes_stops_no_other(
    folder: Path, call: Caller
) -> None:
    long = "Long " * 60 + "name"
    (folder / "clean.csv").write_text(
        f"{CLEAN}{long},talk,2026-03-02 10:00,ana\nZeta,talk,2026-03-02 10:00,cy\n"
    )
    by = ("--map", folder / "map.yaml", "--save")
    answer = call("audit", folder / "clean.csv", *by, folder / "one.db")
    told = json.loads(call("audit", folder / "clean.csv", *by, folder / "two.db", "--format", "json").out)

    assert answer.code == 1
    assert answer.out.endswith(f"\n2 processes kept in {folder / 'one.db'}\n")
    assert (told["kept"], told["found"]["not_saved"]) == (2, 1)
    assert "can't keep it" in next(
        each["message"] for each in told["findings"] if each["kind"] == "not_saved"
    )
    unkept = json.loads(call("audit", folder / "clean.csv", *by[:2], "--format", "json").out)
    assert unkept["kept"] is None


def test_standard_input_is_a_history_too(folder: Path) -> None:
    answer = start("audit", "-", "--map", folder / "map.yaml", stdin=PUSHY)
    assert answer.code == 1
    assert "<stdin>:4" in answer.out


def test_no_more_findings_are_shown_than_asked_for_and_all_are_counted(folder: Path, call: Caller) -> None:
    rows = "".join(f"Acme,nudge,2026-03-{day:02} 10:00,\n" for day in range(11, 31))
    (folder / "pushy.csv").write_text(PUSHY + rows, encoding="utf-8")
    by = ("--map", folder / "map.yaml", "--limit", "3")
    answer = call("audit", folder / "pushy.csv", *by)
    told = json.loads(call("audit", folder / "pushy.csv", *by, "--format", "json").out)

    assert "breach: acts that the rules refused (21)" in answer.out
    assert "and 18 more" in answer.out
    assert (told["found"]["breach"], len(told["findings"])) == (21, 3)


@pytest.mark.parametrize("name", ["log.csv", "sheet.csv", "cadence.jsonl"])
def test_an_example_is_told_the_same_in_any_order_of_its_rows(name: str, folder: Path, call: Caller) -> None:
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines(keepends=True)
    head = {"log.csv": 1, "sheet.csv": 2, "cadence.jsonl": 0}[name]
    turned = [*lines[:head], *reversed(lines[head:])]
    (folder / name).write_text("".join(turned), encoding="utf-8")
    by = ("--map", (EXAMPLES / name).with_suffix(".yaml"), "--format", "json")
    first, second = (json.loads(call("audit", place / name, *by).out) for place in (EXAMPLES, folder))

    assert first["found"] == second["found"]
    assert first["counts"] == second["counts"]


def test_maps_in_a_folder_are_no_scenarios(call: Caller) -> None:
    answer = call("run", EXAMPLES)
    assert answer.code == 1
    assert answer.err.startswith(
        f"error: no scenario found in {EXAMPLES}: 3 files there without `scenarios:`\n"
    )
