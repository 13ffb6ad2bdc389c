"""The page on maps names every key and code that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postinterview.audit import load_map
from postinterview.audit.history import date_formats, map_schema
from postinterview.loading import schema
from postinterview.loading.text_values import Fault
from tests.readme.pages import keys_under

FOLDER = Path(__file__).parents[2] / "examples" / "audit" / "histories"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "known"), [("in the map", map_schema.FILE), ("in an entry", map_schema.ENTRY)]
)
def test_the_page_names_every_key_and_no_other(heading: str, known: schema.Table) -> None:
    assert keys_under(heading, PAGE) == set(known.keys)


def test_the_codes_of_the_page_are_those_that_can_be_read() -> None:
    table = PAGE.split("| code | part of a date |")[-1].split("\n\n")[0]
    named = set(re.findall("`%(.)`", table))
    can_be = {
        letter
        for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        if not isinstance(found := date_formats.read_format(f"%{letter}"), Fault)
        or "is not a code" not in found.message
    }
    assert named == can_be - {"a", "A"}
    assert all(f"`{word}`" in PAGE for word in date_formats.WORDS)


def test_the_map_that_the_page_writes_step_by_step_can_be_read_but_for_its_silence() -> None:
    frame, entries = (
        re.sub("^   ", "", block, flags=re.MULTILINE)
        for block in re.findall(r"   ```yaml\n(.*?)   ```", PAGE, re.DOTALL)
    )
    with pytest.raises(Exception, match=r"error\[PI1008\]: .*\n(.*\n)*.*\n1 error") as error:
        load_map(text=frame + entries)
    (silent,) = re.findall(r"`unknown: \[(.*?)\]`", str(error.value))
    assert load_map(text=f"{frame}{entries}unknown: [{silent}]\n").unknown == tuple(silent.split(", "))
