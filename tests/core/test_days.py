"""A date without an hour is some time of that day: what is asked holds whichever hour it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.values.formatting import say_day
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import at, packaged
from tests.strategies.scale import tried

TALKED = date(2026, 3, 2)
ASKED: dict[str, Any] = {"channel": "email"}
THANKS: dict[str, Any] = {"to": "ana", "thanks": True, "topic": "the platform", "looking_forward": True}


def start() -> pi.Process:
    return packaged().start("Acme", "Europe/Zurich")


def talked() -> pi.Process:
    return start().record("interview", at=TALKED, interviewers=["ana"]).process


def judged(process: pi.Process) -> list[tuple[str, bool, bool]]:
    return [(placed.name, placed.breach, placed.doubtful) for placed in process.timeline]


def test_a_date_is_kept_as_its_day_where_the_employer_is() -> None:
    outcome = talked().record("message", at=date(2026, 3, 10))
    assert outcome.event is not None
    assert (outcome.event.since, outcome.event.at) == (
        at("2026-03-10 00:00"),
        at("2026-03-11 00:00") - timedelta(microseconds=1),
    )
    assert repr(outcome.event) == ("<Event 2: message, Tue 10 Mar 2026>")
    assert outcome.text == "Recorded as entry 2: message, at some time on Tue 10 Mar 2026."
    assert '"since": "2026-03-10T00:00:00+01:00"' in outcome.process.to_json()
    assert packaged().restore(outcome.process.to_json()) == outcome.process


def test_what_is_recorded_today_has_happened_when_one_asks_today() -> None:
    """At nine, an interview of today is over: the rules are asked as if it had been by nine."""
    process = talked()
    assert process.may("thank_you", at=at("2026-03-02 09:00"), **THANKS)
    assert "thank ana" in process.agenda(at=at("2026-03-02 09:00")).text
    assert "thank_you" in [each.event for each in process.allowed(at=at("2026-03-02 09:00"))]
    assert [each.allowed for each in process.verdicts(at=at("2026-03-02 09:00")) if each.event == "thank_you"]
    with pytest.raises(pi.TimeError, match="is before the latest event, interview on Mon 2 Mar 2026"):
        process.may("thank_you", at=at("2026-03-01 10:59"), **THANKS)


def test_what_is_done_on_the_day_comes_after_what_was_recorded_of_it() -> None:
    outcome = talked().do("thank_you", at=at("2026-03-02 09:00"), **THANKS)
    assert (outcome.refused, outcome.breach) == (False, False)
    assert judged(outcome.process) == [("interview", False, False), ("thank_you", False, False)]
    assert not outcome.process.may("thank_you", at=at("2026-03-02 10:00"), **THANKS)
    assert packaged().restore(outcome.process.to_json()) == outcome.process
    assert talked().do("follow_up", at=at("2026-03-02 09:00"), **ASKED).refused


def test_told_late_it_may_have_come_before() -> None:
    given_: dict[str, Any] = {"at": at("2026-03-02 09:00"), "late": True, **THANKS}
    process = talked().record("thank_you", **given_).process
    assert judged(process) == [("thank_you", False, True), ("interview", False, False)]
    assert process.timeline[0].outside


def test_a_day_in_the_far_west_keeps_its_name() -> None:
    process = packaged().start("Acme", "Pacific/Pago_Pago")
    process = process.record("message", at=date(2026, 3, 10)).process
    process = process.record("rejection", at=datetime(2026, 3, 10, 10, 30, tzinfo=UTC)).process
    assert [each.event.day for each in process.timeline] == [date(2026, 3, 10), None]


@pytest.mark.parametrize(("hour", "allowed"), [("2026-03-09 10:00", False), ("2026-03-10 00:00", True)])
def test_an_act_is_allowed_only_if_it_is_whichever_the_hour_was(hour: str, allowed: bool) -> None:
    verdict = talked().may("follow_up", at=at(hour), **ASKED)
    assert verdict.allowed is allowed
    if not allowed:
        assert verdict.opens_at == verdict.reasons[0].opens_at == at("2026-03-10 00:00")
        assert "It opens on Tue 10 Mar 2026 00:00. Say when the interview" in verdict.text


def test_a_day_of_which_only_the_end_is_open_is_refused() -> None:
    """Seven days after the last moment of the 2nd the 9th is over."""
    verdict = talked().may_on(date(2026, 3, 9), "follow_up", **ASKED)
    assert (verdict.allowed, verdict.opens_at) == (False, at("2026-03-10 00:00"))
    assert talked().may_on(date(2026, 3, 10), "follow_up", **ASKED).at == at("2026-03-10 00:00")


def test_a_breach_on_a_day_names_no_guard_that_an_hour_would_have_kept() -> None:
    """On the 6th, a Friday, there are decent hours; on the 7th, a Saturday, there are none."""
    friday, saturday = (
        talked().record("follow_up", at=date(2026, 3, day), channel="call").verdict for day in (6, 7)
    )
    assert friday is not None
    assert saturday is not None
    named = [{each.id for each in verdict.reasons} for verdict in (friday, saturday)]
    assert named == [{"wait_for_the_answer"}, {"wait_for_the_answer", "decent_hours"}]
    assert "decent" not in friday.text


def test_an_act_of_a_day_closes_when_the_rules_say_for_that_day() -> None:
    for day, event, said in (
        (date(2026, 3, 11), "follow_up", {"channel": "call"}),
        (date(2026, 3, 5), "thank_you", THANKS),
    ):
        verdict = talked().record(event, at=day, **said).verdict
        assert verdict is not None
        assert verdict.closes_at == talked().may_on(day, event, **said).closes_at
        assert verdict.closes_at is not None


def test_what_is_unknown_or_known_until_a_day_is_so_until_its_end() -> None:
    day, end = date(2026, 3, 5), at("2026-03-06 00:00")
    unknown = talked().unknown("message", until=day).process
    assert [each.until for each in unknown._snapshot.unknowns] == [end]  # noqa: SLF001 - what is left
    assert packaged().restore(unknown.to_json()) == unknown
    assert not unknown.known("message", until=end).process.agenda(at=end).of("tell")
    assert not unknown.known("message", until=day).process.agenda(at=end).of("tell")
    assert unknown.known("message", until=date(2026, 3, 4)).process._snapshot.unknowns  # noqa: SLF001 - what is left
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start("7/1", employer="Acme", timezone="Europe/Zurich")
    for _ in range(2):
        keeper.unknown("7/1", "message", until=day, once="import")
    assert keeper.known("7/1", "message", until=day).added == 1


@pytest.mark.parametrize("zone", ["Europe/Zurich", "Pacific/Auckland", "America/New_York"])
def test_who_imports_today_is_asked_today_and_can_answer_today(zone: str) -> None:
    """Also far in the east of the employer, where the day has begun before."""
    now, today = at("2026-03-05 09:00"), at("2026-03-05 09:00").astimezone(ZoneInfo(zone)).date()
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start("7/1", employer="Acme", timezone="Europe/Zurich")
    keeper.record("7/1", "interview", at=date(2026, 2, 2))
    keeper.unknown("7/1", "message", "promise", "courtesy", until=today)
    asked = "say whether there was a date for the answer or a message from Acme since Mon 2 Feb"
    assert asked in [item.text for _, item in keeper.to_do(at=now)]
    assert "known" in keeper.may("7/1", "follow_up", at=now, **ASKED).opens_after
    assert keeper.known("7/1", "message", "promise", "courtesy", until=now).added == 1
    assert not [item for _, item in keeper.to_do(at=now) if item.kind == "tell"]
    assert keeper.may("7/1", "follow_up", at=now, **ASKED)
    assert keeper.load("7/1") == packaged().restore(keeper.load("7/1").to_json())


@pytest.mark.parametrize("asked", ["2026-03-02 00:00", "2026-03-02 10:00", "2026-03-03 09:00"])
def test_when_it_opens_is_the_same_whenever_one_asks(asked: str) -> None:
    """On the day itself it had happened by then; a week later nobody can tell."""
    verdict = talked().may("follow_up", at=at(asked), **ASKED)
    assert verdict.opens_at == at("2026-03-10 00:00")
    assert talked().do("follow_up", at=at(asked), **ASKED).verdict == verdict
    assert talked().may("follow_up", at=verdict.opens_at, **ASKED)


def test_an_employer_moves_on_a_day() -> None:
    """From midnight on where they were: in New York it is the evening before."""
    moved = start().change(at=date(2026, 3, 5), timezone="America/New_York").process
    assert moved == start().change(at=at("2026-03-05 00:00"), timezone="America/New_York").process
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start("7/1", employer="Acme", timezone="Europe/Zurich")
    keeper.change("7/1", at=date(2026, 3, 5), timezone="America/New_York")
    assert keeper.load("7/1") == moved


def new_york() -> pi.Process:
    """They write on the 10th where the user is; where the employer is, it is the 9th."""
    process = packaged().start("Acme", "America/New_York").record("interview", at=at("2026-03-02 10:00"))
    return process.process.record("question", at=date(2026, 3, 10)).process


def test_a_day_that_has_begun_further_east_had_begun_when_one_asks() -> None:
    here = ZoneInfo("America/New_York")
    process, now = new_york(), datetime(2026, 3, 9, 20, tzinfo=here)
    assert process.latest_at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert "answer Acme" in process.agenda(at=now).text
    assert process.may("reply", at=now)
    replied = process.do("reply", at=now).process
    assert [(each.name, each.at, each.event.day) for each in replied.timeline[1:]] == [
        ("question", now, date(2026, 3, 10)),
        ("reply", now, None),
    ]
    assert packaged().restore(replied.to_json()) == replied
    assert not replied.may("reply", at=now)
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start("7/1", employer="Acme", timezone="America/New_York")
    keeper.record("7/1", "interview", at=at("2026-03-02 10:00"))
    keeper.record("7/1", "question", at=date(2026, 3, 10))
    assert [key for key, _ in keeper.to_do(at=now)]
    assert keeper.do("7/1", "reply", at=now).event is not None


def test_a_day_that_has_begun_nowhere_is_told_with_its_day() -> None:
    early = datetime(2026, 3, 9, 9, 59, tzinfo=UTC)
    with pytest.raises(pi.TimeError, match="is before the latest event, question on Tue 10 Mar 2026"):
        new_york().may("reply", at=early)
    assert new_york().retract(2, at=early).process.may("withdraw", at=early)


def test_the_hour_of_an_act_is_taken_in_its_favour() -> None:
    """Seven days to the hour, and calls between 08:00 and 20:00: at some hour of the 9th both are kept."""
    outcome = talked().record("follow_up", at=date(2026, 3, 9), channel="call")
    assert judged(outcome.process) == [("interview", False, False), ("follow_up", False, False)]
    assert outcome.text == (
        "Recorded as entry 2: follow up, at some time on Mon 9 Mar 2026. "
        'The application is "Followed up once".'
    )
    early = talked().record("follow_up", at=date(2026, 3, 6), channel="call")
    assert judged(early.process)[1] == ("follow_up", True, False)
    assert " on Fri 6 Mar 2026. Interview on Mon 2 Mar 2026; needed: the end of Mon 9 Mar" in early.text


def test_the_order_within_a_day_is_left_open() -> None:
    asked = start().record("interview", at=at("2026-03-01 10:00")).process
    asked = asked.record("follow_up", at=at("2026-03-10 10:00"), **ASKED).process
    both = asked.record("follow_up", at=date(2026, 3, 20), **ASKED).process
    assert judged(both)[2] == ("follow_up", True, False)
    answered = asked.record("interview", at=date(2026, 3, 20)).process
    in_time = answered.record("follow_up", at=date(2026, 3, 20), **ASKED).process
    assert judged(in_time)[3] == ("follow_up", True, False)  # too soon after it
    late = answered.record("follow_up", at=date(2026, 3, 20), late=True, **ASKED).process
    assert judged(late)[3] == ("follow_up", True, True)  # too soon after it, or too many before it
    replied = asked.record("message", at=date(2026, 3, 20)).process
    replied = replied.record("reply", at=date(2026, 3, 20), late=True).process
    assert judged(replied)[3] == ("reply", False, False)  # in the order of the entries
    other = asked.record("reply", at=date(2026, 3, 20)).process
    assert judged(other.record("message", at=date(2026, 3, 20)).process)[2] == ("reply", True, False)
    other = other.record("message", at=date(2026, 3, 20), late=True).process
    assert judged(other)[2] == ("reply", True, True)


@pytest.mark.parametrize("talk", [TALKED, at("2026-03-02 10:00")])
def test_what_is_told_of_a_day_in_time_came_after_what_was_told_before(talk: date) -> None:
    """An interview, and a question of that day: it can be answered. Told late, it may have come before."""
    talked = start().record("interview", at=talk, interviewers=["ana"]).process
    asked = talked.record("question", at=TALKED).process
    assert asked.may("reply", at=at("2026-03-03 10:00"))
    assert '"late"' not in asked.to_json()
    named = asked.amended("interview", at=at("2026-03-03 09:00"), interviewers=["bo"]).process
    restored = packaged().restore(named.to_json())
    assert [placed.name for placed in restored.timeline] == ["interview", "question"]
    assert restored.may("reply", at=at("2026-03-03 10:00"))
    late = talked.record("question", at=TALKED, late=True).process
    assert '"late": true' in late.to_json()
    refused = packaged().restore(late.to_json()).may("reply", at=at("2026-03-03 10:00"))
    assert "Say when the " in refused.text


def test_an_hour_that_is_said_later_counts_even_before_what_was_told_earlier() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    process = process.record("question", at=TALKED).process
    told = process.dated(2, at=at("2026-03-02 09:00")).process
    assert [placed.name for placed in told.timeline] == ["question", "interview"]
    assert not told.may("reply", at=at("2026-03-03 10:00"))


def test_a_correction_names_what_to_tell_of_a_past_that_is_later_in_the_timeline() -> None:
    process = start()
    for name in ("interview", "question", "reply"):
        process = process.record(name, at=TALKED, late=True).process
    question = process.dated(2, at=at("2026-03-02 11:00"))
    assert [each.doubtful for each in question.process.breaches] == [True]
    assert (question.now_breaches, question.now_in_doubt) == ((), (3,))
    assert question.text.endswith(" on Mon 2 Mar 2026 11:00. Perhaps against the rules now: entry 3.")
    reply = question.process.dated(3, at=at("2026-03-02 15:00"))
    assert "Say when the interview with Acme was." in reply.text
    assert "Say ." not in reply.text


def test_of_two_equal_events_the_later_told_may_have_come_before_what_the_first_came_after() -> None:
    """The first follow-up was told in time, after the interview; the second was told late."""
    process = start().record("interview", at=TALKED).process.record("follow_up", at=TALKED, **ASKED).process
    process = process.record("message", at=at("2026-03-02 15:40")).process
    late = process.record("follow_up", at=TALKED, late=True, **ASKED)
    assert [(placed.name, placed.doubtful) for placed in late.process.breaches] == [
        ("follow_up", False),
        ("follow_up", True),
    ]
    in_time = start().record("follow_up", at=TALKED, **ASKED).process
    both = in_time.record("follow_up", at=TALKED, late=True, **ASKED).process
    assert len(both._snapshot.others) == 1  # noqa: SLF001 - how many pasts there are


def test_an_act_of_a_day_of_which_each_hour_is_in_doubt_is_in_doubt() -> None:
    """The message may have come within the week before it, or long ago."""
    process = start().record("interview", at=at("2026-03-02 10:00")).process
    message = process.record("message", at=at("2026-03-09 10:00"), undated=True).process
    for when in (at("2026-03-12 10:00"), date(2026, 3, 12)):
        told = message.record("follow_up", at=when, **ASKED)
        assert (told.breach, told.in_doubt) == (True, True)
    earlier = process.record("message", at=at("2026-03-05 10:00"), undated=True).process
    assert not earlier.record("follow_up", at=date(2026, 3, 12), **ASKED).breach


def test_only_that_is_asked_of_which_the_answer_matters() -> None:
    """Whether an answer is owed hangs on what came first on the 4th, and not on the interview's hour."""
    process = talked()
    for name in ("reply", "question"):
        process = process.record(name, at=date(2026, 3, 4), late=True).process
    refused = process.may("reply", at=at("2026-03-05 10:00"))
    assert "Say when the question from Acme was and when you answered Acme. " in refused.text
    asked = process.agenda(at=at("2026-03-05 10:00")).of("tell")
    assert [item.question.undated for item in asked if item.question] == [(2, 3)]


