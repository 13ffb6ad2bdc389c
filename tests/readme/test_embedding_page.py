"""The page for embedders: its blocks are one program, which prints what is written below them."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "embedding.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_the_blocks_are_one_program_and_print_what_stands_below_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "rules" / "default.yaml", tmp_path / "rules.yaml")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    expected = [
        (code, following[1] if following[0] == "text" else "")
        for (language, code), following in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True)
        if language == "python"
    ]
    for code, text in expected:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, PAGE.name, "exec"), names)  # noqa: S102 the page's own code
        assert printed.getvalue() == text, code
    assert {language for language, _ in BLOCKS} == {"python", "text"}


def test_there_are_ten_decisions_and_the_list_leads_to_each() -> None:
    headings = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    assert len(headings) == 10
    anchors = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert re.findall(r"^\d+\. \[(.*?)\]\(#(.*?)\)$", TEXT, re.MULTILINE) == [
        (heading.split(". ", 1)[1], anchor) for heading, anchor in zip(headings, anchors, strict=True)
    ]
    decided = re.split(r"^## .*$", TEXT, flags=re.MULTILINE)[1:]
    assert all("```python" in part for part in decided), "each has its code"


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http|#)([^)#]+)", TEXT))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (PAGE.parent / link).exists()
