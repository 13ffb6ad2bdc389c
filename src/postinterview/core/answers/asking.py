"""Put what nobody knows of the past into words, such as ``whether you followed up with Acme``.

The words stand behind "say". The title of an act is an order ("follow up with Acme"), and English has no rule
for its past tense, so a table has that of common verbs. A title that begins with another word stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from postinterview.core.rules.definitions import EventKind
from postinterview.core.rules.rule_text import MANY, noun, one_of, title_of
from postinterview.core.values.formatting import say_list, short_name

_DID = {
    "accept": "accepted",
    "answer": "answered",
    "apply": "applied",
    "ask": "asked",
    "assume": "assumed",
    "call": "called",
    "complete": "completed",
    "decline": "declined",
    "email": "emailed",
    "finish": "finished",
    "follow": "followed",
    "give": "gave",
    "hand": "handed",
    "invite": "invited",
    "make": "made",
    "message": "messaged",
    "negotiate": "negotiated",
    "phone": "phoned",
    "prepare": "prepared",
    "reply": "replied",
    "respond": "responded",
    "ring": "rang",
    "say": "said",
    "send": "sent",
    "sign": "signed",
    "submit": "submitted",
    "take": "took",
    "tell": "told",
    "thank": "thanked",
    "update": "updated",
    "visit": "visited",
    "withdraw": "withdrew",
    "write": "wrote",
}


def whether(kinds: Sequence[EventKind], employer: str, when: str = "", application: str | None = None) -> str:
    """Return what may have happened, all of it by the employer or all by the candidate.

    ``when``: the rest of the sentence, such as `` about backend since Mon 2 Mar``.
    """
    if kinds[0].is_act:
        titles = [title_of(kind, "an interviewer", application, employer) for kind in kinds]
        if len(titles) == 1:
            return f"whether {_did(titles[0], when)}"
        left = len(titles) - MANY
        listed = say_list([*titles[:MANY], *([f"{left} more"] if left > 0 else [])], "and")
        return f"which of these you did{when}: {listed}"
    if len(kinds) > MANY:
        met = " or met you" if any(kind.names_people for kind in kinds) else ""
        return f"whether {short_name(employer)} has written{met}{when}"
    what = one_of([kind.name for kind in kinds], {kind.name: kind for kind in kinds})
    return f"whether there was {what} from {short_name(employer)}{when}"


def when(
    kind: EventKind,
    employer: str,
    about: str = "",
    by: str = "",
    *,
    each: bool = False,
    asks: str = "when",
) -> str:
    """Return that nobody knows when an event was: ``when the interview with Acme was``.

    ``about``: the applications, such as `` about backend``; ``each``: there are several. ``by``: the latest
    moment at which it can have been, such as `` (by Fri 20 Mar)``. ``asks``: the question that it answers.
    """
    if kind.is_act:
        about = about.replace(" about ", " about each of ", 1) if each else about
        return f"{asks} {_did(title_of(kind, 'an interviewer', None, employer), about + by)}"
    return f"{asks} {'each' if each else 'the'} {_theirs(kind, employer)}{about} was{by}"


def who(kind: EventKind, employer: str) -> str:
    """Return that nobody said who was met: ``who was at the interview with Acme``."""
    return f"who was at the {_theirs(kind, employer)}"


def _theirs(kind: EventKind, employer: str) -> str:
    return f"{noun(kind)} {'with' if kind.names_people else 'from'} {short_name(employer)}"


def _did(title: str, rest: str) -> str:
    """Return the title of an act in the past tense: ``you followed up with Acme``."""
    verb, _, object_ = title.partition(" ")
    if verb in _DID:
        return f"you {_DID[verb]}{' ' if object_ else ''}{object_}{rest}"
    return f"you did this{rest}: {title}"
