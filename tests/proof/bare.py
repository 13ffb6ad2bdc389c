"""Bare histories: what happened, to whom and when, and whether it was allowed; nothing of guards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.core.process import Process
from postinterview.core.rules.definitions import Definition


@frozen
class Told:
    """One event of a bare history. ``allowed``: that it was no act against the rules, nor outside them."""

    name: str
    at: datetime
    application: str | None
    to: str | None
    people: tuple[str, ...]
    dates: tuple[tuple[str, date], ...]
    allowed: bool = True


@frozen
class Asked:
    """The judged act, and all that came before it."""

    before: tuple[Told, ...]
    act: Told
    definition: Definition
    zone: ZoneInfo


def told(process: Process) -> tuple[Told, ...]:
    """The bare history of a process: what was recorded, and which acts were allowed."""
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
        allowed = not (placed.breach or placed.outside)
        found.append(Told(event.name, event.at, event.application, event.to, people, dates, allowed))
    return tuple(found)


def asked(
    process: Process, event: str, at: datetime, *, to: str | None = None, application: str | None = None
) -> Asked:
    """An act that may be done now, after the history of a process."""
    definition = process.rulebook.definition
    if definition.events[event].employer_wide:
        application = None
    elif application is None:
        application = "main"
    act = Told(event, at, application, to, () if to is None else (to,), ())
    return Asked(told(process), act, definition, ZoneInfo(process.timezone))


def contact(asked: Asked, told: Told) -> str:
    kind = asked.definition.events[told.name]
    return (kind.contact or "") if kind.by == "candidate" else ""


def alive(asked: Asked, told: Told) -> bool:
    kind = asked.definition.events[told.name]
    return kind.by == "employer" and kind.sign_of_life


def names(told: Told, person: str | None) -> bool:
    """Whether the event is to the person, or names the person in one of its fields."""
    return person is not None and person in (told.to, *told.people)


def since(history: Iterable[Told], start: Callable[[Told], bool]) -> list[Told]:
    found: list[Told] = []
    for told in history:
        found = [] if start(told) else [*found, told]
    return found


# --- places ---------------------------------------------------------------------------------------


def here(asked: Asked) -> list[Told]:
    """What lies in the act's application, or in none."""
    mine = asked.act.application
    return [t for t in asked.before if mine is None or t.application in (None, mine)]


def in_round(asked: Asked) -> list[Told]:
    """What lies in the act's round, or in none, as all that concerns the employer as a whole."""
    numbered = rounds(asked, [*asked.before, asked.act])
    mine = numbered[-1]
    near = here(asked)
    return [
        told
        for told, number in zip(asked.before, numbered, strict=False)
        if told in near and (mine is None or number in (None, mine))
    ]


def rounds(asked: Asked, history: list[Told]) -> list[int | None]:
    """The round that each event lies in, counted through the history; 0 before the first."""
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
        with_them = [n for n, people in enumerate(mine, 1) if told.to in people]
        if told.to is None or kind.opens_round:
            found.append(len(mine))
        elif with_them:
            found.append(with_them[-1])
        else:  # to somebody who was never met
            found.append(0 if kind.by == "candidate" else len(mine))
    return found
