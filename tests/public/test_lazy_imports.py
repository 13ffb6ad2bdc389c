"""The public names are there whoever asks first, and however: each program here is a fresh one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import postinterview as pi
from tests.core.helpers import at, default

HOMES = sorted(
    {getattr(pi, name).__module__ for name in pi.__all__ if hasattr(getattr(pi, name), "__module__")}
)


def ask(program: str, *arguments: str) -> str:
    """Return what a program prints that imports the package anew."""
    command = [sys.executable, "-I", "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_star_import_has_every_public_name() -> None:
    program = (
        "from postinterview import *; print(*sorted(name for name in dir() if not name.startswith('_')))"
    )
    assert ask(program).split() == sorted(pi.__all__)


def test_help_tells_of_every_public_name() -> None:
    told = ask(
        "import pydoc, postinterview; print(pydoc.render_doc(postinterview, renderer=pydoc.plaintext))"
    )
    assert [name for name in pi.__all__ if name not in told] == []


def test_threads_that_ask_at_once_get_the_same_names() -> None:
    program = """
import json, threading
import postinterview
names = postinterview.__all__
start, found = threading.Barrier(8), [None] * 8
def ask(number):
    start.wait()
    turned = names[number * 6:] + names[:number * 6]
    found[number] = {name: id(getattr(postinterview, name)) for name in turned}
threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
for each in threads: each.start()
for each in threads: each.join()
print(json.dumps([len(names), [each == found[0] for each in found], len(found[0] or ())]))
"""
    count, alike, first = json.loads(ask(program))
    assert alike == [True] * 8
    assert first == count


def test_each_module_of_a_public_name_can_be_the_first_to_be_imported() -> None:
    program = """
import importlib, sys
for home in sys.argv[1:]:
    for name in [name for name in sys.modules if name.split(".")[0] == "postinterview"]:
        del sys.modules[name]
    importlib.import_module(home)
"""
    ask(program, *HOMES)


def test_a_process_is_read_from_a_pickle_by_a_program_that_has_imported_nothing(tmp_path: Path) -> None:
    import pickle

    process = (
        default()
        .start("Acme", "Europe/Zurich")
        .record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"])
        .process
    )
    (tmp_path / "process").write_bytes(pickle.dumps(process))
    program = "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')).to_json())"
    assert ask(program, str(tmp_path / "process")) == process.to_json() + "\n"


def test_rules_without_a_fault_need_no_module_that_explains_faults() -> None:
    program = "import sys, postinterview; postinterview.load_rulebook(); print(*sys.modules)"
    explaining = {"causes", "changed_values", "copies", "merged_values", "pack_changes", "removals"}
    assert {name.rpartition(".")[2] for name in ask(program).split()} & explaining == set()
