"""A certificate is checked again without a search, and nothing that was tampered with passes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import z3
from attrs import evolve

import postinterview as pi
from postinterview.core.definitions import Source
from postinterview.proof.certificate import CertificateError, verify, write_certificate
from postinterview.proof.checker import NO_BOUND, objections
from postinterview.proof.promises import broken_by
from postinterview.proof.prove import Part, Result
from postinterview.proof.relation import relation_of
from postinterview.proof.view import FREE, View, view_of
from postinterview.proof.zones import Zone
from tests.proof.test_default_rules import DEFINITION, PROMISES, PROOF

TEXT = write_certificate(PROOF)
PARTS = [(result, part) for result in PROOF.results for part in result.parts]


def view(result: Result, part: Part) -> View:
    act = DEFINITION.events[part.act]
    atoms = broken_by(DEFINITION, result.promise.clauses[part.clause], act)
    return view_of(relation_of(DEFINITION, act), part.rests_on, atoms)


def refusal(text: str, definition: pi.Definition = DEFINITION) -> str:
    with pytest.raises(CertificateError) as caught:
        verify(definition, PROMISES, text)
    assert caught.value.help
    return caught.value.message


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(TEXT), **changes})


def test_the_certificate_of_the_default_rules_is_accepted() -> None:
    assert verify(DEFINITION, PROMISES, TEXT) == sum(len(part.reached) for _, part in PARTS)


def test_a_certificate_cut_anywhere_is_refused_in_words() -> None:
    for length in range(0, len(TEXT) - 2, 997):
        assert refusal(TEXT[:length]) == "the certificate is no whole JSON text"


def test_what_is_no_certificate_is_refused() -> None:
    assert refusal("[]") == "this is not a certificate"
    assert refusal("{}") == "this is not a certificate"
    assert refusal(changed(relation=0)) == "the certificate is of another version of the proof"
    assert refusal(changed(parts=[{}])) == "the certificate is damaged"
    assert refusal(changed(parts=7)) == "the certificate is damaged"


def test_a_certificate_of_other_rules_is_stale() -> None:
    edited = evolve(DEFINITION, sources=(Source("rules/default.yaml", "0" * 64),))
    assert refusal(TEXT, edited) == "the rules have changed since the certificate was made"
    assert refusal(changed(promises=[])) == "the promises have changed since the certificate was made"


def test_a_certificate_that_leaves_out_an_act_is_refused() -> None:
    parts = json.loads(TEXT)["parts"]
    for number, part in enumerate(parts):
        message = refusal(changed(parts=parts[:number] + parts[number + 1 :]))
        assert message == f"nothing is said about `{part['promise']}` and `{part['act']}`"


@pytest.mark.parametrize(("result", "part"), PARTS, ids=lambda value: getattr(value, "id", None) or value.act)
def test_the_checker_misses_no_state_that_is_left_out(result: Result, part: Part) -> None:
    whole = view(result, part)
    assert not objections(whole, part.reached)
    for number in range(0, len(part.reached), 1 + len(part.reached) // 4):
        assert objections(whole, part.reached[:number] + part.reached[number + 1 :])


@pytest.mark.parametrize(("result", "part"), PARTS, ids=lambda value: getattr(value, "id", None) or value.act)
def test_the_checker_sees_a_guard_that_the_proof_rests_on_go(result: Result, part: Part) -> None:
    act = DEFINITION.events[part.act]
    atoms = broken_by(DEFINITION, result.promise.clauses[part.clause], act)
    for key in part.rests_on:
        fewer = [other for other in part.rests_on if other != key]
        assert objections(view_of(relation_of(DEFINITION, act), fewer, atoms), part.reached)


# --- z3: the same question over real time ---------------------------------------------------------


def inside(zone: Zone, clocks: list[Any], n: int) -> Any:
    """The bounds of a zone as a formula over real clocks."""
    bounds = []
    for i in range(n):
        for j in range(n):
            raw = zone[i * n + j]
            if raw < NO_BOUND and i != j:
                difference, constant = clocks[i] - clocks[j], raw >> 1
                bounds.append(difference <= constant if raw & 1 else difference < constant)
    return z3.And(*bounds)


def impossible(*formulas: Any) -> bool:
    solver = z3.Solver()
    solver.add(*formulas)
    return bool(solver.check() == z3.unsat)


@pytest.mark.parametrize(("result", "part"), PARTS, ids=lambda value: getattr(value, "id", None) or value.act)
def test_z3_agrees_that_the_certificate_is_an_invariant(result: Result, part: Part) -> None:
    whole = view(result, part)
    n = whole.size
    zero = z3.RealVal(0)
    now = [zero, *(z3.Real(f"x{i}") for i in range(1, n))]
    anything = [zero, *(z3.Real(f"f{i}") for i in range(1, n))]
    delay = z3.Real("delay")
    sane = [*(clock >= 0 for clock in (*now[1:], *anything[1:])), delay >= 0]

    def held(values: object, clocks: list[Any]) -> Any:
        return z3.Or(*(inside(zone, clocks, n) for known, zone in part.reached if known == values))

    assert impossible(*sane, z3.Not(held(whole.start, now)))
    for values, zone in part.reached:
        here = inside(zone, now, n)
        for limits in whole.bad_at(values):
            bad = [now[c] < micros if below else now[c] >= micros for c, micros, below in limits]
            assert impossible(*sane, here, *bad)
        for successor in whole.successors(values):
            after = list(now)
            for clock, other in successor.settings:
                after[clock] = anything[clock] if other == FREE else after[other]
            later = [zero, *(clock + delay for clock in after[1:])]
            assert impossible(*sane, here, z3.Not(held(successor.values, later)))