def test_a_closed_application_with_days_is_asked_only_when_the_no_came() -> None:
    process = talked().record("thank_you", at=date(2026, 3, 3), **THANKS).process
    process = process.record("follow_up", at=date(2026, 3, 12), **ASKED).process
    process = process.record("rejection", at=date(2026, 3, 20), undated=True).process
    asked = process.agenda(at=at("2026-03-21 12:00")).of("tell")
    assert [item.text for item in asked] == ["say when the rejection from Acme was (by Fri 20 Mar)"]
    dated = process.dated(4, at=date(2026, 3, 18)).process
    assert not dated.agenda(at=at("2026-03-21 12:00")).of("tell")


def test_an_answer_that_is_owed_in_some_order_is_asked_about() -> None:
    """The promise may have answered the question, or come before it."""
    process = start().record("interview", at=at("2026-03-02 10:00")).process
    process = process.record("question", at=at("2026-03-11 10:00")).process
    process = process.record("promise", at=date(2026, 3, 11), date=date(2026, 3, 16), late=True).process
    (item,) = process.agenda(at=at("2026-03-24 10:00")).of("tell")
    assert item.text == "say at what hour the date for the answer from Acme was (on Wed 11 Mar)"
    assert item.question is not None
    assert "reply" in item.question.blocks


