"""The vocabulary of a rule file, as data: for every set of entries its keys, and what each wants.

One reader (``shape.py``) checks files against these tables; schemas and hover texts are generated
from them. A kind says what a value must look like; whether the names in it exist is asked later.
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
    Key,
    ListOf,
    MomentText,
    Name,
    NewId,
    Number,
    OneOf,
    ScopeText,
    States,
    Table,
    Text,
    Variants,
)

_RESERVED_FIELDS = frozenset({"event", "at", "to", "application", "late", "once", "self"})
_RESERVED_STATES = frozenset({"any", "never"})
_RESERVED_GUARDS = RESERVED | {"state"}

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SCOPE_WORDS = ("employer", "application", "round", "interviewer")
_WHY = Key(Text(), "The reason, for readers.", "why: One polite follow-up, and no more.")
_TITLE = Key(Text(), "What people see instead of the id.", "title: Waiting for the decision")
_COUNTED = Name("event or class")
_PER = Key(ScopeText(), "What is counted together; else the key of the machine.", "per: employer")
_SINCE = Key(_COUNTED, "Count only after the latest of these.", "since: sign_of_life")
_IF_NEVER = Key(
    OneOf(("holds", "blocks")), "What it says where none of them ever happened.", "if_never: holds"
)

FIELD_TYPES = ("text", "bool", "number", "date", "people")
_CHOICES = ListOf(Text())
FIELD = Table(
    "a field",
    {
        "type": Key(
            Forms(OneOf(FIELD_TYPES), _CHOICES),
            "What it holds, or a list to choose from.",
            "type: text",
            True,
        ),
        "optional": Key(Flag(), "Whether a fact may leave it out.", "optional: true"),
        "sets": Key(NewId(), "The date that its value becomes.", "sets: promised"),
        "why": _WHY,
    },
    "{type: text, optional: true}",
)

EVENT = Table(
    "an event",
    {
        "by": Key(
            OneOf(("employer", "candidate", "world")),
            "Whose doing it is; the candidate's are acts, the others facts.",
            "by: employer",
            True,
        ),
        "contact": Key(
            OneOf(("chase", "courtesy", "attempt", "reply", "none")),
            "How an act reaches the employer; `chase` where nothing is said.",
            "contact: courtesy",
        ),
        "sign_of_life": Key(
            Flag(), "Whether a fact shows that the employer is at it.", "sign_of_life: false"
        ),
        "to": Key(OneOf(("interviewer",)), "It names one person.", "to: interviewer"),
        "opens": Key(OneOf(("round",)), "It opens the next round.", "opens: round"),
        "gives": Key(ListOf(Name("credit"), or_one=True), "The credits it gives.", "gives: reply"),
        "ends": Key(ListOf(Name("date"), or_one=True), "The dates it puts an end to.", "ends: promised"),
        "fields": Key(
            Entries(
                Forms(OneOf(FIELD_TYPES), _CHOICES, FIELD), "a field", "text", RESERVED | _RESERVED_FIELDS
            ),
            "What it carries.",
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
        "max": Key(Number(least=1), "How many there can be at once.", "max: 3", True),
        "per": Key(ScopeText(), "What shares one bucket; else the application.", "per: application"),
        "emptied_by": Key(
            ListOf(_COUNTED, or_one=True), "The events that empty it.", "emptied_by: [rejection, withdraw]"
        ),
    },
    "{max: 3}",
)

CALENDAR = Table(
    "the calendar",
    {
        "weekend": Key(
            ListOf(OneOf(WEEKDAYS), or_one=True), "The days without business.", "weekend: [saturday, sunday]"
        ),
        "holidays": Key(ListOf(Day()), "More days without business.", "holidays: [2026-12-25]"),
        "country": Key(Country(), "Whose public holidays are kept.", "country: CH"),
    },
    "{weekend: [saturday, sunday]}",
)


def _guard(kind: str, key: Key, **others: Key) -> Table:
    return Table(f"an `{kind}` guard" if kind[0] in "aeh" else f"a `{kind}` guard", {kind: key, **others}, "")


_FROM = Key(_COUNTED, "The events to keep apart from.", "from: message", True)
_OF = Key(_COUNTED, "The events that count.", "of: chase", True)
GUARD = Variants(
    "a guard",
    {
        "at_most": _guard(
            "at_most",
            Key(Number(), "Fewer than so many so far.", "at_most: 1", True),
            of=_OF,
            per=_PER,
            since=_SINCE,
        ),
        "not_before": _guard(
            "not_before",
            Key(MomentText(), "The moment has come.", "not_before: interview + 7 days", True),
            per=_PER,
            if_never=_IF_NEVER,
        ),
        "not_after": _guard(
            "not_after",
            Key(MomentText(), "The moment has not come yet.", "not_after: message + 30 days", True),
            per=_PER,
            if_never=_IF_NEVER,
        ),
        "apart": _guard(
            "apart",
            Key(Duration(), "At least so long since the last one.", "apart: 7 days", True),
            **{"from": _FROM},
            per=_PER,
            if_never=_IF_NEVER,
        ),
        "state": _guard("state", Key(States(), "Another machine is there.", "state: {plan: ready}", True)),
        "not_state": _guard(
            "not_state", Key(States(), "Another machine is not there.", "not_state: {plan: none}", True)
        ),
        "happened": _guard(
            "happened", Key(_COUNTED, "It was seen.", "happened: interview", True), per=_PER, since=_SINCE
        ),
        "not_happened": _guard(
            "not_happened",
            Key(_COUNTED, "It was not seen.", "not_happened: rejection", True),
            per=_PER,
            since=_SINCE,
        ),
        "spends": _guard("spends", Key(Name("credit"), "Takes one credit.", "spends: reply", True)),
        "fields": _guard(
            "fields",
            Key(ListOf(Name("field"), or_one=True), "The act carries them.", "fields: [topic]", True),
        ),
        "hours": _guard(
            "hours", Key(HoursText(), "The local time is inside.", "hours: 09:00-17:00, weekdays", True)
        ),
        "custom": _guard(
            "custom",
            Key(Name("function"), "The program around the rules decides.", "custom: is_polite", True),
        ),
    },
    "{at_most: 1, of: chase}",
)

TRANSITION = Table(
    "a transition",
    {
        "event": Key(Name("event"), "The event that moves the machine.", "event: follow_up", True),
        "from": Key(
            ListOf(Name("state"), or_one=True),
            "The states it leaves from, or `any`.",
            "from: [waiting]",
            True,
        ),
        "to": Key(Name("state"), "The state it leads to; else it stays.", "to: followed_up"),
        "guards": Key(
            Entries(GUARD, "a guard", GUARD.example, _RESERVED_GUARDS),
            "What must hold for it.",
            "guards: {one_chase: {at_most: 1, of: chase}}",
        ),
        "due": Key(MomentText(), "When the act is due.", "due: answer_due + 1 day"),
        "breach_from": Key(
            OneOf(("any",)), "Recorded against the rules, it leads there from anywhere.", "breach_from: any"
        ),
        "why": _WHY,
    },
    "{event: follow_up, from: waiting, to: followed_up}",
)

STATE = Table(
    "a state",
    {
        "title": _TITLE,
        "over": Key(Flag(), "Whether nothing is left to prepare for, once it stands here.", "over: true"),
        "why": _WHY,
    },
    "{title: Waiting for the decision}",
    may_be_empty=True,
)

MACHINE = Table(
    "a machine",
    {
        "per": Key(ScopeText(), "What it is kept by.", "per: application", True),
        "start": Key(Name("state"), "The state it starts in.", "start: waiting", True),
        "states": Key(
            Entries(STATE, "a state", STATE.example, _RESERVED_STATES),
            "The states it can be in.",
            "states: {waiting: }",
            True,
        ),
        "transitions": Key(
            Entries(TRANSITION, "a transition", TRANSITION.example),
            "What moves it.",
            "transitions: {chased: {event: follow_up, from: waiting}}",
        ),
        "title": _TITLE,
        "why": _WHY,
    },
    "{per: application, start: waiting, states: {waiting: }}",
)

_RENAMED = "Those that are called otherwise now, by their old names."
MIGRATION = Table(
    "a migration",
    {
        "from": Key(
            ListOf(Text(), or_one=True),
            "The versions of the rules that it comes from, or the hashes of their files.",
            'from: "1"',
            True,
        ),
        "events": Key(
            Entries(Name("event"), "an event", "note"), f"Events. {_RENAMED}", "events: {message: note}"
        ),
        "fields": Key(
            Entries(Entries(Name("field"), "a field", "by"), "an event", "{channel: by}"),
            f"Fields, under the event as it is called now. {_RENAMED}",
            "fields: {follow_up: {channel: by}}",
        ),
        "machines": Key(
            Entries(Name("machine"), "a machine", "game_plan"),
            f"Machines. {_RENAMED}",
            "machines: {plan: game_plan}",
        ),
        "states": Key(
            Entries(
                Entries(Name("state"), "a state", "pending", _RESERVED_STATES),
                "a machine",
                "{waiting: pending}",
            ),
            f"States, under the machine as it is called now. {_RENAMED}",
            "states: {application: {waiting: pending}}",
        ),
        "refold": Key(Flag(), "Whether past acts are judged anew, by the rules of now.", "refold: true"),
        "why": _WHY,
    },
    '{from: "1", events: {message: note}}',
)

FORMAT = 1
"""The one format that this version reads."""

FILE = Table(
    "a rule file",
    {
        "format": Key(Number(least=1), "The version of the language.", f"format: {FORMAT}", True),
        "title": Key(Text(), "What the rules are called.", "title: After the interview", True),
        "version": Key(Text(), "The version of the rules.", 'version: "1"'),
        "why": _WHY,
        "calendar": Key(CALENDAR, "Which days are for business.", "calendar: {weekend: [saturday, sunday]}"),
        "events": Key(
            Entries(EVENT, "an event", EVENT.example),
            "What can happen.",
            "events: {interview: {by: employer, opens: round}}",
            True,
        ),
        "classes": Key(
            Entries(ListOf(Name("event"), or_one=True), "a class", "[offer, offer_revised]"),
            "Events under one name.",
            "classes: {answer: [offer, offer_revised]}",
        ),
        "credits": Key(
            Entries(CREDIT, "a credit", CREDIT.example), "What replies spend.", "credits: {reply: {max: 3}}"
        ),
        "dates": Key(
            Entries(ListOf(MomentText(), or_one=True), "a date", "interview + 7 days"),
            "Moments under a name; in a list, the first that is known.",
            "dates: {answer_due: interview + 7 days}",
        ),
        "machines": Key(
            Entries(MACHINE, "a machine", MACHINE.example),
            "The states, and what moves between them.",
            "machines: {application: {per: application, start: waiting, states: {waiting: }}}",
            True,
        ),
        "migrations": Key(
            Entries(MIGRATION, "a migration", MIGRATION.example),
            "What became of earlier rules, for processes saved under them.",
            'migrations: {to_two: {from: "1", events: {message: note}}}',
        ),
        "meta": Key(Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
