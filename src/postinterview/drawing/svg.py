"""Machines as SVG: one picture of its own, or the parts of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from postinterview.drawing.diagram import Box
from postinterview.drawing.placing import MARGIN, Placed, PlacedBox, Point
from postinterview.drawing.signs import SIGNS
from postinterview.drawing.style import PICTURE, colours
from postinterview.drawing.text_size import SMALL, text_width
from postinterview.layout import visible

HEAD, ROUND, INDENT = 7.0, 6.0, 9.0
TITLE = 40.0
LEAST = 0.8
"""A page on a narrow screen makes a picture no smaller than this, so that it can be read: it scrolls."""

Link = Callable[[str], tuple[str, str]]
"""Returns the target of the link of an event, empty for none, and what is said to who points at it."""


def svg(pictures: Sequence[Placed], title: str, changed: str = "") -> str:
    """Return pictures below each other as a file of its own, with its style and a legend.

    ``changed``: what the mark of changes means, if there may be some.
    """
    width = max([each.width for each in pictures] + [520.0])
    legend, under = _legend(width, [changed] if changed else [])
    parts = []
    top = 0.0
    for each in pictures:
        parts.append(f'<g transform="translate(0 {top + TITLE:g})">')
        parts.append(f'<text class="title" x="{MARGIN:g}" y="-12">{text(each.diagram.title)}</text>')
        parts += [*body(each), "</g>"]
        top += each.height + TITLE
    parts.append(f'<g transform="translate(0 {top:g})">')
    parts += [*legend, "</g>"]
    height = top + under
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pi" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-labelledby="title desc">\n'
        f'<title id="title">{text(title)}</title>\n'
        f'<desc id="desc">{text(" ".join(map(described, pictures)))}</desc>\n'
        f"<style>\n{colours('.pi')}{PICTURE}</style>\n"
        f'<rect class="paper" width="{width:g}" height="{height:g}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def inline(placed: Placed, link: Link) -> str:
    """Return a picture as a part of a page, which has the style."""
    name = escape(placed.diagram.name)
    return (
        f'<svg class="pi" viewBox="0 0 {placed.width:g} {placed.height:g}" '
        f'style="width:clamp({LEAST * placed.width:.0f}px, 100%, {placed.width:g}px)" '
        f'role="group" aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{text(placed.diagram.title)}</title>\n'
        f'<desc id="{name}-desc">{text(described(placed))}</desc>\n'
        + "\n".join(body(placed, link))
        + "\n</svg>\n"
    )


def described(placed: Placed) -> str:
    """Return the arrows of a picture in words, for readers who can't see it."""
    diagram = placed.diagram
    boxes = {box.id: " ".join(row.text for row in box.rows if not row.small) for box in diagram.boxes}
    into = {arrow.source: arrow.target for arrow in diagram.arrows if arrow.ends}
    said = [f"{diagram.title}. {diagram.about}"]
    starts: dict[str, list[str]] = {card: [] for card in into}
    for arrow in diagram.arrows:
        starts.get(arrow.target, []).append(boxes[arrow.source])
    for card, sources in starts.items():
        if boxes.get(card):
            to = f"to {boxes[into[card]]}: {boxes[card]}."
            said += [f"{source} {to}" for source in sources or ["many states"]]
    return " ".join(said)


def body(placed: Placed, link: Link = lambda _: ("", "")) -> Iterator[str]:
    """Yield the elements of a picture: the arrows, then the boxes, then the notes."""
    for arrow, route in zip(placed.diagram.arrows, placed.routes, strict=True):
        against = " against" if arrow.breach else ""
        yield f'<path class="arrow{against}" d="{_path(route)}"/>'
        yield f'<path class="head{against}" d="{_head(route)}"/>'
    for each in (*placed.boxes, *placed.notes):
        yield from _box(each, link)


def text(raw: str) -> str:
    """Return any text as it can stand in XML."""
    return escape(visible(raw))


