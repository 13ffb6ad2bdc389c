"""Find the acts that are allowed at a moment: decide on each of them, or look up when each is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from postinterview.core.answers.verdict import Verdict, new_permission
from postinterview.core.judging.decide import choose, refusing
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import Prospect
from postinterview.core.judging.permission import permission
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.rules.definitions import EventKind
from postinterview.core.steps.compiled_steps import allowed_function
from postinterview.core.steps.placing import Place, situate_in
from postinterview.core.values.moments import FOREVER, LocalCalendar


def allowed_of(
    engine: Engine, situations: Iterable[Situation], at: datetime, zone: tzinfo | None
) -> Iterator[Verdict]:
    """Yield the verdicts on the acts that are allowed at ``at``."""
    for situation in situations:
        if choose(engine, situation, at) is not None and (
            not situation.others or refusing(engine, situation, at) is None
        ):
            yield permission(engine, situation, at, zone)


def allowed_at(
    engine: Engine,
    snapshot: Snapshot,
    acts: Iterable[tuple[EventKind, Sequence[Place]]],
    at: datetime,
    zone: tzinfo | None,
    calendar: LocalCalendar,
    employer: str,
) -> list[Verdict]:
    """Return what `allowed_of` yields, of acts with the places that they may have."""
    allowed: list[Verdict] = []
    known, is_usual = engine.listed, not (snapshot.unknowns or snapshot.others)
    for kind, places in acts:
        find = known.get(kind.name) or allowed_function(engine, kind.name)
        found = find(snapshot, places, at, zone, calendar, employer) if is_usual else None
        if found is None:
            placed = (situate_in(engine, calendar, snapshot, kind, each, None, employer) for each in places)
            found = allowed_of(engine, placed, at, zone)
        allowed.extend(found)
    return allowed


def allowed_in(
    engine: Engine, prospects: Iterable[Prospect], at: datetime, zone: tzinfo | None
) -> Iterator[Verdict]:
    """Yield the verdicts on the acts that are allowed at ``at``, by the stretches in which they are open."""
    for situation, opens, closes in prospects:
        if at >= closes:  # there may be a later stretch
            if refusing(engine, situation, at) is None:
                yield permission(engine, situation, at, zone)
        elif at >= opens:
            yield _permission(situation, at, zone, closes)


def _permission(situation: Situation, at: datetime, zone: tzinfo | None, closes: datetime) -> Verdict:
    application, _, to = situation.place
    shown = at if zone is at.tzinfo else at.astimezone(zone)
    closes_at = None if closes is FOREVER or closes == FOREVER else closes.astimezone(zone)
    return new_permission(
        situation.kind.name, shown, application, to, True, (), shown, closes_at, later=situation
    )
