"""A proof and a comparison as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from postinterview.core.rules.definitions import Acknowledged, Definition
from postinterview.proof.comparison import Comparison
from postinterview.proof.promises.tags import Trusted
from postinterview.proof.prove import Proof, Result
from postinterview.proof.reports.story_file import breaking, newly_allowed


def trusted(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what promises take from the rule file: each tag with the events that carry it."""
    kinds = definition.events.values()
    for contact in ("chase", "attempt", "courtesy", "reply", "none"):
        yield contact, tuple(kind.name for kind in kinds if kind.contact == contact)
    yield "sign of life", tuple(kind.name for kind in kinds if kind.sign_of_life)
    yield "gives a credit", tuple(kind.name for kind in kinds if kind.gives)
    sets = (kind for kind in kinds if kind.by == "employer" and any(f.sets for f in kind.fields.values()))
    yield "names a date", tuple(kind.name for kind in sets)


def proof_data(file: str, proof: Proof | None, diagnostics: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a proof in plain types; for None, that the file or the promises have errors."""
    if proof is None:
        nothing: dict[str, Any] = {"promises": [], "trusted": {}, "milder": [], "only_trusted": []}
        return {"verdict": None, "rules": [file], **nothing, "loosened": [], "diagnostics": diagnostics}
    return {
        "verdict": proof.verdict,
        "rules": [source.name for source in proof.definition.sources],
        "promises": [{**_result_data(each), "vacuous": proof.vacuous.get(each.id)} for each in proof.results],
        "trusted": {tag: list(events) for tag, events in trusted(proof.definition)},
        "milder": [
            {
                "event": each.kind.name,
                "tag": each.tag.name,
                "says": each.says,
                "packaged": each.packaged_says,
                "file": each.kind.origin.file,
                "line": each.kind.origin.line,
                "packaged_file": each.packaged.origin.file,
                "packaged_line": each.packaged.origin.line,
                "why": each.tag.why,
            }
            for each in proof.milder
        ],
        "only_trusted": trusted_data(proof.trusted),
        "loosened": loosened_data(proof.loosened),
        "diagnostics": diagnostics,
    }


def trusted_data(found: Iterable[Trusted]) -> list[dict[str, Any]]:
    """Return what promises only believe. ``why`` is None if the file does not acknowledge it."""
    return [
        {
            "event": each.kind.name,
            "tags": {tag.name: tag.says(each.kind) for tag in each.tags},
            "file": each.kind.origin.file,
            "line": each.kind.origin.line,
            "why": None if each.trust is None else each.trust.why,
        }
        for each in found
    ]


def loosened_data(loosened: Iterable[Acknowledged]) -> list[dict[str, Any]]:
    """Return the promises that the file does not keep."""
    return [
        {"promise": each.name, "why": each.why, "file": each.origin.file, "line": each.origin.line}
        for each in loosened
    ]


def check_data(proof: Proof) -> dict[str, Any]:
    """Return the verdict, and what is not proved and not loosened."""
    loosened = {each.name for each in proof.loosened}
    left = [_result_data(r) for r in proof.results if r.verdict != "proved" and r.id not in loosened]
    return {
        "verdict": proof.verdict,
        "not_proved": [{key: each[key] for key in ("id", "verdict", "scenario")} for each in left],
    }


def _result_data(result: Result) -> dict[str, Any]:
    return {
        "id": result.id,
        "verdict": result.verdict,
        "seconds": round(result.seconds, 6),
        "states": result.states,
        "rests_on": list(result.rests_on),
        "scenario": breaking(result),
    }


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison in plain types."""
    return {
        "verdict": comparison.verdict,
        "old": [source.name for source in comparison.old.sources],
        "new": [source.name for source in comparison.new.sources],
        "acts": [
            {
                "act": each.act,
                "contact": each.is_contact,
                "verdict": each.verdict,
                "seconds": round(each.seconds, 6),
                "states": each.states,
                "why": each.why_unknown,
                "scenario": newly_allowed(each),
                "refused_by_old": [] if each.refused is None else each.refused.verdict.as_json()["reasons"],
                "supposing": list(each.supposing),
            }
            for each in comparison.acts
        ],
    }
