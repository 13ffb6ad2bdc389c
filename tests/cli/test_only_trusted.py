"""What a proof only believes of a file's own events: ``check`` names it, ``--strict`` makes it an error."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.helpers import ROOT, Caller

OWN = ROOT / "tests" / "bad" / "proof" / "PI508-only-trusted.yaml"
NAMED = ["newsletter", "ping", "turned_down", "closed", "message", "nudge", "ring", "answer_them", "hello"]


def test_check_names_what_is_only_trusted_and_fails_if_strict(call: Caller) -> None:
    for more in ((), ("--no-proof",)):
        answer, strict = call("check", OWN, *more), call("check", OWN, "--strict", *more)

        assert (answer.code, strict.code) == (0, 1)
        assert [line for line in answer.out.splitlines() if "PI508]: trusted, not proved: `nudge`" in line]
        assert answer.out.count("warning[PI508]") == strict.out.count("error[PI508]") == len(NAMED)
        assert strict.out.startswith("FAIL")


def test_a_program_is_told_each_tag_that_is_trusted(call: Caller) -> None:
    (checked,) = json.loads(call("check", OWN, "--no-proof", "--format", "json").out)["files"]
    proved = json.loads(call("prove", OWN, "--format", "json").out)

    assert proved["verdict"] == "proved"
    assert proved["only_trusted"] == checked["only_trusted"]
    assert [each["event"] for each in checked["only_trusted"]] == NAMED
    by_event = {each["event"]: each for each in checked["only_trusted"]}
    assert by_event["nudge"] == {
        "event": "nudge",
        "tags": {"contact": "courtesy"},
        "file": str(OWN),
        "line": 11,
        "why": None,
    }
    assert list(by_event["ping"]["tags"]) == ["sign_of_life", "gives", "opens", "sets"]


def test_prove_names_it_too(call: Caller) -> None:
    out = call("prove", OWN).out

    assert f"  only trusted    {OWN}:11: `nudge` is called a courtesy\n" in out
    assert f"  only trusted    {OWN}:8: `turned_down` is called neither an act nor a no\n" in out


def test_the_packaged_rules_need_no_trust(call: Caller) -> None:
    assert call("check", "--strict", "--no-proof").code == 0
    assert "trusted, not proved" not in call("check", "--no-proof").out


def test_a_file_acknowledges_an_event_and_that_is_printed(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    trust = "".join(f"  {name}: We have looked into {name}.\n" for name in NAMED)
    path.write_text(f"{OWN.read_text(encoding='utf-8')}trust:\n{trust}", encoding="utf-8")
    said = [f"trusted: `{name}`. We have looked into {name}." for name in NAMED]
    checked, proved = call("check", path, "--strict"), call("prove", path)

    assert (checked.code, proved.code) == (0, 0)
    assert "PI508" not in checked.out
    assert checked.out.splitlines()[1:-1] == said
    assert checked.out.splitlines()[-1].startswith("at any hour: `ring` and `ask`; ")
    assert [line for line in proved.out.splitlines() if line.startswith("trusted: ")] == said
    assert "only trusted" not in proved.out
    told = json.loads(call("check", path, "--format", "json").out)["files"][0]["only_trusted"]
    assert [each["why"] for each in told] == [f"We have looked into {name}." for name in NAMED]


def test_the_advice_fits_what_is_trusted(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    event = "their_date: {by: employer, sign_of_life: false, fields: {day: {type: date, sets: promised}}}"
    rule = "machines: {application: {transitions: {dated: {event: their_date, from: any}}}}"
    path.write_text(
        f"format: 1\nextends: default\ntitle: Mine\nevents: {{{event}}}\n{rule}\n", encoding="utf-8"
    )

    out = call("check", path, "--no-proof").out

    assert "help: if it is another date than that, let it set one of another name; or acknowledge it" in out
