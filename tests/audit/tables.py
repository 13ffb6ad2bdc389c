"""Graphs for the tests: drawn, written down as tables, and judged by looking at every path there is."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hypothesis import strategies as st

from postinterview.audit.graph import Edge, Path, StateGraph
from postinterview.loading.diagnostics import Span

NOWHERE = Span("", 1, 1, 1, 1)
Cost = tuple[int, int]
"""Steps in all, and how many of them are contacts."""


def edge(source: str, target: str, event: str = "", *, contact: bool = False) -> Edge:
    return Edge(source, target, event, contact, "edge", NOWHERE)


def graph(*edges: Edge, starts: str = "a") -> StateGraph:
    states = dict.fromkeys([*starts, *(name for each in edges for name in (each.source, each.target))])
    return StateGraph(tuple(states), tuple(starts), edges)


@st.composite
def graphs(draw: st.DrawFn) -> StateGraph:
    """Up to six states and a dozen edges; now and then dense, now and then almost a line."""
    states = "abcdef"[: draw(st.integers(1, 6))]
    state = st.sampled_from(states)
    edges = draw(
        st.lists(
            st.builds(
                edge, state, state, st.sampled_from(["", "call", "mail", "offer"]), contact=st.booleans()
            ),
            min_size=1,
            max_size=12,
        )
    )
    starts = draw(st.lists(state, unique=True, min_size=1, max_size=2))
    return StateGraph(tuple(states), tuple(starts), tuple(edges))


# --- by looking at every path ---------------------------------------------------------------------


def cost(path: Path) -> Cost:
    return len(path), sum(each.contact for each in path)


def paths(of: StateGraph, begin: str) -> Iterator[Path]:
    """Every path from a state on which no state comes twice, the empty one first."""

    def extend(so_far: Path, seen: frozenset[str]) -> Iterator[Path]:
        yield so_far
        here = so_far[-1].target if so_far else begin
        for each in of.edges:
            if each.source == here and each.target not in seen:
                yield from extend((*so_far, each), seen | {each.target})

    return extend((), frozenset({begin}))


def end(path: Path, begin: str) -> str:
    return path[-1].target if path else begin


def reached(of: StateGraph) -> set[str]:
    return {end(path, start) for start in of.starts for path in paths(of, start)}


def cycles(of: StateGraph, through: Edge) -> list[Path]:
    """Every cycle through an edge on which no state comes twice."""
    back = through.target
    return [(through, *path) for path in paths(of, back) if end(path, back) == through.source]


def cheapest(found: list[Path]) -> Cost | None:
    return min(map(cost, found), default=None)


# --- written down ---------------------------------------------------------------------------------


def as_data(of: StateGraph) -> dict[str, object]:
    return {
        "format": 1,
        "start": list(of.starts),
        "states": list(of.states),
        "edges": [
            {"from": each.source, "to": each.target, "contact": each.contact}
            | ({"event": each.event} if each.event else {})
            for each in of.edges
        ],
    }


def as_json(of: StateGraph) -> str:
    return json.dumps(as_data(of), indent=1)


def as_csv(of: StateGraph, divider: str = ",") -> str:
    """Without the list of states: a CSV table has none."""
    lines = ["from,to,event,contact", *(f"(start),{start},," for start in of.starts)]
    lines += [f"{e.source},{e.target},{e.event},{'yes' if e.contact else 'no'}" for e in of.edges]
    return "\n".join(lines).replace(",", divider) + "\n"
