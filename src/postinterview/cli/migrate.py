"""``postinterview migrate``: what becomes of saved processes under rules that have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import click
from attrs import define, field

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.inputs import STDIN
from postinterview.cli.migration_sources import Files, InStore, Place
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.progress import Progress
from postinterview.cli.store_option import open_store, prefix
from postinterview.cli.terminal import Screen
from postinterview.files import DEFAULT, RulesError, UnreadableError, load_rulebook
from postinterview.layout import Line, Piece, line
from postinterview.loading.render import diagnostics_data
from postinterview.saving.answers import Answer, Fate
from postinterview.stores import Keeper

_SAID: dict[Fate, str] = {
    "unchanged": "unchanged",
    "goes_on": "goes on under the new rules",
    "carried_over": "carried over",
    "refused": "refused",
    "damaged": "damaged",
}
_FUNCTION_MISSING = "PI209"
_IN_THE_PROGRAM = (
    "a program that has them does the same with `postinterview.stores.migrate(keeper, check=True)`, "
    "and with `rulebook.restore(text).to_json()` for a file"
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
@click.option(
    "--store", metavar="DATABASE", type=FILE, help="A store: the path of its SQLite file, or a URL."
)
@prefix
@click.option("--check", is_flag=True, help="Only say what would happen; write nothing.")
@click.option(
    "--rules", default=DEFAULT, metavar="FILE", type=RULES, help="The rules of now; else the packaged ones."
)
@output()
def command(
    paths: tuple[str, ...], store: str | None, prefix: str, check: bool, rules: str, screen: Screen
) -> int:
    """Carry saved processes over to rules that have changed since, or say what would happen.

    PATH is a file that `process.to_json()` wrote, or a folder with such files, whose names end in `.json`.
    With --store it is all that a `Keeper` keeps in a database, such as mine.db or postgresql://host/name
    (a password is best kept in ~/.pgpass).

    Each process is told under the rules of now: it is unchanged, goes on as it is, is carried over by one of
    the rules' `migrations:`, is refused with each difference, or is damaged. Processes are written anew only
    if none is refused or damaged, and each as a whole or not at all. Broken off, it can be called again.

    Let no program write the files meanwhile. Programs under the new rules may go on with a store; let those
    under the earlier ones stop first.

    Exit code 0: all of them can go on; 1: some can't, or the rules have errors; 3: a file or store can't be
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
    asked = _Asked(screen)
    with ExitStack() as stack:
        if paths:
            asked.places.append(Files(rulebook, paths, asked.refuse))
        if store is not None:
            try:
                opened = stack.enter_context(closing(open_store(store, prefix=prefix)))
            except UnreadableError as error:
                screen.complain(error.message, error.help)
                return UNREADABLE
            asked.places.append(InStore(Keeper(rulebook, opened), store, asked.refuse))
        document = screen.document
        document.items("processes", asked.ask())
        document.items("written", () if check else asked.write())
    screen.show([line(asked.summary(check=check))])
    document.add(left=asked.left, skipped=asked.skipped, diagnostics=[], passed=asked.exit_code == YES)
    return asked.exit_code


def _no_rules(screen: Screen, rules: RulesError) -> int:
    screen.diagnose(rules.diagnostics, rules.sources)
    if any(each.code == _FUNCTION_MISSING for each in rules.diagnostics):
        screen.complain("the functions of these rules are in a program", _IN_THE_PROGRAM)
    data: dict[str, Any] = {"processes": [], "written": [], "left": [], "skipped": []}
    screen.answer({**data, "diagnostics": diagnostics_data(rules.diagnostics), "passed": False})
    return NO


@define
class _Asked:
    """Asks of every process what becomes of it, says so, and keeps count.

    ``left``: those that could go on when asked about, and not any more when they were to be written.
    """

    screen: Screen
    places: list[Place] = field(factory=list)
    counts: Counter[Fate] = field(factory=Counter)
    left: list[dict[str, Any]] = field(factory=list)
    written: int = 0
    unreadable: bool = False

    @property
    def stuck(self) -> bool:
        """Whether something can't go on, so that nothing is to be written."""
        return bool(self.unreadable or self.counts["refused"] or self.counts["damaged"] or self.left)

    @property
    def skipped(self) -> list[str]:
        """Files in folders that hold no saved process."""
        return [file for place in self.places if isinstance(place, Files) for file in place.skipped]

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return UNREADABLE
        return NO if self.stuck or self._found_nothing else YES

    @property
    def _found_nothing(self) -> bool:
        """A store may be empty; a path that leads to nothing is no path that was meant."""
        return not self.counts and not any(isinstance(place, InStore) for place in self.places)

    def ask(self) -> Iterator[dict[str, Any]]:
        """Say of every process what becomes of it, and answer with the same in plain types."""
        progress = Progress("processes asked about", quiet=self.screen.is_seen)
        for place in self.places:
            for name, found in place.ask():
                progress.step()
                self.counts[found.fate] += 1
                self.screen.show(_told(name, found))
                yield {place.kind: name, **found.as_json()}
        progress.clear()

    def write(self) -> Iterator[str]:
        """Write anew what is to be, as it is then, unless something can't go on; answer with the names."""
        if self.stuck:
            return
        progress = Progress("processes written", quiet=False)
        for place in self.places:
            for name, found in place.write():
                if found.can_be:
                    progress.step()
                    self.written += 1
                    yield name
                else:
                    progress.clear()
                    self.left.append({place.kind: name, **found.as_json()})
                    self.screen.show(_told(name, found))
        progress.clear()

    def summary(self, *, check: bool) -> str:
        """``12 processes: 10 unchanged, 2 carried over; 2 written``."""
        total = sum(self.counts.values())
        words = {**_SAID, "goes_on": "under the new rules"}
        said = ", ".join(f"{self.counts[fate]} {text}" for fate, text in words.items() if self.counts[fate])
        skipped = f"; {_count(len(self.skipped), 'other file')} skipped" if self.skipped else ""
        if not total:
            return f"no saved process found{skipped}"
        done = "" if check else f"; {self.written or 'nothing'} written"
        done += f", {len(self.left)} left as {'it was' if len(self.left) == 1 else 'they were'}" * bool(
            self.left
        )
        return f"{_count(total, 'process', 'es')}: {said}{done}{skipped}"

    def refuse(self, error: UnreadableError) -> None:
        """Say what can't be read or written."""
        self.unreadable = True
        self.screen.complain(error.message, error.help)


def _told(name: str, found: Answer) -> Iterator[Line]:
    sign = Piece("ok    ", "ok") if found.can_be else Piece("FAIL  ", "failed")
    said = _SAID[found.fate]
    if found.migration:
        said += f" by `{found.migration}`"
        said += f", {len(found.differences)} judged anew" if found.differences else ""
    elif found.message:
        said += f": {found.path}: {found.message}" if found.path else f": {found.message}"
    yield line(sign, f"{name}  {said}")
    for each in found.differences:
        yield line(f"        - {each}")
    if found.help:
        yield line(Piece(f"        = help: {found.help}", "dim"))


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number} {noun}{'' if number == 1 else plural}"
