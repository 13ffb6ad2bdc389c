"""Find what else must go when a file removes something that its parent's other values need.

Say a file removes the event `missed_call`. Three transitions move by it, a class lists it, and guards of
those transitions count calls. Each of that is an error of its own in the parent's file, where nobody can mend
it. So what needs the removed name is taken out of the tree as well, the rest is judged again, and so on until
the parent's values are without a fault. What was taken out is what the file has to remove, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as TableOf
from typing import Any, TypeAlias

from attrs import define, field, frozen

from postinterview.core.values.formatting import say_count, say_list
from postinterview.core.values.suggest import ticked
from postinterview.loading import schema as k
from postinterview.loading.defined_names import Names
from postinterview.loading.diagnostics import Diagnostic, Label, Span
from postinterview.loading.extending import Layers
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.report import span_of
from postinterview.loading.rule_schema import FILE
from postinterview.loading.schema import REMOVE
from postinterview.loading.source_text import in_one_line

Path: TypeAlias = tuple[str | int, ...]
Judge: TypeAlias = Callable[[Node, dict[str, Scalar]], tuple[Iterable[Diagnostic], Names]]
"""Links and checks a tree of which these names are removed. Returns what was found and looked up."""

_ALONE = frozenset({"due", "gives", "ends", "emptied_by", "sets", "unless"})
"""The keys that go alone; of any other, what has it goes as a whole."""
_NEVER_EMPTY = frozenset({"states", "transitions"})
"""The sets without which a machine is none."""
_ROUNDS = 8
_MOST = 40
"""So many lines are worth typing; what needs more is better kept."""
_SHOWN = 3
_WIDTH = 100


def is_of_a_set(path: Path) -> bool:
    """Return whether a path ends with an id that the user chose, such as that of a guard or a field."""
    kind: k.Kind | None = FILE
    for name in path[:-1]:
        kind = k.kind_in(kind, str(name))
    return isinstance(kind, k.Entries) and path[-1] not in kind.keys


@frozen
class LeftBehind:
    """One finding for all that removals leave behind, and the findings that are consequences.

    ``finding``: None if what else must go is too much; then the names that are gone are told one by one.
    """

    finding: Diagnostic | None
    consequences: tuple[Diagnostic, ...]


def left_behind(child: str, whole: Node, layers: Layers, judge: Judge) -> LeftBehind | None:
    """Return what the removals of the file ``child`` leave behind in the files that it extends."""
    removed = {name: key for name, key in layers.removed.items() if key.source.file == child}
    tree = _Tree(whole)
    first: tuple[Diagnostic, ...] = ()
    others: tuple[Diagnostic, ...] = ()  # than those that say which removed name is named
    places: dict[Span, str] = {}
    blamed: list[str] = []
    for number in range(_ROUNDS):
        diagnostics, names = judge(tree.pruned(), layers.removed | tree.removed())
        found = [each for each in diagnostics if each.severity == "error" and each.where.file != child]
        uses = {at: text for text, spans in names.unknown() for at in spans if at.file != child}
        if number == 0:
            first = tuple(found)
            named = [name for name in removed if name in uses.values()]
            others = tuple(each for each in first if uses.get(each.where) not in removed) if named else ()
            own = {at: text for text, spans in names.unknown() for at in spans if at.file == child}
            places = {at: f"your file names `{text}` here" for at, text in own.items() if text in removed}
            blamed = named or (list(removed) if _only_removes(layers) else [])
        elif not found and not uses:
            break
        places |= {at: f"this needs `{text}`" for at, text in uses.items()}
        places |= {each.where: each.message for each in found if each.where not in places}
        if not first or not blamed:
            return None
        if not tree.cut_all([*uses, *(each.where for each in found)]):
            return LeftBehind(None, others)
    else:
        return LeftBehind(None, others)
    mine = {at: name for at, name in layers.removals.items() if name.source.file == child}
    theirs = [at for at in mine if at[-1] in blamed]
    keys, lines = tree.lines(child, mine, theirs)
    if len(lines) > _MOST:
        return LeftBehind(None, others)
    more = len(places) - _SHOWN
    yours = say_list([f"`{key.text}` in line {span_of(key).line}" for key in keys] or ["`remove`"], "and")
    help = f"write these lines, instead of yours under {yours}; or keep {ticked(blamed, 'and')}"
    finding = Diagnostic(
        code="PI609",
        message=f"more has to go with {ticked(blamed, 'and')}",
        where=span_of(removed[blamed[0]]),
        path=".".join((*theirs[0][:-1], REMOVE)),
        label="removed here" + (f", and {say_count(more, 'more place')} needed it" if more > 0 else ""),
        others=tuple(Label(at, text) for at, text in list(places.items())[:_SHOWN]),
        notes=tuple(lines),
        help=help,
    )
    return LeftBehind(finding, first)


def _only_removes(layers: Layers) -> bool:
    """Return whether the files change nothing of their parents but what they remove."""
    return all(path[-1] in layers.removed or path[-1] in ("title", "why") for path in layers.overridden)


@define(eq=False)
class _Tree:
    """The values of a file and its parents, of which some are cut.

    ``cuts``: the paths of the entries and items that are cut, in the order in which that was found.
    """

    whole: Node
    cuts: dict[Path, None] = field(factory=dict)
    _nodes: dict[Path, Node] = field(factory=dict)
    _keys: dict[Path, Scalar] = field(factory=dict)
    _paths: dict[tuple[str, int, int], Path] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self._walk(self.whole, ())

    def _walk(self, node: Node, path: Path) -> None:
        self._nodes[path] = node
        if isinstance(node, Scalar):
            self._remember(node, path)
        for step, child in _children(node):
            self._walk(child, (*path, step))
        for key, _ in node.entries if isinstance(node, Mapping) else ():
            self._remember(key, (*path, key.text))
            self._keys[*path, key.text] = key

    def _remember(self, node: Scalar, path: Path) -> None:
        self._paths[node.source.file, node.start.line + 1, node.start.column + 1] = path

    def removed(self) -> dict[str, Scalar]:
        """Return the names that are cut: a name that is gone is no typing slip for one that is left."""
        return {self._keys[path].text: self._keys[path] for path in self.cuts if path in self._keys}

    def cut_all(self, places: Iterable[Span]) -> bool:
        """Cut what stands at each place, with the entry that can't be without it; False if one can't go."""
        return all(
            self._cut(self._paths.get((at.file, at.line, at.column), ())) for at in dict.fromkeys(places)
        )

    def _cut(self, pointed: Path) -> bool:
        if pointed[-1:] == ("to",):
            return False  # where the transition leads instead is for the file to say
        for length in range(len(pointed), 0, -1):
            path, above = pointed[:length], pointed[: length - 1]
            is_item = isinstance(path[-1], int)
            if not (is_item or path[-1] in _ALONE or is_of_a_set(path)):
                continue
            if len(path) == 2 and path[0] == "machines" and path != pointed:
                return False  # a machine is more than what needs the name
            self.cuts[path] = None
            if any((*above, step) not in self.cuts for step, _ in _children(self._nodes[above])):
                return True
            if above[-1] in _NEVER_EMPTY:
                self.cuts[above[:-1]] = None
            elif len(above) == 2 and above[0] == "guard_sets":
                self.cuts[above] = None
            if not is_item:  # a list of which nothing is left goes, and perhaps more with it
                return True
        return False

    def pruned(self) -> Node:
        """Return the values that are not cut. A set of which all is cut is cut, too."""
        return self._pruned(self.whole, ())

    def _pruned(self, node: Node, path: Path) -> Node:
        left = [
            (step, self._pruned(child, (*path, step)))
            for step, child in _children(node)
            if (*path, step) not in self.cuts
        ]
        match node:
            case Scalar():
                return node
            case Sequence():
                return Sequence(tuple(child for _, child in left), node.source, node.start, node.end)
            case Mapping():
                keys = {key.text: key for key, _ in node.entries}
                entries = tuple(
                    (keys[str(step)], child)
                    for step, child in left
                    if not (_is_empty(child) and not _is_empty(self._nodes[*path, step]))
                )
                return Mapping(entries, node.source, node.start, node.end)

    def lines(
        self, file: str, removals: TableOf[tuple[str, ...], Scalar], shown: Iterable[tuple[str, ...]]
    ) -> tuple[list[Scalar], list[str]]:
        """Return keys at the top of a file, and the lines that say all of these keys with the cuts.

        They are those where something is cut, or where one of the paths ``shown`` leads; only those that the
        file has already are returned. ``removals``: what the file itself takes away.
        """
        said = self._written((), file, removals)
        tops = dict.fromkeys(str(at[0]) if len(at) > 1 else REMOVE for at in (*shown, *self.cuts))
        keys = [self._keys[(top,)] for top in tops if top in said and (top,) in self._keys]
        for path in self.cuts:
            if any(path[:length] in self.cuts for length in range(1, len(path))):
                continue
            *above, last = path
            within = said
            for step in above[:-1] if isinstance(last, int) else above:
                within = within.setdefault(str(step), {})
            if isinstance(last, int):
                items = _children(self._nodes[tuple(above)])
                kept = [in_one_line(item) for step, item in items if (*above, step) not in self.cuts]
                within[str(above[-1])] = kept
            else:
                within.pop(last, None)
                within.setdefault(REMOVE, []).append(last)
        return keys, [line for top in tops for line in _block(top, said[top], "")]

    def _written(self, path: Path, file: str, removals: TableOf[tuple[str, ...], Scalar]) -> Any:
        """Return what the file itself says at a path, as tables, lists and texts."""
        node = self._nodes[path]
        if not isinstance(node, Mapping):
            return in_one_line(node)
        said: dict[str, Any] = {
            key.text: self._written((*path, key.text), file, removals)
            for key, _ in node.entries
            if key.source.file == file
        }
        gone = [name.text for at, name in removals.items() if at[:-1] == path]
        return {REMOVE: gone, **said} if gone else said


def _children(node: Node) -> list[tuple[str | int, Node]]:
    match node:
        case Mapping(entries=entries):
            return [(key.text, value) for key, value in entries]
        case Sequence(items=items):
            return list(enumerate(items))
        case Scalar():
            return []


def _is_empty(node: Node) -> bool:
    return not isinstance(node, Scalar) and not _children(node)


def _block(key: str, value: Any, indent: str) -> Iterator[str]:
    """Yield an entry in one line if it is short, or else with its parts below."""
    line = f"{indent}{key}: {_flow(key, value)}"
    if len(line) <= _WIDTH or not isinstance(value, dict):
        yield line
        return
    yield f"{indent}{key}:"
    for name, inner in value.items():
        yield from _block(name, inner, f"{indent}  ")


def _flow(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_flow(name, inner)}' for name, inner in value.items())}}}"
    if isinstance(value, str):
        return value
    return value[0] if key == REMOVE and len(value) == 1 else f"[{', '.join(value)}]"
