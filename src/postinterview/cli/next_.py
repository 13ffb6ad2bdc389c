"""``postinterview next``: show what you may do in a case at a moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from postinterview.cli import NO, YES
from postinterview.cli.options import FILE, HELP, RULES, examples, output, when_at
from postinterview.cli.stories import choose_when, read_stories
from postinterview.cli.terminal import Progress, Screen
from postinterview.rulebooks import RulesError
from postinterview.scenario.playing import read_case
from postinterview.scenario.scenario_json import case_data
from postinterview.scenario.scenario_text import case_lines


@click.command(
    "next",
    context_settings=HELP,
    short_help="Show what you may do at a moment.",
    epilog=examples(
        'postinterview next case.yaml --at "2026-03-05 09:00"',
        "postinterview next case.yaml --at 2026-03-05",
        "postinterview next - --at 2026-03-05T08:00:00Z --format json < case.json",
        'postinterview next case.yaml --at "2026-03-05 09:00" --format ics',
        'postinterview next --all companies.jsonl --at "2026-03-05 09:00"',
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--at", "at", required=True, metavar="WHEN", help="The moment, such as '2026-03-05 09:00', or the day."
)
@click.option("--scenario", "name", metavar="NAME", help="The scenario of the file; the first by default.")
@click.option("--all", "every", is_flag=True, help="FILE has a case on each line, and so has the answer.")
@click.option("--rules", metavar="FILE", type=RULES, help="Use these rules instead of those that FILE names.")
@output("ics", help="Text for people (the default), JSON for programs, or a calendar of what is due.")
def command(file: str, at: str, name: str | None, every: bool, rules: str | None, screen: Screen) -> int:
    """Show what you may do at a moment: the agenda, and the verdict on every act.

    FILE is a scenario file, read as a case: all steps up to WHEN have happened, except those that expect to
    be refused. `-` reads standard input, YAML or JSON, so that any program can ask. WHEN is a moment, local
    time in the case's `timezone` or with an offset; or a day of the employer's without an hour: then all
    steps of the day have happened, and an act is allowed if it is at some hour that is left of it.

    With `--format ics` an entry stays the same one as long as the scenario keeps its name. If you import the
    calendar again, entries move and are not doubled.

    With `--all` FILE is JSON Lines: each line is a scenario file as JSON, or one scenario alone. Each line is
    answered when it was read, so a program may keep the command running, and write and read in turn. An
    answer has the `line`, and its `errors` and `diagnostics` if there is no other. With `--format json` the
    answers are one document.

    Exit code 1: the case or its rules have errors; 3: a file can't be read.
    """
    if every:
        return _answer_all(file, at, name, rules, screen)
    stories = read_stories(file, rules)
    scenario = stories.choose(name)
    when = choose_when(at, scenario)
    case = read_case(scenario, stories.rulebook, when)
    if case.process is None:
        raise RulesError(case.diagnostics, stories.text)
    if screen.format == "ics":
        from postinterview.reminders import to_ics

        at_ = when if isinstance(when, datetime) else case.process.first_moment_on(when)
        screen.write(to_ics({scenario.name: case.process}, at=at_))
        return YES
    if screen.as_json:
        screen.answer(case_data(case, when))
    else:
        screen.show(case_lines(case, when, screen.width))
    return YES


def _answer_all(file: str, at: str, name: str | None, rules: str | None, screen: Screen) -> int:
    from postinterview.cli.next_all import answers

    if name is not None or screen.format == "ics":
        raise click.UsageError("`--all` answers for each line: leave out `--scenario` and `--format ics`.")
    when_at(at, ZoneInfo("UTC"))  # what is a moment in no zone is wrong for all lines
    progress, worst = Progress("cases", quiet=screen.is_seen), YES

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal worst
        for answer in answers(file, at, rules):
            progress.step()
            if answer["errors"] or answer["diagnostics"]:
                worst = NO
            yield answer

    if screen.as_json:
        screen.document.items("answers", counted())
    else:
        for answer in counted():
            screen.write(json.dumps(answer).encode() + b"\n")
    progress.clear()
    return worst
