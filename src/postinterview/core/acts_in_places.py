"""List the acts of a process, in each place that they could have."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from postinterview.core.definitions import EventKind
from postinterview.core.moments import LATEST
from postinterview.core.names import MAIN
from postinterview.core.overview import Overview
from postinterview.core.placing import situate
from postinterview.core.situation import Situation
from postinterview.core.stacks import upwards

FEW = 16
"""The acts of so many places are kept with a process; those of more would need more memory than it does."""


class ActsInPlaces(Overview):
    """The acts of a `Process`."""

    __slots__ = ()

    _kept_acts: Any  # dict[str, list[Situation]]: acts in their places, by name

    def _wanted(self, acts: frozenset[str] | None, at: datetime = LATEST) -> Iterable[Situation]:
        """Return the acts that an agenda of these acts looks at, in each place; of all: those ever due.

        If none is ever due, it looks at all of them, and speaks of what was against the rules.
        """
        if acts is None:
            found = list(self._situations(self.rulebook.engine.timed, at, unheard=True))
            if found:
                return found
        return self._situations(acts, at, unheard=True)

    def _situations(
        self, acts: Container[str] | None = None, at: datetime = LATEST, *, unheard: bool = False
    ) -> Iterator[Situation]:
        """Yield every act in every place that it could have, in the order of the rulebook.

        ``unheard``: also in applications of which nothing is recorded but what is unknown.
        """
        gaps = (gap.application for gap in self._snapshot.unknowns) if unheard else ()
        named = dict.fromkeys(name for name in (*self._snapshot.applications, *gaps) if name is not None)
        applications: tuple[str | None, ...] = tuple(named) or (MAIN,)
        met: dict[str | None, dict[str | None, None]] = {None: {}}
        for placed in upwards(self._snapshot.streams[self.rulebook.engine.openers]):
            for known in (None, placed.application):
                met.setdefault(known, {}).update(dict.fromkeys(placed.people))
        # Of a few places the acts are kept, with what was found out about them.
        is_kept = not self._snapshot.unknowns and self.calendar.at(at) is self.calendar
        for kind in self.rulebook.acts:
            if acts is not None and kind.name not in acts:
                continue
            found = self._kept_acts.get(kind.name) if is_kept else None
            if found is None:
                found = [
                    self._situate(kind, application, to, None, at)
                    for application in ((None,) if kind.employer_wide else applications)
                    for to in (met.get(application, ()) if kind.to_person else (None,))
                ]
                if is_kept and len(found) <= FEW:
                    self._kept_acts[kind.name] = found
            yield from found

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
        engine, calendar = self.rulebook.engine, self.calendar.at(at)
        return situate(engine, calendar, self._snapshot, kind, application, to, carried, self.employer)
