"""A comparison in plain lines and as data: for each act what the new rules allow and the old ones refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from postinterview.proof.compare import Compared, Comparison
from postinterview.proof.replay import Replay
from postinterview.proof.report import path_sentences
from postinterview.proof.story_file import refused_data, scenario_data

ASSUMED = (
    "assumed: both rulebooks are told the same history, each as much of it as it knows, and it is corrected",
    "before it is asked; the clock is not set back; any calendar, time zone and breach; hours and custom",
    "guards that both rulebooks have answer both alike",
)


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison in plain types."""
    return {
        "verdict": comparison.verdict,
        "old": [source.name for source in comparison.old.sources],
        "new": [source.name for source in comparison.new.sources],
        "acts": [_act_data(each) for each in comparison.acts],
    }


def _act_data(each: Compared) -> dict[str, Any]:
    reasons = [] if each.refused is None else each.refused.verdict.as_json()["reasons"]
    return {
        "act": each.act,
        "verdict": each.verdict,
        "seconds": round(each.seconds, 6),
        "states": each.states,
        "why": each.why_unknown,
        "scenario": None if each.allowed is None else new_scenario(each),
        "refused_by_old": reasons,
        "supposing": list(each.supposing),
    }


def act_sentence(each: Compared) -> str:
    """What is known of an act, in one line."""
    if each.verdict == "none":
        return f"nothing that the old rules refused; {each.states} states"
    if each.verdict == "unknown":
        return f"not known: {each.why_unknown}"
    return "allowed where the old rules refused it"


def difference_sentences(each: Compared) -> Iterator[str]:
    """The shortest story: what the new rules make of it, and why the old ones refused its last act."""
    if each.allowed is None:
        return
    yield from path_sentences(each.allowed, "allowed, and refused by the old rules")
    if each.refused is None:
        yield f"     the old rules know no act `{each.act}`"
        return
    for reason in each.refused.verdict.reasons:
        place = f"{reason.file}:{reason.line}"
        yield f"     {place}: `{reason.id}` has {reason.has}; needs {reason.needs}"
    for name in each.supposing:
        yield f"     if the function `{name}` says no"


def new_scenario(each: Compared) -> dict[str, Any]:
    """The story as a scenario of the new rules, at the end of which the act is allowed."""
    return scenario_data(f"Newly allowed: {each.act}", _known(each.allowed), "The old rules refused it.")


def old_scenario(each: Compared) -> dict[str, Any] | None:
    """The story as a scenario of the old rules, at the end of which the act is refused."""
    if each.refused is None or each.supposing:
        return None
    return refused_data(f"Refused: {each.act}", each.refused, "The new rules allow it.")


def _known(replay: Replay | None) -> Replay:
    if replay is None:
        raise ValueError(replay)
    return replay
