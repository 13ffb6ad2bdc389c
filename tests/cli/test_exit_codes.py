"""One table of exit codes for all commands: 1 for what a file says, 3 for a file that can't be read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

from postinterview.cli import COMMANDS, NO, UNKNOWN, UNREADABLE, USAGE, YES
from postinterview.files import UnreadableError
from postinterview.rulebooks import RulesError
from postinterview.stores import StoreError
from tests.cli.helpers import (
    CLEAN,
    MAP,
    PROGRAM,
    ROOT,
    RULES,
    SAVED,
    SMALL,
    STORIES,
    Caller,
    certificate,
    start,
)

PUSHY = Path(__file__).parents[2] / "examples" / "pushy" / "cadence.yaml"

TABLE: dict[str, tuple[int, str]] = {
    "run story.yaml": (0, ""),
    "run bad-story.yaml": (1, ""),
    "run nothing": (1, "no scenario found"),
    "run": (2, "PATH"),
    "run story.yaml --rules faulty.yaml": (1, ""),
    "run story.yaml --rules missing.yaml": (3, "missing.yaml"),
    "run missing.yaml": (3, "missing.yaml"),
    "run story.yaml missing.yaml": (3, "missing.yaml"),
    "test story.yaml": (0, ""),
    "test bad-story.yaml": (1, ""),
    "test of-faulty.yaml": (1, ""),
    "test failing.yaml": (1, ""),
    "test story.yaml --rules faulty.yaml": (1, ""),
    "test story.yaml -k nothing": (1, "chosen"),
    "test story.yaml -k (": (2, "-k"),
    "test story.yaml --rules missing.yaml": (3, "missing.yaml"),
    "test story.yaml --junit nothing": (3, "nothing"),
    "test": (2, "PATH"),
    "test missing.yaml": (3, "missing.yaml"),
    "check default": (0, ""),
    "check sound.yaml": (0, ""),
    "check story.yaml": (0, ""),
    "check faulty.yaml": (1, ""),
    "check bad-story.yaml": (1, ""),
    "check --nonsense": (2, "--nonsense"),
    "check missing.yaml": (3, "missing.yaml"),
    "check --max-zones 1": (4, ""),
    "next story.yaml --at 2026-03-05T09:00Z": (0, ""),
    "next bad-story.yaml --at 2026-03-05T09:00Z": (1, ""),
    "next story.yaml --at 2026-03-05T09:00Z --rules faulty.yaml": (1, ""),
    "next story.yaml": (2, "--at"),
    "next --all story.yaml --at 2026-03-05T09:00Z": (1, ""),
    "next --all missing.jsonl --at 2026-03-05T09:00Z": (3, "missing.jsonl"),
    "next --all story.yaml --at 2026-03-05T09:00Z --rules faulty.yaml": (1, ""),
    "next --all story.yaml --at soon": (2, "--at"),
    "next missing.yaml --at 2026-03-05T09:00Z": (3, "missing.yaml"),
    "next story.yaml --at 2026-03-05T09:00Z --rules missing.yaml": (3, "missing.yaml"),
    "prove default": (0, ""),
    "prove faulty.yaml": (1, ""),
    "prove story.yaml": (1, ""),
    "prove default faulty.yaml": (1, ""),
    "prove pushy.yaml": (1, ""),
    "prove promises.yaml": (1, ""),
    "prove --promises promises.yaml": (0, ""),
    "prove --promises faulty.yaml": (1, ""),
    "prove --compare default faulty.yaml": (1, ""),
    "prove --compare default default": (0, ""),
    "prove --compare default pushy.yaml": (1, ""),
    "prove --max-zones nothing": (2, "--max-zones"),
    "prove missing.yaml": (3, "missing.yaml"),
    "prove faulty.yaml missing.yaml": (3, "missing.yaml"),
    "prove --promises missing.yaml": (3, "missing.yaml"),
    "prove --compare default missing.yaml": (3, "missing.yaml"),
    "prove pushy.yaml --write sound.yaml": (3, "sound.yaml"),
    "prove --max-seconds 1e-9": (4, ""),
    "prove --max-zones 1": (4, ""),
    "prove --compare default japan --max-seconds 0.000001": (4, ""),
    "bound sound.yaml --of follow_up --silence": (0, ""),
    "bound pushy.yaml --silence": (1, ""),
    "bound faulty.yaml": (1, ""),
    "bound sound.yaml --within soon": (2, "--within"),
    "bound missing.yaml": (3, "missing.yaml"),
    "bound pushy.yaml --max-zones 1": (4, ""),
    "diff sound.yaml pushy.yaml": (0, ""),
    "diff default default story.yaml": (0, ""),
    "diff sound.yaml sound.yaml --exit-code": (0, ""),
    "diff sound.yaml pushy.yaml --exit-code": (1, ""),
    "diff sound.yaml faulty.yaml": (1, ""),
    "diff sound.yaml sound.yaml faulty.yaml": (1, ""),
    "diff sound.yaml": (2, "NEW"),
    "diff - -": (2, "OLD"),
    "diff sound.yaml missing.yaml": (3, "missing.yaml"),
    "diff sound.yaml sound.yaml missing.yaml": (3, "missing.yaml"),
    "diff sound.yaml pushy.yaml --max-zones 1": (4, ""),
    "verify good.proof.json": (0, ""),
    "verify faulty.yaml": (1, "faulty.yaml"),
    "verify good.proof.json faulty.yaml": (1, ""),
    "verify": (2, "CERTIFICATE"),
    "verify missing.json": (3, "missing.json"),
    "verify good.proof.json missing.yaml": (3, "missing.yaml"),
    "migrate --check unchanged.json --rules talks.yaml": (0, ""),
    "migrate carried-over.json --rules talks.yaml": (0, ""),
    "migrate --check refused.json --rules talks.yaml": (1, ""),
    "migrate --check damaged.json --rules talks.yaml": (1, ""),
    "migrate --check story.yaml": (1, ""),
    "migrate --check unchanged.json --rules faulty.yaml": (1, ""),
    "migrate --check nothing": (1, ""),
    "migrate": (2, "PATH"),
    "migrate -": (2, "--check"),
    "migrate --check missing.json": (3, "missing.json"),
    "migrate --check unchanged.json --rules missing.yaml": (3, "missing.yaml"),
    "migrate --check --store missing.db": (3, "missing.db"),
    "migrate --check --store story.yaml": (3, "story.yaml"),
    "calendar invite.ics --map calendar.yaml --at 2026-03-05T09:00Z": (0, ""),
    "calendar torn.ics --map calendar.yaml --at 2026-03-05T09:00Z": (4, ""),
    "calendar invite.ics --map map.yaml --at 2026-03-05T09:00Z": (2, "kind"),
    "calendar invite.ics --map story.yaml --at 2026-03-05T09:00Z": (1, ""),
    "calendar invite.ics --map calendar.yaml --at soon": (2, "--at"),
    "calendar invite.ics": (2, "--map"),
    "calendar missing.ics --map calendar.yaml --at 2026-03-05T09:00Z": (3, "missing.ics"),
    "calendar clean.csv --map calendar.yaml --at 2026-03-05T09:00Z": (3, "clean.csv"),
    "audit clean.csv --map map.yaml": (0, ""),
    "audit clean.csv --map map.yaml --rules default --against default": (0, ""),
    "audit clean.csv --map map.yaml --against default": (2, "--rules"),
    "audit clean.csv --map story.yaml": (1, ""),
    "audit clean.csv --map map.yaml --rules faulty.yaml": (1, ""),
    "audit clean.csv --map map.yaml --workers 1": (0, ""),
    "audit missing.csv --map map.yaml --workers 1": (3, "missing.csv"),
    "audit clean.csv --map map.yaml --workers 1 --save kept.db": (2, "--workers"),
    "audit clean.csv --workers 1": (2, "--map"),
    "audit clean.csv": (4, ""),
    "audit clean.csv --guess-map map.yaml": (3, "map.yaml"),
    "audit clean.csv --as-of 2026-03-01": (2, "--map"),
    "audit missing.csv --map map.yaml": (3, "missing.csv"),
    "audit clean.csv --map missing.yaml": (3, "missing.yaml"),
    "audit clean.csv --map map.yaml --rules missing.yaml": (3, "missing.yaml"),
    "audit clean.csv --map map.yaml --save story.yaml": (3, "story.yaml"),
    "audit unclear.csv --map map.yaml": (4, ""),
    "audit --graph line.csv": (0, ""),
    "audit --graph cycle.csv": (1, ""),
    "audit --graph sound.yaml": (1, ""),
    "audit --graph missing.csv": (3, "missing.csv"),
    "explain PI203": (0, ""),
    "explain follow_up": (0, ""),
    "explain follow_up faulty.yaml": (1, ""),
    "explain PI999": (2, "PI999"),
    "explain follow_up missing.yaml": (3, "missing.yaml"),
    "explain story.yaml --step 1": (0, ""),
    "explain --compiled follow_up": (0, ""),
    "explain --compiled follow_up faulty.yaml": (1, ""),
    "explain --compiled follow_upp": (2, "did you mean `follow_up`"),
    "explain story.yaml --step 1 --compiled": (2, "--compiled"),
    "explain --compiled follow_up missing.yaml": (3, "missing.yaml"),
    "explain bad-story.yaml --step 1": (1, ""),
    "explain story.yaml --step 99": (2, "--step"),
    "explain missing.yaml --step 1": (3, "missing.yaml"),
    "show sound.yaml events": (0, ""),
    "show faulty.yaml": (1, ""),
    "show sound.yaml nothing": (2, "nothing"),
    "show missing.yaml": (3, "missing.yaml"),
    "packs": (0, ""),
    "packs faulty --folder .": (1, ""),
    "packs --store-bounds": (2, "--store-bounds"),
    "packs --folder missing.d": (3, "missing.d"),
    "init ours": (0, ""),
    "init": (2, "DIR"),
    "init -": (2, "-"),
    "init story.yaml": (3, "story.yaml"),
    "schema": (0, ""),
    "schema rules": (0, ""),
    "schema nothing": (2, "nothing"),
    "schema -o mine.json": (2, "mine.json"),
    "schema rules -o missing/mine.json": (3, "missing/mine.json"),
    "draw sound.yaml": (0, ""),
    "draw story.yaml": (0, ""),
    "draw of-faulty.yaml": (1, ""),
    "draw faulty.yaml": (1, ""),
    "draw bad-story.yaml": (1, ""),
    "draw sound.yaml --machine nothing": (2, "nothing"),
    "draw missing.yaml": (3, "missing.yaml"),
    "serve --check --port 0 --store kept.db": (0, ""),
    "serve --check --port 0 --store kept.db --rules faulty.yaml": (1, ""),
    "serve --check --store kept.db --host 0.0.0.0": (2, "--host"),
    "serve --check --port 0 --store kept.db --rules missing.yaml": (3, "missing.yaml"),
    "serve --check --port 0 --store story.yaml": (3, "story.yaml"),
    "tokens --store kept.db --new ada --scope read": (0, ""),
    "tokens --store kept.db --revoke nothing": (1, ""),
    "tokens --store kept.db --new ada --scope nothing": (2, "nothing"),
    "tokens --store kept.db --scope read": (2, "--new"),
    "tokens --store story.yaml": (3, "story.yaml"),
    "recipients acme ana@acme.example --timezone Europe/Zurich --store kept.db": (0, ""),
    "recipients acme ana@acme.example --store kept.db": (1, "acme"),
    "recipients acme gmail.com --timezone Europe/Zurich --store kept.db": (1, "gmail.com"),
    "recipients --remove --store kept.db": (2, "name the recipients"),
    "recipients --rules missing.yaml --store kept.db": (3, "missing.yaml"),
    "recipients --store story.yaml": (3, "story.yaml"),
    "confirm --store kept.db": (0, ""),
    "confirm nothing --store kept.db": (1, "nothing"),
    "confirm --decline --store kept.db": (2, "by their ids"),
    "confirm --owner a/b --store kept.db": (2, "a/b"),
    "confirm --store story.yaml": (3, "story.yaml"),
    "mcp --check --store kept.db": (0, ""),
    "mcp --check --rules faulty.yaml --store kept.db": (1, ""),
    "mcp --owner a/b --store kept.db": (2, "a/b"),
    "mcp --store story.yaml": (3, "story.yaml"),
    "draw sound.yaml -o missing/picture.svg": (3, "missing/picture.svg"),
}
"""The exit code of each call, and the text that its errors name: on stderr, or in the JSON document."""


@pytest.fixture(autouse=True)
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(RULES / "broken.yaml", tmp_path / "faulty.yaml")
    shutil.copy(STORIES / "too-soon.yaml", tmp_path / "story.yaml")
    shutil.copy(STORIES / "failing.yaml", tmp_path / "failing.yaml")
    shutil.copy(PUSHY, tmp_path / "pushy.yaml")
    (tmp_path / "sound.yaml").write_text(SMALL, encoding="utf-8")
    for name in ("talks.yaml", "unchanged.json", "carried-over.json", "refused.json", "damaged.json"):
        shutil.copy(SAVED / name, tmp_path / name)
    (tmp_path / "nothing").mkdir()
    (tmp_path / "promises.yaml").write_text(
        "format: 1\ntitle: Ours\npromises: {one_more: {never: follow_up, more_than: 1, per: round}}\n",
        encoding="utf-8",
    )
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "clean.csv").write_text(CLEAN, encoding="utf-8")
    march = (ROOT / "examples/calendar/march.ics").read_text(encoding="utf-8")
    (tmp_path / "torn.ics").write_text(march.replace("UID:teeth@home\n", ""), encoding="utf-8")
    for name, source in (("invite.ics", "march.ics"), ("calendar.yaml", "map.yaml")):
        (tmp_path / name).write_bytes((ROOT / "examples" / "calendar" / source).read_bytes())
    (tmp_path / "unclear.csv").write_text(CLEAN + "Acme,talk,some day,\n", encoding="utf-8")
    (tmp_path / "good.proof.json").write_text(certificate("default"), encoding="utf-8")
    (tmp_path / "line.csv").write_text("from,to\nwaiting,asked\n", encoding="utf-8")
    (tmp_path / "cycle.csv").write_text("from,to\nwaiting,waiting\n", encoding="utf-8")
    step = "scenarios: [{name: One, steps: [{at: 2026-03-02T10:00Z, event: %s}]}]\n"
    (tmp_path / "bad-story.yaml").write_text("format: 1\n" + step % "mesage", encoding="utf-8")
    (tmp_path / "of-faulty.yaml").write_text(
        "format: 1\nrules: faulty.yaml\n" + step % "message", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", TABLE)
def test_a_call_ends_with_its_code_and_with_json_says_everything_in_the_document(
    arguments: str, call: Caller
) -> None:
    code, named = TABLE[arguments]
    answer = call(*arguments.split())
    assert answer.code == code
    assert named in answer.err
    assert answer.out + answer.err
    assert "Traceback" not in answer.err

    shutil.rmtree("ours", ignore_errors=True)  # what `init` wrote, which it never overwrites
    answer = call(*arguments.split(), "--format", "json")
    assert answer.code == code
    if code == USAGE:
        assert (answer.out, named in answer.err) == ("", True)
        return
    document = json.loads(answer.out)
    assert answer.err == ""
    assert next(iter(document)) == "version"
    assert list(document)[-1] == "errors"
    assert document["version"] == 1
    assert bool(document["errors"]) == bool(named)
    assert all(set(error) == {"message", "help"} for error in document["errors"])
    assert named in str(document["errors"])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_code_that_a_help_text_promises_is_in_the_table(name: str, call: Caller) -> None:
    told = " ".join(call(name, "--help").out.split()).partition("Exit code ")[2].partition(" Options:")[0]
    promised = {int(code) for code in re.findall(r"\b(\d)[:,]", told)} | {YES, USAGE}
    shown = {code for arguments, (code, _) in TABLE.items() if arguments.split()[0] == name}

    assert promised == shown


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RulesError((), {}), NO),
        (UnreadableError("a", "`a` can't be read"), UNREADABLE),
        (StoreError("the store is locked"), UNREADABLE),
        (PermissionError(13, "Permission denied", "a"), UNREADABLE),
        (RecursionError("too deep"), UNKNOWN),
        (MemoryError(), UNKNOWN),
        (KeyError("x"), UNKNOWN),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_command_raises_is_said_and_has_a_code(
    name: str, error: Exception, code: int, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = import_module(f"postinterview.cli.{COMMANDS[name]}").command

    def fail(*_arguments: object, **_options: object) -> int:
        raise error

    monkeypatch.setattr(command, "callback", fail)
    arguments = next(each for each in TABLE if each.split()[0] == name and TABLE[each][0] == YES).split()
    answer = call(*arguments)
    assert (answer.code, "Traceback" in answer.err) == (code, False)

    answer = call(*arguments, "--format", "json")
    document = json.loads(answer.out)
    assert (answer.code, answer.err, document["version"]) == (code, "", 1)
    assert len(document["errors"]) == (code != NO)


@pytest.mark.parametrize("name", COMMANDS)
def test_in_a_folder_that_was_deleted_the_input_is_what_can_not_be_read(
    name: str, folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    for arguments, (code, _) in TABLE.items():
        if arguments.split()[0] == name and code == UNREADABLE and "--write" not in arguments:
            answer = call(*arguments.split())
            assert answer.code == UNREADABLE
            named = [argument for argument in arguments.split() if "." in argument]
            assert any(argument in answer.err.split("\n")[0] for argument in named), answer.err
    if name in ("check", "prove"):
        assert call(name, "default").code == YES  # nothing is read from there


def test_faulty_rules_are_told_by_prove_as_check_tells_them(call: Caller) -> None:
    checked = json.loads(call("check", "faulty.yaml", "--format", "json").out)
    proved = json.loads(call("prove", "faulty.yaml", "--format", "json").out)

    assert proved == {
        "version": 1,
        "errors": [],
        "verdict": None,
        "rules": ["faulty.yaml"],
        "promises": [],
        "trusted": {},
        "milder": [],
        "only_trusted": [],
        "diagnostics": checked["diagnostics"],
        "loosened": [],
        "at_any_hour": [],
        "worst_case": None,
    }
    both = json.loads(call("prove", "default", "faulty.yaml", "--format", "json").out)
    assert both["verdict"] is None
    assert [each["verdict"] for each in both["files"]] == ["proved", None]
    assert both["files"][1] == {
        key: value for key, value in proved.items() if key not in ("version", "errors")
    }


@pytest.mark.parametrize(
    ("arguments", "code"), [("check missing.yaml", 3), ("chek", 2), ("prove missing.yaml", 3)]
)
def test_the_code_is_the_same_where_nobody_can_be_told_why(arguments: str, code: int, folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - the command that this environment holds
            [PROGRAM, *arguments.split()], stderr=full, stdout=subprocess.PIPE, check=False, cwd=folder
        )
    assert (done.returncode, done.stdout) == (code, b"")


def test_an_answer_that_can_not_be_written_ends_with_3(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - the command that this environment holds
            [PROGRAM, "explain"], stdout=full, stderr=subprocess.PIPE, check=False, cwd=folder
        )
    assert done.returncode == 3
    assert done.stderr == b"error: the answer can't be written: No space left on device\n"


def test_the_codes_are_told_by_the_help() -> None:
    told = " ".join(start("--help").out.split())

    assert (
        "Exit codes: 0 yes. 1 no: a file has errors, a step did not go as expected, or a promise is broken. "
        "2 wrong usage. 3 a file can't be read, or the answer can't be written. 4 unknown: a limit was hit. "
        "130 interrupted." in told
    )
