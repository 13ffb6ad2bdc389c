"""Define the vocabulary of a rule file as data: the keys of every mapping, and what each of them wants.

`Shape` checks files against these tables, and the JSON schema, the hover texts of editors and the reference
pages are generated from them. A kind says how a value is written; names in it are looked up later.
"""

from __future__ import annotations

from postinterview.core.definitions import CONTACTS
from postinterview.loading import schema as k
from postinterview.loading.schema import TableKey as Key


def _each(table: k.Table | k.Variants, reserved: frozenset[str] = k.RESERVED) -> k.Entries:
    return k.Entries(table, table.noun, table.example, reserved)


_RESERVED_FIELDS = frozenset({"event", "at", "to", "application", "late", "undated", "again", "once", "self"})
_RESERVED_STATES = frozenset({"any", "never"})
_RESERVED_GUARDS = k.RESERVED | {"state"}

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHY = Key(k.TEXT, "The reason, for readers.", "why: One polite follow-up, and no more.")
_TITLE = Key(k.TEXT, "The text that people see instead of the id.", "title: Waiting for the decision")
_COUNTED = k.some(k.Name("event or class"))
_PER = Key(k.SCOPE, "What is counted together; without it, the key of the machine.", "per: employer")
_SINCE = Key(_COUNTED, "Count only after the latest of these.", "since: sign_of_life")
_IF_NEVER = Key(k.OneOf(("holds", "blocks")), "The answer if none of them ever happened.", "if_never: holds")
_WITHIN = Key(k.WINDOW, "Count only those less than this long ago.", "within: 14 days")
_UNLESS = Key(
    k.Entries(k.some(k.VALUE), "a field", "email"),
    "Does not apply to an act that carries one of these values.",
    "unless: {channel: email}",
)
_IN_EVERY = Key(
    k.OneOf(("application",)),
    "It must hold in each application of the employer.",
    "in_every: application",
)

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
        "why": _WHY,
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
        "title": _TITLE,
        "why": _WHY,
    },
    "{by: employer}",
)

CREDIT = k.Table(
    "a credit",
    {
        "max": Key(k.Number(least=1), "How many there can be at once.", "max: 3", True),
        "per": Key(k.SCOPE, "What shares one bucket; without it, the application.", "per: application"),
        "emptied_by": Key(_COUNTED, "The events that empty it.", "emptied_by: [rejection, withdraw]"),
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


def _guard(name: str, kind: k.Kind, doc: str, example: str, **others: Key) -> k.Table:
    noun = f"an `{name}` guard" if name[0] in "aeh" else f"a `{name}` guard"
    return k.Table(noun, {name: Key(kind, doc, f"{name}: {example}", True), **others, "unless": _UNLESS}, "")


_FROM = Key(_COUNTED, "The events to keep apart from.", "from: message", True)
_OF = Key(_COUNTED, "The events that count.", "of: chase", True)
_IN_TIME: dict[str, Key] = {"per": _PER, "in_every": _IN_EVERY, "if_never": _IF_NEVER}
_SEEN: dict[str, Key] = {"per": _PER, "in_every": _IN_EVERY, "since": _SINCE}
_OF_STATES: dict[str, Key] = {"in_every": _IN_EVERY}
_FIELDS = k.some(k.Name("field"))
_GUARDS: dict[str, tuple[k.Kind, str, str, dict[str, Key]]] = {
    "at_most": (
        k.Number(),
        "Fewer than this many happened so far.",
        "1",
        {"of": _OF, **_SEEN, "within": _WITHIN},
    ),
    "not_before": (k.MOMENT, "The moment has come.", "interview + 7 days", _IN_TIME),
    "not_after": (k.MOMENT, "The moment has not come yet.", "message + 30 days", _IN_TIME),
    "apart": (k.DURATION, "The last one was at least this long ago.", "7 days", {"from": _FROM, **_IN_TIME}),
    "state": (k.STATES, "Another machine is in one of the states.", "{plan: ready}", _OF_STATES),
    "not_state": (k.STATES, "Another machine is in none of the states.", "{plan: none}", _OF_STATES),
    "happened": (_COUNTED, "It happened.", "interview", _SEEN),
    "not_happened": (_COUNTED, "It did not happen.", "rejection", _SEEN),
    "spends": (k.Name("credit"), "There is a credit, and the act takes it.", "reply", {}),
    "fields": (_FIELDS, "The act carries them.", "[topic]", {}),
    "hours": (k.HOURS, "The local time is between the two.", "09:00-17:00, weekdays", {}),
    "custom": (k.Name("function"), "A function of the program says so.", "is_polite", {}),
}
GUARD = k.Variants(
    "a guard",
    {name: _guard(name, kind, doc, example, **keys) for name, (kind, doc, example, keys) in _GUARDS.items()},
    "{at_most: 1, of: chase}",
)
GUARDS = k.Entries(
    GUARD,
    GUARD.noun,
    GUARD.example,
    _RESERVED_GUARDS,
    {
        "use": Key(
            k.some(k.Name("guard set")),
            "The sets of guards that come first, by their names under `guard_sets`.",
            "use: before_any_nudge",
        )
    },
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
        "why": _WHY,
    },
    "{event: follow_up, from: waiting, to: followed_up}",
)

STATE = k.Table(
    "a state",
    {
        "title": _TITLE,
        "over": Key(k.FLAG, "Whether nothing is left to do in this state.", "over: true"),
        "outside": Key(
            k.FLAG,
            "Whether the rules don't judge acts here that no transition leaves it on.",
            "outside: true",
        ),
        "why": _WHY,
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
        "title": _TITLE,
        "why": _WHY,
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
        "why": _WHY,
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
        "why": _WHY,
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
