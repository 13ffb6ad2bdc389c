"""Tell a story in fewer events and applications, where the engine says that it shows the same.

A search follows one place, so acts that have to be allowed elsewhere get histories of their own. Often one
application will do, with each act a little later. So the story is told again there, every act that has to be
allowed at the first moment at which the engine allows it. Then each fact, and each act that need not be
allowed, is left out if the story shows the same without it.

Example: four follow-ups in four applications, an hour apart and each after an interview of its own, become an
interview and four follow-ups three days apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from attrs import evolve

from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.proof.search.path import ELSEWHERE, HERE, Happening, Story
from postinterview.proof.search.replay import Recordings, StoryReplay, replay

Confirms = Callable[[StoryReplay], bool]


def retold(start: Process, made: StoryReplay, confirms: Confirms, known: Recordings) -> StoryReplay:
    """Return the story with fewer applications and events, if one shows the same as `confirms` has it.

    ``known``: the recordings of stories told before.
    """
    told = made.events
    if len({each.application for each in told}) < 2:
        return made
    made = _if_shown(start, _in_one_application(told), confirms, known) or made
    number = len(made.story.happenings)
    while number := number - 1:
        told = made.events
        if not told[number].counts:
            made = _if_shown(start, (*told[:number], *told[number + 1 :]), confirms, known) or made
    return made


def delayed(start: Process, told: Iterable[Happening], known: Recordings) -> StoryReplay | None:
    """Return the story with its acts at the first moments at which the engine allows them."""
    story = _allowed_at_once(start, tuple(told), known)
    return None if story is None else replay(start, story, known)


def _if_shown(
    start: Process, told: Iterable[Happening], confirms: Confirms, known: Recordings
) -> StoryReplay | None:
    made = delayed(start, told, known)
    return made if made is not None and confirms(made) else None


def _in_one_application(told: tuple[Happening, ...]) -> list[Happening]:
    """Return the story in one application, with one of the histories that acts elsewhere got."""
    added = [each.application for each in told if each.application not in (HERE, ELSEWHERE, None)]
    kept = (each for each in told if each.counts or each.application in (HERE, ELSEWHERE, None, *added[:1]))
    return [evolve(each, application=None) for each in kept]


def _allowed_at_once(start: Process, told: tuple[Happening, ...], known: Recordings) -> Story | None:
    """Return the story with its acts at the first moments at which the engine allows them.

    Acts that are refused for good stay where they are; None if something can't be recorded.
    """
    process, later, dated = start, timedelta(0), list[Happening]()
    try:
        for number, each in enumerate(told, 1):
            put = moved(each, later)
            made = known.record(process, put)
            opens_at = None if made.refused is None else made.refused.opens_at
            if opens_at is not None and (each.counts or number == len(told)):
                later += opens_at - put.at
                put = moved(each, later)
                made = known.record(process, put)
            process = made.process
            dated.append(put)
    except MisuseError:
        return None
    return Story(tuple(dated[:-1]), dated[-1])


def moved(each: Happening, later: timedelta) -> Happening:
    """Return it at a later moment, with its dates so many days later."""
    at = each.at + later
    days = at.date() - each.at.date()
    carried = ((name, value + days if isinstance(value, date) else value) for name, value in each.carried)
    return evolve(each, at=at, carried=tuple(carried))
