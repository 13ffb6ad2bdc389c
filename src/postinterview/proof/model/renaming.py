"""Call the events, fields, machines, states and dates of a definition by other names.

A comparison reads the old rulebook in the words of the new one. So both can look at one variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from postinterview.core.rules import definitions as d


@frozen
class Renaming:
    """New names. What it does not mention keeps its name.

    ``fields`` are by the event's new name, ``states`` by the machine's.
    """

    events: Mapping[str, str] = field(factory=dict)
    fields: Mapping[tuple[str, str], str] = field(factory=dict)
    machines: Mapping[str, str] = field(factory=dict)
    states: Mapping[tuple[str, str], str] = field(factory=dict)
    dates: Mapping[str, str] = field(factory=dict)

    def event(self, name: str) -> str:
        """Return the new name of an event."""
        return self.events.get(name, name)

    def field(self, event: str, name: str) -> str:
        """Return the new name of a field; ``event`` is named anew already."""
        return self.fields.get((event, name), name)

    def state(self, machine: str, name: str) -> str:
        """Return the new name of a state; ``machine`` is named anew already."""
        return self.states.get((machine, name), name)


SAME_NAMES = Renaming()


def renaming_of(migration: d.Migration, old: d.Definition, new: d.Definition) -> Renaming:
    """Return what a migration renames of names that the two rulebooks have."""

    def moved(names: Mapping[str, str], before: Iterable[str], now: Iterable[str]) -> dict[str, str]:
        return {one: other for one, other in names.items() if one in set(before) and other in set(now)}

    events = moved(migration.events, old.events, new.events)
    machines = moved(migration.machines, old.machines, new.machines)
    fields = {(e, f): to for (e, f), to in migration.fields.items() if e in new.events}
    states = {(m, s): to for (m, s), to in migration.states.items() if m in new.machines}
    return Renaming(events, fields, machines, states)


def inverse(names: Renaming) -> Renaming:
    """Return the renaming back."""
    back = {new: old for old, new in names.events.items()}
    machines = {new: old for old, new in names.machines.items()}
    fields = {(back.get(event, event), new): old for (event, old), new in names.fields.items()}
    states = {(machines.get(kind, kind), new): old for (kind, old), new in names.states.items()}
    dates = {new: old for old, new in names.dates.items()}
    return Renaming(back, fields, machines, states, dates)


def renamed(definition: d.Definition, names: Renaming) -> d.Definition:
    """Return the definition with the new names."""
    return _Renamer(names).definition(definition)


@frozen
class _Renamer:
    names: Renaming

    def definition(self, one: d.Definition) -> d.Definition:
        date = self.names.dates.get
        return evolve(
            one,
            events={each.name: each for each in map(self.event, one.events.values())},
            classes={name: self.set(each) for name, each in one.classes.items()},
            credits={
                n: evolve(each, emptied_by=self.set(each.emptied_by)) for n, each in one.credits.items()
            },
            dates=tuple(date(name, name) for name in one.dates),
            moments={name: self.moment(each) for name, each in one.moments.items()},
            machines={each.name: each for each in map(self.machine, one.machines.values())},
        )

    def set(self, one: d.EventSet) -> d.EventSet:
        return evolve(one, members=frozenset(map(self.names.event, one.members)))

    def event(self, kind: d.EventKind) -> d.EventKind:
        name, date = self.names.event(kind.name), self.names.dates.get
        fields = {}
        for each in kind.fields.values():
            called = self.names.field(name, each.name)
            sets = None if each.sets is None else date(each.sets, each.sets)
            fields[called] = evolve(each, name=called, sets=sets)
        return evolve(kind, name=name, ends=tuple(date(each, each) for each in kind.ends), fields=fields)

    def machine(self, kind: d.MachineKind) -> d.MachineKind:
        name = self.names.machines.get(kind.name, kind.name)

        def state(old: str) -> str:
            return self.names.state(name, old)

        states = {state(each.name): evolve(each, name=state(each.name)) for each in kind.states.values()}
        rules = tuple(
            evolve(
                rule,
                machine=name,
                event=self.names.event(rule.event),
                sources=tuple(map(state, rule.sources)),
                target=None if rule.target is None else state(rule.target),
                guards=tuple(self.guard(self.names.event(rule.event), guard) for guard in rule.guards),
                due=None if rule.due is None else self.moment(rule.due),
            )
            for rule in kind.transitions
        )
        return evolve(kind, name=name, start=state(kind.start), states=states, transitions=rules)

    def guard(self, event: str, guard: d.Guard) -> d.Guard:
        changes: dict[str, Any] = {
            "unless": tuple((self.names.field(event, name), values) for name, values in guard.unless)
        }
        for name in ("of", "since"):
            if (events := getattr(guard, name, None)) is not None:
                changes[name] = self.set(events)
        if isinstance(guard, d.NotBefore | d.NotAfter):
            changes["moment"] = self.moment(guard.moment)
        if isinstance(guard, d.InState):
            machine = self.names.machines.get(guard.machine, guard.machine)
            states = tuple(self.names.state(machine, each) for each in guard.states)
            changes |= {"machine": machine, "states": states}
        if isinstance(guard, d.Carries):
            changes["fields"] = tuple(self.names.field(event, each) for each in guard.fields)
        return evolve(guard, **changes)

    def moment(self, one: d.Moment) -> d.Moment:
        anchor = one.anchor
        match anchor:
            case d.OfEvents():
                return evolve(one, anchor=evolve(anchor, events=self.set(anchor.events)))
            case d.OfDate():
                return evolve(one, anchor=evolve(anchor, name=self.names.dates.get(anchor.name, anchor.name)))
            case d.FirstKnown() | d.LatestKnown():
                return evolve(one, anchor=evolve(anchor, options=tuple(map(self.moment, anchor.options))))
