"""The keys of a transition table, as data for `Shape`."""

from __future__ import annotations

from attrs import evolve

from postinterview.loading import schema as k
from postinterview.loading.rule_schema import FORMAT_KEY, META_KEY
from postinterview.loading.schema import TableKey as Key

TEXT = k.TEXT
ANY = "any"
"""The word for all states, where an edge begins."""

START = "(start)"
"""Stands under `from` on a line of a CSV file that names a start."""

COLUMNS = ("from", "to", "event", "contact")

# An edge needs `from` and `to`, but `Shape` would report them at the key before, in CSV on another line.
EDGE = k.Table(
    "an edge",
    {
        "from": Key(
            k.ListOf(k.Name("state"), or_one=True), "The states it leaves from, or `any`.", "from: waiting"
        ),
        "to": Key(k.Name("state"), "The state it leads to.", "to: followed_up"),
        "event": Key(k.Name("event"), "What moves along it.", "event: follow_up"),
        "contact": Key(k.FLAG, "Whether it reaches the employer.", "contact: true"),
    },
    "{from: waiting, to: followed_up, event: follow_up, contact: true}",
)

FILE = k.Table(
    "a transition table",
    {
        "format": FORMAT_KEY,
        "title": Key(TEXT, "What the table is called.", "title: Our tracker"),
        "start": Key(
            k.ListOf(k.Name("state"), or_one=True),
            "Where a process begins; if left out, anywhere.",
            "start: saved",
        ),
        "states": Key(
            k.ListOf(k.Name("state")), "All states; a misspelt state is then an error.", "states: [saved]"
        ),
        "contacts": Key(
            k.ListOf(k.Name("event"), or_one=True),
            "The events, or edges such as `a -> b`, that reach the employer; all others do not.",
            "contacts: [follow_up]",
        ),
        "contact": Key(k.FLAG, "Whether edges without `contact` reach the employer.", "contact: false"),
        "edges": Key(k.ListOf(k.FREE), "The transitions, one by one.", f"edges: [{EDGE.example}]"),
        "next": Key(
            k.FREE,
            "In place of `edges`: for each state the states that may come next.",
            "next: {waiting: [followed_up]}",
        ),
        "meta": META_KEY,
    },
    "",
)

_NEEDED = {name: evolve(EDGE.keys[name], required=True) for name in ("from", "to")}
WHOLE_FILE = k.with_items(FILE, edges=evolve(EDGE, keys={**EDGE.keys, **_NEEDED}))
"""A transition table with its edges."""
