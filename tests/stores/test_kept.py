"""What a store gives back is taken as it was written, or not at all; rules that changed are said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import postinterview as pi
from postinterview.stores import Keeper, Standing, Store, StoredEntry
from tests.core.helpers import default, ids
from tests.stores.telling import MONDAY, OVERDUE, RENAMED, interviewed, letters


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: lines[:1], "process `acme`, history: entry 2 is missing"),
        (
            lambda lines: [lines[0], StoredEntry(sequence=2, text="{")],
            r"process `acme`, history\[1\]: line 1, column",
        ),
        (
            lambda lines: [lines[0], StoredEntry(sequence=2, text="7")],
            r"process `acme`, history\[1\]: it is not a mapping",
        ),
        (
            lambda lines: [lines[0], StoredEntry(sequence=2, text=lines[1].text.replace("call", "email"))],
            r"process `acme`, history\[1\].seal: entry 2 is not as it was saved",
        ),
        (
            lambda lines: [lines[0], StoredEntry(sequence=3, text=lines[1].text)],
            r"process `acme`, history\[1\]: the row 3 is where the row 2 should be",
        ),
    ],
)
def test_a_damaged_process_is_an_error_with_its_place(
    store: Store, spoil: Callable[[Any], list[StoredEntry]], said: str
) -> None:
    keeper = Keeper(default(), store)
    interviewed(keeper)
    keeper.do("acme", "follow_up", at=OVERDUE, channel="call")
    kept = store.load("acme")
    assert kept is not None
    store.rewrite("acme", kept.version, spoil(kept.entries), kept.standing)
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


def test_the_history_of_another_process_is_not_taken_for_this_one(store: Store) -> None:
    keeper = Keeper(default(), store)
    for key in ("acme", "zeta"):
        keeper.start(key, timezone="Europe/Zurich", employer="the same")
        keeper.record(key, "message", at=MONDAY)
    mine, other = store.load("acme"), store.load("zeta")
    assert mine is not None
    assert other is not None
    store.rewrite("acme", mine.version, other.entries, other.standing)
    with pytest.raises(pi.SavedError) as caught:
        keeper.load("acme")
    assert str(caught.value) == (
        "process `acme`, head.key: it was written as the process `zeta` (restore it from a backup; to give "
        "a process another key, add it under that key)"
    )
    store.rewrite("acme", mine.version + 1, other.entries, mine.standing)
    assert keeper.load("acme").history == keeper.load("zeta").history  # entry by entry the same


def test_a_process_that_was_put_in_as_its_text_alone_is_taken(store: Store) -> None:
    keeper = Keeper(default(), store)
    interviewed(keeper)
    kept = store.load("acme")
    assert kept is not None
    head = {name: value for name, value in json.loads(kept.standing.head).items() if name != "key"}
    standing = Standing(head=json.dumps(head), snapshot=kept.standing.snapshot)
    store.create("copy", standing, kept.entries)
    assert keeper.load("copy") == keeper.load("acme")
    keeper.record("copy", "message", at=OVERDUE)
    bound = store.load("copy")
    assert bound is not None
    assert json.loads(bound.standing.head)["key"] == "copy"
