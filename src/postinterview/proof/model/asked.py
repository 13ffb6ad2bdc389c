"""Ask the guards of acts on the way that count only if the rules allowed them.

A promise with ``count: allowed`` counts acts in the middle of a path. Such an act counts if its own guards
hold there, and it may always be passed over, because it may have been a breach. Its guards speak of its own
place, and a search follows one place. So a guard is asked where the two share the keys that it looks at, and
counts as held elsewhere: that allows more, and never less, than the rulebook does.

Example: the search follows an application. A follow-up in another one is asked for `one_chase`, which counts
per employer, and not for `one_follow_up`, which counts in rounds of that other application.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, product
from math import prod

from attrs import define, field

from postinterview.core.rules.definitions import Scope
from postinterview.proof.model.conditions import Atom, InStage, Options, conjunction
from postinterview.proof.model.labels import EventLabel, TooManyError, scope_of
from postinterview.proof.model.relation import STATE, Condition, ConditionKey, Relation
from postinterview.proof.model.tally import Tallied, Tally, linked

MET: ConditionKey = ("", "", STATE)
"""The key of the condition that the person interviewed there."""

MOST_CONJUNCTIONS = 20_000
"""The most conjunctions of atoms that a view may look at: guards with several options multiply."""


def tally_of(goals: Iterable[tuple[Atom, ...]]) -> Tally | None:
    """Return the tally that the goals look at, if they do; there is one at most."""
    found = (atom.variable for goal in goals for atom in goal if isinstance(atom, Tallied))
    return next(found, None)


def options_in(condition: Condition, tally: Tally | None) -> Options:
    """Return what a condition asks in a view with such a tally."""
    link = None if tally is None else linked(condition.guard, condition.scope, tally)
    return condition.options if link is None else ((link,),)


def combined(
    act: str, asked: Collection[Options], goals: Collection[tuple[Atom, ...]]
) -> Iterator[tuple[Atom, ...]]:
    """Yield each goal together with one option of everything that is asked of an act.

    Raises:
        TooManyError: there are more combinations than `MOST_CONJUNCTIONS`.
    """
    if len(goals) * prod(map(len, asked)) > MOST_CONJUNCTIONS:
        raise TooManyError(f"the guards of `{act}` can hold in too many combinations")
    return (conjunction(goal, *chosen) for chosen in product(*asked) for goal in goals)


@define(eq=False)
class AskedActs:
    """The acts on the way that have to be allowed, and the conditions that are asked of them.

    They are those that a tally counts if they are allowed; or all of them, if ``legal``. ``active``: the
    conditions that a view asks; all others count as held.
    """

    relation: Relation
    tally: Tally | None
    active: Collection[ConditionKey]
    legal: bool = False
    _askable: dict[ConditionKey, bool] = field(factory=dict, init=False)
    conditions: Mapping[ConditionKey, Condition] = field(init=False)

    @conditions.default
    def _conditions_of_acts(self) -> Mapping[ConditionKey, Condition]:
        events = (name for name in self.relation.definition.events if self.are_asked(name))
        ways = chain.from_iterable(map(self.relation.ways_to, events))
        return {each.key: each for way in ways for each in way if self._is_askable(each)}

    @property
    def key(self) -> tuple[object, ...]:
        """All that the answers depend on, for acts whose places are alike."""
        return self.tally, frozenset(self.active), self.legal

    def are_asked(self, event: str) -> bool:
        """Return whether guards are asked of such events on the way."""
        counted = self.tally is not None and self.tally.allowed and event in self.tally.of
        return self.relation.definition.events[event].is_act if self.legal else counted

    def atoms(self) -> Iterator[Atom]:
        """Yield the atoms of all conditions that are asked of acts on the way."""
        for key, condition in self.conditions.items():
            if key in self.active:
                yield from chain.from_iterable(options_in(condition, self.tally))

    def of(self, label: EventLabel) -> tuple[tuple[Atom, ...], ...]:
        """Return the conjunctions of atoms under one of which the label's act may have been allowed.

        Raises:
            TooManyError: there are too many.
        """
        if not self.are_asked(label.event):
            return ((),)
        kind = self.relation.definition.events[label.event]
        if kind.to_person and label.where == "here" and label.round == "zero":
            return ()  # the person never interviewed there
        found: dict[tuple[Atom, ...], None] = {}
        for way in self.relation.ways_to(label.event):
            asked = [self._options(each, label) for each in way if self._is_asked(each, label)]
            found |= dict.fromkeys(combined(label.event, asked, ((),)))
        return ((),) if () in found else tuple(found)

    def _options(self, condition: Condition, label: EventLabel) -> Options:
        """Return what is asked of the label's act: of one to somebody else, that there is a round at all."""
        if label.who != "them" and condition.key == MET:
            return ((InStage(frozenset({"unmet", "current", "past"})),),)
        return options_in(condition, self.tally)

    def _is_asked(self, condition: Condition, label: EventLabel) -> bool:
        return condition.key in self.active and self._is_askable(condition) and self.knows(condition, label)

    def knows(self, condition: Condition, label: EventLabel) -> bool:
        """Return whether the condition of an act looks at the tracked place when the label is that act."""
        if any(isinstance(atom, InStage) for option in condition.options for atom in option):
            return label.where == "here"
        return all(label.is_of(scope) for scope in self._looked_at(condition))

    def _is_askable(self, condition: Condition) -> bool:
        """Return whether the tracked place has the keys that the condition looks at."""
        if condition.key not in self._askable:
            act = self.relation.act
            staged = any(isinstance(atom, InStage) for atom in chain.from_iterable(condition.options))
            self._askable[condition.key] = not (staged and act.employer_wide) and all(
                scope_of(act, scope) == scope for scope in self._looked_at(condition)
            )
        return self._askable[condition.key]

    def _looked_at(self, condition: Condition) -> Iterator[Scope]:
        yield condition.scope
        for atom in chain.from_iterable(condition.options):
            if atom.variable is not None:
                yield atom.variable.scope
