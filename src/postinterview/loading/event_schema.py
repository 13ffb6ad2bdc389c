"""Define the vocabulary of events as data: their keys, and those of their fields."""

from __future__ import annotations

from postinterview.core.rules.definitions import CONTACTS
from postinterview.loading import schema as k
from postinterview.loading.schema import TableKey as Key

_RESERVED_FIELDS = frozenset(
    {"event", "at", "to", "application", "late", "undated", "again", "once", "now", "self"}
)

WHY = Key(k.TEXT, "The reason, for readers.", "why: One polite follow-up, and no more.")
TITLE = Key(k.TEXT, "The text that people see instead of the id.", "title: Waiting for the decision")

FIELD_TYPES = ("text", "bool", "number", "date", "people")
_CHOICES = k.ListOf(k.TEXT)
FIELD = k.Table(
    "a field",
    {
        "type": Key(
            k.Forms(k.OneOf(FIELD_TYPES), _CHOICES),
            "The type of its value, or a list to choose from.",
            "type: text",
            True,
        ),
        "optional": Key(k.FLAG, "Whether a fact may leave it out.", "optional: true"),
        "sets": Key(k.NEW_ID, "The date that its value becomes.", "sets: promised"),
        "why": WHY,
    },
    "{type: text, optional: true}",
)

EVENT = k.Table(
    "an event",
    {
        "by": Key(
            k.OneOf(("employer", "candidate", "world")),
            "Who does it; events of the candidate are acts, all others facts.",
            "by: employer",
            True,
        ),
        "contact": Key(
            k.OneOf(CONTACTS),
            "How an act reaches the employer; without it, `chase`.",
            "contact: courtesy",
        ),
        "sign_of_life": Key(k.FLAG, "Whether a fact counts as a sign of life.", "sign_of_life: false"),
        "to": Key(k.OneOf(("interviewer",)), "It is addressed to one person.", "to: interviewer"),
        "opens": Key(k.OneOf(("round",)), "It opens the next round.", "opens: round"),
        "starts": Key(
            k.OneOf(("application",)),
            "An act that may be the first event of an application; the employer's events always may.",
            "starts: application",
        ),
        "gives": Key(k.some(k.Name("credit")), "The credits it gives.", "gives: reply"),
        "ends": Key(k.some(k.Name("date")), "The dates that no longer stand after it.", "ends: promised"),
        "fields": Key(
            k.Entries(
                k.Forms(k.OneOf(FIELD_TYPES), _CHOICES, FIELD),
                "a field",
                "text",
                k.RESERVED | _RESERVED_FIELDS,
            ),
            "The values it carries.",
            "fields: {topic: text}",
        ),
        "title": TITLE,
        "why": WHY,
    },
    "{by: employer}",
)
