"""Something surely happened, and nobody knows when: the rules hold whenever it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import postinterview as pi
from tests.core.helpers import at, packaged

TALK = at("2026-03-02 10:00")
EXPORTED = at("2026-03-12 00:00")
LATER = at("2026-03-16 10:00")
DAY = timedelta(days=1)


def start() -> pi.Process:
    return packaged().start("Acme", "Europe/Zurich")


def waiting() -> pi.Process:
    return start().record("interview", at=TALK, interviewers=["ana"]).process


def test_a_no_without_a_date_ends_the_application() -> None:
    outcome = waiting().record("rejection", at=EXPORTED, undated=True)
    assert outcome.process.state("application") == "rejected"
    assert outcome.text == (
        "Recorded as entry 2: rejection, at some time until Thu 12 Mar 2026 00:00. "
        'The application is "Rejected".'
    )
    agenda = outcome.process.agenda(at=LATER)
    assert not agenda.of("overdue") + agenda.of("open") + agenda.of("coming") + agenda.of("wait")
    assert not outcome.process.may("follow_up", at=LATER, channel="email")


def test_an_act_that_it_may_have_followed_is_no_breach_for_certain() -> None:
    chased = waiting().record("follow_up", at=TALK + 9 * DAY, channel="email").process
    assert chased.breaches == ()
    (placed,) = chased.record("rejection", at=EXPORTED, undated=True).process.breaches
    assert (placed.name, placed.doubtful) == ("follow_up", True)


def test_an_act_that_is_refused_in_every_case_is_a_breach() -> None:
    process = waiting().record("follow_up", at=TALK + 8 * DAY, channel="email").process
    process = process.record("follow_up", at=TALK + 9 * DAY, channel="email").process
    process = process.record("message", at=EXPORTED, undated=True).process
    assert [(placed.event.number, placed.doubtful) for placed in process.breaches] == [(2, True), (3, False)]


def test_an_act_without_a_date_that_may_have_been_fine_is_no_breach_for_certain() -> None:
    outcome = waiting().record("follow_up", at=EXPORTED, undated=True, channel="call")
    assert outcome.process.state("application") == "followed_up"
    assert [placed.doubtful for placed in outcome.process.breaches] == [True]
    assert outcome.text.startswith(
        "Recorded as entry 2: follow up, at some time until Thu 12 Mar 2026 00:00. "
        "Nobody knows whether it was against the rules."
    )


def test_a_follow_up_without_a_date_blocks_the_next_one() -> None:
    process = waiting().record("follow_up", at=EXPORTED, undated=True, channel="email").process
    verdict = process.may("follow_up", at=LATER, channel="email")
    assert not verdict.allowed
    again = process.record("follow_up", at=LATER, channel="email").process
    assert [placed.name for placed in again.breaches] == ["follow_up", "follow_up"]


def test_a_status_that_jumps_is_no_breach_for_certain() -> None:
    process = waiting().record("offer", at=EXPORTED, undated=True).process
    outcome = process.record("accept", at=EXPORTED)
    assert outcome.process.state("application") == "accepted"
    assert all(placed.doubtful for placed in outcome.process.breaches)
    assert [placed.doubtful for placed in waiting().record("accept", at=EXPORTED).process.breaches] == [False]


def test_nothing_is_due_by_its_moment() -> None:
    process = start().record("interview", at=TALK, undated=True, interviewers=["ana"]).process
    items = [item for item in process.agenda(at=LATER) if item.due is not None]
    assert [(item.kind, item.due) for item in items] == [("tell", TALK)]
    assert process.next_due == TALK
    assert start().record("interview", at=TALK, interviewers=["ana"]).process.next_due is not None


def test_a_date_that_was_said_counts() -> None:
    named: dict[str, Any] = {"answer_by": date(2026, 3, 18)}
    process = waiting().record("offer", at=EXPORTED, undated=True, **named).process
    dated = waiting().record("offer", at=EXPORTED, **named).process
    dues = [
        {item.event: item.due for item in each.agenda(at=LATER) if item.due is not None}
        for each in (process, dated)
    ]
    assert dues[0]["accept"] == dues[1]["accept"]


def test_it_may_be_recorded_for_a_moment_before_the_latest_event() -> None:
    process = waiting().record("message", at=EXPORTED).process
    outcome = process.record("question", at=TALK + DAY, undated=True)
    assert outcome.event is not None
    assert (outcome.event.late, outcome.event.undated) == (True, True)
    assert repr(outcome.event) == "<Event 3: question, by Tue 3 Mar 2026 09:00 UTC>"


def test_taken_back_it_is_as_if_it_had_never_been_recorded() -> None:
    process = waiting().record("rejection", at=EXPORTED, undated=True).process
    assert process.retract(2, at=LATER).process.may("follow_up", at=LATER, channel="email")


def test_it_is_saved_in_format_3() -> None:
    process = waiting().record("rejection", at=EXPORTED, undated=True).process
    text = process.to_json()
    assert '"undated": true' in text
    assert '"format": 3' in text
    assert packaged().restore(text) == process


def test_many_undated_events_are_told_in_good_time() -> None:
    process = start()
    for name in ("interview", "message", "offer", "accept", "rejection", "interview", "rejection"):
        process = process.record(name, at=EXPORTED, undated=True).process
    assert process.state("application") == "rejected"
    assert not process.may("follow_up", at=LATER, channel="email")
    assert len(process._snapshot.others) < 500  # noqa: SLF001 - how many pasts there are


@pytest.mark.parametrize("value", [None, 1, "yes"])
def test_it_is_said_by_a_flag(value: Any) -> None:
    with pytest.raises(pi.MisuseError, match="`undated` can't be"):
        waiting().record("rejection", at=EXPORTED, undated=value)


@pytest.mark.parametrize("days", [0, 10, 40])
def test_a_refusal_names_no_date_that_nobody_named_and_what_opens_it(days: int) -> None:
    process = start().record("interview", at=EXPORTED, undated=True).process
    verdict = process.may("follow_up", at=EXPORTED + days * DAY, channel="email")
    assert not verdict
    assert verdict.opens_at is None
    assert {"interview", "message"} <= set(verdict.opens_after)
    assert " Say when the interview with Acme was. Or first, at least: " in verdict.text
    assert (verdict.opens_after[0], verdict.opens_after_titles[0]) == (
        "dated",
        "when the interview with Acme was",
    )
    assert "Nothing can open it" not in verdict.text
    reasons = " ".join(reason.text for reason in verdict.reasons)
    assert not any(year in reasons for year in ("2016", "2026"))
    assert process.record("message", at=EXPORTED + days * DAY).process.may(
        "follow_up", at=EXPORTED + (days + 12) * DAY, channel="email"
    )


def test_dating_what_has_no_date_is_no_advice_where_it_was_too_late_in_any_case() -> None:
    process = start().record("interview", at=EXPORTED, undated=True).process
    verdict = process.may("follow_up", at=EXPORTED + 90 * DAY, channel="email")
    assert verdict.text.startswith(
        "follow up with Acme: refused on Wed 10 Jun 2026 00:00. Nobody knows when the interview was; needed: "
    )
    assert "ay when" not in verdict.text


def test_what_is_unknown_elsewhere_is_asked_about_where_it_blocks_a_chase() -> None:
    process = start().record("interview", at=EXPORTED, application="talked", undated=True).process
    process = process.unknown("follow_up", until=EXPORTED, application="saved").process
    lines = process.agenda(at=LATER, of=["follow_up"]).of("tell")
    assert [line.text for line in lines] == [
        "say whether you followed up with Acme about saved before Thu 12 Mar",
        "say when the interview with Acme about talked was (by Thu 12 Mar)",
    ]
    assert process.next_due == lines[0].due
    answered = process.known("follow_up", application="saved").process
    (line,) = answered.agenda(at=LATER).of("tell")
    assert line.question is not None
    assert not answered.dated(line.question.undated[0], at=TALK).process.agenda(at=LATER).of("tell")


def test_reasons_that_hold_in_some_pasts_alone_stay_in_doubt_beside_what_is_unknown() -> None:
    """A message is unknown in each past; that says nothing of when the follow-up was."""
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=at("2026-03-02 10:00")).process
    process = process.record("follow_up", at=at("2026-03-20 10:00"), undated=True, channel="email").process
    process = process.unknown("message", until=at("2026-03-25 10:00")).process
    verdict = process.may("follow_up", at=at("2026-03-26 10:00"), channel="email")
    assert {each.has for each in verdict.reasons} == {"unknown"}
    assert "20 Mar" not in verdict.text


def test_a_reason_says_by_when_what_has_no_date_had_happened() -> None:
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=at("2026-03-02 10:00")).process
    process = process.record("follow_up", at=at("2026-03-09 11:00"), channel="email").process
    process = process.record("follow_up", at=at("2026-03-20 10:00"), undated=True, channel="email").process
    verdict = process.may("follow_up", at=at("2026-03-26 10:00"), channel="email")
    found = {each.id: each.has for each in verdict.reasons}
    assert found["one_follow_up"] == "2 follow-ups in this round, the latest by Fri 20 Mar 2026 10:00"
