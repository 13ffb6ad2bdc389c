"""Say the conditions of two rulebooks so that they can be compared.

What hangs on business days gets the calendar of its rulebook: two calendars are two variables. What hangs on
rounds is said by the events that open them, where the two rulebooks begin rounds by other events (see
`rounds`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from attrs import evolve, frozen

from postinterview.core.rules.definitions import Carries, Custom, Hours
from postinterview.core.values.moments import LocalCalendar
from postinterview.proof.model.conditions import ALWAYS, Atom, HasCome, IsKnown, Options
from postinterview.proof.model.relation import Condition
from postinterview.proof.model.rounds import Rounds


def counted_in_days(conditions: Iterable[Condition], rounds: Rounds | None) -> Iterator[object]:
    """Yield what hangs on business days: the anchors whatever their calendar, as ``rounds`` has them said."""
    for condition in conditions:
        options = (*condition.options, *condition.asks)
        for atom in chain.from_iterable(options if rounds is None else rounds.options(options)):
            if isinstance(atom, HasCome) and atom.instant:
                yield atom.variable.hangs_on


@frozen(eq=False)
class Words:
    """How to say the conditions of one rulebook.

    ``counted``: the anchors that business days are counted from. ``rounds``: how to say what hangs on rounds,
    if the two rulebooks begin them by other events.
    """

    calendar: LocalCalendar | None = None
    counted: Collection[object] = ()
    rounds: Rounds | None = None

    def condition(self, one: Condition) -> Condition:
        """Return the condition in these words."""
        if isinstance(one.guard, Carries | Custom | Hours):
            return one
        if self.rounds is not None and not self.rounds.can_say(one):
            return evolve(one, guard=None, options=ALWAYS, asks=ALWAYS, is_told=False)
        if not self.counted and self.rounds is None:
            return one
        return evolve(one, options=self.options(one.options), asks=self.options(one.asks))

    def options(self, options: Iterable[tuple[Atom, ...]]) -> Options:
        """Return the options in these words."""
        said = self.rounds.options(options) if self.rounds is not None else options
        return tuple(tuple(map(self._atom, atoms)) for atoms in said)

    def _atom(self, atom: Atom) -> Atom:
        if isinstance(atom, IsKnown | HasCome) and atom.variable.hangs_on in self.counted:
            return _with_calendar(atom, self.calendar)
        return atom


@lru_cache(maxsize=2**12)
def _with_calendar(atom: IsKnown | HasCome, calendar: LocalCalendar | None) -> Atom:
    """Return the atom with the calendar, the same object each time: so that it is quick to find again."""
    return evolve(atom, variable=evolve(atom.variable, calendar=calendar))


PLAIN = Words()
"""The words of the rulebook itself."""
