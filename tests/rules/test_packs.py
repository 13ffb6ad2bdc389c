"""Packs are short, keep every promise, have stories, and are listed."""

from __future__ import annotations

from pathlib import Path

import pytest

import postinterview as pi
from postinterview.cli.app import run
from postinterview.files import DEFAULT, packaged, read_packaged

ROOT = Path(__file__).parents[2]
PACKS = [name for name in packaged() if name != DEFAULT]


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_short_has_a_version_and_says_what_it_is_for(name: str) -> None:
    text = read_packaged(name)[1].decode("utf-8")
    assert len(text.splitlines()) <= 40
    assert text.startswith("# ")
    rulebook = pi.load_rulebook(name)
    assert rulebook.definition.version == "1"
    assert rulebook.definition.title != pi.load_rulebook().definition.title
    assert [source.name for source in rulebook.definition.sources] == [
        f"rules/{name}.yaml",
        "rules/default.yaml",
    ]


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_keeps_every_promise(name: str) -> None:
    proof = pi.prove(pi.load_rulebook(name), max_seconds=30)
    assert {result.id: result.verdict for result in proof.results if result.verdict != "proved"} == {}
    assert proof


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_has_stories_that_go_as_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    story = ROOT / "examples" / "packs" / f"{name}.yaml"
    assert f"\nrules: {name}\n" in story.read_text(encoding="utf-8")
    assert run(["test", str(story)]) == 0, capsys.readouterr().out


def test_every_pack_is_in_the_table_of_packs() -> None:
    page = (ROOT / "docs" / "rules" / "packs.md").read_text(encoding="utf-8")
    assert [name for name in PACKS if f"\n| `{name}` | " not in page] == []
