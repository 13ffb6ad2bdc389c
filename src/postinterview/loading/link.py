"""Stage three, references: checked values become definitions, every name looked up.

What can't be linked is left out, and the later checks judge nothing that depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, evolve, field

from postinterview.core.rules import definitions as d
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.link_exceptions import ExceptionLinker
from postinterview.loading.link_guards import GuardLinker
from postinterview.loading.link_machines import LinkedMachine, link_machine, machine_kind
from postinterview.loading.link_migrations import link_migrations
from postinterview.loading.link_moments import MomentLinker
from postinterview.loading.link_sets import GuardSets
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.references import collect, report_unused
from postinterview.loading.report import Report
from postinterview.loading.rule_schema import WEEKDAYS
from postinterview.loading.unknown_names import CountryCodes, check_country, find

if TYPE_CHECKING:
    from postinterview.loading.changed_values import ChangedValues

PromiseNames: TypeAlias = Callable[[Collection[d.PromiseFile]], Collection[str]]
"""Returns the names of the promises that a file can loosen. It is called only if a file does so."""


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
    trust: dict[str, d.Acknowledged] = field(factory=dict)
    loosens: dict[str, d.Acknowledged] = field(factory=dict)
    machines: dict[str, LinkedMachine] = field(factory=dict)
    kinds: dict[str, d.EventKind] = field(factory=dict)
    listeners: dict[str, list[LinkedMachine]] = field(factory=dict)
    misses_listeners: bool = False
    misses_scopes: bool = False

    def definition(
        self,
        name: str,
        sources: tuple[d.Source, ...],
        loosened_above: Mapping[str, d.Origin],
        removals: Mapping[tuple[str, ...], d.Origin],
    ) -> d.Definition:
        """Return the definition of a file without a fault. Its ``removals`` and the like are as given."""
        get = self.file.get
        return d.Definition(
            name=name,
            title=get("title"),
            version=get("version") or "",
            why=get("why") or "",
            sources=sources,
            events=MappingProxyType(self.kinds),
            classes=MappingProxyType(self.events.classes),
            credits=MappingProxyType(self.credits),
            dates=tuple(self.names.spaces["date"]),
            moments=MappingProxyType(self.moments.named),
            machines=MappingProxyType({m.name: machine_kind(m) for m in self.machines.values()}),
            calendar=self.calendar,
            migrations=MappingProxyType(self.migrations),
            trust=MappingProxyType(self.trust),
            loosens=MappingProxyType(self.loosens),
            loosened_above=MappingProxyType(dict(loosened_above)),
            removals=MappingProxyType(dict(removals)),
            meant=MappingProxyType(
                {name: _acknowledged(name, key, why) for name, key, why in get("meant") or ()}
            ),
            meta=MappingProxyType(get("meta") or {}),
        )


def link(
    file: Record,
    report: Report,
    custom: Collection[str] | None,
    countries: CountryCodes | None,
    promises: Collection[str] | None,
    changed: ChangedValues | None,
) -> LinkedFile:
    """Look up every name of ``file``; ``custom`` and ``countries`` as `load` takes them.

    ``promises``: the names of those that the file can loosen; None allows any. ``changed``: as `GuardLinker`
    has it.
    """
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
    guards = GuardLinker(events, moments, sets, ExceptionLinker(events), calendar.weekend, changed)
    linked.misses_listeners = "machines" in file.faulty and file.get("machines") is None
    linked.misses_scopes = linked.misses_listeners
    for name, key, record in file.get("machines") or ():
        if record is None:
            linked.misses_listeners = linked.misses_scopes = True
            continue
        machine = linked.machines[name] = link_machine(name, key, record, guards)
        linked.misses_listeners |= machine.misses_events
        linked.misses_scopes |= machine.misses_events or machine.scope is None
        for event in machine.events:
            linked.listeners.setdefault(event, []).append(machine)
    for event, kind in events.events.items():
        if _matters_by_itself(kind):
            names.implied.add(("event", event))
        wide = _is_employer_wide(kind, linked)
        linked.kinds[event] = evolve(kind, employer_wide=True, starts_application=False) if wide else kind
    for _, _, section in file.get("guard_sets") or ():
        for id, key, record in section or ():
            if record is not None:  # what a set names is named, even if no transition uses the set
                guards.guard(id, key, record, None)
    guards.exceptions.report_impossible()
    linked.migrations = link_migrations(file, names)
    linked.trust = _trust(file.get("trust"), names)
    linked.loosens = _loosens(file.get("loosens"), report, promises)
    names.report_unknown()
    report_unused(names, {kind.name for kind in events.events.values() if not kind.is_act})
    return linked


def _calendar(record: Record | None) -> d.Calendar:
    if record is None:
        return d.Calendar()
    weekend = record.get("weekend")
    days = d.Calendar().weekend if weekend is None else frozenset(WEEKDAYS.index(day) for day in weekend)
    return d.Calendar(
        weekend=days,
        holidays=frozenset(record.get("holidays") or ()),
        country=record.get("country"),
        origins=MappingProxyType(
            {name: origin_of(key) for name in record.values if isinstance(key := record.key_of(name), Scalar)}
        ),
    )


def _acknowledged(name: str, key: Scalar, why: str) -> d.Acknowledged:
    return d.Acknowledged(name=name, why=why, origin=origin_of(key))


def _trust(section: Section | None, names: Names) -> dict[str, d.Acknowledged]:
    """Return the events whose tags the file says it trusts."""
    trust = {}
    for _, key, why in section or ():
        name = names.name(n.TRUSTED, key)
        if name is not None and why is not None:
            trust[name] = _acknowledged(name, key, why)
    return trust


def _loosens(
    section: Section | None, report: Report, promises: Collection[str] | None
) -> dict[str, d.Acknowledged]:
    """Return the promises that the file loosens."""
    loosens = {}
    for name, key, record in section or ():
        hint = "a file loosens packaged promises, and those of the files that it extends; `prove` lists them"
        label = "no packaged or inherited promise has this name"
        if promises is not None and not find(
            report, key, promises, code="PI606", noun="promise", label=label, hint=hint
        ):
            continue
        if record is not None and record.get("why"):
            loosens[name] = _acknowledged(name, key, record.get("why"))
    return loosens


def _matters_by_itself(kind: d.EventKind) -> bool:
    """Return whether the event changes an application though no machine listens to it."""
    return bool(kind.opens_round or kind.gives or kind.ends or any(f.sets for f in kind.fields.values()))


def _is_employer_wide(kind: d.EventKind, linked: LinkedFile) -> bool:
    """Return whether the event moves or sets nothing that belongs to an application."""
    machines = linked.listeners.get(kind.name, ())
    wide = all(each.scope is not None and not each.scope.application for each in machines)
    return bool(machines) and wide and not _matters_by_itself(kind)
