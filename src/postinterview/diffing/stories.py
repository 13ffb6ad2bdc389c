"""Play stories under old and new rules, and find the steps that go otherwise.

The new rules hear each story twice. Once as it would go under them: what they refuse does not happen. Once
with the history that the old rules made: what happened there has happened here. A step that differs in the
second telling differs by itself. A step that differs in the first telling alone differs only because an
earlier one did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from attrs import define, evolve, field, frozen

from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.process import Process, Rulebook
from postinterview.core.rules.definitions import Definition, EventKind
from postinterview.core.values.errors import MisuseError
from postinterview.diffing.renames import Renames
from postinterview.proof.comparison import Compared
from postinterview.scenario.judging import result_of
from postinterview.scenario.model import EventStep, RetractStep, Scenario, Step, UnknownStep
from postinterview.scenario.phrases import event_text
from postinterview.scenario.playing import begin, perform, record_step

UNKNOWN_EVENT = "no such event"


@frozen
class StepDifference:
    """A step that goes otherwise. A result is that of a scenario; a verdict is None for a fact."""

    number: int
    where: str
    at: date | None
    what: str
    before: str
    after: str
    old: Verdict | None = None
    new: Verdict | None = None


@frozen
class StoryDifference:
    """A story that goes otherwise under the new rules.

    ``steps``: those that differ by themselves, in their order. ``consequences``: the number of later steps
    that differ only because of them. ``stopped``: why it could not be played to its end.
    """

    name: str
    where: str
    steps: tuple[StepDifference, ...]
    consequences: int = 0
    stopped: str = ""


def in_either(old: Definition, new: Definition) -> Definition:
    """Return definitions in which a story is linked that either rulebook can tell: with the words of both."""
    return evolve(
        old,
        name=f"{old.name}` and `{new.name}",
        events={**new.events, **old.events, **{name: _in_both(old, new, name) for name in old.events}},
        classes={**new.classes, **old.classes},
    )


def _in_both(old: Definition, new: Definition, name: str) -> EventKind:
    """Return an event of the old rules, with the fields and choices that it has in the new ones."""
    was, now = old.events[name], new.events.get(name)
    if now is None:
        return was
    shared = {
        each: evolve(field, choices=tuple(dict.fromkeys((*field.choices, *now.fields[each].choices))))
        for each, field in was.fields.items()
        if each in now.fields and field.type == now.fields[each].type
    }
    return evolve(was, fields={**now.fields, **was.fields, **shared})


def differing(
    stories: Iterable[Scenario],
    old: Rulebook,
    new: Rulebook,
    names: Renames,
    after_story: Callable[[], None] = lambda: None,
) -> tuple[StoryDifference, ...]:
    """Return the stories that go otherwise. They may be told in old or in new ``names``."""
    found = []
    for story in stories:
        played = _Telling(story, old, new, names).played()
        after_story()
        if played is not None:
            found.append(played)
    return tuple(found)


def with_stories(
    found: Iterable[Compared], stories: Iterable[StoryDifference], *, newly: Literal["allowed", "refused"]
) -> tuple[Compared, ...]:
    """Return the answers; an act that no search decided is decided by a step of a story that shows it."""
    shown: dict[str, str] = {}
    for story in stories:
        for step in story.steps:
            if step.old is None or step.new is None or step.old.allowed is step.new.allowed:
                continue
            if step.new.allowed is (newly == "allowed"):
                shown.setdefault(step.new.event, f"step {step.number} of `{story.name}` ({step.where})")
    return tuple(
        evolve(each, verdict="some", why_unknown="", shown_by=shown[each.act])
        if each.verdict == "unknown" and each.act in shown
        else each
        for each in found
    )


@define(eq=False)
class _Telling:
    """One story told to both rulebooks. ``entries``: entries of the old history, and their numbers here."""

    story: Scenario
    old: Rulebook
    new: Rulebook
    names: Renames
    entries: dict[int, int] = field(factory=dict)
    own: list[StepDifference] = field(factory=list)
    consequences: int = 0

    def played(self) -> StoryDifference | None:
        """Return how the story goes otherwise, or None."""
        story, stopped = self.story, ""
        try:
            self._play()
        except MisuseError as error:
            stopped = f"{error.message}; {error.help}"
        if not self.own and not stopped:
            return None
        where = f"{story.where.file}:{story.where.line}"
        return StoryDifference(story.name, where, tuple(self.own), self.consequences, stopped)

    def _play(self) -> None:
        first, shared = (begin(self.story, rulebook) for rulebook in (self.old, self.new))
        free = shared
        for step in self.story.steps:
            asked, heard = self._in_names(step, old=True), self._in_names(step, old=False)
            was, now = _performed(first, asked), _performed(shared, heard)
            difference = _difference(step, was, now)
            alone = _performed(free, heard)
            if difference is not None:
                self.own.append(difference)
            elif _difference(step, was, alone) is not None:
                self.consequences += 1
            free = alone.process if isinstance(alone, Outcome) else free
            if isinstance(was, Outcome):
                shared = self._shared(shared, heard, was, now)
                first = was.process

    def _in_names(self, step: Step, *, old: bool) -> Step | None:
        """Return the step in old or in new names; None if those rules don't know it."""
        definition = (self.old if old else self.new).definition
        if isinstance(step, RetractStep):
            of = step.of if old else self.entries.get(step.of)
            return None if of is None else evolve(step, of=of)
        if isinstance(step, UnknownStep):
            known = {*definition.events, *definition.classes}
            heard = tuple(name for each in step.of for name in (self._name(each, old),) if name in known)
            return evolve(step, of=heard) if heard else None
        name = self._name(step.event, old)
        kind = definition.events.get(name)
        if kind is None:
            return None
        fields = {self._field(name, each, old): value for each, value in step.fields.items()}
        known_fields = {each: value for each, value in fields.items() if each in kind.fields}
        return evolve(step, event=name, fields=known_fields, to=step.to if kind.to_person else None)

    def _name(self, name: str, old: bool) -> str:
        if not old:
            return self.names.event(name)
        return next((then for then, now in self.names.events.items() if now == name), name)

    def _field(self, event: str, name: str, old: bool) -> str:
        if not old:
            return self.names.field(event, name)
        fields = self.names.fields.items()
        now = self.names.event(event)
        return next((then for (of, then), called in fields if (of, called) == (now, name)), name)

    def _shared(self, shared: Process, heard: Step | None, was: Outcome, now: Outcome | str) -> Process:
        """Return the process of the new rules with the history that the old ones have now."""
        correction = not isinstance(heard, EventStep)
        if heard is None or (was.event is None and not correction):
            return shared
        if isinstance(now, Outcome) and (correction or now.event is not None):
            made = now.process
        elif isinstance(now, Outcome) and isinstance(heard, EventStep):
            made = record_step(shared, heard).process
        else:
            return shared
        self.entries[was.process.history[-1].number] = made.history[-1].number
        return made


