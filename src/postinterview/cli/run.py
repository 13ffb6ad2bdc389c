"""``postinterview run``: find, read, link and play scenarios, and show each as a timeline."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click
from attrs import define, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.inputs import Found, Rulebooks, read_all
from postinterview.cli.options import FILE, HELP, examples, output
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.formatting import say_count
from postinterview.countries import known_codes
from postinterview.files import UnreadableError, as_text
from postinterview.layout import BLANK, Line, line
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.render import diagnostics_data
from postinterview.rulebooks import RulesError
from postinterview.scenario.linking import link
from postinterview.scenario.parsing import ParsedScenarioFile
from postinterview.scenario.parsing import read as read_scenarios
from postinterview.scenario.playing import Played, play
from postinterview.scenario.scenario_json import played_data
from postinterview.scenario.scenario_text import timeline_lines


@define
class FilePlayer:
    """Plays scenario files, prints what is wrong with them, and keeps count.

    ``skipped``: files in folders that hold no scenarios.
    """

    screen: Screen
    paths: tuple[str, ...]
    diagnostics: list[Diagnostic] = field(factory=list)
    skipped: list[str] = field(factory=list)
    unreadable: bool = False
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
        """Play every scenario and print it as ``lines`` or as ``data``. Return the exit code."""
        if self.screen.as_json:
            self.screen.document.items("scenarios", map(data, self._scenarios()))
        else:
            for played in self._scenarios():
                self.screen.show(lines(played))
        if not self.played and not self.diagnostics and not self.unreadable:
            self._report_nothing()
        self.screen.answer(
            {
                "passed": self.exit_code == YES,
                "skipped": self.skipped,
                "diagnostics": diagnostics_data(self.diagnostics),
            }
        )
        return self.exit_code

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return UNREADABLE
        return NO if self.failed or self.diagnostics or not self.played else YES

    @property
    def summary(self) -> str:
        """``12 scenarios, 2 failed``."""
        counts = say_count(self.played, "scenario")
        counts += f", {self.failed} failed" if self.failed else ", as expected"
        if self.skipped:
            counts += f"; {say_count(len(self.skipped), 'file')} without scenarios skipped"
        return counts

    def _scenarios(self) -> Iterator[Played]:
        for found, shown, text in read_all(self.paths, self._report_unreadable):
            yield from self._file(found, shown, text)
        self._progress.clear()

    def _file(self, found: Found, shown: str, text: bytes) -> Iterator[Played]:
        reading = read_scenarios(text, shown)
        if found.in_folder and _holds_no_scenarios(reading, text):
            self.skipped.append(shown)
            return
        sources = {shown: as_text(text)}
        if reading.content.shape is None:
            self._report(reading.content.diagnostics, sources)
            return
        try:
            rulebook = self._rulebooks.load_for(reading.content, found.path, sources)
        except RulesError as error:
            self._report_rules(error, shown)
            return
        linked = link(reading, rulebook.definition, known_codes)
        if linked.diagnostics:
            sources |= self._rulebooks.texts(rulebook)
        self._report(linked.diagnostics, sources)
        for scenario in linked.scenarios:
            played = play(scenario, rulebook, after_step=self._progress.step)
            self.played += 1
            self.failed += not played.passed
            yield played
            self._report(played.diagnostics, sources)

    def _report_unreadable(self, error: UnreadableError) -> None:
        self._progress.clear()
        self.unreadable = True
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
        skipped = (
            f": {say_count(len(self.skipped), 'file')} there without `scenarios:`" if self.skipped else ""
        )
        self.screen.complain(
            f"no scenario found in {where}{skipped}",
            "name a scenario file, or a folder with some; `postinterview check FILE` checks a rule file",
        )


def _holds_no_scenarios(reading: ParsedScenarioFile, text: bytes) -> bool:
    """Return whether a file that was found in a folder is something else, and no broken scenario file."""
    if not reading.content.readable:
        return b"scenarios" not in text
    return reading.content.language != "scenarios"


@click.command(
    "run",
    context_settings=HELP,
    short_help="Play scenarios and show timelines.",
    epilog=examples(
        "postinterview run story.yaml",
        "postinterview run scenarios/ --format json",
        "postinterview run story.yaml | less",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=FILE)
@output()
def command(paths: tuple[str, ...], screen: Screen) -> int:
    """Play scenarios and show each as a timeline.

    PATH is a scenario file, a folder, or `-` for standard input. In a folder every file with scenarios
    is played, at any depth. A timeline shows for each step the date, the event and the states that changed;
    for a refusal also its reasons and when the act will be allowed. The agenda follows at the end.

    Exit code 1: a step did not go as expected, a file has errors, or no scenario was found; 3: a file
    can't be read.
    """
    player = FilePlayer(screen, paths)

    def lines(played: Played) -> Iterator[Line]:
        if player.played > 1:
            yield BLANK
        yield from timeline_lines(played, screen.width)

    code = player.play(lines, played_data)
    if player.played > 1 or (player.played and player.skipped):
        screen.show([BLANK, line(player.summary)])
    return code
