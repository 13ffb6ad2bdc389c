"""The signs of events: each kind of contact has a shape of its own, so that pictures need no colour."""

from __future__ import annotations

from collections.abc import Mapping

from postinterview.core.rules.definitions import EventKind

SIGNS: Mapping[str, tuple[str, str]] = {
    "chase": ("▲", "chase: it wants an answer"),
    "attempt": ("△", "attempt: a call that nobody took"),
    "courtesy": ("●", "courtesy: it asks for nothing"),
    "reply": ("◆", "reply: it answers a message"),
    "none": ("○", "act that reaches nobody"),
    "employer": ("□", "what the employer does"),
    "world": ("◇", "what happens"),
}
"""By the kind of an event: its sign, and what the sign means."""


def kind_of(event: EventKind) -> str:
    """Return the key of an event's sign: its contact, or who does it if it is a fact."""
    return event.contact or event.by if event.is_act else event.by


def sign_of(event: EventKind) -> str:
    """Return the sign of an event."""
    return SIGNS[kind_of(event)][0]
