"""What is timed, of whom: do, the whole path, may, what is allowed now, start, and the bytes kept.

Everyone gets the same story. The hand-written classes and the library are called as a host would call
them, in loops of their own; the peers through one adapter each, which costs next to nothing beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import postinterview as pi
from benchmarks.peers import Peer
from benchmarks.story import (
    EMPLOYER,
    FOLLOW_UP,
    HISTORY,
    PATH,
    TIMEZONE,
    TOO_EARLY,
    TWENTY,
    Happening,
    tell,
)
from benchmarks.timing import Batch, clock

MEASURES = {
    "do": "do a follow-up",
    "refused": "do it too early",
    "path": "whole path, an event",
    "may": "may I",
    "allowed": "what is allowed",
    "again": "asked again",
    "start": "start",
}


class Subject(Protocol):
    """Someone to be timed."""

    name: str
    covers: str
    kept: int
    """Of how many the bytes are measured."""

    def tasks(self) -> dict[str, Batch]: ...

    def fresh(self) -> object: ...

    def after_twenty(self) -> object: ...


class Library:
    """This library."""

    name = "postinterview"
    covers = "all machines, with outcome, reasons and the history of events"
    kept = 10_000
    count = 50

    def __init__(self, rulebook: pi.Rulebook) -> None:
        self.rulebook = rulebook
        self.asked = self._processes()
        events = rulebook.definition.events
        self.calls = [(events[told.event].is_act, told.event, self._said(told)) for told in PATH]

    def tasks(self) -> dict[str, Batch]:
        return {
            "do": self.do,
            "refused": self.refused,
            "path": self.path,
            "may": self.may,
            "allowed": self.allowed,
            "again": self.again,
            "start": self.start,
        }

    def do(self) -> float:
        processes, at = self._processes(), FOLLOW_UP.at
        begin = clock()
        for process in processes:
            process.do("follow_up", at=at, channel="call")
        return (clock() - begin) / self.count

    def refused(self) -> float:
        processes, at = self._processes(), TOO_EARLY.at
        begin = clock()
        for process in processes:
            process.do("follow_up", at=at, channel="call")
        return (clock() - begin) / self.count

    def path(self) -> float:
        calls = self.calls
        processes = [self.fresh() for _ in range(20)]
        begin = clock()
        for process in processes:
            for is_act, event, said in calls:
                if is_act:
                    process = process.do(event, **said).process  # noqa: PLW2901
                else:
                    process = process.record(event, **said).process  # noqa: PLW2901
        return (clock() - begin) / len(processes) / len(calls)

    def may(self) -> float:
        processes, at = self._processes(), FOLLOW_UP.at
        begin = clock()
        for process in processes:
            process.may("follow_up", at=at, channel="call")
        return (clock() - begin) / self.count

    def allowed(self) -> float:
        return self._allowed(self._processes())

    def again(self) -> float:
        return self._allowed(self.asked)

    def _allowed(self, processes: list[pi.Process]) -> float:
        at = FOLLOW_UP.at
        begin = clock()
        for process in processes:
            process.allowed(at=at)
        return (clock() - begin) / self.count

    def _processes(self) -> list[pi.Process]:
        """As many as there are in a tracker, each after its latest event and not asked anything yet."""
        return [self._after(HISTORY) for _ in range(self.count)]

    def start(self) -> float:
        rulebook = self.rulebook
        begin = clock()
        for _ in range(2000):
            rulebook.start(employer=EMPLOYER, timezone=TIMEZONE)
        return (clock() - begin) / 2000

    def fresh(self) -> pi.Process:
        return self.rulebook.start(employer=EMPLOYER, timezone=TIMEZONE)

    def after_twenty(self) -> pi.Process:
        return self._after(TWENTY)

    def _after(self, path: tuple[Happening, ...]) -> pi.Process:
        process = self.fresh()
        for told in path:
            process = tell(process, told).process
        return process

    def _said(self, told: Happening) -> dict[str, Any]:
        person = {} if told.to is None else {"to": told.to}
        return {"at": told.at, **person, **told.fields}


class PeerSubject:
    """A peer."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.name = peer.name
        self.covers = peer.covers
        self.kept = 100 * peer.batch
        self.asked = self._after(HISTORY)

    def tasks(self) -> dict[str, Batch]:
        tasks = {"do": self.do, "path": self.path, "start": self.start}
        if "may" in self.peer.asks:
            tasks["may"] = self.may
        if "allowed" in self.peer.asks:
            tasks |= {"allowed": self.allowed, "again": self.allowed}
        return tasks

    def do(self) -> float:
        return self._each(HISTORY, lambda instance: self.peer.fire(instance, FOLLOW_UP))

    def path(self) -> float:
        tell = self.peer.tell

        def walk(instance: Any) -> None:
            for told in PATH:
                tell(instance, told)

        return self._each((), walk) / len(PATH)

    def may(self) -> float:
        instance, may = self.asked, self.peer.may
        begin = clock()
        for _ in range(self.peer.batch):
            may(instance, FOLLOW_UP)
        return (clock() - begin) / self.peer.batch

    def allowed(self) -> float:
        instance, allowed = self.asked, self.peer.allowed
        begin = clock()
        for _ in range(self.peer.batch):
            allowed(instance, FOLLOW_UP.at)
        return (clock() - begin) / self.peer.batch

    def start(self) -> float:
        begin = clock()
        made = [self.peer.start() for _ in range(self.peer.batch)]
        taken = clock() - begin
        self._drop(made)
        return taken / self.peer.batch

    def fresh(self) -> object:
        return self.peer.start()

    def after_twenty(self) -> object:
        return self._after(TWENTY)

    def _each(self, path: tuple[Happening, ...], operation: Callable[[Any], object]) -> float:
        instances = [self._after(path) for _ in range(self.peer.batch)]
        begin = clock()
        for instance in instances:
            operation(instance)
        taken = clock() - begin
        self._drop(instances)
        return taken / self.peer.batch

    def _after(self, path: tuple[Happening, ...]) -> Any:
        instance = self.peer.start()
        for told in path:
            self.peer.tell(instance, told)
        return instance

    def _drop(self, instances: list[Any]) -> None:
        for instance in instances:
            self.peer.drop(instance)
