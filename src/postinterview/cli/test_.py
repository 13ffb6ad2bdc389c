"""``postinterview test``: check that scenarios go as expected."""

from __future__ import annotations

from collections.abc import Iterator

import click
from attrs import define, field

from postinterview.cli.atomic_write import replace
from postinterview.cli.options import HELP, NewPath, examples, output
from postinterview.cli.play_files import FilePlayer, playing_options
from postinterview.cli.terminal import Screen
from postinterview.core.formatting import say_count
from postinterview.layout import BLANK, Line, line
from postinterview.scenario.causes import FailedStep, failed_steps, group_by_cause, group_lines, groups_data
from postinterview.scenario.junit import JUnitReport
from postinterview.scenario.playing import Played
from postinterview.scenario.scenario_json import summary_data
from postinterview.scenario.scenario_text import result_line
from postinterview.scenario.selection import Selection


@click.command(
    "test",
    context_settings=HELP,
    short_help="Check that scenarios go as expected.",
    epilog=examples(
        "postinterview test scenarios/",
        "postinterview test scenarios/ --rules mine.yaml",
        'postinterview test scenarios/ -k "soon and not late"',
        "postinterview test scenarios/ --junit results.xml",
        "postinterview test story.yaml --format json",
    ),
)
@playing_options
@click.option(
    "--junit", metavar="FILE", type=NewPath("results.xml"), help="Write the results as JUnit XML, too."
)
@output()
def command(
    paths: tuple[str, ...], rules: str | None, chosen: Selection | None, junit: str | None, screen: Screen
) -> int:
    """Check that scenarios go as they expect: a line for each, and the steps that failed.

    PATH is a scenario file, a folder, or `-` for standard input, as for `postinterview run`. Failed steps are
    grouped by their cause, such as a guard at its line of the rules. The first step of a group is shown with
    what was expected and every guard that was asked. Steps that failed only because an earlier step did are
    counted.

    Exit code 1: a step did not go as expected, a file has errors, a scenario can't be played with the rules,
    or no scenario was found; 3: a file can't be read or written.
    """
    results = _Results(JUnitReport() if junit else None)
    player = FilePlayer(screen, paths, rules, chosen, results.add)
    code = player.play(lambda played: [result_line(played)], summary_data)
    groups = group_by_cause(results.failed)
    for group in groups:
        screen.show([BLANK, *group_lines(group, screen.width)])
    screen.show(results.consequence_lines())
    if player.unplayable:
        screen.show([BLANK, *player.unplayable_lines()])
    if player.played or player.unplayable:
        screen.show([*([BLANK] if groups or player.unplayable else []), line(player.summary)])
    screen.answer({"causes": groups_data(groups), "consequences": results.consequences})
    if junit and results.junit:
        for each in player.unplayable:
            results.junit.add_unplayable(each)
        results.junit.add_errors(player.diagnostics)
        for error in player.unreadable:
            results.junit.add_unreadable(error.path, error.message)
        replace(junit, results.junit.text())
    return code


@define
class _Results:
    """Collects the steps that failed, and counts those that failed only because an earlier one did."""

    junit: JUnitReport | None
    failed: list[FailedStep] = field(factory=list)
    consequences: int = 0

    def add(self, played: Played) -> None:
        self.failed += failed_steps(played)
        self.consequences += len(played.consequences)
        if self.junit:
            self.junit.add(played)

    def consequence_lines(self) -> Iterator[Line]:
        if self.consequences:
            counted = say_count(self.consequences, "more step")
            yield BLANK
            yield line(f"{counted} failed only because an earlier step of the same scenario did")
