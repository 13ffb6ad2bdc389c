"""What the words of a rule file mean, read from plain dicts, lists and strings."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any, TypeAlias

Rules: TypeAlias = dict[str, Any]
"""A rule file as a YAML parser without types yields it: mappings, lists and text."""

UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


class Given(dict[str, Any]):
    """What an act carries whose fields are taken as given: each of them, and no value that spares a guard."""


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def listed(value: Any) -> list[str]:
    """One name or a list of names, as a list; nothing as an empty one."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def truth(text: str) -> bool:
    assert text in ("true", "false"), text
    return text == "true"


# --- events ---------------------------------------------------------------------------------------


def is_act(rules: Rules, name: str) -> bool:
    return bool(rules["events"][name]["by"] == "candidate")


def names_person(rules: Rules, name: str) -> bool:
    return bool(rules["events"][name].get("to") == "interviewer")


def starts_application(rules: Rules, name: str) -> bool:
    """Whether it makes an application one of which something is heard."""
    event = rules["events"][name]
    return bool(event["by"] == "employer" or event.get("starts") == "application")


def opens_round(rules: Rules, name: str) -> bool:
    return bool(rules["events"][name].get("opens") == "round")


def contact(rules: Rules, name: str) -> str | None:
    return rules["events"][name].get("contact", "chase") if is_act(rules, name) else None


def is_sign_of_life(rules: Rules, name: str) -> bool:
    event = rules["events"][name]
    return event["by"] == "employer" and truth(event.get("sign_of_life", "true"))


def field(rules: Rules, name: str, field: str) -> dict[str, Any]:
    """A field's declaration in its long form."""
    written = rules["events"][name]["fields"][field]
    if isinstance(written, list):
        return {"type": "choice", "choices": written}
    return {"type": written} if isinstance(written, str) else dict(written)


def fields(rules: Rules, name: str) -> dict[str, dict[str, Any]]:
    return {key: field(rules, name, key) for key in rules["events"][name].get("fields") or {}}


def set_dates(rules: Rules) -> set[str]:
    """The dates that some field sets."""
    return {f["sets"] for name in rules["events"] for f in fields(rules, name).values() if "sets" in f}


def fields_that_set(rules: Rules, name: str, date: str) -> list[str]:
    return [key for key, declared in fields(rules, name).items() if declared.get("sets") == date]


def touching(rules: Rules, date: str) -> set[str]:
    """The events that set a date, or end it."""
    events = rules["events"]
    return {
        name
        for name in events
        if fields_that_set(rules, name, date) or date in listed(events[name].get("ends"))
    }


def members(rules: Rules, name: str) -> set[str]:
    """The events that an event's or a class's name stands for."""
    events = rules["events"]
    if name in ("chase", "courtesy", "attempt", "reply"):
        return {event for event in events if contact(rules, event) == name}
    if name == "contact":
        return {event for event in events if contact(rules, event) not in (None, "none")}
    if name == "sign_of_life":
        return {event for event in events if is_sign_of_life(rules, event)}
    if name in (rules.get("classes") or {}):
        written = rules["classes"][name]
        of = written["of"] if isinstance(written, dict) else written
        return {event for item in listed(of) for event in members(rules, item)}
    return {name}


def members_of(rules: Rules, names: Any) -> set[str]:
    return {event for name in listed(names) for event in members(rules, name)}


def credit_spenders(rules: Rules, credit: str) -> set[str]:
    """The events that can spend a credit."""
    return {
        transition["event"]
        for machine in rules["machines"].values()
        for transition in machine["transitions"].values()
        if credit in spends(rules, transition)
    }


def options(rules: Rules, name: str) -> tuple[list[str], bool]:
    """The moments that a date's name stands for, and whether the latest of them counts, not the first."""
    written = rules["dates"][name]
    if isinstance(written, dict):
        return listed(written["latest_of"]), True
    return listed(written), False


