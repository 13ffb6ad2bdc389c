"""An employer who is renamed or moves: what lies before is judged as it was."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

import postinterview as pi
from postinterview.core.steps.fold import fold
from postinterview.core.steps.step import step
from tests.core.helpers import at, default, ids, packaged, start
from tests.stores.telling import MONDAY, fields_of

AUCKLAND = ZoneInfo("Pacific/Auckland")
MOVE = at("2026-03-05 12:00")
HOURS = st.one_of(st.integers(0, 30), st.integers(190, 210))
"""After the interview: its first day, and the days about the date that they name."""
EVENTS = st.sampled_from(["follow_up", "missed_call", "message", "promise"])
STORIES = st.lists(st.tuples(HOURS, EVENTS), min_size=1, max_size=3).map(sorted)


def promised() -> pi.Process:
    """A process in which an answer was named for 10 March."""
    return start().record("interview", at=MONDAY, interviewers=["ana"], decide_by=date(2026, 3, 10)).process


def moved(process: pi.Process) -> pi.Process:
    return process.change(at=MOVE, timezone="Pacific/Auckland").process


def test_a_date_that_they_named_is_over_when_their_new_day_is_over() -> None:
    verdict = moved(promised()).may("follow_up", at=MOVE, channel="call")
    assert verdict.opens_at is not None
    assert verdict.opens_at.astimezone(AUCKLAND).isoformat() == "2026-03-11T00:00:00+13:00"
    before = MOVE - timedelta(microseconds=1)
    asked_before = moved(promised()).may("follow_up", at=before, channel="call")
    assert asked_before == promised().may("follow_up", at=before, channel="call")


def test_an_act_before_the_move_is_judged_by_the_days_of_then() -> None:
    """It is Wednesday in Auckland already, and Tuesday in Zurich, where the answer was still due."""
    early = at("2026-03-10 13:00")
    process = promised().record("follow_up", at=early, channel="call").process
    assert len(process.breaches) == 1
    after = process.change(at=early + timedelta(hours=1), timezone="Pacific/Auckland")
    assert after.process.breaches == process.breaches
    assert (after.now_breaches, after.no_longer_breaches) == ((), ())
    back = process.change(at=early, timezone="Pacific/Auckland")
    assert back.process.breaches == ()
    assert back.no_longer_breaches == (2,)


@given(STORIES, HOURS, st.sampled_from(["Pacific/Auckland", "America/New_York"]))
def test_each_event_is_judged_by_the_days_of_its_moment(
    story: list[tuple[int, str]], hours: int, zone: str
) -> None:
    process = promised()
    for later, event in story:
        moment = MONDAY + timedelta(hours=later)
        process = process.record(event, at=moment, **fields_of(event)).process
    since = MONDAY + timedelta(hours=hours)
    changed = process.change(at=since, timezone=zone).process

    engine, there = default().engine, default().start("acme", zone).calendar
    snapshot = fold(engine, process.calendar, [e for e in process.history if e.at < since])  # type: ignore[union-attr]
    for placed in process.timeline:
        if placed.at >= since:
            snapshot = step(engine, there, snapshot, placed.event).snapshot
    assert changed.timeline == snapshot.timeline
    assert dict(changed.states) == dict(snapshot.states)
    assert default().restore(changed.to_json()) == changed == pickle.loads(pickle.dumps(changed))  # noqa: S301


def test_the_agenda_and_the_texts_have_the_new_name_and_a_retraction_the_old_one() -> None:
    outcome = promised().change(at=MOVE, employer="Initech")
    named = outcome.process
    assert str(outcome) == (
        "Recorded as entry 2: from Thu 5 Mar 2026 12:00 on, the employer has the name Initech."
    )
    assert (named.employer, named.first_employer) == ("Initech", "acme")
    assert "follow up with Initech" in named.agenda(at=MOVE).text
    assert default().restore(named.to_json()).employer == "Initech"
    taken_back = named.retract(2, at=MOVE)
    assert taken_back.process.employer == "acme"
    assert "entry 2 (name Initech, from Thu 5 Mar 2026 12:00) is taken back" in str(taken_back)
    assert default().restore(taken_back.process.to_json()) == taken_back.process


def test_the_latest_of_several_changes_counts_and_each_keeps_what_it_leaves_out() -> None:
    process = moved(promised())
    process = process.change(at=MOVE + timedelta(days=9), country="NZ").process
    process = process.change(at=MOVE - timedelta(days=1), timezone="UTC", employer="Initech").process
    assert (process.timezone, process.country, process.employer) == ("Pacific/Auckland", "NZ", "Initech")
    zones = [process.calendar.at(MOVE + timedelta(days=days)).zone.key for days in (-2, -1, 0, 10)]
    assert zones == ["Europe/Zurich", "UTC", "Pacific/Auckland", "Pacific/Auckland"]
    assert process.calendar.at(MOVE).country is None
    assert default().restore(process.to_json()) == process


def test_what_is_asked_now_and_then_agrees_with_what_is_done() -> None:
    process = moved(promised())
    for moment in (MOVE - timedelta(hours=1), MOVE, at("2026-03-10 13:00")):
        verdict = process.may("follow_up", at=moment, channel="call")
        assert process.do("follow_up", at=moment, channel="call").refused == (not verdict.allowed)
        listed = next(each for each in process.verdicts(at=moment) if each.event == "follow_up")
        assert (listed.allowed, listed.opens_at) == (verdict.allowed, verdict.opens_at)
        assert verdict.allowed == ("follow_up" in {each.event for each in process.allowed(at=moment)})


def test_other_rules_judge_it_by_the_same_days() -> None:
    early = at("2026-03-10 13:00")
    process = promised().change(at=early, timezone="Pacific/Auckland").process
    process = process.record("follow_up", at=early, channel="call").process
    assert process.breaches == ()
    assert process.shadow(default()) == ()


def test_a_change_that_says_nothing_or_nonsense_is_misuse() -> None:
    process = promised()
    with pytest.raises(pi.MisuseError, match="nothing is given that changes"):
        process.change(at=MOVE)
    with pytest.raises(pi.MisuseError, match="is no name of an employer"):
        process.change(at=MOVE, employer=" ")
    with pytest.raises(pi.TimeError, match="`Europe/Zuerich` is not a time zone"):
        process.change(at=MOVE, timezone="Europe/Zuerich")
    with pytest.raises(pi.MisuseError, match="XX"):
        process.change(at=MOVE, country="XX")
    with pytest.raises(pi.TimeError, match="has no zone"):
        process.change(at=MOVE.replace(tzinfo=None), employer="Initech")


def test_a_changed_process_goes_on_as_any_other() -> None:
    process = moved(promised())
    done = process.do("follow_up", at=at("2026-03-16 09:00"), channel="call").process
    assert (done.employer, done.first_employer, done.timezone) == ("acme", "acme", "Pacific/Auckland")
    assert ids(done.may("follow_up", at=at("2026-03-17 09:00"), channel="call"))
    assert default().restore(done.to_json()) == done


def test_a_new_zone_is_told_from_the_day_that_it_was_where_the_employer_was_until_then() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    moved = process.change(at=date(2026, 3, 9), timezone="America/New_York")
    assert moved.text == (
        "Recorded as entry 1: from Mon 9 Mar 2026 00:00 on, the employer has the time zone America/New_York."
    )
