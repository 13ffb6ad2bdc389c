"""The finding for a broken promise points at the guard that was loosened, or says that there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

import postinterview as pi
from postinterview.proof.findings import findings
from tests.cli.helpers import ROOT

TEXT = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")


def blamed(text: str, promise: str, *promises: Path) -> tuple[str, str]:
    """Return the path and the label of the finding for a promise."""
    proof = pi.prove(pi.load_rulebook(text=text, name="mine.yaml"), promises=promises)
    (found,) = (each for each in findings(proof, "mine.yaml") if f"promise `{promise}`" in each.message)
    return found.path.rpartition(".transitions.")[2], found.label


def loosened(transition: str, guard: str, instead: str) -> str:
    """Return the packaged rules with one guard of a transition written otherwise, or without it."""
    before, start, after = TEXT.partition(f"      {transition}:\n")
    line = next(line for line in after.split("\n") if line.strip().startswith(f"{guard}:"))
    new = f"{line[: len(line) - len(line.lstrip())]}{guard}: {instead}\n" if instead else ""
    return before + start + after.replace(f"{line}\n", new, 1)


LOOSENED = [
    (
        "one_chase",
        "follow_up_once",
        "one_chase",
        "{at_most: 2, of: chase, since: sign_of_life, per: employer}",
    ),
    ("one_chase", "follow_up_once", "one_chase", "{at_most: 1, of: chase, since: sign_of_life}"),
    ("one_follow_up", "follow_up_once", "one_follow_up", "{at_most: 2, of: follow_up, per: round}"),
    (
        "not_before_the_date",
        "follow_up_once",
        "wait_for_the_answer",
        "{not_after: promised, if_never: holds}",
    ),
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
    ("no_attempt_after_a_chase", "call_in_vain", "one_chase", "{at_most: 2, of: chase, since: sign_of_life}"),
    ("one_counter", "negotiate", "one_counter", "{at_most: 2, of: counter_offer, since: answer}"),
    ("two_counters", "negotiate", "two_counters", "{at_most: 3, of: counter_offer}"),
]


@pytest.mark.parametrize(("promise", "transition", "guard", "instead"), LOOSENED)
def test_the_guard_that_was_loosened_is_blamed(
    promise: str, transition: str, guard: str, instead: str
) -> None:
    path, label = blamed(loosened(transition, guard, instead), promise)

    assert label == "this guard was satisfied, but it is not as strict as the promise"
    assert path == f"{transition}.guards.{guard}"


def test_where_no_guard_asks_for_it_the_transition_is_blamed() -> None:
    path, label = blamed(loosened("follow_up_once", "wait_for_the_answer", ""), "not_before_the_date")

    assert (path, label) == ("follow_up_once", "no guard here makes the act keep this promise")
