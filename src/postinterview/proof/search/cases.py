"""The ways in which one rulebook allows an act that another one refuses, as conjunctions of atoms.

Each goal, so each way to refuse, meets each option of what is asked of the act. Most pairs exclude each other
by what their atoms say (see `conflicts`), and are left out before they multiply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, product
from typing import TypeAlias

from attrs import define, evolve

from postinterview.core.values.moments import LocalCalendar
from postinterview.proof.model.asked import MOST_CONJUNCTIONS
from postinterview.proof.model.closing import hours_of
from postinterview.proof.model.conditions import (
    AtLeast,
    Atom,
    HasCome,
    InStage,
    InStates,
    IsKnown,
    Options,
    conjunction,
    contradicts,
)
from postinterview.proof.model.conflicts import Conflicts
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.relation import ConditionKey, Relation
from postinterview.proof.model.working_hours import WorkingHours
from postinterview.proof.search.left_out import Conditions

Atoms: TypeAlias = tuple[Atom, ...]
Variables: TypeAlias = frozenset[Variable]
Case: TypeAlias = tuple[Atoms, tuple[tuple[ConditionKey, Options], ...]]
"""A goal, and for each condition of a way the options that do not exclude the goal."""


@define(eq=False)
class Cases:
    """The cases of a question: its goals with the options of the relation's ways."""

    relation: Relation
    goals: Options
    calendar: LocalCalendar
    conflicts: Conflicts

    @cached_property
    def _all(self) -> tuple[Case, ...]:
        found = []
        for way, goal in product(self.relation.ways, self.goals):
            hours = hours_of(way, self.calendar)
            left = ((each.key, tuple(self._met(each.options, goal, hours))) for each in way)
            found.append((goal, tuple(left)))
        return tuple(found)

    @property
    def by_way(self) -> Iterator[Cases]:
        """The cases of each way to allow the act, apart."""
        for way in self.relation.ways:
            yield evolve(self, relation=evolve(self.relation, ways=(way,)))

    def _met(self, options: Options, goal: Atoms, hours: WorkingHours | None) -> Iterator[Atoms]:
        """Yield the options that do not exclude the goal."""
        return (each for each in options if not self.conflicts.exclude(goal, each, hours))

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that are looked at beside machines: those of the goals first."""
        goals = chain.from_iterable(goal for goal, _ in self._all)
        asked = (options for _, left in self._all for _, options in left)
        atoms = chain(goals, chain.from_iterable(chain.from_iterable(asked)))
        found = (each.variable for each in atoms if not isinstance(each, InStates))
        return tuple(dict.fromkeys(each for each in found if each is not None))

    @cached_property
    def parts(self) -> tuple[Variables, ...]:
        """The variables that each condition looks at, and those of the goals."""
        found = dict[ConditionKey | None, set[Variable]]()
        for goal, left in self._all:
            for key, options in ((None, (goal,)), *left):
                atoms = (each for each in chain.from_iterable(options) if not isinstance(each, InStates))
                known = (each.variable for each in atoms)
                found.setdefault(key, set()).update(each for each in known if each is not None)
        return tuple(frozenset(each) for each in found.values() if each)

    def with_conditions(self, active: Conditions) -> Options:
        """Return what is bad if some of the conditions are asked, and all others count as met.

        Raises:
            TooManyError: there are too many cases.
        """
        asked = ((goal, tuple(o for key, o in left if key in active)) for goal, left in self._all)
        return self._combined(asked)

    def with_variables(self, kept: Variables, clockless: Variables = frozenset()) -> Options:
        """Return what is bad as far as atoms on machines and on some variables tell.

        ``clockless``: of these it is kept what needs no clock, such as whether a date is set at all.

        Raises:
            TooManyError: there are too many cases.
        """

        def keep(atoms: Atoms) -> Atoms:
            return _kept(atoms, kept, clockless)

        projected = (
            (keep(goal), [tuple(dict.fromkeys(map(keep, o))) for _, o in left]) for goal, left in self._all
        )
        return self._combined(projected)

    def _combined(self, cases: Iterable[tuple[Atoms, Iterable[Options]]]) -> Options:
        bad = dict[Atoms, None]()
        for goal, left in dict.fromkeys(
            (goal, tuple(o for o in left if () not in o)) for goal, left in cases
        ):
            found = {goal: None}
            for options in left:
                pairs = (pair for pair in product(found, options) if not contradicts(*pair))
                found = dict.fromkeys(conjunction(*pair) for pair in pairs)
                if len(found) > MOST_CONJUNCTIONS:
                    act = self.relation.act.name
                    raise TooManyError(f"the guards of `{act}` can hold in too many combinations")
            bad |= found
        return tuple(bad)


def _kept(atoms: Atoms, variables: Variables, clockless: Variables) -> Atoms:
    """Return what is kept of the atoms; it is true wherever all of them are."""
    kept = dict[Atom, None]()
    for each in atoms:
        if isinstance(each, InStates | InStage) or each.variable in variables:
            kept[each] = None
        elif each.variable not in clockless:
            continue
        elif isinstance(each, HasCome) and not each.negated:
            kept[IsKnown(each.variable)] = None
        elif isinstance(each, IsKnown) or (isinstance(each, AtLeast) and not each.micros):
            kept[each] = None
    return tuple(kept)
