"""Drawing from the command line: which pictures are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import Caller


@pytest.mark.parametrize("name", ["rules.pdf", "rules.PNG", "rules.docx"])
def test_a_picture_of_another_kind_is_refused_and_not_written(
    name: str, tmp_path: Path, call: Caller
) -> None:
    answer = call("draw", "-o", str(tmp_path / name))
    assert answer.code == 2
    assert "end the name with .html, .svg or .mmd" in answer.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["rules.mmd", "rules.md", "rules", "rules.txt"])
def test_mermaid_text_goes_into_files_for_text(name: str, tmp_path: Path, call: Caller) -> None:
    assert call("draw", "-o", str(tmp_path / name)).code == 0
    assert "stateDiagram" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--format", "svg", "-o", "rules.pdf"), "end the name with .html, .svg or .mmd"),
        (("--format", "svg", "-o", "rules.html"), "leave `--format` out, or rename it"),
        (("--format", "html", "-o", "rules.md"), "leave `--format` out, or rename it"),
        (("-o", "rules.json"), "write `--format json > rules.json`"),
    ],
)
def test_a_format_and_an_ending_that_disagree_are_refused(
    asked: tuple[str, ...], said: str, tmp_path: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("draw", *asked)
    assert answer.code == 2
    assert said in answer.err
    assert not list(tmp_path.iterdir())
