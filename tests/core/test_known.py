"""What was unknown can be said to be known: each event, and each application, by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

import postinterview as pi
from tests.core.helpers import at, default, packaged

TALK = at("2026-03-02 10:00")
EXPORTED = at("2026-03-12 00:00")
LATER = at("2026-03-16 10:00")
WORDS = ("message", "promise", "follow_up")


def imported(*unknown: str, application: str | None = None) -> pi.Process:
    process = default().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=TALK, interviewers=["ana"], application=application).process
    return process.unknown(*unknown or WORDS, until=EXPORTED).process


def ids(process: pi.Process, application: str | None = None) -> set[str]:
    verdict = process.may("follow_up", at=LATER, channel="email", application=application)
    return {reason.id for reason in verdict.reasons if reason.has == "unknown"}


def test_each_event_is_known_by_itself() -> None:
    process = imported()
    assert ids(process) == {"let_them_speak", "wait_for_the_answer", "one_follow_up", "one_chase"}
    process = process.known("follow_up").process
    assert ids(process) == {"let_them_speak", "wait_for_the_answer"}
    process = process.known("message").process
    assert ids(process) == {"wait_for_the_answer"}
    assert process.known("promise").process.may("follow_up", at=LATER, channel="email")


def test_what_did_happen_is_recorded_late_and_counts() -> None:
    process = imported()
    process = process.record("follow_up", at=at("2026-03-10 09:00"), channel="email", late=True).process
    process = process.known(*WORDS).process

    reasons = process.may("follow_up", at=LATER, channel="email").reasons
    assert [reason.id for reason in reasons] == ["one_follow_up", "one_chase"]
    assert {reason.has == "unknown" for reason in reasons} == {False}


def test_until_a_moment_leaves_open_what_is_unknown_until_a_later_one() -> None:
    process = imported("message")
    early = process.known("message", until=EXPORTED - timedelta(days=1)).process
    assert ids(early) == ids(process) != set()
    assert ids(process.known("message", until=EXPORTED).process) == set()
    later = process.unknown("message", until=LATER).process
    assert ids(later.known("message", until=EXPORTED).process) == ids(process)


def test_each_application_is_known_by_itself() -> None:
    process = imported("message", application="backend")
    process = process.record("interview", at=EXPORTED, application="data", interviewers=["bo"]).process
    assert ids(process, "backend") == {"let_them_speak"}
    process = process.known("message", application="backend").process

    assert ids(process, "backend") == set()
    assert ids(process, "data") == {"let_them_speak"}
    assert ids(process.known("message", application="data").process, "data") == set()


def test_in_one_application_nothing_is_said_of_the_whole_employer() -> None:
    process = imported("follow_up").known("follow_up", application="main").process
    early = process.may("follow_up", at=EXPORTED, channel="email")
    assert [r.id for r in early.reasons] == ["one_chase"]
    assert process.known("follow_up").process.may("follow_up", at=EXPORTED, channel="email").allowed


def test_of_what_concerns_the_whole_employer_an_application_says_all() -> None:
    process = imported("write_plan")
    plans = [item.due for item in process.agenda(at=LATER) if item.event == "write_plan"]
    known = process.known("write_plan", application="main").process
    assert plans == [None]
    assert None not in [item.due for item in known.agenda(at=LATER) if item.event == "write_plan"]


def test_a_class_stands_for_its_events() -> None:
    assert imported("wrote").known("wrote").process.may("follow_up", at=LATER, channel="email")
    entry = imported("wrote").known("wrote").process.history[-1]
    assert isinstance(entry, pi.Known)
    assert entry.of == tuple(n for n in default().definition.events if n in entry.of)
    assert "message" in entry.of


def test_the_last_word_counts() -> None:
    process = imported("message").known("message").process
    assert ids(process) == set()
    again = process.unknown("message", until=EXPORTED).process
    assert ids(again) == ids(imported("message"))
    before = default().start("Acme", "Europe/Zurich").known("message").process
    before = before.unknown("message", until=EXPORTED).process
    before = before.record("interview", at=TALK, interviewers=["ana"]).process
    assert ids(before) == ids(imported("message"))


def test_it_can_be_taken_back() -> None:
    process = imported("message")
    known = process.known("message").process
    outcome = known.retract(3, at=LATER)
    assert ids(outcome.process) == ids(process)
    assert outcome.text == ("Recorded as entry 4: entry 3 (known: message) is taken back.")


def test_an_act_that_was_in_doubt_is_cleared_by_it() -> None:
    process = imported("message").record("follow_up", at=LATER, channel="email").process
    assert [placed.doubtful for placed in process.breaches] == [True]
    outcome = process.known("message", until=EXPORTED)

    assert outcome.event is None
    assert outcome.process.breaches == ()
    assert outcome.no_longer_breaches == (3,)
    assert outcome.text == (
        "Recorded as entry 4: all is known that happened of message before Thu 12 Mar 2026 00:00. "
        "Against the rules no longer: entry 3."
    )


def test_a_breach_that_comes_into_doubt_and_out_of_it_is_told_each_time() -> None:
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK).process
    process = process.record("follow_up", at=at("2026-03-03 10:00"), channel="email").process
    doubted = process.unknown("promise", until=EXPORTED)
    assert (doubted.now_breaches, doubted.now_in_doubt, doubted.no_longer_breaches) == ((), (2,), ())
    assert doubted.text.endswith(" Perhaps against the rules now: entry 2.")
    certain = doubted.process.known("promise")
    assert (certain.now_breaches, certain.now_in_doubt, certain.no_longer_breaches) == ((2,), (), ())
    assert certain.text.endswith(" Against the rules now: entry 2.")


@pytest.mark.parametrize(
    ("of", "kwargs", "error"),
    [
        ((), {}, "nothing is named as known"),
        (("mesage",), {}, "unknown event or class `mesage`"),
        (("message",), {"application": ""}, "`''` is not an application"),
        (("message",), {"until": EXPORTED.replace(tzinfo=None)}, "has no zone"),
    ],
)
def test_misuse(of: tuple[str, ...], kwargs: dict[str, object], error: str) -> None:
    with pytest.raises(pi.MisuseError, match=error):
        imported().known(*of, **kwargs)  # type: ignore[arg-type]


def test_it_is_saved_and_restored() -> None:
    process = imported().known("message", until=EXPORTED, application="main").process.known("promise").process
    text = process.to_json()
    assert process.rulebook.restore(text) == process
    assert '"known": ["promise"]' in text
    assert repr(process.history[-1]) == "<Known 4: all, promise>"
    assert repr(process.history[-2]) == "<Known 3: until Wed 11 Mar 2026 23:00 UTC, message>"


def test_an_earlier_format_has_no_such_entry() -> None:
    text = imported().known("message").process.to_json()
    assert '"format": 3' in text
    with pytest.raises(pi.SavedError, match="format 1 has no such entry"):
        default().restore(text.replace('"format": 3', '"format": 1'))


def test_a_reply_is_no_breach_if_the_unknown_alone_refuses_a_way_of_it() -> None:
    """A message was there to answer, and perhaps it was answered before: that alone refuses the reply."""
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK).process
    process = process.record("message", at=at("2026-03-10 10:00")).process
    process = process.unknown("reply", until=at("2026-03-11 10:00")).process

    outcome = process.record("reply", at=at("2026-03-12 10:00"))

    assert (outcome.breach, outcome.in_doubt) == (True, True)
    assert not outcome.process.known("reply").process.timeline[-1].breach
