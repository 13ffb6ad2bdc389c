"""What `migrate` writes: each process whole, all that can go on or none, and nothing with --check."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from tests.cli.helpers import GOOD, SAVED, Caller, start

RULES = ("--rules", SAVED / "talks.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of processes that can all go on, one of them deeper, beside what is none of ours."""
    (tmp_path / "more").mkdir()
    for name in GOOD:
        shutil.copy(SAVED / f"{name}.json", tmp_path / ("more" if name == "goes-on" else "") / f"{name}.json")
    shutil.copy(SAVED / "other.json", tmp_path)
    (tmp_path / "notes.yaml").write_text("history: none\n", encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_with_check_nothing_is_written(folder: Path, call: Caller) -> None:
    before = contents(folder)
    answer = call("migrate", "--check", folder, *RULES)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[-1] == (
        "4 processes: 1 unchanged, 1 under the new rules, 2 carried over; 1 other file skipped"
    )
    assert contents(folder) == before


def test_what_can_go_on_is_written_anew_and_then_is_unchanged(folder: Path, call: Caller) -> None:
    before = contents(folder)
    answer = call("migrate", folder, *RULES, "--format", "json")
    written = json.loads(answer.out)["written"]
    after = contents(folder)

    assert answer.code == 0
    changed = ["carried-over.json", "judged-anew.json", "more/goes-on.json"]
    assert sorted(str(Path(path).relative_to(folder)) for path in written) == changed
    assert sorted(name for name in before if before[name] != after[name]) == changed
    assert set(after) == set(before)
    rulebook = pi.load_rulebook(SAVED / "talks.yaml")
    for name in (*changed, "unchanged.json"):
        process = rulebook.restore(after[name])
        assert len(process.history) == before[name].count(b'"seal"') - 1
    again = call("migrate", folder, *RULES)
    assert again.out.splitlines()[-1] == "4 processes: 4 unchanged; nothing written; 1 other file skipped"


@pytest.mark.parametrize("stuck", ["refused", "damaged", "cut"])
def test_while_one_can_not_go_on_none_is_written(stuck: str, folder: Path, call: Caller) -> None:
    shutil.copy(SAVED / f"{stuck}.json", folder)
    before = contents(folder)
    answer = call("migrate", folder, *RULES)

    assert answer.code == 1
    assert f"FAIL  {folder / stuck}.json  " in answer.out
    assert answer.out.splitlines()[-1].endswith("; nothing written; 1 other file skipped")
    assert contents(folder) == before


def test_a_file_is_written_whole_or_not_at_all(
    folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    answer = call("migrate", folder / "carried-over.json", *RULES)

    assert answer.code == 3
    assert answer.err == (
        f"error: `{folder / 'carried-over.json'}` can't be written\n  = help: No space left on device\n"
    )
    assert contents(folder) == before


def test_a_file_that_is_written_anew_keeps_its_rights_and_its_link(folder: Path, call: Caller) -> None:
    file, link = folder / "carried-over.json", folder / "link.json"
    file.chmod(0o640)
    link.symlink_to(file.name)
    assert call("migrate", link, *RULES).code == 0

    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert json.loads(file.read_text(encoding="utf-8"))["rulebook"]["version"] == "3"


def test_standard_input_can_be_asked_about() -> None:
    text = (SAVED / "carried-over.json").read_text(encoding="utf-8")
    answer = start("migrate", "--check", "-", "--rules", str(SAVED / "talks.yaml"), stdin=text)

    assert answer.out == ("ok    <stdin>  carried over by `renamed`\n1 process: 1 carried over\n")


def test_the_document_says_of_each_process_what_becomes_of_it(call: Caller) -> None:
    answer = call("migrate", "--check", SAVED, *RULES, "--format", "json")
    processes: list[dict[str, Any]] = json.loads(answer.out)["processes"]

    assert {Path(each["file"]).stem: each["outcome"] for each in processes} == {
        "unchanged": "unchanged",
        "goes-on": "goes_on",
        "carried-over": "carried_over",
        "judged-anew": "carried_over",
        "refused": "refused",
        "refused-names": "refused",
        "damaged": "damaged",
        "cut": "damaged",
    }
    assert {each["migration"] for each in processes} == {None, "renamed", "five_days"}


@pytest.fixture(autouse=True)
def no_file_of_ours_changes() -> Iterator[None]:
    before = contents(SAVED)
    yield
    assert contents(SAVED) == before


@pytest.mark.parametrize("moment", range(6))
def test_an_interruption_leaves_each_file_old_or_new_and_no_other_beside_them(
    moment: int, folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, left, real = contents(folder), [moment], os.fsync

    def interrupted(handle: int) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupted)  # of a new file, and then of its folder
        with pytest.raises(KeyboardInterrupt):
            call("migrate", folder, *RULES)
    found = contents(folder)
    assert call("migrate", folder, *RULES).code == 0
    done = contents(folder)
    assert found.keys() == before.keys()
    assert sum(found[name] != before[name] for name in found) == (moment + 1) // 2
    assert all(found[name] in (before[name], done[name]) for name in found)
