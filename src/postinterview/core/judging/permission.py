"""Say that an act is allowed, and until when: that is worked out when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from attrs import define

from postinterview.core.answers.verdict import Verdict, new_passing_permission, new_permission
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import closing, opens_from
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import EventKind
from postinterview.core.rules.rule_text import title_of
from postinterview.core.values.lazy import settled
from postinterview.core.values.moments import FOREVER


def permission(
    engine: Engine,
    situation: Situation,
    at: datetime,
    zone: tzinfo | None,
    on_day: tuple[datetime, Callable[[], Situation]] | None = None,
) -> Verdict:
    """Return the verdict on an act that is allowed at ``at``. When it closes is worked out as it is read.

    ``on_day``: the first moment of its day, and the act in all pasts: it closes after it was first allowed.
    """
    name = situation.kind.name
    application, _, to = situation.place
    shown = at if zone is at.tzinfo else at.astimezone(zone)
    if not engine.may_close[name]:
        return new_permission(name, shown, application, to, True, (), shown, later=situation)
    later = Closing(engine, situation, at, zone, on_day)
    verdict = new_passing_permission(name, shown, application, to, True, (), shown, later=later)
    return settled(verdict) if name in engine.asks_custom else verdict  # it may answer differently next time


@define(eq=False)
class Permitted:
    """The words of a `Verdict` on an act that is allowed."""

    kind: EventKind
    application: str | None
    to: str | None
    employer: str

    @property
    def title(self) -> str:
        return title_of(self.kind, self.to, self.application, self.employer)


class Closing:
    """The words of a `Verdict` on an act that is allowed, and may not be later."""

    __slots__ = ("_at", "_engine", "_on_day", "_situation", "_zone")

    def __init__(
        self,
        engine: Engine,
        situation: Situation,
        at: datetime,
        zone: tzinfo | None,
        on_day: tuple[datetime, Callable[[], Situation]] | None = None,
    ) -> None:
        self._engine = engine
        self._situation = situation
        self._at = at
        self._zone = zone
        self._on_day = on_day

    @property
    def closes_at(self) -> datetime | None:
        situation, at = self._situation, self._at
        if self._on_day is not None:
            begins, in_all_pasts = self._on_day
            situation = in_all_pasts()
            at = opens_from(self._engine, situation, begins) or at
        closes = closing(self._engine, situation, at)
        return None if closes == FOREVER else closes.astimezone(self._zone)

    @property
    def title(self) -> str:
        return self._situation.title
