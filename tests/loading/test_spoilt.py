"""The default rulebook, spoilt at random: never an exception, and never silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.loading import conduct, load
from postinterview.loading.diagnostics import Diagnostic, Fix
from tests.loading.small import codes_in, small
from tests.strategies.scale import IS_LONG

BAD = Path(__file__).parents[1] / "bad"
RULES = (Path(__file__).parents[2] / "rules" / "default.yaml").read_text(encoding="utf-8")
LINES = RULES.split("\n")
WORDS = sorted({word for line in LINES for word in line.replace(":", " ").split() if word.isidentifier()})
SPOILT = [
    "[a, b]",
    "{a: b}",
    "[]",
    "{}",
    "''",
    "~",
    "any",
    "state",
    "7 days",
    "- a",
    "&a b",
    '"',
    "0",
    "9" * 12,
]

lines = st.integers(0, len(LINES) - 1)


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """The file with one to three changes: a line lost or doubled, words swapped, a value replaced."""
    text = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(lines) % len(text)
        match draw(st.sampled_from(["lose", "double", "move", "swap", "replace"])):
            case "lose":
                del text[at]
            case "double":
                text.insert(at, text[at])
            case "move":
                text.insert(draw(lines) % len(text), text.pop(at))
            case "swap":
                words = text[at].split()
                if words:
                    text[at] = text[at].replace(draw(st.sampled_from(words)), draw(st.sampled_from(WORDS)), 1)
            case _:
                head, colon, _ = text[at].partition(": ")
                text[at] = f"{head}{colon or ': '}{draw(st.sampled_from([*SPOILT, *WORDS]))}"
    return "\n".join(text)


def check_answer(text: str) -> None:
    loaded = load(text, "spoilt.yaml", name="spoilt", custom=())
    errors = [found for found in loaded.diagnostics if found.severity == "error"]
    assert (loaded.definition is None) == bool(errors)
    count = text.count("\n") + 1
    for found in loaded.diagnostics:
        assert found.help
        for span in (found.where, *(other.span for other in found.others)):
            assert span.file == "spoilt.yaml"
            assert 1 <= span.line <= span.end_line <= count + 1
            assert span.column >= 1
    if loaded.definition is not None:
        conduct(loaded.definition)


@given(spoilt())
def test_a_spoilt_file_is_read_or_answered_with_lines(text: str) -> None:
    check_answer(text)


@given(st.text(st.sampled_from("ab:-[]{},\n #'\"|>&*!%1 "), max_size=60))
def test_any_text_is_answered_with_lines(text: str) -> None:
    check_answer(text)


@pytest.mark.parametrize("at", range(0, len(LINES), 1 if IS_LONG else 4))
def test_a_line_that_is_lost_is_no_reason_to_fail_otherwise(at: int) -> None:
    check_answer("\n".join(LINES[:at] + LINES[at + 1 :]))


def test_many_unknown_names_are_each_reported_and_nothing_follows_from_them() -> None:
    ways = "".join(f"      ask_{n}: {{event: unheard_of_{n}, from: waiting}}\n" for n in range(90))
    text = small(
        ("      ask:", f"{ways}      ask:"), ("{by: candidate}", "{by: candidate}\n  call: {by: candidate}")
    )
    assert codes_in(text) == ["PI201"] * 90


# --- fixes ----------------------------------------------------------------------------------------


def offset(text: str, line: int, column: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


def mended(text: str, fix: Fix) -> str:
    start = offset(text, fix.span.line, fix.span.column)
    end = offset(text, fix.span.end_line, fix.span.end_column)
    return text[:start] + fix.text + text[end:]


def found_in(text: str) -> tuple[Diagnostic, ...]:
    return load(text, "bad.yaml", name="bad", custom=("is_polite",)).diagnostics


FAMILIES = ("shape", "references", "graph", "guards")
FIXABLE = sorted(
    path.relative_to(BAD).as_posix()
    for family in FAMILIES
    for path in (BAD / family).glob("*.yaml")
    if any(found.fix for found in found_in(path.read_text(encoding="utf-8")))
)


@pytest.mark.parametrize("name", FIXABLE)
def test_a_fix_mends_its_fault(name: str) -> None:
    text = (BAD / name).read_text(encoding="utf-8")
    before = found_in(text)
    for each in before:
        if each.fix is not None:
            after = found_in(mended(text, each.fix))
            assert len(after) < len(before)
            assert (each.code, each.message) not in {(other.code, other.message) for other in after}
