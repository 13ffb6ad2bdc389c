"""Find the steps of a story that failed only because an earlier step did.

A refused act is not recorded, so what later steps rest on is missing from the history. The story is told once
more as it was meant: an act that should be allowed is recorded even if it is refused, and one that should be
refused is not recorded even if it is allowed. A failed step that goes as expected then was a consequence. One
that fails again has a cause of its own. So has each step of a story that can't be told as it was meant.
"""

from __future__ import annotations

from attrs import evolve

from postinterview.core.values.errors import MisuseError
from postinterview.scenario.judging import failures_of
from postinterview.scenario.playing import Played, as_told, begin, count_refolded, perform


def find_consequences(played: Played) -> Played:
    """Return the scenario with its consequences marked.

    A misuse that stopped it is left out if the story as it was meant does not stop there.
    """
    failed = played.failed_steps
    if not failed or (len(failed) == 1 and not played.diagnostics):
        return played
    meant, last = _told_as_meant(played)
    passed = frozenset(step.step.number for step in failed[1:]) & meant
    stopped = last < len(played.scenario.steps)
    return evolve(played, consequences=passed, diagnostics=played.diagnostics if stopped else ())


def _told_as_meant(played: Played) -> tuple[frozenset[int], int]:
    """Return the numbers of the steps that go as expected, and how many could be told."""
    passed: list[int] = []
    told = refolded = 0
    try:
        process = begin(played.scenario, played.rulebook)
        for step in played.scenario.steps:
            refolded = count_refolded(process, step, refolded)
            if not failures_of(step, perform(process, step)):
                passed.append(step.number)
            process = as_told(process, step)
            told += 1
    except MisuseError:  # it can't be told as it was meant: the steps from here on have causes of their own
        pass
    return frozenset(passed), told
