"""Finds what is named: files, folders with files in them, and standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from postinterview.files import LIMIT, UnreadableError, read_file

SUFFIXES = (".yaml", ".yml", ".json")
STDIN = "-"
STDIN_NAME = "<stdin>"


@frozen
class Found:
    """A file, and whether it was named itself or only lies in a folder that was."""

    path: str
    in_folder: bool = False


def find(path: str, seen: set[str]) -> Iterator[Found]:
    """The file that is named, or those in the folder that is, in order.

    In a folder: whatever ends in .yaml, .yml or .json, at any depth; nothing hidden. What is in
    ``seen`` is left out, and what is found is put there, so that nothing is found twice.

    Raises:
        UnreadableError: a folder can't be listed.
    """
    for found in _in_folder(path) if _is_folder(path) else (Found(path),):
        place = _place(found.path)
        if place not in seen:
            seen.add(place)
            yield found


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises where a name is too long


def _place(path: str) -> str:
    """One name for each file, however it is reached."""
    try:
        return path if path == STDIN else os.path.realpath(path)
    except (OSError, ValueError):  # no such name can be; reading it says so
        return path


def read(path: str, *, limit: int = LIMIT) -> tuple[str, bytes]:
    """The name to show for a file or standard input, and its bytes, of which ``limit`` are the most.

    Raises:
        UnreadableError: the system refuses.
    """
    if path != STDIN:
        return read_file(path, limit=limit)
    if sys.stdin is None:
        raise UnreadableError(STDIN_NAME, "standard input is closed")
    try:
        data = sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        raise UnreadableError(STDIN_NAME, "standard input can't be read", str(error)) from None
    if len(data) > limit:
        raise UnreadableError(STDIN_NAME, f"standard input is larger than {limit // 1_000_000} MB")
    return STDIN_NAME, data


def _in_folder(folder: str) -> Iterator[Found]:
    def refuse(error: OSError) -> None:
        raise UnreadableError(
            str(error.filename), f"the folder `{error.filename}` can't be listed", error.strerror or ""
        )

    for here, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Found(str(Path(here, name)), in_folder=True)
