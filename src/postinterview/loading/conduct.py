"""Stage five, conduct: rules that load, and let somebody be a nuisance. Only what is certain is said.

The proof judges everything; this finds at once, and at its line, what no proof is needed for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from postinterview.core.definitions import (
    EMPLOYER,
    Apart,
    AtMost,
    Custom,
    Definition,
    EventKind,
    Guard,
    Happened,
    InState,
    MachineKind,
    NotBefore,
    Origin,
    Scope,
    Spends,
    Transition,
)
from postinterview.loading.diagnostics import Diagnostic, Label, Span


def conduct(definition: Definition) -> tuple[Diagnostic, ...]:
    """What may be impolite in sound rules, in reading order; never a reason not to load them."""
    found = []
    for kind in definition.events.values():
        if kind.contact not in (None, "none"):
            finding = _Act(definition, kind).judge()
            if finding is not None:
                found.append(finding)
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.where))


class _Act:
    """An act that reaches the employer, with the machines that listen to it."""

    def __init__(self, definition: Definition, kind: EventKind) -> None:
        self.definition = definition
        self.kind = kind
        self.listeners = [m for m in definition.machines.values() if _on(m, kind.name)]
        self.first = _on(self.listeners[0], kind.name)[0]

    def judge(self) -> Diagnostic | None:
        """The worst that can be said of it: mostly the rest follows from that."""
        name, contact = self.kind.name, self.kind.contact
        if contact == "reply" and not self._each_way(lambda guard, _: isinstance(guard, Spends | Custom)):
            self._point(lambda guard, _: isinstance(guard, Spends | Custom))
            return self._finding(
                "PI502",
                f"`{name}` is a reply that spends nothing",
                "no guard takes a credit for it, so one message can be answered twice",
                self._spending(),
            )
        if all(self._repeats_in(machine) for machine in self.listeners):
            self._point(lambda guard, _: self._limits(guard, name))
            return self._finding(
                "PI501",
                f"`{name}` can be repeated without limit",
                "no guard counts it, and no state ends it",
                self._add(self._counting()),
            )
        if contact == "chase" and not self._limited_for_employer():
            self._point(self._limits_for_employer)
            return self._finding(
                "PI503",
                f"a second application allows a second `{name}`",
                "no limit on it holds for the employer as a whole",
                self._add(self._counting()),
            )
        if contact in ("chase", "attempt") and not self._each_way(self._waits):
            self._point(self._waits)
            return self._finding(
                "PI504",
                f"nothing says how long `{name}` waits",
                "no guard on it asks for the time",
                self._waiting(),
            )
        return None

    def _add(self, guard: str) -> str:
        """What to type: a guard with an id that its transition doesn't have yet."""
        id, _, body = guard.partition(": ")
        taken = {each.id for each in self.first.guards}
        while id in taken:
            id = f"{id}_more"
        return f"add a guard such as `{id}: {body}`"

    def _counting(self) -> str:
        alive = self.definition.classes.get("sign_of_life")
        since = ", since: sign_of_life" if alive is not None and alive.members else ""
        if self.kind.contact == "chase":
            return f"one_chase: {{at_most: 1, of: chase{since}, per: employer}}"
        return f"one_{self.kind.name}: {{at_most: 1, of: {self.kind.name}{since}}}"

    def _spending(self) -> str:
        credit = next(iter(self.definition.credits), None)
        if credit is not None:
            return self._add(f"one_answer: {{spends: {credit}}}")
        return (
            "let an employer's event say `gives: reply`, add `credits: {reply: {max: 3}}`,"
            " and a guard such as `one_answer: {spends: reply}`"
        )

    def _waiting(self) -> str:
        facts = [kind for kind in self.definition.events.values() if not kind.is_act]
        named = next((kind.name for kind in facts if kind.opens_round), facts[0].name if facts else None)
        if named is None:
            return "add a guard such as `between: {apart: 7 days, from: contact}`"
        return self._add(f"be_patient: {{not_before: {named} + 7 days}}")

    def _point(self, asks: Callable[[Guard, MachineKind], bool]) -> None:
        """Speak of the first transition that lacks a guard of this sort, and not of one that has it."""
        machine = self.listeners[0]
        ways = _on(machine, self.kind.name)
        lacking = (way for way in ways if not any(asks(guard, machine) for guard in way.guards))
        self.first = next(lacking, ways[0])

    def _finding(self, code: str, message: str, label: str, help: str) -> Diagnostic:
        machine = self.listeners[0]
        transition = self.first
        told = f"an act of `contact: {self.kind.contact}`"
        if self.kind.contact == "chase":
            told += ", which is the default"
        return Diagnostic(
            code=code,
            severity="warning",
            message=message,
            where=_span(transition.origin, transition.id),
            path=f"machines.{machine.name}.transitions.{transition.id}",
            label=label,
            others=(Label(_span(self.kind.origin, self.kind.name), told),),
            help=help,
        )

    def _each_way(self, asks: Callable[[Guard, MachineKind], bool]) -> bool:
        """Whether the act can't be done without a guard of this sort: one machine has it everywhere."""
        return any(
            all(any(asks(guard, machine) for guard in way.guards) for way in _on(machine, self.kind.name))
            for machine in self.listeners
        )

    def _repeats_in(self, machine: MachineKind) -> bool:
        """Whether the machine can come round to the act again and again by the candidate's doing alone."""
        own = self._free_moves(machine, self.kind.name)
        moves = list(own)
        if len(self.listeners) == 1:
            for other in self.definition.events.values():
                heard = [m.name for m in self.definition.machines.values() if _on(m, other.name)]
                if other.is_act and other.name != self.kind.name and heard == [machine.name]:
                    moves += self._free_moves(machine, other.name)
        reachable = _closure(machine.start, _all_moves(machine))
        return any(source in reachable and source in _closure(target, moves) for source, target in own)

    def _free_moves(self, machine: MachineKind, event: str) -> list[tuple[str, str]]:
        """The moves on ``event`` that no guard limits to a number of times."""
        return [
            (source, way.target or source)
            for way in _on(machine, event)
            if not any(self._limits(guard, event) for guard in way.guards)
            for source in way.sources
        ]

    def _limits(self, guard: Guard, event: str) -> bool:
        """Whether the guard may refuse the event because it was done before."""
        match guard:
            case AtMost(of=of) | Happened(of=of, negated=True):
                return event in of.members
            case Happened(since=since):
                return since is not None and event in since.members
            case InState(machine=looked_at):
                return any(way.event == event for way in self.definition.machines[looked_at].transitions)
            case _:
                return isinstance(guard, Spends | Custom)

    def _limited_for_employer(self) -> bool:
        if any(m.scope == EMPLOYER and not self._repeats_in(m) for m in self.listeners):
            return True
        return self._each_way(self._limits_for_employer)

    def _limits_for_employer(self, guard: Guard, machine: MachineKind) -> bool:
        scope: Scope | None = guard.scope or machine.scope
        match guard:
            case InState(machine=looked_at):
                return self.definition.machines[looked_at].scope == EMPLOYER
            case Spends(credit=credit):
                scope = self.definition.credits[credit].scope
            case Custom():
                return True
            case _:
                pass
        return scope == EMPLOYER and self._limits(guard, self.kind.name)

    def _waits(self, guard: Guard, _: MachineKind) -> bool:
        if isinstance(guard, Apart):
            return guard.of.members != {self.kind.name}
        return isinstance(guard, NotBefore | Custom)


def _on(machine: MachineKind, event: str) -> list[Transition]:
    return [way for way in machine.transitions if way.event == event]


def _all_moves(machine: MachineKind) -> list[tuple[str, str]]:
    return [
        (source, way.target)
        for way in machine.transitions
        if way.target is not None
        for source in (machine.states if way.breach_from_any else way.sources)
    ]


def _closure(start: str, moves: Collection[tuple[str, str]]) -> set[str]:
    reached = {start}
    while new := {target for source, target in moves if source in reached} - reached:
        reached |= new
    return reached


def _span(origin: Origin, id: str) -> Span:
    return Span(origin.file, origin.line, origin.column, origin.line, origin.column + len(id))
