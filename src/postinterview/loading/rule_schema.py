"""Define the vocabulary of a rule file as data: the keys of every mapping, and what each of them wants.

`Shape` checks files against these tables, and the JSON schema, the hover texts of editors and the reference
pages are generated from them. A kind says how a value is written; names in it are looked up later.
"""

from __future__ import annotations

from postinterview.loading.schema import (
    RESERVED,
    Country,
    Day,
    Duration,
    Entries,
    Flag,
    Forms,
    Free,
    HoursText,
    Kind,
    ListOf,
    MomentText,
    Name,
    NewId,
    Number,
    OneOf,
    ScopeText,
    States,
    Table,
    TableKey,
    Text,
    Variants,
)

_RESERVED_FIELDS = frozenset({"event", "at", "to", "application", "late", "once", "self"})
_RESERVED_STATES = frozenset({"any", "never"})
_RESERVED_GUARDS = RESERVED | {"state"}

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SCOPE_WORDS = ("employer", "application", "round", "interviewer")
_WHY = TableKey(Text(), "The reason, for readers.", "why: One polite follow-up, and no more.")
_TITLE = TableKey(Text(), "The text that people see instead of the id.", "title: Waiting for the decision")
_COUNTED = Name("event or class")
_PER = TableKey(ScopeText(), "What is counted together; without it, the key of the machine.", "per: employer")
_SINCE = TableKey(_COUNTED, "Count only after the latest of these.", "since: sign_of_life")
_IF_NEVER = TableKey(
    OneOf(("holds", "blocks")), "The answer if none of them ever happened.", "if_never: holds"
)

FIELD_TYPES = ("text", "bool", "number", "date", "people")
_CHOICES = ListOf(Text())
FIELD = Table(
    "a field",
    {
        "type": TableKey(
            Forms(OneOf(FIELD_TYPES), _CHOICES),
            "The type of its value, or a list to choose from.",
            "type: text",
            True,
        ),
        "optional": TableKey(Flag(), "Whether a fact may leave it out.", "optional: true"),
        "sets": TableKey(NewId(), "The date that its value becomes.", "sets: promised"),
        "why": _WHY,
    },
    "{type: text, optional: true}",
)

EVENT = Table(
    "an event",
    {
        "by": TableKey(
            OneOf(("employer", "candidate", "world")),
            "Who does it; events of the candidate are acts, all others facts.",
            "by: employer",
            True,
        ),
        "contact": TableKey(
            OneOf(("chase", "courtesy", "attempt", "reply", "none")),
            "How an act reaches the employer; without it, `chase`.",
            "contact: courtesy",
        ),
        "sign_of_life": TableKey(Flag(), "Whether a fact counts as a sign of life.", "sign_of_life: false"),
        "to": TableKey(OneOf(("interviewer",)), "It is addressed to one person.", "to: interviewer"),
        "opens": TableKey(OneOf(("round",)), "It opens the next round.", "opens: round"),
        "gives": TableKey(ListOf(Name("credit"), or_one=True), "The credits it gives.", "gives: reply"),
        "ends": TableKey(
            ListOf(Name("date"), or_one=True), "The dates that no longer stand after it.", "ends: promised"
        ),
        "fields": TableKey(
            Entries(
                Forms(OneOf(FIELD_TYPES), _CHOICES, FIELD), "a field", "text", RESERVED | _RESERVED_FIELDS
            ),
            "The values it carries.",
            "fields: {topic: text}",
        ),
        "title": _TITLE,
        "why": _WHY,
    },
    "{by: employer}",
)

CREDIT = Table(
    "a credit",
    {
        "max": TableKey(Number(least=1), "How many there can be at once.", "max: 3", True),
        "per": TableKey(
            ScopeText(), "What shares one bucket; without it, the application.", "per: application"
        ),
        "emptied_by": TableKey(
            ListOf(_COUNTED, or_one=True), "The events that empty it.", "emptied_by: [rejection, withdraw]"
        ),
    },
    "{max: 3}",
)

