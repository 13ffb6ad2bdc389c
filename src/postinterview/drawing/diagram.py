"""A machine as boxes and arrows, measured and not yet laid out.

Every arrow leads through a card that says what moves the machine and under which conditions, so a layout
that keeps boxes apart keeps texts apart too::

    [Waiting] --> (follow up: one chase, ...; due ...) --> [Followed up]

The card of transitions from more than `FEW` states lists the states, instead of an arrow from each. An act
that moves nothing is named in the boxes of its states; its conditions are a note below the picture. In rules
that extend others, what the file itself says is `CHANGED`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from attrs import frozen

from postinterview.core.rules.definitions import (
    Definition,
    EventKind,
    MachineKind,
    Origin,
    State,
    Transition,
)
from postinterview.core.values.formatting import say_list, say_words
from postinterview.drawing.marks import CHANGED, is_changed, places_of
from postinterview.drawing.signs import kind_of, sign_of
from postinterview.drawing.text_size import NORMAL, SMALL, text_width, wrap

PAGE = 40
"""The most states in one picture."""
FEW = 3
"""Transitions from more states than this have no arrows from them: their card lists the states."""

STATE_WIDTH, CARD_WIDTH = 180.0, 230.0
PADDING = 9.0

Shape: TypeAlias = Literal["start", "state", "over", "outside", "many", "card", "breach", "note"]


@frozen
class Row:
    """A line of text in a box. ``kind``: of the event that it names, else empty. ``act``: that event."""

    text: str
    kind: str = ""
    act: str = ""
    bold: bool = False
    small: bool = False

    @property
    def height(self) -> float:
        return 14.0 if self.small else 17.0

    @property
    def width(self) -> float:
        return text_width(self.text, SMALL if self.small else NORMAL, bold=self.bold)


@frozen
class Box:
    """A box with lines of text. ``about``: what somebody is told who points at it."""

    id: str
    shape: Shape
    rows: tuple[Row, ...]
    about: str = ""

    @property
    def width(self) -> float:
        if self.shape == "start":
            return 16.0
        least = 150.0 if self.shape in ("state", "over", "outside") else 60.0
        return max([least, *(row.width + 2 * PADDING for row in self.rows)])

    @property
    def height(self) -> float:
        return 16.0 if self.shape == "start" else sum(row.height for row in self.rows) + 2 * PADDING


@frozen
class Arrow:
    """A line between two boxes. ``ends``: it leads into a state, not into a card."""

    source: str
    target: str
    ends: bool
    breach: bool = False


@frozen
class Diagram:
    """The picture of a machine.

    ``name`` is that of the machine, with a number if it has several pictures. ``first``: the ids of the boxes
    where it begins. ``notes``: the acts that move nothing, with their conditions.
    """

    name: str
    machine: MachineKind
    title: str
    about: str
    first: frozenset[str]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Box, ...]


@frozen
class _Course:
    """Transitions with the same beginning and end, which share a card."""

    sources: tuple[str, ...]
    target: str
    breach: bool


def diagrams(machine: MachineKind, definition: Definition) -> Iterator[Diagram]:
    """Yield the picture of a machine; of one with more states than `PAGE`, a picture for each `PAGE` of them.

    A transition is in the picture of the states where it begins. Where it leads to a state of another
    picture, it ends in a box that names the state.
    """
    names = list(machine.states)
    pages = [names[at : at + PAGE] for at in range(0, len(names), PAGE)]
    for number, page in enumerate(pages, 1):
        yield _page(machine, definition, page, (number, len(pages)))


def _page(machine: MachineKind, definition: Definition, page: list[str], number: tuple[int, int]) -> Diagram:
    """Return the picture of some states of a machine; ``number``: which one of how many it is."""
    events = definition.events
    first = machine.start in page
    boxes = [Box("start", "start", (), "It begins here.")] if first else []
    boxes += [_state(machine, machine.states[name], events) for name in page]
    arrows = [Arrow("start", _id(machine.start), ends=True)] if first else []
    for course, rules in _courses(machine).items():
        many = len(course.sources) > FEW
        sources = [_id(name) for name in course.sources if name in page]
        if not (course.target in page if many else sources):
            continue
        card = f"card-{len(arrows)}"
        listed = tuple(_many(machine, course.sources)) if many else ()
        boxes.append(_card(card, course, rules, definition, listed))
        target = _id(course.target)
        if course.target not in page:
            target = f"to-{len(arrows)}"
            said = wrap(f"to {_quoted(machine.states[course.target])}", CARD_WIDTH, SMALL)
            boxes.append(Box(target, "many", tuple(Row(each, small=True) for each in said)))
        if not many:
            arrows += [Arrow(source, card, ends=False, breach=course.breach) for source in sources]
        arrows.append(Arrow(card, target, ends=True, breach=course.breach))
    at, of = number
    start = _title(machine.states[machine.start])
    return Diagram(
        name=machine.name if of == 1 else f"{machine.name}-{at}",
        machine=machine,
        title=(machine.title or say_words(machine.name)) + (f" ({at} of {of})" if of > 1 else ""),
        about=f'One for each {machine.scope}; it begins as "{start}".',
        first=frozenset({"start", _id(machine.start)}),
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        notes=tuple(_notes(machine, definition)) if at == of else (),
    )


def _courses(machine: MachineKind) -> dict[_Course, list[Transition]]:
    """Return the transitions that change a state, by where they begin and end; breaches apart."""
    found: dict[_Course, list[Transition]] = {}
    for rule in machine.transitions:
        if rule.target is None:
            continue
        sources = tuple(name for name in rule.sources if name != rule.target)
        if sources:
            found.setdefault(_Course(sources, rule.target, breach=False), []).append(rule)
        if rule.breach_from_any:
            others = tuple(name for name in machine.states if name not in {*rule.sources, rule.target})
            if others:
                found.setdefault(_Course(others, rule.target, breach=True), []).append(rule)
    return found


def _state(machine: MachineKind, state: State, events: Mapping[str, EventKind]) -> Box:
    """Return the box of a state: its title, and the acts that are possible there and move nothing."""
    rows = [Row(text, bold=True) for text in wrap(_title(state), STATE_WIDTH, bold=True)]
    marks = ["start"] if machine.start == state.name else []
    marks += ["over"] if state.over else []
    marks += ["outside the rules"] if state.outside else []
    rows += [Row(" · ".join(marks), small=True)] if marks else []
    acts = dict.fromkeys(rule.event for rule in _still(machine) if state.name in rule.sources)
    for name in acts:
        if events[name].is_act:
            text = f"{sign_of(events[name])} {say_words(name)}"
            kind = kind_of(events[name])
            rows += [Row(each, kind, name, small=True) for each in wrap(text, STATE_WIDTH, SMALL)]
    shape: Shape = "over" if state.over else "outside" if state.outside else "state"
    return Box(_id(state.name), shape, tuple(rows), state.why)


def _still(machine: MachineKind) -> Iterator[Transition]:
    """Yield the transitions that move nothing, or move a state to itself as well as others."""
    for rule in machine.transitions:
        if rule.target is None or rule.target in rule.sources:
            yield rule


def _card(
    id: str, course: _Course, rules: Iterable[Transition], definition: Definition, listed: tuple[Row, ...]
) -> Box:
    """Return the card of an arrow: acts with their conditions, then facts, in few lines.

    ``listed``: the states from which it leads, if they have no arrows to it.
    """
    events = definition.events
    rows: list[Row] = []
    if course.breach:
        rows.append(Row("recorded against the rules", small=True))
    rows += listed
    facts: dict[str, None] = {}
    for rule in rules:
        if events[rule.event].is_act or rule.guards or rule.due is not None:
            rows += _act(rule, definition, bare=course.breach)
        else:
            facts[rule.event] = None
    for kind in dict.fromkeys(kind_of(events[name]) for name in facts):
        names = [name for name in facts if kind_of(events[name]) == kind]
        said = f"{sign_of(events[names[0]])} {', '.join(map(say_words, names))}"
        act = names[0] if len(names) == 1 else ""
        rows += [Row(text, kind, act) for text in wrap(said, CARD_WIDTH)]
    return Box(id, "breach" if course.breach else "many" if listed else "card", tuple(rows))


def _act(rule: Transition, definition: Definition, *, bare: bool = False) -> Iterator[Row]:
    """Yield the rows of one transition: the event, its guards by their names, and when it is due."""
    event = definition.events[rule.event]

    def named(said: str, *origins: Origin) -> str:
        return f"{say_words(said)}{CHANGED if is_changed(definition, *origins) else ''}"

    title = f"{sign_of(event)} {named(rule.event, rule.origin)}"
    for text in wrap(title, CARD_WIDTH, bold=True):
        yield Row(text, kind_of(event), rule.event, bold=True)
    if bare:
        return
    if rule.guards:
        said = f"guarded by: {', '.join(named(guard.id, *places_of(guard)) for guard in rule.guards)}"
        for text in wrap(said, CARD_WIDTH, SMALL):
            yield Row(text, act=rule.event, small=True)
    if rule.due is not None:
        for text in wrap(f"due: {say_words(rule.due.text)}", CARD_WIDTH, SMALL):
            yield Row(text, "due", rule.event, small=True)


def _many(machine: MachineKind, sources: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows that list many states."""
    missing = [state for name, state in machine.states.items() if name not in sources]
    said = f"from {say_list(_quoted(machine.states[name]) for name in sources)}"
    but = f"from any state but {say_list(map(_quoted, missing))}" if missing else "from any state"
    for text in wrap(min(said, but, key=len), CARD_WIDTH, SMALL):
        yield Row(text, small=True)


def _notes(machine: MachineKind, definition: Definition) -> Iterator[Box]:
    """Yield a note for each act that moves nothing and has conditions or a date: where, and which."""
    for rule in _still(machine):
        if rule.target is None and (rule.guards or rule.due is not None):
            there = "any state" if len(rule.sources) == len(machine.states) else ""
            there = there or "; ".join(_title(machine.states[name]) for name in rule.sources)
            rows = list(_act(rule, definition))
            named = sum(row.bold for row in rows)
            where = [Row(text, small=True) for text in wrap(f"in {there}", CARD_WIDTH, SMALL)]
            yield Box(f"note-{rule.id}", "note", (*rows[:named], *where, *rows[named:]), rule.why)


def _id(state: str) -> str:
    return f"state-{state}"


def _quoted(state: State) -> str:
    return f'"{_title(state)}"'


def _title(state: State) -> str:
    return state.title or say_words(state.name)
