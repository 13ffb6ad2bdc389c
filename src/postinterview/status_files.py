"""Load a map of statuses from a file, or report all that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition
from postinterview.core.status_map import StatusMap, folded
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.names import is_name
from postinterview.files import (
    UnreadableError,
    as_text,
    is_bare,
    meant_by,
    named_beside,
    packaged_folder,
    read_file,
)
from postinterview.judging import check_rulebook
from postinterview.loading import schema as k
from postinterview.loading.languages import STATUSES
from postinterview.loading.nodes import Scalar
from postinterview.loading.reading import FileContent
from postinterview.loading.reading import read_file as read_content
from postinterview.loading.records import Record
from postinterview.loading.report import Report
from postinterview.loading.rule_schema import FORMAT_KEY, META_KEY
from postinterview.loading.schema import TableKey as Key
from postinterview.loading.unknown_names import find
from postinterview.rulebooks import RulesError, check_path, load_rulebook

FOLDER = "statuses"
"""Where the packaged maps are, in the folder of the packaged rules."""

NOTHING = "none"
"""The word for a status that stands for no event."""

FILE = k.Table(
    "a map of statuses",
    {
        "format": FORMAT_KEY,
        "title": Key(k.TEXT, "What the board is called.", "title: Our board"),
        "rules": Key(k.TEXT, "Packaged rules, or a path from this file.", "rules: default"),
        "why": Key(k.TEXT, "The reason, for people who read it.", "why: A board of four columns."),
        "statuses": Key(
            k.Entries(k.Name("event"), "a status", NOTHING, frozenset(), any_text=True),
            "Each status, in the order of the board, and the event that a card there stands for, or `none`.",
            "statuses: {Applied: none, Interview: interview}",
            True,
        ),
        "also": Key(
            k.Entries(k.some(k.Name("status")), "a status", "[No, Absage]", frozenset(), any_text=True),
            "Other words for a status, such as those of another language; `No*` is all that begin so.",
            "also: {Rejected: [No, Absage]}",
        ),
        "meta": META_KEY,
    },
    "",
)


def load_statuses(
    path: str | os.PathLike[str] | None = None,
    *,
    text: str | bytes | None = None,
    rulebook: Rulebook | None = None,
) -> StatusMap:
    """Load a map of statuses from a file or a text.

    Args:
        path: its file; or the name of a packaged map: ``tracker``, ``kanban`` or ``sheet``. A relative path
            in its `rules` starts from this file's folder.
        text: the map itself, in place of a path.
        rulebook: the rules that must know its events; by default those that it names.

    Raises:
        RulesError: the map, or the rules that it names, have errors.
        UnreadableError: a file can't be read.
        MisuseError: neither a path nor a text is given, or both.
    """
    if (path is None) is (text is None):
        raise MisuseError("a map of statuses has one source", 'give a path, or text="format: 1..."')
    if text is not None and not isinstance(text, str | bytes):
        raise MisuseError(f"`text` can't be {text!r}", "give the map as a text or as bytes")
    if rulebook is not None:
        check_rulebook(rulebook)
    shown, source = ("<text>", text or b"") if path is None else _read(path)
    content = parse(source, shown)
    if content.record is not None and rulebook is None:
        rulebook = load_rulebook(named_beside(content.rules, "" if path is None else os.fspath(path)))
    statuses = None if rulebook is None else link(content, rulebook.definition)
    if statuses is None:
        raise RulesError(content.diagnostics, {shown: as_text(source)})
    return statuses


def packaged_maps() -> tuple[str, ...]:
    """Return the names of the packaged maps."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def _folder() -> Path:
    return Path(packaged_folder(), FOLDER)


def _read(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Return the name to show for a file or a packaged map, and its bytes."""
    check_path(path)
    if not (isinstance(path, str) and is_bare(path)):
        return read_file(path)
    if path not in packaged_maps():
        message = f"no packaged map of statuses is called `{path}`"
        help = f"{meant_by(path, packaged_maps())}; name a file of yours with its ending"
        raise UnreadableError(path, message, help)
    _, data = read_file(_folder() / f"{path}.yaml")
    return f"rules/{FOLDER}/{path}.yaml", data


def parse(text: bytes | str, file: str, *, pure: bool = False) -> FileContent:
    """Read a map without its rules. ``file``: its name in diagnostics; ``pure``: without libyaml."""
    return read_content(text, file, STATUSES, FILE, pure=pure)


def link(content: FileContent, definition: Definition) -> StatusMap | None:
    """Return the map under these rules, or None if an error is among the findings."""
    record = content.record
    if record is None or content.shape is None:
        return None
    report = content.shape.report
    statuses: dict[str, str | None] = {}
    events = {name: kind.origin for name, kind in definition.events.items()} | {NOTHING: None}
    for status, _, named in record.get("statuses") or ():
        if named is not None:
            event = find(report, named, events, code="PI1102", noun="event")
            statuses[status] = None if event == NOTHING else event
    also: dict[str, list[str]] = {}
    places = dict(_statuses(record))
    for key, word in _words(record):
        if key.text in places or find(report, key, places, code="PI1103", noun="status", label="no status"):
            also.setdefault(key.text, []).append(word.text)
    _check_words(report, record)
    return None if content.findings.has_errors else StatusMap(statuses, also)


def _statuses(record: Record) -> Iterator[tuple[str, Scalar]]:
    yield from ((status, key) for status, key, _ in record.get("statuses") or ())


def _words(record: Record) -> Iterator[tuple[Scalar, Scalar]]:
    """Yield each other word for a status, after the status."""
    for _, key, words in record.get("also") or ():
        yield from ((key, word) for word in words or ())


def _check_words(report: Report, record: Record) -> None:
    """Report words that mean two statuses, and those that nobody can see."""
    first: dict[str, Scalar] = {}
    for word in (*(key for _, key in _statuses(record)), *(word for _, word in _words(record))):
        other = first.setdefault(folded(word.text), word)
        if not is_name(word.text):
            report.add("PI1104", word, "this word can't be seen", "a hidden character", "write it again")
        elif other is not word:
            message = f"`{other.text}` and `{word.text}` are one word of the board"
            label = "letter case and spaces don't matter"
            report.add("PI1104", word, message, label, "delete one", others=[(other, "the first time")])
