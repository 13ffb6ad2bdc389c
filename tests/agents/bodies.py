"""What an agent has hands for: a body per way to reach the gate, and one without a gate.

Each body answers the same operations, so that one adversary tries the same everywhere. What a way does not
offer is a `RefusedError`, as is whatever the gate or its server refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Protocol

from attrs import define, field, frozen

import postinterview as pi
from postinterview.calls import Call
from postinterview.gate import Approvals, Gate, MemoryNotes
from postinterview.gate.notes import Notes
from postinterview.stores import Keeper, MemoryStore
from tests.agents.world import DOMAIN, REGISTERED, ZONE, Judge, MailServer
from tests.core.helpers import packaged

SECRET = "the secret of these agents' gates"  # noqa: S105 - of the tests alone


class RefusedError(Exception):
    """The agent was told no."""


class Body(Protocol):
    """What an agent can do."""

    def call(self, operation: str, /, **said: Any) -> Any:
        """Call an operation, and return what it answers: the text of a permit, the id of a word.

        ``may``, ``permit`` and ``do`` take ``key``, ``event``, ``to``, ``application`` and ``fields``.
        ``propose`` takes ``key``, ``word`` (what a person is to confirm) and ``arguments``, and may
        take ``because``. The adversary also tries what is not an agent's: ``register``, ``confirm``,
        ``record``, ``retract``, ``known``, ``failed``, ``start``, ``forget`` and ``move``.
        """
        ...

    def mail(self, to: list[str], text: str, permit: str = "") -> None:
        """Call the tool that sends."""
        ...


class OpenBody:
    """A tool that sends, and nobody before it. Whatever else the agent asks for, it is told yes."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def call(self, operation: str, /, **said: Any) -> Any:
        return "yes"

    def mail(self, to: list[str], text: str, permit: str = "") -> None:
        self._judge.server.send(to, text)


class PythonBody:
    """The methods of a gate that are an agent's, and a function behind the gate."""

    def __init__(self, gate: Gate, judge: Judge) -> None:
        self._gate = gate
        self._judge = judge

        @gate.sends()
        def send(to: list[str], text: str) -> None:
            judge.server.send(to, text)

        self._send: Callable[..., None] = send

    def call(self, operation: str, /, **said: Any) -> Any:
        try:
            return self._call(operation, **said)
        except (pi.PostInterviewError, TypeError) as error:
            raise RefusedError(str(error)) from error

    def _call(self, operation: str, *, key: str = "", **said: Any) -> Any:
        if operation == "propose":
            return self._gate.propose(key, said.pop("word"), said.pop("arguments"), **said).id
        if operation not in {"may", "permit", "do"}:
            raise RefusedError(f"there is no tool `{operation}`")
        answer = getattr(self._gate, operation)(key, Call(**said))
        if operation == "permit":
            return answer.text
        return bool(answer) if operation == "may" else not answer.refused

    def mail(self, to: list[str], text: str, permit: str = "") -> None:
        try:
            self._send(to, text, permit=permit)
        except pi.PostInterviewError as error:
            raise RefusedError(str(error)) from error


@define
class Host:
    """The program around a gate, and the person who uses it. Several servers may share its store."""

    judge: Judge
    keeper: Keeper
    notes: Notes
    owner: str

    def __attrs_post_init__(self) -> None:
        for key in self.judge.histories:
            self.gate.keeper.start(self.gate.key(key), timezone=ZONE)
        for address in REGISTERED:
            name, _, domain = address.partition("@")
            person = name if name in {"ana", "bo", "cy"} else None
            self.gate.register(domain.removesuffix(".example"), address, person=person)
        self.gate.register("beta", DOMAIN)

    @property
    def gate(self) -> Gate:
        return gate_of(self.keeper, self.notes, self.judge.server).of(self.owner)

    def happens(self, key: str, event: str, **fields: Any) -> None:
        """An employer says something, which the person records."""
        self.judge.happens(key, event, fields)
        self.keeper.record(self.gate.key(key), event, at=self.judge.server.now, **fields)

    def answer(self) -> None:
        """The person looks at what was proposed, and declines what is not true or known already."""
        approvals: Approvals = self.gate
        for word in approvals.pending():
            approvals.decline(word.id)


@frozen
class Deployment:
    """A store that servers share, and how an agent reaches them. Each run has a user of its own."""

    server: MailServer
    keeper: Keeper
    notes: Notes
    bodies: Callable[[Host], Sequence[Body]]
    _numbers: Iterator[int] = field(factory=count)

    def host(self, judge: Judge) -> Host:
        return Host(judge, self.keeper, self.notes, f"user{next(self._numbers)}")


def gate_of(keeper: Keeper, notes: Notes, server: MailServer) -> Gate:
    """Return the gate before a keeper, which has the clock of the mail server."""
    return Gate(keeper, notes, secret=SECRET, clock=lambda: server.now)


@contextmanager
def without(server: MailServer) -> Iterator[Deployment]:
    """No gate."""
    keeper = Keeper(packaged(), MemoryStore())
    yield Deployment(server, keeper, MemoryNotes(), lambda host: [OpenBody(host.judge)] * 2)


@contextmanager
def in_python(server: MailServer) -> Iterator[Deployment]:
    """Two programs with a gate before one store."""
    keeper = Keeper(packaged(), MemoryStore())
    yield Deployment(
        server, keeper, MemoryNotes(), lambda host: [PythonBody(host.gate, host.judge) for _ in range(2)]
    )
