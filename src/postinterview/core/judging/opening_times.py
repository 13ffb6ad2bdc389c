"""Compute when an act opens and closes if nothing else happens, by unions and intersections of stretches.

A guard holds in a half-open stretch, a transition where all of its guards do. The alternatives that leave
one state are a union of stretches, the machines that listen to an act their intersection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Protocol

from attrs import define, field

from postinterview.core.guards import ALWAYS, SEARCHED_DAYS, Check, HoursCheck, Window
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.listeners import Standing
from postinterview.core.judging.machine import SHUT, Way
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import Hours, Origin
from postinterview.core.values.formatting import full_moment
from postinterview.core.values.moments import FOREVER

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

    def opening(self, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which it holds, or None."""


@define(eq=False)
class WorkingHours:
    """The hours of `AT_WORK`, as one more condition of an act."""

    situation: Situation

    def opening(self, at: datetime) -> datetime | None:
        found = AT_WORK.window(self.situation, at)
        return None if found is None else max(found[0], at)


@define(eq=False)
class Outlook:
    """When one act is open in one past, if nothing else happens. Each stretch is looked for once.

    Of each machine that listens one way must be open. A way is open in one span, and within it in stretches
    if some of its guards recur. One stretch tells all that need be known of a way until it closes.
    """

    situation: Situation
    standing: Standing
    _spans: dict[Way, Window | None] = field(factory=dict)
    _known: dict[Way, tuple[datetime, Window | None]] = field(factory=dict)

    def opening(self, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which one of each machine's ways is open, or None."""
        way, together = self.standing.way, self.standing.ways
        if way is not None:
            window = self.stretch(way, at)
            return None if window is None else max(window[0], at)
        if together is SHUT:
            return None
        for _ in range(SEARCHED_DAYS):
            latest = at
            for ways in together:
                stretches = [self.stretch(way, at) for way in ways]
                opens = [window[0] for window in stretches if window is not None]
                if not opens:
                    return None
                latest = max(latest, min(opens))
            if latest == at or len(together) == 1:
                return latest
            at = latest
        return None

    def closing(self, at: datetime) -> datetime:
        """Return the first moment from ``at`` on at which some machine has no open way, or forever."""
        return min((self._closing(ways, at) for ways in self.standing.ways), default=FOREVER)

    def _closing(self, ways: Sequence[Way], at: datetime) -> datetime:
        for _ in range(SEARCHED_DAYS):
            stretches = [self.stretch(way, at) for way in ways]
            open_now = [window[1] for window in stretches if window is not None and window[0] <= at]
            if not open_now:
                return at
            at = max(open_now)
            if at == FOREVER:
                break
        return FOREVER

    def stretch(self, way: Way, at: datetime) -> Window | None:
        """Return the first stretch not closed by ``at`` in which the way is open."""
        if way in self._spans:
            span = self._spans[way]
        else:
            span = self._spans[way] = way.span(self.situation)
        if span is None or span[1] <= at:
            return None
        if not way.recurring:
            return span
        known = self._known.get(way)
        if known is not None:
            asked, window = known
            if window is None:
                if asked <= at:
                    return None
            elif at < window[1] and (asked <= at or window[0] <= at):
                return window
        window = _stretch(span, way.recurring, self.situation, at)
        if way.is_steady:
            self._known[way] = (at, window)
        return window


def _stretch(span: Window, checks: Iterable[Check], situation: Situation, at: datetime) -> Window | None:
    """Return the first stretch of a span, not closed by ``at``, in which all checks hold."""
    while_open = span[1]
    for _ in range(SEARCHED_DAYS):
        if while_open <= at:
            return None
        opens, closes = span
        for check in checks:
            window = check.window(situation, at)
            if window is None:
                return None
            if window is not ALWAYS:  # a custom guard need not turn by time
                opens = max(opens, window[0])
                closes = min(closes, window[1])
        if opens < closes:
            return (opens, closes)
        at = opens  # some window closed before another opened: look for its next one
    return None


def outlook_of(engine: Engine, situation: Situation) -> Outlook:
    """Return the outlook of an act in its own past; it is kept with the act."""
    found: Outlook | None = situation.answers.get(Outlook)
    if found is None:
        found = situation.answers[Outlook] = Outlook(situation, engine.standing_of(situation))
    return found


def opening_of(engine: Engine, situation: Situation, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which the act is allowed if nothing else happens, or None.

    It must be allowed in every past that is possible.
    """
    if not situation.others:
        return outlook_of(engine, situation).opening(at)
    return opening([outlook_of(engine, past) for past in (situation, *situation.others)], at)


def opens_from(engine: Engine, situation: Situation, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which the act is allowed, if nothing else happens.

    If that hangs on the last microsecond of a day that has no hour, it is the full moment after it.
    """
    if situation.unknown_person or situation.unstarted:
        return None
    if not situation.others:
        return outlook_of(engine, situation).opening(at)
    opens = None if situation.is_out_of_place else opening_of(engine, situation, at)
    if opens is None or opens == at or (full := full_moment(opens)) == opens:
        return opens
    return opening_of(engine, situation, full)


def opening(conditions: Sequence[Opens], at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which all of it holds, or None."""
    for _ in range(SEARCHED_DAYS):
        latest = at
        for each in conditions:
            opens = each.opening(at)
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
    return min(outlook_of(engine, past).closing(at) for past in (situation, *situation.others))


def chance(
    engine: Engine, situation: Situation, wanted: datetime, since: datetime, *, at_work: bool = False
) -> datetime | None:
    """Return when, from ``wanted`` on, the act is first allowed if nothing happens after ``since``.

    Where it closes for good before ``wanted``: a day before that, but not before it opens. None: it is
    never allowed. ``at_work``: in the hours of `AT_WORK`, if it is ever allowed in them from ``wanted`` on.
    """
    if situation.is_out_of_place:
        return None
    wanted = max(wanted, since)
    found = _opening_at_work(engine, situation, wanted) if at_work else None
    if found is None:
        found = opening_of(engine, situation, wanted)
    if found is not None:
        return found
    last: Window | None = None
    at = opening_of(engine, situation, since)
    for _ in range(SEARCHED_DAYS):
        if at is None:
            break
        last = (at, closing(engine, situation, at))
        at = opening_of(engine, situation, last[1])
    if last is None:
        return None
    last_call = max(last[0], last[1] - LAST_CALL)
    found = _opening_at_work(engine, situation, last_call) if at_work else None
    return found or opening_of(engine, situation, last_call) or last_call


def _opening_at_work(engine: Engine, situation: Situation, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which the act is allowed at work, or None."""
    outlooks = [outlook_of(engine, past) for past in (situation, *situation.others)]
    return opening([*outlooks, WorkingHours(situation)], at)
