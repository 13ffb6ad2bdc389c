"""A document that is printed as it comes to be is the one that would be printed at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from postinterview.cli.document import VERSION, Document
from postinterview.layout import HIDDEN

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists=st.dictionaries(st.text(), st.lists(VALUES, max_size=3), max_size=3),
    rest=st.lists(VALUES),
)
@example(lists={"a": [{"b": "one\u2028two\x85"}]}, rest=[["one\u2028two"]])  # ends of lines, to some
def test_the_text_is_that_of_the_whole(
    lists: dict[str, list[Any]], rest: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    document = Document(shown=True)
    for key, items in lists.items():
        document.items(key, iter(items))
    values = {f"last {number}": value for number, value in enumerate(rest)}
    document.add(**values)
    document.close()

    whole = {"version": VERSION, **lists, **values, "errors": []}
    out = capsys.readouterr().out
    assert json.loads(out) == whole
    assert HIDDEN.search(out) is None
    shape = re.sub(r'"(?:[^"\\]|\\.)*"', '""', out)
    assert shape == re.sub(r'"(?:[^"\\]|\\.)*"', '""', json.dumps(whole, indent=2) + "\n")


def test_what_is_not_shown_is_done_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[int] = []
    document = Document(shown=False)
    document.items("done", map(done.append, range(3)))
    document.add(passed=True)
    document.close()

    assert (done, capsys.readouterr().out) == ([0, 1, 2], "")


def test_a_list_that_ends_in_an_error_is_closed(capsys: pytest.CaptureFixture[str]) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    document = Document(shown=True)
    with pytest.raises(OSError, match="gone"):
        document.items("numbers", items())
    document.errors.append({"message": "no more", "help": ""})
    document.close()

    data = json.loads(capsys.readouterr().out)
    assert data == {"version": VERSION, "numbers": [1], "errors": [{"message": "no more", "help": ""}]}
