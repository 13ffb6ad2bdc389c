"""Lay a file over the one that it extends, before anything else is asked of either.

The two trees of nodes become one, and each node keeps its own file and place. So all later stages read one
file, and report each fault where it is written. The tables of the language say what is laid over what:

- sets of entries are joined by id, and tables by key: what the child says stands, the rest is the parent's;
- an empty value says nothing, so the parent's stands;
- a guard of another kind, a list and a plain value stand for the parent's whole;
- ``keeps`` adds to the parent's promise files: nobody is rid of a promise by not naming it;
- ``remove`` lists ids or keys of the parent that are gone. What is removed and written anew begins anew.

The parent's order is kept, and what is new comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from attrs import define, evolve, field, frozen

from postinterview.core.values.suggest import instead_of, ticked
from postinterview.loading import schema as k
from postinterview.loading import shape_errors
from postinterview.loading.diagnostics import Findings, Template
from postinterview.loading.joining import both, is_misfit, joining, lacking, only_removes, texts
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.report import Report
from postinterview.loading.schema import REMOVE
from postinterview.loading.source_text import in_one_line
from postinterview.loading.written_sets import by_use, value_at
from postinterview.loading.wrong_forms import inside

KEEPS = "keeps"
"""The key for promise files, which a file adds to those of the parent."""

OWN = frozenset({"format", "extends", "version", "migrations", "trust", "loosens", "meant"})
"""The keys that each file says for itself: a migration carries over processes that its own rules judged, and
whoever vouched for an event, or loosened a promise, did so under the rules and numbers of that file."""


@frozen
class FileText:
    """A file that was found: its name in diagnostics, and what is in it."""

    file: str
    text: bytes | str


@frozen
class Missing:
    """A file that was not found: why, and what to type instead."""

    message: str
    help: str


Finder: TypeAlias = Callable[[str, str], FileText | Missing]
"""Finds the file that ``extends`` names, in the file that is given as the second."""


_NOTHING = Template(
    "PI604",
    "`remove` takes names",
    "it names nothing",
    "write such as `remove: [one_chase]`, or delete the line",
)
_MISSPELT = Template(
    "PI102",
    "`{name}` has no {lacks}",
    "{noun} needs that, and the file that this one extends has no `{name}`",
    "did you mean `{meant}`? if it is new, add {lacks}",
)

_GONE = Template(
    "PI102",
    "`{name}` has no {lacks}",
    "{noun} needs that, and the file that this one extends has removed `{name}`",
    "delete it here; or extend a file that has it, or write all of it",
)

_NO_SET = Template(
    "PI605",
    "nothing can be removed from `{name}`, which is no set of entries",
    "{noun} is written whole, and takes its place",
    "write `{name}: {rest}`",
)

Path: TypeAlias = tuple[str, ...]
Entry: TypeAlias = tuple[Scalar, Node]
"""A key and its value."""


@define(eq=False)
class Layers:
    """Joins files, the first ancestor first.

    ``overridden``: the entries that no longer stand, by the path to them, the nearest file first.
    ``removals``: what ``remove`` takes away, by the path to it, with the name that says so. ``loosened``: the
    promises that ancestors loosen. ``new``: for each id that the parent lacks, the parent's ids of the same
    set. ``kept``: where a file tries to remove the promise files of its parent.
    """

    findings: Findings
    overridden: dict[Path, list[Entry]] = field(factory=dict)
    removals: dict[Path, Scalar] = field(factory=dict)
    loosened: dict[str, Scalar] = field(factory=dict)
    new: dict[str, dict[str, Scalar]] = field(factory=dict)
    kept: Scalar | None = None
    _report: Report = field(init=False)
    _parent: Mapping | None = None

    @property
    def removed(self) -> dict[str, Scalar]:
        """The names that are taken away."""
        return {path[-1]: name for path, name in self.removals.items()}

    def lay(self, child: Mapping, parent: Mapping, table: k.Table) -> Mapping:
        """Return the child's values over the parent's."""
        self._report, self._parent = Report(self.findings, child), parent
        for key, node in parent.entries:
            if key.text == "loosens" and isinstance(node, Mapping):
                self.loosened |= {promise.text: promise for promise, _ in node.entries}
        inherited = tuple(entry for entry in parent.entries if entry[0].text not in OWN)
        below = Mapping(inherited, parent.source, parent.start, parent.end)
        return self._joined(child, below, table, ())

    def _not_there(self, name: str, below: dict[str, Entry], path: Path) -> tuple[str, str]:
        """Return why a name can't be removed from the set that the path leads to, and what to type."""
        if name == KEEPS and path == ():
            return "the file that this one extends keeps no promise file", "delete the line"
        for section, (_, node) in below.items() if path == () else ():
            if isinstance(node, Mapping) and name in {key.text for key, _ in node.entries}:
                return f"this stands under `{section}`", f"write `{section}: {{{REMOVE}: {name}}}`"
        events = {id: value_at(rule, "event") for id, (_, rule) in below.items()}
        moved = [id for id, event in events.items() if isinstance(event, Scalar) and event.text == name]
        if moved:
            return (
                "this is an event, and transitions have names of their own",
                f"write {ticked(moved, 'and')}",
            )
        if "use" in below and self._parent is not None:
            key, node = below["use"]
            guards = Mapping(((key, node),), node.source, node.start, node.end)
            if (of := by_use(self._parent, guards).get(name)) is not None:
                written = f"guard_sets: {{{of}: {{{REMOVE}: {name}}}}}"
                return f"it comes from the set `{of}`", f"write `{written}`, for all that use this set"
        return "the file that this one extends has no such entry", instead_of(name, below) or "delete it here"

    def _joined(self, child: Mapping, parent: Mapping, kind: k.Kind, path: Path) -> Mapping:
        below = {key.text: (key, node) for key, node in parent.entries}
        own = {key.text: (key, node) for key, node in child.entries if key.text != REMOVE}
        for name in self._removed(child, below, path):
            self._override((*path, name), below.pop(name))
        for name, meant in self._misspelt(own, below, kind, path):
            key, node = own.pop(name)
            if meant and isinstance(below[meant][1], Mapping):
                own[meant] = key, node
        entries: list[Entry] = []
        for name, (key, node) in below.items():
            if name in own:
                mine, value = own.pop(name)
                mine = mine if mine.text == name else key
                within = k.kind_in(kind, name)
                if isinstance(value, Mapping) and not isinstance(node, Mapping) and only_removes(value):
                    self._not_from(value, mine, node)
                    entries.append((key, node))
                    continue
                if within is not None and is_misfit(value, node, within):
                    asked = (
                        kind.keys[name]
                        if isinstance(kind, k.Table)
                        else kind
                        if isinstance(kind, k.Entries)
                        else None
                    )
                    shape_errors.wrong_form(
                        self._report, within, value, mine, asked, inside(value, node, within)
                    )
                    entries.append((key, node))  # so that nothing else is said of it
                    continue
                laid = self._laid(value, (key, node), within, (*path, name))
                if isinstance(laid, Mapping) and not laid.entries and laid is not value:  # all was removed
                    laid = evolve(laid, emptied=True)
                    if isinstance(within, k.Entries) and not isinstance(kind, k.Entries):
                        continue  # a set of guards has a name, which others use
                if isinstance(kind, k.Entries):
                    mine.inherited = True
                entries.append((mine, laid))
            else:
                entries.append((key, node))
        if isinstance(kind, k.Entries):
            known = {key.text: key for key, _ in parent.entries}
            self.new |= dict.fromkeys(own, known)
        entries += own.values()
        return Mapping(tuple(entries), child.source, child.start, child.end)

    def _not_from(self, child: Mapping, key: Scalar, parent: Node) -> None:
        """Report that a file removes items of a list or a text of the parent, with the line to write."""
        gone = {word for _, node in child.entries for word in texts(node)}
        rest = [text for text in texts(parent) if text not in gone]
        is_list = isinstance(parent, Sequence)
        self._report.tell(
            _NO_SET,
            child.entries[0][0],
            name=key.text,
            noun="a list" if is_list else "such a value",
            rest=f"[{', '.join(rest)}]" if is_list and rest else in_one_line(parent),
        )

    def _misspelt(
        self, own: dict[str, Entry], below: dict[str, Entry], kind: k.Kind, path: Path
    ) -> Iterator[tuple[str, str]]:
        """Report and yield new ids that stand for one of the parent: alone, they lack what an entry needs."""
        if not isinstance(kind, k.Entries):
            return
        for name in [each for each in own if each not in below and each not in kind.keys]:
            key, node = own[name]
            lacks = lacking(node, kind.value) if isinstance(node, Mapping) else ""
            absent = [each for each in below if each not in own]
            found = self._report.guesses.closest(name, absent) if lacks else ()
            if lacks and (removal := self.removals.get((*path, name))) is not None:
                place = (removal, "removed there")
                self._report.tell(_GONE, key, others=(place,), name=name, lacks=lacks, noun=kind.noun)
                yield name, ""
            elif found:
                self._report.tell(
                    _MISSPELT,
                    key,
                    instead=found[0],
                    others=((below[found[0]][0], "closest name, defined here"),),
                    name=name,
                    lacks=lacks,
                    noun=kind.noun,
                    meant=found[0],
                )
                yield name, found[0]

    def _laid(self, child: Node, below: Entry, kind: k.Kind | None, path: Path) -> Node:
        _, parent = below
        if isinstance(child, Scalar) and child.is_nothing and isinstance(parent, Mapping):
            return parent
        if isinstance(child, Mapping) and isinstance(parent, Mapping):
            by = joining(kind, child, parent)
            if by is not None:
                return self._joined(child, parent, by, path)
        if path == (KEEPS,):
            return both(parent, child)
        self._override(path, below)
        return child

    def _override(self, path: Path, entry: Entry) -> None:
        self.overridden.setdefault(path, []).insert(0, entry)

    def _removed(self, child: Mapping, below: dict[str, Entry], path: Path) -> Iterator[str]:
        """Yield what the child removes of the set that the path leads to."""
        for key, node in child.entries:
            if key.text != REMOVE:
                continue
            if isinstance(node, Sequence) and not node.items:
                self._report.tell(_NOTHING, key)
            for name in node.items if isinstance(node, Sequence) else (node,):
                if not isinstance(name, Scalar) or not name.text:
                    self._report.add(
                        "PI604",
                        name if isinstance(name, Scalar) and name.text else key,
                        "`remove` takes names",
                        "the name of what is to go, or a list of them",
                        "write such as `remove: [one_chase]`",
                    )
                elif name.text == KEEPS and path == () and KEEPS in below:
                    self.kept = name
                elif name.text not in below:
                    label, help = self._not_there(name.text, below, path)
                    self._report.add("PI605", name, f"there is no `{name.text}` here to remove", label, help)
                else:
                    self.removals[*path, name.text] = name
                    yield name.text
