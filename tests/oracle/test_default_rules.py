"""Oracle and engine say of the packaged rules what their prose says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.oracle.stories import DEFAULT_FILE, Story

RULES = DEFAULT_FILE.read_text(encoding="utf-8")
MAIL = {"channel": "email"}
THANKS: dict[str, Any] = {"thanks": True, "topic": "the data platform", "looking_forward": True}


NOTHING_TO_ANSWER = {"reply_to_a_message", "while_it_is_fresh"}


@pytest.fixture
def story() -> Story:
    """Interviewed by Ana and Bo on Monday 2 March, with an answer promised for Tuesday the 10th."""
    story = Story(RULES)
    story.add("interview", "2026-03-02 10:00", interviewers=("ana", "bo"), decide_by=date(2026, 3, 10))
    return story


def test_a_quoted_date_is_over_at_the_first_instant_of_the_next_day(story: Story) -> None:
    assert story.against("follow_up", "2026-03-10 23:59:59.999999", **MAIL) == {"wait_for_the_answer"}
    assert story.against("follow_up", "2026-03-11 00:00", **MAIL) == set()


def test_a_call_waits_for_the_morning_and_a_mail_does_not(story: Story) -> None:
    assert story.against("follow_up", "2026-03-11 07:59:59.999999") == {"decent_hours"}
    assert story.against("follow_up", "2026-03-11 07:59:59.999999", channel="call") == {"decent_hours"}
    assert story.against("follow_up", "2026-03-11 07:59:59.999999", **MAIL) == set()
    assert story.against("missed_call", "2026-03-11 07:59:59.999999") == {"decent_hours"}
    for act in ("follow_up", "missed_call"):
        assert story.against(act, "2026-03-11 08:00") == set()
        assert story.against(act, "2026-03-11 20:00") == {"decent_hours"}
        assert story.against(act, "2026-03-14 12:00") == {"decent_hours"}, "a Saturday"


def test_without_a_date_the_wait_is_seven_times_24_hours() -> None:
    story = Story(RULES)
    story.add("interview", "2026-03-25 10:00", interviewers=("ana",))
    assert story.against("follow_up", "2026-04-01 10:59:59.999999") == {"wait_for_the_answer"}
    assert story.against("follow_up", "2026-04-01 11:00") == set()  # the clocks went forward on the 29th


def test_one_follow_up_a_round_and_a_new_round_buys_another(story: Story) -> None:
    story.add("follow_up", "2026-03-11 09:30")
    assert story.state("application", application="main") == "followed_up"
    assert story.against("follow_up", "2026-03-25 09:30") == {"one_follow_up", "one_chase"}
    story.add("interview", "2026-03-26 10:00", interviewers=("ana",))
    assert story.against("follow_up", "2026-03-26 11:00") == {"wait_for_the_answer"}
    assert story.against("follow_up", "2026-04-02 11:00") == set()


def test_a_message_makes_the_candidate_wait_a_week_from_it(story: Story) -> None:
    story.add("message", "2026-03-10 12:00")
    assert story.against("follow_up", "2026-03-17 11:59:59.999999") == {"let_them_speak"}
    assert story.against("follow_up", "2026-03-17 12:00") == set()


def test_two_applications_do_not_buy_two_chases(story: Story) -> None:
    story.add("interview", "2026-03-02 15:00", application="other", interviewers=("cy",))
    story.add("follow_up", "2026-03-11 09:30")
    assert story.against("follow_up", "2026-03-20 09:30", application="other") == {"one_chase"}
    story.add("promise", "2026-03-20 10:00", date=date(2026, 3, 21))
    assert story.against("follow_up", "2026-03-20 10:30", application="other") == set()


def test_everybody_who_interviewed_gets_one_note_a_round_and_nobody_else(story: Story) -> None:
    assert story.against("thank_you", "2026-03-02 12:00", to="ana") == {"says_thanks"}
    assert story.against("thank_you", "2026-03-02 12:00", to="ana", **THANKS) == set()
    story.add("thank_you", "2026-03-02 12:00", to="ana", **THANKS)
    again = story.against("thank_you", "2026-03-02 12:01", to="ana", **THANKS)
    assert again == {"one_thank_you", "a_day_apart"}
    assert story.against("thank_you", "2026-03-02 12:01", to="bo", **THANKS) == set()
    assert story.against("thank_you", "2026-03-02 12:01", to="dee", **THANKS) == {"state"}
    assert story.against("thank_you", "2026-03-02 12:01", to="dee") == {"state", "says_thanks"}
    assert story.state("thanks", application="main", in_round=1, to="ana") == "sent"
    assert story.state("thanks", application="main", in_round=1, to="bo") == "owed"


def test_an_act_to_a_person_belongs_to_the_latest_round_of_that_person(story: Story) -> None:
    story.add("thank_you", "2026-03-02 12:00", to="ana", **THANKS)
    story.add("interview", "2026-03-04 10:00", interviewers=("bo",))
    assert story.against("thank_you", "2026-03-04 12:00", to="ana", **THANKS) == {"one_thank_you"}
    assert story.against("thank_you", "2026-03-04 12:00", to="bo", **THANKS) == set()


def test_an_invitation_needs_a_day_a_profile_and_a_note_and_is_made_once_ever(story: Story) -> None:
    wrong = {"a_day_later", "profile_complete", "personal_note"}
    assert story.against("linkedin_invite", "2026-03-03 09:59:59.999999", to="ana") == wrong
    story.add("complete_profile", "2026-03-03 09:00")
    assert story.against("linkedin_invite", "2026-03-03 10:00", to="ana", personal_note="hello") == set()
    story.add("linkedin_invite", "2026-03-03 10:00", to="ana", personal_note="hello")
    assert story.state("network", to="ana") == "invited"
    story.add("interview", "2026-03-20 10:00", application="other", interviewers=("ana",))
    against = story.against(
        "linkedin_invite", "2026-03-30 10:00", to="ana", application="other", personal_note="hi"
    )
    assert against == {"one_invite"}
    story.add("invite_accepted", "2026-03-30 10:00", to="ana")
    assert story.placed()[-1]["application"] is None
    assert story.state("network", to="ana") == "connected"
    against = story.against(
        "linkedin_invite", "2026-03-31 10:00", to="ana", application="other", personal_note="hi"
    )
    assert against == {"state", "one_invite"}


def test_an_accepted_invitation_is_no_sign_of_life(story: Story) -> None:
    story.add("follow_up", "2026-03-11 09:30")
    story.add("invite_accepted", "2026-03-12 09:30", to="ana")
    assert story.against("missed_call", "2026-03-25 09:30") == {"one_chase", "one_follow_up"}


def test_attempts_are_two_a_day_apart_until_a_sign_of_life(story: Story) -> None:
    story.add("missed_call", "2026-03-11 09:00")
    assert story.against("missed_call", "2026-03-12 08:59:59.999999") == {"a_day_between_attempts"}
    story.add("missed_call", "2026-03-12 09:00")
    assert story.against("missed_call", "2026-03-20 09:00") == {"two_attempts", "two_a_round"}
    story.add("promise", "2026-03-20 10:00", date=date(2026, 3, 20))
    assert story.against("missed_call", "2026-03-23 09:00") == {"two_a_round"}


def test_a_reply_spends_a_credit_while_it_is_fresh(story: Story) -> None:
    assert story.against("reply", "2026-03-03 09:00") == {"reply_to_a_message", "while_it_is_fresh"}
    story.add("message", "2026-03-03 10:00")
    assert story.against("reply", "2026-03-17 09:59:59.999999") == set()
    assert story.against("reply", "2026-03-17 10:00") == {"while_it_is_fresh"}
    story.add("reply", "2026-03-03 11:00")
    assert story.against("reply", "2026-03-03 11:01") == NOTHING_TO_ANSWER
    for minute in range(5):
        story.add("message", f"2026-03-04 10:0{minute}")
    for minute in range(3):  # the bucket holds three
        assert story.against("reply", f"2026-03-04 11:0{minute}") == set()
        story.add("reply", f"2026-03-04 11:0{minute}")
    assert story.against("reply", "2026-03-04 12:00") == NOTHING_TO_ANSWER


def test_an_open_question_is_answered_however_late(story: Story) -> None:
    story.add("question", "2026-03-03 10:00")
    assert story.against("reply", "2026-06-03 10:00") == set()
    story.add("promise", "2026-03-04 10:00", date=date(2026, 3, 20))
    assert story.against("reply", "2026-03-18 09:59:59.999999") == set()
    assert story.against("reply", "2026-03-18 10:00") == {"while_it_is_fresh"}


def test_a_talk_overtakes_what_was_to_be_answered_and_no_task(story: Story) -> None:
    story.add("question", "2026-03-03 10:00")
    story.add("assignment", "2026-03-03 11:00")
    story.add("interview", "2026-03-04 10:00", interviewers=("ana",))
    assert story.against("reply", "2026-03-04 11:00") == NOTHING_TO_ANSWER
    assert story.against("hand_in", "2026-03-04 11:00") == set()


def test_a_no_empties_the_bucket_and_allows_one_kind_answer(story: Story) -> None:
    story.add("message", "2026-03-03 10:00")
    story.add("rejection", "2026-03-04 10:00")
    assert story.against("reply", "2026-03-04 11:00") == NOTHING_TO_ANSWER
    assert story.against("rejection_reply", "2026-03-04 11:00") == set()
    story.add("rejection_reply", "2026-03-04 11:00")
    assert story.against("rejection_reply", "2026-03-04 11:01") == {"one_rejection_reply"}
    assert story.against("follow_up", "2026-03-20 11:01") >= {"state"}
    story.add("offer", "2026-03-30 11:00")
    assert story.state("application", application="main") == "offered"


def test_counters_need_a_plan_one_between_answers_and_two_in_all(story: Story) -> None:
    story.add("offer", "2026-03-04 10:00")
    assert story.against("counter_offer", "2026-03-04 11:00") == {"plan_ready"}
    story.add("write_plan", "2026-03-04 11:00")
    story.add("counter_offer", "2026-03-04 12:00")
    assert story.against("counter_offer", "2026-03-05 12:00") == {"one_chase", "one_counter"}
    story.add("offer_revised", "2026-03-06 10:00")
    story.add("counter_offer", "2026-03-06 12:00")
    story.add("offer_revised", "2026-03-07 10:00")
    assert story.against("counter_offer", "2026-03-07 12:00") == {"two_counters"}
    assert story.breaches() == []


def test_a_promised_date_comes_before_a_counter_and_an_offer_ends_it(story: Story) -> None:
    story.add("write_plan", "2026-03-02 11:00")
    story.add("offer", "2026-03-04 10:00")
    assert story.against("counter_offer", "2026-03-04 12:00") == set()
    story.add("promise", "2026-03-04 13:00", date=date(2026, 3, 6))
    assert story.against("counter_offer", "2026-03-06 23:59:59.999999") == {"their_date_first"}
    assert story.against("counter_offer", "2026-03-07 00:00") == set()


def test_a_promise_after_a_friday_opens_on_monday_or_after_the_holiday() -> None:
    story = Story(RULES, holidays=(date(2026, 4, 6),))
    story.add("interview", "2026-03-27 10:00", interviewers=("ana",), decide_by=date(2026, 4, 3))
    assert story.against("follow_up", "2026-04-06 23:59:59.999999", **MAIL) == {"wait_for_the_answer"}
    assert story.against("follow_up", "2026-04-07 00:00", **MAIL) == set()


def test_a_date_before_the_day_it_was_named_counts_as_that_day(story: Story) -> None:
    story.add("promise", "2026-03-12 13:00", date=date(2026, 3, 11))
    assert story.against("follow_up", "2026-03-12 23:59:59.999999", **MAIL) == {"wait_for_the_answer"}
    assert story.against("follow_up", "2026-03-13 00:00", **MAIL) == set()


def test_a_new_round_keeps_a_date_to_come_and_drops_one_that_is_over(story: Story) -> None:
    story.add("interview", "2026-03-10 23:00", interviewers=("ana",))
    assert story.against("follow_up", "2026-03-11 00:00", **MAIL) == set()
    story.add("interview", "2026-03-11 00:00", interviewers=("ana",))
    assert story.against("follow_up", "2026-03-12 00:00", **MAIL) == {"wait_for_the_answer"}
    assert story.against("follow_up", "2026-03-18 00:00", **MAIL) == set()


def test_a_breach_counts_moves_and_spends(story: Story) -> None:
    story.add("follow_up", "2026-03-05 09:00")
    assert story.breaches() == [2]
    assert story.state("application", application="main") == "followed_up"
    assert story.against("follow_up", "2026-03-25 09:00") == {"one_follow_up", "one_chase"}
    story.add("accept", "2026-03-26 09:00")
    assert story.breaches() == [2, 3]
    assert story.state("application", application="main") == "accepted"
    story.add("follow_up", "2026-03-27 09:00")
    assert story.state("application", application="main") == "accepted"


def test_a_breach_spends_a_credit_if_there_is_one(story: Story) -> None:
    story.add("reply", "2026-03-02 11:00")
    story.add("message", "2026-03-03 10:00")
    story.add("reply", "2026-04-20 10:00")
    assert story.breaches() == [2, 4]
    assert [event["spent"] for event in story.placed()] == [[], [], [], ["reply"]]
    assert story.against("reply", "2026-04-20 10:01") == {"reply_to_a_message", "while_it_is_fresh"}


def test_a_silence_assumed_closed_opens_again(story: Story) -> None:
    assert story.against("assume_closed", "2026-04-01 10:59:59.999999") == {"month_of_silence"}
    story.add("assume_closed", "2026-04-01 11:00")
    assert story.breaches() == []
    story.add("message", "2026-04-02 10:00")
    assert story.state("application", application="main") == "waiting"


def test_a_fact_that_no_state_awaits_is_unexpected_and_recorded() -> None:
    story = Story(RULES)
    story.add("message", "2026-03-02 09:00")
    story.add("withdraw", "2026-03-02 10:00")
    story.add("rejection", "2026-03-03 10:00")
    story.add("message", "2026-03-04 10:00")
    assert [event["unexpected"] for event in story.placed()] == [False, False, True, False]
    assert story.state("application", application="main") == "withdrawn"


def test_a_late_event_turns_an_act_into_a_breach_and_its_retraction_turns_it_back(story: Story) -> None:
    story.add("follow_up", "2026-03-12 09:00")
    assert story.breaches() == []
    message = story.add("message", "2026-03-10 09:00")
    assert story.breaches() == [2]
    story.retract(message)
    assert story.breaches() == []


def test_what_is_unknown_is_not_zero(story: Story) -> None:
    story.unknown("follow_up", until="2026-03-05 00:00")
    against = story.against("follow_up", "2026-03-20 09:30")
    assert against == {"one_follow_up", "one_chase", "few_in_two_months"}
    story.add("message", "2026-03-05 00:00")
    against = story.against("follow_up", "2026-03-20 09:30")
    assert against == {"one_follow_up", "few_in_two_months"}
    assert story.against("follow_up", "2026-05-04 01:00", **MAIL) == {"one_follow_up"}


def test_unknown_credits_are_not_counted(story: Story) -> None:
    story.add("message", "2026-03-03 10:00")
    story.unknown("reply", until="2026-03-04 00:00")
    assert story.against("reply", "2026-03-04 10:00") == NOTHING_TO_ANSWER
    story.add("message", "2026-03-04 00:00")
    assert story.against("reply", "2026-03-04 10:00") == set()


def test_an_unknown_attempt_or_message_may_have_been_too_close(story: Story) -> None:
    story.unknown("message", until="2026-03-05 10:00")
    assert story.against("follow_up", "2026-03-12 09:59:59.999999") == {"let_them_speak"}
    assert story.against("follow_up", "2026-03-12 10:00") == set()


def test_the_date_by_which_they_want_an_answer_is_not_the_one_they_promised(story: Story) -> None:
    story.add("write_plan", "2026-03-02 11:00")
    story.add("offer", "2026-03-04 10:00", answer_by=date(2026, 3, 20))
    assert story.against("counter_offer", "2026-03-04 12:00") == set()
    story.add("promise", "2026-03-04 13:00", date=date(2026, 3, 6))
    story.add("offer_revised", "2026-03-05 10:00", answer_by=date(2026, 3, 21))
    assert story.against("counter_offer", "2026-03-05 10:00") == set()
