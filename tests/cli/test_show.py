"""`show` prints rules as they stand, and where each value comes from."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.helpers import Caller

PARENT = """\
format: 1
title: The parent
version: "1"
events:
  interview: {by: employer, opens: round}
  follow_up: {by: candidate, title: ask}
machines:
  application:
    per: application
    start: waiting
    states:
      waiting: {title: Waiting}
    transitions:
      ask:
        event: follow_up
        from: waiting
        guards:
          be_patient: {not_before: interview + 7 days}
          once: {at_most: 1, of: follow_up}
"""
CHILD = """\
format: 1
extends: ./parent.yaml
title: "The child: more patience"
machines:
  application:
    transitions:
      ask:
        guards:
          be_patient: {not_before: interview + 9 days}
          remove: once
"""


@pytest.fixture(autouse=True)
def files(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")
    (tmp_path / "child.yaml").write_text(CHILD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_each_value_stands_beside_its_place_and_what_it_stands_for_below(call: Caller) -> None:
    assert (
        call("show", "child.yaml").out
        == """\
title: "The child: more patience"                          child.yaml:3
  was The parent                                           parent.yaml:2
events:                                                    parent.yaml:4
  interview: {by: employer, opens: round}                  parent.yaml:5
  follow_up: {by: candidate, title: ask}                   parent.yaml:6
machines:                                                  child.yaml:4
  application:                                             child.yaml:5
    per: application                                       parent.yaml:9
    start: waiting                                         parent.yaml:10
    states: {waiting: {title: Waiting}}                    parent.yaml:11
    transitions:                                           child.yaml:6
      ask:                                                 child.yaml:7
        event: follow_up                                   parent.yaml:15
        from: waiting                                      parent.yaml:16
        guards:                                            child.yaml:8
          be_patient:                                      child.yaml:9
            not_before: interview + 9 days                 child.yaml:9
              was interview + 7 days                       parent.yaml:18
            once was removed: {at_most: 1, of: follow_up}  parent.yaml:19
format: 1                                                  child.yaml:1
extends: ./parent.yaml                                     child.yaml:2
"""
    )


def test_a_part_is_shown_by_its_path(call: Caller) -> None:
    shown = call("show", "child.yaml", "events.follow_up").out
    assert shown == "  follow_up: {by: candidate, title: ask}  parent.yaml:6\n"
    answer = call("show", "child.yaml", "evnts")
    assert (answer.code, answer.out) == (2, "")
    assert "there is no `evnts` in these rules; did you mean `events`" in answer.err
    assert "did you mean `events.follow_up`?" in call("show", "child.yaml", "follow_up").err


def test_json_has_every_value_with_what_it_stands_for(call: Caller) -> None:
    made = call("show", "child.yaml", "machines.application.transitions.ask.guards", "--format", "json")
    guards, patient, number, once = json.loads(made.out)["values"]
    assert (guards["file"], guards["line"], guards["value"]) == ("child.yaml", 8, "")
    assert patient["path"].endswith("be_patient")
    assert number["value"] == "interview + 9 days"
    assert number["earlier"] == [{"value": "interview + 7 days", "file": "parent.yaml", "line": 18}]
    assert once["removed"]
    assert once["earlier"][0]["line"] == 19


def test_rules_with_a_fault_are_not_shown(call: Caller) -> None:
    Path("child.yaml").write_text(CHILD.replace("remove: once", "remove: twice"), encoding="utf-8")
    answer = call("show", "child.yaml")
    assert (answer.code, answer.out) == (1, "")
    assert "error[PI605]: there is no `twice` here to remove" in answer.err
    assert "child.yaml:10:19" in answer.err


@pytest.mark.slow
def test_a_certificate_names_the_files_that_are_extended(call: Caller, tmp_path: Path) -> None:
    Path("patient.yaml").write_text("format: 1\nextends: default\ntitle: Patient\n", encoding="utf-8")
    assert call("prove", "patient.yaml", "--certificate", "c.json").code == 0
    assert call("verify", "c.json").out.startswith("ok    c.json  patient.yaml and rules/default.yaml: ")
    named = json.loads(Path("c.json").read_text(encoding="utf-8"))["rules"]
    assert [each["file"] for each in named] == ["./patient.yaml", "default"]
    Path("parent.yaml").write_text(Path("patient.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    Path("patient.yaml").write_text("format: 1\nextends: ./parent.yaml\n", encoding="utf-8")
    assert (
        "has changed since" in call("verify", "c.json").err
        or "is of other rules" in call("verify", "c.json").err
    )


def test_standard_input_is_shown_too(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CHILD.encode())))
    assert call("show", "-", "title").out.startswith('title: "The child: more patience"  <stdin>:3\n')
