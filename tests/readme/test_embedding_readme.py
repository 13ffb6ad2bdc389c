"""What the page of a host says to type is what the host takes, and the links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postinterview.calls import Call, decide
from sqlite_host import tracker
from tests.examples.embedding.stories import OVERDUE, RULES

FOLDER = Path(__file__).parents[2] / "examples" / "embedding"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (FOLDER / link).exists()


def test_the_calls_on_the_page_of_the_sqlite_host_go_through_one_after_the_other() -> None:
    saved = RULES.start("acme", "Europe/Zurich").to_json()
    calls = [Call.from_json(text) for text in re.findall(r"'\s*(\{.*?\})'", str(tracker.__doc__), re.DOTALL)]
    for call in calls:
        answer = decide(RULES, saved, call, OVERDUE)
        assert answer.saved is not None
        saved = answer.saved
    assert [call.event for call in calls] == ["interview", "follow_up"]
