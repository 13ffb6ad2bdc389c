"""Be as pushy as the default rules allow: ``python -m tests.proof.greed FIRST COUNT``.

Each number is one history of a candidate who does nothing that is refused and contacts the employer whenever
the rules let them, while the employer says whatever refreshes most. The judge counts the acts that were done;
it knows neither the rules nor the prover. The last line says how far anyone came.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time  # noqa: TID251 - it measures this program
from typing import Any, NamedTuple

from attrs import define, field

import postinterview as pi
from postinterview.core.process import Process
from tests.strategies.hand import Dice

RULES = Path(__file__).parents[2] / "rules" / "default.yaml"
RULEBOOK = pi.load_rulebook(RULES)

FACTS = [
    *("interview", "message", "question", "promise", "scheduled", "cancelled", "on_hold", "assignment"),
    *("offer", "offer_revised", "rejection", "offer_withdrawn", "auto_reply", "message", "message"),
]
DATED = {"promise": "date", "scheduled": "date"}
NUDGES = ("follow_up", "missed_call")
GAPS = [timedelta(minutes=minutes) for minutes in (0, 1, 90, 600, 1440, 2 * 1440, 7 * 1440)]
PEOPLE = ("ana", "bo", "cy", "di")
FIELDS: dict[str, dict[str, Any]] = {
    "follow_up": {"channel": "email"},
    "thank_you": {"thanks": True, "topic": "their data", "looking_forward": True},
    "linkedin_invite": {"personal_note": "Your data stayed with me."},
    "write_plan": dict.fromkeys(
        ("keep_searching", "acceptance", "negotiation", "if_rejected", "if_silent"), "As we said."
    ),
}
NOT_COUNTED = ("reply", "complete_profile", "write_plan", "assume_closed")
ONCE_AN_APPLICATION = {"end": ("accept", "decline", "withdraw"), "notice": ("notice",), "task": ("hand_in",)}


class Done(NamedTuple):
    """An act that the rules allowed."""

    event: str
    at: datetime
    to: str | None
    application: str | None


def most_within(times: Sequence[datetime], length: timedelta) -> int:
    """How many of the moments lie in one half-open window of this length, at most."""
    return max((sum(first <= other < first + length for other in times) for first in times), default=0)


@define
class Greedy:
    """One candidate, one employer, one history. ``facts``: when the employer did something."""

    hand: Dice
    process: Process
    at: datetime
    applications: tuple[str, ...]
    done: list[Done] = field(factory=list)
    silent_since: int = 0

    @classmethod
    def of(cls, number: int, rulebook: pi.Rulebook = RULEBOOK) -> Greedy:
        hand = Dice(f"greed {number}")
        zone = hand.one(("UTC", "Europe/Zurich", "America/New_York"))
        start = datetime(2026, 3, 2, 9, tzinfo=UTC)
        applications = ("a", "b", "c")[: hand.number(1, 3)]
        return cls(hand, rulebook.start("acme", zone), start, applications)

    def live(self) -> None:
        """Begin with a talk in each application, nudge while the employer speaks, and go on in silence."""
        for application in self.applications:
            self.told("interview", application)
        for event in ("complete_profile", "write_plan"):
            places = self.applications if event == "write_plan" else (None,)
            for place in places:
                self.ask(event, place)
        words = [self.hand.one(FACTS) for _ in range(self.hand.number(1, 3))]
        for _ in range(self.hand.one((0, 3, 10, 20, 40))):
            if not self.push() and self.hand.chance(85):
                self.told(self.hand.one(words), self.hand.one(self.applications))
        for _ in range(self.hand.number(0, 12)):
            self.speak()

    def told(self, event: str, application: str) -> None:
        fields: dict[str, Any] = {}
        if event == "interview" and self.hand.chance(60):
            fields["interviewers"] = tuple(self.hand.some(PEOPLE, 1, 3))
        if event in DATED:
            fields[DATED[event]] = (self.at + self.hand.one(GAPS)).date()
        self.process = self.process.record(event, at=self.at, application=application, **fields).process
        self.silent_since = len(self.done)

    def ask(self, event: str, application: str | None, to: str | None = None) -> pi.Verdict:
        """Do the act if it is allowed."""
        given = FIELDS.get(event, {})
        verdict = self.process.may(event, at=self.at, to=to, application=application, **given)
        if verdict.allowed:
            self.process = self.process.do(event, at=self.at, to=to, application=application, **given).process
            self.done.append(Done(event, self.at, to, application))
        return verdict

    def push(self) -> bool:
        """Nudge or bargain, now or at the first moment at which it is allowed; say whether it was now."""
        refused: list[pi.Verdict] = []
        acts = [*NUDGES, "counter_offer"]
        self.hand.random.shuffle(acts)
        for event in acts:
            for application in self.applications:
                verdict = self.ask(event, application)
                if verdict.allowed:
                    self.at += self.hand.one(GAPS[:3])
                    return True
                refused.append(verdict)
        opens = [verdict.opens_at for verdict in refused if verdict.opens_at]
        if opens and self.hand.chance(60):
            self.at = max(self.at, min(opens) if self.hand.chance(80) else self.hand.one(opens))
        else:
            self.at += self.hand.one(GAPS)
        return False

    def speak(self) -> None:
        """Contact them in any way that is allowed, but for replies, of which each is owed."""
        acts = [each for each in self.process.verdicts(at=self.at) if each.event not in NOT_COUNTED]
        if allowed := [verdict for verdict in acts if verdict.allowed]:
            chosen = self.hand.one(allowed)
            self.ask(chosen.event, chosen.application, chosen.to)
        elif opens := [verdict.opens_at for verdict in acts if verdict.opens_at]:
            self.at = min(opens)

    def times(self, events: Iterable[str]) -> list[datetime]:
        return [each.at for each in self.done if each.event in set(events)]

    def faults(self) -> list[str]:
        """What is more than the default rules promise, by this judge's own numbers."""
        reached, silent = self.reached(), self.done[self.silent_since :]
        wrong = [
            f"{reached[what]} {what}, more than {most}"
            for what, most in (("nudges in 14 days", 3), ("nudges in 60 days", 6), ("counters in 60 days", 3))
            if reached[what] > most
        ]
        if sum(each.event in (*NUDGES, "counter_offer") for each in silent) > 3:
            wrong.append("more than 3 nudges and counters in silence")
        for name, events in ONCE_AN_APPLICATION.items():
            said = Counter(each.application for each in silent if each.event in events)
            wrong += [
                f"{n} times {name} in {application} in silence" for application, n in said.items() if n > 1
            ]
        notes = Counter((each.to, each.application) for each in silent if each.event == "thank_you")
        invitations = Counter(each.to for each in silent if each.event == "linkedin_invite")
        wrong += [f"{n} notes to {who} in silence" for who, n in notes.items() if n > 1]
        return wrong + [f"{n} invitations to {who} in silence" for who, n in invitations.items() if n > 1]

    def reached(self) -> dict[str, int]:
        """How many contacts of each kind this history has, in the fullest window."""
        nudges, counters = self.times(NUDGES), self.times(["counter_offer"])
        return {
            "nudges in 14 days": most_within(nudges, timedelta(days=14)),
            "nudges in 60 days": most_within(nudges, timedelta(days=60)),
            "counters in 60 days": most_within(counters, timedelta(days=60)),
        }


def main(first: int, count: int) -> None:
    most: Counter[str] = Counter()
    events, began = 0, process_time()
    for number in range(first, first + count):
        life = Greedy.of(number)
        life.live()
        for fault in life.faults():
            print(f"--- {number}: {fault}: {life.process.timeline}", flush=True)  # noqa: T201 - it is a program
        most |= Counter(life.reached())
        events += len(life.process.timeline)
        if number % 1000 == 999:
            print(f"{number}: {events} events, {dict(most)}, {process_time() - began:.0f} s", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
