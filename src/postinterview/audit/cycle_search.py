"""Search a graph of transitions for cycles through contacts, with the shortest ones as witnesses.

An edge lies on a cycle if both its ends are in one strongly connected component: then some path leads from
its target back to its source. So the components decide which contacts can be repeated, in time that grows
with the graph alone. For example, in `a -> b -> c -> b` the states b and c are one component, so both edges
between them lie on a cycle and `a -> b` does not. If no contact lies on a cycle, the most contacts on one
path follow from the components in the order in which they lead to each other.

Witnesses take longer: the shortest cycle through an edge is the edge and a shortest path back, found by
breadth-first search. `MOST_LOOKS` and `MOST_WITNESS_STEPS` bound that. Beyond them a cycle is still a cycle,
but it may not be the shortest, or is not written out.

Nothing here calls itself, so that no table is too deep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from attrs import define, field

from postinterview.audit.graph import ContactCycles, Cycle, CycleReport, Path, StateGraph

MOST_LOOKS = 2_000_000
"""The most edges that are looked at for the shortest cycles."""
MOST_WITNESS_STEPS = 50_000
"""The most steps that the cycles may have in all; one is always written out."""


def find_cycles(graph: StateGraph, *, most_looks: int = MOST_LOOKS) -> CycleReport:
    """Find the contacts that can be repeated without end, or else the most contacts on one path."""
    return _CycleSearch(graph, most_looks).report()


@define(eq=False)
class _Tree:
    """Shortest paths from a set of nodes: for each node reached its steps, contacts, and last edge."""

    steps: dict[int, int]
    contacts: dict[int, int]
    last: dict[int, int] = field(factory=dict)


_Best: TypeAlias = dict[str, tuple[tuple[int, int, int], list[int]]]
"""By name the shortest cycle found so far: its steps, contacts and first edge, and all its edges."""


def _most_steps_back(rank: tuple[int, int, int]) -> int:
    """Return the most steps that a path back may have to make a better cycle."""
    steps, contacts, _ = rank
    return steps - 1 if contacts > 1 else steps - 2


class _CycleSearch:
    """The search, with states and edges by number. ``group``: the component of each state."""

    def __init__(self, graph: StateGraph, most_looks: int) -> None:
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
        self.looks_left = most_looks
        self.steps_left = MOST_WITNESS_STEPS
        self.reached = self._shortest_paths(self.starts)

    def report(self) -> CycleReport:
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
        contacts = []
        for name, ids in of_name.items():
            edges, cycle, idle_cycle = self._path_of(ids), cycles.get(name), idle_cycles.get(name)
            contacts.append(ContactCycles(name, edges, name in repeats, cycle, name in idles, idle_cycle))
        return CycleReport(self.graph, tuple(contacts), None if inside else self._most())

    def _path_of(self, ids: Iterable[int]) -> Path:
        return tuple(self.edges[at] for at in ids)

    # --- shortest paths ---------------------------------------------------------------------------

    def _shortest_paths(
        self,
        begin: Iterable[int],
        *,
        within: int | None = None,
        wanted: Iterable[int] = (),
        deepest: float = float("inf"),
    ) -> _Tree:
        """Find to each node a path with the fewest steps, and of these one with the fewest contacts.

        Breadth-first: a node's contacts are final once every node one step nearer was visited. Paths stay
        ``within`` one component and have at most ``deepest`` steps. The search ends once the ``wanted`` nodes
        are final.
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
            self.looks_left -= len(self.out[node]) + 1
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
                            # Nodes at the depth before may still lead to it with fewer contacts.
                            deepest = depth
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
        """Find for each name the shortest cycle through one of these edges, all of which lie on cycles."""
        by_head: dict[int, list[int]] = {}
        for at in inside:
            by_head.setdefault(self.target[at], []).append(at)
        best: _Best = {}
        unsure: set[str] = set()
        for head, ids in by_head.items():
            names = {self.edges[at].name for at in ids}
            if best and (self.looks_left < 0 or self.steps_left < 0):
                unsure |= names
                continue
            longest = max(_most_steps_back(best[name][0]) if name in best else float("inf") for name in names)
            sources = [self.source[at] for at in ids]
            tree = self._shortest_paths([head], within=self.group[head], wanted=sources, deepest=longest)
            for at in ids:
                if best and self.steps_left < 0:
                    unsure.add(self.edges[at].name)
                else:
                    self._offer(best, tree, at)
        return {name: self._cycle(ids, name not in unsure) for name, (_, ids) in best.items()}

    def _offer(self, best: _Best, tree: _Tree, at: int) -> None:
        node, name = self.source[at], self.edges[at].name
        if node not in tree.steps:
            return
        rank = (tree.steps[node] + 1, tree.contacts[node] + 1, at)
        if name not in best or rank < best[name][0]:
            best[name] = rank, [at, *self._path(tree, node)]
            self.steps_left -= len(best[name][1]) + self.reached.steps.get(node, 0)

    def _cycle(self, ids: list[int], shortest: bool) -> Cycle:
        """Return the cycle, turned so that it begins where a start comes to it first."""
        steps, contacts = self.reached.steps, self.reached.contacts
        nodes = [self.source[at] for at in ids]
        if nodes[0] not in steps:
            return Cycle(self._path_of(ids), None, shortest)
        first = min(range(len(ids)), key=lambda at: (steps[nodes[at]], contacts[nodes[at]]))
        way_in = self._path(self.reached, nodes[first])
        return Cycle(self._path_of(ids[first:] + ids[:first]), self._path_of(way_in), shortest)

    # --- the most contacts ------------------------------------------------------------------------

    def _most(self) -> Path:
        """Return a path from a start with the most contacts, none of which lies on a cycle."""
        groups = max(self.group, default=-1) + 1
        most, via = [0] * groups, [-1] * groups
        by_group: list[list[int]] = [[] for _ in range(groups)]
        for at, source in enumerate(self.source):
            if source in self.reached.steps and self.group[source] != self.group[self.target[at]]:
                by_group[self.group[source]].append(at)
        for group, ids in enumerate(by_group):  # the components that it leads to come before it
            for at in ids:
                count = most[self.group[self.target[at]]] + self.contact[at]
                if count > most[group]:
                    most[group], via[group] = count, at
        node = max(self.starts, key=lambda start: most[self.group[start]], default=None)
        path: list[int] = []
        while node is not None and via[self.group[node]] >= 0:
            at = via[self.group[node]]
            tree = self._shortest_paths([node], within=self.group[node], wanted=[self.source[at]])
            path += [*self._path(tree, self.source[at]), at]
            node = self.target[at]
        return self._path_of(path)


def components(out: Sequence[Sequence[int]]) -> list[int]:
    """Return the number of each node's strongly connected component; ``out``: the neighbours of each node.

    Two nodes are in one component if paths lead from each to the other. A component leads only to components
    with lower numbers. After R. Tarjan, Depth-first search and linear graph algorithms (1972), with a stack
    in place of recursion.
    """
    number = [-1] * len(out)
    found = [-1] * len(out)
    low = [0] * len(out)
    waiting: list[int] = []
    count = groups = 0
    for root in range(len(out)):
        if found[root] >= 0:
            continue
        found[root] = low[root] = count
        count += 1
        waiting.append(root)
        stack = [(root, iter(out[root]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if found[other] < 0:
                    found[other] = low[other] = count
                    count += 1
                    waiting.append(other)
                    stack.append((other, iter(out[other])))
                    break
                if number[other] < 0:
                    low[node] = min(low[node], found[other])
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == found[node]:
                    while number[node] < 0:
                        number[waiting.pop()] = groups
                    groups += 1
    return number
