"""Compare what two rulebooks make of one history: the acts that one allows and the other refuses.

Both fold the same events, since what happened has happened, whatever the rules say. So each decision is
compared after the same past, and none differs only because an earlier one did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from postinterview.core.answers.verdict import Verdict, iso
from postinterview.core.guards import UNKNOWN
from postinterview.core.judging.engine import Engine
from postinterview.core.past.events import Entry, Event, Known, Unknown
from postinterview.core.past.situation import Snapshot
from postinterview.core.rules.definitions import EventKind
from postinterview.core.steps.fold import fold, steps
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.formatting import say_moment, say_words, shorten
from postinterview.core.values.moments import LocalCalendar


@frozen(weakref_slot=False, repr=False)
class Flip:
    """An act of a history that one rulebook allows and another one refuses.

    Attributes:
        number: the number of its entry in the history.
        event: the name of the act, by the process's own rules.
        at: its moment, in the employer's time zone.
        application: the application; None if the act concerns the employer as a whole.
        to: the person it was to, if it was to one.
        verdict: what the process's own rules say of it.
        shadow: what the other rules say; None if they know no such act, and so refuse it.
    """

    number: int
    event: str
    at: datetime
    application: str | None
    to: str | None
    verdict: Verdict
    shadow: Verdict | None

    @property
    def allowed(self) -> bool:
        """Return whether the other rules allow what the own ones refused; else it is the reverse."""
        return self.shadow is not None and self.shadow.allowed

    @property
    def refusal(self) -> Verdict | None:
        """The verdict that refuses; None if the other rules know no such act."""
        return self.verdict if self.allowed else self.shadow

    @property
    def is_certain(self) -> bool:
        """Return whether it is refused for what is known, and not only because the past is unknown."""
        return self.refusal is None or any(reason.has != UNKNOWN for reason in self.refusal.reasons)

    @property
    def text(self) -> str:
        """The decision as a short paragraph for a person."""
        turned = "refused, and allowed by the other rules" if self.allowed else "allowed, and now refused"
        why = self.refusal
        said = (
            "; ".join(dict.fromkeys(each.text for each in why.reasons))
            if why is not None
            else "there is no such act"
        )
        title = self.verdict.title or say_words(self.event)
        return f"{title} on {say_moment(self.at)}: {turned}: {said}."

    def as_json(self) -> dict[str, Any]:
        """Return the decision in plain types."""
        return {
            "number": self.number,
            "event": self.event,
            "at": iso(self.at),
            "application": self.application,
            "to": self.to,
            "allowed": self.allowed,
            "certain": self.is_certain,
            "verdict": self.verdict.as_json(),
            "shadow": None if self.shadow is None else self.shadow.as_json(),
        }

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        turned = "refused -> allowed" if self.allowed else "allowed -> refused"
        return shorten(f"<Flip {self.event}, {say_moment(self.at)}: {turned}>")


def flips(
    engine: Engine,
    calendar: LocalCalendar,
    folded: Snapshot,
    other: Engine,
    other_calendar: LocalCalendar,
    history: Iterable[Entry],
) -> Iterator[Flip]:
    """Yield the acts that the engines judge differently, in the order in which they happened.

    ``folded``: what the history comes to under ``engine``. ``history``: the same entries by the names of
    ``other``; what that does not know is not there for it.
    """
    known = tuple(entry for each in history for entry in _known(other, each))
    theirs = {
        made.placed.event.number: made
        for made in steps(other, other_calendar, fold(other, other_calendar, known), other_calendar.zone)
    }
    for mine in steps(engine, calendar, folded, calendar.zone):
        if mine.verdict is None:
            continue
        shadow = theirs.get(mine.placed.event.number)
        if shadow is None or shadow.verdict is None:
            if mine.verdict.allowed:
                yield _flip(mine, calendar, None)
            continue
        refused = mine.verdict.allowed and shadow.placed.breach
        if refused or (mine.placed.breach and shadow.verdict.allowed):
            yield _flip(mine, calendar, shadow.verdict)


def _flip(mine: Step, calendar: LocalCalendar, shadow: Verdict | None) -> Flip:
    event, verdict = mine.placed.event, mine.verdict
    assert verdict is not None  # noqa: S101 - only acts have flips
    return Flip(
        event.number,
        event.name,
        event.at.astimezone(calendar.zone),
        mine.placed.application,
        event.to,
        verdict,
        shadow,
    )


def _known(engine: Engine, entry: Entry) -> Iterator[Entry]:
    """Yield the entry as far as the engine's rules know it."""
    definition = engine.definition
    if isinstance(entry, Unknown | Known):
        of = tuple(name for name in entry.of if name in definition.events)
        if of:
            yield evolve(entry, of=of)
    elif not isinstance(entry, Event):
        yield entry
    elif (kind := definition.events.get(entry.name)) is not None and _takes(kind, entry):
        carried = tuple((name, value) for name, value in entry.carried if name in kind.fields)
        application = None if kind.employer_wide else entry.application
        yield evolve(entry, carried=carried, application=application)


def _takes(kind: EventKind, event: Event) -> bool:
    """Return whether the event can be one of this kind: it is to a person, and of an application, alike."""
    return kind.to_person == (event.to is not None) and (kind.employer_wide or event.application is not None)