CALENDAR = Table(
    "the calendar",
    {
        "weekend": TableKey(
            ListOf(OneOf(WEEKDAYS), or_one=True), "The days without business.", "weekend: [saturday, sunday]"
        ),
        "holidays": TableKey(ListOf(Day()), "More days without business.", "holidays: [2026-12-25]"),
        "country": TableKey(
            Country(), "The country, or region, whose public holidays are no business days.", "country: CH"
        ),
    },
    "{weekend: [saturday, sunday]}",
)


def _guard(name: str, kind: Kind, doc: str, example: str, **others: TableKey) -> Table:
    noun = f"an `{name}` guard" if name[0] in "aeh" else f"a `{name}` guard"
    return Table(noun, {name: TableKey(kind, doc, f"{name}: {example}", True), **others}, "")


_FROM = TableKey(_COUNTED, "The events to keep apart from.", "from: message", True)
_OF = TableKey(_COUNTED, "The events that count.", "of: chase", True)
_IN_TIME: dict[str, TableKey] = {"per": _PER, "if_never": _IF_NEVER}
_SEEN: dict[str, TableKey] = {"per": _PER, "since": _SINCE}
_FIELDS = ListOf(Name("field"), or_one=True)
_GUARDS: dict[str, tuple[Kind, str, str, dict[str, TableKey]]] = {
    "at_most": (Number(), "Fewer than this many happened so far.", "1", {"of": _OF, **_SEEN}),
    "not_before": (MomentText(), "The moment has come.", "interview + 7 days", _IN_TIME),
    "not_after": (MomentText(), "The moment has not come yet.", "message + 30 days", _IN_TIME),
    "apart": (Duration(), "The last one was at least this long ago.", "7 days", {"from": _FROM, **_IN_TIME}),
    "state": (States(), "Another machine is in one of the states.", "{plan: ready}", {}),
    "not_state": (States(), "Another machine is in none of the states.", "{plan: none}", {}),
    "happened": (_COUNTED, "It happened.", "interview", _SEEN),
    "not_happened": (_COUNTED, "It did not happen.", "rejection", _SEEN),
    "spends": (Name("credit"), "There is a credit, and the act takes it.", "reply", {}),
    "fields": (_FIELDS, "The act carries them.", "[topic]", {}),
    "hours": (HoursText(), "The local time is between the two.", "09:00-17:00, weekdays", {}),
    "custom": (Name("function"), "A function of the program says so.", "is_polite", {}),
}
GUARD = Variants(
    "a guard",
    {name: _guard(name, kind, doc, example, **keys) for name, (kind, doc, example, keys) in _GUARDS.items()},
    "{at_most: 1, of: chase}",
)

TRANSITION = Table(
    "a transition",
    {
        "event": TableKey(Name("event"), "The event that moves the machine.", "event: follow_up", True),
        "from": TableKey(
            ListOf(Name("state"), or_one=True),
            "The states it leaves from, or `any`.",
            "from: [waiting]",
            True,
        ),
        "to": TableKey(
            Name("state"), "The state it leads to; without it, the state stays the same.", "to: followed_up"
        ),
        "guards": TableKey(
            Entries(GUARD, "a guard", GUARD.example, _RESERVED_GUARDS),
            "The conditions that must hold.",
            "guards: {one_chase: {at_most: 1, of: chase}}",
        ),
        "due": TableKey(MomentText(), "When the act is due.", "due: answer_due + 1 day"),
        "breach_from": TableKey(
            OneOf(("any",)),
            "If recorded against the rules, it leads there from any state.",
            "breach_from: any",
        ),
        "why": _WHY,
    },
    "{event: follow_up, from: waiting, to: followed_up}",
)

STATE = Table(
    "a state",
    {
        "title": _TITLE,
        "over": TableKey(Flag(), "Whether nothing is left to do in this state.", "over: true"),
        "why": _WHY,
    },
    "{title: Waiting for the decision}",
    may_be_empty=True,
)

