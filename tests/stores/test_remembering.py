"""A keeper that remembers processes reads the store all the same."""

from __future__ import annotations

import gc

import pytest

from postinterview import Process
from postinterview.core.errors import UnknownKeyError
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import at, packaged


def test_a_process_that_did_not_change_is_folded_once_and_what_others_write_is_seen() -> None:
    store = MemoryStore()
    keeper, other = (Keeper(packaged(), store, remember=2) for _ in range(2))
    keeper.start("acme", timezone="UTC")

    first = keeper.load("acme")
    assert keeper.load("acme") is first
    assert Keeper(packaged(), store).load("acme") is not first

    other.record("acme", "interview", at=at("2026-03-02 10:00"), interviewers=["ana"])
    assert keeper.load("acme") == other.load("acme") != first


def test_what_is_forgotten_is_erased_from_memory() -> None:
    keeper = Keeper(packaged(), MemoryStore(), remember=100)
    keeper.start("acme", timezone="UTC", employer="a name that nobody else has")
    keeper.load("acme")

    assert keeper.forget("acme")

    gc.collect()
    assert not [each for each in gc.get_objects() if type(each) is Process and "nobody else" in each.employer]
    with pytest.raises(UnknownKeyError):
        keeper.load("acme")
