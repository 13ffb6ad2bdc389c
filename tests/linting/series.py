"""Make faults of a single line in the packaged rule files, and count those that nothing is said of.

`check` is asked first, and `diff` with the file as it is shipped where `check` has nothing to say.

``python -m tests.linting.series 0 500``; a test does the same with a few.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time  # noqa: TID251 - it measures the series
from typing import Any

from attrs import frozen

from postinterview import load_rulebook
from postinterview.cli.app import run
from postinterview.diffing.change import Change
from postinterview.diffing.declared import declared_changes
from tests.linting.line_faults import LineFault, line_faults, rule_files

_OFTEN = "PI508"
"""The warning that some packs have anyway, about an event of theirs."""


@frozen
class Judged:
    """What was said of a fault.

    ``codes``: by `check`; ``changes``: how many `diff` shows if `check` says nothing; ``names_line``: whether
    the line itself is shown.
    """

    fault: LineFault
    codes: tuple[str, ...]
    names_line: bool
    crashed: bool
    changes: int

    @property
    def verdict(self) -> str:
        if self.crashed:
            return "crashed"
        if not self.codes and not self.changes:
            return "silent"
        if not self.names_line:
            return "elsewhere"
        return "named" if self.codes else "named in diff"


def judge(fault: LineFault, folder: Path, *options: str) -> Judged:
    """Write the file, and check it in this process as the command does."""
    code, document = _check(folder / f"{fault.file}.yaml", fault.text, options)
    crashed = code not in (0, 1) or bool(document["errors"])
    clean = _clean(fault.file, folder, options)
    found = [each for each in document["diagnostics"] if (each["code"], each["message"]) not in clean]
    codes = tuple(each["code"] for each in found)
    if codes or crashed:
        return Judged(fault, codes, _names(fault, found), crashed, 0)
    changes = _changes(fault)
    return Judged(fault, (), any(_shows(fault, each) for each in changes), False, len(changes))


def _changes(fault: LineFault) -> list[Change]:
    """The changes that `diff` shows, of more than words."""
    texts, name = (rule_files()[fault.file], fault.text), f"{fault.file}.yaml"
    old, new = (load_rulebook(text=text, name=name).definition for text in texts)
    return [each for each in declared_changes(old, new) if each.part != "words"]


def _shows(fault: LineFault, change: Change) -> bool:
    """Whether `diff` shows the change at the line at fault, as it is now, or as it was if it is gone."""
    at = change.new or change.old
    lines = fault.lines if change.new else {fault.line}
    return at is not None and at.file == f"{fault.file}.yaml" and at.line in lines


def _check(file: Path, text: str, options: tuple[str, ...]) -> tuple[int, dict[str, Any]]:
    file.write_text(text, encoding="utf-8")
    said = StringIO()
    with redirect_stdout(said):
        code = run(["check", str(file), "--format", "json", *options])
    return code, json.loads(said.getvalue())


@cache
def _clean(file: str, folder: Path, options: tuple[str, ...]) -> set[tuple[str, str]]:
    """What is said of the file as it is shipped."""
    _, document = _check(folder / f"{file}.yaml", rule_files()[file], options)
    return {(each["code"], each["message"]) for each in document["diagnostics"]}


def _names(fault: LineFault, found: list[dict[str, Any]]) -> bool:
    """Whether one of the places shown is the line at fault, the one where it was, or the entry it was in."""
    places = [
        (Path(at["file"]), range(at["line"], at["end_line"] + 1))
        for each in found
        for at in (each, *each["others"])
    ]
    return any(
        fault.line in lines if file.parent.name == "rules" else not fault.lines.isdisjoint(lines)
        for file, lines in places
        if file.stem == fault.file
    )


def series(first: int, count: int, *options: str) -> Iterator[Judged]:
    with TemporaryDirectory() as folder:
        for fault in line_faults(first, count):
            yield judge(fault, Path(folder), *options)


def main(first: int, count: int, *options: str) -> None:
    seen: Counter[str] = Counter()
    began = process_time()
    for each in series(first, count, *options):
        seen[each.verdict] += 1
        if each.verdict != "named":
            print(each.verdict, ",".join(dict.fromkeys(each.codes)), each.fault, flush=True)  # noqa: T201
    print(dict(seen), f"{process_time() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