def _performed(process: Process, step: Step | None) -> Outcome | str:
    """Return what comes of a step, or why it can't be played."""
    if step is None:
        return UNKNOWN_EVENT
    try:
        return perform(process, step)
    except MisuseError as error:
        return error.message


def _difference(step: Step, was: Outcome | str, now: Outcome | str) -> StepDifference | None:
    """Return how the outcomes of a step differ; None if they don't."""
    zone = next((each.process.calendar.zone for each in (was, now) if isinstance(each, Outcome)), None)
    at = step.day or (None if step.at is None else step.at.astimezone(zone))
    place = (step.number, f"{step.where.file}:{step.where.line}", at)
    if not isinstance(step, EventStep):
        before, after = ("taken" if isinstance(each, Outcome) else each for each in (was, now))
        return None if before == after else StepDifference(*place, "a correction", before, after)
    before, after = (result_of(each) if isinstance(each, Outcome) else each for each in (was, now))
    old, new = (each.verdict if isinstance(each, Outcome) else None for each in (was, now))
    moved = old is not None and new is not None and not old and not new and old.opens_at != new.opens_at
    unheard = "refused" in (before, after) and str in (type(was), type(now))  # it happens under neither
    if unheard or (before == after and not moved):
        return None
    what = event_text(step.event, step.to, step.application)
    return StepDifference(*place, what, before, after, old, new)
