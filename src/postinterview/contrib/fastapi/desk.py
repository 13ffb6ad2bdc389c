"""Bring together what a request works with: a keeper, the caller's keys, and the moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import check_zone
from postinterview.stores import Due, Keeper
from postinterview.stores.owners import key_of, prefix_of


@frozen
class Desk:
    """What a request works with.

    Attributes:
        keeper: where processes are kept.
        owner: whose processes they are; None: the caller may touch all of them.
        now: the moment by the server's clock.
        timezone: the zone of the moments in the answer; None: the employer's.
    """

    keeper: Keeper
    owner: str | None
    now: datetime
    timezone: str | None = None

    @property
    def prefix(self) -> str:
        """What the keeper's keys of the caller's processes begin with."""
        return "" if self.owner is None else prefix_of(self.owner)

    def key(self, key: str) -> str:
        """Return the key by which the keeper knows the caller's process."""
        return key if self.owner is None else key_of(self.owner, key)

    def load(self, key: str) -> Process:
        """Return the caller's process.

        Raises:
            UnknownKeyError: there is none under this key.
        """
        return self.keeper.load(self.key(key))

    def is_there(self, key: str) -> bool:
        """Return whether the caller has a process under this key."""
        return self.keeper.store.load(self.key(key)) is not None

    def zone(self, process: Process) -> ZoneInfo:
        """Return the zone that moments are said in."""
        return process.calendar.zone if self.timezone is None else check_zone(self.timezone)

    def keys(self, after: str = "", limit: int = 1000) -> list[str]:
        """Return the first of the caller's keys that follow ``after``, in the order of their characters."""
        found = self.keeper.store.keys(after=self.prefix + after, limit=limit)
        return [key.removeprefix(self.prefix) for key in found if key.startswith(self.prefix)]

    def all_keys(self) -> Iterator[str]:
        """Yield all of the caller's keys, which may be erased meanwhile."""
        return (key.removeprefix(self.prefix) for key in self.keeper.keys(prefix=self.prefix))

    def cursor(self, last: Due) -> str:
        """Return what a client gives back to get the page after this process."""
        return f"{last.due.isoformat()} {last.key.removeprefix(self.prefix)}"

    def place(self, cursor: str) -> Due:
        """Return the process that a cursor names.

        Raises:
            MisuseError: it is none.
        """
        moment, _, key = cursor.partition(" ")
        try:
            return Due(datetime.fromisoformat(moment).astimezone(UTC), self.key(key))
        except (ValueError, OverflowError):
            raise MisuseError(f"`after` can't be {cursor!r}", "give the `next` of the page before") from None
