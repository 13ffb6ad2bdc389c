"""Say what became of an event or a correction: by titles, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from postinterview.core.answers.verdict import Move, Verdict
from postinterview.core.past.event_order import is_of_board
from postinterview.core.past.events import Change, Entry, Event, Known, Retraction, say_when
from postinterview.core.past.places import Key
from postinterview.core.rules.definitions import EventKind, MachineKind
from postinterview.core.rules.rule_text import stands, state_text, with_application
from postinterview.core.values.formatting import say_list, say_moment, say_words, sentence
from postinterview.core.values.names import MAIN
from postinterview.core.values.naming import application_name, person_name

_SHOWN = 5
"""The most events or moves that are named."""


def entry_text(
    history: Sequence[Entry],
    zone: tzinfo,
    refused: Verdict | None,
    *,
    outside: bool = False,
    unexpected: bool = False,
    in_doubt: bool = False,
) -> str:
    """Return which entry was recorded, the last of the history, and how it fits the rules.

    ``refused``: the verdict on an act that they did not allow. ``outside``: they do not judge it either.
    ``in_doubt``: nobody knows whether it was against them.
    """
    said = _recorded(history[-1], history, zone)
    if refused is not None and outside:
        why = dict.fromkeys(reason.has for reason in refused.reasons if reason.id == "state")
        said += f" It is recorded, not judged: {say_list(why, 'and')}."
    elif refused is not None:
        judged = "Nobody knows whether it was against the rules." if in_doubt else "It was against the rules."
        said += f" {judged} {sentence(refused.text)}"
    return f"{said} Nothing was waiting for it." if unexpected else said


def turns_text(turned: tuple[int, ...], doubtful: tuple[int, ...], cleared: tuple[int, ...]) -> Iterator[str]:
    """Yield which other entries a correction put against the rules or in doubt, and which no longer are."""
    for numbers, what in (
        (turned, "Against the rules now"),
        (doubtful, "Perhaps against the rules now"),
        (cleared, "Against the rules no longer"),
    ):
        if numbers:
            entry = "entry" if len(numbers) == 1 else "entries"
            yield f"{what}: {entry} {say_list(map(str, numbers), 'and')}."


def stays_text(
    stays: tuple[int, ...], history: Sequence[Entry], zone: tzinfo, events: Mapping[str, EventKind]
) -> Iterator[str]:
    """Yield which events stay, though the card is before them on the board, and why."""
    for number in stays[:_SHOWN]:
        entry = history[number - 1]
        if not isinstance(entry, Event) or not is_of_board(history, entry):
            why = "no card recorded it"
        else:
            sent = events[entry.name].reaches_them
            why = "it may have been sent" if sent else "a message came after it"
            why = why if entry.application is not None else "it concerns the employer as a whole"
        yield f"Entry {number} ({_said(entry, zone)}) stays: {why}."
    if len(stays) > _SHOWN:
        yield f"And {len(stays) - _SHOWN} more."


def _recorded(entry: Entry, history: Sequence[Entry], zone: tzinfo) -> str:
    recorded = f"Recorded as entry {entry.number}: "
    if isinstance(entry, Event):
        if entry.dates is not None:
            named = with_application(say_words(entry.name), entry.application)
            return f"{recorded}{named} (entry {entry.dates}) was on {say_when(entry, zone)}."
        by = f", {_some_time(entry)} {say_when(entry, zone)}" if entry.undated else ""
        return f"{recorded}{with_application(say_words(entry.name), entry.application)}{by}."
    if isinstance(entry, Retraction):
        of = history[entry.of - 1]
        why = ", which was never sent," if entry.not_sent else ""
        return f"{recorded}entry {entry.of} ({_said(of, zone)}){why} is taken back."
    if isinstance(entry, Change):
        return f"{recorded}from {_moment(entry.at, zone)} on, the employer has the {entry.text}."
    said = _events(entry.of)
    said += f" before {_moment(entry.until, zone)}" if entry.until is not None else ""
    if isinstance(entry, Known):
        return f"{recorded}all is known that happened of {with_application(said, entry.application)}."
    return f"{recorded}it is not known what happened of {with_application(said, entry.application)}."


def _said(entry: Entry, zone: tzinfo) -> str:
    if isinstance(entry, Event):
        named = with_application(say_words(entry.name), entry.application)
        by = f"{_some_time(entry)} " if entry.undated else ""
        return f"{named}, {by}{say_when(entry, zone)}"
    if isinstance(entry, Retraction):
        return f"which took entry {entry.of} back"
    if isinstance(entry, Change):
        return f"{entry.text}, from {_moment(entry.at, zone)}"
    kind = "known" if isinstance(entry, Known) else "unknown"
    before = "" if entry.until is None else f" before {_moment(entry.until, zone)}"
    return f"{kind}{before}: {_events(entry.of)}"


def _some_time(entry: Event) -> str:
    return "at some time until" if entry.since is None else "at some time on"


def _events(names: tuple[str, ...]) -> str:
    left = len(names) - _SHOWN
    return say_list([*map(say_words, names[:_SHOWN]), *([f"{left} more"] if left > 0 else [])], "and")


def _moment(moment: datetime, zone: tzinfo) -> str:
    return say_moment(moment.astimezone(zone))


def moves_text(
    moves: tuple[Move, ...], machines: Mapping[str, MachineKind], now: Mapping[tuple[str, Key], str]
) -> Iterator[str]:
    """Yield where each machine that moved is; of a late event also where it went then.

    ``now``: the present states, by machine and key; a late event's moves may be followed by others.
    """
    for move in moves[:_SHOWN]:
        machine = machines[move.machine]
        present = now.get((move.machine, move.key), machine.start)
        where = _in_place(sentence(stands(machine, present)), move.key)
        then = "" if present == move.target else f", and was {state_text(machine, move.target)} then"
        yield f"{where}{then}."
    if len(moves) > _SHOWN:
        yield f"And {len(moves) - _SHOWN} more."


def _in_place(said: str, key: Key) -> str:
    names = [] if key.application in (None, MAIN) else [application_name(key.application)]
    names += [] if key.person is None else [person_name(key.person)]
    return f"{said} ({', '.join(names)})" if names else said
