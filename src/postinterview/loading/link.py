"""Stage three: checked values to definitions, every name looked up.

What can't be built is left out, and what rests on it is not judged.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import Any, cast

from attrs import define, evolve, field

from postinterview.core.definitions import (
    Calendar,
    Credit,
    Definition,
    EventKind,
    Guard,
    MachineKind,
    Migration,
    Scope,
    Source,
    State,
    Transition,
)
from postinterview.core.suggest import nearly_same
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.link_guards import GuardLinker
from postinterview.loading.link_migrations import link_migrations
from postinterview.loading.link_moments import MomentLinker
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.references import collect, report_unused
from postinterview.loading.report import Report
from postinterview.loading.rule_schema import WEEKDAYS


@define(eq=False)
class Way:
    """A transition with what it was made from. ``whole``: neither its target nor a guard is missing."""

    transition: Transition
    key: Scalar
    record: Record
    whole: bool

    def guard(self, id: str) -> Record:
        """What a guard was made from."""
        found: Record = self.record.get("guards").values[id]
        return found


@define(eq=False)
class Machine:
    """A machine with what it was made from.

    ``heard``: the events that it listens to. ``deaf``: there may be more of them. ``adrift``: where
    some transition leads, or from where, is not known.
    """

    name: str
    key: Scalar
    record: Record
    scope: Scope | None
    start: str | None
    states: dict[str, State] = field(factory=dict)
    ways: list[Way] = field(factory=list)
    heard: set[str] = field(factory=set)
    deaf: bool = False
    adrift: bool = False


@define(eq=False)
class Linked:
    """A rule file, linked as far as it goes.

    ``kinds``: the events. ``listeners``: the machines that listen to each. ``deaf``: there may be more.
    ``unplaced``: so what an event concerns, an application or the employer as a whole, is not known.
    """

    file: Record
    report: Report
    names: Names
    events: EventLinker
    moments: MomentLinker
    credits: dict[str, Credit]
    calendar: Calendar
    migrations: dict[str, Migration] = field(factory=dict)
    machines: dict[str, Machine] = field(factory=dict)
    kinds: dict[str, EventKind] = field(factory=dict)
    listeners: dict[str, list[Machine]] = field(factory=dict)
    deaf: bool = False
    unplaced: bool = False

    def definition(self, name: str, source: Source) -> Definition:
        """The definition of a file without a fault."""
        get = self.file.get
        return Definition(
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
            machines=MappingProxyType({m.name: self._machine(m) for m in self.machines.values()}),
            calendar=self.calendar,
            migrations=MappingProxyType(self.migrations),
            meta=MappingProxyType(get("meta") or {}),
        )

    def _machine(self, machine: Machine) -> MachineKind:
        return MachineKind(
            name=machine.name,
            scope=cast("Scope", machine.scope),
            start=cast("str", machine.start),
            states=MappingProxyType(machine.states),
            transitions=tuple([way.transition for way in machine.ways]),
            title=machine.record.get("title") or "",
            why=machine.record.get("why") or "",
            origin=origin_of(machine.key, machine.key.source.file),
        )


def link(file: Record, report: Report, file_name: str, custom: Collection[str] | None) -> Linked:
    """Look up every name of ``file``. ``custom``: the functions registered, if that is known."""
    names = collect(file, report)
    if custom is not None:
        names.spaces["function"] = dict.fromkeys(custom)
    events = EventLinker(names, file_name)
    events.link(file.get("events"), file.get("classes"))
    moments = MomentLinker(events, file.get("dates") or Section())
    moments.link()
    calendar = _calendar(file.get("calendar"))
    linked = Linked(file, report, names, events, moments, events.credits(file.get("credits")), calendar)
    guards = GuardLinker(names, events, moments, file_name, calendar.weekend)
    linked.deaf = linked.unplaced = "machines" in file.faulty and file.get("machines") is None
    for machine, key, record in file.get("machines") or ():
        if record is None:
            linked.deaf = linked.unplaced = True
            continue
        built = linked.machines[machine] = _machine(machine, key, record, guards)
        linked.deaf = linked.deaf or built.deaf
        linked.unplaced = linked.unplaced or built.deaf or built.scope is None
        for event in built.heard:
            linked.listeners.setdefault(event, []).append(built)
    linked.kinds = {event: _finish(kind, linked) for event, kind in events.events.items()}
    for kind in events.events.values():
        if kind.opens_round or kind.gives or kind.ends or any(f.sets for f in kind.fields.values()):
            names.implied.add(("event", kind.name))
    linked.migrations = link_migrations(file, names, file_name)
    names.report_unknown()
    report_unused(names, {kind.name for kind in events.events.values() if not kind.is_act})
    return linked


def _calendar(record: Record | None) -> Calendar:
    if record is None:
        return Calendar()
    weekend = record.get("weekend")
    days = Calendar().weekend if weekend is None else frozenset(WEEKDAYS.index(day) for day in weekend)
    return Calendar(
        weekend=days, holidays=frozenset(record.get("holidays") or ()), country=record.get("country")
    )


def _finish(kind: EventKind, linked: Linked) -> EventKind:
    """Mark what concerns the employer as a whole: nothing that it moves or sets is an application's."""
    if kind.opens_round or kind.gives or kind.ends or any(f.sets for f in kind.fields.values()):
        return kind
    heard = linked.listeners.get(kind.name, ())
    wide = bool(heard) and all(m.scope is not None and not m.scope.application for m in heard)
    return evolve(kind, employer_wide=True) if wide else kind


