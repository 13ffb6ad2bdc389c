"""``postinterview test``: whether scenarios go as expected."""

from __future__ import annotations

import click

from postinterview.cli.options import HELP, as_json, examples
from postinterview.cli.play_files import Stories
from postinterview.cli.terminal import Screen
from postinterview.layout import line
from postinterview.loading.render import diagnostics_data
from postinterview.scenario.data import summary_data
from postinterview.scenario.outcome import outcome_lines


@click.command(
    "test",
    context_settings=HELP,
    short_help="Check that scenarios go as expected.",
    epilog=examples(
        "postinterview test scenarios/",
        "postinterview test story.yaml --format json",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@as_json
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Check that scenarios go as they expect: a line each, and the failures.

    PATH is a scenario file, `-` for standard input, or a folder, as for `postinterview run`. A step
    that fails is shown with its file and line, and with every guard that it met.

    Exit code 1: something did not go as expected, or no scenario was found.
    """
    screen = Screen(as_json=as_json)
    stories = Stories(screen)
    data = []
    for played in stories.play(paths):
        if as_json:
            data.append(summary_data(played))
        screen.show(outcome_lines(played, screen.width))
    if stories.played:
        screen.show([line(stories.summary)])
    screen.answer(
        {
            "passed": not stories.exit_code,
            "scenarios": data,
            "skipped": stories.skipped,
            "diagnostics": diagnostics_data(stories.diagnostics),
        }
    )
    if stories.nothing and not as_json:
        screen.complain(stories.nothing)
    return stories.exit_code
