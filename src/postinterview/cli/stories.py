"""Read the scenarios of one file, with the rules that they are played by."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import click
from attrs import frozen

from postinterview.cli.inputs import read
from postinterview.cli.options import when_at
from postinterview.core.process import Rulebook
from postinterview.core.values.suggest import instead_of
from postinterview.countries import known_codes
from postinterview.files import as_text
from postinterview.loading.diagnostics import Diagnostic
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError
from postinterview.scenario.linking import Unplayable, link, link_to_others
from postinterview.scenario.model import Scenario
from postinterview.scenario.parsing import ParsedScenarioFile
from postinterview.scenario.parsing import read as parse_scenarios


@frozen
class Stories:
    """The scenarios of a file that can be played, and their rulebook.

    ``text``: the file's text by its shown name. ``diagnostics``: what is wrong with the file. ``unplayable``:
    scenarios with names that other rules than the file's own lack.
    """

    scenarios: tuple[Scenario, ...]
    rulebook: Rulebook
    text: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]
    _rulebooks: Rulebooks
    unplayable: tuple[Unplayable, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """The text of the file, and those of its rules. They are read again: only an error needs them."""
        return self.text | self._rulebooks.texts(self.rulebook)

    @property
    def told(self) -> list[Scenario | Unplayable]:
        """All scenarios of the file, also those that can't be played."""
        return [*self.scenarios, *self.unplayable]

    def choose(self, name: str | None) -> Scenario:
        """Return the scenario of a name, or of its number in the file; without one the first.

        Raises:
            RulesError: the rules lack names of this scenario.
            BadParameter: there is no such scenario.
        """
        found = sorted(self.told, key=lambda each: each.where.line)
        known = {each.name: each for each in found}
        numbered = {str(number): each for number, each in enumerate(found, 1)}
        chosen = found[0] if name is None else known.get(name) or numbered.get(name)
        if chosen is None:
            help = instead_of(name or "", known)
            raise click.BadParameter(
                f"no scenario is called `{name}`; {help}".rstrip("; "), param_hint="--scenario"
            )
        return self.playable(chosen)

    def playable(self, chosen: Scenario | Unplayable) -> Scenario:
        """Return a scenario that can be played, or raise what the rules lack for it."""
        if isinstance(chosen, Unplayable):
            raise RulesError(chosen.diagnostics, self.texts)
        return chosen


def stories_in(
    parsed: ParsedScenarioFile,
    path: str,
    text: bytes,
    override: str | None = None,
    rulebooks: Rulebooks | None = None,
) -> Stories:
    """Link the scenarios of one file to the rules that it names, or to ``override``.

    ``rulebooks`` has the rules that were loaded for other files.

    Raises:
        RulesError: none of them can be played.
        UnreadableError: ``override`` can't be read.
    """
    sources = {parsed.content.file: as_text(text)}
    if parsed.content.shape is None:
        raise RulesError(parsed.content.diagnostics, sources)
    rulebooks = rulebooks or Rulebooks()
    rulebook = rulebooks.load_for(parsed.content, path, sources, override)
    linked = (link if override is None else link_to_others)(parsed, rulebook.definition, known_codes)
    stories = Stories(linked.scenarios, rulebook, sources, linked.diagnostics, rulebooks, linked.unplayable)
    if not (stories.scenarios or stories.unplayable):
        raise RulesError(stories.diagnostics, stories.texts)
    return stories


def read_stories(path: str, override: str | None = None) -> Stories:
    """Read the scenarios of one file or of standard input; raises as `read` and `stories_in` do."""
    shown, text = read(path)
    return stories_in(parse_scenarios(text, shown), path, text, override)


def choose_when(text: str, scenario: Scenario) -> date:
    """Return the moment that ``--at`` names, in the scenario's zone if it has no offset, or the day."""
    return when_at(text, None if scenario.timezone is None else ZoneInfo(scenario.timezone))
