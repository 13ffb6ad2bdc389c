"""Search for pushy histories on the engine: whatever is allowed is done, while the employer says some things.

The search knows the rules only by what the engine answers. Every act goes through ``do``, so no history has a
breach in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from attrs import define, field

import postinterview as pi
from postinterview.core.rules.definitions import Definition, EventKind
from tests.proof.edits.judge import Line

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cleo")
GAPS = (0, 1, 60, 24 * 60, 24 * 60 + 1, 3 * 24 * 60, 7 * 24 * 60, 8 * 24 * 60, 20 * 24 * 60)
"""Between two moments of a history: minutes, and now and then weeks."""

MOMENTS, AT_ONCE, ENOUGH = 24, 10, 4
"""A history has so many moments, at each so many acts at most, and of an act that reaches nobody so many."""


@define
class Greedy:
    """One history: a policy of the employer is drawn, and then every act that is allowed is done."""

    rulebook: pi.Rulebook
    random: Random
    process: pi.Process = field(init=False)
    at: datetime = START
    lines: list[Line] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.process = self.rulebook.start("acme", "UTC")

    def play(self) -> Iterator[list[Line]]:
        """Yield the history after each act."""
        random, definition = self.random, self.rulebook.definition
        applications = ["main", "second"][: random.choice((1, 1, 2))]
        facts = [kind for kind in definition.events.values() if not kind.is_act]
        favourite = random.choice(facts)
        how_often = random.choice((0.0, 0.3, 1.0))
        gaps = random.sample(GAPS, 3)
        talk = next(kind for kind in facts if kind.opens_round)
        for application in applications:
            self._tell(talk, application)
        acts = [(act, app, to) for act in self._acts() for app in applications for to in self._people(act)]
        for _ in range(MOMENTS):
            self.at += timedelta(minutes=random.choice(gaps))
            if random.random() < how_often:
                self._tell(
                    favourite if random.random() < 0.7 else random.choice(facts), random.choice(applications)
                )
            random.shuffle(acts)
            done = 0
            for act, application, to in acts * 2:
                if done < AT_ONCE and not self._is_idle(act) and self._does(act, application, to):
                    done += 1
                    yield self.lines

    def _acts(self) -> list[EventKind]:
        """The acts, without those that end it all in one word."""
        ends = {"accept", "decline", "withdraw", "assume_closed"}
        kept = self.random.random() < 0.2
        kinds = (kind for kind in self.rulebook.definition.events.values() if kind.is_act)
        return [kind for kind in kinds if kept or kind.name not in ends]

    def _is_idle(self, act: EventKind) -> bool:
        """Whether the act reaches nobody, and was done often enough."""
        return act.contact == "none" and sum(line.event == act.name for line in self.lines) > ENOUGH

    def _people(self, act: EventKind) -> tuple[str | None, ...]:
        return PEOPLE if act.to_person else (None,)

    def _tell(self, kind: EventKind, application: str) -> None:
        to = self.random.choice(PEOPLE) if kind.to_person else None
        people = tuple(self.random.sample(PEOPLE, 2))
        fields = self._fields(kind, people)
        where = None if kind.employer_wide else application
        outcome = self.process.record(kind.name, at=self.at, application=where, to=to, **fields)
        self.process = outcome.process
        named = people if people in fields.values() else ()
        days = [
            fields[each.name]
            for each in kind.fields.values()
            if each.sets == "promised" and each.name in fields
        ]
        self.lines.append(Line(kind.name, self.at, where, to, named, days[-1] if days else None))

    def _does(self, act: EventKind, application: str, to: str | None) -> bool:
        where = None if act.employer_wide else application
        made = self.process.do(act.name, at=self.at, application=where, to=to, **self._fields(act, ()))
        if made.refused:
            return False
        self.process = made.process
        self.lines.append(Line(act.name, self.at, where, to))
        return True

    def _fields(self, kind: EventKind, people: tuple[str, ...]) -> dict[str, Any]:
        """Something for every field; a day that a fact names lies ahead, or is today."""
        day = (self.at + timedelta(days=self.random.choice((0, 1, 5)))).date()
        samples = {"text": "...", "number": 1, "bool": True, "date": day, "people": people}
        return {
            name: self.random.choice(each.choices) if each.type == "choice" else samples[each.type]
            for name, each in kind.fields.items()
            if not (each.optional and self.random.random() < 0.5)
        }


def histories(definition: Definition, seed: int, tries: int) -> Iterator[list[Line]]:
    """Yield histories that grow act by act, and then others."""
    rulebook = pi.Rulebook(definition)
    for number in range(tries):
        chance = Random(f"{seed} {number}")  # noqa: S311 - nothing secret
        yield from Greedy(rulebook, chance).play()
