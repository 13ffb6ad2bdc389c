"""Say the conditions of two rulebooks so that they can be compared.

What hangs on business days gets the calendar of its rulebook: two calendars are two variables. What hangs on
rounds is not known of a rulebook that begins them by other events than the search does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from attrs import evolve, frozen

from postinterview.core.definitions import Carries, Custom, Hours
from postinterview.core.moments import LocalCalendar
from postinterview.proof.model.conditions import ALWAYS, Atom, HasCome, InStage, IsKnown, Options
from postinterview.proof.model.relation import Condition


def counted_in_days(conditions: Iterable[Condition]) -> Iterator[object]:
    """Yield what hangs on business days: the anchors whatever their calendar."""
    for condition in conditions:
        for atom in _atoms(condition):
            if isinstance(atom, HasCome) and atom.instant:
                yield atom.variable.hangs_on


@frozen(eq=False)
class Words:
    """How to say the conditions of one rulebook.

    ``counted``: the anchors that business days are counted from. ``knows_rounds``: whether its rounds are
    those of the search.
    """

    calendar: LocalCalendar | None = None
    counted: Collection[object] = ()
    knows_rounds: bool = True

    def condition(self, one: Condition) -> Condition:
        """Return the condition in these words."""
        if isinstance(one.guard, Carries | Custom | Hours):
            return one
        if not self.knows_rounds and _looks_at_rounds(one):
            return evolve(one, guard=None, options=ALWAYS, asks=ALWAYS, is_told=False)
        if not self.counted:
            return one
        return evolve(one, options=self.options(one.options), asks=self.options(one.asks))

    def options(self, options: Iterable[tuple[Atom, ...]]) -> Options:
        """Return the options in these words."""
        return tuple(tuple(map(self._atom, atoms)) for atoms in options)

    def _atom(self, atom: Atom) -> Atom:
        if isinstance(atom, IsKnown | HasCome) and atom.variable.hangs_on in self.counted:
            return evolve(atom, variable=evolve(atom.variable, calendar=self.calendar))
        return atom


def _atoms(condition: Condition) -> Iterator[Atom]:
    for option in (*condition.options, *condition.asks):
        yield from option


def _looks_at_rounds(condition: Condition) -> bool:
    if condition.scope.round:
        return True
    return any(isinstance(atom, InStage) or atom.variable.scope.round for atom in _atoms(condition))


PLAIN = Words()
"""The words of the rulebook itself."""
