"""Resolve moments of a rule file in a situation: ``answer_due + 1 day`` becomes an instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeAlias

from postinterview.core.answers.verdict import UNKNOWN
from postinterview.core.guards.standing_dates import StandingDate, UnknownPastError
from postinterview.core.past.event_index import latest_in
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Situation, Watch
from postinterview.core.rules.definitions import (
    BusinessDays,
    EventKind,
    FirstKnown,
    LatestKnown,
    Moment,
    OfDate,
    OfEvents,
    Scope,
)
from postinterview.core.values.moments import LocalCalendar, later

if TYPE_CHECKING:
    from postinterview.core.guards.source import Source


Bound: TypeAlias = Literal["earliest", "latest"]

Resolved: TypeAlias = tuple[datetime, str, datetime, date | None]
"""A moment, resolved: the instant, and for the words what it hangs on, since when, and the promised
day where it hangs on a date. A tuple, since every question builds some."""


class Anchor:
    """Resolves one moment.

    ``changed_by``: the events that can change what it resolves to; ``known_by``: those of which one must
    come before it is known at all, or is later than it was; ``set_by``: those of which one must come before
    it is known, if it is not. ``streams``: those of which one has an event if it is known.
    """

    def __init__(self, moment: Moment, events: Mapping[str, EventKind], watch: Watch) -> None:
        self.moment = moment
        self._plus = moment.plus
        self._options: tuple[Anchor, ...] = ()
        self._takes_latest = False
        self._date: StandingDate | None = None
        match moment.anchor:
            case OfEvents(watched):
                self._watched = watched
                self._stream = watch.stream(watched)
                self.streams: frozenset[int] = frozenset({self._stream})
                self.changed_by = tuple(name for name in events if name in watched.members)
                self.known_by = self.set_by = self.changed_by
            case OfDate(name):
                self._date = StandingDate(name, events, watch)
                self.streams = frozenset({self._date.setting})
                self.changed_by, self.known_by = self._date.changed_by, self._date.known_by
                self.set_by = self.known_by
            case FirstKnown(options) | LatestKnown(options):
                self._takes_latest = isinstance(moment.anchor, LatestKnown)
                self._options = tuple(Anchor(option, events, watch) for option in options)
                self.streams = frozenset().union(*(option.streams for option in self._options))
                changing = {name for option in self._options for name in option.changed_by}
                self.changed_by = self.known_by = tuple(name for name in events if name in changing)
                setting = {name for option in self._options for name in option.set_by}
                self.set_by = tuple(name for name in events if name in setting)
                # An end of the first date may be all that the next option waited for. The latest of all never
                # turns later by an end.
                if self._takes_latest:
                    knowing = {name for option in self._options for name in option.known_by}
                    self.known_by = tuple(name for name in events if name in knowing)

    @property
    def after_event(self) -> tuple[int, timedelta | None] | None:
        """The stream of the events of which the latest is meant, and how long after; None: it is not so."""
        if self._options or self._date is not None or isinstance(self._plus, BusinessDays):
            return None
        return self._stream, self._plus

    def resolve(self, situation: Situation, key: Key, bound: Bound | None = None) -> Resolved | None:
        """Return the instant, or None where what it hangs on never happened.

        What is unknown of the past can only add events, so it makes the latest of them later. ``bound``
        asks for the earliest or the latest moment that it can be, if there is surely one.

        Raises:
            UnknownPastError: what it hangs on is unknown, and so is the bound.
        """
        if self._options:
            found = self._find_latest if self._takes_latest else self._find_first
            chosen = found(situation, key, bound)
            return None if chosen is None else self._add(chosen, situation)
        if self._date is not None:
            day = self._date.resolve(situation)
            if day is None:
                return None
            at = self._after_day(day, situation.calendar)
            return (at, self._date.name, at, day)
        latest = latest_in(situation.snapshot.streams[self._stream], self._stream, key)
        if situation.snapshot.unknowns:
            until = situation.unknown_until(self._watched.members, key)
            if until is not None and (latest is None or latest.at < until):
                if bound == "latest":
                    return self._add((until, UNKNOWN, until, None), situation)
                if bound is None or latest is None:
                    raise UnknownPastError
        if latest is None:
            return None
        at = latest.at
        return (self._after(at, situation.calendar), latest.event.name, at, None)

    def _find_first(self, situation: Situation, key: Key, bound: Bound | None) -> Resolved | None:
        # Where one of several options is unknown, so is which of them it is.
        bound = bound if len(self._options) == 1 else None
        for option in self._options:
            found = option.resolve(situation, key, bound)
            if found is not None:
                return found
        return None

    def _find_latest(self, situation: Situation, key: Key, bound: Bound | None) -> Resolved | None:
        known: list[Resolved] = []
        doubt: UnknownPastError | None = None
        for option in self._options:
            try:
                found = option.resolve(situation, key, bound)
            except UnknownPastError as error:
                doubt = error
            else:
                known += () if found is None else (found,)
        if doubt is not None and (bound != "earliest" or not known):
            raise doubt
        return max(known, key=_instant, default=None)

    def undated_event(self, situation: Situation, key: Key, resolved: Resolved) -> Placed | None:
        """Return the undated event from which the moment is counted; None if the moment is known."""
        try:
            event = self.event(situation, key)
        except UnknownPastError:  # ``resolved`` is only a bound
            return None
        if event is None or not event.event.is_open or resolved[3] in dict(event.event.carried).values():
            return None
        return event

    def event(self, situation: Situation, key: Key) -> Placed | None:
        """Return the event that the moment hangs on, where `resolve` knows it."""
        if self._date is not None:
            return self._date.setter(situation)
        if not self._options:
            return situation.latest(self._stream, key)
        # An option that is not known does not matter behind the first one that is.
        known = (
            (found[0], option)
            for option in self._options
            if (found := option.resolve(situation, key)) is not None
        )
        chosen = max(known, key=itemgetter(0)) if self._takes_latest else next(known)
        return chosen[1].event(situation, key)

    def _after_day(self, day: date, calendar: LocalCalendar) -> datetime:
        if isinstance(self._plus, BusinessDays):
            return calendar.business_day_after(day, self._plus.count)
        end = calendar.end_of(day)
        return end if self._plus is None else later(end, self._plus)

    def _add(self, found: Resolved, situation: Situation) -> Resolved:
        if self._plus is None:
            return found
        at, anchor, anchor_at, day = found
        return (self._after(at, situation.calendar), anchor, anchor_at, day)

    def _after(self, at: datetime, calendar: LocalCalendar) -> datetime:
        """Return the moment that lies so long after another."""
        plus = self._plus
        if plus is None:
            return at
        if isinstance(plus, timedelta):
            return later(at, plus)
        starts = calendar.business_day_after(calendar.day_of(at), plus.count)
        # Where a clock goes back over midnight, the next day has begun once before.
        return max(starts, at)

    def write(self, source: Source, scope: Scope, name: str) -> None:
        """Write into a function that ``name`` is the instant, or None. The past is known there."""
        if self._date is not None:
            self._date.write(source)
            source.add(f"{name} = None if day is None else {self._written_after_day(source)}")
            return
        if not self._options:
            source.latest("since", self._stream, scope)
            source.add(f"{name} = None if since is None else {self._written_after('since.at', source)}")
            return
        self._write_options(source, scope, name)
        if self._plus is not None:
            with source.when(f"{name} is not None"):
                source.add(f"{name} = {self._written_after(name, source)}")

    def _written_after(self, at: str, source: Source) -> str:
        """Return the code of what `_after` returns."""
        return at if self._plus is None else f"{source.bind(self._after, 'after')}({at}, {source.calendar})"

    def _written_after_day(self, source: Source) -> str:
        """Return the code of what `_after_day` returns."""
        if isinstance(self._plus, BusinessDays):
            return f"{source.calendar}.business_day_after(day, {self._plus.count})"
        if self._plus is None:
            return f"{source.calendar}.end_of(day)"
        return f"{source.bind(self._after_day, 'after_day')}(day, {source.calendar})"

    def _write_options(self, source: Source, scope: Scope, name: str) -> None:
        first, *rest = self._options
        first.write(source, scope, name)
        for option in rest:
            if self._takes_latest:
                option.write(source, scope, f"{name}_too")
                with source.when(f"{name}_too is not None and ({name} is None or {name} < {name}_too)"):
                    source.add(f"{name} = {name}_too")
            else:
                with source.when(f"{name} is None"):
                    option.write(source, scope, name)


def _instant(resolved: Resolved) -> datetime:
    return resolved[0]
