"""The kinds of values that a file may hold, and tables of them: what a value must look like, as data.

A language (rules, promises, scenarios, maps, statuses, tables of transitions) is a `Table` of keys. Whether a
name in a value exists is asked later, when all names are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

NameOf: TypeAlias = Literal[
    "event",
    "event or class",
    "moment",
    "credit",
    "date",
    "state",
    "machine",
    "field",
    "function",
    "guard set",
    "status",
]

REMOVE = "remove"
"""The key that takes ids or keys of an extended file away."""

RESERVED = frozenset({"any", "never", "none", REMOVE})
"""Words with a meaning of their own: nothing may have them as its name."""


@frozen(eq=False)
class Simple:
    """A kind without parts of its own. ``wants`` says in words what must stand there."""

    wants: str


TEXT = Simple("text")
"""Any text that is not empty."""
FLAG = Simple("`true` or `false`")
DAY = Simple("a date")
"""A date, year first."""
DURATION = Simple("a duration")
"""A length of time in minutes, hours, days or weeks."""
WINDOW = Simple("a duration")
"""The length of a rolling window: a duration of ten years at most."""
MOMENT = Simple("a moment")
"""A name, and perhaps ``+`` a duration."""
HOURS = Simple("hours")
"""Opening hours: two times of day, and perhaps the days."""
COUNTRY = Simple("a country's code")
"""A country's two letters, perhaps with a region's after a dash."""
SCOPE = Simple("a word")
"""A scope: one or two of the keys by which things are kept or counted."""
NEW_ID = Simple("a name")
"""A name that is defined here, by a value and not by a key."""
VALUE = Simple("a value")
"""A value that a field may have; its type is looked up later."""
STATES = Simple("a set of entries")
"""One machine, and some of its states."""
FREE = Simple("a set of entries")
"""A set of entries of the user's own, which the loader keeps and doesn't read."""


@frozen
class Number:
    """A whole number."""

    least: int = 0


@frozen
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]


@frozen
class Name:
    """A reference: the name of something that is defined elsewhere."""

    of: NameOf


@frozen
class ListOf:
    """A list without repetitions. ``or_one``: a single value needs no brackets."""

    item: Kind
    or_one: bool = False


@frozen
class Entries:
    """A set of entries under ids of the user's choice, except for reserved words.

    ``keys``: keys beside the ids that have a meaning of their own. ``any_text``: an id is any text.
    """

    value: Kind
    noun: str
    example: str
    reserved: frozenset[str] = RESERVED
    keys: Mapping[str, TableKey] = field(factory=dict, hash=False)
    any_text: bool = False


@frozen
class TableKey:
    """One key of a set of entries: the kind of its value, what it is for, and a line that shows it."""

    kind: Kind
    doc: str
    example: str
    required: bool = False


@frozen
class Table:
    """A set of entries with known keys. ``may_be_empty``: the value may be missing."""

    noun: str
    keys: Mapping[str, TableKey]
    example: str
    may_be_empty: bool = False
    required: tuple[str, ...] = field(init=False)

    @required.default
    def _required(self) -> tuple[str, ...]:
        return tuple(name for name, key in self.keys.items() if key.required)


@frozen
class Variants:
    """A set of entries of several kinds: one key tells the kind, and with it the other keys."""

    noun: str
    tables: Mapping[str, Table]
    example: str


@frozen
class Forms:
    """Different kinds of values, told apart by their form: text, list, or set of entries."""

    text: Kind
    items: ListOf
    entries: Table | None = None


Kind: TypeAlias = Simple | Number | OneOf | Name | ListOf | Entries | Table | Variants | Forms


def some(kind: Kind) -> ListOf:
    """Return a list of such values, whose brackets may be left out around a single one."""
    return ListOf(kind, or_one=True)


def with_items(table: Table, **kinds: Kind) -> Table:
    """Return the table, where the items of these lists are of these kinds.

    Some lists are read item by item, so that a fault is reported at its own item; their tables say only that
    they are lists.
    """
    listed = {name: evolve(table.keys[name], kind=ListOf(kind)) for name, kind in kinds.items()}
    return evolve(table, keys={**table.keys, **listed})


def kind_in(kind: Kind | None, name: str) -> Kind | None:
    """Return the kind of the value under a key or an id of a value of this kind; None if none is known."""
    match kind:
        case Table(keys=keys):
            return keys[name].kind if name in keys else None
        case Entries(value=value, keys=keys):
            return keys[name].kind if name in keys else value
        case Forms(entries=entries):
            return kind_in(entries, name)
        case Variants(tables=tables):
            return next((table.keys[name].kind for table in tables.values() if name in table.keys), None)
        case _:
            return None


_WANTS: dict[type, str] = {
    Number: "a number",
    Forms: "text or a list",
    OneOf: "a word",
    **dict.fromkeys((Entries, Table, Variants), "a set of entries"),
}


def explained(key: TableKey) -> str:
    """Return what a key is for, as a part of a sentence."""
    return key.doc[:1].lower() + key.doc[1:].removesuffix(".")


def wants(kind: Kind) -> str:
    """Return in words what must stand where a value of this kind is wanted."""
    match kind:
        case Simple(words):
            return words
        case Name(of):
            return f"the name of {'an event or a class' if of == 'event or class' else a(of)}"
        case ListOf(item, or_one):
            return f"{wants(item)} or a list" if or_one else "a list"
        case _:
            return _WANTS[type(kind)]


def a(noun: str) -> str:
    """Return the noun with its article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def names_in(kind: Kind) -> Iterator[str]:
    """Yield the kinds of names that a value of this kind would hold."""
    match kind:
        case Name(of):
            yield of
        case Simple():
            yield from ("machine", "state") if kind is STATES else ("moment",) if kind is MOMENT else ()
        case Forms(text, _, entries):
            yield from names_in(text)
            yield from () if entries is None else names_in(entries)
        case ListOf(inner):
            yield from names_in(inner)
        case Entries():
            yield from names_in(kind.value)
            for key in kind.keys.values():
                yield from names_in(key.kind)
        case Table():
            for key in kind.keys.values():
                yield from names_in(key.kind)
        case Variants():
            for table in kind.tables.values():
                yield from names_in(table)
        case _:
            pass
