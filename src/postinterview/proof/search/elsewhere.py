"""Histories of another application, after which a guard of every application holds in one rulebook alone.

A search follows one place, and such a guard looks at all. But it asks each application the same, and so the
search can ask what it asks of one: the shortest path after which the old rules refuse and the new ones don't.
That path, told of another application, is the begin of a history that is worth a try.

Example: a chase answers a question. Then a question elsewhere and a chase there come first.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from postinterview.proof.model.conditions import Options, conjunction, contradicts
from postinterview.proof.model.refusals import opposites
from postinterview.proof.model.relation import Condition
from postinterview.proof.model.view import View
from postinterview.proof.search.candidates import failing, is_of_every
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.path import ELSEWHERE, Happening, Story, tell
from postinterview.proof.search.refinement import Limits
from postinterview.proof.search.search import Bad, search

FEW_STATES = 200
"""The most states of a search."""


def begun_elsewhere(question: Difference, limits: Limits) -> Iterator[Story]:
    """Yield a history of another application for each guard that looks at every one."""
    for condition in filter(is_of_every, failing(question)):
        bad = _refused_by_the_old_alone(condition, question.relation.conditions.get(condition.key))
        view = View(question.relation, bad)
        found = search(view, FEW_STATES, limits.is_late)
        told = tell(view, found, question.start.calendar, {}) if isinstance(found, Bad) else None
        if told is not None:
            yield evolve(told, happenings=tuple(_moved(question, each) for each in told.happenings))


def _moved(question: Difference, one: Happening) -> Happening:
    """Return what happened in the other application, unless it concerns the employer as a whole."""
    kind = question.relation.definition.events.get(one.event)
    return one if kind is not None and kind.employer_wide else evolve(one, application=ELSEWHERE)


def _refused_by_the_old_alone(old: Condition, new: Condition | None) -> Options:
    goals = [goal for goal in opposites(old.asks) if not contradicts(goal)]
    allowed: Options = ((),) if new is None else new.asks
    pairs = ((goal, option) for goal in goals for option in allowed if not contradicts(goal, option))
    return tuple(conjunction(*pair) for pair in pairs)
