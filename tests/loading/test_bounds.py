"""However large a file is below its limit, what is said of it stays short and takes few steps."""

from __future__ import annotations

import difflib

import pytest

from postinterview.audit.table.table_parsing import read_table
from postinterview.core.values.suggest import Guesses
from postinterview.loading import load, shape_errors
from postinterview.loading.diagnostics import MAX_DIAGNOSTICS, MAX_QUOTE, Diagnostic, Findings, Span
from postinterview.loading.report import Report
from postinterview.loading.source_text import Node

HEAD = "format: 1\ntitle: t\nevents:\n  message: {by: employer}\n"
SPAN = Span("mine.yaml", 1, 1, 1, 2)


def found_in(text: str) -> tuple[Diagnostic, ...]:
    return load(text, "mine.yaml", name="mine").diagnostics


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "".join(f"key_{n}: 1\n" for n in range(2_000)),
        HEAD + "".join(f"  Event-{n}: {{by: employer}}\n" for n in range(2_000)),
        HEAD + "".join(f"  event_{n}: {{by: nobody}}\n" for n in range(2_000)),
        HEAD + "".join(f"  event_{n}: {{}}\n" for n in range(2_000)),
        HEAD + "classes: {all: [" + ", ".join(f"event_{n}" for n in range(2_000)) + "]}\n",
    ],
    ids=["keys", "ids", "words", "missing", "names"],
)
def test_of_thousands_of_faults_a_hundred_are_shown_and_the_rest_counted(text: str) -> None:
    found = found_in(text)
    assert len(found) == MAX_DIAGNOSTICS + 1
    assert found[-1].code == "PI009"
    assert sum(each.count for each in found) >= 2_000


def test_two_thousand_unknown_keys_are_compared_with_known_ones_a_hundred_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    def closest(self: Guesses, name: str, known: object) -> tuple[str, ...]:
        compared.append(name)
        return ()

    monkeypatch.setattr(Guesses, "closest", closest)
    found_in(HEAD + "".join(f"key_{n}: 1\n" for n in range(2_000)))
    assert len(compared) <= MAX_DIAGNOSTICS + 1


def test_two_thousand_unknown_keys_take_a_few_hundred_comparisons_of_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    def alike(name: str, *_: object, **__: object) -> list[str]:
        compared.append(name)
        return []

    monkeypatch.setattr(difflib, "get_close_matches", alike)
    found_in(HEAD + "".join(f"key_{n}: 1\n" for n in range(2_000)))
    assert MAX_DIAGNOSTICS <= len(compared) <= 3 * MAX_DIAGNOSTICS


def test_the_texts_of_findings_that_are_only_counted_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Node] = []
    path = Report.path

    def count(self: Report, node: Node) -> str:
        made.append(node)
        return path(self, node)

    monkeypatch.setattr(Report, "path", count)
    listed = ", ".join(f"s{n}" for n in range(2_000))
    edges = "".join(f"  x{n}: [y{n}]\n" for n in range(1_000))
    parsed = read_table(f"format: 1\nstates: [{listed}]\nnext:\n{edges}", "table.yaml")
    assert sum(each.count for each in parsed.diagnostics) == 2_000
    assert len(made) <= MAX_DIAGNOSTICS + 1


def test_a_text_cut_by_thousands_of_commas_is_one_fault_found_in_one_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = 0
    has_no_value = shape_errors.has_no_value

    def count(entry: object) -> bool:
        nonlocal looked_at
        looked_at += 1
        return has_no_value(entry)  # type: ignore[arg-type]

    monkeypatch.setattr(shape_errors, "has_no_value", count)
    words = ", ".join(f"w{n}" for n in range(2_000))
    found = found_in(HEAD.replace("by: employer", f"by: employer, title: {words}"))
    assert [each.code for each in found] == ["PI102", "PI126"]
    assert looked_at < 2_100


@pytest.mark.parametrize(
    "text",
    [
        "format: " + "1" * 5_000,
        HEAD + "classes: {x: [" + "a" * 5_000 + "]}\n",
        HEAD.replace("employer", "b" * 5_000),
        HEAD + "dates: {x: " + "c" * 5_000 + " + 1 day}\n",
        HEAD.replace("message", "M" * 1_000),
        HEAD.replace("by: employer", "by: employer, title: " + ", ".join(f"w{n}" for n in range(2_000))),
    ],
)
def test_no_sentence_repeats_a_long_text_of_the_user(text: str) -> None:
    found = found_in(text)
    assert found
    for each in found:
        assert max(map(len, (each.message, each.label, *(other.text for other in each.others)))) <= 200
        assert len(each.help) <= 700


def test_a_quote_of_sixty_characters_is_whole_and_a_longer_one_is_cut() -> None:
    whole, cut = (
        Diagnostic(code="PI101", where=SPAN, message=f"unknown key `{'k' * length}`").message
        for length in (MAX_QUOTE, MAX_QUOTE + 1)
    )
    assert whole == f"unknown key `{'k' * 60}`"
    assert cut == f"unknown key `{'k' * 59}…`"


def test_warnings_that_are_only_counted_are_no_errors() -> None:
    findings = Findings()
    for number in range(150):
        where = Span("mine.yaml", number + 1, 1, number + 1, 2)
        findings.add(Diagnostic(code="PI504", severity="warning", message="m", where=where))
    last = findings.sorted()[-1]
    assert (findings.has_errors, last.code, last.severity, last.count) == (False, "PI009", "warning", 50)


def test_the_way_to_a_node_takes_no_more_room_than_its_keys() -> None:
    depth, width = 30, 3_000
    text = "".join("  " * at + "k" * 1_000 + ":\n" for at in range(depth))
    text += "".join("  " * depth + f"- a{n}\n" for n in range(width))
    found = found_in(text)
    assert max(len(each.path) for each in found) <= 700
