"""The lines of an agenda."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, get_args, overload

from attrs import fields, frozen

from postinterview.core.answers.snoozes import Snooze
from postinterview.core.answers.verdict import Reason, iso
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_moment, shorten
from postinterview.core.values.lazy import Lazy, lazy_builder
from postinterview.core.values.names import unknown_name

ItemKind: TypeAlias = Literal[
    "overdue", "open", "tell", "wait", "coming", "snoozed", "blocked", "broken", "done"
]
ORDER: tuple[ItemKind, ...] = get_args(ItemKind)
RANKS = {kind: rank for rank, kind in enumerate(ORDER)}


@frozen(kw_only=True, weakref_slot=False, repr=False)
class Question:
    """The question of a line of kind ``tell``: whether some events happened, or when one was.

    Whether they happened is answered by two calls: `Process.record` with ``late=True`` for each event that
    did (with ``undated=True`` if nobody knows when), and then `Process.known`. When an event was that has no
    date or no hour is answered by `Process.dated`. `as_json` has the calls with their arguments.

    Attributes:
        events: the events of the rulebook that may have happened, or that have no date.
        since: the first moment that matters: that of the first recorded event; None if none is earlier than
            ``until``. If it asks for the hour of an event of which only the day is known: when that begins.
        until: the moment from which on the history is complete, or by which the events had happened.
        application: the only application in which they may have happened; None if it is any, or several.
        applications: the applications that it names: all that it is about, unless that is any.
        undated: the numbers of the entries of which it asks when they were; empty if it asks whether.
        blocks: the acts that the answer decides about.
        anywhere: whether it is about any application, also those that it does not name.
    """

    events: tuple[str, ...]
    since: datetime | None
    until: datetime
    application: str | None
    blocks: tuple[str, ...]
    applications: tuple[str, ...] = ()
    undated: tuple[int, ...] = ()
    anywhere: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the question and the calls that answer it in plain types."""
        calls: list[dict[str, Any]] = [{"call": "dated", "number": number} for number in self.undated]
        if not self.undated:
            events, until = list(self.events), iso(self.until)
            for place in (None,) if self.anywhere else self.applications:
                calls += [
                    {"call": "record", "events": events, "late": True, "application": place},
                    {"call": "known", "of": events, "until": until, "application": place},
                ]
        return {
            "events": list(self.events),
            "since": iso(self.since),
            "until": iso(self.until),
            "application": self.application,
            "applications": list(self.applications),
            "undated": list(self.undated),
            "anywhere": self.anywhere,
            "blocks": list(self.blocks),
            "calls": calls,
        }

    def __repr__(self) -> str:
        about = "when was " if self.undated else ""
        return shorten(f"<Question: {about}{', '.join(self.events)} until {say_moment(self.until)}>")


@frozen(kw_only=True, weakref_slot=False, repr=False)
class Item(Lazy):
    """One line of the agenda. Its moments are in the zone of the ``at`` that the agenda was asked with.

    Attributes:
        kind: overdue, open (allowed now), tell (something is unknown, and ``question`` asks about it), wait
            (there is nothing else to do), coming (allowed from ``opens_at`` on), snoozed (until ``due``),
            blocked (by ``reasons``), broken (a breach, at ``at``) or done (at ``at``).
        text: the line as a person reads it.
        event: the name of the act; None for ``wait`` and ``tell``.
        application: the application; None if the act concerns the employer as a whole, and if it may be done
            about one of several.
        applications: the applications that the line is about. Of several the rules allow one.
        to: the person it is to, if it is to one.
        at: when it was done. ``day``: the day alone, where nobody knows the hour.
        due: ``rule_due`` or later: when the act may be done, or is wanted after a snooze. For a chase or an
            attempt, which nobody owes, the moment that is suggested: the first on a business day of the
            employer between 09:00 and 18:00 at which it is allowed, or, if it closes for good before
            ``rule_due``, a day before that. None where nobody knows whether it was done already. For
            ``tell``, the end of the unknown past, or by when the event had happened.
        opens_at: when it is allowed; or None.
        closes_at: when it will be refused again; or None.
        reasons: the guards that refuse it now.
        why: the reason that the rule file gives.
        rule: the file and line of the rule.
        id: names what is to be done; the same however its date moves, and another one once it was done.
        title: the act as a person calls it, whatever its kind.
        rule_due: the moment that the rule names.
        question: what a line of kind ``tell`` asks, and how it is answered.
    """

    kind: ItemKind
    text: str
    event: str | None = None
    application: str | None = None
    applications: tuple[str, ...] = ()
    to: str | None = None
    at: datetime | None = None
    due: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    why: str = ""
    rule: str = ""
    id: str = ""
    title: str = ""
    rule_due: datetime | None = None
    question: Question | None = None
    day: date | None = None

    def snooze(self, *, until: datetime) -> Snooze:
        """Return what puts the line off until ``until``, to be kept and given to `Process.agenda`.

        Raises:
            MisuseError: nothing is due here.
            TimeError: ``until`` has no zone, or is out of range.
        """
        if self.rule_due is None or not self.id:
            raise MisuseError(f"there is nothing due to put off: {self.text}", "snooze what has a `due`")
        return Snooze(item=self.id, until=until, due=self.rule_due)

    def as_json(self) -> dict[str, Any]:
        """Return the item in plain types, its moments as ISO 8601 text with their offset.

        ``at`` is the day alone, where nobody knows the hour.
        """
        shown = {name: getattr(self, name) for name in _SHOWN}
        moments = {name: iso(shown[name]) for name in ("due", "opens_at", "closes_at")}
        moments["at"] = iso(self.at) if self.day is None else self.day.isoformat()
        listed = {"applications": list(self.applications), "reasons": [reason.id for reason in self.reasons]}
        asked = {} if self.question is None else {"question": self.question.as_json()}
        return shown | moments | listed | asked

    def __repr__(self) -> str:
        return shorten(f"<Item {self.kind}: {self.text}>")


new_item = lazy_builder(Item, "text title reasons opens_at closes_at rule id")


def id_of(parts: Iterable[str]) -> str:
    """Return an item's id of its parts, whatever characters they have."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


_SHOWN = [
    each.name for each in fields(Item) if each.name not in ("id", "title", "rule_due", "question", "day")
]


@frozen(weakref_slot=False, repr=False)
class Agenda(Sequence[Item]):
    """The items, the most pressing first."""

    items: tuple[Item, ...]

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def of(self, kind: ItemKind) -> tuple[Item, ...]:
        """Return the items of one kind.

        Raises:
            UnknownNameError: there is no such kind.
        """
        if kind not in ORDER:
            raise unknown_name("kind of item", kind, ORDER)
        return tuple(item for item in self.items if item.kind == kind)

    @property
    def text(self) -> str:
        """All items, a line each."""
        return "\n".join(f"{item.kind:8}{item.text}" for item in self.items)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        counts = [f"{len(self.of(kind))} {kind}" for kind in ORDER if self.of(kind)]
        return f"<Agenda: {', '.join(counts) or 'nothing'}>"
