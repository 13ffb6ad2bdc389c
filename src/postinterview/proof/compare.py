"""Compare two rulebooks: find the acts that the new one allows and the old one refuses.

The history is the same for both. For each act both relations are searched together. An event moves what
either rulebook looks at; what both look at in the same way is one variable. Bad is: the new conditions hold,
and enough of the old ones fail. Each way to refuse (see `refusals`) is a question of its own for
`refinement`, which starts with the new conditions that look at what the refusal looks at. A story counts if
both engines agree: the new rulebook allows its last act, the old one refuses it. That nothing bad is
reachable is checked again by `checker`.

An event that only one rulebook knows is not there for the other. An act that the old rulebook did not know
was refused by it. A contact is an act that reaches the employer by the word of either file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, time
from functools import cached_property
from typing import Literal, TypeAlias

from attrs import define, evolve, field, frozen

from postinterview.core.definitions import Definition, EventKind, Hours
from postinterview.core.errors import MisuseError
from postinterview.core.events import Value
from postinterview.core.moments import ONE_DAY
from postinterview.core.process import Process, Rulebook
from postinterview.proof.model.joint import joint
from postinterview.proof.model.labels import TooManyError, alphabet
from postinterview.proof.model.refusals import Refusal, holds_with, refusals
from postinterview.proof.model.relation import Condition, Relation, ways_of
from postinterview.proof.model.view import View
from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES
from postinterview.proof.search.left_out import Conditions, refuses
from postinterview.proof.search.path import STORY_START, Story
from postinterview.proof.search.refinement import Earliest, Limits, Part, Refinement, Told
from postinterview.proof.search.replay import (
    StoryReplay,
    ask,
    custom_functions,
    no,
    replay,
    start,
    willing,
    yes,
)
from postinterview.proof.search.search import Bad

ComparedVerdict: TypeAlias = Literal["none", "some", "unknown"]


@frozen
class Compared:
    """The result for one act.

    ``is_contact``: whether it reaches the employer, by the word of either file.
    ``allowed``: the shortest story, told to the new rulebook; ``refused``: the same story told to the old
    one, or None if that knows no such act. ``supposing``: custom functions of the old rulebook that answer no
    in it.
    """

    act: str
    is_contact: bool
    verdict: ComparedVerdict
    seconds: float = field(eq=False)
    states: int
    allowed: StoryReplay | None = None
    refused: StoryReplay | None = None
    supposing: tuple[str, ...] = ()
    why_unknown: str = ""

    def __repr__(self) -> str:
        return f"<Compared {self.act}: {self.verdict}>"


@frozen
class Comparison:
    """One result for each act of the new rulebook. It has no truth value: ask for its ``verdict``."""

    old: Definition
    new: Definition
    acts: tuple[Compared, ...]

    @property
    def verdict(self) -> ComparedVerdict:
        """``some`` if any act is newly allowed, else ``unknown`` if any is unknown, else ``none``."""
        verdicts = {act.verdict for act in self.acts}
        return "some" if "some" in verdicts else "unknown" if "unknown" in verdicts else "none"

    @property
    def summary(self) -> str:
        """A summary of what the new rules allow, such as ``1 of 9 acts are newly allowed``."""
        some = sum(each.verdict == "some" for each in self.acts)
        return {
            "none": "the new rules allow no act that the old ones refused",
            "some": f"{some} of {len(self.acts)} acts are newly allowed",
            "unknown": "nothing newly allowed was found, and not everything was looked at",
        }[self.verdict]

    @property
    def text(self) -> str:
        """The verdict as a short paragraph for a person."""
        said = [f"{self.new.name} after {self.old.name}: {self.summary}."]
        said += [f"`{each.act}` is newly allowed." for each in self.acts if each.verdict == "some"]
        said += [f"`{each.act}`: {each.why_unknown}." for each in self.acts if each.verdict == "unknown"]
        return " ".join(said)

    def __bool__(self) -> bool:
        raise MisuseError("a comparison is neither true nor false", 'ask comparison.verdict == "none"')

    def __repr__(self) -> str:
        return f"<Comparison of {self.old.name} and {self.new.name}: {self.summary}>"


class Comparer:
    """Compares two rulebooks. ``clock`` gives seconds, and is the only thing that measures time."""

    def __init__(
        self,
        old: Rulebook,
        new: Rulebook,
        clock: Callable[[], float],
        *,
        max_zones: int = MAX_ZONES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.old, self.new = old.definition, new.definition
        self._joint = joint(self.old, self.new)
        self._start = start(willing(self.new))
        self._olds: dict[frozenset[str], Process] = {}
        self._limits = Limits(clock, clock() + max_seconds, max_zones)

    def compare(self, acts: Collection[str] | None = None) -> Comparison:
        """Decide every act that the new rulebook knows, or of them only ``acts``."""
        kinds = (kind for kind in self.new.events.values() if kind.is_act)
        found = tuple(self._decide(kind) for kind in kinds if acts is None or kind.name in acts)
        return Comparison(self.old, self.new, found)

    def _is_contact(self, kind: EventKind) -> bool:
        known = self.old.events.get(kind.name, kind)
        return not {kind.contact, known.contact} <= {None, "none"}

    def _decide(self, kind: EventKind) -> Compared:
        begun, is_contact = self._limits.clock(), self._is_contact(kind)
        parts: list[tuple[Part, _Difference]] = []
        why = ""
        try:
            for difference in self._differences(kind):
                if self._limits.is_late():
                    why = self._limits.reached
                    break
                parts.append((difference.run(), difference))
        except TooManyError as error:
            why = str(error)
        if self._is_act_of_both(kind):
            why = why or next(iter(self._joint.differences), "")
        states = sum(part.states for part, _ in parts)
        seconds = self._limits.clock() - begun
        stories = [(part.replay, each) for part, each in parts if part.replay is not None]
        if stories:
            best, difference = min(stories, key=lambda pair: (len(pair[0].lines), pair[0].at))
            refused, noes = difference.refused(best), tuple(sorted(difference.refusal.noes))
            return Compared(kind.name, is_contact, "some", seconds, states, best, refused, noes)
        why = next((part.why_unknown for part, _ in parts if part.why_unknown), why)
        return Compared(kind.name, is_contact, "unknown" if why else "none", seconds, states, why_unknown=why)

    def _is_act_of_both(self, kind: EventKind) -> bool:
        return kind.name in self.old.events and self.old.events[kind.name].is_act

    def _differences(self, kind: EventKind) -> Iterator[_Difference]:
        """Yield a question for each way in which the old rulebook refuses the act.

        Raises:
            TooManyError: there are too many ways.
        """
        act = self._joint.definition.events[kind.name]
        ways = ways_of(self.new, kind)
        labels = alphabet(self._joint.definition, act)
        found: tuple[Refusal, ...] = (Refusal(((),)),)
        if self._is_act_of_both(kind):
            found = refusals(self.old, self.old.events[kind.name], lambda: self._starts_alike)
        asked = {each for part in (*ways, *(refusal.apart for refusal in found)) for each in part}
        guards = [each.guard for each in asked if isinstance(each.guard, Hours)]
        hours = sorted({moment for guard in guards for moment in (guard.opens, guard.closes)})
        for refusal in found:
            left = tuple(way for way in ways if not self._closes(way, refusal))
            if left:
                relation = Relation(self._joint.definition, act, labels, left, {})
                old = self._old(refusal.noes) if self._is_act_of_both(kind) else None
                yield _Difference(relation, refusal.goals, self._start, self._limits, refusal, old, hours)

    @cached_property
    def _starts_alike(self) -> bool:
        """Whether the old rulebook takes every application as started that the new one takes so.

        An act that starts one does so if it is allowed, so the old one must allow it where the new one does.
        """
        for kind in self.new.events.values():
            known = self.old.events.get(kind.name)
            if kind.starts_application and (known is None or not known.starts_application):
                return False
            if kind.starts_application and kind.is_act and self._decide(kind).verdict != "none":
                return False
        return True

    def _closes(self, way: tuple[Condition, ...], refusal: Refusal) -> bool:
        """Return whether the new rulebook, on this way, asks for what has to fail apart from the history."""
        if any(refusal.omits & set(getattr(each.guard, "fields", ())) for each in way if not each.unless):
            return True
        alike = self.old.events.keys() <= self.new.events.keys()
        return any(holds_with(its, mine, alike=alike) for its in refusal.apart for mine in way)

    def _old(self, noes: frozenset[str]) -> Process:
        """Return the start in the old rulebook, where these custom functions answer no."""
        if noes not in self._olds:
            answers = {name: no if name in noes else yes for name in custom_functions(self.old)}
            self._olds[noes] = start(Rulebook(self.old, custom=answers))
        return self._olds[noes]


@define(eq=False)
class _Difference(Refinement):
    """The question whether the new rulebook allows what the old one refuses in one way.

    ``old``: the start in the old rulebook, or None if that does not know the act. ``hours``: times of day at
    which either rulebook may turn.
    """

    refusal: Refusal
    old: Process | None
    hours: list[time]

    consistent = True

    def refused(self, made: StoryReplay) -> StoryReplay | None:
        """Tell the story to the old rulebook; None if that knows no such act or can't record the story."""
        return None if self.old is None else replay(self.old, made.story)

    def confirms(self, made: StoryReplay) -> bool:
        """Return whether the new rulebook allows what the old one refuses, as the engines have it."""
        if not made.verdict.allowed or self.old is None:
            return made.verdict.allowed
        refused = self.refused(made)
        return refused is not None and not refused.verdict.allowed

    def tell(self, view: View, bad: Bad, earliest: Earliest) -> StoryReplay | None:
        """Tell the path, without the fields that the act leaves out, or that except it from the old rules."""
        made = super().tell(view, bad, earliest)
        if made is None or not (self.refusal.omits or any(each.unless for each in self.refusal.apart)):
            return made
        act = made.story.act
        omits = dict.fromkeys(self.refusal.omits)
        fields: dict[str, Value | None] = {**act.fields, **dict(self._excused_by_the_new_alone()), **omits}
        kept = tuple((name, value) for name, value in fields.items() if value is not None)
        return replay(self.start, Story(made.story.happenings, evolve(act, carried=kept)))

    def _excused_by_the_new_alone(self) -> Iterator[tuple[str, Value | None]]:
        """Yield values of fields that except the act from what the new rulebook asks, and not the old one."""
        old = [pair for each in self.refusal.apart for pair in each.unless]
        new = [pair for each in self.relation.conditions.values() for pair in each.unless]
        for name in dict(old):
            excused = {value for field, values in old if field == name for value in values}
            left = (value for field, values in new if field == name for value in values)
            yield name, next((value for value in left if value not in excused), None)

    def tellings(self, view: View, bad: Bad, active: Conditions) -> Iterator[Told]:
        """Yield the story at its earliest, then begun on other days and ended at other hours."""
        first = self.tell(view, bad, {})
        yield first, {}
        if first is None or self._refused_by_more(first, active):
            return
        for days in range(8 if any(view.caps) or self.hours else 0):
            begun: Earliest = {0: STORY_START + days * ONE_DAY}
            made = self.tell(view, bad, begun)
            if made is not None:
                yield made, begun
                for at in self._later(made):
                    ended = {**begun, len(bad.path): at}
                    yield self.tell(view, bad, ended), ended

    def _refused_by_more(self, made: StoryReplay, active: Conditions) -> bool:
        """Return whether the new rulebook refuses it for a condition that is not asked yet."""
        placeless = any(not reason.transition for reason in made.verdict.reasons)
        return placeless or any(refuses(made.verdict, key) for key in self.addable(active))

    def _later(self, made: StoryReplay) -> Iterator[datetime]:
        """Yield the first moment at which hours turn so that the new rulebook allows what the old refuses."""
        old = self.refused(made)
        for days in range(9 if self.hours else 0):
            for clock in self.hours:
                day = made.at + days * ONE_DAY
                at = day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
                if at <= made.at or not ask(made.process, made.story.act, at).allowed:
                    continue
                if self.old is None or (old is not None and not ask(old.process, made.story.act, at).allowed):
                    yield at
                    return
