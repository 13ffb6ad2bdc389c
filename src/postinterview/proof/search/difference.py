"""The question whether one rulebook allows an act that another one refuses in one way, and its story."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cached_property
from itertools import chain

from attrs import define, evolve

from postinterview.core.past.events import Value
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import ONE_DAY
from postinterview.proof.model.conditions import looked_at
from postinterview.proof.model.conflicts import Conflicts
from postinterview.proof.model.joint import OLD
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.refusals import Refusal
from postinterview.proof.model.renaming import Renaming
from postinterview.proof.model.view import View
from postinterview.proof.search.cases import Cases
from postinterview.proof.search.left_out import Conditions, refuses
from postinterview.proof.search.path import STORY_END, STORY_START, Happening, Story
from postinterview.proof.search.refinement import Earliest, Part, Refinement, Told
from postinterview.proof.search.replay import StoryReplay, ask, replay
from postinterview.proof.search.search import Bad

MOST_TURNS = 64
"""The most times that the act opens and closes on the way to the first difference."""


@define(eq=False)
class Difference(Refinement):
    """The question whether the new rulebook allows what the old one refuses in one way.

    ``old``: the start in the old rulebook, or None if that does not know the act. ``back``: the names that
    it has for what the new one renamed. ``hours``: whether the time of day
    matters. ``conflicts``: which atoms exclude each other. ``apart``: the variables that only one of the
    rulebooks looks at.
    """

    refusal: Refusal
    old: Process | None
    back: Renaming
    hours: bool
    conflicts: Conflicts
    apart: Collection[Variable] = ()

    def run(self) -> Part:
        """Answer the question; it is unknown if conditions hold in too many ways."""
        try:
            return super().run()
        except TooManyError as error:
            return self._part("unknown", 0, why_unknown=str(error))

    @cached_property
    def cases(self) -> Cases:
        """The ways in which the new rulebook allows what the old one refuses."""
        return Cases(self.relation, self.goals, self.start.calendar, self.conflicts)

    @property
    def first(self) -> Collection[object]:
        """The variables to begin with: those that one rulebook alone has, or else those of the refusal."""
        return self.apart or self.asked

    def refused_for(self, view: View, bad: Bad) -> frozenset[Variable]:
        """Return the variables of the conditions for which the new rulebook refuses the story of a path."""
        made = self.tell(view, bad, {})
        if made is None:
            return frozenset()
        named = (each for key, each in self.relation.conditions.items() if refuses(made.verdict, key))
        options = chain.from_iterable(each.options for each in named)
        return frozenset(self.cases.variables) & looked_at(options)

    def view(self, active: Conditions) -> View:
        """Return the view of these conditions."""
        gates = (gate for key, gate in self.relation.gates.items() if key in active)
        return View(self.relation, self.cases.with_conditions(active), gates)

    def refused(self, made: StoryReplay) -> StoryReplay | None:
        """Tell the story to the old rulebook; None if that knows no such act or can't record the story."""
        if self.old is None:
            return None
        *told, act = (self.said_by_the_old(each) for each in made.events)
        return replay(self.old, Story(tuple(told), act))

    def said_by_the_old(self, one: Happening) -> Happening:
        """Return what happened in the words of the old rulebook."""
        names, event = self.back, self.back.event(one.event)
        carried = tuple((names.field(one.event, name), value) for name, value in one.carried)
        return evolve(one, event=event, carried=carried)

    def confirms(self, made: StoryReplay) -> bool:
        """Return whether the new rulebook allows what the old one refuses, as the engines have it."""
        if not made.verdict.allowed or self.old is None:
            return made.verdict.allowed
        refused = self.refused(made)
        return refused is not None and not refused.verdict.allowed

    def tell(self, view: View, bad: Bad, earliest: Earliest) -> StoryReplay | None:
        """Tell the path, without the fields that the act leaves out, or that except it from the old rules."""
        made = self._told(super().tell(view, bad, earliest))
        if made is None or not (self.refusal.omits or any(each.unless for each in self.refusal.apart)):
            return made
        act = made.story.act
        omits = dict.fromkeys(self.refusal.omits)
        fields: dict[str, Value | None] = {**act.fields, **dict(self._excused_by_the_new_alone()), **omits}
        kept = tuple((name, value) for name, value in fields.items() if value is not None)
        return replay(self.start, Story(made.story.happenings, evolve(act, carried=kept)))

    def _told(self, made: StoryReplay | None) -> StoryReplay | None:
        """Return the story with what the two rulebooks take differently as one event for both."""
        if made is None or not any(each.event.endswith(OLD) for each in made.events):
            return made
        *told, act = (evolve(each, event=each.event.removesuffix(OLD)) for each in made.events)
        return replay(self.start, Story(tuple(told), act))

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
        for days in range(8 if any(view.caps) or self.hours else 1):
            if days and self.limits.is_late():
                return
            begun: Earliest = {0: STORY_START + days * ONE_DAY}
            made = self.tell(view, bad, begun)
            if made is not None:
                yield made, begun
                old = self.refused(made)
                at = self.differs_at(
                    made.process, None if old is None else old.process, made.story.act, made.at
                )
                if at is not None and at > made.at:
                    ended = {**begun, len(bad.path): at}
                    yield self.tell(view, bad, ended), ended

    def _refused_by_more(self, made: StoryReplay, active: Conditions) -> bool:
        """Return whether the new rulebook refuses it for a condition that is not asked yet."""
        placeless = any(not reason.transition for reason in made.verdict.reasons)
        return placeless or any(refuses(made.verdict, key) for key in self.addable(active))

    def differs_at(
        self, new: Process, old: Process | None, act: Happening, at: datetime, turns: int = MOST_TURNS
    ) -> datetime | None:
        """Return the first moment at which the new rulebook allows the act and the old one does not.

        The engines say when it opens and closes, so nothing between is missed. None if there is no moment, if
        the old rulebook could not record the history, or if the time is up or the act opens ``turns`` times
        before the moment.
        """
        its = self.said_by_the_old(act)
        if old is None and self.old is not None:
            return None
        try:
            for _ in range(turns):
                verdict = ask(new, act, at)
                if not verdict.allowed:
                    if verdict.opens_at is None or verdict.opens_at > STORY_END:
                        return None
                    at = verdict.opens_at
                if old is None or not (before := ask(old, its, at)).allowed:
                    return at
                if before.closes_at is None or before.closes_at > STORY_END or self.limits.is_late():
                    return None
                at = before.closes_at
        except MisuseError:
            return None
        return None
