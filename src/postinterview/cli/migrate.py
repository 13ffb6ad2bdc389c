"""``postinterview migrate``: carry saved processes over to rules that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import click
from attrs import define, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.inputs import STDIN
from postinterview.cli.migration_sources import Files, InStore
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.store_option import open_store, prefix
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.values.formatting import say_count
from postinterview.files import DEFAULT, UnreadableError
from postinterview.layout import Line, Piece, line
from postinterview.loading.render import diagnostics_data
from postinterview.rulebooks import RulesError, load_rulebook
from postinterview.saving import Fate, Forecast
from postinterview.stores import Keeper

_WORDS: dict[Fate, str] = {
    "unchanged": "unchanged",
    "goes_on": "under the new rules",
    "carried_over": "carried over",
    "refused": "refused",
    "damaged": "damaged",
}
_FUNCTION_MISSING = "PI209"
_IN_THE_PROGRAM = (
    "in a program that has them, call `postinterview.stores.migrate(keeper, check=True)` for a store, "
    "and `rulebook.restore(text).to_json()` for a file"
)


@click.command(
    "migrate",
    context_settings=HELP,
    short_help="Carry saved processes over to changed rules.",
    epilog=examples(
        "postinterview migrate --check processes/ --rules rules/mine.yaml",
        "postinterview migrate processes/ --rules rules/mine.yaml",
        "postinterview migrate --check --store mine.db --rules rules/mine.yaml",
        "postinterview migrate --check acme.json --format json",
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=FILE)
@click.option("--store", metavar="DATABASE", type=FILE, help="A store: a SQLite file, or a URL.")
@prefix
@click.option("--check", is_flag=True, help="Predict what would happen, and write nothing.")
@click.option(
    "--rules", default=DEFAULT, metavar="FILE", type=RULES, help="The new rules. [default: the packaged ones]"
)
@output()
def command(
    paths: tuple[str, ...], store: str | None, prefix: str, check: bool, rules: str, screen: Screen
) -> int:
    """Carry saved processes over to rules that changed, or predict what would happen.

    PATH is a file that `process.to_json()` wrote, or a folder with such files, whose names end in `.json`.
    --store names all that a `Keeper` keeps in a database, such as mine.db or postgresql://host/name (keep the
    password in ~/.pgpass).

    A process is unchanged, goes on under the new rules, is carried over by one of their `migrations:`, is
    refused with each difference, or is damaged. If none is refused or damaged, those that changed are
    written, each as a whole. If the command is interrupted, call it again.

    Let no program write the files meanwhile. Programs with the new rules may use the store; stop those with
    the old rules first.

    Exit code 0: all processes can go on; 1: some can't, or the rules have errors; 3: a file or store can't be
    read or written.
    """
    if not paths and store is None:
        raise click.UsageError("name files or folders of saved processes, or a store: --store mine.db")
    if STDIN in paths and not check:
        raise click.UsageError("`-` has no file to write: add --check")
    try:
        rulebook = load_rulebook(rules)
    except RulesError as error:
        return _no_rules(screen, error)
    run = _MigrationRun(screen)
    with ExitStack() as stack:
        if paths:
            run.sources.append(Files(rulebook, paths, run.complain))
        if store is not None:
            opened = stack.enter_context(closing(open_store(store, prefix=prefix)))
            run.sources.append(InStore(Keeper(rulebook, opened), store, run.complain))
        document = screen.document
        document.items("processes", run.predict())
        document.items("written", () if check else run.write())
    screen.show([line(run.summary(check=check))])
    document.add(left=run.left, skipped=run.skipped, diagnostics=[], passed=run.exit_code == YES)
    return run.exit_code


def _no_rules(screen: Screen, rules: RulesError) -> int:
    screen.diagnose(rules.diagnostics, rules.sources)
    if any(each.code == _FUNCTION_MISSING for each in rules.diagnostics):
        screen.complain("the functions of these rules are in a program", _IN_THE_PROGRAM)
    data: dict[str, Any] = {"processes": [], "written": [], "left": [], "skipped": []}
    screen.answer({**data, "diagnostics": diagnostics_data(rules.diagnostics), "passed": False})
    return NO


@define
class _MigrationRun:
    """Predicts what becomes of every process, writes those that changed, and counts.

    ``left`` has the processes that could no longer go on when they were to be written.
    """

    screen: Screen
    sources: list[Files | InStore] = field(factory=list)
    counts: Counter[Fate] = field(factory=Counter)
    left: list[dict[str, Any]] = field(factory=list)
    written: int = 0
    unreadable: bool = False

    @property
    def skipped(self) -> list[str]:
        """The files in folders that are no saved process."""
        return [file for source in self.sources if isinstance(source, Files) for file in source.skipped]

    @property
    def is_stuck(self) -> bool:
        """Return whether something can't go on, so that nothing is written."""
        return bool(self.unreadable or self.counts["refused"] or self.counts["damaged"] or self.left)

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return UNREADABLE
        # A store may be empty. Paths without a saved process are probably wrong.
        nothing = not self.counts and all(isinstance(source, Files) for source in self.sources)
        return NO if self.is_stuck or nothing else YES

    def predict(self) -> Iterator[dict[str, Any]]:
        """Show what becomes of every process, and yield it in plain types."""
        progress = Progress("processes read", quiet=self.screen.is_seen)
        for source in self.sources:
            for name, found in source.predict():
                progress.step()
                self.counts[found.fate] += 1
                self.screen.show(_lines(name, found))
                yield {source.kind: name, **found.as_json()}
        progress.clear()

    def write(self) -> Iterator[str]:
        """Write the processes that changed, unless something can't go on; yield their names."""
        if self.is_stuck:
            return
        progress = Progress("processes written", quiet=False)
        for source in self.sources:
            for name, found in source.write():
                if found.fits:
                    progress.step()
                    self.written += 1
                    yield name
                else:
                    progress.clear()
                    self.left.append({source.kind: name, **found.as_json()})
                    self.screen.show(_lines(name, found))
        progress.clear()

    def summary(self, *, check: bool) -> str:
        """Return ``12 processes: 10 unchanged, 2 carried over; 2 written``."""
        total = sum(self.counts.values())
        parts = [
            ", ".join(f"{self.counts[fate]} {word}" for fate, word in _WORDS.items() if self.counts[fate])
        ]
        if not check:
            parts.append(f"{self.written or 'nothing'} written")
        if self.left:
            parts[-1] += f", {len(self.left)} left as {'it was' if len(self.left) == 1 else 'they were'}"
        if self.skipped:
            parts.append(f"{say_count(len(self.skipped), 'other file')} skipped")
        if not total:
            return "; ".join(["no saved process found", *parts[1 if check else 2 :]])
        return f"{say_count(total, 'process', 'processes')}: {'; '.join(parts)}"

    def complain(self, error: UnreadableError) -> None:
        """Show what can't be read or written."""
        self.unreadable = True
        self.screen.complain(error.message, error.help)


def _lines(name: str, found: Forecast) -> Iterator[Line]:
    said = "goes on under the new rules" if found.fate == "goes_on" else _WORDS[found.fate]
    if found.migration:
        said += f" by `{found.migration}`"
        said += f", {say_count(len(found.differences), 'difference')}" if found.differences else ""
    elif found.message:
        said += f": {found.path}: {found.message}" if found.path else f": {found.message}"
    yield line(Piece("ok    ", "ok") if found.fits else Piece("FAIL  ", "failed"), f"{name}  {said}")
    for each in found.differences:
        yield line(f"        - {each}")
    if found.help:
        yield line(Piece(f"        = help: {found.help}", "dim"))
