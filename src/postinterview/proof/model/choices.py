"""Which transitions an event on the way takes, as far as a view knows.

Several transitions can leave one state on one event. The engine takes the first whose guards hold. A view
that asks those guards knows where the machine goes (`Choices.gated`), and from which buckets the act takes a
credit (`Choices.spent_by`). A view that does not ask them lets the event take any of the transitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product
from typing import TypeAlias

from attrs import frozen

from postinterview.proof.model import variables as v
from postinterview.proof.model.credits import CreditBucket, spendings
from postinterview.proof.model.frame import Frame, Values
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.machine_states import Heard, MachineState
from postinterview.proof.model.relation import Gate

Gated: TypeAlias = tuple[int, Heard, tuple[Gate, ...]]
"""The number of a machine's variable, what it hears of the label, and the gates that are known then."""

Spender: TypeAlias = tuple[str, tuple[int, ...], tuple[tuple[str, int], ...], tuple[Gate, ...]]
"""An act, the numbers of the buckets of one rulebook that only some of its transitions take from, and what is
known of those: the machines whose state is kept, with the numbers of their variables, and the gates."""


@frozen(eq=False)
class Choices:
    """The transitions that events can take, in a frame and by its gates."""

    frame: Frame

    def gates_at(self, label: EventLabel) -> tuple[Gated, ...]:
        """Return the machines of which it is known which transitions the label can take."""
        return tuple(self._gates_at(label)) if self.frame.gates else ()

    def _gates_at(self, label: EventLabel) -> Iterator[Gated]:
        for number, variable in enumerate(self.frame.variables, 1):
            if isinstance(variable, MachineState):
                gates = tuple(g for g in self.frame.gates if g.machine == variable.name and g.is_known(label))
                if gates and variable.op(label) is not None:
                    yield number, variable.heard(label), gates

    def gated(self, number: int, heard: Heard, gates: tuple[Gate, ...], values: Values) -> tuple[str, ...]:
        """Return the states in which a machine can be after an event, by what the gates say before it."""
        shut, held = list[str](), list[str]()
        for gate in gates:
            (held if self._holds(gate, values) else shut).append(gate.rule.id)
        sure = {gate.rule.id for gate in gates if held.count(gate.rule.id) == len(gate.rule.guards)}
        machine = self.frame.variables[number - 1]
        if not isinstance(machine, MachineState):
            raise TypeError(machine)
        return machine.targets(str(values[number]), heard, shut, sure)

    def _holds(self, gate: Gate, values: Values) -> bool:
        return any(self.frame.limits(option, values) is not None for option in gate.options)

    def spenders_at(self, label: EventLabel) -> tuple[Spender, ...]:
        """Return the tracked place's buckets that some transitions on the label take from, and some don't."""
        found: dict[int, list[int]] = {}
        for number, variable in enumerate(self.frame.variables, 1):
            if not isinstance(variable, CreditBucket) or label.event not in variable.sometimes:
                continue
            if label.is_of(variable.scope):
                found.setdefault(id(variable.definition), []).append(number)
        return tuple(self._spender(label, numbers) for numbers in found.values())

    def _spender(self, label: EventLabel, numbers: list[int]) -> Spender:
        bucket = self.frame.variables[numbers[0] - 1]
        known = isinstance(bucket, CreditBucket) and bucket.definition is self.frame.relation.definition
        machines = tuple(self._machines_at(label)) if known else ()
        gates = tuple(gate for gate in self.frame.gates if known and gate.is_known(label))
        return label.event, tuple(numbers), machines, gates

    def _machines_at(self, label: EventLabel) -> Iterator[tuple[str, int]]:
        """Yield the machines whose instance in the tracked place is that of the label's act."""
        machines = self.frame.relation.definition.machines
        for number, each in enumerate(self.frame.variables, 1):
            if not isinstance(each, MachineState) or machines.get(each.name) is not each.kind:
                continue
            if label.is_of(each.scope) and not each.scope.round:
                yield each.name, number

    def spent_by(self, spenders: tuple[Spender, ...], values: Values) -> Iterator[dict[int, bool]]:
        """Yield the ways in which an act can take credits: for each bucket whether it does."""
        ways = []
        for event, numbers, machines, gates in spenders:
            variables = self.frame.variables
            buckets = {n: each for n in numbers if isinstance(each := variables[n - 1], CreditBucket)}
            filled = {each.credit: v.pair(values[n])[0] > 0 for n, each in buckets.items()}
            states = {name: str(values[number]) for name, number in machines}
            held = {gate.key: self._holds(gate, values) for gate in gates}
            definition = buckets[numbers[0]].definition
            taken = () if definition is None else spendings(definition, event, filled, states, held)
            ways.append(dict.fromkeys(tuple((n, b.credit in e) for n, b in buckets.items()) for e in taken))
        yield from (dict(chain.from_iterable(chosen)) for chosen in product(*ways))
