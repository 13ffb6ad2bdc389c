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

from attrs import define, field, frozen

from postinterview.core.suggest import instead_of
from postinterview.loading import schema as k
from postinterview.loading import shape_errors
from postinterview.loading.diagnostics import Findings, Template
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.report import Report

REMOVE = "remove"
"""The key that takes ids or keys of the parent away."""

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
_PROMISED = Template(
    "PI610",
    "the promises that the extended file keeps can't be removed",
    "who extends a file is held to its promises",
    "name each promise that you break under `loosens`, with a `why`; or extend another file",
)

Path: TypeAlias = tuple[str, ...]
Entry: TypeAlias = tuple[Scalar, Node]
"""A key and its value."""


@define(eq=False)
class Layers:
    """Joins files, the first ancestor first.

    ``overridden``: the entries that no longer stand, by the path to them, the nearest file first.
    ``removed``: the names that ``remove`` gives. ``loosened``: the promises that ancestors loosen.
    ``new``: for each id that the parent lacks, the parent's ids of the same set.
    """

    findings: Findings
    overridden: dict[Path, list[Entry]] = field(factory=dict)
    removed: dict[str, Scalar] = field(factory=dict)
    loosened: dict[str, Scalar] = field(factory=dict)
    new: dict[str, dict[str, Scalar]] = field(factory=dict)
    _report: Report = field(init=False)

    def lay(self, child: Mapping, parent: Mapping, table: k.Table) -> Mapping:
        """Return the child's values over the parent's."""
        self._report = Report(self.findings, child)
        for key, node in parent.entries:
            if key.text == "loosens" and isinstance(node, Mapping):
                self.loosened |= {promise.text: promise for promise, _ in node.entries}
        inherited = tuple(entry for entry in parent.entries if entry[0].text not in OWN)
        below = Mapping(inherited, parent.source, parent.start, parent.end)
        return self._joined(child, below, table, ())

    def _joined(self, child: Mapping, parent: Mapping, kind: k.Kind, path: Path) -> Mapping:
        below = {key.text: (key, node) for key, node in parent.entries}
        own = {key.text: (key, node) for key, node in child.entries if key.text != REMOVE}
        for name in self._removed(child, below, path):
            self._override((*path, name), below.pop(name))
        entries = []
        for name, (key, node) in below.items():
            if name in own:
                mine, value = own.pop(name)
                within = _kind_in(kind, name)
                if within is not None and _is_misfit(value, node, within):
                    asked = kind.keys[name] if isinstance(kind, k.Table) else None
                    shape_errors.wrong_form(self._report, within, value, mine, asked)
                    entries.append((key, node))  # so that nothing else is said of it
                    continue
                laid = self._laid(value, (key, node), within, (*path, name))
                emptied = isinstance(laid, Mapping) and not laid.entries and laid is not value
                if not (emptied and isinstance(within, k.Entries)):  # a set of which all was removed
                    entries.append((mine, laid))
            else:
                entries.append((key, node))
        if isinstance(kind, k.Entries):
            known = {key.text: key for key, _ in parent.entries}
            self.new |= dict.fromkeys(own, known)
        entries += own.values()
        return Mapping(tuple(entries), child.source, child.start, child.end)

    def _laid(self, child: Node, below: Entry, kind: k.Kind | None, path: Path) -> Node:
        _, parent = below
        if isinstance(child, Scalar) and child.is_nothing and isinstance(parent, Mapping):
            return parent
        if isinstance(child, Mapping) and isinstance(parent, Mapping):
            joining = _joining(kind, child, parent)
            if joining is not None:
                return self._joined(child, parent, joining, path)
        if path == (KEEPS,):
            return _both(parent, child)
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
                    self._report.tell(_PROMISED, name)
                elif name.text not in below:
                    self._report.add(
                        "PI605",
                        name,
                        f"there is no `{name.text}` here to remove",
                        "the file that this one extends has no such entry",
                        instead_of(name.text, below) or "delete it here",
                    )
                else:
                    self.removed[name.text] = name
                    yield name.text


def _both(parent: Node, child: Node) -> Node:
    """Return the parent's values with those of the child after them, each once."""
    theirs, mine = (each.items if isinstance(each, Sequence) else (each,) for each in (parent, child))
    named = {each.text for each in theirs if isinstance(each, Scalar)}
    new = (each for each in mine if not (isinstance(each, Scalar) and each.text in named))
    return Sequence((*theirs, *new), child.source, child.start, child.end)


def _is_misfit(child: Node, parent: Node, kind: k.Kind | None) -> bool:
    """Return whether the child has a text or a list where a set of entries is wanted, as the parent has."""
    wanted = isinstance(kind, k.Table | k.Entries) and isinstance(parent, Mapping)
    return wanted and not isinstance(child, Mapping) and not (isinstance(child, Scalar) and child.is_nothing)


def _kind_in(kind: k.Kind, name: str) -> k.Kind | None:
    """Return the kind of the value under a key or an id."""
    match kind:
        case k.Table(keys=keys):
            return keys[name].kind if name in keys else None
        case k.Entries(value=value, keys=keys):
            return keys[name].kind if name in keys else value
        case _:
            return None


def _joining(kind: k.Kind | None, child: Mapping, parent: Mapping) -> k.Kind | None:
    """Return the kind by which two sets of entries are joined; None if the child's stands alone."""
    match kind:
        case k.Table() | k.Entries():
            return kind
        case k.Forms(entries=entries):
            return entries
        case k.Variants(tables=tables):
            known = {key.text for key, _ in parent.entries}
            of = [table for name, table in tables.items() if name in known and known <= table.keys.keys()]
            anywhere = {key for table in tables.values() for key in table.keys}
            mine = {key.text for key, _ in child.entries} & anywhere  # a slip makes no other guard
            return of[0] if of and mine <= of[0].keys.keys() else None
        case _:
            return None
