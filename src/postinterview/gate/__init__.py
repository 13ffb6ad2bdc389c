"""Stand between agents and what sends messages, so that employers get only what the rules allow."""

from __future__ import annotations

from postinterview.gate.approvals import Approvals
from postinterview.gate.errors import NotPermittedError, NotSentError
from postinterview.gate.gate import Gate
from postinterview.gate.notes import MemoryNotes, Notes
from postinterview.gate.permits import Permit
from postinterview.gate.recipients import Recipient
from postinterview.gate.words import Preview, Word

__all__ = [
    "Approvals",
    "Gate",
    "MemoryNotes",
    "NotPermittedError",
    "NotSentError",
    "Notes",
    "Permit",
    "Preview",
    "Recipient",
    "Word",
]
