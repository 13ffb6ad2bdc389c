"""Decide on the calls of a host's clients, without a database, a framework, ``await`` or a clock.

A host with tables of its own reads the saved text, lets `decide` answer, and writes what the answer holds.
A host with a `Keeper` hands it the `Call`; `answer` says what to tell the client. Both use `problem` for
errors. Moments in answers are in the employer's zone, or in the ``zone`` that the host names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NoReturn

from postinterview.clocks import LEEWAY, moment_of, past, when_of
from postinterview.core.answers.agenda_items import Agenda
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import iso
from postinterview.core.past.events import Event
from postinterview.core.process import Process, Rulebook
from postinterview.core.status_map import StatusMap
from postinterview.core.values.errors import (
    MisuseError,
    PostInterviewError,
    RulesChangedError,
    SavedError,
    StoreError,
    TakenKeyError,
    UnknownKeyError,
)
from postinterview.core.values.moments import in_utc
from postinterview.core.values.strict_json import Strict, said

__all__ = [
    "Answer",
    "Call",
    "agenda",
    "answer",
    "decide",
    "moment_of",
    "past",
    "perform",
    "problem",
    "repeated",
    "when_of",
]

_USUAL = {"again": False, "late": None, "undated": False}
_KEYS = ("to", "application", "fields", "happened", *_USUAL)
_AS_A_CALL = 'write it as {"event": "message", "happened": "2026-03-02"}; the class `Call` has its keys'


@dataclass(frozen=True)
class Call:
    """A call of a client: a dataclass of the standard library, so that web frameworks can document it.

    Without ``happened`` it asks for an act, which is done now if the rules allow it. With ``happened`` it
    reports an event of that moment, which is recorded even if it is a breach.

    A moment may lie before what is recorded already. A day that is reported on this day itself came after all
    that is recorded: two taps, "they asked today" and "I answered today", need no hours. A day that is over
    may have come before or after the other events of that day, unless ``late`` says which.

    Attributes:
        event: the event of the rulebook.
        to: the person it is to, if it is to one.
        application: the application, if there are several.
        fields: the fields of the event as JSON has them, a date as text.
        happened: the moment of an event that is reported, or its day (a day of the employer's) if nobody
            knows the hour; None for an act that is asked for.
        again: whether a reported event is another one than an undated one that it could date (see
            `Process.record`).
        late: whether a reported event may have come before what is recorded; False: it came after all of it.
            None: only if it is no event of today, where the employer is.
        undated: whether a reported event happened then or earlier, and nobody knows when.
    """

    event: str
    to: str | None = None
    application: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    happened: date | None = None
    again: bool = False
    late: bool | None = None
    undated: bool = False

    @classmethod
    def from_json(cls, text: str | bytes) -> Call:
        """Return the call of a JSON text with these attributes.

        Raises:
            MisuseError: it is no call.
        """
        try:
            data = _STRICT.parse(text if isinstance(text, str) else text.decode())
        except (AttributeError, RecursionError, ValueError):
            _refuse("", "it is no JSON", "")
        found = _STRICT.mapping(data, "", ("event",), _KEYS)
        _STRICT.text(found["event"], "event")
        for key in ("to", "application"):
            if type(found.get(key)) is not int and found.get(key) is not None:
                _STRICT.text(found[key], key)
        _STRICT.mapping_of(found.get("fields", {}), "fields")
        for key, usual in _USUAL.items():
            if found.get(key, usual) is not usual and not isinstance(found[key], bool):
                _refuse(key, f"{said(found[key])} is neither true nor false", "")
        happened = found.get("happened")
        if happened is not None:
            try:
                found["happened"] = when_of(_STRICT.text(happened, "happened"))
            except ValueError:
                help_ = "write a day as 2026-03-02, or a moment with its offset as 2026-03-02T10:00+01:00"
                _refuse("happened", f"{said(happened)} is neither a day nor a moment", help_)
        return cls(**found)

    def as_json(self) -> str:
        """Return the call as text, to store it beside its idempotency key. Equal calls give equal texts."""
        told = asdict(self)
        for key, usual in _USUAL.items():  # left out, as earlier versions wrote it
            if told[key] is usual:
                del told[key]
        return json.dumps(told, default=str, sort_keys=True)

    def arguments(self, rulebook: Rulebook) -> dict[str, Any]:
        """Return the arguments of `Process.do` and `Process.record`, but for the event and its moment.

        Raises:
            MisuseError: the fields are no mapping.
            UnknownNameError: there is no such event.
            FieldError: a field is unknown, or a text is no date where the rules want one.
        """
        given = rulebook.fields_from_json(self.event, self.fields)
        return given | {"to": self.to, "application": self.application}


def _refuse(path: str, message: str, help_: str) -> NoReturn:
    raise MisuseError(f"this is not a call: {path and f'`{path}`: '}{message}", help_ or _AS_A_CALL)


_STRICT = Strict(_refuse)


@dataclass(frozen=True)
class Answer:
    """The answer to a call.

    Attributes:
        status: the HTTP status: 201 for what was recorded, 200 if nothing was to record (a repeated call, a
            card that came too early and may stay), 409 for a refusal.
        body: what to tell the client, in plain types: the ``event``, its ``number`` in the history, whether
            it is a ``breach``, a ``text`` for people, and for a card that came too early from when on its
            status is recorded (``opens_at``); for a refusal the verdict and its ``text``.
        saved: the text of the process to write; None: there is nothing to write.
        next_due: the moment to keep beside it (see `Process.next_due`).
    """

    status: int
    body: dict[str, Any] = field(hash=False)
    saved: str | None = None
    next_due: datetime | None = None


def decide(
    rulebook: Rulebook,
    saved: str | bytes,
    call: Call,
    now: datetime,
    *,
    leeway: timedelta = LEEWAY,
    zone: tzinfo | None = None,
) -> Answer:
    """Return the answer to a call, and what to write.

    Args:
        rulebook: the rules.
        saved: the process, as `Process.to_json` wrote it.
        call: what the client asks for or reports.
        now: the moment by the server's clock.
        leeway: by how much the clock may be behind the latest event (see `moment_of`).
        zone: the zone of the answer's moments, such as the user's; by default the employer's.

    Raises:
        SavedError: the text is damaged. RulesChangedError: the rules judge it differently.
        MisuseError: the call can't mean anything under these rules, or reports the future.
    """
    return answer(perform(rulebook.restore(saved), call, now, leeway=leeway, zone=zone), zone=zone)


def perform(
    process: Process,
    call: Call,
    now: datetime,
    *,
    leeway: timedelta = LEEWAY,
    zone: tzinfo | None = None,
) -> Outcome:
    """Do the act that a call asks for, or record the event that it reports.

    The moments of the verdict are in ``zone``, by default the employer's.

    Raises:
        MisuseError: the call can't mean anything under these rules.
        TimeError: it reports the future, or the clock is behind by more than the leeway.
    """
    given = call.arguments(process.rulebook)
    if call.happened is None:
        wrong = next((key for key, usual in _USUAL.items() if getattr(call, key) is not usual), None)
        if wrong is not None:
            raise MisuseError(f"`{wrong}` is for what happened", f"give `happened`, or leave `{wrong}` out")
        moment = moment_of(process, now, leeway=leeway)
        return process.do(call.event, at=moment.astimezone(zone or moment.tzinfo), **given)
    given |= {"at": call.happened, "undated": call.undated, "again": call.again}
    past(call.happened, now, leeway=leeway, process=process)
    outcome = process.record(call.event, late=True, **given)
    event = outcome.event
    if event is None or not event.late or event.is_open or event.dates is not None or call.late:
        return outcome
    if call.late is None and (event.since is None or in_utc(now) > event.at or _is_behind(process, event)):
        return outcome
    return process.record(call.event, late=False, **given)


def _is_behind(process: Process, event: Event) -> bool:
    """Return whether something is recorded of a later day than that of an event."""
    return any(placed.at > event.at for placed in process.timeline[-1:])


def answer(outcome: Outcome, *, zone: tzinfo | None = None) -> Answer:
    """Return the answer that tells a client of an outcome.

    ``zone``: that of the moments that it tells; by default the employer's. Those of a verdict have the zone
    in which it was asked for.
    """
    verdict = outcome.verdict
    if outcome.refused and not outcome.early and verdict is not None:
        return Answer(409, {**verdict.as_json(), "text": outcome.text})
    process = outcome.process
    body = {
        "event": None if outcome.event is None else outcome.event.name,
        "number": number_of(outcome),
        "breach": outcome.breach,
        "text": outcome.text_in(zone),
    }
    if outcome.early and verdict is not None:
        body["opens_at"] = iso(verdict.opens_at)
    if outcome.repeated or not outcome.added:
        return Answer(200, body)
    return Answer(201, body, process.to_json(), process.next_due)


def number_of(outcome: Outcome) -> int | None:
    """Return the number of the entry that an outcome recorded last; None if it recorded none."""
    return outcome.process.history[-1].number if outcome.added else None


def status_fields(
    rulebook: Rulebook, statuses: StatusMap | None, status: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields that JSON gives for the event of a status, for `Keeper.follow`.

    Raises:
        UnknownStatusError: there is no such status.
        FieldError: as for `Call.arguments`.
    """
    event = None if statuses is None else statuses.events[statuses.status(status)]
    return dict(fields) if event is None else rulebook.fields_from_json(event, fields)


def repeated(call: Call, asked: str, body: str) -> Answer:
    """Return the answer to a call whose idempotency key is taken: the first one again.

    Args:
        call: the call.
        asked: what `Call.as_json` wrote of the first call with the key.
        body: the body of its answer, in JSON.

    Raises:
        MisuseError: the key belongs to another call.
    """
    if call.as_json() != asked:
        raise MisuseError("the idempotency key belongs to another call", "give each call its own")
    return Answer(200, json.loads(body))


def agenda(process: Process, now: datetime, *, leeway: timedelta = LEEWAY) -> Agenda:
    """Return what is due, open, coming up, blocked and done by the server's clock."""
    return process.agenda(at=moment_of(process, now, leeway=leeway))


def problem(error: PostInterviewError) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the body of an error. Only 404 and 422 are mistakes of the client.

    Raises:
        PostInterviewError: ``error`` itself, if it is a mistake in the host.
    """
    match error:
        case RulesChangedError():  # until the rules have a migration for it
            return 503, {"error": error.message, "differences": [each.text for each in error.differences]}
        case StoreError():  # the same call with the same idempotency key can be sent again
            return 503, {"error": error.message}
        case SavedError():  # until it is restored from a backup
            return 500, {"error": error.message, "path": error.path}
        case UnknownKeyError():
            return 404, {"error": error.message}
        case TakenKeyError():
            return 409, {"error": error.message, "help": error.help}
        case MisuseError():
            return 422, {"error": error.message, "help": error.help}
        case _:
            raise error
