"""Find the places in rule files that name something, by the tables of the language.

The tables say of each value whether it is a name, and of what. So one walk over the merged tree finds every
place that names an event, a class, a date, a credit, a state, a field or a set of guards, whatever key it
stands under. A guard of a set is told with all the transitions that use the set.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from attrs import define, frozen

from postinterview.core.rules.definitions import Definition, EventKind, Origin, Transition
from postinterview.loading import rule_schema
from postinterview.loading import schema as k
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence


@frozen
class Entry:
    """An entry of a set, such as a guard or a date: its kind, its id, and the place of its id."""

    kind: str
    id: str
    origin: Origin


@frozen
class Mention:
    """A place that names something.

    ``of``: the kinds of things that may be meant, the likeliest first. ``within``: the entries around it, the
    outermost first. ``key``: the key whose value names it.
    """

    name: str
    of: tuple[str, ...]
    within: tuple[Entry, ...]
    key: str
    origin: Origin

    @property
    def user(self) -> Entry:
        """The entry that names it: a migration as a whole, and otherwise the innermost one."""
        return self.within[0] if self.within[0].kind == "migration" else self.within[-1]

    def around(self, kind: str) -> str:
        """Return the id of the entry of this kind that it stands in, such as its machine."""
        return next((each.id for each in self.within if each.kind == kind), "")


_COUNTED = ("class", "event")
_MEANT: dict[str, tuple[str, ...]] = {
    "event or class": _COUNTED,
    "moment": (*_COUNTED, "date"),
    "guard set": ("guard_set",),
}


def mentions_in(whole: Node | None) -> Iterator[Mention]:
    """Yield every place in the rules that names something. ``whole``: the file laid over its parents."""
    yield from () if whole is None else _in(rule_schema.FILE, whole, (), "")


def _in(kind: k.Kind | None, node: Node, within: tuple[Entry, ...], key: str) -> Iterator[Mention]:
    match kind:
        case k.Table(keys=keys):
            for name, value in _entries(node):
                yield from _in(_kind_of(keys.get(name.text)), value, within, name.text)
        case k.Variants(tables=tables):
            for name, value in _entries(node):
                found = next(
                    (each.keys[name.text] for each in tables.values() if name.text in each.keys), None
                )
                yield from _in(_kind_of(found), value, within, name.text)
        case k.Entries() if key == "unless":
            for name, value in _entries(node):
                yield Mention(name.text, ("field",), within, key, origin_of(name))
                yield from _in(kind.value, value, within, key)
        case k.Entries():
            for name, value in _entries(node):
                if name.text in kind.keys:
                    yield from _in(kind.keys[name.text].kind, value, within, name.text)
                else:
                    entry = Entry(_noun(kind), name.text, origin_of(name))
                    yield from _in(kind.value, value, (*within, entry), key if within else "")
        case k.ListOf(item=item):
            for each in node.items if isinstance(node, Sequence) else (node,):
                yield from _in(item, each, within, key)
        case k.Forms(text=text, items=items, entries=entries):
            form = entries if isinstance(node, Mapping) else items if isinstance(node, Sequence) else text
            yield from _in(form, node, within, key)
        case k.Name() | k.Simple():
            yield from _named(kind, node, within, key)
        case _:
            pass


def _named(kind: k.Name | k.Simple, node: Node, within: tuple[Entry, ...], key: str) -> Iterator[Mention]:
    """Yield the names in a value that names something."""
    if kind is k.STATES:
        for machine, states in _entries(node):
            yield Mention(machine.text, ("machine",), within, key, origin_of(machine))
            entry = Entry("machine", machine.text, origin_of(machine))
            yield from _in(k.some(k.Name("state")), states, (entry, *within), key)
    elif isinstance(node, Scalar) and node.text:
        text, of = node.text, _MEANT.get(kind.of, (kind.of,)) if isinstance(kind, k.Name) else ()
        if kind is k.MOMENT:
            text, of = text.partition("+")[0].strip(), _MEANT["moment"]
        elif kind is k.VALUE:
            of = ("choice",)
        elif kind is k.NEW_ID:
            of = ("date",)
        if of:
            yield Mention(text, of, within, key, origin_of(node))


def _kind_of(key: k.TableKey | None) -> k.Kind | None:
    return None if key is None else key.kind


def _noun(kind: k.Entries) -> str:
    """Return the kind of a set's entries: ``guard_set`` for "a set of guards"."""
    noun = kind.noun.partition(" ")[2]
    return "guard_set" if noun == "set of guards" else noun


def _entries(node: Node) -> Iterator[tuple[Scalar, Node]]:
    return iter(node.entries if isinstance(node, Mapping) else ())


@define(eq=False, slots=False)
class Mentions:
    """Finds what mentions a name of a rulebook. ``whole``: its file laid over those that it extends."""

    definition: Definition
    whole: Node | None

    @cached_property
    def _by_name(self) -> dict[str, list[Mention]]:
        found: dict[str, list[Mention]] = {}
        for each in mentions_in(self.whole):
            found.setdefault(each.name, []).append(each)
        return found

    @cached_property
    def _asking(self) -> dict[Origin, list[Transition]]:
        """The transitions that ask each guard, by its place."""
        found: dict[Origin, list[Transition]] = {}
        for machine in self.definition.machines.values():
            for rule in machine.transitions:
                for guard in rule.guards:
                    found.setdefault(guard.origin, []).append(rule)
        return found

    def of(self, kind: str, name: str, owner: str = "") -> list[dict[str, Any]]:
        """Return every place that names a thing, as plain data.

        ``owner``: the machine of a state, the event of a field or choice.
        """
        return [self._data(each) for each in self._by_name.get(name, ()) if self._means(each, kind, owner)]

    def _means(self, mention: Mention, kind: str, owner: str) -> bool:
        if kind not in mention.of:
            return False
        if kind == "state":
            return mention.around("machine") == owner
        if kind in ("field", "choice"):
            asking = self._asking.get(mention.user.origin, ())
            return owner in {mention.around("event"), *(rule.event for rule in asking)}
        return kind == "class" or "class" not in mention.of or mention.name not in self.definition.classes

    def _data(self, mention: Mention) -> dict[str, Any]:
        user = mention.user
        return {
            "kind": user.kind,
            "id": f"{mention.around('event')}.{user.id}" if user.kind == "field" else user.id,
            "key": mention.key,
            "transitions": [rule.id for rule in self._asking.get(user.origin, ())],
            "file": mention.origin.file,
            "line": mention.origin.line,
        }

    def counting(self, event: EventKind) -> list[dict[str, Any]]:
        """Return the guards that count an event, by its name or as a member of a class, each once."""
        names = [each.name for each in self.definition.classes.values() if event.name in each.members]
        found = {
            each.user.origin: self._data(each)
            for name in (event.name, *names)
            for each in self._by_name.get(name, ())
            if each.user.kind == "guard" and each.key in _COUNTING and set(_COUNTED) <= {*each.of}
        }
        return [found[each] for each in sorted(found, key=lambda each: (each.file, each.line, each.column))]


_COUNTING = ("of", "from", "happened", "not_happened")
"""The keys of guards that name what is counted; the others say from when."""
