"""What a drawn guard says: a rule file may not say a thing twice, or yes and no at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.oracle import reading
from tests.oracle.reading import Rules

Guard = dict[str, Any]
NAMES_EVENTS = ("of", "since", "from", "happened", "not_happened")


def says(rules: Rules, guard: Guard, per: Any) -> str:
    """Equal for guards that say the same in a machine of this scope."""
    said: dict[str, Any] = dict(guard)
    said["per"] = sorted(reading.axes(guard.get("per", per)))
    for key in NAMES_EVENTS:
        if key in said:
            said[key] = sorted(reading.members_of(rules, said[key]))
    for key in ("apart", "within"):
        if key in said:
            said[key] = reading.duration(said[key])  # a day is 24 hours
    if "unless" in said:
        said["unless"] = sorted((name, sorted(reading.listed(each))) for name, each in said["unless"].items())
    for key in ("not_before", "not_after"):
        if key in said:
            said[key] = _anchor(rules, said[key]), reading.moment(said[key])[1]
    if "state" in said or "not_state" in said or "fields" in said or "hours" in said or "spends" in said:
        said.pop("per")
    return str(sorted((key, str(value)) for key, value in said.items()))


def clash(rules: Rules, one: Guard, other: Guard, per: Any) -> bool:
    """Whether two guards say the same, or can never hold together."""
    if says(rules, one, per) == says(rules, other, per):
        return True
    if _moment(one) and _moment(other) and (_is_alias(rules, one) or _is_alias(rules, other)):
        return True  # it may be the other's moment by another name
    return _clash(rules, one, other) or _clash(rules, other, one)


def _moment(guard: Guard) -> str | None:
    return guard.get("not_before") or guard.get("not_after")


def _is_alias(rules: Rules, guard: Guard) -> bool:
    """Whether a guard's moment is a named date that stands for one moment."""
    name, _ = reading.moment(str(_moment(guard)))
    return name in (rules.get("dates") or {}) and len(reading.options(rules, name)[0]) == 1


def _clash(rules: Rules, one: Guard, other: Guard) -> bool:
    if "not_before" in one and "not_after" in other:
        early, late = one["not_before"], other["not_after"]
        if _anchor(rules, early) != _anchor(rules, late):
            return False
        return not _later(reading.moment(late)[1], reading.moment(early)[1])
    if "happened" in one and "not_happened" in other:
        return reading.members_of(rules, one["happened"]) <= reading.members_of(rules, other["not_happened"])
    if {"state", "not_state"} & one.keys() and {"state", "not_state"} & other.keys():
        return True  # two questions about states are one too many to be sure
    return "hours" in one and "hours" in other


def _anchor(rules: Rules, moment: str) -> str:
    name, _ = reading.moment(moment)
    if name in reading.set_dates(rules) or name in (rules.get("dates") or {}):
        return name
    return str(sorted(reading.members(rules, name)))


def _later(one: timedelta | int | None, other: timedelta | int | None) -> bool:
    """Whether ``one`` is surely more than ``other``."""
    if isinstance(one, timedelta):
        return not isinstance(other, int) and one > (other or timedelta())
    return isinstance(one, int) and (other is None or (isinstance(other, int) and one > other))
