"""Compute when an act opens and closes if nothing else happens, by unions and intersections of stretches.

A guard holds in a half-open stretch, a transition where all of its guards do. The alternatives that leave
one state are a union of stretches, the machines that listen to an act their intersection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Protocol

from attrs import define

from postinterview.core.definitions import Hours, Origin
from postinterview.core.engine import Engine, Listener
from postinterview.core.guards import SEARCHED_DAYS, Check, HoursCheck, Window
from postinterview.core.machine import RuleTransition
from postinterview.core.moments import FOREVER
from postinterview.core.situation import Situation

LAST_CALL = timedelta(days=1)
"""So long before an act closes for good it is spoken of at the latest."""

AT_WORK = HoursCheck(
    Hours(
        id="at_work",
        opens=time(9),
        closes=time(18),
        weekdays=frozenset(range(7)),
        business_days_only=True,
        origin=Origin("", 0, 0),
    )
)
"""The hours at which a nudge is suggested: on business days, where the employer is."""

Prospect = tuple[Situation, datetime, datetime]
"""An act, and the first half-open stretch of time in which it is allowed if nothing else happens."""


def prospects(engine: Engine, situations: Iterable[Situation], since: datetime) -> Iterator[Prospect]:
    """Yield the acts that are ever allowed if nothing else happens after ``since``, each with its stretch.

    A custom guard may answer differently each time: its act's stretch is over before it begins.
    """
    for situation in situations:
        if situation.kind.name in engine.asks_custom:
            yield situation, since, since
        elif not situation.is_out_of_place:
            opens = opening_of(engine, situation, since)
            if opens is not None:
                yield situation, opens, closing(engine, situation, opens)


def is_at_work(situation: Situation, at: datetime) -> bool:
    """Return whether the moment lies in the hours of `AT_WORK`."""
    found = AT_WORK.window(situation, at)
    return found is not None and found[0] <= at


class Opens(Protocol):
    """Something that holds from time to time."""

    def opening(self, situation: Situation, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which it holds, or None."""


class WorkingHours:
    """The hours of `AT_WORK`, as one more condition of an act."""

    def opening(self, situation: Situation, at: datetime) -> datetime | None:
        found = AT_WORK.window(situation, at)
        return None if found is None else max(found[0], at)


@define(eq=False)
class ListeningInstance:
    """A listening machine's instance: its state, and the transitions that leave it on the act."""

    listener: Listener
    state: str
    candidates: Sequence[RuleTransition]

    def opening(self, situation: Situation, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which one of the candidates holds."""
        opens = [w[0] for w in self._stretches(situation, at)]
        return max(min(opens), at) if opens else None

    def closing(self, situation: Situation, at: datetime) -> datetime:
        """Return the first moment from ``at`` on at which none of the candidates holds."""
        for _ in range(SEARCHED_DAYS):
            open_now = [w[1] for w in self._stretches(situation, at) if w[0] <= at]
            if not open_now:
                return at
            at = max(open_now)
            if at == FOREVER:
                break
        return FOREVER

    def _stretches(self, situation: Situation, at: datetime) -> list[Window]:
        found = (stretch(candidate.checks, situation, at) for candidate in self.candidates)
        return [window for window in found if window is not None]


def stretch(checks: Iterable[Check], situation: Situation, at: datetime) -> Window | None:
    """Return the first stretch not closed by ``at`` in which all checks hold."""
    for _ in range(SEARCHED_DAYS):
        opens, closes = at, FOREVER
        for check in checks:
            window = check.window(situation, at)
            if window is None:
                return None
            opens = max(opens, window[0])
            closes = min(closes, window[1])
        if opens < closes:
            return (opens, closes)
        at = opens  # some window closed before another opened: look for its next one
    return None


def instances_of(engine: Engine, situation: Situation) -> list[ListeningInstance]:
    """Return the machines that listen to the act, each as it stands in the act's place."""
    return [
        ListeningInstance(listener, *listener.current(situation)[1:])
        for listener in engine.listeners[situation.kind.name]
    ]


@define(eq=False)
class InAnotherPast:
    """A listening instance in another past than the one that is asked about."""

    instance: ListeningInstance
    situation: Situation

    def opening(self, situation: Situation, at: datetime) -> datetime | None:
        return self.instance.opening(self.situation, at)

    def closing(self, situation: Situation, at: datetime) -> datetime:
        return self.instance.closing(self.situation, at)


def in_all_pasts(engine: Engine, situation: Situation) -> list[ListeningInstance | InAnotherPast]:
    """Return the machines that listen to the act, in every past that is possible."""
    found: list[ListeningInstance | InAnotherPast] = [*instances_of(engine, situation)]
    for other in situation.others:
        found += [InAnotherPast(instance, other) for instance in instances_of(engine, other)]
    return found


def opening_of(engine: Engine, situation: Situation, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which the act is allowed if nothing else happens, or None."""
    if situation.others:
        return opening(in_all_pasts(engine, situation), situation, at)
    checks: list[Check] = []
    for listener in engine.listeners[situation.kind.name]:
        _, _, candidates = listener.current(situation)
        if not candidates:
            return None
        if len(candidates) > 1:
            return opening(instances_of(engine, situation), situation, at)
        checks += candidates[0].checks
    found = stretch(checks, situation, at)  # without alternatives it is one stretch for all guards
    return None if found is None else found[0]


def opening(instances: Sequence[Opens], situation: Situation, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which each instance has a transition that holds, or None."""
    for _ in range(SEARCHED_DAYS):
        latest = at
        for instance in instances:
            opens = instance.opening(situation, at)
            if opens is None:
                return None
            latest = max(latest, opens)
        if latest == at:
            return at
        at = latest
    return None


def closing(engine: Engine, situation: Situation, at: datetime) -> datetime:
    """Return the first later moment at which an act allowed at ``at`` would be refused, or forever."""
    if not engine.may_close[situation.kind.name]:
        return FOREVER
    instances = in_all_pasts(engine, situation)
    return min((instance.closing(situation, at) for instance in instances), default=FOREVER)


def chance(
    engine: Engine, situation: Situation, wanted: datetime, since: datetime, *, at_work: bool = False
) -> datetime | None:
    """Return when, from ``wanted`` on, the act is first allowed if nothing happens after ``since``.

    Where it closes for good before ``wanted``: a day before that, but not before it opens. None: it is
    never allowed. ``at_work``: in the hours of `AT_WORK`, if it is ever allowed in them from ``wanted`` on.
    """
    if situation.is_out_of_place:
        return None
    instances = in_all_pasts(engine, situation)
    at_work_too: Sequence[Opens] = [*instances, WorkingHours()] if at_work else instances
    wanted = max(wanted, since)
    found = opening(at_work_too, situation, wanted)
    if found is None and at_work:
        found = opening(instances, situation, wanted)
    if found is not None:
        return found
    last: Window | None = None
    at = opening(instances, situation, since)
    for _ in range(SEARCHED_DAYS):
        if at is None:
            break
        last = (at, closing(engine, situation, at))
        at = opening(instances, situation, last[1])
    if last is None:
        return None
    last_call = max(last[0], last[1] - LAST_CALL)
    return opening(at_work_too, situation, last_call) or last_call
