"""``run`` and ``test`` against other rules, with chosen scenarios, and ``test --junit`` read back."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, TestCase

from postinterview.files import read_packaged
from tests.cli.helpers import SMALL, STORIES, Caller
from tests.scenario.helpers import INTERVIEW, file_of


@pytest.fixture(autouse=True)
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stories").mkdir()
    for name in ("too-soon.yaml", "two-applications.yaml"):
        (tmp_path / "stories" / name).write_text((STORIES / name).read_text("utf-8"), "utf-8")
    text = read_packaged("default")[1].decode()
    (tmp_path / "later.yaml").write_text(
        text.replace("- promised + 1 business day\n", "- promised + 3 business days\n"), "utf-8"
    )
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_stories_are_played_against_other_rules_than_they_name(call: Caller) -> None:
    assert call("test", "stories").code == 0
    answer = call("test", "stories", "--rules", "later.yaml")

    assert answer.code == 1
    assert "FAIL  stories/too-soon.yaml:4  Too soon, then once\n" in answer.out
    assert "\nwait_for_the_answer, later.yaml:216: " in answer.out
    assert "\n1 more step failed only because an earlier step of the same scenario did\n" in answer.out
    assert "later.yaml" in call("run", "stories", "--rules", "later.yaml").out


def test_what_other_rules_lack_is_said_once_for_all_scenarios(call: Caller, folder: Path) -> None:
    (folder / "plain.yaml").write_text(file_of("{at: 2026-03-02 10:00, event: message}"), "utf-8")
    answer = call("test", "stories", "plain.yaml", "--rules", "small.yaml")

    assert (answer.code, answer.err) == (1, "")
    assert "FAIL" not in answer.out
    assert (
        "2 scenarios can't be played with small.yaml, which lacks what they name:\n"
        "    unknown field `interviewers`: 2 scenarios, first stories/too-soon.yaml:11:16\n"
    ) in answer.out
    assert "    unknown event `thank_you`: 1 scenario, first " in answer.out
    assert answer.out.endswith("\n2 scenarios, as expected, 2 not playable\n")
    data = json.loads(call("test", "stories", "--rules", "small.yaml", "--format", "json").out)
    assert data["passed"] is False
    assert [each["name"] for each in data["unplayable"]][:1] == ["Too soon, then once"]
    assert data["unplayable"][0]["diagnostics"][0]["code"] == "PI726"


def test_rules_that_are_faulty_or_missing_are_said_once(call: Caller, folder: Path) -> None:
    (folder / "faulty.yaml").write_text(SMALL.replace("from: waiting", "from: waitng"), "utf-8")
    answer = call("test", "stories", "--rules", "faulty.yaml")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("waitng") == answer.err.count("error[") * 2 == 2

    missing = call("test", "stories", "--rules", "missing.yaml")
    assert (missing.code, missing.err) == (3, missing.err)
    assert missing.err.count("there is no file `missing.yaml`") == 1


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("soon", ["Too soon, then once"]),
        ("two-applications and not reply", ["Two applications at one employer"]),
        ('"stays fresh" or "then once"', ["Too soon, then once", "A reply stays fresh for fourteen days"]),
    ],
)
def test_scenarios_are_chosen_by_words(call: Caller, expression: str, names: list[str]) -> None:
    data = json.loads(call("test", "stories", "-k", expression, "--format", "json").out)
    assert [each["name"] for each in data["scenarios"]] == names
    assert (data["passed"], data["not_chosen"]) == (True, 3 - len(names))


def test_a_bad_expression_is_wrong_usage_and_no_match_is_a_failure(call: Caller) -> None:
    bad = call("test", "stories", "-k", "soon and")
    assert (bad.code, "a word is missing at the end in `soon and`; write words" in bad.err) == (2, True)

    none = call("test", "stories", "-k", "nobody")
    assert (none.code, none.out) == (1, "")
    assert none.err.startswith("error: no scenario in stories is chosen by `-k`: 3 scenarios left out\n")
    assert call("test", "stories", "-k", "soon").out.endswith("1 scenario, as expected; 2 not chosen\n")


def test_a_file_of_which_nothing_is_chosen_needs_no_rules(call: Caller, folder: Path) -> None:
    text = file_of(INTERVIEW).replace("scenarios:", "rules: gone.yaml\nscenarios:")
    (folder / "stories" / "gone.yaml").write_text(text, "utf-8")

    assert call("test", "stories").code == 1
    assert call("test", "stories", "-k", "soon").code == 0


def cases(file: Path) -> dict[str, TestCase]:
    return {case.name: case for suite in JUnitXml.fromfile(str(file)) for case in suite}


def test_a_reader_of_junit_xml_finds_what_happened_to_each_scenario(call: Caller, folder: Path) -> None:
    text = file_of(INTERVIEW).replace("A story", "Quotes ' & <tags>")
    (folder / "stories" / "odd.yaml").write_text(text, "utf-8")
    (folder / "stories" / "broken.yaml").write_text("scenarios: [", "utf-8")
    code = call("test", "stories", "gone.yaml", "--rules", "later.yaml", "--junit", "out.xml").code

    found = cases(folder / "out.xml")
    report = JUnitXml.fromfile(str(folder / "out.xml"))
    assert code == 3
    assert (report.tests, report.failures, report.errors) == (6, 1, 2)
    (failure,) = found["Too soon, then once"].result
    assert isinstance(failure, Failure)
    assert failure.message == ("step 2: opens_at: expected Wed 11 Mar 2026 00:00, got Fri 13 Mar 2026 00:00")
    assert "FAIL  wait_for_the_answer" in (failure.text or "")
    assert found["A reply stays fresh for fourteen days"].is_passed
    assert found["Quotes ' & <tags>"].is_passed
    assert [type(each) for each in found["the file can be played"].result] == [Error]
    assert [type(each) for each in found["the file can be read"].result] == [Error]


def test_a_reader_of_junit_xml_finds_how_long_each_scenario_took(call: Caller, folder: Path) -> None:
    call("test", "stories", "--junit", "out.xml")
    (suite, *_) = report = JUnitXml.fromfile(str(folder / "out.xml"))
    times = [case.time for case in suite]
    assert all(each is not None and each >= 0 for each in times)
    assert any(times)
    assert suite.time == pytest.approx(sum(times), abs=0.001 * len(times))
    assert report.time == pytest.approx(sum(each.time for each in report), abs=0.002)


def test_scenarios_that_can_not_be_played_are_errors_for_junit(call: Caller, folder: Path) -> None:
    call("test", "stories", "--rules", "small.yaml", "--junit", "out.xml")
    root = ET.parse(folder / "out.xml").getroot()  # noqa: S314 - we wrote it

    assert (root.get("tests"), root.get("errors"), root.get("failures")) == ("3", "2", "0")


def test_a_report_that_can_not_be_written_ends_with_3(call: Caller) -> None:
    answer = call("test", "stories", "--junit", "stories")
    assert answer.code == 3
    assert "`stories` can't be" in answer.err
