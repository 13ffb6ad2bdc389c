"""The engine and the oracle, told one story at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hypothesis import settings

import postinterview as pi
from tests.oracle import oracle, reading
from tests.oracle.guards import Guard
from tests.oracle.reading import Rules
from tests.oracle.world import Asked, Key, Placed, World
from tests.strategies.custom import CUSTOM
from tests.strategies.runs import Case, Run, Step


def examples(times: int) -> int:
    """So many times the examples of the profile: rulebooks differ more than a few examples can show."""
    return times * (settings.default.max_examples if settings.default else 100)


@lru_cache(maxsize=8)
def rulebook(text: str) -> pi.Rulebook:
    return pi.load_rulebook(text=text, name="drawn.yaml", custom=CUSTOM)


def started(case: Case) -> pi.Process:
    return rulebook(case.text).start(employer="acme", timezone=case.run.zone, holidays=case.run.holidays)


@dataclass
class Twins:
    """A process of the engine, and the same history as the oracle reads it."""

    rules: Rules
    run: Run
    process: pi.Process
    history: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, case: Case) -> Twins:
        return cls(case.rules, case.run, started(case))

    def take(self, step: Step) -> pi.Outcome | None:
        """Take one step in both; None where there is nothing left to take it on."""
        match step.op:
            case "retract":
                standing = [
                    entry
                    for entry in self.history
                    if "of" not in entry and entry["number"] not in {e.get("of") for e in self.history}
                ]
                if not standing:
                    return None
                of = standing[step.pick % len(standing)]
                contact = "name" in of and reading.contact(self.rules, of["name"]) not in (None, "none")
                outcome = self.process.retract(of["number"], at=step.at, not_sent=contact)
                self.history.append({"number": len(self.history) + 1, "of": of["number"]})
            case "unknown" | "known":
                say = self.process.known if step.op == "known" else self.process.unknown
                outcome = say(*step.of, until=step.at, application=step.application)
                entry = {step.op: list(step.of), "until": step.at, "application": step.application}
                if not outcome.repeated:  # nothing was unknown, so nothing is added
                    self.history.append({"number": len(self.history) + 1, **entry})
            case _:
                outcome = self._event(step)
        self.process = outcome.process
        return outcome

    def _event(self, step: Step) -> pi.Outcome:
        late = step.op == "late" and any("name" in entry and step.at < entry["at"] for entry in self.history)
        if step.op == "do":
            outcome = self.process.do(
                step.event, at=step.at, to=step.to, application=step.application, **step.fields
            )
        else:
            outcome = self.process.record(
                step.event, at=step.at, to=step.to, application=step.application, late=late, **step.fields
            )
        if not outcome.refused:
            self.history.append(
                {
                    "number": len(self.history) + 1,
                    "name": step.event,
                    "at": step.at,
                    "application": self.application(step),
                    "to": step.to,
                    "fields": step.fields,
                }
            )
        return outcome

    def application(self, step: Step) -> str | None:
        wide = reading.concerns_employer(self.rules, step.event)
        return None if wide else step.application or "main"

    def world(self, late: Step | None = None) -> World:
        """All that happened (before a step that is told late), as the oracle sees it."""
        history = [
            entry
            for entry in self.history
            if late is None or late.op != "late" or "at" not in entry or entry["at"] <= late.at
        ]
        return oracle.world_after(self.rules, history, self.run.zone, self.run.holidays)

    def failures(self, step: Step, world: World | None = None) -> set[oracle.Failure]:
        """What stands against an act, says the oracle; of a missing transition it says nothing but that."""
        world = world or self.world()
        return {_plain(*one) for one in oracle.why_not(world, self.asked(world, step))}

    def asked(self, world: World, step: Step) -> Asked:
        """A step as a question to the oracle."""
        place = oracle.place_of(world, step.event, self.application(step), step.to)
        return Asked(step.event, step.at, place, step.fields)

    def allowed_in(self, world: World, step: Step) -> bool:
        """Whether the oracle allows an act."""
        return not self.failures(step, world)

    def guard(self, reason: pi.Reason) -> tuple[Guard, Any]:
        """The guard that a reason speaks of, and the scope of its machine."""
        machine = self.rules["machines"][reason.machine]
        guards = reading.guards(self.rules, machine["transitions"][reason.transition])
        return guards[reason.id], machine["per"]

    def ask(self, step: Step) -> pi.Verdict:
        """The engine's answer to an act."""
        return self.process.may(
            step.event, at=step.at, to=step.to, application=step.application, **step.fields
        )

    def placed(self) -> list[Placed]:
        return oracle.replay(self.rules, self.history, self.run.zone, self.run.holidays)


def told(case: Case) -> Twins:
    """Both, after all the steps of a story."""
    twins = Twins.of(case)
    for step in case.run.steps:
        twins.take(step)
    return twins


def fresh(case: Case) -> pi.Process:
    """The process of a case under rules that nobody has asked yet."""
    process = told(case).process
    rules = process.rulebook
    return rules.answering(rules.engine.custom).restore(process.to_json())


def reasons(verdict: pi.Verdict) -> set[oracle.Failure]:
    """What stands against an act, says the engine."""
    return {_plain(reason.machine, reason.transition, reason.id) for reason in verdict.reasons}


def _plain(machine: str, transition: str, guard: str) -> oracle.Failure:
    return ("", "", guard) if guard == "state" else (machine, transition, guard)


def instances(rules: Rules, placed: list[Placed]) -> Iterator[tuple[str, Key]]:
    """Every machine with every key that the story has named."""
    applications = {event["application"] for event in placed} - {None}
    people = {person for event in placed for person in event["people"]}
    for name, machine in rules["machines"].items():
        axes = reading.axes(machine["per"])
        for application in sorted(applications) if "application" in axes else [None]:
            opened = [
                event["round"]
                for event in placed
                if event["application"] == application and reading.opens_round(rules, event["name"])
            ]
            for round_ in opened if "round" in axes else [None]:
                for person in sorted(people) if "interviewer" in axes else [None]:
                    yield name, (application, round_, person)
