"""The keys of a scenario file as tables, which the loader's shape stage reads.

`parsing` checks the keys that depend on the kind of step, and reads the items of each list by their table, so
that a missing key is reported at its own item.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from postinterview.loading import schema as k
from postinterview.loading.local_times import EXAMPLE
from postinterview.loading.rule_schema import FORMAT_KEY, META_KEY
from postinterview.loading.schema import TableKey as Key
from postinterview.scenario.model import RESULTS

NEVER = "never"
"""Written for no moment in ``opens_at`` and ``closes_at``, and for no event in ``opens_after``."""

KINDS = ("event", "retract", "unknown")
"""The kinds of steps: each step has exactly one of these keys."""

_WHY = Key(k.TEXT, "The reason, for people who read it.", "why: The quoted date rules.")

STEP = k.Table(
    "a step",
    {
        "at": Key(
            k.TEXT,
            "The moment: local time in `timezone`, or with an offset; or the day alone.",
            f"at: {EXAMPLE}",
        ),
        "event": Key(k.Name("event"), "The event that happens or is asked for.", "event: interview"),
        "retract": Key(
            k.Number(least=1), "The number of the entry to retract, counted from 1.", "retract: 2"
        ),
        "unknown": Key(
            k.some(k.Name("event or class")),
            "The events or classes of which the past is not known.",
            "unknown: [contact]",
        ),
        "until": Key(k.TEXT, "The end of the unknown past, a moment or a day.", f"until: {EXAMPLE}"),
        "to": Key(k.TEXT, "The person that the event is to.", "to: ana"),
        "application": Key(k.TEXT, "The application; `main` by default.", "application: backend"),
        "with": Key(k.FREE, "The fields of the event.", "with: {channel: call}"),
        "late": Key(k.FLAG, "Recorded after later events; it is inserted where it happened.", "late: true"),
        "not_sent": Key(k.FLAG, "The retracted contact was never sent.", "not_sent: true"),
        "expect": Key(k.OneOf(RESULTS), "The expected result; `allowed` by default.", "expect: refused"),
        "because": Key(k.some(k.TEXT), "The guards that must refuse it.", "because: [one_chase]"),
        "opens_at": Key(k.TEXT, "From when on it is allowed, or `never`.", f"opens_at: {EXAMPLE}"),
        "closes_at": Key(k.TEXT, "From when on it is refused again, or `never`.", f"closes_at: {EXAMPLE}"),
        "opens_after": Key(
            k.some(k.Name("event")),
            "The events of which one must come first, the missing fields, or `never`.",
            "opens_after: [interview]",
        ),
        "state": Key(k.FREE, "The states after the step.", "state: {application: waiting}"),
        "why": _WHY,
    },
    f"{{at: {EXAMPLE}, event: interview}}",
)

_EVERYWHERE = frozenset({"at", "to", "application", "state", "why"})
KEYS_OF: Mapping[str, frozenset[str]] = {
    "event": frozenset(STEP.keys) - {"retract", "unknown", "until", "not_sent"},
    "retract": _EVERYWHERE | {"retract", "not_sent"},
    "unknown": _EVERYWHERE | {"unknown", "until"},
}
"""The keys that a step may have, by its kind."""

SCENARIO = k.Table(
    "a scenario",
    {
        "name": Key(k.TEXT, "What the scenario shows, in a few words.", "name: Too soon, then once", True),
        "why": _WHY,
        "timezone": Key(k.TEXT, "The employer's time zone.", "timezone: Europe/Zurich"),
        "employer": Key(k.TEXT, "The employer's name.", "employer: Acme"),
        "holidays": Key(k.ListOf(k.DAY), "Days on which the employer is closed.", "holidays: [2026-12-24]"),
        "country": Key(k.COUNTRY, "The country whose public holidays count.", "country: CH"),
        "steps": Key(k.ListOf(k.FREE), "The steps, in order.", f"steps: [{STEP.example}]", True),
    },
    f"{{name: Too soon, timezone: Europe/Zurich, steps: [{STEP.example}]}}",
)

FILE = k.Table(
    "a scenario file",
    {
        "format": FORMAT_KEY,
        "rules": Key(k.TEXT, "Packaged rules, or a path from this file.", "rules: default"),
        "scenarios": Key(k.ListOf(k.FREE), "The stories.", f"scenarios: [{SCENARIO.example}]", True),
        "meta": META_KEY,
    },
    "",
)

_REQUIRED = {"event": {"event", "at"}, "retract": {"retract", "at"}, "unknown": {"unknown", "until"}}
STEPS = k.Variants(
    "a step",
    {
        kind: k.Table(
            f"a step with `{kind}`",
            {
                name: evolve(key, required=name in _REQUIRED[kind])
                for name, key in STEP.keys.items()
                if name in KEYS_OF[kind]
            },
            STEP.example,
        )
        for kind in KINDS
    },
    STEP.example,
)
"""A step of any kind, as a schema tells it."""


WHOLE_FILE = k.with_items(FILE, scenarios=k.with_items(SCENARIO, steps=STEPS))
"""A scenario file with its scenarios and their steps."""
