"""The answer to "may I?", the reasons of a refusal, and the moves of the machines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from attrs import evolve, frozen

from postinterview.core.past.places import Key
from postinterview.core.rules.definitions import ChangedValue
from postinterview.core.rules.rule_text import with_application
from postinterview.core.values.builders import builder
from postinterview.core.values.formatting import (
    full_moment,
    say_brief,
    say_moment,
    say_words,
    sentence,
    shorten,
)
from postinterview.core.values.lazy import Lazy, lazy_builder


@frozen(kw_only=True, weakref_slot=False, repr=False)
class Reason(Lazy):
    """One guard that failed.

    Attributes:
        id: the guard's id, or ``state`` where no transition leaves the present state.
        machine: the machine that the guard belongs to.
        transition: the transition that it stands on; empty for ``state``.
        file: the rule file that it is written in.
        line: its line there, from 1.
        has: what is the case, as a short phrase; ``unknown`` where an imported past leaves it open.
        needs: what has to be the case, as a short phrase; may be empty.
        opens_at: the moment from which on this guard alone holds, in the zone that was asked with; or None.
        opens_after: if ``opens_at`` is None, the events of which one must come first, or all the fields that
            the act lacks. Empty where nothing can help.
        changes: the values that the guard names, and that files change which extend its own: each with its
            ``name`` and ``origin``. At most three, the nearest first.
    """

    id: str
    machine: str
    transition: str
    file: str
    line: int
    has: str
    needs: str
    opens_at: datetime | None = None
    opens_after: tuple[str, ...] = ()
    changes: tuple[ChangedValue, ...] = ()

    @property
    def where(self) -> str:
        """The guard's place, with those of ``changes``: ``default.yaml:7, `answer_due` in ours.yaml:9``."""
        return ", ".join((f"{self.file}:{self.line}", *map(str, self.changes)))

    @property
    def text(self) -> str:
        """``has`` and ``needs`` in one phrase: ``there is no round yet; needed: an interview``."""
        return f"{self.has}; needed: {self.needs}" if self.needs else self.has

    def as_json(self) -> dict[str, Any]:
        """Return the reason in plain types."""
        return {
            "id": self.id,
            "file": self.file,
            "line": self.line,
            "changes": [each.as_json() for each in self.changes],
            "has": self.has,
            "needs": self.needs,
            "opens_at": iso(self.opens_at),
            "opens_after": list(self.opens_after),
        }

    def __repr__(self) -> str:
        return shorten(f"<Reason {self.id}: {self.text}>")


@frozen(weakref_slot=False, repr=False)
class Verdict(Lazy):
    """The answer to "may I?". It is true in a condition if the act is allowed.

    Its moments are in the zone of the ``at`` that was asked with.

    Attributes:
        event: the name of the act.
        at: the moment that was asked about.
        application: the application; None if the act concerns the employer as a whole.
        to: the person it is to, if it is to one.
        allowed: whether the act may be done at ``at``.
        reasons: every guard that failed, in the order of the rulebook; empty if the act is allowed.
        opens_at: the first moment from ``at`` on at which the act is allowed if nothing else happens (``at``
            itself if it is allowed now); or None.
        closes_at: for an allowed act, the first later moment at which it would be refused; or None.
        opens_after: if ``opens_at`` is None, the events of which one must come first, then the fields that
            the act lacks, all of which it must carry. Before them, and beside ``opens_at`` too, ``known`` and
            ``dated`` if an answer about the past may open it (earlier): the agenda asks for it. ``amended``
            if the person may be one whom nobody named. Empty where nothing can help.
        title: the act as the rule file calls it, such as ``thank ana``.
        advice: what ``opens_after`` says, in sentences and by the titles of the rule file; or empty.
        opens_after_titles: what ``opens_after`` lists, each as a person calls it.
    """

    event: str
    at: datetime
    application: str | None
    to: str | None
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_after: tuple[str, ...] = ()
    title: str = ""
    advice: str = ""
    opens_after_titles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def text(self) -> str:
        """The verdict as a short paragraph for a person."""
        title = with_application(self.title or say_words(self.event), self.application)
        if self.allowed:
            until = "" if self.closes_at is None else f" until {say_moment(self.closes_at)}"
            return f"{title}: allowed{until}."
        told = (_PAST if reason.has == UNKNOWN else reason.text for reason in self.reasons)
        reasons = ". ".join(dict.fromkeys(map(sentence, told)))
        if self.opens_at is not None:
            on = "at the end of" if self.opens_at.time() == time.max else "on"
            opens = f" It opens {on} {say_moment(self.opens_at)}.{' ' if self.advice else ''}{self.advice}"
        else:
            opens = f" {self.advice or 'Nothing can open it.'}"
        return f"{title}: refused on {say_moment(self.at)}. {reasons}.{opens}"

    def as_json(self) -> dict[str, Any]:
        """Return the verdict in plain types, its moments as ISO 8601 text with their offset."""
        return {
            "event": self.event,
            "to": self.to,
            "application": self.application,
            "allowed": self.allowed,
            "opens_at": iso(self.opens_at),
            "closes_at": iso(self.closes_at),
            "opens_after": list(self.opens_after),
            "opens_after_titles": list(self.opens_after_titles),
            "reasons": [reason.as_json() for reason in self.reasons],
        }

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        name = self.event if self.to is None else f"{self.event} to {self.to}"
        if self.allowed:
            until = "" if self.closes_at is None else f", until {say_brief(self.closes_at, self.at)}"
            return shorten(f"<Verdict {name}: yes{until}>")
        opens = "" if self.opens_at is None else f", opens {say_brief(self.opens_at, self.at)}"
        ids = ", ".join(dict.fromkeys(reason.id for reason in self.reasons))
        return shorten(f"<Verdict {name}: no{opens} ({ids})>")


