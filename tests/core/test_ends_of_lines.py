"""A line of the agenda ends when there is nothing left to do about it."""

from __future__ import annotations

from datetime import date, timedelta

import postinterview as pi
from tests.core.helpers import at

TALK = at("2026-03-02 10:00")
DAY = timedelta(days=1)

RULES = """
format: 1
title: When lines end
events:
  talk: {by: employer, opens: round, fields: {who: people}}
  question: {by: employer, gives: credit}
  word: {by: employer, gives: credit}
  date: {by: employer, fields: {day: {type: date, sets: day}}}
  drop: {by: employer, ends: day}
  offer: {by: employer}
  refusal: {by: employer}
  reply: {by: candidate, contact: reply}
  thank: {by: candidate, contact: courtesy, to: interviewer}
  send: {by: candidate, contact: courtesy}
  accept: {by: candidate, contact: courtesy}
  answer: {by: candidate, contact: courtesy}
classes:
  settled: [reply, date, talk]
credits:
  credit: {max: 3, per: application, emptied_by: refusal}
machines:
  case:
    per: application
    start: before
    states: {before: {}, waiting: {}, offered: {}, accepted: {over: true}, refused: {over: true}}
    transitions:
      met: {event: talk, from: [before, waiting], to: waiting}
      met_again: {event: talk, from: [offered, accepted]}
      asked: {event: question, from: any}
      wrote: {event: word, from: any}
      named: {event: date, from: any}
      dropped: {event: drop, from: any}
      offered: {event: offer, from: [waiting, offered], to: offered}
      refused: {event: refusal, from: any, to: refused}
      answer_the_question:
        event: reply
        from: any
        guards: {spend: {spends: credit}, open: {happened: question, since: settled}}
        due: question + 24 hours
      answer_the_word:
        event: reply
        from: any
        guards: {spend: {spends: credit}, fresh: {not_after: word + 14 days}}
      thanked:
        event: thank
        from: [waiting, offered, accepted]
        guards: {fresh: {not_after: talk + 14 days, per: interviewer}}
      sent: {event: send, from: [waiting, offered], due: day}
      accepted: {event: accept, from: offered, to: accepted, breach_from: any, due: offer + 7 days}
      answered: {event: answer, from: refused, due: refusal + 48 hours}
  thanks:
    per: [round, interviewer]
    start: owed
    states: {owed: {}, sent: {}}
    transitions:
      sent: {event: thank, from: [owed, sent], to: sent, due: talk + 24 hours}
"""


def told(*steps: str) -> pi.Process:
    """The process after a talk on 2 March and these events, a day apart."""
    process = pi.load_rulebook(text=RULES).start("acme", "Europe/Zurich")
    process = process.record("talk", at=TALK, who=["ana"]).process
    for number, step in enumerate(steps, 1):
        name, *to = step.split()
        fields = {"day": date(2026, 3, 20)} if name == "date" else {"who": ["bo"]} if name == "talk" else {}
        process = process.record(name, at=TALK + number * DAY, to=to[0] if to else None, **fields).process
    return process


def pressing(process: pi.Process, days: int = 10) -> list[str]:
    agenda = process.agenda(at=TALK + days * DAY)
    return [
        item.event + (f" {item.to}" if item.to else "")
        for item in agenda
        if item.event is not None and item.kind in ("overdue", "open", "coming", "blocked")
    ]


def test_a_reply_after_the_question_ends_the_line_although_a_credit_is_left() -> None:
    assert pressing(told("thank ana", "question")) == ["reply"]
    process = told("thank ana", "question", "word", "reply")
    assert process.may("reply", at=TALK + 10 * DAY)
    assert pressing(process) == []
    assert process.next_due is None


def test_a_question_that_was_settled_wants_no_answer() -> None:
    process = told("thank ana", "word", "question", "date", "drop")
    assert process.may("reply", at=TALK + 10 * DAY)
    assert pressing(process) == []
    assert pressing(told("thank ana", "word", "date", "drop", "question")) == ["reply"]


def test_the_rule_that_can_still_be_taken_says_when_it_is_due() -> None:
    """The question stays open however old it is; the word goes stale."""
    process = told("thank ana", "question", "word")
    assert [item.rule.split(":")[1] for item in process.agenda(at=TALK + 30 * DAY).of("overdue")] == [
        str(process.rulebook.definition.machines["case"].transitions[8].origin.line)
    ]


