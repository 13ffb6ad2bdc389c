"""The one decision of all three hosts. It knows no database, no framework, no ``await`` and no clock."""

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
    """What a client says. Without ``happened`` it asks for an act, done now if the rules allow it.

    With it, it tells what happened at that moment: kept, whether the rules allowed it or not.
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
            raise pi.MisuseError(f"this is no call: {error}") from None

    def as_json(self) -> str:
        """The same text for the same call, to be kept beside its idempotency key."""
        return json.dumps(asdict(self), default=str, sort_keys=True)


@dataclass(frozen=True)
class Answer:
    """``body`` is for the client; ``saved`` and ``next_due`` are for the row, unless the call was refused."""

    body: dict[str, Any]
    saved: str | None = None
    next_due: datetime | None = None


def decide(saved: str, call: Call, now: datetime) -> Answer:
    """What the call comes to. If it is refused, the body is the verdict: why, and when it opens."""
    process = RULES.restore(saved)
    said = RULES.fields_from_json(call.event, call.fields)
    said |= {"to": call.to, "application": call.application}
    if call.happened is None:
        outcome = process.do(call.event, at=_moment(process, now), **said)
    else:
        outcome = process.record(call.event, at=call.happened, late=True, **said)
        if call.happened > now:
            raise pi.TimeError(f"{call.happened} is still to come", "tell it when it has happened")
    if outcome.refused and outcome.verdict is not None:
        return Answer(outcome.verdict.as_json())
    process = outcome.process
    body = {"event": call.event, "number": process.history[-1].number, "breach": outcome.breach}
    return Answer(body, process.to_json(), process.next_due)


def agenda(saved: str, now: datetime) -> pi.Agenda:
    """What is due, open, coming up, blocked and done."""
    process = RULES.restore(saved)
    return process.agenda(at=_moment(process, now))


def repeated(call: Call, asked: str, body: str) -> Any:
    """The body that went to the first call with this idempotency key, if this is the same call."""
    if call.as_json() != asked:
        raise pi.MisuseError("the idempotency key was given to another call", "give each call its own")
    return json.loads(body)


def problem(error: pi.PostInterviewError) -> tuple[int, dict[str, Any]]:
    """For HTTP: 422 for the client's mistake. A row that can't be restored is ours, and stays as it is."""
    match error:
        case pi.RulesChangedError():  # until somebody says under `migrations:` what became of it
            return 503, {"error": error.message, "differences": [each.text for each in error.differences]}
        case pi.SavedError():  # until it is restored from a copy
            return 500, {"error": error.message, "path": error.path}
        case pi.MisuseError():
            return 422, {"error": error.message, "help": error.help}
        case _:
            raise error


def _moment(process: pi.Process, now: datetime) -> datetime:
    """Now, to the second, in the employer's zone. Servers' clocks differ a little; a history runs forward."""
    now = now.replace(microsecond=0)
    latest = process.timeline[-1].at if process.timeline else now
    return max(now, latest).astimezone(ZoneInfo(process.timezone))
