"""Run the examples of a page of documentation, block by block, as a reader would.

A page has a folder of its own, in which `rules/` and `examples/` lie. By the language of a fenced block:

- ``python``: runs in the page's one namespace; the ``text`` block right below is what it prints.
- ``console``: each line after ``$`` is run; the lines below it are its output. A line ``...`` stands for
  any lines.
- ``yaml``, ``json``, ``csv`` with ``title="name"``: is written to the page's folder. A YAML file is checked.
  Without a title the lines must stand in a file of the page or in one that is shipped; with the title of a
  file that is shipped, in that one.
- ``diff`` with ``title="name"``: changes that file, which may be one of a host in `tests/hosts`.
- ``python`` with the title of a file that is shipped: its lines must stand in that file.
- ``sql`` with the title of a file in `examples/embedding`: is that file.
- ``toml``: settings of a foreign program; they must parse.
- ``sh``: installs or serves something, so it is shown and not run.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import Factory, define, frozen

from postinterview.audit import load_map
from postinterview.cli.app import run

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("*/**/*.md"))
    if path.relative_to(ROOT).parts[0] in {"docs", "rules", "examples", "README.md", "CONTRIBUTING.md"}
    and "node_modules" not in path.parts
)
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"

_BLOCK = re.compile(r"^( *)```(\w+)(?: title=\"(.*?)\")?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_VARYING = re.compile(r"\d+\.\d+ s\b|\b[0-9a-f]{12}\b|(?:; |promises?, |bounds?, )\d+ states")
"""How long something took, the hash of a file, and how many states a search went through."""
_INSTALLERS = {"cd", "curl", "export", "mkdocs", "npm", "pip", "python", "python3", "source", "uvicorn"}


@frozen
class Block:
    """A fenced block: its text without its indentation, and where it begins in the page."""

    language: str
    title: str
    text: str
    start: int
    indent: str
    line: int


def blocks_of(page: str) -> list[Block]:
    """Return the fenced blocks of a page, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(
            language=found[2],
            title=found[3] or "",
            text=re.sub(rf"^{found[1]}", "", found[4], flags=re.MULTILINE),
            start=found.start(4),
            indent=found[1],
            line=text.count("\n", 0, found.start()) + 1,
        )
        for found in _BLOCK.finditer(text)
    ]


