"""Scenarios played: what is expected is compared exactly, and a step can't pass for the wrong reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from postinterview.scenario.playing import play
from tests.scenario.helpers import DATED, INTERVIEW, STORIES, failures, linked, rulebook, scenario_of, told

SOON = "{at: 2026-03-05 09:00, event: follow_up, expect: refused"


def test_the_story_of_the_design_goes_as_it_expects() -> None:
    (scenario,) = linked((STORIES / "too-soon.yaml").read_text(encoding="utf-8")).scenarios
    played = play(scenario, rulebook())

    assert played.passed
    assert [step.result for step in played.steps] == ["allowed", "refused", "allowed", "refused"]
    assert played.ended_at == datetime(2026, 3, 25, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{at: 2026-03-05 09:00, event: follow_up}", "expected allowed, was refused"),
        ("{at: 2026-03-05 09:00, event: follow_up, expect: breach}", None),
        ("{at: 2026-03-11 09:00, event: follow_up, expect: refused}", "expected refused, was allowed"),
        ("{at: 2026-03-11 09:00, event: follow_up, expect: breach}", "expected a breach, was allowed"),
        ("{at: 2026-03-05 09:00, event: follow_up, late: true}", "expected allowed, was a breach"),
        ("{at: 2026-03-05 09:00, event: message, expect: unexpected}", "expected unexpected, was allowed"),
        ("{at: 2026-03-05 09:00, event: offer_revised}", None),
    ],
)
def test_the_result_is_compared(step: str, said: str | None) -> None:
    assert failures(told(DATED, step)) == ([] if said is None else [said])


def test_a_fact_that_no_machine_waited_for_fails_unless_it_is_expected() -> None:
    steps = (INTERVIEW, "{at: 2026-03-02 11:00, event: withdraw}", "{at: 2026-03-03 10:00, event: rejection")

    assert failures(told(*steps[:2], steps[2] + "}")) == ["expected allowed, was unexpected"]
    assert failures(told(*steps[:2], steps[2] + ", expect: unexpected}")) == []


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("because: [wait_for_the_answer]", None),
        ("because: wait_for_the_answer", None),
        ("because: [one_chase]", "expected a refusal by one_chase, was refused by wait_for_the_answer"),
        ("because: [state]", "expected a refusal by state, was refused by wait_for_the_answer"),
        ("opens_at: 2026-03-11 00:00", None),
        ("opens_at: 2026-03-10T23:00:00Z", None),
        (
            "opens_at: 2026-03-11 00:00:00.000001",
            "opens_at: expected Wed 11 Mar 2026 00:00:00.000001, got Wed 11 Mar 2026 00:00",
        ),
        ("opens_at: never", "opens_at: expected never, got Wed 11 Mar 2026 00:00"),
        ("opens_after: never", None),
        ("opens_after: [message]", "opens_after: expected message, got never"),
        ("state: {application: waiting}", None),
        ("state: {application: followed_up}", "state of application: expected followed_up, got waiting"),
    ],
)
def test_what_is_expected_of_a_refusal_is_compared(expected: str, said: str | None) -> None:
    assert failures(told(DATED, f"{SOON}, {expected}}}")) == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("closes_at: 2026-04-03 10:00", None),
        ("closes_at: never", "closes_at: expected never, got Fri 3 Apr 2026 10:00"),
        ("opens_at: 2026-03-04 12:00", None),
    ],
)
def test_what_is_expected_of_an_allowed_act_is_compared(expected: str, said: str | None) -> None:
    message = "{at: 2026-03-04 09:00, event: message}"
    played = told(message, f"{{at: 2026-03-04 12:00, event: reply, {expected}}}")

    assert failures(played) == ([] if said is None else [said])


@pytest.mark.parametrize("offset", ["+02:00", "+01:00"])
def test_moments_in_a_repeated_hour_are_compared_by_the_instant(offset: str) -> None:
    played = told(
        "{at: 2026-09-25 02:30, event: message}",
        f"{{at: 2026-10-25 01:00, event: reply, closes_at: 2026-10-25T02:30:00{offset}}}",
    )

    both = "closes_at: expected Sun 25 Oct 2026 02:30 +01:00, got Sun 25 Oct 2026 02:30 +02:00"
    assert failures(played) == ([] if offset == "+02:00" else [both])


def test_the_end_of_a_story_is_its_latest_instant_not_its_latest_clock() -> None:
    played = told(
        "{at: 2026-10-25 02:50+02:00, event: message}",
        "{at: 2026-10-25 02:10+01:00, event: reply}",
    )

    assert played.passed
    assert played.ended_at is not None
    assert played.ended_at.astimezone(UTC) == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)


def test_an_act_expected_to_be_refused_is_not_recorded_and_a_breach_is() -> None:
    refused = told(DATED, f"{SOON}}}")
    breach = told(
        DATED, "{at: 2026-03-05 09:00, event: follow_up, expect: breach, state: {application: followed_up}}"
    )

    assert refused.process is not None
    assert breach.process is not None
    assert len(refused.process.history) == 1
    assert len(breach.process.breaches) == 1


def test_state_looks_at_the_application_and_the_person_of_the_step() -> None:
    fields = "application: backend, with: {thanks: true, topic: data, looking_forward: true}"
    note = f"{{at: 2026-03-02 12:00, event: thank_you, {fields}"
    played = told(
        INTERVIEW.replace("event: interview", "event: interview, application: backend"),
        INTERVIEW.replace("event: interview", "event: interview, application: frontend"),
        f"{note}, to: ana, state: {{thanks: sent}}}}",
        f"{note}, to: bo, state: {{thanks: owed}}}}",
        "{at: 2026-03-03 12:00, event: withdraw, application: frontend, state: {application: waiting}}",
    )

    assert failures(played) == [
        "state of thanks: expected owed, got sent",
        "state of application: expected waiting, got withdrawn",
    ]


def test_a_failed_step_shows_every_guard_that_it_met_held_or_not() -> None:
    (step,) = told(DATED, "{at: 2026-03-05 09:00, event: follow_up}").failed_steps

    assert [(guard.reason.id, guard.holds) for guard in step.guards] == [
        ("one_follow_up", True),
        ("one_chase", True),
        ("wait_for_the_answer", False),
        ("let_them_speak", True),
    ]
    failing = step.guards[2].reason
    assert failing.has == "the employer named Tue 10 Mar 2026 (`promised`)"
    assert failing.opens_at == datetime(2026, 3, 10, 23, tzinfo=UTC)


def test_a_failed_step_without_a_transition_shows_the_word_state() -> None:
    (step,) = told(INTERVIEW, "{at: 2026-03-05 09:00, event: accept}").failed_steps

    assert [(guard.reason.id, guard.holds) for guard in step.guards] == [("state", False)]


def test_what_fails_does_not_stop_the_story() -> None:
    played = told(
        DATED, "{at: 2026-03-05 09:00, event: follow_up}", "{at: 2026-03-11 09:00, event: follow_up}"
    )

    assert [step.result for step in played.steps] == ["allowed", "refused", "allowed"]


def test_a_story_that_makes_no_sense_ends_with_a_diagnostic_at_its_step() -> None:
    played = told(INTERVIEW, "{at: 2026-03-05 09:00, retract: 7}", "{at: 2026-03-06 09:00, event: message}")

    (found,) = played.diagnostics
    assert not played.passed
    assert (found.code, found.where.line) == ("PI741", 7)
    assert len(played.steps) == 1


def test_what_the_engine_says_of_a_step_can_be_typed_there() -> None:
    played = told(
        "{at: 2026-03-02 10:00, event: message, application: a}",
        "{at: 2026-03-02 10:00, event: message, application: b}",
        "{at: 2026-03-02 10:00, event: message}",
    )

    assert played.diagnostics[0].help == "name one: `application: a` or `application: b`"


def test_what_is_told_late_is_put_where_it_happened_and_may_turn_acts_into_breaches() -> None:
    played = told(
        INTERVIEW,
        "{at: 2026-03-09 10:00, event: follow_up}",
        "{at: 2026-03-08 10:00, event: message, late: true}",
    )

    assert played.passed
    assert played.steps[-1].now_breaches == (2,)


def test_a_contact_that_was_never_sent_can_be_taken_back() -> None:
    played = told(
        INTERVIEW,
        "{at: 2026-03-09 10:00, event: follow_up}",
        "{at: 2026-03-10 10:00, retract: 2, not_sent: true, state: {application: waiting}}",
    )

    assert failures(played) == []
    assert [(move.source, move.target) for move in played.steps[-1].moves] == [("followed_up", "waiting")]


def test_what_is_unknown_is_refused_and_says_so() -> None:
    (step,) = told(
        "{unknown: chase, until: 2026-03-01 00:00}",
        "{at: 2026-02-02 10:00, event: interview, with: {interviewers: [ana]}}",
        "{at: 2026-02-20 10:00, event: follow_up, state: {application: followed_up}}",
    ).failed_steps

    assert {guard.reason.has for guard in step.guards if guard.reason.id == "one_follow_up"} == {"unknown"}


def test_json_is_read_like_yaml() -> None:
    text = """{"format": 1, "scenarios": [{"name": "A story", "timezone": "Europe/Zurich", "steps": [
        {"at": "2026-03-02T10:00", "event": "interview",
         "with": {"interviewers": ["ana"], "decide_by": null}},
        {"at": "2026-03-02T12:00", "event": "thank_you", "to": "ana",
         "with": {"thanks": true, "topic": true, "looking_forward": true}},
        {"at": "2026-03-05T09:00", "event": "follow_up", "expect": "refused",
         "because": ["wait_for_the_answer"]}
    ]}]}"""
    (scenario,) = linked(text).scenarios

    assert play(scenario, rulebook()).passed


def test_a_text_may_be_given_as_true_and_not_as_false() -> None:
    fields = "with: {thanks: true, topic: %s, looking_forward: true}%s"
    note = f"{{at: 2026-03-02 12:00, event: thank_you, to: ana, {fields}}}"

    assert failures(told(INTERVIEW, note % ("true", ""))) == []
    assert failures(told(INTERVIEW, note % ("'false'", ""))) == []
    for nothing in ("false", "''", "null", "~"):
        assert failures(told(INTERVIEW, note % (nothing, ", expect: refused, because: says_thanks"))) == []


def test_without_a_time_zone_every_moment_needs_an_offset_and_days_are_those_of_utc() -> None:
    scenario = scenario_of("{at: 2026-03-02T10:00+05:00, event: message}", timezone="")
    played = play(scenario, rulebook())

    assert scenario.timezone is None
    assert played.process is not None
    assert played.process.timezone == "UTC"


def test_holidays_and_employer_are_the_scenarios_own() -> None:
    opens = "{at: 2026-03-05 09:00, event: follow_up, expect: refused, opens_at: 2026-03-%s 00:00}"

    assert told(DATED, opens % 11).passed
    played = told(DATED, opens % 12, holidays="[2026-03-11]", employer="Acme")
    assert played.passed
    assert played.process is not None
    assert played.process.employer == "Acme"


def test_a_country_brings_its_public_holidays() -> None:
    """On Ascension Day nobody works in Switzerland, on Easter Monday it depends on the canton."""
    opens = "{at: 2026-03-05 09:00, event: follow_up, expect: refused, opens_at: 2026-%s 00:00}"

    for promised, country, day in (
        ("2026-05-13", "", "05-14"),
        ("2026-05-13", "CH", "05-15"),
        ("2026-04-05", "CH", "04-06"),
        ("2026-04-05", "CH-ZH", "04-07"),
    ):
        dated = DATED.replace("2026-03-10", promised)
        assert told(dated, opens % day, **({"country": country} if country else {})).passed


def test_a_country_that_nobody_knows_is_told_at_its_story() -> None:
    played = told(DATED, "{at: 2026-03-05 09:00, event: message}", country="XX")

    (diagnostic,) = played.diagnostics
    assert (diagnostic.code, diagnostic.message) == ("PI741", "the public holidays of `XX` are not known")
