"""Short histories for the oracle's own tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.oracle import oracle
from tests.oracle.guards import Placed
from tests.oracle.reading import Rules

DEFAULT_FILE = Path(__file__).parents[2] / "rules" / "default.yaml"


def plain(text: str) -> Rules:
    """A rule file as mappings, lists and text."""
    rules: Rules = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 BaseLoader builds nothing but text
    return rules


@dataclass
class Story:
    """A history told in local times, and questions about it."""

    rules: Rules
    zone: str = "Europe/Zurich"
    holidays: tuple[date, ...] = ()
    history: list[dict[str, Any]] = field(default_factory=list)

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
        return number

    def retract(self, number: int) -> None:
        self.history.append({"number": len(self.history) + 1, "of": number})

    def unknown(self, *of: str, until: str, application: str | None = None) -> None:
        entry = {"unknown": list(of), "until": self.utc(until), "application": application}
        self.history.append({"number": len(self.history) + 1, **entry})

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
        return oracle.state(self.rules, self.history, machine, key, zone=self.zone, holidays=self.holidays)

    def placed(self) -> list[Placed]:
        return oracle.replay(self.rules, self.history, self.zone, self.holidays)

    def breaches(self) -> list[int]:
        return [event["number"] for event in self.placed() if event["breach"]]
