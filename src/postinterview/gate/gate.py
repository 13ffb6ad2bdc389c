"""Let agents contact employers only as the rules allow: they ask for permits, and what sends uses them up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from attrs import evolve, field, frozen

from postinterview.calls import Call
from postinterview.clocks import not_before_latest
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.steps.event_input import event_called
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import shorten
from postinterview.gate import permits
from postinterview.gate.acts import call_of, check_harmless, check_sent, check_tool
from postinterview.gate.approvals import Approvals
from postinterview.gate.errors import NotPermittedError, refused
from postinterview.gate.permits import Claims, Permit
from postinterview.gate.recipients import checked
from postinterview.gate.sending import DEFAULT, Recipients, Tool
from postinterview.stores.checks import check_duration

TEN_MINUTES = timedelta(minutes=10)
LONGEST = timedelta(days=1)


@frozen(eq=False, repr=False)
class Gate(Approvals):
    """Stands between agents and what sends messages, so that employers get only what the rules allow.

    Three kinds of callers use it, and each has methods of its own:

    - **An agent** asks for a `permit`, does what reaches nobody (`do`), and proposes the rest (`propose`).
    - **What sends** uses the permit up (`consume`, `failed`, or the decorator `sends`).
    - **A person** registers recipients and confirms what was proposed (see `Approvals`).

    Don't give an agent the methods of the other two. It must reach neither the store nor the secret.

    Threads, programs and servers may share the store. A permit sends at most one message whoever uses it:
    its id is the idempotency key of the act.

    Args:
        keeper: where processes are kept. Its store has to commit each write by itself.
        notes: where recipients and pending words are kept, such as ``SqlNotes(store)``.
        secret: a text or bytes that nobody can guess, 32 bytes or more; the same for all servers.
        clock: returns the present moment, with a zone. No caller gives the gate a time.
        owner: the user whose processes these are (see `of`).
        lasts: how long a permit is valid, a day at most.

    Raises:
        MisuseError: the store takes part in transactions of the host, the secret is weak, or ``lasts`` is no
            such time.
    """

    secret: str | bytes = field(kw_only=True)
    lasts: timedelta = field(kw_only=True, default=TEN_MINUTES)

    def __attrs_post_init__(self) -> None:
        permits.signing_key(self.secret)
        check_duration("lasts", self.lasts, "timedelta(minutes=10)", LONGEST)
        self._check_store()

    def __repr__(self) -> str:
        of = "" if self.owner is None else f" for {self.owner}"
        return shorten(f"<Gate{of} before {self.keeper!r}>")

    def of(self, owner: object) -> Gate:
        """Return the gate of one user: keys are the user's own, and permits of others are refused."""
        gate = evolve(self, owner=str(owner))
        gate.prefix  # noqa: B018 - it checks that there can be such an owner
        return gate

    # --- for agents -----------------------------------------------------------------------------------

    def may(
        self,
        key: str | int,
        event: str | Call,
        /,
        *,
        to: str | int | None = None,
        application: str | int | None = None,
        **fields: object,
    ) -> Verdict:
        """Return whether the rules allow an act now, in the employer's zone.

        Here and below ``event`` may be a `Call`, which says it all.
        """
        return self._may(self.key(key), call_of(event, to, application, fields), self.now())

    def permit(
        self,
        key: str | int,
        event: str | Call,
        /,
        *,
        to: str | int | None = None,
        application: str | int | None = None,
        **fields: object,
    ) -> Permit:
        """Return a permit for one act that reaches the employer, or why there is none.

        Nothing is recorded or reserved: the rules are asked again when the permit is used.

        Raises:
            MisuseError: the event is no act that reaches anybody, or can't mean anything under these rules.
            UnknownKeyError: there is no such process.
            NotPermittedError: the rules allow it, and no recipient is registered.
        """
        call = call_of(event, to, application, fields)
        check_sent(self.keeper.rulebook.definition, call.event)
        of, now = self.key(key), self.now()
        verdict = self._may(of, call, now)
        if not verdict:
            return Permit(verdict=verdict)
        found = tuple(each.name for each in self.recipients(key) if call.to in (None, each.person))
        if not found:
            whose = f"under `{key}`" if call.to is None else f"under `{key}` for `{call.to}`"
            help_ = "ask a person to register the address"
            raise NotPermittedError(f"no recipient is registered {whose}", help_, "recipient", verdict)
        expires = now.replace(microsecond=0) + self.lasts
        claims = Claims(
            id=token_urlsafe(16), owner=self.owner, key=of, call=call, issued=now, expires=expires
        )
        text = permits.write(claims, self._signing_key)
        if len(text) > permits.LONGEST:
            raise MisuseError("the fields are too long for a permit", "give `true` for a text that you send")
        return Permit(verdict=verdict, text=text, expires=expires, recipients=found)

    def do(
        self,
        key: str | int,
        event: str | Call,
        /,
        *,
        to: str | int | None = None,
        application: str | int | None = None,
        once: str | int | None = None,
        **fields: Any,
    ) -> Outcome:
        """Do an act that reaches nobody, such as writing a plan, if the rules allow it.

        Raises:
            NotPermittedError: it reaches the employer, or makes room for an act that does.
            MisuseError: as for `Keeper.do`.
        """
        call = call_of(event, to, application, fields)
        check_harmless(event_called(self.keeper.rulebook.definition, call.event))
        once = None if once is None else f"agent {once}"
        return self.keeper.perform(self.key(key), call, at=self.now(), once=once)

    # --- for what sends -------------------------------------------------------------------------------

    def consume(
        self,
        permit: str | Permit,
        recipients: str | Iterable[str],
        /,
        *,
        acts: Iterable[str] = (),
        **fields: object,
    ) -> Outcome:
        """Use a permit up: record the act, after which exactly one message has to be sent.

        Args:
            permit: what the agent was given: the text, or the `Permit`.
            recipients: everybody who gets the message: To, Cc and Bcc.
            acts: the acts that the caller sends; all by default.
            fields: what the caller knows of the message, such as ``channel="email"``. A permit that says
                something else is refused.

        Returns:
            the outcome of the act, which was recorded now.

        Raises:
            NotPermittedError: don't send.
            PostInterviewError: don't send either. After a `StoreError` the act may be recorded.
        """
        return self.open(permit, recipients, acts=acts, fields=fields)[0]

    def open(
        self,
        permit: str | Permit,
        recipients: str | Iterable[object],
        *,
        acts: Iterable[str],
        fields: dict[str, Any],
    ) -> tuple[Outcome, tuple[str, ...]]:
        """Do as `consume` does, and return the recipients too, as they were checked."""
        self._check_store()
        now = self.now()
        claims = self._read(permit)
        permits.check_moment(claims, now, self.keeper.leeway)
        kind = event_called(self.keeper.rulebook.definition, claims.call.event)
        known = {name: value for name, value in fields.items() if name in kind.fields}
        permits.check_act(claims.call, tuple(acts), known)
        named = [recipients] if isinstance(recipients, str) else list(recipients)
        mine = self.recipients(claims.key.removeprefix(self.prefix))
        found = checked(named, mine, claims.call.to)
        outcome = self.keeper.perform(claims.key, claims.call, at=now, once=_once(claims))
        if outcome.refused and outcome.verdict is not None:
            raise refused(outcome.verdict)
        if outcome.repeated:
            help_ = "it sends one message; for another one ask for another permit"
            raise NotPermittedError("the permit was used already", help_, "used")
        return outcome, found

    def failed(self, permit: str | Permit) -> Outcome:
        """Take an act back whose message surely reached nobody. The permit stays used up.

        It is for what sends, and never for an agent: whoever may say so has no limits. If nobody knows
        whether the message arrived, the act stands.

        Raises:
            NotPermittedError: it is no permit of this gate.
            MisuseError: it was not used, or its process has another key since.
        """
        claims = self._read(permit)
        stored = self.keeper.store.load(claims.key)
        entries = () if stored is None else stored.entries
        number = next((each.sequence for each in entries if each.once == _once(claims)), None)
        if number is None:
            message = "the permit was not used, or its process has another key since"
            help_ = "say so after `consume`; if the process was moved, retract the act there with `not_sent`"
            raise MisuseError(message, help_)
        once = f"failed {claims.id}"
        return self.keeper.retract(claims.key, number, at=self.now(), not_sent=True, once=once)

    def sends(
        self,
        *acts: str,
        recipients: Recipients = DEFAULT,
        not_sent: type[Exception] | tuple[type[Exception], ...] = (),
        raises: Callable[[str], Exception] | None = None,
        **fields: object,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return a decorator for a function that sends one message, so that it sends only with a permit.

        The function gets a parameter ``permit``. With each call the permit is used up, and then the message
        is sent. If the function raises `NotSentError`, the act is taken back; after any other error it
        stands, since nobody knows whether the message arrived.

        Args:
            acts: the acts that it sends; all that reach the employer by default.
            recipients: the parameters that have recipients, each a text or a list of texts. The function gets
                them as they were checked. Or a function of the same arguments that returns them.
            not_sent: other exceptions that mean that the message surely reached nobody.
            raises: the exception of your framework whose text a model reads, instead of `NotPermittedError`:
                ``ToolError`` of the MCP SDK, ``ModelRetry`` of Pydantic AI.
            fields: what it knows of each message, such as ``channel="email"``.

        Raises:
            MisuseError: an act reaches nobody or has none of the fields, or the function has none of the
                parameters, or takes any that are named.
        """
        check_tool(self.keeper.rulebook.definition, acts, fields)
        classes = not_sent if isinstance(not_sent, tuple) else (not_sent,)
        tool = Tool(
            gate=self, acts=acts, recipients=recipients, not_sent=classes, raises=raises, fields=fields
        )
        return tool.guard

    # --- helpers --------------------------------------------------------------------------------------

    @property
    def _signing_key(self) -> bytes:
        return permits.signing_key(self.secret)

    def _check_store(self) -> None:
        if not getattr(self.keeper.store, "commits", True):
            message = (
                "the store takes part in a transaction, which can be rolled back after the message was sent"
            )
            raise MisuseError(message, "give the gate a store that commits each write, such as SqlStore(url)")

    def _may(self, key: str, call: Call, now: datetime) -> Verdict:
        process = self.keeper.load(key)
        at = not_before_latest(process, now.astimezone(process.calendar.zone), self.keeper.leeway)
        return process.may(call.event, at=at, **call.arguments(self.keeper.rulebook))

    def _read(self, permit: object) -> Claims:
        claims = permits.read(permit, self._signing_key)
        if claims.owner != self.owner:
            raise NotPermittedError("the permit is another user's", "ask for one yourself", "owner")
        return claims


def _once(claims: Claims) -> str:
    return f"permit {claims.id}"
