"""The expression of ``-k``: words with and, or, not and parentheses, as Python reads them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.core.values.errors import MisuseError
from postinterview.scenario.selection import parse_selection

NAME = "stories/late.yaml A Second round, too soon"
WORDS = ("late", "second", "soon", "never", "thank")


@pytest.mark.parametrize(
    ("expression", "chosen"),
    [
        ("soon", True),
        ("SECOND", True),
        ("late.yaml", True),
        ('"second round"', True),
        ("'round second'", False),
        ("never or soon", True),
        ("never or soon and thank", False),
        ("(never or soon) and late", True),
        ("not never and not (thank or soon)", False),
        ("not not soon", True),
        ("android", False),
    ],
)
def test_an_expression_chooses_by_words_in_the_name(expression: str, chosen: bool) -> None:
    assert parse_selection(expression)(NAME) is chosen


def expressions() -> st.SearchStrategy[str]:
    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join)
        return joined | inner.map("not {}".format) | inner.map("({})".format)

    return st.recursive(st.sampled_from(WORDS), grown, max_leaves=8)


@given(expressions())
def test_operators_bind_as_in_python(expression: str) -> None:
    known = {word: word in NAME.casefold() for word in WORDS}
    assert parse_selection(expression)(NAME) is eval(expression, {}, known)  # noqa: S307


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "a word is missing at the end in ``"),
        ("soon and", "a word is missing at the end in `soon and`"),
        ("or soon", "a word is missing before `or` in `or soon`"),
        ("soon late", "an operator is missing before `late` in `soon late`"),
        ("(soon", "`)` is missing at the end in `(soon`"),
        ("soon)", "an operator is missing before `)` in `soon)`"),
        ("not", "a word is missing at the end in `not`"),
        ('"second round', 'a quotation mark (") has no partner in `"second round`'),
        ("(" * 200 + "soon" + ")" * 200, "the expression is nested more than 100 times"),
    ],
)
def test_what_is_no_expression_is_misuse_with_its_place(expression: str, said: str) -> None:
    with pytest.raises(MisuseError) as error:
        parse_selection(expression)
    assert error.value.message == said
    assert "`and`, `or` and `not`" in error.value.help


@given(st.text(alphabet="()\"' andorts", max_size=20))
def test_any_text_is_an_expression_or_misuse(text: str) -> None:
    with suppress(MisuseError):
        assert parse_selection(text)(NAME) in (True, False)
