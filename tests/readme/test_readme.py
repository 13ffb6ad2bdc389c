"""The README is short, its two commands are those that CI runs, and its picture is what the rules say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from picture import DRAWN, PICTURE, draw, picture
from tests.readme.pages import ROOT, blocks_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [block.text for block in blocks_of("README.md") if block.language == "sh"]


def test_the_readme_has_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("command", COMMANDS)
def test_the_two_commands_are_one_line_each_and_make_their_own_environment(command: str) -> None:
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && ")


def test_ci_runs_the_two_commands() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)\n\n```sh$", README, re.MULTILINE)
    assert headings == ["Run the examples", "Run the tests"]
    assert all(f'as_the_readme_says "{heading}"' in script for heading in headings)


def test_the_picture_is_what_the_default_rules_say() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "python docs/hooks/picture.py draws it anew"


def test_the_readme_leads_to_a_tutorial_for_each_kind_of_reader() -> None:
    for kind in ("embed", "rules", "scenarios"):
        assert f"(docs/{kind}/tutorial.md)" in README


def test_the_tutorial_names_every_package_that_is_needed_and_every_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "embed" / "tutorial.md").read_text(encoding="utf-8")
    needed = [re.split(r"\W", requirement)[0] for requirement in project["dependencies"]]
    extras = set(project["optional-dependencies"]) - {"bench", "dev", "docs", "test"}
    assert all(f"`{name}`" in page for name in needed)
    assert set(re.findall(r"postinterview\[(\w+)\]", page)) == extras


_TEXT = re.compile(r"<text.*?>(.*?)</text>")


@pytest.mark.parametrize("path", DRAWN)
def test_the_drawings_of_the_pages_say_what_the_rules_say(path: str, tmp_path: Path) -> None:
    # Another version of the layout engine may place boxes elsewhere, so only the texts are compared.
    draw(path, tmp_path / "new.svg")
    said = [_TEXT.findall(each.read_text(encoding="utf-8")) for each in (ROOT / path, tmp_path / "new.svg")]

    assert sorted(said[0]) == sorted(said[1]), "python docs/hooks/picture.py draws them anew"
