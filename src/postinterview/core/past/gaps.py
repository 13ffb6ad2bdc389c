"""Find what is not known of the past: what some entries leave open and none after them clears."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from attrs import evolve, frozen

from postinterview.core.past.events import Entry, Known, Unknown, first_hour_of


@frozen
class Gap:
    """A part of the past of which it is not known what happened.

    Attributes:
        of: the events that may have happened.
        until: the moment, in UTC, from which on the history is complete.
        application: the only application in which they may have happened; None if it is any.
        known_in: the applications in which it is known all the same.
        since: the beginning of the day of which ``until`` is the end; None: a moment was said.
    """

    of: frozenset[str]
    until: datetime
    application: str | None = None
    known_in: frozenset[str] = frozenset()
    since: datetime | None = None

    @property
    def due(self) -> datetime:
        """The moment, in UTC, from which on somebody may say what happened.

        Of a day this is where days begin first: what is left of the day is recorded as it happens.
        """
        return self.until if self.since is None else first_hour_of(self.since)

    def reaches(self, application: str | None) -> bool:
        """Return whether it is about the application; None: about any."""
        if application is None:
            return True
        return self.application in (None, application) and application not in self.known_in


def gaps_of(entries: Iterable[Entry], employer_wide: Collection[str]) -> tuple[Gap, ...]:
    """Return what the entries leave open. ``employer_wide``: the events that lie in no application.

    A `Known` counts for what came before it in the history: who says later that something is unknown after
    all has the last word.
    """
    gaps: list[Gap] = []
    for entry in entries:
        if isinstance(entry, Unknown):
            gaps.append(Gap(frozenset(entry.of), entry.until, entry.application, since=entry.since))
        elif isinstance(entry, Known):
            gaps = [left for gap in gaps for left in _left(gap, entry, employer_wide)]
    return tuple(gaps)


def _left(gap: Gap, known: Known, employer_wide: Collection[str]) -> Iterator[Gap]:
    """Yield what an entry leaves of a gap: the events it does not name, and other applications."""
    of = gap.of.intersection(known.of)
    reaches = gap.due if known.since is None else gap.until  # of two days, the later one
    if not of or (known.until is not None and known.until < reaches):
        yield gap
        return
    if gap.of != of:
        yield evolve(gap, of=gap.of - of)
    elsewhere = frozenset(of.difference(employer_wide))  # what lies in no application is known in none alone
    if known.application is not None and elsewhere:
        if gap.application is None:
            yield evolve(gap, of=elsewhere, known_in=gap.known_in | {known.application})
        elif gap.application != known.application:
            yield evolve(gap, of=elsewhere)