def _box(placed: PlacedBox, link: Link) -> Iterator[str]:
    box, x, y = placed.box, placed.x, placed.y
    yield f'<g class="{box.shape}">'
    if box.about:
        yield f"<title>{text(box.about)}</title>"
    if box.shape == "start":
        yield f'<circle class="box" cx="{x + 8:g}" cy="{y + 8:g}" r="7"/></g>'
        return
    corner = 12 if box.shape in ("state", "over", "outside") else 4
    yield _rect("box", x, y, box, corner)
    if box.shape == "over":
        yield _rect("inner", x, y, box, corner - 3, inset=3.5)
    yield from _rows(box, x, y, link)
    yield "</g>"


def _rect(kind: str, x: float, y: float, box: Box, corner: int, inset: float = 0.0) -> str:
    width, height = box.width - 2 * inset, box.height - 2 * inset
    return (
        f'<rect class="{kind}" x="{x + inset:g}" y="{y + inset:g}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="{corner}"/>'
    )


def _rows(box: Box, x: float, y: float, link: Link) -> Iterator[str]:
    at = y + INDENT
    for row in box.rows:
        kinds = [row.kind, "bold" if row.bold else "", "small" if row.small else ""]
        shown = (
            f'<text class="{" ".join(filter(None, kinds))}" x="{x + INDENT:g}" '
            f'y="{at + (10.5 if row.small else 13):g}">{text(row.text)}</text>'
        )
        target, about = link(row.act) if row.act and (row.bold or row.kind) else ("", "")
        told = f"<title>{text(about)}</title>" if about else ""
        yield f'<a href="{escape(target)}">{told}{shown}</a>' if target else shown
        at += row.height


def _path(route: Sequence[Point]) -> str:
    """Return the path through the corners, rounded, with room for the head at its end."""
    *points, last = route
    points = [*points, _towards(last, points[-1], HEAD)]
    said = [f"M{_xy(points[0])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near = min(ROUND, _length(before, at) / 2, _length(at, after) / 2)
        said.append(f"L{_xy(_towards(at, before, near))}Q{_xy(at)} {_xy(_towards(at, after, near))}")
    return "".join([*said, f"L{_xy(points[-1])}"])


def _head(route: Sequence[Point]) -> str:
    """Return a triangle whose tip is the end of the route."""
    before, (x, y) = route[-2], route[-1]
    back_x, back_y = _towards((x, y), before, HEAD + 1)
    side_x, side_y = (back_y - y) / 2, (x - back_x) / 2
    corners = ((x, y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y))
    return "M" + "L".join(map(_xy, corners)) + "Z"


def _length(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _towards(start: Point, end: Point, by: float) -> Point:
    """Return the point so far from the start on the way to the end."""
    whole = _length(start, end)
    part = by / whole if whole else 0.0
    return (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)


def _xy(point: Point) -> str:
    return f"{round(point[0], 1) + 0.0:g} {round(point[1], 1) + 0.0:g}"


def _legend(width: float, changed: Sequence[str]) -> tuple[list[str], float]:
    """Return the elements that say what signs mean, and their height. ``changed``: what its mark means."""
    said: Iterable[tuple[str, str]] = (
        *((kind, f"{sign} {meaning}") for kind, (sign, meaning) in SIGNS.items()),
        ("", "double edge: the matter is over"),
        ("", "dashed edge: from many states, or outside the rules"),
        ("", "dotted red: recorded against the rules"),
        *(("", said) for said in changed),
    )
    parts, x, y = [], MARGIN, 14.0
    for kind, each in said:
        room = text_width(each, SMALL) + 16
        if x > MARGIN and x + room > width:
            x, y = MARGIN, y + 16
        parts.append(f'<text class="small {kind}" x="{x:g}" y="{y:g}">{text(each)}</text>')
        x = round(x + room, 1)
    return parts, y + MARGIN
