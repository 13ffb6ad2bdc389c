"""What a coach waits for: `check` of a pack, `diff`, and the answer of `check --watch` to a save.

    python -m benchmarks.editing            some three minutes
    python -m benchmarks.editing --quick    some twenty seconds: one round, fewer commands

The real commands run on the pack of `postinterview init`, in interleaved rounds. Their costs are processor
time of whole processes, with Python's start. The wait for an answer of `--watch` is the time of the clock on
the wall, from the write of the file to the last line on a pseudo-terminal. On a busy machine much of that is
a wait for a processor. Linux counts it, so it is shown apart: without it the wait is that of a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition, Thread
from time import monotonic  # noqa: TID251 a benchmark reads the clock
from typing import Self

from attrs import define, field, frozen

from benchmarks.report import Held, Table
from benchmarks.startup import run_process, surroundings
from benchmarks.timing import Spread

COMMAND = str(Path(sys.executable).with_name("postinterview"))
CHECKED, PROVED, PACK = "check default --no-proof", "check default", "check ours.yaml"
COMMANDS = (
    CHECKED,
    PROVED,
    PACK,
    "check germany",
    "test story.yaml",
    "diff default ours.yaml",
    "diff germany japan",
)
QUICK = (CHECKED, PROVED, PACK)
DIFFS = tuple(each for each in COMMANDS if each.startswith("diff"))
DAYS = "waited_from + 10 days"
FAULT = "waited_from + 10 dyas"
PROVING, ANSWERED = b"proving the promises", b"Ctrl-C ends"
PATIENCE = 120.0


@frozen
class Wait:
    """The seconds from a save to an answer: on the wall, of the processor, and in the queue for one."""

    wall: float
    worked: float
    queued: float

    @property
    def quiet(self) -> float:
        """The wait on a machine with nothing else to do."""
        return self.wall - self.queued


@define
class Watching:
    """`check --watch` on a pseudo-terminal."""

    file: Path
    _program: subprocess.Popen[bytes] = field(init=False)
    _leader: int = field(init=False)
    _shown: bytes = b""
    _arrived: Condition = field(factory=Condition)

    def __enter__(self) -> Self:
        self._leader, follower = pty.openpty()
        self._program = subprocess.Popen(  # noqa: S603
            [COMMAND, "check", str(self.file), "--watch"],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env={**os.environ, "TERM": "xterm"},
        )
        os.close(follower)
        Thread(target=self._read, daemon=True).start()
        self._until(ANSWERED)
        return self

    def __exit__(self, *_: object) -> None:
        self._program.kill()
        self._program.wait()
        os.close(self._leader)

    def _read(self) -> None:
        with suppress(OSError):  # the program has ended
            while data := os.read(self._leader, 65536):
                with self._arrived:
                    self._shown += data
                    self._arrived.notify()

    def _until(self, text: bytes) -> float:
        """Wait for the text, and return when it was there."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: text in self._shown, PATIENCE):
                raise TimeoutError(self._shown.decode(errors="replace"))
            return monotonic()

    def save(self, text: str, *awaited: bytes) -> list[Wait]:
        """Save the file, and return the wait for each text that the answer shows."""
        with self._arrived:
            self._shown = b""
        worked, queued = self._spent()
        begun = monotonic()
        self.file.write_text(text, "utf-8")
        found = []
        for each in awaited:
            wall = self._until(each) - begun
            now_worked, now_queued = self._spent()
            found.append(Wait(wall, now_worked - worked, now_queued - queued))
        return found

    def _spent(self) -> tuple[float, float]:
        """Return the seconds that the main thread ran, and those it stood in the queue of a processor."""
        try:
            ran, queued, _ = Path(f"/proc/{self._program.pid}/schedstat").read_text("ascii").split()
        except OSError:  # not on Linux
            return 0.0, 0.0
        return int(ran) / 1e9, int(queued) / 1e9


