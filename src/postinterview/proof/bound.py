"""Find the most contacts that a rulebook allows, from both sides.

An upper side is proved: in one place, such as an application, the allowed acts of some events can't come to
more than a number (`most`). A lower side is a story that the engine allows. Where both are one number, it is
the worst case.

How many people interview and how many applications there are is the employer's doing, so most worst cases
depend on it. Each event is therefore bounded in the coarsest scope in which it can be: for the whole employer
if there is a bound at all, else for each application or each interviewer, else for each interviewer of each
application. Events of one scope are bounded together. The result is a formula, such as "3, and 1 for each
interviewer": its terms are exact one by one, and their sum is an upper side of the whole.

Example: `at_most: 3, of: [chase, attempt], within: 14 days, per: employer` on every such act gives 3 in 14
days for the employer: four states prove it, and three calls, a day apart, reach it. Without that guard, and
with one chase a round, there would be one for each interview, so no bound: `pumping` shows the cycle.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias

from attrs import astuple, field, frozen

from postinterview.core.rules.definitions import APPLICATION, EMPLOYER, INTERVIEWER, Scope
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_duration, say_list
from postinterview.proof.model.relation import ConditionKey
from postinterview.proof.search.pumping import Cycle
from postinterview.proof.search.refinement import Part
from postinterview.proof.search.replay import StoryReplay

BOTH = Scope(application=True, interviewer=True)

BoundVerdict: TypeAlias = Literal["bounded", "unbounded", "unknown"]


@frozen
class BoundQuestion:
    """How many acts of ``of``, but not of ``but``, can be allowed, counted ``per`` scope.

    ``of``, ``but``: events and built-in classes. ``within``: in any such time; else ever. ``silence``: since
    the last event of the employer or the world. Per interviewer, only acts to that person count.
    """

    of: tuple[str, ...] = ("chase", "attempt")
    but: tuple[str, ...] = ()
    per: Scope = EMPLOYER
    within: timedelta | None = None
    silence: bool = False

    def __str__(self) -> str:
        but = f" but {say_list(self.but)}" if self.but else ""
        within = "" if self.within is None else f" in any {say_duration(self.within)}"
        return f"{say_list(self.of)}{but}{within}{' in silence' if self.silence else ''}, per {self.per}"


TABLE = (
    BoundQuestion(but=("counter_offer",), within=timedelta(days=14)),
    BoundQuestion(but=("counter_offer",), within=timedelta(days=60)),
    BoundQuestion(of=("counter_offer",), within=timedelta(days=60)),
    BoundQuestion(of=("contact",), but=("reply",), silence=True),
)
"""What is asked when nothing is asked."""


@frozen
class Term:
    """The bound on some events in each place of a scope.

    ``at_most`` is None if no bound is known. ``proofs``: parts whose numbers sum up to it, each with its
    events. ``story`` reaches ``at_least``. ``cycle``: shows that there is no bound.
    """

    scope: Scope
    events: frozenset[str]
    at_least: int
    at_most: int | None
    proofs: tuple[tuple[frozenset[str], int, Part], ...] = ()
    story: StoryReplay | None = None
    cycle: Cycle | None = None
    why_unknown: str = ""

    @property
    def rests_on(self) -> frozenset[ConditionKey]:
        """The conditions that its proofs need."""
        return frozenset(key for _, _, part in self.proofs for key in part.rests_on)


@frozen
class Bound:
    """The answer to a question: a formula whose constant is ``at_least`` to ``at_most``.

    ``each_person``, ``each_application``, ``each_person_and_application``: what each of them adds at most, as
    far as the question counts several; None if that is not known.
    """

    question: BoundQuestion
    terms: tuple[Term, ...]
    seconds: float = field(eq=False, default=0.0)
    states: int = 0

    @property
    def verdict(self) -> BoundVerdict:
        """``unbounded`` if a cycle was found, else ``unknown`` if some events have no bound."""
        if any(term.cycle is not None for term in self.terms):
            return "unbounded"
        return "unknown" if any(term.at_most is None for term in self.terms) else "bounded"

    @property
    def at_least(self) -> int:
        """The constant that a story reaches."""
        return sum(term.at_least for term in self.terms if term.scope == self.question.per)

    @property
    def at_most(self) -> int | None:
        """The constant that is proved."""
        return self._most(self.question.per)

    @property
    def each_person(self) -> int | None:
        return self._most(joined(self.question.per, INTERVIEWER), beyond=INTERVIEWER)

    @property
    def each_application(self) -> int | None:
        return self._most(joined(self.question.per, APPLICATION), beyond=APPLICATION)

    @property
    def each_person_and_application(self) -> int | None:
        return self._most(BOTH if self.question.per == EMPLOYER else self.question.per, beyond=BOTH)

    @property
    def is_tight(self) -> bool:
        """Whether both sides are one number in every term."""
        return all(term.at_least == term.at_most for term in self.terms)

    @property
    def story(self) -> StoryReplay | None:
        """The story of the first term that has one; that of the cycle if there is no bound."""
        if self.cycle is not None:
            return self.cycle.replay
        return next((story for _, story in stories_of(self)), None)

    @property
    def cycle(self) -> Cycle | None:
        """The cycle that shows that there is no bound."""
        return next((term.cycle for term in self.terms if term.cycle is not None), None)

    @property
    def why_unknown(self) -> str:
        """The reason why there is no bound, or why its two sides differ."""
        return next((term.why_unknown for term in self.terms if term.why_unknown), "")

    @property
    def formula(self) -> str:
        """The upper side, such as ``3 + 1 a person + 6 an application``."""
        added = (
            (self.each_person, "a person"),
            (self.each_application, "an application"),
            (self.each_person_and_application, "a person and application"),
        )
        said = [f"{number} {what}" for number, what in added if number]
        return " + ".join([str(self.at_most), *said] if self.at_most or not said else said)

    @property
    def text(self) -> str:
        """The answer as a sentence."""
        if self.verdict == "unbounded":
            return f"{self.question}: no limit."
        if self.verdict == "unknown":
            return f"{self.question}: unknown ({self.why_unknown})."
        gap = "" if self.is_tight else f" (found: {self.at_least})"
        return f"{self.question}: at most {self.formula}{gap}."

    def _most(self, scope: Scope, beyond: Scope = EMPLOYER) -> int | None:
        if self.verdict != "bounded":
            return None
        if scope == self.question.per and beyond != EMPLOYER:
            return 0  # that is counted already
        return sum(term.at_most or 0 for term in self.terms if term.scope == scope)

    def __bool__(self) -> bool:
        raise MisuseError("a bound is neither true nor false", 'ask bound.verdict == "bounded"')

    def __repr__(self) -> str:
        return f"<Bound {self.text}>"


def stories_of(bound: Bound) -> tuple[tuple[Term, StoryReplay], ...]:
    """Return the terms for which a story was found, each with its story."""
    return tuple((term, term.story) for term in bound.terms if term.story is not None)


def joined(one: Scope, other: Scope) -> Scope:
    """Return the scope with the keys of both."""
    return Scope(*(mine or its for mine, its in zip(astuple(one), astuple(other), strict=True)))
