"""Acts in a state that is `outside: true`: refused if asked for, and not judged if they happened."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import audit, load_map
from tests.core.helpers import at, ids
from tests.core.test_small_rules import begin, small

START = at("2026-03-02 10:00")
DAY = timedelta(days=1)

EVENTS = """
  talk: {by: employer, opens: round, gives: word, title: an interview}
  word: {by: employer, gives: word}
  ask: {by: candidate}
  ring: {by: candidate, contact: attempt}
  answer: {by: candidate, contact: reply}
  leave: {by: candidate, contact: courtesy}
"""
MACHINES = """
  application:
    title: The application
    per: application
    start: before
    states: {before: {title: Before the interview, outside: true}, open: {title: Open}, gone: {title: Over}}
    transitions:
      talked: {event: talk, from: before, to: open}
      worded: {event: word, from: any}
      asked: {event: ask, from: open, guards: {few: {at_most: 1, of: ask}}}
      rang: {event: ring, from: open, guards: {rarely: {at_most: 1, of: [ask, ring], within: 7 days}}}
      answered: {event: answer, from: open, guards: {a_word: {spends: word}}}
      left:
        event: leave
        from: [before, open]
        to: gone
        breach_from: any
        guards: {early: {happened: word}}
  other:
    per: application
    start: here
    states: {here: {}}
    transitions:
      answered: {event: answer, from: here, guards: {never_asked: {not_happened: ask}}}
"""
CREDITS = "credits: {word: {max: 2}}"
FRESH = begin(EVENTS, MACHINES, CREDITS)


def test_an_act_that_no_transition_knows_is_refused_and_recorded_without_being_judged() -> None:
    heard = FRESH.record("word", at=START).process
    refused = heard.do("ask", at=START)
    assert refused.refused
    assert ids(refused.verdict) == ["state"]
    assert refused.text == (
        'ask: refused on Mon 2 Mar 2026 10:00. The application is "Before the interview"; needed: "Open". '
        "First, at least: an interview."
    )
    told = heard.record("ask", at=START)
    assert (told.breach, told.outside, told.refused) == (False, True, False)
    assert told.verdict is not None
    assert not told.verdict
    assert told.text == (
        'Recorded as entry 2: ask. It is recorded, not judged: the application is "Before the interview".'
    )
    placed = told.process.timeline[-1]
    assert (placed.breach, placed.doubtful, placed.outside, placed.refused) == (False, False, True, True)
    assert told.process.breaches == ()
    assert repr(placed) == "<Placed ask, Mon 2 Mar 2026 09:00 UTC, round 0, not judged>"
    assert repr(told).endswith(", not judged>")


def test_it_is_outside_in_an_application_that_nobody_started_too_and_starts_none() -> None:
    told = FRESH.record("ask", at=START)
    assert told.outside
    assert ids(told.verdict) == ["state", "state"]
    assert ids(told.process.may("leave", at=START)) == ["state", "early"]


def test_what_happened_outside_counts_in_budgets_windows_and_credits() -> None:
    process = FRESH.record("word", at=START).process.record("ask", at=START).process
    process = process.record("answer", at=START).process
    assert process.timeline[-1].spent == ("word",)
    process = process.record("talk", at=START).process
    assert ids(process.may("ask", at=START)) == ["few"]
    assert process.may("ring", at=START).opens_at == START + 7 * DAY
    assert ids(process.may("answer", at=START)) == ["never_asked"]


def test_an_act_with_a_transition_from_there_is_judged() -> None:
    assert FRESH.record("leave", at=START).breach
    process = FRESH.record("talk", at=START, application="other").process
    assert process.record("leave", at=START, application="main").breach
    started = FRESH.record("word", at=START).process
    assert started.do("leave", at=START).process.state("application") == "gone"


def test_elsewhere_an_act_without_a_transition_is_a_breach() -> None:
    process = FRESH.record("word", at=START).process.do("leave", at=START).process
    assert process.record("ask", at=START).breach


def test_a_late_interview_turns_it_into_an_act_that_is_judged() -> None:
    process = FRESH.record("word", at=START).process
    process = process.record("ask", at=START + DAY).process.record("ask", at=START + DAY).process
    late = process.record("talk", at=START, late=True)
    assert late.now_breaches == (3,)
    assert [placed.outside for placed in late.process.timeline] == [False] * 4
    back = late.process.retract(4, at=START + DAY)
    assert back.no_longer_breaches == (3,)
    assert [placed.outside for placed in back.process.timeline] == [False, True, True]


def test_a_saved_process_keeps_it_and_other_rules_tell_the_difference() -> None:
    process = FRESH.record("word", at=START).process.record("ask", at=START).process
    assert '"outside": true' in process.to_json()
    assert process.rulebook.restore(process.to_json()) == process
    judging = pi.load_rulebook(text=small(EVENTS, MACHINES.replace(", outside: true", ""), CREDITS))
    with pytest.raises(pi.RulesChangedError) as caught:
        judging.restore(process.to_json())
    assert [str(each).split(") ", 1)[1] for each in caught.value.differences] == [
        "was not judged, and is now a breach of `state` (<text>:18)"
    ]
    assert '"outside"' not in FRESH.record("talk", at=START).process.do("ask", at=START).process.to_json()


def test_the_audit_lists_it_and_is_clean() -> None:
    by = load_map(
        text="""
