"""A real YAML language server with our schemas: what it completes, explains and finds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from postinterview.cli.schema import TABLES, modeline, schema_file, schema_text
from tests.schema.language_server import LanguageServer, running
from tests.schema.shipped import ROOT, SHIPPED

pytestmark = pytest.mark.slow
VERSION = "1.25.0"
RULES = """\
# yaml-language-server: $schema=schemas/rules.json
format: 1
extends: default
title: Ours
events:
  follow_up:
    contct: chase
machines:
  application:
    transitions:
      follow_up_once:
        guards:
          one_chase: {at_most: 2, off: chase}
          another:
            \

"""
STORY = """\
# yaml-language-server: $schema=schemas/scenarios.json
format: 1
scenarios:
  - name: A talk
    steps:
      - {at: 2026-03-02 10:00, evnt: interview}
      - at: 2026-03-03 10:00
        event: follow_up
        \

"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("editor")
    (made / "schemas").mkdir()
    for kind in TABLES:
        (made / "schemas" / schema_file(kind)).write_text(schema_text(kind), encoding="utf-8")
    package = f"yaml-language-server@{VERSION}"
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", package], cwd=made, check=True)  # noqa: S607
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LanguageServer]:
    program = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    with running(["node", str(program), "--stdio"], folder) as server:
        yield server


def place(text: str, word: str) -> tuple[int, int]:
    before = text[: text.index(word)]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def found(server: LanguageServer, uri: str) -> dict[int, str]:
    return {each["range"]["start"]["line"]: each["message"] for each in server.diagnostics(uri)}


def test_rules_are_completed_and_explained(server: LanguageServer, folder: Path) -> None:
    uri = server.open(folder / "mine.yaml", RULES)
    messages = found(server, uri)
    assert "contct" in messages[place(RULES, "contct")[0]]
    # Of the twelve kinds of guards it speaks of the one that was meant.
    assert messages[place(RULES, "off")[0]] == "Property off is not allowed."
    line, character = place(RULES, "at_most")
    hover = server.at("hover", uri, line, character + 1)
    assert "Fewer than this many happened so far." in hover["contents"]["value"].replace("\\", "")
    line, _ = place(RULES, "another")
    offered = server.at("completion", uri, line + 1, 12)["items"]
    assert {"at_most", "not_before", "spends"} <= {each["label"] for each in offered}


def test_stories_are_completed_by_the_kind_of_step(server: LanguageServer, folder: Path) -> None:
    uri = server.open(folder / "story.yaml", STORY)
    assert "event" in found(server, uri)[place(STORY, "evnt")[0]]
    line, _ = place(STORY, "event: follow_up")
    offered = {each["label"] for each in server.at("completion", uri, line + 1, 8)["items"]}
    assert {"with", "expect", "because"} <= offered
    assert "until" not in offered


@pytest.mark.parametrize("file", SHIPPED)
def test_no_shipped_file_is_complained_about_where_it_is(server: LanguageServer, file: str) -> None:
    path = ROOT / file
    uri = server.open(path, path.read_text(encoding="utf-8"))
    assert server.diagnostics(uri) == []


def test_the_line_of_a_shipped_file_is_what_the_server_reads(server: LanguageServer) -> None:
    path = ROOT / "rules" / "germany.yaml"
    text = path.read_text(encoding="utf-8")
    misspelt = text.replace("\ntitle:", "\ntitel:", 1)
    uri = server.open(path.with_name("misspelt.yaml"), misspelt)  # it is not there; only its folder counts
    assert "titel" in found(server, uri)[place(misspelt, "titel")[0]]


def test_a_copy_without_schemas_beside_it_is_complained_about(server: LanguageServer, folder: Path) -> None:
    text = modeline("nowhere/rules.json") + "\nformat: 1\ntitle: x\n"
    uri = server.open(folder / "copy.yaml", text)
    assert any("nowhere/rules.json" in message for message in found(server, uri).values())
