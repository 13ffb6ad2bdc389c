"""Exit codes, what goes where, and that no input, however bad, ends in a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from postinterview.cli import COMMANDS
from tests.cli.helpers import MAP, PROGRAM, RULES, STORIES, Answer, Caller

SOON = STORIES / "too-soon.yaml"
AT = ("--at", "2026-03-05 09:00")
NEST = 100_000
NEXT = ("next", *AT)

BAD: dict[str, bytes] = {
    "empty": b"",
    "blank": b"\n\n  \n# nothing\n",
    "null": b"null\n",
    "binary": bytes(range(256)),
    "zeros": b"\0" * 5000,
    "latin-1": "format: 1\nscenarios: [{name: Après}]\n".encode("latin-1"),
    "utf-16": "format: 1\n".encode("utf-16"),
    "deep-brackets": b"[" * NEST,
    "deep-closed": b"[" * NEST + b"]" * NEST,
    "deep-braces": b"{a: " * NEST,
    "deep-dashes": b"- " * NEST,
    "alias-bomb": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nscenarios: [*c, *c]\n",
    "duplicate-keys": b"format: 1\nformat: 1\nscenarios: []\nscenarios: []\n",
    "several-documents": b"format: 1\n---\nformat: 1\n",
    "tab": b"format: 1\nscenarios:\n\t- name: x\n",
    "tag": b"!!python/object/apply:os.system ['true']\n",
    "scalar": b"scenarios\n",
    "wrong-types": b"format: [1]\nrules: {a: b}\nscenarios: yes\nmeta: 3\n",
    "numbers": b"1: 2\n3: 4\n",
    "json-cut": b'{"format": 1, "scenarios": [',
    "json-surrogate": b'{"format": 1, "scenarios": [{"name": "\\ud800"}]}',
    "huge-number": b"format: 99999999999999999999999999\nscenarios: []\n",
    "terminal-orders": b'format: 1\nscenarios: [{name: "\\e[31mred", steps: []}]\n',
}


def no_traceback(answer: Answer) -> None:
    assert "Traceback" not in answer.out + answer.err
    assert "\x1b" not in answer.out + answer.err


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", [("run",), ("test",), ("check",), NEXT], ids=lambda command: command[0])
def test_a_bad_file_is_answered_with_diagnostics(
    name: str, command: tuple[str, ...], call: Caller, tmp_path: Path
) -> None:
    file = tmp_path / f"{name}.yaml"
    file.write_bytes(BAD[name])

    answer = call(*command, file)
    no_traceback(answer)
    assert answer.code == 1
    assert "error[PI" in answer.out + answer.err

    data = call(*command, file, "--format", "json")
    assert (data.code, data.err) == (1, "")
    assert [found["code"] for found in json.loads(data.out)["diagnostics"]]


@pytest.mark.parametrize("command", [("run",), ("test",), ("check",), NEXT], ids=lambda command: command[0])
def test_what_can_not_be_read_ends_with_3(command: tuple[str, ...], call: Caller, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in ("missing.yaml", tmp_path / "missing" / "file.yaml", "no\0name", "x" * 5000):
        answer = call(*command, path)
        no_traceback(answer)
        assert answer.code == 3
        assert answer.err.startswith("error: ")
    if command[0] in ("check", "next"):
        assert call(*command, tmp_path / "folder").code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("play",),
        ("run",),
        ("test",),
        ("run", SOON, "--fromat", "json"),
        ("run", SOON, "--format", "xml"),
        ("next", SOON),
        ("next", SOON, "--at", "soon"),
        ("next", SOON, "--at", "2026-03-29 02:30"),
        ("next", SOON, *AT, "--scenario", "Too late"),
        ("next", SOON, SOON, *AT),
        ("explain", "PI999"),
        ("explain", "folow_up"),
        ("explain", "follow_up", RULES / "numbers.yaml"),
        ("explain", "PI101", "PI102"),
        (),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_write(
    arguments: tuple[str | Path, ...], call: Caller
) -> None:
    answer = call(*arguments)

    assert answer.code == 2
    assert answer.out == ""
    assert "Usage: postinterview" in answer.err


def test_a_misspelt_command_and_a_misspelt_scenario_are_shown_the_right_one(call: Caller) -> None:
    assert "did you mean `check`?" in call("chek").err
    answer = call("next", SOON, *AT, "--scenario", "Too soon, then twice")
    assert "did you mean `Too soon, then once`?" in answer.err


def test_a_command_like_no_other_is_shown_all_commands(call: Caller) -> None:
    said = " ".join(call("foo").err.split())

    assert "there is no command `foo`; write `run`, `test`," in said
    assert f"or `{list(COMMANDS)[-1]}`" in said


@pytest.mark.parametrize(
    ("arguments", "such_as"),
    [
        (("prove", "--certificate", "-"), "mine.proof.json"),
        (("prove", "--write", "-"), "stories/"),
        (("audit", "history.csv", "--map", "map.yaml", "--save", "-"), "mine.db"),
    ],
)
def test_the_sign_of_standard_input_is_no_name_for_what_is_written(
    arguments: tuple[str, ...], such_as: str, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call(*arguments)

    assert answer.code == 2
    assert f"`-` is not standard output here: write {such_as}, or `./-`" in answer.err
    assert not list(tmp_path.iterdir())


def test_a_header_of_a_history_is_quoted_in_part(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    history = tmp_path / "h.csv"
    history.write_text(f"{'Company' * 50}\nAcme\n", encoding="utf-8")
    answer = call("audit", history, "--map", tmp_path / "map.yaml", "--as-of", "2026-04-01")

    assert answer.code == 1
    assert f"`{('Company' * 50)[:59]}…`" in answer.err
    assert "Company" * 9 not in answer.err


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("arguments", "completion"),
    [("--version", ""), ("--help", ""), ("check --help", ""), ("", "bash_source")],
)
def test_what_is_printed_before_any_command_runs_ends_like_other_answers(
    arguments: str, completion: str
) -> None:
    call = f'_POSTINTERVIEW_COMPLETE={completion} "{PROGRAM}" {arguments}'
    closed, full = (
        subprocess.run(["/bin/sh", "-c", f"{call} >{to}"], capture_output=True, check=False)  # noqa: S603
        for to in ("&-", FULL)
    )

    assert (closed.returncode, closed.stderr) == (0, b"")
    message = f"error: the answer can't be written: {os.strerror(errno.ENOSPC)}\n"
    assert (full.returncode, full.stderr.decode()) == (3, message)


def test_the_exit_code_tells_of_wrong_usage_even_if_no_help_can_be_printed(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stderr", full)
        assert call().code == 2


def test_a_moment_in_a_gap_is_shown_both_offsets(call: Caller) -> None:
    answer = call("next", SOON, "--at", "2026-03-29 02:30")

    assert "`2026-03-29 02:30+01:00` (03:30 there), or `2026-03-29 02:30+02:00` (01:30 there)" in answer.err


def test_expectations_that_fail_end_with_1_and_those_that_hold_with_0(call: Caller) -> None:
    for command in ("run", "test"):
        assert call(command, "failing.yaml").code == 1
        assert call(command, "too-soon.yaml").code == 0


def test_no_scenario_found_is_a_failure(call: Caller, tmp_path: Path) -> None:
    for command in ("run", "test"):
        answer = call(command, tmp_path)
        assert (answer.code, answer.out) == (1, "")
        assert answer.err == (
            f"error: no scenario found in {tmp_path}\n"
            "  = help: name a scenario file, or a folder with some; "
            "`postinterview check FILE` checks a rule file\n"
        )
        assert call(command, tmp_path, "--format", "json").err == ""


def test_rule_files_in_a_folder_are_skipped_and_said_and_a_named_one_is_an_error(
    call: Caller, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_bytes((RULES / "numbers.yaml").read_bytes())
    (tmp_path / "compose.yml").write_text("services: {}\n", encoding="utf-8")

    for command in ("run", "test"):
        skipping = call(command, tmp_path)
        assert (skipping.code, skipping.out) == (1, "")
        assert f"no scenario found in {tmp_path}: 2 files there without `scenarios:`\n" in skipping.err
    answer = call("test", tmp_path / "rules.yaml")
    assert answer.code == 1
    assert "error[PI701]: this is a rule file, not a scenario file" in answer.err


def test_a_folder_is_searched_at_any_depth_in_order_and_each_file_is_played_once(
    call: Caller, tmp_path: Path
) -> None:
    for name in ("b/deep/one.yaml", "a.yml", "c.json", ".hidden/two.yaml", "node_modules/a.json", "d.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOON.read_bytes())
    (tmp_path / "c.json").write_text(
        '{"format": 1, "scenarios": [{"name": "J", "steps":'
        ' [{"at": "2026-03-02T10:00Z", "event": "message"}]}]}',
        encoding="utf-8",
    )
    data = json.loads(call("test", tmp_path, tmp_path / "a.yml", "--format", "json").out)

    files = [Path(scenario["file"]).relative_to(tmp_path).as_posix() for scenario in data["scenarios"]]
    assert files == ["a.yml", "c.json", "b/deep/one.yaml"]


def test_a_broken_scenario_file_in_a_folder_is_not_skipped(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_bytes(SOON.read_bytes())
    (tmp_path / "bad.yaml").write_text("format: 1\nscenarios: [\n", encoding="utf-8")
    answer = call("test", tmp_path)

    assert answer.code == 1
    assert "bad.yaml" in answer.err
    assert "ok " in answer.out


def test_what_can_be_read_is_played_beside_what_can_not(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_bytes(SOON.read_bytes())
    answer = call("test", tmp_path)
    assert (answer.code, answer.err.count("error: ")) == (3, 1)
    assert "ok " in answer.out

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)  # whoever runs this may be allowed to list any folder
    answer = call("test", tmp_path, SOON)
    assert (answer.code, answer.err.count("can't be listed")) == (3, 1)
    assert "ok " in answer.out


def test_rules_beside_the_scenario_are_found_from_there_wherever_one_calls_from(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "stories").mkdir()
    (tmp_path / "packs" / "mine.yaml").write_bytes((RULES / "numbers.yaml").read_bytes())
    story = tmp_path / "stories" / "story.yaml"
    story.write_text(
        "format: 1\nrules: ../packs/mine.yaml\nscenarios:\n  - name: Mine\n    steps:\n"
        "      - {at: 2026-03-02T10:00Z, event: counter_offer, with: {salary: 9.5e4}}\n"
        "      - {at: 2026-03-02T10:00Z, event: counter_offer, expect: refused, because: a_number}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)

    answer = call("run", "stories/story.yaml")
    assert answer.code == 0
    assert "packs/mine.yaml:15" in answer.out


def test_errors_of_the_rules_are_shown_once_however_many_files_name_them(
    call: Caller, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_bytes((RULES / "broken.yaml").read_bytes())
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(
            "format: 1\nrules: rules.yaml\nscenarios:\n  - name: Mine\n    steps:\n"
            "      - {at: 2026-03-02T10:00Z, event: interview}\n",
            encoding="utf-8",
        )
    answer = call("test", tmp_path)

    assert answer.code == 1
    assert answer.err.count("error[PI706]") == 2
    assert answer.err.count("unknown state `opne`") == 1


def test_rules_given_to_next_override_those_of_the_file(call: Caller) -> None:
    missing = call("next", SOON, *AT, "--rules", "./missing.yaml")
    assert missing.code == 3
    broken = call("next", SOON, *AT, "--rules", RULES / "broken.yaml")
    assert broken.code == 1
    assert "unknown state `opne`" in broken.err
    other = call("next", SOON, *AT, "--rules", RULES / "numbers.yaml")
    assert "PI721" in other.err
    assert call("next", SOON, *AT, "--rules", "default").code == 0


def test_next_takes_the_first_scenario_or_the_one_that_is_named(call: Caller) -> None:
    first = call("next", "two-applications.yaml", "--at", "2026-10-25T03:00Z")
    second = call(
        "next",
        "two-applications.yaml",
        "--at",
        "2026-10-25T03:00Z",
        "--scenario",
        "A reply stays fresh for fourteen days",
    )

    assert first.out.startswith("Zoë & Søn (America/New_York)")
    assert second.out.startswith("the employer (UTC)")


def test_next_answers_in_the_zone_of_the_moment_it_was_asked_with(call: Caller) -> None:
    data = json.loads(call("next", SOON, "--at", "2026-03-05T13:30+05:30", "--format", "json").out)
    follow_up = next(verdict for verdict in data["verdicts"] if verdict["event"] == "follow_up")

    assert (data["at"], data["timezone"]) == ("2026-03-05T13:30:00+05:30", "Europe/Zurich")
    assert follow_up["opens_at"] == "2026-03-11T12:30:00+05:30"
    assert [reason["id"] for reason in follow_up["reasons"]] == ["wait_for_the_answer"]


def test_standard_input_is_read_by_its_sign(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (("run", "-"), ("test", "-"), ("next", "-", *AT)):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(SOON.read_bytes())))
        assert call(*command).code == 0
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO((RULES / "broken.yaml").read_bytes())))
    assert "<stdin>:6:42" in call("check", "-").out
    monkeypatch.setattr("sys.stdin", None)
    assert call("run", "-").code == 3


def test_a_story_that_makes_no_sense_is_told_as_far_as_it_goes(call: Caller, tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(
        "format: 1\nscenarios:\n  - name: Mine\n    steps:\n"
        "      - {at: 2026-03-02T10:00Z, event: message}\n      - {at: 2026-03-03T10:00Z, retract: 5}\n",
        encoding="utf-8",
    )
    answer = call("run", story)

    assert answer.code == 1
    assert "message" in answer.out
    assert "STOPPED at" in answer.out
    assert "error[PI741]" in answer.err
    data = json.loads(call("run", story, "--format", "json").out)
    assert [found["code"] for found in data["diagnostics"]] == ["PI741"]
    asked = call("next", story, "--at", "2026-03-04T10:00Z", "--format", "json")
    assert (asked.code, [found["code"] for found in json.loads(asked.out)["diagnostics"]]) == (1, ["PI741"])


def test_check_checks_scenario_files_too(call: Caller, tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(
        "format: 1\nscenarios:\n  - name: Mine\n    steps: [{event: mesage}]\n", encoding="utf-8"
    )

    assert call("check", SOON).code == 0
    answer = call("check", story)
    assert answer.code == 1
    assert "error[PI721]" in answer.out


def test_packaged_rules_are_checked_by_their_name(call: Caller) -> None:
    assert call("check", "default").out == call("check").out
    assert call("check", "defalt").code == 3


def test_a_bare_word_that_lies_here_is_told_how_to_write_it(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("out").mkdir()
    Path("mine").write_bytes((RULES / "numbers.yaml").read_bytes())
    for command in ("check", "prove"):
        assert call(command, "out").err == (
            "error: `out` is a folder\n  = help: name a file in it, such as out/mine.yaml\n"
        )
        assert call(command, "mine").err == (
            "error: no packaged rules are called `mine`\n  = help: for the file here, write ./mine\n"
        )
    assert "error[PI505]" in call("check", "./mine").out


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_explains_itself(name: str, call: Caller) -> None:
    answer = call(*([name] if name else []), "--help")

    assert answer.code == 0
    assert "Examples:" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_a_name_in_the_rules_is_explained_from_the_file_that_is_named(call: Caller) -> None:
    assert call("explain", "ask", "../rules/numbers.yaml").out == (
        "ask  a transition of `application` on counter_offer  ../rules/numbers.yaml:11\n"
        "  There may be a counter offer in whatever state:\n"
        "  - It must say: salary.  a_number, ../rules/numbers.yaml:15\n"
    )
    assert "did you mean `follow_up`" in call("explain", "folow_up").err
    assert call("explain", "follow_up", "missing.yaml").code == 3
    faulty = call("explain", "interview", RULES / "broken.yaml", "--format", "json")
    assert (faulty.code, faulty.err) == (1, "")
    assert [each["code"] for each in json.loads(faulty.out)["diagnostics"]] == ["PI203"]


def test_every_code_is_listed(call: Caller) -> None:
    out = call("explain").out

    assert "PI203  unknown state\n" in out
    assert "PI741  a step that can't be played\n" in out


ORDERS = "\x1b[31m\x9b2J\u202e"
"""Characters that would turn a terminal red, wipe it, and write backwards."""


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("run", f"{ORDERS}.yaml"),
        ("test", "titled.yaml"),
        ("run", "titled.yaml"),
        ("run", f"named{ORDERS}.yaml"),
        ("check", f"named{ORDERS}.yaml"),
        ("check", f"faulty{ORDERS}.yaml"),
        ("prove", f"{ORDERS}.yaml"),
        ("verify", f"{ORDERS}.json"),
        ("migrate", "--check", "--store", f"{ORDERS}.db"),
        ("audit", "--graph", f"{ORDERS}.csv"),
        ("explain", ORDERS),
        ("next", "titled.yaml", "--at", ORDERS),
        ("next", "titled.yaml", "--at", "2026-03-05 09:00Z", "--scenario", ORDERS),
        (ORDERS,),
        ("run", f"--{ORDERS}"),
    ],
)
def test_no_name_and_no_text_gives_orders_to_the_terminal(
    arguments: tuple[str, ...], form: str, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    title = "\\x1b[31m\\x9b2J\\u202e"  # as YAML's double quotes say it
    story = (
        f'format: 1\nscenarios: [{{name: "A {title}", steps: [{{at: 2026-03-02T10:00Z, event: message}}]}}]\n'
    )
    for name in ("titled.yaml", f"named{ORDERS}.yaml"):
        (tmp_path / name).write_text(story, encoding="utf-8")
    (tmp_path / f"faulty{ORDERS}.yaml").write_text("format: 1\ntitle: Nothing\n", encoding="utf-8")
    answer = call(*arguments, *(("--format", "json") if form == "json" else ()))

    assert not set(ORDERS).difference("[312mJ") & set(answer.out + answer.err)
    assert answer.out + answer.err
