"""A view of the relation: a few conditions, the variables they look at, and the moves between values.

All other conditions count as met, so a view allows whatever the rulebook allows, and perhaps more. Labels
that do the same to every variable of the view are one move. Search and checker share the view.

Example: the view of the guard ``at_most: 1, of: chase, since: sign_of_life`` has one variable, the number of
chases since a sign of life, with the values 0 and 1. It has two moves: any chase sets it to 1, any sign of
life to 0. The promise "never a second chase" is broken where it is 1 and the guard holds, that is 0: nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from postinterview.proof.model.asked import AskedActs, combined, options_in, tally_of
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.event_moves import Successor
from postinterview.proof.model.frame import Frame, Limit, Values
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.moves import Moves
from postinterview.proof.model.relation import ConditionKey, Gate, Relation


class View(Frame):
    """The model that is searched and checked: a frame with its moves.

    Refining and simplifying a proof makes many views of one relation, and most of them have the frame of an
    earlier one. So the moves are kept with the relation, by all that they depend on.
    """

    def __init__(
        self,
        relation: Relation,
        bad: Iterable[tuple[Atom, ...]],
        gates: Iterable[Gate] = (),
        asked: AskedActs | None = None,
        *,
        timed: Collection[Variable] = (),
    ) -> None:
        atoms = () if asked is None else asked.atoms()
        super().__init__(relation, bad, gates, atoms, timed=timed)
        self.asked = asked
        known = None if asked is None else asked.key
        clocks, caps = tuple(self.clocks), tuple(self.caps)
        key = (self.variables, caps, clocks, self.keeps_stage, self.gates, known)
        if key not in relation.moves:
            relation.moves[key] = Moves(self, asked)
        self.moves = relation.moves[key]
        self._bad: dict[Values, tuple[tuple[Limit, ...], ...]] = {}

    def successors(self, values: Values) -> tuple[Successor, ...]:
        """Return every move from these values."""
        return (*self.events(values), *self.arrivals(values))

    def events(self, values: Values) -> tuple[Successor, ...]:
        """Return every move by an event from these values."""
        return self.moves.events(values)

    def arrivals(self, values: Values) -> tuple[Successor, ...]:
        """Return every way in which the next instants come after these values."""
        return self.moves.arrivals(values)

    def bad_at(self, values: Values) -> tuple[tuple[Limit, ...], ...]:
        """Return the limits on clocks under which something bad is allowed, one tuple for each way."""
        if values not in self._bad:
            ways = (self.limits(atoms, values) for atoms in self.bad)
            on_time = tuple(self.on_time(values)) if self.dated else ()
            self._bad[values] = tuple((*limits, *on_time) for limits in ways if limits is not None)
        return self._bad[values]


def view_of(
    relation: Relation,
    active: Collection[ConditionKey],
    goals: Iterable[tuple[Atom, ...]],
    *,
    legal: bool = False,
) -> View:
    """Return the view of some conditions: bad is what they allow while all atoms of a goal hold.

    Raises:
        TooManyError: the options of the conditions have too many combinations.

    ``legal``: no act on the way is a breach.
    """
    goals = tuple(goals)
    tally = tally_of(goals)
    asked = ([options_in(each, tally) for each in way if each.key in active] for way in relation.ways)
    bad = (atoms for options in asked for atoms in combined(relation.act.name, options, goals))
    gates = (gate for key, gate in relation.gates.items() if key in active)
    asked_acts = AskedActs(relation, tally, active, legal) if legal or tally is not None else None
    return View(relation, bad, gates, asked_acts)
