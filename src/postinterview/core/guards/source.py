"""Write the guards of a transition as one Python function, which asks what they ask, in fewer calls.

A check answers for itself: `Check.window` says when it holds. Asking four checks takes some thirty calls, of
which most only find the events of a scope. So a transition that is asked often gets a function in which each
check has written its question out, as it would be written by hand::

    def rule_follow_up_once(situation, at):
        ...
        # let_them_speak
        cell = streams[9]
        found = None if cell is None else cell.top
        if found is not None and (found.application != application):
            found = latest_in(cell, 9, key1(place))  # default.yaml:209
        if found is not None and at - found.at < plus1:
            return False

A second function says in which stretch of time the guards hold, which the agenda asks once for each act. Most
guards hold in one stretch if nothing else happens; the hours of a day, which recur, are asked apart from it.
A check writes both by the same calls: `Source.refuse_if`, `Source.holds_from`, `Source.holds_until`.

Each line that calls something names the line of the rules that it is for, since tracebacks show it.
A check that writes nothing of its own is asked as it is, and so are all of them if something of the past is
unknown. That both ways agree is a law (`tests/laws/test_compiled.py`). Of a rule file, only names are in the
source, as literals and in comments. `postinterview explain --compiled` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from postinterview.core.guards.made_functions import function_name, made_of, said
from postinterview.core.past.event_index import latest_in
from postinterview.core.past.places import NOWHERE, projection
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import Origin, Scope
from postinterview.core.values.moments import BEGINNING, FOREVER, later

if TYPE_CHECKING:
    from postinterview.core.guards.check import Check

Holds: TypeAlias = Callable[[Situation, datetime], bool]
"""A function that returns whether guards hold for an act at a moment (UTC)."""

Span: TypeAlias = Callable[[Situation], "tuple[datetime, datetime] | None"]
"""A function that returns the one stretch of time in which guards hold for an act, or None."""

_NO_SCOPE = (False, False, False)
_OUTSIDE = (
    "{0}.application != application",
    "{0}.round != round_",
    "to not in {0}.people",
)
"""The signs that an event may not lie in the scope of an act's place, by the parts of the scope."""
_INDENT = "    "
_CALLS = re.compile(r"\w\(").search


