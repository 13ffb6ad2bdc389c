"""The schema of a promise file: its keys, as tables for the loader."""

from __future__ import annotations

from postinterview.loading import schema as k

_NAMES = k.ListOf(k.Name("event or class"), or_one=True)
_SINCE = k.TableKey(_NAMES, "Count only what comes after the latest of these.", "since: sign_of_life")
_PER = k.TableKey(k.SCOPE, "What is counted together; by default the employer.", "per: employer")
_SAID = {
    "title": k.TableKey(k.TEXT, "What must never happen, in a few words.", "title: a second chase"),
    "why": k.TableKey(k.TEXT, "The reason, for readers.", "why: Pushing costs the job."),
}
_SUBJECT = {
    "never": k.TableKey(_NAMES, "The acts that break the promise.", "never: chase", True),
    "but": k.TableKey(_NAMES, "Acts that it allows.", "but: rejection_reply"),
    "to": k.TableKey(
        k.OneOf(("interviewer", "nobody")), "Only acts to one person, or to nobody.", "to: interviewer"
    ),
}


def _clause(kind: str, key: k.TableKey, **others: k.TableKey) -> k.Table:
    return k.Table(f"a promise with `{kind}`", {**_SUBJECT, kind: key, **others, **_SAID}, "")


_CLAUSES = {
    "more_than": _clause(
        "more_than",
        k.TableKey(k.Number(), "The number of acts that are still allowed.", "more_than: 1", True),
        since=_SINCE,
        per=_PER,
        each=k.TableKey(k.OneOf(("event",)), "Count each event by itself.", "each: event"),
    ),
    "before": _clause(
        "before",
        k.TableKey(k.NEW_ID, "Before the end of a date that the employer named.", "before: promised", True),
        ended_by=k.TableKey(_NAMES, "The events that end the date.", "ended_by: [offer, rejection]"),
    ),
    "within": _clause(
        "within",
        k.TableKey(k.DURATION, "How long after one of `of` it is too soon.", "within: 1 day", True),
        of=k.TableKey(_NAMES, "The events to keep a distance from.", "of: attempt", True),
        per=_PER,
    ),
    "after": _clause(
        "after",
        k.TableKey(_NAMES, "After one of these.", "after: rejection", True),
        until=k.TableKey(_NAMES, "Until one of these.", "until: sign_of_life"),
        per=_PER,
    ),
    "without": _clause(
        "without",
        k.TableKey(
            k.OneOf(("credit",)), "Without a credit that an employer's event gave.", "without: credit", True
        ),
        most=k.TableKey(k.Number(least=1), "How many credits there can be at once.", "most: 3", True),
        emptied_by=k.TableKey(_NAMES, "The events that take all credits.", "emptied_by: rejection"),
        per=k.TableKey(k.SCOPE, "What shares the credits; by default the application.", "per: application"),
    ),
}
CLAUSE = k.Variants("a promise", _CLAUSES, "{never: chase, more_than: 1, since: sign_of_life}")
PROMISE = k.Variants(
    "a promise",
    {
        **_CLAUSES,
        "any_of": k.Table(
            "a promise of several",
            {
                "any_of": k.TableKey(k.ListOf(CLAUSE), "Each breaks the promise.", "any_of: [...]", True),
                **_SAID,
            },
            "",
        ),
    },
    CLAUSE.example,
)

FILE = k.Table(
    "a promise file",
    {
        "format": k.TableKey(k.Number(least=1), "The version of the language.", "format: 1", True),
        "title": k.TableKey(k.TEXT, "What the promises are called.", "title: Courtesy", True),
        "why": _SAID["why"],
        "promises": k.TableKey(
            k.Entries(PROMISE, "a promise", PROMISE.example),
            "What no rule file may allow.",
            f"promises: {{one_chase: {PROMISE.example}}}",
            True,
        ),
        "meta": k.TableKey(k.FREE, "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
