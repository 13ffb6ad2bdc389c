"""Short histories, told to the oracle and to the engine, which must answer alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

import postinterview as pi
from tests.oracle import oracle
from tests.oracle.reading import Rules
from tests.oracle.world import Placed

LONG_AFTER = datetime(2027, 1, 1, tzinfo=UTC)
DEFAULT_FILE = Path(__file__).parents[2] / "rules" / "default.yaml"


def plain(text: str) -> Rules:
    """A rule file as mappings, lists and text."""
    rules: Rules = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 BaseLoader builds nothing but text
    return rules


@cache
def rulebook(text: str) -> pi.Rulebook:
    return pi.load_rulebook(text=text)


@dataclass
class Story:
    """A history told in local times, and questions about it."""

    text: str
    zone: str = "Europe/Zurich"
    holidays: tuple[date, ...] = ()
    history: list[dict[str, Any]] = field(default_factory=list)
    rules: Rules = field(init=False)
    process: pi.Process = field(init=False)

    def __post_init__(self) -> None:
        self.rules = plain(self.text)
        self.process = rulebook(self.text).start("acme", self.zone, holidays=self.holidays)

    def utc(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def add(
        self, name: str, at: str, *, to: str | None = None, application: str = "main", **fields: Any
    ) -> int:
        number = len(self.history) + 1
        self.history.append(
            {
                "number": number,
                "name": name,
                "at": self.utc(at),
                "application": application,
                "to": to,
                "fields": fields,
            }
        )
        self.process = self.process.record(
            name, at=self.utc(at), to=to, application=application, late=True, **fields
        ).process
        return number

    def retract(self, number: int) -> None:
        self.history.append({"number": len(self.history) + 1, "of": number})
        self.process = self.process.retract(number, at=LONG_AFTER, not_sent=True).process

    def unknown(self, *of: str, until: str, application: str | None = None) -> None:
        entry = {"unknown": list(of), "until": self.utc(until), "application": application}
        self.history.append({"number": len(self.history) + 1, **entry})
        self.process = self.process.unknown(*of, until=self.utc(until), application=application).process

    def against(
        self, name: str, at: str, *, to: str | None = None, application: str = "main", **fields: Any
    ) -> set[str]:
        """The ids that stand against an act; none if it is allowed."""
        allowed, ids = oracle.may(
            self.rules,
            self.history,
            name,
            self.utc(at),
            zone=self.zone,
            holidays=self.holidays,
            to=to,
            application=application,
            fields=fields,
        )
        assert allowed == (not ids)
        verdict = self.process.may(name, at=self.utc(at), to=to, application=application, **fields)
        assert {reason.id for reason in verdict.reasons} == ids
        assert verdict.allowed == allowed
        return ids

    def state(
        self,
        machine: str,
        *,
        application: str | None = None,
        in_round: int | None = None,
        to: str | None = None,
    ) -> str:
        key = (application, in_round, to)
        found = oracle.state(self.rules, self.history, machine, key, zone=self.zone, holidays=self.holidays)
        assert self.process.state(machine, application=application, round=in_round, to=to) == found
        return found

    def placed(self) -> list[Placed]:
        placed = oracle.replay(self.rules, self.history, self.zone, self.holidays)
        assert [
            (one.event.number, one.application, one.round, one.breach) for one in self.process.timeline
        ] == [(one["number"], one["application"], one["round"], one["breach"]) for one in placed]
        return placed

    def breaches(self) -> list[int]:
        return [event["number"] for event in self.placed() if event["breach"]]
