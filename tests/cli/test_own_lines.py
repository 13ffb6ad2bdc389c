"""What somebody writes wrong in a file that extends another is told at their own line, with what to type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from postinterview.files import FOLDER_VARIABLE, named_parent_of, read_packaged
from postinterview.judging import lint
from postinterview.loading import load
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.source_text import entries_of
from postinterview.rulebooks import load_text
from tests.cli.helpers import Caller
from tests.linting.rules import pack, told

FOLLOW_UP = "machines: {application: {transitions: {follow_up_once: {guards: {%s}}}}}\n"


def found(values: str, extends: str = "default") -> tuple[Diagnostic, ...]:
    text = pack(values).replace("extends: default", f"extends: {extends}")
    return load_text("mine.yaml", text, finder=named_parent_of).diagnostics


SET = "write `guard_sets: {before_any_nudge: {%s}}`"
TWICE = "wait_for_the_answer: {not_before: interview + 3 days}"


@pytest.mark.parametrize(
    ("values", "code", "help"),
    [
        (FOLLOW_UP % TWICE, "PI225", SET % TWICE),
        ("guard_sets: {one_at_a_time: {one_follow_up: {at_most: 2, of: follow_up}}}\n", "PI225",
         SET % "one_follow_up: {at_most: 2, of: follow_up}"),
        (FOLLOW_UP % "remove: decent_hours", "PI605", SET % "remove: decent_hours"),
        ("dates: {answer_due: [promised + 1 business day, waited_form + 14 days]}\n", "PI206",
         "did you mean `waited_from`?"),
        ("events: {follow_up: {fields: {channel: [call, message]}}}\n", "PI412",
         "write `channel: [call, email, message]` in `follow_up`"),
        ("calendar: {country: Germany}\n", "PI123", "write `DE`"),
        ("events: {follow_up: {fields: {channel: email}}}\n", "PI108", "write `channel: [email]`"),
        ("events: {follow_up: {channel: [email]}}\n", "PI101", "write `fields: {channel: [email]}`"),
        ("machines: {thanks: {transitions: {thanked: {due: never}}}}\n", "PI206", "write `remove: due`"),
        ("remove: keeps\n", "PI605", "delete the line"),
        ("machines: {application: {transitions: {remove: assume_closed}}}\n", "PI605", "write `let_it_rest`"),
        ("guard_sets: {one_at_a_time: {a_week_apart: {apart: 14 days}}}\n", "PI225",
         SET % "a_week_apart: {apart: 14 days}"),
        ("guard_sets: {before_any_nudge: {a_week_apart: 14 days}}\n", "PI106",
         "write `a_week_apart: {apart: 14 days}`"),
        ("transitions: {thank: {due: interview + 1 day}}\n", "PI101", "write it in a machine"),
        ("machines: {application: {states: {waiting: Still waiting}}}\n", "PI106",
         "write `waiting: {title: Still waiting}`"),
        ('loosens: {one_chase: "once, or twice"}\n', "PI106", 'write `one_chase: {why: "once, or twice"}`'),
        ("remove: [follow_up]\n", "PI605", "write `events: {remove: follow_up}`"),
        ("dates: [{answer_due: waited_from + 9 days}]\n", "PI106", "write the entries without dashes"),
        ("dates: answer_due:waited_from\n", "PI106", "write a space after the colon of `answer_due:`"),
        ("dates: {answer-due: waited_from + 9 days}\n", "PI115", "write `answer_due`"),
        ("dates: {answer_due: [promised + 1 business day; interview + 9 days]}\n", "PI112",
         "write a comma instead of the `;`"),
        ("credits: {reply: 5}\n", "PI106", "write `reply: {max: 5}`"),
        ("calendar: {country: CH, region: Zurich}\n", "PI101", "such as `country: CH-ZH`"),
        ("machines: {aplication: {transitions: {follow_up_once: {remove: due}}}}\n", "PI102",
         "did you mean `application`?"),
        ("guard_sets: {before_any_nudge: {few_nudge: {within: 7 days}}}\n", "PI102",
         "did you mean `few_nudges`?"),
        ("events: {follow_up: {fields: {chanel: {optional: true}}}}\n", "PI102", "did you mean `channel`?"),
    ],
)  # fmt: skip
def test_one_error_says_at_the_own_line_what_to_type(values: str, code: str, help: str) -> None:
    (error,) = found(values)
    assert (error.code, error.where.file, error.where.line) == (code, "mine.yaml", 4)
    assert help in error.help


def test_what_the_extended_pack_has_removed_is_told_with_the_line_that_removes_it() -> None:
    (error,) = found("events: {missed_call: {title: ring}}\n", "germany")
    assert error.label.endswith("has removed `missed_call`")
    assert [str(each.span).rpartition(":")[0] for each in error.others] == ["rules/germany.yaml:11"]


def test_the_promises_that_can_not_be_removed_are_named() -> None:
    (error,) = found("remove: keeps\n", "two-follow-ups")
    assert "`loosens: {two_chases: {why: ...}, two_follow_ups: {why: ...}}`" in error.help


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ("events: {follow_up: {fields: {chanel: [email]}}}", "events.follow_up.fields.chanel"),
        ("events: {thank_you: {fields: {topics: text}}}", "events.thank_you.fields.topics"),
        ("machines: {application: {states: {folowed_up: {title: X}}}}", None),
        (FOLLOW_UP % "few_nudge: {at_most: 2, of: nudge, within: 14 days, per: employer}",
         "machines.application.transitions.follow_up_once.guards.few_nudge"),
        ("guard_sets: {before_any_nudge: {one_chasse: {at_most: 2, of: chase, per: employer}}}",
         "guard_sets.before_any_nudge.one_chasse"),
        (FOLLOW_UP % "some: {spends: reply, unless: {chanel: email}}", None),
    ],
)  # fmt: skip
def test_a_new_id_that_is_nearly_one_of_the_extended_file_is_told_in_every_set(
    values: str, path: str | None
) -> None:
    """In some sets, a misspelt id is an error already."""
    errors = [each for each in found(values) if each.severity == "error"]
    assert bool(errors) is (path is None)
    if path is not None:
        assert ("PI519", path, 4) in told(pack(values))


@pytest.mark.parametrize(
    "values",
    [
        "guard_sets: {before_any_nudge: {task_first: {since: hand_in}}}",
        "dates: {answer_due: [promised + 1 business day, interview + 14 days]}",
        "machines: {position: {transitions: {remove: [call_while_open, call_on_hold]}}}",
        "guard_sets: {before_any_nudge: {remove: use}}",
    ],
)
def test_what_the_extended_file_defines_may_be_left_unused(values: str) -> None:
    assert [each for each in found(values) if each.severity == "error"] == []


def test_what_the_file_itself_defines_may_not() -> None:
    assert [each.code for each in found("classes: {hello: [interview]}\n")] == ["PI214"]


def test_the_lines_that_go_with_a_removal_are_the_same_while_another_line_can_not_be_read() -> None:
    removal = "events: {remove: missed_call}\ndates: {answer_due: %s}\n"
    alone, beside = found(removal % "waited_from + 14 days"), found(removal % "14 days")
    assert [each.code for each in beside] == ["PI609", "PI113"]
    assert beside[0].notes == alone[0].notes


RULES = "dates: {answer_due: [promised + 1 business day, waited_from + 14 days]}\n"


@pytest.mark.parametrize(
    ("text", "helps"),
    [
        (f"format: 1\nextend: default\ntitle: Misspelt\n{RULES}", ["did you mean `extends`?"]),
        (f"format: 1\ntitle: None\n{RULES}", ["add the line `extends: default`"]),
        ("format: 1\nguard_sets: {}\n", ["add the line `extends: default`"]),
        ("format: 1\nevent: {}\nclasses: {}\n", ["did you mean `events`?"]),
    ],
)
def test_a_file_is_told_for_what_all_its_keys_say(
    text: str, helps: list[str], call: Caller, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    said = call("check", tmp_path / "mine.yaml").out
    assert "scenario" not in said
    assert all(help in said for help in helps)


@pytest.mark.parametrize("text", ["format: 1\nrules: default\n", "format: 1\nscenario: []\ntitle: X\n"])
def test_a_scenario_file_without_its_stories_is_still_one(text: str, call: Caller, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    assert "scenario" in call("check", tmp_path / "mine.yaml").out


LATE = """\
format: 1
extends: default
title: Late
loosens: {one_follow_up: {why: Two are fine.}}
guard_sets: {before_any_nudge: {one_follow_up: {at_most: 2}}}
"""


@pytest.fixture
def packs(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "late.yaml").write_text(LATE, "utf-8")
    return tmp_path / "packs"


def test_a_pack_with_a_fault_is_shown_with_a_command_that_shows_the_fault(call: Caller, packs: Path) -> None:
    (packs / "default.yaml").write_text(LATE, "utf-8")
    answer = call("packs", "--folder", "packs")
    assert "see `postinterview packs late --folder packs`" in answer.err
    assert "PI601" in call("packs", "late", "--folder", "packs").err


def test_a_pack_that_no_longer_loosens_what_its_parent_loosens_is_told(
    call: Caller, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (packs / "later.yaml").write_text("format: 1\nextends: late\ntitle: Later\n", "utf-8")
    said = " ".join(call("packs", "--folder", "packs").out.split())
    told = "late loosens `one_follow_up` for itself alone; whether this one keeps it says "
    assert f"{told}`{FOLDER_VARIABLE}=packs postinterview check later`" in said
    assert said.count(told) == 1
    monkeypatch.setenv(FOLDER_VARIABLE, "packs")
    assert "`postinterview check later`" in " ".join(call("packs", "later").out.split())


def test_a_link_that_leads_nowhere_is_told_as_that(call: Caller, packs: Path) -> None:
    (packs / "lost.yaml").symlink_to("/nowhere.yaml")
    said = "`packs/lost.yaml` is a link to `/nowhere.yaml`, which is not there"
    assert said in call("packs", "--folder", "packs").err
    assert said in call("check", "packs/lost.yaml").err


def test_a_misspelt_parent_is_one_error() -> None:
    text = pack("").replace("extends: default", "extends: defualt")
    (error,) = load(text, "mine.yaml", name="mine", finder=named_parent_of).diagnostics
    assert error.code == "PI601"


def broken(call: Caller, tmp_path: Path, values: str, extends: str = "default") -> dict[str, Any]:
    """The one error of a pack that breaks a promise."""
    text = pack(values).replace("extends: default", f"extends: {extends}")
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    answer = call("check", tmp_path / "mine.yaml", "--format", "json")
    (error,) = (each for each in json.loads(answer.out)["diagnostics"] if each["severity"] == "error")
    assert (error["code"], error["line"]) == ("PI505", 4)
    assert error["file"].endswith("mine.yaml")
    return dict(error)


LOOSENED = "loosens: {one_chase: {why: Two.}, one_follow_up: {why: Two.}}"


@pytest.mark.parametrize(
    ("values", "path", "help"),
    [
        ("dates: {answer_due: waited_from + 14 days}", "dates.answer_due",
         "write `answer_due: [promised + 1 business day, waited_from + 14 days]`; rules/default.yaml:"),
        ("credits: {reply: {max: 30}}", "credits.reply.max",
         "write `max: 3` in `reply`, as in rules/default.yaml:"),
    ],
)  # fmt: skip
def test_a_promise_that_an_unchanged_guard_keeps_no_more_is_told_at_the_change(
    values: str, path: str, help: str, call: Caller, tmp_path: Path, shared_proofs: None
) -> None:
    error = broken(call, tmp_path, f"{values}\n")
    assert (error["path"], error["label"]) == (path, error["label"].split(" ")[0] + END)
    assert help in error["help"]


END = " here, and the promise rests on it"


@pytest.mark.slow
def test_a_pack_on_a_pack_is_held_against_that_pack(
    call: Caller, tmp_path: Path, shared_proofs: None
) -> None:
    values = f"{FOLLOW_UP.strip() % 'two_follow_ups: {at_most: 3}'}\n{LOOSENED}\n"
    help = broken(call, tmp_path, values, "two-follow-ups")["help"]
    assert "in rules/two-follow-ups.yaml this rests on two_follow_ups, {at_most: 2, " in help
    assert "mine.yaml:4 says {at_most: 3}" in help


@pytest.mark.slow
def test_who_loosens_what_a_pack_loosens_is_told_of_the_pack(
    call: Caller, tmp_path: Path, shared_proofs: None
) -> None:
    sets = "{one_at_a_time: {one_chase: {at_most: 2}}, before_any_nudge: {one_follow_up: {at_most: 2}}}"
    help = broken(call, tmp_path, f"guard_sets: {sets}\n{LOOSENED}\n")["help"]
    assert "the pack `two-follow-ups` loosens `one_chase` and `one_follow_up` and keeps the rest" in help


def test_an_error_in_the_extended_file_is_told_at_the_line_that_makes_it() -> None:
    errors = [each for each in found("events: {reply: {by: employer}}\n") if each.code == "PI230"]
    assert {(each.path, each.where.file, each.where.line) for each in errors} == {
        ("events.reply.by", "mine.yaml", 4)
    }
    assert errors[0].label.startswith("changed here, and so: ")
    assert errors[0].help.startswith("write `by: candidate` in `reply`, as in rules/default.yaml:")


def removals() -> list[str]:
    """A pack for each entry of the packaged rules, which removes it."""
    file, text = read_packaged("default")
    whole = load_text(file, text).whole
    assert whole is not None
    paths = [path for path in entries_of(whole) if len(path) > 1 and path[0] not in ("meta", "migrations")]
    return [
        "".join(f"{step}: {{" for step in path[:-1]) + f"remove: {path[-1]}" + "}" * (len(path) - 1)
        for path in paths
    ]


def own_lines(values: str) -> bool:
    """Whether each finding of a pack shows a line of the pack."""
    loaded = load_text("mine.yaml", pack(f"{values}\n"), finder=named_parent_of)
    every = [*loaded.diagnostics, *(lint(loaded) if loaded.definition is not None else ())]
    return all(
        "mine.yaml" in {each.where.file, *(other.span.file for other in each.others)} for each in every
    )


def test_whatever_is_removed_each_finding_shows_a_line_of_the_file() -> None:
    assert [each for each in removals()[::60] if not own_lines(each)] == []


@pytest.mark.slow
def test_whatever_is_removed_of_all_there_is_each_finding_shows_a_line_of_the_file() -> None:
    assert [each for each in removals() if not own_lines(each)] == []


def test_a_set_of_guards_may_be_emptied() -> None:
    assert list(found("guard_sets: {one_at_a_time: {remove: one_chase}}\n")) == []
