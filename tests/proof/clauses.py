"""Whether an act breaks a clause of a promise, read from the clause's own words and the bare history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeAlias

from tests.oracle.reading import duration, listed
from tests.proof.bare import Asked, Told, alive, contact, here, in_round, since

Clause: TypeAlias = dict[str, Any]
"""A clause as a YAML parser without types yields it."""


def breaks(asked: Asked, promise: Clause) -> bool:
    """Whether the act, done now, breaks one of the promise's clauses."""
    return any(breaks_clause(asked, clause) for clause in promise.get("any_of", [promise]))


def breaks_clause(asked: Asked, clause: Clause) -> bool:
    case = next(case for key, case in CASES.items() if key in clause)
    return is_such(asked, clause, asked.act) and case(asked, clause)


def is_such(asked: Asked, clause: Clause, told: Told) -> bool:
    """Whether an event is one of those of which the clause speaks."""
    to_person = asked.definition.events[told.name].to_person
    right_to = "to" not in clause or (clause["to"] == "interviewer") == to_person
    return right_to and is_of(asked, clause["never"], told) and not is_of(asked, clause.get("but"), told)


def is_of(asked: Asked, names: Any, told: Told) -> bool:
    """Whether an event is one of these events and built-in classes."""
    kind = contact(asked, told)
    for name in listed(names):
        match name:
            case "chase" | "courtesy" | "attempt" | "reply":
                found = kind == name
            case "contact":
                found = kind not in ("", "none")
            case "sign_of_life":
                found = alive(asked, told)
            case _:
                found = told.name == name
        if found:
            return True
    return False


def in_scope(asked: Asked, clause: Clause, default: str = "employer") -> list[Told]:
    """The events before the act that lie in the clause's scope."""
    per = listed(clause.get("per", default))
    found = list(asked.before)
    if "application" in per:
        found = here(asked)
    if "round" in per:
        found = in_round(asked)
    if "interviewer" in per and asked.act.to is not None:
        found = [told for told in found if not told.people or asked.act.to in told.people]
    return found


def _span(text: str) -> timedelta:
    length = duration(text)
    assert isinstance(length, timedelta)
    return length


def more_than(asked: Asked, clause: Clause) -> bool:
    found = since(in_scope(asked, clause), lambda told: is_of(asked, clause.get("since"), told))
    if clause.get("each") == "event":
        found = [told for told in found if told.name == asked.act.name]
    if "within" in clause:
        found = [told for told in found if asked.act.at < told.at + _span(clause["within"])]
    if clause.get("count") == "allowed":
        found = [told for told in found if told.allowed]
    return sum(is_such(asked, clause, told) for told in found) >= int(clause["more_than"])


def within(asked: Asked, clause: Clause) -> bool:
    found = [told for told in in_scope(asked, clause) if is_of(asked, clause["of"], told)]
    return any(asked.act.at < told.at + _span(clause["within"]) for told in found)


def later_than(asked: Asked, clause: Clause) -> bool:
    found = [told for told in in_scope(asked, clause) if is_of(asked, clause["of"], told)]
    return bool(found) and asked.act.at >= found[-1].at + _span(clause["later_than"])


def before(asked: Asked, clause: Clause) -> bool:
    standing: date | None = None
    for told in here(asked):
        kind = asked.definition.events[told.name]
        today = told.at.astimezone(asked.zone).date()
        named = [day for name, day in told.dates if name == clause["before"] and kind.by == "employer"]
        if named:
            standing = max(named[-1], today)
        elif is_of(asked, clause.get("ended_by"), told) or (
            kind.opens_round and kind.by == "employer" and standing is not None and today > standing
        ):
            standing = None
    return standing is not None and asked.act.at.astimezone(asked.zone).date() <= standing


def after(asked: Asked, clause: Clause) -> bool:
    begun = False
    for told in in_scope(asked, clause):
        if is_of(asked, clause["after"], told):
            begun = True
        elif is_of(asked, clause.get("until"), told):
            begun = False
    return begun


def without(asked: Asked, clause: Clause) -> bool:
    credits_ = 0
    for told in in_scope(asked, clause, "application"):
        kind = asked.definition.events[told.name]
        if is_of(asked, clause.get("emptied_by"), told):
            credits_ = 0
        if kind.by == "employer" and kind.gives:
            credits_ = min(int(clause["most"]), credits_ + 1)
        if is_such(asked, clause, told):
            credits_ = max(0, credits_ - 1)
    return credits_ == 0


CASES = {
    "more_than": more_than,  # which may have a window, and so goes first
    "within": within,
    "later_than": later_than,
    "before": before,
    "after": after,
    "without": without,
}
