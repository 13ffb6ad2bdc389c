"""Make events of what rows claim."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve

from postinterview.audit.history.map_model import EventClaim
from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.events import Event
from postinterview.core.process import Process
from postinterview.core.steps.event_input import event_called


def record(process: Process, claim: EventClaim) -> Outcome:
    """Record what a row claims."""
    moment = claim.at.astimezone(ZoneInfo(claim.zone))
    fields: dict[str, Any] = dict(claim.fields)
    place: dict[str, Any] = {"to": claim.to, "application": claim.application}
    return process.record(claim.event, at=moment, **place, **fields)


def undated_event(process: Process, claim: EventClaim, number: int) -> Event:
    """Return the event of a row without a date, to be recorded after those of the process.

    Raises:
        MisuseError: the process can't take it.
    """
    moment = claim.at.astimezone(ZoneInfo(claim.zone))
    kind = event_called(process.rulebook.definition, claim.event)
    fields: dict[str, object] = dict(claim.fields)
    event = process._ask(kind, moment, claim.to, claim.application, fields, True, True)  # noqa: SLF001 - as `record` does
    return evolve(event, number=number)
