"""Run a command again whenever one of its files is saved: ``--watch``.

`watchfiles` wakes this module up; whether anything changed is decided by the files themselves, by when they
were written, their size and their inode. So a save while the command still runs is seen after it, a file
that was only touched by a backup changes nothing, and an editor that renames a new file into the place of the
old one is noticed. A file that is gone is waited for, since some editors remove it for a moment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from time import sleep  # noqa: TID251 - it waits for files
from typing import Any, NoReturn, TypeAlias

import click

from postinterview.cli.inputs import STDIN, files_in
from postinterview.cli.options import Command
from postinterview.cli.terminal import Screen
from postinterview.core.values.formatting import say_count
from postinterview.layout import BLANK, Piece, line

Files: TypeAlias = Iterable[str]

_CLEAR = "\x1b[2J\x1b[H"
_SETTLES_MS, _LOOKS_MS = 50, 10
"""A burst of events is one change: it is over after so many milliseconds, counted in steps of so many."""

_AT_LEAST_MS = 200
"""The files are looked at so often even if nothing wakes us up, as on network drives."""

_RETURNS = 10
"""A file that is gone is waited for so many twentieths of a second."""

_Fingerprint: TypeAlias = dict[str, tuple[int, int, int] | None]


def watch_option(command: Command) -> Command:
    """Add the option ``--watch``."""
    option = click.option(
        "--watch", "watches", is_flag=True, help="Run again at each save of a file, until Ctrl-C."
    )
    return option(command)


def watch(screen: Screen, paths: Files, run: Callable[[], Files]) -> NoReturn:
    """Call ``run`` now and after each change of a file that ``paths`` name, until an interrupt.

    ``run`` prints its answer, and returns further files that it read. What it raises is told, and it is
    called again after the next change.
    """
    _check(screen, paths)
    further: tuple[str, ...] = ()
    while True:
        clear()
        before = _fingerprint([*files_in(paths), *further])
        further = tuple(_run(run))
        before = _fingerprint([each for each in further if each not in before]) | before
        files = [*files_in(paths), *further]
        screen.show([BLANK, line(Piece(f"watching {say_count(len(files), 'file')}; Ctrl-C ends", "dim"))])
        sys.stdout.flush()
        _wait(paths, further, {file: before.get(file) for file in files})


def clear() -> None:
    """Clear the terminal, if it is one."""
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR)


def _check(screen: Screen, paths: Files) -> None:
    """Refuse what can't be watched."""
    if find_spec("watchfiles") is None:
        raise click.UsageError("`--watch` needs the package watchfiles: pip install 'postinterview[watch]'")
    if screen.format != "text":
        told = f"`--watch` shows text again and again: leave `--format {screen.format}` out"
        raise click.UsageError(told)
    if STDIN in paths:
        raise click.UsageError("standard input can't be watched; name a file")


def _run(run: Callable[[], Files]) -> Files:
    """Return the files that the run read; of one that failed, those that it names."""
    from postinterview.cli.app import report_error

    try:
        return run()
    except (BrokenPipeError, click.ClickException):
        raise
    except Exception as error:  # noqa: BLE001 - the next save may mend it
        screen: Any = click.get_current_context().find_root().obj
        report_error(screen, error)
        named = getattr(error, "sources", None) or filter(None, [getattr(error, "path", None)])
        return [str(each) for each in named]


def _wait(paths: Files, further: Files, before: _Fingerprint) -> None:
    """Return once a file has changed, and any that is gone is back or was waited for."""
    from watchfiles import watch as events

    for _ in events(
        *_folders(paths, before),
        watch_filter=None,
        debounce=_SETTLES_MS * 2,
        step=_LOOKS_MS,
        rust_timeout=_AT_LEAST_MS,
        yield_on_timeout=True,
        recursive=False,
    ):
        now = _fingerprint([*files_in(paths), *further])
        if now != before:
            for _ in range(_RETURNS):
                gone = [file for file in before if before[file] and not Path(file).exists()]
                if not gone:
                    return
                sleep(0.05)
            return


def _folders(paths: Files, files: Files) -> list[Path]:
    """Return the folders to watch: of each file, and the named ones with all that they hold."""
    named = [Path(path) for path in paths if Path(path).is_dir()]
    inside = [folder for top in named for folder in top.rglob("*") if folder.is_dir()]
    found = {*named, *inside, *(Path(file).parent for file in files)}
    return sorted({folder.resolve() for folder in found if folder.is_dir()}) or [Path("/")]


def _fingerprint(files: Files) -> _Fingerprint:
    """Return what changes when a file is written; None for a file that is not there."""
    found: _Fingerprint = {}
    for file in files:
        try:
            known = os.stat(file)  # noqa: PTH116 - the name may be too long for a path
        except (OSError, ValueError):
            found[file] = None
        else:
            found[file] = known.st_mtime_ns, known.st_size, known.st_ino
    return found
