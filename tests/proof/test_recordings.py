"""Stories that begin alike are recorded once, and told as if each were recorded alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, repeat

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from postinterview.core.process import Process
from postinterview.proof.search import replay as replaying
from postinterview.proof.search.path import STORY_START, Happening, Story
from postinterview.proof.search.replay import Recordings, replay, start
from tests.core.helpers import packaged

NAMES = ["interview", "message", "follow_up", "rejection", "missed_call", "offer"]
EVENTS = st.tuples(st.sampled_from(NAMES), st.sampled_from([0, 24, 200]), st.sampled_from(["ana", "bo"]))


def story(
    names: Iterable[str], gaps: Iterable[int] = repeat(24), people: Iterable[str] = repeat("ana")
) -> Story:
    """A story of these events, each so many hours after the one before it, and a follow-up at its end."""
    at, told = STORY_START, []
    for name, gap, person in zip([*names, "follow_up"], chain(gaps, [24]), chain(people, [""]), strict=False):
        at += timedelta(hours=gap)
        carried = (("interviewers", (person,)),) if name == "interview" else ()
        told.append(Happening(name, at, carried=carried))
    return Story(tuple(told[:-1]), told[-1])


@example(stories=[[("interview", 24, "ana")], [("interview", 24, "bo")]])
@given(stories=st.lists(st.lists(EVENTS, min_size=1, max_size=5), min_size=1, max_size=6))
def test_a_story_told_with_recordings_is_the_story_told_alone(
    stories: list[list[tuple[str, int, str]]],
) -> None:
    process, known = start(packaged()), Recordings()
    for each in stories:
        asked = story(*zip(*each, strict=True))
        told, alone = replay(process, asked, known), replay(process, asked)
        assert (told is None) == (alone is None)
        if told is not None and alone is not None:
            assert (told.lines, told.verdict) == (alone.lines, alone.verdict)
            assert told.process.history == alone.process.history


def test_what_two_stories_begin_with_is_recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    count, recorded = 0, replaying.recorded

    def counted(process: Process, happening: Happening) -> object:
        nonlocal count
        count += 1
        return recorded(process, happening)

    monkeypatch.setattr(replaying, "recorded", counted)
    process, known = start(packaged()), Recordings()
    replay(process, story(["interview", "message", "offer"]), known)
    replay(process, story(["interview", "message", "rejection"]), known)

    assert count == 4


def test_lines_have_the_happenings_of_their_own_story() -> None:
    process, known = start(packaged()), Recordings()
    one = story(["interview", "follow_up"])
    other = Story(tuple(evolve(each, move=each.move + 7, counts=True) for each in one.happenings), one.act)
    replay(process, one, known)

    told = replay(process, other, known)

    assert told is not None
    assert [line.happening for line in told.lines] == list(other.happenings)


def test_recordings_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "MOST_RECORDINGS", 10)
    process, known = start(packaged()), Recordings()
    for hours in range(1, 40):
        assert replay(process, story(["message"], [hours]), known) is not None
        assert len(known) <= 10
