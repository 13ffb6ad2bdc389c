"""Tell where each value of rules that extend others comes from, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from postinterview.core.rules.definitions import Origin
from postinterview.loading import rule_schema
from postinterview.loading.extending import Entry, Finder, Path
from postinterview.loading.languages import RULES
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.reading import FileContent, read_file
from postinterview.loading.source_text import in_one_line


@frozen
class Earlier:
    """A value of an extended file that no longer stands."""

    text: str
    origin: Origin


@frozen
class MergedValue:
    """One value of the rules as they stand.

    ``path`` leads to it, ``text`` is the value in one line (empty above values of its own), and ``earlier``
    what it stands for, the nearest file first. ``gone``: it was removed, and stands no longer.
    """

    path: Path
    text: str
    origin: Origin
    earlier: tuple[Earlier, ...] = ()
    gone: bool = False


def read_merged(text: bytes | str, file: str, finder: Finder) -> FileContent:
    """Return a rule file laid over those that it extends."""
    return read_file(text, file, RULES, rule_schema.FILE, finder=finder)


def merged_values(content: FileContent) -> Iterator[MergedValue]:
    """Yield the values of a file without a fault and of those that it extends, and what was removed."""
    if content.record is not None and isinstance(content.record.node, Mapping):
        yield from _inside(content.record.node, (), content.layers.overridden)


def inherited_whys(whole: Node | None) -> dict[Origin, Origin]:
    """Return the entries that a file changes without a new `why`, each with the place of the old one.

    ``whole``: the file laid over those that it extends.
    """
    found: dict[Origin, Origin] = {}

    def walk(node: Node | None) -> None:
        for key, value in node.entries if isinstance(node, Mapping) else ():
            for each, _ in value.entries if isinstance(value, Mapping) else ():
                if each.text == "why" and each.source.file != key.source.file:
                    found[origin_of(key)] = origin_of(each)
            walk(value)

    walk(whole)
    return found


def _inside(node: Mapping, path: Path, overridden: dict[Path, list[Entry]]) -> Iterator[MergedValue]:
    for key, value in node.entries:
        at = (*path, key.text)
        earlier = tuple(each for each in _earlier(overridden.get(at, ())) if each.text != in_one_line(value))
        if isinstance(value, Mapping) and (not _in_one_line(value) or _changed_below(at, overridden)):
            yield MergedValue(at, "", origin_of(key), earlier)
            yield from _inside(value, at, overridden)
        else:
            yield MergedValue(at, in_one_line(value), origin_of(key), earlier)
    here = {key.text for key, _ in node.entries}
    for at, lost in overridden.items():
        if at[:-1] == path and at[-1] not in here:
            told = tuple(_earlier(lost))
            yield MergedValue(at, "", told[0].origin, told, gone=True)


def _earlier(entries: Iterable[Entry]) -> Iterator[Earlier]:
    return (Earlier(in_one_line(value), origin_of(key)) for key, value in entries)


def _changed_below(path: Path, overridden: dict[Path, list[Entry]]) -> bool:
    return any(at[: len(path)] == path and at != path for at in overridden)


def _in_one_line(node: Node) -> bool:
    """Return whether a value was written in one line of one file."""
    return len({(each.source.file, each.start.line) for each in _scalars(node)}) == 1


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence(items=items):
            for item in items:
                yield from _scalars(item)
        case Mapping(entries=entries):
            for key, value in entries:
                yield key
                yield from _scalars(value)
