"""The entry point of the command ``postinterview``, which ends quietly when it is interrupted.

It lies outside the package, so that Ctrl-C is handled before the first slow import. The handler raises
`KeyboardInterrupt`, so that files are closed and half-written ones removed. Python can't raise it everywhere:
in a callback or a finalizer it would only print a traceback. There `_end_at_once` ends the process instead.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells report it."""

MADE_BEFORE_COLLECTING = 50_000
"""How many more objects there are before Python looks for garbage. Most of what a command makes is kept until
it ends, so the usual 700 look in vain, a tenth of the time of a long one. It costs some megabytes."""


class Interrupt:
    """Handles SIGINT. ``came``: it was sent, even if some library has swallowed the exception since."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # if cleaning up takes too long, a second one ends it
        self.came = True
        _end_the_log()
        raise KeyboardInterrupt


interrupt = Interrupt()


def main() -> None:
    """Run the command line and exit with its code."""
    code = INTERRUPTED
    gc.set_threshold(MADE_BEFORE_COLLECTING)
    try:
        try:
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                sys.unraisablehook = _end_at_once
                signal.signal(signal.SIGINT, interrupt)
            from postinterview.cli import main as run

            code = run(lambda: interrupt.came)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the answer is complete, or an interrupt came
    except KeyboardInterrupt:
        code = INTERRUPTED
    if interrupt.came or code == INTERRUPTED:
        code = INTERRUPTED
        _drop_output()
        _say_interrupted()
    sys.exit(code)


def _end_the_log() -> None:
    """Log no more: a library may catch the interrupt, log it with its traceback and raise it again."""
    if disable := getattr(sys.modules.get("logging"), "disable", None):  # it may be half imported
        disable()


def _end_at_once(unraisable: UnraisableHookArgs) -> None:
    """End the process if the exception that nobody can catch is an interrupt."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    _say_interrupted()
    os._exit(INTERRUPTED)


def _drop_output() -> None:
    """Discard what stdout still holds. Writing it could block, if its reader is stopped too."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say_interrupted() -> None:
    try:
        os.write(2, b"interrupted\n")
    except OSError:
        return
