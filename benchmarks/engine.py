"""The engine against two hand-written classes and against its peers, in one run.

    python -m benchmarks.engine                 two to three minutes
    python -m benchmarks.engine --quick         some seconds
    python -m benchmarks.engine --json          or --markdown
    python -m benchmarks.engine --importtime    only what the import spends its time on

Peers that are not installed are left out (they are the extra ``bench``). Nothing is asserted of a time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence

import postinterview as pi
from benchmarks.agreement import agree_with_floor, agree_with_immutable, agree_with_peer
from benchmarks.by_hand import Floor, Immutable
from benchmarks.memory import measure_commands
from benchmarks.peers import PEERS, Peer
from benchmarks.report import Held, Report, render
from benchmarks.startup import time_load, time_processes, top_imports
from benchmarks.story import first_rules
from benchmarks.subjects import MEASURES, Library, PeerSubject, Subject
from benchmarks.timing import Spread, bytes_of, ratios, run_rounds

QUICK_ROUNDS, ROUNDS = 3, 81


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds: some seconds instead of minutes")
    parser.add_argument("--rounds", type=int, help=f"how many (default: {ROUNDS}, quick {QUICK_ROUNDS})")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--markdown", action="store_true", help="print the tables as markdown")
    parser.add_argument("--importtime", action="store_true", help="print the costliest imports, and stop")
    options = parser.parse_args(arguments)
    if options.importtime:
        for name, own, cumulative in top_imports():
            print(f"{own:8.2f} ms  {cumulative:8.2f} ms with what it imports  {name}")
        return 0
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    report = measure(rounds, quick=options.quick)
    if options.json:
        print(json.dumps(report.as_json(), indent=2))
    else:
        print(render(report, markdown=options.markdown))
    return 0


def measure(rounds: int, *, quick: bool) -> Report:
    """Check that all agree, then time everything."""
    rulebook = first_rules()
    peers, missing = _peers(rulebook)
    runs = 30 if quick else 100
    agreed = agree_with_floor(rulebook, runs=runs, steps=40)
    agreed += agree_with_immutable(rulebook, runs=runs, steps=40)
    for peer in peers:
        agree_with_peer(rulebook, peer, runs=runs // 5, steps=40)

    floor, values = Floor(), Immutable()
    subjects: list[Subject] = [floor, values, Library(rulebook), *(PeerSubject(peer) for peer in peers)]
    found: dict[str, dict[str, Spread]] = {subject.name: {} for subject in subjects}
    to_values: dict[str, Spread] = {}
    floor_ns: dict[str, Spread] = {}
    for name in MEASURES:
        tasks = {subject.name: subject.tasks()[name] for subject in subjects if name in subject.tasks()}
        samples = run_rounds(tasks, rounds)
        floor_ns[name] = Spread.of(samples[floor.name])
        for subject, taken in samples.items():
            found[subject][name] = ratios(taken, samples[floor.name])
        to_values[name] = ratios(samples[Library.name], samples[values.name])
    kept = {subject.name: _bytes(subject, quick=quick) for subject in subjects}
    load = time_load(rounds)
    processes, failed = time_processes(rounds)
    memory, unmeasured = measure_commands(1 if quick else 3)
    return Report(
        about={
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "rounds": rounds,
            "agreed": agreed,
            "postinterview": pi.__version__,
        },
        ratios=found,
        to_values=to_values,
        floor_ns=floor_ns,
        bytes=kept,
        load=load,
        processes=processes,
        memory=memory,
        held=_held(found[Library.name], to_values, kept[Library.name], load, processes),
        covers={subject.name: subject.covers for subject in subjects},
        notes=[*missing, *([failed] if failed else []), *unmeasured],
    )


def _peers(rulebook: pi.Rulebook) -> tuple[list[Peer], list[str]]:
    """The peers that are installed, and a line about each that is not."""
    peers: list[Peer] = []
    missing: list[str] = []
    for peer in PEERS:
        try:
            peers.append(peer(rulebook))
        except ModuleNotFoundError:
            missing.append(f"{peer.name}: not installed")
    return peers, missing


def _bytes(subject: Subject, *, quick: bool) -> dict[str, float]:
    few = subject.kept // 20
    return {
        "fresh": bytes_of(subject.fresh, few if quick else subject.kept),
        "after": bytes_of(subject.after_twenty, min(few, 20)),
    }


def _held(
    library: dict[str, Spread],
    to_values: dict[str, Spread],
    kept: dict[str, float],
    load: dict[str, Spread],
    processes: dict[str, Spread],
) -> list[Held]:
    """The numbers that the design sets itself."""
    fresh = Spread(kept["fresh"], kept["fresh"], kept["fresh"])
    return [
        Held("do, allowed, to the hand-written values", 2.5, "times", to_values["do"]),
        Held("do, refused, to them", 3, "times", to_values["refused"]),
        Held("may, to them", 4, "times", to_values["may"]),
        Held("allowed the first time after an event, to them", 4, "times", to_values["allowed"]),
        Held("a whole path, to them", 1.5, "times", to_values["path"]),
        Held("start of a process, to the class that changes in place", 2, "times", library["start"]),
        Held("a fresh process", 400, "bytes", fresh),
        Held("load of the default rules", 5, "ms", load["load"] if "bare" in load else None),
        Held(
            "import postinterview, to attrs, yaml and transitions",
            1.15,
            "times",
            processes["import over libraries"],
        ),
        Held("load_rulebook and the classes, to them", 1.15, "times", processes["names over libraries"]),
        Held("postinterview --version, over a bare Python", 100, "ms", processes.get("version")),
        Held("postinterview check, to its parts", 2, "times", processes.get("check over parts")),
    ]


if __name__ == "__main__":
    sys.exit(main())
