"""``postinterview init`` begins rules that are green at once, writes all or nothing, overwrites nothing."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from postinterview.cli import UNREADABLE, YES, atomic_write, init, schema
from postinterview.files import UnreadableError
from tests.cli.helpers import Caller


@pytest.fixture(autouse=True)
def here(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.slow
def test_every_command_of_the_readme_answers_yes(
    call: Caller, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("init", "ours").code == YES
    readme = (here / "ours" / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 10
    monkeypatch.chdir(here / "ours")
    calls = re.findall(r"`postinterview ([^`]*)`", readme)
    assert {each.split()[0] for each in calls} == {"check", "test", "diff", "explain", "draw"}
    for each in calls:
        answer = call(*shlex.split(each))
        assert (answer.code, answer.err) == (YES, ""), each
        assert "warning" not in answer.out, each


def test_each_file_names_its_schema_which_is_there(call: Caller, here: Path) -> None:
    call("init", "ours")
    for file in ("ours.yaml", "story.yaml"):
        first = (here / "ours" / file).read_text(encoding="utf-8").split("\n")[0]
        assert first.startswith(schema.modeline(""))
        named = here / "ours" / first.removeprefix(schema.modeline(""))
        kind = named.stem
        assert named.read_text(encoding="utf-8") == schema.schema_text(kind)


def test_the_story_holds_because_of_the_changed_number(call: Caller, here: Path) -> None:
    call("init", "ours")
    rules = here / "ours" / "ours.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("10 days", "7 days"), encoding="utf-8")
    assert call("test", "ours").code != YES


def test_nothing_is_overwritten_and_then_nothing_is_written(call: Caller, here: Path) -> None:
    (here / "story.yaml").write_text("mine", encoding="utf-8")
    answer = call("init", ".")
    assert answer.code == UNREADABLE
    assert "has story.yaml already, so nothing was written" in answer.err
    assert "move these files away" in answer.err
    assert names(here) == {"story.yaml"}
    assert "`story.yaml` is a file" in call("init", "story.yaml").err


@pytest.mark.parametrize("existed", [True, False])
def test_what_can_not_be_written_whole_leaves_nothing(
    call: Caller, here: Path, monkeypatch: pytest.MonkeyPatch, existed: bool
) -> None:
    def fail_at_the_third(path: str, text: str) -> None:
        if path.endswith("README.md"):
            raise UnreadableError(path, f"`{path}` can't be written", "the disk is full")
        real(path, text)

    real = atomic_write.replace
    monkeypatch.setattr(init, "replace", fail_at_the_third)
    (here / "ours").mkdir() if existed else None
    answer = call("init", "ours")
    assert answer.code == UNREADABLE
    assert "the disk is full" in answer.err
    assert names(here) == ({"ours"} if existed else set())
    assert not existed or names(here / "ours") == set()
