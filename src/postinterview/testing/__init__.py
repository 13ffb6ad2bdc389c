"""Help for the tests of a host: strategies for Hypothesis, and a state machine that searches for faults.

The pytest plugin collects stories without any of this.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from postinterview.testing.machine import EtiquetteMachine
    from postinterview.testing.strategies import EventCall, events, histories

__all__ = ["EtiquetteMachine", "EventCall", "events", "histories"]

_HOMES = {
    "EtiquetteMachine": "postinterview.testing.machine",
    "EventCall": "postinterview.testing.strategies",
    "events": "postinterview.testing.strategies",
    "histories": "postinterview.testing.strategies",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        message = f"`{__name__}.{name}` needs Hypothesis: pip install 'postinterview[testing]'"
        raise ModuleNotFoundError(message, name="hypothesis") from None
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
