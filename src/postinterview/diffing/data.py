"""A difference as plain data for JSON."""

from __future__ import annotations

from typing import Any

from postinterview.core.answers.verdict import iso
from postinterview.core.rules.definitions import Origin
from postinterview.diffing.change import Change
from postinterview.diffing.difference import Difference
from postinterview.diffing.stories import StoryDifference
from postinterview.proof.comparison import Compared
from postinterview.proof.reports.bound import bound_data
from postinterview.proof.reports.story_file import newly_allowed, scenario_of


def difference_data(difference: Difference) -> dict[str, Any]:
    """Return a difference in plain types."""
    return {
        "verdict": difference.verdict,
        "headline": difference.headline,
        "old": [source.name for source in difference.old.sources],
        "new": [source.name for source in difference.new.sources],
        "allowed": [_act(each) for each in difference.allowed],
        "refused": [_act(each) for each in difference.refused],
        "choices": [
            {
                "newly": each.newly,
                "act": each.act,
                "field": each.field,
                "choices": list(each.choices),
                "scenario": each.story
                and scenario_of(f"{each.act} with {each.carrying}", each.story, f"It is newly {each.newly}."),
            }
            for each in difference.choices
        ],
        "changes": [_change(each) for each in difference.changes],
        "promises": [
            {
                "id": each.id,
                "title": each.title,
                "before": each.before,
                "after": each.after,
                "why": each.why,
                "promised": {"before": each.made[0], "after": each.made[1]},
                "was": each.was,
                "says": each.says,
            }
            for each in difference.promises
        ],
        "bounds": [
            {
                "changed": each.is_changed,
                "before": bound_data("", [each.before])["bounds"][0],
                "after": bound_data("", [each.after])["bounds"][0],
            }
            for each in difference.bounds
        ],
        "stories": {
            "played": difference.played,
            "otherwise": [_story(each) for each in difference.stories],
        },
        "summary": difference.summary,
    }


def _act(each: Compared) -> dict[str, Any]:
    """Return one direction of an act: the story told to those who allow it, and why the others refuse it."""
    return {
        "act": each.act,
        "contact": each.is_contact,
        "verdict": each.verdict,
        "why": each.why_unknown,
        "scenario": newly_allowed(each),
        "shown_by": each.shown_by,
        "reasons": [] if each.refused is None else each.refused.verdict.as_json()["reasons"],
        "supposing": list(each.supposing),
    }


def _change(each: Change) -> dict[str, Any]:
    example = each.example
    return {
        "mark": each.mark,
        "part": each.part,
        "name": each.name,
        "before": each.before,
        "after": each.after,
        "old": _place(each.old),
        "new": _place(each.new),
        "where": list(each.where),
        "moves": list(each.moves),
        "example": example
        and {"story": example.story, "before": iso(example.before), "after": iso(example.after)},
    }


def _place(origin: Origin | None) -> dict[str, Any] | None:
    return None if origin is None else {"file": origin.file, "line": origin.line}


def _story(each: StoryDifference) -> dict[str, Any]:
    return {
        "name": each.name,
        "where": each.where,
        "steps": [
            {
                "step": step.number,
                "where": step.where,
                "at": iso(step.at),
                "what": step.what,
                "before": step.before,
                "after": step.after,
                "old": None if step.old is None else step.old.as_json(),
                "new": None if step.new is None else step.new.as_json(),
            }
            for step in each.steps
        ],
        "consequences": each.consequences,
        "stopped": each.stopped,
    }
