"""Search for both sides of a bound: single events first, then those of one scope together; see `bound`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from attrs import define, evolve, field

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import APPLICATION, EMPLOYER, INTERVIEWER, Definition, Scope
from postinterview.core.values.formatting import say_list
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.bound import BOTH, Bound, BoundQuestion, Term, joined
from postinterview.proof.model.asked import AskedActs
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.relation import Relation
from postinterview.proof.model.tally import Tally, linked
from postinterview.proof.promises.promise import events_of
from postinterview.proof.prove import MAX_ZONES, Prover
from postinterview.proof.search.left_out import Conditions
from postinterview.proof.search.most import Most, more_than, place_in
from postinterview.proof.search.pumping import Cycle, pump
from postinterview.proof.search.refinement import Limits

MAX_SECONDS = 10.0
MANY, MOST = 32, 256
"""Beyond so many a finer scope is tried, and a cycle looked for; beyond the other one nothing is."""

UNFOLLOWED = 3
"""After so many numbers for which only unreal paths were found, the model is too coarse for a bound."""

SCOPES = (EMPLOYER, APPLICATION, INTERVIEWER, BOTH)


def events_counted(definition: Definition, question: BoundQuestion) -> tuple[str, ...]:
    """Return the acts that the question counts."""
    named = events_of(definition, question.of) - events_of(definition, question.but)
    kinds = (definition.events[name] for name in definition.events if name in named)
    to_them = question.per.interviewer
    return tuple(kind.name for kind in kinds if kind.is_act and (kind.to_person or not to_them))


def tally_for(definition: Definition, question: BoundQuestion, events: frozenset[str], scope: Scope) -> Tally:
    """Return the tally of the events in a scope."""
    facts = frozenset(name for name, kind in definition.events.items() if not kind.is_act)
    within = None if question.within is None else question.within // MICROSECOND
    return Tally(events, facts if question.silence else frozenset(), scope, within, allowed=True)


@define(eq=False)
class Bounder:
    """Finds bounds for one rulebook. ``clock`` gives seconds, and is the only thing that measures time.

    ``progress`` is told from time to time what is searched.
    """

    rulebook: Rulebook
    clock: Callable[[], float]
    max_zones: int = field(default=MAX_ZONES, kw_only=True)
    max_seconds: float = field(default=MAX_SECONDS, kw_only=True)
    progress: Callable[[str], None] | None = field(default=None, kw_only=True)
    _prover: Prover = field(init=False)
    _places: dict[Scope, Relation] = field(factory=dict, init=False)
    _limits: Limits = field(init=False)
    _states: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._prover = Prover(
            self.rulebook, self.clock, max_zones=self.max_zones, max_seconds=self.max_seconds
        )

    def bound(self, question: BoundQuestion) -> Bound:
        """Answer a question, within the limits."""
        begun, self._states = self.clock(), 0
        self._limits = Limits(self.clock, begun + self.max_seconds, self.max_zones)
        self._prover.limits = self._limits
        definition = self.rulebook.definition
        single = [self._coarsest(question, name) for name in events_counted(definition, question)]
        single.sort(key=lambda term: SCOPES.index(term.scope))
        together = [list(found) for _, found in groupby(single, key=lambda term: term.scope)]
        terms = tuple(term for found in together for term in self._jointly(question, found))
        return Bound(question, terms, self.clock() - begun, self._states)

    def _coarsest(self, question: BoundQuestion, event: str) -> Term:
        """Return the bound on one event in the coarsest scope that has one."""
        kind = self.rulebook.definition.events[event]
        scopes = [scope for scope in SCOPES if joined(scope, question.per) == scope]
        scopes = [scope for scope in scopes if kind.to_person or not scope.interviewer]
        scopes = [scope for scope in scopes if not (kind.employer_wide and scope.application)]
        asked = [scope for scope in scopes if self._is_asked(question, event, scope)] or scopes[-1:]
        found = [Term(question.per, frozenset({event}), 0, None, why_unknown=f"`{event}` has no such place")]
        for most in (MANY, MOST):
            for scope in asked:
                found.append(self._least(question, Term(scope, frozenset({event}), 0, None), most))
                if found[-1].at_most is not None:
                    return found[-1]
            if most == MANY and (cycle := self._pumped(question, found[-1])) is not None:
                return evolve(found[-1], cycle=cycle, why_unknown="")
        return max(found[1:] or found, key=lambda term: term.at_least)

    def _is_asked(self, question: BoundQuestion, event: str, scope: Scope) -> bool:
        """Return whether each way to allow the event asks for something that the scope can follow."""
        tally = tally_for(self.rulebook.definition, question, frozenset({event}), scope)
        asked = AskedActs(self._place(scope), tally, ())
        ways = self._place(scope).ways_to(event)
        return all(any(each.key in asked.conditions for each in way) for way in ways)

    def _jointly(self, question: BoundQuestion, terms: list[Term]) -> Iterator[Term]:
        """Yield the bound on the events of several terms of one scope together."""
        scope, bounded = terms[0].scope, [term for term in terms if term.at_most]
        yield from (term for term in terms if not term.at_most)
        if len(bounded) < 2:
            yield from bounded
            return
        largest = max(bounded, key=lambda term: term.at_least)
        yield self._least(
            question,
            Term(
                scope,
                frozenset().union(*(term.events for term in bounded)),
                largest.at_least,
                sum(term.at_most or 0 for term in bounded),
                tuple(proof for term in bounded for proof in term.proofs),
                largest.story,
            ),
        )

    def _least(self, question: BoundQuestion, term: Term, most: int = MOST) -> Term:
        """Return the term with its two sides as close as the searches bring them.

        Without an upper side to begin with, the number is doubled until it is proved, and then halved.
        Several events together are tried from what a story reaches: mostly that is all.
        """
        tally = tally_for(self.rulebook.definition, question, term.events, term.scope)
        guess, together = self._linked(term.scope, tally), term.at_most is not None
        open_, unfollowed = term.at_least, 0  # a bound of less than `open_` is not to be had
        while term.at_most is None or open_ < term.at_most:
            if term.at_most is None and (open_ > most or unfollowed == UNFOLLOWED):
                return evolve(term, why_unknown=term.why_unknown or f"more than {most}")
            number, guessed = _next(open_, term.at_most, guess, most, together=together), guess
            self._say(f"{say_list(sorted(term.events))} per {term.scope}: more than {number}?")
            search = self._question(term.scope, tally, number, term.rests_on)
            try:
                part = search.run()
            except TooManyError as error:
                return evolve(term, why_unknown=str(error))
            self._states += part.states
            guess = number - 1 if part.verdict == "proved" and number == guessed else None
            if part.verdict == "proved":
                term = evolve(term, at_most=number, proofs=((term.events, number, part),))
                continue
            open_ = number + 1
            if part.replay is not None:
                term = evolve(term, at_least=search.number_in(part.replay), story=part.replay)
                open_ = max(open_, term.at_least)
            else:
                term, unfollowed = evolve(term, why_unknown=part.why_unknown), unfollowed + 1
                if self._limits.reached == part.why_unknown:
                    return term
        return term if term.at_least < (term.at_most or 0) else evolve(term, why_unknown="")

    def _linked(self, scope: Scope, tally: Tally) -> int | None:
        """Return the number that guards which ask the same as the tally say, if every way has one."""
        relation, limits = self._place(scope), list[int]()
        for event in tally.of:
            for way in relation.ways_to(event):
                found = [linked(each.guard, each.scope, tally) for each in way]
                numbers = [each.number for each in found if each is not None]
                if not numbers:
                    return None
                limits.append(min(numbers))
        return max(limits, default=None)

    def _pumped(self, question: BoundQuestion, term: Term) -> Cycle | None:
        """Return a cycle that shows that the term has no bound, if one is found."""
        tally = tally_for(self.rulebook.definition, question, term.events, term.scope)
        search = self._question(term.scope, tally, MANY)
        return None if term.at_least <= MANY or search.run().replay is None else pump(search)

    def _question(self, scope: Scope, tally: Tally, number: int, seed: Conditions = frozenset()) -> Most:
        """Return the question whether more than a number can be counted in a scope."""
        prover, goals = self._prover, more_than(tally, number)
        place, told = self._place(scope), prover.recordings
        return Most(place, goals, prover.start, self._limits, prover.preludes, seed=seed, recordings=told)

    def _say(self, text: str) -> None:
        if self.progress is not None:
            self.progress(text)

    def _place(self, scope: Scope) -> Relation:
        if scope not in self._places:
            self._places[scope] = place_in(self.rulebook.definition, scope)
        return self._places[scope]


def _next(low: int, high: int | None, guess: int | None, most: int, *, together: bool) -> int:
    """Return the number to try next, up to ``most``: no bound is below ``low``, and ``high`` is one."""
    if guess is not None and low <= guess and (high is None or guess < high):
        return guess
    if high is None:
        return min(max(1, 2 * low), most)
    return low if together else min((low + high) // 2, high - 1)
