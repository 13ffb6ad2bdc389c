"""Find, read, link and play the scenarios that the command line names."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter  # noqa: TID251 - it measures how long a story takes
from typing import Any

import click
from attrs import define, evolve, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.inputs import Found, read_all
from postinterview.cli.options import FILE, RULES, Command
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_count
from postinterview.countries import known_codes
from postinterview.files import UnreadableError, as_text
from postinterview.layout import Line, Piece, line
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.render import diagnostics_data
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError
from postinterview.scenario.consequences import find_consequences
from postinterview.scenario.linking import Unplayable, link, link_to_others
from postinterview.scenario.parsing import ParsedScenarioFile, holds_no_scenarios
from postinterview.scenario.parsing import read as read_scenarios
from postinterview.scenario.playing import Played, play
from postinterview.scenario.selection import Selection, parse_selection


def playing_options(command: Command) -> Command:
    """Add what commands that play scenarios have in common: the paths, ``--rules`` and ``-k``."""
    for option in (
        click.option(
            "-k",
            "chosen",
            metavar="EXPRESSION",
            callback=_selection,
            help="Play only scenarios whose name or file has these words: `thank and not (late or round)`.",
        ),
        click.option(
            "--rules",
            metavar="FILE",
            type=RULES,
            help="Play against these rules instead of those of each file.",
        ),
        click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=FILE),
    ):
        command = option(command)
    return command


def _selection(_context: click.Context, _option: click.Parameter, value: str | None) -> Selection | None:
    try:
        return None if value is None else parse_selection(value)
    except MisuseError as error:
        raise click.BadParameter(f"{error.message}; {error.help}.") from None


@define
class FilePlayer:
    """Plays scenario files, prints what is wrong with them, and keeps count.

    ``rules``: play against these, and not those that the files name. ``chosen``: which scenarios to play.
    ``after_scenario`` is called with each one that was played, and the seconds that took. ``skipped``: files
    in folders that hold no scenarios. ``unplayable``: scenarios that name what the rules do not have.
    ``not_chosen``: how many were left out by ``chosen``.
    """

    screen: Screen
    paths: tuple[str, ...]
    rules: str | None = None
    chosen: Selection | None = None
    after_scenario: Callable[[Played, float], None] = lambda _played, _seconds: None
    diagnostics: list[Diagnostic] = field(factory=list)
    unreadable: list[UnreadableError] = field(factory=list)
    skipped: list[str] = field(factory=list)
    unplayable: list[Unplayable] = field(factory=list)
    not_chosen: int = 0
    played: int = 0
    failed: int = 0
    _rulebooks: Rulebooks = field(factory=Rulebooks)
    _reported: set[str] = field(factory=set)
    _progress: Progress = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._progress = Progress("steps played", quiet=self.screen.is_seen)

    def play(
        self, lines: Callable[[Played], Iterable[Line]], data: Callable[[Played], dict[str, Any]]
    ) -> int:
        """Play every scenario and print it as ``lines`` or as ``data``. Return the exit code.

        Raises `RulesError` and `UnreadableError` for ``rules``.
        """
        if self.rules is not None:
            self._rulebooks.load(self.rules)
        if self.screen.as_json:
            self.screen.document.items("scenarios", map(data, self._scenarios()))
        else:
            for played in self._scenarios():
                self.screen.show(lines(played))
        if not (self.played or self.diagnostics or self.unreadable or self.unplayable):
            self._report_nothing()
        self.screen.answer(
            {
                "passed": self.exit_code == YES,
                "skipped": self.skipped,
                "not_chosen": self.not_chosen,
                "unplayable": [_unplayable_data(each) for each in self.unplayable],
                "diagnostics": diagnostics_data(self.diagnostics),
            }
        )
        return self.exit_code

    @property
    def rule_files(self) -> set[str]:
        """The rule files that the scenarios were played with, and those that could not be read."""
        return self._rulebooks.files

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return UNREADABLE
        return NO if self.failed or self.diagnostics or self.unplayable or not self.played else YES

    @property
    def summary(self) -> str:
        """``12 scenarios, 2 failed``."""
        counts = say_count(self.played, "scenario")
        counts += f", {self.failed} failed" if self.failed else ", as expected" if self.played else ""
        if self.unplayable:
            counts += f", {len(self.unplayable)} not playable"
        if self.not_chosen:
            counts += f"; {self.not_chosen} not chosen"
        if self.skipped:
            counts += f"; {say_count(len(self.skipped), 'file')} without scenarios skipped"
        return counts

    def unplayable_lines(self) -> Iterator[Line]:
        """Yield what scenarios name that the rules do not have, each name once."""
        if not self.unplayable:
            return
        named: dict[str, list[Diagnostic]] = {}
        for scenario in self.unplayable:
            for message, diagnostic in {each.message: each for each in scenario.diagnostics}.items():
                named.setdefault(message, []).append(diagnostic)
        counted = say_count(len(self.unplayable), "scenario")
        told = f"{counted} can't be played with {self.rules}, which lacks what they name:"
        yield line(Piece(told, "failed"))
        for message, found in named.items():
            count = say_count(len(found), "scenario")
            yield line(f"    {message}: {count}, first ", Piece(str(found[0].where), "dim"))

    def _scenarios(self) -> Iterator[Played]:
        for found, shown, text in read_all(self.paths, self._report_unreadable):
            yield from self._file(found, shown, text)
        self._progress.clear()

    def _file(self, found: Found, shown: str, text: bytes) -> Iterator[Played]:
        reading = read_scenarios(text, shown)
        if found.in_folder and holds_no_scenarios(reading, text):
            self.skipped.append(shown)
            return
        sources = {shown: as_text(text)}
        if reading.content.shape is None:
            self._report(reading.content.diagnostics, sources)
            return
        reading = self._choose(reading, shown)
        if not reading.scenarios and not reading.content.diagnostics:
            return
        try:
            rulebook = self._rulebooks.load_for(reading.content, found.path, sources, self.rules)
        except RulesError as error:
            self._report_rules(error, shown)
            return
        linked = (link if self.rules is None else link_to_others)(reading, rulebook.definition, known_codes)
        if linked.diagnostics:
            sources |= self._rulebooks.texts(rulebook)
        self._report(linked.diagnostics, sources)
        self.unplayable += linked.unplayable
        for scenario in linked.scenarios:
            began = perf_counter()
            played = find_consequences(play(scenario, rulebook, after_step=self._progress.step))
            self.played += 1
            self.failed += not played.passed
            self.after_scenario(played, perf_counter() - began)
            yield played
            self._report(played.diagnostics, sources)

    def _choose(self, reading: ParsedScenarioFile, shown: str) -> ParsedScenarioFile:
        """Return the file with the scenarios that are chosen."""
        if self.chosen is None:
            return reading
        kept = tuple(each for each in reading.scenarios if self.chosen(f"{shown} {each.name}"))
        self.not_chosen += len(reading.scenarios) - len(kept)
        return evolve(reading, scenarios=kept)

    def _report_unreadable(self, error: UnreadableError) -> None:
        self._progress.clear()
        self.unreadable.append(error)
        self.screen.complain(error.message, error.help)

    def _report_rules(self, error: RulesError, file: str) -> None:
        """Report what is wrong with a scenario file, and once what is wrong with the rules that it names."""
        files = {each.where.file for each in error.diagnostics} - {file}
        told, self._reported = self._reported, self._reported | files
        self._report([each for each in error.diagnostics if each.where.file not in told], error.sources)

    def _report(self, diagnostics: Iterable[Diagnostic], sources: dict[str, str]) -> None:
        """Keep diagnostics and print them."""
        found = list(diagnostics)
        if found:
            self.diagnostics.extend(found)
            self._progress.clear()
            self.screen.diagnose(found, sources)

    def _report_nothing(self) -> None:
        where = " ".join(map(shlex.quote, self.paths))
        if self.not_chosen:
            counted = say_count(self.not_chosen, "scenario")
            message = f"no scenario in {where} is chosen by `-k`: {counted} left out"
            self.screen.complain(
                message, "a word is looked for in the names of the scenarios and their files"
            )
            return
        skipped = (
            f": {say_count(len(self.skipped), 'file')} there without `scenarios:`" if self.skipped else ""
        )
        self.screen.complain(
            f"no scenario found in {where}{skipped}",
            "name a scenario file, or a folder with some; `postinterview check FILE` checks a rule file",
        )


def _unplayable_data(each: Unplayable) -> dict[str, Any]:
    where = each.where
    place = {"file": where.file, "line": where.line, "column": where.column}
    return {"name": each.name, **place, "diagnostics": diagnostics_data(each.diagnostics)}
