"""The engine follows every edge of the model, to the same state."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from postinterview.core.process import Process
from postinterview.core.rules.definitions import EventKind
from postinterview.proof.model.event_moves import Arrival, Successor
from postinterview.proof.model.frame import Limit, Values
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.relation import relation_of
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.view import View
from postinterview.proof.search.path import Story, tell
from postinterview.proof.search.replay import StoryReplay, replay, start
from postinterview.proof.search.search import Bad
from tests.proof.packaged import DEFINITION, RULEBOOK
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
    conditions = view.relation.conditions.values()
    untold = {each.id for each in conditions if each.unless or not each.is_told}
    allowed = 0
    for values, path in {view.start: (), **paths}.items():
        ways = view.bad_at(values)
        for limits in ways:
            for found in told(view, path, limits):
                allowed += 1
                assert {reason.id for reason in found.verdict.reasons} <= untold, found.story
        for found in () if ways else told(view, path):
            if trace(view, found.process, found.story, found.at).state == values:
                assert not found.verdict.allowed, found.story
    assert allowed
