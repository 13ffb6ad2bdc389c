"""A proof keeps its time limit: it looks at the clock before each act and in each state."""

from __future__ import annotations

from itertools import count

from postinterview import load_rulebook
from postinterview.judging import load_promises
from postinterview.proof.explain import protections
from postinterview.proof.prove import Proof, Prover

RULEBOOK = load_rulebook()
PROMISES = load_promises(RULEBOOK)


def proof_within(ticks: int) -> Proof:
    """The proof with a clock that goes on by one whenever somebody looks at it."""
    ticking = count()
    return Prover(RULEBOOK, lambda: float(next(ticking)), max_seconds=ticks).prove(PROMISES)


def test_without_time_nothing_is_searched_and_nothing_is_known() -> None:
    proof = proof_within(0)

    assert proof.verdict == "unknown"
    assert all(
        part.verdict == "unknown" and part.states == 0 for each in proof.results for part in each.parts
    )
    assert {part.why_unknown for each in proof.results for part in each.parts} == {"the time is up"}


def test_every_state_of_a_search_is_a_look_at_the_clock() -> None:
    for ticks in (10, 40, 160):
        parts = [part for each in proof_within(ticks).results for part in each.parts]
        late = next(number for number, part in enumerate(parts) if part.verdict == "unknown")

        assert sum(part.states for part in parts if part.verdict == "unknown") <= ticks
        assert all(part.verdict == "unknown" and part.states == 0 for part in parts[late + 1 :])


def test_what_was_finished_in_time_stays_proved() -> None:
    verdicts = [each.verdict for each in proof_within(200).results]

    assert verdicts[0] == "proved"
    assert verdicts[-1] == "unknown"
    assert verdicts == sorted(verdicts)


def test_what_the_guards_protect_is_looked_for_in_one_limit_for_all_of_them() -> None:
    proof = proof_within(10**9)
    ticking = count()
    found = protections(proof, lambda: float(next(ticking)))

    assert proof.verdict == "proved"
    assert next(ticking) < 1000
    assert any(each.unknown for each in found)
    assert not any(each.promises for each in found[3:])
