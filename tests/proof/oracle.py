"""The promises of ``rules/courtesy.yaml``, written a second time over bare histories, with no shared code.

It reads names, moments, applications and people of the events, and the tags that promises trust. It
knows neither rounds nor states nor guards of the engine, and looks through the whole history each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.core.definitions import Definition
from postinterview.core.process import Process


@frozen
class Told:
    """One event of a bare history. ``rounds``: how many had been opened in its application, with whom."""

    name: str
    at: datetime
    application: str | None
    to: str | None
    people: tuple[str, ...]
    dates: tuple[tuple[str, date], ...]


@frozen
class Asked:
    """The judged act, and all that came before it."""

    before: tuple[Told, ...]
    act: Told
    definition: Definition
    zone: ZoneInfo


NOES = {"rejection", "offer_withdrawn"}
ANSWERS = {"offer", "offer_revised"}
ENDS = {"accept", "decline", "withdraw"}


def contact(asked: Asked, told: Told) -> str:
    kind = asked.definition.events[told.name]
    return (kind.contact or "") if kind.by == "candidate" else ""


def alive(asked: Asked, told: Told) -> bool:
    kind = asked.definition.events[told.name]
    return kind.by == "employer" and kind.sign_of_life


def here(asked: Asked) -> list[Told]:
    """What lies in the act's application, or in none."""
    mine = asked.act.application
    return [t for t in asked.before if mine is None or t.application in (None, mine)]


def in_round(asked: Asked) -> list[Told]:
    """What lies in the act's round, or in none: those who were never met have no round."""
    numbered = rounds(asked, [*asked.before, asked.act])
    mine = numbered[-1]
    return [
        t
        for t, number in zip(asked.before, numbered, strict=False)
        if t in here(asked) and number in (None, mine)
    ]


def rounds(asked: Asked, history: list[Told]) -> list[int | None]:
    """The round that each event lies in, counted through the history."""
    opened: dict[str, list[tuple[str, ...]]] = {}
    found: list[int | None] = []
    for told in history:
        kind = asked.definition.events[told.name]
        if told.application is None:
            found.append(None)
            continue
        mine = opened.setdefault(told.application, [])
        if kind.opens_round:
            mine.append(told.people)
            found.append(len(mine))
        elif told.to is None:
            found.append(len(mine))
        else:
            with_them = [n for n, people in enumerate(mine, 1) if told.to in people]
            if with_them:
                found.append(with_them[-1])
            else:
                found.append(None if kind.by == "candidate" else len(mine))
    return found


def since(history: Iterable[Told], start: Callable[[Told], bool]) -> list[Told]:
    found: list[Told] = []
    for told in history:
        found = [] if start(told) else [*found, told]
    return found


def one_chase(a: Asked) -> bool:
    quiet = since(a.before, lambda t: alive(a, t))
    return contact(a, a.act) == "chase" and any(contact(a, t) == "chase" for t in quiet)


def one_follow_up(a: Asked) -> bool:
    return a.act.name == "follow_up" and any(t.name == "follow_up" for t in in_round(a))


def not_before_the_date(a: Asked) -> bool:
    if contact(a, a.act) not in ("chase", "attempt"):
        return False
    standing: date | None = None
    for told in here(a):
        kind = a.definition.events[told.name]
        named = [day for name, day in told.dates if name == "promised" and kind.by == "employer"]
        if named:
            standing = max(named[-1], told.at.astimezone(a.zone).date())
        elif told.name in NOES | ANSWERS or (
            kind.opens_round
            and kind.by == "employer"
            and standing is not None
            and told.at.astimezone(a.zone).date() > standing
        ):
            standing = None
    return standing is not None and a.act.at.astimezone(a.zone).date() <= standing


def courtesy_once(a: Asked) -> bool:
    if contact(a, a.act) != "courtesy":
        return False
    if a.act.to is not None:
        return any(t.name == a.act.name and names(t, a.act.to) for t in in_round(a))
    return any(t.name == a.act.name for t in since(here(a), lambda t: alive(a, t)))


def names(told: Told, person: str | None) -> bool:
    """Whether the event is to the person, or names the person in one of its fields."""
    return person is not None and person in (told.to, *told.people)


