"""Mermaid's own parser reads what is written for it. Needs node and npm."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.drawing.gantt import gantt
from postinterview.drawing.mermaid import mermaid, mermaid_of_all
from tests.drawing.test_pictures import RULES, definition
from tests.drawing.test_stories import FILES, stories

pytestmark = pytest.mark.slow
PACKAGES = ("mermaid@11.17.2", "jsdom@29.1.1")
PARSE = """\
import { JSDOM } from 'jsdom';
import { readFileSync } from 'node:fs';
const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
const found = [];
for (const text of JSON.parse(readFileSync('texts.json', 'utf8'))) {
  found.push(await mermaid.parse(text).then((each) => each.diagramType, (error) => 'ERROR ' + error));
}
console.log(JSON.stringify(found));
"""
NASTY = (
    "end",
    "a: b; c",
    "<script>x</script>",
    '" [*] --> {}',
    "%% gone",
    "#35;",
    "state note",
    "{{a}}",
    "漢`~",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mermaid")
    install = ["npm", "install", "--no-audit", "--no-fund", *PACKAGES]
    subprocess.run(install, cwd=made, check=True)  # noqa: S603
    (made / "parse.mjs").write_text(PARSE, encoding="utf-8")
    return made


def parsed(folder: Path, texts: list[str]) -> list[str]:
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    done = subprocess.run(["node", "parse.mjs"], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    found: list[str] = json.loads(done.stdout)
    return found


def test_mermaid_reads_every_packaged_file_whole_and_by_machine(folder: Path) -> None:
    rules = [definition(name) for name in RULES]
    texts = [mermaid_of_all(each, guards=guards) for each in rules for guards in (False, True)]
    texts += [
        mermaid(machine, each.events, guards=True) for each in rules for machine in each.machines.values()
    ]

    assert set(parsed(folder, texts)) == {"stateDiagram"}


def test_mermaid_reads_every_story(folder: Path) -> None:
    texts = [gantt(each) for name in FILES for each in stories(name)]

    assert set(parsed(folder, texts)) == {"gantt"}


def test_mermaid_reads_titles_that_are_full_of_its_own_marks(folder: Path) -> None:
    rules = pi.load_rulebook().definition
    machines = []
    for title in NASTY:
        machine = rules.machines["application"]
        states = {name: evolve(state, title=title) for name, state in machine.states.items()}
        machines.append(evolve(machine, title=title, states=states))
    texts = [mermaid(each, rules.events) for each in machines]
    texts += [mermaid_of_all(evolve(rules, machines={"end": each, "a": each})) for each in machines]

    assert set(parsed(folder, texts)) == {"stateDiagram"}


def test_what_is_no_mermaid_is_an_error(folder: Path) -> None:
    (found,) = parsed(folder, ["stateDiagram-v2\n  a --> : x"])

    assert found.startswith("ERROR")
