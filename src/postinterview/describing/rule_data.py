"""Describe events, transitions, guards, machines and their parts, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from postinterview.core.rules.definitions import (
    Definition,
    EventKind,
    Guard,
    MachineKind,
    Origin,
    Transition,
)
from postinterview.describing.act_text import ActSentences
from postinterview.describing.mentions import Mentions
from postinterview.describing.phrases import titled
from postinterview.describing.words import place_of, trust_data
from postinterview.loading.written_sets import WrittenSet
from postinterview.proof.explain import written_at
from postinterview.proof.promises.promise import Promises, judges


@frozen
class RuleData:
    """Events, transitions, guards and machines of a rule file.

    ``sources``: the text of each of its files by its name. ``whys``: of each entry that the file changes
    without a new `why`, the place of the `why` that it has.
    """

    definition: Definition
    promises: Promises
    sources: Mapping[str, str]
    sets: Mapping[str, WrittenSet]
    acts: ActSentences
    mentions: Mentions
    whys: Mapping[Origin, Origin]

    def rules(self) -> Iterator[Transition]:
        """Yield every transition, machine by machine."""
        return (rule for machine in self.definition.machines.values() for rule in machine.transitions)

    # --- events, transitions, guards -----------------------------------------------------------

    def event(self, event: EventKind | None) -> dict[str, Any] | None:
        if event is None:
            return None
        promises = self._judging(event)
        return {
            "title": titled(self.definition, event.name),
            "kind": self.acts.kind(event),
            "starts_application": event.starts_application,
            "fields": [self.field(event, name) for name in event.fields],
            "gives": list(event.gives),
            "ends": list(event.ends),
            "classes": [each.name for each in self.definition.classes.values() if event.name in each.members],
            "named_by": self.mentions.of("event", event.name),
            "counted_by": self.mentions.counting(event),
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

    def transition(self, rule: Transition, before: Sequence[Transition]) -> dict[str, Any]:
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

    def _judging(self, event: EventKind) -> list[str]:
        """Return the promises that judge an event, loosened ones among them."""
        return [
            promise.id
            for promise in self.promises.promises
            if any(judges(self.definition, clause, event) for clause in promise.clauses)
        ]

    def _why_of(self, origin: Origin) -> dict[str, Any] | None:
        """Return the place of a `why` that a changed entry has from its parent."""
        return place_of(self.whys[origin]) if origin in self.whys else None

    def _guard(self, rule: Transition, guard: Guard) -> dict[str, Any]:
        return {
            "id": guard.id,
            "sentence": self.acts.guard(rule, guard),
            "written": written_at(guard.origin, self.sources) or "see there",
            "set": next((name for name, each in self.sets.items() if guard.origin in each.guards), None),
            **_place_of(guard),
        }

    def guards(self, name: str, owner: str) -> Iterator[dict[str, Any]]:
        """Yield each guard of a name, once for each place and each sentence that it has."""
        found: dict[tuple[Origin, str], dict[str, Any]] = {}
        for rule in self.rules():
            for guard in rule.guards:
                if guard.id == name and owner in ("", rule.id, rule.event):
                    data = self._guard(rule, guard)
                    known = found.setdefault((guard.origin, data["sentence"]), {**data, "asked_by": []})
                    known["asked_by"].append({"transition": rule.id, "event": rule.event})
        yield from found.values()

    def guard_set(self, name: str) -> dict[str, Any] | None:
        """Return a set of guards: the sets that it uses, its own guards, and what uses it."""
        written = self.sets.get(name)
        if written is None:
            return None
        said: dict[Origin, dict[str, Any]] = {}
        for rule in self.rules():
            for guard in rule.guards:
                if guard.origin not in said:
                    said[guard.origin] = {"sentence": self.acts.guard(rule, guard), **_place_of(guard)}
        return {
            "uses": list(written.uses),
            "guards": [
                {
                    "id": id,
                    "sentence": "",
                    "written": written_at(origin, self.sources) or "see there",
                    **place_of(origin),
                    **said.get(origin, {}),
                }
                for origin, id in written.guards.items()
            ],
            "named_by": self.mentions.of("guard_set", name),
            **place_of(written.origin),
        }

    # --- machines, states, fields --------------------------------------------------------------

    def machine(self, machine: MachineKind) -> dict[str, Any]:
        return {
            "title": machine.title,
            "per": str(machine.scope),
            "start": machine.start,
            "states": [{"id": each.name, "title": each.title} for each in machine.states.values()],
            "moved_by": list(dict.fromkeys(rule.event for rule in machine.transitions if rule.target)),
            "named_by": self.mentions.of("machine", machine.name),
            "why": machine.why,
            **place_of(machine.origin),
        }

    def state(self, machine: MachineKind, name: str) -> dict[str, Any]:
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
            "named_by": self.mentions.of("state", name, machine.name),
            "why": state.why,
            **place_of(state.origin),
        }

    def field(self, event: EventKind, name: str) -> dict[str, Any]:
        field = event.fields[name]
        return {
            "event": event.name,
            "name": field.name,
            "type": field.type,
            "choices": list(field.choices),
            "optional": field.optional,
            "sets": field.sets,
            "named_by": self.mentions.of("field", name, event.name),
            "why": field.why,
            **place_of(field.origin),
        }

    def choice(self, event: EventKind, name: str, choice: str) -> dict[str, Any]:
        return {
            "field": f"{event.name}.{name}",
            "named_by": self.mentions.of("choice", choice, event.name),
            **place_of(event.fields[name].origin),
        }


def _place_of(guard: Guard) -> dict[str, Any]:
    return {**place_of(guard.origin), "changes": [each.as_json() for each in guard.changes]}