class Source:
    """The source of one function while it is written, and the objects that it names.

    In it, ``at`` is the moment that is asked about (UTC), and ``snapshot``, ``streams``, ``place``,
    ``application``, ``round_`` and ``to`` are where the act lies. ``situation``, the act in its place, is
    made where a guard asks for it: most need only some of these.

    Attributes:
        calendar: the code of the employer's days.
        carried: the code of what the act carries; empty if its fields are taken as given.
        situated: the code that makes the act in its place; empty if the function gets it.
        refused: the line by which the function says that it refuses the act, ``{situation}`` in its place.
    """

    def __init__(
        self,
        calendar: str = "situation.calendar",
        carried: str = "situation.carried",
        situated: str = "",
        refused: str = "return False",
    ) -> None:
        self.calendar, self.carried, self.situated, self.refused = calendar, carried, situated, refused
        self.lines: list[str] = []
        self.names: dict[str, object] = {"latest_in": latest_in, "NOWHERE": NOWHERE}
        self._written: set[str] = set()
        self._projections: dict[tuple[bool, bool, bool], str] = {}
        self._depth = 0

    def add(self, *lines: str) -> None:
        self.lines += [f"{_INDENT * self._depth}{line}" for line in lines]

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Write the lines that are added meanwhile under a condition."""
        with self.block(f"if {condition}:"):
            yield

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write the lines that are added meanwhile under the head of a block."""
        self.add(head)
        self._depth += 1
        written, begin = set(self._written), len(self.lines)
        yield
        if all(line.lstrip().startswith("#") for line in self.lines[begin:]):
            self.add("pass")
        self._written = written  # a variable that was written in the block is not known behind it
        self._depth -= 1

    def once(self, name: str, code: str) -> str:
        """Return the name of a variable; the first that asks for it in a block writes it."""
        if name not in self._written:
            self._written.add(name)
            self.add(f"{name} = {code}")
        return name

    def bind(self, value: object, name: str) -> str:
        """Return the name of an object in the function, which begins as ``name``."""
        known = (each for each in self.names if each.rstrip("0123456789") == name)
        found = next((each for each in known if self.names[each] is value), None)
        if found is None:
            number = sum(each.rstrip("0123456789") == name for each in self.names) + 1
            found = f"{name}{number}"
            self.names[found] = value
        return found

    def refuse_if(self, condition: str) -> None:
        """Write that the guard does not hold, at any moment, under a condition."""
        with self.when(condition):
            self.refuse()

    def refuse(self) -> None:
        """Write that the act is refused."""
        self.add(self.refused.format(situation=self._known_situation()))

    def situation(self) -> str:
        """Return the name of the act in its place."""
        return self.once("situation", self.situated) if self.situated else "situation"

    def _known_situation(self) -> str:
        return "situation" if "situation" in self._written else self.situated

    def said(self) -> str:
        """Return the name of the fields of the act, a mapping or None."""
        return self.once("said", self.carried)

    def holds_from(self, moment: str, plus: timedelta | None = None) -> None:
        """Write that the guard holds from a moment on, or from so long after it."""
        self.refuse_if(f"at < {moment}" if plus is None else f"at - {moment} < {self.bind(plus, 'plus')}")

    def holds_until(self, moment: str, plus: timedelta | None = None) -> None:
        """Write that the guard holds before a moment, or before what is so long after it."""
        self.refuse_if(f"at >= {moment}" if plus is None else f"at - {moment} >= {self.bind(plus, 'plus')}")

    def and_since(self, moment: str, duration: timedelta) -> str:
        """Return a further condition, without which nothing refuses: less time has passed since a moment."""
        return f" and at - {moment} < {self.bind(duration, 'within')}"

    def holds_by(self, check: Check) -> None:
        """Write that a guard is asked that writes nothing of its own."""
        self.add(f"window = {self.bind(check.window, 'window')}({self.situation()}, at)")
        self.refuse_if("window is None or window[0] > at")

    def key(self, scope: Scope) -> str:
        """Return the name of the act's key in a scope; the first guard that asks for it writes it."""
        parts = (scope.application, scope.round, scope.interviewer)
        if parts == _NO_SCOPE:
            return "NOWHERE"
        names = ("application", "round", "person")
        name = "_".join([*(named for named, part in zip(names, parts, strict=True) if part), "key"])
        return self.once(name, f"{self._projection(parts, scope)}(place)")

    def _projection(self, parts: tuple[bool, bool, bool], scope: Scope) -> str:
        """Return the name of the function that takes the key of a scope from a place."""
        if parts not in self._projections:
            self._projections[parts] = self.bind(projection(scope), "key")
        return self._projections[parts]

    def latest(self, name: str, stream: int, scope: Scope, *, rounds_rise: bool = False) -> None:
        """Write that ``name`` is the latest event of a stream in scope, or None.

        ``rounds_rise``: in an application, each event of the stream lies in the round of the one before it or
        in a later one. So if the latest lies in an earlier round, none lies in this one.
        """
        self.add(f"cell = streams[{stream}]", f"{name} = None if cell is None else cell.top")
        parts = (scope.application, scope.round, scope.interviewer)
        outside = " or ".join(text for text, part in zip(_OUTSIDE, parts, strict=True) if part)
        if not outside:
            return
        found = f"{name} = latest_in(cell, {stream}, {self._projection(parts, scope)}(place))"
        with self.when(f"{name} is not None and ({outside.format(name)})"):
            # The latest of all is mostly the latest in scope.
            if rounds_rise and scope.application and scope.round and not scope.interviewer:
                with self.when(f"{name}.application == application and {name}.round < round_"):
                    self.add(f"{name} = None")
                with self.block("else:"):
                    self.add(found)
            else:
                self.add(found)

    def guards(self, checks: Iterable[Check]) -> None:
        """Write that the function refuses the act if one of these guards does not hold."""
        for check in checks:
            place, begin = f"  # {said(check.guard.origin)}", len(self.lines)
            self.add(f"# {check.guard.id}")
            check.write(self)
            self.lines[begin + 1 :] = [
                f"{line}{place}" if _CALLS(line) else line for line in self.lines[begin + 1 :]
            ]


