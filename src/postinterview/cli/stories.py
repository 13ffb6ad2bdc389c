"""Read the scenarios of one file, with the rules that they are played by."""

from __future__ import annotations

from attrs import frozen

from postinterview.cli.inputs import read
from postinterview.core.process import Rulebook
from postinterview.countries import known_codes
from postinterview.files import as_text
from postinterview.loading.diagnostics import Diagnostic
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError
from postinterview.scenario.linking import link
from postinterview.scenario.model import Scenario
from postinterview.scenario.parsing import ParsedScenarioFile
from postinterview.scenario.parsing import read as parse_scenarios


@frozen
class Stories:
    """The scenarios of a file that can be played, and their rulebook.

    ``text``: the file's text by its shown name. ``diagnostics``: what is wrong with its other scenarios.
    """

    scenarios: tuple[Scenario, ...]
    rulebook: Rulebook
    text: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]
    _rulebooks: Rulebooks

    @property
    def texts(self) -> dict[str, str]:
        """The text of the file, and those of its rules. They are read again: only an error needs them."""
        return self.text | self._rulebooks.texts(self.rulebook)


def stories_in(parsed: ParsedScenarioFile, path: str, text: bytes, override: str | None = None) -> Stories:
    """Link the scenarios of one file to the rules that it names, or to ``override``.

    Raises:
        RulesError: none of them can be played.
        UnreadableError: ``override`` can't be read.
    """
    sources = {parsed.content.file: as_text(text)}
    if parsed.content.shape is None:
        raise RulesError(parsed.content.diagnostics, sources)
    rulebooks = Rulebooks()
    rulebook = rulebooks.load_for(parsed.content, path, sources, override)
    linked = link(parsed, rulebook.definition, known_codes)
    stories = Stories(linked.scenarios, rulebook, sources, linked.diagnostics, rulebooks)
    if not stories.scenarios:
        raise RulesError(stories.diagnostics, stories.texts)
    return stories


def read_stories(path: str, override: str | None = None) -> Stories:
    """Read the scenarios of one file or of standard input; raises as `read` and `stories_in` do."""
    shown, text = read(path)
    return stories_in(parse_scenarios(text, shown), path, text, override)
