"""A gate before a keeper, a clock that tests set, and a tool that sends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from attrs import define, field, frozen

from postinterview.gate import Gate, MemoryNotes
from postinterview.gate.notes import Notes
from postinterview.stores import Keeper, MemoryStore, Store
from tests.core.helpers import at, packaged

SECRET = "a secret of 32 characters or more"  # noqa: S105 - of the tests alone
MONDAY = at("2026-03-02 10:00")
DUE = at("2026-03-11 10:00")
"""When nobody has answered since the talk on Monday, and a follow-up is allowed."""


@frozen
class Mail:
    """A message that a tool sent."""

    to: tuple[str, ...]
    body: str = ""


@define
class World:
    """One user's gate. Acme had an interview with Ana and Bo on Monday; Beta had none."""

    store: Store = field(factory=MemoryStore)
    notes: Notes = field(factory=MemoryNotes)
    now: datetime = DUE
    sent: list[Mail] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        keeper = Keeper(packaged(), self.store)
        for key in ("acme", "beta"):
            keeper.start(key, timezone="Europe/Zurich")
        keeper.record("acme", "interview", at=MONDAY, interviewers=["ana", "bo"], once="talk")
        self.gate.register("acme", "ana@acme.example", person="ana")
        self.gate.register("acme", "bo@acme.example", person="bo")

    @property
    def gate(self) -> Gate:
        """Another server before the same store each time."""
        return Gate(Keeper(packaged(), self.store), self.notes, secret=SECRET, clock=lambda: self.now)

    def later(self, **units: int) -> None:
        self.now += timedelta(**units)

    def permit(self, event: str = "follow_up", key: str = "acme", **said: Any) -> str:
        """A permit that the rules give now."""
        said = {"channel": "email", **said} if event == "follow_up" else said
        permit = self.gate.permit(key, event, **said)
        assert permit.text is not None, permit.verdict.text
        return permit.text

    def mail(self, *acts: str, **options: Any) -> Any:
        """A tool that sends mail, behind the gate."""

        @self.gate.sends(*acts, **options)
        def mail(to: str, body: str = "", cc: list[str] | None = None) -> str:
            """Send a mail."""
            self.sent.append(Mail((to, *(cc or ())), body))
            return "sent"

        return mail

    def contacts(self, key: str = "acme") -> list[str]:
        """The acts in the history that nobody took back."""
        found = self.gate.keeper.load(key).timeline
        return [each.event.name for each in found if each.event.name != "interview"]
