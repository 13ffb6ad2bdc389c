"""What a store gives back is taken as it was written, or not at all; rules that changed are said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import postinterview as pi
from postinterview.stores import Keeper, Line, Store
from tests.core.helpers import default, ids
from tests.stores.telling import MONDAY, OVERDUE, RENAMED, interviewed, letters


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: lines[:1], "process `acme`, history: entry 2 is missing"),
        (
            lambda lines: [lines[0], Line(sequence=2, text="{")],
            r"process `acme`, history\[1\]: line 1, column",
        ),
        (
            lambda lines: [lines[0], Line(sequence=2, text="7")],
            r"process `acme`, history\[1\]: this is no mapping",
        ),
        (
            lambda lines: [lines[0], Line(sequence=2, text=lines[1].text.replace("call", "email"))],
            r"process `acme`, history\[1\].seal: entry 2 is not as it was saved",
        ),
    ],
)
def test_a_damaged_process_is_an_error_with_its_place(
    store: Store, spoil: Callable[[Any], list[Line]], said: str
) -> None:
    keeper = Keeper(default(), store)
    interviewed(keeper)
    keeper.do("acme", "follow_up", at=OVERDUE, channel="call")
    kept = store.load("acme")
    assert kept is not None
    store.rewrite("acme", kept.version, spoil(kept.lines), kept.standing)
    with pytest.raises(pi.SavedError, match=said):
        keeper.load("acme")


def test_a_process_under_renamed_events_is_carried_over_with_its_next_entry(store: Store) -> None:
    before, after = Keeper(letters(1, "note"), store), Keeper(letters(2, "letter", RENAMED), store)
    before.start("acme", timezone="UTC")
    before.record("acme", "note", at=MONDAY, once="a")
    before.do("acme", "nudge", at=MONDAY, once="b")
    assert [entry.name for entry in after.load("acme").timeline] == ["letter", "nudge"]

    assert ids(after.do("acme", "nudge", at=MONDAY, once="c").verdict) == ["a_day"]
    assert len(before.load("acme").history) == 2
    after.do("acme", "nudge", at=OVERDUE, once="c")
    assert [entry.name for entry in after.load("acme").timeline] == ["letter", "nudge", "nudge"]
    again = after.record("acme", "letter", at=MONDAY, once="a")
    assert again.event == after.load("acme").history[0]
    with pytest.raises(pi.RulesChangedError) as caught:
        before.record("acme", "note", at=OVERDUE)
    assert "this is the process `acme`" in caught.value.__notes__
