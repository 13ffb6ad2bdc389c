"""Stage two, shape: check nodes against the tables of a language, and report every fault.

Later stages trust the result: each value has its type, and each list holds something. A value that can't be
read is None, and its key is among the ``faulty`` keys of its record. What each kind of value must look like
is data (`schema`); `_READERS` at the end names the method that reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from typing import Any, TypeAlias

from attrs import define

from postinterview.core.rules.definitions import SCOPES
from postinterview.loading import schema as k
from postinterview.loading import shape_errors
from postinterview.loading import text_values as v
from postinterview.loading.diagnostics import Fix
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report, part_of, span_of

_SCOPE_WORDS = k.ListOf(k.OneOf(tuple(SCOPES)), or_one=True)
_STATE_NAMES = k.ListOf(k.Name("state"), or_one=True)


@define(eq=False)
class Shape:
    """Reads the values of one file. ``asked``: the key or the set of entries that asks for a value."""

    report: Report
    asked: k.TableKey | k.Entries | None = None

    def read(self, kind: k.Kind, node: Node, key: Node) -> Any:
        """Return the value of ``node``, or None with the reasons reported. ``key``: the key before it."""
        return _READERS[type(kind)](self, kind, node, key)

    def simple(self, kind: k.Simple, node: Node, key: Node) -> Any:
        return _SIMPLE[kind](self, kind, node, key)

    # --- texts ------------------------------------------------------------------------------------

    def text(self, kind: k.Kind, node: Node, key: Node) -> str | None:
        if isinstance(node, Scalar):
            if node.text and not node.is_nothing:
                return node.text
            shape_errors.nothing(self.report, node, key, self.asked)
        else:
            shape_errors.wrong_form(self.report, kind, node, key, self.asked)
        return None

    def name(self, kind: k.Kind, node: Node, key: Node) -> Scalar | None:
        return node if self.text(kind, node, key) is not None and isinstance(node, Scalar) else None

    def new_id(self, kind: k.Simple, node: Node, key: Node) -> Scalar | None:
        found = self.text(kind, node, key)
        if found is None or not isinstance(node, Scalar):
            return None
        if not v.is_id(found):
            shape_errors.bad_id(self.report, node, "a date")
        return node

    def one_of(self, kind: k.OneOf, node: Node, key: Node) -> str | None:
        word = self.text(kind, node, key)
        if word is None or word in kind.words:
            return word
        return shape_errors.not_a_word(self.report, kind.words, word, node, key)

    def number(self, kind: k.Number, node: Node, key: Node) -> Any:
        found = self.text(kind, node, key)
        return None if found is None else self.sound(v.number(found, kind.least), node)

    def meaning(self, kind: k.Simple, node: Node, key: Node) -> Any:
        """Read a text with one of the functions of `text_values`."""
        found = self.text(kind, node, key)
        return None if found is None else self.sound(_MEANINGS[kind](found), node)

    def written(self, kind: k.Simple, node: Node, key: Node) -> tuple[Node, Any] | None:
        """Read a text, and return it beside its meaning: its names are looked up or shown later."""
        found = self.meaning(kind, node, key)
        return None if found is None else (node, found)

    def scope(self, kind: k.Simple, node: Node, key: Node) -> Any:
        words = self.many(_SCOPE_WORDS, node, key)
        return None if words is None else self.sound(v.scope(words), node)

    def sound(self, value: Any, node: Node) -> Any:
        """Return ``value``, or None if it is a fault, which is reported."""
        if type(value) is not v.Fault:
            return value
        fix = None if value.instead is None else Fix(span_of(node), value.instead)
        where = part_of(node, value.start) if isinstance(node, Scalar) and value.start else node
        path = self.report.path(node)
        self.report.add(value.code, where, value.message, value.label, value.help, path=path, fix=fix)
        self.report.lose(node)
        return None

    # --- lists and sets of entries ----------------------------------------------------------------

    def many(self, kind: k.ListOf, node: Node, key: Node) -> tuple[Any, ...] | None:
        read = _READERS[type(kind.item)]
        if type(node) is not Sequence:
            if not kind.or_one or isinstance(node, Mapping):
                shape_errors.wrong_form(self.report, kind, node, key, self.asked)
                return None
            value = read(self, kind.item, node, key)
            return None if value is None else (value,)
        values = [read(self, kind.item, item, key) for item in node.items]
        if len(values) < 2:
            if not values:
                shape_errors.nothing(self.report, node, key, self.asked)
        elif len({item.text for item in node.items if isinstance(item, Scalar)}) < len(values):
            shape_errors.listed_twice(self.report, node)
        return tuple(value for value in values if value is not None) or None

    def entries(self, kind: k.Entries, node: Node, key: Node) -> Section | None:
        if type(node) is not Mapping or not (node.entries or node.emptied):
            shape_errors.no_entries(self.report, kind, node, key, self.asked)
            return None
        section = Section()
        value = kind.value
        read = _READERS[type(value)]
        for name, child in node.entries:
            text = shape_errors.key_meant(self.report, kind, section, name, child) if kind.keys else name.text
            if text in kind.keys:
                self.asked = kind.keys[text]
                section.special[text] = self.read(self.asked.kind, child, name)
                continue
            if not (kind.any_text or v.is_id(text)):
                shape_errors.bad_id(self.report, name, kind.noun)
            elif text in kind.reserved:
                shape_errors.reserved_id(self.report, name, kind.noun, kind.reserved)
            section.keys[text] = name
            self.asked = kind
            section.values[text] = read(self, value, child, name)
        return section

    def table(self, table: k.Table, node: Node, key: Node, among: k.Variants | None = None) -> Record | None:
        if type(node) is not Mapping:
            if table.may_be_empty and isinstance(node, Scalar) and node.is_nothing:
                return Record(key, node, {})
            shape_errors.no_entries(self.report, table, node, key, self.asked)
            return None
        values: dict[str, Any] = {}
        record = Record(key, node, values)
        keys = table.keys
        findings = self.report.findings
        strays: list[int] = []
        for at, (name, child) in enumerate(node.entries):
            text = name.text
            entry = keys.get(text)
            if entry is None:
                strays.append(at)
                continue
            before = findings.count
            self.asked = entry
            values[text] = _READERS[type(entry.kind)](self, entry.kind, child, name)
            if findings.count != before:
                record.faulty.add(text)
        if strays:
            self.strays(table, among, record, node.entries, strays)
        for required in table.required:
            if required not in values:
                shape_errors.missing(self.report, table, required, record)
        return record

    def strays(
        self,
        table: k.Table,
        among: k.Variants | None,
        record: Record,
        entries: tuple[tuple[Scalar, Node], ...],
        strays: list[int],
    ) -> None:
        """Report unknown keys, given by their places. One that comes close to an absent key is read as it."""
        end = 0  # entries before this one are the rest of a text that a comma cut
        for at in strays:
            if at >= end:
                end = at + shape_errors.cut_by_comma(self.report, entries, at)
            if at < end:
                continue
            name, child = entries[at]
            meant = shape_errors.unknown_key(self.report, table, among, record, name, child)
            if meant is None:
                self.report.lose(child)
                continue
            record.read_as[name.text] = meant
            before = self.report.count
            self.asked = table.keys[meant]
            record.values[meant] = self.read(table.keys[meant].kind, child, name)
            if self.report.count != before:
                record.faulty.add(meant)

    def variants(self, kind: k.Variants, node: Node, key: Node) -> Record | None:
        if type(node) is not Mapping or not node.entries:
            shape_errors.no_entries(self.report, kind, node, key, self.asked)
            return None
        tables = kind.tables
        of = [name for name, _ in node.entries if name.text in tables]
        # The key of one kind may be a further key of another kind, which is the one that is meant.
        of = [name for name in of if all(other.text in tables[name.text].keys for other in of)] or of
        if len(of) == 1:
            return self.table(tables[of[0].text], node, key, kind)
        if of:
            shape_errors.two_kinds(self.report, of, key)
        else:
            meant = self.misspelt_variant(tables, node)
            if meant is not None:
                return self.table(meant, node, key, kind)
            shape_errors.no_kind(self.report, key, tables)
        self.report.lose(node)
        return None

    def misspelt_variant(self, tables: MappingOf[str, k.Table], node: Mapping) -> k.Table | None:
        known = {key for table in tables.values() for key in table.keys}
        for name, _ in node.entries:
            if name.text not in known:
                for meant in self.report.guesses.closest(name.text, tables):
                    return tables[meant]
        return None

    def forms(self, kind: k.Forms, node: Node, key: Node) -> Any:
        if isinstance(node, Scalar):
            return self.read(kind.text, node, key)
        if isinstance(node, Sequence):
            return self.many(kind.items, node, key)
        if kind.entries is not None:
            return self.table(kind.entries, node, key)
        shape_errors.wrong_form(self.report, kind, node, key, self.asked)
        return None

    def states(self, kind: k.Simple, node: Node, key: Node) -> tuple[Scalar, tuple[Scalar, ...]] | None:
        if type(node) is not Mapping or not node.entries:
            shape_errors.no_entries(self.report, kind, node, key, self.asked)
            return None
        if len(node.entries) > 1:
            shape_errors.several_machines(self.report, node)
        machine, child = node.entries[0]
        names = self.many(_STATE_NAMES, child, machine)
        return None if names is None else (machine, names)

    def free(self, kind: k.Simple, node: Node, key: Node) -> Any:
        if type(node) is Mapping:
            return {name.text: _plain(child) for name, child in node.entries}
        shape_errors.no_entries(self.report, kind, node, key, self.asked)
        return None


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return tuple(_plain(item) for item in node.items)
    return {name.text: _plain(child) for name, child in node.entries}


_MEANINGS: dict[k.Simple, Callable[[str], Any]] = {
    k.FLAG: v.flag,
    k.DAY: v.day,
    k.DURATION: v.duration,
    k.WINDOW: v.window,
    k.COUNTRY: v.country,
    k.MOMENT: v.moment,
    k.HOURS: v.hours,
}
_Reader: TypeAlias = Callable[[Shape, Any, Node, Node], Any]
_SIMPLE: dict[k.Simple, _Reader] = {
    k.TEXT: Shape.text,
    **dict.fromkeys(_MEANINGS, Shape.meaning),
    **dict.fromkeys((k.MOMENT, k.HOURS), Shape.written),
    k.SCOPE: Shape.scope,
    k.NEW_ID: Shape.new_id,
    k.STATES: Shape.states,
    k.FREE: Shape.free,
    k.VALUE: Shape.name,
}
_READERS: dict[type, _Reader] = {
    k.Simple: Shape.simple,
    k.Number: Shape.number,
    k.OneOf: Shape.one_of,
    k.Name: Shape.name,
    k.ListOf: Shape.many,
    k.Entries: Shape.entries,
    k.Table: Shape.table,
    k.Variants: Shape.variants,
    k.Forms: Shape.forms,
}
