"""Find the changed values that a guard of an extended file names.

Say a file writes the date `answer_due` anew. The guard `wait_for_the_answer: {not_before: answer_due}` is
still a line of the extended file, but the number by which it refuses is not on that line. So each guard knows
which values behind its names a nearer file changes: dates, classes and credits, and what those name; what
an event is, gives, ends or sets, if the guard counts on it; the calendar, if it counts business days.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from postinterview.core.rules.definitions import ChangedValue
from postinterview.loading.causes import FOLLOWED, words_of
from postinterview.loading.extending import Entry, FileText, Layers, Path
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.source_text import entries_of, in_one_line

_MOST = 3
"""So many are told, the nearest to the guard first."""

_WORDS_OF_PEOPLE = frozenset({"title", "why"})


@define(eq=False)
class _Change:
    """A changed value. ``words``: the names in it, those that it no longer has among them."""

    path: Path
    key: Scalar
    words: frozenset[str]


@define(eq=False)
class ChangedValues:
    """The values that files change in those that they extend: ``texts``, the nearest file first."""

    whole: Node
    layers: Layers
    texts: Sequence[FileText]
    _entries: dict[Path, Entry] = field(init=False)
    _levels: dict[str, int] = field(init=False)
    _changes: list[_Change] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._levels = {each.file: level for level, each in enumerate(self.texts)}
        self._entries = entries_of(self.whole)
        self._changes = self._found()

    def named_by(self, key: Scalar, guard: Node) -> tuple[ChangedValue, ...]:
        """Return what the guard at a key names and a nearer file changes; at most three."""
        level = self._levels[key.source.file]
        nearer = [each for each in self._changes if self._levels[each.key.source.file] < level]
        if not nearer:
            return ()
        steps = self._steps_to(guard)
        ranked = [(rank, each) for each in nearer if (rank := _rank(each, steps)) is not None]
        ranked.sort(key=lambda each: each[0])
        return tuple(ChangedValue(_name(each.path), origin_of(each.key)) for _, each in ranked[:_MOST])

    def _steps_to(self, guard: Node) -> dict[str, int]:
        """Return the names that a guard rests on, each with how many definitions lie between."""
        steps = dict.fromkeys(words_of(guard), 0)
        waiting = list(steps)
        for word in waiting:
            for section in FOLLOWED:
                _, value = self._entries.get((section, word), (None, None))
                for each in words_of(value) if value is not None else ():
                    if each not in steps:
                        steps[each] = steps[word] + 1
                        waiting.append(each)
        return steps

    def _found(self) -> list[_Change]:
        """Return what was changed or removed, and what an event, a credit or the calendar got."""
        found = []
        for path, earlier in self.layers.overridden.items():
            _, lost = earlier[-1]
            key, value = self._entries.get(path, (self.layers.removals.get(path), None))
            if (
                key is not None
                and _tells(path)
                and (value is None or in_one_line(value) != in_one_line(lost))
            ):
                found.append(_Change(path, key, _words(path, lost, value)))
        base = self.texts[-1].file
        for path, (key, value) in self._entries.items():
            is_own = key.source.file != base and path not in self.layers.overridden
            added = len(path) > 2 and path[0] in ("events", "credits") and path[1] not in self.layers.new
            if is_own and _tells(path) and (added or (path[0] == "calendar" and len(path) == 2)):
                found.append(_Change(path, key, _words(path, value)))
        return found


def _tells(path: Path) -> bool:
    """Return whether a change at a path can matter to a guard that only names what is changed."""
    if path[0] == "calendar":
        return True
    if not _WORDS_OF_PEOPLE.isdisjoint(path[1:]):
        return False
    if path[0] == "events":
        return len(path) > 2 and path[2] != "by"
    return path[0] in FOLLOWED and len(path) > 1


def _words(path: Path, *values: Node | None) -> frozenset[str]:
    """Return the names in the values of a change.

    What an event is may be the name of a class, too: ``sign_of_life`` and ``contact``. Of a field it is the
    field's own name, and the date that it sets: its choices are no names of events.
    """
    words = (word for value in values if value is not None for word in words_of(value))
    if path[0] != "events":
        return frozenset(words)
    if path[2] != "fields":
        return frozenset((path[2], *words))
    return frozenset((*path[3:4], *(words if path[-1] == "sets" else ())))


def _rank(change: _Change, steps: dict[str, int]) -> int | None:
    """Return how far a change is from the names of a guard; None if it is no matter of it."""
    if change.path[0] == "calendar":
        return steps.get("business")
    if change.path[0] == "events":
        return min((steps[word] for word in change.words if word in steps), default=None)
    return steps.get(change.path[1])


def _name(path: Path) -> str:
    """Return the name of a changed value: ``answer_due``, ``reply.max``, ``calendar.country``."""
    if path[0] == "calendar":
        return ".".join(path)
    return path[1] if path[0] == "dates" else ".".join(path[1:])
