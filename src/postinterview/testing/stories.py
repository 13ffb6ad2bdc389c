"""Story files as pytest items: a file is a collector, and each of its scenarios a test."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field, frozen

from postinterview.core.process import Rulebook
from postinterview.core.values.errors import MisuseError
from postinterview.countries import known_codes
from postinterview.files import SUFFIXES, UnreadableError, as_text, is_bare, read_file
from postinterview.layout import plain
from postinterview.loading.render import text
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError
from postinterview.scenario.consequences import find_consequences
from postinterview.scenario.linking import Unplayable, link, link_to_others
from postinterview.scenario.model import Scenario
from postinterview.scenario.parsing import holds_no_scenarios
from postinterview.scenario.parsing import read as read_scenarios
from postinterview.scenario.playing import play
from postinterview.scenario.scenario_text import failure_lines

_OBJECT = re.compile(r"[^\W\d][\w.]*:[^\W\d]\w*")
"""How a project names a rulebook of its own: ``app.etiquette:RULES``."""


@define(eq=False)
class Stories:
    """The plugin of a project that names stories.

    ``paths``: the files and folders to collect from. ``folder``: the one that names are shown from.
    ``rules``: play against these, and not those that the files name.
    """

    paths: tuple[Path, ...]
    folder: Path
    rules: str | None = None
    _rulebooks: Rulebooks = field(factory=Rulebooks)

    @classmethod
    def of(cls, config: pytest.Config, paths: Iterable[Path], rules: str | None) -> Stories:
        """Return the plugin for the settings of a project. Raise `pytest.UsageError` for a missing path."""
        found = tuple(Path(os.path.abspath(path)) for path in paths)  # noqa: PTH100 - keeps symbolic links
        for path in found:
            if not path.exists():
                raise pytest.UsageError(f"postinterview_stories: there is no file or folder `{path}`")
        if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
            config.args += [str(path) for path in found if not _is_below(path, config)]
        if rules and not (is_bare(rules) or _OBJECT.fullmatch(rules)):
            rules = str(config.rootpath / rules if config.inipath is None else config.inipath.parent / rules)
        return cls(found, config.invocation_params.dir, rules)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> StoryFile | None:
        named = file_path in self.paths
        if not named and not (
            file_path.name.endswith(SUFFIXES) and any(map(file_path.is_relative_to, self.paths))
        ):
            return None
        made: StoryFile = StoryFile.from_parent(parent, path=file_path, stories=self, named=named)
        return made

    def load(self, file: Path, *, named: bool) -> Iterator[_Story]:
        """Yield the scenarios of a file, ready to play. ``named``: it must hold some.

        Raise `RulesError` with all that is wrong with the file or its rules, or `UnreadableError`.
        """
        _, data = read_file(file)
        shown = self._shown(file)
        parsed = read_scenarios(data, shown)
        if not named and holds_no_scenarios(parsed, data):
            return
        sources = {shown: as_text(data)}
        if parsed.content.shape is None:
            raise RulesError(parsed.content.diagnostics, sources)
        if self.rules is not None and _OBJECT.fullmatch(self.rules):
            rulebook = _imported(self.rules)
        else:
            rulebook = self._rulebooks.load_for(parsed.content, shown, sources, self.rules)
            sources |= self._rulebooks.texts(rulebook)
        look_up = link if self.rules is None else link_to_others
        linked = look_up(parsed, rulebook.definition, known_codes)
        if linked.diagnostics:
            raise RulesError(linked.diagnostics, sources)
        found: list[Scenario | Unplayable] = [*linked.scenarios, *linked.unplayable]
        for scenario in sorted(found, key=lambda each: each.where.line):
            yield _Story(scenario, rulebook, sources)

    def _shown(self, path: Path) -> str:
        """Return the name of a file as one would type it."""
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else str(path)


@frozen
class _Story:
    """A scenario with its rules, and the texts of its files by the names that diagnostics use.

    It can't be played if it names what rules of the settings do not have.
    """

    scenario: Scenario | Unplayable
    rulebook: Rulebook
    sources: Mapping[str, str]


class StoryFile(pytest.File):
    """Collects the scenarios of a file. Whatever is wrong with the file is an error of the collection."""

    def __init__(self, *, stories: Stories, named: bool, **given: Any) -> None:
        super().__init__(**given)
        self._stories = stories
        self._named = named

    def collect(self) -> Iterator[StoryItem]:
        try:
            found = list(self._stories.load(self.path, named=self._named))
        except (RulesError, UnreadableError, MisuseError) as error:
            raise self.CollectError(str(error)) from None
        for story in found:
            yield StoryItem.from_parent(self, name=story.scenario.name, story=story)


class StoryItem(pytest.Item):
    """Plays a scenario. It fails with the text that ``postinterview test`` prints."""

    def __init__(self, *, story: _Story, **given: Any) -> None:
        super().__init__(**given)
        self._story = story

    def runtest(self) -> None:
        scenario, sources = self._story.scenario, self._story.sources
        if isinstance(scenario, Unplayable):
            raise StoryFailedError(text(scenario.diagnostics, sources))
        played = find_consequences(play(scenario, self._story.rulebook))
        if not played.passed:
            raise StoryFailedError(plain(failure_lines(played)) + text(played.diagnostics, sources))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, StoryFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self._story.scenario.where.line - 1, self.name


class StoryFailedError(Exception):
    """A step did not go as expected, or could not be played. As text: what ``postinterview test`` prints."""


def _imported(name: str) -> Rulebook:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise MisuseError(f"postinterview_rules: `{name}` can't be imported: {error}") from None
    if not isinstance(found, Rulebook):
        raise MisuseError(f"postinterview_rules: `{name}` is no rulebook", "name what load_rulebook returned")
    return found


def _is_below(path: Path, config: pytest.Config) -> bool:
    """Return whether pytest collects from the path anyway."""
    return any(path.is_relative_to(config.rootpath / arg) for arg in config.args)
