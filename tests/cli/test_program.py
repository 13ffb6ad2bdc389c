"""The installed command in a process of its own: pipes, terminals, colours, interruptions."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
import pytest

from postinterview import __version__, load_rulebook
from postinterview.cli import COMMANDS
from postinterview.cli.app import commands
from postinterview.serve import Tokens
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.audit.exporting import workbook
from tests.cli.helpers import (
    CLEAN,
    MAP,
    OURS,
    PROGRAM,
    ROOT,
    RULES,
    SMALL,
    STORIES,
    Caller,
    certificate,
    start,
)
from tests.strategies.scale import one_in

CASE = {
    "format": 1,
    "scenarios": [
        {
            "name": "From a tracker",
            "timezone": "Europe/Zurich",
            "steps": [
                {"at": "2026-03-02T10:00:00+01:00", "event": "interview", "with": {"interviewers": ["Zoë"]}},
                {"at": "2026-03-05T10:00:00Z", "event": "follow_up", "with": {"channel": None}},
            ],
        }
    ],
}


def in_terminal(*arguments: str | Path, **env: str) -> tuple[int, str]:
    """The exit code and what a terminal of 100 columns shows, stdout and stderr together."""
    leader, follower = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(  # noqa: S603 - the command that this environment holds
        [PROGRAM, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        cwd=STORIES,
        env=clean | {"TERM": "xterm-256color", "COLUMNS": "100", "LANG": "C.UTF-8", **env},
    )
    os.close(follower)
    shown = b""
    while select.select([leader], [], [], 60)[0]:
        try:
            shown += os.read(leader, 65536)
        except OSError:  # the other end is closed: all is said
            break
    os.close(leader)
    return process.wait(timeout=60), shown.decode()


def without_colours(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")


NARROW = (
    "check ../rules/broken.yaml ../rules/numbers.yaml missing-as-it-is-in-this-folder.yaml",
    "run too-soon.yaml",
    "next too-soon.yaml --at 2026-03-05T09:00",
    "prove ../rules/numbers.yaml",
    "prove ../rules/broken.yaml",
    "run a-file-that-nobody-has-written-in-this-folder.yaml",
)


@pytest.mark.parametrize("arguments", one_in(6, [(each,) for each in NARROW]))
def test_on_a_narrow_terminal_nothing_is_wider_than_it(arguments: str) -> None:
    _, shown = in_terminal(*arguments.split(), COLUMNS="60")

    lines = without_colours(shown).splitlines()
    # A path is one word, and how long the one to this folder is nobody knows here.
    assert [line for line in lines if len(line) > 60 and line.strip() != str(STORIES)] == []


def test_on_a_narrow_terminal_sentences_are_broken_behind_their_signs() -> None:
    code, shown = in_terminal("check", "../rules/broken.yaml", COLUMNS="60")

    assert code == 1
    assert (
        without_colours(shown)
        == """\
FAIL  ../rules/broken.yaml  1 error

error[PI203]: unknown state `opne`
 --> ../rules/broken.yaml:6:42   machines.application.start
  |
