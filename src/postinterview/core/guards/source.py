"""Write the guards of a transition as one Python function, which asks what they ask, in fewer calls.

A check answers for itself: `Check.window` says when it holds. Asking four checks takes some thirty calls, of
which most only find the events of a scope. So a transition that is asked often gets a function in which each
check has written its question out, as it would be written by hand::

    def rule_follow_up_once(situation, at):
        ...
        # let_them_speak
        application = key1(situation.place)  # default.yaml:209
        found = latest_in(streams[9], 9, application)  # default.yaml:209
        if found is not None and at - found.at < plus1:
            return False

Each line that calls something names the line of the rules that it is for, since tracebacks show it.
A check that writes nothing of its own is asked as it is, and so are all of them if something of the past is
unknown. That both ways agree is a law (`tests/laws/test_compiled.py`). Of a rule file, only names are in the
source, as literals and in comments. `postinterview explain --compiled` shows it.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

from postinterview.core.definitions import Origin, Scope
from postinterview.core.event_index import latest_in
from postinterview.core.events import NOWHERE, projection
from postinterview.core.situation import Situation

if TYPE_CHECKING:
    from postinterview.core.guards.check import Check

Holds: TypeAlias = Callable[[Situation, datetime], bool]
"""A function that returns whether guards hold for an act at a moment (UTC)."""

_NO_SCOPE = (False, False, False)
_INDENT = "    "
_CALLS = re.compile(r"\w\(").search


class Source:
    """The source of one function while it is written, and the objects that it names.

    In it, ``situation`` and ``at`` are what is asked, ``snapshot`` and ``streams`` those of the situation.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, object] = {"latest_in": latest_in, "NOWHERE": NOWHERE}
        self._keys: dict[tuple[bool, bool, bool], str] = {}
        self._depth = 0

    def add(self, *lines: str) -> None:
        self.lines += [f"{_INDENT * self._depth}{line}" for line in lines]

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Write the lines that are added meanwhile under a condition."""
        self.add(f"if {condition}:")
        self._depth += 1
        known = dict(self._keys)
        yield
        self._keys = known  # a key that was written under the condition is not known behind it
        self._depth -= 1

    def bind(self, value: object, name: str) -> str:
        """Return the name of an object in the function, which begins as ``name``."""
        number = sum(known.rstrip("0123456789") == name for known in self.names) + 1
        self.names[f"{name}{number}"] = value
        return f"{name}{number}"

    def refuse_if(self, condition: str) -> None:
        self.add(f"if {condition}:", f"{_INDENT}return False")

    def key(self, scope: Scope) -> str:
        """Return the name of the act's key in a scope; the first guard that asks for it writes it."""
        parts = (scope.application, scope.round, scope.interviewer)
        if parts == _NO_SCOPE:
            return "NOWHERE"
        if parts not in self._keys:
            names = ("application", "round", "person")
            name = "_".join(named for named, part in zip(names, parts, strict=True) if part)
            self._keys[parts] = name
            self.add(f"{name} = {self.bind(projection(scope), 'key')}(situation.place)")
        return self._keys[parts]

    def latest(self, name: str, stream: int, scope: Scope) -> None:
        """Write that ``name`` is the latest event of a stream in scope, or None."""
        key = self.key(scope)
        if key == "NOWHERE":
            self.add(f"stack = streams[{stream}]", f"{name} = None if stack is None else stack.top")
        else:
            self.add(f"{name} = latest_in(streams[{stream}], {stream}, {key})")


def write(name: str, checks: Iterable[Check]) -> tuple[str, dict[str, object]]:
    """Return the source of a function, and the objects that it names but for ``interpreted``."""
    source = Source()
    for check in checks:
        place, begin = f"  # {_said(check.guard.origin)}", len(source.lines)
        check.write(source)
        guard = [f"{line}{place}" if _CALLS(line) else line for line in source.lines[begin:]]
        source.lines[begin:] = [f"# {check.guard.id}", *guard]
    body = (
        "snapshot = situation.snapshot",
        "if snapshot.unknowns:",
        f"{_INDENT}return interpreted(situation, at)",
        "streams = snapshot.streams",
        *source.lines,
        "return True",
    )
    lines = (f"def {_named(name)}(situation, at):", *(f"{_INDENT}{line}" for line in body))
    return "\n".join(lines) + "\n", source.names


def compiled(name: str, origin: Origin, checks: Iterable[Check], interpreted: Holds) -> Holds:
    """Return the function of guards. ``interpreted`` answers if something of the past is unknown."""
    text, names = write(name, checks)
    # The same rules have the same file, whenever they are loaded; others have another.
    file = f"<{_said(origin)} {_named(name)} {crc32(text.encode()):08x}>"
    names["interpreted"] = interpreted
    exec(compile(text, file, "exec"), names)  # noqa: S102 - it is made of checks, and of no text of a file
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    holds: Any = names[_named(name)]
    made: Holds = holds
    return made


def _named(transition: str) -> str:
    """Return the name of a transition's function: no keyword, and no name that it uses itself."""
    return "rule_" + re.sub(r"\W", "_", transition)


def _said(origin: Origin) -> str:
    """Return the place in a rule file on one line."""
    return f"{ascii(origin.file)[1:-1]}:{origin.line}"
