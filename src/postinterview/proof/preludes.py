"""Give acts on the way a history of their own, in which the rules allow them.

A search follows one place. That an act in another application, or to another person, can be allowed there is
more than it knows: no guard of that other place is asked. So when a story is told to the engine, such an act
may be refused. It then gets an application of its own (or a person), with the shortest history after which
the act is allowed, moved so that it ends at the act. Whether the story as a whole holds is for the engine to
say.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve, field

from postinterview.core.events import Value
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

    def completed(self, made: StoryReplay) -> StoryReplay | None:
        """Return the story with a prelude for each act that counts and was refused; None if that fails."""
        done: set[int] = set()
        told: StoryReplay | None = made
        while told is not None:
            act, verdict = told.decisive
            if verdict.allowed:
                return told
            prelude = None if act.move in done or act is told.story.act else self._of(act.event)
            if prelude is None:
                return None
            done.add(act.move)
            told = replay(self.start, _preceded(told.story, act, prelude.story, len(done)))
        return None

    def _of(self, event: str) -> StoryReplay | None:
        if event not in self._found:
            self._found[event] = self.find(event)
        return self._found[event]


def _preceded(story: Story, act: Happening, prelude: Story, number: int) -> Story:
    """Return the story with the prelude moved to end at the act. ``number`` tells several preludes apart."""
    own = f"other {number}" if act.application == ELSEWHERE else act.application or HERE
    later = act.at - prelude.act.at
    told = [_placed(each, own if each is act else each.application or HERE) for each in story.happenings]
    for each in prelude.happenings:
        moved = evolve(each, at=each.at + later, move=BEFORE, counts=False)
        told.append(_placed(_renamed(moved, act.to, number), own))
    told.sort(key=lambda each: (each.at, each.move))
    return Story(tuple(told), _placed(story.act, story.act.application or HERE))


def _placed(each: Happening, application: str) -> Happening:
    return evolve(each, application=application)


def _renamed(each: Happening, person: str | None, number: int) -> Happening:
    """Return it with the person of the act in place of the prelude's own, and other people told apart."""

    def name(known: str) -> str:
        return person if person and known == THEM else f"{known} {number}"

    def people(value: Value) -> Value:
        return tuple(map(name, value)) if isinstance(value, tuple) else value

    to = None if each.to is None else name(each.to)
    return evolve(each, to=to, carried=tuple((field, people(value)) for field, value in each.carried))
