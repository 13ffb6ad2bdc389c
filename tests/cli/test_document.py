"""A document that is printed as it comes to be is the one that would be printed at its end."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from postinterview.cli.document import Document

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists=st.dictionaries(st.text(), st.lists(VALUES, max_size=3), max_size=3),
    rest=st.lists(VALUES, min_size=1),
)
@example(lists={"a": [{"b": "one\u2028two\x85"}]}, rest=[["one\u2028two"]])  # ends of lines, to some
def test_the_text_is_that_of_the_whole(
    lists: dict[str, list[Any]], rest: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    document = Document(shown=True)
    for key, items in lists.items():
        document.items(key, iter(items))
    values = {f"last {number}": value for number, value in enumerate(rest)}
    document.end(**values)

    assert capsys.readouterr().out == json.dumps({**lists, **values}, indent=2, ensure_ascii=False) + "\n"


def test_what_is_not_shown_is_done_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[int] = []
    document = Document(shown=False)
    document.items("done", map(done.append, range(3)))
    document.end(passed=True)

    assert (done, capsys.readouterr().out) == ([0, 1, 2], "")
