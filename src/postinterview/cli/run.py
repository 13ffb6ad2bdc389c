"""``postinterview run``: play scenarios, and show each as a timeline."""

from __future__ import annotations

from collections.abc import Iterator

import click

from postinterview.cli.options import HELP, examples, output
from postinterview.cli.play_files import FilePlayer, playing_options
from postinterview.cli.terminal import Screen
from postinterview.layout import BLANK, Line, line
from postinterview.scenario.playing import Played
from postinterview.scenario.scenario_json import played_data
from postinterview.scenario.scenario_text import timeline_lines
from postinterview.scenario.selection import Selection


@click.command(
    "run",
    context_settings=HELP,
    short_help="Play scenarios and show timelines.",
    epilog=examples(
        "postinterview run story.yaml",
        "postinterview run scenarios/ --rules mine.yaml -k soon",
        "postinterview run scenarios/ --format json",
        "postinterview run story.yaml | less",
    ),
)
@playing_options
@output()
def command(paths: tuple[str, ...], rules: str | None, chosen: Selection | None, screen: Screen) -> int:
    """Play scenarios and show each as a timeline.

    PATH is a scenario file, a folder, or `-` for standard input. In a folder every file with scenarios
    is played, at any depth. A timeline shows for each step the date, the event and the states that changed;
    for a refusal also its reasons and when the act will be allowed. The agenda follows at the end.

    Exit code 1: a step did not go as expected, a file has errors, or no scenario was found; 3: a file
    can't be read.
    """
    player = FilePlayer(screen, paths, rules, chosen)

    def lines(played: Played) -> Iterator[Line]:
        if player.played > 1:
            yield BLANK
        yield from timeline_lines(played, screen.width)

    code = player.play(lines, played_data)
    if player.unplayable:
        screen.show([BLANK, *player.unplayable_lines()])
    if player.played > 1 or (player.played and player.skipped) or player.unplayable:
        screen.show([BLANK, line(player.summary)])
    return code