def anchor_of(heading: str) -> str:
    """Return the anchor that a site or GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def keys_under(heading: str, text: str) -> set[str]:
    """Return the keys in the first cells of the table of two columns with this head."""
    rows = text.split(f"| {heading} | |\n|---|---|\n")[1].split("\n\n", maxsplit=1)[0]
    return {key for row in rows.splitlines() for key in re.findall(r"`(\w+)[:`]", row.split("|")[1])}


@define
class Reader:
    """Follows one page. ``folder``: where its files are written; the tests make it the current one."""

    page: str
    folder: Path
    capture: pytest.CaptureFixture[str]
    names: dict[str, object] = Factory(lambda: {"__name__": "__main__"})
    updates: list[tuple[Block, str]] = Factory(list)

    def read(self) -> None:
        blocks = blocks_of(self.page)
        below: Block | None
        taken: set[int] = set()
        for block, below in pairwise([*blocks, None]):
            assert block is not None
            match block.language:
                case "python" if block.title:
                    self._file(block)
                case "python":
                    output = below if below is not None and below.language == "text" else None
                    self._python(block, output)
                    taken |= {output.start} if output else set()
                case "console":
                    self._console(block)
                case "yaml" | "json" | "csv":
                    self._file(block)
                case "toml":
                    tomllib.loads(block.text)
                case "diff":
                    change(self.folder, block, self._at(block))
                case "sql":
                    shipped = ROOT / "examples" / "embedding" / block.title
                    assert block.text == shipped.read_text(encoding="utf-8"), self._at(block)
                case "sh":
                    programs = {line.split()[0] for line in block.text.splitlines() if line[:1].strip()}
                    serves = {"postinterview"} if "postinterview serve" in block.text else set()
                    assert programs <= _INSTALLERS | serves, self._at(block)
                case "text":
                    assert block.start in taken, f"{self._at(block)}: below no block that prints"
                case other:
                    raise AssertionError(f"{self._at(block)}: nothing checks a block of `{other}`")
        if self.updates:
            self._write_page()

    def _python(self, block: Block, below: Block | None) -> None:
        printed = io.StringIO()
        code = compile("\n" * block.line + block.text, self.page, "exec", dont_inherit=True)
        with contextlib.redirect_stdout(printed):
            exec(code, self.names)  # noqa: S102 - the page's own code
        if below is None:
            assert printed.getvalue() == "", f"{self._at(block)}: prints, and no block says what"
        else:
            self._compare(below, printed.getvalue())

    def _console(self, block: Block) -> None:
        shown = ""
        for call, expected in _CALL.findall(block.text):
            printed = self._call(call)
            shown += f"$ {call}\n" + (
                expected if _matches(expected, printed) else _renewed(expected, printed)
            )
        self._compare(block, shown)

    def _call(self, call: str) -> str:
        words = shlex.split(call)
        if words[0] == "cp":
            shutil.copy(words[1], words[2])
            return ""
        assert words[0] == "postinterview", call
        with contextlib.ExitStack() as stack:
            if "<" in words:
                source = stack.enter_context(Path(words[words.index("<") + 1]).open(encoding="utf-8"))
                stack.enter_context(_stdin(source))
                words = words[: words.index("<")]
            run(words[1:])
        out, err = self.capture.readouterr()
        return out + err

    def _file(self, block: Block) -> None:
        if not block.title or (ROOT / block.title).exists():
            files = [ROOT / block.title] if block.title else [*self.folder.glob("*.yaml"), *shipped()]
            texts = [file.read_text(encoding="utf-8") for file in files]
            assert any(stands_in(block.text, text) for text in texts), self._at(block)
            return
        path = self.folder / block.title
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        if block.language == "json":
            json.loads(block.text)
        if block.language == "yaml":
            self._check(block, path)

    def _check(self, block: Block, path: Path) -> None:
        keys = re.findall(r"^(\w+):", block.text, re.MULTILINE)
        if "read" in keys:
            load_map(path)
            return
        if "promises" in keys:
            run(["prove", "examples/pushy/edited-date.yaml", "--promises", block.title])
            assert "error[" not in "".join(self.capture.readouterr()), self._at(block)
            return
        call = ["test", block.title] if "scenarios" in keys else ["check", "--no-proof", block.title]
        if {"edges", "next"} & set(keys):
            call = ["audit", "--graph", block.title]
        code = run(call)
        out, err = self.capture.readouterr()
        assert code in ((0, 1) if call[0] == "audit" else (0,)), f"{self._at(block)}\n{out}{err}"

    def _compare(self, block: Block, actual: str) -> None:
        if UPDATE and not _matches(block.text, actual):
            self.updates.append((block, actual))
        else:
            assert _masked(actual) == _masked(block.text) or _matches(block.text, actual), (
                f"{self._at(block)} says\n{block.text}\nand it is\n{actual}"
            )

    def _at(self, block: Block) -> str:
        return f"{self.page}:{block.line}"

    def _write_page(self) -> None:
        path = ROOT / self.page
        text = path.read_text(encoding="utf-8")
        for block, actual in reversed(self.updates):
            old = re.sub(r"^(?=.)", block.indent, block.text, flags=re.MULTILINE)
            new = re.sub(r"^(?=.)", block.indent, actual, flags=re.MULTILINE)
            assert text.startswith(old, block.start)
            text = text[: block.start] + new + text[block.start + len(old) :]
        path.write_text(text, encoding="utf-8")


def change(folder: Path, block: Block, at: str) -> None:
    """Change a file as a block of `diff` says; the file of a host in `tests/hosts` is copied first."""
    path = folder / block.title
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / "hosts" / block.title, path)
    lines = block.text.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -\n")
    new = "".join(line[1:] for line in lines if line[0] in " +\n")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{at}: its lines stand {text.count(old)} times in the file"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _matches(expected: str, printed: str) -> bool:
    """Return whether the output is as written, where a line ``...`` stands for any lines."""
    pieces = re.split(r"^\.\.\.\n", _masked(expected), flags=re.MULTILINE)
    pattern = r"(?:.*\n)*?".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, _masked(printed)) is not None


def _renewed(expected: str, printed: str) -> str:
    """Return the output as it is now; where parts are left out, the lines closest to those shown.

    Lines that stand together on the page stay together: what is printed between them now is shown, too.
    """
    if "...\n" not in expected or not UPDATE:
        return printed
    lines = printed.splitlines(keepends=True)
    pieces = [
        piece.splitlines(keepends=True) for piece in re.split(r"^\.\.\.\n", expected, flags=re.MULTILINE)
    ]
    shown = []
    for number, piece in enumerate(pieces):
        found = [lines.index(near) for line in piece for near in get_close_matches(line, lines, 1, 0.5)]
        first = 0 if number == 0 and piece else min(found, default=0)
        last = len(lines) if number == len(pieces) - 1 and piece else max(found, default=-1) + 1
        shown.append("".join(lines[first:last]))
    return "...\n".join(shown)


def _masked(text: str) -> str:
    """Return the text without what differs from run to run: and without blanks at line ends."""
    return re.sub(r"[ \t]+$", "", _VARYING.sub("...", text), flags=re.MULTILINE)


def shipped() -> list[Path]:
    return [*ROOT.glob("rules/*.yaml"), *ROOT.glob("examples/**/*.yaml")]


def stands_in(part: str, whole: str) -> bool:
    """Return whether lines stand together in a file, however they are indented there and commented."""
    return "\n" + _bare(part) in "\n" + _bare(whole)


def _bare(text: str) -> str:
    lines = (re.sub(r"(^|\s+)#.*", "", line).strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


@contextlib.contextmanager
def _stdin(source: io.TextIOWrapper) -> Iterator[None]:
    before, sys.stdin = sys.stdin, source
    try:
        yield
    finally:
        sys.stdin = before
