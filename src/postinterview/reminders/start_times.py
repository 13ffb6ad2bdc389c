"""Compute when a calendar entry starts, so that asking again later gives the same start.

An entry starts at the first chance to act from its due moment on. The chance is computed from the latest
event on, since only that is certain to hold. But an event that has nothing to do with the act must not move
its entry: calendar clients would ring again. So if an event changed neither when the act is due nor when it
is open, the entry starts where it did before that event:

    Tue 10 Mar  the answer was due: the follow-up is open from Wed 11 Mar on, and its entry starts then
    Thu 12 Mar  the profile is completed: nothing changed for the follow-up, so its entry stays on Wed 11 Mar
    Fri 13 Mar  the employer writes: the follow-up is closed for 7 days, so its entry moves to Fri 20 Mar

The search goes back from the latest event to the first that left the act as it is now, and then forward to
the first stretch between two events in which there was a chance.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from postinterview.core.agenda.due import wish_of
from postinterview.core.judging.opening_times import chance, closing, outlook_of
from postinterview.core.past.placed import lies_in
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.process import Process
from postinterview.core.steps.fold import steps
from postinterview.core.steps.placing import situate
from postinterview.core.values.moments import EARLIEST

A_SECOND = timedelta(seconds=1)


class StartTimes:
    """Finds the start times of a process's entries."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._engine = process.rulebook.engine
        self._timeline = process.timeline

    @cached_property
    def _snapshots(self) -> list[Snapshot]:
        """The process after each of its events."""
        folded, calendar = self._process._snapshot, self._process.calendar  # noqa: SLF001 - folded again
        return [made.snapshot for made in steps(self._engine, calendar, folded)]

    def start(
        self, situation: Situation, wanted: datetime, *, at_work: bool = False
    ) -> tuple[datetime, datetime] | None:
        """Return the start of an act's entry, a whole second from ``wanted`` on, and when the act closes.

        From the latest event on, the act is allowed at the start if nothing else happens. Return None if
        there is no chance to act. ``at_work``: as in `chance`.
        """
        last = len(self._timeline) - 1
        since = self._timeline[last].at if self._timeline else EARLIEST
        starts = self._chance(situation, wanted, since, at_work)
        if starts is None:
            return None
        if last < 0 or starts >= wanted >= since:
            return starts, closing(self._engine, situation, starts)
        earlier = [situation]  # as it is now, then as it was before each event, as long as it was the same
        while len(earlier) <= last:
            before = self._before(earlier[-1], last - len(earlier))
            if before is None:
                break
            earlier.append(before)
        for number in range(last - len(earlier) + 1, last):
            then = self._chance(earlier[last - number], wanted, self._timeline[number].at, at_work)
            if then is not None and then < self._timeline[number + 1].at:
                return then, closing(self._engine, earlier[last - number], then)
        return starts, closing(self._engine, situation, starts)

    def _before(self, situation: Situation, number: int) -> Situation | None:
        """Return the act's situation after event ``number``, or None if the next event changed it."""
        event = self._timeline[number + 1]
        application, _, to = situation.place
        calendar, kind = self._process.calendar, situation.kind
        before = situate(self._engine, calendar, self._snapshots[number], kind, application, to, None)
        wish, wish_then = (wish_of(self._engine, each, event.at) for each in (situation, before))
        if before.is_out_of_place or wish is None or wish_then is None or wish.key != wish_then.key:
            return None
        due, due_then = ((None if each.resolved is None else each.resolved[0]) for each in (wish, wish_then))
        is_done = event.name == kind.name and lies_in(event, wish.key)
        if is_done or due != due_then:
            return None
        return before if self._stretch(situation, event.at) == self._stretch(before, event.at) else None

    def _stretch(self, situation: Situation, at: datetime) -> tuple[datetime, datetime] | None:
        """Return when the act next opens and closes."""
        opens = outlook_of(self._engine, situation).opening(at)
        return None if opens is None else (opens, closing(self._engine, situation, opens))

    def _chance(
        self, situation: Situation, wanted: datetime, since: datetime, at_work: bool
    ) -> datetime | None:
        """Return the first whole second, from ``wanted`` on, at which the act is open."""
        found = chance(self._engine, situation, wanted, since, at_work=at_work)
        while found is not None:
            whole = found.replace(microsecond=0)
            whole += A_SECOND if whole < found else timedelta(0)
            if closing(self._engine, situation, whole) > whole:
                return whole
            found = chance(
                self._engine, situation, whole, since, at_work=at_work
            )  # it closes within that second
            if found is not None and found < whole:
                return None
        return None
