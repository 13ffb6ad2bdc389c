"""The peak memory of each command, in a process of its own, over that of a bare Python.

It is what the operating system counts as resident at most, read from `wait4` of that one process. Linux
counts what its parent had before it, so a small parent starts it, and not the benchmark, which is larger.
Each command runs on the packaged rules and the shipped examples, in a folder that is gone afterwards.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import postinterview as pi
from benchmarks.startup import surroundings
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore

EXAMPLES = Path(__file__).parents[1] / "examples"
HISTORIES, INVITATIONS = EXAMPLES / "audit" / "histories", EXAMPLES / "calendar"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

BARE = (sys.executable, "-c", "pass")
COMMANDS: Mapping[str, Sequence[str]] = {
    "run": ("run", f"{EXAMPLES}"),
    "test": ("test", f"{EXAMPLES}"),
    "check": ("check",),
    "next": ("next", f"{EXAMPLES / 'companies.jsonl'}", "--at", "2026-03-20 09:00"),
    "prove": ("prove",),
    "bound": ("bound",),
    "verify": ("verify", "default.proof.json"),
    "migrate": ("migrate", "--check", "acme.json"),
    "audit": ("audit", f"{HISTORIES / 'log.csv'}", "--map", f"{HISTORIES / 'log.yaml'}"),
    "calendar": (
        *("calendar", f"{INVITATIONS / 'march.ics'}", "--map", f"{INVITATIONS / 'map.yaml'}"),
        *("--at", "2026-03-20T09:00+01:00"),
    ),
    "show": ("show",),
    "packs": ("packs",),
    "draw": ("draw",),
    "diff": ("diff", "default", "essentials"),
    "explain": ("explain", "follow_up"),
    "schema": ("schema",),
    "init": ("init", "ours"),
    "serve": ("serve", "--check", "--port", "0", "--store", "kept.db"),
    "tokens": ("tokens", "--store", "kept.db"),
    "recipients": ("recipients", "--store", "kept.db"),
    "confirm": ("confirm", "--store", "kept.db"),
    "mcp": ("mcp", "--check", "--store", "kept.db"),
}
"""Each command, with the arguments of an ordinary call."""

PARENT = """\
import os, sys
null = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""

MEANT = (0, 1)
"""The exit codes of an answer: yes, and no."""


def measure_commands(rounds: int) -> tuple[dict[str, float], list[str]]:
    """The megabytes of each command over a bare Python, medians; and a line about each that failed."""
    program = str(Path(sys.executable).with_name("postinterview"))
    found: dict[str, list[float]] = {}
    failed: dict[str, str] = {}
    with TemporaryDirectory() as compiled:
        around = surroundings(compiled)
        for _ in range(rounds):
            with TemporaryDirectory() as folder:
                _prepare(Path(folder), program)
                bare, _, _ = peak_of(BARE, Path(folder), around)
                for name, arguments in COMMANDS.items():
                    peak, code, said = peak_of((program, *arguments), Path(folder), around)
                    if code in MEANT:
                        found.setdefault(name, []).append(peak - bare)
                    else:
                        failed[name] = f"`postinterview {name}` ended with {code}: {said}"
    return {name: median(peaks) for name, peaks in found.items()}, list(failed.values())


def peak_of(command: Sequence[str], folder: Path, around: Mapping[str, str]) -> tuple[float, int, str]:
    """The most megabytes that a process had resident, its exit code, and the end of what it complained of."""
    started = (sys.executable, "-I", "-S", "-c", PARENT, *command)
    done = subprocess.run(started, cwd=folder, env=around, capture_output=True, text=True, check=True)  # noqa: S603
    peak, code = done.stdout.split()
    kilobytes = int(peak) / (1024 if sys.platform == "darwin" else 1)
    return kilobytes / 1024, int(code), done.stderr.strip().rpartition("\n")[2]


def _prepare(folder: Path, program: str) -> None:
    """Put there what the commands ask for: a saved process, a store, a certificate."""
    process = pi.load_rulebook().start("acme", "UTC").record("message", at=MONDAY).process
    (folder / "acme.json").write_text(process.to_json(), encoding="utf-8")
    with closing(SqlStore(f"sqlite:///{folder / 'kept.db'}")) as store:
        Keeper(pi.load_rulebook(), store).start("acme", timezone="UTC")
    made = (program, "prove", "--certificate", "default.proof.json")
    subprocess.run(made, cwd=folder, check=True, capture_output=True)  # noqa: S603
