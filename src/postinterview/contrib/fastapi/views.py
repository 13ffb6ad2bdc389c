"""Say the values of the core in the models of responses."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from postinterview.calls import number_of
from postinterview.contrib.fastapi import models
from postinterview.core.answers.agenda_items import Item
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.past.placed import Placed
from postinterview.core.process import Process


def verdict_view(verdict: Verdict) -> models.Verdict:
    return models.Verdict(**{"title": verdict.title, "text": verdict.text, **verdict.as_json()})


def line_view(item: Item) -> models.Line:
    return models.Line(**item.as_json())


def place_view(placed: Placed, zone: ZoneInfo) -> models.Place:
    return models.Place(**placed.as_json(zone))


def recorded_view(outcome: Outcome, zone: ZoneInfo) -> models.Recorded:
    return models.Recorded(
        number=number_of(outcome),
        event=None if outcome.event is None else outcome.event.name,
        text=outcome.text_in(zone),
        repeated=outcome.repeated,
        breach=outcome.breach,
        doubtful=any(placed.doubtful for placed in outcome.process.timeline if placed.event == outcome.event),
        outside=outcome.outside,
        unexpected=outcome.unexpected,
        now_breaches=list(outcome.now_breaches),
        now_in_doubt=list(outcome.now_in_doubt),
        no_longer_breaches=list(outcome.no_longer_breaches),
        stays=list(outcome.stays),
        opens_at=outcome.verdict.opens_at if outcome.early and outcome.verdict is not None else None,
    )


def process_view(key: str, process: Process, zone: ZoneInfo) -> models.Process:
    due = process.next_due
    return models.Process(
        key=key,
        employer=process.employer,
        timezone=process.timezone,
        country=process.country,
        holidays=sorted(process.holidays),
        applications=list(process.applications),
        entries=len(process.history),
        breaches=[placed.event.number for placed in process.breaches],
        next_due=None if due is None else due.astimezone(zone),
        text=process.text,
    )
