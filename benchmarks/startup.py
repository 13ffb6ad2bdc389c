"""What it costs before anything is asked: loading the default rules, importing, starting the command line.

Loading is timed here; the other two in processes of their own, each beside a bare Python. All of them
are a user's waiting, so they are in milliseconds: of the processor, which is all that they wait for
once the files are in memory, and which a busy machine disturbs least. Each process finds every module
compiled, by the round that does not count, in a folder of its own: what the working copy has of
compiled files, or may not have, changes nothing.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import yaml

import postinterview as pi
from benchmarks.timing import Spread, clock, ratios, run_rounds
from postinterview.files import read_packaged

BARE = ("-c", "pass")
IMPORT = ("-c", "import postinterview")
NAMES = ("-c", "from postinterview import Process, Rulebook, load_rulebook")
FIRST_USE = ("-c", "import postinterview; postinterview.load_rulebook()")
LIBRARIES = ("-c", "import attrs, yaml, transitions")
PARTS = ("-c", "import click; from postinterview import load_rulebook, prove; prove(load_rulebook())")
"""What `postinterview check` can't do without: the command line's library, the rules, and their proof."""
YARDSTICK = ("-c", "import click")
"""20 ms on the machine that the numbers to hold are from: how much slower is this one just now?"""


def time_load(rounds: int) -> dict[str, Spread]:
    """Milliseconds of ``load_rulebook()`` and of a bare C parser on the same text, and their ratio."""
    text = read_packaged("default")[1].decode()
    loader = getattr(yaml, "CSafeLoader", None)

    def timed(operation: Callable[[], object]) -> Callable[[], float]:
        def batch() -> float:
            begin = clock()
            operation()
            return clock() - begin

        return batch

    tasks = {"load": timed(pi.load_rulebook)}
    if loader is not None:
        tasks["bare"] = timed(lambda: yaml.load(text, Loader=loader))  # noqa: S506 it is the safe one
    found = run_rounds(tasks, rounds)
    spreads = {name: Spread.of(samples).over(1e6) for name, samples in found.items()}
    if loader is not None:
        spreads["ratio"] = Spread.of([a / b for a, b in zip(found["load"], found["bare"], strict=True)])
    return spreads


def time_processes(rounds: int) -> tuple[dict[str, Spread], str]:
    """Milliseconds over a bare Python of the same round, and what could not be timed.

    ``bare`` is the bare Python itself; those with ``over`` in their name are ratios.
    """
    script = Path(sys.executable).with_name("postinterview")
    commands: dict[str, Sequence[str]] = {
        "bare": (sys.executable, *BARE),
        "yardstick": (sys.executable, *YARDSTICK),
        "import": (sys.executable, *IMPORT),
        "names": (sys.executable, *NAMES),
        "first use": (sys.executable, *FIRST_USE),
        "libraries": (sys.executable, *LIBRARIES),
        "version": (str(script), "--version"),
        "parts": (sys.executable, *PARTS),
        "check": (str(script), "check"),
    }
    missing = ""
    samples: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder:
        around = surroundings(folder)
        if not script.exists() or run_process(commands["version"], around) is None:
            missing = "`postinterview --version` did not run"
            del commands["version"], commands["check"]
        for number in range(-1, rounds):
            for name, command in commands.items():
                taken = run_process(command, around)
                if number >= 0 and taken is not None:
                    samples.setdefault(name, []).append(taken)
    bare = samples.pop("bare")
    over = {name: [a - b for a, b in zip(taken, bare, strict=True)] for name, taken in samples.items()}
    found = {"bare": Spread.of(bare), **{name: Spread.of(taken) for name, taken in over.items()}}
    compared = [(name, "libraries") for name in ("import", "names", "first use")]
    for name, base in (*compared, ("check", "parts")):
        if name in over:
            found[f"{name} over {base}"] = ratios(over[name], over[base])
    return found, missing


def surroundings(folder: str) -> dict[str, str]:
    """The environment, in which compiled modules are kept in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": folder}


def run_process(command: Sequence[str], around: Mapping[str, str]) -> float | None:
    """The milliseconds of processor time that a command takes, or None where it fails."""
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, capture_output=True, env=around)  # noqa: S603
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return None
    return (end.ru_utime - begin.ru_utime + end.ru_stime - begin.ru_stime) * 1000


def top_imports(count: int = 25) -> list[tuple[str, float, float]]:
    """The modules that cost most of their own: name, own and cumulative milliseconds (median of 5)."""
    own: dict[str, list[float]] = {}
    cumulative: dict[str, list[float]] = {}
    command = (sys.executable, "-X", "importtime", *NAMES)
    with TemporaryDirectory() as folder:
        around = surroundings(folder)
        run_process(command, around)
        for _ in range(5):
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=around)  # noqa: S603
            for line in done.stderr.splitlines():
                mine, total, name = line.removeprefix("import time:").split("|")
                if mine.strip().isdigit():
                    own.setdefault(name.strip(), []).append(int(mine) / 1000)
                    cumulative.setdefault(name.strip(), []).append(int(total) / 1000)
    found = [(name, median(times), median(cumulative[name])) for name, times in own.items()]
    return sorted(found, key=lambda row: -row[1])[:count]
