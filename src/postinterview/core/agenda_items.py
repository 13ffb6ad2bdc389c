"""The lines of an agenda, as values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import frozen

from postinterview.core.errors import MisuseError
from postinterview.core.names import unknown_name
from postinterview.core.snoozes import Snooze
from postinterview.core.verdict import Reason, _iso

ItemKind: TypeAlias = Literal["overdue", "open", "wait", "coming", "snoozed", "blocked", "broken", "done"]
ORDER: tuple[ItemKind, ...] = (
    "overdue",
    "open",
    "wait",
    "coming",
    "snoozed",
    "blocked",
    "broken",
    "done",
)


@frozen(kw_only=True)
class Item:
    """One line of the agenda.

    ``kind``: overdue, open (allowed now), wait (nothing else to do), coming (allowed from
    ``opens_at`` on), snoozed (until ``due``), blocked (by ``reasons``), broken (a breach, at ``at``),
    done (at ``at``). ``text`` is the line as a person reads it; ``why`` the rule's reason; ``rule`` its file
    and line. Moments are in the zone of the ``at`` that the agenda was asked with.

    ``id`` names what is to be done, the same however its date moves, and another one once it was done;
    ``title`` is what to call it, whatever its kind; ``rule_due`` the moment that the rule names. ``due`` is
    that, or later: when the act may be done, or is wanted after a snooze; None where nobody knows whether
    the act was done already.
    """

    kind: ItemKind
    text: str
    event: str | None = None
    application: str | None = None
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

    def snooze(self, *, until: datetime) -> Snooze:
        """Put the line off: what to keep, and to give to `Process.agenda` from now on.

        Raises:
            MisuseError: nothing is due here.
            TimeError: ``until`` has no zone, or is out of range.
        """
        if self.rule_due is None or not self.id:
            raise MisuseError(f"there is nothing due to put off: {self.text}", "snooze what has a `due`")
        return Snooze(item=self.id, until=until, due=self.rule_due)

    def as_json(self) -> dict[str, Any]:
        """The item in plain types, moments as ISO 8601 text with their offset."""
        return {
            "kind": self.kind,
            "text": self.text,
            "event": self.event,
            "application": self.application,
            "to": self.to,
            "at": _iso(self.at),
            "due": _iso(self.due),
            "opens_at": _iso(self.opens_at),
            "closes_at": _iso(self.closes_at),
            "reasons": [reason.id for reason in self.reasons],
            "why": self.why,
            "rule": self.rule,
        }


@frozen
class Agenda(Sequence[Item]):
    """The items, the most pressing first. ``text`` is the whole of it, a line each."""

    items: tuple[Item, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def of(self, kind: ItemKind) -> tuple[Item, ...]:
        """The items of one kind.

        Raises:
            UnknownNameError: there is no such kind.
        """
        if kind not in ORDER:
            raise unknown_name("kind of item", kind, ORDER)
        return tuple(item for item in self.items if item.kind == kind)

    @property
    def text(self) -> str:
        return "\n".join(f"{item.kind:8}{item.text}" for item in self.items)
