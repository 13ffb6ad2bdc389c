"""What things mean: one test a sentence, on the default rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from attrs import evolve

import postinterview as pi
from postinterview.core.steps.fold import fold
from tests.core.helpers import at, default, ids, start

US = timedelta(microseconds=1)
THANKS: dict[str, Any] = {"thanks": True, "topic": "the data platform", "looking_forward": True}


def interviewed(decide_by: date | None = date(2026, 3, 10)) -> pi.Process:
    fields: dict[str, Any] = {} if decide_by is None else {"decide_by": decide_by}
    return (
        start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana", "bo"], **fields).process
    )


# --- 1: the history is the truth -----------------------------------------------------------------


def test_the_snapshot_equals_the_fold_of_the_history() -> None:
    process = interviewed()
    process = process.do("thank_you", at=at("2026-03-02 17:00"), to="ana", **THANKS).process
    process = process.record("follow_up", at=at("2026-03-03 09:00"), channel="call").process
    folded = fold(process.rulebook.engine, process.calendar, process.history)
    assert process == attrs.evolve(process, snapshot=folded)


def test_what_was_only_asked_is_not_in_the_history() -> None:
    process = interviewed()
    before = process.history
    process.may("follow_up", at=at("2026-03-12 09:00"), channel="call")
    assert process.history is before


def test_time_running_backwards_is_misuse() -> None:
    with pytest.raises(pi.TimeError, match="before the latest event"):
        interviewed().record("message", at=at("2026-03-01 10:00"))


def test_two_events_may_happen_at_the_same_moment() -> None:
    process = interviewed().record("message", at=at("2026-03-02 10:00")).process
    assert [placed.name for placed in process.timeline] == ["interview", "message"]


# --- 2: time comes in as an argument -------------------------------------------------------------


def test_a_naive_time_is_misuse_that_says_so() -> None:
    with pytest.raises(pi.TimeError, match="has no zone"):
        start().record("message", at=datetime(2026, 3, 2, 10, 0))  # noqa: DTZ001 the fault under test


def test_a_day_is_24_hours_across_the_clock_change() -> None:
    process = start().record("interview", at=at("2026-03-28 12:00"), interviewers=["ana"]).process
    process = process.do("complete_profile", at=at("2026-03-28 13:00")).process
    invite: dict[str, Any] = {"to": "ana", "personal_note": True}
    verdict = process.may("linkedin_invite", at=at("2026-03-28 14:00"), **invite)
    assert verdict.opens_at == at("2026-03-29 13:00")  # the clock went forward in the night


def test_a_promised_date_is_over_with_the_local_day() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    process = process.record("offer", at=at("2026-03-03 10:00")).process
    process = process.do("write_plan", at=at("2026-03-03 10:00")).process
    process = process.record("promise", at=at("2026-03-03 11:00"), date=date(2026, 3, 28)).process
    verdict = process.may("counter_offer", at=at("2026-03-28 23:59"))
    assert ids(verdict) == ["their_date_first"]
    assert verdict.opens_at == at("2026-03-29 00:00")


def test_business_days_skip_the_weekend_and_the_holidays() -> None:
    book = default()
    process = book.start("acme", "Europe/Zurich", holidays=[date(2026, 4, 6)])
    process = process.record(
        "interview", at=at("2026-03-30 10:00"), interviewers=["ana"], decide_by=date(2026, 4, 3)
    ).process
    verdict = process.may("follow_up", at=at("2026-03-31 10:00"))
    assert verdict.opens_at == at("2026-04-07 00:00")  # Friday, weekend, Easter Monday


# --- 3: acts synchronise, facts broadcast --------------------------------------------------------


def test_an_act_moves_all_the_machines_that_listen_together() -> None:
    outcome = interviewed().do("thank_you", at=at("2026-03-02 17:00"), to="ana", **THANKS)
    assert [(move.machine, move.target) for move in outcome.moves] == [("thanks", "sent")]
    assert outcome.process.state("thanks", to="ana") == "sent"
    assert outcome.process.state("thanks", to="bo") == "owed"


def test_a_fact_without_a_transition_is_recorded_and_called_unexpected() -> None:
    process = interviewed().record("offer", at=at("2026-03-03 10:00")).process
    process = process.do("decline", at=at("2026-03-04 10:00")).process
    outcome = process.record("offer", at=at("2026-03-05 10:00"))
    assert outcome.unexpected
    assert not outcome.refused
    assert outcome.process.state("application") == "declined"
    assert outcome.process.timeline[-1].name == "offer"


# --- 4: may, do, record --------------------------------------------------------------------------


def test_a_refused_act_changes_nothing() -> None:
    process = interviewed()
    outcome = process.do("follow_up", at=at("2026-03-05 09:00"), channel="call")
    assert outcome.refused
    assert outcome.process is process
    assert outcome.event is None


def test_a_breach_is_recorded_counts_and_moves() -> None:
    outcome = interviewed().record("follow_up", at=at("2026-03-05 09:00"), channel="call")
    assert outcome.breach
    assert not outcome.refused
    assert ids(outcome.verdict) == ["wait_for_the_answer"]
    assert outcome.process.state("application") == "followed_up"
    later = outcome.process.may("follow_up", at=at("2026-03-12 09:00"), channel="call")
    assert ids(later) == ["one_follow_up", "one_chase"]
    assert [placed.name for placed in outcome.process.breaches] == ["follow_up"]


def test_an_end_recorded_from_anywhere_is_the_end_it_is() -> None:
    outcome = interviewed().record("accept", at=at("2026-03-05 09:00"))
    assert outcome.breach
    assert outcome.process.state("application") == "accepted"


def test_a_breach_spends_a_credit_if_there_is_one() -> None:
    process = interviewed().record("message", at=at("2026-03-03 10:00")).process
    process = process.record("reply", at=at("2026-05-03 10:00")).process  # stale, so a breach
    process = process.record("message", at=at("2026-05-04 10:00")).process
    process = process.do("reply", at=at("2026-05-04 11:00")).process
    assert ids(process.may("reply", at=at("2026-05-04 12:00"))) == ["reply_to_a_message"]


def test_to_do_a_fact_is_misuse() -> None:
    with pytest.raises(pi.MisuseError, match="is a fact"):
        start().do("message", at=at("2026-03-02 10:00"))


# --- 5: a refusal explains itself ----------------------------------------------------------------


def test_every_failing_guard_is_named_with_its_place_and_its_opening() -> None:
    process = interviewed().record("message", at=at("2026-03-09 10:00")).process
    process = process.record("follow_up", at=at("2026-03-09 11:00")).process
    verdict = process.may("follow_up", at=at("2026-03-10 12:00"))
    assert ids(verdict) == ["one_follow_up", "one_chase", "wait_for_the_answer", "let_them_speak"]
    assert {reason.file for reason in verdict.reasons} == {"rules/default.yaml"}
    assert len({reason.line for reason in verdict.reasons}) == 4
    opens = {reason.id: reason.opens_at for reason in verdict.reasons}
    assert opens["wait_for_the_answer"] == at("2026-03-11 00:00")
    assert opens["let_them_speak"] == at("2026-03-16 10:00")
    assert opens["one_follow_up"] is None
    assert verdict.opens_at is None
    assert "interview" in verdict.opens_after


def test_allowed_at_the_opening_and_refused_a_microsecond_before() -> None:
    process = interviewed()
    opens_at = process.may("follow_up", at=at("2026-03-05 09:00")).opens_at
    assert opens_at == at("2026-03-11 00:00")
    assert process.may("follow_up", at=opens_at)
    assert not process.may("follow_up", at=opens_at.astimezone(UTC) - US)


def test_an_allowed_act_opens_now_and_says_when_it_closes() -> None:
    process = interviewed().record("message", at=at("2026-03-03 10:00")).process
    verdict = process.may("reply", at=at("2026-03-04 10:00"))
    assert verdict.opens_at == at("2026-03-04 10:00")
    closes_at = verdict.closes_at
    assert closes_at == at("2026-04-02 11:00")  # 30 days of 24 hours, over the clock change
    assert not process.may("reply", at=closes_at)
    assert process.may("reply", at=closes_at.astimezone(UTC) - US)


def test_state_stands_for_no_transition_beside_the_other_machines_guards() -> None:
    process = interviewed().do("thank_you", at=at("2026-03-02 17:00"), to="ana", **THANKS).process
    process = process.record("rejection", at=at("2026-03-03 10:00")).process
    verdict = process.may("thank_you", at=at("2026-03-03 11:00"), to="ana")
    assert ids(verdict) == ["state"]
    assert verdict.opens_at is None
    assert verdict.opens_after == ("interview", "offer", "offer_revised")


def test_what_can_never_open_has_nothing_to_wait_for() -> None:
    process = interviewed()
    process = process.do("complete_profile", at=at("2026-03-02 18:00")).process
    process = process.do("linkedin_invite", at=at("2026-03-04 10:00"), to="ana", personal_note="hi").process
    verdict = process.may("linkedin_invite", at=at("2026-03-05 10:00"), to="ana", personal_note="hi")
    assert ids(verdict) == ["one_invite"]
    assert (verdict.opens_at, verdict.opens_after) == (None, ())


def test_missing_fields_are_what_must_come_first() -> None:
    verdict = interviewed().may("thank_you", at=at("2026-03-02 17:00"), to="ana", thanks=True, topic=" ")
    assert ids(verdict) == ["says_thanks"]
    assert verdict.opens_after == verdict.reasons[0].opens_after == ("topic", "looking_forward")


# --- 6: scopes -----------------------------------------------------------------------------------


def test_two_applications_do_not_buy_two_chases() -> None:
    process = start()
    for name in ("backend", "frontend"):
        process = process.record(
            "interview", at=at("2026-03-02 10:00"), application=name, interviewers=["ana"]
        ).process
    moment = at("2026-03-20 10:00")
    process = process.do("follow_up", at=moment, application="backend", channel="call").process
    verdict = process.may("follow_up", at=moment, application="frontend", channel="call")
    assert ids(verdict) == ["one_chase"]


def test_leaving_the_application_out_once_another_exists_is_misuse() -> None:
    process = (
        interviewed()
        .record("interview", at=at("2026-03-03 10:00"), application="other", interviewers=["cy"])
        .process
    )
    with pytest.raises(pi.MisuseError, match="which application"):
        process.may("follow_up", at=at("2026-03-20 10:00"))
    assert process.may("complete_profile", at=at("2026-03-20 10:00"))  # it concerns the employer


def test_an_act_to_a_person_belongs_to_the_latest_round_with_that_person() -> None:
    process = interviewed()
    process = process.do("thank_you", at=at("2026-03-02 17:00"), to="ana", **THANKS).process
    process = process.record("interview", at=at("2026-03-09 10:00"), interviewers=["bo"]).process
    assert ids(process.may("thank_you", at=at("2026-03-09 17:00"), to="ana", **THANKS)) == ["one_thank_you"]
    assert process.may("thank_you", at=at("2026-03-09 17:00"), to="bo", **THANKS)
    done = process.do("thank_you", at=at("2026-03-09 17:00"), to="bo", **THANKS).process
    assert (done.timeline[-1].round, done.state("thanks", to="bo", round=1)) == (2, "owed")


def test_to_someone_who_never_interviewed_it_is_refused_in_a_sentence() -> None:
    verdict = interviewed().may("thank_you", at=at("2026-03-02 17:00"), to="zed", **THANKS)
    assert ids(verdict) == ["state"]
    assert verdict.reasons[0].has == "zed has not interviewed you here"
    assert verdict.opens_after == ("interview",)


def test_a_slip_in_a_person_s_name_is_answered_with_who_was_met() -> None:
    process = interviewed()
    verdict = process.may("thank_you", at=at("2026-03-02 17:00"), to="an", **THANKS)
    assert verdict.reasons[0].has == "an has not interviewed you here (did you mean ana?)"
    process = process.record("message", at=at("2026-03-02 17:00"), application="be").process
    verdict = process.may("thank_you", at=at("2026-03-02 17:00"), to="an", application="be", **THANKS)
    assert verdict.reasons[0].has == "an has not interviewed you in be"
    verdict = process.may("linkedin_invite", at=at("2026-03-02 17:00"), to="bob", application="main")
    assert verdict.reasons[0].has == "bob has not interviewed you here (did you mean bo?)"


def test_answers_are_in_the_zone_they_were_asked_in() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    verdict = interviewed().may("follow_up", at=at("2026-03-05 09:00", tokyo))
    assert verdict.opens_at is not None
    assert verdict.opens_at.tzinfo is tokyo
    assert verdict.opens_at == at("2026-03-11 08:00", tokyo)


def test_a_moment_shown_in_another_zone_than_the_employers_says_its_offset() -> None:
    def says(process: pi.Process, zone: ZoneInfo) -> tuple[str, str]:
        reason = process.may("follow_up", at=at("2026-03-05 09:00", zone)).reasons[0]
        return reason.has, reason.needs

    assert says(interviewed(), ZoneInfo("UTC")) == (
        "acme named Tue 10 Mar 2026 (`promised`)",
        "Tue 10 Mar 2026 23:00 +00:00 or later (`answer_due`)",
    )
    assert says(interviewed(None), ZoneInfo("UTC")) == (
        "interview on Mon 2 Mar 2026 09:00 +00:00",
        "Mon 9 Mar 2026 09:00 +00:00 or later (`answer_due`)",
    )
    for zone in (ZoneInfo("Europe/Zurich"), ZoneInfo("Europe/Paris")):
        assert says(interviewed(), zone)[1] == "Wed 11 Mar 2026 00:00 or later (`answer_due`)"


# --- 7: anchors ----------------------------------------------------------------------------------


def test_at_equal_times_the_order_of_recording_decides() -> None:
    moment = at("2026-03-20 10:00")
    chased = interviewed().do("follow_up", at=moment, channel="call").process
    heard = chased.record("message", at=moment).process
    assert "one_chase" not in ids(heard.may("follow_up", at=moment))
    heard = interviewed().record("message", at=moment).process
    chased = heard.record("follow_up", at=moment).process
    assert "one_chase" in ids(chased.may("follow_up", at=moment))


def test_apart_is_met_at_exactly_the_duration() -> None:
    process = interviewed().record("message", at=at("2026-03-12 10:00")).process
    assert ids(process.may("follow_up", at=at("2026-03-19 10:00") - US)) == ["let_them_speak"]
    assert process.may("follow_up", at=at("2026-03-19 10:00"))


# --- 8: dates ------------------------------------------------------------------------------------


def test_a_date_that_was_over_before_the_event_is_refused() -> None:
    with pytest.raises(pi.FieldError) as caught:
        interviewed(date(2025, 3, 10))
    assert caught.value.message == (
        "the field `decide_by` of `interview` is Mon 10 Mar 2025, before the event on Mon 2 Mar 2026"
    )
    with pytest.raises(pi.FieldError):
        interviewed().record("promise", at=at("2026-03-03 10:00"), date=date(2026, 3, 1))
    with pytest.raises(pi.FieldError):
        interviewed().record("promise", at=at("2026-03-01 10:00"), date=date(2026, 2, 27), late=True)


def test_the_day_before_may_be_today_elsewhere() -> None:
    moment = at("2026-03-04 00:30")  # still the 3rd in New York
    assert interviewed().record("promise", at=moment, date=date(2026, 3, 3)).event


def test_a_date_in_a_saved_history_that_was_over_counts_as_the_day_it_was_named() -> None:
    process = interviewed()
    event = process.timeline[0].event
    early = process.with_history([evolve(event, carried=(("decide_by", date(2025, 3, 10)),))])
    verdict = early.may("follow_up", at=at("2026-03-02 12:00"))
    assert verdict.opens_at == at("2026-03-03 00:00")
    over = "acme named Mon 10 Mar 2025 (`promised`), which was over when it was named"
    assert verdict.reasons[0].has == f"{over}: it counts as Mon 2 Mar 2026"
    assert verdict.reasons[0].needs == "Tue 3 Mar 2026 00:00 or later (`answer_due`)"


def test_a_time_that_no_clock_shows_is_refused() -> None:
    missing = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    for ask in (
        lambda: interviewed().record("message", at=missing),
        lambda: interviewed().do("follow_up", at=missing),
        lambda: interviewed().may("follow_up", at=missing),
    ):
        with pytest.raises(pi.TimeError, match="never comes in Europe/Zurich: the clocks go forward over it"):
            ask()


def test_a_new_round_keeps_a_date_that_is_still_to_come() -> None:
    process = interviewed().record("interview", at=at("2026-03-04 10:00"), interviewers=["cy"]).process
    assert process.may("follow_up", at=at("2026-03-05 10:00")).opens_at == at("2026-03-11 00:00")


def test_a_new_round_ends_a_date_that_is_over() -> None:
    process = interviewed().record("interview", at=at("2026-03-12 10:00"), interviewers=["cy"]).process
    assert process.may("follow_up", at=at("2026-03-12 11:00")).opens_at == at("2026-03-19 10:00")


def test_a_moved_date_replaces_the_old_one() -> None:
    process = interviewed().record("promise", at=at("2026-03-09 10:00"), date=date(2026, 3, 17)).process
    assert process.may("follow_up", at=at("2026-03-12 10:00")).opens_at == at("2026-03-18 00:00")


# --- 9: credits ----------------------------------------------------------------------------------


def test_a_reply_answers_one_message_once() -> None:
    process = interviewed().record("message", at=at("2026-03-03 10:00")).process
    process = process.do("reply", at=at("2026-03-03 11:00")).process
    verdict = process.may("reply", at=at("2026-03-03 12:00"))
    assert ids(verdict) == ["reply_to_a_message"]
    assert verdict.opens_after == ("promise", "message", "offer", "offer_revised")


def test_a_bucket_is_capped_and_a_no_empties_it() -> None:
    process = interviewed()
    for hour in range(5):
        process = process.record("message", at=at(f"2026-03-03 1{hour}:00")).process
    for _ in range(3):
        process = process.do("reply", at=at("2026-03-03 18:00")).process
    assert ids(process.may("reply", at=at("2026-03-03 18:00"))) == ["reply_to_a_message"]
    process = process.record("message", at=at("2026-03-04 10:00")).process
    process = process.record("rejection", at=at("2026-03-04 11:00")).process
    assert ids(process.may("reply", at=at("2026-03-04 12:00"))) == ["reply_to_a_message"]


# --- 10: closing is soft -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "state"),
    [("message", "waiting"), ("promise", "waiting"), ("interview", "waiting"), ("offer", "offered")],
)
def test_whatever_comes_later_reopens_an_assumed_silence(event: str, state: str) -> None:
    process = interviewed().do("assume_closed", at=at("2026-04-02 10:00")).process
    needed: dict[str, dict[str, Any]] = {
        "promise": {"date": date(2026, 5, 1)},
        "interview": {"interviewers": ["ana"]},
    }
    fields = needed.get(event, {})
    process = process.record(event, at=at("2026-04-03 10:00"), **fields).process
    assert process.state("application") == state


def test_only_an_interview_or_an_offer_reopens_a_no() -> None:
    said_no = interviewed().record("rejection", at=at("2026-03-05 10:00")).process
    states = {}
    for event in ("message", "offer", "offer_revised", "offer_withdrawn", "rejection"):
        states[event] = said_no.record(event, at=at("2026-03-06 10:00")).process.state("application")
    assert states == {
        "message": "rejected",
        "offer": "offered",
        "offer_revised": "offered",
        "offer_withdrawn": "rejected",
        "rejection": "rejected",
    }


def test_an_acceptance_can_be_rescinded() -> None:
    process = interviewed().record("offer", at=at("2026-03-05 10:00")).process
    process = process.do("accept", at=at("2026-03-06 10:00")).process
    process = process.record("offer_withdrawn", at=at("2026-03-07 10:00")).process
    assert process.state("application") == "rejected"


# --- 11: unknown, late, retracted ----------------------------------------------------------------


def test_what_is_unknown_is_not_zero() -> None:
    process = start().unknown("follow_up", until=at("2026-03-01 00:00")).process
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    assert ids(process.may("follow_up", at=at("2026-03-20 10:00"))) == []  # the interview came after
    process = start().record("interview", at=at("2026-02-02 10:00"), interviewers=["ana"]).process
    process = process.unknown("chase", until=at("2026-03-01 00:00")).process
    verdict = process.may("follow_up", at=at("2026-03-20 10:00"))
    assert [(reason.id, reason.has) for reason in verdict.reasons] == [
        ("one_follow_up", "unknown"),
        ("one_chase", "unknown"),
    ]


def test_retracting_the_unknown_is_how_someone_says_what_happened() -> None:
    process = start().record("interview", at=at("2026-02-02 10:00"), interviewers=["ana"]).process
    process = process.unknown("chase", until=at("2026-03-01 00:00")).process
    process = process.retract(2, at=at("2026-03-02 10:00")).process
    assert process.may("follow_up", at=at("2026-03-20 10:00"))


def test_a_late_event_is_inserted_where_it_happened_and_turns_later_acts_into_breaches() -> None:
    process = interviewed(None).do("follow_up", at=at("2026-03-10 10:00"), channel="call").process
    outcome = process.record("message", at=at("2026-03-08 10:00"), late=True)
    assert outcome.now_breaches == (2,)
    assert [placed.name for placed in outcome.process.timeline] == ["interview", "message", "follow_up"]
    assert [entry.number for entry in outcome.process.history] == [1, 2, 3]


def test_a_late_act_is_judged_where_it_happened() -> None:
    process = interviewed(None).record("rejection", at=at("2026-03-20 10:00")).process
    outcome = process.record("follow_up", at=at("2026-03-12 10:00"), late=True, channel="call")
    assert outcome.verdict is not None
    assert outcome.verdict.allowed
    assert not outcome.breach


def test_a_retraction_folds_the_history_anew() -> None:
    process = interviewed(None).record("message", at=at("2026-03-08 10:00")).process
    process = process.record("follow_up", at=at("2026-03-10 10:00"), channel="call").process
    assert len(process.breaches) == 1
    outcome = process.retract(2, at=at("2026-03-11 10:00"))
    assert outcome.no_longer_breaches == (3,)
    assert outcome.process.breaches == ()
    assert len(outcome.process.history) == 4


def test_a_contact_is_retracted_only_if_it_was_never_sent() -> None:
    process = interviewed(None).do("follow_up", at=at("2026-03-10 10:00"), channel="call").process
    with pytest.raises(pi.MisuseError, match="set `not_sent` to true"):
        process.retract(2, at=at("2026-03-10 11:00"))
    again = process.retract(2, at=at("2026-03-10 11:00"), not_sent=True).process
    assert again.may("follow_up", at=at("2026-03-10 12:00"), channel="call")


@pytest.mark.parametrize("number", [0, 2, -1])
def test_retracting_what_is_not_there_is_misuse(number: int) -> None:
    with pytest.raises(pi.UnknownNameError):
        interviewed().retract(number, at=at("2026-03-10 11:00"))


# --- the default rules, as the article has them ---------------------------------------------------


def test_two_attempts_a_day_apart_and_none_after_a_chase() -> None:
    process = interviewed()
    process = process.do("missed_call", at=at("2026-03-11 09:00")).process
    assert ids(process.may("missed_call", at=at("2026-03-11 10:00"))) == ["a_day_between_attempts"]
    process = process.do("missed_call", at=at("2026-03-12 09:00")).process
    assert ids(process.may("missed_call", at=at("2026-03-13 09:00"))) == ["two_attempts"]
    process = process.do("follow_up", at=at("2026-03-13 09:00"), channel="email").process
    assert ids(process.may("missed_call", at=at("2026-03-14 09:00"))) == ["one_chase", "two_attempts"]


def test_a_counter_offer_needs_the_plan_and_there_are_two_in_all() -> None:
    process = interviewed().record("offer", at=at("2026-03-05 10:00")).process
    assert ids(process.may("counter_offer", at=at("2026-03-05 11:00"))) == ["plan_ready"]
    process = process.do("write_plan", at=at("2026-03-05 11:00"), negotiation="five more days off").process
    for day in (6, 8):
        process = process.do("counter_offer", at=at(f"2026-03-0{day} 10:00")).process
        refused = process.may("counter_offer", at=at(f"2026-03-0{day} 11:00"))
        assert {"one_chase", "one_counter"} <= set(ids(refused))
        process = process.record("offer_revised", at=at(f"2026-03-0{day + 1} 10:00")).process
    assert ids(process.may("counter_offer", at=at("2026-03-10 10:00"))) == ["two_counters"]


def test_one_interviewer_needs_no_list() -> None:
    for people in ("ana", ["ana"], ["ana", "ana"], {"ana"}):
        process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=people).process
        assert process.timeline[0].people == ("ana",)
    with pytest.raises(pi.FieldError, match="give a name or a list of names"):
        start().record("interview", at=at("2026-03-02 10:00"), interviewers=" ")


@pytest.mark.parametrize("people", [[["ana"]], [{"name": "ana"}], ["bo", {"ana"}]])
def test_a_list_in_a_list_names_nobody(people: list[object]) -> None:
    with pytest.raises(pi.FieldError, match="give a name or a list of names"):
        start().record("interview", at=at("2026-03-02 10:00"), interviewers=people)


def test_an_outcome_is_shown_without_the_history() -> None:
    outcome = interviewed().do("follow_up", at=at("2026-03-05 09:00"), channel="call")
    assert "process" not in repr(outcome)
    assert "Rulebook" not in repr(outcome)
    assert "wait_for_the_answer" in repr(outcome)


def test_what_never_happened_and_what_happened_twice_read_as_such() -> None:
    process = interviewed()
    has = {reason.id: reason.has for reason in process.may("reply", at=at("2026-03-03 10:00")).reasons}
    assert has == {
        "reply_to_a_message": "nothing to answer yet",
        "while_it_is_fresh": "no date for the answer, message, offer or revised offer yet",
    }
    for hour in (9, 10):
        process = process.record("follow_up", at=at(f"2026-03-03 {hour:02}:00"), channel="call").process
    reasons = process.may("follow_up", at=at("2026-03-12 10:00")).reasons
    assert [reason.has for reason in reasons] == [
        "2 follow-ups in this round, the latest on Tue 3 Mar 2026 10:00",
        "2 chases since the last sign of life, the latest on Tue 3 Mar 2026 10:00",
    ]


def test_a_reason_counts_no_further_than_anybody_reads() -> None:
    process = interviewed()
    for _ in range(120):
        process = process.record("follow_up", at=at("2026-03-03 10:00"), channel="call").process
    has = process.may("follow_up", at=at("2026-03-12 10:00")).reasons[0].has
    assert has == "100 or more follow-ups in this round, the latest on Tue 3 Mar 2026 10:00"
