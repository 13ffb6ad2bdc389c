"""What a value of a rule file can be asked to look like, as data: kinds, and tables of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import field, frozen

NameOf: TypeAlias = Literal[
    "event", "event or class", "moment", "credit", "date", "state", "machine", "field", "function"
]

RESERVED = frozenset({"any", "never", "none"})
"""Words with a meaning of their own, which nothing may be called."""


@frozen
class Text:
    """Any text that is not empty."""


@frozen
class Flag:
    """``true`` or ``false``."""


@frozen
class Number:
    """A whole number."""

    least: int = 0


@frozen
class Day:
    """A date, year first."""


@frozen
class Duration:
    """So many minutes, hours, days or weeks."""


@frozen
class MomentText:
    """A name, and perhaps ``+`` a duration."""


@frozen
class HoursText:
    """Two times of day, and perhaps on which days."""


@frozen
class Country:
    """The two letters of a country, perhaps with those of a region."""


@frozen
class ScopeText:
    """One key or two by which something is kept or counted."""


@frozen
class NewId:
    """A name given here, by a value rather than by a key."""


@frozen
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]


@frozen
class Name:
    """The name of something that is defined elsewhere."""

    of: NameOf


@frozen
class ListOf:
    """A list, nothing in it twice. ``or_one``: a single value may stand without the brackets."""

    item: Kind
    or_one: bool = False


@frozen
class States:
    """One machine, and some of its states."""


@frozen
class Free:
    """A set of entries of the user's own, read by nobody here."""


@frozen
class Entries:
    """A set of entries under ids of the user's choice, a few words excepted."""

    value: Kind
    noun: str
    example: str
    reserved: frozenset[str] = RESERVED


@frozen
class Key:
    """One key of a set of entries: what it wants, and a line that shows it."""

    kind: Kind
    doc: str
    example: str
    required: bool = False


@frozen
class Table:
    """A set of entries with known keys. ``may_be_empty``: nothing at all may stand there."""

    noun: str
    keys: Mapping[str, Key]
    example: str
    may_be_empty: bool = False
    required: tuple[str, ...] = field(init=False)

    @required.default
    def _required(self) -> tuple[str, ...]:
        return tuple(name for name, key in self.keys.items() if key.required)


@frozen
class Variants:
    """A set of entries whose other keys depend on the one key that says of which kind it is."""

    noun: str
    tables: Mapping[str, Table]
    example: str


@frozen
class Forms:
    """Different things, told apart by how they are written: as text, list, or set of entries."""

    text: Kind
    items: ListOf
    entries: Table | None = None


Kind: TypeAlias = (
    Text
    | Flag
    | Number
    | Day
    | Duration
    | MomentText
    | HoursText
    | Country
    | ScopeText
    | NewId
    | OneOf
    | Name
    | ListOf
    | States
    | Free
    | Entries
    | Table
    | Variants
    | Forms
)
