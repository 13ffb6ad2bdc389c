"""Load a map: read its file, load its rules, and report all errors at once."""

from __future__ import annotations

import os

from postinterview.audit.history.map_linking import link
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.map_schema import FILE
from postinterview.audit.short_text import short
from postinterview.core.process import Rulebook
from postinterview.core.values.errors import MisuseError
from postinterview.files import as_text, named_beside, read_file
from postinterview.loading.languages import MAP
from postinterview.loading.reading import FileContent
from postinterview.loading.reading import read_file as read_content
from postinterview.rulebooks import RulesError, check_path, load_rulebook


class MapError(RulesError):
    """A map has errors; ``diagnostics`` are all of them."""


def load_map(
    path: str | os.PathLike[str] | None = None,
    *,
    text: str | bytes | None = None,
    rulebook: Rulebook | None = None,
) -> Map:
    """Load a map from a file or a text.

    Args:
        path: the map's file. A relative path in its `rules` starts from this file's folder.
        text: the map itself, in place of a path.
        rulebook: the rules to use instead of those that the map names.

    Raises:
        MapError: the map has errors.
        RulesError: the rules that it names have errors.
        UnreadableError: a file can't be read.
        MisuseError: neither a path nor a text is given, or both.
    """
    if (path is None) is (text is None):
        raise MisuseError("a map has one source", 'give a path, or text="format: 1..."')
    if rulebook is not None and not isinstance(rulebook, Rulebook):
        raise MisuseError(f"`{short(repr(rulebook))}` is not a rulebook", "give what load_rulebook returns")
    if text is not None and not isinstance(text, str | bytes):
        raise MisuseError(f"`text` can't be {short(repr(text))}", "give the map as a text or as bytes")
    shown, source = "<text>", text or b""
    if path is not None:
        check_path(path)
        shown, source = read_file(path)
    written = as_text(source)
    reading = parse_map(source, shown)
    if reading.record is None:
        raise MapError(reading.diagnostics, {shown: written})
    if rulebook is None:
        rulebook = load_rulebook(named_beside(reading.rules, "" if path is None else os.fspath(path)))
    found = link(reading, rulebook, written)
    if found is None:
        raise MapError(reading.diagnostics, {shown: written})
    return found


def parse_map(text: bytes | str, file: str, *, pure: bool = False) -> FileContent:
    """Read a map without its rules. ``file``: its name in diagnostics; ``pure``: without libyaml."""
    return read_content(text, file, MAP, FILE, pure=pure)
