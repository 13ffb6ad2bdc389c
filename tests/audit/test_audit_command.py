"""`audit` ends in one line or one document, whatever its history, its table or its store is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import CLEAN, MAP, Caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "clean.csv").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "table.yaml").write_text("format: 1\nnext: {a: [a]}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("store", "code"),
    [
        ("sqlite+aiosqlite:///x.db", 2),
        ("sqlite:///x.db?timeout=soon", 2),
        ("sqlite://", 2),
        ("mysql://localhost/x", 2),
        ("postgresql+nodriver://localhost/x", 3),
        ("no/such/folder/x.db", 3),
    ],
)
def test_a_store_that_can_not_be_opened_is_told_in_one_line(
    folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch, store: str, code: int
) -> None:
    monkeypatch.chdir(folder)
    answer = call("audit", "clean.csv", "--map", "map.yaml", "--save", store)

    assert (answer.code, answer.out) == (code, "")
    assert "Traceback" not in answer.err
    assert sum("rror: " in line for line in answer.err.splitlines()) == 1
    assert not (folder / "x.db").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("clean.csv --map map.yaml", 0),
        ("other.csv --map map.yaml", 1),
        ("clean.csv --map other.csv", 1),
        ("nothing.csv --map map.yaml", 3),
        ("clean.csv --map nothing.yaml", 3),
        ("clean.csv --map map.yaml --rules nothing", 3),
        ("clean.csv --map map.yaml --save no/such/folder/x.db", 3),
        ("--graph table.yaml", 1),
        ("--graph map.yaml", 1),
        ("--graph nothing.yaml", 3),
    ],
)
def test_every_ending_but_misuse_is_one_document_of_a_version(
    folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch, arguments: str, code: int
) -> None:
    monkeypatch.chdir(folder)
    answer = call("audit", *arguments.split(), "--format", "json")

    document = json.loads(answer.out)
    assert (answer.code, answer.err, document["version"]) == (code, "", 1)
    assert bool(document["errors"]) is (code == 3)