def concerns_employer(rules: Rules, name: str) -> bool:
    """Whether an event belongs to no application: nothing that it touches is kept by application."""
    event = rules["events"][name]
    touched = opens_round(rules, name) or event.get("gives") or event.get("ends")
    if touched or any("sets" in f for f in fields(rules, name).values()):
        return False
    listening = [machine for machine in rules["machines"].values() if listens(machine, name)]
    return bool(listening) and not any("application" in axes(machine["per"]) for machine in listening)


def may_have_no_round(rules: Rules, name: str) -> bool:
    """Whether an event belongs to no round, and so to every one, whatever it is that happened."""
    return concerns_employer(rules, name)


# --- machines -------------------------------------------------------------------------------------


def axes(per: Any) -> set[str]:
    """The keys of a scope. A round lies in its application."""
    found = {axis for axis in listed(per) if axis != "employer"}
    return found | {"application"} if "round" in found else found


def listens(machine: dict[str, Any], event: str) -> bool:
    return any(transition["event"] == event for transition in machine["transitions"].values())


def leaves(machine: dict[str, Any], event: str, state: str) -> list[tuple[str, dict[str, Any]]]:
    """The transitions on an event from a state, in the order of the file."""
    return [
        (name, transition)
        for name, transition in machine["transitions"].items()
        if transition["event"] == event
        and (transition["from"] == "any" or state in listed(transition["from"]))
    ]


def is_outside(machine: dict[str, Any], state: str) -> bool:
    """Whether the rules do not speak of what happens in a state."""
    declared = machine["states"][state] or {}
    return truth(declared.get("outside", "false"))


def guards(rules: Rules, transition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The guards of a transition, with those that it uses by name before its own."""
    return _with_sets(rules, transition.get("guards") or {})


def _with_sets(rules: Rules, written: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in listed(written.get("use")):
        found |= _with_sets(rules, rules["guard_sets"][name])
    return found | {key: guard for key, guard in written.items() if key != "use"}


def spends(rules: Rules, transition: dict[str, Any]) -> list[str]:
    """The credits that a transition takes where there are some, also of an act that needs none."""
    return [guard["spends"] for guard in guards(rules, transition).values() if "spends" in guard]


def spares(rules: Rules, event: str, guard: dict[str, Any], carried: dict[str, Any]) -> bool:
    """Whether an act carries one of the values to which a guard does not apply. It may lack the field."""
    if isinstance(carried, Given):
        return False
    declared = fields(rules, event)
    for name, values in (guard.get("unless") or {}).items():
        if name not in declared:
            continue
        kind = declared[name]["type"]
        for text in listed(values):
            value: Any = truth(text) if kind == "bool" else float(text) if kind == "number" else text
            if carried.get(name) == value:
                return True
    return False


# --- time -----------------------------------------------------------------------------------------


def duration(text: str) -> timedelta | int:
    """An elapsed time, or a number of business days."""
    count, unit = text.split(maxsplit=1)
    unit = unit.removesuffix("s")
    return int(count) if unit == "business day" else int(count) * UNITS[unit]


def moment(text: str) -> tuple[str, timedelta | int | None]:
    """The name of a moment, and what is added to it."""
    found = re.fullmatch(r"\s*(\w+)\s*(?:\+\s*(.*\S)\s*)?", text)
    assert found, text
    name, plus = found.groups()
    return name, duration(plus) if plus else None


def hours(text: str) -> tuple[time, time, str]:
    """When it opens, when it closes, and on which days."""
    span, _, days = (part.strip() for part in text.partition(","))
    opens, closes = (time.fromisoformat(end.strip()) for end in span.split("-"))
    return opens, closes, days or "every day"


def weekend(rules: Rules) -> set[int]:
    written = (rules.get("calendar") or {}).get("weekend", ["saturday", "sunday"])
    return {WEEKDAYS.index(day) for day in listed(written)}
