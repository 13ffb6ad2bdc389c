"""The words that rules, messages and these pages use, with one meaning each: the glossary.

`docs/glossary.md` shows this table, and `explain` shows each word with what the rules at hand make of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from postinterview.core.rules.definitions import Definition

TERMS: Mapping[str, str] = {
    "act": "an event by the candidate. It is asked for, and allowed or refused",
    "agenda": (
        "what is due at a moment. Its lines are `overdue`, `open`, `wait`, `coming`, `snoozed`, "
        "`blocked`, `broken` or `done`"
    ),
    "application": (
        "one application for one position. A process can have several; without a name it is `main`. "
        "Guards may count in each application, or in all with one employer together"
    ),
    "attempt": "a contact: a call that nobody took, without a message",
    "audit": "a report on what another tracker recorded: which acts were against the rules",
    "bound": (
        "the most acts that rules allow, from both sides: a story shows that so many are possible, a "
        "proof that more are not"
    ),
    "breach": "an act that was refused and happened all the same. It is recorded and counts like any other",
    "business day": (
        "a day that is neither a weekend nor a holiday in the calendar of the rules. Business days "
        "begin at midnight where the employer is"
    ),
    "candidate": "whoever applied. The candidate's events are acts",
    "certificate": "a file that says why a promise is proved; `verify` checks it without a search",
    "chase": (
        "a contact that wants an answer, such as a follow-up. An act that doesn't say its contact is a chase"
    ),
    "class": "a name for several events that guards and promises can use, such as `chase` or `sign_of_life`",
    "contact": "an act that reaches the employer: a chase, a courtesy, an attempt or a reply",
    "courtesy": "a contact that asks for nothing, such as a thank-you note",
    "credit": "what an event of the employer gives and an act spends, such as the right to one reply",
    "diagnostic": "one thing that is wrong with a file: code, message, place and help",
    "due": (
        "what `due:` suggests: from that moment the agenda calls an act overdue. It neither allows nor "
        "forbids"
    ),
    "employer": (
        "the company or other body that the candidate applied to, with all its people and applications there"
    ),
    "event": "something that happened, at a moment: a fact or an act",
    "fact": "an event by the employer or the world. It is recorded and never refused",
    "flip": "an act of a history that one rulebook allows and another one refuses",
    "fold": "to compute the state from the history, entry by entry",
    "guard": "one named condition on a transition",
    "guard set": "guards under a name, for several transitions to use",
    "history": "the events of a process in their order. Entries are only ever added",
    "host": "the program that embeds the library",
    "instance": (
        "one machine for one key: the thank-you machine has an instance for each round and interviewer"
    ),
    "interviewer": (
        "a person who took part in an interview, also called a person. They stay the same person in all "
        "rounds"
    ),
    "key": "your name for a process, a person or an application. The library stores no other names",
    "machine": (
        "a small state machine of a rulebook, kept for each employer, application, round or interviewer"
    ),
    "map": "a file that says what the columns of another tracker's history mean",
    "migration": "what became of the names and rules of an earlier version, for processes saved under it",
    "moment": "a point in time: an aware `datetime` in Python, local time or a time with an offset in files",
    "outcome": "the answer to `do` and `record`: the next process, the verdict, and what moved",
    "outside": "what is recorded of an act in a state of which the rules don't speak: refused, and no breach",
    "person": (
        "an interviewer: a person who took part in an interview. They stay the same person in all rounds"
    ),
    "process": "one candidate and one employer: a history and the state that it leads to. An immutable value",
    "promise": "what no rule file may allow, with numbers of its own",
    "proof": "the answer to whether rules keep a promise: proved, violated with a story, or unknown",
    "reply": "a contact that answers a message of the employer and spends a credit",
    "retraction": "an entry that takes back an earlier entry",
    "rolling window": (
        "the last so many days before an act, as in `within: 14 days`. What is older doesn't count"
    ),
    "round": (
        "a part of an application. An event with `opens: round`, such as an interview, opens one; it "
        "lasts until the next one opens. Many guards count in each round"
    ),
    "rulebook": "the compiled, immutable content of a rule file",
    "scenario": "a story with dates and expectations, in YAML",
    "seal": "a hash of an entry and of the seal before it. It detects damage",
    "sign of life": (
        "an event by the employer that shows that they are busy with the candidate. It ends a silence, "
        "and guards that count since the last one begin anew"
    ),
    "silence": "the time since the last sign of life. An act by the candidate doesn't end it",
    "snapshot": "the state that a history leads to, saved beside it. It is a cache and is checked",
    "snooze": "a value that postpones an item of the agenda",
    "state": "where a machine is, such as `waiting`",
    "story": "a dated sequence of events that shows what rules allow. It can be written as a scenario",
    "tag": (
        "what a rule file says of an event and the proof trusts: `by`, `contact`, `sign_of_life`, "
        "`gives`, `to`, `opens` and `sets`"
    ),
    "transition": (
        "a rule of a machine: which event leads from which states to which, and which guards must hold"
    ),
    "trust": (
        "the part of a rule file that vouches for tags which a proof can only believe, each with the reason"
    ),
    "unknown": 'what nobody knows of the past. It is not taken for "nothing": guards that count it refuse',
    "verdict": "the answer to `may`: allowed, or refused with a reason for each guard that failed",
    "window": "the stretch of time in which a guard holds: it opens and closes",
}
"""The meaning of each word, in the order of the alphabet."""


def term_data(name: str, meaning: str, definition: Definition) -> dict[str, Any]:
    """Return what a term means, and what in the rules makes it so, as plain data."""
    here = _HERE.get(name, {})
    return {"meaning": meaning, "here": {label: list(find(definition)) for label, find in here.items()}}


def _opening(rules: Definition) -> Iterable[str]:
    return (each.name for each in rules.events.values() if each.opens_round)


def _starting(rules: Definition) -> Iterable[str]:
    events = rules.events.values()
    return (
        "any event by the employer",
        *(each.name for each in events if each.is_act and each.starts_application),
    )


def _named_in(rules: Definition) -> Iterable[str]:
    fields = ((event, field) for event in rules.events.values() for field in event.fields.values())
    return (f"{event.name}.{field.name}" for event, field in fields if field.type == "people")


def _to_one(rules: Definition) -> Iterable[str]:
    return (each.name for each in rules.events.values() if each.to_person)


def _not_ending(rules: Definition) -> Iterable[str]:
    return (each.name for each in rules.events.values() if not each.is_act and not each.sign_of_life)


def _kept_per_round(rules: Definition) -> Iterable[str]:
    return (each.name for each in rules.machines.values() if each.scope.round)


_PERSON = {"Named in the fields": _named_in, "Events to one person": _to_one}
_HERE: Mapping[str, Mapping[str, Callable[[Definition], Iterable[str]]]] = {
    "round": {"Opened here by": _opening, "Machines of each round": _kept_per_round},
    "application": {"Begun here by": _starting},
    "interviewer": _PERSON,
    "person": _PERSON,
    "silence": {"Not ended here by": _not_ending},
    "sign_of_life": {"Events of the employer that are none": _not_ending},
    "machine": {"Those of these rules": lambda rules: rules.machines},
    "credit": {"Those of these rules": lambda rules: rules.credits},
    "act": {"Those of these rules": lambda rules: (n for n, each in rules.events.items() if each.is_act)},
    "fact": {
        "Those of these rules": lambda rules: (n for n, each in rules.events.items() if not each.is_act)
    },
    "class": {"Those of these rules": lambda rules: rules.classes},
}
"""A label, and how the names in the rules are found that make a term so."""
