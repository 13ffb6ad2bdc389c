"""Keep every name that a rule file defines, and find the ones that are asked for.

An unknown name that is close to a defined one is taken for that one, so that a misspelt word is one
finding, not ten. Unknown names are gathered and reported at the end: one diagnostic a name, however
often it is written. What nothing asks for is found from the same records.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TypeAlias

from attrs import define, evolve, field, frozen

from postinterview.core.values.suggest import SHORT, help_for, plain_name
from postinterview.loading.diagnostics import Fix, Span
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.report import Report, part_of, span_of
from postinterview.loading.schema import RESERVED, a
from postinterview.loading.text_values import is_id
from postinterview.loading.unknown_names import report_unknown

Space: TypeAlias = str | tuple[str, str]
"""A namespace: ``event``, ``class`` and so on, or ``("state", machine)``, ``("field", event)``."""

BUILT_IN = ("chase", "courtesy", "attempt", "reply", "contact", "sign_of_life")
"""The classes that every rulebook has."""


@frozen
class Lookup:
    """A kind of name that some places want: the noun for it, and the spaces that may define it.

    ``is_use``: to be named here is a use of the definition.
    """

    code: str
    noun: str
    spaces: tuple[Space, ...]
    hint: str
    is_use: bool = True


EVENT = Lookup("PI201", "event", ("event",), "write the name of something under `events`")
COUNTED = Lookup(
    "PI202",
    "event or class",
    ("built-in class", "class", "event"),
    "write the name of something under `events` or `classes`",
)
MACHINE = Lookup("PI204", "machine", ("machine",), "write the name of something under `machines`")
CREDIT = Lookup("PI205", "credit", ("credit",), "define it under `credits`, with something like `{max: 3}`")
GIVEN = evolve(CREDIT, is_use=False)
MOMENT = Lookup(
    "PI206",
    "event or date",
    ("built-in class", "class", "event", "date", "named date"),
    "write the name of something under `events`, `classes` or `dates`, or of a date that a field sets",
)
ENDED = Lookup("PI207", "date", ("date",), "let a field of type `date` set it", is_use=False)
GUARD_SET = Lookup("PI223", "guard set", ("guard set",), "write the name of something under `guard_sets`")
TRUSTED = evolve(EVENT, is_use=False)
FUNCTION = Lookup(
    "PI209", "function", ("function",), "register the function in your program, or name another"
)

_SPACES_OF: dict[str, tuple[str, ...]] = {
    "event": ("event",),
    "event or class": ("event", "class"),
    "moment": ("event", "class", "date", "named date"),
    "credit": ("credit",),
    "state": ("state",),
    "guard set": ("guard set",),
}
"""The spaces that may define a name, by what a value names (`schema.NameOf`)."""


def state_of(machine: str) -> Lookup:
    hint = f"write the name of something under the `states` of `{machine}`"
    return Lookup("PI203", "state", (("state", machine),), hint)


def field_of(event: str) -> Lookup:
    return Lookup("PI208", "field", (("field", event),), f"add it to the `fields` of `{event}`")


@define(eq=False)
class _Miss:
    """An unknown name: what was wanted, the definitions it may stand for, and the places that name it."""

    lookup: Lookup
    text: str
    found: tuple[tuple[Space, str], ...] = ()
    elsewhere: Space | None = None
    places: list[tuple[Scalar, Span]] = field(factory=list)


@define(eq=False)
class Names:
    """The names of one file.

    ``spaces``: by space, each name and the place of its definition. A space that is missing could not be
    read, and no name that is looked up in it is reported. ``used``: the definitions that something
    names; ``implied``: those that matter as members of a class that is used.
    """

    report: Report
    spaces: dict[Space, dict[str, Node | None]] = field(factory=dict)
    used: set[tuple[Space, str]] = field(factory=set)
    implied: set[tuple[Space, str]] = field(factory=set)
    _guessed: set[tuple[Space, str]] = field(factory=set)
    _misses: dict[tuple[Space, str], _Miss] = field(factory=dict)

    def find(self, lookup: Lookup, node: Scalar, text: str | None = None) -> tuple[Space, str] | None:
        """Return the definition that ``node`` (or ``text``, its beginning) names; None if it is unknown."""
        name = node.text if text is None else text
        for space in lookup.spaces:
            known = self.spaces.get(space)
            if known is not None and name in known:
                if lookup.is_use:
                    self.used.add((space, name))
                return space, name
        return self._miss(lookup, node, name)

    def name(self, lookup: Lookup, node: Scalar) -> str | None:
        """Return the name that ``node`` stands for, a typing slip mended; None if it is unknown."""
        found = self.find(lookup, node)
        return None if found is None else found[1]

    def is_used(self, space: Space, name: str) -> bool:
        """Return whether something names it, or may."""
        named = (space, name)
        return named in self.used or named in self.implied or self.may_be_meant(space, name)

    def may_be_meant(self, space: Space, name: str) -> bool:
        """Return whether it may be named by a misspelt name, or in a part that is missing or unreadable."""
        lost, kind = self.report.lost, space if isinstance(space, str) else space[0]
        if (space, name) in self._guessed or name in lost or self.report.guesses.left <= 0:
            return True
        if any(kind in _SPACES_OF.get(wanted, ()) for wanted in self.report.lost_kinds):
            return True
        return bool(lost and self.report.guesses.closest(name, lost))

    def _miss(self, lookup: Lookup, node: Scalar, name: str) -> tuple[Space, str] | None:
        """Remember an unknown name, and return the definition it is taken for."""
        if any(space not in self.spaces for space in lookup.spaces):
            return None
        group = "event" if {"event", "date"} & set(lookup.spaces) else lookup.spaces[0]
        miss = self._misses.get((group, name))
        if miss is None or miss.lookup.spaces != lookup.spaces:
            spaces = lookup.spaces if self.report.guesses.left > 0 else ()
            known = {other: space for space in reversed(spaces) for other in self.spaces[space]}
            is_gone = name in self.report.removed  # and so no typing slip
            guesses = () if is_gone else self.report.guesses.closest(name, known)
            found = tuple((known[other], other) for other in guesses)
            self._guessed.update(found)
            if found and plain_name(found[0][1]) == plain_name(name) and not is_id(found[0][1]):
                return found[0]  # its definition is reported for its spelling already
            if name in self.report.lost:  # its definition may be in the part that can't be read
                return found[0] if found else None
            elsewhere = self._elsewhere(lookup, name) if self.report.guesses.left > 0 else None
            if elsewhere is not None:
                self._guessed.add((elsewhere, name))
            fresh = _Miss(lookup, name, found, elsewhere)
            miss = self._misses.setdefault((group, name), fresh)
        else:
            found = miss.found
        miss.places.append((node, span_of(node) if name == node.text else part_of(node, 0, len(name))))
        return found[0] if found else None

    def _elsewhere(self, lookup: Lookup, name: str) -> Space | None:
        """Return the space that defines the name as something other than what is wanted."""
        for space, known in self.spaces.items():
            is_field = not isinstance(space, str) and space[0] == "field"
            if name in known and space not in lookup.spaces and (not is_field or lookup.noun == "field"):
                return space
        return None

    def unknown(self) -> Iterator[tuple[str, list[Span]]]:
        """Yield every unknown name with the places that name it."""
        for miss in self._misses.values():
            yield miss.text, [where for _, where in miss.places]

    def report_unknown(self) -> None:
        """Report every unknown name, each once, with up to two more places."""
        for miss in self._misses.values():
            node, where = miss.places[0]
            meant = miss.found[0] if miss.found else None
            defined = None if meant is None else self.spaces[meant[0]][meant[1]]
            fix = None
            if defined is not None and meant not in self.used and len(miss.places) > 1:
                fix = Fix(span_of(defined), miss.text)
            report_unknown(
                self.report,
                node,
                code=miss.lookup.code,
                noun=miss.lookup.noun,
                label=self._label(miss),
                help=self._help(miss, defined),
                meant=None if meant is None else meant[1],
                defined=defined,
                name=miss.text,
                where=where,
                fix=fix,
                others=[(place, "and here") for place, _ in miss.places[1:3]],
                count=len(miss.places),
            )

    def _help(self, miss: _Miss, defined: Node | None) -> str:
        if not miss.found:
            spaces = [self.spaces[space] for space in miss.lookup.spaces]
            known = chain(*spaces) if sum(map(len, spaces)) <= SHORT else ()
            if miss.lookup is MOMENT and miss.text in RESERVED:
                key = self.report.path(miss.places[0][0]).rpartition(".")[2]
                return f"delete `{key}`; if the file that you extend has it, write `remove: {key}`"
            return help_for((), known) or miss.lookup.hint
        meant = miss.found[0]
        if defined is None or meant in self.used or defined.source is not self.report.root.source:
            return help_for(tuple(name for _, name in miss.found), ())
        line = span_of(defined).line
        if len(miss.places) > 1:
            return f"write `{miss.text}` in line {line}: nothing uses `{meant[1]}`"
        return f"did you mean `{meant[1]}`? if not, write `{miss.text}` in line {line}"

    def _label(self, miss: _Miss) -> str:
        space = miss.lookup.spaces[0]
        if miss.elsewhere is not None:
            other = _say(miss.elsewhere)
            return f"this is {other}, not {_say(space) if isinstance(space, tuple) else a(miss.lookup.noun)}"
        if isinstance(space, tuple):
            return f"`{space[1]}` has no {space[0]} of this name"
        if space == "function":
            return "no function is registered under this name"
        return f"no {miss.lookup.noun} has this name"


def _say(space: Space) -> str:
    return f"{a(space[0])} of `{space[1]}`" if isinstance(space, tuple) else a(space)
