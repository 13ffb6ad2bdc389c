"""Compare what two definitions declare, by meaning: order, comments and ids that nobody sees are no change.

A change is reported once, where it was made. If a date moves, each guard and each suggestion that names it
moves too; those are listed with the date. A guard of a set that three transitions use is one change.

Names that `migrations:` changed have been changed in the old definition before it comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from postinterview.core.rules import definitions as d
from postinterview.diffing.change import Change, MovedMoment, Part
from postinterview.diffing.naming import is_moved, users_of, written
from postinterview.diffing.rule_changes import changes_of_rules, one_sided, pairs, removed_at
from postinterview.diffing.words import is_alike, words_changed
from postinterview.diffing.written import date_text, value_text, weekdays_text

_EVENT = {
    "by": "by",
    "contact": "contact",
    "sign_of_life": "sign_of_life",
    "to_person": "to a person",
    "opens_round": "opens a round",
    "starts_application": "starts an application",
    "employer_wide": "concerns the whole employer",
    "gives": "gives",
    "ends": "ends",
}
_FIELD = {"type": "type", "choices": "choices", "optional": "optional", "sets": "sets"}
_STATE = {"over": "over", "outside": "outside"}
_MACHINE = {"scope": "per", "start": "start"}
_CREDIT = {"max": "max", "scope": "per", "emptied_by": "emptied_by"}


def declared_changes(old: d.Definition, new: d.Definition) -> tuple[Change, ...]:
    """Return what the files say differently; changes of words alone come last."""
    found = (_dates, _calendar, _events, _classes, _credits, _machines, changes_of_rules, words_changed)
    said = tuple(change for changes in found for change in changes(old, new))
    if said or is_alike(old, new):
        return said
    return (Change(mark="~", part="words", name="words", after="how it is written"),)


def _dates(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    for name, before, after in pairs(old.moments, new.moments):
        if before is None or after is None:
            at = removed_at(new, ("dates", name))
            yield one_sided("date", name, before, after, partial(date_text, name), removed=at)
        elif is_moved(before, after) and written(before, old, name) != written(after, new, name):
            yield Change(
                mark="~",
                part="date",
                name=name,
                before=date_text(name, before),
                after=date_text(name, after),
                old=before.origin,
                new=after.origin,
                moves=tuple(users_of(new, name)),
                moment=MovedMoment(before, after),
            )


def _calendar(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    before, after = old.calendar, new.calendar
    for name, one, other in (
        ("weekend", weekdays_text(before.weekend), weekdays_text(after.weekend)),
        ("country", before.country or "none", after.country or "none"),
    ):
        if one != other:
            places = _places(name, old, new)
            yield Change(mark="~", part="calendar", name=name, before=one, after=other, **places)
    gone, come = before.holidays - after.holidays, after.holidays - before.holidays
    if gone or come:
        said = {"before": gone, "after": come}
        texts: dict[str, Any] = {key: ", ".join(map(str, sorted(days))) for key, days in said.items()}
        mark: Any = "~" if gone and come else "-" if gone else "+"
        yield Change(mark=mark, part="calendar", name="holidays", **texts, **_places("holidays", old, new))


def _places(name: str, old: d.Definition, new: d.Definition) -> dict[str, Any]:
    """Return where the calendars say it, or where the new files remove it."""
    removed = removed_at(new, ("calendar", name), ("calendar",))
    return {"old": old.calendar.origins.get(name), "new": new.calendar.origins.get(name, removed)}


def _events(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    for name, before, after in pairs(old.events, new.events):
        if before is None or after is None:
            at = removed_at(new, ("events", name))
            yield one_sided("event", name, before, after, _event_text, removed=at)
            continue
        yield from _attributes("event", name, before, after, _EVENT)
        for of, one, other in pairs(before.fields, after.fields):
            shown = f"{name}.{of}"
            if one is None or other is None:
                at = removed_at(new, ("events", name, "fields", of))
                yield one_sided("event", shown, one, other, lambda each: f"a field, {each.type}", removed=at)
            else:
                yield from _attributes("event", shown, one, other, _FIELD)


def _event_text(kind: d.EventKind) -> str:
    return f"by {kind.by}{f', contact: {kind.contact}' if kind.contact else ''}"


def _classes(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    for name, before, after in pairs(old.classes, new.classes):
        if name in d.BUILT_IN_CLASSES or before is None or after is None:
            continue  # those follow from the events; and a class that nothing names does nothing
        one, other = before.members, after.members
        lost = [f"without {each}" for each in old.events if each in one - other]
        won = [f"with {each}" for each in new.events if each in other - one]
        if lost or won:
            moves = tuple(users_of(new, name))
            yield Change(
                mark="~",
                part="class",
                name=name,
                after=", ".join((*won, *lost)),
                old=before.origin,
                new=after.origin,
                moves=moves,
            )


def _credits(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    for name, before, after in pairs(old.credits, new.credits):
        if before is None or after is None:
            at = removed_at(new, ("credits", name))
            yield one_sided("credit", name, before, after, lambda each: f"at most {each.max}", removed=at)
        else:
            yield from _attributes("credit", name, before, after, _CREDIT)


def _machines(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    for name, before, after in pairs(old.machines, new.machines):
        if before is None or after is None:
            at = removed_at(new, ("machines", name))
            yield one_sided("machine", name, before, after, _machine_text, removed=at)
            continue
        yield from _attributes("machine", name, before, after, _MACHINE)
        for of, one, other in pairs(before.states, after.states):
            if one is None or other is None:
                at = removed_at(new, ("machines", name, "states", of))
                yield one_sided("state", f"{name}.{of}", one, other, lambda each: each.title, removed=at)
            else:
                yield from _attributes("state", f"{name}.{of}", one, other, _STATE)


def _machine_text(kind: d.MachineKind) -> str:
    return f"kept per {kind.scope}, with the states {', '.join(kind.states)}"


def _attributes(
    part: Part, name: str, before: Any, after: Any, attributes: Mapping[str, str]
) -> Iterator[Change]:
    """Yield a change for each attribute that means something else."""
    for each, shown in attributes.items():
        one, other = (_fixed(getattr(side, each), each) for side in (before, after))
        if one != other:
            yield Change(
                mark="~",
                part=part,
                name=f"{name}: {shown}",
                before=value_text(one),
                after=value_text(other),
                old=before.origin,
                new=after.origin,
            )


_ORDERLESS: Mapping[str, Callable[[Any], Any]] = dict.fromkeys(("gives", "ends", "choices"), frozenset)


def _fixed(value: Any, name: str) -> Any:
    """Return an attribute so that equal values mean the same."""
    if isinstance(value, d.EventSet):
        return value.members
    return _ORDERLESS.get(name, lambda same: same)(value)
