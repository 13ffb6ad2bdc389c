"""List the acts of a process, in each place that they could have."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define, field

from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import Prospect
from postinterview.core.overview import Overview
from postinterview.core.past.places import make_key
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.rules.definitions import EventKind
from postinterview.core.steps.placing import Place, place_of, situate_in
from postinterview.core.values.moments import LATEST, LocalCalendar
from postinterview.core.values.names import MAIN

FEW = 16
"""The acts of so many places are kept with a process; those of more would need more memory than it does."""


NOBODY = (None,)


@define(eq=False)
class Kept:
    """Findings of questions about a process, kept for the next questions.

    Attributes:
        acts: acts in their places, by name, with what was found out about them.
        was_asked: whether somebody has asked what is allowed.
        prospects: when each act is open; None until somebody asks again.
    """

    acts: dict[str, list[Situation]] = field(factory=dict)
    was_asked: bool = False
    prospects: tuple[Prospect, ...] | None = None


@define(eq=False)
class _Places:
    """The places that acts may have. Each is found once for all acts that are alike.

    ``met``: the people of each application, each with the latest round in which they interviewed; under None
    those of all.
    """

    engine: Engine
    snapshot: Snapshot
    calendar: LocalCalendar
    employer: str
    applications: Sequence[str | None]
    met: Mapping[str | None, Mapping[str, int | None]]
    _known: dict[tuple[bool, ...], Sequence[Place]] = field(factory=dict)

    def of(self, kind: EventKind) -> list[Situation]:
        """Return an act in each of its places, with its fields taken as given."""
        engine, calendar, snapshot, employer = self.engine, self.calendar, self.snapshot, self.employer
        places = self.places_of(kind)
        return [situate_in(engine, calendar, snapshot, kind, place, None, employer) for place in places]

    def places_of(self, kind: EventKind) -> Sequence[Place]:
        """Return the places that an act may have."""
        like = (kind.employer_wide, kind.to_person, kind.opens_round)
        found = self._known.get(like)
        if found is None:
            found = self._known[like] = [*self._find(kind)]
        return found

    def _find(self, kind: EventKind) -> Iterator[Place]:
        for application in NOBODY if kind.employer_wide else self.applications:
            if not kind.to_person:
                yield place_of(self.engine, self.snapshot, kind, application, None)
            for to, round_ in self.met.get(application, {}).items() if kind.to_person else ():
                if kind.opens_round:
                    yield place_of(self.engine, self.snapshot, kind, application, to)
                else:
                    yield make_key(application, None if application is None else round_, to), False


class ActsInPlaces(Overview):
    """The acts of a `Process`."""

    __slots__ = ()

    _kept: Any  # Kept

    def _wanted(self, acts: frozenset[str] | None, at: datetime = LATEST) -> Iterable[Situation]:
        """Return the acts that an agenda of these acts looks at, in each place; of all: those ever due.

        If none is ever due, it looks at all of them, and speaks of what was against the rules.
        """
        if acts is None:
            found = list(self._situations(self._ever_due(), at, unheard=True))
            if found:
                return found
        return self._situations(acts, at, unheard=True)

    def _ever_due(self) -> Collection[str]:
        """Return the acts of which an agenda may have something to say.

        Of most it has nothing: such as of the answer to an offer, if nobody ever made one.
        """
        engine, streams = self.rulebook.engine, self._snapshot.streams
        if self._snapshot.unknowns:
            return engine.timed
        return [name for name, taken_from in engine.due_after.items() if any(taken_from(streams))]

    def _situations(
        self, acts: Container[str] | None = None, at: datetime = LATEST, *, unheard: bool = False
    ) -> Iterator[Situation]:
        """Yield every act in every place that it could have, in the order of the rulebook.

        ``unheard``: also in applications of which nothing is recorded but what is unknown.
        """
        # Of a few places the acts are kept, with what was found out about them.
        is_kept = not self._snapshot.unknowns and self.calendar.at(at) is self.calendar
        kept = self._kept.acts if is_kept else {}
        places: _Places | None = None
        for kind in self.rulebook.acts:
            if acts is not None and kind.name not in acts:
                continue
            found = kept.get(kind.name)
            if found is None:
                places = places or self._places(at, unheard=unheard)
                found = places.of(kind)
                if len(found) <= FEW:
                    kept[kind.name] = found
            yield from found

    def _all_places(self, at: datetime) -> list[tuple[EventKind, Sequence[Place]]]:
        """Return every act with the places that it may have."""
        engine, places = self.rulebook.engine, self._places(at, unheard=False)
        found = [places.places_of(kind) for kind in engine.unlike]
        return [(kind, found[number]) for kind, number in engine.acts_alike]

    def _places(self, at: datetime, *, unheard: bool) -> _Places:
        gaps = (gap.application for gap in self._snapshot.unknowns) if unheard else ()
        named = dict.fromkeys(name for name in (*self._snapshot.applications, *gaps) if name is not None)
        met: dict[str | None, dict[str, int | None]] = {None: {}}
        for placed in reversed([*self._snapshot.along(self.rulebook.engine.openers)]):
            people = dict.fromkeys(placed.people, placed.round)
            for known in (None, placed.application):
                met.setdefault(known, {}).update(people)
        engine, calendar, applications = self.rulebook.engine, self.calendar.at(at), tuple(named) or (MAIN,)
        return _Places(engine, self._snapshot, calendar, self.employer, applications, met)

    def _situate(
        self,
        kind: EventKind,
        application: str | None,
        to: str | None,
        fields: Mapping[str, object] | None,
        at: datetime,
    ) -> Situation:
        """Return an act in its place, with the days of the employer as they are at a moment."""
        carried: Any = fields
        engine, calendar = self.rulebook.engine, self.calendar
        if calendar.before is not None:
            calendar = calendar.at(at)
        snapshot = self._snapshot
        place = place_of(engine, snapshot, kind, application, to)
        return situate_in(engine, calendar, snapshot, kind, place, carried, self.employer)
