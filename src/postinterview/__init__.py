"""After an interview: what may be done now, what not and why, when it opens, and what is due.

Times come in as aware datetimes and answers come out as values. Nothing here reads the clock, keeps
state between calls, or talks to the network.

Every value is frozen, hashable and equal by content. There is one rule for the zones of moments: what was
recorded or is to be kept (`Event.at`, `Snooze.until`, `Process.next_due`) is in UTC, and what was asked for
(a verdict, an agenda) is in the zone of the ``at`` it was asked with.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

from postinterview.core.values.saving_hooks import register_saving

if TYPE_CHECKING:
    from postinterview.bounds import bound
    from postinterview.core.answers.agenda_items import Agenda, Item, Question
    from postinterview.core.answers.outcome import Outcome
    from postinterview.core.answers.snoozes import Snooze
    from postinterview.core.answers.verdict import Move, Reason, Verdict
    from postinterview.core.guards import CustomAnswer, CustomGuard, CustomQuestion
    from postinterview.core.past.events import Change, Entry, Event, Known, Retraction, Unknown
    from postinterview.core.past.placed import Placed
    from postinterview.core.past.places import Key
    from postinterview.core.process import Process, Rulebook
    from postinterview.core.rules.definitions import Definition
    from postinterview.core.shadow import Flip
    from postinterview.core.status_map import StatusMap
    from postinterview.core.values.errors import (
        FieldError,
        MisuseError,
        PostInterviewError,
        RulesChangedError,
        SavedError,
        TimeError,
        UnknownNameError,
        UnknownStatusError,
    )
    from postinterview.core.values.naming import naming
    from postinterview.diffing.diff import diff
    from postinterview.diffing.difference import Difference
    from postinterview.files import UnreadableError, packaged
    from postinterview.judging import compare, prove
    from postinterview.proof.bound import Bound
    from postinterview.proof.comparison import Comparison
    from postinterview.proof.prove import Proof
    from postinterview.rulebooks import RulesError, load_rulebook
    from postinterview.status_files import load_statuses
    from postinterview.stores import Keeper, Store

__all__ = [
    "Agenda",
    "Bound",
    "Change",
    "Comparison",
    "CustomAnswer",
    "CustomGuard",
    "CustomQuestion",
    "Definition",
    "Difference",
    "Event",
    "FieldError",
    "Flip",
    "Item",
    "Keeper",
    "Key",
    "Known",
    "MisuseError",
    "Move",
    "Outcome",
    "Placed",
    "PostInterviewError",
    "Process",
    "Proof",
    "Question",
    "Reason",
    "Retraction",
    "Rulebook",
    "RulesChangedError",
    "RulesError",
    "SavedError",
    "Snooze",
    "StatusMap",
    "Store",
    "TimeError",
    "Unknown",
    "UnknownNameError",
    "UnknownStatusError",
    "UnreadableError",
    "Verdict",
    "bound",
    "compare",
    "diff",
    "load_rulebook",
    "load_statuses",
    "naming",
    "packaged",
    "prove",
]
__version__ = "0.1.0"

_HOMES = {
    "bounds": "bound",
    "core.answers.agenda_items": "Agenda Item Question",
    "core.rules.definitions": "Definition",
    "core.values.errors": "FieldError MisuseError PostInterviewError RulesChangedError SavedError TimeError "
    "UnknownNameError UnknownStatusError",
    "core.past.events": "Change Event Known Retraction Unknown",
    "core.guards": "CustomAnswer CustomGuard CustomQuestion",
    "core.values.naming": "naming",
    "core.answers.outcome": "Outcome",
    "core.past.placed": "Placed",
    "core.past.places": "Key",
    "core.process": "Process Rulebook",
    "core.shadow": "Flip",
    "core.answers.snoozes": "Snooze",
    "core.status_map": "StatusMap",
    "core.answers.verdict": "Move Reason Verdict",
    "diffing.diff": "diff",
    "diffing.difference": "Difference",
    "files": "UnreadableError packaged",
    "judging": "compare prove",
    "proof.bound": "Bound",
    "proof.comparison": "Comparison",
    "proof.prove": "Proof",
    "rulebooks": "RulesError load_rulebook",
    "status_files": "load_statuses",
    "stores": "Keeper Store",
}
"""The names of each module. It is imported when one of them is asked for, so that a program which only asks
for the version waits for none of them."""
_LAZY = {name: f"{__name__}.{module}" for module, names in _HOMES.items() for name in names.split()}

_LOCK = RLock()


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    # Two threads that import a package and a module inside it would each wait for the other. Python then
    # lets one of them see a module that is not whole.
    with _LOCK:
        found = globals()[name] = getattr(import_module(_LAZY[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def _write(process: Process) -> str:
    from postinterview.saving import saved_of, write

    return write(saved_of(process))


def _restore(rulebook: Rulebook, saved: str | bytes) -> Process:
    from postinterview.saving import restore

    return restore(rulebook, saved)


def _renamed(rulebook: Rulebook, process: Process) -> tuple[Entry, ...]:
    from postinterview.saving import renamed_history

    return renamed_history(rulebook, process)


register_saving(_write, _restore, _renamed)
