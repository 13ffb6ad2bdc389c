"""What the page on tables says is what the reader takes, and its examples show what it says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postinterview.audit.cycle_search import find_cycles
from postinterview.audit.graph import count_contacts
from postinterview.audit.table import table_schema
from postinterview.audit.table.table_parsing import TransitionTable, read_table
from postinterview.loading import schema
from tests.readme.pages import keys_under

FOLDER = Path(__file__).parents[2] / "examples" / "audit"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def table(text: str, file: str) -> TransitionTable:
    found = read_table(text, file)
    assert found.diagnostics == ()
    assert found.table is not None
    return found.table


@pytest.mark.parametrize(
    ("heading", "known"), [("in the table", table_schema.FILE), ("in an edge", table_schema.EDGE)]
)
def test_the_page_names_every_key_and_no_other(heading: str, known: schema.Table) -> None:
    assert keys_under(heading, PAGE) == set(known.keys)


def test_the_tables_on_the_page_are_read_as_it_says() -> None:
    written = table(block("yaml"), "table.yaml").graph
    assert {each.name for each in written.edges if each.contact} == {"follow_up", "waiting -> asked_again"}
    assert [each.name for each in find_cycles(table(block("text"), "table.csv").graph).repeated] == [
        "follow_up"
    ]


@pytest.mark.parametrize(
    ("file", "steps", "most"),
    [("cadence.yaml", 1, None), ("six-letters.csv", None, 6), ("statuses.json", 2, None)],
)
def test_an_example_shows_what_the_page_says_of_it(file: str, steps: int | None, most: int | None) -> None:
    answer = find_cycles(table((FOLDER / file).read_text(encoding="utf-8"), file).graph)

    assert file in PAGE
    assert (answer.shortest and len(answer.shortest.steps)) == steps
    assert (answer.most and count_contacts(answer.most)) == most
