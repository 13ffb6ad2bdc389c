"""Find the parts of rules that show a change of a pack, such as the guards that rest on a changed date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeAlias

from attrs import frozen

from postinterview.core.rules.definitions import Definition, Transition
from postinterview.describing.mentions import Mentions
from postinterview.loading.pack_changes import Change
from postinterview.loading.written_sets import written_sets

PartKey: TypeAlias = tuple[str, str]
"""The kind and the name of a part: ``("guard", "follow_up_once.one_chase")``."""


@frozen
class ShownChange:
    """A change of a pack, and the parts that show it.

    ``by``: the parts that stories show, one of them for each that is enough. Both are empty if no part can
    show it, such as what is taken away, or when something is suggested.
    """

    change: Change
    parts: tuple[PartKey, ...]
    by: tuple[PartKey, ...]


def shown_changes(
    changes: Iterable[Change], mentions: Mentions, seen: Collection[PartKey]
) -> tuple[ShownChange, ...]:
    """Return each change with the parts that show it, and those of them that were ``seen``."""
    finder = _Finder(mentions.definition, mentions)
    found = ((each, tuple(dict.fromkeys(finder.parts(each)))) for each in changes)
    return tuple(
        ShownChange(change, parts, tuple(part for part in parts if part in seen)) for change, parts in found
    )


@frozen
class _Finder:
    """Finds what a change bears on."""

    definition: Definition
    mentions: Mentions

    def parts(self, change: Change) -> Iterator[PartKey]:
        """Yield the parts of which the change says what they ask, or where they lead."""
        match change.path:
            case (("dates" | "classes" | "credits") as section, name, *_):
                yield from self._resting(
                    {"dates": "date", "classes": "class", "credits": "credit"}[section], name
                )
            case ("events", _, "fields", *_):
                pass  # a step that carries the value shows only that it may
            case ("events", event, *_):
                yield from self._resting("event", event)
            case ("guard_sets", name, *guard):
                yield from self._of_set(name, guard[0] if guard else "")
            case ("machines", _, "transitions", rule, "guards", guard, *_):
                yield from self._guards(rule, guard)
            case ("machines", _, "transitions", rule, *key) if key[:1] not in (["due"], ["why"]):
                yield from (("transition", each.id) for each in self._rules() if each.id == rule)
            case ("machines", machine, "states", state, *_):
                known = self.definition.machines.get(machine)
                if known is not None and state in known.states:
                    yield "state", f"{machine}.{state}"
            case ("machines", machine):
                yield from (("transition", each.id) for each in self._rules() if each.machine == machine)
            case _:
                pass

    def _rules(self) -> Iterator[Transition]:
        return (rule for machine in self.definition.machines.values() for rule in machine.transitions)

    def _guards(self, rule: str, guard: str) -> Iterator[PartKey]:
        yield from (
            ("guard", f"{rule}.{guard}")
            for each in self._rules()
            if each.id == rule and any(known.id == guard for known in each.guards)
        )

    def _of_set(self, name: str, guard: str) -> Iterator[PartKey]:
        """Yield the guards of a set, or one of them, in every transition that asks it."""
        sets = written_sets(self.mentions.whole)
        places = sets[name].guards if name in sets else {}
        for rule in self._rules():
            for each in rule.guards:
                if each.origin in places and guard in ("", each.id):
                    yield "guard", f"{rule.id}.{each.id}"

    def _resting(self, kind: str, name: str, above: tuple[PartKey, ...] = ()) -> Iterator[PartKey]:
        """Yield what rests on a name, also by way of dates, classes and credits."""
        if (kind, name) not in above:
            yield from self._of(self.mentions.of(kind, name), (*above, (kind, name)))

    def _of(self, places: Iterable[dict[str, Any]], above: tuple[PartKey, ...] = ()) -> Iterator[PartKey]:
        for each in places:
            if each["kind"] == "guard":
                yield from (("guard", f"{rule}.{each['id']}") for rule in each["transitions"])
            elif each["kind"] == "transition" and each["key"] == "event":
                yield "transition", each["id"]
            elif each["kind"] in ("date", "class", "credit"):
                yield from self._resting(each["kind"], each["id"], above)
