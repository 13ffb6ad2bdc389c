"""Describe what a rule file says of a name, as plain data: of an event, a guard, a keyword, whatever has it.

A name may be that of several things, and all of them are described. ``guard:one_chase`` asks for one kind of
thing, ``application.waiting`` for what lies in one: the state or transition of a machine, the field of an
event, the guard of a transition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import asdict, frozen

from postinterview.core.rules.definitions import Definition, Origin
from postinterview.core.values.suggest import plain_name
from postinterview.describing.act_text import ActSentences
from postinterview.describing.keywords import keywords
from postinterview.describing.mentions import Mentions
from postinterview.describing.removed import removed_names
from postinterview.describing.rule_data import RuleData
from postinterview.describing.terms import TERMS, term_data
from postinterview.describing.words import CLASSES, Words, migration_data, place_of
from postinterview.loading.merged_values import inherited_whys
from postinterview.loading.nodes import Node
from postinterview.loading.written_sets import written_sets
from postinterview.proof.promises.promise import Promises

KINDS = {
    "term": "term",
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
    "meant": "meant",
    "removed": "removed",
    "keyword": "keywords",
}
"""The kinds of things that have names, and the key of each in the data."""


_OWNED = ("transitions", "guards", "states", "fields", "choices")
"""The keys of what lies in something else: in a machine, an event or a transition."""
_TERMS = {term.replace(" ", "_"): meaning for term, meaning in TERMS.items()}
_ARTICLES = ("a ", "an ", "the ")


@frozen
class Names:
    """The names of a rule file, and of those that it extends."""

    definition: Definition
    promises: Promises
    rules: RuleData
    words: Words
    removed: Mapping[str, Origin]

    @staticmethod
    def of(
        definition: Definition, sources: Mapping[str, str], promises: Promises, whole: Node | None
    ) -> Names:
        """Return the names of a rulebook without a fault.

        ``sources``: the text of each of its files by its name; ``whole``: the file laid over the others.
        """
        mentions = Mentions(definition, whole)
        acts, sets = ActSentences.of(definition), written_sets(whole)
        rules = RuleData(definition, promises, sources, sets, acts, mentions, inherited_whys(whole))
        return Names(
            definition, promises, rules, Words(definition, promises, mentions), removed_names(sources)
        )

    def describable(self) -> list[str]:
        """Return every name that `describe` knows, and how to ask for one of several that share a name."""
        rules = list(self.rules.rules())
        machines = self.definition.machines.values()
        events = self.definition.events.values()
        fields = [(event, field) for event in events for field in event.fields.values()]
        found = [
            *self.definition.events,
            *(rule.id for rule in rules),
            *(guard.id for rule in rules for guard in rule.guards),
            *self.rules.sets,
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
            *_TERMS,
        ]
        return list(dict.fromkeys(found))

    def describe(self, asked: str) -> dict[str, Any] | None:
        """Return what the rules say of a name or title as plain data, or None. The name may be a plural."""
        found, id = self._described(asked), asked.strip().replace(" ", "_")
        for name in () if found is not None else (id, *self._titled(asked), id.removesuffix("s")):
            found = found or self._described(name)
        return found

    def _titled(self, title: str) -> list[str]:
        """Return the names whose title this is, with or without its article."""
        events, classes = self.definition.events.values(), self.definition.classes.values()
        machines = self.definition.machines.values()
        states = [state for machine in machines for state in machine.states.values()]
        titles = [(each.title, each.name) for each in (*events, *machines, *states)]
        titles += [(each.title, each.name) for each in classes]
        return [name for found, name in titles if found and _plain(found) == _plain(title)]

    def _described(self, asked: str) -> dict[str, Any] | None:
        kind, colon, name = asked.rpartition(":")
        if colon and kind not in KINDS:
            return None
        owner, _, name = name.rpartition(".")
        data = self._all(name, owner)
        if kind:
            data = {key: value if key == KINDS[kind] else _nothing(value) for key, value in data.items()}
        if owner:
            data = {key: value if key in _OWNED else _nothing(value) for key, value in data.items()}
        return {"name": asked, **data} if any(data.values()) else None

    def _all(self, name: str, owner: str) -> dict[str, Any]:
        definition, machines, data = self.definition, self.definition.machines, self.rules
        rules = [
            rule for rule in data.rules() if name in (rule.event, rule.id) and owner in ("", rule.machine)
        ]
        told = [rule for rule in rules if rule.event == name]
        promise = next((each for each in self.promises.promises if each.id == name), None)
        events = [each for each in definition.events.values() if owner in ("", each.name)]
        meant = definition.meant.get(name)
        return {
            "term": None if name not in _TERMS else term_data(name, _TERMS[name], definition),
            "event": data.event(definition.events.get(name)),
            "transitions": [
                data.transition(rule, told[: told.index(rule)] if rule in told else ()) for rule in rules
            ],
            "guards": list(data.guards(name, owner)),
            "guard_set": data.guard_set(name),
            "machine": None if name not in machines else data.machine(machines[name]),
            "states": [
                data.state(each, name)
                for each in machines.values()
                if name in each.states and owner in ("", each.name)
            ],
            "fields": [data.field(each, name) for each in events if name in each.fields],
            "choices": [
                data.choice(event, field.name, name)
                for event in definition.events.values()
                for field in event.fields.values()
                if name in field.choices and owner in ("", event.name, field.name)
            ],
            "date": self.words.date(name),
            "class": self.words.event_class(name),
            "credit": self.words.credit(definition.credits.get(name)),
            "promise": promise and self.words.promise(promise),
            "migration": migration_data(definition.migrations.get(name)),
            "meant": meant and {"why": meant.why, **place_of(meant.origin)},
            "removed": None if name not in self.removed else place_of(self.removed[name]),
            "keywords": [asdict(each) for each in keywords().get(name, ())],
        }


def _plain(title: str) -> str:
    """Return a title without its article, in the form in which titles are compared."""
    article = next((each for each in _ARTICLES if title.lower().startswith(each)), "")
    return plain_name(title[len(article) :])


def _nothing(value: object) -> object:
    return [] if isinstance(value, list) else None
