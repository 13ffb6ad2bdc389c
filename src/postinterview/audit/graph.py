"""A tracker's transitions as a graph: which contacts lie on a cycle, and the shortest one as witness.

Nothing here calls itself, so no table is too deep. Everything but the witnesses takes a time that grows
with the table alone. The search for the shortest cycles looks at ``MOST_LOOKS`` edges at most; where
that is not enough, a cycle is still a cycle, and that it is the shortest is not claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from attrs import define, evolve, field, frozen

from postinterview.audit.components import components
from postinterview.loading.diagnostics import Span

Said: TypeAlias = Literal["edge", "contacts", "default", "nobody"]
"""Who says whether an edge is a contact: it itself, the list of contacts, the table, or nobody."""

MOST_LOOKS = 4_000_000


@frozen
class Edge:
    """One transition. ``event``: what moves along it, or nothing. ``where``: the place that says so."""

    source: str
    target: str
    event: str
    contact: bool
    said: Said
    where: Span

    @property
    def name(self) -> str:
        """What a contact is called: its event, or where it leads from and to."""
        return self.event or f"{self.source} -> {self.target}"


Path: TypeAlias = tuple[Edge, ...]
"""Edges, each from where the last one leads to."""


@frozen
class Graph:
    """States and the transitions between them. ``starts``: where a process may begin."""

    states: tuple[str, ...]
    starts: tuple[str, ...]
    edges: tuple[Edge, ...]


@frozen
class Cycle:
    """A way back to where it began, through a contact, and the way there from a start.

    ``steps`` are the fewest in all, then with the fewest contacts, if ``shortest``. ``way_in`` leads to
    its first state: fewest steps, then fewest contacts; None where no start leads there.
    """

    steps: Path
    way_in: Path | None
    shortest: bool = True


@frozen
class Contact:
    """What is known of the contacts of one name.

    ``repeats``: one of them lies on a cycle that a start reaches, and ``cycle`` is such a one, unless
    it was not looked for any more. ``idle``: the same of a cycle that no start reaches.
    """

    name: str
    edges: Path
    repeats: bool = False
    cycle: Cycle | None = None
    idle: bool = False
    idle_cycle: Cycle | None = None


@frozen
class Answer:
    """What the graph allows. ``most``: a path with the most contacts; None where there is no limit."""

    graph: Graph
    contacts: tuple[Contact, ...]
    most: Path | None

    @property
    def repeated(self) -> tuple[Contact, ...]:
        """The contacts that can be repeated without end, those with the shortest cycle first."""
        return tuple(sorted((each for each in self.contacts if each.repeats), key=_length))

    @property
    def shortest(self) -> Cycle | None:
        """The shortest of all cycles through a contact that a start reaches."""
        found = next((each.cycle for each in self.repeated), None)
        sure = all(each.cycle is not None and each.cycle.shortest for each in self.repeated)
        return found and evolve(found, shortest=sure)


def search(graph: Graph, *, most_looks: int = MOST_LOOKS) -> Answer:
    """Find what of the graph's contacts can be repeated without end, and how many there can be else."""
    return _Search(graph, most_looks).answer()


def count_contacts(path: Path) -> int:
    return sum(edge.contact for edge in path)


def _length(contact: Contact) -> tuple[int, int]:
    found = contact.cycle
    return (len(found.steps), count_contacts(found.steps)) if found else (len(contact.edges) + 2**40, 0)


@define(eq=False)
class _Tree:
    """Shortest ways from where they begin: of each node how many steps and contacts, and the last edge."""

    steps: dict[int, int]
    contacts: dict[int, int]
    last: dict[int, int] = field(factory=dict)


@define(eq=False)
class _Best:
    """The shortest cycle through one of the contacts of a name, so far."""

    rank: tuple[int, int, int]
    ids: list[int]

    @property
    def useful(self) -> int:
        """How long a way back may be, to make a cycle that is better than this one."""
        steps, contacts, _ = self.rank
        return steps - 1 if contacts > 1 else steps - 2


