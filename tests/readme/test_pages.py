"""Every example in the documentation does what the page says, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.readme.pages import PAGES, ROOT, Reader, anchor_of, blocks_of

CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)\s]*)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


DEAR = (
    "docs/embed/testing.md",
    "docs/rules/diff.md",
    "docs/rules/how-to.md",
    "docs/rules/tutorial.md",
    "docs/rules/what-people-want.md",
)
"""Pages that prove and compare for seconds."""


# What the pages in `examples/audit` say is tested beside the audit.
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.slow] if page in DEAR else [])
        for page in PAGES
        if not page.startswith("examples/audit/")
    ],
)
def test_the_examples_of_a_page_do_what_it_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("rules", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    Reader(page, tmp_path, capsys).read()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: str) -> None:
    for link in LINK.findall(CODE.sub("", text_of(page))):
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path) if path else ROOT / page
        assert target.exists(), link
        if anchor and "<!-- generated" not in target.read_text(encoding="utf-8"):
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    bare = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return {anchor_of(heading) for heading in HEADING.findall(bare)}


def test_no_page_is_without_the_test_of_its_examples() -> None:
    assert {"README.md", "docs/embed/tutorial.md", "docs/rules/tutorial.md"} <= set(PAGES)
    assert sum(len(blocks_of(page)) for page in PAGES) > 50
