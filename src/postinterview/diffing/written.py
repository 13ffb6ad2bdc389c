"""Write guards, dates and transitions as a rule file says them, in one line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import assert_never

from postinterview.core.rules import definitions as d
from postinterview.core.values.formatting import say_count, say_duration, say_list

_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def guard_text(guard: d.Guard, scope: d.Scope | None = None) -> str:
    """Return a guard as ``at_most: 1, of: chase, per: employer``. ``scope``: what to say if it has no own."""
    said = dict(_asked(guard))
    if isinstance(guard, d.AtMost | d.NotBefore | d.NotAfter | d.Apart | d.Happened):
        per = guard.scope or scope
        said |= {} if per is None else {"per": str(per)}
    if guard.in_every_application:
        said["in_every"] = "application"
    if guard.unless:
        fields = (f"{name}: {say_list(map(value_text, values))}" for name, values in guard.unless)
        said["unless"] = ", ".join(fields)
    return ", ".join(f"{key}: {value}" for key, value in said.items())


def _asked(guard: d.Guard) -> Iterator[tuple[str, str]]:
    """Yield the keys of a guard with their values, without those that every kind has."""
    match guard:
        case d.AtMost():
            yield from (("at_most", str(guard.limit)), ("of", str(guard.of)))
            if guard.since is not None:
                yield "since", str(guard.since)
            if guard.within is not None:
                yield "within", say_duration(guard.within)
        case d.NotBefore() | d.NotAfter():
            yield ("not_before" if isinstance(guard, d.NotBefore) else "not_after"), guard.moment.text
            if guard.if_never_holds:
                yield "if_never", "holds"
        case d.Apart():
            yield from (("apart", say_duration(guard.duration)), ("from", str(guard.of)))
            if not guard.if_never_holds:
                yield "if_never", "fails"
        case d.InState():
            yield ("not_state" if guard.negated else "state"), f"{guard.machine} {say_list(guard.states)}"
        case d.Happened():
            yield ("not_happened" if guard.negated else "happened"), str(guard.of)
            if guard.since is not None:
                yield "since", str(guard.since)
        case d.Spends():
            yield "spends", guard.credit
        case d.Carries():
            yield "fields", ", ".join(guard.fields)
        case d.Hours():
            yield "hours", guard.text or f"{guard.opens:%H:%M}-{guard.closes:%H:%M}"
        case d.Custom():
            yield "custom", guard.function
        case _:
            assert_never(guard)


def date_text(name: str, moment: d.Moment) -> str:
    """Return a named date as the moments that it is made of."""
    if moment.text == name and isinstance(moment.anchor, d.FirstKnown | d.LatestKnown):
        options = [option.text for option in moment.anchor.options]
        if isinstance(moment.anchor, d.LatestKnown):
            return f"the latest of {say_list(options, 'and')}"
        return ", else ".join(options)
    return moment.text


def transition_text(rule: d.Transition) -> str:
    """Return a transition as ``on follow_up, from waiting, to followed_up, with 3 guards``."""
    to = "" if rule.target is None else f", to {rule.target}"
    count = say_count(len(rule.guards), "guard") if rule.guards else "no guards"
    return f"on {rule.event}, from {', '.join(rule.sources)}{to}, with {count}"


def weekdays_text(days: frozenset[int]) -> str:
    """Return days of the week as ``Sat, Sun``."""
    return ", ".join(_WEEK[day] for day in sorted(days)) or "none"


def value_text(value: object) -> str:
    """Return a value of a declaration as rule files write it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return say_duration(value)
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(map(str, value))) or "nothing"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value)