@pytest.mark.parametrize("talk", [TALKED, at("2026-03-02 10:00")])
def test_what_leads_to_no_state_of_the_act_is_not_asked_about(talk: date) -> None:
    process = start().record("interview", at=talk, interviewers=["ana"]).process
    process = process.unknown("follow_up", until=at("2026-03-04 00:00")).process
    refused = process.may("accept", at=at("2026-03-06 12:00"))
    assert refused.opens_after == ("offer", "offer_revised")
    assert "Say " not in refused.text
    offered = process.unknown("offer", until=at("2026-03-04 00:00")).process
    assert "Say whether there was an offer" in offered.may("accept", at=at("2026-03-06 12:00")).text


def test_acts_of_one_day_are_allowed_in_the_order_of_their_entries() -> None:
    process = talked().record("thank_you", at=TALKED, **THANKS).process
    assert judged(process) == [("interview", False, False), ("thank_you", False, False)]


def test_ten_days_without_hours_have_two_pasts() -> None:
    process = start()
    for day in range(2, 12):
        process = process.record("message", at=date(2026, 3, day)).process
    assert len(process._snapshot.others) == 1  # noqa: SLF001 - how many pasts there are


def test_something_is_due_by_a_day() -> None:
    """The latest hour counts, so nothing is asked for too soon."""
    assert talked().next_due == at("2026-03-04 00:00") - timedelta(microseconds=1)
    assert not talked().agenda(at=at("2026-03-20 10:00")).of("tell")


