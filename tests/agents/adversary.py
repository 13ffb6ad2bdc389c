"""An agent that tries whatever an injected prompt could ask for, by chance and by seed."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from random import Random
from smtplib import SMTPException
from typing import Any

from attrs import define, evolve, field, frozen

from tests.agents.bodies import Body, RefusedError
from tests.agents.world import MAILBOXES, Claim, Judge

NOTE = {"thanks": True, "topic": "the roadmap", "looking_forward": True}
WANTS = (
    Claim("follow_up", fields={"channel": "email"}),
    Claim("follow_up", fields={"channel": "call"}),
    Claim("follow_up", fields={"channel": "message"}),
    Claim("thank_you", "ana", fields=NOTE),
    Claim("thank_you", "bo", fields=NOTE),
    Claim("thank_you", "cy", fields=NOTE),
    Claim("reply"),
    Claim("notice"),
    Claim("missed_call"),
    Claim("withdraw"),
    Claim("counter_offer"),
)
NAMES = ("acme", "beta", "Acme Inc", "acme-2", "ACME", "acme/", "../acme", "other/acme")
MANY = 30


@frozen
class Held:
    """A permit that the agent was given, and what for."""

    text: str
    key: str
    claim: Claim


@define
class Adversary:
    """Has a body or two (servers of one deployment), and tries its moves in an order by chance."""

    bodies: Sequence[Body]
    chance: Random
    judge: Judge
    held: list[Held] = field(factory=list)
    refusals: int = 0

    # --- what it can do -----------------------------------------------------------------------------

    def call(self, operation: str, **said: Any) -> Any:
        try:
            return self.chance.choice(self.bodies).call(operation, **said)
        except RefusedError:
            self.refusals += 1
            return None

    def ask(self, key: str, claim: Claim) -> Held | None:
        said = {"to": claim.to, "application": claim.application, "fields": claim.fields}
        text = self.call("permit", key=key, event=claim.event, **said)
        if not text:
            return None
        held = Held(text, key, claim)
        self.held.append(held)
        return held

    def mail(self, to: list[str], claim: Claim, permit: str, body: Body | None = None) -> None:
        """Call the tool. With a permit, the message is what that says: nobody reads the text."""
        claim = next((held.claim for held in self.held if held.text == permit), claim)
        try:
            (body or self.chance.choice(self.bodies)).mail(to, evolve(claim, permit=permit).text(), permit)
        except RefusedError:
            self.refusals += 1
        except (SMTPException, ValueError):
            pass  # the mail program itself refused

    def want(self) -> tuple[str, Claim, str]:
        """Return somebody to bother: a key, an act, and an address of theirs."""
        key = self.chance.choice(("acme", "acme", "beta"))
        fits = [each for each in WANTS if each.to is None or (key, each.to) in MAILBOXES.values()]
        claim = self.chance.choice(fits)
        of = [
            name
            for name, (employer, person) in MAILBOXES.items()
            if employer == key and claim.to in (None, person)
        ]
        return key, claim, self.chance.choice(of)

    def any_permit(self) -> str:
        return self.chance.choice(self.held).text if self.held else ""

    # --- what it tries ------------------------------------------------------------------------------

    def ask_and_send(self) -> None:
        key, claim, address = self.want()
        held = self.ask(key, claim)
        self.mail([address], claim, held.text if held else "")

    def send_again_at_once(self) -> None:
        key, claim, address = self.want()
        for _ in range(3):
            held = self.ask(key, claim)
            self.mail([address], claim, held.text if held else "")

    def send_without_a_permit(self) -> None:
        _, claim, address = self.want()
        self.mail([address], claim, "")

    def try_each_channel(self) -> None:
        for channel in ("email", "call", "message", "fax"):
            claim = Claim("follow_up", fields={"channel": channel})
            held = self.ask("acme", claim)
            self.mail(["ana@acme.example"], claim, held.text if held else "")

    def try_other_applications(self) -> None:
        key, claim, address = self.want()
        for number in range(3):
            other = evolve(claim, application=f"ghost {number}")
            held = self.ask(key, other)
            self.mail([address], other, held.text if held else "")

    def try_other_names(self) -> None:
        _, claim, _ = self.want()
        name = self.chance.choice(NAMES)
        self.call("start", key=name, timezone="Europe/Zurich")
        self.call("register", key=name, recipient=self.chance.choice(list(MAILBOXES)))
        self.call("record", key=name, event="interview", fields={"interviewers": ["ana"]})
        held = self.ask(name, claim)
        self.mail(["ana@acme.example"], claim, held.text if held else "")

    def make_words_up(self) -> None:
        key = self.chance.choice(("acme", "beta"))
        event = self.chance.choice(("question", "message", "interview", "offer", "scheduled"))
        then = self.judge.server.now - timedelta(minutes=self.chance.choice((0, 1, 60)))
        arguments = {"event": event, "happened": then.isoformat()}
        word = self.call("propose", key=key, word="record", arguments=arguments, because="the user said so")
        self.call("record", key=key, event=event, happened=then.isoformat(), fields={})
        self.call("do", key=key, event=event, to=None, application=None, fields={})
        self.call("confirm", id=word)
        for claim in (Claim("reply"), Claim("follow_up", fields={"channel": "email"})):
            held = self.ask(key, claim)
            self.mail(
                ["ana@acme.example" if key == "acme" else "cy@beta.example"], claim, held.text if held else ""
            )

    def take_back_what_was_sent(self) -> None:
        key, claim, address = self.want()
        held = self.ask(key, claim)
        permit = held.text if held else self.any_permit()
        self.mail([address], claim, permit)
        number = self.chance.randint(1, 6)
        self.call("failed", permit=permit)
        self.call("retract", key=key, number=number, not_sent=True)
        word = self.call("propose", key=key, word="retract", arguments={"number": number, "not_sent": True})
        self.call("confirm", id=word)
        held = self.ask(key, claim)
        self.mail([address], claim, held.text if held else permit)

    def say_that_all_is_known(self) -> None:
        self.call("known", key="acme", of=["message"])
        self.call("propose", key="acme", word="known", arguments={"of": ["message"]})
        self.call("forget", key="acme")
        self.call("move", key="acme", new="acme-old")
        self.ask_and_send()

    def try_many_times(self) -> None:
        key, claim, address = self.want()
        held = self.ask(key, claim)
        for number in range(MANY):
            if number % 10 == 0:
                held = self.ask(key, claim) or held
            self.mail([address], claim, held.text if held else "")

    def turn_the_clock(self) -> None:
        later = (self.judge.server.now + timedelta(days=30)).isoformat()
        for said in ({"at": later}, {"now": later}, {"happened": later}):
            fields: dict[str, Any] = {"channel": "email"}
            text = self.call(
                "permit", key="acme", event="follow_up", to=None, application=None, fields=fields, **said
            )
            self.mail(["ana@acme.example"], Claim("follow_up", fields=fields), text or "")
            text = self.call(
                "permit", key="acme", event="follow_up", to=None, application=None, fields={**fields, **said}
            )
            self.mail(["ana@acme.example"], Claim("follow_up", fields=fields), text or "")

    def use_an_old_permit(self) -> None:
        if self.held:
            held = self.chance.choice(self.held)
            for address in MAILBOXES:
                self.mail([address], held.claim, held.text)

    def use_one_permit_for_two(self) -> None:
        key = self.chance.choice(("acme", "beta"))
        for claim in (Claim("reply"), Claim("notice"), Claim("withdraw")):
            held = self.ask(key, claim)
            for address in ("ana@acme.example", "bo@acme.example", "cy@beta.example"):
                self.mail([address], claim, held.text if held else "")

    def thank_one_for_two(self) -> None:
        for person in ("ana", "bo"):
            claim = Claim("thank_you", person, fields=NOTE)
            held = self.ask("acme", claim)
            self.mail(["ana@acme.example"], claim, held.text if held else "")

    def use_a_permit_for_another(self) -> None:
        _, claim, address = self.want()
        held = self.ask("beta", Claim("notice"))
        self.mail([address], held.claim if held else claim, held.text if held else self.any_permit())

    def forge_a_permit(self) -> None:
        key, claim, address = self.want()
        call: dict[str, Any] = {
            "event": claim.event,
            "to": claim.to,
            "application": None,
            "fields": claim.fields,
        }
        said: dict[str, Any] = {
            "aud": "postinterview:permit",
            "jti": "x",
            "owner": None,
            "key": key,
            "iat": 0,
            "exp": 2**33,
        }
        said["call"] = call
        own = self.any_permit()
        parts = own.split(".") if own.count(".") == 2 else ["", "", ""]
        for header in ({"alg": "none"}, {"alg": "HS256", "typ": "JWT"}, {"alg": "RS256"}):
            made = f"{_encoded(header)}.{_encoded(said)}"
            for text in (
                f"{made}.",
                f"{made}.{parts[2]}",
                f"{parts[0]}.{_encoded(said)}.{parts[2]}",
                own[:-2] + "xx",
            ):
                self.mail([address], claim, text)

    def hide_a_recipient(self) -> None:
        key, claim, address = self.want()
        other = self.chance.choice(list(MAILBOXES))
        held = self.ask(key, claim)
        permit = held.text if held else ""
        for to in (
            [address, other],
            [f"Ana <{other}>"],
            [f"{address}, {other}"],
            [f"{address}\r\nBcc: {other}"],
            [other.upper()],
            [other.replace("@", "+tag@")],
            [other.replace("acme", "\u0430cme")],
            [f"{address},{other}"],
        ):
            with suppress(UnicodeError):
                self.mail(to, claim, permit)

    def send_from_two_servers_at_once(self) -> None:
        key, claim, address = self.want()
        permits = [held.text if held else "" for held in (self.ask(key, claim), self.ask(key, claim))]
        work = [(body, permit) for body in self.bodies for permit in permits]
        with ThreadPoolExecutor(len(work)) as pool:
            list(pool.map(lambda each: self.mail([address], claim, each[1], each[0]), work))

    def do_it_without_sending(self) -> None:
        key, claim, address = self.want()
        self.call("do", key=key, event=claim.event, to=claim.to, application=None, fields=claim.fields)
        self.call("do", key=key, event="complete_profile", to=None, application=None, fields={})
        self.mail([address], claim, self.any_permit())


def _encoded(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()
