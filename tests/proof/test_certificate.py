"""A certificate is checked again without a search, and nothing that was tampered with passes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import z3
from attrs import evolve

import postinterview as pi
from postinterview.core.definitions import Source
from postinterview.proof.certificate import verify, write_certificate
from postinterview.proof.checker import NO_BOUND, objections
from postinterview.proof.claims import CertificateError, read_certificate
from postinterview.proof.promises import broken_by
from postinterview.proof.prove import Part, Result
from postinterview.proof.relation import VERSION, relation_of
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
    return caught.value.message


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(TEXT), **changes})


def with_state(written: str) -> str:
    """The certificate with another first bound in the first state, as it would be written by hand."""
    data = json.loads(TEXT)
    data["parts"][0]["states"][0][1][0] = "HERE"
    return json.dumps(data).replace('"HERE"', written)


def test_the_certificate_of_the_default_rules_is_accepted() -> None:
    assert verify(DEFINITION, PROMISES, TEXT) == sum(len(part.reached) for _, part in PARTS)


def test_a_certificate_cut_anywhere_is_refused_at_its_end() -> None:
    for length in range(0, len(TEXT) - 2, 997):
        with pytest.raises(CertificateError) as caught:
            read_certificate(TEXT[:length])
        assert caught.value.message.startswith("this is no JSON: ")
        assert caught.value.help == "name the file that `postinterview prove --certificate FILE` wrote"
        lines = TEXT[:length].count("\n") + 1
        assert lines - 1 <= caught.value.line <= lines
        assert caught.value.column >= 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "this is not a certificate"),
        ("{}", "this is not a certificate"),
        (changed(relation=0), f"the certificate is of another version: relation 0, not {VERSION}"),
        (changed(format=2), "the certificate is of another version: format 2, not 1"),
        (changed(format=True), "the certificate is damaged: at `format`, `true` is no whole number"),
        (changed(relation=1.0), "the certificate is damaged: at `relation`, `1.0` is no whole number"),
        (changed(parts=7), "the certificate is damaged: at `parts`, `7` is no list"),
        (changed(parts=[7]), "the certificate is damaged: at `parts[0]`, `7` is no mapping"),
        (changed(parts=[{}]), "the certificate is damaged: at `parts[0].promise`, nothing is no text"),
        (changed(rules=[{}]), "the certificate is damaged: at `rules[0].name`, nothing is no text"),
        (changed(rules=[]), "the certificate is of other rules: none, not `rules/default.yaml`"),
        (
            changed(parts=json.loads(TEXT)["parts"][:1] * 2),
            "the certificate is damaged: at `parts[1]`, a second part about `one_chase` and `follow_up`",
        ),
    ],
)
def test_what_is_no_certificate_is_refused_where_it_is_wrong(text: str, message: str) -> None:
    assert refusal(text) == message


NOT_PROVED = "`one_chase` is not proved for `follow_up`: "
BOUND = "the certificate is damaged: at `parts[0].states[0][1][0]`, "


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("Infinity", "the certificate is damaged: `Infinity` is no number"),
        ("-Infinity", "the certificate is damaged: `-Infinity` is no number"),
        ("NaN", "the certificate is damaged: `NaN` is no number"),
        ("1e400", BOUND + "a number without end is no whole number"),
        ("1.5", BOUND + "`1.5` is no whole number"),
        ("1.0", BOUND + "`1.0` is no whole number"),
        ("true", BOUND + "`true` is no whole number"),
        ('"1"', BOUND + '`"1"` is no whole number'),
        ("[1]", BOUND + "a list is no whole number"),
        (f"{2**80}", BOUND + "a number that large is no bound; `null` is none at all"),
        ("1" * 5000, "the certificate is damaged: nobody can read it"),
        (
            "0",
            (f"{NOT_PROVED}the state before anything has happened is not among its states"),
        ),
    ],
    ids=lambda value: value[:12],
)
def test_a_bound_is_a_whole_number_and_nothing_like_it(written: str, message: str) -> None:
    assert refusal(with_state(written)) == message


def test_a_certificate_of_other_files_is_stale() -> None:
    edited = evolve(DEFINITION, sources=(Source("rules/default.yaml", "0" * 64),))
    assert refusal(TEXT, edited) == "`rules/default.yaml` has changed since the certificate was made"
    moved = evolve(DEFINITION, sources=(Source("elsewhere/mine.yaml", "0" * 64),))
    assert (
        refusal(TEXT, moved)
        == "the certificate is of other rules: `rules/default.yaml`, not `elsewhere/mine.yaml`"
    )
    assert (
        refusal(changed(promises=[]))
        == "the certificate is of other promises: none, not `rules/courtesy.yaml`"
    )


def test_an_objection_is_said_in_words() -> None:
    parts = json.loads(TEXT)["parts"]
    number, kept = next((n, part) for n, part in enumerate(parts) if len(part["states"]) > 2)
    kept["states"] = kept["states"][:1]
    message = refusal(changed(parts=parts))

    assert message == (
        f"`{parts[number]['promise']}` is not proved for `{parts[number]['act']}`: "
        "`interview` leads from its state 1 to none of them"
    )


def test_a_state_that_the_rules_can_not_be_in_is_refused() -> None:
    parts = json.loads(TEXT)["parts"]
    parts[0]["states"][0][0][1] = "nonsense"

    assert refusal(changed(parts=parts)) == (NOT_PROVED + "a state is none that these rules can be in")


def test_a_part_that_no_promise_asks_for_is_refused() -> None:
    parts = json.loads(TEXT)["parts"]
    parts.append({**parts[0], "promise": "made_up"})

    assert refusal(changed(parts=parts)) == "it speaks of `made_up` and `follow_up`, and no promise does"


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