def time_commands(folder: Path, commands: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """The seconds of processor time of each command in each round, after one that does not count."""
    found: dict[str, list[float]] = {each: [] for each in commands}
    around = surroundings(str(folder / "compiled"))
    for number in range(-1, rounds):
        for command in commands:
            arguments = [str(folder / each) if each.endswith(".yaml") else each for each in command.split()]
            taken = run_process((COMMAND, *arguments), around)
            if taken is None:
                raise SystemExit(f"`postinterview {command}` failed")
            if number >= 0:
                found[command].append(taken / 1000)
    return found


def time_saves(file: Path, rounds: int) -> dict[str, list[Wait]]:
    """The waits after saves: with a fault of syntax, and with another number that is proved."""
    names = ("a fault is shown", "a number: checked without the proof", "a number: the promises are proved")
    found: dict[str, list[Wait]] = {each: [] for each in names}
    text = file.read_text("utf-8")
    days = count(11)
    with Watching(file) as watching:
        for number in range(-1, rounds):
            waits = watching.save(text.replace(DAYS, FAULT), ANSWERED)
            new = text.replace(DAYS, f"waited_from + {next(days)} days")
            waits += watching.save(new, PROVING, ANSWERED)
            if number >= 0:
                for name, wait in zip(names, waits, strict=True):
                    found[name].append(wait)
    file.write_text(text, "utf-8")
    return found


def _of_commands(taken: Mapping[str, Sequence[float]]) -> Table:
    base = taken[PROVED]
    rows = []
    for name, seconds in taken.items():
        ratio = Spread.of([one / other for one, other in zip(seconds, base, strict=True)])
        rows.append((f"postinterview {name}", *_quartiles(Spread.of(seconds)), f"{ratio.median:.2f}"))
    return Table("Processor time", ("", "s", "quartiles", f"to `{PROVED}`"), rows)


def _of_saves(waits: Mapping[str, Sequence[Wait]]) -> Table:
    rows = []
    for name, found in waits.items():
        columns = ([each.wall for each in found], [each.queued for each in found])
        worked = Spread.of([each.worked for each in found])
        quiet = Spread.of([each.quiet for each in found])
        rows.append(
            (
                name,
                *(f"{Spread.of(each).median:.2f}" for each in columns),
                *_quartiles(quiet),
                f"{worked.median:.2f}",
            )
        )
    header = ("", "on the wall, s", "in the queue", "without it", "quartiles", "of the processor")
    return Table("From a save to the answer of `check --watch`", header, rows)


def _quartiles(spread: Spread) -> tuple[str, str]:
    return f"{spread.median:.2f}", f"{spread.lower:.2f}-{spread.upper:.2f}"


def held(taken: Mapping[str, Sequence[float]], waits: Mapping[str, Sequence[Wait]]) -> list[Held]:
    """The numbers to hold: of a check by the costs of the same round."""
    rounds = zip(taken[PACK], taken[CHECKED], taken[PROVED], strict=True)
    share = Spread.of([pack / (1.5 * checked + (proved - checked)) for pack, checked, proved in rounds])
    found = [Held(f"{PACK}, to 1.5 times {CHECKED} and the proof", 1, "times", share)]
    found += [Held(each, 5, "s", Spread.of(taken[each])) for each in DIFFS if each in taken]
    limits = zip(waits, (0.5, 0.5, 2), strict=True)
    found += [Held(name, most, "s", Spread.of([each.quiet for each in waits[name]])) for name, most in limits]
    return found


def _of_held(numbers: Sequence[Held]) -> Table:
    rows = []
    for each in numbers:
        measured = "-" if each.measured is None else f"{each.measured.median:.2f} {each.unit}"
        rows.append((each.name, measured, f"<= {each.limit:g} {each.unit}", "yes" if each.holds else "no"))
    return Table("Numbers to hold", ("", "measured", "to hold", "held"), rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, fewer commands")
    parser.add_argument("--rounds", type=int, default=7, help="so many rounds (default: 7)")
    parser.add_argument("--markdown", action="store_true", help="print markdown tables")
    given = parser.parse_args(arguments)
    rounds = 1 if given.quick else given.rounds
    with TemporaryDirectory() as name:
        folder = Path(name, "ours")
        subprocess.run([COMMAND, "init", str(folder)], check=True, capture_output=True)  # noqa: S603
        taken = time_commands(folder, QUICK if given.quick else COMMANDS, rounds)
        waits = time_saves(folder / "ours.yaml", rounds)
    for table in (_of_commands(taken), _of_saves(waits), _of_held(held(taken, waits))):
        print(table.markdown() if given.markdown else table.text(), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
