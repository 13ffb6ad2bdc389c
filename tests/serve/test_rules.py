"""Posted rules get the document of the command line, and can neither hang, nor harm, nor spy."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from postinterview.serve.posted import Judge
from tests.cli.helpers import SMALL, start
from tests.serve.service import Service, service
from tests.stores.kinds import shared

PUSHY = SMALL.replace("          one_follow_up: {at_most: 1, of: follow_up, per: round}\n", "")
CALLS: dict[str, tuple[dict[str, Any], Sequence[str]]] = {
    "check": ({"rules": PUSHY, "strict": True}, ["check", "rules.yaml", "--strict"]),
    "prove": ({"rules": SMALL}, ["prove", "rules.yaml"]),
    "bound": (
        {"rules": SMALL, "of": ["follow_up"], "within": "14 days", "silence": True},
        ["bound", "rules.yaml", "--of", "follow_up", "--within", "14 days", "--silence"],
    ),
    "diff": ({"old": SMALL, "new": PUSHY}, ["diff", "old.yaml", "new.yaml"]),
}
VARYING = re.compile(r'"(?:seconds|sha256)": .*')


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with shared("sqlite") as url, service(url) as found:
        yield found


def check(served: Service, rules: str) -> Any:
    answer = served.ask("POST", "/rules/check", {"rules": rules, "proof": False})
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("name", ["check", *(pytest.param(name, marks=pytest.mark.slow) for name in CALLS)])
def test_the_answer_is_the_document_of_the_command_line(name: str, served: Service, tmp_path: Path) -> None:
    body, command = CALLS[name]
    for file in ("rules.yaml", "old.yaml"):
        (tmp_path / file).write_text(str(body.get("rules", SMALL)), encoding="utf-8")
    (tmp_path / "new.yaml").write_text(PUSHY, encoding="utf-8")

    answer = served.ask("POST", f"/rules/{name}", {**body, "max_seconds": 15})
    printed = start(*command, "--format", "json", cwd=tmp_path)

    assert answer.status_code == 200
    assert VARYING.sub("", answer.text) == VARYING.sub("", printed.out)


@pytest.mark.parametrize(
    "named",
    ["/etc/passwd", "../../../../../../etc/passwd", "/etc/nothing", "~/.ssh/id.yaml", "./rules.yaml/x"],
)
def test_posted_rules_tell_nothing_of_other_files(named: str, served: Service) -> None:
    (found,) = check(served, f"format: 1\nextends: {named}\n")["diagnostics"]

    assert found["code"] == "PI601"
    there = ("may not be read", "there is no file", "can't be read")
    assert any(each in found["message"] for each in there)
    assert "root:" not in json.dumps(found)
    if named.startswith("/etc"):
        assert found["message"] == f"`{named}` may not be read"  # whether it exists or not


def test_rules_that_take_too_long_are_given_up_and_the_service_lives() -> None:
    with shared("sqlite") as url, service(url, judge=Judge(seconds=1)) as served:
        answer = served.ask("POST", "/rules/diff", {"old": "default", "new": "germany", "max_seconds": 15})
        assert answer.status_code == 422
        assert "more time or memory" in answer.json()["detail"]
        assert served.ask("GET", "/health").status_code == 200


@pytest.mark.slow
def test_rules_that_take_too_much_memory_are_given_up() -> None:
    with shared("sqlite") as url, service(url, judge=Judge(megabytes=60)) as served:
        answer = served.ask("POST", "/rules/diff", {"old": "default", "new": "germany"})
    assert answer.status_code == 422
    assert "memory" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("check", {"rules": "nothing"}, "no packaged rules are called `nothing`"),
        ("check", {"rules": ""}, "body.rules"),
        ("bound", {"rules": "default", "of": ["--help"]}, "body.of.0"),
        ("bound", {"rules": "default", "within": "soon"}, "within: `soon` is not a duration"),
        ("prove", {"rules": "default", "max_seconds": 1000}, "body.max_seconds"),
        ("diff", {"old": "default"}, "body.new"),
    ],
)
def test_a_question_that_means_nothing_is_a_problem(
    path: str, body: dict[str, Any], said: str, served: Service
) -> None:
    answer = served.ask("POST", f"/rules/{path}", body)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_an_owner_who_asks_too_much_at_once_keeps_nobody_else_waiting() -> None:
    judge = Judge(seconds=60, at_once=1, of_one=2)

    async def asked() -> list[int]:
        answered = []

        async def ask(owner: str) -> int:
            try:
                await judge.answer(owner, "check", ["--no-proof"], {"rules.yaml": SMALL})
            except HTTPException as error:
                return error.status_code if error.headers == {"Retry-After": "60"} else 0
            answered.append(owner)
            return 200

        statuses = await asyncio.gather(*map(ask, ["ada", "ada", "ada", "bob"]))
        assert answered == ["ada", "ada", "bob"]
        return [*statuses, await ask("ada")]

    assert asyncio.run(asked()) == [200, 200, 429, 200, 200]


CASE = {
    "name": "Acme",
    "timezone": "Europe/Zurich",
    "steps": [{"at": "2026-03-02 10:00", "event": "interview"}],
}
SLIP = {**CASE, "steps": [{"at": "2026-03-02 10:00", "event": "interviw"}]}


def test_cases_get_the_answers_of_the_command_line(served: Service, tmp_path: Path) -> None:
    body = {"at": "2026-03-05T09:00:00+01:00", "cases": [CASE, SLIP], "rules": SMALL}
    answer = served.ask("POST", "/next", body)
    (tmp_path / "rules.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text(f"{json.dumps(CASE)}\n{json.dumps(SLIP)}\n", encoding="utf-8")
    asked = ("next", "--all", "cases.jsonl", "--at", "2026-03-05T09:00:00+01:00", "--rules", "rules.yaml")

    assert answer.status_code == 200
    assert answer.text == start(*asked, "--format", "json", cwd=tmp_path).out
    one, other = answer.json()["answers"]
    assert one["verdicts"]
    assert [each["code"] for each in other["diagnostics"]] == ["PI721"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"at": "2026-03-05T09:00:00"}, "timezone"),
        ({"cases": []}, "at least 1"),
        ({"rules": "nothing"}, "no packaged rules are called `nothing`"),
        ({"at": "soon"}, "datetime"),
    ],
)
def test_cases_that_mean_nothing_are_refused(change: dict[str, Any], said: str, served: Service) -> None:
    answer = served.ask("POST", "/next", {"at": "2026-03-05T09:00:00+01:00", "cases": [CASE], **change})

    assert answer.status_code == 422
    assert said in answer.text


def test_a_case_can_name_no_file_of_the_service(served: Service) -> None:
    spying = {"format": 1, "rules": "/etc/passwd", "scenarios": [CASE]}
    answer = served.ask("POST", "/next", {"at": "2026-03-05T09:00:00+01:00", "cases": [spying]})

    assert "root" not in answer.text
    assert [each["code"] for each in answer.json()["answers"][0]["diagnostics"]] == ["PI706"]
