"""Names that changed between two rule files, as their ``migrations:`` say, and a definition in new names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import Factory, evolve, fields, frozen

from postinterview.core.rules import definitions as d
from postinterview.proof.promises.promise import Promises
from postinterview.saving.migration import migration_between

Names = Mapping[str, str]


@frozen
class Renames:
    """The new name of each old one. ``fields`` by event and ``states`` by machine, in new names.

    A name that is not there stays.
    """

    events: Names = Factory(dict)
    fields: Mapping[tuple[str, str], str] = Factory(dict)
    machines: Names = Factory(dict)
    states: Mapping[tuple[str, str], str] = Factory(dict)

    def event(self, name: str) -> str:
        """Return the new name of an event."""
        return self.events.get(name, name)

    def field(self, event: str, name: str) -> str:
        """Return the new name of a field; ``event`` is a new name."""
        return self.fields.get((event, name), name)

    def machine(self, name: str) -> str:
        """Return the new name of a machine."""
        return self.machines.get(name, name)

    def state(self, machine: str, name: str) -> str:
        """Return the new name of a state; ``machine`` is a new name."""
        return self.states.get((machine, name), name)

    @property
    def any(self) -> bool:
        """Return whether anything has another name."""
        return bool(self.events or self.fields or self.machines or self.states)


def renames_between(old: d.Definition, new: d.Definition) -> Renames:
    """Return the names that changed, by the migration of either file that comes from the other."""
    found = migration_between(old, new)
    if found is None:
        return Renames()
    return Renames(found.events, found.fields, found.machines, found.states)


def renamed(definition: d.Definition, names: Renames) -> d.Definition:
    """Return the definition with new names for old ones."""
    return _Renaming(names).definition(definition) if names.any else definition


def renamed_promises(promises: Promises, names: Renames) -> Promises:
    """Return the promises with the new names of events for old ones."""

    def told(part: Any) -> Any:
        """Return a clause, or its condition, whose tuples are all names of events."""
        said = {each.name: getattr(part, each.name) for each in fields(type(part))}
        listed = {name: tuple(map(names.event, v)) for name, v in said.items() if isinstance(v, tuple)}
        return evolve(part, **listed)

    if not names.any:
        return promises
    found = (
        evolve(each, clauses=tuple(evolve(told(clause), when=told(clause.when)) for clause in each.clauses))
        for each in promises.promises
    )
    return evolve(promises, promises=tuple(found))


@frozen
class _Renaming:
    names: Renames

    def definition(self, of: d.Definition) -> d.Definition:
        return evolve(
            of,
            events={self.names.event(name): self.event(kind) for name, kind in of.events.items()},
            classes={self.names.event(name): self.events(each) for name, each in of.classes.items()},
            credits={
                name: evolve(each, emptied_by=self.events(each.emptied_by))
                for name, each in of.credits.items()
            },
            moments={name: self.moment(each) for name, each in of.moments.items()},
            machines={self.names.machine(name): self.machine(each) for name, each in of.machines.items()},
            trust={
                self.names.event(name): evolve(each, name=self.names.event(name))
                for name, each in of.trust.items()
            },
        )

    def event(self, kind: d.EventKind) -> d.EventKind:
        name = self.names.event(kind.name)
        fields = (evolve(each, name=self.names.field(name, each.name)) for each in kind.fields.values())
        return evolve(kind, name=name, fields={each.name: each for each in fields})

    def events(self, found: d.EventSet) -> d.EventSet:
        members = frozenset(map(self.names.event, found.members))
        return d.EventSet(self.names.event(found.name), members, found.title, found.origin)

    def machine(self, kind: d.MachineKind) -> d.MachineKind:
        name = self.names.machine(kind.name)
        return evolve(
            kind,
            name=name,
            start=self.names.state(name, kind.start),
            states={
                self.names.state(name, each): evolve(state, name=self.names.state(name, each))
                for each, state in kind.states.items()
            },
            transitions=tuple(self.transition(rule, name) for rule in kind.transitions),
        )

    def transition(self, rule: d.Transition, machine: str) -> d.Transition:
        event = self.names.event(rule.event)
        return evolve(
            rule,
            machine=machine,
            event=event,
            sources=tuple(self.names.state(machine, each) for each in rule.sources),
            target=None if rule.target is None else self.names.state(machine, rule.target),
            guards=tuple(self.guard(each, event) for each in rule.guards),
            due=None if rule.due is None else self.moment(rule.due),
        )

    def guard(self, guard: d.Guard, event: str) -> d.Guard:
        unless = tuple((self.names.field(event, name), values) for name, values in guard.unless)
        guard = evolve(guard, unless=unless)
        match guard:
            case d.AtMost() | d.Happened():
                since = None if guard.since is None else self.events(guard.since)
                return evolve(guard, of=self.events(guard.of), since=since)
            case d.Apart():
                return evolve(guard, of=self.events(guard.of))
            case d.NotBefore() | d.NotAfter():
                return evolve(guard, moment=self.moment(guard.moment))
            case d.Carries():
                return evolve(guard, fields=tuple(self.names.field(event, name) for name in guard.fields))
            case d.InState():
                machine = self.names.machine(guard.machine)
                states = tuple(self.names.state(machine, each) for each in guard.states)
                return evolve(guard, machine=machine, states=states)
            case _:
                return guard

    def moment(self, moment: d.Moment) -> d.Moment:
        head, plus, rest = moment.text.partition(" +")
        text = f"{self.names.event(head)}{plus}{rest}"
        match moment.anchor:
            case d.OfEvents(events):
                return evolve(moment, text=text, anchor=d.OfEvents(self.events(events)))
            case d.FirstKnown(options):
                return evolve(moment, anchor=d.FirstKnown(tuple(map(self.moment, options))))
            case d.LatestKnown(options):
                return evolve(moment, anchor=d.LatestKnown(tuple(map(self.moment, options))))
            case _:
                return moment
