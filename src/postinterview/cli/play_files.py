"""What ``run`` and ``test`` share: every scenario of what is named, read, linked and played."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.file_search import Found, find, read
from postinterview.cli.progress import Progress
from postinterview.cli.rules import NoRules, Rulebooks
from postinterview.cli.terminal import Screen
from postinterview.files import UnreadableError
from postinterview.loading.diagnostics import Diagnostic
from postinterview.scenario.linking import link
from postinterview.scenario.parsing import Reading
from postinterview.scenario.parsing import read as read_scenarios
from postinterview.scenario.playing import Played, play


@define
class Stories:
    """Plays what is named, says what is wrong with it, and keeps count.

    ``skipped``: files in folders that hold no scenarios. ``unreadable``: those that the system refused.
    """

    screen: Screen
    rulebooks: Rulebooks = field(factory=Rulebooks)
    diagnostics: list[Diagnostic] = field(factory=list)
    skipped: list[str] = field(factory=list)
    unreadable: list[UnreadableError] = field(factory=list)
    played: int = 0
    failed: int = 0
    _told: set[str] = field(factory=set)
    _progress: Progress = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._progress = Progress("steps played", quiet=self.screen.is_seen)

    def play(self, paths: Iterable[str]) -> Iterator[Played]:
        """Each scenario, played; what can't be is said on the way."""
        seen: set[str] = set()
        for path in paths:
            try:
                for found in find(path, seen):
                    yield from self._file(found)
            except UnreadableError as error:
                self._refused(error)
        self._progress.clear()

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return UNREADABLE
        return NO if self.failed or self.diagnostics or not self.played else YES

    @property
    def nothing(self) -> str:
        """That there was no scenario, where nothing else was said; else nothing."""
        if self.played or self.diagnostics or self.unreadable:
            return ""
        skipped = f" ({_count(len(self.skipped), 'other file')} skipped)" if self.skipped else ""
        return f"no scenario found{skipped}"

    @property
    def summary(self) -> str:
        """``12 scenarios, 2 failed``."""
        said = _count(self.played, "scenario")
        said += f", {self.failed} failed" if self.failed else ", as expected"
        if self.skipped:
            said += f"; {_count(len(self.skipped), 'file')} without scenarios skipped"
        return said

    def _file(self, found: Found) -> Iterator[Played]:
        try:
            shown, text = read(found.path)
        except UnreadableError as error:  # the other files of the folder can still be read
            self._refused(error)
            return
        reading = read_scenarios(text, shown)
        if found.in_folder and _is_other(reading, text):
            self.skipped.append(shown)
            return
        sources = {shown: text.decode("utf-8-sig", "replace")}
        if reading.kind == "unreadable" or reading.shape is None:
            self.tell(reading.diagnostics, sources)
            return
        rulebook = self.rulebooks.find(reading.rules.value, found.path)
        if isinstance(rulebook, NoRules):
            self._no_rules(reading, rulebook, sources)
            return
        linked = link(reading, rulebook.definition)
        if linked.diagnostics:
            self.rulebooks.text_of(rulebook)
        self.tell(linked.diagnostics, sources)
        for scenario in linked.scenarios:
            played = play(scenario, rulebook, after_step=self._progress.step)
            self.played += 1
            self.failed += not played.passed
            yield played
            self.tell(played.diagnostics, sources)

    def _refused(self, error: UnreadableError) -> None:
        self._progress.clear()
        self.unreadable.append(error)
        self.screen.complain(error.message, error.help)

    def _no_rules(self, reading: Reading, rules: NoRules, sources: dict[str, str]) -> None:
        """Say what is wrong with the scenario file so far, and with the rules that it names."""
        self.tell((*reading.diagnostics, rules.at(reading.rules)), sources)
        new = [each for each in rules.diagnostics if each.where.file not in self._told]
        self._told.update(each.where.file for each in rules.diagnostics)
        self.tell(new, {})

    def tell(self, diagnostics: Iterable[Diagnostic], sources: dict[str, str]) -> None:
        """Keep diagnostics, and print them; ``sources`` beside the texts of the rules."""
        found = list(diagnostics)
        if found:
            self.diagnostics.extend(found)
            self._progress.clear()
            self.screen.diagnose(found, self.rulebooks.sources | sources)


def _is_other(reading: Reading, text: bytes) -> bool:
    """Whether a file that merely lies in a folder is something else, and no broken scenario file."""
    if reading.kind == "unreadable":
        return b"scenarios" not in text
    return reading.kind != "scenarios"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
