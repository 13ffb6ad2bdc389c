"""An idempotency key: the same call is one event and one outcome, whatever happened since."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.stores import Keeper, MemoryStore, Store, migrate
from postinterview.stores.sql import SqlStore
from tests.core.helpers import at, default
from tests.stores.kinds import in_file
from tests.stores.telling import MONDAY, OVERDUE, again, interviewed, letters

LATE = at("2026-03-04 09:00")
CALLS: dict[str, Callable[[Keeper], pi.Outcome]] = {
    "do": lambda one: one.do("acme", "follow_up", at=OVERDUE, channel="call", once="do"),
    "record": lambda one: one.record("acme", "follow_up", at=OVERDUE, channel="email", once="record"),
    "late": lambda one: one.record("acme", "message", at=LATE, late=True, once="late"),
    "unknown": lambda one: one.unknown("acme", "reply", until=MONDAY, once="unknown"),
    "retract": lambda one: one.retract("acme", 4, at=OVERDUE, once="retract"),
}


def test_a_call_is_known_after_everything_else_that_happened_and_a_restart(tmp_path: Path) -> None:
    first: dict[str, pi.Outcome] = {}
    with closing(SqlStore(in_file(tmp_path / "a.db"))) as store:
        interviewed(Keeper(default(), store))
        for name, call in CALLS.items():
            first[name] = call(Keeper(default(), store))
    twice = {name: again(outcome) for name, outcome in first.items()}
    for _ in range(2):
        with closing(SqlStore(in_file(tmp_path / "a.db"))) as store:
            keeper = Keeper(default(), store)
            history = keeper.load("acme").history
            assert {name: call(keeper) for name, call in CALLS.items()} == twice
            assert keeper.load("acme").history == history
            keeper.record("acme", "rejection", at=OVERDUE + timedelta(days=1))


@pytest.mark.parametrize("name", ["do", "record", "late", "unknown"])
def test_a_call_is_known_after_its_entry_was_taken_back(name: str, keeper: Keeper) -> None:
    interviewed(keeper)
    first = CALLS[name](keeper)
    keeper.retract("acme", 2, at=OVERDUE, not_sent=True)

    assert CALLS[name](keeper) == again(first)
    assert first.process.history == keeper.load("acme").history[:2]
    assert len(keeper.load("acme").history) == 3
    assert all(placed.event.number != 2 for placed in keeper.load("acme").timeline)


def test_what_was_taken_back_is_done_anew_under_a_key_of_its_own(keeper: Keeper) -> None:
    interviewed(keeper)
    CALLS["do"](keeper)
    keeper.retract("acme", 2, at=OVERDUE, not_sent=True)
    anew = keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="again")
    assert [placed.event.number for placed in anew.process.timeline] == [1, 4]


CHANGED: dict[str, list[Callable[[Keeper], object]]] = {
    "do": [
        lambda one: one.do("acme", "follow_up", at=OVERDUE, channel="email", once="do"),
        lambda one: one.do("acme", "follow_up", at=OVERDUE, once="do"),
        lambda one: one.do("acme", "follow_up", at=OVERDUE, application="b", channel="call", once="do"),
        lambda one: one.do("acme", "complete_profile", at=OVERDUE, once="do"),
        lambda one: one.do("acme", "no_such_event", at=OVERDUE, once="do"),
        lambda one: one.record("acme", "message", at=OVERDUE, once="do"),
        lambda one: one.retract("acme", 1, at=OVERDUE, once="do"),
        lambda one: one.unknown("acme", "follow_up", until=OVERDUE, once="do"),
    ],
    "late": [
        lambda one: one.record("acme", "message", at=LATE, once="late"),
        lambda one: one.record("acme", "promise", at=LATE, date=date(2026, 4, 1), late=True, once="late"),
    ],
    "unknown": [
        lambda one: one.unknown("acme", "reply", until=OVERDUE, once="unknown"),
        lambda one: one.unknown("acme", "chase", until=MONDAY, once="unknown"),
        lambda one: one.unknown("acme", "reply", until=MONDAY, application="b", once="unknown"),
        lambda one: one.record("acme", "message", at=OVERDUE, once="unknown"),
    ],
    "retract": [
        lambda one: one.retract("acme", 3, at=OVERDUE, once="retract"),
        lambda one: one.retract("acme", 4, at=OVERDUE, not_sent=True, once="retract"),
        lambda one: one.retract("acme", 5, at=OVERDUE, once="retract"),
        lambda one: one.do("acme", "follow_up", at=OVERDUE, channel="call", once="retract"),
    ],
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_call_that_was_changed_is_misuse_and_writes_nothing(name: str) -> None:
    keeper = Keeper(default(), MemoryStore())
    interviewed(keeper)
    written = {call: CALLS[call](keeper).process.history[-1].number for call in CALLS}
    before = keeper.store.load("acme")
    for changed in CHANGED[name]:
        with pytest.raises(pi.MisuseError) as caught:
            changed(keeper)
        said = f"the idempotency key `{name}` belongs to another call, which wrote entry {written[name]}"
        assert caught.value.message == said
        assert keeper.store.load("acme") == before


def test_a_moment_without_a_zone_is_misuse_the_second_time_too(keeper: Keeper) -> None:
    interviewed(keeper)
    CALLS["do"](keeper)
    for _ in range(2):
        with pytest.raises(pi.TimeError, match="has no zone"):
            keeper.do("acme", "follow_up", at=OVERDUE.replace(tzinfo=None), channel="call", once="do")


def test_to_do_and_to_record_one_act_is_the_same_entry(keeper: Keeper) -> None:
    interviewed(keeper)
    did = CALLS["do"](keeper)
    assert keeper.record("acme", "follow_up", at=OVERDUE, channel="call", once="do") == again(did)
    breach = keeper.record("acme", "follow_up", at=OVERDUE, channel="email", once="record")
    assert breach.breach
    assert keeper.do("acme", "follow_up", at=OVERDUE, channel="email", once="record") == again(breach)


KINDER = 'migrations: {kinder: {from: "1", refold: true, why: Two days are kinder.}}\n'


def test_what_rules_of_now_would_refuse_is_still_the_event_that_it_was(store: Store) -> None:
    before, after = (
        Keeper(letters(version, "note", more, apart), store)
        for version, more, apart in ((1, "", "1 day"), (2, KINDER, "2 days"))
    )

    def nudge(keeper: Keeper, once: str, days: int) -> pi.Outcome:
        return keeper.do("acme", "nudge", at=MONDAY + timedelta(days=days), once=once)

    before.start("acme", timezone="UTC")
    first, second = nudge(before, "a", 0), nudge(before, "b", 1)
    assert migrate(after).written == 1

    assert nudge(after, "a", 0).event == first.event
    twice = nudge(after, "b", 1)
    assert (twice.event, twice.breach, twice.refused) == (second.event, True, False)
    assert len(after.load("acme").history) == 2
    with pytest.raises(pi.MisuseError, match="belongs to another call"):
        after.record("acme", "note", at=MONDAY, once="b")
