"""After an interview: what may be done now, what not and why, when it opens, and what is due.

Times come in as aware datetimes and answers come out as values. Nothing here reads the clock, keeps
state between calls, or talks to the network.
"""

from postinterview.core.agenda_items import Agenda, Item
from postinterview.core.definitions import Definition
from postinterview.core.errors import (
    FieldError,
    MisuseError,
    PostInterviewError,
    RulesChangedError,
    SavedError,
    TimeError,
    UnknownNameError,
)
from postinterview.core.events import Event, Placed, Retraction, Unknown
from postinterview.core.guards import CustomAnswer, CustomGuard, CustomQuestion
from postinterview.core.process import Outcome, Process
from postinterview.core.rulebook import Rulebook
from postinterview.core.snoozes import Snooze
from postinterview.core.verdict import Move, Reason, Verdict
from postinterview.files import RulesError, UnreadableError, compare, load_rulebook, packaged, prove

__all__ = [
    "Agenda",
    "CustomAnswer",
    "CustomGuard",
    "CustomQuestion",
    "Definition",
    "Event",
    "FieldError",
    "Item",
    "MisuseError",
    "Move",
    "Outcome",
    "Placed",
    "PostInterviewError",
    "Process",
    "Reason",
    "Retraction",
    "Rulebook",
    "RulesChangedError",
    "RulesError",
    "SavedError",
    "Snooze",
    "TimeError",
    "Unknown",
    "UnknownNameError",
    "UnreadableError",
    "Verdict",
    "compare",
    "load_rulebook",
    "packaged",
    "prove",
]
__version__ = "0.1.0"
