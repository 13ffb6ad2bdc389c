"""Corners in which engine and oracle once parted, each as small as it got."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import postinterview as pi
from tests.laws.twins import Twins, reasons
from tests.oracle.days import DAY
from tests.oracle.stories import plain
from tests.strategies.runs import Case, Run, Step

START = datetime(2026, 3, 2, 10, tzinfo=UTC)

RULES = """
format: 1
title: Corners
events:
  open: {by: employer, opens: round, gives: credit, fields: {who: people}}
  say: {by: employer}
  say_when: {by: employer, fields: {answer_on: {type: date, sets: promised}}}
  tell: {by: candidate, to: interviewer, contact: reply}
  ask: {by: candidate, starts: application, fields: {note: text}}
  profile: {by: candidate, contact: none}
credits: {credit: {max: 2}}
machines:
  application:
    per: application
    start: here
    states: {here: {}, there: {}}
    transitions:
      opened: {event: open, from: any}
      said: {event: say, from: here, to: there}
      said_when: {event: say_when, from: any}
      told: {event: tell, from: here, due: promised, guards: {credit: {spends: credit}}}
      asked: {event: ask, from: any, guards: {GUARD}}
  round:
    per: round
    start: here
    states: {here: {}, there: {}}
    transitions:
      opened: {event: open, from: here}
      told: {event: tell, from: here}
      told_again: {event: tell, from: there, to: there, breach_from: any}
      said: {event: say, from: here, to: there}
  person:
    per: interviewer
    start: here
    states: {here: {}, there: {}}
    transitions:
      said: {event: say, from: here, to: there}
  profile:
    per: employer
    start: here
    states: {here: {}, there: {}}
    transitions:
      profile: {event: profile, from: any, to: there}
"""


def twins(guard: str = "once: {at_most: 1, of: ask}") -> Twins:
    text = RULES.replace("GUARD", guard)
    return Twins.of(Case(text, plain(text), Run("UTC", (), (None,), ())))


def take(told: Twins, event: str, day: int = 0, to: str | None = None, **fields: Any) -> pi.Outcome:
    """Record an event so many days after the start; both must judge it alike."""
    step = Step("record", START + day * DAY, event, to, None, fields)
    expected = told.failures(step) if event in ("tell", "ask") else None
    outcome = told.take(step)
    assert outcome is not None
    if expected is not None:
        assert outcome.verdict is not None
        assert reasons(outcome.verdict) == expected
    return outcome


def unknown(told: Twins, event: str, day: int) -> None:
    told.take(Step("unknown", START + day * DAY, of=(event,)))


def ids(told: Twins, day: int) -> set[str]:
    """What stands against `ask`; both must say the same."""
    step = Step("do", START + day * DAY, "ask")
    assert reasons(told.ask(step)) == told.failures(step)
    return {reason.id for reason in told.ask(step).reasons}


def test_a_fact_without_people_moves_everybody_named_so_far_whatever_the_round() -> None:
    told = twins()
    take(told, "open", who=("ana",))
    take(told, "open", who=("bo",))
    outcome = take(told, "say")
    moved = {move.key[2] for move in outcome.moves if move.machine == "person"}
    assert moved == {"ana", "bo"}


def test_before_the_first_round_no_machine_of_rounds_is_there() -> None:
    told = twins()
    outcome = take(told, "say")
    assert {move.machine for move in outcome.moves} == {"application"}
    verdict = told.ask(Step("do", START, "tell", "ana"))
    assert "state" in {reason.id for reason in verdict.reasons}


def test_what_came_before_the_first_round_is_not_counted_in_it() -> None:
    told = twins("once: {at_most: 1, of: ask, per: round}")
    take(told, "ask")
    assert ids(told, 1) == {"once"}
    take(told, "open", 1, who=("ana",))
    assert ids(told, 1) == set()


def test_an_act_to_a_stranger_moves_no_machine_of_rounds() -> None:
    told = twins()
    take(told, "open", who=("ana",))
    outcome = take(told, "tell", to="bo")
    assert outcome.breach
    assert outcome.moves == ()


def test_a_breach_spends_the_credit_though_no_transition_leaves_the_state() -> None:
    told = twins()
    take(told, "open", who=("ana",))
    take(told, "say")
    assert take(told, "tell", to="ana").breach
    assert [placed.spent for placed in told.process.timeline] == [(), (), ("credit",)]
    assert [placed["spent"] for placed in told.placed()] == [[], [], ["credit"]]


def test_a_breach_takes_nothing_from_an_empty_bucket() -> None:
    told = twins()
    assert take(told, "tell", to="ana").breach
    assert told.process.timeline[0].spent == ()


@pytest.mark.parametrize(
    ("guard", "opened", "expected"),
    [
        ("g: {at_most: 1, of: say}", 5, {"g"}),
        ("g: {at_most: 1, of: say, per: round}", 4, {"g"}),
        ("g: {at_most: 1, of: say, per: round}", 5, set()),
        ("g: {not_happened: say, per: round}", 5, set()),
        ("g: {at_most: 1, of: profile, per: round}", 5, {"g"}),
        ("g: {at_most: 1, of: tell, per: round}", 5, set()),
        ("g: {apart: 2 days, from: say}", 5, set()),
        ("g: {apart: 9 days, from: say}", 5, {"g"}),
        ("g: {apart: 2 days, from: say, if_never: blocks}", 5, {"g"}),
    ],
)
def test_the_unknown_before_day_5_fails_what_it_may_touch(
    guard: str, opened: int, expected: set[str]
) -> None:
    told = twins(guard)
    take(told, "open", opened, who=("ana",))
    assert guard.count("blocks") or ids(told, 10) == set()
    for event in ("say", "profile", "tell"):
        unknown(told, event, 5)
    assert ids(told, 10) == expected


@pytest.mark.parametrize(
    "guard",
    [
        "g: {not_before: say}",
        "g: {not_before: promised}",
        "g: {happened: say, since: say_when}",
        "g: {at_most: 1, of: say, since: say_when}",
    ],
)
@pytest.mark.parametrize(("day", "expected"), [(4, {"g"}), (5, set())])
def test_what_happened_at_the_end_of_the_unknown_is_known(guard: str, day: int, expected: set[str]) -> None:
    told = twins(guard)
    when = (START + day * DAY).date()
    take(told, "say_when", day, answer_on=when)
    if "at_most" not in guard:
        take(told, "say", day)
    for event in ("say", "say_when"):
        unknown(told, event, 5)
    surely = "happened" in guard or guard == "g: {not_before: say}"  # that day 10 is after both
    assert ids(told, 10) == (set() if surely else expected)


def test_an_opening_event_may_ask_about_the_round_that_it_opens() -> None:
    text = """
