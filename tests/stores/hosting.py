"""A host that sends letters beside its events, under a race of clients and under kills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from random import Random
from threading import Barrier

from attrs import frozen

import postinterview as pi
from tests.stores.killing import killed

CLIENTS = 16
LONG = 600
"""The seconds after which a client that others wait for must be stuck, however busy the machine is."""


@frozen
class Host:
    """A host's database.

    Attributes:
        interview: records the interview with a new employer.
        sending: gives a client what follows up in a transaction, and says whether a letter was sent.
        process: loads an employer's process, as others see it.
        letters: counts the letters to an employer, as others see them.
    """

    interview: Callable[[str], object]
    sending: Callable[[], AbstractContextManager[Callable[[str], bool]]]
    process: Callable[[str], pi.Process]
    letters: Callable[[str], int]

    def counted(self, key: str) -> tuple[int, int]:
        """How many events there are after the interview, and how many letters."""
        return len(self.process(key).history) - 1, self.letters(key)


def race(host: Host, rounds: int) -> None:
    """Let clients follow up with each employer at once: one sends."""
    keys = [f"employer {number}" for number in range(rounds)]
    for key in keys:
        host.interview(key)
    ready = Barrier(CLIENTS)

    def click(_: int) -> list[bool]:
        sent = []
        with host.sending() as send:
            for key in keys:
                ready.wait(LONG)
                sent.append(send(key))
        return sent

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = list(threads.map(click, range(CLIENTS)))
    assert [sum(each) for each in zip(*answers, strict=True)] == [1] * rounds
    assert Counter(map(host.counted, keys)) == {(1, 1): rounds}


def kill(host: Host, program: Callable[..., object], where: str, times: int) -> None:
    """Kill programs that send: an event without a letter, or a letter without an event, is never there."""
    chance = Random(7)  # noqa: S311 - nothing secret
    total = 0
    for number in range(times):
        key = f"employer {number}"
        host.interview(key)
        acknowledged = killed(program, where, key, chance=chance)
        events, letters = host.counted(key)
        assert letters == events
        assert acknowledged <= events <= acknowledged + 1
        total += events
    assert total >= times
