"""Stage three, machines: build the states and transitions of each machine."""

from __future__ import annotations

from types import MappingProxyType
from typing import cast

from attrs import define, field

from postinterview.core.rules import definitions as d
from postinterview.core.values.suggest import nearly_same
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.link_events import origin_of
from postinterview.loading.link_guards import GuardLinker
from postinterview.loading.link_sets import WrittenGuard
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report
from postinterview.loading.unknown_names import report_unknown


@define(eq=False)
class LinkedTransition:
    """A transition with the records it was made from. ``complete``: its target and all guards are known."""

    transition: d.Transition
    key: Scalar
    record: Record
    complete: bool
    guards: dict[str, WrittenGuard]

    def guard(self, id: str) -> Record:
        """Return the record that a guard was made from: its own, or one in a set that it uses."""
        return cast("Record", self.guards[id][1])


@define(eq=False)
class LinkedMachine:
    """A machine with the record it was made from.

    ``events``: the events it listens to; ``misses_events``: an unreadable transition may listen to more.
    ``misses_edges``: for some transition it is not known from where it leads, or to where.
    """

    name: str
    key: Scalar
    record: Record
    scope: d.Scope | None
    start: str | None
    states: dict[str, d.State] = field(factory=dict)
    transitions: list[LinkedTransition] = field(factory=list)
    events: set[str] = field(factory=set)
    misses_events: bool = False
    misses_edges: bool = False


def machine_kind(machine: LinkedMachine) -> d.MachineKind:
    """Return the machine of a file without a fault."""
    return d.MachineKind(
        name=machine.name,
        scope=cast("d.Scope", machine.scope),
        start=cast("str", machine.start),
        states=MappingProxyType(machine.states),
        transitions=tuple([each.transition for each in machine.transitions]),
        title=machine.record.get("title") or "",
        why=machine.record.get("why") or "",
        origin=origin_of(machine.key),
    )


def link_machine(name: str, key: Scalar, record: Record, guards: GuardLinker) -> LinkedMachine:
    """Return a machine, linked as far as possible."""
    names, start = guards.events.names, record.get("start")
    first = None if start is None else names.name(n.state_of(name), start)
    machine = LinkedMachine(name, key, record, record.get("per"), first)
    for state, state_key, written in record.get("states") or ():
        get = written.get if written is not None else {}.get
        machine.states[state] = d.State(
            name=state,
            title=get("title") or "",
            over=bool(get("over")),
            outside=bool(get("outside")),
            why=get("why") or "",
            origin=origin_of(state_key),
        )
    section = record.get("transitions")
    every = tuple(machine.states)
    machine.misses_events = machine.misses_edges = section is None and "transitions" in record.faulty
    for id, transition_key, written in section or ():
        if written is None:
            machine.misses_events = machine.misses_edges = True
        else:
            _add_transition(id, transition_key, written, machine, every, guards)
    return machine


def _add_transition(
    id: str, key: Scalar, record: Record, machine: LinkedMachine, every: tuple[str, ...], guards: GuardLinker
) -> None:
    """Add a transition to ``machine``, or note what is missing. ``every``: all states of the machine."""
    names = guards.events.names
    states = n.state_of(machine.name)
    event_node, to = record.get("event"), record.get("to")
    event = None if event_node is None else names.name(n.EVENT, event_node)
    sources = _sources(record, machine, every, names)
    target = None if to is None else names.name(states, to)
    target_known = "to" not in record.faulty if to is None else target is not None
    section: Section = record.get("guards") or Section()
    kind = guards.events.events.get(event or "")
    written, complete = guards.sets.guards_of(section)
    if section.special and kind is not None and not kind.is_act:
        _report_set_of_fact(names.report, section, kind)
        written, complete = {id: (k, each) for id, k, each in section}, False
    linked = [None if each is None else guards.guard(id, k, each, event) for id, (k, each) in written.items()]
    built = tuple([guard for guard in linked if guard is not None])
    complete &= target_known and "guards" not in record.faulty and len(built) == len(linked)
    due = guards.moments.due(record.get("due"))
    machine.misses_edges |= event is None or sources is None or not target_known
    machine.misses_events |= event is None
    if event is not None:
        machine.events.add(event)
    if event is None or sources is None:
        return
    transition = d.Transition(
        id=id,
        machine=machine.name,
        event=event,
        sources=sources,
        target=target,
        guards=built,
        due=due,
        breach_from_any=record.get("breach_from") is not None,
        why=record.get("why") or "",
        origin=origin_of(key),
    )
    machine.transitions.append(LinkedTransition(transition, key, record, complete, written))


def _report_set_of_fact(report: Report, section: Section, kind: d.EventKind) -> None:
    for node in section.special.get("use") or ():
        report.add(
            "PI230",
            node,
            f"the fact `{kind.name}` can't use a set of guards",
            f"`{kind.name}` happens whatever the rules say",
            "delete it; guards of a fact only choose between two transitions",
        )


def _sources(
    record: Record, machine: LinkedMachine, every: tuple[str, ...], names: Names
) -> tuple[str, ...] | None:
    """Return the states that a transition leaves from; None if one is unknown."""
    written: tuple[Scalar, ...] = record.get("from") or ()
    anywhere = next((node for node in written if node.text == "any"), None)
    if anywhere is not None:
        if len(written) > 1:
            names.report.add(
                "PI125",
                anywhere,
                "`any` stands beside other states",
                "it includes all of them",
                "write `from: any`",
            )
        return every
    lookup = n.state_of(machine.name)
    only = written[0].text if len(written) == 1 else ""
    if (only in ("all", "every", "*") or nearly_same("any", only)) and only not in machine.states:
        report_unknown(
            names.report,
            written[0],
            code=lookup.code,
            noun=lookup.noun,
            label=f"`{machine.name}` has no state of this name",
            help="did you mean `any`?",
            meant="any",
        )
        return every
    found = [names.name(lookup, node) for node in written]
    states = tuple(dict.fromkeys(state for state in found if state is not None))
    return states if found and None not in found else None
