"""The edits that people make to the packaged rules are answered, forth and back, and the stories replay."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from time import process_time  # noqa: TID251 - a comparison asks a clock for its limit

import pytest

import postinterview as pi
from benchmarks.proving.edits import EDITS, PACK, PACKS, edited
from benchmarks.proving.sweep import everything
from benchmarks.proving.sweep import rulebook as swept_rulebook
from postinterview.proof.compare import Comparer
from postinterview.proof.search.pace import Pace
from tests.proof.helpers import PATIENT


@cache
def rulebook(text: str) -> pi.Rulebook:
    return pi.load_rulebook(text=text, name="mine.yaml")


@cache
def compared(text: str, *, back: bool) -> pi.Comparison:
    """The comparison with the work that it usually does, however slow the machine is."""
    files = (pi.load_rulebook(), rulebook(text))
    pace = Pace(process_time, PATIENT)
    return Comparer(*(files[::-1] if back else files), process_time, pace=pace).compare()


QUICK = (
    "business days for hours",
    "hours for business days",
    "only one's own application",
    "a removed machine",
    "ten times as much",
    "a no of theirs that starts anew",
    "a chase that answers a question",
)

NAMES = [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in (*EDITS, *PACKS)]


@pytest.mark.parametrize("name", NAMES)
def test_every_edit_is_answered_forth_and_back_with_a_story_that_both_engines_follow(name: str) -> None:
    for back in (False, True):
        comparison = compared(edited(name), back=back)
        assert [each.act for each in comparison.acts if each.verdict == "unknown"] == []
        for each in comparison.acts:
            if each.verdict == "some":
                assert each.allowed is not None
                assert each.allowed.verdict.allowed
                assert each.refused is None or not each.refused.verdict.allowed


def newly(name: str, *, back: bool) -> set[str]:
    return {each.act for each in compared(edited(name), back=back).acts if each.verdict == "some"}


@pytest.mark.slow
def test_two_business_days_are_never_less_than_a_day_and_often_more() -> None:
    assert newly("business days for hours", back=False) == set()
    assert newly("business days for hours", back=True) == {"linkedin_invite"}


CHASES = {"follow_up", "missed_call"}


@pytest.mark.parametrize(
    ("name", "forth", "back"),
    [
        ("only one's own application", CHASES, set()),
        ("hours for business days", {"follow_up"}, CHASES),
        ("a date that an offer leaves", set(), set()),
        pytest.param("fewer answers to a question", {"reply"}, CHASES, marks=pytest.mark.slow),
        pytest.param("one answer fewer", {"reply"}, CHASES, marks=pytest.mark.slow),
        ("a no that opens a round", set(), set()),
        pytest.param("a pause that opens no round", CHASES, CHASES, marks=pytest.mark.slow),
        pytest.param("a task that opens no round", CHASES, CHASES, marks=pytest.mark.slow),
        pytest.param("a bound on words anywhere during a pause", CHASES, set(), marks=pytest.mark.slow),
        pytest.param("a promise that is no word", set(), {"reply"}, marks=pytest.mark.slow),
        pytest.param("a promise that ends none before", set(), {"assume_closed"}, marks=pytest.mark.slow),
        pytest.param("a no that ends one date", CHASES, {*CHASES, "assume_closed"}, marks=pytest.mark.slow),
        pytest.param(
            "a task that ends another date", {*CHASES, "assume_closed"}, CHASES, marks=pytest.mark.slow
        ),
        pytest.param("a follow-up that ends a pause", CHASES, CHASES, marks=pytest.mark.slow),
        pytest.param("a follow-up that pauses", CHASES, CHASES, marks=pytest.mark.slow),
        pytest.param("one word fewer", set(), {"reply"}, marks=pytest.mark.slow),
        ("a no in any application", set(), {"rejection_reply"}),
        pytest.param("an offer among the nudges", set(), CHASES, marks=pytest.mark.slow),
        pytest.param("any word before a talk", CHASES, set(), marks=pytest.mark.slow),
        ("a chase that answers a question", CHASES, CHASES),
        ("no talk lately", CHASES, set()),
        pytest.param("a machine that starts elsewhere", set(), set(), marks=pytest.mark.slow),
        ("a plan for all applications", {"counter_offer"}, set()),
        pytest.param("a profile for each application", set(), {"linkedin_invite"}, marks=pytest.mark.slow),
        pytest.param(
            "a connection in each application",
            {"linkedin_invite", "notice", "withdraw"},
            set(),
            marks=pytest.mark.slow,
        ),
        ("a shorter bound in business days", set(), CHASES),
        pytest.param("a longer bound in business days", CHASES, set(), marks=pytest.mark.slow),
        pytest.param(
            "a date that nothing calls off", CHASES, {*CHASES, "assume_closed"}, marks=pytest.mark.slow
        ),
        pytest.param("a country", CHASES, {*CHASES, "assume_closed"}, marks=pytest.mark.slow),
        pytest.param("another country", CHASES, {*CHASES, "assume_closed"}, marks=pytest.mark.slow),
        pytest.param("a holiday", {"follow_up"}, {*CHASES, "assume_closed"}, marks=pytest.mark.slow),
        pytest.param("two holidays", {"follow_up"}, {*CHASES, "assume_closed"}, marks=pytest.mark.slow),
    ],
)
def test_an_edit_allows_newly_what_both_engines_say(name: str, forth: set[str], back: set[str]) -> None:
    assert newly(name, back=False) == forth
    assert newly(name, back=True) == back


def test_a_question_that_fewer_events_answer_shows_in_a_short_story() -> None:
    edit = "guard_sets: {before_any_nudge: {answer_first: {since: interview}}}\n"
    comparer = Comparer(rulebook(PACK + edit), pi.load_rulebook(), process_time, max_seconds=PATIENT)
    (follow_up,) = comparer.compare(["follow_up"]).acts
    assert follow_up.allowed is not None
    assert follow_up.allowed.verdict.allowed
    assert follow_up.refused is not None
    assert not follow_up.refused.verdict.allowed


@pytest.mark.parametrize("act", ["follow_up", "missed_call"])
def test_rules_that_differ_in_nearly_everything_are_compared_by_a_search(act: str) -> None:
    first = pi.load_rulebook(Path(__file__).parents[1] / "rules" / "default-1.yaml")
    for old, new in ((first, pi.load_rulebook()), (pi.load_rulebook(), first)):
        (found,) = Comparer(old, new, process_time, max_seconds=PATIENT).compare([act]).acts
        assert found.allowed is not None
        assert found.allowed.verdict.allowed
        assert found.refused is not None
        assert not found.refused.verdict.allowed


@pytest.mark.slow
def test_no_act_of_a_story_is_refused_where_another_story_shows_the_same() -> None:
    """A forgotten scope: the shortest story has a follow-up before the first talk."""
    for each in compared(edited("another forgotten scope"), back=True).acts:
        if each.verdict == "some":
            lines = [line for told in (each.allowed, each.refused) if told is not None for line in told.lines]
            assert [line.happening.event for line in lines].count("follow_up") == 2
            assert {line.became for line in lines} == {"recorded", "allowed"}


RENAMED = """format: 1
title: Calls
version: "VERSION"
events:
  message: {by: employer}
  CALL: {by: candidate, contact: attempt, fields: {by_phone: bool}}