def test_its_hour_can_be_said_later() -> None:
    process = talked()
    told = process.dated(1, at=at("2026-03-02 15:00")).process
    assert told.timeline[0].at == at("2026-03-02 15:00")
    assert told.may("follow_up", at=at("2026-03-09 15:00"), **ASKED)
    again = process.record("interview", at=at("2026-03-02 15:00"), late=True).process
    assert [placed.at for placed in again.timeline] == [at("2026-03-02 15:00")]
    with pytest.raises(pi.TimeError, match="event 1 was on Mon 2 Mar 2026, so it was not on"):
        process.dated(1, at=at("2026-03-03 00:00"))
    assert len(process.record("interview", at=at("2026-03-01 15:00"), late=True).process.timeline) == 2


def test_more_can_be_said_of_it() -> None:
    outcome = talked().amended("interview", at=at("2026-03-05 09:00"), interviewers=["bo"])
    assert outcome.event is not None
    assert (outcome.event.since, outcome.event.undated) == (at("2026-03-02 00:00"), True)
    assert outcome.process.timeline[0].people == ("ana", "bo")


def test_a_day_that_is_over_is_told_late() -> None:
    process = talked().record("message", at=at("2026-03-05 09:00")).process
    with pytest.raises(pi.TimeError, match=r"^2026-03-04 is before the latest event, message"):
        process.record("question", at=date(2026, 3, 4))
    assert process.record("question", at=date(2026, 3, 4), late=True).process.timeline[1].name == "question"
    assert process.record("question", at=date(2026, 3, 5)).process.timeline[-1].name == "question"


