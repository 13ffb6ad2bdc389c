"""The part of a certificate that is about bounds: proofs that add up to each, checked again without a search.

A bound is a sum. For each term a certificate names the scope, the events, the number, and the states that
prove it. Every event that the question counts must be in just one of them, so that nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from attrs import astuple, frozen

from postinterview.core.rules.definitions import Definition, Scope
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.bound import Bound, BoundQuestion, joined
from postinterview.proof.bounder import events_counted, tally_for
from postinterview.proof.certificates.data import (
    READER,
    CertificateError,
    items,
    read_rests_on,
    read_state,
    refuse,
    written_proof,
)
from postinterview.proof.model.checker import objections
from postinterview.proof.model.relation import ConditionKey
from postinterview.proof.model.view import view_of
from postinterview.proof.search.most import more_than, place_in
from postinterview.proof.search.search import State

KEYS = ("application", "round", "interviewer")


@frozen
class ClaimedTerm:
    """The claim that in each place of a scope at most so many of the events are allowed."""

    scope: Scope
    events: tuple[str, ...]
    at_most: int
    rests_on: frozenset[ConditionKey]
    reached: tuple[State, ...]


@frozen
class ClaimedBound:
    """The claim that a question is answered by the sum of its terms."""

    question: BoundQuestion
    terms: tuple[ClaimedTerm, ...]


def written_bounds(bounds: Iterable[Bound]) -> list[dict[str, Any]]:
    """Return the upper sides of bounds, as JSON data.

    Raises:
        CertificateError: one of them is not bounded.
    """
    return [_written(bound) for bound in bounds]


def _written(bound: Bound) -> dict[str, Any]:
    if bound.verdict != "bounded":
        raise CertificateError(f"the verdict is {bound.verdict}", "only what is bounded has a certificate")
    question = bound.question
    terms = [
        {"scope": _keys(term.scope), "events": sorted(events), "at_most": number}
        | written_proof(part.rests_on, part.reached)
        for term in bound.terms
        for events, number, part in term.proofs
    ]
    return {
        "of": list(question.of),
        "but": list(question.but),
        "per": _keys(question.per),
        "within": None if question.within is None else question.within // MICROSECOND,
        "silence": int(question.silence),
        "terms": terms,
    }


def _keys(scope: Scope) -> list[str]:
    return [key for key, kept in zip(KEYS, astuple(scope), strict=True) if kept]


def read_bound(data: Any, way: str) -> ClaimedBound:
    """Read one bound; ``way``: its place in the certificate.

    Raises:
        CertificateError: it is not as it was written.
    """
    found = READER.mapping(data, way, ("of", "but", "per", "within", "silence", "terms"))
    of, but = (_names(found[key], f"{way}.{key}") for key in ("of", "but"))
    within = found["within"]
    if within is not None:
        within = READER.whole(within, f"{way}.within") * MICROSECOND
        if within <= timedelta(0):
            refuse(f"{way}.within", "a window has a length")
    silence = READER.whole(found["silence"], f"{way}.silence") != 0
    question = BoundQuestion(of, but, _scope(found["per"], f"{way}.per"), within, silence)
    return ClaimedBound(question, tuple(_term(*each) for each in items(found["terms"], f"{way}.terms")))


def _term(data: Any, way: str) -> ClaimedTerm:
    found = READER.mapping(data, way, ("scope", "events", "at_most", "rests_on", "states"))
    return ClaimedTerm(
        _scope(found["scope"], f"{way}.scope"),
        _names(found["events"], f"{way}.events"),
        READER.whole(found["at_most"], f"{way}.at_most"),
        read_rests_on(found["rests_on"], f"{way}.rests_on"),
        tuple(read_state(*each) for each in items(found["states"], f"{way}.states")),
    )


def _names(data: Any, way: str) -> tuple[str, ...]:
    return tuple(READER.text(each, place) for each, place in items(data, way))


def _scope(data: Any, way: str) -> Scope:
    names = _names(data, way)
    if not set(names) <= set(KEYS) or "round" in names:
        refuse(way, "this is no scope of a bound")
    return Scope(*(key in names for key in KEYS))


def check_bound(definition: Definition, bound: ClaimedBound) -> int:
    """Check that the terms prove the bound, and return how many states they hold.

    Raises:
        CertificateError: the checker objects, or an event is counted in none of the terms, or in several.
    """
    question = bound.question
    counted = sorted(events_counted(definition, question))
    if sorted(event for term in bound.terms for event in term.events) != counted:
        raise CertificateError(f"`{question}` counts other events than its terms")
    for term in bound.terms:
        kinds = [definition.events[event] for event in term.events]
        fits = joined(term.scope, question.per) == term.scope and all(
            (kind.to_person or not term.scope.interviewer)
            and not (kind.employer_wide and term.scope.application)
            for kind in kinds
        )
        if not fits or term.at_most < 0:
            raise CertificateError(f"`{question}` can't be counted per {term.scope}")
        tally = tally_for(definition, question, frozenset(term.events), term.scope)
        view = view_of(place_in(definition, term.scope), term.rests_on, more_than(tally, term.at_most))
        if found := objections(view, term.reached):
            said = ", ".join(f"`{event}`" for event in term.events)
            raise CertificateError(f"at most {term.at_most} of {said} is not proved: {found[0]}")
    return sum(len(term.reached) for term in bound.terms)
