"""Each pushy example breaks its promise by exactly the story that is kept beside this test.

``UPDATE_GOLDEN=1 pytest tests/proof/test_pushy_packs.py`` writes the stories anew: read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.cli.app import run
from postinterview.proof.prove import Result
from postinterview.proof.reports.story_file import breaking, scenario_file
from tests.proof.helpers import PATIENT
from tests.proof.oracle import broken

PACKS = Path(__file__).parents[2] / "examples" / "pushy"
STORIES = Path(__file__).parent / "pushy"
BREAKS = {
    "cadence": "one_chase",
    "entered-again": "one_follow_up",
    "own-reset": "one_chase",
    "edited-date": "not_before_the_date",
    "an-hour-too-little": "attempts_apart",
    "ten-then-fourteen": "one_chase",
    "one-a-stage": "one_chase",
}


def violated(pack: str) -> Result:
    proof = pi.prove(pi.load_rulebook(PACKS / f"{pack}.yaml"), max_seconds=PATIENT)
    assert proof.verdict == "violated"
    return next(result for result in proof.results if result.id == BREAKS[pack])


def test_every_pack_has_its_promise() -> None:
    assert {path.stem for path in PACKS.glob("*.yaml")} == set(BREAKS)


@pytest.mark.parametrize("pack", BREAKS)
def test_the_proof_finds_this_story(pack: str) -> None:
    result = violated(pack)
    replay = result.violation
    assert replay is not None
    act = replay.story.act
    assert result.id in broken(replay.process, act.event, act.at, to=act.to, application=act.application)
    scenario = breaking(result)
    assert scenario is not None
    text = scenario_file(f"../../../examples/pushy/{pack}.yaml", scenario)
    kept = STORIES / f"{pack}.yaml"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("pack", BREAKS)
def test_run_plays_the_story_to_its_end(pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", str(STORIES / f"{pack}.yaml")]) == 0
    assert "as expected" in capsys.readouterr().out
