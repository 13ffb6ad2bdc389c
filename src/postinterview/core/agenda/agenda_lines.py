"""The lines of an agenda about acts that are due: what each is about, and what its item says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from attrs import define

from postinterview.core.agenda.agenda_text import AgendaText, Wanted
from postinterview.core.agenda.due import Duty, is_nudge
from postinterview.core.answers.agenda_items import ItemKind, id_of
from postinterview.core.answers.snoozes import Snooze
from postinterview.core.answers.verdict import Reason, Verdict
from postinterview.core.judging.decide import verdict_of
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import closing
from postinterview.core.past.event_index import in_scope
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, make_key
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import EventKind
from postinterview.core.values.formatting import say_duration, say_list, say_soon
from postinterview.core.values.moments import FOREVER
from postinterview.core.values.naming import application_name

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
"""The time after which an act is no longer "just overdue"."""


@define(eq=False)
class Line:
    """An act of which the agenda of a moment (UTC) says something. ``zone``: that of its moments."""

    engine: Engine
    situation: Situation
    duty: Duty
    at: datetime
    zone: tzinfo | None
    _verdict: Verdict | None = None

    @property
    def opens_at(self) -> datetime | None:
        """The moment from which the act may be done, in UTC, if it is known to be wanted."""
        return None if self.duty.due is None else self.duty.opens

    @property
    def verdict(self) -> Verdict:
        found = self._verdict
        if found is None:
            found, snapshot = self.duty.refused, self.situation.snapshot
            if found is None or snapshot.unknowns or snapshot.others:
                found = verdict_of(self.engine, self.situation, self.at, self.zone)
            self._verdict = found
        return found

    @property
    def id(self) -> str:
        """The name of what is due; empty where no rule says when."""
        wish = self.duty.wish
        return "" if wish is None else name_of(self.engine, self.situation, wish.key)


@define(eq=False)
class LineWords:
    """The words of an `Item` for the first of some lines, about acts of which the rules allow one.

    Attributes:
        said: the texts of the agenda.
        lines: all of them.
        applications: those that they are about, the first line's first.
        stands: the kind of the item.
        due: when the act is due, in UTC, put off by a snooze too.
        snooze: the snooze, if it puts the line off.
        wanted: the acts that the agenda wants done, by their names.
    """

    said: AgendaText
    line: Line
    lines: Sequence[Line]
    applications: Sequence[str]
    stands: ItemKind
    due: datetime | None
    snooze: Snooze | None
    wanted: Wanted

    def _title(self) -> tuple[str, str]:
        """Return the title of the act, and the applications if the title does not name them."""
        kind, place = self.line.situation.kind, self.line.situation.place
        if len(self.lines) == 1:
            return self.said.title(kind, place), ""
        return self.said.about(kind, place.person, self.applications)

    def _about(self) -> str:
        """Return the applications, the first to open first: ``, about a, or from Tue 10 Mar about b``."""
        opening: dict[datetime | None, list[str]] = {}
        for line in sorted(self.lines, key=lambda line: line.opens_at or line.at):
            name = application_name(line.situation.place.application or "")
            opening.setdefault(line.opens_at, []).append(name)
        (_, first), *rest = opening.items()
        about = f", about {say_list(first)}"
        for moment, names in rest:
            about += f", or from {self._soon(moment or self.line.at)} about {say_list(names)}"
        return about

    @property
    def title(self) -> str:
        return "".join(self._title())

    @property
    def text(self) -> str:
        line, (title, named) = self.line, self._title()
        duty, due, about = line.duty, self.due, self._about() if named else ""
        if duty.done is not None:
            by = "by " if duty.done.event.is_open else ""
            return f"{title}{about}: done {by}{self.said.on(duty.done.event)}"
        if duty.stands == "blocked":
            return f"{title}{about}: {self.said.because(line.situation, line.verdict, self.wanted)}"
        if due is None:
            return f"{title}{about}: nobody knows whether it was done"
        if self.snooze is not None:
            return f"{title}{about}{self._snoozed(self.snooze, due)}"
        if duty.stands == "coming" and duty.opens is not None:
            return f"{title} from {self._soon(duty.opens)}{about}"
        return f"{title}{about}{time_left(line.situation.kind, due, line.at, self.said.now)}"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.line.verdict.reasons

    @property
    def opens_at(self) -> datetime | None:
        duty = self.line.duty
        if duty.stands == "done":
            return self.line.verdict.opens_at
        return None if duty.opens is None else duty.opens.astimezone(self.line.zone)

    @property
    def closes_at(self) -> datetime | None:
        return self.line.verdict.closes_at

    @property
    def rule(self) -> str:
        wish = self.line.duty.wish
        return "" if wish is None else str(wish.rule.origin)

    @property
    def id(self) -> str:
        return self.line.id

    def _soon(self, moment: datetime) -> str:
        return say_soon(moment.astimezone(self.line.zone), self.said.now)

    def _snoozed(self, snooze: Snooze, wanted: datetime) -> str:
        """Return until when the act is put off, and why no longer."""
        text = f": snoozed until {self._soon(wanted)}"
        closes = closing(self.line.engine, self.line.situation, wanted)
        if wanted < snooze.until and closes != FOREVER:
            text += f", since it closes on {self._soon(closes)}"
        return text


@define(eq=False)
class BreachWords:
    """The words of an `Item` for a breach."""

    said: AgendaText
    placed: Placed

    title = rule = id = ""
    reasons: tuple[Reason, ...] = ()
    opens_at = closes_at = None

    @property
    def text(self) -> str:
        placed = self.placed
        kind = self.said.engine.definition.events[placed.name]
        title = self.said.title(kind, make_key(placed.application, placed.round, placed.event.to))
        when = "by" if placed.event.is_open else "on"
        return f"against the rules {when} {self.said.on(placed.event)}: {title}"


def time_left(kind: EventKind, due: datetime, at: datetime, now: datetime) -> str:
    """Return how much time is left at ``at`` for an act that may be done: ``: 3 h left``.

    ``now``: the same moment in the zone that it is shown in.
    """
    if is_nudge(kind):  # nobody owes a chase, so no clock ticks beside it
        return f": suggested by {say_soon(due.astimezone(now.tzinfo), now)}"
    late = at - due
    if late >= timedelta(0):
        return ": just overdue" if late < AN_HOUR else f": {say_duration(late)} overdue"
    return ": due now" if -late < A_MINUTE else f": {say_duration(-late)} left"


def name_of(engine: Engine, situation: Situation, key: Key) -> str:
    """Return the id of what is due: ``thank_you/main/1/ana/0``, where 0 counts how often it was done.

    ``key`` is that of the rule's machine: a new round moves an invitation, and brings another thank-you.
    """
    name = situation.kind.name
    stream = engine.timed[name]
    done = sum(1 for _ in in_scope(situation.snapshot.streams[stream], stream, key))
    return id_of("" if part is None else str(part) for part in (name, *key, done))
