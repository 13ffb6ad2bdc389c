"""Comparisons of the edits that people make, and of all packs, beside the proof of the packaged rules.

    python -m benchmarks.comparison            some three minutes
    python -m benchmarks.comparison --quick    some ten seconds: a few edits and pairs
    python -m benchmarks.comparison --diff     some three minutes: `postinterview diff` of all pairs of packs
    python -m benchmarks.comparison --sweep 1  an hour: every plain edit of one value; 10: each tenth of them

Every row is compared in both directions, right after a proof of the packaged rules: ratios are to that proof.
The clock is the processor time of this process. Nothing is asserted of a time.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from subprocess import run
from time import process_time  # noqa: TID251 a benchmark reads the clock

from attrs import frozen

import postinterview as pi
from benchmarks.proving.edits import EDITS, PACKS, RULES, edited
from benchmarks.proving.sweep import everything, rulebook
from benchmarks.report import Table
from benchmarks.timing import Spread
from postinterview.proof.explain import with_guard

HEADER = ("old and new", "forth", "back", "forth, s", "back, s", "forth, ratio", "back, ratio")


@frozen
class Compared:
    """What a comparison found, and how long it took, in seconds and to the proof before it."""

    verdicts: Counter[str]
    seconds: float
    ratio: float

    @classmethod
    def of(cls, old: pi.Rulebook, new: pi.Rulebook, floor: float) -> Compared:
        begun = process_time()
        found = pi.compare(old, new)
        seconds = process_time() - begun
        return cls(Counter(each.verdict for each in found.acts), seconds, seconds / floor)

    @property
    def text(self) -> str:
        return ", ".join(f"{count} {verdict}" for verdict, count in sorted(self.verdicts.items()))


def _seconds_of_a_proof() -> float:
    begun = process_time()
    pi.prove(pi.load_rulebook())
    return process_time() - begun


def _row(label: str, old: pi.Rulebook, new: pi.Rulebook) -> tuple[str, ...]:
    floor = _seconds_of_a_proof()
    sides = (Compared.of(old, new, floor), Compared.of(new, old, floor))
    return (
        label,
        *(each.text for each in sides),
        *(f"{each.seconds:.2f}" for each in sides),
        *(f"{each.ratio:.1f}" for each in sides),
    )


def _together(label: str, pairs: Iterable[tuple[pi.Rulebook, pi.Rulebook]]) -> tuple[str, ...]:
    """Many comparisons as one row: all verdicts, and the median and the most of the times."""
    floor = _seconds_of_a_proof()
    found = [[Compared.of(old, new, floor), Compared.of(new, old, floor)] for old, new in pairs]
    sides = list(zip(*found, strict=True))
    verdicts = (Compared(sum((each.verdicts for each in side), Counter()), 0, 0).text for side in sides)
    seconds = (_median_and_most([each.seconds for each in side], 2) for side in sides)
    ratios = (_median_and_most([each.ratio for each in side], 1) for side in sides)
    return (label, *verdicts, *seconds, *ratios)


def _median_and_most(numbers: Sequence[float], digits: int) -> str:
    return f"{Spread.of(numbers).median:.{digits}f}, most {max(numbers):.{digits}f}"


def _without_a_guard(most: int) -> Iterator[tuple[pi.Rulebook, pi.Rulebook]]:
    """The packaged rules, and the same without one guard of an act."""
    packaged = pi.load_rulebook()
    definition = packaged.definition
    rules = (rule for machine in definition.machines.values() for rule in machine.transitions)
    found = [(rule, guard) for rule in rules if definition.events[rule.event].is_act for guard in rule.guards]
    for rule, guard in found[:most]:
        yield packaged, pi.Rulebook(with_guard(definition, rule, guard, None))


def _packs() -> list[str]:
    return [path.stem for path in sorted(RULES.glob("*.yaml")) if not path.stem.startswith("courtesy")]


def tables(*, quick: bool) -> Iterator[Table]:
    """The edits, and all pairs of packs, one row a pack with those after it."""
    packaged = pi.load_rulebook()
    names = ["business days for hours", "an added event"] if quick else [*EDITS, *PACKS]
    rows = [_row(name, packaged, pi.load_rulebook(text=edited(name), name="mine.yaml")) for name in names]
    guards = list(_without_a_guard(2 if quick else 1000))
    rows.append(_together(f"without one guard, {len(guards)} of them", guards))
    yield Table("the packaged rules and an edit", HEADER, rows)
    packs = [(name, pi.load_rulebook(name)) for name in (_packs()[:3] if quick else _packs())]
    pairs = {
        name: [(one, two) for (n, one), (_, two) in combinations(packs, 2) if n == name] for name, _ in packs
    }
    rows = [_together(f"{name}, {len(its)} pairs", its) for name, its in pairs.items() if its]
    yield Table("each pack and those after it", HEADER, rows)


def diffed() -> Table:
    """The command for each pair of packs: what it takes with its start, and whether all is known."""
    command, rows = str(Path(sys.executable).with_name("postinterview")), []
    for old, new in combinations(_packs(), 2):
        begun = getrusage(RUSAGE_CHILDREN)
        done = run([command, "diff", old, new], capture_output=True, text=True, check=False)  # noqa: S603
        ended = getrusage(RUSAGE_CHILDREN)
        seconds = ended.ru_utime - begun.ru_utime + ended.ru_stime - begun.ru_stime
        rows.append((f"{old}, {new}", f"{seconds:.2f}", "no" if "not known" in done.stdout else "yes"))
        if done.stderr:
            print(done.stderr, file=sys.stderr)
    return Table("`postinterview diff` of all pairs of packs", ("old and new", "s", "all is known"), rows)


def swept(every: int) -> Table:
    """Every plain edit of one value of the packaged rules, or each of so many, in both directions."""
    packaged = pi.load_rulebook()
    found: dict[str, list[pi.Comparison]] = {}
    for number, (kind, said, rules) in enumerate(everything()):
        edited_rules = None if number % every else rulebook(rules)
        if edited_rules is not None:
            sides = pi.compare(packaged, edited_rules), pi.compare(edited_rules, packaged)
            found.setdefault(kind, []).extend(sides)
            for side, each in zip(("forth", "back"), sides, strict=True):
                unknown = [act.act for act in each.acts if act.verdict == "unknown"]
                if unknown:
                    print(f"not known {side}: {kind}: {said}: {', '.join(unknown)}", flush=True)
    rows = []
    for kind, comparisons in found.items():
        left = sum(any(act.verdict == "unknown" for act in each.acts) for each in comparisons)
        verdicts = Counter(act.verdict for each in comparisons for act in each.acts)
        acts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        rows.append((kind, str(len(comparisons)), str(len(comparisons) - left), acts))
    return Table("plain edits of one value", ("what is edited", "comparisons", "decided", "acts"), rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison")
    parser.add_argument("--quick", action="store_true", help="a few edits and pairs")
    parser.add_argument("--markdown", action="store_true", help="print markdown tables")
    parser.add_argument("--sweep", type=int, metavar="N", help="each N-th plain edit of one value instead")
    parser.add_argument(
        "--diff", action="store_true", help="`postinterview diff` of all pairs of packs instead"
    )
    given = parser.parse_args(arguments)
    if given.diff or given.sweep is not None:
        table = diffed() if given.diff else swept(given.sweep)
        print(table.markdown() if given.markdown else table.text())
        return 0
    for table in tables(quick=given.quick):
        print(table.markdown() if given.markdown else table.text(), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
