"""The schema of a promise file: its keys, as tables for the loader."""

from __future__ import annotations

from postinterview.loading import schema as k
from postinterview.loading.rule_schema import FORMAT_KEY, META_KEY
from postinterview.loading.schema import TableKey as Key

_NAMES = k.ListOf(k.Name("event or class"), or_one=True)
_SINCE = Key(_NAMES, "Count only what comes after the latest of these.", "since: sign_of_life")
_PER = Key(k.SCOPE, "What is counted together; by default the employer.", "per: employer")
_SAID = {
    "title": Key(k.TEXT, "What must never happen, in a few words.", "title: a second chase"),
    "why": Key(k.TEXT, "The reason, for readers.", "why: Pushing costs the job."),
}
_SUBJECT = {
    "never": Key(_NAMES, "The acts that break the promise.", "never: chase", True),
    "but": Key(_NAMES, "Acts that it allows.", "but: rejection_reply"),
    "to": Key(
        k.OneOf(("interviewer", "nobody")), "Only acts to one person, or to nobody.", "to: interviewer"
    ),
}

_CASES: tuple[dict[str, Key], ...] = (
    {
        "more_than": Key(k.Number(), "The number of acts that are still allowed.", "more_than: 1", True),
        "since": _SINCE,
        "within": Key(k.WINDOW, "Count only those less than this long ago.", "within: 14 days"),
        "per": _PER,
        "each": Key(k.OneOf(("event",)), "Count each event by itself.", "each: event"),
        "count": Key(
            k.OneOf(("all", "allowed")),
            "Whether acts against the rules count; by default all do.",
            "count: allowed",
        ),
    },
    {
        "before": Key(
            k.NEW_ID, "Before the end of a date that the employer named.", "before: promised", True
        ),
        "ended_by": Key(_NAMES, "The events that end the date.", "ended_by: [offer, rejection]"),
    },
    {
        "within": Key(k.DURATION, "How long after one of `of` it is too soon.", "within: 1 day", True),
        "of": Key(_NAMES, "The events to keep a distance from.", "of: attempt", True),
        "per": _PER,
    },
    {
        "later_than": Key(
            k.DURATION, "How long after the latest of `of` it is too late.", "later_than: 14 days", True
        ),
        "of": Key(_NAMES, "The events that it is late after.", "of: interview", True),
        "per": _PER,
    },
    {
        "after": Key(_NAMES, "After one of these.", "after: rejection", True),
        "until": Key(_NAMES, "Until one of these.", "until: sign_of_life"),
        "per": _PER,
    },
    {
        "without": Key(
            k.OneOf(("credit",)), "Without a credit that an employer's event gave.", "without: credit", True
        ),
        "most": Key(k.Number(least=1), "How many credits there can be at once.", "most: 3", True),
        "emptied_by": Key(_NAMES, "The events that take all credits.", "emptied_by: rejection"),
        "per": Key(k.SCOPE, "What shares the credits; by default the application.", "per: application"),
    },
)
"""The questions of a clause about the act's history: first the key of each, then those that go with it."""

_CLAUSES = {
    kind: k.Table(f"a promise with `{kind}`", {**_SUBJECT, **keys, **_SAID}, "")
    for kind, keys in ((next(iter(keys)), keys) for keys in _CASES)
}
CLAUSE = k.Variants("a promise", _CLAUSES, "{never: chase, more_than: 1, since: sign_of_life}")
PROMISE = k.Variants(
    "a promise",
    {
        **_CLAUSES,
        "any_of": k.Table(
            "a promise of several",
            {"any_of": Key(k.ListOf(CLAUSE), "Each breaks the promise.", "any_of: [...]", True), **_SAID},
            "",
        ),
    },
    CLAUSE.example,
)

FILE = k.Table(
    "a promise file",
    {
        "format": FORMAT_KEY,
        "title": Key(k.TEXT, "What the promises are called.", "title: Courtesy", True),
        "why": _SAID["why"],
        "promises": Key(
            k.Entries(PROMISE, "a promise", PROMISE.example),
            "What no rule file may allow.",
            f"promises: {{one_chase: {PROMISE.example}}}",
            True,
        ),
        "meta": META_KEY,
    },
    "",
)
