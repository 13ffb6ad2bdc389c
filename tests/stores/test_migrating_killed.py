"""A program that is killed while it carries a store over leaves each process as it was, or as it is to be."""

from __future__ import annotations

from contextlib import closing
from multiprocessing import get_context
from random import Random
from threading import Event

import pytest

from postinterview.stores import Keeper, Store, StoredProcess, migrate
from postinterview.stores.sql import SqlStore
from tests.stores import programs
from tests.stores.kinds import SHARED, shared
from tests.stores.telling import MONDAY, OVERDUE, RENAMED, letters
from tests.strategies.scale import IS_LONG

KILLS = 60 if IS_LONG else 2
KEYS = tuple(f"{number:02}" for number in range(12))


def whole(store: Store) -> dict[str, StoredProcess]:
    found = {key: store.load(key) for key in KEYS}
    return {key: kept for key, kept in found.items() if kept is not None}


def killed(url: str, chance: Random) -> set[str]:
    """Start to carry over, and kill; what was said to be written before."""
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    heard, told = context.Pipe(duplex=False)
    program = context.Process(target=programs.carry_over, args=(url, told))
    program.start()
    told.close()
    said: set[str] = set()
    try:
        for _ in range(chance.randint(0, len(KEYS) // 2)):
            said.add(heard.recv())
        Event().wait(chance.uniform(0, 0.02))
        program.kill()
        while True:
            said.add(heard.recv())
    except (EOFError, OSError):
        program.join()
        heard.close()
    return said


@pytest.mark.parametrize("kind", SHARED)
def test_each_process_is_wholly_old_or_wholly_new_and_a_second_run_ends_it(kind: str) -> None:
    chance = Random(11)  # noqa: S311 - nothing secret
    for _ in range(KILLS):
        with shared(kind) as url, closing(SqlStore(url)) as store:
            before = Keeper(letters(1, "note"), store)
            after = Keeper(letters(2, "letter", RENAMED), store)
            for key in KEYS:
                before.start(key, timezone="UTC")
                before.record(key, "note", at=MONDAY, once=f"note {key}")
                before.do(key, "nudge", at=OVERDUE, once=f"nudge {key}")
            old = whole(store)
            said = killed(url, chance)

            found = whole(store)
            new = {key for key in KEYS if found[key] != old[key]}
            assert said <= new
            assert len(new) <= len(said) + 1
            for key in KEYS:
                keeper, name = (after, "letter") if key in new else (before, "note")
                assert [entry.name for entry in keeper.load(key).timeline] == [name, "nudge"]
                assert found[key].version == old[key].version + (key in new)

            rest = len(KEYS) - len(new)
            done = migrate(after)
            assert (done.counts.get("carried_over", 0), done.written, done.stuck) == (rest, rest, False)
            for key, kept in whole(store).items():
                assert kept.version == old[key].version + 1
                assert [line.once for line in kept.entries] == [f"note {key}", f"nudge {key}"]
