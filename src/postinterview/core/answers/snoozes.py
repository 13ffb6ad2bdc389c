"""Snoozes, which a host keeps beside a process when a user puts off a line of the agenda."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_moment, shorten
from postinterview.core.values.moments import in_utc


@frozen(kw_only=True, weakref_slot=False, repr=False)
class Snooze:
    """A line of the agenda that is put off. `Item.snooze` makes one.

    Attributes:
        item: the line's ``id``.
        until: when it is wanted again, in UTC.
        due: when the rules said it was due, in UTC. If that date moves, either way, the snooze ends.

    Raises:
        TimeError: a moment has no zone, or is out of range.
        MisuseError: the item is no text.
    """

    item: str
    until: datetime
    due: datetime

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.item, str):
            raise MisuseError(f"`{self.item!r}` is the id of no item", "make one with item.snooze(until=...)")
        object.__setattr__(self, "until", in_utc(self.until))
        object.__setattr__(self, "due", in_utc(self.due))

    def puts_off(self, due: datetime) -> bool:
        """Return whether it puts off what the rules say is due at ``due``."""
        return self.due == due < self.until

    def __repr__(self) -> str:
        return shorten(f"<Snooze {self.item}: until {say_moment(self.until)} UTC>")


def latest_snoozes(snoozes: Iterable[Snooze]) -> dict[str, Snooze]:
    """Return the snooze that counts for each item, which is the last one.

    Raises:
        MisuseError: one of them is no snooze.
    """
    help_ = "give what item.snooze(until=...) answers with, such as snoozes=[...]"
    try:
        found = tuple(snoozes)
    except TypeError:
        raise MisuseError(f"snoozes can't be {snoozes!r}", help_) from None
    for each in found:
        if not isinstance(each, Snooze):
            raise MisuseError(f"`{each!r}` is no snooze", help_)
    return {each.item: each for each in found}
