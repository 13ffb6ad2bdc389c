"""Text in columns: words are broken between, never inside, and moments never at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postinterview.scenario.lines import GAP, Piece, columns, hang, line, pad, plain

words = st.lists(st.text("abcé漢", min_size=1, max_size=12), min_size=1, max_size=20)


@given(words, st.integers(30, 100))
def test_no_word_is_lost_or_broken_and_lines_keep_to_the_width(found: list[str], width: int) -> None:
    lines = list(hang(line("  ab  "), line(" ".join(found)), width))
    text = plain(lines)

    assert text.split() == ["ab", *found]
    assert all(columns(each) <= width for each in text.splitlines())
    assert all(each.startswith("      ") for each in text.splitlines()[1:])


def test_a_moment_stays_on_one_line() -> None:
    text = plain(hang((), line("it was promised for Wed 11 Mar 2026 09:30 and not before"), 36))

    assert "Wed 11 Mar 2026 09:30" in text


def test_a_gap_stands_apart_and_not_at_the_beginning_of_a_line() -> None:
    body = line("a word", Piece(f" {GAP}rules.yaml:3", "dim"))

    assert plain(hang((), body, 60)) == "a word  rules.yaml:3\n"
    assert plain(hang((), line("a few more words", body[1]), 26)) == "a few more words\nrules.yaml:3\n"


def test_wide_characters_take_two_columns() -> None:
    assert columns("漢字") == 4
    assert pad("漢", 4) == "漢  "
    assert columns("é") == columns("e\u0301") == 1
