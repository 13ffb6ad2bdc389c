"""Permits are given as the rules allow, and used once."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.calls import Call
from postinterview.core.rules.definitions import FieldKind, Origin
from postinterview.gate import Gate, MemoryNotes, NotPermittedError
from postinterview.gate.acts import check_harmless
from postinterview.stores import Keeper, MemoryStore, UnknownKeyError
from tests.core.helpers import packaged
from tests.gate.worlds import DUE, MONDAY, SECRET, World

ANA, BO = "ana@acme.example", "bo@acme.example"


def reason(call: Callable[..., object], *given: Any, **said: Any) -> str:
    with pytest.raises(NotPermittedError) as error:
        call(*given, **said)
    return error.value.reason


def test_a_permit_records_nothing_and_its_use_records_the_act() -> None:
    world = World()
    permit = world.gate.permit("acme", "follow_up", channel="email")
    assert permit
    assert (permit.recipients, permit.expires) == ((ANA, BO), DUE + timedelta(minutes=10))
    assert world.contacts() == []
    outcome = world.gate.consume(permit.text or "", ANA)
    assert (outcome.refused, outcome.repeated) == (False, False)
    assert world.contacts() == ["follow_up"]


def test_a_refusal_is_an_answer_with_the_moment_it_opens() -> None:
    world = World(now=MONDAY + timedelta(hours=1))
    permit = world.gate.permit("acme", "follow_up", channel="email")
    assert not permit
    assert permit.verdict.opens_at == MONDAY + timedelta(days=7)
    assert permit.as_json()["permit"] is None
    assert permit.as_json()["verdict"]["text"] == permit.verdict.text


def test_a_permit_is_used_once_and_by_whichever_server() -> None:
    world = World()
    permit = world.permit()
    world.gate.consume(permit, ANA)
    assert reason(world.gate.consume, permit, ANA) == "used"
    world.later(minutes=2)
    assert reason(world.gate.consume, permit, BO) == "used"
    assert world.contacts() == ["follow_up"]


def test_of_two_permits_for_one_act_the_rules_allow_one() -> None:
    world = World()
    first, second = world.permit(), world.permit(channel="call")
    world.gate.consume(second, ANA)
    with pytest.raises(NotPermittedError) as error:
        world.gate.consume(first, ANA)
    assert error.value.reason == "refused"
    assert error.value.verdict is not None
    assert not error.value.verdict
    assert "Send nothing" in str(error.value)


def test_the_rules_are_asked_again_when_a_permit_is_used() -> None:
    world = World()
    permit = world.permit()
    world.gate.keeper.record("acme", "rejection", at=world.now)
    assert reason(world.gate.consume, permit, ANA) == "refused"
    assert world.contacts() == ["rejection"]


def test_rules_that_became_stricter_refuse_what_earlier_ones_permitted() -> None:
    world = World()
    permit = world.permit()
    keeper = Keeper(pi.load_rulebook("germany"), world.store)
    restarted = Gate(keeper, world.notes, secret=SECRET, clock=lambda: world.now)
    assert reason(restarted.consume, permit, ANA) == "refused"
    assert world.contacts() == []


def test_a_permit_expires() -> None:
    world = World()
    permit = world.permit()
    world.later(minutes=10)
    assert reason(world.gate.consume, permit, ANA) == "expired"


def test_a_clock_that_was_set_back_opens_nothing() -> None:
    world = World()
    permit = world.permit()
    world.later(days=-1)
    assert reason(world.gate.consume, permit, ANA) == "expired"
    world.later(days=1)
    world.gate.consume(permit, ANA)
    world.gate.keeper.record("acme", "interview", at=world.now + timedelta(days=1))
    world.later(days=10)
    permit = world.permit()
    world.later(days=-10)
    with pytest.raises(pi.TimeError):  # the history knows a later moment
        world.permit()
    assert reason(world.gate.consume, permit, ANA) == "expired"


@pytest.mark.parametrize(
    "recipient", ["boss@acme.example", "ana@beta.example", f"{ANA}, {BO}", "", ANA + "\nBcc: x@y.example"]
)
def test_a_permit_reaches_only_recipients_of_its_key(recipient: str) -> None:
    world = World()
    permit = world.permit()
    assert reason(world.gate.consume, permit, recipient) == "recipient"
    assert reason(world.gate.consume, permit, [ANA, recipient]) == "recipient"
    assert world.contacts() == []
    world.gate.consume(permit, [ANA, BO])


def test_a_recipient_of_another_key_gets_nothing() -> None:
    world = World()
    world.gate.register("beta", "hr@beta.example")
    assert reason(world.gate.consume, world.permit(), "hr@beta.example") == "recipient"


def test_a_recipient_that_was_removed_gets_nothing() -> None:
    world = World()
    permit = world.permit()
    assert world.gate.unregister("acme", "ANA@acme.example")
    assert not world.gate.unregister("acme", ANA)
    assert reason(world.gate.consume, permit, ANA) == "recipient"


def test_what_is_to_ana_goes_to_ana() -> None:
    world = World(now=MONDAY + timedelta(hours=20))
    permit = world.permit("thank_you", to="ana", thanks=True, topic="the roadmap", looking_forward=True)
    assert reason(world.gate.consume, permit, BO) == "recipient"
    assert reason(world.gate.consume, permit, [ANA, BO]) == "recipient"
    world.gate.consume(permit, ANA)
    said: dict[str, Any] = {"thanks": True, "topic": "x", "looking_forward": True}
    assert not world.gate.permit("acme", "thank_you", to="ana", **said)
    world.gate.unregister("acme", BO)
    assert reason(world.gate.permit, "acme", "thank_you", to="bo", **said) == "recipient"


def test_without_a_recipient_there_is_no_permit() -> None:
    world = World()
    world.gate.unregister("acme", ANA)
    world.gate.unregister("acme", BO)
    assert reason(world.gate.permit, "acme", "follow_up", channel="email") == "recipient"


def test_a_permit_is_one_users() -> None:
    world = World()
    shared = world.gate
    for owner in ("u1", "u2"):
        shared.keeper.start(f"{owner}/acme", timezone="Europe/Zurich")
        shared.keeper.record(f"{owner}/acme", "interview", at=MONDAY)
        shared.of(owner).register("acme", ANA)  # each user has an employer of their own
    permit = shared.of("u1").permit("acme", "follow_up", channel="email").text
    assert reason(shared.of("u2").consume, permit, ANA) == "owner"
    assert reason(shared.consume, permit, ANA) == "owner"
    assert reason(shared.of("u2").failed, permit) == "owner"
    shared.of("u1").consume(permit or "", ANA)
    assert [len(shared.keeper.load(f"{owner}/acme").history) for owner in ("u1", "u2")] == [2, 1]
    assert [each.key for each in shared.of("u1").recipients()] == ["acme"]


@pytest.mark.parametrize("owner", [None, "", "u/1"])
def test_who_can_be_no_owner_has_no_gate(owner: object) -> None:
    if owner is None:
        assert World().gate.of(owner).owner == "None"
        return
    with pytest.raises(pi.MisuseError):
        World().gate.of(owner)


def test_no_key_reaches_the_process_of_another_user() -> None:
    world = World()
    gate = world.gate.of("u1")
    for key in ("acme", "../acme", "/acme", "u1/acme"):
        with pytest.raises(UnknownKeyError):
            gate.permit(key, "follow_up", channel="email")
        with pytest.raises(UnknownKeyError):
            gate.register(key, "x@y.example")


def test_what_the_sender_knows_of_a_message_the_permit_has_to_say() -> None:
    world = World()
    permit = world.permit()
    assert reason(world.gate.consume, permit, ANA, acts=["thank_you", "reply"]) == "act"
    assert reason(world.gate.consume, permit, ANA, channel="call") == "act"
    unsaid = world.gate.permit("acme", "follow_up").text  # the rules might allow it now
    if unsaid is not None:
        assert reason(world.gate.consume, unsaid, ANA, channel="email") == "act"
    world.gate.consume(permit, ANA, acts=["follow_up"], channel="email", topic="no field of it")


@pytest.mark.parametrize("event", ["interview", "question", "rejection", "write_plan", "complete_profile"])
def test_only_acts_that_reach_the_employer_have_permits(event: str) -> None:
    with pytest.raises(pi.MisuseError, match="has no permit"):
        World().gate.permit("acme", event)


@pytest.mark.parametrize("event", ["follow_up", "thank_you", "reply", "notice", "missed_call", "withdraw"])
def test_what_reaches_the_employer_is_not_done_without_a_permit(event: str) -> None:
    world = World()
    with pytest.raises(NotPermittedError, match="ask for a permit"):
        world.gate.do("acme", event)
    assert world.contacts() == []


def test_an_agent_does_what_reaches_nobody() -> None:
    world = World()
    first = world.gate.do("acme", "complete_profile", once=1)
    again = world.gate.do("acme", Call("complete_profile"), once=1)
    assert (first.repeated, again.repeated) == (False, True)
    assert reason(world.gate.do, "acme", "question") == "act"


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_application": True},
        {"ends": ("hold",)},
        {"fields": {"date": FieldKind(name="date", type="date", sets="promised", origin=Origin("", 1, 1))}},
    ],
)
def test_an_act_that_makes_room_for_others_is_not_an_agents(changed: dict[str, Any]) -> None:
    plan = packaged().definition.events["write_plan"]
    check_harmless(plan)
    with pytest.raises(NotPermittedError, match="may make room"):
        check_harmless(evolve(plan, **changed))


def test_what_surely_failed_is_taken_back_and_the_permit_stays_used() -> None:
    world = World()
    permit = world.permit()
    with pytest.raises(pi.MisuseError, match="was not used"):
        world.gate.failed(permit)
    world.gate.consume(permit, ANA)
    world.later(hours=1)  # it has expired
    world.gate.failed(permit)
    assert world.gate.failed(permit).repeated
    assert world.contacts() == []
    world.later(hours=-1)
    assert reason(world.gate.consume, permit, ANA) == "used"
    world.later(hours=1)
    world.gate.consume(world.permit(), ANA)


def test_a_failed_permit_takes_back_its_own_act_alone() -> None:
    world = World()
    first = world.permit()
    world.gate.consume(first, ANA)
    world.gate.keeper.retract("acme", 2, at=world.now, not_sent=True)
    second = world.permit()
    world.gate.consume(second, ANA)
    with pytest.raises(pi.MisuseError):
        world.gate.failed(first)
    assert world.contacts() == ["follow_up"]


def test_a_store_that_can_roll_back_is_refused() -> None:
    class Rolling(MemoryStore):
        commits = False

    with pytest.raises(pi.MisuseError, match="rolled back"):
        Gate(Keeper(packaged(), Rolling()), MemoryNotes(), secret=SECRET)


@pytest.mark.parametrize("lasts", [timedelta(days=2), timedelta(seconds=-1), 10])
def test_a_permit_lasts_a_day_at_most(lasts: Any) -> None:
    with pytest.raises(pi.MisuseError, match="lasts"):
        Gate(Keeper(packaged(), MemoryStore()), MemoryNotes(), secret=SECRET, lasts=lasts)


def test_the_secret_is_not_shown() -> None:
    gate = World().gate
    assert SECRET not in f"{gate!r} {gate.of('u1')!r}"
    assert repr(gate.of("u1")).startswith("<Gate for u1 before <Keeper of")


def test_a_call_says_all_of_an_act() -> None:
    world = World()
    call = Call("follow_up", fields={"channel": "email"})
    assert world.gate.may("acme", call)
    assert world.gate.permit("acme", call)
    for wrong in (Call("follow_up", happened=DUE), call):
        with pytest.raises(pi.MisuseError, match="has its arguments in it"):
            world.gate.permit("acme", wrong, channel="email")


def test_the_error_can_be_pickled() -> None:
    world = World(now=MONDAY)
    world.gate.keeper.record("acme", "rejection", at=MONDAY)
    error = NotPermittedError("why", "help", "refused", world.gate.may("acme", "follow_up"))
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - it is our own
    assert (str(copy), copy.reason, copy.verdict) == (str(error), error.reason, error.verdict)


def test_a_moved_process_takes_its_recipients_along_and_a_forgotten_one_leaves_nothing() -> None:
    world = World()
    permit = world.permit()
    world.gate.propose("acme", "record", event="message", happened=world.now)
    world.gate.move("acme", "acme-2")
    assert reason(world.gate.consume, permit, ANA) == "recipient"
    world.gate.move("acme", "acme-2")  # as after an interruption
    assert world.gate.export("acme-2")["recipients"] == [
        {"name": ANA, "kind": "address", "person": "ana"},
        {"name": BO, "kind": "address", "person": "bo"},
    ]
    assert len(world.gate.pending("acme-2")) == 1
    assert world.gate.forget("acme-2")
    assert not world.gate.forget("acme-2")
    assert (world.gate.recipients(), world.gate.pending()) == ((), ())
    world.gate.register("beta", ANA)
