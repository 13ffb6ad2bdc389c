"""Show with few variables that two rulebooks never differ in one way.

A moment such as "the latest of five dates" has many clocks, and fails in many ways. If an edit changes
one of the dates, most others make no difference. So a search looks at the variables that only one of the
rulebooks has, and takes for true whatever is said of others. That allows more, so what is proved holds. If a
difference is left, one part of what is asked is looked at by what needs no clock, such as whether its dates
are set at all. Then one more variable is looked at: the one with which the shortest path to it gets longest.
If it gets no longer by any, all that one condition looks at is, or all for which the engine refuses the path.

Example: "a promise counts as a word from them" is taken away. Then a follow-up is refused sooner only if the
promise was their last word, and nothing later was expected. That this never is shows with three variables of
thirteen: the words, the date that was promised, and the last talk or task.

Atoms on machines are always kept: most differences hang on them.

Where business days are counted, each way to allow the act is first looked at by itself: each needs few
variables, and all ways together need those of each. Added is what the engine refuses a path for. Of what is
looked at first, business days come when the calendar has them: within days, so a month after the last word
they are over whatever was said. All others come in any time, which costs no clock.

Source: localization (see `refinement`), here of variables; the length of a counterexample is their score.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain
from math import inf

from attrs import define, evolve, field, frozen

from postinterview.proof.model.checker import objections
from postinterview.proof.model.conditions import Options
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.variables import TimeAnchor
from postinterview.proof.model.view import View
from postinterview.proof.search.cases import Atoms, Cases, Variables
from postinterview.proof.search.refinement import Limits
from postinterview.proof.search.search import Bad, Safe, explore

FEW_STATES, MOST_STATES = 600, 4000
"""The most states of a search by the fewest variables, and by more."""

TIMED, FEW_TIMED = 0.8, 600
"""The part of the time in which ways are looked at by themselves, and the most states of first searches."""

LITTLE = 50
"""The fewest states in which it is looked for a path that is no longer than the one before."""


@define(eq=False)
class Slicing:
    """A question to settle.

    Attributes:
        cases: the ways to differ.
        first: the variables that are looked at first, such as those that only one of the rulebooks has.
        refused_for: gives what the new rulebook looks at to refuse the story of a path.
    """

    cases: Cases
    first: Collection[object]
    refused_for: Callable[[View, Bad], Variables]

    @property
    def least(self) -> Variables:
        """The variables that are always looked at."""
        return frozenset(self.cases.variables).intersection(self.first)

    @property
    def counts_days(self) -> bool:
        """Return whether business days are counted from one of the variables."""
        return any(isinstance(each, TimeAnchor) and each.calendar for each in self.cases.variables)

    @property
    def by_way(self) -> Sequence[Slicing]:
        """The questions about each way to allow the act, apart."""
        return [evolve(self, cases=cases) for cases in self.cases.by_way]


@frozen(eq=False)
class Near:
    """A path to a difference, as far as the variables of the view tell. The engines may follow it."""

    view: View
    bad: Bad

    @property
    def length(self) -> int:
        """The number of moves on the path."""
        return len(self.bad.path)


@define(eq=False)
class Slicer:
    """Settles questions of a comparison. What was enough for one of them is tried first for others.

    So one search settles many, and those of similar acts. ``limits``: those of each search. ``near``: the
    paths to a difference that `left` found.
    """

    limits: Limits
    states: int = field(default=0, init=False)
    near: list[Near] = field(factory=list, init=False)
    _enough: Variables = field(default=frozenset(), init=False)
    _is_timed: bool = field(default=False, init=False)
    _searched: dict[tuple[str, Options, int, Variables], Safe | Near | None] = field(factory=dict, init=False)

    def left(self, questions: Sequence[Slicing]) -> list[Slicing]:
        """Return the questions of which it is not shown that there is no difference.

        It ends at the first one that is not settled, since there may be a difference.
        """
        self._is_timed = False
        self.near.clear()
        rest = list(questions)
        if any(each.counts_days for each in questions):
            limits, now = self.limits, self.limits.clock()
            self.limits = evolve(limits, deadline=now + TIMED * (limits.deadline - now))
            self._is_timed = True
            rest = self._unsettled_by_way(rest)
            self._is_timed, self.limits = False, limits
        return self._unsettled(rest)

    def _unsettled_by_way(self, questions: Sequence[Slicing]) -> list[Slicing]:
        """Return the questions that are left if each way to allow the act is looked at by itself."""
        for number, question in enumerate(questions):
            for each in question.by_way:
                if self.limits.is_late() or not self._is_refused_anyway(each):
                    return list(questions[number:])
        return []

    def _unsettled(self, questions: Sequence[Slicing]) -> list[Slicing]:
        rest = list(questions)
        while rest:
            if self._is_settled(rest):
                return []
            found = None if self.limits.is_late() else self._enough_for(rest[0])
            if found is None:
                return rest
            self._enough, rest = found, rest[1:]
        return rest

    def _is_settled(self, questions: Sequence[Slicing]) -> bool:
        """Return whether what was enough before is so for all of these together."""
        found = self._search(questions, self._enough, 0 if self._enough else FEW_STATES)
        return isinstance(found, Safe)

    def _enough_for(self, question: Slicing) -> Variables | None:
        """Return variables that are enough to see that there is no difference; None if none are found."""
        if self._enough and isinstance(self._search([question], self._enough), Safe):
            return self._enough
        kept = question.least
        found = self._search([question], kept, FEW_STATES)
        if isinstance(found, Near) and self._is_enough_without_clocks(question, kept):
            return kept
        while isinstance(found, Near):
            one_more = (kept | {each} for each in question.cases.variables if each not in kept)
            longer = self._longest(question, one_more, found)
            if longer is None:  # perhaps only all that one condition looks at makes a difference
                parts = (kept | part for part in question.cases.parts if not part <= kept)
                longer = self._longest(question, parts, found)
            if longer is None:
                refusing = question.refused_for(found.view, found.bad) - kept
                longer = (kept | refusing, self._search([question], kept | refusing)) if refusing else None
            if longer is None:
                return None
            kept, found = longer
        return kept if isinstance(found, Safe) else None

    def _is_refused_anyway(self, question: Slicing) -> bool:
        """Return whether what the engine refuses paths for is enough to see that there is no difference.

        Of the conditions for which it refuses a path the one is added that makes it longest.
        """
        kept = question.least
        found = self._search([question], kept, FEW_TIMED)
        while isinstance(found, Near):
            refusing = kept | question.refused_for(found.view, found.bad)
            parts = [kept | part for part in question.cases.parts if part <= refusing and not part <= kept]
            if not parts:
                return False
            tried = [(each, self._search([question], each, FEW_TIMED)) for each in parts]
            kept, found = max(tried, key=lambda pair: _length(pair[1]))
        if found is None:  # perhaps not all of it is needed
            parts = [kept - (part - question.least) for part in question.cases.parts if part <= kept]
            tried = [(each, self._search([question], each, FEW_TIMED)) for each in parts if each < kept]
            found = next((each for _, each in tried if isinstance(each, Safe)), None)
        return isinstance(found or self._search([question], kept), Safe)

    def _is_enough_without_clocks(self, question: Slicing, kept: Variables) -> bool:
        """Return whether it is enough to know of one part more what needs no clock."""
        parts = question.cases.parts
        return any(isinstance(self._search([question], kept, FEW_STATES, part), Safe) for part in parts)

    def _longest(
        self, question: Slicing, candidates: Iterable[Variables], shorter: Near
    ) -> tuple[Variables, Safe | Near | None] | None:
        """Return the variables with which no difference is reached, or else by the longest shortest path.

        None if the path is no longer than one known before with any of them.
        """
        longest: tuple[Variables, Near] | None = None
        for each in candidates:
            found = self._search([question], each, LITTLE + 2 * shorter.bad.states)
            if found is None:  # it does not end as soon, so it may not end at a difference at all
                found = self._search([question], each)
            if isinstance(found, Safe):
                return each, found
            known = shorter if longest is None else longest[1]
            if found is not None and found.length > known.length:
                longest = each, found
        return longest

    def _search(
        self,
        questions: Sequence[Slicing],
        kept: Variables,
        most: int = 0,
        clockless: Variables = frozenset(),
    ) -> Safe | Near | None:
        """Return whether a difference can be reached by these variables; None after a limit."""
        known = kept.intersection(chain.from_iterable(each.cases.variables for each in questions))
        least: Variables = frozenset().union(*(each.least for each in questions))
        more = known | least
        bad = dict[Atoms, None]()
        try:
            for each in questions:
                bad |= dict.fromkeys(each.cases.with_variables(more, clockless))
        except TooManyError:
            return None
        relation = questions[0].cases.relation
        most = min(most or MOST_STATES, self.limits.max_zones)
        timed = least if self._is_timed else frozenset()
        key = relation.act.name, tuple(bad), most, timed
        if key not in self._searched:
            view = View(relation, bad, timed=timed)
            found = self._searched[key] = self._explored(view, most)
            self.near += [found] if isinstance(found, Near) else []
        return self._searched[key]

    def _explored(self, view: View, most: int) -> Safe | Near | None:
        found = next(explore(view, most, self.limits.is_late))
        match found:
            case Bad():
                self.states += found.states
                return Near(view, found)
            case Safe(reached) if not objections(view, reached):
                self.states += len(reached)
                return found
            case _:
                return None


def _length(found: Safe | Near | None) -> tuple[float, int]:
    """Return a key: the length of the path, infinite if there is none, and how far it was looked for."""
    return (found.length, found.bad.states) if isinstance(found, Near) else (inf, isinstance(found, Safe))
