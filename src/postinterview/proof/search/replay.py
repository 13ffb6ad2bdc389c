"""Replay a story on the real rulebook: whether it allows the act at the end, and if not, what refused it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from attrs import define, field, frozen

from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.guards import CustomAnswer, CustomQuestion
from postinterview.core.judging.decide import choose
from postinterview.core.past.events import Value
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Situation
from postinterview.core.process import Process, Rulebook
from postinterview.core.rules.definitions import Custom, Definition, EventKind, FieldKind, Transition
from postinterview.core.steps.placing import situate
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.names import MAIN
from postinterview.proof.search.path import Happening, Story

Became: TypeAlias = Literal["allowed", "breach", "outside", "recorded", "unexpected"]

ZONE = "UTC"
EMPLOYER = "the employer"


@frozen
class StoryLine:
    """One event of a replayed story: what became of it, and where it moved the machines.

    ``refused``: the verdict on an act that was refused, and happened all the same.
    """

    happening: Happening
    became: Became
    moves: tuple[str, ...] = ()
    refused: Verdict | None = None

    @property
    def opens_at(self) -> datetime | None:
        """For a refused act, the moment at which it would be allowed, if time alone helps."""
        return None if self.refused is None else self.refused.opens_at


@frozen
class StoryReplay:
    """A story as the real rulebook takes it. ``process``: before the last act."""

    story: Story
    lines: tuple[StoryLine, ...]
    process: Process
    verdict: Verdict

    def __repr__(self) -> str:
        return f"<StoryReplay of {len(self.lines)} events: {self.verdict!r}>"

    @property
    def events(self) -> tuple[Happening, ...]:
        """All events of the story, with the last act."""
        return (*self.story.happenings, self.story.act)

    @property
    def breaches(self) -> int:
        """The number of acts in the story that were breaches."""
        return sum(line.became == "breach" for line in self.lines)

    @property
    def at(self) -> datetime:
        """The moment of the last act."""
        return self.story.act.at

    @property
    def decisive(self) -> tuple[Happening, Verdict]:
        """The first act that counts only if it is allowed, and was not; else the last act."""
        return self.asked[0]

    @property
    def asked(self) -> tuple[tuple[Happening, Verdict], ...]:
        """The acts that count only if they are allowed, and were not; and the last act."""
        refused = ((each.happening, each.refused) for each in self.lines if each.happening.counts)
        found = ((happening, verdict) for happening, verdict in refused if verdict is not None)
        return (*found, (self.story.act, self.verdict))

    @property
    def place(self) -> Key:
        """The place of the last act."""
        return self._situation().place

    def taken(self) -> tuple[Transition, ...]:
        """Return the transitions that allow the act: of each machine the first whose guards all hold."""
        chosen = choose(self.process.rulebook.engine, self._situation(), self.at)
        return tuple(transition.rule for *_, transition in chosen or ())

    def _situation(self) -> Situation:
        act, process = self.story.act, self.process
        engine = process.rulebook.engine
        kind = engine.definition.events[act.event]
        application = None if kind.employer_wide else act.application or MAIN
        snapshot, fields = process._snapshot, known_fields(kind, act)  # noqa: SLF001 - no host asks for it
        return situate(engine, process.calendar, snapshot, kind, application, act.to, fields)


def custom_functions(definition: Definition) -> set[str]:
    """Return the names of the custom functions that guards of the rulebook ask."""
    rules = (rule for machine in definition.machines.values() for rule in machine.transitions)
    return {guard.function for rule in rules for guard in rule.guards if isinstance(guard, Custom)}


def willing(definition: Definition, like: Rulebook | None = None) -> Rulebook:
    """Return the rulebook with custom functions that always answer yes: a proof takes them as "may hold".

    ``like``: a rulebook that knows the same holidays of countries.
    """
    answers = dict.fromkeys(custom_functions(definition), yes)
    return Rulebook(definition, custom=answers) if like is None else like.answering(answers, definition)


def yes(_question: CustomQuestion) -> CustomAnswer:
    """Answer that a custom guard holds."""
    return CustomAnswer(holds=True)


def no(_question: CustomQuestion) -> CustomAnswer:
    """Answer that a custom guard fails."""
    return CustomAnswer(holds=False, has="no", needs="yes")


def start(rulebook: Rulebook) -> Process:
    """Return the process that stories are told to."""
    return rulebook.start(EMPLOYER, ZONE)


class Recorded(NamedTuple):
    """The result of a happening, as a line of a story has it, and the process after it."""

    became: Became
    moves: tuple[str, ...]
    refused: Verdict | None
    process: Process


MOST_RECORDINGS = 20_000
"""The most happenings that are kept: they hold the histories that they belong to."""


@define(eq=False)
class Recordings:
    """The results of happenings after a process, each recorded once.

    A search tells hundreds of stories that begin alike: the same path with other dates, or with one more
    history before an act. So what was recorded after a process is kept by the process and the happening.
    """

    _known: dict[tuple[object, ...], tuple[Process, Recorded]] = field(factory=dict, init=False)

    def __len__(self) -> int:
        return len(self._known)

    def record(self, process: Process, happening: Happening) -> Recorded:
        """Record a happening that the rulebook knows, or return what became of it before.

        Raises:
            MisuseError: the process can't take it.
        """
        each = happening
        key = (id(process), each.event, each.at, each.application, each.to, each.carried)
        if (known := self._known.get(key)) is not None:
            return known[1]
        made = _made_of(process, each)
        if len(self._known) >= MOST_RECORDINGS:
            self._known.clear()
        self._known[key] = (process, made)  # while it is kept, no other process has its identity
        return made


def _made_of(process: Process, happening: Happening) -> Recorded:
    outcome = recorded(process, happening)
    became: Became = "unexpected" if outcome.unexpected else "recorded"
    if process.rulebook.definition.events[happening.event].is_act:
        became = "breach" if outcome.breach else "outside" if outcome.outside else "allowed"
    moves = tuple(f"{move.machine}: {move.source} to {move.target}" for move in outcome.moves)
    refused = outcome.verdict if became in ("breach", "outside") else None
    return Recorded(became, moves, refused, outcome.process)


def replay(process: Process, story: Story, recordings: Recordings | None = None) -> StoryReplay | None:
    """Record the story, and ask for the act at its end; None if it can't be recorded.

    Events and fields that the rulebook does not know are left out. ``recordings``: of stories told before.
    """
    lines, known = list[StoryLine](), Recordings() if recordings is None else recordings
    events = process.rulebook.definition.events
    try:
        for each in story.happenings:
            if each.event in events:
                made = known.record(process, each)
                lines.append(StoryLine(each, made.became, made.moves, made.refused))
                process = made.process
        verdict = ask(process, story.act, story.act.at)
    except MisuseError:
        return None
    return StoryReplay(story, tuple(lines), process, verdict)


def recorded(process: Process, happening: Happening) -> Outcome:
    """Record a happening that the rulebook knows, with the fields that it knows.

    Raises:
        MisuseError: the process can't take it.
    """
    fields = known_fields(process.rulebook.definition.events[happening.event], happening)
    to, application = happening.to, happening.application
    return process.record(happening.event, at=happening.at, to=to, application=application, **fields)


def ask(process: Process, act: Happening, at: datetime) -> Verdict:
    """Ask whether the act may be done at the moment, with the fields that the rulebook knows."""
    fields = known_fields(process.rulebook.definition.events[act.event], act)
    return process.may(act.event, at=at, to=act.to, application=act.application, **fields)


def known_fields(kind: EventKind, happening: Happening) -> dict[str, Any]:
    """Return the fields of the happening that the event has in these rules, if it takes their values."""
    fields = happening.fields.items()
    return {name: value for name, value in fields if name in kind.fields and takes(kind.fields[name], value)}


def takes(kind: FieldKind, value: Value) -> bool:
    """Return whether a field of these rules can have the value."""
    if kind.type == "people":
        return isinstance(value, tuple)
    return isinstance(value, date) if kind.type == "date" else kind.takes(value)  # type: ignore[arg-type]
