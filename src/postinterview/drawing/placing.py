"""Lay a diagram out, with the layered engine of the package `graphlay`.

Why this engine: it takes the sizes of boxes, keeps them apart and routes arrows around them; it gives the
same answer for the same input; it takes a millisecond; its licences (MIT or Apache-2.0) suit this package,
and wheels for Linux, macOS and Windows need nothing else. Graphviz needs a program of the system or a
WebAssembly runtime, igraph (GPL) knows no sizes, ELK and dagre need JavaScript. What is asked of it is small
(boxes in, corners out), so another engine can take its place in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from postinterview.core.values.errors import MisuseError
from postinterview.drawing.diagram import Box, Diagram

MARGIN = 12.0
GAP = 16.0
SCREEN = 1200.0
"""Parts of a picture stand beside each other up to this width: that of a page on a screen of 1280 pixels."""
NOTES_WIDTH = 760.0
"""The notes below a narrow picture may be so wide."""
_OPTIONS: dict[str, Any] = {
    "direction": "topbottom",
    "spacing": {"layer_gap": 26.0, "node_gap": 22.0, "dummy_gap": 18.0, "isolated_gap": 22.0},
    "routing": {"style": "orthogonal"},
    "cycles": {"strategy": "follow_flow"},  # the beginning comes first, even if much leads back to it
    "effort": "thorough",
}
_FIRST = 5.0
"""The weight of arrows at the beginning, which are to be short and to lead downwards."""

Point = tuple[float, float]


@frozen
class PlacedBox:
    """A box with its upper left corner."""

    box: Box
    x: float
    y: float


@frozen
class Placed:
    """A diagram laid out: its size, the boxes, the corners of each arrow, and the notes below."""

    diagram: Diagram
    width: float
    height: float
    boxes: tuple[PlacedBox, ...]
    routes: tuple[tuple[Point, ...], ...]
    notes: tuple[PlacedBox, ...]


def place(diagram: Diagram) -> Placed:
    """Lay a diagram out. The same diagram gives the same layout.

    Boxes that no arrow joins are parts of their own. They stand in rows no wider than `SCREEN`, so that a
    picture fits on a laptop's screen if its parts do.

    Raises `MisuseError` if the engine is not installed.
    """
    corners: dict[str, Point] = {}
    routes: dict[int, tuple[Point, ...]] = {}
    x, y, right, bottom = MARGIN, MARGIN, 0.0, 0.0
    for ids in _parts(diagram):
        part = _part(diagram, ids)
        if x > MARGIN and x + part.width + MARGIN > SCREEN:
            x, y = MARGIN, bottom + 2 * GAP
        corners |= {id: (_round(x + left), _round(y + top)) for id, (left, top) in part.corners.items()}
        for number, line in part.routes.items():
            routes[number] = tuple((_round(x + left), _round(y + top)) for left, top in line)
        right, bottom = max(right, x + part.width), max(bottom, y + part.height)
        x += part.width + 2 * GAP
    boxes = tuple(PlacedBox(box, *corners[box.id]) for box in diagram.boxes)
    notes = _stack(diagram.notes, right, bottom + 2 * GAP)
    right = max([right, *(each.x + each.box.width for each in notes)])
    bottom = max([bottom, *(each.y + each.box.height for each in notes)])
    lines = tuple(routes[number] for number in range(len(diagram.arrows)))
    return Placed(diagram, _round(right + MARGIN), _round(bottom + MARGIN), boxes, lines, notes)


def _parts(diagram: Diagram) -> list[frozenset[str]]:
    """Return the boxes that arrows join, directly or not, in the order of their first box."""
    parts = {box.id: frozenset({box.id}) for box in diagram.boxes}
    for arrow in diagram.arrows:
        joined = parts[arrow.source] | parts[arrow.target]
        parts |= dict.fromkeys(joined, joined)
    return list(dict.fromkeys(parts.values()))


@frozen
class _Part:
    """Boxes and arrows laid out, from the upper left corner on: the arrows by their place in the diagram."""

    width: float
    height: float
    corners: Mapping[str, Point]
    routes: Mapping[int, list[Point]]


def _part(diagram: Diagram, ids: frozenset[str]) -> _Part:
    """Lay out the boxes of these ids, and the arrows between them."""
    graph = _engine().Graph()
    boxes = [box for box in diagram.boxes if box.id in ids]
    arrows = {number: arrow for number, arrow in enumerate(diagram.arrows) if arrow.source in ids}
    for box in boxes:
        graph.node(box.id, width=box.width, height=box.height)
    for arrow in arrows.values():
        begins = diagram.first & {arrow.source, arrow.target}
        graph.edge(arrow.source, arrow.target, weight=_FIRST if begins else 1.0)
    found = _engine().layout(graph, options=_OPTIONS)
    corners = [
        (node["center"]["x"] - box.width / 2, node["center"]["y"] - box.height / 2)
        for box, node in zip(boxes, found.nodes, strict=True)
    ]
    lines = [[(point["x"], point["y"]) for point in edge["points"]] for edge in found.edges]
    left = min([x for x, _ in corners] + [x for line in lines for x, _ in line])
    top = min([y for _, y in corners] + [y for line in lines for _, y in line])
    placed = {box.id: (x - left, y - top) for box, (x, y) in zip(boxes, corners, strict=True)}
    routes = {
        number: [(x - left, y - top) for x, y in line] for number, line in zip(arrows, lines, strict=True)
    }
    ends = [(placed[box.id][0] + box.width, placed[box.id][1] + box.height) for box in boxes]
    ends += [point for line in routes.values() for point in line]
    return _Part(max(x for x, _ in ends), max(y for _, y in ends), placed, routes)


def _stack(notes: tuple[Box, ...], right: float, top: float) -> tuple[PlacedBox, ...]:
    """Place notes in columns below the picture, each in the column that is the shortest so far."""
    wide = max((note.width for note in notes), default=0.0)
    count = max(1, int((max(right, NOTES_WIDTH) - MARGIN + GAP) // (wide + GAP))) if notes else 0
    ends = [top] * count
    placed = []
    for note in notes:
        column = ends.index(min(ends))
        placed.append(PlacedBox(note, MARGIN + column * (wide + GAP), ends[column]))
        ends[column] += note.height + GAP
    return tuple(placed)


def _round(value: float) -> float:
    """Return the value to a tenth of a pixel, never as -0.0."""
    return round(value, 1) + 0.0


def _engine() -> Any:
    try:
        import graphlay
    except ImportError:
        raise MisuseError(
            "pictures need the package `graphlay`, which is not installed",
            "install it with `pip install 'postinterview[drawing]'`; Mermaid needs nothing",
        ) from None
    return graphlay
