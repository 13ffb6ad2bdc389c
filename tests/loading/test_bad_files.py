"""Bad rule files and the exact text that is said of each.

``tests/bad/<family>/<CODE>-<what>.yaml`` is the file, the ``.txt`` beside it what the loader says of
it, whole. Files that no repository should hold (binary, huge, in another encoding) are built here, and
have only the ``.txt``. ``UPDATE_GOLDEN=1 pytest tests/loading/test_bad_files.py`` writes the texts anew:
read the difference before it is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest

from postinterview.loading import load, nodes, render
from postinterview.loading.codes import CODES, Code
from postinterview.loading.diagnostics import Diagnostic, Findings

BAD = Path(__file__).parents[1] / "bad"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"

Loader: TypeAlias = Callable[[bytes, str], tuple[Diagnostic, ...]]


def read_only(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    findings = Findings()
    nodes.read(data, file, findings, pure=pure)
    return findings.sorted()


def load_whole(data: bytes, file: str) -> tuple[Diagnostic, ...]:
    return load(data, file, name="bad").diagnostics


SYNTAX: tuple[Loader, ...] = (partial(read_only, pure=False), partial(read_only, pure=True))
LOADERS: dict[str, tuple[Loader, ...]] = {"syntax": SYNTAX}
"""By family, every way to load that must say the same; any other family goes through the whole loader."""

BUILT: dict[str, bytes] = {
    "syntax/PI001-empty.yaml": b"",
    "syntax/PI002-huge.yaml": b"# " + b"x" * 1_000_000,
    "syntax/PI003-windows-1252.yaml": "format: 1\ntitle: Après l'entretien\n".encode("cp1252"),
    "syntax/PI003-utf-16.yaml": "format: 1\n".encode("utf-16"),
    "syntax/PI003-utf-16-without-mark.yaml": "format: 1\n".encode("utf-16-le"),
    "syntax/PI003-utf-32.yaml": "format: 1\n".encode("utf-32"),
    "syntax/PI004-binary.yaml": b"\x7fELF\x02\x01\x01\x00\x00\x00\x00",
    "syntax/PI004-unseen.yaml": "events:\n  follow\u200b_up: {by: candidate}\n  reply:\xa0{by: candidate}\n".encode(),
    "syntax/PI004-terminal-orders.yaml": b"title: \x1b[31mred\x1b[0m\r\nwhy: no\r\n",
    "syntax/PI029-endless-name.yaml": b"x" * 1100 + b": y\n",
}


def bad_files() -> dict[str, bytes]:
    """Every bad file by its name below ``tests/bad``."""
    kept = {path.relative_to(BAD).as_posix(): path.read_bytes() for path in sorted(BAD.glob("*/*.yaml"))}
    return {**kept, **BUILT}


FILES = bad_files()


def code_of(name: str) -> str:
    return name.split("/")[1].split("-")[0]


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_answered_with_exactly_this_text(name: str) -> None:
    family, file = name.split("/")
    expected = (BAD / name).with_suffix(".txt")
    source = FILES[name].decode("utf-8", "replace")
    for loader in LOADERS.get(family, (load_whole,)):
        found = loader(FILES[name], file)
        shown = render.text(found, {file: source})
        if UPDATE:
            expected.write_text(shown, encoding="utf-8")
        assert shown == expected.read_text(encoding="utf-8")
        assert code_of(name) in {each.code for each in found}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_bad_file(code: str) -> None:
    assert code in {code_of(name) for name in FILES}


def test_every_expected_text_has_its_bad_file() -> None:
    texts = {path.relative_to(BAD).with_suffix(".yaml").as_posix() for path in BAD.glob("*/*.txt")}
    assert texts == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_every_diagnostic_has_a_page_and_says_what_to_do(name: str) -> None:
    family, file = name.split("/")
    for each in LOADERS.get(family, (load_whole,))[0](FILES[name], file):
        assert each.code in CODES
        assert each.help
        assert not each.message.endswith(".")


@pytest.mark.parametrize("page", [page for page in CODES.values() if page.code < "PI1"], ids=lambda page: page.code)
def test_the_examples_on_a_page_show_its_fault_and_its_remedy(page: Code) -> None:
    for loader in SYNTAX:
        if not ("(" in page.example_bad or "<" in page.example_bad.removeprefix("follow_up: {<<")):
            assert page.code in {each.code for each in loader(page.example_bad.encode(), "example.yaml")}
        if "(" not in page.example_good:
            assert loader(page.example_good.encode(), "example.yaml") == ()
