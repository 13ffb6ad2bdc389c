"""A story on the real rulebook: whether it allows the act at the end, and if not, what stopped it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import frozen

from postinterview.core.decide import choose
from postinterview.core.definitions import Custom, Definition, EventKind, Transition
from postinterview.core.errors import MisuseError
from postinterview.core.guards import CustomAnswer, CustomQuestion
from postinterview.core.names import MAIN
from postinterview.core.process import Process
from postinterview.core.rulebook import Rulebook
from postinterview.core.step import situate
from postinterview.core.verdict import Verdict
from postinterview.proof.path import Happening, Story

Became: TypeAlias = Literal["allowed", "breach", "recorded", "unexpected"]

ZONE = "UTC"
EMPLOYER = "the employer"


@frozen
class Line:
    """One event of a replayed story: what became of it, and where it moved the machines.

    ``opens_at``: for a breach the moment at which it would have been allowed, if time alone helps.
    """

    happening: Happening
    became: Became
    moves: tuple[str, ...] = ()
    opens_at: datetime | None = None


@frozen
class Replay:
    """What the real rulebook made of a story. ``process``: before the last act."""

    story: Story
    lines: tuple[Line, ...]
    process: Process
    verdict: Verdict

    @property
    def breaches(self) -> int:
        return sum(line.became == "breach" for line in self.lines)

    @property
    def at(self) -> datetime:
        return self.story.act.at

    def taken(self) -> tuple[Transition, ...]:
        """The transitions that let the act happen: of each machine the one whose guards all held."""
        act, process = self.story.act, self.process
        engine = process.rulebook.engine
        kind = engine.definition.events[act.event]
        application = None if kind.employer_wide else act.application or MAIN
        snapshot, fields = process._snapshot, _heard(kind, act)  # noqa: SLF001 - no host asks for it
        situation = situate(engine, process.calendar, snapshot, kind, application, act.to, fields)
        return tuple(transition.rule for *_, transition in choose(engine, situation, act.at) or ())


def willing(definition: Definition) -> Rulebook:
    """The rulebook with custom functions that always say yes: the proof counts them as "may hold"."""
    functions = {
        guard.function
        for machine in definition.machines.values()
        for rule in machine.transitions
        for guard in rule.guards
        if isinstance(guard, Custom)
    }
    return Rulebook(definition, custom=dict.fromkeys(functions, _yes))


def _yes(_question: CustomQuestion) -> CustomAnswer:
    return CustomAnswer(holds=True)


def start(rulebook: Rulebook) -> Process:
    return rulebook.start(EMPLOYER, ZONE)


def replay(process: Process, story: Story) -> Replay | None:
    """Record the story as it comes, and ask for the act at its end; None where it can't be recorded.

    What the rulebook does not know is left out: it is told as much of the story as it can hear.
    """
    lines = []
    events = process.rulebook.definition.events
    try:
        for each in story.happenings:
            kind = events.get(each.event)
            if kind is None:
                continue
            outcome = process.record(
                each.event, at=each.at, to=each.to, application=each.application, **_heard(kind, each)
            )
            became: Became = "recorded"
            if kind.is_act:
                became = "breach" if outcome.breach else "allowed"
            elif outcome.unexpected:
                became = "unexpected"
            moves = tuple(f"{move.machine}: {move.source} to {move.target}" for move in outcome.moves)
            opens_at = None if outcome.verdict is None else outcome.verdict.opens_at
            lines.append(Line(each, became, moves, opens_at if outcome.breach else None))
            process = outcome.process
        verdict = ask(process, story.act, story.act.at)
    except MisuseError:
        return None
    return Replay(story, tuple(lines), process, verdict)


def ask(process: Process, act: Happening, at: datetime) -> Verdict:
    """Whether the act would be allowed at the moment, with the fields of which the rulebook knows."""
    carried = _heard(process.rulebook.definition.events[act.event], act)
    return process.may(act.event, at=at, to=act.to, application=act.application, **carried)


def _heard(kind: EventKind, happening: Happening) -> dict[str, Any]:
    """The fields of which the rulebook knows."""
    return {name: value for name, value in happening.fields.items() if name in kind.fields}
