"""Search for disagreements for as long as you like: ``python -m tests.proof.series FIRST COUNT``.

Each number stands for a rulebook with a few promises and a few lives, drawn without hypothesis and so many
times as fast. Whatever is found is printed with its number, which draws it again. Shrink it by hand, or add
it to the examples of a law.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from time import process_time  # noqa: TID251 - it measures this program
from typing import Any

from attrs import define, field

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.prove import Proof
from tests.oracle.reading import Rules
from tests.proof.helpers import prove_all
from tests.proof.test_random_promises import asks, broken_by, is_condemned
from tests.proof.test_random_rules import objections_to, parts
from tests.proof.test_relation import play
from tests.strategies.hand import Dice
from tests.strategies.promises import drawn_promise, mirrored_promise
from tests.strategies.rulebooks import drawn_rules
from tests.strategies.runs import HOLIDAYS, ZONES, Step, Teller
from tests.strategies.writing import written

LIVES = 24
"""So many lives are lived by the rules of each number, of up to 14 events."""


@define
class Trial:
    """One number: rules, promises, and what the prover says of them."""

    number: int
    hand: Dice = field(init=False)
    rules: Rules = field(init=False)
    promises: dict[str, Any] = field(init=False)
    rulebook: pi.Rulebook = field(init=False)
    proof: Proof = field(init=False)

    def __attrs_post_init__(self) -> None:
        hand = self.hand = Dice(self.number)
        self.rules = drawn_rules(hand, machines=hand.number(1, 3))
        self.promises = {
            f"own_{n}": (mirrored_promise if hand.chance(70) else drawn_promise)(hand, self.rules)
            for n in range(6)
        }
        self.rulebook = pi.load_rulebook(text=written(self.rules))
        self.proof = prove_all(self.rulebook, self.promises)

    def faults(self) -> Iterator[str]:
        """Where two judges disagree."""
        yield from objections_to(self.proof)
        for result, part in parts(self.proof):
            if part.replay is not None:
                condemned = is_condemned(self.rulebook, part.replay, self.promises[result.id])
                if not condemned:
                    yield f"{result.id} of {part.act}: no judge condemns {part.replay.story}"
        proved = {result.id for result in self.proof.results if result.verdict == "proved"}
        for _ in range(LIVES if proved else 0):
            yield from self.life(proved)

    def life(self, proved: set[str]) -> Iterator[str]:
        """A life in which much of what is allowed is done; none of it may break what is proved."""
        hand = self.hand
        applications = hand.one((("main",), ("main", "other"), ("main", "other", "third")))
        zone, holidays = hand.one(ZONES), hand.some(HOLIDAYS)
        teller = Teller(hand, self.rules, zone, applications)
        process = self.rulebook.start("acme", zone, holidays=holidays)
        steps: list[Step] = []
        for _ in range(hand.number(4, 14)):
            step = teller.step(corrections=False)
            for each in proved:
                for wrong in broken_by(process, self.rules, self.promises[each], step.at):
                    yield f"{each} is proved, and broken by {wrong} in {zone} {holidays} after {steps}"
                    return
            if hand.chance(60):
                step = self.allowed(process, step.at) or step
            process = play(process, step)
            steps.append(step)

    def allowed(self, process: Process, at: datetime) -> Step | None:
        """An act that the rules allow now, if there is one."""
        found = list(asks(self.rules, at))
        self.hand.random.shuffle(found)
        for step in found:
            given = {"to": step.to, "application": step.application, **step.fields}
            if process.may(step.event, at=at, **given).allowed:
                return step
        return None


def main(first: int, count: int) -> None:
    seen: Counter[str] = Counter()
    began = process_time()
    for number in range(first, first + count):
        try:
            trial = Trial(number)
            seen.update(result.verdict for result in trial.proof.results)
            seen.update(r.why_unknown for r in trial.proof.results if r.verdict == "unknown")
            faults = list(trial.faults())
        except Exception as error:  # noqa: BLE001 - a crash is a finding, too
            faults = [f"{type(error).__name__}: {error}"]
        for fault in faults:
            print(f"--- {number}: {fault}", flush=True)  # noqa: T201 - it is a program
        if number % 100 == 99:
            print(f"{number}: {dict(seen)} in {process_time() - began:.0f} s", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
