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

from collections.abc import Callable, Collection, Sequence
from itertools import chain
from math import inf

from attrs import define, evolve

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import EventKind
from postinterview.proof.comparison import Compared, Comparison
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.renaming import SAME_NAMES, Renaming
from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.elsewhere import begun_elsewhere
from postinterview.proof.search.pace import Pace
from postinterview.proof.search.path import Story
from postinterview.proof.search.questions import Questions
from postinterview.proof.search.refinement import TIME_IS_UP, Limits, is_limit
from postinterview.proof.search.replay import StoryReplay
from postinterview.proof.search.slicing import Slicer, Slicing
from postinterview.proof.search.trial import retrial, trial

FEW_ZONES, FEW_PATHS, FEW_SECONDS = 400, 20, 0.2
"""The limits of a first look at each question. Most are answered by it."""

MOST_SEARCHED, MOST_TRIED = 0.2, 3.0
"""The most seconds in which one act is searched before histories are tried, and in which they are."""

POLITE_SECONDS = 0.3
"""The most seconds in which a story without a breach is looked for, where one with a breach was found."""


@define
class _Asked:
    """What is known of one act: its questions, how far each was answered, and the best story so far."""

    kind: EventKind
    questions: list[Difference]
    all_questions: tuple[Difference, ...] = ()
    why: str = ""
    states: int = 0
    seconds: float = 0.0
    story: tuple[StoryReplay, Difference] | None = None

    @property
    def is_open(self) -> bool:
        return self.story is None and bool(self.questions)