def one_invite(a: Asked) -> bool:
    """An invitation that names nobody may be anybody's."""
    return a.act.name == "linkedin_invite" and any(
        t.name == "linkedin_invite" and (a.act.to is None or names(t, a.act.to)) for t in a.before
    )


def quiet_after_a_no(a: Asked) -> bool:
    said = [t for t in here(a) if alive(a, t) or t.name in NOES]
    if a.act.name == "rejection_reply":
        after = since(here(a), lambda t: t.name in NOES)
        return any(t.name == "rejection_reply" for t in after)
    return contact(a, a.act) not in ("", "none") and bool(said) and said[-1].name in NOES


def quiet_after_the_end(a: Asked) -> bool:
    if contact(a, a.act) not in ("chase", "attempt"):
        return False
    again = ANSWERS | {"interview"}
    ended = since(here(a), lambda t: t.name in again)
    accepted = since(here(a), lambda t: t.name in NOES)
    return any(t.name in ("decline", "withdraw") for t in ended) or any(t.name == "accept" for t in accepted)


def one_counter(a: Asked) -> bool:
    asked = since(here(a), lambda t: t.name in ANSWERS)
    return a.act.name == "counter_offer" and any(t.name == "counter_offer" for t in asked)


def two_counters(a: Asked) -> bool:
    return a.act.name == "counter_offer" and sum(t.name == "counter_offer" for t in here(a)) >= 2


def two_attempts(a: Asked) -> bool:
    quiet = since(a.before, lambda t: alive(a, t))
    return contact(a, a.act) == "attempt" and sum(contact(a, t) == "attempt" for t in quiet) >= 2


def attempts_apart(a: Asked) -> bool:
    return contact(a, a.act) == "attempt" and any(
        contact(a, t) == "attempt" and a.act.at - t.at < timedelta(days=1) for t in a.before
    )


def no_attempt_after_a_chase(a: Asked) -> bool:
    quiet = since(a.before, lambda t: alive(a, t))
    return contact(a, a.act) == "attempt" and any(contact(a, t) == "chase" for t in quiet)


def one_reply(a: Asked) -> bool:
    credits_ = 0
    for told in here(a):
        kind = a.definition.events[told.name]
        if told.name in NOES | ENDS:
            credits_ = 0
        if kind.by == "employer" and kind.gives:
            credits_ = min(3, credits_ + 1)
        if contact(a, told) == "reply":
            credits_ = max(0, credits_ - 1)
    return contact(a, a.act) == "reply" and credits_ == 0


ORACLE: dict[str, Callable[[Asked], bool]] = {
    each.__name__: each
    for each in (
        one_chase,
        one_follow_up,
        not_before_the_date,
        courtesy_once,
        one_invite,
        quiet_after_a_no,
        quiet_after_the_end,
        one_counter,
        two_counters,
        two_attempts,
        attempts_apart,
        no_attempt_after_a_chase,
        one_reply,
    )
}


def told(process: Process) -> tuple[Told, ...]:
    """The bare history of a process: what was recorded, without what the engine made of it."""
    found = []
    for placed in process.timeline:
        event = placed.event
        kind = process.rulebook.definition.events[event.name]
        people: tuple[str, ...] = () if event.to is None else (event.to,)
        dates: tuple[tuple[str, date], ...] = ()
        for name, value in event.carried:
            sets = kind.fields[name].sets
            if isinstance(value, tuple):
                people += value
            elif sets is not None and isinstance(value, date):
                dates += ((sets, value),)
        found.append(Told(event.name, event.at, event.application, event.to, people, dates))
    return tuple(found)


def broken(
    process: Process, event: str, at: datetime, *, to: str | None = None, application: str | None = None
) -> set[str]:
    """The promises that the act breaks if it is done now."""
    definition = process.rulebook.definition
    if definition.events[event].employer_wide:
        application = None
    elif application is None:
        application = "main"
    act = Told(event, at, application, to, () if to is None else (to,), ())
    asked = Asked(told(process), act, definition, ZoneInfo(process.timezone))
    return {name for name, breaks in ORACLE.items() if breaks(asked)}
