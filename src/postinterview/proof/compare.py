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

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain
from math import inf

from attrs import define, evolve

from postinterview.core.definitions import EventKind, Hours
from postinterview.core.process import Process, Rulebook
from postinterview.proof.comparison import Compared, Comparison
from postinterview.proof.model.business_days import is_within
from postinterview.proof.model.closing import Closing
from postinterview.proof.model.implied import Implication
from postinterview.proof.model.joint import joint, openers
from postinterview.proof.model.labels import TooManyError, alphabet
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.refusals import Refusal, refusals
from postinterview.proof.model.relation import Condition, Relation, choices_of, ways_of
from postinterview.proof.model.renaming import SAME_NAMES, Renaming, inverse
from postinterview.proof.model.rounds import Rounds
from postinterview.proof.model.words import PLAIN, Words, counted_in_days
from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.pace import Pace
from postinterview.proof.search.refinement import TIME_IS_UP, Limits, is_limit
from postinterview.proof.search.replay import StoryReplay, custom_functions, no, start, yes
from postinterview.proof.search.slicing import Slicer, Slicing
from postinterview.proof.search.trial import trial

FEW_ZONES, FEW_PATHS, FEW_SECONDS = 400, 20, 0.2
"""The limits of a first look at each question. Most are answered by it."""