def test_a_date_that_was_over_on_the_day_is_refused() -> None:
    with pytest.raises(pi.FieldError, match="the field `decide_by` of `interview` is Sun 1 Feb 2026"):
        start().record("interview", at=TALKED, decide_by=date(2026, 2, 1))


def test_a_keeper_takes_dates() -> None:
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start("7/1", employer="Acme", timezone="Europe/Zurich")
    first = keeper.record("7/1", "interview", at=TALKED, once="row-1")
    again = keeper.record("7/1", "interview", at=TALKED, once="row-1")
    assert (first.repeated, again.repeated) == (False, True)
    assert [entry.since for entry in keeper.load("7/1").history if isinstance(entry, pi.Event)] == [
        at("2026-03-02 00:00")
    ]
    assert keeper.do("7/1", "complete_profile", at=at("2026-03-02 09:00")).event is not None


def test_who_asks_for_a_moment_with_a_day_is_told_who_takes_days() -> None:
    with pytest.raises(pi.TimeError, match=r"is a day, not a datetime.*`may_on` asks of a day"):
        start().may("follow_up", at=date(2026, 3, 5))  # type: ignore[arg-type]


@pytest.mark.parametrize("day", ["2026-03-02", None, 5])
def test_what_is_no_date_is_refused(day: Any) -> None:
    with pytest.raises(pi.TimeError, match="is not a datetime"):
        start().record("interview", at=day)
    with pytest.raises(pi.TimeError, match="lies outside the years"):
        start().record("interview", at=date(1850, 1, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"undated": true, "since"', '"since"'),
        ('"since": "2026-03-02', '"since": "2026-03-05'),
        ("00:00:00+01:00", "00:00:00Z"),
        ("00:00:00+01:00", "00:00:00+31:00"),
        ('"since": "2026', '"since": "0926'),
    ],
)
def test_a_damaged_day_is_refused(old: str, new: str) -> None:
    text = talked().to_json()
    assert old in text
    with pytest.raises(pi.SavedError):
        packaged().restore(text.replace(old, new))


