"""Tell random histories to two rulebooks: ``python -m tests.proof.beside FIRST COUNT``.

What a comparison says to be never newly allowed may be newly allowed after no history. Each number stands
for rules drawn at random, an edit of them, and histories. A "none" that the engines contradict is printed
with its number, which draws it again. All is told in UTC: a comparison has days of 24 hours, and the
calendars of the files.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from time import process_time  # noqa: TID251 - it measures this program

from attrs import frozen

import postinterview as pi
from postinterview.core.process import Process
from tests.oracle.reading import Rules
from tests.strategies.edits import Edit, edited
from tests.strategies.hand import Dice, Hand
from tests.strategies.rulebooks import drawn_rules
from tests.strategies.runs import STARTS, Step, Teller, constants
from tests.strategies.writing import written

LIVES, MOST_SECONDS = 60, 0.5
"""So many histories are told of each pair, and so long a comparison may take."""


@frozen
class Pair:
    """Two rulebooks, and what the new one calls what it renamed, by the name that the old one has for it."""

    old: pi.Rulebook
    new: pi.Rulebook
    rules: tuple[Rules, Rules]
    names: dict[str, str]
    none: frozenset[str]
    verdicts: tuple[str, ...]

    def contradiction(self, hand: Hand) -> str | None:
        """Tell one history to both, and say what only the new one allows of what is never newly allowed."""
        applications = ("main", "other") if hand.chance(25) else (None,)
        teller = Teller(hand, self.rules[1], "UTC", applications)
        teller.constants = sorted({*teller.constants, *constants(self.rules[0])})
        if hand.chance(50):
            teller.times = [hand.one(STARTS[:2])]
        before, after = (each.start("acme", "UTC") for each in (self.old, self.new))
        told: list[Step] = []
        for _ in range(hand.number(1, 9)):
            step = placed(teller.step(corrections=False), applications[0])
            for ask in (placed(each, applications[0]) for each in self.asked(teller, step.at)):
                if (at := self.newly(before, after, ask)) is not None:
                    return f"{ask.event} is newly allowed at {at}: {ask} after {told}"
            before, after = self.tell(before, self.in_old_words(step)), self.tell(after, step)
            told.append(step)
        return None

    def asked(self, teller: Teller, at: datetime) -> Iterator[Step]:
        """What is never newly allowed, with every field and with some."""
        for name in sorted(self.none):
            step = teller.event("do", name, at)
            yield step
            full = dict(step.fields)
            for _ in range(3):
                full |= {key: each for key, each in teller.fields(name, at).items() if each}
            yield replace(step, fields=full)

    def newly(self, before: Process, after: Process, ask: Step) -> datetime | None:
        """The first moment, from when it is asked about on, at which only the new rulebook allows it."""
        at, its = ask.at, self.in_old_words(ask)
        for _ in range(12):
            verdict = said(after, ask, at)
            if verdict is None:
                return None
            if not verdict.allowed:
                if verdict.opens_at is None:
                    return None
                at = verdict.opens_at
                continue
            known = said(before, its, at)
            if known is None or not known.allowed:
                return at
            if known.closes_at is None:
                return None
            at = known.closes_at
        return None

    def tell(self, process: Process, step: Step) -> Process:
        """What a rulebook does not know is not there for it."""
        kind = process.rulebook.definition.events.get(step.event)
        if kind is None:
            return process
        fields = {name: each for name, each in step.fields.items() if name in kind.fields}
        return process.record(
            step.event, at=step.at, to=step.to, application=step.application, **fields
        ).process

    def in_old_words(self, step: Step) -> Step:
        back = {new: old for old, new in self.names.items()}
        return replace(step, event=back.get(step.event, step.event))


def placed(step: Step, application: str | None) -> Step:
    """The step in an application, even if one of the files says that it concerns the employer as a whole."""
    return replace(step, application=step.application or application)


def said(process: Process, ask: Step, at: datetime) -> pi.Verdict | None:
    """What a rulebook says of an act, without fields that it does not know; None if it knows no such act."""
    kind = process.rulebook.definition.events.get(ask.event)
    if kind is None or not kind.is_act:
        return None
    fields = {name: each for name, each in ask.fields.items() if name in kind.fields}
    return process.may(ask.event, at=at, to=ask.to, application=ask.application, **fields)


def pair_of(rules: Rules, edit: Edit, *, back: bool, max_seconds: float = MOST_SECONDS) -> Pair:
    """The two rulebooks, compared.

    Raises:
        RulesError: the edit leaves no rulebook.
    """
    sides = [{**rules, "version": '"1"'}, {"version": '"1"', **edit.rules}]
    names = edit.names
    if back:
        sides, names = sides[::-1], {new: old for old, new in names.items()}
    old, new = (pi.load_rulebook(text=written(each)) for each in sides)
    found = pi.compare(old, new, max_seconds=max_seconds)
    none = frozenset(each.act for each in found.acts if each.verdict == "none")
    return Pair(old, new, (sides[0], sides[1]), names, none, tuple(each.verdict for each in found.acts))


def main(first: int, count: int) -> None:
    seen: Counter[str] = Counter()
    began = process_time()
    for number in range(first, first + count):
        hand = Dice(number)
        rules = drawn_rules(hand, machines=hand.number(1, 2))
        try:
            pair = pair_of(rules, edited(hand, rules), back=hand.chance(50))
        except pi.RulesError:
            seen["no rulebook"] += 1
            continue
        seen.update(pair.verdicts)
        found = (pair.contradiction(hand) for _ in range(LIVES))
        if (wrong := next(filter(None, found), None)) is not None:
            print(f"--- {number}: {wrong}", flush=True)  # noqa: T201 - it is a program
    print(f"{dict(seen)} in {process_time() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
