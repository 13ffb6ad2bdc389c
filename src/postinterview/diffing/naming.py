"""Tell a moment that moved from one that only names a moved date, and find what names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import fields

from postinterview.core.rules import definitions as d
from postinterview.loading.guard_equality import anchor

_UNSAID = ("id", "origin", "changes", "text")


def placed(moment: d.Moment) -> object:
    """Return what a moment means."""
    return anchor(moment), moment.plus


def is_moved(before: d.Moment, after: d.Moment) -> bool:
    """Return whether two moments mean different things."""
    return placed(before) != placed(after)


def written(moment: d.Moment, definition: d.Definition, name: str = "") -> object:
    """Return a moment by the names that it is written with. ``name``: the date that it defines."""
    head, _, plus = (part.strip() for part in moment.text.partition("+"))
    if head in definition.moments and head != name:
        return head, plus
    if moment.text == name and isinstance(moment.anchor, d.FirstKnown | d.LatestKnown):
        return type(moment.anchor), tuple(written(each, definition, name) for each in moment.anchor.options)
    if isinstance(moment.anchor, d.OfEvents):
        return moment.anchor.events.name, moment.plus
    return placed(moment)


def bare(guard: d.Guard, **parts: Any) -> object:
    """Return a guard by the names that it is written with, without its id and place."""
    said = {each.name: getattr(guard, each.name) for each in fields(type(guard)) if each.name not in _UNSAID}
    return type(guard), {name: _shown(name, value) for name, value in (said | parts).items()}


def _shown(name: str, value: Any) -> object:
    if isinstance(value, d.EventSet):
        return value.name
    if name == "unless":
        return frozenset((field, frozenset(values)) for field, values in value)
    return frozenset(value) if name in ("states", "fields") else value


def moved_names(old: d.Definition, new: d.Definition) -> frozenset[str]:
    """Return the names of dates and classes that mean something else now."""
    dates = (name for name in new.moments if name in old.moments)
    classes = (name for name in new.classes if name in old.classes)
    return frozenset(name for name in dates if is_moved(old.moments[name], new.moments[name])) | frozenset(
        name for name in classes if old.classes[name].members != new.classes[name].members
    )


def rules_of(definition: d.Definition) -> Iterator[d.Transition]:
    """Yield all transitions."""
    for machine in definition.machines.values():
        yield from machine.transitions


def users_of(definition: d.Definition, name: str) -> Iterator[str]:
    """Yield what names a date or a class, itself or by another date: dates, suggestions and guards."""
    names = [name]
    for each, moment in definition.moments.items():
        if each not in names and any(head_of(option) in names for option in _options(each, moment)):
            names.append(each)
            yield each
    found: dict[str, dict[str, None]] = {}
    for rule in rules_of(definition):
        if rule.due is not None and head_of(rule.due) in names:
            found.setdefault(f"when `{rule.event}` is due", {})
        for guard in rule.guards:
            if not names_in(guard).isdisjoint(names):
                found.setdefault(f"`{guard.id}`", {})[rule.event] = None
    for said, acts in found.items():
        yield f"{said} of {', '.join(acts)}" if acts else said


def names_in(guard: d.Guard) -> set[str]:
    """Return the names of the classes, events and dates that a guard names."""
    sets = (getattr(guard, "of", None), getattr(guard, "since", None))
    found = {each.name for each in sets if isinstance(each, d.EventSet)}
    return found | {head_of(guard.moment)} if isinstance(guard, d.NotBefore | d.NotAfter) else found


def _options(name: str, moment: d.Moment) -> tuple[d.Moment, ...]:
    """Return the moments that a named date is written with."""
    if moment.text == name and isinstance(moment.anchor, d.FirstKnown | d.LatestKnown):
        return moment.anchor.options
    return (moment,)


def head_of(moment: d.Moment) -> str:
    """Return the name that a moment starts from, as it is written."""
    return moment.text.partition("+")[0].strip()
