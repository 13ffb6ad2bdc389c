"""The page of twelve decisions has twelve, each with its code, and a list that leads to each."""

from __future__ import annotations

import re

from tests.readme.pages import ROOT, anchor_of

TEXT = (ROOT / "docs" / "embed" / "decisions.md").read_text(encoding="utf-8")


def test_there_are_twelve_decisions_and_the_list_leads_to_each() -> None:
    headings = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    assert len(headings) == 12
    assert re.findall(r"^\d+\. \[(.*?)\]\(#(.*?)\)$", TEXT, re.MULTILINE) == [
        (heading.split(". ", 1)[1], anchor_of(heading)) for heading in headings
    ]
    decided = re.split(r"^## .*$", TEXT, flags=re.MULTILINE)[1:]
    assert all("```python" in part for part in decided), "each has its code"
