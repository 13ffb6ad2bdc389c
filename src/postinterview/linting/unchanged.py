"""Find entries of a pack that repeat a part of the parent's entry, and so change nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from postinterview.core.values.suggest import ticked
from postinterview.linting.compared import Path, Rules, Slip, few, slip
from postinterview.loading import schema as k
from postinterview.loading.diagnostics import Label
from postinterview.loading.nodes import Mapping
from postinterview.loading.removals import is_of_a_set
from postinterview.loading.report import span_of
from postinterview.loading.rule_schema import FILE
from postinterview.loading.source_text import in_one_line

_OF_PEOPLE = ("title", "why")


def changing_nothing(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield entries that repeat some keys of the parent's and leave out others, which stay as they are.

    Whoever writes `decent_hours: {hours: "08:00-20:00"}` to be rid of its `unless` is told how.
    An entry that repeats all keys is no slip: it stays so if the parent changes.
    """
    if not mine.extends(theirs):
        return
    for path, (key, value) in mine.entries.items():
        if key.source.file != mine.file or path not in theirs.entries or not isinstance(value, Mapping):
            continue
        before = theirs.entries[path]
        own = [name for name, _ in value.entries if name.source.file == mine.file]
        left = [name.text for name, _ in value.entries if name.source.file != mine.file]
        nested = any(isinstance(each, Mapping) for name, each in value.entries if name in own)
        if not own or not left or nested or not is_of_a_set(path):
            continue
        if in_one_line(value) == in_one_line(before[1]):
            yield slip(
                "PI520",
                path[-1],
                span_of(key),
                f"`{path[-1]}` repeats what {theirs.file} says, and so changes nothing",
                f"what it leaves out stays as it is there: {few(left, 'and')}",
                _advice(path, left),
                path=path,
                others=(Label(span_of(before[0]), "there"),),
            )


def _advice(path: Path, left: Collection[str]) -> str:
    """Return what to type instead."""
    may_go = [name for name in left if name not in (*_OF_PEOPLE, *_required(path, left))]
    if not may_go:
        return "write what is to be different, or delete this entry"
    named = may_go[0] if len(may_go) == 1 else f"[{', '.join(may_go)}]"
    drop = f"to drop {ticked(may_go, 'and')}, write `remove: {named}` in it"
    return f"{drop}; otherwise write what is to be different, or delete this entry"


def _required(path: Path, left: Collection[str]) -> Collection[str]:
    """Return the keys that an entry needs, of those that are left out."""
    kind: k.Kind | None = FILE
    for name in path:
        kind = k.kind_in(kind, name)
    if isinstance(kind, k.Variants):
        needed = {each for table in kind.tables.values() for each in table.required}
        return needed | {name for name in left if name in kind.tables}
    return kind.required if isinstance(kind, k.Table) else ()
