"""Measure the wait for `postinterview prove` by its parts: the import, the rules, the proof, the rest.

Milliseconds of processor time of whole processes, as in ``benchmarks.startup``, each over a bare Python of
the same round; a part is the difference of two processes that do the same up to it.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.startup import BARE, IMPORT, run_process, surroundings
from benchmarks.timing import Spread

LOAD = "import postinterview as pi; rulebook = pi.load_rulebook()"
PROVE = LOAD + "; pi.prove(rulebook)"


def time_command(rounds: int) -> tuple[dict[str, Spread], str]:
    """Milliseconds by part, and the parts that could not be timed. ``whole`` is a ratio to bare Python."""
    commands = {
        "bare": (sys.executable, *BARE),
        "import": (sys.executable, *IMPORT),
        "load": (sys.executable, "-c", LOAD),
        "proof": (sys.executable, "-c", PROVE),
        "whole": (str(Path(sys.executable).with_name("postinterview")), "prove"),
    }
    if not Path(commands["whole"][0]).exists():
        return {}, "`postinterview prove` is not installed"
    samples: dict[str, list[float]] = {name: [] for name in commands}
    with TemporaryDirectory() as folder:
        around = surroundings(folder)
        for number in range(-1, rounds):
            for name, command in commands.items():
                taken = run_process(command, around)
                if taken is None:
                    return {}, f"`{' '.join(command)}` did not run"
                if number >= 0:
                    samples[name].append(taken)
    names = list(commands)
    parts = {name: _over(samples[name], samples[before]) for before, name in pairwise(names[:-1])}
    whole = _over(samples["whole"], samples["bare"])
    rest = _over(samples["whole"], samples["proof"])
    return {"bare": Spread.of(samples["bare"]), **parts, "rest": rest, "whole": whole}, ""


def _over(samples: list[float], base: list[float]) -> Spread:
    return Spread.of([a - b for a, b in zip(samples, base, strict=True)])
