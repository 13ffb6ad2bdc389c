"""Lay a diagram out, with the layered engine of the package `graphlay`.

Why this engine: it takes the sizes of boxes, keeps them apart and routes arrows around them; it gives the
same answer for the same input; it takes a millisecond; its licences (MIT or Apache-2.0) suit this package,
and wheels for Linux, macOS and Windows need nothing else. Graphviz needs a program of the system or a
WebAssembly runtime, igraph (GPL) knows no sizes, ELK and dagre need JavaScript. What is asked of it is small
(boxes in, corners out), so another engine can take its place in this file.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from postinterview.core.errors import MisuseError
from postinterview.drawing.diagram import Box, Diagram

MARGIN = 12.0
GAP = 16.0
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

    def overlaps(self, other: PlacedBox) -> bool:
        """Return whether two boxes share a point."""
        return (
            self.x < other.x + other.box.width
            and other.x < self.x + self.box.width
            and self.y < other.y + other.box.height
            and other.y < self.y + self.box.height
        )


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

    Raises `MisuseError` if the engine is not installed.
    """
    graph = _engine().Graph()
    for box in diagram.boxes:
        graph.node(box.id, width=box.width, height=box.height)
    for arrow in diagram.arrows:
        begins = diagram.first & {arrow.source, arrow.target}
        graph.edge(arrow.source, arrow.target, weight=_FIRST if begins else 1.0)
    found = _engine().layout(graph, options=_OPTIONS)
    corners = [
        (node["center"]["x"] - box.width / 2, node["center"]["y"] - box.height / 2)
        for box, node in zip(diagram.boxes, found.nodes, strict=True)
    ]
    lines = [[(point["x"], point["y"]) for point in edge["points"]] for edge in found.edges]
    left = min([x for x, _ in corners] + [x for line in lines for x, _ in line]) - MARGIN
    top = min([y for _, y in corners] + [y for line in lines for _, y in line]) - MARGIN
    boxes = tuple(
        PlacedBox(box, _round(x - left), _round(y - top))
        for box, (x, y) in zip(diagram.boxes, corners, strict=True)
    )
    routes = tuple(tuple((_round(x - left), _round(y - top)) for x, y in line) for line in lines)
    right = max([each.x + each.box.width for each in boxes] + [x for line in routes for x, _ in line])
    bottom = max([each.y + each.box.height for each in boxes] + [y for line in routes for _, y in line])
    notes = _stack(diagram.notes, right, bottom + 2 * GAP)
    right = max([right, *(each.x + each.box.width for each in notes)])
    bottom = max([bottom, *(each.y + each.box.height for each in notes)])
    return Placed(diagram, _round(right + MARGIN), _round(bottom + MARGIN), boxes, routes, notes)


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