@frozen(weakref_slot=False, repr=False)
class Move:
    """A machine's instance went from one state to another.

    Attributes:
        machine: the name of the machine.
        key: the instance of it.
        source: the state that it left.
        target: the state that it entered.
    """

    machine: str
    key: Key
    source: str
    target: str

    def __repr__(self) -> str:
        return shorten(f"<Move {self.machine}: {self.source} -> {self.target}>")


_PAST = "not all that happened before is known"
"""The text of an unknown past, however many guards it leaves open: the advice says what to tell."""

new_verdict = builder(Verdict)
new_permission = lazy_builder(Verdict, "title")
new_passing_permission = lazy_builder(Verdict, "closes_at title")
new_refusal = lazy_builder(Verdict, "reasons opens_at opens_after title advice opens_after_titles")
new_reason = lazy_builder(Reason, "has needs opens_after")
new_move = builder(Move)


ANSWERS = ("known", "dated", "amended")
"""The names in `opens_after` of the calls that answer a question about the past."""


def told_first(verdict: Verdict) -> list[str]:
    """Return what to say of the past, behind "say", such as ``when the interview was``."""
    named = zip(verdict.opens_after, verdict.opens_after_titles, strict=True)
    return [title for name, title in named if name in ANSWERS]


def with_answer(verdict: Verdict, call: str, what: str) -> Verdict:
    """Return a refusal with the call that may open it, before all others."""
    if verdict.opens_at is not None:
        advice = f"{verdict.advice} Say {what}: it may open earlier.".strip()
    else:
        advice = f"Say {what}. {verdict.advice.replace('First, at least:', 'Or first, at least:')}".strip()
    return evolve(
        verdict,
        opens_after=(call, *verdict.opens_after),
        opens_after_titles=(what, *verdict.opens_after_titles),
        advice=advice,
    )


UNKNOWN = "unknown"
"""The text of `has` where the past leaves it open."""


def retold(reason: Reason, *, is_in_doubt: bool) -> Reason:
    """Return a reason as it is told if there are several pasts. ``is_in_doubt``: it does not hold in all."""
    return new_reason(
        id=reason.id,
        machine=reason.machine,
        transition=reason.transition,
        file=reason.file,
        line=reason.line,
        opens_at=None if reason.opens_at is None else full_moment(reason.opens_at),
        changes=reason.changes,
        later=_ReasonInDoubt(reason) if is_in_doubt else reason,
    )


def in_doubt(verdict: Verdict, at: datetime | None = None) -> Verdict:
    """Return a refusal of which nobody knows whether its reasons hold. ``at``: the moment that it names."""
    shown = verdict.at if at is None else at
    return new_refusal(
        verdict.event, shown, verdict.application, verdict.to, False, later=_RefusalInDoubt(verdict)
    )


class _RefusalInDoubt:
    """The words of a refusal in doubt: the same as the refusal, but for its reasons."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(retold(each, is_in_doubt=True) for each in self._verdict.reasons)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._verdict, name)


class _ReasonInDoubt:
    """The words of a reason in doubt: the same as the reason, but for what is the case."""

    has = UNKNOWN

    def __init__(self, reason: Reason) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reason, name)


def iso(moment: date | None) -> str | None:
    """Return a moment as ISO 8601 text with its offset, or a day as 2026-03-10."""
    return None if moment is None else moment.isoformat()


def distinct(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the reasons for a reader: one where two transitions refuse by the same line of the rules."""
    return tuple({(each.id, each.file, each.line, each.text): each for each in reasons}.values())
