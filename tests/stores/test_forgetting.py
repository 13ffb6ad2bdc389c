"""Who is forgotten is forgotten wholly, whoever writes at that moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import postinterview as pi
from postinterview.stores import ConflictError, Keeper, Store, StoredEntry
from tests.core.helpers import default
from tests.stores.kinds import KINDS, opened
from tests.stores.telling import MONDAY, interviewed


def test_a_forgotten_process_is_gone_with_its_lines_and_keys(store: Store) -> None:
    keeper = Keeper(default(), store)
    interviewed(keeper)
    interviewed(keeper, "other")

    assert keeper.forget("acme")
    assert not keeper.forget("acme")
    with pytest.raises(pi.UnknownNameError, match="acme"):
        keeper.load("acme")
    assert list(keeper.keys()) == ["other"]
    assert [each.key for each in keeper.due(by=MONDAY.replace(year=2027))] == ["other"]
    interviewed(keeper)
    assert len(keeper.load("acme").history) == len(keeper.load("other").history) == 1


def test_who_loaded_a_process_that_was_forgotten_writes_into_none_that_was_started_since(
    store: Store,
) -> None:
    keeper = Keeper(default(), store)
    interviewed(keeper)
    keeper.record("acme", "message", at=MONDAY)
    kept = store.load("acme")
    assert kept is not None
    keeper.forget("acme")
    interviewed(keeper)
    keeper.record("acme", "message", at=MONDAY, once="mail")
    anew = store.load("acme")

    with pytest.raises(ConflictError, match=f"not at version {kept.version} any more"):
        store.append("acme", kept.version, [StoredEntry(sequence=3, text="{}")], kept.standing)
    with pytest.raises(ConflictError, match=f"not at version {kept.version} any more"):
        store.rewrite("acme", kept.version, kept.entries, kept.standing)
    assert store.load("acme") == anew


def test_the_keys_of_one_user_are_told_apart_and_forgotten(store: Store) -> None:
    keeper = Keeper(default(), store)
    for key in ("u1", "u1/", "u1/acme", "u1/zoo", "u10/acme", "u2/acme", "U1/acme"):
        keeper.start(key, timezone="UTC")

    for page in (1, 2, 100):
        assert list(keeper.keys(prefix="u1/", page=page)) == ["u1/", "u1/acme", "u1/zoo"]
        assert list(keeper.keys(prefix="u3/", page=page)) == []
    assert keeper.forget_all(prefix="u1/") == ("u1/", "u1/acme", "u1/zoo")
    assert keeper.forget_all(prefix="u1/") == ()
    with pytest.raises(pi.MisuseError, match="would erase all processes"):
        keeper.forget_all(prefix="")
    for cut in ("u", "u1", "u1/a", "é", "e\u0301"):
        with pytest.raises(pi.MisuseError, match="may be of another user") as caught:
            keeper.forget_all(prefix=cut)
        assert caught.value.help == f'end it with what ends a user\'s id in your keys, such as "{cut}/"'
    assert list(keeper.keys()) == ["U1/acme", "u1", "u10/acme", "u2/acme"]


@pytest.mark.parametrize("kind", KINDS)
def test_who_writes_while_it_is_forgotten_finds_it_gone_and_leaves_nothing_behind(kind: str) -> None:
    writers = 4
    with opened(kind) as store, ThreadPoolExecutor(writers + 1) as pool:
        keeper = Keeper(default(), store)
        for _ in range(5):
            interviewed(keeper)
            together = Barrier(writers + 1)

            def write(number: int, together: Barrier = together) -> str:
                together.wait()
                try:
                    keeper.record("acme", "message", at=MONDAY, once=f"mail {number}")
                except (pi.UnknownNameError, ConflictError):
                    return "gone"
                return "kept"

            def forget(together: Barrier = together) -> bool:
                together.wait()
                return keeper.forget("acme")

            answers = [pool.submit(write, number) for number in range(writers)]
            assert pool.submit(forget).result()
            assert {answer.result() for answer in answers} <= {"kept", "gone"}
            assert store.load("acme") is None
            assert keeper.start("acme", timezone="Europe/Zurich").history == ()
            assert keeper.forget("acme")
