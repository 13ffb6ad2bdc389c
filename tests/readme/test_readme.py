"""Every block of code in the README is what it says it is."""

from __future__ import annotations

import contextlib
import io
import re
import textwrap
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.cli.app import run
from postinterview.drawing.mermaid import mermaid

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [code for name, code in BLOCKS if name == language]


def test_the_readme_has_no_block_that_no_test_knows() -> None:
    assert [name for name, _ in BLOCKS] == [
        "sh",
        "sh",
        "python",
        "text",
        "python",
        "text",
        "python",
        "text",
        "python",
        "text",
        "yaml",
        "console",
        "mermaid",
        "text",
    ]


def test_the_examples_in_python_print_what_is_written_below_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code, expected in zip(blocks("python"), blocks("text")[:-1], strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), names)  # noqa: S102 the README's own code
        assert printed.getvalue() == expected


def test_the_rule_stands_in_the_default_rules() -> None:
    rules = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    assert textwrap.indent(blocks("yaml")[0], " " * 6) in rules


def test_the_comparison_prints_the_story_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call, *story = blocks("console")[0].splitlines()
    rules = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(rules.replace("apart: 7 days, from: message", "apart: 6 days, from: message"))
    monkeypatch.chdir(tmp_path)
    assert run(call.removeprefix("$ postinterview ").split()) == 1
    printed = re.sub(r" \(\d\.\d{3} s\)$", "", capsys.readouterr().out, flags=re.MULTILINE)
    assert all(line in printed for line in story)


def test_the_picture_is_the_default_machine() -> None:
    definition = pi.load_rulebook().definition
    assert blocks("mermaid")[0] == mermaid(definition.machines["application"], dict(definition.events))


@pytest.mark.parametrize("command", blocks("sh"))
def test_the_two_commands_are_one_line_each_and_make_their_own_environment(command: str) -> None:
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && ")


def test_ci_runs_the_two_commands() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)\n\n```sh$", README, re.MULTILINE)
    assert len(headings) == 2
    assert all(f'as_the_readme_says "{heading}"' in script for heading in headings)


def test_every_folder_on_the_map_exists_and_every_folder_of_the_house_is_on_it() -> None:
    mapped = {line.split()[0].rstrip("/") for line in blocks("text")[-1].splitlines()}
    assert all((ROOT / folder).is_dir() for folder in mapped)
    house = {
        str(folder.relative_to(ROOT))
        for folder in (ROOT / "src" / "postinterview").iterdir()
        if folder.is_dir() and folder.name != "__pycache__"
    }
    assert house <= mapped


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
