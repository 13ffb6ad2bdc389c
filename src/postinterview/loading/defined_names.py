"""Every name that a file defines, and who asks for it: finds what is unknown, and what nothing uses.

A name that is asked for in vain and close to one that exists is taken for that one, so that a
misspelt word is one finding, not ten.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, evolve, field, frozen

from postinterview.core.suggest import closest, fold, help_for
from postinterview.loading.diagnostics import Fix, Span
from postinterview.loading.messages import a
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.report import Report, part_of, span_of
from postinterview.loading.text_values import is_id

Space: TypeAlias = str | tuple[str, str]
"""Where a name is defined: ``event``, ``class``..., or ``("state", machine)``, ``("field", event)``."""

BUILT_IN = ("chase", "courtesy", "attempt", "reply", "contact", "sign_of_life")
"""The classes that every rulebook has."""


@frozen
class Lookup:
    """What is wanted in some place: the words for it, and the spaces where it may be defined.

    ``is_use``: what is named here has a use thereby.
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
FUNCTION = Lookup("PI209", "function", ("function",), "have the program register it, or name another")

_MAX_GUESSES = 40
"""So many names are compared with others; who has more unknown ones is not helped by guesses."""

_SPACES_OF: dict[str, tuple[str, ...]] = {
    "event": ("event",),
    "event or class": ("event", "class"),
    "moment": ("event", "class", "date", "named date"),
    "credit": ("credit",),
    "state": ("state",),
}
"""Which spaces a name may lie in, by what a value names (`fields.NameOf`)."""


def state_of(machine: str) -> Lookup:
    hint = f"write the name of something under the `states` of `{machine}`"
    return Lookup("PI203", "state", (("state", machine),), hint)


def field_of(event: str) -> Lookup:
    return Lookup("PI208", "field", (("field", event),), f"add it to the `fields` of `{event}`")


@define(eq=False)
class _Miss:
    """A name that is asked for in vain: by whom first, where, and what may be meant."""

    lookup: Lookup
    text: str
    found: tuple[tuple[Space, str], ...]
    elsewhere: Space | None
    places: list[tuple[Scalar, Span]] = field(factory=list)


@define(eq=False)
class Names:
    """The names of one file. ``spaces``: by space, each name and where it is defined.

    A space that is not there could not be read, and nothing is said about what is looked up in it.
    ``used``: what is named somewhere; ``implied``: what matters by being in a class that is used.
    """

    report: Report
    spaces: dict[Space, dict[str, Node | None]] = field(factory=dict)
    used: set[tuple[Space, str]] = field(factory=set)
    implied: set[tuple[Space, str]] = field(factory=set)
    _guessed: set[tuple[Space, str]] = field(factory=set)
    _guesses: int = 0
    _misses: dict[tuple[Space, str], _Miss] = field(factory=dict)

    def find(self, lookup: Lookup, node: Scalar, text: str | None = None) -> tuple[Space, str] | None:
        """Which definition ``node`` (or ``text``, its beginning) names; None where that is not known."""
        name = node.text if text is None else text
        for space in lookup.spaces:
            known = self.spaces.get(space)
            if known is not None and name in known:
                if lookup.is_use:
                    self.used.add((space, name))
                return space, name
        return self._miss(lookup, node, name)

    def name(self, lookup: Lookup, node: Scalar) -> str | None:
        """The name that ``node`` stands for, a slip mended; None where that is not known."""
        found = self.find(lookup, node)
        return None if found is None else found[1]

    def is_used(self, space: Space, name: str) -> bool:
        """Whether something names it, or may."""
        named = (space, name)
        return named in self.used or named in self.implied or self.may_be_meant(space, name)

    def may_be_meant(self, space: Space, name: str) -> bool:
        """Whether something names it misspelt, or in a part that is missing or could not be read."""
        if (space, name) in self._guessed or self._guesses > _MAX_GUESSES:
            return True
        lost, kind = self.report.lost, space if isinstance(space, str) else space[0]
        if any(kind in _SPACES_OF.get(wanted, ()) for wanted in self.report.lost_kinds):
            return True
        if name in lost:
            return True
        self._guesses += bool(lost)
        return bool(lost and closest(name, lost))

    def _miss(self, lookup: Lookup, node: Scalar, name: str) -> tuple[Space, str] | None:
        if any(space not in self.spaces for space in lookup.spaces):
            return None
        self._guesses += 1
        if self._guesses > _MAX_GUESSES:
            self._misses.setdefault((lookup.spaces[0], name), _Miss(lookup, name, (), None)).places.append(
                (node, span_of(node))
            )
            return None
        known = {other: space for space in reversed(lookup.spaces) for other in self.spaces[space]}
        found = tuple((known[other], other) for other in closest(name, known))
        self._guessed.update(found)
        if found and fold(found[0][1]) == fold(name) and not is_id(found[0][1]):
            return found[0]  # its definition is reported for its spelling already
        if name not in self.report.lost:  # else the part that defines it may be the one that can't be read
            elsewhere = self._elsewhere(lookup, name)
            if elsewhere is not None:
                self._guessed.add((elsewhere, name))
            group = "event" if {"event", "date"} & set(lookup.spaces) else lookup.spaces[0]
            miss = self._misses.setdefault((group, name), _Miss(lookup, name, found, elsewhere))
            miss.places.append((node, span_of(node) if name == node.text else part_of(node, 0, len(name))))
        return found[0] if found else None

    def _elsewhere(self, lookup: Lookup, name: str) -> Space | None:
        """Where the name is defined as something else than what is wanted."""
        for space, known in self.spaces.items():
            is_field = not isinstance(space, str) and space[0] == "field"
            if name in known and space not in lookup.spaces and (not is_field or lookup.noun == "field"):
                return space
        return None

    def report_unknown(self) -> None:
        """Report every name that was asked for in vain, each once."""
        for miss in self._misses.values():
            node, where = miss.places[0]
            others: list[tuple[Node, str]] = []
            fix = Fix(where, miss.found[0][1]) if miss.found else None
            help = self._help(miss)
            if miss.found and (defined := self._defined(*miss.found[0])) is not None:
                others.append((defined, "closest name, defined here"))
                if miss.found[0] not in self.used and len(miss.places) > 1:
                    fix = Fix(span_of(defined), miss.text)
            others.extend((place, "and here") for place, _ in miss.places[1:3])
            self.report.add(
                miss.lookup.code,
                where,
                f"unknown {miss.lookup.noun} `{miss.text}`",
                self._label(miss),
                help,
                path=self.report.path(node),
                fix=fix,
                others=others,
            )

    def _defined(self, space: Space, name: str) -> Node | None:
        return self.spaces[space][name]

    def _help(self, miss: _Miss) -> str:
        if not miss.found:
            known = [name for space in miss.lookup.spaces for name in self.spaces[space]]
            return help_for((), known) or miss.lookup.hint
        meant = miss.found[0]
        defined = self._defined(*meant)
        if defined is None or meant in self.used:
            return help_for(tuple(name for _, name in miss.found), ())
        line = span_of(defined).line
        if len(miss.places) > 1:
            return f"write `{miss.text}` in line {line}: nothing uses `{meant[1]}`"
        return f"did you mean `{meant[1]}`? or else write `{miss.text}` in line {line}"

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
