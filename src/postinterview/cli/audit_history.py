"""``postinterview audit FILE --map MAP``: judge the history of a tracker."""

from __future__ import annotations

from datetime import date, datetime

import click
from attrs import define

from postinterview.audit.history.audit_findings import Audit
from postinterview.audit.history.audit_report import data_of, lines_of
from postinterview.audit.history.auditing import KeepProcess, audit
from postinterview.audit.history.date_formats import read_as_of
from postinterview.audit.history.map_linking import link
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.maps import parse_map
from postinterview.audit.sources.opening import HistorySource
from postinterview.cli import NO, UNKNOWN, YES
from postinterview.cli.audit_shadow import ShadowRun
from postinterview.cli.inputs import STDIN, STDIN_NAME, open_stdin, read
from postinterview.cli.store_option import PREFIX, open_store, unreadable, without_password
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_count
from postinterview.files import as_text
from postinterview.layout import line
from postinterview.loading.text_values import Fault
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError, load_rulebook
from postinterview.stores import ConflictError, Keeper, StoreError


@define
class HistoryAudit:
    """The options of the command, and what it does with them."""

    screen: Screen
    file: str
    map_file: str
    rules: str | None
    against: str | None
    as_of: str | None
    store: str | None
    prefix: str
    limit: int
    workers: int | None = None

    def run(self) -> int:
        """Judge the history by its map, and print the findings."""
        if self.store is None and self.prefix != PREFIX:
            raise click.UsageError("`--prefix` needs a store: add --save")
        if self.file == self.map_file == STDIN:
            raise click.UsageError("standard input can be the history or the map, not both")
        by = self.map()
        until = self.until(by)
        if self.workers is not None:
            return self.tell(self.audit_large(by, until, self.workers), by)
        source: HistorySource = open_stdin() if self.file == STDIN else self.file
        if self.against is not None and self.rules is not None:
            shadow = ShadowRun(by.rulebook, load_rulebook(self.rules), self.limit)
            return self.tell_shadow(self.audit(source, by, until, shadow), by, shadow)
        if self.store is None:
            return self.tell(self.audit(source, by, until, None), by)
        opened = open_store(self.store, prefix=self.prefix, create=True)
        try:
            saved = _Saver(Keeper(by.rulebook, opened), without_password(self.store))
            return self.tell(self.audit(source, by, until, saved), by, saved)
        except StoreError as error:
            raise unreadable(self.store, error) from None
        finally:
            opened.close()

    def audit(
        self, source: HistorySource, by: Map, until: date | datetime, saved: KeepProcess | None
    ) -> Audit:
        progress = Progress("rows read", quiet=False)
        name = STDIN_NAME if self.file == STDIN else self.file
        try:
            return audit(
                source,
                by,
                as_of=until,
                name=name,
                limit=self.limit,
                keep=saved,
                processes=False,
                step=progress.step,
            )
        finally:
            progress.clear()

    def audit_large(self, by: Map, until: date | datetime, workers: int) -> Audit:
        """Audit a large file on several processes."""
        try:
            from postinterview.audit.bulk.workers import audit_file
        except ModuleNotFoundError as error:
            message = f"`--workers` needs the package `{error.name}`"
            raise MisuseError(message, "pip install 'postinterview[dask]'") from None
        progress = Progress("rows audited", quiet=False)
        try:
            return audit_file(
                self.file, by, workers=workers, as_of=until, limit=self.limit, step=progress.step
            )
        finally:
            progress.clear()

    def map(self) -> Map:
        """Read the map under its rules, or raise a `RulesError` with all its errors."""
        shown, text = read(self.map_file)
        written = as_text(text)
        sources = {shown: written}
        reading = parse_map(text, shown)
        if reading.record is None:
            raise RulesError(reading.diagnostics, sources)
        rulebooks = Rulebooks()
        rulebook = rulebooks.load_for(reading, self.map_file, sources, self.against or self.rules)
        found = link(reading, rulebook, written)
        sources |= rulebooks.texts(rulebook) if reading.diagnostics else {}
        if found is None:
            raise RulesError(reading.diagnostics, sources)
        self.screen.diagnose(reading.diagnostics, sources)
        return found

    def until(self, by: Map) -> date | datetime:
        if self.as_of is None:
            if by.as_of is None:
                add = "add `as_of:` to the map, or give --as-of 2026-03-01"
                raise click.UsageError(f"the day of the export is not known: {add}")
            return by.as_of
        found = read_as_of(self.as_of, by.timezone)
        if isinstance(found, Fault):
            raise click.BadParameter(f"{found.message}; {found.help}", param_hint="--as-of")
        return found

    def tell(self, made: Audit, by: Map, saved: _Saver | None = None) -> int:
        if made.diagnostics:
            raise RulesError(made.diagnostics, {by.file: by.text})
        self.screen.show(lines_of(made, self.screen.width))
        if saved is not None:
            processes = say_count(saved.count, "process", "processes")
            self.screen.show([line(f"{processes} kept in {saved.shown}")])
        self.screen.answer({**data_of(made), "kept": None if saved is None else saved.count})
        if not made.is_clean:
            if not made.counts.recorded:
                self.screen.complain("no event was read", "is this the map of this history?")
            return NO
        return YES if made.is_certain else UNKNOWN

    def tell_shadow(self, made: Audit, by: Map, shadow: ShadowRun) -> int:
        """Print the acts that the new rules judge differently."""
        if made.diagnostics:
            raise RulesError(made.diagnostics, {by.file: by.text})
        self.screen.show(shadow.lines(made, self.screen.width))
        self.screen.answer({**shadow.data(), "counts": made.counts.as_json()})
        if not made.counts.recorded:
            self.screen.complain("no event was read", "is this the map of this history?")
        if shadow.count or not made.counts.recorded:
            return NO
        return UNKNOWN if made.found["unread"] or shadow.doubtful else YES


@define
class _Saver:
    """Keeps each process in a store, under its employer's name."""

    keeper: Keeper
    shown: str
    count: int = 0

    def __call__(self, employer: str, process: Process) -> str:
        try:
            self.keeper.add(employer, process)
        except ConflictError:
            return f"{self.shown} already has a process of this name, which was not changed"
        except MisuseError as error:
            return f"{self.shown} can't keep it: {error}"
        self.count += 1
        return ""
