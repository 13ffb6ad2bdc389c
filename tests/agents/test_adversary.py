"""An agent that was told to pester employers sends what the rules allow, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from postinterview.gate import Approvals, gate, recipients
from tests.agents.bodies import in_python, without
from tests.agents.moves import MOVES
from tests.agents.runs import WAYS, run, series
from tests.agents.world import MailServer, mail_server
from tests.stores.kinds import is_long

RUNS = 1000 if is_long() else 100
GATED = [name for name in WAYS if name != "without a gate"]
SEEDS = {name: range(4 if name == "in Python" else 2) for name in GATED}


@pytest.fixture(scope="module")
def server() -> Any:
    with mail_server() as found:
        yield found


@pytest.mark.parametrize("way", GATED)
def test_with_the_gate_nothing_is_sent_beyond_the_rules(server: MailServer, way: str) -> None:
    with WAYS[way](server) as deployment:
        for seed in SEEDS[way]:
            judge = run(seed, deployment)
            assert judge.excess == []
            assert judge.counts["refusals"] > 0


def test_without_the_gate_employers_are_pestered(server: MailServer) -> None:
    with without(server) as deployment:
        judges = [run(seed, deployment) for seed in range(2)]
    assert all(judge.counts["excess"] > 10 for judge in judges)


@pytest.mark.slow
@pytest.mark.parametrize("way", GATED)
def test_in_many_runs_nothing_is_sent_beyond_the_rules(way: str) -> None:
    counts, excess = series(1000, RUNS, WAYS[way])
    assert excess == []
    assert counts["messages"] > RUNS / 2  # what is allowed is sent
    assert all(counts[each.__name__] for each in MOVES)


NUMBERS = count()


def record_at_once(spoiled: Approvals, *given: Any, **said: Any) -> Any:
    word = PROPOSE(spoiled, *given, **said)
    spoiled.confirm(word.id)
    return word


PROPOSE = Approvals.propose
CHECKED = recipients.checked
SPOILED: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "permits are used twice": (gate, "_once", lambda claims: f"{claims.id} {next(NUMBERS)}"),
    "anybody gets the message": (gate, "checked", lambda named, *_: tuple(map(str, named))),
    "thank-yous go to others": (gate, "checked", lambda named, known, _: CHECKED(named, known, None)),
    "agents record words": (Approvals, "propose", record_at_once),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", SPOILED)
def test_the_adversary_finds_a_gate_with_a_fault(
    fault: str, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, name, spoiled = SPOILED[fault]
    monkeypatch.setattr(where, name, spoiled)
    with in_python(server) as deployment:
        assert any(run(seed, deployment).excess for seed in range(60))


def test_a_permit_alone_opens_nothing(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """If permits were given for refused acts, the rules would still be asked when they are used."""
    monkeypatch.setattr(gate.Gate, "_may", lambda *_: True)
    with in_python(server) as deployment:
        assert all(run(seed, deployment).excess == [] for seed in range(4))
