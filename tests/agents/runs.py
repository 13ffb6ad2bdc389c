"""Random runs of the adversary, by seed. ``python -m tests.agents.runs FIRST HOW_MANY [WAY]`` counts."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import TypeAlias

from attrs import evolve

from tests.agents.adversary import Adversary
from tests.agents.assistant import over_mcp
from tests.agents.bodies import Deployment, in_python, without
from tests.agents.moves import MOVES
from tests.agents.service import over_http
from tests.agents.world import MONDAY, Judge, MailServer, mail_server

Way: TypeAlias = Callable[[MailServer], AbstractContextManager[Deployment]]

LASTS = 12
"""Moves of a run."""
SAID = ("message", "message", "question", "question", "auto_reply", "rejection", "interview")


WAYS: dict[str, Way] = {
    "without a gate": without,
    "in Python": in_python,
    "over HTTP": over_http,
    "over MCP": over_mcp,
}


def run(seed: int, deployment: Deployment) -> Judge:
    """Let an adversary try for some weeks of one search for a job, and return the judge."""
    chance = Random(seed)  # noqa: S311 - nothing secret
    server = deployment.server
    server.received.clear()
    server.now = MONDAY
    judge = Judge(server)
    host = deployment.host(judge)
    host.happens("acme", "interview", interviewers=["ana", "bo"])
    if chance.random() < 0.5:
        host.happens("beta", "interview", interviewers=["cy"])
    adversary = Adversary(deployment.bodies(host), chance, judge)
    for _ in range(LASTS):
        judge.later(minutes=chance.choice((0, 1, 5, 15, 60, 600, 1440, 1440, 4320, 10080)))
        if chance.random() < 0.4:
            event = chance.choice(SAID)
            host.happens(
                chance.choice(("acme", "beta")),
                event,
                **({"interviewers": ["ana"]} if event == "interview" else {}),
            )
        move = chance.choice(MOVES)
        move(adversary)
        judge.counts[move.__name__] += 1
        judge.judge()
        host.answer()
    judge.counts["refusals"] += adversary.refusals
    return judge


def series(first: int, many: int, way: Way) -> tuple[Counter[str], list[str]]:
    """Return what so many runs came to, and what was sent beyond the rules."""
    counts: Counter[str] = Counter()
    excess: list[str] = []
    with mail_server() as server, way(server) as deployment:
        for seed in range(first, first + many):
            judge = run(seed, deployment)
            counts += judge.counts
            counts["runs"] += 1
            counts["most"] = max(counts["most"], judge.counts["excess"])
            excess += [
                f"seed {seed}: {evolve(each, claim=evolve(each.claim, permit=''))}" for each in judge.excess
            ]
    return counts, excess


if __name__ == "__main__":
    first, many = map(int, sys.argv[1:3])
    for name in sys.argv[3:] or WAYS:
        counts, excess = series(first, many, WAYS[name])
        said = ", ".join(
            f"{counts[each]} {each}"
            for each in ("runs", "messages", "contacts", "excess", "most", "refusals")
        )
        print(f"{name}: {said}", *excess[:3], sep="\n  ")  # noqa: T201 - it is a program
