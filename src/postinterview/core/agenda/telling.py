"""Find what an unknown past blocks, and what to ask about it.

Two things may be unknown. Some events may have happened in a part of the past (a gap); and an event that
surely happened has no date. A gap blocks an act in one of three ways: its due moment hangs on an event that
may have happened, such events could undo each refusal of it (see `certainty`), or it may have been done
itself. An event without a date blocks it if the act stands differently in the pasts that are possible::

    promises and messages unknown until the 12th, and an interview on the 2nd
        follow_up is due after `promised` or 7 days after the interview, so nobody knows when
        -> was there a date for the answer or a message since the 2nd?
    an interview at some time until the 12th
        on the 20th, follow_up is allowed if it was in this month, and too late if it was a year ago
        -> when was the interview?
    an interview on the 2nd at 10:00, and a question on the 2nd that was told late
        if the question came before the interview, there is nothing to answer
        -> at what hour was the question?

The hour of a day is asked for only if the act is never allowed without it, or nobody knows whether it is
wanted: mostly one waits until the latest. And only once all days are known: then it mostly does not matter.

Acts that some rule wants done are asked about, and those that the caller names. What would be asked once the
questions are answered is asked at once. So there are at most three: what the employer may have said, what the
candidate may have done, and when undated events were (more after answers about some applications alone, and
one for each day of which an hour is needed; an hour may be asked for only after a date is told).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from attrs import define, evolve, field

from postinterview.core.agenda.due import (
    Duty,
    claim_of,
    duty_of,
    has_ended,
    is_moot,
    is_perhaps_done,
    nothing_left,
    wish_of,
)
from postinterview.core.judging.certainty import could_undo
from postinterview.core.judging.decide import choose
from postinterview.core.judging.deciding import deciding
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import opens_from
from postinterview.core.judging.refusal import refusal
from postinterview.core.past.events import Event
from postinterview.core.past.situation import Situation

View: TypeAlias = tuple[str, datetime | None]
"""How an act stands in one past: in a word, and when it is due or opens."""

NOT_WANTED: View = ("not wanted", None)
_OPENS = ("allowed", "coming")


@define(eq=False)
class Asked:
    """Says what one question is about: events that may have happened, or one that has no date.

    Attributes:
        until: the moment, in UTC, from which on the history is complete, or by which the event had happened;
            of several, the latest.
        due: the earliest moment at which somebody can answer.
        applications: those in which it happened or may have; None stands for any.
        known_in: the applications in which it is known all the same.
        of: the events, all of the employer or all of the candidate.
        undated: the entries without a date that it is about; empty: the events may have happened.
        acts: the acts that are blocked, each in its place.
    """

    due: datetime
    until: datetime
    applications: tuple[str | None, ...]
    known_in: frozenset[str] = frozenset()
    of: set[str] = field(factory=set)
    undated: tuple[Event, ...] = ()
    acts: list[Situation] = field(factory=list)

    @property
    def day(self) -> datetime | None:
        """The beginning of the day of which it asks for an hour; None: it asks for something else."""
        return next((event.since for event in self.undated), None)

    def absorb(self, other: Asked) -> None:
        """Ask what another question asks, too."""
        self.due, self.until = min(self.due, other.due), max(self.until, other.until)
        self.applications += tuple(a for a in other.applications if a not in self.applications)
        self.of |= other.of
        self.undated += other.undated
        self.acts += [act for act in other.acts if act not in self.acts]


def next_due(
    engine: Engine, situations: Iterable[Situation], at: datetime, *, named: bool = False
) -> datetime | None:
    """Return the first moment (UTC) at which a line of the agenda of ``at`` is due.

    ``named``: the situations are of acts that the caller named.
    """
    claims: dict[object, list[tuple[Situation, Duty]]] = {}
    search = Search(engine, at, named=named)
    for situation in situations:
        if situation.snapshot.unknowns or situation.others:
            duty = duty_of(engine, situation, at)
            search.look_at(situation, duty)
        else:
            duty = claim_of(engine, situation, at)
        if duty is not None and situation.is_heard_of:
            claims.setdefault(duty.subject, []).append((situation, duty))
    moments = [_due(engine, each, at) for each in claims.values()]
    moments += [asked.due for asked in search.found]
    return min((moment for moment in moments if moment is not None), default=None)


def _due(engine: Engine, claims: Sequence[tuple[Situation, Duty]], at: datetime) -> datetime | None:
    """Return when the first of some acts with one subject is due, but for those that are moot."""
    if all(duty.due is None for _, duty in claims):  # as mostly: whether one is moot changes nothing
        return None
    return next(duty.due for situation, duty in claims if not is_moot(engine, situation, at, duty))


@define(eq=False)
class Search:
    """Collects what the unknown blocks at a moment (UTC), act by act.

    ``named``: the acts are those that the caller asked about, so each of them is wanted.
    """

    engine: Engine
    at: datetime
    named: bool = False
    _found: dict[tuple[object, ...], Asked] = field(factory=dict)
    _looked_at: list[Situation] = field(factory=list)

    @property
    def found(self) -> tuple[Asked, ...]:
        """Return what to ask, one for each question."""
        self._anticipate()
        kinds = self.engine.definition.events
        sides: dict[object, Asked] = {}
        for each in self._found.values():
            side: object = kinds[next(iter(each.of))].is_act
            if each.undated:
                side = "dates", each.day
            places = sides.setdefault((side, each.known_in), evolve(each, of=set(), undated=(), acts=[]))
            places.absorb(each)
        return tuple(sides.values())

    def look_at(self, situation: Situation, duty: Duty | None) -> None:
        """Note what blocks the act. ``duty``: where it stands, by `duty_of`."""
        snapshot = situation.snapshot
        if not snapshot.unknowns and not snapshot.others:
            return
        if not self.named and situation.kind.name not in self.engine.timed:
            return
        self._looked_at.append(situation)
        self._look(situation, situation, duty)

    def _look(self, situation: Situation, act: Situation, duty: Duty | None) -> None:
        """Note what blocks an act in a situation that is the act's own, or what answers would make of it."""
        if duty is not None and duty.stands == "open" and duty.due is not None:
            return
        pasts = (evolve(situation, others=()), *situation.others)
        views = []
        for past in pasts:
            view, events = self._view(past)
            views.append(view)
            self._ask_about(past, events, act)
        if len(set(views)) > 1:
            for event in self._deciding(situation, views):
                asked = self._found.setdefault(
                    ("undated", event.number),
                    Asked(event.at, event.at, (event.application,), of={event.name}, undated=(event,)),
                )
                if act not in asked.acts:
                    asked.acts.append(act)

    def _anticipate(self) -> None:
        """Note what would block the acts once it is known that nothing more happened of what is asked."""
        asked = -1
        while asked < (asked := sum(len(each.of) for each in self._found.values())):
            for act in self._looked_at:
                left = self._answered(act)
                if left.snapshot.unknowns or left.others:
                    self._look(left, act, duty_of(self.engine, left, self.at))

    def _answered(self, situation: Situation) -> Situation:
        """Return an act where all is known that is asked, but for dates."""
        gaps = []
        for gap in situation.snapshot.unknowns:
            answers = [self._found.get((gap.application, gap.known_in, is_act)) for is_act in (False, True)]
            of = gap.of.difference(*(each.of for each in answers if each is not None))
            gaps += [evolve(gap, of=of)] if of else []
        snapshot = evolve(situation.snapshot, unknowns=tuple(gaps))
        others = tuple(map(self._answered, situation.others))
        return evolve(situation, snapshot=snapshot, others=others)

    def _ask_about(self, past: Situation, events: frozenset[str], situation: Situation) -> None:
        """Note the gaps in which the events may have happened: those of the act's application, or all."""
        kinds = self.engine.definition.events
        gaps = [gap for gap in past.snapshot.unknowns if gap.of & events]
        for gap in [gap for gap in gaps if gap.reaches(past.place.application)] or gaps:
            for name in (name for name in kinds if name in gap.of & events):
                key = gap.application, gap.known_in, kinds[name].is_act
                asked = self._found.setdefault(
                    key, Asked(gap.due, gap.until, (gap.application,), gap.known_in)
                )
                asked.due, asked.until = max(asked.due, gap.due), max(asked.until, gap.until)
                asked.of.add(name)
                if situation not in asked.acts:
                    asked.acts.append(situation)

    def _view(self, past: Situation) -> tuple[View, frozenset[str]]:
        """Return how the act stands in one past, and the unknown events that could change it."""
        wish = wish_of(self.engine, past, self.at)
        due = None if wish is None or wish.resolved is None else wish.resolved[0]
        is_wanted = (
            wish is not None
            and (wish.is_unknown or due is not None)
            and not nothing_left(self.engine, past)
            and (wish.is_unknown or not has_ended(self.engine, past, wish))
        )
        if not is_wanted and not self.named:
            return NOT_WANTED, frozenset()
        events: frozenset[str] = frozenset()
        if wish is not None and is_wanted:
            if wish.is_unknown:
                events |= frozenset(wish.anchor.changed_by)
            elif is_perhaps_done(past, wish):
                events |= {past.kind.name}
        if choose(self.engine, past, self.at) is not None:
            return ("allowed", due), events
        verdict = refusal(self.engine, past, self.at, None)  # without words on what to tell
        undoing = could_undo(self.engine, past, verdict.reasons)
        if undoing is None:
            return ("refused", None), frozenset()
        return (
            "blocked" if verdict.opens_at is None else "coming",
            due or verdict.opens_at,
        ), events | undoing

    def _deciding(self, situation: Situation, views: Sequence[View]) -> Iterator[Event]:
        """Yield the undated events of which the moment makes a difference to how the act stands.

        An hour makes one if the act opens or is wanted in some past, and not in all of them.
        """
        found = deciding((situation.snapshot, *situation.snapshot.others), views)
        if all(event.is_open for event in found):
            yield from found
            return
        opens = [view[0] in _OPENS for view in views]
        is_wanted = NOT_WANTED not in views
        if any(opens) and not (is_wanted and opens_from(self.engine, situation, self.at) is not None):
            yield from deciding((situation.snapshot, *situation.snapshot.others), opens)