class Comparer:
    """Compares two rulebooks. ``clock`` gives seconds, and is the only thing that measures time.

    ``names``: how the new rulebook calls what it renamed. ``pace``: what measures the search, if it shares
    its time with others; by default a `Pace` of its own.
    """

    def __init__(
        self,
        old: Rulebook,
        new: Rulebook,
        clock: Callable[[], float],
        *,
        max_zones: int = MAX_ZONES,
        max_seconds: float = MAX_SECONDS,
        names: Renaming = SAME_NAMES,
        pace: Callable[[], float] | None = None,
    ) -> None:
        self.old, self.new = old.definition, new.definition
        self._questions = Questions(old, new, names, self._is_never_newly_allowed)
        self._joint, self._calendars = self._questions.joint, self._questions.calendars
        pace = pace or Pace(clock, max_seconds)
        self._clock = clock
        self._limits = Limits(pace, pace() + max_seconds, max_zones)
        self._slicer = Slicer(self._limits)
        self._asked: dict[str, _Asked] = {}

    def compare(self, acts: Collection[str] | None = None) -> Comparison:
        """Decide every act that the new rulebook knows, or of them only ``acts``."""
        names = [kind.name for kind in self.new.events.values() if kind.is_act]
        asked = [self._ask(name) for name in names if acts is None or name in acts]
        for _ in range(2):  # what some acts leave of their share is for those that are still open then
            left = sorted((each for each in asked if each.is_open), key=lambda each: len(each.questions))
            for number, each in enumerate(left):
                now = self._limits.clock()
                self._look_closer(each, now + (self._limits.deadline - now) / (len(left) - number))
        for each in asked:
            self._look_for_a_politer(each)
        return Comparison(self.old, self.new, tuple(map(self._answer, asked)))

    def _ask(self, name: str) -> _Asked:
        """Ask about an act, and look a little at each way to refuse it."""
        if name not in self._asked:
            kind = self.new.events[name]
            asked = self._asked[name] = _Asked(kind, [])
            try:
                asked.questions = list(self._questions.of(kind, self._limits))
                asked.all_questions = tuple(asked.questions)
            except TooManyError as error:
                asked.why = str(error)
            few = min(FEW_ZONES, self._limits.max_zones)
            soon = min(self._limits.deadline, self._limits.clock() + FEW_SECONDS)
            self._run(asked, Limits(self._limits.clock, soon, few, FEW_PATHS))
        return self._asked[name]

    def _look_closer(self, asked: _Asked, deadline: float) -> None:
        """Look longer at an act, at few variables of it, at histories, and then at what is left."""
        self._try_again(asked, deadline)
        if not asked.is_open:
            return
        if is_limit(asked.why) and self._calendars[0] == self._calendars[1]:  # else a trial finds the day
            self._run(asked, evolve(self._limits, deadline=self._part_of(deadline, 0.2, MOST_SEARCHED)))
        near = self._slice(asked, self._part_of(deadline, 0.65))
        self._try(asked, self._part_of(deadline, 0.9, MOST_TRIED), near)
        if asked.story is None:
            self._run(asked, evolve(self._limits, deadline=deadline))

    def _part_of(self, deadline: float, part: float, most: float = inf) -> float:
        """Return when a part of the time until the deadline is over, or ``most`` seconds are."""
        now = self._limits.clock()
        return now + min((deadline - now) * part, most)

    def _try(self, asked: _Asked, deadline: float, near: Sequence[Story]) -> None:
        """Try histories, first those ``near`` to a difference, unless all is answered."""
        if asked.is_open:
            begun, limits = self._clock(), evolve(self._limits, deadline=deadline)
            there = chain.from_iterable(begun_elsewhere(each, limits) for each in asked.questions)
            asked.story = trial(asked.questions, limits, self._calendars, (*near, *dict.fromkeys(there)))
            asked.seconds += self._clock() - begun

    def _try_again(self, asked: _Asked, deadline: float) -> None:
        """Try the histories of stories that were found of other acts."""
        known = [other.story[0] for other in self._asked.values() if other.story is not None]
        limits = evolve(self._limits, deadline=deadline)
        asked.story = retrial(asked.questions, limits, self._calendars, known)

    def _slice(self, asked: _Asked, deadline: float) -> Sequence[Story]:
        """Leave out the questions that few variables answer: there is no difference.

        Return the stories of differences that few variables have. The engines may follow one, or one like it.
        """
        if not asked.is_open:
            return ()
        begun = self._clock()
        slicer = self._slicer
        slicer.limits = evolve(self._limits, deadline=deadline)
        states = slicer.states
        sliced = {Slicing(each.cases, each.first, each.refused_for): each for each in asked.questions}
        asked.questions = [sliced[each] for each in slicer.left(list(sliced))]
        asked.states += slicer.states - states
        asked.why = asked.why if asked.questions else ""
        paths = reversed(slicer.near if asked.questions else ())
        told = [asked.questions[0].tell(each.view, each.bad, {}) for each in paths]
        near = {each.story: None for each in told if each is not None}
        asked.seconds += self._clock() - begun
        return tuple(near)

    def _look_for_a_politer(self, asked: _Asked) -> None:
        """Try histories in which both rulebooks allow every act, if the story has one that either refuses."""
        if asked.story is None or _is_legal(*asked.story):
            return
        limits = evolve(self._limits, deadline=self._limits.clock() + POLITE_SECONDS)
        found = trial(asked.all_questions, limits, self._calendars, legal=True)
        asked.story = found or asked.story

    def _run(self, asked: _Asked, limits: Limits) -> None:
        """Answer the questions that are left within some limits, all of them or until a story is found."""
        begun, left = self._clock(), []
        stories = [] if asked.story is None else [asked.story]
        asked.why = asked.why if not asked.questions else ""
        for number, question in enumerate(asked.questions):
            if stories and limits.more_paths is None:
                break  # a longer look takes the first story
            if self._limits.is_late() or (limits.is_late() and number):
                left += asked.questions[number:]
                asked.why = asked.why or TIME_IS_UP
                break
            now = limits.clock()
            share = (limits.deadline - now) / (len(asked.questions) - number)
            question.limits = evolve(limits, deadline=now + share)
            part = question.run()
            asked.states += part.states
            stories += [(part.replay, question)] if part.replay is not None else []
            if part.verdict == "unknown":
                left.append(question)
                asked.why = asked.why or part.why_unknown
        asked.questions = left
        if stories:
            asked.story = min(stories, key=lambda pair: (len(pair[0].lines), pair[0].at))
        asked.seconds += self._clock() - begun

    def _answer(self, asked: _Asked) -> Compared:
        act, is_contact = asked.kind.name, self._is_contact(asked.kind)
        known = act, is_contact
        if asked.story is not None:
            best, difference = asked.story
            refused, noes = difference.refused(best), tuple(sorted(difference.refusal.noes))
            return Compared(*known, "some", asked.seconds, asked.states, best, refused, noes)
        why = asked.why and self._joint.doubts.get(act, asked.why)
        if asked.kind.to_person and self._questions.is_act_of_both(asked.kind):
            why = why or next(iter(self._joint.people), "")
        return Compared(*known, "unknown" if why else "none", asked.seconds, asked.states, why_unknown=why)

    def _is_contact(self, kind: EventKind) -> bool:
        known = self._joint.old.events.get(kind.name, kind)
        return kind.reaches_them or known.reaches_them

    def _is_never_newly_allowed(self, name: str) -> bool:
        return self._answer(self._ask(name)).verdict == "none"


def _is_legal(story: StoryReplay, difference: Difference) -> bool:
    """Return whether both rulebooks allow every act of the story but the last."""
    lines = (line for told in (story, difference.refused(story)) if told is not None for line in told.lines)
    return all(line.became not in ("breach", "outside") for line in lines)
