"""Link the entries of a map's `read` to the events and fields of the rules."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from datetime import time

from attrs import define

from postinterview.audit.history.field_values import normal_word
from postinterview.audit.history.map_model import Constant, FieldSource, FromColumn, MapEntry, NotKnown
from postinterview.audit.history.map_schema import NOT_KNOWN
from postinterview.core.past.events import Value
from postinterview.core.rules.definitions import Definition, EventKind, FieldKind
from postinterview.core.values.frozen_mapping import FrozenMapping
from postinterview.core.values.suggest import ticked
from postinterview.loading.diagnostics import Span
from postinterview.loading.event_fields import LEFT_OUT, read_field
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report, span_of, start_of
from postinterview.loading.shape import Shape
from postinterview.loading.unknown_names import find

_EVENT_KEYS = ("at", "count", "last", "time", "to", "with")


def texts_in(node: Node) -> list[Scalar]:
    """Return the texts of a list, or a single one."""
    items = node.items if isinstance(node, Sequence) else (node,)
    return [item for item in items if isinstance(item, Scalar)]


@define(eq=False)
class EntryLinker:
    """Links entries.

    ``columns``: collects the columns that they name, each with its first place. ``empty``: the words that
    mean an empty cell; no entry can look for them. ``asked``: see `UndoRules`.
    """

    shape: Shape
    definition: Definition
    columns: dict[str, Span]
    empty: frozenset[str]
    asked: MappingOf[str, MappingOf[str, str]]

    @property
    def report(self) -> Report:
        return self.shape.report

    def entry(self, name: str, rank: int, record: Record, clock: time | None) -> MapEntry | None:
        kind = self.kind(record)
        when = self.when(record)
        at, split = self.dates(record)
        for key in ("count", "last"):
            self.column(record.get(key), record.node_of(key))
        if kind is None:
            if record.get("nothing") and "event" not in record.values:
                self.refuse_keys(record, [key for key in _EVENT_KEYS if key in record.values], "nothing")
                return MapEntry(name, rank, None, when)
            return None
        count, last = record.get("count"), record.get("last")
        if count is not None:
            allowed = ("count",) if last is None else ("count", "last", "time", "to", "with")
            stray = [key for key in _EVENT_KEYS if key in record.values and key not in allowed]
            self.refuse_keys(record, stray, "count")
            if last is None:
                return MapEntry(name, rank, kind.name, when, count=count)
            at = (last,)
        elif last is not None:
            help = "write `at:` for the only one, or add `count:` with the column that counts them"
            self.report.add(
                "PI1007",
                record.key_of("last"),
                "`last` means nothing without `count`",
                "the last of how many?",
                help,
            )
        to, carried = self.person(record, kind), self.carried(record, kind)
        if not when and not at and not record.faulty:
            message = "every row would say this, without a date"
            label = "neither `when` nor `at`"
            help = "add `when:` with the column that decides, or `at:` with the column of its date"
            self.report.add(
                "PI1006", start_of(record.node), message, label, help, path=self.report.path(record.node)
            )
        return MapEntry(name, rank, kind.name, when, at, split, count, clock, to, carried)

    def dates(self, record: Record) -> tuple[tuple[str, ...], str | None]:
        """Return the columns with the dates, and what separates several dates in one cell."""
        at, node = record.get("at"), record.node_of("at")
        if isinstance(at, Record):
            column: str | None = at.get("column")
            self.column(column, at.node_of("column"))
            return () if column is None else (column,), at.get("split")
        if at is None:
            return (), None
        names = texts_in(node)
        for each in names:
            self.column(each.text, each)
        return tuple(each.text for each in names), None

    def column(self, name: object, where: Node) -> None:
        if isinstance(name, str):
            self.columns.setdefault(name, span_of(where))

    def kind(self, record: Record) -> EventKind | None:
        """Return the event that an entry names; None if it names none, or after reporting an error."""
        said = [key for key in ("event", "nothing") if key in record.values]
        if len(said) != 1 or (said == ["nothing"] and record.get("nothing") is False):
            both = len(said) > 1
            self.report.add(
                "PI1006",
                record.key_of("nothing") if said else start_of(record.node),
                "an entry has either `event` or `nothing: true`",
                "the second of them" if both else "neither of them",
                "write two entries" if both else "add `event: interview`, or `nothing: true`",
                path=self.report.path(record.node),
            )
            return None
        node: Scalar | None = record.get("event")
        if node is None:
            return None
        known = {name: kind.origin for name, kind in self.definition.events.items()}
        name = find(self.report, node, known, code="PI721", noun="event")
        return None if name is None else self.definition.events[name]

    def refuse_keys(self, record: Record, keys: list[str], beside: str) -> None:
        for key in keys:
            message = f"`{key}` means nothing beside `{beside}`"
            help = f"delete it, or write an entry of its own without `{beside}`"
            self.report.add("PI1007", record.key_of(key), message, "nothing reads it", help)

    # --- when -------------------------------------------------------------------------------------

    def when(self, record: Record) -> tuple[tuple[str, MappingOf[str, str]], ...]:
        node = record.written("when")
        found = []
        for key, value in node.entries if isinstance(node, Mapping) else ():
            self.column(key.text, key)
            words = self.words(value)
            if words:
                found.append((key.text, FrozenMapping({normal_word(word): word for word in words})))
            else:
                message = f"the words that `{key.text}` must have are missing"
                help = f'write `{key.text}: [yes, x]`; an empty cell is `""`'
                self.report.add("PI1007", key, message, "a word or a list of words", help)
                record.faulty.add("when")
        return tuple(found)

    def words(self, node: Node) -> list[str]:
        items = node.items if isinstance(node, Sequence) else (node,)
        texts = [item for item in items if isinstance(item, Scalar) and (item.text or not item.plain)]
        for item in texts:
            self.check_told(item)
        return [item.text for item in texts] if len(texts) == len(items) else []

    def check_told(self, word: Scalar) -> None:
        """Report a word that means an empty cell: no cell has it."""
        if word.text and normal_word(word.text) in self.empty:
            message = f"`{word.text}` is listed under `empty`, so no cell has it"
            help = 'write `""` for an empty cell, or delete the word from `empty`'
            self.report.add("PI1007", word, message, "it is read as an empty cell", help)

    # --- to, with ---------------------------------------------------------------------------------

    def person(self, record: Record, kind: EventKind) -> FieldSource | None:
        if "to" in record.values:
            if kind.to_person:
                people = FieldKind(name="to", type="people", origin=kind.origin)
                return self.origin(record.get("to"), record.node_of("to"), record.key_of("to"), people)
            message, label = f"`{kind.name}` is not to one person", "this event names no person"
            self.report.add("PI1010", record.key_of("to"), message, label, "delete `to`")
        elif kind.to_person:
            message = f"`{kind.name}` is to one person"
            help = "add the column with the person, such as `to: {column: Who}`"
            self.report.add("PI1010", record.node_of("event"), message, "`to` is missing", help)
        return None

    def carried(self, record: Record, kind: EventKind) -> MappingOf[str, FieldSource]:
        section, written = record.get("with"), record.node_of("with")
        entries = written.entries if isinstance(written, Mapping) else ()
        found: dict[str, FieldSource] = {}
        known = {name: declared.origin for name, declared in kind.fields.items()}
        named: set[str] = set()
        for name, key, value in section if isinstance(section, Section) else ():
            none = f"`{kind.name}` carries nothing" if not known else f"`{kind.name}` has no such field"
            real = find(self.report, key, known, code="PI726", noun="field", label=none)
            if real is None:
                continue
            named.add(real)
            node = next((child for each, child in entries if each.text == name), key)
            origin = self.origin(value, node, key, kind.fields[real])
            if origin is not None:
                found[real] = origin
        if "with" not in record.faulty:
            self.check_complete(record, kind, named, found)
        return FrozenMapping(found)

    def origin(self, value: object, node: Node, key: Node, kind: FieldKind) -> FieldSource | None:
        if isinstance(node, Scalar) and node.plain and node.text == NOT_KNOWN:
            return NotKnown()
        if not isinstance(value, Record):
            if value is None:
                return None
            read = read_field(self.shape, kind, node, key)
            return None if read is None or read is LEFT_OUT else Constant(read)  # type: ignore[arg-type]
        column = value.get("column")
        if column is None:
            return None
        self.column(column, value.node_of("column"))
        split = value.get("split")
        if split is not None and kind.type != "people":
            message = f"`{kind.name}` has one value, and can't be split"
            label = "only a list of people can be split"
            self.report.add("PI1007", value.key_of("split"), message, label, "delete `split`")
        words = value.written("values")
        if not isinstance(words, Mapping):
            return FromColumn(column, split)
        meant: dict[str, Value] = {}
        for word, child in words.entries:
            self.check_told(word)
            read = read_field(self.shape, kind, child, word)
            if read is not None and read is not LEFT_OUT:
                meant[normal_word(word.text)] = read  # type: ignore[assignment]
        return FromColumn(column, split, FrozenMapping(meant), tuple(word.text for word, _ in words.entries))

    def check_complete(
        self, record: Record, kind: EventKind, named: set[str], found: MappingOf[str, FieldSource]
    ) -> None:
        """Check that the entry gives each field that a fact needs or a guard asks for, even as unknown."""
        asked, because = self.asked[kind.name], "the event needs it"
        missing = [name for name in kind.fields if name not in named]
        if kind.is_act:
            missing = [name for name in missing if name in asked]
        else:
            vague = [name for name, each in found.items() if isinstance(each, NotKnown)]
            missing += [name for name in vague if kind.fields[name].type != "people"]
            missing = [name for name, each in kind.fields.items() if name in missing and not each.optional]
        if missing:
            if kind.is_act:
                because = f"`{asked[missing[0]]}` asks for {'it' if len(missing) == 1 else 'them'}"
            value = NOT_KNOWN if kind.is_act else "{column: ...}"
            message = f"the entry does not give the {ticked(missing, 'and')} of `{kind.name}`"
            help = f"add `with: {{{', '.join(f'{name}: {value}' for name in missing)}}}`"
            self.report.add("PI1010", record.node_of("event"), message, because, help)
