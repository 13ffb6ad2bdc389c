"""What a refusal waits for is told exactly, and after each of it the refusal is another one."""

from __future__ import annotations

from typing import Any

import pytest

import postinterview as pi
from tests.laws.test_corners import START, take, twins
from tests.laws.twins import Twins
from tests.oracle.days import DAY
from tests.strategies.runs import Step

LATER = 20
"""The day of the question."""

OPENING: dict[str, dict[str, Any]] = {
    "open": {"who": ("ana",)},
    "say_when": {"answer_on": (START + (LATER + 1) * DAY).date()},
}


def asked(told: Twins, event: str = "ask", to: str | None = None, **fields: Any) -> pi.Verdict:
    step = Step("do", START + LATER * DAY, event, to, None, fields)
    verdict = told.ask(step)
    assert verdict.allowed == (not told.failures(step))
    return verdict


def after(told: Twins, event: str) -> pi.Verdict:
    """The verdict on `ask` once the event has happened."""
    again = Twins(told.rules, told.run, told.process, list(told.history))
    take(again, event, LATER, "ana" if event == "tell" else None, **OPENING.get(event, {}))
    return asked(again)


@pytest.mark.parametrize(
    ("guard", "before", "opens_after"),
    [
        ("at_most: 1, of: ask", ["ask"], []),
        ("at_most: 1, of: ask, since: say", ["ask"], ["say"]),
        ("at_most: 2, of: ask, since: sign_of_life", ["ask", "ask"], ["open", "say", "say_when"]),
        ("at_most: 1, of: ask, per: round", ["open", "ask"], ["open"]),
        ("at_most: 1, of: ask, since: say, per: round", ["open", "ask"], ["open", "say"]),
        ("not_happened: ask", ["ask"], []),
        ("not_happened: ask, since: say", ["ask"], ["say"]),
        ("not_happened: say, per: round", ["open", "say"], ["open"]),
        ("happened: say", [], ["say"]),
        ("happened: sign_of_life", ["profile"], ["open", "say", "say_when"]),
        ("happened: say, since: say_when", ["say", "say_when"], ["say"]),
        ("not_before: say", [], ["say"]),
        ("not_before: say + 2 days", [], ["say"]),
        ("not_before: promised", [], ["say_when"]),
        ("not_before: promised + 1 business day", ["open"], ["say_when"]),
        ("not_after: say + 2 days", ["say"], ["say"]),
        ("not_after: say + 2 days, if_never: holds, per: round", ["open", "say"], ["open", "say"]),
        ("not_after: promised", ["say_when"], ["say_when"]),
        ("not_after: promised, if_never: holds", ["say_when"], ["open", "say_when"]),
        ("apart: 2 days, from: say, if_never: blocks", [], ["say"]),
        ("spends: credit", [], ["open"]),
        ("spends: credit", ["open", "tell"], ["open"]),
        ("fields: note", [], ["note"]),
        ("custom: odd_history", [], ["odd_history"]),
        ("state: {profile: there}", [], ["profile"]),
        ("not_state: {profile: there}", ["profile"], []),
    ],
)
def test_each_of_opens_after_changes_the_refusal_and_nothing_else_does(
    guard: str, before: list[str], opens_after: list[str]
) -> None:
    told = twins(f"g: {{{guard}}}")
    early = {"answer_on": (START + DAY).date()}
    for event in before:
        given = early if event == "say_when" else OPENING.get(event, {})
        take(told, event, 0, "ana" if event == "tell" else None, **given)
    verdict = asked(told)
    assert [reason.id for reason in verdict.reasons] == ["g"]
    assert verdict.opens_at is None
    assert list(verdict.opens_after) == list(verdict.reasons[0].opens_after) == opens_after
    if opens_after == ["note"]:
        assert asked(told, note="hello").allowed
        return
    helped = {
        event
        for event in ("open", "say", "say_when", "tell", "ask", "profile")
        if after(told, event).opens_at
    }
    assert helped == (set(opens_after) if opens_after != ["odd_history"] else set(told.rules["events"]))


def test_to_a_stranger_an_act_waits_for_a_round_with_that_person() -> None:
    told = twins()
    take(told, "open", who=("ana",))
    assert asked(told, "tell", "bo").opens_after == ("open",)
    take(told, "open", LATER, who=("bo",))
    assert asked(told, "tell", "bo").allowed


def test_a_machine_elsewhere_waits_for_what_leads_it_there() -> None:
    told = twins()
    take(told, "open", who=("ana",))
    take(told, "say")
    verdict = asked(told, "tell", "ana")
    (reason,) = (reason for reason in verdict.reasons if reason.machine == "application")
    assert (reason.id, reason.opens_after) == ("state", ())  # nothing leads back
    assert (verdict.opens_at, verdict.opens_after) == (None, ())
