"""Give acts on the way a history of their own, in which the rules allow them.

A search follows one place. That an act in another application, or to another person, can be allowed there is
more than it knows: no guard of that other place is asked. So when a story is told to the engine, such an act
may be refused. It then gets an application of its own (or a person), with the shortest history after which
the act is allowed, moved so that it ends at the act. Whether the story as a whole holds is for the engine to
say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias, get_args

from attrs import define, evolve, field

from postinterview.core.past.events import Value
from postinterview.core.process import Process
from postinterview.core.values.moments import ONE_DAY
from postinterview.proof.search.path import ELSEWHERE, HERE, THEM, Happening, Story
from postinterview.proof.search.replay import Recordings, StoryReplay, replay

Manner: TypeAlias = Literal["own", "shared", "early", "exact"]
"""The place of preludes: each a whole number of days before its act and in an application of its own; all in
one application; all before the first act that counts, so that nothing is heard between those; or each just as
long before its act as it was found."""

JOBS = ("sales", "design", "support", "research", "finance", "training", "logistics", "security")
SURNAMES = ("lee", "kim", "cole", "diaz", "wolf", "rossi", "moreau", "novak")
"""The names of applications and people that a prelude adds: a story is about somebody."""

BEFORE = -1
"""The number of the move of what no path has."""


@define(eq=False)
class Preludes:
    """The shortest histories after which each act is allowed. ``find`` searches for one.

    ``recordings``: of stories told before.
    """

    start: Process
    find: Callable[[str], StoryReplay | None]
    recordings: Recordings
    _found: dict[str, StoryReplay | None] = field(factory=dict, init=False)

    def completed(self, made: StoryReplay, *, apart: bool) -> Iterator[StoryReplay]:
        """Yield the story with a prelude for each act that counts and was refused, in several manners.

        ``apart``: each such act gets an application of its own, because none is followed.
        """
        stories: list[Story] = []
        for manner in get_args(Manner):
            again = self._completed(made, manner, apart=apart)
            if again.story not in stories:
                stories.append(again.story)
                yield again

    def _completed(self, made: StoryReplay, manner: Manner, *, apart: bool) -> StoryReplay:
        """Return the story with a prelude for each act that counts and was refused, if there is one."""
        done: set[int] = set()
        first = next((line.happening for line in made.lines if line.happening.counts), made.story.act)
        while True:
            refused = (act for act, verdict in made.asked if act.counts and not verdict.allowed)
            act = next((each for each in refused if each.move not in done), None)
            prelude = None if act is None else self._of(act.event)
            if act is None or prelude is None:
                return made
            elsewhere = apart or act.application == ELSEWHERE
            number = 1 if manner == "shared" else 1 + len(done)
            own = _numbered(JOBS, number, "other") if elsewhere else act.application or HERE
            if manner == "shared" and done and elsewhere:
                there = replay(self.start, _moved(made.story, act, own), self.recordings)
                if there is not None and all(v.allowed for each, v in there.asked if each.move == act.move):
                    made = there
                    continue
            done.add(act.move)
            later = (first.at if manner == "early" else act.at) - prelude.at
            if manner != "exact":
                later = later.days * ONE_DAY  # so that dates stay dates
            story = _preceded(made.story, act, prelude.story, own, len(done), later)
            told = replay(self.start, story, self.recordings)
            if told is None:
                return made
            made = told

    def _of(self, event: str) -> StoryReplay | None:
        if event not in self._found:
            self._found[event] = None  # while it is looked for, no act on the way to it has one
            self._found[event] = self.find(event)
        return self._found[event]


def _moved(story: Story, act: Happening, own: str) -> Story:
    """Return the story with the act in the application ``own``, and all others where they are."""
    told = [_placed(each, own if each is act else each.application or HERE) for each in story.happenings]
    last = own if story.act is act else story.act.application or HERE
    return Story(tuple(told), _placed(story.act, last))


def _preceded(story: Story, act: Happening, prelude: Story, own: str, number: int, later: timedelta) -> Story:
    """Return the story with the act and the prelude to it in the application ``own``.

    ``number`` tells the people of several preludes apart. ``later``: what the prelude is moved by.
    """
    moved = _moved(story, act, own)
    told = list(moved.happenings)
    for each in prelude.happenings:
        again = evolve(each, at=each.at + later, move=BEFORE, counts=False)
        told.append(_placed(_renamed(again, act.to, number, later), own))
    told.sort(key=lambda each: (each.at, each.move))
    return Story(tuple(told), moved.act)


def _numbered(names: Sequence[str], number: int, beyond: str = "") -> str:
    """Return one of the names by its number from 1; beyond them the number itself."""
    return names[number - 1] if number <= len(names) else f"{beyond} {number}".lstrip()


def _placed(each: Happening, application: str) -> Happening:
    return evolve(each, application=application)


def _renamed(each: Happening, person: str | None, number: int, days: timedelta) -> Happening:
    """Return it with the person of the act in place of the prelude's own, and with its dates moved."""

    def name(known: str) -> str:
        return person if person and known == THEM else f"{known} {_numbered(SURNAMES, number)}"

    def moved(value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(map(name, value))
        return value + days if isinstance(value, date) else value

    to = None if each.to is None else name(each.to)
    return evolve(each, to=to, carried=tuple((field, moved(value)) for field, value in each.carried))
