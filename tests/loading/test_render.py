"""Diagnostics as text and as data: whole texts compared."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.layout import Piece
from postinterview.loading import nodes, render
from postinterview.loading.diagnostics import Diagnostic, Findings, Fix, Label, Severity, Span

FILE = "rules/mine.yaml"


def at(line: int, column: int, end_column: int, end_line: int | None = None, file: str = FILE) -> Span:
    return Span(file, line, column, end_line or line, end_column)


def shown(source: str, *found: Diagnostic) -> str:
    return render.text(found, {FILE: source})


def marked(source: str, where: Span) -> str:
    """The source line as shown, and the line with the mark, without what stands around them."""
    lines = shown(source, Diagnostic(code="PI001", message="x", where=where)).split("\n")
    return "\n".join(line[4:] for line in lines[3:5])


UNKNOWN_STATE = Diagnostic(
    code="PI203",
    message="unknown state `folowed_up`",
    where=at(12, 9, 19),
    path="machines.application.transitions.follow_up_once.to",
    label="no state has this name",
    others=(Label(at(4, 3, 14), "closest name, defined here"),),
    help="did you mean `followed_up`?",
    fix=Fix(at(12, 9, 19), "followed_up"),
)


def test_a_diagnostic_shows_its_line_and_the_lines_it_speaks_of() -> None:
    source = "\n" * 3 + "  followed_up: {title: Followed up once}\n" + "\n" * 7 + "    to: folowed_up\n"
    assert shown(source, UNKNOWN_STATE) == (
        "error[PI203]: unknown state `folowed_up`\n"
        "  --> rules/mine.yaml:12:9   machines.application.transitions.follow_up_once.to\n"
        "   |\n"
        "12 |     to: folowed_up\n"
        "   |         ^^^^^^^^^^ no state has this name\n"
        "   |\n"
        " 4 |   followed_up: {title: Followed up once}\n"
        "   |   ----------- closest name, defined here\n"
        "   = help: did you mean `followed_up`?\n"
        "   = more: `postinterview explain PI203`\n"
        "\n"
        "1 error\n"
    )


def test_marks_in_one_line_stand_under_one_line() -> None:
    found = Diagnostic(
        code="PI010",
        message="`a` is given twice",
        where=at(1, 8, 9),
        label="given again here",
        others=(Label(at(1, 2, 3), "given here first"),),
    )
    assert shown("{a: 1, a: 2}", found) == (
        "error[PI010]: `a` is given twice\n"
        " --> rules/mine.yaml:1:8\n"
        "  |\n"
        "1 | {a: 1, a: 2}\n"
        "  |        ^ given again here\n"
        "  |  - given here first\n"
        "  = more: `postinterview explain PI010`\n"
        "\n"
        "1 error\n"
    )


def test_a_label_in_another_file_names_the_file() -> None:
    found = Diagnostic(
        code="PI601",
        message="it differs",
        where=at(1, 1, 2),
        others=(
            Label(at(2, 1, 2, file="base.yaml"), "from here"),
            Label(at(9, 1, 2, file="lost.yaml"), "and here"),
        ),
    )
    assert render.text([found], {FILE: "a: 1\n", "base.yaml": "\nb: 2\n"}) == (
        "error[PI601]: it differs\n"
        " --> rules/mine.yaml:1:1\n"
        "  |\n"
        "1 | a: 1\n"
        "  | ^\n"
        " ::: base.yaml:2:1\n"
        "  |\n"
        "2 | b: 2\n"
        "  | - from here\n"
        " ::: lost.yaml:9:1\n"
        "  | line 9: and here\n"
        "  = more: `postinterview explain PI601`\n"
        "\n"
        "1 error\n"
    )


def test_without_the_source_the_words_are_still_there() -> None:
    assert render.text([UNKNOWN_STATE], {}) == (
        "error[PI203]: unknown state `folowed_up`\n"
        "  --> rules/mine.yaml:12:9   machines.application.transitions.follow_up_once.to\n"
        "   | line 12: no state has this name\n"
        "   | line 4: closest name, defined here\n"
        "   = help: did you mean `followed_up`?\n"
        "   = more: `postinterview explain PI203`\n"
        "\n"
        "1 error\n"
    )


@pytest.mark.parametrize(
    ("source", "where", "expected"),
    [
        ("ab: cd", at(1, 5, 7), "ab: cd\n    ^^"),
        ("ab: cd", at(1, 5, 99), "ab: cd\n    ^^"),
        ("ab: cd", at(1, 50, 60), "ab: cd\n      ^"),
        ("ab: cd", at(1, 3, 3), "ab: cd\n  ^"),
        ("ab: cd\nef", at(1, 5, 3, end_line=2), "ab: cd\n    ^^"),
        ("", at(1, 1, 1), "\n^"),
        ("日本: 한: y", at(1, 6, 7), "日本: 한: y\n        ^"),
        ("日本: y", at(1, 2, 3), "日本: y\n  ^^"),
        ("e\u0301: y", at(1, 4, 5), "e\u0301: y\n  ^"),
        ("a:\tb", at(1, 4, 5), "a:    b\n      ^"),
        ("a:\tb", at(1, 3, 4), "a:    b\n  ^^^^"),
        ("a\x1b[1m: b", at(1, 2, 3), "a<U+001B>[1m: b\n ^^^^^^^^"),
        ("a\u202eb", at(1, 3, 4), "a<U+202E>b\n         ^"),
        ("\ufeffab", at(1, 2, 3), "ab\n ^"),
        ("a\r\nbc\rd", at(2, 2, 3), "bc\n ^"),
        ("a\x0cb\x85c", at(1, 5, 6), "a<U+000C>b<U+0085>c\n                  ^"),
    ],
)
def test_the_mark_stands_under_what_it_means(source: str, where: Span, expected: str) -> None:
    assert marked(source, where) == expected


@pytest.mark.parametrize(("column", "cut"), [(5, (False, True)), (150, (True, True)), (295, (True, False))])
def test_a_long_line_is_cut_around_the_mark(column: int, cut: tuple[bool, bool]) -> None:
    source = "".join(f"{number:03}" for number in range(1, 101))
    line, mark = marked(source, at(1, column, column + 3)).split("\n")
    assert (line.startswith("…"), line.endswith("…")) == cut
    assert len(line) <= render.MAX_WIDTH
    start = mark.index("^")
    assert (line[start : start + 3], mark.count("^")) == (source[column - 1 : column + 2], 3)


def test_the_mark_ends_where_a_cut_line_ends() -> None:
    line, mark = marked("x" * 300, at(1, 1, 301)).split("\n")
    assert (line, mark) == ("x" * 98 + "…", "^" * 98)


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from("\t\x1b日é \u202e"), max_size=400),
    st.integers(1, 500),
    st.integers(0, 300),
)
def test_no_line_is_wider_than_promised_and_nothing_unseen_gets_through(
    source: str, column: int, length: int
) -> None:
    text = marked(source, at(1, column, column + length))
    assert all(len(line) <= render.MAX_WIDTH + len("<U+10FFFF>") for line in text.split("\n"))
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text) is None
    assert "^" in text


def test_what_comes_from_a_file_is_made_harmless_everywhere() -> None:
    nasty = "\x1b[31m\r\n\u202e"
    found = Diagnostic(
        code="PI201",
        message=f"unknown event `{nasty}`",
        where=Span(nasty, 1, 1, 1, 2),
        path=nasty,
        label=nasty,
        others=(Label(Span(f"b{nasty}", 1, 1, 1, 2), nasty),),
        help=nasty,
    )
    text = render.text([found], {nasty: nasty})
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\u202e" not in text
    assert len(text.split("\n")) == 12


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        (["error"], "1 error"),
        (["warning", "warning"], "2 warnings"),
        (["error", "warning", "error"], "2 errors, 1 warning"),
        ([], "no errors"),
    ],
)
def test_the_last_line_counts(severities: list[Severity], expected: str) -> None:
    found = [Diagnostic(code="PI001", message="x", where=at(1, 1, 1), severity=one) for one in severities]
    assert render.summary(found) == expected
    assert render.text(found, {}).endswith(f"\n\n{expected}\n" if found else "")


def test_no_diagnostics_are_no_text() -> None:
    assert render.text([], {}) == ""


def test_the_sign_the_marks_and_the_gutter_have_styles() -> None:
    source = "\n" * 3 + "  followed_up: {}\n" + "\n" * 7 + "    to: folowed_up\n"
    warning = Diagnostic(code="PI501", message="x", where=at(1, 1, 1), severity="warning")
    pieces = [piece for line in render.lines([UNKNOWN_STATE], {FILE: source}) for piece in line]

    assert pieces[0] == Piece("error[PI203]", "failed")
    assert Piece("^^^^^^^^^^ no state has this name", "failed") in pieces
    assert Piece("----------- closest name, defined here", "related") in pieces
    assert Piece("12 |", "gutter") in pieces
    assert next(render.lines([warning], {}))[0] == Piece("warning[PI501]", "warned")


def test_the_data_holds_all_that_the_text_shows() -> None:
    place = {"file": FILE, "line": 12, "column": 9, "end_line": 12, "end_column": 19}
    data = render.diagnostics_data([UNKNOWN_STATE])
    assert data == [
        {
            "code": "PI203",
            "severity": "error",
            "message": "unknown state `folowed_up`",
            **place,
            "path": "machines.application.transitions.follow_up_once.to",
            "label": "no state has this name",
            "others": [
                {
                    "file": FILE,
                    "line": 4,
                    "column": 3,
                    "end_line": 4,
                    "end_column": 14,
                    "text": "closest name, defined here",
                }
            ],
            "notes": [],
            "help": "did you mean `followed_up`?",
            "fix": {**place, "text": "followed_up"},
        }
    ]
    assert json.loads(json.dumps(data)) == data


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_whatever_a_file_holds_its_faults_can_be_shown(source: str | bytes) -> None:
    findings = Findings()
    nodes.read(source, FILE, findings)
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    shown_text = render.text(findings.sorted(), {FILE: text})
    assert shown_text.encode().decode() == shown_text