class SpanSource(Source):
    """The source of a function that returns the one stretch of time in which guards hold, or None.

    Each guard narrows the stretch from ``opens`` to ``closes``.
    """

    def holds_from(self, moment: str, plus: timedelta | None = None) -> None:
        self._narrow(moment, plus, "turns > opens", "opens = turns")

    def holds_until(self, moment: str, plus: timedelta | None = None) -> None:
        self._narrow(moment, plus, "turns < closes", "closes = turns")

    def and_since(self, moment: str, duration: timedelta) -> str:
        return ""

    def _narrow(self, moment: str, plus: timedelta | None, condition: str, narrower: str) -> None:
        turns = moment if plus is None else f"later({moment}, {self.bind(plus, 'plus')})"
        self.add(f"turns = {turns}", f"if {condition}:", f"{_INDENT}{narrower}")

    def holds_by(self, check: Check) -> None:
        self.add(f"window = {self.bind(check.window, 'window')}({self.situation()}, BEGINNING)")
        self.refuse_if("window is None")
        self.add("opens, closes = max(opens, window[0]), min(closes, window[1])")


def write(name: str, checks: Iterable[Check]) -> tuple[str, dict[str, object]]:
    """Return the source of a function that says whether guards hold, and what it names."""
    return _write(Source(), function_name("rule", name), "situation, at", checks, (), "True")


def write_span(name: str, checks: Iterable[Check]) -> tuple[str, dict[str, object]]:
    """Return the source of a function that says in which stretch guards hold, and what it names."""
    begins = ("opens, closes = BEGINNING, FOREVER",)
    ends = "(opens, closes) if opens < closes else None"
    source = SpanSource(refused="return None")
    source.names |= {"BEGINNING": BEGINNING, "FOREVER": FOREVER, "later": later}
    return _write(source, function_name("span", name), "situation", checks, begins, ends)


def _write(
    source: Source, function: str, asked: str, checks: Iterable[Check], begins: tuple[str, ...], ends: str
) -> tuple[str, dict[str, object]]:
    """Return the source of a function of ``asked``, and the objects that it names but for ``interpreted``."""
    source.guards(checks)
    body = (
        "snapshot = situation.snapshot",
        "if snapshot.unknowns:",
        f"{_INDENT}return interpreted({asked})",
        "streams, place = snapshot.streams, situation.place",
        "application, round_, to = place",
        *begins,
        *source.lines,
        f"return {ends}",
    )
    lines = (f"def {function}({asked}):", *(f"{_INDENT}{line}" for line in body))
    return "\n".join(lines) + "\n", source.names


def compiled(name: str, origin: Origin, checks: Iterable[Check], interpreted: Holds) -> Holds:
    """Return the function of guards. ``interpreted`` answers if something of the past is unknown."""
    text, names = write(name, checks)
    names["interpreted"] = interpreted
    made: Holds = made_of(text, names, function_name("rule", name), origin)
    return made


def compiled_span(name: str, origin: Origin, checks: Iterable[Check], interpreted: Span) -> Span:
    """Return the function of the stretch of guards. ``interpreted`` answers if something is unknown."""
    text, names = write_span(name, checks)
    names["interpreted"] = interpreted
    made: Span = made_of(text, names, function_name("span", name), origin)
    return made
