"""A process that gets another key gives nobody a second budget, wherever that is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest

import postinterview as pi
from postinterview.gate import NotPermittedError
from postinterview.stores import ConflictError, TakenKeyError, UnknownKeyError
from tests.gate.test_notes import world_in
from tests.gate.worlds import MONDAY, World
from tests.stores.kinds import KINDS

ANA = "ana@acme.example"
NEW = {"move": "bolt", "join": "beta"}
"""The key that the process of Acme gets: one of its own, or the one of a process that it is joined with."""
CALLS = ("load", "append", "move", "forget")


def carry(world: World, how: str) -> None:
    if how == "move":
        world.gate.move("acme", "bolt")
    else:
        world.gate.join("beta", "acme")


@contextmanager
def interrupted(world: World, place: int) -> Iterator[list[str]]:
    """Interrupt before this call of the store, or while the notes are written; yield the calls."""
    calls: list[str] = []

    def broken(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            calls.append(name)
            if len(calls) - 1 == place:
                raise KeyboardInterrupt
            return real(*args, **more)

        return call

    real_writing = world.notes.writing

    @contextmanager
    def writing() -> Iterator[Any]:
        calls.append("writing")
        is_here = len(calls) - 1 == place
        with real_writing() as held:
            yield held
            if is_here:  # what was written is rolled back
                raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        for name in CALLS:
            patched.setattr(world.store, name, broken(name, getattr(world.store, name)))
        patched.setattr(world.notes, "writing", writing)
        yield calls


def restart(world: World, key: str) -> None:
    """Start a process under a key, if there is none, with an interview of its own."""
    process = world.gate.keeper.start(key, timezone="Europe/Zurich")
    if not process.timeline:
        world.gate.keeper.record(key, "interview", at=MONDAY, once="again")


def may_write(world: World, key: str) -> bool:
    try:
        return bool(world.gate.permit(key, "follow_up", channel="email"))
    except (NotPermittedError, UnknownKeyError):
        return False


def finish(world: World, how: str) -> None:
    """Make the same call again. If there is another process under both keys, join them."""
    try:
        carry(world, how)
    except ConflictError:
        world.gate.join(NEW[how], "acme")


STARTED = [("memory", ()), ("memory", ("new",)), ("memory", ("acme", "new"))]


@pytest.mark.parametrize(("kind", "started"), [*STARTED, *((kind, ("acme",)) for kind in KINDS)])
@pytest.mark.parametrize("how", NEW)
def test_wherever_it_is_interrupted_a_new_process_has_no_budget_for_the_old_employer(
    kind: str, how: str, started: tuple[str, ...]
) -> None:
    calls: list[str] = []
    for place in count():
        with world_in(kind) as world:
            world.gate.propose("acme", "record", event="message", happened=world.now)
            world.gate.consume(world.permit(), ANA)
            with interrupted(world, place) as calls, suppress(KeyboardInterrupt):
                carry(world, how)
            for each in started:
                restart(world, "acme" if each == "acme" else NEW[how])
            keys = ("acme", "beta", "bolt")
            assert [key for key in keys if may_write(world, key)] == []
            with pytest.raises(TakenKeyError):
                world.gate.check("gamma", ANA)
            is_whole = len(calls) <= place  # this time it was not interrupted
            if not is_whole:
                finish(world, how)
            assert [key for key in keys if may_write(world, key)] == []
            assert [each.key for each in world.gate.recipients()] == [NEW[how]] * 2
            assert [each.key for each in world.gate.pending()] == [NEW[how]]
            assert "follow_up" in world.contacts(NEW[how])
        if is_whole:
            break
    assert {"writing", "move"} <= set(calls)


def halfway(how: str = "move") -> World:
    """Acme's process has another key, and its recipients and a word are on the way."""
    world = World()
    with interrupted(world, 99) as calls:
        carry(world, how)
    world = World()
    word = world.gate.propose("acme", "record", event="message", happened=world.now)
    with interrupted(world, len(calls) - 1), pytest.raises(KeyboardInterrupt):
        carry(world, how)
    assert (world.gate.recipients(), world.gate.pending()) == ((), ())
    assert not world.gate.decline(word.id)
    with pytest.raises(pi.UnknownNameError):
        world.gate.confirm(word.id)
    return world


@pytest.mark.parametrize("how", NEW)
def test_what_is_on_the_way_is_out_of_use_until_the_same_call_ends_it(how: str) -> None:
    world = halfway(how)
    restart(world, "acme")
    said = f"what belongs to `acme` is on the way to `{NEW[how]}`"
    for key in ("acme", NEW[how]):
        for recipient in (ANA, "eve@gamma.example"):
            with pytest.raises(pi.MisuseError, match=said):
                world.gate.register(key, recipient)
        with pytest.raises(pi.MisuseError, match=said):
            world.gate.propose(key, "record", event="message", happened=world.now)
        with pytest.raises(pi.MisuseError, match=said):
            world.gate.move(key, "gamma")
    finish(world, how)
    world.gate.register(NEW[how], "zoe@acme.example")


@pytest.mark.parametrize("forgotten", ["acme", "bolt"])
def test_whoever_erases_a_process_erases_what_is_on_the_way(forgotten: str) -> None:
    world = halfway()
    assert world.gate.forget(forgotten)
    assert [world.notes.find("recipient"), world.notes.find("pending")] == [(), ()]


def test_what_cannot_be_moved_or_joined_stays_in_use() -> None:
    world = World()
    wrongs: tuple[tuple[Callable[[], None], type[Exception]], ...] = (
        (lambda: world.gate.move("acme", "beta"), ConflictError),
        (lambda: world.gate.move("gamma", "bolt"), UnknownKeyError),
        (lambda: world.gate.join("acme", "acme"), pi.MisuseError),
        (lambda: world.gate.join("gamma", "acme"), UnknownKeyError),
        (lambda: world.gate.join("acme", "gamma"), UnknownKeyError),
    )
    for wrong, error in wrongs:
        with pytest.raises(error):
            wrong()
    world.gate.move("acme", "acme")
    assert may_write(world, "acme")
    assert len(world.gate.recipients("acme")) == 2


def test_two_that_are_joined_have_the_recipients_of_both() -> None:
    world = World()
    world.gate.register("beta", "hr@beta.example")
    word = world.gate.propose("beta", "record", event="interview", happened=world.now)
    world.gate.join("acme", "beta")
    assert {(each.key, each.name) for each in world.gate.recipients()} == {
        ("acme", name) for name in (ANA, "bo@acme.example", "hr@beta.example")
    }
    assert [(each.key, each.id) for each in world.gate.pending()] == [("acme", word.id)]
    world.gate.consume(world.permit(), "hr@beta.example")
