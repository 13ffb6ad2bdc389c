"""Define the vocabulary of a rule file as data: the keys of every mapping, and what each of them wants.

`Shape` checks files against these tables, and the JSON schema, the hover texts of editors and the reference
pages are generated from them. A kind says how a value is written; names in it are looked up later.
"""

from __future__ import annotations

from postinterview.loading import schema as k
from postinterview.loading.event_schema import EVENT, TITLE, WHY
from postinterview.loading.guard_schema import COUNTED, GUARD, GUARDS
from postinterview.loading.schema import TableKey as Key


def _each(table: k.Table | k.Variants, reserved: frozenset[str] = k.RESERVED) -> k.Entries:
    return k.Entries(table, table.noun, table.example, reserved)


_RESERVED_STATES = frozenset({"any", "never"})

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CREDIT = k.Table(
    "a credit",
    {
        "max": Key(k.Number(least=1), "How many there can be at once.", "max: 3", True),
        "per": Key(k.SCOPE, "What shares one bucket; without it, the application.", "per: application"),
        "emptied_by": Key(COUNTED, "The events that empty it.", "emptied_by: [rejection, withdraw]"),
    },
    "{max: 3}",
)

CALENDAR = k.Table(
    "the calendar",
    {
        "weekend": Key(
            k.some(k.OneOf(WEEKDAYS)), "The days without business.", "weekend: [saturday, sunday]"
        ),
        "holidays": Key(k.ListOf(k.DAY), "More days without business.", "holidays: [2026-12-25]"),
        "country": Key(
            k.COUNTRY, "The country, or region, whose public holidays are no business days.", "country: CH"
        ),
    },
    "{weekend: [saturday, sunday]}",
)


TRANSITION = k.Table(
    "a transition",
    {
        "event": Key(k.Name("event"), "The event that moves the machine.", "event: follow_up", True),
        "from": Key(k.some(k.Name("state")), "The states it leaves from, or `any`.", "from: [waiting]", True),
        "to": Key(
            k.Name("state"), "The state it leads to; without it, the state stays the same.", "to: followed_up"
        ),
        "guards": Key(
            GUARDS,
            "The conditions that must hold.",
            "guards: {one_chase: {at_most: 1, of: chase}}",
        ),
        "due": Key(k.MOMENT, "When the act is due.", "due: answer_due + 1 day"),
        "breach_from": Key(
            k.OneOf(("any",)),
            "If recorded against the rules, it leads there from any state.",
            "breach_from: any",
        ),
        "why": WHY,
    },
    "{event: follow_up, from: waiting, to: followed_up}",
)

STATE = k.Table(
    "a state",
    {
        "title": TITLE,
        "over": Key(k.FLAG, "Whether nothing is left to do in this state.", "over: true"),
        "outside": Key(
            k.FLAG,
            "Whether the rules don't judge acts here that no transition leaves it on.",
            "outside: true",
        ),
        "why": WHY,
    },
    "{title: Waiting for the decision}",
    may_be_empty=True,
)

MACHINE = k.Table(
    "a machine",
    {
        "per": Key(k.SCOPE, "The key it is kept by: one instance for each.", "per: application", True),
        "start": Key(k.Name("state"), "The state it starts in.", "start: waiting", True),
        "states": Key(
            _each(STATE, _RESERVED_STATES), "The states it can be in.", "states: {waiting: }", True
        ),
        "transitions": Key(
            _each(TRANSITION),
            "The transitions between its states.",
            "transitions: {chased: {event: follow_up, from: waiting}}",
        ),
        "title": TITLE,
        "why": WHY,
    },
    "{per: application, start: waiting, states: {waiting: }}",
)

_RENAMED = "The ones that have a new name, by their old one."
MIGRATION = k.Table(
    "a migration",
    {
        "from": Key(
            k.some(k.TEXT),
            "Where it comes from: versions, such as `1` or, of rules of one name, `default 1`; or hashes.",
            'from: "1"',
            True,
        ),
        "events": Key(
            k.Entries(k.Name("event"), "an event", "note"), f"Events. {_RENAMED}", "events: {message: note}"
        ),
        "fields": Key(
            k.Entries(k.Entries(k.Name("field"), "a field", "by"), "an event", "{channel: by}"),
            f"Fields, under the new name of their event. {_RENAMED}",
            "fields: {follow_up: {channel: by}}",
        ),
        "machines": Key(
            k.Entries(k.Name("machine"), "a machine", "game_plan"),
            f"Machines. {_RENAMED}",
            "machines: {plan: game_plan}",
        ),
        "states": Key(
            k.Entries(
                k.Entries(k.Name("state"), "a state", "pending", _RESERVED_STATES),
                "a machine",
                "{waiting: pending}",
            ),
            f"States, under the new name of their machine. {_RENAMED}",
            "states: {application: {waiting: pending}}",
        ),
        "refold": Key(k.FLAG, "Whether past acts are judged again, by the new rules.", "refold: true"),
        "why": WHY,
    },
    '{from: "1", events: {message: note}}',
)

