"""Kernels of time: before or after a moment, and the hours of the day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from postinterview.core.answers.verdict import UNKNOWN
from postinterview.core.guards.anchors import Anchor, Resolved
from postinterview.core.guards.check import (
    ALWAYS,
    SEARCHED_DAYS,
    Check,
    Surroundings,
    Window,
    round_openers,
    say_in_zone,
)
from postinterview.core.guards.source import Source
from postinterview.core.guards.standing_dates import UnknownPastError
from postinterview.core.past.event_index import in_scope
from postinterview.core.past.places import make_key, projection
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import (
    Apart,
    EventKind,
    EventSet,
    Hours,
    Moment,
    NotAfter,
    NotBefore,
    OfEvents,
    Scope,
)
from postinterview.core.rules.rule_text import dated, none_of, noun, nouns
from postinterview.core.values.formatting import say_day, say_duration, say_moment, short_name
from postinterview.core.values.moments import BEGINNING, FOREVER, ONE_DAY

_NOT_ASKED: Any = object()


class WindowCheck(Check):
    """Kernel: before or after a moment. Not before, not after, apart."""

    def __init__(
        self, guard: NotBefore | NotAfter | Apart, scope: Scope, kind: EventKind, around: Surroundings
    ) -> None:
        self.guard = guard
        self._scope = scope
        self._key = projection(scope)
        self._opens = not isinstance(guard, NotAfter)
        self.may_close = not self._opens
        if isinstance(guard, Apart):
            moment = Moment(guard.of.name, OfEvents(guard.of), guard.duration)
        else:
            moment = guard.moment
        self._events = events = around.definition.events
        self._anchor = Anchor(moment, events, around.watch)
        # An event that ends a date helps where the guard holds without one.
        helping = frozenset(self._anchor.changed_by if guard.if_never_holds else self._anchor.known_by)
        if isinstance(guard, Apart):
            helping = guard.of.members if not guard.if_never_holds else frozenset()
        openers = round_openers(events, kind) if scope.round else frozenset[str]()
        self._openers = tuple(name for name in events if name in helping | openers)
        self._setters = tuple(name for name in events if name in {*self._anchor.set_by, *openers})

    @property
    def watched(self) -> frozenset[str]:
        return frozenset(self._anchor.changed_by)

    def _resolve(self, situation: Situation, at: datetime) -> Resolved | None:
        """Return the moment from or to which the guard surely holds.

        Raises:
            UnknownPastError: whether it holds is unknown.
        """
        if not situation.snapshot.unknowns:
            # It is asked for again and again.
            known: Resolved | None = situation.answers.get(self, _NOT_ASKED)
            if known is _NOT_ASKED:
                known = self._anchor.resolve(situation, self._key(situation.place))
                situation.answers[self] = known
            return known
        if self not in situation.answers:
            situation.answers[self] = self._as_far_as_known(situation)
        found, is_sure = situation.answers[self]
        if is_sure or (found is not None and at < found[0]):
            moment: Resolved | None = found
            return moment
        raise UnknownPastError

    def _as_far_as_known(self, situation: Situation) -> tuple[Resolved | None, bool]:
        """Return the moment, and whether it is sure; if not, the guard surely holds before it, if at all."""
        key = self._key(situation.place)
        try:
            return self._anchor.resolve(situation, key), True
        except UnknownPastError:
            pass
        try:
            if self._opens and self.guard.if_never_holds:
                return self._anchor.resolve(situation, key, "latest"), True
            earliest = self._anchor.resolve(situation, key, "earliest")
            if self._opens:  # it surely happened
                return self._anchor.resolve(situation, key, "latest"), True
        except UnknownPastError:
            return None, False
        return earliest, False

    def write(self, source: Source) -> None:
        after = self._anchor.after_event
        moment, plus = "found", None
        if after is None:
            self._anchor.write(source, self._scope, "found")
        else:
            stream, plus = after
            source.latest("found", stream, self._scope)
            moment = "found.at"
        holds = source.holds_from if self._opens else source.holds_until
        if self.guard.if_never_holds:
            with source.when("found is not None"):
                holds(moment, plus)
        else:
            source.refuse_if("found is None")
            holds(moment, plus)

    def window(self, situation: Situation, at: datetime) -> Window | None:
        try:
            found = self._resolve(situation, at)
        except UnknownPastError:
            return None
        if found is None:
            return ALWAYS if self.guard.if_never_holds else None
        if self._opens:
            return (found[0], FOREVER)
        return (BEGINNING, found[0]) if at < found[0] else None

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        guard = self.guard
        try:
            found = self._resolve(situation, at)
        except UnknownPastError:
            return UNKNOWN, self._needs()
        if found is None:
            hangs_on = guard.of if isinstance(guard, Apart) else _watched(guard.moment)
            if hangs_on is not None:
                named = nouns(hangs_on, self._events)
                needs = self._needs()
                return f"{none_of(named)} yet", needs.replace(named, "of them") if " or " in named else needs
            return f"`{self._anchor.moment.text}` is not known yet", self._needs()
        turns, anchor, anchor_at, day = found
        undated = self._anchor.undated_event(situation, self._key(situation.place), found)
        if undated is not None:  # its moment is only one of those that are possible
            return f"nobody knows when the {noun(self._events[undated.name])} was", self._needs()
        moment = say_in_zone(turns, zone, situation)
        if turns.astimezone(situation.calendar.zone).time() == time.max:  # counted from the end of a day
            moment = f"the end of {moment}"
        if isinstance(guard, Apart):
            needs = f"{self._needs()}, so {moment} or later"
        else:
            needs = f"{moment} or later" if self._opens else f"a moment before {moment}"
            needs += f" (`{guard.moment.text}`)"
        if anchor == UNKNOWN:
            return UNKNOWN, needs
        if isinstance(guard, Apart):
            since = dated(self._events[anchor], say_in_zone(anchor_at, zone, situation))
            return f"{say_duration(at - anchor_at)} since the {since}", needs
        if day is not None:
            return self._say_day(situation, anchor, day), needs
        return dated(self._events[anchor], say_in_zone(anchor_at, zone, situation)), needs

    def _needs(self) -> str:
        """Return what has to be the case, as long as no moment is known."""
        guard = self.guard
        if isinstance(guard, Apart):
            return f"{say_duration(guard.duration)} since the last {nouns(guard.of, self._events)}"
        hangs_on, plus = _watched(guard.moment), guard.moment.plus
        if hangs_on is None or not isinstance(plus, timedelta):
            return (
                f"`{guard.moment.text}` or later" if self._opens else f"a moment before `{guard.moment.text}`"
            )
        last = f"{say_duration(plus)} since the last {nouns(hangs_on, self._events)}"
        return last if self._opens else f"less than {last}"

    def _say_day(self, situation: Situation, name: str, day: date) -> str:
        """Return who named the date that stands; if it was over when it was named, both days."""
        key = make_key(situation.place.application)
        for placed in in_scope(situation.snapshot.past, None, key):
            if (name, day) in placed.dates:
                fields = self._events[placed.name].fields
                named = [value for field, value in placed.event.carried if fields[field].sets == name]
                said = named[-1] if named and isinstance(named[-1], date) else day
                who = {"employer": short_name(situation.employer), "candidate": "you"}.get(
                    self._events[placed.name].by
                )
                text = f"{who} named {say_day(said)}" if who else f"the date is {say_day(said)}"
                text += f" (`{name}`)"
                over = f", which was over when it was named: it counts as {say_day(day)}"
                return text + over if said < day else text
        return f"the date `{name}` is {say_day(day)}"

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        try:
            found = self._resolve(situation, at)
        except UnknownPastError:
            return self._openers
        return self._openers if found is not None or self.guard.if_never_holds else self._setters


def _watched(moment: Moment) -> EventSet | None:
    """Return the events that a moment hangs on; None if it hangs on a date or on several moments."""
    return moment.anchor.events if isinstance(moment.anchor, OfEvents) else None


class HoursCheck(Check):
    """Kernel: the hours of the employer's day."""

    may_close = recurs = True

    def __init__(self, guard: Hours) -> None:
        self.guard = guard

    def window(self, situation: Situation, at: datetime) -> Window | None:
        guard, calendar = self.guard, situation.calendar
        day = calendar.day_of(at) - ONE_DAY
        for _ in range(SEARCHED_DAYS):
            if day.weekday() in guard.weekdays and (
                not guard.business_days_only or calendar.is_business_day(day)
            ):
                for stretch in calendar.hours_of(day, guard.opens, guard.closes):
                    if at < stretch[1]:
                        return stretch
            day += ONE_DAY
        return None

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        local = at.astimezone(situation.calendar.zone)
        return f"{say_moment(local)} in {situation.calendar.zone.key}", self.guard.text

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return ()