MACHINE = Table(
    "a machine",
    {
        "per": TableKey(
            ScopeText(), "The key it is kept by: one instance for each.", "per: application", True
        ),
        "start": TableKey(Name("state"), "The state it starts in.", "start: waiting", True),
        "states": TableKey(
            Entries(STATE, "a state", STATE.example, _RESERVED_STATES),
            "The states it can be in.",
            "states: {waiting: }",
            True,
        ),
        "transitions": TableKey(
            Entries(TRANSITION, "a transition", TRANSITION.example),
            "The transitions between its states.",
            "transitions: {chased: {event: follow_up, from: waiting}}",
        ),
        "title": _TITLE,
        "why": _WHY,
    },
    "{per: application, start: waiting, states: {waiting: }}",
)

_RENAMED = "The ones that have a new name, by their old one."
MIGRATION = Table(
    "a migration",
    {
        "from": TableKey(
            ListOf(Text(), or_one=True),
            "The versions of the rules that it comes from, or the hashes of their files.",
            'from: "1"',
            True,
        ),
        "events": TableKey(
            Entries(Name("event"), "an event", "note"), f"Events. {_RENAMED}", "events: {message: note}"
        ),
        "fields": TableKey(
            Entries(Entries(Name("field"), "a field", "by"), "an event", "{channel: by}"),
            f"Fields, under the new name of their event. {_RENAMED}",
            "fields: {follow_up: {channel: by}}",
        ),
        "machines": TableKey(
            Entries(Name("machine"), "a machine", "game_plan"),
            f"Machines. {_RENAMED}",
            "machines: {plan: game_plan}",
        ),
        "states": TableKey(
            Entries(
                Entries(Name("state"), "a state", "pending", _RESERVED_STATES),
                "a machine",
                "{waiting: pending}",
            ),
            f"States, under the new name of their machine. {_RENAMED}",
            "states: {application: {waiting: pending}}",
        ),
        "refold": TableKey(Flag(), "Whether past acts are judged again, by the new rules.", "refold: true"),
        "why": _WHY,
    },
    '{from: "1", events: {message: note}}',
)

FORMAT = 1
"""The one format that this version reads."""

FILE = Table(
    "a rule file",
    {
        "format": TableKey(Number(least=1), "The version of the language.", f"format: {FORMAT}", True),
        "title": TableKey(Text(), "The name of the rules.", "title: After the interview", True),
        "version": TableKey(Text(), "The version of the rules.", 'version: "1"'),
        "why": _WHY,
        "calendar": TableKey(
            CALENDAR, "The days that are business days.", "calendar: {weekend: [saturday, sunday]}"
        ),
        "events": TableKey(
            Entries(EVENT, "an event", EVENT.example),
            "Everything that can happen.",
            "events: {interview: {by: employer, opens: round}}",
            True,
        ),
        "classes": TableKey(
            Entries(ListOf(Name("event"), or_one=True), "a class", "[offer, offer_revised]"),
            "Events under one name.",
            "classes: {answer: [offer, offer_revised]}",
        ),
        "credits": TableKey(
            Entries(CREDIT, "a credit", CREDIT.example),
            "What an event of the employer gives and a reply spends.",
            "credits: {reply: {max: 3}}",
        ),
        "dates": TableKey(
            Entries(ListOf(MomentText(), or_one=True), "a date", "interview + 7 days"),
            "Moments under a name; in a list, the first that is known.",
            "dates: {answer_due: interview + 7 days}",
        ),
        "machines": TableKey(
            Entries(MACHINE, "a machine", MACHINE.example),
            "The state machines.",
            "machines: {application: {per: application, start: waiting, states: {waiting: }}}",
            True,
        ),
        "migrations": TableKey(
            Entries(MIGRATION, "a migration", MIGRATION.example),
            "The changes since earlier versions, for processes saved under them.",
            'migrations: {to_two: {from: "1", events: {message: note}}}',
        ),
        "meta": TableKey(Free(), "Your own data, which is not read.", "meta: {author: Ana}"),
    },
    "",
)
