"""Every guard of the packaged rules, one microsecond on each side of its bound.

Oracle and engine are asked together (see `Story`). A bound is a moment, or an event that comes at a moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest

from tests.core.helpers import packaged
from tests.oracle.stories import DEFAULT_FILE, Story

RULES = DEFAULT_FILE.read_text(encoding="utf-8")
THANKS: dict[str, Any] = {"thanks": True, "topic": "the data platform", "looking_forward": True}
NOTE = {"personal_note": "The data platform stayed with me."}


@dataclass
class Told:
    """An event, at a moment of 2026 in Zurich such as ``03-02 10:00``."""

    name: str
    at: str
    fields: dict[str, Any]
    application: str = "main"
    to: str | None = None

    def record(self, story: Story) -> None:
        story.add(self.name, f"2026-{self.at}", to=self.to, application=self.application, **self.fields)


def told(name: str, at: str, application: str = "main", to: str | None = None, **fields: Any) -> Told:
    return Told(name, at, fields, application, to)


def talk(at: str, application: str = "main", *, to: str = "ana", **fields: Any) -> Told:
    return told("interview", at, application, interviewers=(to,), **fields)


@dataclass
class Bound:
    """Where a guard begins to hold of an act, or ceases to.

    ``by``: the event that makes it, at that moment. ``alone``: the guard alone refuses the act.
    """

    guard: str
    act: str
    sense: Literal["opens", "closes"]
    at: str
    history: tuple[Told, ...]
    by: Told | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    application: str = "main"
    to: str | None = None
    alone: bool = True

    def __str__(self) -> str:
        return f"{self.act}-{self.guard}-{self.sense}"

    def against(self, story: Story, moment: datetime) -> set[str]:
        return story.against(
            self.act, moment.isoformat(" "), to=self.to, application=self.application, **self.fields
        )


def bounds_of(act: str, **common: Any) -> Any:
    """Return a function that makes bounds of one act."""

    def made(guard: str, sense: str, at: str, *history: Told, **others: Any) -> Bound:
        return Bound(guard, act, sense, at, history, **(common | others))  # type: ignore[arg-type]

    return made


MAIL, CALL = {"channel": "email"}, {"channel": "call"}
TALK = talk("03-02 10:00")
BOTH = (talk("03-02 10:00", "a"), talk("03-02 14:00", "b", to="bo"))
ASKED = told("follow_up", "03-10 10:00", "a", **MAIL)
TWO_CALLS = (told("missed_call", "03-09 09:00", "a"), told("missed_call", "03-10 09:00", "a"))
THREE_ROUNDS = tuple(
    each
    for month, day in ((3, 2), (3, 18), (4, 7))
    for first in [datetime(2026, month, day, 10, tzinfo=UTC)]
    for each in (
        talk(f"{first:%m-%d %H:%M}"),
        *(
            told(name, f"{first + timedelta(days=days):%m-%d %H:%M}", **(MAIL if name == "follow_up" else {}))
            for name, days in (("missed_call", 7), ("missed_call", 8), ("follow_up", 9))
            if month == 3
        ),
    )
)

follow_up = bounds_of("follow_up", fields=MAIL)
call = bounds_of("missed_call")
NUDGES = [
    follow_up(
        "one_follow_up",
        "closes",
        "03-10 10:00",
        TALK,
        by=told("follow_up", "03-10 10:00", **MAIL),
        alone=False,
    ),
    follow_up(
        "one_chase",
        "opens",
        "03-18 10:00",
        *BOTH,
        ASKED,
        by=told("message", "03-18 10:00", "a"),
        application="b",
    ),
    follow_up(
        "answer_first",
        "opens",
        "03-20 10:00",
        *BOTH,
        told("question", "03-05 10:00", "b"),
        by=told("reply", "03-20 10:00", "b"),
        application="a",
    ),
    follow_up(
        "task_first",
        "opens",
        "03-20 10:00",
        TALK,
        told("assignment", "03-03 10:00"),
        by=told("hand_in", "03-20 10:00"),
        alone=False,
    ),
    follow_up("wait_for_the_answer", "opens", "03-09 10:00", TALK),
    follow_up(
        "wait_for_the_answer", "opens", "03-16 00:00", talk("03-02 10:00", decide_by=date(2026, 3, 13))
    ),
    follow_up(
        "wait_for_the_answer",
        "opens",
        "03-18 10:00",
        TALK,
        told("assignment", "03-03 10:00"),
        told("hand_in", "03-11 10:00"),
        alone=False,
    ),
    follow_up(
        "no_talk_ahead",
        "opens",
        "03-23 00:00",
        TALK,
        told("scheduled", "03-03 10:00", date=date(2026, 3, 20)),
    ),
    follow_up(
        "no_talk_ahead",
        "opens",
        "03-11 10:00",
        TALK,
        told("scheduled", "03-03 10:00", date=date(2026, 3, 20)),
        by=told("cancelled", "03-11 10:00"),
        alone=False,
    ),
    follow_up("on_hold_is_a_wait", "opens", "04-02 11:00", TALK, told("on_hold", "03-03 10:00")),
    follow_up(
        "on_hold_is_a_wait",
        "opens",
        "06-15 00:00",
        TALK,
        told("on_hold", "03-03 10:00", until=date(2026, 6, 12)),
    ),
    follow_up(
        "on_hold_is_a_wait",
        "opens",
        "03-12 10:00",
        TALK,
        told("on_hold", "03-03 10:00"),
        by=told("promise", "03-12 10:00", date=date(2026, 3, 12)),
        alone=False,
    ),
    follow_up("not_too_late", "closes", "05-08 11:00", TALK),
    follow_up(
        "not_too_late",
        "closes",
        "06-02 00:00",
        TALK,
        told("on_hold", "04-01 11:00"),
        told("promise", "04-02 11:00", date=date(2026, 4, 2)),
    ),
    follow_up(
        "a_week_apart",
        "opens",
        "03-17 10:00",
        *BOTH,
        ASKED,
        told("message", "03-10 11:00", "a"),
        application="b",
    ),
    follow_up(
        "few_nudges",
        "opens",
        "03-23 09:00",
        *BOTH,
        *TWO_CALLS,
        ASKED,
        told("rejection", "03-12 10:00", "a"),
        application="b",
    ),
    follow_up("few_in_two_months", "opens", "05-08 11:00", *THREE_ROUNDS),
    follow_up("decent_hours", "opens", "03-16 08:00", TALK, fields=CALL),
    follow_up("decent_hours", "closes", "03-16 20:00", TALK, fields={"channel": "message"}),
    *(
        follow_up("let_them_speak", "opens", "03-19 10:00", TALK, told(name, "03-12 10:00"))
        for name in ("message", "cancelled")
    ),
    follow_up(
        "let_them_speak",
        "opens",
        "03-19 10:00",
        TALK,
        told("message", "03-11 10:00"),
        told("reply", "03-12 10:00"),
    ),
    call(
        "one_follow_up",
        "closes",
        "03-10 10:00",
        TALK,
        by=told("follow_up", "03-10 10:00", **MAIL),
        alone=False,
    ),
    call(
        "one_chase",
        "opens",
        "03-18 10:00",
        *BOTH,
        ASKED,
        by=told("promise", "03-18 10:00", "a", date=date(2026, 3, 18)),
        application="b",
    ),
    call(
        "answer_first",
        "opens",
        "03-20 10:00",
        *BOTH,
        told("question", "03-05 10:00", "b"),
        by=told("promise", "03-20 10:00", "b", date=date(2026, 4, 1)),
        application="a",
    ),
    call(
        "task_first",
        "opens",
        "03-20 10:00",
        TALK,
        told("assignment", "03-03 10:00"),
        by=told("hand_in", "03-20 10:00"),
        alone=False,
    ),
    call("wait_for_the_answer", "opens", "03-09 10:00", TALK),
    call(
        "no_talk_ahead",
        "opens",
        "03-23 00:00",
        TALK,
        told("scheduled", "03-03 10:00", date=date(2026, 3, 20)),
        alone=False,
    ),
    call("on_hold_is_a_wait", "opens", "04-02 11:00", TALK, told("on_hold", "03-03 10:00")),
    call("not_too_late", "closes", "05-08 11:00", TALK),
    call(
        "a_week_apart",
        "opens",
        "03-17 10:00",
        *BOTH,
        ASKED,
        told("promise", "03-10 11:00", "a", date=date(2026, 3, 10)),
        application="b",
    ),
    call(
        "few_nudges",
        "opens",
        "03-23 09:00",
        *BOTH,
        *TWO_CALLS,
        ASKED,
        told("rejection", "03-12 10:00", "a"),
        application="b",
    ),
    call("few_in_two_months", "opens", "05-08 11:00", *THREE_ROUNDS),
    call("decent_hours", "opens", "03-16 08:00", TALK),
    call("decent_hours", "closes", "03-16 20:00", TALK),
    call(
        "let_them_speak", "opens", "03-19 10:00", *BOTH, told("message", "03-12 10:00", "b"), application="a"
    ),
    call(
        "two_attempts",
        "opens",
        "03-12 10:00",
        *BOTH,
        *TWO_CALLS,
        by=told("promise", "03-12 10:00", "a", date=date(2026, 3, 12)),
        application="b",
    ),
    call(
        "two_a_round",
        "closes",
        "03-10 09:00",
        *BOTH,
        TWO_CALLS[0],
        by=TWO_CALLS[1],
        application="a",
        alone=False,
    ),
    call("a_day_between_attempts", "opens", "03-10 09:00", *BOTH, TWO_CALLS[0], application="b"),
]

thank = bounds_of("thank_you", to="ana", fields=THANKS)
invite = bounds_of("linkedin_invite", to="ana", fields=NOTE)
PROFILE = told("complete_profile", "03-02 12:00")
COURTESIES = [
    thank(
        "one_thank_you",
        "closes",
        "03-02 12:00",
        TALK,
        by=told("thank_you", "03-02 12:00", to="ana", **THANKS),
        alone=False,
    ),
    thank(
        "a_day_apart",
        "opens",
        "03-03 16:00",
        talk("03-02 10:00", "a"),
        talk("03-02 14:00", "b"),
        told("thank_you", "03-02 16:00", "a", to="ana", **THANKS),
        application="b",
    ),
    thank("while_it_is_fresh", "closes", "03-16 10:00", TALK),
    thank(
        "quiet_after_a_no",
        "opens",
        "03-05 10:00",
        TALK,
        told("rejection", "03-03 10:00"),
        told("accept", "03-04 10:00"),
        by=talk("03-05 10:00"),
    ),
    invite(
        "one_invite",
        "closes",
        "03-05 10:00",
        TALK,
        PROFILE,
        by=told("linkedin_invite", "03-05 10:00", to="ana", **NOTE),
    ),
    invite("a_day_later", "opens", "03-03 10:00", TALK, PROFILE),
    invite("while_it_is_fresh", "closes", "04-01 11:00", TALK, PROFILE),
    invite("profile_complete", "opens", "03-05 10:00", TALK, by=told("complete_profile", "03-05 10:00")),
]

reply, hand_in, notice = bounds_of("reply"), bounds_of("hand_in"), bounds_of("notice")
kind_answer = bounds_of("rejection_reply")
WORD = told("message", "03-03 10:00")
NOTICES = tuple(
    told(name, f"03-{day:02} {hour}:00")
    for day in (3, 4, 5)
    for name, hour in (("notice", 10), ("message", 11))
)
ANSWERS = [
    reply("reply_to_a_message", "opens", "03-03 10:00", TALK, by=WORD, alone=False),
    reply(
        "reply_to_a_message",
        "closes",
        "03-03 11:00",
        TALK,
        WORD,
        by=told("reply", "03-03 11:00"),
        alone=False,
    ),
    reply("reply_to_a_message", "closes", "03-03 11:00", TALK, WORD, by=talk("03-03 11:00"), alone=False),
    reply("while_it_is_fresh", "closes", "03-17 10:00", TALK, WORD),
    reply("while_it_is_fresh", "opens", "04-20 10:00", TALK, WORD, by=told("question", "04-20 10:00")),
    reply(
        "while_it_is_fresh",
        "closes",
        "04-20 10:00",
        TALK,
        told("question", "03-03 10:00"),
        by=told("promise", "04-01 10:00", date=date(2026, 4, 2)),
        alone=False,
    ),
    hand_in("task_given", "opens", "03-03 10:00", TALK, by=told("assignment", "03-03 10:00")),
    hand_in(
        "task_given",
        "closes",
        "03-04 10:00",
        TALK,
        told("assignment", "03-03 10:00"),
        by=told("hand_in", "03-04 10:00"),
    ),
    notice("one_notice", "closes", "03-03 10:00", TALK, by=told("notice", "03-03 10:00")),
    notice(
        "one_notice",
        "opens",
        "03-03 11:00",
        TALK,
        told("notice", "03-03 10:00"),
        by=told("message", "03-03 11:00"),
    ),
    notice("few_notices", "opens", "05-02 11:00", TALK, *NOTICES),
    kind_answer(
        "one_rejection_reply",
        "closes",
        "03-04 10:00",
        TALK,
        told("rejection", "03-03 10:00"),
        by=told("rejection_reply", "03-04 10:00"),
    ),
    kind_answer("while_it_is_fresh", "closes", "03-17 10:00", TALK, told("rejection", "03-03 10:00")),
]

counter, close = bounds_of("counter_offer"), bounds_of("assume_closed")
PLANS = tuple(told("write_plan", "03-02 20:00", name, negotiation="salary") for name in "ab")
OFFER = told("offer", "03-09 10:00", "a")
DECISIONS = [
    counter(
        "plan_ready",
        "opens",
        "03-10 10:00",
        *BOTH,
        OFFER,
        by=told("write_plan", "03-10 10:00", "a"),
        application="a",
    ),
    counter(
        "one_chase",
        "opens",
        "03-18 10:00",
        *BOTH,
        *PLANS,
        told("offer", "03-09 10:00", "b"),
        ASKED,
        by=told("message", "03-18 10:00", "a"),
        application="b",
    ),
    counter(
        "one_counter",
        "opens",
        "03-12 10:00",
        *BOTH,
        *PLANS,
        OFFER,
        told("counter_offer", "03-10 10:00", "a"),
        told("message", "03-11 10:00", "a"),
        by=told("offer_revised", "03-12 10:00", "a"),
        application="a",
    ),
    counter(
        "two_counters",
        "closes",
        "03-12 11:00",
        *BOTH,
        *PLANS,
        OFFER,
        told("counter_offer", "03-10 10:00", "a"),
        told("offer_revised", "03-12 10:00", "a"),
        by=told("counter_offer", "03-12 11:00", "a"),
        application="a",
        alone=False,
    ),
    counter(
        "few_counters",
        "opens",
        "05-09 11:00",
        *BOTH,
        *PLANS,
        OFFER,
        told("counter_offer", "03-10 10:00", "a"),
        told("offer_revised", "03-11 10:00", "a"),
        told("counter_offer", "03-12 10:00", "a"),
        told("offer", "03-13 10:00", "b"),
        told("counter_offer", "03-14 10:00", "b"),
        told("offer_revised", "03-16 10:00", "b"),
        application="b",
    ),
    counter(
        "their_date_first",
        "opens",
        "03-12 00:00",
        *BOTH,
        *PLANS,
        OFFER,
        told("promise", "03-09 11:00", "a", date=date(2026, 3, 11)),
        application="a",
    ),
    close("month_of_silence", "opens", "04-01 11:00", TALK),
    close(
        "nothing_ahead",
        "opens",
        "04-21 00:00",
        TALK,
        told("scheduled", "03-03 10:00", date=date(2026, 4, 20)),
    ),
    close(
        "nothing_ahead", "opens", "04-21 00:00", TALK, told("promise", "03-03 10:00", date=date(2026, 4, 20))
    ),
    close(
        "nothing_ahead", "opens", "04-21 00:00", TALK, told("on_hold", "03-03 10:00", until=date(2026, 4, 20))
    ),
]
BOUNDS: list[Bound] = NUDGES + COURTESIES + ANSWERS + DECISIONS


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_guard_turns_at_its_bound(bound: Bound) -> None:
    story = Story(RULES)
    for each in bound.history:
        each.record(story)
    at = datetime.fromisoformat(f"2026-{bound.at}")
    before = bound.against(story, at - timedelta(microseconds=1))
    if bound.by is not None:
        bound.by.record(story)
    after = bound.against(story, at)
    refused, allowed = (before, after) if bound.sense == "opens" else (after, before)
    if bound.alone:
        assert (refused, allowed) == ({bound.guard}, set())
    else:
        assert bound.guard in refused - allowed


FIELDS = {"says_thanks": ("thank_you", THANKS), "personal_note": ("linkedin_invite", NOTE)}


@pytest.mark.parametrize(
    ("guard", "field"), [(guard, field) for guard, (_, carried) in FIELDS.items() for field in carried]
)
def test_a_note_carries_what_it_is_for(guard: str, field: str) -> None:
    act, carried = FIELDS[guard]
    story = Story(RULES)
    for each in (TALK, PROFILE):
        each.record(story)
    for value in (None, type(carried[field])()):
        fields = {name: said for name, said in carried.items() if name != field}
        fields |= {} if value is None else {field: value}
        assert story.against(act, "2026-03-04 10:00", to="ana", **fields) == {guard}
    assert story.against(act, "2026-03-04 10:00", to="ana", **carried) == set()


def test_every_guard_of_the_rules_has_a_bound_here() -> None:
    guards = {
        (way.event, guard.id)
        for machine in packaged().definition.machines.values()
        for way in machine.transitions
        for guard in way.guards
    }
    shown = {(bound.act, bound.guard) for bound in BOUNDS} | {
        (act, guard) for guard, (act, _) in FIELDS.items()
    }
    assert guards == shown
