"""Explain the faults of a file without `extends` by the packaged rules: it is a changed copy, or a pack.

Say somebody copies the packaged rules and deletes the line of the event `accept`. Each place that names the
event is at fault then, and the line that is missing has no place. So the finding shows the entry after which
the copied file has the event, and its help has the line to write again. A file that is no copy, and has few
faults with the line `extends: default`, is a pack that lacks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from attrs import define, evolve, field

from postinterview.core.values.formatting import say_count
from postinterview.loading import LoadedRules
from postinterview.loading.diagnostics import Diagnostic, Label
from postinterview.loading.pack_changes import Change, changes
from postinterview.loading.removals import is_of_a_set
from postinterview.loading.report import span_of
from postinterview.loading.source_text import Mapping, Node, Scalar, Sequence, entries_of, in_one_line

_LEAST_SHARED = 1 / 3
"""A file is a copy if it has this part of the transitions of the other, under their ids."""
_ABOUT_NAMES = "PI2"
"""How the codes of names begin that are unknown, unused or empty."""
_WORDS = re.compile(r"[a-z][a-z0-9_]*").findall
_QUOTED = re.compile(r"`([a-z][a-z0-9_]*)`").findall
_LONGEST = 100
_MANY = 3
"""A file lacks its `extends` if that leaves a third of so many faults, or of more."""


def is_copy(mine: Node, original: Node) -> bool:
    """Return whether a file seems to be a changed copy.

    It has many of the transitions of the other, by the same events.
    """
    theirs, own = _transitions(original), _transitions(mine)
    return len(theirs & own) >= _LEAST_SHARED * len(theirs)


def _transitions(root: Node) -> set[tuple[str, ...]]:
    return {
        (*path, value.text)
        for path, (_, value) in entries_of(root).items()
        if len(path) == 5 and path[2::2] == ("transitions", "event") and isinstance(value, Scalar)
    }


def beside(found: Iterable[Diagnostic], mine: Node, original: Node) -> tuple[Diagnostic, ...]:
    """Return the findings about a copy, those about names with the line that the copy lacks."""
    copy = _Copy(mine, original)
    return tuple(copy.told(each) if each.code.startswith(_ABOUT_NAMES) else each for each in found)


def if_a_pack(alone: LoadedRules, extending: LoadedRules) -> LoadedRules:
    """Return what was found in a file alone, or that it lacks its `extends`, if that mends most of it.

    ``extending``: the same file with the line at its end, where that can be read.
    """
    if extending.extended is None:
        return alone
    faults, left = (sum(each.severity == "error" for each in of.diagnostics) for of in (alone, extending))
    if faults < _MANY or left * _MANY > faults or not isinstance(alone.whole, Mapping):
        return alone
    finding = Diagnostic(
        code="PI102",
        message="the file has no `extends`",
        where=span_of(alone.whole.entries[0][0]),
        label=f"with the packaged rules below it, {say_count(faults - left, 'fault')} of this file are gone",
        help="add the line `extends: default`",
    )
    return evolve(
        extending, definition=None, diagnostics=(finding, *extending.diagnostics), texts=alone.texts
    )


@define(eq=False)
class _Copy:
    """A file beside the one that it is a copy of. ``_renamed``: what its migrations name is no slip."""

    mine: Node
    original: Node
    _changes: tuple[Change, ...] = field(init=False)
    _renamed: frozenset[str] = field(init=False)
    _own: dict[tuple[str, ...], tuple[Scalar, Node]] = field(init=False)
    _theirs: dict[tuple[str, ...], tuple[Scalar, Node]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._changes = changes(self.mine, self.original)
        self._own, self._theirs = entries_of(self.mine), entries_of(self.original)
        said = self._own.get(("migrations",))
        self._renamed = frozenset() if said is None else frozenset(_WORDS(in_one_line(said[1])))

    def told(self, found: Diagnostic) -> Diagnostic:
        """Return a finding with the change that took its name away, if there is one."""
        names = (name for name in _QUOTED(found.message) if name not in self._renamed)
        change = next((each for name in names for each in self._without(name)), None)
        place = None if change is None else self._place(change)
        if change is None or place is None:
            return found
        key, value = self._theirs[change.path]
        line, there = f"{key.text}: {in_one_line(value)}", f"{key.source.file}:{span_of(key).line}"
        said = f"write `{line}`" if len(line) <= _LONGEST else f"copy `{key.text}` from there"
        help = f"{there} has `{key.text}`; if yours is lost by a slip, {said}"
        is_guess = found.help.startswith("did you mean")
        return evolve(
            found,
            others=(place, *found.others),
            help=f"{found.help} if not: {help}" if is_guess else f"{help}; otherwise, {found.help}",
            fix=None,
        )

    def _without(self, name: str) -> Iterable[Change]:
        """Yield the change that removed the entry of this name, and those that removed a use of it."""
        removed = (each for each in self._changes if each.what == "removed" and each.path[-1] == name)
        uses = (each for each in self._changes if name in {*_WORDS(each.old)}.difference(_WORDS(each.new)))
        return chain((each for each in removed if is_of_a_set(each.path)), uses)

    def _place(self, change: Change) -> Label | None:
        """Return where the copy would say what it lacks."""
        path = change.path
        if path in self._own:
            return Label(span_of(self._own[path][0]), f"it is not `{change.old}` any more")
        depth = next(
            length for length in range(len(path) - 1, -1, -1) if not length or path[:length] in self._own
        )
        above, name = path[:depth], path[depth]
        before = [each for each in self._theirs if each[:-1] == above]
        own = [each for each in self._own if each[:-1] == above]
        for sibling in reversed(before[: before.index((*above, name))]):
            if sibling in self._own:
                after = own[own.index(sibling) + 1 :]
                if after and after[0] not in self._theirs:
                    return Label(span_of(self._own[after[0]][0]), f"`{name}` is missing here")
                return Label(span_of(_last(self._own[sibling][1])), f"`{name}` is missing after this")
        return Label(span_of(self._own[above][0]), f"`{name}` is missing here") if above else None


def _last(node: Node) -> Node:
    """Return the last value of a tree."""
    match node:
        case Mapping(entries=[*_, (_, value)]):
            return _last(value)
        case Sequence(items=[*_, value]):
            return _last(value)
        case _:
            return node
