"""Decide on a call, for all three hosts, without a database, a framework, ``await`` or a clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import postinterview as pi

RULES = pi.load_rulebook()


@dataclass(frozen=True)
class Call:
    """A call of a client.

    Without ``happened`` it asks for an act, which is done now if the rules allow it. With ``happened`` it
    reports an event of that moment, which is recorded even if it is a breach.
    """

    event: str
    to: str | None = None
    application: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    happened: datetime | None = None

    @classmethod
    def from_json(cls, text: str | bytes) -> Call:
        try:
            said = json.loads(text)
            at = said.pop("happened", None)
            return cls(**said, happened=None if at is None else datetime.fromisoformat(at))
        except (AttributeError, RecursionError, TypeError, ValueError) as error:
            raise pi.MisuseError(f"this is not a call: {error}") from None

    def as_json(self) -> str:
        """Return the call as text, to store it beside its idempotency key. Equal calls give equal texts."""
        return json.dumps(asdict(self), default=str, sort_keys=True)


@dataclass(frozen=True)
class Answer:
    """``body`` is for the client; ``saved`` and ``next_due`` are for the row, unless the call was refused."""

    body: dict[str, Any]
    saved: str | None = None
    next_due: datetime | None = None


def decide(saved: str, call: Call, now: datetime) -> Answer:
    """Return the answer to a call. The body of a refusal is the verdict: the reasons, and when it opens."""
    process = RULES.restore(saved)
    said = RULES.fields_from_json(call.event, call.fields)
    said |= {"to": call.to, "application": call.application}
    if call.happened is None:
        outcome = process.do(call.event, at=_moment(process, now), **said)
    else:
        outcome = process.record(call.event, at=call.happened, late=True, **said)
        if call.happened > now:
            raise pi.TimeError(f"{call.happened} is in the future", "report it when it has happened")
    if outcome.refused and outcome.verdict is not None:
        return Answer(outcome.verdict.as_json())
    process = outcome.process
    body = {"event": call.event, "number": process.history[-1].number, "breach": outcome.breach}
    return Answer(body, process.to_json(), process.next_due)


def agenda(saved: str, now: datetime) -> pi.Agenda:
    """Return what is due, open, coming up, blocked and done."""
    process = RULES.restore(saved)
    return process.agenda(at=_moment(process, now))


def repeated(call: Call, asked: str, body: str) -> Any:
    """Return the body of the first call with this idempotency key, if this is the same call."""
    if call.as_json() != asked:
        raise pi.MisuseError("the idempotency key belongs to another call", "give each call its own")
    return json.loads(body)


def problem(error: pi.PostInterviewError) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and body of an error. Only 422 is a mistake of the client."""
    match error:
        case pi.RulesChangedError():  # until the rules have a migration for it
            return 503, {"error": error.message, "differences": [each.text for each in error.differences]}
        case pi.SavedError():  # until it is restored from a backup
            return 500, {"error": error.message, "path": error.path}
        case pi.MisuseError():
            return 422, {"error": error.message, "help": error.help}
        case _:
            raise error


def _moment(process: pi.Process, now: datetime) -> datetime:
    """Return now in the employer's zone, but not before the latest event, since clocks differ a little."""
    now = now.replace(microsecond=0)
    latest = process.timeline[-1].at if process.timeline else now
    return max(now, latest).astimezone(ZoneInfo(process.timezone))
