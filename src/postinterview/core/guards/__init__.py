"""Guards at work: each yields the stretch of time in which it holds, and explains itself.

Under the closed union of guard kinds lie few kernels: a count, a credit, a window, the hours of the
day, a state, what the act carries, and what can't be known (a custom function).
"""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from postinterview.core.answers.verdict import UNKNOWN
from postinterview.core.guards.check import (
    ALWAYS,
    SEARCHED_DAYS,
    Check,
    CustomAnswer,
    CustomGuard,
    CustomQuestion,
    Surroundings,
    Window,
    fails,
)
from postinterview.core.guards.count import CountCheck, CreditCheck
from postinterview.core.guards.rolling import RollingCountCheck
from postinterview.core.guards.state import CarriesCheck, CustomCheck, StateCheck
from postinterview.core.guards.window import HoursCheck, WindowCheck
from postinterview.core.guards.wrapped import EveryApplicationCheck, UnlessCheck, excuses_of
from postinterview.core.rules.definitions import (
    Apart,
    AtMost,
    Carries,
    Custom,
    EventKind,
    Guard,
    Happened,
    Hours,
    InState,
    NotAfter,
    NotBefore,
    Scope,
    Spends,
)

__all__ = [
    "ALWAYS",
    "SEARCHED_DAYS",
    "UNKNOWN",
    "Check",
    "CountCheck",
    "CustomAnswer",
    "CustomGuard",
    "CustomQuestion",
    "HoursCheck",
    "Surroundings",
    "Window",
    "compile_guard",
    "excuses_of",
    "fails",
]


def compile_guard(guard: Guard, scope: Scope, kind: EventKind, around: Surroundings) -> Check:
    """Return the check of a guard on a transition on ``kind``, of a machine kept by ``scope``."""
    check = _compile(guard, guard.scope if guard.scope is not None else scope, kind, around)
    if guard.in_every_application:
        check = EveryApplicationCheck(check)
    excuses = excuses_of(guard, kind)
    return UnlessCheck(check, excuses) if excuses else check


def _compile(guard: Guard, own: Scope, kind: EventKind, around: Surroundings) -> Check:
    match guard:
        case AtMost(within=timedelta() as within):
            return RollingCountCheck(guard, within, own, kind, around)
        case AtMost() | Happened():
            return CountCheck(guard, own, kind, around)
        case NotBefore() | NotAfter() | Apart():
            return WindowCheck(guard, own, kind, around)
        case InState():
            return StateCheck(guard, around)
        case Spends():
            return CreditCheck(guard, around)
        case Carries():
            return CarriesCheck(guard)
        case Hours():
            return HoursCheck(guard)
        case Custom():
            return CustomCheck(guard, around)
        case _:
            assert_never(guard)
