"""Find the lines of a file that a finding about the file which it extends comes from.

Say a file writes the date `answer_due` anew, and the guard `wait_for_the_answer: {not_before: answer_due}` of
the other file keeps a promise no more. The guard is as it was, and the date is the cause. So from a guard all
names are followed: to dates, classes and credits, to what those name, and to the events that open a round,
give a credit or set a date. In the other direction, an entry that is unreachable now was named by what the
file changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from attrs import define, evolve, field, frozen

from postinterview.loading.diagnostics import Diagnostic, Label, Span
from postinterview.loading.extending import Path
from postinterview.loading.link_events import origin_of
from postinterview.loading.pack_changes import SECTIONS, Change
from postinterview.loading.source_text import Mapping, Node, Scalar, Sequence, entries_of
from postinterview.loading.written_sets import by_use

_WORDS = re.compile(r"[a-z][a-z0-9_]*").findall
_ITEM = re.compile(r"\[\d+\]")
FOLLOWED = ("dates", "classes", "credits")
"""The sections whose entries guards name."""
_MOST = 3
"""So many changes are shown of those that a finding may come from."""


@frozen
class Cause:
    """A change that a finding may come from.

    ``steps``: 0 for a change of the entry itself, 1 for one of what it names, and so on. ``where``: the place
    that makes the change; ``there``: where the extended file says it.
    """

    change: Change
    steps: int
    where: Span
    there: Label | None
    why: str = "the promise rests on it"

    @property
    def label(self) -> str:
        """What to say at the place for a broken promise."""
        return f"{self.change.what} here, and {self.why}"

    @property
    def path(self) -> str:
        return ".".join(self.change.path)

    @property
    def advice(self) -> str:
        """What to type instead, as a part of a sentence."""
        *above, name = (each for each in self.change.path if each not in SECTIONS)
        of = f" in `{above[-1]}`" if above else ""
        there = "" if self.there is None else f"{self.there.span.file}:{self.there.span.line}"
        match self.change.what:
            case "removed":
                return f"keep `{name}`{of}, as {there} has it"
            case "added":
                return f"delete `{name}`{of}"
            case _:
                restored = _restored(self.change.old, self.change.new)
                as_there = restored == self.change.old
                says = f", as in {there}" if as_there else f"; {there} says {self.change.old}"
                return f"write `{name}: {restored}`{of}{says}"


@define(eq=False)
class Causes:
    """Finds causes among the ``changes`` that the file ``mine`` makes in ``theirs``, both as they stand."""

    changes: tuple[Change, ...]
    mine: Node
    theirs: Node
    _entries: dict[Path, tuple[Scalar, Node]] = field(init=False)
    _keys: dict[object, Scalar] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._entries = entries_of(self.theirs)
        self._keys = {origin_of(key): key for key, _ in entries_of(self.mine).values()}

    def of(self, paths: Iterable[Path]) -> list[Cause]:
        """Return the changes of what the entries at these paths rest on, the nearest first."""
        reached = self._reached(paths)
        steps_to: dict[str, int] = {}
        for path, steps in reached.items():
            for word in words_of(self._entries[path][1]):
                steps_to.setdefault(word, steps + 1)
        found = []
        for change in self.changes:
            ranks = [steps for path, steps in reached.items() if touches(change.path, path)]
            if change.path[0] == "events" and len(change.path) > 2:
                said = _WORDS(" ".join((*change.path[2:], change.old, change.new)))
                ranks += [steps_to[word] for word in said if word in steps_to]
            if change.path[0] == "calendar" and "business" in steps_to:
                ranks.append(steps_to["business"])
            if ranks:
                found.append(self._cause(change, min(ranks)))
        return sorted(found, key=lambda each: each.steps)[:_MOST]

    def of_events(self, names: Collection[str]) -> list[Cause]:
        """Return the changes of these events, and the transitions by them that are new."""
        found = []
        for change in self.changes:
            is_event = change.path[0] == "events" and change.path[1] in names
            is_rule = change.what == "added" and change.path[2:3] == ("transitions",)
            if is_event or (is_rule and not {*_WORDS(change.new)}.isdisjoint(names)):
                found.append(evolve(self._cause(change, 0), why="the story needs it"))
        return found[:_MOST]

    def around(self, path: Path) -> list[Cause]:
        """Return the changes of the entry around a path, or else of what named it, or what it names."""
        owner = path[:4] if path[0] == "machines" else path[:2]
        ids = {each for each in path if each not in SECTIONS}
        named = set(words_of(self._entries[owner][1])) if owner in self._entries else set()
        found = []
        for change in self.changes:
            if touches(change.path, owner):
                found.append(self._cause(change, 0))
            elif ids & {*_WORDS(change.old)}:
                found.append(self._cause(change, 1))
            elif change.path[1:2] and change.path[1] in named:
                found.append(self._cause(change, 2))
            elif path[0] == "machines" and path[:2] == change.path[:2]:
                found.append(self._cause(change, 3))
        nearest = min((each.steps for each in found), default=0)
        return [each for each in found if each.steps == nearest][:_MOST]

    def _cause(self, change: Change, steps: int) -> Cause:
        entry = self._entries.get(change.path)
        there = None if entry is None else Label(entry[0].span, f"in {entry[0].source.file}")
        key = self._keys.get(change.origin)
        name = change.path[-1] if key is None else key.text
        return Cause(change, steps, Span.at(change.origin, name), there)

    def _reached(self, paths: Iterable[Path]) -> dict[Path, int]:
        """Return the entries at the paths and all that they name, each with how many steps away it is."""
        written = (each for path in paths for each in self._written(path))
        reached = dict.fromkeys((each for each in written if each in self._entries), 0)
        waiting = list(reached)
        for path in waiting:
            for word in words_of(self._entries[path][1]):
                for section in FOLLOWED:
                    there = (section, word)
                    if there in self._entries and there not in reached:
                        reached[there] = reached[path] + 1
                        waiting.append(there)
        return reached

    def _written(self, path: Path) -> Iterator[Path]:
        """Yield where an entry is written. Of a guard, that may be a set, and all that uses it counts."""
        yield path
        at = path.index("guards") + 1 if "guards" in path[:-1] else 0
        guards = self._entries.get(path[:at])
        if guards is None:
            return
        yield path[: at + 1]
        yield *path[:at], "use"
        sets = by_use(self.theirs, guards[1])
        if path[at] in sets and path[: at + 1] not in self._entries:
            yield "guard_sets", sets[path[at]], *path[at:]
            for name in dict.fromkeys(sets.values()):
                yield "guard_sets", name, "use"

    def at_own_line(self, found: Diagnostic) -> Diagnostic:
        """Return a finding about an extended file at the change that it comes from, and another as it is."""
        file = self.mine.source.file
        if found.where.file == file:
            return found
        path = tuple(_ITEM.sub("", found.path).split("."))
        shown = {other.span.line for other in found.others if other.span.file == file}
        if shown:  # it knows the line, and yet its help is about the line of the extended file
            of_it = (each for each in self.of([path]) if each.change.what == "changed")
            causes = [each for each in of_it if each.where.line in shown] if found.severity == "error" else []
        else:
            causes = self.of([path]) or self.around(path)
        if not causes:
            return found
        first, *more = causes
        here = [Label(cause.where, f"{cause.change.what} here, too") for cause in more]
        return evolve(
            found,
            where=first.where,
            path=first.path,
            label=f"{first.change.what} here, and so: {found.label}",
            others=(
                *here,
                Label(found.where, "this is about"),
                *(other for other in found.others if other.span.file != file),
            ),
            help=first.advice,
            fix=None,
        )


def touches(path: Path, other: Path) -> bool:
    """Return whether one path is the other, or leads into it."""
    length = min(len(path), len(other))
    return path[:length] == other[:length]


def words_of(node: Node) -> list[str]:
    """Return the names and other small words that a value is made of."""
    match node:
        case Scalar(text=text):
            return _WORDS(text)
        case Sequence(items=items):
            return [word for item in items for word in words_of(item)]
        case Mapping(entries=entries):
            return [word for key, value in entries for word in (key.text, *words_of(value))]


def _restored(old: str, new: str) -> str:
    """Return the old value, and of a list what is new of each item: `[promised, waited_from + 14 days]`."""
    before, now = (each[1:-1].split(", ") if each.startswith("[") else [each] for each in (old, new))
    if not old.startswith("["):
        return old
    begins = {each.split(" ")[0]: each for each in now}
    kept = [begins.pop(each.split(" ")[0], each) for each in before]
    restored = f"[{', '.join([*kept, *begins.values()])}]"
    return old if restored == new else restored