MOST_SEARCHED, MOST_TRIED = 0.5, 3.0
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
        self._joint = joint(self.old, self.new, names)
        self._back = inverse(names)
        self._books = old, new
        self._start = start(new.answering(dict.fromkeys(custom_functions(self.new), yes)))
        self._olds: dict[frozenset[str], Process] = {}
        calendars = self._start.calendar, self._old(frozenset()).calendar
        within, without = is_within(*calendars), is_within(*calendars[::-1])
        self._calendars = calendars if not (within and without) else calendars[:1] * 2
        alike = self._joint.old.events.keys() <= self.new.events.keys()
        self._closing = Closing(Implication(alike, old=self._calendars[1], new=self._calendars[0]))
        self._openers = openers(self._joint.old), openers(self.new)
        pace = pace or Pace(clock, max_seconds)
        self._clock = clock
        self._limits = Limits(pace, pace() + max_seconds, max_zones)
        self._slicer = Slicer(self._limits)
        self._asked: dict[str, _Asked] = {}

    def compare(self, acts: Collection[str] | None = None) -> Comparison:
        """Decide every act that the new rulebook knows, or of them only ``acts``."""
        names = [kind.name for kind in self.new.events.values() if kind.is_act]
        asked = [self._ask(name) for name in names if acts is None or name in acts]
        left = [each for each in asked if each.is_open]
        for number, each in enumerate(left):  # those that are left share what is left of the time
            now = self._limits.clock()
            share = (self._limits.deadline - now) / (len(left) - number)
            self._look_closer(each, now + share)
        for each in asked:
            self._look_for_a_politer(each)
        return Comparison(self.old, self.new, tuple(map(self._answer, asked)))

    def _ask(self, name: str) -> _Asked:
        """Ask about an act, and look a little at each way to refuse it."""
        if name not in self._asked:
            kind = self.new.events[name]
            asked = self._asked[name] = _Asked(kind, [])
            try:
                asked.questions = list(self._differences(kind))
                asked.all_questions = tuple(asked.questions)
            except TooManyError as error:
                asked.why = str(error)
            few = min(FEW_ZONES, self._limits.max_zones)
            soon = min(self._limits.deadline, self._limits.clock() + FEW_SECONDS)
            self._run(asked, Limits(self._limits.clock, soon, few, FEW_PATHS))
        return self._asked[name]

    def _look_closer(self, asked: _Asked, deadline: float) -> None:
        """Look longer at an act, at few variables of it, at histories, and then at what is left."""
        if is_limit(asked.why) and self._calendars[0] == self._calendars[1]:  # else a trial finds the day
            self._run(asked, evolve(self._limits, deadline=self._part_of(deadline, 0.2, MOST_SEARCHED)))
        self._slice(asked, self._part_of(deadline, 0.6))
        self._try(asked, self._part_of(deadline, 0.9, MOST_TRIED))
        if asked.story is None:
            self._run(asked, evolve(self._limits, deadline=deadline))

    def _part_of(self, deadline: float, part: float, most: float = inf) -> float:
        """Return when a part of the time until the deadline is over, or ``most`` seconds are."""
        now = self._limits.clock()
        return now + min((deadline - now) * part, most)

    def _try(self, asked: _Asked, deadline: float) -> None:
        """Try histories, unless all is answered."""
        if asked.is_open:
            begun = self._clock()
            asked.story = trial(asked.questions, evolve(self._limits, deadline=deadline), self._calendars)
            asked.seconds += self._clock() - begun

    def _slice(self, asked: _Asked, deadline: float) -> None:
        """Leave out the questions that few variables answer: there is no difference."""
        if not asked.is_open:
            return
        begun = self._clock()
        slicer = self._slicer
        slicer.limits = evolve(self._limits, deadline=deadline)
        states = slicer.states
        sliced = {Slicing(each.cases, each.apart): each for each in asked.questions if each.apart}
        left = slicer.left(list(sliced))
        asked.questions = [each for each in asked.questions if not each.apart] + [sliced[one] for one in left]
        asked.states += slicer.states - states
        asked.why = asked.why if asked.questions else ""
        asked.seconds += self._clock() - begun

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
        if asked.kind.to_person and self._is_act_of_both(asked.kind):
            why = why or next(iter(self._joint.people), "")
        return Compared(*known, "unknown" if why else "none", asked.seconds, asked.states, why_unknown=why)

    def _is_contact(self, kind: EventKind) -> bool:
        known = self._joint.old.events.get(kind.name, kind)
        return kind.reaches_them or known.reaches_them

    def _is_act_of_both(self, kind: EventKind) -> bool:
        return kind.name in self._joint.old.events and self._joint.old.events[kind.name].is_act

    def _differences(self, kind: EventKind) -> Iterator[Difference]:
        """Yield a question for each way in which the old rulebook refuses the act.

        Raises:
            TooManyError: there are too many ways.
        """
        act, known = self._joint.definition.events[kind.name], self._joint.old
        is_known, calendars = self._is_act_of_both(kind), self._calendars
        is_told = is_known or kind.name in self._joint.doubts
        ways = ways_of(self.new, kind)
        found: tuple[Refusal, ...] = (Refusal(((),)),)
        counted = set(counted_in_days(chain.from_iterable(ways)))
        theirs: list[Condition] = []
        words = PLAIN
        if is_known:
            parts = chain.from_iterable(choices_of(known, known.events[kind.name]))
            theirs = list(chain.from_iterable(parts))
            counted |= set(counted_in_days(theirs))
            words = Words(calendars[1], counted, self._rounds(act, 0))
            found = refusals(known, known.events[kind.name], lambda: self._starts_alike, words)
        say = Words(calendars[0], counted, self._rounds(act, 1)).condition
        said = {each.key: say(each) for each in dict.fromkeys(chain.from_iterable(ways))}
        ways = tuple(tuple(said[each.key] for each in way) for way in ways)
        asked = {each for part in (*ways, *(refusal.apart for refusal in found)) for each in part}
        hours = any(isinstance(each.guard, Hours) for each in asked)
        apart = _looked_at(said.values()) ^ _looked_at(map(words.condition, theirs))
        shared = Relation(self._joint.definition, act, alphabet(self._joint.definition, act), (), {})
        for refusal in found:
            still_open = ((way, self._closing.open_goals(way, refusal)) for way in ways)
            left = {way: goals for way, goals in still_open if goals}
            if left:
                relation = evolve(shared, ways=tuple(left))  # so they share their moves
                goals = tuple(dict.fromkeys(chain.from_iterable(left.values())))
                old = self._old(refusal.noes) if is_told else None
                its = refusal, old, self._back, hours, apart
                yield Difference(relation, goals, self._start, self._limits, *its)

    def _rounds(self, act: EventKind, side: int) -> Rounds | None:
        """Return how to say what hangs on rounds; ``side``: 0 for the old rulebook, 1 for the new one."""
        disputed = self._openers[0] ^ self._openers[1]
        if not disputed:
            return None
        return Rounds(act, self._openers[side], disputed, self._joint.definition.events, own=side == 1)

    @cached_property
    def _starts_alike(self) -> bool:
        """Whether the old rulebook takes every application as started that the new one takes so.

        An act that starts one does so if it is allowed, so the old one must allow it where the new one does.
        """
        for kind in self.new.events.values():
            known = self._joint.old.events.get(kind.name)
            if kind.starts_application and (known is None or not known.starts_application):
                return False
            if (
                kind.starts_application
                and kind.is_act
                and self._answer(self._ask(kind.name)).verdict != "none"
            ):
                return False
        return True

    def _old(self, noes: frozenset[str]) -> Process:
        """Return the start in the old rulebook, where these custom functions answer no."""
        if noes not in self._olds:
            answers = {name: no if name in noes else yes for name in custom_functions(self.old)}
            self._olds[noes] = start(self._books[0].answering(answers))
        return self._olds[noes]


def _is_legal(story: StoryReplay, difference: Difference) -> bool:
    """Return whether both rulebooks allow every act of the story but the last."""
    lines = (line for told in (story, difference.refused(story)) if told is not None for line in told.lines)
    return all(line.became not in ("breach", "outside") for line in lines)


def _looked_at(conditions: Iterable[Condition]) -> set[Variable]:
    """Return the variables that the conditions look at."""
    options = (option for each in conditions for option in (*each.options, *each.asks))
    return {atom.variable for atoms in options for atom in atoms if atom.variable is not None}
