"""Say what hangs on rounds by the events that open them, for two rulebooks that begin rounds by other events.

A label of the search knows one kind of rounds, those of the new rulebook. But what is counted in the latest
round is counted since the last event that opens one. So it can be said without rounds, and both rulebooks can
say it.

Example: the new rules no longer begin a round with a pause. Then "one follow-up a round" is one since the
last talk or task in them, and one since the last talk, task or pause in the old ones. Whoever has sent none
since the last talk has sent none since the pause either.

A person's rounds are begun by events that name the person. Where the files disagree only about events that
name nobody, those rounds are the same, and what lies in them is said as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from postinterview.core.rules.definitions import APPLICATION, EventKind
from postinterview.proof.model.conditions import Atom, InStage, Options
from postinterview.proof.model.labels import Stage
from postinterview.proof.model.machine_states import MachineState, Variable
from postinterview.proof.model.relation import Condition
from postinterview.proof.model.variables import EventCount, TimeAnchor

_MET, _NOT_MET = frozenset[Stage]({"current", "past"}), frozenset[Stage]({"before", "unmet"})


@frozen(eq=False)
class Rounds:
    """How one of the rulebooks begins rounds.

    ``act``: the one that is judged. ``openers``: the events that open rounds. ``disputed``: those that do so
    in one of the rulebooks alone. ``kinds``: all events. ``own``: whether the labels have these rounds.
    """

    act: EventKind
    openers: frozenset[str]
    disputed: Collection[str]
    kinds: Mapping[str, EventKind]
    own: bool
    _persons: bool = field(init=False)

    @_persons.default
    def _same_with_persons(self) -> bool:
        return not any(self.kinds[name].names_people for name in self.disputed)

    def can_say(self, condition: Condition) -> bool:
        """Return whether all that the condition looks at can be said."""
        for atom in atoms_of(condition):
            if isinstance(atom, InStage):
                known = self.own or (self.act.to_person and self._persons)
            else:
                known = self._variable(atom.variable) is not None
            if not known:
                return False
        return True

    def options(self, options: Iterable[tuple[Atom, ...]]) -> Options:
        """Return the options, said so."""
        return tuple(tuple(map(self._atom, atoms)) for atoms in options)

    def _atom(self, atom: Atom) -> Atom:
        if not isinstance(atom, InStage):
            said = self._variable(atom.variable)
            return atom if said in (None, atom.variable) else evolve(atom, variable=said)  # type: ignore[arg-type]
        if self.own:
            return atom
        stages = (each for each in (_MET, _NOT_MET) if each & atom.stages)
        return InStage(frozenset[Stage]().union(*stages))

    def _variable(self, variable: Variable) -> Variable | None:
        """Return the variable that says the same; None if there is none."""
        if isinstance(variable, TimeAnchor) and variable.date:  # what ends a date does so whatever it opens
            return evolve(variable, openers=variable.openers - variable.ended_by)
        if not variable.scope.round:
            return variable
        moved_by = [self.kinds[name] for name in _moved_by(variable)]
        if self.act.to_person:
            same = self._persons and bool(moved_by) and all(kind.to_person for kind in moved_by)
            return variable if self.own or same else None
        if moved_by and not any(kind.to_person or kind.employer_wide for kind in moved_by):
            if isinstance(variable, TimeAnchor):
                return evolve(variable, ended_by=variable.ended_by | self.openers, scope=APPLICATION)
            if isinstance(variable, EventCount) and not variable.of & self.openers:
                return evolve(variable, since=variable.since | self.openers, scope=APPLICATION)
        return variable if self.own else None


def _moved_by(variable: Variable) -> frozenset[str]:
    """Return the events that a variable looks at, beside those that open rounds; none if it is not said."""
    match variable:
        case EventCount():
            return variable.of | variable.since
        case TimeAnchor(date=""):
            return variable.set_by
        case MachineState():
            return frozenset(rule.event for rule in variable.kind.transitions)
        case _:
            return frozenset()


def atoms_of(condition: Condition) -> Iterator[Atom]:
    """Yield all atoms of a condition."""
    for option in (*condition.options, *condition.asks):
        yield from option
