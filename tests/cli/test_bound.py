"""``postinterview bound``: the worst case, from both sides."""

from __future__ import annotations

import json
from datetime import timedelta
from inspect import signature
from pathlib import Path

import pytest

import postinterview as pi
from tests.cli.helpers import Caller

PACKS = Path(__file__).parents[2] / "examples" / "pushy"
KEYS = [
    "of",
    "but",
    "per",
    "within",
    "silence",
    "verdict",
    "at_least",
    "at_most",
    "each_person",
    "each_application",
    "each_person_and_application",
    "formula",
    "why_unknown",
    "scenario",
    "certificate",
]
ONE_A_WEEK = """format: 1
title: One a week
events:
  interview: {by: employer, opens: round}
  follow_up: {by: candidate, contact: chase}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: {title: Waiting}}
    transitions:
      interviewed: {event: interview, from: any}
      nudge:
        event: follow_up
        from: waiting
        guards: {one_a_week: {at_most: 1, of: follow_up, within: 7 days, per: employer}}
"""


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "weekly.yaml"
    path.write_text(ONE_A_WEEK, encoding="utf-8")
    return str(path)


def test_a_window_bounds_what_a_window_can_hold(call: Caller, rules: str) -> None:
    answer = call("bound", rules, "--of", "follow_up", "--within", "15 days", "--format", "json")
    assert answer.code == 0
    (found,) = json.loads(answer.out)["bounds"]
    assert list(found) == KEYS
    # On days 0, 7 and 14; a fourth one on day 21 is out of any 15 days.
    assert (found["verdict"], found["at_least"], found["at_most"]) == ("bounded", 3, 3)
    assert [step["at"] for step in found["scenario"]["steps"] if step["event"] == "follow_up"] == [
        "2026-03-02 09:00",
        "2026-03-09 09:00",
        "2026-03-16 09:00",
    ]


@pytest.mark.parametrize(("days", "most"), [(7, 1), (8, 2), (14, 2), (15, 3)])
def test_a_window_is_half_open(rules: str, days: int, most: int) -> None:
    found = pi.bound(pi.load_rulebook(rules), of="follow_up", within=timedelta(days=days))
    assert (found.at_least, found.at_most, found.formula) == (most, most, str(most))
    longer = pi.bound(pi.load_rulebook(rules), of="follow_up", within=timedelta(days=days, microseconds=1))
    assert longer.at_most == most + (days % 7 == 0)


def test_no_limit_is_told_with_the_turn_that_repeats(call: Caller) -> None:
    answer = call("bound", PACKS / "cadence.yaml", "--of", "contact", "--silence")
    assert answer.code == 1
    assert "no limit" in answer.out
    assert "and so on: line 3 can be repeated without end" in answer.out


def test_without_a_question_the_table_is_answered(call: Caller, rules: str) -> None:
    answer = call("bound", rules, "--format", "json")
    assert answer.code == 1  # one a week, for ever
    found = json.loads(answer.out)["bounds"]
    assert [each["within"] for each in found] == ["14 days", "60 days", "60 days", None]
    assert [each["at_most"] for each in found] == [2, 9, 0, None]


def test_its_certificate_is_verified_and_a_smaller_number_is_not(
    call: Caller, rules: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    asked = ("bound", rules, "--of", "follow_up", "--within", "15 days")
    assert call(*asked, "--certificate", kept).code == 0
    answer = call("verify", kept)
    assert (answer.code, "1 bound, " in answer.out) == (0, True)
    data = json.loads(kept.read_text(encoding="utf-8"))
    data["bounds"][0]["terms"][0]["at_most"] = 2
    kept.write_text(json.dumps(data), encoding="utf-8")
    answer = call("verify", kept)
    assert answer.code == 1
    assert "at most 2 of `follow_up` is not proved" in answer.err


def test_its_stories_can_be_played(call: Caller, rules: str, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    call("bound", rules, "--of", "follow_up", "--within", "15 days", "--write", folder)
    assert [path.name for path in folder.iterdir()] == ["weekly-worst-case-1.yaml"]
    assert call("run", folder).code == 0


def test_a_certificate_of_what_has_no_limit_is_not_written(call: Caller, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    answer = call("bound", PACKS / "cadence.yaml", "--silence", "--certificate", kept)
    assert (answer.code, kept.exists()) == (1, False)
    assert "there is a certificate only for what has a limit" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--of", "folow_up"), "did you mean `follow_up`?"),
        (("--but", "nothing"), "`--but` names `nothing`"),
        (("--within", "0 days"), "`0 days` is no time at all; write 1 or more."),
        (("--within", "two weeks"), "such as `7 days` or `36 hours`.\n"),
        (("--within", "7 dais"), "`7 dais` is not a duration; did you mean `7 days`?\n"),
        (("--per", "round"), "'round' is not one of"),
    ],
)
def test_a_slip_is_answered_with_what_to_type(
    call: Caller, rules: str, arguments: tuple[str, ...], said: str
) -> None:
    answer = call("bound", rules, *arguments)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"of": ()}, "`of` names nothing to count"),
        ({"of": "interview"}, "no act is counted"),
        ({"of": "follow_up", "but": "chase"}, "no act is counted"),
        ({"of": "follow_up", "per": "interviewer"}, "no act that is addressed to a person is counted"),
        ({"of": "nudge"}, "`of` names `nudge`"),
        ({"per": "round"}, "`per` can't be 'round'"),
        ({"within": 14}, "`within` can't be 14"),
        ({"within": timedelta(0)}, "`within` can't be"),
        ({"silence": 1}, "`silence` can't be 1"),
        ({"max_zones": 0}, "`max_zones` can't be 0"),
    ],
)
def test_misuse_says_what_to_give(rules: str, arguments: dict[str, object], said: str) -> None:
    with pytest.raises(pi.MisuseError, match=said):
        pi.bound(pi.load_rulebook(rules), **arguments)  # type: ignore[arg-type]


def test_a_bound_is_neither_true_nor_false(rules: str) -> None:
    bound = pi.bound(pi.load_rulebook(rules), of="follow_up")
    with pytest.raises(pi.MisuseError, match="neither true nor false"):
        bool(bound)


def test_a_bound_that_no_longer_holds_is_made_again_with_its_own_question(
    call: Caller, rules: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ("--of", "follow_up", "--of", "attempt", "--within", "14 days")
    assert call("bound", "weekly.yaml", *asked, "--certificate", "c.json").code == 0
    Path(rules).write_text(f"{ONE_A_WEEK}# changed\n", "utf-8")
    again = "postinterview bound weekly.yaml --of follow_up --of attempt --within '14 days'"
    assert f"{again} --certificate c.json" in call("verify", "c.json").err


def test_the_command_counts_what_the_function_counts(call: Caller, rules: str) -> None:
    told = call("bound", rules, "--within", "14 days", "--format", "json").out
    (bound,) = json.loads(told)["bounds"]
    assert bound["of"] == list(signature(pi.bound).parameters["of"].default)
