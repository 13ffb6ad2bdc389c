"""What a host with tables of its own relies on: one answer for each call, and no clock but the server's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import postinterview as pi
from postinterview.calls import Call, agenda, answer, decide, moment_of, past, perform, problem, repeated
from postinterview.core.values.errors import ConflictError, StoreError, UnknownKeyError
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import at, default, packaged, start

MONDAY = at("2026-03-02 10:00")
LATER = at("2026-03-16 09:00")
FOLLOW_UP = Call("follow_up", fields={"channel": "call"})
INTERVIEW = Call("interview", fields={"interviewers": ["ana"], "decide_by": "2026-03-10"}, happened=MONDAY)


def interviewed() -> str:
    saved = decide(default(), start().to_json(), INTERVIEW, LATER).saved
    assert saved is not None
    return saved


def test_an_allowed_act_is_201_with_what_to_write() -> None:
    done = decide(default(), interviewed(), FOLLOW_UP, LATER)

    assert done.status == 201
    assert done.body == {
        "event": "follow_up",
        "number": 2,
        "breach": False,
        "text": 'Recorded as entry 2: follow up. The application is "Followed up once".',
    }
    process = default().restore(done.saved or "")
    assert (len(process.history), process.next_due) == (2, done.next_due)


def test_a_refusal_is_409_with_the_verdict_for_programs_and_people_and_writes_nothing() -> None:
    refused = decide(default(), interviewed(), FOLLOW_UP, MONDAY)

    assert (refused.status, refused.saved, refused.next_due) == (409, None, None)
    assert refused.body["allowed"] is False
    assert refused.body["text"].startswith("follow up with acme: refused on Mon 2 Mar 2026 10:00.")
    json.dumps(refused.body)


def test_what_happened_is_recorded_as_a_breach_and_never_in_the_future() -> None:
    happened = replace(FOLLOW_UP, happened=MONDAY + timedelta(hours=1))
    assert decide(default(), interviewed(), happened, LATER).body["breach"] is True
    with pytest.raises(pi.TimeError, match="in the future"):
        decide(default(), interviewed(), happened, MONDAY)


def test_a_repeated_call_is_200_and_another_call_under_its_key_is_misuse() -> None:
    asked = FOLLOW_UP.as_json()
    assert Call.from_json(asked) == FOLLOW_UP
    assert repeated(FOLLOW_UP, asked, '{"number": 2}').status == 200
    with pytest.raises(pi.MisuseError, match="belongs to another call"):
        repeated(INTERVIEW, asked, "{}")


def test_answers_are_in_the_zone_of_the_employer() -> None:
    process = default().restore(interviewed())
    refused = perform(process, FOLLOW_UP, MONDAY.astimezone(UTC))
    assert answer(refused).body["opens_at"] == "2026-03-11T00:00:00+01:00"
    assert agenda(process, LATER.astimezone(UTC)) == process.agenda(at=LATER)


def test_answers_are_in_the_zone_that_a_host_names() -> None:
    apia = ZoneInfo("Pacific/Apia")
    refused = decide(default(), interviewed(), FOLLOW_UP, MONDAY, zone=apia).body
    assert refused["opens_at"] == "2026-03-11T12:00:00+13:00"
    assert refused["text"].startswith("follow up with acme: refused on Mon 2 Mar 2026 22:00.")
    taken_back = default().restore(interviewed()).retract(1, at=LATER)
    assert "interview, Mon 2 Mar 2026 22:00" in answer(taken_back, zone=apia).body["text"]
    assert "interview, Mon 2 Mar 2026 10:00" in answer(taken_back).body["text"]


@pytest.mark.parametrize(("behind", "moment"), [(0, 0), (1, 0), (60, 0), (-1, 1), (-1.5, 1)])
def test_a_clock_that_is_a_little_behind_goes_by_the_latest_event(behind: float, moment: int) -> None:
    process = default().restore(interviewed())
    now = MONDAY - timedelta(seconds=behind)
    assert moment_of(process, now) == MONDAY + timedelta(seconds=moment)
    with pytest.raises(pi.TimeError, match="retract entry 1"):
        moment_of(process, MONDAY - timedelta(seconds=61))


def test_a_fraction_of_a_second_is_no_step_backwards() -> None:
    odd = MONDAY + timedelta(microseconds=5)
    process = start().record("message", at=odd).process
    assert moment_of(process, odd, leeway=timedelta()) == odd
    assert moment_of(start(), odd) == MONDAY


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (pi.MisuseError("no"), 422),
        (pi.TimeError("no"), 422),
        (UnknownKeyError("no"), 404),
        (pi.SavedError("no"), 500),
        (pi.RulesChangedError("no", "", ()), 503),
        (StoreError("no"), 503),
        (ConflictError("no"), 503),
    ],
)
def test_each_error_has_its_status(error: Any, status: int) -> None:
    assert problem(error)[0] == status


def test_an_error_of_the_host_is_raised() -> None:
    with pytest.raises(pi.RulesError):
        problem(pi.RulesError((), {}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is no JSON (write it as "),
        (b"\xff", "it is no JSON"),
        ("[]", "a list is no mapping"),
        ("{}", "`event` is missing"),
        ('{"event": 5}', "`event`: `5` is no text"),
        ('{"event": "x", "event": "y"}', "the key `event` stands twice"),
        ('{"event": "x", "happend": "2026-03-02"}', "unknown key `happend` (did you mean `happened`?)"),
        ('{"event": "x", "to": ["ana"]}', "`to`: a list is no text"),
        ('{"event": "x", "fields": []}', "`fields`: a list is no mapping"),
        ('{"event": "x", "again": "yes"}', '`again`: `"yes"` is neither true nor false'),
        ('{"event": "x", "happened": 1}', "`happened`: `1` is no text"),
        (
            '{"event": "x", "happened": "2026-3-5"}',
            "is neither a day nor a moment (write a day as 2026-03-02, or a moment with its offset as",
        ),
    ],
)
def test_what_is_no_call_is_misuse(text: str, said: str) -> None:
    with pytest.raises(pi.MisuseError) as caught:
        Call.from_json(text)
    assert said in str(caught.value)
    assert "this is not a call: " in str(caught.value)
    assert not any(word in str(caught.value) for word in ("__init__", "isoformat", "argument", "char 0"))


def test_a_call_says_that_something_happened_again() -> None:
    """A message of that day is recorded already. Another one is no date for it."""
    process = packaged().start("acme", "Europe/Zurich").record("message", at=date(2026, 3, 2)).process
    told = Call.from_json('{"event": "message", "happened": "2026-03-02T10:00+01:00", "again": true}')
    assert Call.from_json(told.as_json()) == told
    assert len(perform(process, told, LATER).process.timeline) == 2
    assert len(perform(process, replace(told, again=False), LATER).process.timeline) == 1
    assert "again" not in replace(told, again=False).as_json()
    with pytest.raises(pi.MisuseError, match="`again` is for what happened"):
        perform(process, Call("reply", again=True), LATER)


def test_a_card_that_comes_too_early_may_stay_and_what_it_undid_is_written() -> None:
    board = pi.StatusMap({"Interview": "interview", "Ghosted": "assume_closed", "Offer": "offer"})
    process = packaged().start("acme", "Europe/Zurich")
    process = process.follow("Interview", at=MONDAY, statuses=board).process
    told = answer(process.follow("Ghosted", at=LATER, statuses=board))
    assert (told.status, told.saved, told.body["number"]) == (200, None, None)
    assert told.body["text"].startswith("Nothing to record yet. ")
    assert told.body["opens_at"] == "2026-04-01T11:00:00+02:00"

    process = process.follow("Offer", at=MONDAY, statuses=board).process
    told = answer(process.follow("Ghosted", at=LATER, statuses=board))
    assert (told.status, told.body["number"], "opens_at" in told.body) == (201, 3, True)
    assert [each.name for each in packaged().restore(told.saved or "").timeline] == ["interview"]


# --- days without hours -------------------------------------------------------------------------------


def test_a_call_reports_a_day_of_the_employers() -> None:
    call = Call.from_json('{"event": "message", "happened": "2026-03-05"}')
    assert call.happened == date(2026, 3, 5)
    assert Call.from_json(call.as_json()) == call
    told = decide(default(), interviewed(), call, LATER)
    assert (told.status, told.body["text"]) == (
        201,
        "Recorded as entry 2: message, at some time on Thu 5 Mar 2026.",
    )
    process = default().restore(told.saved or "")
    assert process.timeline[-1].event.day == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("zone", "today"), [("Pacific/Apia", date(2026, 3, 16)), ("Pacific/Pago_Pago", date(2026, 3, 15))]
)
def test_today_is_the_day_that_it_is_where_the_employer_is(zone: str, today: date) -> None:
    """At one moment it is the 16th in Apia and the 15th in Pago Pago."""
    now = datetime(2026, 3, 15, 20, tzinfo=UTC)
    saved = packaged().start("acme", zone).to_json()
    assert decide(packaged(), saved, Call("message", happened=today), now).status == 201
    tomorrow = Call("message", happened=today + timedelta(days=1))
    with pytest.raises(pi.TimeError) as refused:
        decide(packaged(), saved, tomorrow, now)
    assert refused.value.message == (
        f"{tomorrow.happened} has not begun where the employer is ({zone}), where it is {today} now"
    )
    assert problem(refused.value)[0] == 422


def test_the_day_begins_with_its_first_microsecond_but_for_the_leeway() -> None:
    saved = packaged().start("acme", "Pacific/Apia").to_json()
    begins = datetime(2026, 3, 16, tzinfo=ZoneInfo("Pacific/Apia"))
    call = Call("message", happened=date(2026, 3, 16))
    assert decide(packaged(), saved, call, begins, leeway=timedelta(0)).status == 201
    with pytest.raises(pi.TimeError, match="has not begun"):
        decide(packaged(), saved, call, begins - timedelta(microseconds=1), leeway=timedelta(0))


def of_today(*calls: dict[str, Any], now: datetime = MONDAY + timedelta(hours=8)) -> pi.Process:
    process = packaged().start("acme", "Europe/Zurich")
    for call in calls:
        process = perform(process, Call.from_json(json.dumps(call)), now).process
    return process


MET: dict[str, Any] = {"event": "interview", "happened": "2026-03-02", "fields": {"interviewers": ["ana"]}}
ASKED: dict[str, Any] = {"event": "question", "happened": "2026-03-02"}
REPLIED: dict[str, Any] = {"event": "reply", "happened": "2026-03-02"}


def test_they_asked_today_and_i_answered_today_needs_no_hours() -> None:
    asked, now = of_today(MET, ASKED), MONDAY + timedelta(hours=8)
    assert "answer acme" in agenda(asked, now).text
    for call in (Call("reply"), Call("reply", happened=date(2026, 3, 2))):
        replied = perform(asked, call, now)
        assert answer(replied).status == 201
        assert not replied.breach
        assert not replied.process.agenda(at=now).of("tell")
    assert answer(perform(of_today(ASKED, MET), Call("reply"), now)).status == 409  # before the talk


def test_a_report_is_repeated_though_its_day_is_over_by_then() -> None:
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start("acme", timezone="Europe/Zurich")
    today, tomorrow = MONDAY + timedelta(hours=8), MONDAY + timedelta(days=1)
    met, asked, replied = (Call.from_json(json.dumps(each)) for each in (MET, ASKED, REPLIED))
    keeper.perform("acme", met, at=today, once="1")
    for at_, is_repeat in ((today, False), (today, True), (tomorrow, True)):
        assert keeper.perform("acme", asked, at=at_, once="2").repeated is is_repeat
    for at_, is_repeat in ((tomorrow, False), (tomorrow, True)):
        assert keeper.perform("acme", replied, at=at_, once="3").repeated is is_repeat
    assert [placed.event.late for placed in keeper.load("acme").timeline] == [False, False, True]
    with pytest.raises(pi.MisuseError, match="belongs to another call"):
        keeper.perform("acme", replace(asked, late=True), at=today, once="2")


def test_a_day_that_is_over_has_no_order_unless_the_call_says_so() -> None:
    tomorrow = MONDAY + timedelta(days=1)
    assert perform(of_today(MET, ASKED, now=tomorrow), Call("reply"), tomorrow).refused
    in_time = of_today(MET, ASKED | {"late": False}, now=tomorrow)
    assert not perform(in_time, Call("reply"), tomorrow).refused
    late = of_today(MET, ASKED | {"late": True})
    assert perform(late, Call("reply"), MONDAY + timedelta(hours=8)).refused
    with pytest.raises(pi.TimeError, match="is before the latest event"):
        of_today(MET, MET | {"happened": "2026-02-27", "late": False})


def test_a_day_before_one_that_is_recorded_is_late_though_it_is_today() -> None:
    process = packaged().start("acme", "Pacific/Pago_Pago")
    process = process.record("message", at=datetime(2026, 3, 3, 11, 0, 30, tzinfo=UTC)).process
    now = datetime(2026, 3, 3, 10, 59, 59, tzinfo=UTC)
    outcome = perform(process, Call("question", happened=date(2026, 3, 2)), now)
    assert [placed.name for placed in outcome.process.timeline] == ["question", "message"]


def test_what_a_call_reports_of_today_may_date_what_had_no_date() -> None:
    told = of_today(MET, {"event": "message", "happened": "2026-03-02", "undated": True})
    assert [placed.event.is_open for placed in told.timeline] == [False, True]
    dated = perform(told, Call("message", happened=date(2026, 3, 2)), MONDAY + timedelta(hours=8)).process
    assert [placed.event.day for placed in dated.timeline] == [date(2026, 3, 2)] * 2
    with pytest.raises(pi.MisuseError, match="`undated` is for what happened"):
        of_today({"event": "reply", "undated": True})


@pytest.mark.parametrize("text", ["2026-02-30", "2026-3-5", "yesterday", 5, ["2026-03-05"]])
def test_what_is_neither_a_moment_nor_a_day_is_no_call(text: object) -> None:
    with pytest.raises(pi.MisuseError, match="this is not a call"):
        Call.from_json(json.dumps({"event": "message", "happened": text}))


def test_a_day_that_is_reported_needs_the_process_which_knows_where_it_begins() -> None:
    day = date(2026, 3, 2)
    with pytest.raises(pi.TimeError, match=r"begins where the employer is.*give `process=`"):
        past(day, LATER)
    assert past(day, LATER, process=start()) == day
    with pytest.raises(pi.TimeError, match="has not begun where the employer is"):
        past(date(2027, 3, 2), LATER, process=start())
