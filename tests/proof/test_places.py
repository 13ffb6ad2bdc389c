"""Where acts lie in the model and in the engine: in unheard applications, and with strangers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postinterview as pi
from tests.proof.helpers import PATIENT, allowed_by_both, prove_own
from tests.strategies.scale import IS_LONG

RULES = """
format: 1
title: Places
events:
  word: {by: employer}
  news: {by: employer}
  talk: {by: employer, opens: round, fields: {people: people}}
  weather: {by: world}
  apply: {by: candidate, contact: courtesy, starts: application}
  ask: {by: candidate, contact: chase}
  note: {by: candidate, contact: courtesy, to: interviewer, fields: {copy: people}}
  profile: {by: candidate, contact: none}
machines:
  line:
    per: application
    start: new
    states: {new: {}, open: {}}
    transitions:
      worded: {event: word, from: new, to: open}
      talked: {event: talk, from: new, to: open}
      weathered: {event: weather, from: new}
      applied: {event: apply, from: new, guards: {once: {at_most: 1, of: apply}}}
      asked: {event: ask, from: [new, open], guards: {few: {at_most: 2, of: [note, ask], FEW}}}
      noted: {event: note, from: [new, open], guards: {rare: {at_most: 2, of: [note, ask], RARE}}}
  plan:
    per: employer
    start: none
    states: {none: {}}
    transitions: {filled: {event: profile, from: none}, heard: {event: news, from: none}}
"""


def text(scope: str = "application") -> str:
    few = "round" if scope == "round" else "application"
    return RULES.replace("FEW", f"per: {few}").replace("RARE", f"per: {scope}")


def book(scope: str = "application") -> pi.Rulebook:
    return pi.load_rulebook(text=text(scope))


EVENTS = st.tuples(
    st.sampled_from(["word", "news", "talk", "talk", "weather", "ask", "note", "note", "profile"]),
    st.sampled_from(["main", "main", "other"]),
    st.sampled_from(["ana", "ana", "bob", "zed"]),
    st.booleans(),
)


@pytest.mark.parametrize("per", ["application", "round", "interviewer", "[round, interviewer]"])
def test_acts_are_allowed_in_the_model_where_they_are_in_the_engine(per: str) -> None:
    """Whatever was recorded of which application, and with whom. Nobody applies: of that more below."""
    rulebook = book(per)
    allowed = set[bool]()

    @settings(max_examples=150 if IS_LONG else 20)
    @given(st.lists(EVENTS, max_size=8))
    def check(history: list[tuple[str, str, str, bool]]) -> None:
        process, at = rulebook.start("acme", "UTC"), datetime(2026, 3, 2, 9, tzinfo=UTC)
        for event, application, person, copied in history:
            at += timedelta(hours=1)
            named: dict[str, Any] = {"people": [person]} if event == "talk" else {}
            if event == "note" and copied:
                named = {"copy": ["ana"]}
            where = None if event in ("news", "profile") else application
            to = person if event == "note" else None
            process = process.record(event, at=at, to=to, application=where, **named).process
            allowed.add(allowed_by_both(process, "ask", at))
            allowed.add(allowed_by_both(process, "note", at, "ana"))
            allowed_by_both(process, "apply", at)
            assert allowed_by_both(process, "profile", at, application=None)

    check()
    assert allowed == {False, True}


# --- applications that nothing started ------------------------------------------------------------


def test_an_act_in_an_application_that_nothing_started_is_no_story() -> None:
    story = prove_own(book(), "never: ask, more_than: 0, per: application", "ask").results[0].violation
    assert story is not None
    assert [line.happening.event for line in story.lines] in (["word"], ["talk"], ["apply"])
    without = pi.load_rulebook(
        text="""
format: 1
title: Nobody starts
events: {weather: {by: world}, ask: {by: candidate, contact: chase}}
machines:
  line:
    per: application
    start: new
    states: {new: {}}
    transitions: {weathered: {event: weather, from: new}, asked: {event: ask, from: new}}
"""
    )
    assert prove_own(without, "never: ask, more_than: 0").verdict == "proved"


def test_news_of_the_employer_as_a_whole_starts_no_application() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    process = book().start("acme", "UTC").record("news", at=at).process
    assert not allowed_by_both(process, "ask", at)
    assert allowed_by_both(process.record("word", at=at).process, "ask", at)


def test_an_act_that_concerns_the_employer_as_a_whole_needs_no_start() -> None:
    proof = prove_own(book(), "never: profile, more_than: 0", "profile")
    story = proof.results[0].violation
    assert story is not None
    assert not story.lines


def compared(old: str, new: str) -> str:
    def changed(change: str) -> pi.Rulebook:
        before, after = change.split(" > ")
        assert before in RULES
        return pi.load_rulebook(text=text().replace(before, after))

    return next(
        each.verdict
        for each in pi.compare(changed(old), changed(new), max_seconds=PATIENT).acts
        if each.act == "ask"
    )


SAME = "Places > Places"
LOOSER = "at_most: 1, of: apply > at_most: 2, of: apply"
NO_START = ", starts: application} > }"
NO_WORD = "word: {by: employer} > word: {by: world}"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (SAME, SAME, "none"),
        (LOOSER, SAME, "none"),
        (SAME, NO_START, "none"),
        (NO_START, SAME, "some"),
        (SAME, LOOSER, "unknown"),
        (NO_WORD, SAME, "some"),
    ],
)
def test_what_starts_an_application_is_compared(old: str, new: str, verdict: str) -> None:
    assert compared(old, new) == verdict
