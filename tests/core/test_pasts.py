"""The pasts that a history with undated events may have had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from postinterview.core.judging.certainty import could_undo
from postinterview.core.past.events import Event
from postinterview.core.past.pasts import MOST_PASTS, Past, are_too_many, possible_pasts
from postinterview.core.steps.step import step
from postinterview.core.steps.step_parts import Step
from tests.core.helpers import at, packaged

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def history(*undated: str, dated: int = 2) -> list[Event]:
    """Some interviews, a week apart, and events that happened by the day after the last."""
    talks = [Event(n, "interview", START + n * 7 * DAY, "main") for n in range(dated)]
    end = talks[-1].at + DAY
    return talks + [Event(dated + n, name, end, "main", undated=True) for n, name in enumerate(undated)]


def other_pasts(events: Sequence[Event]) -> list[Past]:
    pasts, are_all = possible_pasts(events)
    assert are_all
    return pasts


def orders(*undated: str) -> set[tuple[int, ...]]:
    return {tuple(event.number for event in past) for past in other_pasts(history(*undated))}


def test_an_undated_event_may_lie_anywhere_before_its_latest_moment() -> None:
    assert orders("rejection") == {(2, 0, 1), (0, 2, 1), (0, 1, 2)}
    assert len(other_pasts(history("rejection"))) + 1 == 2 * 3


def test_two_that_differ_in_nothing_come_in_the_order_of_their_entries() -> None:
    assert all(order.index(2) < order.index(3) for order in orders("follow_up", "follow_up"))
    assert any(order.index(2) > order.index(3) for order in orders("follow_up", "rejection"))
    alike, unlike = other_pasts(history("follow_up", "follow_up")), other_pasts(history("follow_up", "no"))
    assert len(alike) < len(unlike)


def test_a_long_history_has_too_many() -> None:
    assert not are_too_many(history("rejection"))
    assert are_too_many(history("rejection", dated=MOST_PASTS))
    assert are_too_many(history("a", "b", "c"))


def test_the_beginnings_that_pasts_share_are_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    for name, day in (("interview", 2), ("message", 4), ("promise", 6)):
        said: dict[str, Any] = {"date": date(2026, 4, 1)} if name == "promise" else {}
        process = process.record(name, at=at(f"2026-03-0{day} 10:00"), **said).process
    for name in ("question", "offer"):
        process = process.record(name, at=at("2026-03-12 10:00"), undated=True).process
    events = tuple(placed.event for placed in process.timeline)
    beginnings = {past[:end] for past in other_pasts(events) for end in range(1, len(past) + 1)}
    folded: list[Event] = []

    def counting(*given: Any, **how: Any) -> Step:
        folded.append(given[3])
        return step(*given, **how)

    monkeypatch.setattr("postinterview.core.steps.runs.step", counting)
    assert process.with_history(process.history) == process
    assert len(folded) == len(beginnings)


def test_an_act_that_some_moment_of_an_undated_event_allows_is_no_breach_for_certain() -> None:
    start, asked = packaged().start("Acme", "Europe/Zurich"), START + DAY / 2
    process = start.record("interview", at=START, undated=True).process
    process = process.record("follow_up", at=asked, channel="email").process
    assert [each.doubtful for each in process.breaches] == [
        True
    ]  # too late at one end, too early at the other

    held = start.record("interview", at=START - 8 * DAY).process
    assert held.may("follow_up", at=asked, channel="email").allowed


def test_an_act_after_too_many_pasts_is_judged_as_by_a_fold_of_the_history() -> None:
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=START).process
    for day, name in enumerate(("message", "question", "rejection", "interview"), 1):
        process = process.record(name, at=START + day * DAY, undated=True).process
    assert are_too_many([placed.event for placed in process.timeline])
    process = process.record("follow_up", at=START + 5 * DAY, channel="email").process
    (breach,) = process.breaches
    assert breach.doubtful
    assert process.with_history(process.history).breaches == process.breaches


def test_a_fold_finds_no_words_for_what_to_say_of_an_unknown_past(monkeypatch: pytest.MonkeyPatch) -> None:
    process = (
        packaged().start("Acme", "Europe/Zurich").unknown("message", until=at("2026-03-09 09:00")).process
    )
    process = process.record("interview", at=at("2026-03-02 10:00")).process
    asked: list[object] = []

    def counting(*said: Any) -> object:
        asked.append(said)
        return could_undo(*said)

    monkeypatch.setattr("postinterview.core.judging.decide.could_undo", counting)
    process = process.record("rejection", at=at("2026-03-12 09:00"), undated=True).process
    outcome = process.record("follow_up", at=at("2026-03-04 09:00"), late=True, channel="email")
    refused = outcome.process.may("follow_up", at=at("2026-03-12 09:00"), channel="email")
    assert outcome.breach
    assert not refused.allowed
    assert asked == []
    assert refused.advice
    assert asked
