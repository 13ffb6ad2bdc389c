"""Keep database connections out of forked processes.

Two processes can't share a connection, and a fork copies all of them into the child:

- PostgreSQL: both processes write to one socket and read each other's answers.
- SQLite: a lock belongs to the process that took it. The child believes it holds the parent's locks and
  takes none. When the parent closes its connection, it deletes the log file that the child still writes.

A fork therefore waits for the statements in progress, then closes the idle connections of every engine that
a store made. Parent and child open new ones when they need them. The engine of a host is the host's to close:
in a child that received its open connections, the store refuses to use them.

Sources: "Using Connection Pools with Multiprocessing or os.fork()" in the manual of SQLAlchemy, and section
2.6 of "How To Corrupt An SQLite Database File".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Protocol
from weakref import WeakSet

LONGEST_WAIT = 5.0
"""Seconds that a fork waits for statements in progress."""


class Forkable(Protocol):
    """An object with something that a forked process can't share."""

    def before_fork(self) -> None:
        """Prepare, in the parent; no statement is in progress, unless the wait was too long."""
        ...

    def in_child(self, *, in_use: bool) -> None:
        """Part with what is the parent's. ``in_use``: a statement was in progress all the same."""
        ...


class _Forks:
    """The objects to tell of forks, and the statements that a fork waits for."""

    def __init__(self) -> None:
        self.told: WeakSet[Forkable] = WeakSet()
        self._changed = Condition()
        self._running: set[object] = set()
        self._waiting = 0

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """Hold off forks for a statement, which begins when no fork is waiting."""
        statement = object()
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting)
            self._running.add(statement)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(statement)
                self._changed.notify_all()

    def before(self) -> None:
        self._changed.acquire()  # and keep it until the fork is over
        self._waiting += 1
        self._changed.wait_for(lambda: not self._running, LONGEST_WAIT)
        for each in tuple(self.told):
            each.before_fork()

    def in_parent(self) -> None:
        self._waiting -= 1
        self._changed.notify_all()
        self._changed.release()

    def in_child(self) -> None:
        in_use = bool(self._running)
        self._changed, self._running, self._waiting = Condition(), set(), 0  # no other thread was copied
        for each in tuple(self.told):
            each.in_child(in_use=in_use)


FORKS = _Forks()

if sys.platform != "win32":
    os.register_at_fork(before=FORKS.before, after_in_parent=FORKS.in_parent, after_in_child=FORKS.in_child)