def test_many_events_of_one_day_are_judged_in_good_time() -> None:
    process = talked()
    for name in ("message", "question", "promise", "scheduled", "cancelled", "reply", "follow_up"):
        said: dict[str, Any] = {"channel": "email"} if name == "follow_up" else {}
        said |= {"date": date(2026, 4, 20)} if name in ("promise", "scheduled") else {}
        process = process.record(name, at=date(2026, 3, 20), **said).process
    assert isinstance(process.next_due, datetime)
    assert not process.may("follow_up", at=at("2026-03-21 10:00"), **ASKED)
    assert len(process._snapshot.others) < 200  # noqa: SLF001 - how many pasts there are


def test_an_event_of_a_day_that_is_said_more_of_keeps_its_place() -> None:
    process = start().record("interview", at=date(2026, 3, 3)).process
    process = process.record("rejection", at=at("2026-03-03 15:00")).process
    told = process.amended("interview", at=at("2026-03-04 10:00"), interviewers=["ana"]).process
    assert [placed.name for placed in told.timeline] == ["interview", "rejection"]
    assert told.states == process.states


def test_an_event_of_a_day_has_no_hour_that_the_next_one_excludes() -> None:
    process = start().record("interview", at=date(2026, 3, 3)).process
    process = process.record("rejection", at=at("2026-03-03 15:00")).process
    with pytest.raises(pi.TimeError, match="was on Tue 3 Mar 2026, by Tue 3 Mar 2026 15:00, so"):
        process.dated(1, at=at("2026-03-03 16:00"))
    assert process.dated(1, at=at("2026-03-03 14:00")).process.timeline[0].name == "interview"


def test_an_event_of_one_day_in_two_histories_happened_once() -> None:
    one = start().record("interview", at=at("2026-03-02 10:00")).process
    one = one.record("follow_up", at=date(2026, 3, 17), channel="email").process
    other = one.record("message", at=at("2026-03-17 15:00")).process
    assert [placed.name for placed in one.joined(other).process.timeline].count("follow_up") == 1
    assert [placed.name for placed in other.joined(one).process.timeline].count("follow_up") == 1


