"""Text in columns: words are broken between, never inside, and moments never at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postinterview.layout import GAP, Piece, columns, display_width, hang, line, pad, plain, visible

words = st.lists(st.text("abcé漢", min_size=1, max_size=12), min_size=1, max_size=20)


@given(words, st.integers(30, 100))
def test_no_word_is_lost_or_broken_and_lines_keep_to_the_width(found: list[str], width: int) -> None:
    lines = list(hang(line("  ab  "), line(" ".join(found)), width))
    text = plain(lines)

    assert text.split() == ["ab", *found]
    assert all(display_width(each) <= width for each in text.splitlines())
    assert all(each.startswith("      ") for each in text.splitlines()[1:])


def test_a_moment_stays_on_one_line() -> None:
    text = plain(hang((), line("it was promised for Wed 11 Mar 2026 09:30 and not before"), 36))

    assert "Wed 11 Mar 2026 09:30" in text


def test_a_gap_stands_apart_and_not_at_the_beginning_of_a_line() -> None:
    body = line("a word", Piece(f" {GAP}rules.yaml:3", "dim"))

    assert plain(hang((), body, 60)) == "a word  rules.yaml:3\n"
    assert plain(hang((), line("a few more words", body[1]), 26)) == "a few more words\nrules.yaml:3\n"


def test_wide_characters_take_two_display_width() -> None:
    assert display_width("漢字") == 4
    assert pad("漢", 4) == "漢  "
    assert display_width("é") == display_width("e\u0301") == 1


def test_a_long_name_gets_a_line_of_its_own_and_never_runs_into_the_next_column() -> None:
    rows = [(line("ok    ", name), line("holds")) for name in ("one", "forty" * 8, "three_four")]

    assert plain(columns(rows, 60)) == (
        f"ok    one         holds\nok    {'forty' * 8}\n{' ' * 18}holds\nok    three_four  holds\n"
    )


def test_what_a_terminal_obeys_or_hides_is_spelled_out() -> None:
    assert visible("a\tb\x1b[31m\n\u202e\u200b\udc80") == "a    b<U+001B>[31m<U+000A><U+202E><U+200B><U+DC80>"


@given(words, words, st.integers(40, 100), st.integers(0, 6))
def test_columns_keep_to_the_width_however_long_a_first_cell_is(
    first: list[str], second: list[str], width: int, indent: int
) -> None:
    text = plain(columns([(line(" " * indent + " ".join(first)), line(" ".join(second)))], width, most=20))

    assert text.split() == [*first, *second]
    assert all(display_width(each) <= width for each in text.splitlines())
