"""Compare what a history folds to now with what it folded to when it was saved."""

from __future__ import annotations

from collections.abc import Iterator

from postinterview.core.past.events import Event
from postinterview.core.process import Process
from postinterview.core.rules.definitions import Definition
from postinterview.core.rules.rule_text import title_of
from postinterview.core.steps.fold import steps
from postinterview.core.values.errors import Difference
from postinterview.core.values.formatting import say_day, say_list
from postinterview.saving.format import SavedEvent, SavedSnapshot, SavedState
from postinterview.saving.saved import snapshot_of


def differences(process: Process, saved: SavedSnapshot) -> tuple[Difference, ...]:
    """Return how a process differs from the snapshot that was saved of it."""
    definition = process.rulebook.definition
    now = snapshot_of(definition, process._snapshot)  # noqa: SLF001 - only saving needs it
    if now == saved:
        return ()
    found = [*_states(definition, saved, now), *_events(process, saved.events, now.events)]
    if saved.applications != now.applications:
        before, after = (say_list(each.applications, "and") or "none" for each in (saved, now))
        found.append(Difference(text=f"the applications were {before}, and are now {after}"))
    return tuple(found)


# --- states -------------------------------------------------------------------------------------------


def _states(definition: Definition, before: SavedSnapshot, now: SavedSnapshot) -> Iterator[Difference]:
    """Compare the states of machines. A machine that the rules did not have before had no state."""
    starts = dict(before.machines)
    for name, start in starts.items():
        kind = definition.machines.get(name)
        if kind is not None and kind.start != start and before.events:
            yield Difference(
                text=f"machine `{name}` started in `{start}`, and starts now in `{kind.start}`", machine=name
            )
    were, are = ({each.instance: each for each in snapshot.states} for snapshot in (before, now))
    for instance in sorted({*were, *are}, key=str):
        either = were.get(instance) or are[instance]
        name = either.machine
        if name not in starts:
            continue
        was = were[instance].state if instance in were else starts[name]
        kind = definition.machines.get(name)
        if kind is None:
            ending = "the rules have no such machine"
        elif was not in kind.states:
            ending = "the rules have no such state"
        elif was != (state := are[instance].state if instance in are else kind.start):
            ending = f"is now `{state}`"
        else:
            continue
        yield Difference(text=f"{_instance_text(either)} was `{was}`, and {ending}", machine=name)


def _instance_text(state: SavedState) -> str:
    """Return ``machine `thanks` of application main, round 1, ana``."""
    parts = [
        *([f"application {state.application}"] if state.application is not None else []),
        *([f"round {state.round}"] if state.round is not None else []),
        *([state.interviewer] if state.interviewer is not None else []),
    ]
    return f"machine `{state.machine}`" + (f" of {', '.join(parts)}" if parts else "")


# --- events -------------------------------------------------------------------------------------------


def _events(
    process: Process, before: tuple[SavedEvent, ...], now: tuple[SavedEvent, ...]
) -> Iterator[Difference]:
    were, are = ({each.number: each for each in events} for events in (before, now))
    turned = any(each.breach and each.number in were and not were[each.number].breach for each in now)
    guards = _refusing_guards(process) if turned else {}
    for number in sorted({*were, *are}):
        was, is_now = were.get(number), are.get(number)
        if was is None or is_now is None:
            changes = ["is now one of the events" if was is None else "is no longer one of the events"]
        else:
            changes = list(_changes(was, is_now, guards.get(number, "the rules")))
        for change in changes:
            yield Difference(text=f"{_entry_text(process, number)} {change}", entry=number)
    if were.keys() == are.keys() and list(were) != list(are):
        yield Difference(text="the events are in another order")


def _changes(was: SavedEvent, is_now: SavedEvent, guards: str) -> Iterator[str]:
    if was.judged != is_now.judged:
        of = f" of {guards}" if is_now.breach else ""
        yield f"was {was.judged}, and is now {is_now.judged}{of}"
    if was.spent != is_now.spent:
        took = [say_list(each.spent, "and") or "no credit" for each in (was, is_now)]
        yield f"spent {took[0]}, and now spends {took[1]}"
    # An act to a person who never interviewed was saved in no round, and lies in round 0 now.
    if (was.round or None) != (is_now.round or None):
        lay = ["no round" if each.round is None else f"round {each.round}" for each in (was, is_now)]
        yield f"was in {lay[0]}, and is now in {lay[1]}"
    dates = [dict(each.dates) for each in (was, is_now)]
    for name in dict.fromkeys((*dates[0], *dates[1])):
        days = [each[name].isoformat() if name in each else "no day" for each in dates]
        if days[0] != days[1]:
            yield f"set the date `{name}` to {days[0]}, and now sets it to {days[1]}"


def _refusing_guards(process: Process) -> dict[int, str]:
    """Return the guards that refuse each breach, by the number of its entry; in one fold for all of them."""
    found: dict[int, str] = {}
    for made in steps(process.rulebook.engine, process.calendar, process._snapshot):  # noqa: SLF001
        if made.placed.breach and made.verdict is not None:
            places: dict[str, dict[str, None]] = {}  # two alternatives may have guards of one name
            for each in made.verdict.reasons:
                places.setdefault(each.id, {})[each.where] = None
            guards = tuple(f"`{name}` ({', '.join(lines)})" for name, lines in places.items())
            found[made.placed.event.number] = say_list(guards, "and")
    return found


def _entry_text(process: Process, number: int) -> str:
    """Return ``entry 5 (follow up with acme, Mon 9 Mar 2026)``, with the day where the employer is."""
    entry = process.history[number - 1] if 0 < number <= len(process.history) else None
    if not isinstance(entry, Event):
        return f"entry {number}"
    kind = process.rulebook.definition.events[entry.name]
    title = title_of(kind, entry.to, entry.application, process.employer)
    return f"entry {number} ({title}, {say_day(process.calendar.day_of(entry.at))})"
