"""A history put right afterwards is the history that would have been recorded in order."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

import postinterview as pi
from tests.laws.twins import examples, instances, started, told
from tests.strategies.runs import Case, cases


@settings(max_examples=examples(1))
@given(cases(custom=True))
def test_late_and_retracted_events_leave_what_recording_in_order_would(case: Case) -> None:
    corrected = told(case)
    retracted = {entry.of for entry in corrected.process.history if isinstance(entry, pi.Retraction)}
    ordered = started(case)
    for entry in corrected.process.history:
        if entry.number in retracted:
            continue
        if isinstance(entry, pi.Unknown):
            ordered = ordered.unknown(*entry.of, until=entry.until, application=entry.application).process
        elif isinstance(entry, pi.Known):
            ordered = ordered.known(*entry.of, until=entry.until, application=entry.application).process
    for placed in corrected.process.timeline:
        event = placed.event
        fields: dict[str, Any] = event.fields
        ordered = ordered.record(
            event.name, at=event.at, to=event.to, application=event.application, **fields
        ).process
    assert [_seen(placed) for placed in ordered.timeline] == [
        _seen(placed) for placed in corrected.process.timeline
    ]
    for machine, (application, round_, person) in instances(case.rules, corrected.placed()):
        assert ordered.state(
            machine, application=application, round=round_, to=person
        ) == corrected.process.state(machine, application=application, round=round_, to=person)


def _seen(placed: pi.Placed) -> tuple[object, ...]:
    """All of a placed event but its number."""
    event = placed.event
    return (
        event.name,
        event.at,
        event.carried,
        placed.application,
        placed.round,
        placed.people,
        placed.dates,
        placed.breach,
    )
