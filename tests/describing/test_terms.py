"""The glossary has one home, and `explain` knows all of its words, and titles as well as names."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.describing.terms import TERMS
from tests.describing.test_names import names_of

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
_ROWS = re.compile(r"^\| \*\*.*\Z", re.MULTILINE | re.DOTALL)


def test_the_page_shows_the_terms() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = "".join(f"| **{word}** | {meaning} |\n" for word, meaning in TERMS.items())
    said = _ROWS.sub(lambda _: rows, text)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        PAGE.write_text(said, encoding="utf-8")
    assert text == said


@pytest.mark.parametrize("rules", ["default", "germany"])
def test_every_term_is_explained_as_it_is_written(rules: str) -> None:
    names = names_of(rules)
    for term, meaning in TERMS.items():
        data = names.describe(term)
        assert data is not None, term
        assert data["term"]["meaning"] == meaning


def test_a_round_says_what_opens_it_in_these_rules() -> None:
    for rules in pi.packaged():
        data = names_of(rules).describe("round")
        assert data is not None
        events = names_of(rules).definition.events.values()
        assert data["term"]["here"]["Opened here by"] == [each.name for each in events if each.opens_round]
        assert {"interview", "on_hold", "assignment"} <= set(data["term"]["here"]["Opened here by"])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a pause", "on_hold"),
        ("business days", "business_day"),
        ("pause", "on_hold"),
        ("Task to do at home", "assignment"),
        ("Waiting for the decision", "waiting"),
        ("the game plan", "plan"),
        ("a no", "a_no"),
    ],
)
def test_a_title_is_explained_like_the_name_that_has_it(title: str, name: str) -> None:
    data = names_of("default").describe(title)
    assert data is not None
    assert data["name"] == name
