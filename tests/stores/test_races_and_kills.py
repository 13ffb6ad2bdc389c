"""Many programs on one database, and programs that are killed while they write."""

from __future__ import annotations

from contextlib import closing
from multiprocessing import get_context
from random import Random

import pytest

from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores import programs
from tests.stores.killing import killed
from tests.stores.kinds import SHARED, is_long, shared
from tests.stores.telling import interviewed

PROGRAMS = 8
ROUNDS = 200 if is_long() else 12
KILLS = 300 if is_long() else 6


def race(url: str, rounds: int) -> None:
    """Let programs follow up at the same moments: one a round is allowed, no history has a gap."""
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        for number in range(rounds):
            interviewed(keeper, f"acme {number}")
        ready = context.Barrier(PROGRAMS)
        running = []
        for _ in range(PROGRAMS):
            heard, told = context.Pipe(duplex=False)
            program = context.Process(target=programs.click, args=(url, rounds, ready, told))
            program.start()
            told.close()
            running.append((program, heard))
        answers = [heard.recv() for _, heard in running]
        for program, heard in running:
            program.join()
            heard.close()
        for number, each in enumerate(zip(*answers, strict=True)):
            refused = [answer for answer in each if answer is not None]
            assert refused == [["one_follow_up", "one_chase"]] * (PROGRAMS - 1)
            assert [entry.number for entry in keeper.load(f"acme {number}").history] == [1, 2]


def kill(url: str, times: int) -> None:
    """Kill programs while they append: what they said was kept is there, and nothing in part."""
    chance = Random(7)  # noqa: S311 - nothing secret
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        kept = 0
        for number in range(times):
            key = f"acme {number // 10}"
            interviewed(keeper, key)
            acknowledged = killed(programs.append, url, key, chance=chance, most=3)
            history = keeper.load(key).history
            assert [entry.number for entry in history] == list(range(1, len(history) + 1))
            assert acknowledged <= len(history) <= acknowledged + 1
            kept += len(history)
        assert kept > times


@pytest.mark.parametrize("kind", SHARED)
def test_of_programs_that_follow_up_at_once_one_is_allowed_a_round(kind: str) -> None:
    with shared(kind) as url:
        race(url, ROUNDS)


@pytest.mark.parametrize("kind", SHARED)
def test_what_a_killed_program_said_was_kept_is_kept(kind: str) -> None:
    with shared(kind) as url:
        kill(url, KILLS)
