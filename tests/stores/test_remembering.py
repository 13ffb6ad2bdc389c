"""A keeper that remembers processes reads the store all the same, and folds only what is new."""

# ruff: noqa: SLF001 - it looks at what a process keeps for itself

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from attrs import evolve
from hypothesis import given, settings

from postinterview import MisuseError, Process, SavedError
from postinterview.core.values.errors import UnknownKeyError
from postinterview.stores import Keeper, Memory, MemoryStore, Store, StoredEntry, StoredProcess, writing
from postinterview.stores.sql import SqlStore
from postinterview.stores.texts import stored_parts
from tests.core.helpers import at, default, packaged
from tests.laws.twins import examples, told
from tests.saving import stories
from tests.stores.kinds import opened, shared
from tests.stores.telling import LATER, MONDAY, OVERDUE, fields_of, interviewed, letters
from tests.strategies.runs import Case, cases


class Counted(MemoryStore):
    """A store that says how many entries it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        found = super().load(key, since)
        self.read.append(0 if found is None else len(found.entries))
        return found


def never(*_: object) -> None:
    raise AssertionError("it was read whole")


def test_a_process_that_did_not_change_is_folded_once_and_what_others_write_is_seen() -> None:
    store = MemoryStore()
    keeper, other = (Keeper(packaged(), store, remember=2) for _ in range(2))
    keeper.start("acme", timezone="UTC")

    first = keeper.load("acme")
    assert keeper.load("acme") is first
    assert Keeper(packaged(), store).load("acme") is not first

    other.record("acme", "interview", at=at("2026-03-02 10:00"), interviewers=["ana"])
    assert keeper.load("acme") == other.load("acme") != first


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql", "django-sqlite", "django-postgresql"])
def test_only_what_is_new_is_read_and_folded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(kind) as store:
        keeper, other = (Keeper(default(), store, remember=2) for _ in range(2))
        interviewed(keeper)
        other.load("acme")
        monkeypatch.setattr(writing, "loaded", never)
        for day in range(1, 5):
            keeper.record("acme", "message", at=MONDAY + timedelta(days=day), once=f"m{day}")
            keeper.record("acme", "reply", at=MONDAY + timedelta(days=day, hours=1))
            assert other.load("acme") == keeper.load("acme")
            assert other.load_many(["acme"]) == {"acme": keeper.load("acme")}
        assert other.record("acme", "message", at=MONDAY + timedelta(days=3), once="m3").repeated
        assert other.retract("acme", 8, at=LATER).process == keeper.load("acme")
        kept = store.load("acme", 9)
        assert kept is not None
        assert [each.sequence for each in kept.entries] == [9, 10]


def test_the_entries_before_the_last_known_one_are_not_read() -> None:
    store = Counted()
    keeper, other = (Keeper(default(), store, remember=2) for _ in range(2))
    interviewed(keeper)
    for day in range(1, 9):
        keeper.record("acme", "message", at=MONDAY + timedelta(days=day))
    other.load("acme")
    store.read.clear()

    other.load("acme")
    keeper.record("acme", "message", at=LATER)
    other.load("acme")

    assert store.read == [1, 1, 2]


# --- remembered equals folded ---------------------------------------------------------------------------


def append(store: Store, key: str, before: Process, after: Process, last: str) -> str:
    """Write the entries that one process lacks, as another program; return the last seal."""
    kept = store.load(key)
    assert kept is not None
    entries, standing = stored_parts(after, key, after=len(before.history), last=last)
    store.append(key, kept.version, entries, standing)
    return Keeper(after.rulebook, store)._load(key)[1].last


def check_remembered(process: Process, cuts: Sequence[int]) -> None:
    """A keeper that remembers the beginnings of a history has what its fold is, at each cut."""
    cuts = sorted({0, *cuts, len(process.history)})
    parts = [process.with_history(process.history[:cut]) for cut in cuts]
    store = MemoryStore()
    keeper = Keeper(process.rulebook, store, remember=1)
    Keeper(process.rulebook, store).add("acme", parts[0])
    last = ""
    assert keeper.load("acme") == parts[0]
    for before, after in pairwise(parts):
        last = append(store, "acme", before, after, last)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writing, "loaded", never)
            found = keeper.load("acme")
        assert found == after
        assert found._snapshot == after._snapshot
        assert found.to_json() == after.to_json()
        assert found.next_due == after.next_due


@settings(max_examples=max(20, examples(1) // 4))
@given(cases(custom=True), st.lists(st.integers(1, 20)))
def test_a_remembered_process_with_new_entries_is_the_fold_of_them_all(case: Case, cuts: list[int]) -> None:
    process = told(case).process
    check_remembered(process, [cut for cut in cuts if cut <= len(process.history)])


@pytest.mark.parametrize("name", stories.STORIES)
def test_so_is_one_with_undated_events_changes_and_other_corrections(name: str) -> None:
    process = stories.STORIES[name]()
    check_remembered(process, range(len(process.history)))
    for cut in range(len(process.history)):
        check_remembered(process, [cut])


def test_so_is_one_with_days_without_an_hour() -> None:
    process = default().start("acme", "Europe/Zurich")
    for event, when in (("interview", MONDAY.date()), ("message", MONDAY), ("reply", OVERDUE.date())):
        process = (
            process.record(event, at=when, interviewers=["ana"]).process
            if event == "interview"
            else (process.record(event, at=when).process)
        )
    process = process.record("message", at=OVERDUE.replace(hour=9)).process
    check_remembered(process, range(5))
    for cut in range(4):
        check_remembered(process, [cut])


def test_so_is_one_of_which_more_is_said_at_the_moment_of_another_event() -> None:
    process = default().start("acme", "Europe/Zurich")
    process = process.record("interview", at=MONDAY, interviewers=["ana"]).process
    process = process.do("thank_you", at=MONDAY, **fields_of("thank_you")).process
    process = process.amended("interview", at=OVERDUE, interviewers=["ana", "bob"]).process
    assert [each.event.number for each in process.timeline] == [4, 2]
    for cut in range(4):
        check_remembered(process, [cut])


# --- what is stored counts ------------------------------------------------------------------------------


def started_anew(store: Store, keeper: Keeper) -> None:
    keeper.forget("acme")
    interviewed(keeper)
    keeper.record("acme", "message", at=OVERDUE)


def edited(store: Store, keeper: Keeper) -> None:
    """Give the last entry another text, and the same length of history."""
    kept = store.load("acme")
    assert kept is not None
    line = evolve(kept.entries[-1], text=kept.entries[-1].text.replace("ana", "bob"))
    store.rewrite("acme", kept.version, [*kept.entries[:-1], line], kept.standing)


def swapped(store: Store, keeper: Keeper) -> None:
    """Give it the snapshot of another process."""
    twin = Keeper(default(), MemoryStore())
    interviewed(twin)
    twin.record("acme", "message", at=OVERDUE)
    other, kept = twin.store.load("acme"), store.load("acme")
    assert other is not None
    assert kept is not None
    standing = evolve(kept.standing, snapshot=other.standing.snapshot)
    store.append("acme", kept.version, [], standing)


def bad_tail(store: Store, keeper: Keeper) -> None:
    kept = store.load("acme")
    assert kept is not None
    line = StoredEntry(sequence=2, text=kept.entries[0].text)
    store.append("acme", kept.version, [line], kept.standing)


@pytest.mark.parametrize("change", [edited, swapped, bad_tail, started_anew])
def test_what_others_did_to_the_rows_is_found_or_believed_as_without_a_memory(
    change: Callable[[Store, Keeper], None],
) -> None:
    store = MemoryStore()
    keeper, plain = Keeper(default(), store, remember=9), Keeper(default(), store)
    interviewed(keeper)
    keeper.load("acme")
    change(store, plain)

    assert said(keeper) == said(plain)
    assert said(keeper) == said(plain)


def said(keeper: Keeper) -> object:
    try:
        return keeper.load("acme")
    except SavedError as error:
        return str(error)


def test_a_migrated_process_is_written_whole_and_remembered_only_then() -> None:
    store = MemoryStore()
    Keeper(letters(1, "note"), store).start("acme", timezone="UTC")
    old = Keeper(letters(1, "note"), store, remember=9)
    old.record("acme", "note", at=MONDAY, once="n")
    new = Keeper(letters(2, "note"), store, remember=9)

    assert new.load("acme") == new.load("acme")
    new.record("acme", "note", at=OVERDUE)
    assert new.load("acme") == Keeper(letters(2, "note"), store).load("acme")
    assert new.record("acme", "note", at=MONDAY, once="n").repeated


def test_what_was_rolled_back_is_not_remembered() -> None:
    with shared("sqlite") as url:
        engine = sa.create_engine(url)
        interviewed(Keeper(default(), SqlStore(engine)))
        keeper: Keeper | None = None
        with engine.connect() as connection:
            keeper = Keeper(default(), SqlStore(connection), remember=9)
            keeper.do("acme", "follow_up", at=OVERDUE, channel="call")
            connection.rollback()
            assert len(keeper.load("acme").history) == 1
        engine.dispose()


def test_a_process_under_another_key_is_not_remembered_under_the_old_one() -> None:
    keeper = Keeper(default(), MemoryStore(), remember=9)
    interviewed(keeper)
    moved = keeper.move("acme", "zeta")
    with pytest.raises(UnknownKeyError):
        keeper.load("acme")
    assert keeper.load("zeta") == moved


def test_keepers_share_a_memory_if_they_have_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    store, memory, rules = MemoryStore(), Memory(9), letters(1, "note")
    Keeper(rules, store, remember=memory).start("acme", timezone="UTC")
    first = Keeper(rules, store, remember=memory).load("acme")
    later = Keeper(letters(2, "note"), store, remember=memory).load("acme")
    assert later.rulebook != first.rulebook
    first = Keeper(rules, store, remember=memory).load("acme")
    monkeypatch.setattr(writing, "loaded", never)
    assert Keeper(rules, store, remember=memory).load("acme") is first
    assert repr(memory) == "<Memory of 1 processes, at most 9>"


@pytest.mark.parametrize("most", [-1, 0, True, "9"])
def test_a_memory_of_nothing_is_misuse(most: Any) -> None:
    with pytest.raises(MisuseError, match="a memory can't hold"):
        Memory(most)


def test_so_many_are_remembered_and_no_more() -> None:
    store = Counted()
    keeper = Keeper(default(), store, remember=2)
    for key in "abc":
        interviewed(keeper, key)
        keeper.record(key, "message", at=OVERDUE)
    store.read.clear()
    for key in "cbab":
        keeper.load(key)
    assert store.read == [1, 1, 2, 1]


def test_what_is_forgotten_is_erased_from_memory() -> None:
    keeper = Keeper(packaged(), MemoryStore(), remember=100)
    keeper.start("acme", timezone="UTC", employer="a name that nobody else has")
    keeper.load("acme")

    assert keeper.forget("acme")

    gc.collect()
    assert not [each for each in gc.get_objects() if type(each) is Process and "nobody else" in each.employer]
    with pytest.raises(UnknownKeyError):
        keeper.load("acme")


def test_an_idempotency_key_that_was_rolled_back_is_free() -> None:
    with shared("sqlite") as url:
        engine = sa.create_engine(url)
        other = Keeper(default(), SqlStore(engine))
        interviewed(other)
        memory = Memory(9)
        with engine.connect() as connection:
            keeper = Keeper(default(), SqlStore(connection), remember=memory)
            keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="mine")
            connection.rollback()
        other.do("acme", "follow_up", at=OVERDUE, channel="call", once="theirs")
        keeper = Keeper(default(), SqlStore(engine), remember=memory)
        assert keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="theirs").repeated
        assert keeper.do("acme", "follow_up", at=LATER, channel="call", once="mine").refused
        engine.dispose()


def test_a_process_that_is_gone_is_forgotten() -> None:
    store, memory = MemoryStore(), Memory(9)
    interviewed(Keeper(default(), store, remember=memory))
    assert repr(memory).startswith("<Memory of 1 process")
    store.forget("acme")
    with pytest.raises(UnknownKeyError):
        Keeper(default(), store, remember=memory).load("acme")
    assert repr(memory).startswith("<Memory of 0 process")