def test_a_date_that_no_longer_stands_wants_nothing() -> None:
    assert pressing(told("thank ana", "date")) == ["send"]
    assert pressing(told("thank ana", "date", "drop")) == []
    assert pressing(told("thank ana", "date", "send")) == []
    assert pressing(told("thank ana", "send", "date")) == ["send"]


def test_what_can_no_longer_be_done_has_no_line() -> None:
    assert pressing(told(), 13) == ["thank ana"]
    assert pressing(told(), 14) == []


def test_what_was_owed_before_the_end_ends_with_it_and_what_came_after_does_not() -> None:
    assert pressing(told("offer")) == ["thank ana", "accept"]
    assert pressing(told("offer", "accept")) == []
    assert pressing(told("offer", "accept", "talk")) == ["thank bo"]
    assert pressing(told("offer", "accept", "talk", "question")) == ["reply", "thank bo"]


def test_an_answer_to_the_end_itself_is_still_due() -> None:
    assert pressing(told("question", "refusal")) == ["answer"]
    assert pressing(told("refusal", "answer")) == []
    assert pressing(told("refusal", "answer", "refusal")) == ["answer"]


def test_an_act_against_the_rules_ends_the_line_too() -> None:
    process = told("accept", "offer", "accept")
    assert [placed.name for placed in process.breaches] == ["accept", "accept"]
    assert pressing(process) == []


def test_an_act_at_the_same_moment_counts_as_later_if_it_was_told_later() -> None:
    process = pi.load_rulebook(text=RULES).start("acme", "Europe/Zurich")
    talked = process.record("talk", at=TALK, who=["ana"]).process
    assert pressing(talked.record("thank", at=TALK, to="ana").process) == []
    asked = talked.record("word", at=TALK).process.record("reply", at=TALK).process
    assert pressing(asked.record("question", at=TALK).process) == ["reply", "thank ana"]
    assert pressing(asked.record("question", at=TALK).process.record("reply", at=TALK).process) == [
        "thank ana"
    ]


FIRST = """
format: 1
title: What comes first
events:
  question: {by: employer, gives: credit}
  talk: {by: employer}
  nudge: {by: candidate, contact: chase, title: nudge them}
  reply: {by: candidate, contact: reply, title: answer them}
  leave: {by: candidate, contact: courtesy, title: step back}
classes:
  settled: [reply, leave, talk]
credits:
  credit: {max: 1}
machines:
  case:
    per: application
    start: here
    states: {here: {}}
    transitions:
      asked: {event: question, from: here}
      talked: {event: talk, from: here}
      replied: {event: reply, from: here, guards: {answer: {spends: credit}}, due: question + 1 day}
      left: {event: leave, from: here}
      nudged:
        event: nudge
        from: here
        guards: {answer_first: {not_happened: question, since: settled, in_every: application}}
        due: talk + 1 day
"""


def test_a_blocked_line_names_what_the_agenda_wants_first_wherever_that_is() -> None:
    process = pi.load_rulebook(text=FIRST).start("acme", "UTC")
    for name, application in (("talk", "a"), ("talk", "b"), ("question", "a")):
        process = process.record(name, at=TALK, application=application).process
    assert [item.text for item in process.agenda(at=TALK).of("blocked")] == [
        "nudge them (a): first answer them (a)",
        "nudge them (b): first answer them (a)",
    ]


OUTSIDE = FIRST.replace("start: here", "start: before").replace(
    "{here: {}}", "{before: {outside: true}, here: {}}"
)
OUTSIDE = OUTSIDE.replace("event: talk, from: here", "event: talk, from: any, to: here")


def test_what_happened_outside_the_rules_is_done_and_not_broken() -> None:
    process = pi.load_rulebook(text=OUTSIDE).start("acme", "UTC")
    assert list(process.agenda(at=TALK)) == []
    process = process.record("nudge", at=TALK).process
    assert [(item.kind, item.event) for item in process.agenda(at=TALK)] == [
        ("wait", None),
        ("done", "nudge"),
    ]
    assert process.next_due is None
    process = process.record("talk", at=TALK + DAY).process
    assert [(item.kind, item.event) for item in process.agenda(at=TALK + DAY)] == [("open", "nudge")]


def test_a_suggestion_waits_for_the_end_of_the_employers_holidays() -> None:
    """In Zurich Good Friday and Easter Monday are free; in the United States they are not."""
    for country, due in (("CH-ZH", "2026-04-07 09:00"), ("US", "2026-04-03 10:00")):
        process = pi.load_rulebook(text=FIRST).start("acme", "Europe/Zurich", country=country)
        process = process.record("talk", at=at("2026-04-02 10:00")).process
        assert process.next_due == at(due)
