"""``postinterview run``: scenarios as timelines."""

from __future__ import annotations

import click

from postinterview.cli.options import HELP, as_json, examples
from postinterview.cli.play_files import Stories
from postinterview.cli.terminal import Screen
from postinterview.layout import BLANK, line
from postinterview.loading.render import diagnostics_data
from postinterview.scenario.data import played_data
from postinterview.scenario.timeline import timeline


@click.command(
    "run",
    context_settings=HELP,
    short_help="Play scenarios, as timelines.",
    epilog=examples(
        "postinterview run story.yaml",
        "postinterview run scenarios/ --format json",
        "postinterview run story.yaml | less",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@as_json
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Play scenarios and show each as a timeline.

    PATH is a scenario file, `-` for standard input, or a folder; in a folder every file with scenarios
    is played, at any depth. A timeline has the date, who did what, what moved, what was refused
    and why, when it opens, and the agenda at the end.

    Exit code 1: something did not go as expected, or no scenario was found.
    """
    screen = Screen(as_json=as_json)
    stories = Stories(screen)
    data = []
    for played in stories.play(paths):
        if as_json:
            data.append(played_data(played))
            continue
        if stories.played > 1:
            screen.show([BLANK])
        screen.show(timeline(played, screen.width))
    if stories.played > 1 or stories.skipped:
        screen.show([BLANK, line(stories.summary)])
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