class _Search:
    """States and edges by number. ``group`` of an edge is the states among which ways lead to and fro."""

    def __init__(self, graph: Graph, most_looks: int) -> None:
        number = {state: at for at, state in enumerate(graph.states)}
        self.graph = graph
        self.edges = graph.edges
        self.source = [number[edge.source] for edge in graph.edges]
        self.target = [number[edge.target] for edge in graph.edges]
        self.contact = [int(edge.contact) for edge in graph.edges]
        self.out: list[list[int]] = [[] for _ in graph.states]
        for at, source in enumerate(self.source):
            self.out[source].append(at)
        self.group = components([[self.target[at] for at in ids] for ids in self.out])
        self.starts = [number[state] for state in graph.starts]
        self.left = most_looks
        self.reached = self._ways(self.starts)

    def answer(self) -> Answer:
        of_name: dict[str, list[int]] = {}
        inside: list[int] = []
        idle: list[int] = []
        for at, edge in enumerate(self.edges):
            if not edge.contact:
                continue
            of_name.setdefault(edge.name, []).append(at)
            if self.group[self.source[at]] == self.group[self.target[at]]:
                (inside if self.source[at] in self.reached.steps else idle).append(at)
        cycles, idle_cycles = self._cycles(inside), self._cycles(idle)
        repeats = {self.edges[at].name for at in inside}
        idles = {self.edges[at].name for at in idle}
        contacts = tuple(
            Contact(
                name,
                tuple(self.edges[at] for at in ids),
                name in repeats,
                cycles.get(name),
                name in idles,
                idle_cycles.get(name),
            )
            for name, ids in of_name.items()
        )
        return Answer(self.graph, contacts, None if inside else self._most())

    # --- shortest ways ----------------------------------------------------------------------------

    def _ways(
        self,
        begin: Iterable[int],
        *,
        within: int | None = None,
        wanted: Iterable[int] = (),
        deepest: float = float("inf"),
    ) -> _Tree:
        """Breadth first: to each node the fewest steps, and of such ways one with the fewest contacts.

        A node's contacts are final once everything one step nearer was looked at. Ways stay ``within``
        one group; none is longer than ``deepest``; with ``wanted``, it ends once these are final.
        """
        steps = dict.fromkeys(begin, 0)
        contacts = dict.fromkeys(steps, 0)
        tree = _Tree(steps, contacts)
        missing = set(wanted)
        searched = bool(missing)
        missing -= steps.keys()
        queue = list(steps)
        for node in queue:
            depth = steps[node] + 1
            if depth > deepest or (searched and not missing):
                break
            so_far = contacts[node]
            self.left -= len(self.out[node]) + 1
            for at in self.out[node]:
                target = self.target[at]
                known = steps.get(target)
                if known is None:
                    if within is not None and self.group[target] != within:
                        continue
                    steps[target] = depth
                    queue.append(target)
                    if target in missing:
                        missing.discard(target)
                        if not missing:
                            deepest = depth  # others as near as this may still be a better way to it
                            searched = False
                elif known != depth or so_far + self.contact[at] >= contacts[target]:
                    continue
                contacts[target] = so_far + self.contact[at]
                tree.last[target] = at
        return tree

    def _path(self, tree: _Tree, node: int) -> list[int]:
        ids: list[int] = []
        while node in tree.last:
            ids.append(tree.last[node])
            node = self.source[ids[-1]]
        return ids[::-1]

    # --- cycles -----------------------------------------------------------------------------------

    def _cycles(self, inside: Sequence[int]) -> dict[str, Cycle]:
        """By name the shortest cycle through one of these edges, each of which lies on some."""
        by_head: dict[int, list[int]] = {}
        for at in inside:
            by_head.setdefault(self.target[at], []).append(at)
        best: dict[str, _Best] = {}
        unsure: set[str] = set()
        for head, ids in by_head.items():
            names = {self.edges[at].name for at in ids}
            if self.left < 0 and best:
                unsure |= names
                continue
            longest = max(best[name].useful if name in best else float("inf") for name in names)
            sources = [self.source[at] for at in ids]
            tree = self._ways([head], within=self.group[head], wanted=sources, deepest=longest)
            for at in ids:
                self._offer(best, tree, at)
        return {name: self._cycle(found.ids, name not in unsure) for name, found in best.items()}

    def _offer(self, best: dict[str, _Best], tree: _Tree, at: int) -> None:
        node, name = self.source[at], self.edges[at].name
        if node not in tree.steps:
            return
        rank = (tree.steps[node] + 1, tree.contacts[node] + 1, at)
        if name not in best or rank < best[name].rank:
            best[name] = _Best(rank, [at, *self._path(tree, node)])

    def _cycle(self, ids: list[int], shortest: bool) -> Cycle:
        """The cycle, begun where a start comes to it first."""
        steps, contacts = self.reached.steps, self.reached.contacts
        nodes = [self.source[at] for at in ids]
        if nodes[0] not in steps:
            return Cycle(tuple(self.edges[at] for at in ids), None, shortest)
        first = min(range(len(ids)), key=lambda at: (steps[nodes[at]], contacts[nodes[at]]))
        way_in = self._path(self.reached, nodes[first])
        turned = ids[first:] + ids[:first]
        return Cycle(tuple(self.edges[at] for at in turned), tuple(self.edges[at] for at in way_in), shortest)

    # --- the most contacts ------------------------------------------------------------------------

    def _most(self) -> Path:
        """A path from a start with the most contacts, where none of them lies on a cycle."""
        groups = max(self.group, default=-1) + 1
        most, via = [0] * groups, [-1] * groups
        by_group: list[list[int]] = [[] for _ in range(groups)]
        for at, source in enumerate(self.source):
            if source in self.reached.steps and self.group[source] != self.group[self.target[at]]:
                by_group[self.group[source]].append(at)
        for group, ids in enumerate(by_group):  # whatever it leads to comes before it
            for at in ids:
                count = most[self.group[self.target[at]]] + self.contact[at]
                if count > most[group]:
                    most[group], via[group] = count, at
        node = max(self.starts, key=lambda start: most[self.group[start]], default=None)
        path: list[int] = []
        while node is not None and via[self.group[node]] >= 0:
            at = via[self.group[node]]
            tree = self._ways([node], within=self.group[node], wanted=[self.source[at]])
            path += [*self._path(tree, self.source[at]), at]
            node = self.target[at]
        return tuple(self.edges[at] for at in path)
