"""Link a map to a rulebook: look up its events, classes and fields, and check that no event is left out."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from datetime import time
from typing import TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field

from postinterview.audit.history.date_formats import Format, read_as_of, read_clock, read_format
from postinterview.audit.history.field_values import normal_word
from postinterview.audit.history.map_entries import EntryLinker, texts_in
from postinterview.audit.history.map_model import Map, MapEntry
from postinterview.audit.history.map_schema import FILE, TEXT_ENCODINGS
from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import FileSettings
from postinterview.core.judging.undoing import UndoRules
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition
from postinterview.core.values.formatting import say_count
from postinterview.core.values.frozen_mapping import FrozenMapping
from postinterview.core.values.suggest import ticked
from postinterview.loading.diagnostics import Span
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.reading import FileContent
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of, start_of
from postinterview.loading.shape import Shape
from postinterview.loading.text_values import Fault
from postinterview.loading.unknown_names import find
from postinterview.scenario.parsing import zone_of

Read = TypeVar("Read")
NOON = time(12)
_LONGEST_ENCODING = 100
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


def link(reading: FileContent, rulebook: Rulebook, text: str) -> Map | None:
    """Return the map under these rules, or None if an error is among the findings."""
    if reading.record is None or reading.shape is None:
        return None
    made = _MapLinker(reading.record, reading.shape, rulebook.definition).map(rulebook, text)
    return None if reading.findings.has_errors else made


@define(eq=False)
class _MapLinker:
    """Links one map. ``lost``: it names an unknown event, so which events it leaves out can't be told."""

    record: Record
    shape: Shape
    definition: Definition
    columns: dict[str, Span] = field(factory=dict)
    lost: bool = False

    @property
    def report(self) -> Report:
        return self.shape.report

    def map(self, rulebook: Rulebook, text: str) -> Map:
        get = self.record.get
        self.check_confirmed()
        zone = self.zone()
        formats, clock = self.formats(), self.read(self.record, "time", read_clock)
        if self.record.get("kind") == "ics" and "time" not in self.record.values:
            clock = NOON  # of what takes a whole day: it is recorded as a day
        for key in ("timezone_column", "year_column", "employer", "application"):
            self.column(self.record, key)
        fill_down = self.fill_down()
        entries = self.entries(formats, clock)
        unknown, never = (self.events_of(key) for key in ("unknown", "never"))
        self.check_known(entries, unknown, never)
        return Map(
            file=self.record.node.span.file,
            text=text,
            rulebook=rulebook,
            settings=self.settings(),
            timezone=zone,
            formats=formats,
            time=clock,
            empty=self.empty(),
            as_of=self.read(self.record, "as_of", lambda text: read_as_of(text, zone)),
            employer=get("employer") or "",
            employers=self.employers(),
            fill_down=fill_down,
            entries=entries,
            unknown=tuple(unknown),
            anything=self.anything(entries),
            columns=FrozenMapping(self.columns),
            **{name: get(name) for name in ("timezone_column", "year", "year_column", "application")},
        )

    # --- the file and its dates -------------------------------------------------------------------

    def column(self, record: Record, key: str) -> None:
        """Remember the first place of a column."""
        if isinstance(record.get(key), str):
            self.columns.setdefault(record.get(key), span_of(record.node_of(key)))

    def employers(self) -> FrozenMapping[str, str]:
        """Return the names of employers by the words of their column, folded."""
        node = self.record.written("employers")
        found: dict[str, str] = {}
        for word, name in node.entries if isinstance(node, Mapping) else ():
            if isinstance(name, Scalar) and name.text:
                found[normal_word(word.text)] = name.text
            else:
                help = f"write `{short(word.text)}: Acme`"
                self.report.add(
                    "PI1007", word, "the name of this employer is missing", "a word, and no name", help
                )
        return FrozenMapping(found)

    def check_confirmed(self) -> None:
        """Report guesses that nobody has confirmed."""
        if self.record.get("unconfirmed") is not None:
            count = len(texts_in(self.record.node_of("unconfirmed")))
            message = f"the map has {say_count(count, 'unconfirmed guess', 'unconfirmed guesses')}"
            help = "check what each line says and delete it; after the last one delete `unconfirmed`"
            self.report.add(
                "PI1013", self.record.key_of("unconfirmed"), message, "nobody has checked them", help
            )

    def fill_down(self) -> tuple[str, ...]:
        """Return the columns whose empty cells take the value above, and remember their first places."""
        if self.record.get("fill_down") is None:
            return ()
        names = texts_in(self.record.node_of("fill_down"))
        for node in names:
            self.columns.setdefault(node.text, span_of(node))
        return tuple(node.text for node in names)

    def zone(self) -> ZoneInfo | None:
        has = [key for key in ("timezone", "timezone_column") if key in self.record.values]
        if len(has) != 1:
            where = self.record.key_of("timezone_column") if has else start_of(self.record.node)
            message = "two keys say the time zone" if has else "the employers' time zone is missing"
            help = "keep one of them" if has else f"add `{FILE.keys['timezone'].example}`"
            self.report.add("PI1002", where, message, "days and hours are counted in it", help, path="")
            return None
        return zone_of(self.report, self.record)[0]

    def formats(self) -> tuple[Format, ...]:
        record = self.record
        listed = record.written("dates")
        found = []
        for node in listed.items if isinstance(listed, Sequence) else ():
            if not isinstance(node, Scalar) or not node.text:
                continue
            form: Format | None = self.shape.sound(read_format(node.text), node)
            if form is None:
                continue
            found.append(form)
            if not form.has_year and {"year", "year_column"}.isdisjoint(record.values):
                help = "add `year: 2019`, or `year_column:` with the column that has it"
                self.report.add("PI1004", node, f"`{node.text}` has no year", "which year?", help)
        return tuple(found)

    def empty(self) -> frozenset[str]:
        """Return the words that mean an empty cell, folded."""
        listed = self.record.get("empty")
        words = [listed] if isinstance(listed, str) else listed or ()
        return frozenset(normal_word(word.text if isinstance(word, Scalar) else word) for word in words)

    def read(self, record: Record, key: str, reader: Callable[[str], Read | Fault]) -> Read | None:
        text, found = record.get(key), None
        if text is not None:
            found = self.shape.sound(reader(text), record.node_of(key))
        return found

    def settings(self) -> FileSettings:
        """Return what the map says about its file."""
        get = self.record.get
        if get("table") is not None and get("query") is not None:
            message = "two keys say where the rows are"
            self.report.add(
                "PI1007", self.record.key_of("query"), message, "beside `table`", "keep one of them"
            )
        return FileSettings(
            encoding=self.encoding(),
            delimiter=self.delimiter(),
            skip_lines=get("skip_lines") or 0,
            **{name: get(name) for name in ("kind", "sheet", "table", "query")},
        )

    def encoding(self) -> str:
        """Return Python's name of the history's encoding; UTF-8 is read with and without its mark."""
        written = self.record.get("encoding") or "utf-8"
        try:
            name = codecs.lookup(written[:_LONGEST_ENCODING]).name
        except (LookupError, ValueError):
            name = ""
        if name not in TEXT_ENCODINGS:
            message = f"`{short(written)}` is not an encoding that a history can have"
            help = "write `utf-8`, `windows-1252`, `latin-1` or `utf-16`"
            self.report.add("PI1003", self.record.node_of("encoding"), message, "unknown encoding", help)
        return "utf-8-sig" if name == "utf-8" else name

    def delimiter(self) -> str | None:
        written: str | None = self.record.get("delimiter")
        if written is None:
            return None
        found = _DELIMITERS.get(written, written)
        if len(found) != 1 or found in '"\r\n':
            message = f"`{short(written)}` can't separate two cells"
            help = 'write one character, such as `";"`, or `tab`'
            self.report.add("PI1003", self.record.node_of("delimiter"), message, "not one character", help)
            return None
        return found

    # --- what its rows say ------------------------------------------------------------------------

    def entries(self, formats: tuple[Format, ...], clock: time | None) -> tuple[MapEntry, ...]:
        section = self.record.get("read")
        if section is None:
            return ()
        needs_clock = next((each.text for each in formats if not each.has_clock), None)
        asked = UndoRules(self.definition).asked
        linker = EntryLinker(self.shape, self.definition, self.columns, self.empty(), asked)
        found = []
        for rank, (name, _, record) in enumerate(section):
            if not isinstance(record, Record):
                continue
            entry = linker.entry(name, rank, record, self.read(record, "time", read_clock))
            if entry is None:
                self.lost = True
                continue
            found.append(entry)
            said = "time" in self.record.values or "time" in record.values
            if entry.at and needs_clock is not None and not said and clock is None:
                message = f"`{needs_clock}` has no hour, and the map does not say which one to take"
                help = 'add `time: "12:00"` here, or for the whole map'
                where = record.node_of("at" if "at" in record.values else "last")
                self.report.add("PI1004", where, message, "the hour is missing", help)
        return tuple(found)

    def events_of(self, key: str) -> dict[str, Node]:
        """Return the events that a list names, directly or by a class, each with its place."""
        known = dict.fromkeys(self.definition.classes)
        known |= {name: kind.origin for name, kind in self.definition.events.items()}
        found: dict[str, Node] = {}
        for node in self.record.get(key) or ():
            name = find(self.report, node, known, code="PI722", noun="event or class")
            self.lost = self.lost or name is None
            a_class = self.definition.classes.get(name or "")
            members = {name} if a_class is None else a_class.members
            for event in self.definition.events:
                if event in members:
                    found.setdefault(event, node)
        return found

    def check_known(
        self, entries: Iterable[MapEntry], unknown: dict[str, Node], never: dict[str, Node]
    ) -> None:
        """Check that the map says of every event whether the history would show it."""
        read = {entry.event: entry.id for entry in entries}
        for event, node in never.items():
            other = "under `unknown`" if event in unknown else f"`{read.get(event)}` reads it"
            if event in unknown or event in read:
                named, help = f"`{event}`", "delete one"
                if isinstance(node, Scalar) and node.text != event:  # a class that it belongs to
                    named, help = f"`{node.text}` with `{event}`", f"name the other events of `{node.text}`"
                message = f"{named} is listed under `never`, and {other}"
                self.report.add("PI1009", node, message, "which of the two?", help)
        if (
            self.record.get("kind") == "ics"
            or self.lost
            or not {"read", "unknown", "never"}.isdisjoint(self.record.faulty)
        ):
            return
        silent = [name for name in self.definition.events if name not in {*read, *unknown, *never}]
        if silent:
            message = f"the map does not say whether the history would show {_some(silent)}"
            label = f"no entry reads {'it' if len(silent) == 1 else 'them'}"
            never_key = "events that the history would show, and that never happened, go under `never:`"
            help = f"add `unknown: [{', '.join(silent)}]`; {never_key}"
            self.report.add(
                "PI1008", start_of(self.record.node_of("read")), message, label, help, path="read"
            )

    def anything(self, entries: Iterable[MapEntry]) -> tuple[str, ...]:
        """Return the events that an unreadable row may have told: contacts, signs of life, and those read."""
        read = {entry.event for entry in entries}
        events = self.definition.events
        told = (n for n, kind in events.items() if kind.sign_of_life or kind.reaches_them)
        wanted = {*read, *told}
        return tuple(name for name in events if name in wanted)


def _some(names: list[str]) -> str:
    if len(names) < 5:
        return ticked(names, "and")
    return f"{', '.join(f'`{name}`' for name in names[:3])} and {len(names) - 3} more"
