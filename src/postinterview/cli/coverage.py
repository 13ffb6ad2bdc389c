"""Show the coverage of the rules that scenarios were played with, and write stories for what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from time import thread_time  # noqa: TID251 - it limits the search for stories

from attrs import field, frozen

from postinterview.cli.atomic_write import make_folder, replace
from postinterview.cli.terminal import Screen
from postinterview.core.process import Rulebook
from postinterview.coverage.covering import Coverage, cover
from postinterview.coverage.report import coverage_data, coverage_lines
from postinterview.coverage.seen import Seen
from postinterview.describing.mentions import Mentions
from postinterview.files import packaged_sources
from postinterview.judging import prove
from postinterview.layout import BLANK, Piece, line
from postinterview.named_rules import named_from
from postinterview.proof.search.replay import willing
from postinterview.rulebooks import changes_by, read_loaded


@frozen
class SeenRules:
    """A rulebook, and what scenarios show of it."""

    rulebook: Rulebook
    seen: Seen = field(factory=Seen)


def show_coverage(
    screen: Screen, found: Iterable[SeenRules], least: float, folder: str | None, *, listed: bool
) -> bool:
    """Show the coverage of each rulebook, and return whether all of them reach ``least`` percent.

    ``listed``: list what is missing of the rules that a file extends, too.
    """
    whole = listed or bool(folder or least or screen.as_json)
    coverages = []
    for each in found:
        rulebook = willing(each.rulebook.definition, each.rulebook)  # custom functions are not there
        name = _named(rulebook)
        mentions = Mentions(rulebook.definition, read_loaded(name).whole)
        changes, proof = changes_by(name), prove(rulebook)
        coverage = cover(name, rulebook, each.seen, proof, thread_time, changes, mentions, whole=whole)
        coverages.append(coverage)
        screen.show([BLANK, *coverage_lines(coverage, screen.width, listed=listed, stub=folder is None)])
        if folder is not None:
            _write(screen, Path(folder), coverage)
    for coverage in coverages:
        if coverage.percent < least:
            told = f"the coverage of {coverage.name} is {coverage.percent} %, under {least:g} %"
            screen.show([BLANK, line(Piece(told, "failed"))])
    screen.answer({"coverage": [coverage_data(each) for each in coverages]})
    return all(each.percent >= least for each in coverages)


def _named(rulebook: Rulebook) -> str:
    """Return the rules as the command line names them: a packaged name, or the path."""
    source = rulebook.definition.sources[0]
    return packaged_sources().get(source, source.name)


def _write(screen: Screen, folder: Path, coverage: Coverage) -> None:
    make_folder(folder)
    for name, text in coverage.stubs(named_from(folder, coverage.rules)):
        replace(str(folder / f"{name}.yaml"), text)
        screen.show([line("wrote ", Piece(str(folder / f"{name}.yaml"), "dim"))])
