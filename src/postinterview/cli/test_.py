"""``postinterview test``: check that scenarios go as expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
from attrs import define, field

from postinterview.cli import NO, YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.coverage import SeenRules, show_coverage
from postinterview.cli.options import HELP, NewPath, examples, output
from postinterview.cli.play_files import FilePlayer, playing_options
from postinterview.cli.terminal import Screen
from postinterview.cli.watch import watch, watch_option
from postinterview.core.values.formatting import say_count
from postinterview.layout import BLANK, Line, line
from postinterview.scenario.causes import FailedStep, failed_steps, group_by_cause, group_lines, groups_data
from postinterview.scenario.junit import JUnitReport
from postinterview.scenario.playing import Played
from postinterview.scenario.scenario_json import summary_data
from postinterview.scenario.scenario_text import result_line
from postinterview.scenario.selection import Selection


class _Test(click.Command):
    """Takes ``--coverage`` without a value, too, also before a path."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--coverage=0" if each == "--coverage" else each for each in args])


@click.command(
    "test",
    cls=_Test,
    context_settings=HELP,
    short_help="Check that scenarios go as expected.",
    epilog=examples(
        "postinterview test scenarios/",
        "postinterview test scenarios/ --rules mine.yaml",
        'postinterview test scenarios/ -k "soon and not late"',
        "postinterview test scenarios/ --junit results.xml",
        "postinterview test scenarios/ --coverage",
        "postinterview test story.yaml --format json",
    ),
)
@playing_options
@click.option(
    "--junit", metavar="FILE", type=NewPath("results.xml"), help="Write the results as JUnit XML, too."
)
@click.option(
    "--coverage",
    "least",
    metavar="[=MIN]",
    type=click.FloatRange(0, 100),
    help="Show which parts of the rules the scenarios show. Under MIN percent is a failure.",
)
@click.option(
    "--all",
    "listed",
    is_flag=True,
    help="With --coverage: list also what is missing of the rules that a file extends.",
)
@click.option(
    "--write",
    metavar="DIR",
    type=NewPath("stories/"),
    help="With --coverage: write a scenario for each part that is missing.",
)
@watch_option
@output()
def command(
    paths: tuple[str, ...], rules: str | None, chosen: Selection | None, screen: Screen, **options: Any
) -> int:
    """Check that scenarios go as they expect: a line for each, and the steps that failed.

    PATH is a scenario file, a folder, or `-` for standard input, as for `postinterview run`. Failed steps are
    grouped by their cause, such as a guard at its line of the rules. The first step of a group is shown with
    what was expected and every guard that was asked. Steps that failed only because an earlier step did are
    counted.

    `--coverage` counts the states, transitions, guards and promises that the scenarios show. For each missing
    part it looks for a story that shows it, and says so if there is none: a guard that never matters. For
    rules that extend others it tells which changes are shown, and `--all` lists the rest.

    Exit code 1: a step did not go as expected, a file has errors, a scenario can't be played with the rules,
    no scenario was found, or the coverage is under MIN; 3: a file can't be read or written.
    """
    if options["write"] and options["least"] is None:
        raise click.UsageError("`--write` writes what is missing for `--coverage`: add that")
    if options["listed"] and options["least"] is None:
        raise click.UsageError("`--all` lists what is missing for `--coverage`: add that")

    def new_player() -> FilePlayer:
        return FilePlayer(screen, paths, rules, chosen)

    def again() -> Iterable[str]:
        player = new_player()
        _test(player, options)
        return player.rule_files

    return watch(screen, paths, again) if options["watches"] else _test(new_player(), options)


def _test(player: FilePlayer, options: Mapping[str, Any]) -> int:
    """Play the scenarios and show the results. Return the exit code."""
    screen = player.screen
    results = _Results(JUnitReport() if options["junit"] else None, options["least"] is not None)
    player.after_scenario = results.add
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
    if options["junit"] and results.junit:
        for each in player.unplayable:
            results.junit.add_unplayable(each)
        results.junit.add_errors(player.diagnostics)
        for error in player.unreadable:
            results.junit.add_unreadable(error.path, error.message)
        replace(options["junit"], results.junit.text())
    if options["least"] is None:
        return code
    enough = show_coverage(
        screen, results.seen.values(), options["least"], options["write"], listed=options["listed"]
    )
    if code == YES and not enough:
        screen.answer({"passed": False})
        return NO
    return code


@define
class _Results:
    """Collects what failed, and for coverage what was seen.

    ``consequences``: how many steps failed only because an earlier one did.
    """

    junit: JUnitReport | None
    covers: bool
    failed: list[FailedStep] = field(factory=list)
    consequences: int = 0
    seen: dict[int, SeenRules] = field(factory=dict)

    def add(self, played: Played, seconds: float) -> None:
        self.failed += failed_steps(played)
        self.consequences += len(played.consequences)
        if self.junit:
            self.junit.add(played, seconds)
        if self.covers:
            rulebook = played.rulebook
            seen = self.seen.setdefault(id(rulebook), SeenRules(rulebook))
            seen.seen.add(played)

    def consequence_lines(self) -> Iterator[Line]:
        if self.consequences:
            counted = say_count(self.consequences, "more step")
            yield BLANK
            yield line(f"{counted} failed only because an earlier step of the same scenario did")
