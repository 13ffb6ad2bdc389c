"""What several commands do where files can't be used: say why, and end with the code for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from attrs import frozen

from postinterview.cli import NO, UNREADABLE
from postinterview.cli.terminal import Screen
from postinterview.core.errors import MisuseError
from postinterview.files import RulesError, UnreadableError
from postinterview.loading.diagnostics import Diagnostic

Made = TypeVar("Made")


@frozen
class Trouble:
    """Why there is no answer, said already. ``diagnostics``: what is wrong with what a file says."""

    code: int
    diagnostics: tuple[Diagnostic, ...] = ()


def attempt(screen: Screen, make: Callable[[], Made]) -> Made | Trouble:
    """What ``make`` makes of files, or the trouble with them."""
    try:
        return make()
    except RulesError as error:
        screen.diagnose(error.diagnostics, error.sources)
        return Trouble(NO, error.diagnostics)
    except (UnreadableError, MisuseError) as error:
        screen.complain(error.message, error.help)
        return Trouble(UNREADABLE)
