"""The engine follows every edge of the model, and every bound in time turns on the tick."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.core.definitions import EventKind
from postinterview.core.moments import MICROSECOND
from postinterview.core.process import Process
from postinterview.proof.conditions import Atom, HasCome
from postinterview.proof.frame import Limit, Values
from postinterview.proof.labels import EventLabel
from postinterview.proof.path import Story, tell
from postinterview.proof.relation import Condition, relation_of
from postinterview.proof.replay import StoryReplay, replay, start
from postinterview.proof.search import Bad, search
from postinterview.proof.trace import Trace
from postinterview.proof.view import Arrival, Successor, View
from tests.proof.test_default_rules import DEFINITION, RULEBOOK
from tests.proof.test_relation import whole_view
from tests.strategies.scale import IS_LONG

EDGES = 2500 if IS_LONG else 500
"""So many edges of each act's relation are replayed, those nearest to the start."""

MINUTE = timedelta(minutes=1)
DAYS = [date(2026, 3, 3) + timedelta(days=2 * n) for n in range(60)]
STARTS = (start(RULEBOOK), RULEBOOK.start("acme", "UTC", holidays=DAYS))
"""With weekends alone, and with every other day free: there a day's end is no business day's beginning."""

ACTS = [pytest.param(act, id=act.name) for act in RULEBOOK.acts]
Path = tuple[Successor, ...]


def edges(view: View) -> Iterator[tuple[Path, Successor]]:
    """The edges of a view, breadth first, each with a shortest path to where it begins."""
    paths: dict[Values, Path] = {view.start: ()}
    queue, count = deque([view.start]), 0
    while queue:
        values = queue.popleft()
        for successor in view.successors(values):
            yield paths[values], successor
            count += 1
            if count == EDGES:
                return
            if successor.values not in paths:
                paths[successor.values] = (*paths[values], successor)
                queue.append(successor.values)


def told(view: View, path: Path, limits: tuple[Limit, ...] = ()) -> Iterator[StoryReplay]:
    """The path as stories, on the engine; none where no moments fit."""
    for process in STARTS:
        story = tell(view, Bad(path, limits, 0), process.calendar, {})
        if story is not None:
            found = replay(process, story)
            assert found is not None, story
            yield found


def trace(view: View, process: Process, story: Story, at: datetime) -> Trace:
    act = story.act
    application = None if view.relation.act.employer_wide else act.application or "main"
    found = Trace(view, process, application, act.to)
    found.follow(at)
    assert not found.strays
    return found


def leads_to(view: View, edge: Successor, found: StoryReplay) -> bool:
    """Whether the engine has come to where the edge leads.

    Where an instant comes, the next one may be the same moment.
    """
    last = found.lines[-1].happening.at if found.lines else found.at
    at = last if isinstance(edge.move, EventLabel) else found.at
    come = trace(view, found.process, found.story, at).state
    reached = {edge.values}
    while come not in reached and isinstance(edge.move, Arrival):
        more = {s.values for at in reached for s in view.successors(at) if isinstance(s.move, Arrival)}
        if more <= reached:
            break
        reached |= more
    return come in reached


@pytest.mark.parametrize("act", ACTS)
def test_the_engine_follows_every_edge_and_comes_to_the_same_state(act: EventKind) -> None:
    view = whole_view(relation_of(DEFINITION, act))
    for before, edge in edges(view):
        path = (*before, edge)
        assert any(leads_to(view, edge, found) for found in told(view, path)), path


@pytest.mark.parametrize("act", ACTS)
def test_where_the_relation_allows_the_act_the_engine_does_and_nowhere_else(act: EventKind) -> None:
    view = whole_view(relation_of(DEFINITION, act))
    paths = {edge.values: (*before, edge) for before, edge in edges(view)}
    allowed = 0
    for values, path in {view.start: (), **paths}.items():
        ways = view.bad_at(values)
        for limits in ways:
            for found in told(view, path, limits):
                allowed += 1
                assert found.verdict.allowed, found.story
        for found in () if ways else told(view, path):
            if trace(view, found.process, found.story, found.at).state == values:
                assert not found.verdict.allowed, found.story
    assert allowed


# --- to the tick ----------------------------------------------------------------------------------


def timed() -> Iterator[Any]:
    """Each bound of each guard of the packaged rules, with all else that its act needs."""
    for act in RULEBOOK.acts:
        for way in relation_of(DEFINITION, act).ways:
            for condition in way:
                for number, option in enumerate(condition.options):
                    for atom in option:
                        if isinstance(atom, HasCome):
                            name = f"{act.name}-{condition.id}-{number}"
                            yield pytest.param(act, way, condition, option, atom, id=name)


def asked(act: EventKind, process: Process, story: Story, at: datetime) -> pi.Verdict:
    done = story.act
    return process.may(act.name, at=at, to=done.to, application=done.application, **done.fields)


@pytest.mark.parametrize(("act", "way", "condition", "option", "atom"), tuple(timed()))
def test_every_bound_of_every_guard_opens_or_closes_on_the_tick(
    act: EventKind,
    way: tuple[Condition, ...],
    condition: Condition,
    option: tuple[Atom, ...],
    atom: HasCome,
) -> None:
    relation = relation_of(DEFINITION, act)
    others = [each.options for each in way if each is not condition]
    waiting = tuple(evolve(each, negated=True) if each is atom else each for each in option)
    bad = [tuple(a for part in (waiting, *chosen) for a in part) for chosen in product(*others)]
    view = View(relation, bad)
    found = search(view, 20_000, lambda: False)
    assert isinstance(found, Bad)
    made = next(told(view, found.path, found.limits))
    process, story = made.process, made.story
    if atom.negated:  # allowed while it waits, and closed by the tick
        assert made.verdict.allowed
        turn = made.verdict.closes_at
    else:
        assert {reason.id for reason in made.verdict.reasons} == {condition.id}
        turn = made.verdict.opens_at
    assert turn is not None
    whole = whole_view(relation)
    for at, is_over in (
        (turn - MINUTE, False),
        (turn - MICROSECOND, False),
        (turn, True),
        (turn + MINUTE, True),
    ):
        verdict = asked(act, process, story, at)
        assert verdict.allowed is (is_over is not atom.negated), at
        assert verdict.allowed or {reason.id for reason in verdict.reasons} == {condition.id}
        assert trace(whole, process, story, at).is_bad(at) is verdict.allowed, at
    if atom.micros:
        clocks = trace(whole, process, story, turn)
        assert atom.micros in {clocks.reading(clock, turn) for clock in range(1, whole.size)}
