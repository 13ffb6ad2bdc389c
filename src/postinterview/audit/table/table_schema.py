"""The vocabulary of a transition table, as data, for the loader's one reader of tables.

What an edge must have is asked in ``reading.py``, so that what one lacks is said at its own place.
"""

from __future__ import annotations

from postinterview.loading import schema as k
from postinterview.loading.rule_schema import FORMAT

ANY = "any"
"""Stands for every state, where an edge leads from."""

START = "(start)"
"""In a CSV file, where a line leads from that says where a process begins."""

COLUMNS = ("from", "to", "event", "contact")

EDGE = k.Table(
    "an edge",
    {
        "from": k.Key(
            k.ListOf(k.Name("state"), or_one=True), "The states it leaves from, or `any`.", "from: waiting"
        ),
        "to": k.Key(k.Name("state"), "The state it leads to.", "to: followed_up"),
        "event": k.Key(k.Name("event"), "What moves along it.", "event: follow_up"),
        "contact": k.Key(k.Flag(), "Whether it reaches the employer.", "contact: true"),
    },
    "{from: waiting, to: followed_up, event: follow_up, contact: true}",
)

FILE = k.Table(
    "a transition table",
    {
        "format": k.Key(k.Number(least=1), "The version of the language.", f"format: {FORMAT}", True),
        "title": k.Key(k.Text(), "What the table is called.", "title: Our tracker"),
        "start": k.Key(
            k.ListOf(k.Name("state"), or_one=True), "Where a process begins; else anywhere.", "start: saved"
        ),
        "states": k.Key(
            k.ListOf(k.Name("state")), "All states there are, so that a slip is found.", "states: [saved]"
        ),
        "contacts": k.Key(
            k.ListOf(k.Name("event"), or_one=True),
            "The events, or edges such as `a -> b`, that reach the employer; no others do.",
            "contacts: [follow_up]",
        ),
        "contact": k.Key(k.Flag(), "What holds of every edge that does not say it.", "contact: false"),
        "edges": k.Key(k.ListOf(k.Free()), "The transitions, one by one.", f"edges: [{EDGE.example}]"),
        "next": k.Key(
            k.Free(), "Instead: by state the states that may come next.", "next: {waiting: [followed_up]}"
        ),
        "meta": k.Key(k.Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
