"""Say what a promise forbids."""

from __future__ import annotations

from typing import assert_never

from postinterview.core.formatting import say_duration, say_list
from postinterview.proof.promises import After, Before, Clause, MoreThan, Promise, When, Within, Without

_TO = {"interviewer": " to one person", "nobody": " to nobody in particular", "": ""}


def forbids(promise: Promise) -> tuple[str, ...]:
    """Return a sentence for each clause: ``never chase: more than 1 since sign_of_life``."""
    return tuple(_said(clause) for clause in promise.clauses)


def _said(clause: Clause) -> str:
    but = f" but {say_list(clause.but)}" if clause.but else ""
    return f"never {say_list(clause.never)}{but}{_TO[clause.to]}: {_when(clause.when)}"


def _when(when: When) -> str:
    match when:
        case MoreThan():
            each = " of the same event" if when.each else ""
            return f"more than {when.number}{each}{_since(when.since)}, counted per {when.per}"
        case Before():
            ended = f", unless {say_list(when.ended_by)} came since" if when.ended_by else ""
            return f"before the end of the day in `{when.date}`{ended}"
        case Within():
            return f"within {say_duration(when.duration)} of {say_list(when.of)}, per {when.per}"
        case After():
            until = f", until {say_list(when.until)}" if when.until else ""
            return f"after {say_list(when.of)}{until}, per {when.per}"
        case Without():
            emptied = f"; {say_list(when.emptied_by)} takes them all" if when.emptied_by else ""
            return f"without a credit, of which there are {when.most} at most per {when.per}{emptied}"
    assert_never(when)


def _since(names: tuple[str, ...]) -> str:
    return f" since {say_list(names)}" if names else ""
