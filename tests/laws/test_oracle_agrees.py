"""Engine and oracle say the same of random rulebooks and random stories, step by step."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import given, settings

import postinterview as pi
from tests.laws.twins import Twins, examples, instances, reasons
from tests.oracle import reading
from tests.oracle.stories import DEFAULT_FILE, plain
from tests.oracle.world import Key, Placed
from tests.strategies.runs import Case, Run, cases, runs

States: TypeAlias = dict[tuple[str, Key], str]

PACKAGED = plain(DEFAULT_FILE.read_text(encoding="utf-8"))


@settings(max_examples=examples(3))
@given(cases(corrections=False, custom=True))
def test_each_step_is_judged_alike(case: Case) -> None:
    _told_to_both(case)


@settings(max_examples=examples(2))
@given(cases(custom=True))
def test_late_retracted_and_unknown_events_are_judged_alike(case: Case) -> None:
    _told_to_both(case)


@settings(max_examples=examples(1))
@given(runs(PACKAGED, most=24))
def test_the_packaged_rules_are_judged_alike(run: Run) -> None:
    _told_to_both(Case(DEFAULT_FILE.read_text(encoding="utf-8"), PACKAGED, run))


def _told_to_both(case: Case) -> None:
    twins = Twins.of(case)
    for step in case.run.steps:
        before = twins.placed()
        asked = step.op in ("do", "record", "late") and reading.is_act(case.rules, step.event)
        expected = twins.failures(step, twins.world(step)) if asked else set()
        outcome = twins.take(step)
        if outcome is None:
            continue
        if asked:
            assert outcome.verdict is not None
            assert reasons(outcome.verdict) == expected, step
            assert outcome.verdict.allowed == (not expected)
            assert outcome.refused == (bool(expected) and step.op == "do")
        _same_history(twins, outcome, before)


def _same_history(twins: Twins, outcome: pi.Outcome, before: list[Placed]) -> None:
    placed = twins.placed()
    theirs = [
        (
            one.event.number,
            one.name,
            one.application,
            one.round,
            set(one.people),
            one.breach,
            one.outside,
            set(one.spent),
        )
        for one in twins.process.timeline
    ]
    ours = [
        (
            one["number"],
            one["name"],
            one["application"],
            one["round"],
            set(one["people"]),
            one["breach"],
            one["outside"],
            set(one["spent"]),
        )
        for one in placed
    ]
    assert theirs == ours, (theirs, ours)
    states = placed[-1]["states"] if placed else {}
    for machine, key in instances(twins.rules, placed):
        application, round_, person = key
        found = twins.process.state(machine, application=application, round=round_, to=person)
        assert found == states.get((machine, key), twins.rules["machines"][machine]["start"]), (machine, key)
    if outcome.event is not None:
        number = outcome.event.number
        (mine,) = (one for one in placed if one["number"] == number)
        assert (outcome.breach, outcome.outside) == (mine["breach"], mine["outside"])
        assert outcome.unexpected == mine["unexpected"]
        earlier: States = next((one["states"] for one in before[::-1] if one["at"] <= mine["at"]), {})
        moves = {(move.machine, move.key): (move.source, move.target) for move in outcome.moves}
        assert moves == _changes(twins, earlier, mine["states"])
    standing = {one["number"] for one in placed} & {one["number"] for one in before}
    was, now = ({one["number"] for one in some if one["breach"]} & standing for some in (before, placed))
    doubtful = {placed.event.number for placed in twins.process.breaches if placed.doubtful}
    assert {*outcome.now_breaches, *outcome.now_in_doubt} - was == now - was
    assert doubtful.isdisjoint(outcome.now_breaches)
    assert doubtful.issuperset(outcome.now_in_doubt)
    assert set(outcome.no_longer_breaches) == was - now


def _changes(twins: Twins, before: States, after: States) -> dict[tuple[str, Key], tuple[str, str]]:
    """The instances that went from one state to another."""
    starts = {name: machine["start"] for name, machine in twins.rules["machines"].items()}
    sources = {instance: before.get(instance, starts[instance[0]]) for instance in after}
    return {
        instance: (sources[instance], target)
        for instance, target in after.items()
        if target != sources[instance]
    }
