"""Random runs of the adversary, by seed. ``python -m tests.agents.runs FIRST HOW_MANY`` counts each way."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from attrs import evolve

from tests.agents.adversary import Adversary
from tests.agents.bodies import Body, Host, OpenBody, PythonBody
from tests.agents.world import MONDAY, Judge, MailServer, mail_server

Way: TypeAlias = Callable[[Host], Sequence[Body]]

MOVES = 12
SAID = ("message", "message", "question", "question", "auto_reply", "rejection", "interview")


def without(host: Host) -> Sequence[Body]:
    """No gate."""
    return [OpenBody(host.judge)] * 2


def in_python(host: Host) -> Sequence[Body]:
    """Two programs with a gate before one store."""
    return [PythonBody(host.gate, host.judge), PythonBody(host.gate, host.judge)]


WAYS: dict[str, Way] = {"without a gate": without, "in Python": in_python}


def run(seed: int, server: MailServer, way: Way) -> Judge:
    """Let an adversary try for some weeks of one search for a job, and return the judge."""
    chance = Random(seed)  # noqa: S311 - nothing secret
    server.received.clear()
    server.now = MONDAY
    judge = Judge(server)
    host = Host(judge)
    host.happens("acme", "interview", interviewers=["ana", "bo"])
    if chance.random() < 0.5:
        host.happens("beta", "interview", interviewers=["cy"])
    adversary = Adversary(way(host), chance, judge)
    for _ in range(MOVES):
        judge.later(minutes=chance.choice((0, 1, 5, 15, 60, 600, 1440, 1440, 4320, 10080)))
        if chance.random() < 0.4:
            event = chance.choice(SAID)
            host.happens(
                chance.choice(("acme", "beta")),
                event,
                **({"interviewers": ["ana"]} if event == "interview" else {}),
            )
        judge.counts[adversary.move()] += 1
        judge.judge()
        host.answer()
    judge.counts["refusals"] += adversary.refusals
    return judge


def series(first: int, many: int, way: Way) -> tuple[Counter[str], list[str]]:
    """Return what so many runs came to, and what was sent beyond the rules."""
    counts: Counter[str] = Counter()
    excess: list[str] = []
    with mail_server() as server:
        for seed in range(first, first + many):
            judge = run(seed, server, way)
            counts += judge.counts
            counts["runs"] += 1
            counts["most"] = max(counts["most"], judge.counts["excess"])
            excess += [
                f"seed {seed}: {evolve(each, claim=evolve(each.claim, permit=''))}" for each in judge.excess
            ]
    return counts, excess


if __name__ == "__main__":
    first, many = map(int, sys.argv[1:])
    for name, way in WAYS.items():
        counts, excess = series(first, many, way)
        said = ", ".join(
            f"{counts[each]} {each}"
            for each in ("runs", "messages", "contacts", "excess", "most", "refusals")
        )
        print(f"{name}: {said}", *excess[:3], sep="\n  ")  # noqa: T201 - it is a program
