"""``postinterview migrate``: what becomes of saved processes under rules that have changed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click
from attrs import define, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.finding import STDIN, Found, find, read
from postinterview.cli.options import HELP, as_json, examples
from postinterview.cli.progress import Progress
from postinterview.cli.rules import NoRules, Rulebooks
from postinterview.cli.screen import Screen
from postinterview.cli.writing import replace
from postinterview.core.rulebook import Rulebook
from postinterview.files import DEFAULT, UnreadableError
from postinterview.loading.render import as_json as diagnostics_data
from postinterview.saving.answers import Answer, Fate, answer, may_be_saved
from postinterview.scenario.lines import Line, Piece, line

_SAID: dict[Fate, str] = {
    "unchanged": "unchanged",
    "goes_on": "goes on under the new rules",
    "carried_over": "carried over",
    "refused": "refused",
    "damaged": "damaged",
}


@click.command(
    "migrate",
    context_settings=HELP,
    short_help="Carry saved processes over to changed rules.",
    epilog=examples(
        "postinterview migrate --check processes/ --rules rules/mine.yaml",
        "postinterview migrate processes/ --rules rules/mine.yaml",
        "postinterview migrate --check acme.json --format json",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--check", is_flag=True, help="Only say what would happen; write nothing.")
@click.option("--rules", default=DEFAULT, metavar="FILE", help="The rules of now; else the packaged ones.")
@as_json
def command(paths: tuple[str, ...], check: bool, rules: str, as_json: bool) -> int:
    """Carry saved processes over to rules that have changed since, or say what would happen.

    PATH is a file that `process.to_json()` wrote, or a folder with such files, whose names end in `.json`.
    Each is told under the rules of now: it is unchanged, goes on as it is, is carried over by one of the
    rules' `migrations:`, is refused with each difference, or is damaged. Files are written anew only if none
    is refused or damaged, and each as a whole or not at all. Let no program write them meanwhile.

    Exit code 0: all of them can go on; 1: some can't, or the rules have errors; 3: a file can't be read or
    written.
    """
    if STDIN in paths and not check:
        raise click.UsageError("`-` has no file to write: add --check")
    screen = Screen(as_json=as_json)
    rulebooks = Rulebooks()
    rulebook = rulebooks.find(rules, "")
    if isinstance(rulebook, NoRules):
        return _no_rules(screen, rulebook, rulebooks)
    asked = _Asked(screen, rulebook)
    asked.ask(paths)
    write = not check and not asked.stuck
    if write:
        asked.write()
    screen.show([line(asked.summary(check=check))])
    screen.answer(
        {
            "passed": asked.exit_code == YES,
            "written": asked.written,
            "processes": asked.data,
            "skipped": asked.skipped,
            "diagnostics": [],
        }
    )
    return asked.exit_code


def _no_rules(screen: Screen, rules: NoRules, rulebooks: Rulebooks) -> int:
    if not rules.diagnostics:
        screen.complain(rules.message, rules.help)
        return UNREADABLE
    screen.diagnose(rules.diagnostics, rulebooks.sources)
    data = {"passed": False, "written": [], "processes": [], "skipped": []}
    screen.answer({**data, "diagnostics": diagnostics_data(rules.diagnostics)})
    return NO


@define
class _Asked:
    """Asks of every file what becomes of it, says so, and keeps count.

    ``skipped``: files in folders that hold no saved process. ``changing``: those to be written anew.
    """

    screen: Screen
    rulebook: Rulebook
    counts: Counter[Fate] = field(factory=Counter)
    data: list[dict[str, Any]] = field(factory=list)
    skipped: list[str] = field(factory=list)
    changing: list[str] = field(factory=list)
    written: list[str] = field(factory=list)
    unreadable: bool = False

    @property
    def stuck(self) -> bool:
        """Whether something can't go on, so that nothing is to be written."""
        return self.unreadable or bool(self.counts["refused"] or self.counts["damaged"])

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return UNREADABLE
        return NO if self.stuck or not self.data else YES

    def ask(self, paths: Iterable[str]) -> None:
        """Say of every file what becomes of it."""
        seen = sys.stdout.isatty() and not self.screen.as_json
        progress = Progress("processes asked about", quiet=seen)
        for shown, text, path in self._texts(paths):
            found = answer(self.rulebook, text)
            progress.step()
            self.counts[found.fate] += 1
            self.data.append({"file": shown, **found.as_json()})
            if found.text is not None:
                self.changing.append(path)
            self.screen.show(_told(shown, found))
        progress.clear()

    def write(self) -> None:
        """Write anew what is to be; each file is read and asked about once more, as it is then."""
        progress = Progress("processes written", quiet=False)
        for path in self.changing:
            try:
                found = answer(self.rulebook, read(path)[1])
                if found.text is not None:
                    replace(path, found.text)
                    self.written.append(path)
            except UnreadableError as error:
                self._refused(error)
            progress.step()
        progress.clear()

    def summary(self, *, check: bool) -> str:
        """``12 processes: 10 unchanged, 2 carried over; 2 written``."""
        total = sum(self.counts.values())
        words = {**_SAID, "goes_on": "under the new rules"}
        said = ", ".join(f"{self.counts[fate]} {text}" for fate, text in words.items() if self.counts[fate])
        skipped = f"; {_count(len(self.skipped), 'other file')} skipped" if self.skipped else ""
        if not total:
            return f"no saved process found{skipped}"
        done = "" if check else f"; {len(self.written) or 'nothing'} written"
        return f"{_count(total, 'process', 'es')}: {said}{done}{skipped}"

    def _texts(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes, str]]:
        seen: set[str] = set()
        for path in paths:
            try:
                for found in find(path, seen):
                    yield from self._text(found)
            except UnreadableError as error:
                self._refused(error)

    def _text(self, found: Found) -> Iterator[tuple[str, bytes, str]]:
        if found.in_folder and not found.path.endswith(".json"):
            return
        try:
            shown, text = read(found.path)
        except UnreadableError as error:  # the other files of the folder can still be read
            self._refused(error)
            return
        if found.in_folder and not may_be_saved(text):
            self.skipped.append(shown)
        else:
            yield shown, text, found.path

    def _refused(self, error: UnreadableError) -> None:
        self.unreadable = True
        self.screen.complain(error.message, error.help)


def _told(file: str, found: Answer) -> Iterator[Line]:
    sign = Piece("ok    ", "ok") if found.can_be else Piece("FAIL  ", "failed")
    said = _SAID[found.fate]
    if found.migration:
        said += f" by `{found.migration}`"
        said += f", {len(found.differences)} judged anew" if found.differences else ""
    elif found.message:
        said += f": {found.path}: {found.message}" if found.path else f": {found.message}"
    yield line(sign, f"{file}  {said}")
    for each in found.differences:
        yield line(f"        - {each}")
    if found.help:
        yield line(Piece(f"        = help: {found.help}", "dim"))


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number} {noun}{'' if number == 1 else plural}"
