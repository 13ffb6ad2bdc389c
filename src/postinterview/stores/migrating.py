"""Carry every process of a store over to rules that changed, or predict what would become of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from attrs import evolve, field, frozen

from postinterview.core.values.errors import ConflictError, MisuseError, SavedError
from postinterview.saving import Fate, Forecast, forecast
from postinterview.stores.keeper import Keeper
from postinterview.stores.protocol import StoredProcess
from postinterview.stores.texts import saved_in, stored_parts
from postinterview.stores.writing import attempts

PAGE = 1000
"""Keys that are held in memory at a time."""

Told = Callable[[str, Forecast], object]


@frozen
class Migrated:
    """The result of a migration.

    Attributes:
        counts: the number of processes of each fate.
        written: how many processes were written.
        left: how many were to be written and could no longer be, because others wrote them meanwhile.
    """

    counts: Mapping[Fate, int] = field(hash=False)
    written: int = 0
    left: int = 0

    @property
    def stuck(self) -> bool:
        """Return whether some processes can't go on under the rules."""
        return bool(self.counts.get("refused") or self.counts.get("damaged") or self.left)


def migrate(
    keeper: Keeper, *, check: bool = False, told: Told | None = None, wrote: Told | None = None
) -> Migrated:
    """Carry every process of a keeper's store over to the keeper's rules.

    First it predicts what becomes of each process, and calls ``told`` with its key and the `Forecast`. If
    none is refused or damaged, it then writes each process that has to be written, in a transaction of its
    own, and calls ``wrote``. With ``check`` it writes nothing.

    Others may write meanwhile, under these rules. A process that can no longer go on is left as it is, and
    ``told`` is called again. If the migration is interrupted, call it again: written processes are then
    unchanged. It holds a page of keys and one process in memory.
    """
    counts: Counter[Fate] = Counter()
    for key, found in predict(keeper):
        counts[found.fate] += 1
        if told is not None:
            told(key, found)
    if check or Migrated(counts).stuck:
        return Migrated(counts)
    done: Counter[bool] = Counter()
    for key, found in carry_over(keeper):
        done[found.fits] += 1
        say = wrote if found.fits else told
        if say is not None:
            say(key, found)
    return Migrated(counts, done[True], done[False])


def predict(keeper: Keeper) -> Iterator[tuple[str, Forecast]]:
    """Yield each key with what becomes of its process. Nothing is written."""
    for key in keeper.keys(page=PAGE):
        _, found = _predict(keeper, key)
        if found is not None:
            yield key, found


def carry_over(keeper: Keeper) -> Iterator[tuple[str, Forecast]]:
    """Write each process that has to be written; yield its key, and the keys of those that can't be.

    Raises:
        ConflictError: others wrote a process again and again.
    """
    for key in keeper.keys(page=PAGE):
        found = _carry_over(keeper, key)
        if found is not None and found.fate != "unchanged":
            yield key, found


def _carry_over(keeper: Keeper, key: str) -> Forecast | None:
    for _ in attempts(key):
        stored, found = _predict(keeper, key)
        if stored is None or found is None or found.process is None or not found.is_new:
            return found
        entries, standing = stored_parts(found.process, key, [each.once for each in stored.entries])
        try:
            keeper.store.rewrite(key, stored.version, entries, standing)
        except ConflictError:
            continue
        return found
    raise AssertionError


def _predict(keeper: Keeper, key: str) -> tuple[StoredProcess | None, Forecast | None]:
    """Return a process as it is stored now, and what becomes of it; None twice if it is gone meanwhile."""
    try:
        stored = keeper.store.load(key)
    except (MisuseError, SavedError) as error:  # somebody wrote the row past every check
        path = getattr(error, "path", "key")
        return None, Forecast(fate="damaged", message=error.message, help=error.help, path=path)
    if stored is None:
        return None, None
    found = forecast(keeper.rulebook, lambda: saved_in(key, stored))
    if found.process is None or found.fate != "unchanged" or found.process.next_due == stored.standing.due:
        return stored, found
    return stored, evolve(found, fate="goes_on")  # time zones and holidays change without the rules
