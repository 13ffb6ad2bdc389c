"""The two hand-written classes as subjects: one changes in place, the steps of the other are values."""

from __future__ import annotations

from typing import Any

from benchmarks.floor import Employer
from benchmarks.immutable import Process
from benchmarks.story import (
    EMPLOYER,
    FOLLOW_UP,
    HISTORY,
    PATH,
    TIMEZONE,
    TOO_EARLY,
    TWENTY,
    Happening,
    tell_immutable,
    walk,
    walk_history,
)
from benchmarks.timing import Batch, clock


class Floor:
    """The hand-written class."""

    name = "hand-written class (the floor)"
    covers = "all machines; no reasons, outcome or history; changes in place"
    kept = 10_000
    count = 1000

    def tasks(self) -> dict[str, Batch]:
        return {
            "do": self.do,
            "refused": self.refused,
            "path": self.path,
            "may": self.may,
            "allowed": self.allowed,
            "again": self.allowed,
            "start": self.start,
        }

    def do(self) -> float:
        employers = [self._at_follow_up() for _ in range(self.count)]
        at = FOLLOW_UP.at
        begin = clock()
        for employer in employers:
            employer.of().follow_up(at)
        return (clock() - begin) / self.count

    def refused(self) -> float:
        employer, at = self._at_follow_up(), TOO_EARLY.at
        begin = clock()
        for _ in range(self.count):
            employer.of().follow_up(at)
        return (clock() - begin) / self.count

    def path(self) -> float:
        employers = [self.fresh() for _ in range(100)]
        begin = clock()
        for employer in employers:
            walk(employer)
        return (clock() - begin) / len(employers) / len(PATH)

    def may(self) -> float:
        employer, at = self._at_follow_up(), FOLLOW_UP.at
        begin = clock()
        for _ in range(self.count):
            employer.of().may_follow_up(at)
        return (clock() - begin) / self.count

    def allowed(self) -> float:
        employer, at = self._at_follow_up(), FOLLOW_UP.at
        begin = clock()
        for _ in range(self.count):
            employer.allowed(at)
        return (clock() - begin) / self.count

    def start(self) -> float:
        begin = clock()
        for _ in range(self.count):
            Employer(EMPLOYER, TIMEZONE)
        return (clock() - begin) / self.count

    def fresh(self) -> Employer:
        return Employer(EMPLOYER, TIMEZONE)

    def after_twenty(self) -> Employer:
        employer = self.fresh()
        walk(employer)  # two more than twenty, and it keeps no history
        return employer

    def _at_follow_up(self) -> Employer:
        employer = self.fresh()
        walk_history(employer)
        return employer


class Immutable:
    """The hand-written class whose steps are values, and answer as the library does."""

    name = "hand-written values"
    covers = (
        "all machines, with outcome, reasons (short texts) and history; a value; no corrections or breaches"
    )
    kept = 10_000
    count = 200

    def __init__(self) -> None:
        self.calls = [(told.event, self._said(told)) for told in PATH]

    def tasks(self) -> dict[str, Batch]:
        return {
            "do": self.do,
            "refused": self.refused,
            "path": self.path,
            "may": self.may,
            "allowed": self.allowed,
            "again": self.allowed,
            "start": self.start,
        }

    def do(self) -> float:
        processes, at = self._processes(), FOLLOW_UP.at
        begin = clock()
        for process in processes:
            process.follow_up(at=at, channel="call")
        return (clock() - begin) / self.count

    def refused(self) -> float:
        processes, at = self._processes(), TOO_EARLY.at
        begin = clock()
        for process in processes:
            process.follow_up(at=at, channel="call")
        return (clock() - begin) / self.count

    def path(self) -> float:
        calls = self.calls
        processes: list[Any] = [self.fresh() for _ in range(20)]
        begin = clock()
        for process in processes:
            for event, said in calls:
                process = getattr(process, event)(**said).process  # noqa: PLW2901
        return (clock() - begin) / len(processes) / len(calls)

    def may(self) -> float:
        processes, at = self._processes(), FOLLOW_UP.at
        begin = clock()
        for process in processes:
            process.may_follow_up(at=at, channel="call")
        return (clock() - begin) / self.count

    def allowed(self) -> float:
        processes, at = self._processes(), FOLLOW_UP.at
        begin = clock()
        for process in processes:
            process.allowed(at=at)
        return (clock() - begin) / self.count

    def start(self) -> float:
        begin = clock()
        for _ in range(1000):
            Process.start(EMPLOYER, TIMEZONE)
        return (clock() - begin) / 1000

    def fresh(self) -> Process:
        return Process.start(EMPLOYER, TIMEZONE)

    def after_twenty(self) -> Process:
        return self._after(TWENTY)

    def _processes(self) -> list[Process]:
        return [self._after(HISTORY) for _ in range(self.count)]

    def _after(self, path: tuple[Happening, ...]) -> Process:
        process: Any = self.fresh()
        for told in path:
            process = tell_immutable(process, told).process
        made: Process = process
        return made

    def _said(self, told: Happening) -> dict[str, Any]:
        person = {} if told.to is None else {"to": told.to}
        return {"at": told.at, **person, **told.fields}
