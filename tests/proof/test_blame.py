"""The finding for a broken promise points at the guard that was loosened, or says that there is none."""

from __future__ import annotations

from time import process_time  # noqa: TID251 - the prover measures itself

import pytest

import postinterview as pi
from postinterview.judging import load_promises
from postinterview.proof.promises.promise import Promises
from postinterview.proof.prove import Prover
from postinterview.proof.reports.findings import findings
from tests.cli.helpers import ROOT
from tests.proof.helpers import PATIENT

TEXT = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")


def blamed(text: str, promise: str) -> tuple[str, str]:
    """Return the last part of the path of the finding for a promise, and its label."""
    rulebook = pi.load_rulebook(text=text, name="mine.yaml")
    asked = tuple(each for each in load_promises(rulebook).promises if each.id == promise)
    proof = Prover(rulebook, process_time, max_seconds=PATIENT).prove(Promises(asked))
    (found,) = (each for each in findings(proof, "mine.yaml") if f"promise `{promise}`" in each.message)
    name = found.path.rpartition(".")[2]
    assert text.split("\n")[found.where.line - 1].strip().startswith(f"{name}:")
    return name, found.label


def loosened(where: str, guard: str, instead: str) -> str:
    """Return the packaged rules with one guard of a transition or a set written otherwise, or without it."""
    before, start, after = TEXT.partition(f" {where}:\n")
    line = next(line for line in after.split("\n") if line.strip().startswith(f"{guard}:"))
    new = f"{line[: len(line) - len(line.lstrip())]}{guard}: {instead}\n" if instead else ""
    return before + start + after.replace(f"{line}\n", new, 1)


LOOSENED = [
    (
        "one_chase",
        "one_at_a_time",
        "one_chase",
        "{at_most: 2, of: chase, since: sign_of_life, per: employer}",
    ),
    ("one_chase", "one_at_a_time", "one_chase", "{at_most: 1, of: chase, since: sign_of_life}"),
    ("one_follow_up", "before_any_nudge", "one_follow_up", "{at_most: 2, of: follow_up, per: round}"),
    ("courtesy_once", "thank", "one_thank_you", "{at_most: 3, of: thank_you, per: [round, interviewer]}"),
    ("one_invite", "invite", "one_invite", "{at_most: 1, of: linkedin_invite, per: [round, interviewer]}"),
    (
        "two_attempts",
        "call_in_vain",
        "two_attempts",
        "{at_most: 3, of: attempt, since: sign_of_life, per: employer}",
    ),
    (
        "attempts_apart",
        "call_in_vain",
        "a_day_between_attempts",
        "{apart: 23 hours, from: attempt, per: employer}",
    ),
    (
        "no_attempt_after_a_chase",
        "one_at_a_time",
        "one_chase",
        "{at_most: 2, of: chase, since: sign_of_life}",
    ),
    ("one_counter", "negotiate", "one_counter", "{at_most: 2, of: counter_offer, since: answer}"),
    (
        "few_notices",
        "say_what_cannot_wait",
        "few_notices",
        "{at_most: 4, of: notice, within: 60 days, per: employer}",
    ),
    ("a_week_apart", "before_any_nudge", "a_week_apart", "{apart: 6 days, from: follow_up, per: employer}"),
    ("fresh_thanks", "thank", "while_it_is_fresh", "{not_after: interview + 15 days, per: interviewer}"),
    ("two_counters", "negotiate", "two_counters", "{at_most: 3, of: counter_offer}"),
]


@pytest.mark.parametrize(("promise", "where", "guard", "instead"), LOOSENED)
def test_the_guard_that_was_loosened_is_blamed(promise: str, where: str, guard: str, instead: str) -> None:
    satisfied = "this guard was satisfied, but it is not as strict as the promise"

    assert blamed(loosened(where, guard, instead), promise) == (guard, satisfied)


def test_where_no_guard_asks_for_it_the_transition_is_blamed() -> None:
    nothing = "no guard here makes the act keep this promise"

    assert blamed(loosened("before_any_nudge", "wait_for_the_answer", ""), "not_before_the_date") == (
        "follow_up_once",
        nothing,
    )


def test_a_guard_with_an_exception_is_blamed_for_it() -> None:
    text = loosened(
        "before_any_nudge", "wait_for_the_answer", "{not_before: answer_due, unless: {channel: email}}"
    )
    excepted = "this guard was satisfied or left out by `unless`, and the promise knows no exception"

    assert blamed(text, "not_before_the_date") == ("wait_for_the_answer", excepted)
