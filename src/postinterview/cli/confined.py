"""Run a command on files that a stranger sent: with limits of the system, and out of reach of other files.

    python -P -m postinterview.cli.confined SECONDS MEGABYTES COMMAND...

The service starts it in a folder that has the stranger's files. An audit hook (PEP 578) sees whatever Python
opens: what Python itself and this package are made of may be read, and the files of that folder. Everything
else is refused as if the system forbade it, so a rule file can't show the lines of another file. The hook is
no sandbox for code, and none of the stranger's is run.
"""

from __future__ import annotations

import os
import sys
import zoneinfo
from contextlib import suppress

from postinterview.files import packaged_folder, packs_folder

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LISTS = ("os.listdir", "os.scandir")
_HARMLESS = ("os.putenv", "os.unsetenv", *_LISTS)
_REFUSED = ("os.", "shutil.", "socket.", "subprocess.", "tempfile.")
_MOST_OUTPUT = 10_000_000


class Confinement:
    """The audit hook. ``roots``: the folders whose files may be read."""

    def __init__(self, roots: list[str]) -> None:
        self._roots = tuple(os.path.realpath(root) for root in roots if root)

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and bool(flags & _WRITES)
            if writes or not self._may_read(path):
                raise PermissionError(13, "Permission denied", path)
        elif event in _LISTS:
            if not self._may_read(arguments[0] or "."):
                raise PermissionError(13, "Permission denied", arguments[0])
        elif event.startswith(_REFUSED) and event not in _HARMLESS:
            raise PermissionError(13, f"`{event}` is not for posted rules")

    def _may_read(self, path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return True  # a file that is open already
        real = os.path.realpath(os.fsdecode(path))
        return any(real == root or real.startswith(root + os.sep) for root in self._roots)


def limit(seconds: int, megabytes: int) -> None:
    """Let the system end this process after so much processor time, and refuse it more memory."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the service still ends the process after a while
        return
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_FSIZE, _MOST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):  # the system has lower ones, or none of this kind
            resource.setrlimit(what, (most, most))
    os.nice(10)  # those who ask for verdicts go first


def main() -> int:
    """Run the command that `sys.argv` names, and return its exit code."""
    seconds, megabytes, *arguments = sys.argv[1:]
    limit(int(seconds), int(megabytes))
    sys.dont_write_bytecode = True
    from postinterview.cli.app import run

    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - as in `files`
    code = [package, *sys.path, sys.prefix, sys.base_prefix, *zoneinfo.TZPATH]
    data = [packaged_folder(), packs_folder(), os.getcwd()]  # noqa: PTH109
    sys.addaudithook(Confinement([*code, *data]))
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
