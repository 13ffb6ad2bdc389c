"""Pictures of machines: nothing overlaps, nothing is lost, and any text can be drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import Definition, MachineKind
from postinterview.drawing.diagram import PAGE, diagrams
from postinterview.drawing.marks import CHANGED
from postinterview.drawing.placing import SCREEN, Placed, PlacedBox, place
from postinterview.drawing.svg import svg
from postinterview.drawing.text_size import text_width, wrap
from postinterview.files import packaged

RULES = [name for name in packaged() if name != "courtesy"]
SVG = "{http://www.w3.org/2000/svg}"


@cache
def definition(name: str) -> Definition:
    return pi.load_rulebook(name).definition


def drawn(rules: Definition) -> Iterator[Placed]:
    return (place(each) for machine in rules.machines.values() for each in diagrams(machine, rules))


@cache
def pictures(name: str) -> tuple[Placed, ...]:
    rules = definition(name)
    return tuple(drawn(rules))


def crossed(box: PlacedBox, start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Return whether a piece of an arrow, which runs across or down, comes into the box."""
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(start, end, strict=True))
    inside = 1.0
    return (
        left < box.x + box.box.width - inside
        and right > box.x + inside
        and top < box.y + box.box.height - inside
        and bottom > box.y + inside
    )


def overlap(one: PlacedBox, other: PlacedBox) -> bool:
    """Whether two boxes share a point."""
    return (
        one.x < other.x + other.box.width
        and other.x < one.x + one.box.width
        and one.y < other.y + other.box.height
        and other.y < one.y + one.box.height
    )


@pytest.mark.parametrize("name", RULES)
def test_no_box_lies_on_another_and_no_arrow_crosses_a_box(name: str) -> None:
    for placed in pictures(name):
        for one, other in combinations((*placed.boxes, *placed.notes), 2):
            assert not overlap(one, other), (placed.diagram.name, one.box, other.box)
        for route in placed.routes:
            for start, end in pairwise(route):
                assert not any(crossed(each, start, end) for each in placed.boxes)


@pytest.mark.parametrize("name", RULES)
def test_every_text_is_inside_its_box_and_every_box_inside_the_picture(name: str) -> None:
    for placed in pictures(name):
        for each in (*placed.boxes, *placed.notes):
            assert all(row.width <= each.box.width for row in each.box.rows)
            assert 0 <= each.x <= each.x + each.box.width <= placed.width
            assert 0 <= each.y <= each.y + each.box.height <= placed.height


@pytest.mark.parametrize("name", RULES)
def test_every_transition_that_moves_is_on_an_arrow_from_each_of_its_states(name: str) -> None:
    rules = definition(name)
    for placed in pictures(name):
        shown = placed.diagram
        texts = {box.id: " ".join(row.text for row in box.rows) for box in shown.boxes}
        into = {arrow.source: arrow.target for arrow in shown.arrows if arrow.ends}
        drawn = {(arrow.source, arrow.target) for arrow in shown.arrows}
        led_to = {target for _, target in drawn}
        listing = {box.id for box in shown.boxes if box.rows and box.id in into and box.id not in led_to}
        drawn |= {(card, card) for card in listing}
        assert all("from any state" in texts[card] or 'from "' in texts[card] for card in listing)
        for rule in rules.machines[shown.name].transitions:
            for source in rule.sources:
                if rule.target not in (None, source):
                    assert any(
                        into.get(card) == f"state-{rule.target}"
                        and rule.event.replace("_", " ") in texts[card]
                        for start, card in drawn
                        if start == f"state-{source}" or start in listing
                    ), rule
            if rule.target is not None:
                for guard in rule.guards:
                    assert guard.id.replace("_", " ") in " ".join(texts.values())


@pytest.mark.parametrize("name", RULES)
def test_a_picture_fits_on_the_screen_of_a_laptop(name: str) -> None:
    assert max(placed.width for placed in pictures(name)) <= SCREEN


def test_what_a_pack_changes_is_marked_and_nothing_is_in_rules_that_extend_none() -> None:
    def marked(name: str) -> set[str]:
        boxes = [box for placed in pictures(name) for box in placed.diagram.boxes]
        words = " ".join(row.text for box in boxes for row in box.rows if CHANGED in row.text)
        return set(re.findall(rf"(\w+){re.escape(CHANGED)}", words))

    assert marked("two-follow-ups") == {"up", "chases", "ups", "weeks"}
    assert marked("default") == set()


def test_the_same_rules_give_the_same_bytes() -> None:
    rules = definition("default")
    assert svg(list(drawn(rules)), "x") == svg(pictures("default"), "x")


texts = st.text("<>&\"'`{}]\n\r\t ;:%#\0\x1b￾aW漢", max_size=30) | st.text(max_size=200)


@settings(max_examples=60, deadline=None)
@given(texts)
@example("<script>alert(1)</script>")
@example("]]>&#0;\x00\ud800")
def test_any_title_is_drawn_as_text(title: str) -> None:
    rules = definition("default")
    machine = rules.machines["position"]  # a small one, with every part: states, events and cards
    states = {name: evolve(state, title=title) for name, state in machine.states.items()}
    changed = evolve(machine, title=title, why=title, states=states)
    (placed,) = map(place, diagrams(changed, rules))
    root = ET.fromstring(svg([placed], title))  # noqa: S314 - our own text

    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "style", "rect", "g", "text", "path", "circle")
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)


@given(st.text(max_size=60), st.floats(20, 300))
def test_no_line_of_a_wrapped_text_is_wider_than_asked(raw: str, width: float) -> None:
    lines = wrap(raw, width)

    assert all(text_width(line) <= width for line in lines)
    whole = "".join(lines)
    assert "…" in whole or whole.replace(" ", "") == "".join(raw.split())


def test_a_machine_of_two_hundred_states_is_drawn_on_pages() -> None:
    machine = _large(200)
    pages = list(diagrams(machine, definition("default")))
    states = [box.id for page in pages for box in page.boxes if box.id.startswith("state-")]
    cards = [box for page in pages for box in page.boxes if box.shape == "card"]

    assert len(pages) == 200 / PAGE
    assert states == [f"state-{name}" for name in machine.states]
    assert len(cards) == len(machine.transitions) - 1  # one leads from the first state to itself
    placed = place(pages[1])
    assert not any(overlap(one, other) for one, other in combinations(placed.boxes, 2))


def _large(size: int) -> MachineKind:
    """Return a machine of so many states, each with arrows to the next one and far back."""
    known = definition("default").machines["application"]
    (state, *_) = known.states.values()
    rule = known.transitions[0]
    rules = []
    for number in range(size - 1):
        for target in (number + 1, number // 3):
            sources = (f"s{number}",)
            rules.append(evolve(rule, id=f"r{number}-{target}", sources=sources, target=f"s{target}"))
    states = {
        f"s{number}": evolve(state, name=f"s{number}", title=f"State {number}") for number in range(size)
    }
    return evolve(known, states=states, start="s0", transitions=tuple(rules))
