"""From exceptions to exit codes: whatever a command raises ends here, with a message and no traceback."""

from __future__ import annotations

import os
import re
from pathlib import Path
from traceback import extract_tb

from postinterview.cli import NO, UNKNOWN, UNREADABLE
from postinterview.cli.terminal import Screen
from postinterview.core.errors import PostInterviewError
from postinterview.files import RulesError
from postinterview.loading.render import diagnostics_data

_PACKAGE = Path(__file__).parents[1]
_USER = re.compile(r"://[^/@\s]*@")


def report(screen: Screen, error: Exception) -> int:
    """Say what went wrong, on stderr or in the JSON document, and return the exit code for it.

    Rules with errors end in 1, and what can't be read or written in 3. An exception that nobody foresaw is a
    fault of this program: nothing is known, so it ends in 4 and never in 1, which would be an answer.
    """
    if isinstance(error, RulesError):
        screen.diagnose(error.diagnostics, error.sources)
        screen.answer({"passed": False, "diagnostics": diagnostics_data(error.diagnostics)})
        return NO
    if isinstance(error, PostInterviewError):
        screen.complain(getattr(error, "message", str(error)), getattr(error, "help", ""))
        return UNREADABLE
    if isinstance(error, OSError):
        screen.complain(*_refused(error))
        return UNREADABLE
    if isinstance(error, MemoryError):
        screen.complain("there is not enough memory for this", "split the input into smaller files")
        return UNKNOWN
    place = next(
        (each for each in reversed(extract_tb(error.__traceback__)) if _is_ours(each.filename)), None
    )
    where = "" if place is None else f" ({Path(place.filename).name}, line {place.lineno})"
    said = _USER.sub("://***@", f"{type(error).__name__}: {error}".split("\n")[0])
    screen.complain(
        f"postinterview itself failed: {said}{where}",
        "your input may be fine: please report this with the command and its files",
    )
    return UNKNOWN


def _refused(error: OSError) -> tuple[str, str]:
    """Return what the system refused, and what to do about it."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"`{os.fsdecode(error.filename)}` can't be used: {reason}", ""
    if isinstance(error, FileNotFoundError):  # a relative path, and nothing it could be relative to
        return "the current folder was deleted", "go to another one: cd"
    return f"the answer can't be written: {reason}", ""


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(_PACKAGE)
