"""A tracker's states and transitions as a graph, and what a search for cycles says of it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import evolve, frozen

from postinterview.loading.diagnostics import Span

Tagged: TypeAlias = Literal["edge", "contacts", "default", "nobody"]
"""The part of a table that says if an edge is a contact: the edge, `contacts`, the default, or nobody."""


@frozen
class Edge:
    """One transition.

    ``event``: the event that moves along it, or an empty text. ``where``: its place in the table.
    """

    source: str
    target: str
    event: str
    contact: bool
    tagged: Tagged
    where: Span

    @property
    def name(self) -> str:
        """The contact's name: its event, or the two states."""
        return self.event or f"{self.source} -> {self.target}"


Path: TypeAlias = tuple[Edge, ...]
"""Edges of which each begins where the one before ends."""


@frozen
class StateGraph:
    """States and the transitions between them. ``starts``: the states where a process may begin."""

    states: tuple[str, ...]
    starts: tuple[str, ...]
    edges: tuple[Edge, ...]


@frozen
class Cycle:
    """A path through a contact that ends where it begins, and the path to it from a start.

    If ``shortest``, no cycle through this contact has fewer steps, or as many steps and fewer contacts.
    ``way_in`` ends at the first state of ``steps`` and is shortest in the same sense; None: no start leads
    there.
    """

    steps: Path
    way_in: Path | None
    shortest: bool = True


@frozen
class ContactCycles:
    """The edges of one name, and the cycles that they lie on.

    ``repeats``: one of the edges lies on a cycle that a start leads to. ``cycle``: the shortest such cycle;
    None if there was no time left to look for it. ``idle`` and ``idle_cycle``: the same for cycles that no
    start leads to.
    """

    name: str
    edges: Path
    repeats: bool = False
    cycle: Cycle | None = None
    idle: bool = False
    idle_cycle: Cycle | None = None


@frozen
class CycleReport:
    """The result of a search. ``most``: a path with the most contacts; None if there is no limit."""

    graph: StateGraph
    contacts: tuple[ContactCycles, ...]
    most: Path | None

    @property
    def repeated(self) -> tuple[ContactCycles, ...]:
        """The contacts that can be repeated without end, those with the shortest cycle first."""
        return tuple(sorted((each for each in self.contacts if each.repeats), key=_length))

    @property
    def shortest(self) -> Cycle | None:
        """The shortest of all cycles through a contact that a start leads to."""
        found = next((each.cycle for each in self.repeated), None)
        sure = all(each.cycle is not None and each.cycle.shortest for each in self.repeated)
        return found and evolve(found, shortest=sure)


def count_contacts(path: Path) -> int:
    return sum(edge.contact for edge in path)


def _length(contact: ContactCycles) -> tuple[float, int]:
    found = contact.cycle
    return (len(found.steps), count_contacts(found.steps)) if found else (float("inf"), 0)
