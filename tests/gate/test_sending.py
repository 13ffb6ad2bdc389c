"""A function behind the gate sends one message with a permit, and none without."""

from __future__ import annotations

import asyncio
import inspect
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

import postinterview as pi
from postinterview.gate import NotPermittedError, NotSentError
from postinterview.stores import StoreError
from tests.gate.worlds import MONDAY, Mail, World

ANA, BO = "ana@acme.example", "bo@acme.example"


def test_a_tool_sends_once_with_a_permit() -> None:
    world = World()
    mail = world.mail("follow_up", channel="email")
    permit = world.permit()
    assert mail(ANA, "Any news?", permit=permit) == "sent"
    with pytest.raises(NotPermittedError, match="used already"):
        mail(ANA, "Any news?", permit=permit)
    assert world.sent == [Mail((ANA,), "Any news?")]
    assert world.contacts() == ["follow_up"]


def test_without_a_permit_it_says_what_the_rules_say() -> None:
    world = World(now=MONDAY)
    mail = world.mail("follow_up", channel="email")
    with pytest.raises(NotPermittedError) as error:
        mail(ANA)
    assert error.value.reason == "missing"
    assert error.value.verdict is not None
    assert not error.value.verdict
    assert "It opens on Mon 9 Mar 2026 10:00. Send nothing, by no other way either" in str(error.value)
    world.later(days=9)
    with pytest.raises(NotPermittedError, match="ask for one for `follow_up` under `acme`"):
        mail(ANA, permit="")
    for tool, to in ((mail, "x@y.example"), (world.mail(), ANA), (world.mail("thank_you"), ANA)):
        with pytest.raises(NotPermittedError, match="there is no permit"):
            tool(to)
    assert world.sent == []


def test_a_permit_is_taken_as_it_was_answered_and_a_refused_one_says_why() -> None:
    world = World(now=MONDAY)
    mail = world.mail()
    refused = world.gate.permit("acme", "follow_up", channel="email")
    for used in (mail, world.gate.consume):
        with pytest.raises(NotPermittedError, match="It opens on Mon 9 Mar 2026 10:00") as error:
            used(ANA, permit=refused) if used is mail else used(refused, ANA)
        assert (error.value.reason, error.value.verdict) == ("refused", refused.verdict)
    world.later(days=9)
    assert mail(ANA, permit=world.gate.permit("acme", "follow_up", channel="email")) == "sent"
    assert world.contacts() == ["follow_up"]


def test_a_framework_gets_an_exception_whose_text_its_model_reads() -> None:
    class RetryError(Exception):
        pass

    world = World()

    @world.gate.sends("follow_up", not_sent=RetryError, raises=RetryError)
    def send(to: str) -> str:
        world.sent.append(Mail((to,)))
        return "sent"

    for permit, said in (("", "there is no permit"), ("x", "no permit of this deployment")):
        with pytest.raises(RetryError, match=said) as error:
            send(ANA, permit=permit)
        assert isinstance(error.value.__cause__, NotPermittedError)
    with pytest.raises(RetryError, match="not registered"):
        send("x@y.example", permit=world.permit())
    assert (send(ANA, permit=world.permit()), world.contacts()) == ("sent", ["follow_up"])


def test_every_parameter_with_recipients_is_looked_at() -> None:
    world = World()
    mail, permit = world.mail(), world.permit()
    for cc in (["x@y.example"], [ANA], "x@y.example", ["Bo <bo@acme.example>"], {"x@y.example"}, 5):
        with pytest.raises(NotPermittedError):
            mail(ANA, cc=cc, permit=permit)
    assert (world.sent, world.contacts()) == ([], [])
    mail("ANA@acme.example", cc=["BO@Acme.Example"], permit=permit)
    assert world.sent == [Mail(("ANA@acme.example", BO.replace("bo", "BO")))]


def test_the_function_gets_the_recipients_that_were_checked() -> None:
    world = World()
    mail = world.mail()
    mail("ana@\uff41cme.example", permit=world.permit())
    assert world.sent == [Mail((ANA,))]

    class Changing(list[str]):
        """A list that names another recipient the second time."""

        def __iter__(self) -> Any:
            yield from [ANA] if not world.sent[1:] else ["x@y.example"]

    world.gate.keeper.retract("acme", 2, at=world.now, not_sent=True)
    mail(BO, cc=Changing(), permit=world.permit())
    assert world.sent[1] == Mail((BO, ANA))


def test_a_call_that_cannot_be_made_uses_no_permit_up() -> None:
    world = World()
    mail, permit = world.mail(), world.permit()
    for given in ({}, {"to": ANA, "subject": "?"}, {"to": ANA, "self": 1}):
        with pytest.raises(TypeError):
            mail(permit=permit, **given)
    assert world.contacts() == []


@pytest.mark.parametrize("error", [NotSentError("refused by the server"), ConnectionRefusedError()])
def test_what_surely_failed_is_taken_back(error: Exception) -> None:
    world = World()
    permit = world.permit()
    with pytest.raises(type(error)):
        failing(world, error)(ANA, permit=permit)
    assert world.contacts() == []
    with pytest.raises(NotPermittedError, match="used already"):
        world.mail()(ANA, permit=permit)
    world.mail()(ANA, permit=world.permit())


