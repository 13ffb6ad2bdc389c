"""Employers with mailboxes, a mail server that takes everything, and a judge who knows what happened."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from smtplib import SMTP
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from attrs import asdict, define, field, frozen

from tests.core.helpers import at
from tests.oracle import oracle, reading
from tests.oracle.stories import DEFAULT_FILE, plain
from tests.servers import free_port

RULES = plain(DEFAULT_FILE.read_text(encoding="utf-8"))
ZONE = "Europe/Zurich"
MONDAY = at("2026-03-02 10:00")
MAILBOXES = {
    "ana@acme.example": ("acme", "ana"),
    "bo@acme.example": ("acme", "bo"),
    "hr@acme.example": ("acme", None),
    "ceo@acme.example": ("acme", None),
    "cy@beta.example": ("beta", "cy"),
    "jobs@beta.example": ("beta", None),
}
"""The mailboxes that there are, each with its employer and person. Tags and upper case reach the same."""
REGISTERED = ("ana@acme.example", "bo@acme.example", "hr@acme.example", "cy@beta.example")
"""Those to which a person lets the agent write."""
DOMAIN = "beta.example"
"""A domain at which a person lets the agent write to anybody, in a message to one."""
LEEWAY = timedelta(minutes=1)
"""By how much clocks of servers may differ: what is so little before the latest event is at that event."""


@frozen
class Claim:
    """What a message says that it is. The agent has no reason to lie: no gate reads it, only the judge."""

    event: str
    to: str | None = None
    application: str | None = None
    fields: dict[str, Any] = field(factory=dict, hash=False)
    permit: str = ""

    def text(self) -> str:
        return json.dumps(asdict(self))


@frozen
class Received:
    """A message that reached mailboxes."""

    to: tuple[str, ...]
    claim: Claim
    at: datetime


@define
class MailServer:
    """Takes mail for whomever it is to, as the server of a provider does."""

    received: list[Received] = field(factory=list)
    now: datetime = MONDAY
    port: int = 0

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content
        body = (content if isinstance(content, bytes) else b"").partition(b"\r\n\r\n")[2]
        to = tuple(dict.fromkeys(each.lower() for each in envelope.rcpt_tos))
        self.received.append(Received(to, Claim(**json.loads(body)), self.now))
        return "250 OK"

    def send(self, to: list[str], text: str) -> None:
        """Send a message, as the tool of an agent does."""
        with SMTP("127.0.0.1", self.port) as client:
            client.sendmail("me@candidate.example", to, f"Subject: hello\r\n\r\n{text}")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port, ready_timeout=60)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@define
class Judge:
    """Knows what employers said and what reached them, and asks the oracle of each message."""

    server: MailServer
    histories: dict[str, list[dict[str, Any]]] = field(factory=lambda: {"acme": [], "beta": []})
    counts: Counter[str] = field(factory=Counter)
    permits: Counter[str] = field(factory=Counter)
    excess: list[Received] = field(factory=list)
    judged: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.judged = len(self.server.received)  # what came before is another judge's

    def happens(self, employer: str, event: str, fields: dict[str, Any]) -> None:
        """An employer says or does something."""
        self._tell(employer, Claim(event, fields=fields), self.server.now, None)

    def judge(self) -> None:
        """Judge the messages that came since the last time."""
        new = self.server.received[self.judged :]
        self.judged += len(new)
        for message in new:
            self.permits[message.claim.permit] += 1
            wrong = "." in message.claim.permit and self.permits[message.claim.permit] > 1
            wrong = wrong or not all(_is_registered(each, message.to) for each in message.to)
            places = {_reached(each) for each in message.to}
            for employer in {each for each, _ in places}:
                people = {person for of, person in places if of == employer}
                self.counts["contacts"] += 1
                if wrong or employer is None or not self._is_allowed(employer, people, message):
                    self.counts["excess"] += 1
                    self.excess.append(message)
                if employer is not None:
                    to = next(iter(people)) if message.claim.to is not None else None
                    self._tell(employer, message.claim, message.at, to)
        self.counts["messages"] += len(new)

    def _is_allowed(self, employer: str, people: set[str | None], message: Received) -> bool:
        claim = message.claim
        to = None
        if claim.to is not None:  # it is to whoever reads it
            if len(people) > 1 or None in people:
                return False
            to = next(iter(people))
        history, then = self.histories[employer], message.at.astimezone(UTC)
        latest = max((each["at"] for each in history), default=then)
        if latest - then > LEEWAY:
            return False  # a clock was set back, and nobody can say whether it was allowed
        then = max(then, latest)
        place = claim.application or "main"
        event, fields = claim.event, claim.fields
        return oracle.may(RULES, history, event, then, zone=ZONE, to=to, application=place, fields=fields)[0]

    def _tell(self, employer: str, claim: Claim, when: datetime, to: str | None) -> None:
        history = self.histories[employer]
        entry = {"number": len(history) + 1, "name": claim.event, "at": when.astimezone(UTC), "to": to}
        if to is None and claim.to is not None and reading.is_act(RULES, claim.event):
            entry["to"] = claim.to
        place = claim.application or "main"
        history.append({**entry, "application": place, "fields": claim.fields})

    def knows(self, employer: str, event: str, happened: datetime) -> bool:
        """Whether an employer really did this then."""
        when = happened.astimezone(UTC)
        return any(each["name"] == event and each["at"] == when for each in self.histories[employer])

    def later(self, **units: int) -> None:
        self.server.now += timedelta(**units)


def _reached(address: str) -> tuple[str | None, str | None]:
    """Return the employer and the person that read what is sent to an address."""
    known = MAILBOXES.get(_mailbox(address))
    if known is not None:
        return known
    host = address.rpartition("@")[2]
    return next((each for each in ("acme", "beta") if f".{host}".endswith(f".{each}.example")), None), None


def _is_registered(address: str, to: tuple[str, ...]) -> bool:
    host = address.rpartition("@")[2]
    return address in REGISTERED or (len(to) == 1 and f".{host}".endswith(f".{DOMAIN}"))


def _mailbox(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
