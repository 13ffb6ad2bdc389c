"""Snoozes: what a host keeps beside a process when somebody wants to hear of something later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from postinterview.core.errors import MisuseError
from postinterview.core.moments import in_utc


@frozen(kw_only=True)
class Snooze:
    """That a line of the agenda is put off. `Item.snooze` makes one.

    ``item``: the line's ``id``. ``until``: when it is wanted again. ``due``: when the rules said it was due.
    What happens later and moves that date, either way, ends the snooze. Both moments are in UTC.

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
        """Whether it does so to what the rules say is due at ``due``."""
        return self.due == due < self.until


def latest_snoozes(snoozes: Iterable[Snooze]) -> dict[str, Snooze]:
    """The snooze that counts for each item: the last one.

    Raises:
        MisuseError: there is something else among them.
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
