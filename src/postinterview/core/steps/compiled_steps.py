"""Do usual acts, take usual steps, and answer usual questions, by Python functions for each kind of event.

Most of what a step asks follows from the rules: does the event open a round, does it name people, which
machines listen to it, which streams watch it? So a kind of event that is often used gets functions of its
own, which ask only what hangs on the past (`source_parts` writes what they share)::

    def do_follow_up(process, shown, to, application, fields):
        ...                                        # what the caller said, and the place of the act
        key = key1(place)
        state = states.get(('application', key), 'before_interview')
        if state not in {'waiting', 'followed_up'}:
            return situated(snapshot, place, carried, calendar, employer)  # the act is refused
        # follow_up_once  default.yaml:363
        # one_follow_up
        ...                                        # its guards
        ...                                        # the event in the past, the next process, the outcome

They answer after a past of which all is known, about facts and acts that are allowed. An act that is refused
they return in its place, so that somebody can say why. For anything unusual they return None, and the general
form answers: `step` and `decide`, which take everything. They build values without a call for each (see
`builders`). That both forms agree is a law (`tests/laws/test_compiled_steps.py`). Of a rule file, only names
are in the source, as literals. ``postinterview explain --compiled`` shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import count
from math import inf
from typing import Any, TypeAlias

from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.guards.made_functions import function_name, made_of
from postinterview.core.judging.engine import Engine
from postinterview.core.past.events import Event
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.steps.allowed_source import write_allowed
from postinterview.core.steps.do_source import write_do, write_may
from postinterview.core.steps.placing import Place
from postinterview.core.steps.step_parts import Step
from postinterview.core.steps.step_source import write_step
from postinterview.core.values.moments import LocalCalendar
from postinterview.core.values.names import Name

OFTEN = 32
"""A kind of event that happens, or is asked about, so often gets a function. To make one takes as long."""

MOST_TRANSITIONS = 200
"""An event on which more transitions are taken gets none: a long function takes seconds to make, or fails."""

TakeStep: TypeAlias = Callable[[Snapshot, Event, tzinfo | None, LocalCalendar, str], Step | Situation | None]
"""Takes a snapshot, an event, the zone of the verdict, the employer's days, and what the verdict calls the
employer. Returns the step, or the act in its place if it is refused, or None: it is no usual step."""

Do: TypeAlias = Callable[
    [Any, datetime, Name | None, Name | None, Mapping[str, object]], Outcome | Situation | None
]
"""Takes a process, and what somebody says of an act: its moment, person, application and fields. Raises what
`Process.do` raises. Returns the outcome, or the act in its place if it is refused, or None: it is no usual
act."""

Ask: TypeAlias = Callable[
    [Any, datetime, Name | None, Name | None, Mapping[str, object]], Verdict | Situation | None
]
"""Takes the same, and returns the verdict if the act is allowed."""

FindAllowed: TypeAlias = Callable[
    [Snapshot, Sequence[Place], datetime, tzinfo | None, LocalCalendar, str], list[Verdict] | None
]
"""Takes a snapshot, the places that an act may have, a moment, a zone, and the employer's days and name. The
fields of the act are taken as given. Returns the verdicts of those that are allowed, or None."""


def step_function(engine: Engine, name: str) -> TakeStep:
    """Return the function of the steps of an event: one that takes none, until it has happened often."""
    known: TakeStep | None = engine.steps.get(name)
    return known or after_many(engine, engine.steps, name, lambda: compiled_step(engine, name))


def do_function(engine: Engine, name: str, process: type) -> Do:
    """Return the function that does an act: one that does nothing, until it was done often.

    ``process``: the class of processes.
    """
    known: Do | None = engine.done.get(name)
    return known or after_many(engine, engine.done, name, lambda: compiled_do(engine, name, process))


def may_function(engine: Engine, name: str) -> Ask:
    """Return the function that says whether an act may be done: one that says nothing until asked often."""
    known: Ask | None = engine.asked.get(name)
    return known or after_many(engine, engine.asked, name, lambda: compiled_may(engine, name))


def allowed_function(engine: Engine, name: str) -> FindAllowed:
    """Return the function that finds where an act is allowed: one that says nothing until asked often."""
    known: FindAllowed | None = engine.listed.get(name)
    return known or after_many(engine, engine.listed, name, lambda: compiled_allowed(engine, name))


def after_many(
    engine: Engine, known: dict[str, Callable[..., Any]], name: str, make: Callable[[], Any]
) -> Any:
    """Return a function that returns None, and that a real one replaces after many calls."""
    calls = count(1)
    ways = sum(len(those) for each in engine.listeners[name] for those, _ in each.alike.values())
    often = OFTEN if ways <= MOST_TRANSITIONS else inf

    def nothing(*_: object) -> None:
        if next(calls) >= often:
            known[name] = make()

    known[name] = nothing
    return nothing


def compiled_step(engine: Engine, name: str) -> TakeStep:
    """Return the function of the steps of an event."""
    made: TakeStep = _made(engine, "step", name, *write_step(engine, name))
    return made


def compiled_do(engine: Engine, name: str, process: type) -> Do:
    """Return the function that does an act. ``process``: the class of processes."""
    made: Do = _made(engine, "do", name, *write_do(engine, name, process))
    return made


def compiled_may(engine: Engine, name: str) -> Ask:
    """Return the function that says whether an act may be done."""
    made: Ask = _made(engine, "may", name, *write_may(engine, name))
    return made


def compiled_allowed(engine: Engine, name: str) -> FindAllowed:
    """Return the function that finds where an act is allowed."""
    made: FindAllowed = _made(engine, "allowed", name, *write_allowed(engine, name))
    return made


def _made(engine: Engine, what: str, name: str, text: str, names: dict[str, object]) -> Any:
    return made_of(text, names, function_name(what, name), engine.definition.events[name].origin)