def test_a_day_and_a_moment_of_it_in_two_histories_are_one_event() -> None:
    """An agency wrote down the hour of the mail, and its client the day."""
    talk = start().record("interview", at=at("2026-03-02 10:00")).process
    by_hour, by_day = (
        talk.record("message", at=when).process for when in (at("2026-03-17 15:00"), date(2026, 3, 17))
    )
    for one, other in ((by_hour, by_day), (by_day, by_hour)):
        joined = one.joined(other).process
        assert [(placed.name, placed.at) for placed in joined.timeline][1:] == [
            ("message", at("2026-03-17 15:00"))
        ]
        assert packaged().restore(joined.to_json()) == joined
        assert joined.joined(other).repeated
    another = talk.record("message", at=at("2026-03-18 15:00")).process
    assert len(by_day.joined(another).process.timeline) == 3
    both = by_hour.record("message", at=at("2026-03-17 16:00")).process
    assert len(by_day.joined(both).process.timeline) == 3


def test_a_card_that_was_moved_before_the_day_dates_nothing() -> None:
    statuses = pi.StatusMap({"Interview": "interview"})
    process = start().record("interview", at=date(2026, 3, 3)).process
    outcome = process.follow("Interview", at=at("2026-03-02 10:00"), statuses=statuses)
    assert len(outcome.process.timeline) == 1


def test_a_day_before_others_needs_no_word_of_being_late_if_it_is_undated() -> None:
    process = start().record("interview", at=at("2026-03-03 10:00")).process
    told = process.record("message", at=date(2026, 3, 2), undated=True).process
    assert [placed.name for placed in told.timeline] == ["message", "interview"]


@pytest.mark.parametrize("talk", [TALKED, at("2026-03-02 10:00")])
def test_no_hour_of_a_call_turns_what_is_unknown_into_a_breach_for_certain(talk: date) -> None:
    """At the end of its day the call would come after hours; that says nothing of what is unknown."""
    process = start().record("interview", at=talk, interviewers=["ana"], decide_by=date(2026, 3, 10)).process
    process = process.record("follow_up", at=date(2026, 3, 11), channel="call").process
    told = process.unknown("message", until=at("2026-03-14 00:00")).process
    assert judged(told)[-1] == ("follow_up", True, True)
    assert [item.kind for item in told.agenda(at=at("2026-03-15 10:00")) if item.event == "follow_up"] != [
        "broken"
    ]


def test_a_day_that_the_calendar_of_a_zone_left_out_is_refused() -> None:
    """Samoa went to the other side of the date line: there was no Friday."""
    process = packaged().start("Acme", "Pacific/Apia")
    for ask in (lambda day: process.record("message", at=day), lambda day: process.may_on(day, "follow_up")):
        with pytest.raises(pi.TimeError, match="the day 2011-12-30 never comes in Pacific/Apia"):
            ask(date(2011, 12, 30))
    told = process.record("message", at=date(2011, 12, 31)).process
    assert packaged().restore(told.to_json()) == told


FAR_APART = st.sampled_from(("Pacific/Apia", "Pacific/Pago_Pago", "Asia/Kolkata", "America/Havana"))
DAYS = st.dates(date(2025, 10, 1), date(2026, 11, 30))


@tried(40, 2000)
@given(FAR_APART, FAR_APART, DAYS)
def test_a_day_is_shown_as_that_day_in_each_zone(there: str, here: str, day: date) -> None:
    process = packaged().start("Acme", there).record("interview", at=day, interviewers=["ana"]).process
    process = process.record("follow_up", at=day + timedelta(days=1), channel="email").process
    told = packaged().restore(process.to_json())
    zone, asked = ZoneInfo(here), day + timedelta(days=9)
    now = datetime(asked.year, asked.month, asked.day, 12, tzinfo=zone)
    placed = told.timeline[-1]
    assert placed.as_json(zone)["at"] == (day + timedelta(days=1)).isoformat()
    verdict = told.may("follow_up", at=now, channel="email")
    broken = next(item for item in told.agenda(at=now) if item.kind == "broken")
    said = say_day(day + timedelta(days=1))
    assert {each.has for each in verdict.reasons if each.id == "one_follow_up"} == {
        f"1 follow-up in this round, on {said}"
    }
    assert said.rsplit(" ", 1)[0] in broken.text
    assert (broken.as_json()["at"], broken.day) == (placed.as_json(zone)["at"], placed.event.day)
    for text in (verdict.text, *(item.text for item in told.agenda(at=now))):
        assert ":59" not in text
