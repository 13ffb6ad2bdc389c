"""Puts a text in a file's place, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from postinterview.files import UnreadableError


def replace(path: str, text: str) -> None:
    """Let the file hold the text. Whoever reads it, or cuts the power, meets the old text or the new one.

    A link is followed, and who may read the file stays as it was.

    Raises:
        UnreadableError: the system refuses; the file is as it was.
    """
    place = Path(os.path.realpath(path))
    new: Path | None = None
    try:
        mode = place.stat().st_mode
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".new", dir=place.parent)
        new = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(mode & 0o7777)
        new.replace(place)
        _keep(place.parent)
    except OSError as error:
        if new is not None:
            with suppress(OSError):
                new.unlink()
        message = f"`{path}` can't be written"
        raise UnreadableError(path, message, error.strerror or str(error)) from None


def _keep(folder: Path) -> None:
    """See to it that the new name is kept even if the power is cut now; not every system offers it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