@pytest.mark.parametrize(
    "error", [TimeoutError(), ValueError(), ConnectionResetError(), KeyboardInterrupt(), SystemExit()]
)
def test_what_may_have_arrived_stands(error: BaseException) -> None:
    world = World()
    with pytest.raises(type(error)):
        failing(world, error)(ANA, permit=world.permit())
    assert world.contacts() == ["follow_up"]
    assert not world.gate.permit("acme", "follow_up", channel="email")


def failing(world: World, error: BaseException) -> Any:
    @world.gate.sends(not_sent=ConnectionRefusedError)
    def mail(to: str) -> None:
        raise error

    return mail


def test_an_act_that_could_not_be_taken_back_stands_and_the_error_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    mail, permit = failing(world, NotSentError("no route")), world.permit()

    def broken(*_: object, **__: object) -> None:
        raise StoreError("the database failed")

    monkeypatch.setattr("postinterview.stores.Keeper.retract", broken)
    with pytest.raises(NotSentError, match="no route") as error:
        mail(ANA, permit=permit)
    assert error.value.__notes__ == ["the act stands, since it could not be taken back: the database failed"]
    assert world.contacts() == ["follow_up"]


def test_a_coroutine_is_guarded_too() -> None:
    world = World()

    @world.gate.sends("follow_up")
    async def mail(to: str, body: str, permit: str) -> str:
        await asyncio.sleep(0)
        if body == "lost":
            raise NotSentError
        world.sent.append(Mail((to,), body))
        return permit

    async def several() -> list[object]:
        permit = world.permit()
        calls = (mail(ANA, "Any news?", permit) for _ in range(8))
        return [*await asyncio.gather(*calls, return_exceptions=True)]

    with pytest.raises(NotSentError):
        asyncio.run(mail(ANA, "lost", world.permit()))
    assert world.contacts() == []
    answers = asyncio.run(several())
    assert sorted(type(each) is str for each in answers) == [False] * 7 + [True]
    assert len(world.sent) == 1
    assert inspect.iscoroutinefunction(mail)


def test_a_message_is_read_by_a_function_of_the_host() -> None:
    world = World()

    def everybody(message: EmailMessage) -> list[str]:
        headers = (message[name] for name in ("To", "Cc", "Bcc") if message[name])
        return [each.addr_spec for header in headers for each in header.addresses]

    @world.gate.sends(recipients=everybody)
    def send(message: EmailMessage) -> None:
        world.sent.append(Mail(tuple(everybody(message))))

    message = EmailMessage()
    message["To"] = "Ana Meier <ana@acme.example>"
    permit = world.permit()
    message["Bcc"] = "x@y.example"
    with pytest.raises(NotPermittedError):
        send(message, permit=permit)
    del message["Bcc"]
    send(message, permit=permit)
    assert world.sent == [Mail((ANA,))]


def test_a_method_is_guarded_too() -> None:
    world = World()

    class Outbox:
        @world.gate.sends()
        def send(self, to: str) -> None:
            world.sent.append(Mail((to,)))

    Outbox().send(ANA, permit=world.permit())
    assert world.sent == [Mail((ANA,))]


def test_the_tool_describes_itself_with_a_permit() -> None:
    mail = World().mail()
    assert (
        str(inspect.signature(mail))
        == "(to: 'str', body: 'str' = '', cc: 'list[str] | None' = None, *, permit: str = '') -> 'str'"
    )
    assert (mail.__name__, mail.__doc__, mail.__annotations__["permit"]) == ("mail", "Send a mail.", str)


@pytest.mark.parametrize("acts", [["write_plan"], ["follow_up", "question"], ["no_such"]])
def test_a_tool_sends_acts_that_reach_the_employer(acts: list[str]) -> None:
    with pytest.raises(pi.MisuseError):
        World().gate.sends(*acts)


def test_a_tool_knows_of_fields_that_its_acts_have() -> None:
    with pytest.raises(pi.MisuseError, match="none of these acts has the field `channel`"):
        World().gate.sends("thank_you", channel="email")
    World().gate.sends(channel="email")


def test_a_function_that_can_hide_a_recipient_is_refused() -> None:
    gate = World().gate

    def anything(to: str, **headers: str) -> None: ...
    def several(*to: str) -> None: ...
    def nobody(text: str) -> None: ...
    def generator(to: str) -> Any:
        yield to

    async def asynchronous(to: str) -> Any:
        yield to

    for function in (anything, several, nobody, generator, asynchronous):
        with pytest.raises(pi.MisuseError):
            gate.sends()(function)
    with pytest.raises(pi.MisuseError, match="no parameter to or hidden"):
        gate.sends(recipients=["to", "hidden"])(lambda to: to)


def test_a_tool_for_mail_does_not_send_what_was_allowed_as_something_else() -> None:
    world = World(now=MONDAY + timedelta(hours=12))  # at night only a mail may arrive
    world.later(days=8)
    assert not world.gate.permit("acme", "follow_up", channel="call")
    mail, ring = world.mail("follow_up", channel="email"), world.mail("follow_up", channel="call")
    permit = world.permit(channel="email")
    with pytest.raises(NotPermittedError, match="the permit is for channel: email"):
        ring(ANA, permit=permit)
    mail(ANA, permit=permit)
    assert len(world.sent) == 1
