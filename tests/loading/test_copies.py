"""What the packaged rules have to do with the faults of a file that doesn't extend them."""

from __future__ import annotations

import re
from functools import cache

import pytest

from postinterview.files import read_packaged
from postinterview.loading.diagnostics import Diagnostic
from postinterview.rulebooks import load_text

SECTIONS = ("events", "classes", "credits", "dates", "guard_sets")


@cache
def packaged_lines(name: str = "default") -> tuple[str, ...]:
    return tuple(read_packaged(name)[1].decode("utf-8").split("\n"))


def definitions() -> list[str]:
    """The one-line definitions of the packaged rules that others name, by id, read without the loader."""
    found, section = [], ""
    for line in packaged_lines():
        top, entry = re.match(r"(\w+):", line), re.match(r"  (\w+): +[^#\s]", line)
        section = top[1] if top else section
        if entry and section in SECTIONS and line.count("{") == line.count("}"):
            found.append(entry[1])
    return found


def lose(name: str) -> tuple[int, tuple[Diagnostic, ...]]:
    """Delete the line that defines a name; return its number, and what is said."""
    lines = list(packaged_lines())
    at = next(number for number, line in enumerate(lines) if line.startswith(f"  {name}: "))
    del lines[at]
    return at + 1, load_text("mine.yaml", "\n".join(lines)).diagnostics


def check_lost(name: str) -> None:
    number, found = lose(name)
    about = [each for each in found if each.code.startswith("PI2") and f"`{name}`" in each.message]
    line = packaged_lines()[number - 1].split(" #")[0].strip()
    for each in about:
        place = next(other for other in each.others if f"`{name}` is missing" in other.text)
        between = packaged_lines()[place.span.line : number - 1]  # only comments stand between
        assert all(not text.strip() or text.strip().startswith("#") for text in between)
        assert f"rules/default.yaml:{number} has `{name}`" in each.help
        assert line in each.help or f"copy `{name}` from there" in each.help
    assert about or not any(each.severity == "error" for each in found)


@pytest.mark.parametrize("name", ["accept", "nudge", "question"])
def test_a_deleted_line_is_shown_at_its_place_with_what_to_write(name: str) -> None:
    check_lost(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", definitions())
def test_each_deleted_line_is_shown_at_its_place(name: str) -> None:
    check_lost(name)


def test_a_renamed_definition_is_shown_where_it_was() -> None:
    text = "\n".join(packaged_lines()).replace("\n  follow_up:\n", "\n  nudge_them:\n", 1)
    found = load_text("mine.yaml", text).diagnostics[0]
    line = packaged_lines().index("  follow_up:") + 1
    assert (found.message, found.others[0].span.line) == ("unknown event `follow_up`", line)
    assert found.others[0].text == "`follow_up` is missing here"


def test_what_a_migration_renames_is_no_slip() -> None:
    text = "\n".join(packaged_lines()).replace("\n      channel: ", "\n      by_means: ", 1)
    migrated = text.replace(
        "\nmigrations:\n", "\nmigrations:\n  means: {from: x, fields: {follow_up: {channel: by_means}}}\n"
    )
    helps = [load_text("mine.yaml", each).diagnostics[0].help for each in (text, migrated)]
    assert ["by a slip" in each for each in helps] == [True, False]


def test_a_class_that_lost_its_last_member_shows_what_the_member_said() -> None:
    text = "\n".join(packaged_lines()).replace("    contact: attempt\n", "", 1)
    found = load_text("mine.yaml", text).diagnostics[0]
    assert found.message == "the class `attempt` is empty"
    assert found.help.startswith(
        f"rules/default.yaml:{packaged_lines().index('    contact: attempt') + 1} has `contact`; "
    )


@pytest.mark.parametrize("name", ["with-application", "germany"])
def test_a_pack_without_its_extends_is_one_finding(name: str) -> None:
    text = "\n".join(line for line in packaged_lines(name) if not line.startswith("extends:"))
    (error, *rest) = load_text("mine.yaml", text).diagnostics
    assert (error.code, error.message) == ("PI102", "the file has no `extends`")
    assert not [each for each in rest if each.severity == "error"]


PACK = [
    "format: 1",
    "title: Mine",
    "dates: {answer_due: waited_from + 9 days}",
    "machines: {application: {transitions: {follow_up_once: {due: answer_due}}}}",
]


@pytest.mark.parametrize(
    "text",
    ["\n".join([*PACK, "..."]), "\n".join(f" {line}" for line in PACK), "{" + ",\n".join(PACK) + "}"],
    ids=["ended", "indented", "in braces"],
)
def test_a_file_that_takes_no_line_at_its_end_is_told_as_it_is(text: str) -> None:
    found = load_text("mine.yaml", text).diagnostics
    assert found
    assert {each.where.line for each in found} <= set(range(1, len(text.splitlines()) + 1))
    assert "PI007" not in {each.code for each in found}


def test_a_fault_of_a_pack_without_its_extends_is_told_at_its_line() -> None:
    text = """\
format: 1
title: Mine
events: {remove: missed_cal}
dates: {answer_due: waited_from + 9 days}
machines: {application: {transitions: {follow_up_once: {due: answer_due + 2 days}}}}
"""
    found = load_text("mine.yaml", text).diagnostics
    assert [(each.code, str(each.where)) for each in found] == [
        ("PI102", "mine.yaml:1:1"),
        ("PI605", "mine.yaml:3:18"),
    ]


def test_rules_of_ones_own_have_nothing_to_do_with_the_packaged_ones() -> None:
    text = """\
format: 1
title: Mine
events:
  interview: {by: employer}
  ask: {by: candidate}
machines:
  one:
    per: employer
    start: a
    states: {a: , b: }
    transitions:
      on: {event: interview, from: a, to: b}
      asked: {event: ask, from: b, guards: {late: {not_before: rejection + 1 day}}}
"""
    (error,) = load_text("mine.yaml", text).diagnostics
    assert (error.code, error.others) == ("PI206", ())
    assert "default" not in error.help
