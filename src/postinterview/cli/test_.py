"""``postinterview test``: check that scenarios go as expected."""

from __future__ import annotations

import click

from postinterview.cli.options import FILE, HELP, examples, output
from postinterview.cli.run import FilePlayer
from postinterview.cli.terminal import Screen
from postinterview.layout import line
from postinterview.scenario.scenario_json import summary_data
from postinterview.scenario.scenario_text import result_lines


@click.command(
    "test",
    context_settings=HELP,
    short_help="Check that scenarios go as expected.",
    epilog=examples(
        "postinterview test scenarios/",
        "postinterview test story.yaml --format json",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=FILE)
@output()
def command(paths: tuple[str, ...], screen: Screen) -> int:
    """Check that scenarios go as they expect: a line for each, and the steps that failed.

    PATH is a scenario file, a folder, or `-` for standard input, as for `postinterview run`. A failed step
    is shown with its file and line, what was expected, and every guard that was asked.

    Exit code 1: a step did not go as expected, a file has errors, or no scenario was found; 3: a file
    can't be read.
    """
    player = FilePlayer(screen, paths)
    code = player.play(lambda played: result_lines(played, screen.width), summary_data)
    if player.played:
        screen.show([line(player.summary)])
    return code
