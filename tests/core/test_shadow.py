"""A process tells which of its acts other rules judge differently."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from tests.cli.helpers import SMALL
from tests.strategies.hand import Draw
from tests.strategies.mutants import mutants
from tests.strategies.runs import cases
from tests.strategies.scale import tried

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rules(*changes: tuple[str, str], more: str = "") -> pi.Rulebook:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return pi.load_rulebook(text=text + more, name="rules.yaml")


NUDGE = ("follow_up", "nudge")
LATER = ("interview + 7 days", "interview + 14 days")


def history(rulebook: pi.Rulebook, *days: int, act: str = "follow_up") -> pi.Process:
    process = rulebook.start("acme", "Europe/Berlin").record("interview", at=MONDAY).process
    for day in days:
        process = process.record(act, at=MONDAY + timedelta(days=day)).process
    return process


def test_an_act_that_stricter_rules_refuse_is_told_with_its_reason_and_line() -> None:
    (flip,) = history(rules(), 8).shadow(rules(LATER))

    assert (flip.number, flip.event, flip.allowed, flip.is_certain) == (2, "follow_up", False, True)
    assert flip.at.isoformat() == "2026-03-10T10:00:00+01:00"
    assert flip.shadow is not None
    assert [(each.id, each.file, each.line) for each in flip.shadow.reasons] == [("a_week", "rules.yaml", 25)]
    assert flip.text.startswith("follow up on Tue 10 Mar 2026 10:00: allowed, and now refused: interview on")


def test_a_breach_that_looser_rules_allow_is_told_the_other_way_round() -> None:
    (flip,) = history(rules(LATER), 8).shadow(rules())

    assert flip.allowed
    assert flip.refusal == flip.verdict
    assert flip.as_json()["shadow"]["allowed"] is True


def test_an_act_differs_by_itself_and_never_because_an_earlier_one_did() -> None:
    numbers = [flip.number for flip in history(rules(), 8, 20).shadow(rules(LATER))]

    assert numbers == [2]  # the second one comes too soon under both


def test_renamed_events_are_the_same_and_a_missing_act_is_refused() -> None:

    renamed = rules(NUDGE)
    digits = sha256(SMALL.encode()).hexdigest()[:12]
    migrating = rules(
        NUDGE, more=f'migrations:\n  names: {{from: "{digits}", events: {{follow_up: nudge}}}}\n'
    )

    assert history(rules(), 8).shadow(migrating) == ()
    assert history(migrating, 8, act="nudge").shadow(rules()) == ()
    (flip,) = history(rules(), 8).shadow(renamed)
    assert (flip.allowed, flip.shadow, flip.refusal) == (False, None, None)


def test_what_is_no_rulebook_is_misuse() -> None:
    with pytest.raises(pi.MisuseError, match="is no rulebook"):
        history(rules()).shadow("default")  # type: ignore[arg-type]


@st.composite
def told(draw: Draw) -> tuple[pi.Process, pi.Process]:
    """One history under two rulebooks that differ a little."""
    case = draw(cases(corrections=False, most=12))
    one = pi.load_rulebook(text=case.text)
    processes = []
    for rulebook in (one, pi.Rulebook(draw(mutants(one.definition)))):
        process = rulebook.start("acme", case.run.zone, holidays=case.run.holidays)
        for step in case.run.steps:
            if process.timeline and step.at < process.timeline[-1].at:
                continue
            where = {"to": step.to, "application": step.application}
            process = process.record(step.event, at=step.at, **where, **step.fields).process
        processes.append(process)
    return processes[0], processes[1]


@tried(40, 2000)
@given(told())
def test_flips_are_just_the_acts_that_are_breaches_under_one_alone(
    pair: tuple[pi.Process, pi.Process],
) -> None:
    one, other = pair

    forth, back = one.shadow(other.rulebook), other.shadow(one.rulebook)

    breaches = [{placed.event.number for placed in each.timeline if placed.breach} for each in pair]
    outside = {p.event.number for each in pair for p in each.timeline if p.outside}
    assert {flip.number for flip in forth} == (breaches[0] ^ breaches[1]) - outside
    assert [(flip.number, not flip.allowed) for flip in forth] == [
        (flip.number, flip.allowed) for flip in back
    ]
    assert one.shadow(one.rulebook) == ()
