"""Replace the content of a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from postinterview.files import UnreadableError


def replace(path: str, text: str) -> None:
    """Write the text to the file, as UTF-8. After a crash the file holds the old text or the new one.

    A link is followed. A file that exists keeps its permissions; a new one gets the usual ones. What is no
    regular file, such as ``/dev/stdout``, is written to directly.

    Raises:
        UnreadableError: the system refuses; the file is unchanged.
    """
    try:
        place = Path(os.path.realpath(path))
        mode = place.stat().st_mode if place.exists() else None
        if mode is not None and not place.is_file():
            place.write_text(text, encoding="utf-8", newline="\n")
        else:
            _put_in_place(place, text, mode)
    except OSError as error:
        message = f"`{path}` can't be written"
        raise UnreadableError(path, message, error.strerror or str(error)) from None


def make_folder(folder: str | Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises:
        UnreadableError: the system refuses.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder `{folder}` can't be made"
        raise UnreadableError(str(folder), message, error.strerror or str(error)) from None


def _put_in_place(place: Path, text: str, mode: int | None) -> None:
    """Write a new file beside the old one, and rename it: a rename happens at once or not."""
    new = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with new.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            new.chmod(mode & 0o7777)
        new.replace(place)
        _sync(place.parent)
    except BaseException:  # an interruption leaves no half-written file either
        with suppress(OSError):
            new.unlink()
        raise


def _sync(folder: Path) -> None:
    """Write the folder's new entry to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