LATEST = k.Table(
    "a date",
    {
        "latest_of": Key(
            k.some(k.MOMENT), "The latest of those that are known.", "latest_of: [interview, message]", True
        )
    },
    "{latest_of: [interview, message]}",
)

CLASS = k.Table(
    "a class",
    {
        "title": Key(k.TEXT, "What people see instead of the name, with its article.", "title: a no", True),
        "of": Key(k.some(k.Name("event")), "Its events.", "of: [rejection, offer_withdrawn]", True),
    },
    "{title: a no, of: [rejection, offer_withdrawn]}",
)

LOOSENING = k.Table(
    "a loosened promise",
    {"why": Key(k.TEXT, "The reason, which every report quotes.", "why: Both need a week.", True)},
    "{why: Both need a week.}",
)

FORMAT = 1
"""The one format that this version reads."""

FORMAT_KEY = Key(k.Number(least=1), "The version of the language.", f"format: {FORMAT}", True)
"""The key `format`, which a file of any language begins with."""

META_KEY = Key(k.FREE, "The user's own data.", "meta: {author: Ana}")
"""The key `meta` of the other languages."""

FILE = k.Table(
    "a rule file",
    {
        "format": FORMAT_KEY,
        "extends": Key(
            k.TEXT,
            "The rules whose values stand where this file says nothing: packaged ones by name, or a path.",
            "extends: default",
        ),
        "title": Key(k.TEXT, "The name of the rules.", "title: After the interview", True),
        "version": Key(k.TEXT, "The version of the rules.", 'version: "1"'),
        "why": WHY,
        "calendar": Key(
            CALENDAR, "The days that are business days.", "calendar: {weekend: [saturday, sunday]}"
        ),
        "events": Key(
            _each(EVENT),
            "Everything that can happen.",
            "events: {interview: {by: employer, opens: round}}",
            True,
        ),
        "classes": Key(
            k.Entries(
                k.Forms(k.some(k.Name("event")), k.ListOf(k.Name("event")), CLASS),
                "a class",
                "[offer, offer_revised]",
            ),
            "Events under one name.",
            "classes: {answer: [offer, offer_revised]}",
        ),
        "credits": Key(
            _each(CREDIT),
            "What an event of the employer gives and a reply spends.",
            "credits: {reply: {max: 3}}",
        ),
        "dates": Key(
            k.Entries(k.Forms(k.some(k.MOMENT), k.ListOf(k.MOMENT), LATEST), "a date", "interview + 7 days"),
            "Moments under a name; in a list, the first that is known.",
            "dates: {answer_due: interview + 7 days}",
        ),
        "guard_sets": Key(
            k.Entries(GUARDS, "a set of guards", f"{{one_chase: {GUARD.example}}}"),
            "Guards that several transitions share, under a name.",
            f"guard_sets: {{before_any_nudge: {{one_chase: {GUARD.example}}}}}",
        ),
        "machines": Key(
            _each(MACHINE),
            "The state machines.",
            "machines: {application: {per: application, start: waiting, states: {waiting: }}}",
            True,
        ),
        "migrations": Key(
            _each(MIGRATION),
            "The changes since earlier versions, for processes saved under them.",
            'migrations: {to_two: {from: "1", events: {message: note}}}',
        ),
        "trust": Key(
            k.Entries(k.TEXT, "an event", "Nobody hears of it."),
            "Events whose tags you vouch for, and why.",
            'trust: {read_their_site: "Nobody hears of it."}',
        ),
        "keeps": Key(
            k.some(k.TEXT),
            "Promise files, by path or name: proofs hold these rules to them and to those of its parent.",
            "keeps: ./our-promises.yaml",
        ),
        "loosens": Key(
            _each(LOOSENING),
            "Packaged or inherited promises that these rules do not keep, and why.",
            'loosens: {one_chase: {why: "A second follow-up may come after a week."}}',
        ),
        "meant": Key(
            k.Entries(k.TEXT, "a name", "A talk by telephone is forgotten sooner."),
            "Guards, transitions and dates that look like a slip and are meant so, and why.",
            'meant: {while_it_is_fresh: "A talk by telephone is forgotten sooner."}',
        ),
        "meta": Key(k.FREE, "Your own data, which is not read.", "meta: {author: Ana}"),
    },
    "",
)