machines:
  LINE:
    per: application
    start: OPEN
    states: {OPEN: {}, called: {}}
    transitions:
      heard: {event: message, from: OPEN}
      ring: {event: CALL, from: OPEN, to: called, guards: {patience: {apart: DAYS days, from: message}}}
"""


def calls(version: str, call: str, line: str, state: str, days: int) -> str:
    words = {"VERSION": version, "CALL": call, "LINE": line, "OPEN": state, "DAYS": str(days)}
    text = RENAMED
    for word, instead in words.items():
        text = text.replace(word, instead)
    return text


@pytest.mark.parametrize(("days", "forth", "back"), [(7, "none", "none"), (6, "some", "none")])
def test_what_a_migration_renamed_is_one_thing_for_both(days: int, forth: str, back: str) -> None:
    old = pi.load_rulebook(text=calls("1", "call", "line", "open", 7))
    migrations = (
        'migrations: {words: {from: "1", events: {call: ring_up}, machines: {line: phone}, '
        "states: {phone: {open: idle}}}}\n"
    )
    new = pi.load_rulebook(text=calls("2", "ring_up", "phone", "idle", days) + migrations)
    found = pi.compare(old, new, max_seconds=PATIENT)

    assert [each.verdict for each in found.acts] == [forth]
    assert [each.verdict for each in pi.compare(new, old, max_seconds=PATIENT).acts] == [back]
    for each in found.acts:
        assert each.refused is None or each.refused.story.act.event == "call"


@pytest.mark.parametrize("name", [*EDITS, *PACKS])
def test_every_edit_can_still_be_made_in_the_packaged_rules(name: str) -> None:
    assert rulebook(edited(name)).definition != pi.load_rulebook().definition


@pytest.mark.slow
def test_every_kind_of_plain_edit_leaves_rules_that_differ_from_the_packaged_ones() -> None:
    kinds: dict[str, set[bool]] = {}
    for number, (kind, _, rules) in enumerate(everything()):
        if number % 5 == 0:
            made = swept_rulebook(rules)
            kinds.setdefault(kind, set()).add(
                made is not None and made.definition != pi.load_rulebook().definition
            )
    assert all(True in found for found in kinds.values()), kinds
