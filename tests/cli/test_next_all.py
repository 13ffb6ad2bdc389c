"""`next --all` answers each line as `next` answers its case alone, and a bad line harms no other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.helpers import PROGRAM, ROOT, SMALL, Answer, Caller

AT = "2026-03-05T09:00Z"
ACME = {
    "name": "Acme",
    "timezone": "Europe/Zurich",
    "steps": [{"at": "2026-03-02 10:00", "event": "interview"}],
}


def written(path: Path, *lines: Any) -> Path:
    """Write lines: texts as they are, other values as JSON."""
    texts = [each if isinstance(each, str) else json.dumps(each) for each in lines]
    path.write_text("".join(f"{each}\n" for each in texts), encoding="utf-8", errors="surrogatepass")
    return path


def answers(said: Answer) -> list[dict[str, Any]]:
    assert said.err == ""
    return [json.loads(line) for line in said.out.splitlines()]


def cases() -> list[dict[str, Any]]:
    """Return some examples, each as one object with moments as texts."""
    found = []
    for name in ("happy-path", "two-applications", "quoted-date", "a-no", "on-hold"):
        text = (ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
        found.append(_plain(yaml.safe_load(text)))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | None) else str(value)


def test_each_line_is_answered_as_its_case_alone(call: Caller, tmp_path: Path) -> None:
    every = cases()
    told = answers(call("next", "--all", written(tmp_path / "all.jsonl", *every), "--at", AT))

    assert len(told) == len(every)
    for number, (case, answer) in enumerate(zip(every, told, strict=True), 1):
        alone = json.loads(
            call("next", written(tmp_path / "one.json", case), "--at", AT, "--format", "json").out
        )
        assert (answer.pop("line"), alone.pop("version")) == (number, 1)
        for step in (*answer.get("left_out", ()), *answer["diagnostics"]):
            assert step["file"].endswith("all.jsonl")
            assert step["line"] == number
        assert answer["agenda"] == alone["agenda"]
        assert answer["verdicts"] == alone["verdicts"]
        assert answer["states"] == alone["states"]
        assert len(answer["left_out"]) == len(alone["left_out"])


def test_a_scenario_alone_is_a_case_and_its_faults_are_where_they_stand(call: Caller, tmp_path: Path) -> None:
    slip = json.dumps(ACME).replace("interview", "interviw")
    told = call("next", "--all", written(tmp_path / "all.jsonl", ACME, "", slip), "--at", AT)
    good, bad = answers(told)

    assert told.code == 1
    assert (good["line"], good["name"], good["errors"], good["diagnostics"]) == (1, "Acme", [], [])
    assert (bad["line"], bad["name"]) == (3, "Acme")
    (found,) = bad["diagnostics"]
    assert (found["code"], found["line"], found["end_line"]) == ("PI721", 3, 3)
    assert slip[found["column"] - 1 : found["end_column"] - 1].strip('"') == "interviw"
    assert "agenda" not in bad


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{nope", "the line is no JSON: "),
        ("[1]", "the line is no JSON object"),
        ('"Acme"', "the line is no JSON object"),
        ("[" * 100_000, "the line is no JSON"),
        ({**ACME, "timezone": "America/New_York"}, "--at: `2026-03-08 02:30` never comes"),
        (
            {"name": "Acme", "steps": [{"at": "2026-03-02T10:00Z", "event": "interview"}]},
            "--at: `2026-03-08 02:30` does not say in which time zone",
        ),
    ],
)
def test_errors_are_in_their_line_and_the_others_are_answered(
    line: Any, said: str, call: Caller, tmp_path: Path
) -> None:
    told = call("next", "--all", written(tmp_path / "all.jsonl", line, ACME), "--at", "2026-03-08 02:30")
    bad, good = answers(told)

    assert told.code == 1
    assert [said in each["message"] for each in bad["errors"]] == [True]
    assert good["errors"] == []
    assert good["agenda"]


def test_a_line_that_is_too_long_is_skipped(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postinterview.cli.next_all.LIMIT", 1000)
    long = json.dumps({**ACME, "why": "x" * 5000})
    told = answers(call("next", "--all", written(tmp_path / "all.jsonl", long, ACME), "--at", AT))

    assert ["is longer than" in each["message"] for each in told[0]["errors"]] == [True]
    assert (told[1]["line"], told[1]["errors"]) == (2, [])


def test_rules_replace_those_of_every_line(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    lines = written(tmp_path / "all.jsonl", ACME, {"format": 1, "rules": "germany", "scenarios": [ACME]})
    told = answers(call("next", "--all", lines, "--at", AT, "--rules", tmp_path / "small.yaml"))

    assert [sorted({each["event"] for each in one["verdicts"]}) for one in told] == [
        ["follow_up", "reply"]
    ] * 2


@pytest.mark.parametrize("option", [("--scenario", "1"), ("--format", "ics")])
def test_what_means_one_case_is_wrong_usage(option: tuple[str, str], call: Caller, tmp_path: Path) -> None:
    said = call("next", "--all", written(tmp_path / "all.jsonl", ACME), "--at", AT, *option)

    assert said.code == 2
    assert "`--all` answers for each line" in said.err


def test_as_json_the_answers_are_one_document(call: Caller, tmp_path: Path) -> None:
    lines = written(tmp_path / "all.jsonl", ACME, ACME)
    told = json.loads(call("next", "--all", lines, "--at", AT, "--format", "json").out)

    assert told["answers"] == answers(call("next", "--all", lines, "--at", AT))


def test_a_program_can_ask_and_read_in_turn() -> None:
    command = [str(PROGRAM), "next", "--all", "-", "--at", AT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asked:  # noqa: S603
        assert asked.stdin is not None
        assert asked.stdout is not None
        for name in ("Acme", "Zoë"):
            asked.stdin.write(json.dumps({**ACME, "name": name}).encode() + b"\n")
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["name"] == name
        asked.stdin.close()
        assert asked.wait(60) == 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=10)
@given(values=st.lists(VALUES | st.fixed_dictionaries({"steps": VALUES, "name": VALUES}), max_size=4))
def test_whatever_a_line_holds_it_gets_an_answer(values: list[Any], tmp_path_factory: Any) -> None:
    from contextlib import redirect_stdout
    from io import BytesIO, TextIOWrapper

    from postinterview.cli.app import run

    path = written(tmp_path_factory.mktemp("lines") / "all.jsonl", *values, ACME)
    with redirect_stdout(TextIOWrapper(BytesIO(), encoding="utf-8")) as out:
        code = run(["next", "--all", str(path), "--at", AT])
        out.flush()
        told = [json.loads(line) for line in out.buffer.getvalue().splitlines()]

    assert code == (1 if values else 0)
    assert [each["line"] for each in told] == list(range(1, len(values) + 2))
    assert all(each["errors"] or each["diagnostics"] for each in told[:-1])
    assert told[-1]["agenda"]
