"""The packaged rules keep every promise, and each promise rests on the guards that are there for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.core.rules.definitions import (
    Apart,
    AtMost,
    BusinessDays,
    FirstKnown,
    Guard,
    Moment,
    NotAfter,
    NotBefore,
    Transition,
)
from postinterview.proof.explain import protections, ways, with_guard
from postinterview.proof.prove import Prover
from postinterview.proof.search.replay import StoryReplay
from tests.proof.helpers import PROMISES, Blunt, prove, slow_clock
from tests.proof.oracle import ORACLE, broken
from tests.proof.packaged import DEFINITION, PROOF, RULEBOOK
from tests.strategies.scale import one_in

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def what_breaks(story: StoryReplay) -> set[str]:
    """The promises that the oracle sees broken by the last act of a story."""
    act = story.story.act
    assert story.verdict.allowed
    return broken(story.process, act.event, act.at, to=act.to, application=act.application)


def test_every_promise_is_proved() -> None:
    assert {result.id: result.verdict for result in PROOF.results} == dict.fromkeys(ORACLE, "proved")


def test_every_promise_rests_on_the_guards_that_are_there_for_it() -> None:
    assert {result.id: result.rests_on for result in PROOF.results} == {
        "one_chase": ("one_chase",),
        "one_follow_up": ("one_follow_up",),
        "a_week_apart": ("a_week_apart",),
        # The call is asked after the follow-up, with all guards that count the same acts, and keeps them.
        "few_nudges": ("few_nudges",),
        "few_in_two_months": ("few_in_two_months",),
        "not_before_the_date": ("wait_for_the_answer", "their_date_first"),
        "courtesy_once": (
            "one_thank_you",
            "one_invite",
            "task_given",
            "one_notice",
            "one_rejection_reply",
            "state",
        ),
        "few_courtesies_to_a_person": ("one_thank_you", "one_invite"),
        "few_notices": ("few_notices",),
        "fresh_thanks": ("while_it_is_fresh",),
        "one_invite": ("one_invite",),
        "fresh_invitations": ("while_it_is_fresh",),
        "quiet_after_a_no": ("quiet_after_a_no", "state", "reply_to_a_message", "one_rejection_reply"),
        "quiet_after_the_end": ("state",),
        "one_counter": ("one_counter",),
        "two_counters": ("two_counters",),
        "few_counters": ("few_counters",),
        "two_attempts": ("two_attempts",),
        "two_attempts_a_round": ("two_a_round",),
        "attempts_apart": ("a_day_between_attempts",),
        "no_attempt_after_a_chase": ("one_chase",),
        "one_reply": ("reply_to_a_message",),
        "few_words_to_nobody": ("task_given", "state", "one_notice", "one_rejection_reply"),
    }


def test_every_promise_speaks_of_some_act() -> None:
    assert all(result.parts for result in PROOF.results)


def test_every_act_can_be_allowed_so_nothing_is_proved_for_lack_of_acts() -> None:
    for way in ways(RULEBOOK, slow_clock):
        assert way.replay is not None, way.act
        assert way.replay.verdict.allowed


PROTECTS = {
    ("thank", "one_thank_you"): {"courtesy_once", "few_courtesies_to_a_person"},
    ("thank", "a_day_apart"): set(),
    ("thank", "while_it_is_fresh"): {"fresh_thanks", "fresh_invitations"},
    ("thank", "quiet_after_a_no"): {"quiet_after_a_no"},
    ("thank", "says_thanks"): set(),
    ("invite", "one_invite"): {"courtesy_once", "one_invite", "few_courtesies_to_a_person"},
    ("invite", "a_day_later"): set(),
    ("invite", "while_it_is_fresh"): {"fresh_invitations"},
    ("invite", "profile_complete"): set(),
    ("invite", "personal_note"): set(),
    ("follow_up_once", "one_chase"): {"one_chase"},
    ("follow_up_once", "one_follow_up"): {"one_follow_up"},
    ("follow_up_once", "answer_first"): set(),
    ("follow_up_once", "task_first"): set(),
    ("follow_up_once", "wait_for_the_answer"): {"not_before_the_date"},
    ("follow_up_once", "no_talk_ahead"): set(),
    ("follow_up_once", "a_week_apart"): {"a_week_apart"},
    ("follow_up_once", "few_nudges"): {"few_nudges"},
    ("follow_up_once", "few_in_two_months"): {"few_in_two_months"},
    ("follow_up_once", "decent_hours"): set(),
    ("follow_up_once", "let_them_speak"): set(),
    ("call_in_vain", "one_chase"): {"no_attempt_after_a_chase"},
    ("call_in_vain", "one_follow_up"): set(),
    ("call_in_vain", "answer_first"): set(),
    ("call_in_vain", "task_first"): set(),
    ("call_in_vain", "wait_for_the_answer"): {"not_before_the_date"},
    ("call_in_vain", "no_talk_ahead"): set(),
    ("call_in_vain", "a_week_apart"): set(),
    ("call_in_vain", "few_nudges"): {"few_nudges"},
    ("call_in_vain", "few_in_two_months"): {"few_in_two_months"},
    ("call_in_vain", "decent_hours"): set(),
    ("call_in_vain", "two_attempts"): {"two_attempts"},
    ("call_in_vain", "two_a_round"): {"two_attempts_a_round"},
    ("call_in_vain", "a_day_between_attempts"): {"attempts_apart"},
    ("call_in_vain", "let_them_speak"): set(),
    ("answer_their_question", "reply_to_a_message"): {"one_reply"},
    ("answer_their_question", "while_it_is_fresh"): set(),
    ("answer_them", "reply_to_a_message"): {"one_reply", "quiet_after_a_no"},
    ("answer_them", "while_it_is_fresh"): set(),
    ("hand_it_in", "task_given"): {"courtesy_once", "few_words_to_nobody"},
    ("hand_it_in_after_silence", "task_given"): {"courtesy_once", "few_words_to_nobody"},
    ("say_what_cannot_wait", "one_notice"): {"courtesy_once", "few_words_to_nobody"},
    ("say_what_cannot_wait", "few_notices"): {"few_notices"},
    ("take_the_no_well", "one_rejection_reply"): {
        "courtesy_once",
        "quiet_after_a_no",
        "few_words_to_nobody",
    },
    ("take_the_no_well", "while_it_is_fresh"): set(),
    ("negotiate", "one_chase"): {"one_chase"},
    ("negotiate", "plan_ready"): set(),
    ("negotiate", "one_counter"): {"one_counter"},
    ("negotiate", "two_counters"): {"two_counters"},
    ("negotiate", "few_counters"): {"few_counters"},
    ("negotiate", "their_date_first"): {"not_before_the_date"},
    ("let_it_rest", "month_of_silence"): set(),
    ("let_it_rest", "nothing_ahead"): set(),
    ("follow_up_while_open", "not_too_late"): set(),
    ("follow_up_on_hold", "on_hold_is_a_wait"): set(),
    ("follow_up_on_hold", "not_too_late"): set(),
    ("call_while_open", "not_too_late"): set(),
    ("call_on_hold", "on_hold_is_a_wait"): set(),
    ("call_on_hold", "not_too_late"): set(),
}
"""By transition and guard, the promises that break when the guard is dropped."""


def without(transition: str, guard: str) -> pi.Process:
    """An application after its first interview, under the default rules without a guard."""
    rules = (rule for machine in DEFINITION.machines.values() for rule in machine.transitions)
    rule = next(rule for rule in rules if rule.id == transition)
    dropped = next(each for each in rule.guards if each.id == guard)
    rulebook = pi.Rulebook(with_guard(DEFINITION, rule, dropped, None))
    return rulebook.start("acme", "UTC").record("interview", at=MONDAY).process


def done(process: pi.Process, event: str, at: datetime) -> pi.Process:
    outcome = process.do(event, at=at)
    assert not outcome.refused
    return outcome.process


def test_an_answer_that_takes_no_credit_leaves_it_to_a_second_one() -> None:
    process = without("answer_their_question", "reply_to_a_message").record("question", at=MONDAY).process
    process = done(process, "reply", MONDAY)

    assert process.may("reply", at=MONDAY).allowed
    assert broken(process, "reply", MONDAY) == {"one_reply"}


def test_a_task_that_takes_no_credit_is_handed_in_after_each_assumed_silence() -> None:
    process, at = without("hand_it_in_after_silence", "task_given"), MONDAY + timedelta(days=30)
    for _ in range(3):
        process = done(done(process, "assume_closed", at), "hand_in", at)
    process = done(process, "assume_closed", at)

    assert process.may("hand_in", at=at).allowed
    assert broken(process, "hand_in", at) == {"courtesy_once", "few_words_to_nobody"}


@pytest.mark.slow
def test_every_guard_protects_the_promises_of_this_table_and_its_loss_replays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("postinterview.proof.explain.Prover", Blunt)
    found = protections(PROOF, slow_clock)
    assert {(p.transition.id, p.guard.id): set(p.promises) for p in found} == PROTECTS
    assert not any(p.unknown for p in found)
    for protection in found:
        for promise, story in zip(protection.promises, protection.stories, strict=True):
            assert promise in what_breaks(story)


def looser(guard: Guard) -> Iterator[Guard]:
    """The guard, asking for a little less."""
    match guard:
        case AtMost():
            yield evolve(guard, limit=guard.limit + 1)
            if guard.since is not None and guard.within is None:
                everything = frozenset(DEFINITION.events)
                yield evolve(guard, since=evolve(guard.since, members=everything))
        case Apart():
            yield evolve(guard, duration=guard.duration - timedelta(minutes=1))
        case NotBefore():
            yield from (evolve(guard, moment=m) for m in sooner(guard.moment) if m != guard.moment)
        case NotAfter() if isinstance(guard.moment.plus, timedelta):
            yield evolve(guard, moment=evolve(guard.moment, plus=guard.moment.plus + timedelta(minutes=1)))
        case _:
            pass


def sooner(moment: Moment) -> Iterator[Moment]:
    yield earlier(moment)
    if isinstance(moment.anchor, FirstKnown):
        yield evolve(moment, anchor=FirstKnown(moment.anchor.options[1:]))


def earlier(moment: Moment) -> Moment:
    """The moment without what is added to it; where it is one of several, each of them."""
    if isinstance(moment.anchor, FirstKnown):
        return evolve(moment, anchor=FirstKnown(tuple(earlier(option) for option in moment.anchor.options)))
    plus = moment.plus
    if isinstance(plus, BusinessDays):
        return evolve(moment, plus=None)
    return moment if plus is None else evolve(moment, plus=plus - timedelta(minutes=1))


def looser_than_needed(guard: Guard) -> Guard | None:
    """A business day more than the promise asks for: the day they named is over before it."""
    return evolve(guard, moment=earlier(guard.moment)) if isinstance(guard, NotBefore) else None


LOOSENED = [
    pytest.param(rule, guard, instead, id=f"{rule.id}-{guard.id}-{number}")
    for machine in DEFINITION.machines.values()
    for rule in machine.transitions
    for guard in rule.guards
    for number, instead in enumerate(looser(guard))
]


@pytest.mark.parametrize(("rule", "guard", "instead"), one_in(3, LOOSENED))
def test_a_loosened_guard_breaks_a_promise_that_it_protects_or_the_promise_asks_for_less(
    rule: Transition, guard: Guard, instead: Guard
) -> None:
    proof = prove(pi.Rulebook(with_guard(DEFINITION, rule, guard, instead)), rule.event, blunt=True)
    assert proof.verdict in ("proved", "violated")
    violated = {result.id for result in proof.results if result.verdict == "violated"}
    assert violated <= PROTECTS[rule.id, guard.id]
    assert violated or not PROTECTS[rule.id, guard.id] or instead == looser_than_needed(guard)
    for result in proof.results:
        if result.violation is not None:
            assert result.id in what_breaks(result.violation)


def test_the_proof_takes_no_more_than_4_500_looks_at_the_clock() -> None:
    looks = count()
    prover = Prover(RULEBOOK, lambda: next(looks) * 1e-9, max_seconds=1)

    assert prover.prove(PROMISES).verdict == "proved"
    assert 500 < next(looks) < 4_500
