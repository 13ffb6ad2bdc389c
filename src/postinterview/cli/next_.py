"""``postinterview next``: show what you may do in a case at a moment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from postinterview.cli import YES
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.stories import read_stories
from postinterview.cli.terminal import Screen
from postinterview.loading.local_times import read_moment
from postinterview.loading.text_values import Fault
from postinterview.rulebooks import RulesError
from postinterview.scenario.model import Scenario
from postinterview.scenario.playing import read_case
from postinterview.scenario.scenario_json import case_data
from postinterview.scenario.scenario_text import case_lines


@click.command(
    "next",
    context_settings=HELP,
    short_help="Show what you may do at a moment.",
    epilog=examples(
        'postinterview next case.yaml --at "2026-03-05 09:00"',
        "postinterview next - --at 2026-03-05T08:00:00Z --format json < case.json",
        'postinterview next case.yaml --at "2026-03-05 09:00" --format ics',
    ),
)
@click.argument("file", type=FILE)
@click.option("--at", "at", required=True, metavar="WHEN", help="The moment, such as '2026-03-05 09:00'.")
@click.option("--scenario", "name", metavar="NAME", help="The scenario of the file; the first by default.")
@click.option("--rules", metavar="FILE", type=RULES, help="Use these rules instead of those that FILE names.")
@output("ics", help="Text for people (the default), JSON for programs, or a calendar of what is due.")
def command(file: str, at: str, name: str | None, rules: str | None, screen: Screen) -> int:
    """Show what you may do at a moment: the agenda, and the verdict on every act.

    FILE is a scenario file, read as a case: all steps up to WHEN have happened, except those that expect to
    be refused. `-` reads standard input, YAML or JSON, so that any program can ask. WHEN is
    local time in the case's `timezone`, or has an offset. Answers are in the zone of WHEN.

    With `--format ics` an entry stays the same one as long as the scenario keeps its name. If you import the
    calendar again, entries move and are not doubled.

    Exit code 1: the case or its rules have errors; 3: a file can't be read.
    """
    stories = read_stories(file, rules)
    scenario = stories.choose(name)
    moment = _moment(at, scenario)
    case = read_case(scenario, stories.rulebook, moment)
    if case.process is None:
        raise RulesError(case.diagnostics, stories.text)
    if screen.format == "ics":
        from postinterview.reminders import to_ics

        screen.write(to_ics({scenario.name: case.process}, at=moment))
        return YES
    if screen.as_json:
        screen.answer(case_data(case, moment))
    else:
        screen.show(case_lines(case, moment, screen.width))
    return YES


def _moment(text: str, scenario: Scenario) -> datetime:
    zone = None if scenario.timezone is None else ZoneInfo(scenario.timezone)
    found = read_moment(text, zone)
    if isinstance(found, Fault):
        raise click.BadParameter(f"{found.message}; {found.help}", param_hint="--at")
    return found