6 | …on: {per: application, start: opne, states: {open: }, …
  |                                ^^^^
  | `application` has no state of this name
  |
6 | …cation, start: opne, states: {open: }, transitions: {h…
  |                                ----
  | closest name, defined here
  = help: did you mean `open`?
  = more: `postinterview explain PI203`
"""
    )
    _, shown = in_terminal("prove", "../rules/numbers.yaml", COLUMNS="60")
    assert """\
FAIL  one_chase                   broken: a second chase
                                  between two signs of life
""" in re.sub(r" \(\d\.\d{3} s\)", "", without_colours(shown))


def test_the_version_is_answered_without_loading_a_command() -> None:
    assert start("--version").out == f"postinterview {__version__}\n"
    code = (
        "import sys; sys.argv = ['postinterview', '--version']\n"
        "from postinterview.cli import main; main()\n"
        "print(*(name for name in ('click', 'rich', 'yaml') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == f"postinterview {__version__}\n\n"


def test_the_version_and_the_bare_import_wait_for_no_library() -> None:
    loaded = "print(sorted({'attr', 'attrs', 'click', 'transitions', 'yaml'} & set(sys.modules)))"
    asked = "sys.argv[1:] = ['--version']; from postinterview.cli import main; main(); "
    for said, code in (("", ""), (f"postinterview {__version__}\n", asked)):
        program = f"import sys, postinterview; {code}{loaded}"
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", program], check=True, capture_output=True, text=True
        )
        assert done.stdout == f"{said}[]\n"


def test_a_host_that_only_acts_loads_no_agenda() -> None:
    program = """
import sys
from datetime import UTC, datetime
import postinterview as pi
process = pi.load_rulebook().start("Acme", "Europe/Zurich")
at = datetime(2026, 3, 2, 9, tzinfo=UTC)
process = process.record("interview", at=at, interviewers=["ana"]).process
assert process.do("follow_up", at=at).refused and process.may("withdraw", at=at) and process.allowed(at=at)
loaded = {name for name in sys.modules if name.startswith("postinterview.core.")}
assert process.agenda(at=at) and process.next_due
print(*(name.split(".")[-1] for name in set(sys.modules) - loaded))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert {"agenda", "agenda_items", "agenda_lines", "due", "telling"} <= set(done.stdout.split())


def test_a_pipe_gets_plain_text_and_rich_is_not_loaded() -> None:
    code = (
        "import sys\nfrom postinterview.cli.app import run\nrun(['run', 'too-soon.yaml'])\n"
        "print('rich' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=STORIES
    )
    assert "\x1b" not in done.stdout
    assert done.stdout.endswith("\nFalse\n")


def test_the_package_is_the_command_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "postinterview", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"postinterview {__version__}\n"


def test_a_terminal_gets_colours_and_arrows_and_the_same_words() -> None:
    code, shown = in_terminal("run", "too-soon.yaml")

    assert code == 0
    assert "\x1b[33mREFUSED" in shown
    assert "before_interview → waiting" in shown
    assert without_colours(shown).replace("→", "->") == start("run", "too-soon.yaml").out


def test_a_narrow_terminal_gets_narrow_text() -> None:
    lines = without_colours(in_terminal("run", "too-soon.yaml", COLUMNS="80")[1]).splitlines()

    assert max(map(len, lines)) <= 80
    assert len(lines) > len(start("run", "too-soon.yaml").out.splitlines())


def test_a_terminal_without_unicode_gets_ascii() -> None:
    code, shown = in_terminal("run", "two-applications.yaml", PYTHONIOENCODING="ascii", LANG="C", LC_ALL="C")

    assert code == 0
    assert shown.isascii()
    assert "before_interview -> waiting" in shown
    assert "Zo\\xeb & S\\xf8n" in shown


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_a_terminal_that_wants_no_colour_gets_none(env: dict[str, str]) -> None:
    assert "\x1b" not in in_terminal("test", "failing.yaml", "too-soon.yaml", **env)[1]


def test_colours_can_be_forced_into_a_pipe() -> None:
    assert "\x1b[33mREFUSED" in start("run", "too-soon.yaml", env={"FORCE_COLOR": "1"}).out
    assert "\x1b" not in start("run", "too-soon.yaml", env={"FORCE_COLOR": "0"}).out
    assert "\x1b" in start("check", RULES / "broken.yaml", env={"FORCE_COLOR": "1"}).out


def test_json_has_no_colour_even_where_it_is_forced() -> None:
    answer = start("run", "too-soon.yaml", "--format", "json", env={"FORCE_COLOR": "1"})

    assert json.loads(answer.out)["passed"] is True


def test_a_tracker_asks_in_json_and_is_answered_in_json() -> None:
    answer = start("next", "-", "--at", "2026-03-06T08:00:00Z", "--format", "json", stdin=json.dumps(CASE))
    data = json.loads(answer.out)

    assert (answer.code, answer.err) == (0, "")
    assert set(data) == {
        "version",
        "at",
        "employer",
        "timezone",
        "left_out",
        "states",
        "agenda",
        "verdicts",
        "errors",
    }
    assert [item["event"] for item in data["agenda"] if item["kind"] == "broken"] == ["follow_up"]
    by_event = {verdict["event"]: verdict for verdict in data["verdicts"]}
    assert set(by_event["follow_up"]) == {
        "event",
        "to",
        "application",
        "allowed",
        "opens_at",
        "closes_at",
        "opens_after",
        "opens_after_titles",
        "reasons",
    }
    assert by_event["thank_you"]["to"] == "Zoë"
    assert by_event["follow_up"]["allowed"] is False


def test_json_stays_json_where_the_output_is_not_unicode() -> None:
    answer = start(
        "next",
        "-",
        "--at",
        "2026-03-06T08:00:00Z",
        "--format",
        "json",
        stdin=json.dumps(CASE),
        env={"PYTHONIOENCODING": "latin-1"},
    )

    assert answer.out.isascii()
    assert {verdict["to"] for verdict in json.loads(answer.out)["verdicts"]} == {None, "Zoë"}


def test_a_reader_that_goes_away_is_no_error() -> None:
    # `head` closes the pipe after a line; a long answer then meets a closed pipe.
    command = f"{shlex.quote(str(PROGRAM))} run two-applications.yaml . | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=STORIES)  # noqa: S603, S607

    assert done.stdout == "Two applications at one employer  two-applications.yaml:4\n"
    assert done.stderr == ""


def test_a_closed_pipe_ends_the_program_as_the_system_would() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(  # noqa: S603
        [PROGRAM, "run", "too-soon.yaml"], stdout=write, stderr=subprocess.PIPE, check=False, cwd=STORIES
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_streams_are_no_error() -> None:
    command = (
        f"{shlex.quote(str(PROGRAM))} run too-soon.yaml >&-; echo $?; {shlex.quote(str(PROGRAM))} run - <&-"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=STORIES)  # noqa: S603, S607

    assert done.stdout == "0\n"
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_an_answer_that_can_not_be_written_is_said() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(  # noqa: S603
            [PROGRAM, "run", "too-soon.yaml"], stdout=full, stderr=subprocess.PIPE, check=False, cwd=STORIES
        )

    assert done.returncode == 3
    assert done.stderr == b"error: the answer can't be written: No space left on device\n"


def test_an_interruption_ends_with_130_and_without_a_traceback(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    os.mkfifo(story)
    process = subprocess.Popen(  # noqa: S603
        [PROGRAM, "run", story], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with story.open("wb"):  # it opens only once the program is there to read
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert b"Traceback" not in err


@pytest.mark.parametrize("module", ["postinterview", "postinterview.core.values.errors", "click", "yaml"])
def test_an_interruption_while_it_loads_ends_in_the_same_way(module: str) -> None:
    code = f"""\
import sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
sys.path.insert(0, {str(ROOT / "src")!r})
sys.argv = ["postinterview", "check"]
from postinterview_command import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)  # noqa: S603

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"interrupted\n")


def test_diagnostics_go_to_stderr_but_for_those_that_are_the_answer() -> None:
    proved = start("prove", RULES / "broken.yaml")
    assert (proved.code, proved.out) == (1, "")
    assert "error[PI203]" in proved.err

    checked = start("check", RULES / "broken.yaml")
    assert (checked.code, checked.err) == (1, "")
    assert "error[PI203]" in checked.out


def prepared(folder: Path, example: str) -> Path:
    """A folder in which the example of a help text can run."""
    story = (STORIES / "too-soon.yaml").read_text(encoding="utf-8")
    default = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    for name in ("story.yaml", "case.yaml", "scenarios/one.yaml", "rules/mine.yaml", "mine.yaml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(default if "mine" in name else story, encoding="utf-8")
    against_packaged = {"--compare", "--rules", "diff", "migrate"} & set(example.split())
    if not against_packaged:
        for name in ("rules/mine.yaml", "mine.yaml"):
            (folder / name).write_text(SMALL, encoding="utf-8")
    shutil.copy(ROOT / "examples" / "companies.jsonl", folder)
    if "--coverage" in example:
        steps = "steps: [{at: 2026-03-02T10:00Z, event: interview}]"
        (folder / "scenarios" / "one.yaml").write_text(
            f"format: 1\nrules: ../mine.yaml\nscenarios: [{{name: One, timezone: UTC, {steps}}}]\n", "utf-8"
        )
    (folder / "processes").mkdir()
    for name in ("acme.json", "processes/acme.json"):
        process = load_rulebook().start("acme", "UTC").record("message", at=datetime(2026, 3, 2, tzinfo=UTC))
        (folder / name).write_text(process.process.to_json(), encoding="utf-8")
    with closing(SqlStore(f"sqlite:///{folder / 'mine.db'}")) as store:
        Keeper(load_rulebook(), store).start("acme", timezone="UTC")
        Tokens(store).new("ada", ["read"], at=datetime(2026, 3, 2, tzinfo=UTC))
    (folder / "case.json").write_text(json.dumps(CASE), encoding="utf-8")
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    for history, by in (("history.csv", "map.yaml"), ("huge.csv", "map.yaml"), ("a.csv", "a.yaml")):
        (folder / by).write_text(MAP, encoding="utf-8")
        (folder / history).write_text(CLEAN, encoding="utf-8")
    (folder / "tracker.xlsx").write_bytes(workbook(csv.reader(CLEAN.splitlines())))
    (folder / "me.ics").write_bytes((ROOT / "examples/calendar/march.ics").read_bytes())
    (folder / "calendar.yaml").write_bytes((ROOT / "examples/calendar/map.yaml").read_bytes())
    rows = [json.dumps(row) + "\n" for row in csv.DictReader(CLEAN.splitlines())]
    (folder / "history.jsonl").write_text("".join(rows), encoding="utf-8")
    (folder / "transitions.csv").write_text(
        "from,to,event\nwaiting,followed_up,follow_up\n", encoding="utf-8"
    )
    (folder / "transitions.yaml").write_text("format: 1\nnext: {waiting: [followed_up]}\n", encoding="utf-8")
    (folder / "mine.proof.json").write_text(certificate("mine.yaml"), encoding="utf-8")
    (folder / "our-packs").mkdir()
    patient = "format: 1\nextends: germany\ntitle: Ours\ndates: {answer_due: waited_from + 15 days}\n"
    (folder / "our-packs" / "patient.yaml").write_text(patient, encoding="utf-8")
    (folder / "examples").symlink_to(ROOT / "examples" / "packs")
    if example.startswith("git "):
        git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
        for command in (["init", "-q"], ["add", "mine.yaml"], ["commit", "-qm", "Begin"]):
            subprocess.run([*git, *command], cwd=folder, check=True)  # noqa: S603
    return folder


def help_examples() -> list[str]:
    groups: list[click.Command] = [commands]
    groups += [import_module(f"postinterview.cli.{module}").command for module in COMMANDS.values()]
    found = []
    for command in groups:
        lines = (command.epilog or "").splitlines()
        assert "Examples:" in lines, command.name
        found += [line.strip() for line in lines if line.startswith("  ")]
    return found


EXAMPLES = help_examples()
BY_COMMAND = {
    example.partition("postinterview ")[2].split()[0]: example
    for example in sorted(EXAMPLES, key=lambda each: "mine.yaml" in each)
}
SHELL = {example for example in EXAMPLES if set(example) & set("|<*")}
"""Examples with signs for the shell."""
STARTED = sorted({*BY_COMMAND.values(), *SHELL})
DEAR = (
    "postinterview diff default germany examples/",
    "postinterview bound",
    "postinterview bound --of courtesy --per interviewer --silence",
    "postinterview prove --compare default mine.yaml --write stories/",
)


@pytest.fixture
def folder(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the example of the test can run."""
    prepared(tmp_path, example)
    monkeypatch.setenv("POSTINTERVIEW_STORE", str(tmp_path / "served.db"))
    return tmp_path


def ending(example: str) -> str:
    """The example, but for what would not end by itself."""
    if {"serve", "mcp"} & set(example.split()):
        return f"{example.replace(' --check', '')} --check"
    return example


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(each, marks=[pytest.mark.slow] if each in DEAR else [])
        for each in EXAMPLES
        if each not in SHELL
    ],
)
def test_every_example_of_a_help_text_runs(
    example: str, call: Caller, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)  # `call` goes to the stories
    answer = call(*shlex.split(ending(example))[1:])

    noted = "note: no file is named, so `mine.yaml` here was not checked\n"
    assert (answer.code, answer.err) == (0, noted if example == "postinterview check" else "")
    assert answer.out or "--format github" in example  # annotations, and nothing is wrong


@pytest.mark.parametrize("example", one_in(8, [(each,) for each in STARTED]))
def test_an_example_of_each_command_and_those_with_signs_run_in_a_shell(example: str, folder: Path) -> None:
    command = ending(example).replace("postinterview", shlex.quote(str(PROGRAM)), 1)
    answer = start(command.replace("| less", "| cat"), program=("bash", "-o", "pipefail", "-c"), cwd=folder)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out or "--format github" in example
