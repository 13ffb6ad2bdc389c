"""Each guard of the packaged rules is loosened in turn, and no mutant that the oracle can break is proved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import (
    APPLICATION,
    INTERVIEWER,
    ROUND,
    Apart,
    AtMost,
    EventSet,
    Guard,
    Scope,
    Transition,
)
from postinterview.proof.explain import with_guard
from tests.proof.helpers import prove
from tests.proof.packaged import DEFINITION
from tests.proof.test_default_rules import PROTECTS, looser, what_breaks
from tests.proof.test_lives import DEFAULT
from tests.proof.test_random_rules import allowed_and_wrong
from tests.proof.test_relation import play
from tests.strategies.runs import Run, runs
from tests.strategies.scale import one_in, tried

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "proof.md"
NARROW = (APPLICATION, ROUND, INTERVIEWER, Scope(application=True, round=True, interviewer=True))


def narrower(rule: Transition, guard: Guard) -> Iterator[Guard]:
    """The guard, counting in a smaller scope, or since more things, or for an hour less."""
    own = getattr(guard, "scope", None) or DEFINITION.machines[rule.machine].scope
    to_person = DEFINITION.events[rule.event].to_person
    if isinstance(guard, AtMost | Apart):
        for scope in NARROW:
            wider = all(
                getattr(scope, key) >= getattr(own, key) for key in ("application", "round", "interviewer")
            )
            if scope != own and wider and (to_person or not scope.interviewer):
                yield evolve(guard, scope=scope)
    if isinstance(guard, AtMost) and guard.within is None:
        since = guard.since or EventSet("", frozenset())
        for name in ("message", "invite_accepted"):
            if name not in since.members:
                yield evolve(guard, since=evolve(since, members=since.members | {name}))
    if isinstance(guard, Apart):
        yield evolve(guard, duration=guard.duration - timedelta(hours=1))


NARROWED = [
    pytest.param(name, rule, guard, instead, id=name)
    for machine in DEFINITION.machines.values()
    for rule in machine.transitions
    for guard in rule.guards
    for number, instead in enumerate(narrower(rule, guard))
    for name in [f"{rule.id}-{guard.id}-{number}"]
]
KEPT_ALL_THE_SAME = {
    # per round: whatever opens a round is a sign of life
    "say_what_cannot_wait-one_notice-0",
    # since it was accepted: the network is `connected` then, from where no invitation leads on
    "invite-one_invite-2",
}
"""Mutants that keep what the guard protects, because something else does."""


@pytest.mark.parametrize(("name", "rule", "guard", "instead"), one_in(6, NARROWED))
def test_a_guard_that_counts_less_breaks_what_it_protects(
    name: str, rule: Transition, guard: Guard, instead: Guard
) -> None:
    proof = prove(pi.Rulebook(with_guard(DEFINITION, rule, guard, instead)), rule.event, blunt=True)
    violated = {result.id for result in proof.results if result.verdict == "violated"}
    assert proof.verdict != "unknown"
    assert violated <= PROTECTS[rule.id, guard.id]
    assert bool(violated) is (bool(PROTECTS[rule.id, guard.id]) and name not in KEPT_ALL_THE_SAME)
    for result in proof.results:
        if result.violation is not None:
            assert result.id in what_breaks(result.violation)


def test_the_readme_gives_a_reason_for_each_guard_that_protects_nothing() -> None:
    table = (
        PAGE.read_text(encoding="utf-8").partition("| guard | why it is there |\n")[2].partition("\n\n")[0]
    )
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    assert all(reason.strip() for _, reason in rows)
    protecting = {guard for (_, guard), promises in PROTECTS.items() if promises}
    idle = {guard for _, guard in PROTECTS} - protecting
    assert {name for cell, _ in rows for name in re.findall(r"`(\w+)`", cell)} == idle


def mutants() -> Iterator[tuple[Transition, Guard, Guard | None]]:
    for machine in DEFINITION.machines.values():
        for rule in machine.transitions:
            for guard in rule.guards:
                yield rule, guard, None
                for instead in (*looser(guard), *narrower(rule, guard)):
                    yield rule, guard, instead


MUTANTS = list(mutants())


@cache
def kept(number: int) -> tuple[pi.Rulebook, frozenset[str]]:
    """The mutant, and the promises that it is said to keep."""
    rule, guard, instead = MUTANTS[number]
    mutant = pi.Rulebook(with_guard(DEFINITION, rule, guard, instead))
    return mutant, frozenset(
        r.id for r in prove(mutant, rule.event, blunt=True).results if r.verdict == "proved"
    )


@tried(60, 5000)
@given(st.integers(0, len(MUTANTS) - 1), runs(DEFAULT, corrections=False, most=12))
def test_the_oracle_breaks_nothing_that_is_proved_of_a_mutant(number: int, run: Run) -> None:
    rulebook, proved = kept(number)
    process = rulebook.start("acme", run.zone, holidays=run.holidays)
    for step in run.steps:
        for verdict, wrong in allowed_and_wrong(process, step.at):
            assert not wrong & proved, (verdict, wrong & proved)
        process = play(process, step)
