"""Put the rulebook's events, machines and states into words for reasons and the agenda.

The title of an employer's event is a noun phrase ("an offer"), so it can be counted: "no offer yet". The
title of an act is an order ("thank ana"), so it is counted by its id in words: "1 thank you".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from postinterview.core.rules.definitions import BUILT_IN_CLASSES, EventKind, EventSet, MachineKind
from postinterview.core.values.formatting import say_list, say_words, short_name
from postinterview.core.values.names import MAIN
from postinterview.core.values.naming import application_name, person_name

ARTICLES = ("a", "an", "the")
MANY = 4
"""A class of more events than this is called by its name, and as many of the employer's a word from them."""

_ENDS_OF_NOUNS = (" in", " up", " out", " off", " back", " down", " you")
"""With one of these, a verb is a noun: a follow-up, a hand-in, a thank-you."""

Kinds = Mapping[str, EventKind]


def title_of(kind: EventKind, to: str | None, application: str | None, employer: str) -> str:
    """Return an event's title with the names filled in, such as ``thank ana``."""
    application = None if application is None else application_name(application)
    return title_with(kind, None if to is None else person_name(to), application, employer)


def title_with(kind: EventKind, to: str | None, application: str | None, employer: str) -> str:
    """Return an event's title with a person and an application that are named as a text shows them."""
    title = kind.title or say_words(kind.name) + (" to {to}" if kind.to_person else "")
    return _filled_in(title, to, application, employer) if "{" in title else title


@lru_cache(maxsize=1024)
def _filled_in(title: str, to: str | None, application: str | None, employer: str) -> str:
    for name, value in (("to", to), ("employer", employer), ("application", application)):
        title = title.replace("{" + name + "}", short_name(value or name))
    return title


def with_application(title: str, application: str | None) -> str:
    """Return a title with the application behind it, where there may be several: ``thank ana (backend)``."""
    if application is None or application == MAIN:
        return title
    return f"{title} ({application_name(application)})"


def noun(kind: EventKind) -> str:
    """Return what to call one such event, without an article: ``offer`` or ``follow up``."""
    rest = "" if kind.is_act else _without_article(kind.title)
    return rest if len(rest) > 2 and "{" not in rest else _id_noun(kind)


def _id_noun(kind: EventKind) -> str:
    """Return the id of an event in words, as a noun: ``missed call``, and with a hyphen ``follow-up``."""
    said = say_words(kind.name)
    return said.replace(" ", "-") if kind.is_act and said.endswith(_ENDS_OF_NOUNS) else said


def _without_article(title: str) -> str:
    """Return a title that begins with an article without it; empty if it begins with another word."""
    article, _, rest = title.partition(" ")
    return rest if article in ARTICLES else ""


def dated(kind: EventKind, moment: str) -> str:
    """Return an event with its moment: ``message on Mon 2 Mar 2026``.

    Of an event that names a date, the moment is when it was said: ``date for the answer, said on ...``.
    """
    names_a_date = not kind.is_act and any(each.sets and not each.optional for each in kind.fields.values())
    return f"{noun(kind)}{', said' if names_a_date else ''} on {moment}"


def nouns(events: EventSet, kinds: Kinds) -> str:
    """Return what to call one of these events: ``chase``, ``message`` or ``offer or revised offer``."""
    named = kinds.get(events.name)
    if named is not None:
        return noun(named)
    if events.title:
        return _without_article(events.title) or events.title
    if events.name in BUILT_IN_CLASSES or len(events.members) > MANY:
        return say_words(events.name)
    return say_list(noun(kind) for name, kind in kinds.items() if name in events.members)


def one_of(names: Iterable[str], kinds: Kinds) -> str:
    """Return the events with their articles: ``a message or an offer``."""
    return say_list(with_article(noun(kinds[name])) for name in names)


def words_of(names: Collection[str], kinds: Kinds, employer: str) -> list[str]:
    """Return events of the employer with their articles, or, of many, ``a word from Acme``."""
    if len(names) > MANY:
        return [f"a word from {short_name(employer)}"]
    return [with_article(noun(kinds[name])) for name in names]


def with_article(said: str) -> str:
    """Return a noun with ``a`` or ``an`` before it."""
    return f"{'an' if said[:1].lower() in 'aeiou' else 'a'} {said}"


def stands(machine: MachineKind, state: str) -> str:
    """Return where a machine stands: ``the application is "Waiting for the decision"``."""
    title = machine.title
    subject = title[0].lower() + title[1:] if title.lower().startswith("the ") else f"`{machine.name}`"
    return f"{subject} is {state_text(machine, state)}"


def state_text(machine: MachineKind, state: str) -> str:
    """Return a state by its title in quotation marks, or by its id where it has none."""
    title = machine.states[state].title
    return f'"{title}"' if title else f"`{state}`"


def none_of(said: str) -> str:
    """Return that there is none of a noun: ``no offer``; of ``no`` itself, ``never a no``."""
    return f"never {with_article(said)}" if said.partition(" ")[0] == "no" else f"no {said}"


def so_many(events: EventSet, kinds: Kinds, number: str) -> str:
    """Return events with their number: ``2 follow-ups``, or ``message or offer 2 times``.

    Only an id in words has a plural that is known: titles are anybody's text.
    """
    said = nouns(events, kinds)
    if said != say_words(events.name) and (events.name not in kinds or said != _id_noun(kinds[events.name])):
        return f"{said} {number} times"
    head, of, rest = said.partition(" of ")
    is_y = head.endswith("y") and head[-2:-1] not in tuple("aeiou")
    hisses = head.endswith(("s", "x", "z", "ch", "sh"))
    plural = f"{head[:-1]}ies" if is_y else f"{head}es" if hisses else f"{head}s"
    return f"{number} {plural}{of}{rest}"
