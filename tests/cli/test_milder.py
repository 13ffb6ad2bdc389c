"""Packaged events that a file tags more mildly: ``prove``, ``check`` and ``verify`` say so, end with no."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.helpers import ROOT, SMALL, Caller

MILD = ROOT / "tests" / "bad" / "proof" / "PI507-by-words-alone.yaml"


def test_prove_shows_the_milder_words_and_ends_with_no(call: Caller) -> None:
    answer = call("prove", MILD)
    data = json.loads(call("prove", MILD, "--format", "json").out)

    assert answer.code == 1
    assert (
        f"{MILD}:10: `follow_up` says contact: attempt; the packaged rules say chase (rules/default.yaml:97)"
        in (answer.out)
    )
    found = {(each["event"], each["tag"], each["says"], each["packaged"]) for each in data["milder"]}
    assert ("interview", "gives", "reply", "nothing") in found
    assert data["trusted"]["attempt"] == ["follow_up"]


def test_rules_that_keep_every_promise_by_a_word_end_with_no_and_get_no_certificate(
    call: Caller, tmp_path: Path
) -> None:
    path, kept = tmp_path / "mine.yaml", tmp_path / "kept.json"
    path.write_text(
        SMALL.replace("interview: {by: employer", "interview: {by: employer, gives: reply")
        .replace("message + 14 days", "heard + 14 days")
        .replace("credits:", "classes: {heard: [interview, message]}\ncredits:")
    )
    proved = json.loads(call("prove", path, "--format", "json").out)

    assert proved["verdict"] == "proved"
    assert [each["event"] for each in proved["milder"]] == ["interview"]
    assert call("prove", path).code == 1
    assert call("check", path).code == 1
    assert "error[PI507]" in call("check", path, "--no-proof").out
    assert "tagged more mildly" in call("prove", path, "--certificate", kept).err
    assert not kept.exists()
    call("prove", "default", "--certificate", kept)
    assert "tagged more mildly" in call("verify", kept, path).err
