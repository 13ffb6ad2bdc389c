"""What stories show of rules, and the stories that are found for what they do not show."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import chain, repeat
from math import inf
from time import thread_time  # noqa: TID251 - it limits the search for stories

import pytest

import postinterview as pi
from postinterview.core.answers.verdict import Reason, Verdict
from postinterview.coverage.covering import Coverage, cover
from postinterview.coverage.deciding import deciding_story
from postinterview.coverage.seen import Seen, decisive_of
from postinterview.scenario.linking import link
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import Played, play
from tests.cli.helpers import SMALL
from tests.core.helpers import packaged
from tests.examples.example_coverage import EXAMPLES, play_file, shown
from tests.proof.helpers import PATIENT

IDLE = "          a_week_apart: {apart: 7 days"
STEPS = """\
format: 1
scenarios:
  - name: A story
    timezone: UTC
    steps:
"""
INTERVIEW = "      - {at: 2026-03-02 09:00, event: interview}\n"
FOLLOW_UP = "      - {at: 2026-03-09 09:00, event: follow_up}\n"


@cache
def small(extra: str = "") -> pi.Rulebook:
    """The small rules, with a further guard of the follow-up."""
    return pi.load_rulebook(text=SMALL.replace(IDLE, extra + IDLE), name="small.yaml")


@cache
def proof_of(rulebook: pi.Rulebook) -> pi.Proof:
    return pi.prove(rulebook)


def played(text: str, rulebook: pi.Rulebook) -> tuple[Played, ...]:
    linked = link(read(text, "story.yaml"), rulebook.definition)
    assert linked.diagnostics == ()
    return tuple(play(scenario, rulebook) for scenario in linked.scenarios)


def seen_in(rulebook: pi.Rulebook, *texts: str) -> Seen:
    seen = Seen()
    for text in texts:
        for story in played(text, rulebook):
            seen.add(story)
    return seen


def covered(rulebook: pi.Rulebook, *texts: str, search: bool = True) -> Coverage:
    """The coverage by stories; without ``search`` no stories are looked for, as if the time was over."""
    clock = thread_time if search else chain([0.0], repeat(inf)).__next__
    return cover("small.yaml", rulebook, seen_in(rulebook, *texts), proof_of(rulebook), clock)


def missing_of(coverage: Coverage) -> dict[str, str]:
    return {f"{each.part.kind} {each.part.name}": each.found.verdict for each in coverage.missing}


IDLE_GUARD = "          two_chases: {at_most: 2, of: chase, since: sign_of_life, per: employer}\n"


@cache
def of_no_story() -> Coverage:
    """The coverage of the small rules with a guard that never matters, by no story at all."""
    return covered(small(IDLE_GUARD))


@pytest.mark.slow
def test_every_story_that_is_found_plays_as_it_expects_and_shows_its_part() -> None:
    empty, rules = of_no_story(), small(IDLE_GUARD)
    stubs = dict(empty.stubs())
    without = [each.part.name for each in empty.missing if each.found.scenario is None]
    assert without == ["application.before", "follow_up_once.two_chases"]
    assert len(stubs) == len(empty.missing) - len(without)
    assert all(story.passed for text in stubs.values() for story in played(text, rules))

    for name, text in stubs.items():
        after = covered(rules, text, search=False)
        gone = missing_of(empty).keys() - missing_of(after).keys()
        assert name in {each.replace(" ", "-").replace(".", "-") for each in gone}
    full = covered(rules, *stubs.values())
    assert (full.percent, missing_of(full)) == (100, {"guard follow_up_once.two_chases": "none"})


def test_a_story_shows_states_transitions_and_guards_but_no_breach_takes_a_transition() -> None:
    early = FOLLOW_UP.replace("09 09", "04 09")
    seen = seen_in(small(), STEPS + INTERVIEW + early.replace("}", ", expect: breach}"))

    assert seen.states == {("application", "before"), ("application", "waiting")}
    assert seen.transitions == {("application", "interviewed")}
    assert seen.refusing == seen.decisive == {("application", "follow_up_once", "a_week")}
    seen = seen_in(small(), STEPS + INTERVIEW + FOLLOW_UP)
    assert seen.transitions == {("application", "interviewed"), ("application", "follow_up_once")}


def test_a_guard_that_refuses_with_others_is_not_decisive() -> None:
    again = FOLLOW_UP.replace("}", ", expect: refused}")
    seen = seen_in(small(), STEPS + INTERVIEW + FOLLOW_UP + again)
    coverage = covered(small(), STEPS + INTERVIEW + FOLLOW_UP + again, search=False)

    guards = {"one_chase", "one_follow_up", "a_week_apart"}
    assert seen.refusing == {("application", "follow_up_once", guard) for guard in guards}
    assert seen.decisive == set()
    assert {name for name in missing_of(coverage) if name.startswith("guard alone follow_up_once")} == {
        f"guard alone follow_up_once.{guard}" for guard in guards
    }


def test_a_guard_that_never_matters_is_named_and_does_not_count() -> None:
    without, coverage = covered(small(), search=False), of_no_story()

    (never,) = (each for each in coverage.missing if each.found.verdict == "none")
    assert never.part.name == "follow_up_once.two_chases"
    assert never.text == "never matters: what it refuses is refused without it"
    assert never.part.origin.line == SMALL[: SMALL.index(IDLE)].count("\n") + 1
    assert coverage.counted() == without.counted()


def test_a_state_that_can_never_be_reached_is_named() -> None:
    lonely = SMALL.replace("waiting: {title: Waiting}", "waiting: {title: Waiting}, lonely: {title: Lonely}")
    wrote = "      wrote: {event: message, from: any}\n"
    lost = "event: message, from: waiting, to: lonely, guards: {no_talk: {not_happened: interview}}"
    kept = "event: message, from: waiting, guards: {a_talk: {happened: interview}}"
    before = "      wrote: {event: message, from: [before, lonely]}\n"
    text = lonely.replace(wrote, f"      lost: {{{lost}}}\n      kept: {{{kept}}}\n{before}")
    rulebook = pi.load_rulebook(text=text, name="small.yaml")
    coverage = covered(rulebook, STEPS + INTERVIEW)

    missing = missing_of(coverage)
    assert [name for name, verdict in missing.items() if verdict == "none"] == ["state application.lonely"]
    assert missing["transition lost"] == "unknown"


def test_a_promise_is_exercised_by_a_refusal_that_it_rests_on() -> None:
    without = covered(small(), STEPS + INTERVIEW + FOLLOW_UP, search=False)
    again = FOLLOW_UP.replace("}", ", expect: refused}")
    with_it = covered(small(), STEPS + INTERVIEW + FOLLOW_UP + again, search=False)

    assert "promise one_follow_up" in missing_of(without)
    assert "promise one_follow_up" not in missing_of(with_it)
    assert "promise few_in_two_months" in missing_of(with_it)


def reason(machine: str, transition: str, id: str) -> Reason:
    return Reason(id=id, machine=machine, transition=transition, file="f", line=1, has="", needs="")


@pytest.mark.parametrize(
    ("others", "alone"),
    [
        ([], True),
        ([reason("m", "t", "other")], False),
        ([reason("m", "another", "guard")], True),
        ([reason("n", "t", "guard")], False),
        ([reason("n", "", "state")], False),
    ],
)
def test_a_guard_is_decisive_if_without_it_the_act_would_be_allowed(
    others: list[Reason], alone: bool
) -> None:
    key = ("m", "t", "guard")
    verdict = Verdict(
        "act", datetime(2026, 3, 2, tzinfo=UTC), None, None, allowed=False, reasons=(reason(*key), *others)
    )
    assert (decisive_of(verdict, key) is not None) is alone


def test_the_examples_show_as_much_as_another_way_of_counting_finds() -> None:
    seen = Seen()
    for path in EXAMPLES:
        for story in play_file(path):
            seen.add(story)

    assert shown().failed <= seen.refusing
    assert shown().reached <= seen.states
    definition = packaged().definition
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    acts = [rule for rule in rules if definition.events[rule.event].is_act]
    guards = {(rule.machine, rule.id, guard.id) for rule in acts for guard in rule.guards}
    assert guards <= seen.refusing
    assert seen.transitions == {(rule.machine, rule.id) for rule in rules}
    not_alone = guards - seen.decisive
    assert not_alone == {("application", "answer_their_question", "reply_to_a_message")}


def test_a_guard_that_decides_by_the_credit_that_it_takes_is_not_said_to_refuse_alone() -> None:
    rulebook = packaged()
    machine = rulebook.definition.machines["application"]
    rule = next(each for each in machine.transitions if each.id == "answer_their_question")
    found = deciding_story(rulebook, rule, rule.guards[0], thread_time, max_seconds=PATIENT)

    assert (found.verdict, found.alone) == ("some", False)
    assert found.scenario is not None
    assert found.scenario["name"].endswith("decides by the credit that it takes")


@pytest.mark.slow
def test_each_guard_of_the_default_rules_has_a_story_in_which_it_decides() -> None:
    rulebook, unknown = packaged(), []
    for machine in rulebook.definition.machines.values():
        for rule in machine.transitions:
            for guard in rule.guards if rulebook.definition.events[rule.event].is_act else ():
                found = deciding_story(rulebook, rule, guard, thread_time, max_seconds=PATIENT)
                assert found.verdict != "none"
                if found.scenario is None:
                    unknown.append(f"{rule.id}.{guard.id}")
    assert unknown == []
