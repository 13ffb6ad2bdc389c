"""Stage three, references: checked values become definitions, every name looked up.

What can't be linked is left out, and the later checks judge nothing that depends on it.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import cast

from attrs import define, evolve, field

from postinterview.core import definitions as d
from postinterview.core.suggest import nearly_same
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.link_exceptions import ExceptionLinker
from postinterview.loading.link_guards import GuardLinker
from postinterview.loading.link_migrations import link_migrations
from postinterview.loading.link_moments import MomentLinker
from postinterview.loading.link_sets import GuardSets, WrittenGuard
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.references import collect, report_unused
from postinterview.loading.report import Report
from postinterview.loading.rule_schema import WEEKDAYS
from postinterview.loading.unknown_names import CountryCodes, check_country, report_unknown


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


@define(eq=False)
class LinkedFile:
    """A rule file, linked as far as possible.

    ``kinds``: the events. ``listeners``: the machines that listen to each; ``misses_listeners``: there may
    be more. ``misses_scopes``: so it is not known whether an event concerns one application or the employer.
    """

    file: Record
    report: Report
    names: Names
    events: EventLinker
    moments: MomentLinker
    credits: dict[str, d.Credit]
    calendar: d.Calendar
    migrations: dict[str, d.Migration] = field(factory=dict)
    trust: dict[str, d.Trust] = field(factory=dict)
    machines: dict[str, LinkedMachine] = field(factory=dict)
    kinds: dict[str, d.EventKind] = field(factory=dict)
    listeners: dict[str, list[LinkedMachine]] = field(factory=dict)
    misses_listeners: bool = False
    misses_scopes: bool = False

    def definition(self, name: str, source: d.Source) -> d.Definition:
        """Return the definition of a file without a fault."""
        get = self.file.get
        return d.Definition(
            name=name,
            title=get("title"),
            version=get("version") or "",
            why=get("why") or "",
            sources=(source,),
            events=MappingProxyType(self.kinds),
            classes=MappingProxyType(self.events.classes),
            credits=MappingProxyType(self.credits),
            dates=tuple(self.names.spaces["date"]),
            moments=MappingProxyType(self.moments.named),
            machines=MappingProxyType({m.name: _machine_kind(m) for m in self.machines.values()}),
            calendar=self.calendar,
            migrations=MappingProxyType(self.migrations),
            trust=MappingProxyType(self.trust),
            meta=MappingProxyType(get("meta") or {}),
        )


def link(
    file: Record, report: Report, custom: Collection[str] | None, countries: CountryCodes | None
) -> LinkedFile:
    """Look up every name of ``file``; ``custom`` and ``countries`` as `load` takes them."""
    names = collect(file, report)
    if custom is not None:
        names.spaces["function"] = dict.fromkeys(custom)
    events = EventLinker(names)
    events.link(file.get("events"), file.get("classes"))
    moments = MomentLinker(events)
    moments.link(file.get("dates"))
    calendar = _calendar(file.get("calendar"))
    if calendar.country is not None:
        check_country(report, file.get("calendar").node_of("country"), countries)
    linked = LinkedFile(file, report, names, events, moments, events.credits(file.get("credits")), calendar)
    sets = GuardSets(names)
    sets.link(file.get("guard_sets"))
    guards = GuardLinker(events, moments, sets, ExceptionLinker(events), calendar.weekend)
    linked.misses_listeners = "machines" in file.faulty and file.get("machines") is None
    linked.misses_scopes = linked.misses_listeners
    for name, key, record in file.get("machines") or ():
        if record is None:
            linked.misses_listeners = linked.misses_scopes = True
            continue
        machine = linked.machines[name] = _machine(name, key, record, guards)
        linked.misses_listeners |= machine.misses_events
        linked.misses_scopes |= machine.misses_events or machine.scope is None
        for event in machine.events:
            linked.listeners.setdefault(event, []).append(machine)
    for event, kind in events.events.items():
        if _matters_by_itself(kind):
            names.implied.add(("event", event))
        wide = _is_employer_wide(kind, linked)
        linked.kinds[event] = evolve(kind, employer_wide=True, starts_application=False) if wide else kind
    guards.exceptions.report_impossible()
    linked.migrations = link_migrations(file, names)
    linked.trust = _trust(file.get("trust"), names)
    names.report_unknown()
    report_unused(names, {kind.name for kind in events.events.values() if not kind.is_act})
    return linked


def _calendar(record: Record | None) -> d.Calendar:
    if record is None:
        return d.Calendar()
    weekend = record.get("weekend")
    days = d.Calendar().weekend if weekend is None else frozenset(WEEKDAYS.index(day) for day in weekend)
    return d.Calendar(
        weekend=days, holidays=frozenset(record.get("holidays") or ()), country=record.get("country")
    )


def _trust(section: Section | None, names: Names) -> dict[str, d.Trust]:
    """Return the events whose tags the file says it trusts."""
    trust = {}
    for _, key, why in section or ():
        name = names.name(n.TRUSTED, key)
        if name is not None and why is not None:
            trust[name] = d.Trust(name=name, why=why, origin=origin_of(key))
    return trust


def _matters_by_itself(kind: d.EventKind) -> bool:
    """Return whether the event changes an application though no machine listens to it."""
    return bool(kind.opens_round or kind.gives or kind.ends or any(f.sets for f in kind.fields.values()))


def _is_employer_wide(kind: d.EventKind, linked: LinkedFile) -> bool:
    """Return whether the event moves or sets nothing that belongs to an application."""
    machines = linked.listeners.get(kind.name, ())
    wide = all(each.scope is not None and not each.scope.application for each in machines)
    return bool(machines) and wide and not _matters_by_itself(kind)


def _machine_kind(machine: LinkedMachine) -> d.MachineKind:
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


def _machine(name: str, key: Scalar, record: Record, guards: GuardLinker) -> LinkedMachine:
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
    written, complete = guards.sets.guards_of(record.get("guards") or Section())
    linked = [None if each is None else guards.guard(id, k, each, event) for id, (k, each) in written.items()]
    built = tuple([guard for guard in linked if guard is not None])
    complete &= target_known and "guards" not in record.faulty and len(built) == len(linked)
    due = guards.moments.moment(record.get("due"))
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