format: 1
title: Opening
events:
  open: {by: employer, opens: round}
machines:
  application:
    per: application
    start: here
    states: {here: {}, there: {}}
    transitions:
      first: {event: open, from: any, to: here, guards: {first: {not_happened: open, per: round}}}
      again: {event: open, from: any, to: there, guards: {again: {happened: open, per: round}}}
"""
    told = Twins.of(Case(text, plain(text), Run("UTC", (), (None,), ())))
    unknown(told, "open", 5)
    take(told, "open", 1)
    assert (
        told.process.state("application") == told.placed()[-1]["states"]["application", ("main", None, None)]
    )


def test_apart_is_met_at_exactly_the_duration() -> None:
    told = twins("g: {apart: 90 minutes, from: say}")
    take(told, "say")
    at = START + timedelta(minutes=90)
    for tick, allowed in ((timedelta(0), True), (timedelta(microseconds=-1), False)):
        step = Step("do", at + tick, "ask")
        assert told.ask(step).allowed == allowed
        assert (not told.failures(step)) == allowed


@pytest.mark.parametrize("due", ["promised", "[promised, say + 1 day]", "[named, say]"])
def test_business_days_after_a_named_date_are_those_after_the_quoted_date(due: str) -> None:
    named = "  named: [promised, say + 2 days]\n" if "named" in due else ""
    text = RULES.replace("GUARD", "g: {not_before: due + 1 business day}")
    text = text.replace("machines:", f"dates:\n{named}  due: {due}\nmachines:", 1)
    told = Twins.of(Case(text, plain(text), Run("UTC", (), (None,), ())))
    take(told, "say_when", answer_on=(START + 6 * DAY).date())  # a Sunday
    assert ids(told, 6) == {"g"}
    assert told.ask(Step("do", START, "ask")).opens_at == datetime(2026, 3, 9, tzinfo=UTC)
    assert ids(told, 7) == set()


def test_business_days_after_a_named_moment_are_those_after_the_day_in_which_it_lies() -> None:
    text = RULES.replace("GUARD", "g: {not_before: due + 1 business day}")
    text = text.replace("machines:", "dates: {due: [promised + 1 day, say + 1 day]}\nmachines:", 1)
    told = Twins.of(Case(text, plain(text), Run("UTC", (), (None,), ())))
    take(told, "say")
    assert told.ask(Step("do", START, "ask")).opens_at == datetime(2026, 3, 4, tzinfo=UTC)
    take(told, "say_when", answer_on=(START + 2 * DAY).date())  # Wednesday, so Friday and on to Monday
    assert told.ask(Step("do", START, "ask")).opens_at == datetime(2026, 3, 9, tzinfo=UTC)
    assert ids(told, 6) == {"g"}
    assert ids(told, 7) == set()


def test_credits_from_before_an_unknown_no_do_not_count() -> None:
    text = RULES.replace("credit: {max: 2}", "credit: {max: 2, emptied_by: say}").replace(
        "GUARD", "g: {spends: credit}"
    )
    told = Twins.of(Case(text, plain(text), Run("UTC", (), (None,), ())))
    take(told, "open", who=("ana",))
    assert ids(told, 1) == set()
    unknown(told, "say", 2)
    assert ids(told, 3) == {"g"}
    assert told.ask(Step("do", START + 3 * DAY, "ask")).reasons[0].has == "unknown"
    take(told, "open", 3, who=("ana",))
    assert ids(told, 3) == set()


def test_what_begins_a_count_is_not_counted_whatever_is_unknown() -> None:
    told = twins("g: {at_most: 1, of: sign_of_life, since: say}")
    take(told, "say")
    assert ids(told, 1) == set()
    unknown(told, "profile", 0)
    assert ids(told, 1) == set()
    take(told, "say_when", 1, answer_on=START.date())
    assert ids(told, 2) == {"g"}


def test_of_two_unknown_pasts_the_longer_counts() -> None:
    told = twins("g: {at_most: 1, of: say, since: open}")
    take(told, "open", 3, who=("ana",))
    unknown(told, "say", 1)
    assert ids(told, 6) == set()
    unknown(told, "say", 5)
    unknown(told, "say", 2)
    assert ids(told, 6) == {"g"}


@pytest.mark.parametrize("per", ["round", "application"])
def test_what_concerns_the_employer_lies_in_every_application_and_round(per: str) -> None:
    told = twins(f"g: {{at_most: 1, of: profile, per: {per}}}")
    take(told, "open", who=("ana",))
    take(told, "profile")
    assert ids(told, 1) == {"g"}
    take(told, "open", 1, who=("ana",))
    assert ids(told, 1) == {"g"}


def test_what_is_to_nobody_is_to_everybody_and_what_is_to_one_is_not_to_another() -> None:
    guards = "heard: {happened: say_when, per: interviewer}, wrote: {happened: tell, per: interviewer}"
    text = RULES.replace("GUARD", "once: {at_most: 1, of: ask}").replace("credit: {spends: credit}", guards)
    text = text.replace(", gives: credit", "").replace("credits: {credit: {max: 2}}", "")
    told = Twins.of(Case(text, plain(text), Run("UTC", (), (None,), ())))
    take(told, "open", who=("ana", "bo"))

    def against(person: str) -> set[str]:
        step = Step("do", START + DAY, "tell", person)
        assert reasons(told.ask(step)) == told.failures(step)
        return {reason.id for reason in told.ask(step).reasons}

    assert against("ana") == against("bo") == {"heard", "wrote"}
    take(told, "tell", to="ana")
    assert (against("ana"), against("bo")) == ({"heard"}, {"heard", "wrote"})
    take(told, "say_when", answer_on=START.date())
    assert (against("ana"), against("bo")) == (set(), {"wrote"})


def test_that_something_happened_is_not_known_from_an_unknown_past() -> None:
    told = twins("g: {happened: say}")
    unknown(told, "say", 5)
    assert ids(told, 6) == {"g"}
    take(told, "say", 4)
    assert ids(told, 6) == set()


@pytest.mark.parametrize(("per", "expected"), [("employer", set()), ("application", {"g"})])
def test_a_credit_is_kept_in_its_own_scope(per: str, expected: set[str]) -> None:
    text = RULES.replace("{max: 2}", f"{{max: 2, per: {per}}}").replace("GUARD", "g: {spends: credit}")
    told = Twins.of(Case(text, plain(text), Run("UTC", (), ("main", "other"), ())))
    told.take(Step("record", START, "open", None, "main", {"who": ("ana",)}))
    step = Step("do", START + DAY, "ask", None, "other")
    assert {reason.id for reason in told.ask(step).reasons} == expected
    assert reasons(told.ask(step)) == told.failures(step)