def _machine(name: str, key: Scalar, record: Record, guards: GuardLinker) -> Machine:
    states_of = n.state_of(name)
    start = record.get("start")
    machine = Machine(
        name, key, record, record.get("per"), None if start is None else guards.names.name(states_of, start)
    )
    for state, state_key, written in record.get("states") or ():
        said = {} if written is None else {key: written.get(key) for key in ("title", "over", "why")}
        machine.states[state] = State(
            name=state,
            title=said.get("title") or "",
            over=bool(said.get("over")),
            why=said.get("why") or "",
            origin=origin_of(state_key, guards.file),
        )
    section = record.get("transitions")
    if section is None and "transitions" in record.faulty:
        machine.deaf = machine.adrift = True
    for id, way_key, written in section or ():
        if written is None:
            machine.deaf = machine.adrift = True
        else:
            _way(id, way_key, written, machine, states_of, guards)
    return machine


def _way(
    id: str, key: Scalar, record: Record, machine: Machine, states_of: n.Lookup, guards: GuardLinker
) -> None:
    """Add a transition to ``machine``, or note what the machine lacks without it."""
    names = guards.names
    event_node, to = record.get("event"), record.get("to")
    event = None if event_node is None else names.name(n.EVENT, event_node)
    sources = _sources(record, machine, states_of, names)
    target = None if to is None else names.name(states_of, to)
    built: list[Guard] = []
    whole = "guards" not in record.faulty
    for guard_id, guard_key, written in record.get("guards") or ():
        guard = None if written is None else guards.guard(guard_id, guard_key, written, event)
        if guard is not None:
            built.append(guard)
        else:
            whole = False
    due = guards.moments.moment(record.get("due"))
    target_known = "to" not in record.faulty if to is None else target is not None
    if sources is None or not target_known:
        machine.adrift = True
    if event is None:
        machine.deaf = machine.adrift = True
        return
    machine.heard.add(event)
    if sources is None:
        return
    transition = Transition(
        id=id,
        machine=machine.name,
        event=event,
        sources=sources,
        target=target,
        guards=tuple(built),
        due=due,
        breach_from_any=record.get("breach_from") is not None,
        why=record.get("why") or "",
        origin=origin_of(key, guards.file),
    )
    machine.ways.append(Way(transition, key, record, whole and target_known))


def _means_any(text: str) -> bool:
    return text in ("all", "every", "*") or nearly_same("any", text)


def _sources(record: Record, machine: Machine, states_of: n.Lookup, names: Names) -> tuple[str, ...] | None:
    written: tuple[Scalar, ...] = record.get("from") or ()
    if any(node.text == "any" for node in written):
        if len(written) > 1:
            any_ = next(node for node in written if node.text == "any")
            names.report.add(
                "PI125",
                any_,
                "`any` stands beside other states",
                "it holds all of them already",
                "write `from: any`",
            )
        return tuple(machine.states)
    if len(written) == 1 and _means_any(written[0].text) and written[0].text not in machine.states:
        names.report.add(
            "PI203",
            written[0],
            f"unknown state `{written[0].text}`",
            f"`{machine.name}` has no state of this name",
            "did you mean `any`?",
            instead="any",
        )
        return tuple(machine.states)
    found: list[Any] = [names.name(states_of, node) for node in written]
    states = tuple(dict.fromkeys(state for state in found if state is not None))
    return states if states and len(states) == len(found) else None
