"""The vocabulary of a scenario file, as data: read by the loader's one reader of tables.

What is required is asked in ``reading.py``, since it depends on the kind of step. The items of a list
are read there too, each by its own table, so that what one lacks is said at its own place.
"""

from __future__ import annotations

from collections.abc import Mapping

from postinterview.loading import schema as k
from postinterview.loading.local_times import EXAMPLE
from postinterview.loading.rule_schema import FORMAT
from postinterview.scenario.model import RESULTS

NEVER = "never"
"""Stands for no moment in ``opens_at`` and ``closes_at``, and for no event in ``opens_after``."""

KINDS = ("event", "retract", "unknown")
"""The keys of which a step has exactly one."""

_WHY = k.Key(k.Text(), "The reason, for readers.", "why: The quoted date rules.")

STEP = k.Table(
    "a step",
    {
        "at": k.Key(k.Text(), "When: local time of `timezone`, or with an offset.", f"at: {EXAMPLE}"),
        "event": k.Key(k.Name("event"), "What happens, or is asked for.", "event: interview"),
        "retract": k.Key(
            k.Number(least=1), "Which entry of the history is taken back, counted from 1.", "retract: 2"
        ),
        "unknown": k.Key(
            k.ListOf(k.Name("event or class"), or_one=True),
            "What the past is not known of.",
            "unknown: [contact]",
        ),
        "until": k.Key(k.Text(), "Until when it is not known.", f"until: {EXAMPLE}"),
        "to": k.Key(k.Text(), "The person it names.", "to: ana"),
        "application": k.Key(k.Text(), "The application; `main` where there is one.", "application: backend"),
        "with": k.Key(k.Free(), "What the event carries.", "with: {channel: call}"),
        "late": k.Key(k.Flag(), "Told after later events, put where it happened.", "late: true"),
        "not_sent": k.Key(k.Flag(), "A contact taken back because it was never sent.", "not_sent: true"),
        "expect": k.Key(k.OneOf(RESULTS), "What becomes of it; else `allowed`.", "expect: refused"),
        "because": k.Key(
            k.ListOf(k.Text(), or_one=True), "Guards that must refuse it.", "because: [one_chase]"
        ),
        "opens_at": k.Key(k.Text(), "When it will be allowed, or `never`.", f"opens_at: {EXAMPLE}"),
        "closes_at": k.Key(k.Text(), "When it will no longer be, or `never`.", f"closes_at: {EXAMPLE}"),
        "opens_after": k.Key(
            k.ListOf(k.Name("event"), or_one=True),
            "The events or fields of which one must come first, or `never`.",
            "opens_after: [interview]",
        ),
        "state": k.Key(k.Free(), "The states afterwards.", "state: {application: waiting}"),
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

SCENARIO = k.Table(
    "a scenario",
    {
        "name": k.Key(k.Text(), "What it shows, in a few words.", "name: Too soon, then once", True),
        "why": _WHY,
        "timezone": k.Key(k.Text(), "The employer's time zone.", "timezone: Europe/Zurich"),
        "employer": k.Key(k.Text(), "The employer's name.", "employer: Acme"),
        "holidays": k.Key(k.ListOf(k.Day()), "The employer's free days.", "holidays: [2026-12-24]"),
        "country": k.Key(k.Country(), "Whose public holidays are kept.", "country: CH"),
        "steps": k.Key(k.ListOf(k.Free()), "What happens, in order.", f"steps: [{STEP.example}]", True),
    },
    f"{{name: Too soon, timezone: Europe/Zurich, steps: [{STEP.example}]}}",
)

FILE = k.Table(
    "a scenario file",
    {
        "format": k.Key(k.Number(least=1), "The version of the language.", f"format: {FORMAT}", True),
        "rules": k.Key(k.Text(), "Packaged rules, or a path from this file.", "rules: default"),
        "scenarios": k.Key(k.ListOf(k.Free()), "The stories.", f"scenarios: [{SCENARIO.example}]", True),
        "meta": k.Key(k.Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
