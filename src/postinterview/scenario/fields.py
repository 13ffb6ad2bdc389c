"""The vocabulary of a scenario file, as data: read by the loader's one reader of tables.

What is required is asked in ``reading.py``, since it depends on the kind of step.
"""

from __future__ import annotations

from collections.abc import Mapping

from postinterview.loading import fields as f
from postinterview.scenario.model import RESULTS
from postinterview.scenario.times import EXAMPLE

NEVER = "never"
"""Stands for no moment in ``opens_at`` and ``closes_at``, and for no event in ``opens_after``."""

KINDS = ("event", "retract", "unknown")
"""The keys of which a step has exactly one."""

_WHY = f.Key(f.Text(), "The reason, for readers.", "why: The quoted date rules.")

STEP = f.Table(
    "a step",
    {
        "at": f.Key(f.Text(), "When: local time of `timezone`, or with an offset.", f"at: {EXAMPLE}"),
        "event": f.Key(f.Name("event"), "What happens, or is asked for.", "event: interview"),
        "retract": f.Key(
            f.Number(least=1), "Which entry of the history is taken back, counted from 1.", "retract: 2"
        ),
        "unknown": f.Key(
            f.ListOf(f.Name("event or class"), or_one=True), "What the past is not known of.", "unknown: [contact]"
        ),
        "until": f.Key(f.Text(), "Until when it is not known.", f"until: {EXAMPLE}"),
        "to": f.Key(f.Text(), "The person it names.", "to: ana"),
        "application": f.Key(f.Text(), "The application; `main` where there is one.", "application: backend"),
        "with": f.Key(f.Free(), "What the event carries.", "with: {channel: call}"),
        "late": f.Key(f.Flag(), "Told after later events, put where it happened.", "late: true"),
        "not_sent": f.Key(f.Flag(), "A contact taken back because it was never sent.", "not_sent: true"),
        "expect": f.Key(f.OneOf(RESULTS), "What becomes of it; else `allowed`.", "expect: refused"),
        "because": f.Key(
            f.ListOf(f.Name("state"), or_one=True), "Guards that must refuse it.", "because: [one_chase]"
        ),
        "opens_at": f.Key(f.Text(), "When it will be allowed, or `never`.", f"opens_at: {EXAMPLE}"),
        "closes_at": f.Key(f.Text(), "When it will no longer be, or `never`.", f"closes_at: {EXAMPLE}"),
        "opens_after": f.Key(
            f.ListOf(f.Name("event"), or_one=True),
            "The events or fields of which one must come first, or `never`.",
            "opens_after: [interview]",
        ),
        "state": f.Key(f.Free(), "The states afterwards.", "state: {application: waiting}"),
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
"""By the kind of a step, the keys that it may have."""

SCENARIO = f.Table(
    "a scenario",
    {
        "name": f.Key(f.Text(), "What it shows, in a few words.", "name: Too soon, then once"),
        "why": _WHY,
        "timezone": f.Key(f.Text(), "The employer's time zone.", "timezone: Europe/Zurich"),
        "employer": f.Key(f.Text(), "The employer's name.", "employer: Acme"),
        "holidays": f.Key(f.ListOf(f.Day()), "The employer's free days.", "holidays: [2026-12-24]"),
        "steps": f.Key(f.ListOf(STEP), "What happens, in order.", f"steps: [{STEP.example}]"),
    },
    f"{{name: Too soon, timezone: Europe/Zurich, steps: [{STEP.example}]}}",
)

FILE = f.Table(
    "a scenario file",
    {
        "format": f.Key(f.Number(least=1), "The version of the language.", f"format: {f.FORMAT}"),
        "rules": f.Key(f.Text(), "Packaged rules, or a path from this file.", "rules: default"),
        "scenarios": f.Key(f.ListOf(SCENARIO), "The stories.", f"scenarios: [{SCENARIO.example}]"),
        "meta": f.Key(f.Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)

RULES_KEYS = frozenset({"events", "machines", "extends", "promises"})
"""Keys that only other files of this package have."""
