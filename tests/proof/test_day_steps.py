"""If time may go in steps, every history of two events is tried: none is shorter than the prover's story.

**When it is exact.** The rulebooks here speak of elapsed days alone, a whole number of them: no hours, no
dates, no business days. So what a history of k events and an act after them can do is a set of demands on
differences of k + 1 moments, each at least, at most, more than, or less than a whole number of days. If
moments satisfy such demands, so do some that are multiples of a (k + 1)-th of a day: write each strict
demand as one that is a (k + 1)-th of a day stricter. The demands can be met unless they contradict each
other around a cycle; a cycle goes through each moment once, so its slack shrinks by at most (k + 1) times
that much, by one day; and its slack was a whole number of days, at least one where a strict demand is
part of it. Two moments that are farther apart than the longest duration may as well be that far apart and
a step: no demand can tell. So for two events and an act thirds of a day are enough, strict bounds and not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.prove import FEW_MORE
from tests.proof.helpers import counts_allowed, prove
from tests.proof.oracle import broken
from tests.strategies.hand import Draw, Hand
from tests.strategies.scale import tried
from tests.strategies.writing import written

EVENTS = {
    "message": {"by": "employer"},
    "news": {"by": "world"},
    "follow_up": {"by": "candidate", "contact": "chase"},
    "missed_call": {"by": "candidate", "contact": "attempt"},
}
ACTS = ("follow_up", "missed_call")
LONGEST = 2
STEP = timedelta(days=1) / 3
GAPS = [STEP * steps for steps in range(LONGEST * 3 + 2)]
STORY_START = datetime(2026, 3, 2, tzinfo=UTC)
NAMES = (*EVENTS, "chase", "attempt", "contact", "sign_of_life")


@st.composite
def day_books(draw: Draw) -> str:
    """A rulebook whose guards speak of whole days."""
    hand = Hand(draw)
    states = ["s0", "s1"]
    transitions: dict[str, Any] = {}
    for name in EVENTS:
        sources = "any" if hand.chance(60) else hand.one(states)
        transition: dict[str, Any] = {"event": name, "from": sources, "to": hand.one(states)}
        if name in ACTS:
            guards = {f"g{number}": _guard(hand) for number in range(hand.number(0, 3))}
            transition |= {"guards": guards} if guards else {}
        transitions[name] = transition
    machine = {"per": "application", "start": "s0", "states": {s: {} for s in states}}
    rules: dict[str, Any] = {"format": "1", "title": "Days", "events": EVENTS}
    return written({**rules, "machines": {"m": {**machine, "transitions": transitions}}})


def _guard(hand: Hand) -> dict[str, Any]:
    name, days = hand.one(NAMES), f"{hand.number(1, LONGEST)} days"
    never = {"if_never": hand.one(("holds", "blocks"))}
    per = {"per": hand.one(("application", "employer"))}
    match hand.number(0, 4):
        case 0:
            return {"apart": days, "from": name, **never, **per}
        case 1:
            return {"not_before": f"{name} + {days}", **never, **per}
        case 2:
            return {"not_after": f"{name} + {days}", **never, **per}
        case 3:
            since = {"since": hand.one(NAMES)} if hand.chance(60) else {}
            return {"at_most": str(hand.number(1, 2)), "of": name, **since, **per}
        case _:
            since = {"since": hand.one(NAMES)} if hand.chance(40) else {}
            return {hand.one(("happened", "not_happened")): name, **since, **per}


def histories(process: Process, length: int) -> Iterator[tuple[Process, datetime]]:
    """Every history of so many events in thirds of a day, with its last moment."""
    if not length:
        yield process, STORY_START
        return
    for before, latest in histories(process, length - 1):
        for gap in GAPS if before.timeline else GAPS[:1]:
            for name in EVENTS:
                for application in ("main", "other"):
                    at = latest + gap
                    yield before.record(name, at=at, application=application).process, at


def fewest(rulebook: pi.Rulebook) -> dict[str, int]:
    """For each promise that some history of at most two events breaks: how many events it takes."""
    found: dict[str, int] = {}
    for length in range(3):
        for process, latest in histories(rulebook.start("acme", "UTC"), length):
            for gap in GAPS if length else GAPS[:1]:
                for act in ACTS:
                    if process.may(act, at=latest + gap, application="main").allowed:
                        for promise in broken(process, act, latest + gap, application="main"):
                            found.setdefault(promise, length)
    return found


@tried(5, 500)
@given(day_books())
def test_what_every_short_history_shows_is_what_the_prover_says(text: str) -> None:
    try:
        rulebook = pi.load_rulebook(text=text)
    except pi.RulesError:  # two guards that contradict each other
        assume(False)
    found = fewest(rulebook)
    for result in prove(rulebook).results:
        event(result.verdict)
        story, least = result.violation, found.get(result.id)
        if (
            result.verdict == "unknown"
        ):  # some questions about allowed acts stay open; a short answer is found
            assert least is None, result.id
            assert counts_allowed(result), result.id
            continue
        if story is None:
            assert least is None, result.id
        elif least is None:
            assert len(story.lines) > 2, result.id
        else:  # a story without breaches may be a few events longer
            more = 0 if story.breaches else FEW_MORE
            assert least <= len(story.lines) <= least + more, result.id
