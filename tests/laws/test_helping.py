"""What a refusal says must come first is a help: in random stories under the packaged rules."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.testing import histories
from postinterview.testing.strategies import START
from tests.strategies.scale import tried

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LATER = [days * DAY for days in (0, 1, 2, 8, 40)]
PACKS = ("default", "with-application", "japan", "two-follow-ups")


@cache
def packaged(pack: str) -> pi.Rulebook:
    return pi.load_rulebook(pack)


def fields_of(kind: Any, to: str | None, day: date) -> dict[str, Any]:
    values = {"bool": True, "text": "about it", "number": 1, "people": (to or "ana",), "date": day + 9 * DAY}
    return {
        name: each.choices[0] if each.type == "choice" else values[each.type]
        for name, each in kind.fields.items()
    }


def whys(verdict: pi.Verdict) -> set[tuple[str, str, str, str]]:
    return {(each.id, each.machine, each.transition, each.has) for each in verdict.reasons}


@tried(15, 3000)
@given(st.data(), st.sampled_from(PACKS))
def test_each_event_that_opens_an_act_takes_a_reason_away(data: st.DataObject, pack: str) -> None:
    process = data.draw(histories(packaged(pack), corrections=False))
    kinds = process.rulebook.definition.events
    at = process.timeline[-1].at + SECOND if process.timeline else START
    for verdict in process.verdicts(at=at):
        place: dict[str, Any] = {"to": verdict.to, "application": verdict.application}
        given = fields_of(kinds[verdict.event], verdict.to, at.date())
        before = process.may(verdict.event, at=at, **place, **given)
        assert verdict.event not in before.opens_after
        if "More than one event" in before.advice:
            continue
        for name in [name for name in before.opens_after if name in kinds]:
            kind = kinds[name]
            to = verdict.to or "ana" if kind.to_person else None
            application = None if kind.employer_wide else verdict.application
            fields = fields_of(kind, verdict.to, at.date())
            then = process.record(name, at=at, to=to, application=application, **fields).process
            after = [then.may(verdict.event, at=at + ago, **place, **given) for ago in LATER]
            event("opened" if any(each.allowed for each in after) else "a reason is gone")
            assert any(
                each.allowed or each.opens_at is not None or whys(before) - whys(each) for each in after
            ), (name, before.text, before.opens_after, after[0].text, process.history)
