"""The ways to prove that are measured against each other agree on what is true; never asserted: a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from attrs import evolve

from benchmarks import proof
from benchmarks.proving.answers import (
    Answer,
    DisagreementError,
    Question,
    agree,
    by_prover,
    by_search,
    questions,
)
from benchmarks.proving.bounds import find, sides, sides_by_spacer
from benchmarks.proving.explicit import Instances, by_instances
from benchmarks.proving.grown import packaged, with_constants, with_guards
from benchmarks.proving.many import check_places
from benchmarks.proving.report import TITLES
from benchmarks.proving.spacer import by_spacer
from benchmarks.story import first_rules
from postinterview.core.rules.definitions import Definition
from postinterview.proof.bound import TABLE, BoundQuestion
from postinterview.proof.explain import with_guard
from postinterview.proof.model import zones
from postinterview.proof.search.search import Safe, search

DEFAULT, PROMISES = packaged()
DEFINITION = first_rules().definition
"""The first version of the default rules: fewer events and guards, so that each way answers at once."""
SECONDS = 120.0
WAYS: dict[str, Callable[[Question], Answer]] = {
    "kept": partial(by_search, seconds=SECONDS),
    "spacer": partial(by_spacer, seconds=SECONDS),
    "spelt out": partial(by_instances, seconds=SECONDS, keys=None, applications=1, people=1),
}


def question(definition: Definition, promise: str, act: str) -> Question:
    found = questions(definition, PROMISES)
    return next(each for each in found if (each.promise.id, each.act.name) == (promise, act))


def without(transition: str, guard: str) -> Definition:
    """The packaged rules without a guard."""
    for machine in DEFINITION.machines.values():
        for rule in machine.transitions:
            for each in rule.guards:
                if (rule.id, each.id) == (transition, guard):
                    return with_guard(DEFINITION, rule, each, None)
    raise LookupError(guard)


HELD = [
    ("one_chase", "counter_offer"),
    ("not_before_the_date", "counter_offer"),
    ("courtesy_once", "thank_you"),
    ("quiet_after_a_no", "reply"),
    ("one_reply", "reply"),
]
BROKEN = [
    ("one_follow_up", "follow_up", "follow_up_once", "one_follow_up"),
    ("not_before_the_date", "follow_up", "follow_up_once", "wait_for_the_answer"),
    ("courtesy_once", "thank_you", "thank", "one_thank_you"),
    ("attempts_apart", "missed_call", "call_in_vain", "a_day_between_attempts"),
    ("one_reply", "reply", "answer_them", "reply_to_a_message"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("promise", "act"), HELD)
def test_what_is_proved_is_proved_in_every_way(promise: str, act: str, way: str) -> None:
    asked = question(DEFINITION, promise, act)
    assert by_prover(asked).verdict == WAYS[way](asked).verdict == "proved"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("promise", "act", "transition", "guard"), BROKEN)
def test_what_breaks_without_its_guard_breaks_in_every_way(
    promise: str, act: str, transition: str, guard: str, way: str
) -> None:
    asked = question(without(transition, guard), promise, act)
    assert by_prover(asked).verdict == WAYS[way](asked).verdict == "violated"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("short", [False, True])
def test_a_minute_more_or_less_is_the_same_to_every_way(way: str, short: bool) -> None:
    definition, promises = with_constants(2, odd=True, short=short)
    (asked,) = questions(definition, promises)
    verdict = "violated" if short else "proved"
    assert by_prover(asked).verdict == WAYS[way](asked).verdict == verdict


COUNTED = [
    ("a_week_apart", "follow_up"),
    ("few_nudges", "missed_call"),
    ("few_courtesies_to_a_person", "thank_you"),
    ("two_attempts_a_round", "missed_call"),
    ("few_words_to_nobody", "notice"),
]


@pytest.mark.parametrize(("promise", "act"), COUNTED)
def test_z3_counts_allowed_acts_as_the_prover_does(promise: str, act: str) -> None:
    asked = question(DEFAULT, promise, act)
    part = asked.decide()
    assert part.verdict == by_spacer(asked, SECONDS, part.rests_on).verdict == "proved"
    assert by_search(asked, 0.1).verdict in ("proved", "unknown")
    assert by_search(asked, SECONDS, ()).verdict == by_spacer(asked, SECONDS, ()).verdict == "violated"


IN_WINDOWS, IN_SILENCE = TABLE[:-1], TABLE[-1]


@pytest.mark.parametrize("asked", [*IN_WINDOWS, pytest.param(IN_SILENCE, marks=pytest.mark.slow)], ids=str)
def test_z3_says_of_each_bound_that_it_holds_and_one_less_does_not(asked: BoundQuestion) -> None:
    found = list(sides(DEFAULT, find(DEFAULT, asked)))
    assert sides_by_spacer(found, SECONDS, needed=True).verdict == "proved"
    wrong = [evolve(side, number=side.number + (1 if side.verdict == "violated" else -1)) for side in found]
    with pytest.raises(DisagreementError):
        sides_by_spacer(wrong, SECONDS, needed=True)


def test_guards_that_a_promise_does_not_need_cost_the_prover_no_state() -> None:
    few, many = (question(with_guards(count)[0], "one_follow_up", "follow_up") for count in (0, 8))
    assert by_prover(few).states == by_prover(many).states


@pytest.mark.parametrize(
    ("promise", "act"), [*HELD, ("one_follow_up", "follow_up"), ("not_before_the_date", "follow_up")]
)
@pytest.mark.parametrize(("applications", "people"), [(1, 2), (2, 1)])
def test_every_place_of_the_search_with_places_spelt_out_lies_inside_the_certificate_and_fills_it(
    promise: str, act: str, applications: int, people: int
) -> None:
    asked = question(DEFAULT, promise, act)
    part = asked.decide()
    instances = Instances(asked.view(part.rests_on), applications, people)
    found = search(instances, 10**6, lambda: False)  # type: ignore[arg-type]
    assert isinstance(found, Safe)
    met = set()
    for values, zone in found.reached:
        for place in instances.places:
            seen, bounds = instances.seen_from(place, values), instances.zone_from(place, zone)
            assert any(known == seen and zones.includes(larger, bounds) for known, larger in part.reached)
            met.add(seen)
    assert met == {known for known, _ in part.reached}


def test_a_way_that_says_something_else_is_noticed() -> None:
    with pytest.raises(DisagreementError, match="here: proved, violated"):
        agree("here", [Answer("proved", 1, 0), Answer("unknown", 1, 0), Answer("violated", 1, 0)])


def test_a_history_that_leaves_the_certificate_is_noticed() -> None:
    asked = question(DEFAULT, "one_follow_up", "follow_up")
    part = asked.decide()
    assert check_places([(asked, part)], 2, 2, histories=3, events=30) == 6
    start_only = evolve(part, reached=part.reached[:1])
    with pytest.raises(DisagreementError, match="one_follow_up"):
        check_places([(asked, start_only)], 2, 2, histories=3, events=30)


@pytest.mark.slow
def test_a_quick_run_prints_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert proof.main(["--quick"]) == 0
    printed = capsys.readouterr().out
    for title in TITLES.values():
        assert title in printed
    assert "8 x 3, all promises" in printed
    assert "no answer in time" in printed
    assert "Numbers to hold" in printed