format: 1
timezone: Europe/Zurich
dates: ["%Y-%m-%d %H:%M"]
as_of: 2026-04-01
employer: Company
read:
  talk: {event: talk, when: {What: talk}, at: Date}
  word: {event: word, when: {What: word}, at: Date}
  ask: {event: ask, when: {What: ask}, at: Date}
never: [ring, answer, leave]
""",
        rulebook=FRESH.rulebook,
    )
    rows = ["Company,What,Date", "Acme,word,2026-03-01 10:00", "Acme,ask,2026-03-02 10:00"]
    made = audit([f"{row}\n" for row in rows], by)
    assert [(each.kind, each.line) for each in made] == [("outside", 3)]
    assert made.is_clean
    assert made.is_certain
    assert made.processes["Acme"].breaches == ()


@given(st.lists(st.sampled_from(["talk", "word", "ask", "ring", "answer", "leave"]), max_size=8))
def test_an_act_is_judged_from_the_first_interview_on_and_before_it_if_a_transition_knows_it(
    events: list[str],
) -> None:
    process, before = FRESH, True
    for event in events:
        outcome = process.record(event, at=START)
        act = outcome.verdict is not None
        assert outcome.outside is (act and before and event != "leave")
        assert outcome.breach is (act and not outcome.verdict and not outcome.outside)
        before = before and event not in ("talk", "leave")
        process = outcome.process
    assert process.rulebook.restore(process.to_json()) == process
    assert [placed.outside for placed in process.timeline].count(True) <= len(events) - len(process.breaches)


def test_none_means_left_out_for_an_optional_field() -> None:
    process = begin(
        """
  talk:
    by: employer
    opens: round
    fields:
      people: {type: people, optional: true}
      until: {type: date, optional: true}
      note: text
  ask: {by: candidate, fields: {note: text}}
""",
        """
  application:
    per: application
    start: here
    states: {here: {}}
    transitions:
      talked: {event: talk, from: here}
      asked: {event: ask, from: here}
""",
    )
    told = process.record("talk", at=START, people=None, until=None, note="a").process
    assert told == process.record("talk", at=START, note="a").process
    assert told.timeline[-1].people == ()
    assert told.record("ask", at=START, note=None).process == told.record("ask", at=START).process
    with pytest.raises(pi.FieldError, match="needs the field `note`"):
        process.record("talk", at=START, people=["ana"], until=date(2026, 3, 9), note=None)
