"""Give acts on the way a history of their own, in which the rules allow them.

A search follows one place. That an act in another application, or to another person, can be allowed there is
more than it knows: no guard of that other place is asked. So when a story is told to the engine, such an act
may be refused. It then gets an application of its own (or a person), with the shortest history after which
the act is allowed, moved so that it ends at the act. Whether the story as a whole holds is for the engine to
say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from attrs import define, evolve, field

from postinterview.core.events import Value
from postinterview.core.moments import ONE_DAY
from postinterview.core.process import Process
from postinterview.proof.path import ELSEWHERE, HERE, THEM, Happening, Story
from postinterview.proof.replay import StoryReplay, replay

BEFORE = -1
"""The number of the move of what no path has."""


@define(eq=False)
class Preludes:
    """The shortest histories after which each act is allowed. ``find`` searches for one."""

    start: Process
    find: Callable[[str], StoryReplay | None]
    _found: dict[str, StoryReplay | None] = field(factory=dict, init=False)

    def completed(self, made: StoryReplay, *, apart: bool) -> StoryReplay:
        """Return the story with a prelude for each act that counts and was refused, up to one that stays so.

        ``apart``: each such act gets an application of its own, because none is followed.
        """
        done: set[int] = set()
        while True:
            act, verdict = made.decisive
            prelude = self._of(act.event) if act.counts and act.move not in done else None
            if verdict.allowed or prelude is None:
                return made
            done.add(act.move)
            own = f"other {len(done)}" if apart or act.application == ELSEWHERE else act.application or HERE
            told = replay(self.start, _preceded(made.story, act, prelude.story, own, len(done)))
            if told is None:
                return made
            made = told

    def _of(self, event: str) -> StoryReplay | None:
        if event not in self._found:
            self._found[event] = self.find(event)
        return self._found[event]


def _preceded(story: Story, act: Happening, prelude: Story, own: str, number: int) -> Story:
    """Return the story with the act and the prelude to it in the application ``own``.

    ``number`` tells the people of several preludes apart.
    """
    days = (act.at - prelude.act.at).days * ONE_DAY  # whole days, so that dates stay dates
    told = [_placed(each, own if each is act else each.application or HERE) for each in story.happenings]
    for each in prelude.happenings:
        moved = evolve(each, at=each.at + days, move=BEFORE, counts=False)
        told.append(_placed(_renamed(moved, act.to, number, days), own))
    told.sort(key=lambda each: (each.at, each.move))
    last = own if story.act is act else story.act.application or HERE
    return Story(tuple(told), _placed(story.act, last))


def _placed(each: Happening, application: str) -> Happening:
    return evolve(each, application=application)


def _renamed(each: Happening, person: str | None, number: int, days: timedelta) -> Happening:
    """Return it with the person of the act in place of the prelude's own, and with its dates moved."""

    def name(known: str) -> str:
        return person if person and known == THEM else f"{known} {number}"

    def moved(value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(map(name, value))
        return value + days if isinstance(value, date) else value

    to = None if each.to is None else name(each.to)
    return evolve(each, to=to, carried=tuple((field, moved(value)) for field, value in each.carried))
