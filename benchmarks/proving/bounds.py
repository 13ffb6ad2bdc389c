"""Bounds as questions for z3: is a number the most, and is one less too few?

The library finds the number; z3 is told it, and asked in each place whether more can be counted (a proof) and
whether as many can (a story). That is all that a bound says, and less than finding it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from time import process_time  # noqa: TID251 a benchmark reads the clock

from attrs import frozen

from benchmarks.proving.answers import Answer, DisagreementError, Needed, Stopwatch
from benchmarks.proving.spacer import by_spacer
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition
from postinterview.proof.bound import Bound, BoundQuestion
from postinterview.proof.bounder import Bounder, tally_for
from postinterview.proof.model.asked import AskedActs
from postinterview.proof.model.relation import Relation
from postinterview.proof.model.tally import Tally
from postinterview.proof.model.view import View, view_of
from postinterview.proof.search.most import more_than, place_in
from postinterview.proof.search.refinement import ProofVerdict


@frozen(slots=False)
class Side:
    """The question whether more than a number is ever counted in a place.

    ``needed``: the conditions that the proof rests on. ``verdict``: what the library found.
    """

    place: Relation
    tally: Tally
    number: int
    needed: Needed
    verdict: ProofVerdict

    @cached_property
    def every(self) -> Needed:
        """All conditions that can be asked of the counted acts."""
        return tuple(AskedActs(self.place, self.tally, ()).conditions)

    def view(self, keys: Needed | None = None) -> View:
        asked = self.every if keys is None else keys
        return view_of(self.place, asked, more_than(self.tally, self.number))


def find(definition: Definition, question: BoundQuestion) -> Bound:
    """Return the bound as the library finds it."""
    return Bounder(Rulebook(definition), process_time).bound(question)


def by_bounder(definition: Definition, question: BoundQuestion) -> Answer:
    """Return the answer of the library: both sides, found from nothing."""
    stopwatch = Stopwatch()
    bound = find(definition, question)
    tight = bound.verdict == "bounded" and bound.is_tight
    return Answer("proved" if tight else "unknown", bound.states, stopwatch.seconds)


def sides(definition: Definition, bound: Bound) -> Iterator[Side]:
    """Yield two questions for each proof of a bound: can more be counted, and can as many?"""
    for term in bound.terms:
        place = place_in(definition, term.scope)
        for events, number, part in term.proofs:
            tally = tally_for(definition, bound.question, events, term.scope)
            yield Side(place, tally, number, part.rests_on, "proved")
            if number:
                yield Side(place, tally, number - 1, part.rests_on, "violated")


def sides_by_spacer(asked: list[Side], seconds: float, *, needed: bool) -> Answer:
    """Return the answer of z3 about both sides of a bound: proved if both are as they were found.

    Raises:
        DisagreementError: it says something else.
    """
    found = [by_spacer(side, seconds, side.needed if needed else None) for side in asked]
    for side, answer in zip(asked, found, strict=True):
        if answer.verdict not in (side.verdict, "unknown"):
            raise DisagreementError(f"{side.tally}, more than {side.number}: {answer.verdict}")
    unknown = any(answer.verdict == "unknown" for answer in found)
    return Answer("unknown" if unknown else "proved", None, sum(answer.seconds for answer in found))
