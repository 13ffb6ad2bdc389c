"""Find and read what the command line names: files, folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from attrs import frozen

from postinterview.files import LIMIT, SUFFIXES, UnreadableError, read_file
from postinterview.named_rules import real_path

STDIN = "-"
STDIN_NAME = "<stdin>"

Complain = Callable[[UnreadableError], object]
"""Shows that a file, folder or store can't be read or written."""


@frozen
class Found:
    """A file, and whether it was named itself or lies in a folder that was."""

    path: str
    in_folder: bool = False


def read_all(
    paths: Iterable[str], complain: Complain, suffixes: tuple[str, ...] = SUFFIXES
) -> Iterator[tuple[Found, str, bytes]]:
    """Yield each file that is named or lies in a folder that is, with its name to show and its bytes.

    In a folder these are all that end in one of the ``suffixes``, at any depth, in order; nothing hidden, and
    nothing that npm installed. No file is read twice. ``complain`` is called for each file or folder that
    can't be read, and the others follow.
    """
    for found in _find(paths, complain):
        if found.in_folder and not found.path.endswith(suffixes):
            continue
        try:
            shown, data = read(found.path)
        except UnreadableError as error:
            complain(error)
        else:
            yield found, shown, data


def _find(paths: Iterable[str], complain: Complain) -> Iterator[Found]:
    seen: set[str] = set()
    for path in paths:
        is_folder = os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises if a name is too long
        try:
            for found in _in_folder(path) if is_folder else (Found(path),):
                real = found.path if found.path == STDIN else real_path(found.path)
                if real not in seen:
                    seen.add(real)
                    yield found
        except UnreadableError as error:
            complain(error)


def files_in(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that are named or lie in a named folder. A folder that can't be read has none."""
    for found in _find(paths, lambda _error: None):
        yield found.path


def read(path: str, *, limit: int = LIMIT) -> tuple[str, bytes]:
    """Return the name to show for a file or standard input, and its bytes, at most ``limit``.

    Raise `UnreadableError` if the system refuses.
    """
    if path != STDIN:
        return read_file(path, limit=limit)
    source = open_stdin()
    try:
        data = source.read(limit + 1)
    except OSError as error:
        raise UnreadableError(STDIN_NAME, "standard input can't be read", str(error)) from None
    if len(data) > limit:
        raise UnreadableError(STDIN_NAME, f"standard input is larger than {limit // 1_000_000} MB")
    return STDIN_NAME, data


def open_stdin() -> IO[bytes]:
    """Return standard input, or raise `UnreadableError` if it is closed."""
    if sys.stdin is None:
        raise UnreadableError(STDIN_NAME, "standard input is closed")
    return sys.stdin.buffer


def _in_folder(folder: str) -> Iterator[Found]:
    def refuse(error: OSError) -> None:
        message = f"the folder `{error.filename}` can't be listed"
        raise UnreadableError(str(error.filename), message, error.strerror or "")

    for here, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Found(str(Path(here, name)), in_folder=True)
