"""Describe what a rule file says of a name, as plain data: of an event, a guard, a keyword, whatever has it.

A name may be that of several things, and all of them are described. ``guard:one_chase`` asks for one kind of
thing, ``application.waiting`` for what lies in one: the state or transition of a machine, the field of an
event, the guard of a transition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from postinterview.core.definitions import (
    Definition,
    EventKind,
    Guard,
    MachineKind,
    Origin,
    Transition,
)
from postinterview.describing.act_text import ActSentences
from postinterview.describing.keywords import keywords
from postinterview.describing.mentions import Mentions
from postinterview.describing.phrases import titled
from postinterview.describing.removed import removed_names
from postinterview.describing.words import CLASSES, Words, migration_data, place_of, trust_data
from postinterview.loading.written_sets import WrittenSet, written_sets
from postinterview.proof.explain import written_at
from postinterview.proof.promises.promise import Promises

KINDS = {
    "event": "event",
    "transition": "transitions",
    "guard": "guards",
    "guard_set": "guard_set",
    "machine": "machine",
    "state": "states",
    "field": "fields",
    "choice": "choices",
    "date": "date",
    "class": "class",
    "credit": "credit",
    "promise": "promise",
    "migration": "migration",
    "removed": "removed",
    "keyword": "keywords",
}
"""The kinds of things that have names, and the key of each in the data."""


@frozen
class Names:
    """The names of a rule file. ``sources``: the text of each file by its name.

    ``whys``: of each entry that the file changes without a new `why`, the place of the `why` that it has.
    """

    definition: Definition
    sources: Mapping[str, str]
    promises: Promises
    sets: Mapping[str, WrittenSet]
    acts: ActSentences
    mentions: Mentions
    words: Words
    removed: Mapping[str, Origin]
    whys: Mapping[Origin, Origin]

    @staticmethod
    def of(
        definition: Definition,
        sources: Mapping[str, str],
        promises: Promises,
        whys: Mapping[Origin, Origin] | None = None,
    ) -> Names:
        sets = written_sets(sources)
        mentions = Mentions(definition, promises)
        acts = ActSentences.of(definition)
        words = Words(definition, sources, mentions)
        removed = removed_names(sources)
        return Names(definition, sources, promises, sets, acts, mentions, words, removed, whys or {})

    def describable(self) -> list[str]:
        """Return every name that `describe` knows, and how to ask for one of several that share a name."""
        rules = list(self._rules())
        machines = self.definition.machines.values()
        events = self.definition.events.values()
        fields = [(event, field) for event in events for field in event.fields.values()]
        found = [
            *self.definition.events,
            *(rule.id for rule in rules),
            *(guard.id for rule in rules for guard in rule.guards),
            *self.sets,
            *self.definition.machines,
            *(state for machine in machines for state in machine.states),
            *(f"{machine.name}.{state}" for machine in machines for state in machine.states),
            *(field.name for _, field in fields),
            *(f"{event.name}.{field.name}" for event, field in fields),
            *(choice for _, field in fields for choice in field.choices),
            *self.definition.moments,
            *self.definition.dates,
            *self.definition.classes,
            *CLASSES,
            *self.definition.credits,
            *(each.id for each in self.promises.promises),
            *self.definition.migrations,
            *self.removed,
            *keywords(),
        ]
        return list(dict.fromkeys(found))

    def describe(self, asked: str) -> dict[str, Any] | None:
        """Return what the rules say of a name, as plain data; None if they don't have it."""
        kind, colon, name = asked.rpartition(":")
        if colon and kind not in KINDS:
            return None
        owner, _, name = name.rpartition(".")
        data = self._all(name, owner)
        if kind:
            data = {key: value if key == KINDS[kind] else _nothing(value) for key, value in data.items()}
        if owner:
            owned = ("transitions", "guards", "states", "fields", "choices")
            data = {key: value if key in owned else _nothing(value) for key, value in data.items()}
        return {"name": asked, **data} if any(data.values()) else None

    def _all(self, name: str, owner: str) -> dict[str, Any]:
        definition, machines = self.definition, self.definition.machines
        rules = [
            rule for rule in self._rules() if name in (rule.event, rule.id) and owner in ("", rule.machine)
        ]
        told = [rule for rule in rules if rule.event == name]
        promise = next((each for each in self.promises.promises if each.id == name), None)
        events = [each for each in definition.events.values() if owner in ("", each.name)]
        return {
            "event": self._event(definition.events.get(name)),
            "transitions": [
                self._transition(rule, told[: told.index(rule)] if rule in told else ()) for rule in rules
            ],
            "guards": list(self._guards(name, owner)),
            "guard_set": self._guard_set(self.sets.get(name)),
            "machine": None if name not in machines else self._machine(machines[name]),
            "states": [
                self._state(each, name)
                for each in machines.values()
                if name in each.states and owner in ("", each.name)
            ],
            "fields": [self._field(each, name) for each in events if name in each.fields],
            "choices": [
                {"field": f"{event.name}.{field.name}", **place_of(field.origin)}
                for event in definition.events.values()
                for field in event.fields.values()
                if name in field.choices and owner in ("", event.name, field.name)
            ],
            "date": self.words.date(name),
            "class": self.words.event_class(name),
            "credit": self.words.credit(definition.credits.get(name)),
            "promise": promise and self.words.promise(promise),
            "migration": migration_data(definition.migrations.get(name)),
            "removed": None if name not in self.removed else place_of(self.removed[name]),
            "keywords": [asdict(each) for each in keywords().get(name, ())],
        }

    def _rules(self) -> Iterator[Transition]:
        return (rule for machine in self.definition.machines.values() for rule in machine.transitions)

    # --- events, transitions, guards -----------------------------------------------------------

    def _event(self, event: EventKind | None) -> dict[str, Any] | None:
        if event is None:
            return None
        promises, guards = self.mentions.of_event(event)
        return {
            "title": titled(self.definition, event.name),
            "kind": self.acts.kind(event),
            "starts_application": event.starts_application,
            "fields": [self._field(event, name) for name in event.fields],
            "gives": list(event.gives),
            "ends": list(event.ends),
            "classes": [each.name for each in self.definition.classes.values() if event.name in each.members],
            "counted_by": guards,
            "promises": [each for each in promises if each not in self.definition.loosens],
            "loosened": [
                {"promise": each, "why": self.definition.loosens[each].why}
                for each in promises
                if each in self.definition.loosens
            ],
            "trust": trust_data(self.definition.trust.get(event.name)),
            "why": event.why,
            "why_of": self._why_of(event.origin),
            **place_of(event.origin),
        }

    def _transition(self, rule: Transition, before: Sequence[Transition]) -> dict[str, Any]:
        return {
            "id": rule.id,
            "machine": rule.machine,
            "event": rule.event,
            "from": list(rule.sources),
            "to": rule.target,
            "sentence": self.acts.lead(rule, before),
            "guards": [self._guard(rule, each) for each in rule.guards],
            "after": list(self.acts.after(rule)),
            "due": rule.due and rule.due.text,
            "why": rule.why,
            "why_of": self._why_of(rule.origin),
            **place_of(rule.origin),
        }

    def _why_of(self, origin: Origin) -> dict[str, Any] | None:
        """Return the place of a `why` that a changed entry has from its parent."""
        return place_of(self.whys[origin]) if origin in self.whys else None

    def _guard(self, rule: Transition, guard: Guard) -> dict[str, Any]:
        return {
            "id": guard.id,
            "sentence": self.acts.guard(rule, guard),
            "written": written_at(guard.origin, self.sources) or "see there",
            "set": next((name for name, each in self.sets.items() if guard.origin in each.guards), None),
            **place_of(guard.origin),
        }

    def _guards(self, name: str, owner: str) -> Iterator[dict[str, Any]]:
        """Yield each guard of a name, once for each place and each sentence that it has."""
        found: dict[tuple[Origin, str], dict[str, Any]] = {}
        for rule in self._rules():
            for guard in rule.guards:
                if guard.id == name and owner in ("", rule.id, rule.event):
                    data = self._guard(rule, guard)
                    known = found.setdefault((guard.origin, data["sentence"]), {**data, "asked_by": []})
                    known["asked_by"].append({"transition": rule.id, "event": rule.event})
        yield from found.values()

    def _guard_set(self, written: WrittenSet | None) -> dict[str, Any] | None:
        """Return a set of guards: the sets that it uses, its own guards, and what uses it."""
        if written is None:
            return None
        said: dict[Origin, str] = {}
        for rule in self._rules():
            for guard in rule.guards:
                said.setdefault(guard.origin, self.acts.guard(rule, guard))
        return {
            "uses": list(written.uses),
            "guards": [
                {
                    "id": id,
                    "sentence": said.get(origin, ""),
                    "written": written_at(origin, self.sources) or "see there",
                    **place_of(origin),
                }
                for origin, id in written.guards.items()
            ],
            "used_by": written.used_by,
            **place_of(written.origin),
        }

    # --- machines, states, fields --------------------------------------------------------------

    def _machine(self, machine: MachineKind) -> dict[str, Any]:
        return {
            "title": machine.title,
            "per": str(machine.scope),
            "start": machine.start,
            "states": [{"id": each.name, "title": each.title} for each in machine.states.values()],
            "moved_by": list(dict.fromkeys(rule.event for rule in machine.transitions if rule.target)),
            "asked_by": self.mentions.of_machine(machine.name),
            "why": machine.why,
            **place_of(machine.origin),
        }

    def _state(self, machine: MachineKind, name: str) -> dict[str, Any]:
        """Return a state with the events that lead there from other states, and away to others."""
        state, rules = machine.states[name], machine.transitions
        into = (each.event for each in rules if each.target == name and {*each.sources} - {name})
        out = (each.event for each in rules if each.target not in (None, name) and name in each.sources)
        return {
            "machine": machine.name,
            "title": state.title,
            "start": machine.start == name,
            "over": state.over,
            "outside": state.outside,
            "into": list(dict.fromkeys(into)),
            "out": list(dict.fromkeys(out)),
            "why": state.why,
            **place_of(state.origin),
        }

    def _field(self, event: EventKind, name: str) -> dict[str, Any]:
        field = event.fields[name]
        return {
            "event": event.name,
            "name": field.name,
            "type": field.type,
            "choices": list(field.choices),
            "optional": field.optional,
            "sets": field.sets,
            "asked_by": self.mentions.of_field(event.name, name),
            "why": field.why,
            **place_of(field.origin),
        }


def _nothing(value: object) -> object:
    return [] if isinstance(value, list) else None
