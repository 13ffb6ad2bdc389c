"""Show the functions of guards and of steps, for ``postinterview explain --compiled``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from postinterview.cli import YES
from postinterview.cli.terminal import Screen
from postinterview.core.guards.source import write, write_span
from postinterview.core.judging.engine import Engine
from postinterview.core.process import Process
from postinterview.core.rules.definitions import Definition, EventKind, Transition
from postinterview.core.steps.allowed_source import write_allowed
from postinterview.core.steps.do_source import write_do, write_may
from postinterview.core.steps.step_source import write_step
from postinterview.core.values.suggest import closest, help_for
from postinterview.layout import BLANK, Piece, line
from postinterview.rulebooks import to_prove


def show_compiled(screen: Screen, definition: Definition, event: str | None) -> int:
    """Show the function of each transition with guards, and of the step of each event; or those of one event.

    Raises:
        UsageError: there is no such event.
    """
    events = definition.events
    if event is not None and event not in events:
        close = help_for(closest(event, events), tuple(events))
        raise click.UsageError(f"there is no event `{event}`; {close}")
    engine = to_prove(definition).engine
    found = _functions(engine, event)
    kinds = [kind for name, kind in events.items() if event in (None, name)]
    acts = [kind for kind in kinds if kind.is_act]
    done = [(kind, write_do(engine, kind.name, Process)[0]) for kind in acts]
    questions = [(kind, write_may(engine, kind.name)[0]) for kind in acts]
    allowed = [(kind, write_allowed(engine, kind.name)[0]) for kind in acts]
    steps = [(kind, write_step(engine, kind.name)[0]) for kind in kinds]
    for rule, *sources in found:
        screen.show([line(Piece(f"{rule.event}: {rule.id}", "title"), f"  {rule.origin}")])
        for source in sources:
            screen.show([*(line(text) for text in source.splitlines()), BLANK])
    if not found:
        screen.show(
            [line(f"No transition on {event} has a guard." if event else "No transition has a guard."), BLANK]
        )
    written = (
        ("do it", done),
        ("may it be done?", questions),
        ("where is it allowed?", allowed),
        ("its step", steps),
    )
    for title, shown in written:
        for kind, source in shown:
            screen.show([line(Piece(f"{kind.name}: {title}", "title"), f"  {kind.origin}")])
            screen.show([*(line(text) for text in source.splitlines()), BLANK])
    functions = [
        {"event": rule.event, "transition": rule.id, "source": source, "span": span}
        for rule, source, span in found
    ]
    told = {
        "acts": _said(done),
        "questions": _said(questions),
        "allowed": _said(allowed),
        "steps": _said(steps),
    }
    screen.answer({"functions": functions, **told})
    return YES


def _said(functions: Iterable[tuple[EventKind, str]]) -> list[dict[str, str]]:
    return [{"event": kind.name, "source": source} for kind, source in functions]


def _functions(engine: Engine, event: str | None) -> list[tuple[Transition, str, str]]:
    """Return the transitions that have guards, each once, with its functions: whether they hold, and when."""
    found: dict[Transition, tuple[str, str]] = {}
    for name, listeners in engine.listeners.items():
        if event not in (None, name):
            continue
        for transition in (each for listener in listeners for each in listener.transitions):
            if transition.checks and transition.rule not in found:
                found[transition.rule] = (
                    write(transition.rule.id, transition.checks)[0],
                    write_span(transition.rule.id, transition.lasting)[0],
                )
    return [(rule, *sources) for rule, sources in found.items()]
