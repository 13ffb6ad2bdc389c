"""An event in the place that the fold gives to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.core.past.events import Event, plain_value
from postinterview.core.past.places import NOWHERE, Key
from postinterview.core.values.builders import builder
from postinterview.core.values.formatting import say_day, say_moment, shorten


class Against(NamedTuple):
    """How an act that was refused and happened all the same stands to the rules. One attribute: few are."""

    breach: bool
    doubtful: bool
    outside: bool


@frozen(weakref_slot=False, repr=False)
class Placed:
    """An event in its place: what the fold made of it.

    Attributes:
        event: the event as it was recorded.
        position: its index in the timeline, from 0.
        at: when it happened, in UTC.
        application: the application it lies in; None if it concerns the employer as a whole.
        round: its round in the application, from 1; 0 is before the first, None where it has none.
        people: everyone whom it names.
        dates: the dates it set, by name; none is before the local day on which it was named.
        spent: the credits it took.
    """

    event: Event
    position: int
    at: datetime
    application: str | None
    round: int | None
    people: tuple[str, ...]
    dates: tuple[tuple[str, date], ...] = ()
    spent: tuple[str, ...] = ()
    _against: Against | None = None

    @property
    def name(self) -> str:
        return self.event.name

    @property
    def breach(self) -> bool:
        """Return whether it is an act that was refused, and happened all the same."""
        return self._against is not None and self._against.breach

    @property
    def doubtful(self) -> bool:
        """Return whether it was refused only because the past is not known.

        Then nobody can say whether it was against the rules.
        """
        return self._against is not None and self._against.doubtful

    @property
    def outside(self) -> bool:
        """Return whether it is an act that was refused where the rules do not judge it: no breach."""
        return self._against is not None and self._against.outside

    @property
    def refused(self) -> bool:
        """Return whether it is an act that the rules did not allow, judged or not."""
        return self.breach or self.outside

    def as_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the event and what became of it in plain types.

        Its moment is ISO 8601 text in ``zone``. If it has no hour it is its day, as that was said.
        """
        event = self.event
        return {
            "number": event.number,
            "event": event.name,
            "at": (event.day or self.at.astimezone(zone)).isoformat(),
            "application": self.application,
            "round": self.round,
            "to": event.to,
            "fields": {name: plain_value(value) for name, value in event.carried},
            "breach": self.breach,
            "outside": self.outside,
            "doubtful": self.doubtful,
        }

    def __repr__(self) -> str:
        against = ", a breach" if self.breach else ", not judged" if self.outside else ""
        where = "" if self.round is None else f", round {self.round}"
        when = f"{say_moment(self.at)} UTC" if self.event.day is None else say_day(self.event.day)
        return shorten(f"<Placed {self.name}, {when}{where}{against}>")


new_placed = builder(Placed)


def lies_in(placed: Placed, key: Key) -> bool:
    """Return whether an event lies in a scope: it agrees with every part that both of them name.

    So a message to nobody in particular lies in the scope of every interviewer, and what concerns the
    employer as a whole in the scope of every application.
    """
    if key is NOWHERE:
        return True
    application, round_, person = key
    if application is not None and placed.application is not None and placed.application != application:
        return False
    if round_ is not None and placed.round is not None and placed.round != round_:
        return False
    return person is None or not placed.people or person in placed.people
