"""Kernels that count: events in scope, and the credits in a bucket."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo

from postinterview.core.answers.verdict import UNKNOWN
from postinterview.core.guards.check import ALWAYS, Check, Surroundings, Window, round_openers
from postinterview.core.guards.source import Source
from postinterview.core.past.event_index import events_since, kept_along
from postinterview.core.past.events import say_on, say_when
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, projection
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.rules.definitions import (
    APPLICATION,
    AtMost,
    EventKind,
    EventSet,
    Happened,
    Scope,
    Spends,
)
from postinterview.core.rules.rule_text import (
    dated,
    none_of,
    noun,
    nouns,
    one_of,
    so_many,
    with_article,
    words_of,
)
from postinterview.core.values.formatting import say_count, say_list, say_words
from postinterview.core.values.naming import person_name

_SHOWN = 100
"""The most events that a reason counts: nobody reads further, and a history may hold thousands."""


class CountCheck(Check):
    """Kernel: how many of these events in scope since that one. At most, happened, not happened."""

    may_close = False

    def __init__(self, guard: AtMost | Happened, scope: Scope, kind: EventKind, around: Surroundings) -> None:
        self.guard = guard
        self._scope = scope
        self._key = projection(scope)
        self._stream = around.watch.stream(guard.of)
        self._since = None if guard.since is None else around.watch.stream(guard.since)
        self._wanted = isinstance(guard, Happened) and not guard.negated
        self._limit = guard.limit if isinstance(guard, AtMost) else 1
        self._most = max(self._limit, _SHOWN)
        self._events = events = around.definition.events
        helping: frozenset[str] = frozenset()
        if self._wanted:
            helping = guard.of.members
        elif guard.since is not None:
            helping = guard.since.members
        if scope.round:  # the next round is another key, in which nothing has been counted yet
            helping |= round_openers(events, kind)
        self._openers = tuple(name for name in events if name in helping)
        counts_itself = kind.name in guard.of.members and (
            guard.since is None or kind.name not in guard.since.members
        )
        is_shared = guard.in_every_application or not scope.application
        self.shuts_others = is_shared and counts_itself and self._limit == 1 and not self._wanted
        # Whether it refuses in an application from the first event counted to the next that it counts since.
        watched = guard.of.members | (frozenset() if guard.since is None else guard.since.members)
        is_simple = scope == APPLICATION and self._limit == 1 and not self._wanted
        is_kept = is_simple and not any(events[name].employer_wide for name in watched)
        self._watched = around.watch.stream(watched) if is_kept and guard.in_every_application else None

    def _count(self, situation: Situation) -> tuple[list[Placed], bool]:
        """Return the events counted, the latest first, and whether there may be more in an unknown past."""
        key = self._key(situation.place)
        start = None if self._since is None else situation.latest(self._since, key)
        found = situation.since(self._stream, key, start, self._most)
        if not situation.snapshot.unknowns:
            return found, False
        until = situation.unknown_until(self.guard.of.members, key)
        return found, until is not None and (start is None or start.at < until)

    def window(self, situation: Situation, at: datetime) -> Window | None:
        reached = situation.answers.get(self)
        if reached is None:
            reached = situation.answers[self] = self._reached(situation)
        return ALWAYS if reached is self._wanted else None

    def _reached(self, situation: Situation) -> bool:
        """Return whether as many as the limit happened; where that is unknown, what refuses the act."""
        snapshot = situation.snapshot
        if snapshot.unknowns:
            found, maybe_more = self._count(situation)
            return len(found) >= self._limit or (maybe_more and not self._wanted)
        key = self._key(situation.place)
        start = None if self._since is None else situation.latest(self._since, key)
        if self._limit > 1:
            return len(situation.since(self._stream, key, start, self._limit)) == self._limit
        latest = situation.latest(self._stream, key)
        return latest is not None and (start is None or latest.position > start.position)

    def write(self, source: Source) -> None:
        if self._since is not None:
            source.latest("since", self._since, self._scope)
        if self._limit > 1:
            since = "None" if self._since is None else "since"
            key = source.key(self._scope)
            source.names["events_since"] = events_since
            counted = f"events_since(streams[{self._stream}], {self._stream}, {key}, {since}, {self._limit})"
            source.refuse_if(f"len({counted}) == {self._limit}")
            return
        # Only an act to a person, or a fact about one, lies in another round than the latest.
        rounds_rise = not any(self._events[name].to_person for name in self.guard.of.members)
        source.latest("found", self._stream, self._scope, rounds_rise=rounds_rise)
        reached = "found is not None"
        if self._since is not None:
            reached += " and (since is None or found.position > since.position)"
        source.refuse_if(f"not ({reached})" if self._wanted else reached)

    def refusing_in(self, snapshot: Snapshot) -> Collection[str] | None:
        if self._watched is None or snapshot.unknowns:
            return None
        cell = snapshot.streams[self._watched]
        return kept_along(cell, self._watched, self, frozenset[str](), self._refusing_after)

    def _refusing_after(self, before: frozenset[str], placed: Placed) -> frozenset[str]:
        """Return the applications in which it refuses after an event, by those in which it did before."""
        guard, application = self.guard, placed.application or ""
        if guard.since is not None and placed.name in guard.since.members:
            return before - {application}
        return before | {application} if placed.name in guard.of.members else before

    @property
    def watched(self) -> frozenset[str]:
        return self.guard.of.members

    def counted(self, situation: Situation, at: datetime) -> list[Placed]:
        return self._count(situation)[0]

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        found, maybe_more = self._count(situation)
        guard = self.guard
        counted = nouns(guard.of, self._events)
        where = where_counted(self._scope, situation.place)
        where += "" if guard.since is None else f" since the last {nouns(guard.since, self._events)}"
        if self._wanted:
            needs = f"{with_article(counted)}{where}"
        elif isinstance(guard, Happened) and guard.since is not None and (found or maybe_more):
            return self._explain_open(guard.since, situation, found[0] if found else None, zone)
        else:
            needs = f"{self._less_often(counted)}{where}"
        if maybe_more and len(found) < self._limit:
            return UNKNOWN, needs
        if not found:  # that none came says already where it is missing
            return f"{none_of(counted)}{where}", with_article(counted) if self._wanted else needs
        latest = noun(self._events[found[0].name])
        on = say_on(found[0].event, zone)
        named = f", {on}" if latest == counted else f": {latest} {on}"
        if len(found) == 1:
            return f"1 {counted}{where}{named}", needs
        number = f"{len(found)}{'' if len(found) < self._most else ' or more'}"
        return f"{so_many(guard.of, self._events, number)}{where}, the latest {on}", needs

    def _less_often(self, counted: str) -> str:
        """Return how often the events may have happened: ``no chase``, or ``fewer than 3 chases``."""
        if self._limit == 1:
            return none_of(counted)
        return so_many(self.guard.of, self._events, f"fewer than {self._limit}")

    def _explain_open(
        self, since: EventSet, situation: Situation, latest: Placed | None, zone: tzinfo | None
    ) -> tuple[str, str]:
        """Explain a guard that waits for what settles an event: such as an open question for its answer."""
        settles = nouns(since, self._events)
        needs = f"{with_article(settles)}{where_counted(self._scope, situation.place)}"
        if latest is None:
            return UNKNOWN, needs
        said = dated(self._events[latest.name], say_when(latest.event, zone))
        return f"{said}, and no {settles} since", needs

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return self._openers


def where_counted(scope: Scope, place: Key) -> str:
    """Return what is counted together, in words."""
    if scope.interviewer:
        person = person_name(place.person) if place.person else "this person"
        return f"{' in this round' if scope.round else ''} to {person}"
    return " in this round" if scope.round else " in this application" if scope.application else ""


class CreditCheck(Check):
    """Kernel: whether a bucket is not empty."""

    may_close = False

    def __init__(self, guard: Spends, around: Surroundings) -> None:
        self.guard = guard
        self._events = around.definition.events
        self._bucket = around.buckets[guard.credit]

    def window(self, situation: Situation, at: datetime) -> Window | None:
        return ALWAYS if self._bucket.level(situation)[0] else None

    def write(self, source: Source) -> None:
        level = source.bind(self._bucket.known_level, "level")
        source.refuse_if(f"not {level}(streams[{self._bucket.stream}], place)")

    @property
    def watched(self) -> frozenset[str]:
        return self._bucket.touched

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        level, until = self._bucket.level(situation)
        needs = self._needs(situation)
        if level:
            return say_count(level, f"{say_words(self.guard.credit)} credit"), needs
        if until is not None:
            return UNKNOWN, needs
        if situation.kind.contact == "reply":
            return f"nothing to answer{'' if self._bucket.was_filled(situation) else ' yet'}", needs
        return f"no {say_words(self.guard.credit)} credit", needs

    def _needs(self, situation: Situation) -> str:
        givers = self._bucket.givers
        if all(self._events[name].by == "employer" for name in givers):
            return say_list(words_of(givers, self._events, situation.employer))
        return one_of(givers, self._events)

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return self._bucket.givers
