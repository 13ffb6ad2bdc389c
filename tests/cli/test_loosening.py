"""A rule file loosens a packaged promise by naming it: only that one is excused, and every output says so."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from postinterview.judging import load_promises
from postinterview.proof.certificates.certificate import read_certificate, verify, write_certificate
from postinterview.proof.certificates.data import CertificateError
from postinterview.proof.prove import Proof
from tests.cli.helpers import Caller

FRESH = "while_it_is_fresh: {not_after: interview + 20 days}"
LATE = f"machines: {{application: {{transitions: {{thank: {{guards: {{{FRESH}}}}}}}}}}}"
WHY = "Thanks are welcome in the third week."
LOOSE = (
    f"format: 1\nextends: default\ntitle: Late thanks\nloosens: {{fresh_thanks: {{why: {WHY}}}}}\n{LATE}\n"
)
UNNAMED = LOOSE.replace(f"loosens: {{fresh_thanks: {{why: {WHY}}}}}\n", "")


@cache
def rulebook(text: str = LOOSE) -> pi.Rulebook:
    return pi.load_rulebook(text=text, name="late.yaml")


@cache
def proof(text: str = LOOSE) -> Proof:
    return pi.prove(rulebook(text))


@cache
def certificate() -> str:
    return write_certificate(proof())


def check_certificate(text: str, of: str = LOOSE) -> None:
    verify(rulebook(of).definition, load_promises(rulebook(of)), read_certificate(text))


def refused(data: dict[str, Any], of: str = LOOSE) -> str:
    with pytest.raises(CertificateError) as caught:
        check_certificate(json.dumps(data), of)
    return caught.value.message


def test_a_loosened_promise_is_judged_and_excused() -> None:
    (result,) = (each for each in proof().results if each.verdict != "proved")
    assert (result.id, result.verdict) == ("fresh_thanks", "violated")
    assert result.violation is not None
    assert [(each.name, each.why) for each in proof().loosened] == [("fresh_thanks", WHY)]
    assert (proof().verdict, bool(proof())) == ("proved", True)
    assert f"`fresh_thanks` is loosened: {WHY}" in proof().text


def test_nothing_but_the_promise_that_is_named_is_excused() -> None:
    other = UNNAMED.replace("title:", "loosens: {one_invite: {why: It is another promise.}}\ntitle:")
    made = proof(other)
    assert (made.verdict, bool(made), made.loosened) == ("violated", False, ())
    assert [each.id for each in made.results if each.verdict != "proved"] == ["fresh_thanks"]


def test_a_certificate_excuses_what_both_it_and_the_rule_file_loosen() -> None:
    data = json.loads(certificate())
    assert data["loosened"] == ["fresh_thanks"]
    check_certificate(certificate())
    assert refused({**data, "loosened": []}) == "nothing is said about `fresh_thanks` and `thank_you`"
    without = [part for part in data["parts"] if part["promise"] != "one_invite"]
    more = {**data, "loosened": ["fresh_thanks", "one_invite"], "parts": without}
    assert refused(more) == "it says that the rules loosen `one_invite`, and they don't"
    assert refused(data, UNNAMED) == "`late.yaml` has changed since the certificate was made"


def test_who_extends_a_file_that_loosens_a_promise_is_told_to_say_so(tmp_path: Path, call: Caller) -> None:
    (tmp_path / "late.yaml").write_text(LOOSE, "utf-8")
    child = tmp_path / "child.yaml"
    child.write_text("format: 1\nextends: ./late.yaml\ntitle: Child\n", "utf-8")
    answer = call("check", child)
    assert (answer.code, answer.out.count("[PI505]")) == (1, 1)
    assert (
        "late.yaml:4 loosens it for that file alone; if you mean to: `loosens: {fresh_thanks: {why: ...}}`"
        in (" ".join(answer.out.split()))
    )


@pytest.mark.slow
def test_every_output_names_what_is_loosened(tmp_path: Path, call: Caller) -> None:
    late, kept = tmp_path / "late.yaml", tmp_path / "late.proof.json"
    late.write_text(LOOSE, "utf-8")
    line = f"loosened: `fresh_thanks` at {late}:4. {WHY}\n"
    data = [{"promise": "fresh_thanks", "why": WHY, "file": str(late), "line": 4}]
    of = ("--of", "linkedin_invite", "--per", "interviewer")

    checked = call("check", late)
    assert checked.code == 0
    assert checked.out.splitlines()[0].endswith(", 22 promises kept")
    for answer in (
        checked,
        call("check", late, "--no-proof"),
        call("prove", late, "--certificate", kept),
        call("verify", kept),
        call("bound", late, *of),
    ):
        assert (answer.code, line in answer.out) == (0, True), answer.out
    documents = [
        json.loads(call(*words, "--format", "json").out)
        for words in (("check", late), ("prove", late), ("verify", kept), ("bound", late, *of))
    ]
    assert [each["loosened"] for each in (*documents[0]["files"], *documents[1:])] == [data] * 4
    assert f"{{why: {WHY}}}" in call("show", late, "loosens").out
