"""A certificate is checked without a search, and one that was tampered with is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from math import isqrt
from typing import Any

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.core.rules.definitions import Source
from postinterview.proof.certificates.certificate import read_certificate, verify, write_certificate
from postinterview.proof.certificates.data import CertificateError
from postinterview.proof.model.checker import NO_BOUND, objections
from postinterview.proof.model.event_moves import Successor
from postinterview.proof.model.frame import Values
from postinterview.proof.model.relation import VERSION, relation_of
from postinterview.proof.model.view import View, view_of
from postinterview.proof.model.zones import AT_MOST_ZERO, includes
from postinterview.proof.promises.promise import MoreThan, broken_by
from postinterview.proof.prove import Result
from postinterview.proof.search.refinement import Part
from postinterview.proof.search.search import Safe, State, search
from tests.proof.helpers import PROMISES
from tests.proof.packaged import DEFINITION, PROOF
from tests.proof.solver import z3_accepts

TEXT = write_certificate(PROOF)
PARTS = [(result, part) for result in PROOF.results for part in result.parts]
FEW_STATES = 60
"""Parts with more states take z3 seconds. There are smaller ones of their kind: counts, states, windows."""

of_every_part = pytest.mark.parametrize(
    ("result", "part"), PARTS, ids=lambda value: getattr(value, "id", None) or value.act
)


def slow_if_large(parts: list[tuple[Result, Part]]) -> pytest.MarkDecorator:
    """Each part; slow are large ones, and those of a clause that look like the part of an act before."""
    marked, seen = [], set()
    for result, part in parts:
        looks = result.id, part.clause, len(part.reached), tuple(key[2] for key in part.rests_on)
        is_slow = len(part.reached) > FEW_STATES or looks in seen
        seen.add(looks)
        id, marks = f"{result.id}-{part.act}-{part.clause}", [pytest.mark.slow] if is_slow else []
        marked.append(pytest.param(result, part, id=id, marks=marks))
    return pytest.mark.parametrize(("result", "part"), marked)


def view(result: Result, part: Part) -> View:
    act = DEFINITION.events[part.act]
    atoms = broken_by(DEFINITION, result.promise.clauses[part.clause], act)
    return view_of(relation_of(DEFINITION, act), part.rests_on, (atoms,))


def alone(whole: View, part: Part) -> list[int]:
    """The numbers of the states that lie in no other one."""
    return [
        number
        for number, state in enumerate(part.reached)
        if not lies_in(whole, state, (each for n, each in enumerate(part.reached) if n != number))
    ]


def lies_in(whole: View, state: State, others: Iterable[State]) -> bool:
    """Whether a state lies in one of the others: with a larger count, as much can come."""
    values, zone = state
    covering = whole.covering(values)
    return any(known in covering and includes(larger, zone) for known, larger in others)


def refusal(text: str, definition: pi.Definition = DEFINITION) -> str:
    with pytest.raises(CertificateError) as caught:
        verify(definition, PROMISES, read_certificate(text))
    return caught.value.message


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(TEXT), **changes})


def with_part(**changes: Any) -> str:
    """The certificate with another first part."""
    parts = json.loads(TEXT)["parts"]
    return changed(parts=[{**parts[0], **changes}, *parts[1:]])


def with_state(written: str) -> str:
    """The certificate with another first bound in the first state, as it would be written by hand."""
    data = json.loads(TEXT)
    data["parts"][0]["states"][0][1][0] = "HERE"
    return json.dumps(data).replace('"HERE"', written)


def test_the_certificate_of_the_default_rules_is_accepted() -> None:
    assert verify(DEFINITION, PROMISES, read_certificate(TEXT)) == sum(len(part.reached) for _, part in PARTS)


def test_a_certificate_cut_anywhere_is_refused_at_its_end() -> None:
    for length in range(0, len(TEXT) - 2, len(TEXT) // 150):
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
        (changed(format=2), "the certificate is of another version: format 2, not 3"),
        (changed(format=True), "the certificate is damaged: at `format`, `true` is no whole number"),
        (changed(relation=1.0), "the certificate is damaged: at `relation`, `1.0` is no whole number"),
        (changed(parts=7), "the certificate is damaged: at `parts`, `7` is no list"),
        (changed(parts=[7]), "the certificate is damaged: at `parts[0]`, `7` is no mapping"),
        (changed(parts=[{}]), "the certificate is damaged: at `parts[0]`, `promise` is missing"),
        (changed(rules=[{}]), "the certificate is damaged: at `rules[0]`, `name` is missing"),
        (changed(signed="Ana"), "the certificate is damaged: at `signed`, unknown key `signed`"),
        (with_part(proved=True), "the certificate is damaged: at `parts[0].proved`, unknown key `proved`"),
        (with_part(act=None), "the certificate is damaged: at `parts[0].act`, nothing is no text"),
        (
            with_part(rests_on=2 * json.loads(TEXT)["parts"][0]["rests_on"][:1]),
            "the certificate is damaged: at `parts[0].rests_on[1]`, `one_chase` is named a second time",
        ),
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
        ("Infinity", BOUND + "`Infinity` is no number"),
        ("-Infinity", BOUND + "`-Infinity` is no number"),
        ("NaN", BOUND + "`NaN` is no number"),
        ("1e400", BOUND + "`1e400` is no number"),
        ("1.5", BOUND + "`1.5` is no whole number"),
        ("1.0", BOUND + "`1.0` is no whole number"),
        ("true", BOUND + "`true` is no whole number"),
        ('"1"', BOUND + '`"1"` is no whole number'),
        ("[1]", BOUND + "a list is no whole number"),
        (f"{2**80}", BOUND + "a number that large is no bound; `null` is none at all"),
        ("1" * 5000, BOUND + f"`{'1' * 40}...` is no number"),
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


def test_a_guard_that_the_rules_do_not_ask_is_nothing_to_rest_on() -> None:
    rests_on = json.loads(TEXT)["parts"][0]["rests_on"]

    assert refusal(with_part(rests_on=[*rests_on, ["application", "follow_up_once", "my_word"]])) == (
        "`one_chase` rests on `my_word` of `application.follow_up_once` for `follow_up`, "
        "and the rules ask no such thing"
    )


def test_a_part_that_no_promise_asks_for_is_refused() -> None:
    parts = json.loads(TEXT)["parts"]
    parts.append({**parts[0], "promise": "made_up"})

    assert refusal(changed(parts=parts)) == "it speaks of `made_up` and `follow_up`, and no promise does"


def test_a_certificate_that_leaves_out_an_act_is_refused() -> None:
    whole = read_certificate(TEXT)
    for promise in PROMISES.promises:
        alone = evolve(PROMISES, promises=(promise,))
        claims = {key: claim for key, claim in whole.claims.items() if key[0] == promise.id}
        assert verify(DEFINITION, alone, evolve(whole, claims=claims))
        for key in claims:
            fewer = {other: claim for other, claim in claims.items() if other != key}
            with pytest.raises(CertificateError) as caught:
                verify(DEFINITION, alone, evolve(whole, claims=fewer))
            assert caught.value.message == f"nothing is said about `{promise.id}` and `{key[2]}`"


@of_every_part
def test_the_checker_misses_no_state_that_is_left_out(result: Result, part: Part) -> None:
    whole = view(result, part)
    assert not objections(whole, part.reached)
    needed = alone(whole, part)
    for number in needed[:: 1 + len(needed) // 4]:
        assert objections(whole, part.reached[:number] + part.reached[number + 1 :])


@of_every_part
def test_the_checker_sees_a_guard_that_the_proof_rests_on_go(result: Result, part: Part) -> None:
    idle = set()
    for key in part.rests_on:
        fewer = evolve(part, rests_on=tuple(other for other in part.rests_on if other != key))
        if not objected(view(result, fewer), part.reached):
            idle.add(key)
    assert idle < {*part.rests_on}
    assert not idle or began_with_more(result, part)


def objected(asked: View, reached: tuple[State, ...]) -> bool:
    try:
        return bool(objections(asked, reached))
    except TypeError:  # without the guard these are values of other variables; `verify` says so
        return True


def began_with_more(result: Result, part: Part) -> bool:
    """Whether the proof began with what the act before it needed, as it does where allowed acts count."""
    clause = result.promise.clauses[part.clause]
    first = next(each for each in result.parts if each.clause == part.clause)
    return isinstance(clause.when, MoreThan) and clause.when.count == "allowed" and part is not first


# --- z3: the same question over real time, with counts that nothing bounds -------------------------


@slow_if_large(PARTS)
def test_z3_agrees_that_the_certificate_is_an_invariant(result: Result, part: Part) -> None:
    assert z3_accepts(view(result, part), part.reached)


@slow_if_large(PARTS)
def test_both_checkers_reject_a_certificate_that_lacks_a_state(result: Result, part: Part) -> None:
    whole = view(result, part)
    needed = alone(whole, part)
    for number in needed[:: 1 + len(needed) // 2]:
        fewer = part.reached[:number] + part.reached[number + 1 :]
        assert objections(whole, fewer)
        assert not z3_accepts(whole, fewer)


def bounds(part: Part, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Every bound that the zones of some states have: the number of the state, and the place in its zone."""
    for number in numbers:
        zone = part.reached[number][1]
        size = isqrt(len(zone))
        yield from ((number, i) for i, b in enumerate(zone) if b < NO_BOUND and i // size != i % size)


def with_bound(part: Part, number: int, place: int, bound: int) -> tuple[State, ...]:
    values, zone = part.reached[number]
    changed = (values, (*zone[:place], bound, *zone[place + 1 :]))
    return (*part.reached[:number], changed, *part.reached[number + 1 :])


TIMED = [(result, part) for result, part in PARTS if view(result, part).size > 1]


@slow_if_large(TIMED)
def test_both_checkers_reject_a_narrower_bound(result: Result, part: Part) -> None:
    """A microsecond less holds fewer states than can be reached: some move leads out of it."""
    whole = view(result, part)
    for number, place in bounds(part, alone(whole, part)):
        narrower = with_bound(part, number, place, part.reached[number][1][place] - 2)
        assert objections(whole, narrower), (number, place)
        assert not z3_accepts(whole, narrower), (number, place)


@slow_if_large(TIMED)
def test_both_checkers_say_the_same_of_a_wider_bound(result: Result, part: Part) -> None:
    """What is wider may be an invariant still; whether it is, both know. No clock reads less than zero."""
    whole = view(result, part)
    for number, place in bounds(part, range(len(part.reached))):
        if place < whole.size and part.reached[number][1][place] == AT_MOST_ZERO:
            continue
        wider = with_bound(part, number, place, NO_BOUND)
        assert bool(objections(whole, wider)) is not z3_accepts(whole, wider), (number, place)


class Deaf:
    """A view that lacks one move: what an event does, or the coming of a day."""

    def __init__(self, whole: View, move: object) -> None:
        self.whole, self.move = whole, move

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)

    def successors(self, values: Values) -> list[Successor]:
        return [each for each in self.whole.successors(values) if each.move != self.move]


@slow_if_large(PARTS)
def test_both_checkers_reject_a_proof_that_overlooked_a_move(result: Result, part: Part) -> None:
    """A search that never saw a move is right only if the move leads nowhere new."""
    whole = view(result, part)
    moves = dict.fromkeys(each.move for values, _ in part.reached for each in whole.successors(values))
    rejected = []
    for move in moves:
        found = search(Deaf(whole, move), 10_000, lambda: False)  # type: ignore[arg-type]
        assert isinstance(found, Safe)
        if objections(whole, found.reached):
            rejected.append(found.reached)
        else:
            assert all(lies_in(whole, state, found.reached) for state in part.reached)
    for fewer in rejected[:: 1 + len(rejected) // 3]:
        assert not z3_accepts(whole, fewer)
