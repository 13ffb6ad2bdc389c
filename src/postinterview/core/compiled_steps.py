"""Write the step of one kind of event as one Python function, once it is taken often.

Most of what a step asks follows from the rules: does the event open a round, does it name people, which
machines listen to it, which streams watch it? So a kind of event that happens often gets a function of its
own, which asks only what hangs on the past::

    def step_follow_up(snapshot, event, zone, calendar, employer):
        ...                                        # the place of the event, and the act in it
        # application
        key = key1(place)
        state = snapshot.states.get(('application', key), 'before_interview')
        if state in sources1 and holds1(situation, at):
            choices += ((listener1, key, state, transition1),)
            ...                                    # the machine moves
        else:
            return situation                       # the act is refused
        ...                                        # the event in the past, and the next snapshot

It takes usual steps only: of a fact or of an act that is allowed, after a past of which all is known. It
returns the act in its place if that is refused, and None if the event is not as its kind has it. Then `step`
goes on, which takes every step. That both agree is a law (`tests/laws/test_compiled_steps.py`). Of a rule
file, only names are in the source, as literals. ``postinterview explain --compiled`` shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from itertools import count
from typing import TypeAlias

from postinterview.core.engine import Engine
from postinterview.core.events import Event
from postinterview.core.guards.source import made_of
from postinterview.core.moments import LocalCalendar
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.step_parts import Step
from postinterview.core.step_source import function_name, write_step

OFTEN = 32
"""A kind of event that happens so often gets a function. To make one takes as long as some thirty steps."""

TakeStep: TypeAlias = Callable[[Snapshot, Event, tzinfo | None, LocalCalendar, str], Step | Situation | None]
"""Takes a snapshot, an event, the zone of the verdict, the employer's days, and what the verdict calls the
employer. Returns the step, or the act in its place if it is refused, or None: it is no usual step."""


def step_function(engine: Engine, name: str) -> TakeStep:
    """Return the function of a kind of event: one that takes no step, until the event has happened often."""
    known: TakeStep | None = engine.steps.get(name)
    if known is not None:
        return known
    happened = count(1)

    def take_none(*_: object) -> None:
        if next(happened) >= OFTEN:
            engine.steps[name] = compiled_step(engine, name)

    engine.steps[name] = take_none
    return take_none


def compiled_step(engine: Engine, name: str) -> TakeStep:
    """Return the function of a kind of event."""
    text, names = write_step(engine, name)
    made: TakeStep = made_of(text, names, function_name(name), engine.definition.events[name].origin)
    return made
