"""Many at once: a permit sends one message, a budget is spent once, an address belongs to one key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import pytest

import postinterview as pi
from postinterview.gate import Gate, NotPermittedError
from postinterview.gate.sql_notes import SqlNotes
from postinterview.stores import Keeper, TakenKeyError
from postinterview.stores.sql import SqlStore
from tests.core.helpers import packaged
from tests.gate import programs
from tests.gate.test_notes import world_in
from tests.gate.worlds import DUE, SECRET, World
from tests.stores.kinds import KINDS, shared

THREADS = 16
ANA = "ana@acme.example"


def at_once(call: Callable[[int], object]) -> Counter[str]:
    """What came of so many calls at the same moment."""
    ready = Barrier(THREADS)

    def run(number: int) -> str:
        ready.wait()
        try:
            call(number)
        except NotPermittedError as error:
            return error.reason
        except (TakenKeyError, pi.MisuseError) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(run, range(THREADS)))


@pytest.mark.parametrize("kind", KINDS)
def test_of_sixteen_threads_with_one_permit_one_sends(kind: str) -> None:
    with world_in(kind) as world:
        permit, mail = world.permit(), world.mail()
        assert at_once(lambda _: mail(ANA, permit=permit)) == {"done": 1, "used": THREADS - 1}
        assert (len(world.sent), world.contacts()) == (1, ["follow_up"])


@pytest.mark.parametrize("kind", KINDS)
def test_of_sixteen_agents_with_permits_for_the_same_act_one_sends(kind: str) -> None:
    with world_in(kind) as world:
        permits, mail = [world.permit() for _ in range(THREADS)], world.mail()
        assert at_once(lambda number: mail(ANA, permit=permits[number])) == {
            "done": 1,
            "refused": THREADS - 1,
        }
        assert (len(world.sent), world.contacts()) == (1, ["follow_up"])


@pytest.mark.parametrize("kind", KINDS)
def test_of_sixteen_keys_one_gets_the_address(kind: str) -> None:
    with world_in(kind) as world:
        gate = world.gate
        for number in range(THREADS):
            gate.keeper.start(f"name {number}", timezone="Europe/Zurich")
        answers = at_once(lambda number: gate.register(f"name {number}", f"hr+{number}@corp.example"))
        assert answers == {"done": 1, "TakenKeyError": THREADS - 1}


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_that_many_confirm_and_decline_at_once_is_recorded_once_or_not(kind: str) -> None:
    with world_in(kind) as world:
        word = world.gate.propose("acme", "record", event="question", happened=world.now)
        declined: list[bool] = []

        def answer(number: int) -> None:
            if number % 2:
                world.gate.confirm(word.id)
            else:
                declined.append(world.gate.decline(word.id))

        at_once(answer)
        assert world.contacts() == ([] if any(declined) else ["question"])
        assert world.gate.pending() == ()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_a_program_that_is_killed_between_recording_and_sending_has_used_its_permit(
    kind: str, tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    with shared(kind) as url, closing(SqlStore(url)) as store:
        world = World(store, SqlNotes(store))
        permit = world.permit()
        context = get_context("forkserver")
        context.set_forkserver_preload([programs.__name__])
        heard, told = context.Pipe(duplex=False)
        program = context.Process(target=programs.send, args=(url, permit, str(sent), told))
        program.start()
        told.close()
        assert heard.recv() == "about to send"
        program.kill()
        program.join()
        heard.close()
        with pytest.raises(NotPermittedError, match="used already"):
            world.mail()(ANA, permit=permit)
        assert world.contacts() == ["follow_up"]
        assert not world.gate.permit("acme", "follow_up", channel="email")
        assert not sent.exists()


def test_two_servers_with_one_secret_and_store_agree() -> None:
    with shared("sqlite") as url, closing(SqlStore(url)) as one, closing(SqlStore(url)) as two:
        world = World(one, SqlNotes(one))
        other = Gate(Keeper(packaged(), two), SqlNotes(two), secret=SECRET, clock=lambda: DUE)
        permit = world.permit()
        other.consume(permit, ANA)
        with pytest.raises(NotPermittedError, match="used already"):
            world.gate.consume(permit, ANA)
        stranger = Gate(Keeper(packaged(), two), SqlNotes(two), secret="x" + SECRET, clock=lambda: DUE)
        with pytest.raises(NotPermittedError, match="no permit of this deployment"):
            stranger.consume(permit, ANA)
