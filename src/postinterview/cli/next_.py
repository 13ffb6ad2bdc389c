"""``postinterview next``: what may be done in a case, at a moment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from attrs import define, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.file_search import read
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.rules import NoRules, Rulebooks
from postinterview.cli.terminal import Screen
from postinterview.core.errors import MisuseError
from postinterview.core.process import Process
from postinterview.core.suggest import closest, help_for
from postinterview.countries import known_codes
from postinterview.files import UnreadableError
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.local_times import read_moment
from postinterview.loading.render import diagnostics_data
from postinterview.loading.text_values import Fault
from postinterview.scenario.data import case_data
from postinterview.scenario.linking import link
from postinterview.scenario.model import Scenario
from postinterview.scenario.parsing import read as read_scenarios
from postinterview.scenario.playing import read_case
from postinterview.scenario.report import case_lines


@click.command(
    "next",
    context_settings=HELP,
    short_help="What may be done in a case, at a moment.",
    epilog=examples(
        'postinterview next case.yaml --at "2026-03-05 09:00"',
        "postinterview next - --at 2026-03-05T08:00:00Z --format json < case.json",
        'postinterview next case.yaml --at "2026-03-05 09:00" --format ics',
    ),
)
@click.argument("file", type=FILE)
@click.option("--at", "at", required=True, metavar="WHEN", help="The moment, such as '2026-03-05 09:00'.")
@click.option("--scenario", "name", metavar="NAME", help="Which scenario of the file; else the first.")
@click.option("--rules", metavar="FILE", type=RULES, help="Other rules than the file names.")
@output("ics", help="Text for people (the default), JSON for programs, or a calendar of what is due.")
def command(file: str, at: str, name: str | None, rules: str | None, screen: Screen) -> int:
    """Show what may be done in a case at a moment: the agenda, and the verdict on every act.

    FILE is a scenario file read as a case: its steps up to WHEN have happened, whatever they expect,
    but for those that expect to be refused. `-` reads standard input, YAML or JSON, so that
    a tracker in another language can ask. WHEN is local time of the case's `timezone`, or has an
    offset; answers are in the zone of WHEN.

    In a calendar an entry stays the same one while the scenario keeps its name: what was imported before
    is moved, and not there twice.

    Exit code 1: the case or its rules have errors; 3: a file can't be read.
    """
    try:
        shown, text = read(file)
    except UnreadableError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    asked = _Asked(screen, shown, text.decode("utf-8-sig", "replace"))
    reading = read_scenarios(text, shown)
    if reading.content.shape is None:
        return asked.cannot(reading.content.diagnostics)
    rulebook = asked.rulebooks.find(*((reading.content.rules, file) if rules is None else (rules, "")))
    if isinstance(rulebook, NoRules):
        if rules is not None and not rulebook.diagnostics:
            screen.complain(rulebook.message, rulebook.help)
            return UNREADABLE
        where = () if rules is not None else (rulebook.at(reading.content.rules_at),)
        return asked.cannot((*reading.content.diagnostics, *where, *rulebook.diagnostics))
    linked = link(reading, rulebook.definition, known_codes)
    if not linked.scenarios:
        asked.rulebooks.text_of(rulebook)
        return asked.cannot(linked.diagnostics)
    scenario = _choose(linked.scenarios, name)
    moment = _moment(at, scenario)
    case = read_case(scenario, rulebook, moment)
    if case.process is None:
        return asked.cannot(case.diagnostics)
    if screen.format == "ics":
        return _calendar(screen, scenario.name, case.process, moment)
    screen.show(case_lines(case, moment, screen.width))
    screen.answer(case_data(case, moment))
    return YES


def _calendar(screen: Screen, key: str, process: Process, at: datetime) -> int:
    from postinterview.reminders import to_ics

    try:
        written = to_ics({key: process}, at=at)
    except MisuseError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    screen.write(written)
    return YES


@define
class _Asked:
    """One case, and the way to say that it has no answer."""

    screen: Screen
    file: str
    text: str
    rulebooks: Rulebooks = field(factory=Rulebooks)

    def cannot(self, diagnostics: tuple[Diagnostic, ...]) -> int:
        """Say what is wrong with the case, or with its rules."""
        self.screen.diagnose(diagnostics, {**self.rulebooks.sources, self.file: self.text})
        self.screen.answer({"diagnostics": diagnostics_data(diagnostics)})
        return NO


def _choose(scenarios: tuple[Scenario, ...], name: str | None) -> Scenario:
    if name is None:
        return scenarios[0]
    known = {scenario.name: scenario for scenario in scenarios}
    if name not in known:
        help = help_for(closest(name, known), known)
        raise click.BadParameter(
            f"no scenario is called `{name}`; {help}".rstrip("; "), param_hint="--scenario"
        )
    return known[name]


def _moment(text: str, scenario: Scenario) -> datetime:
    zone = None if scenario.timezone is None else ZoneInfo(scenario.timezone)
    found = read_moment(text, zone)
    if isinstance(found, Fault):
        raise click.BadParameter(f"{found.message}; {found.help}", param_hint="--at")
    return found
