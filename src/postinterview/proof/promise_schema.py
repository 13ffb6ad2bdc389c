"""The schema of a promise file: its keys, as tables for the loader."""

from __future__ import annotations

from postinterview.loading.schema import (
    Duration,
    Entries,
    Free,
    ListOf,
    Name,
    NewId,
    Number,
    OneOf,
    ScopeText,
    Table,
    TableKey,
    Text,
    Variants,
)

_NAMES = ListOf(Name("event or class"), or_one=True)
_SINCE = TableKey(_NAMES, "Count only what comes after the latest of these.", "since: sign_of_life")
_PER = TableKey(ScopeText(), "What is counted together; by default the employer.", "per: employer")
_SAID = {
    "title": TableKey(Text(), "What must never happen, in a few words.", "title: a second chase"),
    "why": TableKey(Text(), "The reason, for readers.", "why: Pushing costs the job."),
}
_SUBJECT = {
    "never": TableKey(_NAMES, "The acts that break the promise.", "never: chase", True),
    "but": TableKey(_NAMES, "Acts that it allows.", "but: rejection_reply"),
    "to": TableKey(
        OneOf(("interviewer", "nobody")), "Only acts to one person, or to nobody.", "to: interviewer"
    ),
}


def _clause(kind: str, key: TableKey, **others: TableKey) -> Table:
    return Table(f"a promise with `{kind}`", {**_SUBJECT, kind: key, **others, **_SAID}, "")


_CLAUSES = {
    "more_than": _clause(
        "more_than",
        TableKey(Number(), "The number of acts that are still allowed.", "more_than: 1", True),
        since=_SINCE,
        per=_PER,
        each=TableKey(OneOf(("event",)), "Count each event by itself.", "each: event"),
    ),
    "before": _clause(
        "before",
        TableKey(NewId(), "Before the end of a date that the employer named.", "before: promised", True),
        ended_by=TableKey(_NAMES, "The events that end the date.", "ended_by: [offer, rejection]"),
    ),
    "within": _clause(
        "within",
        TableKey(Duration(), "How long after one of `of` it is too soon.", "within: 1 day", True),
        of=TableKey(_NAMES, "The events to keep a distance from.", "of: attempt", True),
        per=_PER,
    ),
    "after": _clause(
        "after",
        TableKey(_NAMES, "After one of these.", "after: rejection", True),
        until=TableKey(_NAMES, "Until one of these.", "until: sign_of_life"),
        per=_PER,
    ),
    "without": _clause(
        "without",
        TableKey(
            OneOf(("credit",)), "Without a credit that an employer's event gave.", "without: credit", True
        ),
        most=TableKey(Number(least=1), "How many credits there can be at once.", "most: 3", True),
        emptied_by=TableKey(_NAMES, "The events that take all credits.", "emptied_by: rejection"),
        per=TableKey(ScopeText(), "What shares the credits; by default the application.", "per: application"),
    ),
}
CLAUSE = Variants("a promise", _CLAUSES, "{never: chase, more_than: 1, since: sign_of_life}")
PROMISE = Variants(
    "a promise",
    {
        **_CLAUSES,
        "any_of": Table(
            "a promise of several",
            {"any_of": TableKey(ListOf(CLAUSE), "Each breaks the promise.", "any_of: [...]", True), **_SAID},
            "",
        ),
    },
    CLAUSE.example,
)

FILE = Table(
    "a promise file",
    {
        "format": TableKey(Number(least=1), "The version of the language.", "format: 1", True),
        "title": TableKey(Text(), "What the promises are called.", "title: Courtesy", True),
        "why": _SAID["why"],
        "promises": TableKey(
            Entries(PROMISE, "a promise", PROMISE.example),
            "What no rule file may allow.",
            f"promises: {{one_chase: {PROMISE.example}}}",
            True,
        ),
        "meta": TableKey(Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
