"""Ask what became of the invitations of a calendar, with the calls that record each answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.audit.history.map_model import EventClaim, Map
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.sources.rows import RealDate, Row
from postinterview.core.past.events import Event, Value, say_when
from postinterview.core.process import Process
from postinterview.core.values.formatting import say_day, say_moment, shorten
from postinterview.core.values.moments import LATEST, ONE_DAY
from postinterview.invitations.occurrences import Occurrence, Occurrences

Standing: TypeAlias = Literal["ahead", "over", "cancelled"]
SCHEDULED, CANCELLED = "scheduled", "cancelled"
"""The events of the rules for a talk that is fixed or moved, and for one that is off."""


@frozen(kw_only=True)
class InvitationAnswer:
    """One answer to a question, as a call of `Keeper.record`.

    Attributes:
        text: the answer in words.
        event: the event to record; None: there is nothing to record.
        at: when it happened, in the employer's time zone; the day alone if the calendar names no hour.
        fields: the fields of the event.
        once: the idempotency key, which is the same each time the calendar is read.
    """

    text: str
    event: str | None
    at: date
    application: str | None
    fields: Mapping[str, Value]
    once: str

    def arguments(self) -> dict[str, Any]:
        """Return the keyword arguments for `Keeper.record(key, answer.event, **answer.arguments())`."""
        more = {} if self.application is None else {"application": self.application}
        return {"at": self.at, "late": True, "once": self.once, **more, **self.fields}

    def as_json(self) -> dict[str, Any]:
        plain = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.fields.items()
        }
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
        return {
            "text": self.text,
            "event": self.event,
            "at": self.at.isoformat(),
            "application": self.application,
            "fields": fields,
            "once": self.once,
        }


@frozen(kw_only=True, repr=False)
class Invitation:
    """An entry of a calendar that is an interview, with what is to be asked about it.

    Attributes:
        id: its identifier, which stays the same when it is moved or cancelled.
        standing: ahead, over or cancelled.
        employer, application: as the map names them.
        summary: its title in the calendar.
        at: its start in the employer's time zone. ``is_day``: it takes whole days, so no hour is said.
        question: the question in words. ``answers``: the ways to answer it.
    """

    id: str
    standing: Standing
    employer: str
    application: str | None
    summary: str
    at: datetime
    is_day: bool
    question: str
    answers: tuple[InvitationAnswer, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "standing": self.standing,
            "employer": self.employer,
            "application": self.application,
            "summary": self.summary,
            "at": self.at.date().isoformat() if self.is_day else self.at.isoformat(),
            "question": self.question,
            "answers": [each.as_json() for each in self.answers],
        }

    def __repr__(self) -> str:
        return shorten(f"<Invitation {self.standing}: {self.question}>")


@frozen(repr=False)
class InvitationCalendar:
    """The invitations of a calendar.

    ``others``: how many entries the map does not take for interviews, or ask what another one asks.
    ``answered``: how many questions the
    processes answer already. ``problems``: the entries that could not be read, and why.
    """

    name: str
    invitations: tuple[Invitation, ...]
    others: int
    answered: int
    problems: tuple[str, ...]

    def __iter__(self) -> Iterator[Invitation]:
        return iter(self.invitations)

    def __len__(self) -> int:
        return len(self.invitations)

    def as_json(self) -> dict[str, Any]:
        return {
            "invitations": [each.as_json() for each in self.invitations],
            "others": self.others,
            "answered": self.answered,
            "problems": list(self.problems),
        }

    def __repr__(self) -> str:
        return shorten(
            f"<InvitationCalendar {self.name}: {len(self)} questions, {self.others} other entries>"
        )


def questions_of(
    found: Occurrences, by: Map, at: datetime, processes: Mapping[str, Process]
) -> InvitationCalendar:
    """Return the questions about the occurrences that a map takes for interviews, as of a moment in UTC."""
    reader = RowReader(by, LATEST.date() - 400 * ONE_DAY, with_hints=False)
    asked: dict[tuple[object, ...], Invitation] = {}
    problems = list(found.problems)
    others = answered = 0
    for number, each in enumerate(found.found, 1):
        cells = {**each.cells, "start": RealDate(each.start.isoformat())}
        readings = [reading for reading in reader.read(Row(number, cells)) if reading.sort != "nothing"]
        claims = [each for each in (reading.claim for reading in readings) if isinstance(each, EventClaim)]
        claims = [claim for claim in claims if not claim.undated]
        if not claims:
            is_about = any(
                reading.sort == "unknown" or (reading.finding and reading.finding.event)
                for reading in readings
            )
            others += not is_about
            finding = next((reading.finding for reading in readings if reading.finding), None)
            if is_about and finding is not None:
                problems.append(f"`{each.cells['summary']}` can't be read: {finding.message}")
            continue
        for claim in claims:
            process = processes.get(claim.employer)
            made = _invitation(each, claim, by, at, process)
            # An invitation that was sent anew has another identifier, and is about the same talk.
            about = (
                None
                if made is None
                else (made.employer, made.application, claim.event, made.at, made.standing)
            )
            if made is None or about is None or about in asked:
                others += 1
            elif _is_answered(made, claim, process):
                answered += 1
            else:
                asked[about] = made
    return InvitationCalendar(found.name, tuple(asked.values()), others, answered, tuple(problems))


def _invitation(
    each: Occurrence, claim: EventClaim, by: Map, at: datetime, process: Process | None
) -> Invitation | None:
    """Return the question about an invitation; None if the rules have no event that would answer it."""
    zone = ZoneInfo(claim.zone)
    starts, now = claim.at.astimezone(zone), at.astimezone(zone)
    day, is_day = starts.date(), not claim.clock
    told = min(each.sent or at, at).astimezone(zone)  # a change can't be known before it was sent
    whom = claim.employer + (f" ({claim.application})" if claim.application else "")
    what = f"the {claim.event.replace('_', ' ')} with {whom}"
    when = say_day(day) if is_day else say_moment(starts)
    standing: Standing
    ways: list[tuple[str, str | None, date, Mapping[str, Value]]]
    if each.is_cancelled:
        standing, question = "cancelled", f"is {what} on {when} off?"
        ways = [("yes", CANCELLED, told, {}), ("no", None, told, {})]
    elif day < now.date() if is_day else starts <= now:
        standing, question = "over", f"did {what} on {when} take place?"
        off = min(told, starts)  # nobody says when it was called off; it was not after its start
        ways = [
            ("yes", claim.event, day if is_day else starts, claim.fields),
            ("no, they called it off", CANCELLED, off, {}),
            ("no, for another reason", None, off, {}),
        ]
        if late := _recorded_later(claim, starts, process):
            ways.insert(0, (f"yes, it is the recorded one ({say_when(late, zone)})", None, starts, {}))
    else:
        standing, question = "ahead", f"is {what} fixed for {when}?"
        ways = [("yes", SCHEDULED, told, {"date": day}), ("no", None, told, {})]
    known = {None, *by.rulebook.definition.events}
    answers = tuple(
        InvitationAnswer(
            text=text,
            event=event,
            at=moment,
            application=claim.application,
            fields=fields,
            once=_once(each, event, day),
        )
        for text, event, moment, fields in ways
        if event in known
    )
    if not any(answer.event for answer in answers):
        return None
    return Invitation(
        id=each.id,
        standing=standing,
        employer=claim.employer,
        application=claim.application,
        summary=str(each.cells["summary"]),
        at=starts,
        is_day=is_day,
        question=question[0].upper() + question[1:],
        answers=answers,
    )


def _once(each: Occurrence, event: str | None, day: date) -> str:
    """Return the idempotency key of an answer. A talk that is moved is fixed anew, and takes place once."""
    digest = sha256(each.id.encode()).hexdigest()[:40]
    return f"{digest}:{event}:{day}" if event in (SCHEDULED, CANCELLED) else f"{digest}:{event}"


def _recorded_later(claim: EventClaim, starts: datetime, process: Process | None) -> Event | None:
    """Return an event that may be this one: a card was moved, or a note written, within a week after it."""
    latest = starts + 7 * ONE_DAY
    for placed in () if process is None else process.timeline:
        is_mine = claim.application is None or placed.application == claim.application
        if placed.name == claim.event and is_mine and starts < placed.at <= latest:
            return placed.event
    return None


def _is_answered(made: Invitation, claim: EventClaim, process: Process | None) -> bool:
    """Return whether the process already says what became of an invitation."""
    if process is None:
        return False
    mine = [
        placed
        for placed in process.timeline
        if claim.application is None or placed.application == claim.application
    ]
    day = made.at.date()
    fixed = [placed for placed in mine if placed.name in (SCHEDULED, CANCELLED)]
    last = fixed[-1] if fixed else None
    if made.standing == "ahead":
        return last is not None and last.name == SCHEDULED and last.event.fields.get("date") == day
    if made.standing == "over" and any(
        placed.name == claim.event and placed.at.astimezone(made.at.tzinfo).date() == day for placed in mine
    ):
        return True
    off = next((answer.at for answer in made.answers if answer.event == CANCELLED), None)
    return off is not None and any(placed.name == CANCELLED and placed.at == off for placed in mine)
