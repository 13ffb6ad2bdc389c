"""Keep processes in memory, so that a process that is asked for again is not folded again.

A remembered process says which texts it was read from. The store is asked for the row of the process, its
last known entry and those behind it. The seal of that entry depends on all entries before it, so if its text
is the same, the history begins with the known one, and only new entries are folded::

    known:   entries 1 to 1000                    the store is asked for 1000, 1001, ...
    stored:  ..., 1000 (the same text), 1001      1001 is folded onto the known process

The row of the process must then have the very texts that this process would write. If anything differs (the
process was erased and started anew, migrated, restored from a backup, edited), it is read whole.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from postinterview.core.process import Rulebook
from postinterview.core.values.errors import MisuseError, SavedError
from postinterview.saving.resume import resume_after
from postinterview.saving.saved import read_history
from postinterview.stores.protocol import Standing, StoredProcess
from postinterview.stores.texts import LoadedProcess, parse_entry, standing_texts


class Known(NamedTuple):
    """A process, and the texts that a store has of it.

    Attributes:
        found: the process.
        line: the text of its last entry; empty if it has none.
        head: the head that the store has, and ``snapshot``: the snapshot.
    """

    found: LoadedProcess
    line: str
    head: str
    snapshot: str

    @property
    def number(self) -> int:
        """The number of its last entry."""
        return len(self.found.once)


class Memory:
    """The processes that keepers used last, at most ``most``, by their keys.

    Keepers of one store may share it, such as one for each request, and so may threads. Another store needs
    another memory.

    Raises:
        MisuseError: ``most`` is no whole number above 0.
    """

    def __init__(self, most: int) -> None:
        if type(most) is not int or most < 1:
            raise MisuseError(f"a memory can't hold {most!r} processes", "give a whole number, such as 1000")
        self._most = most
        self._known: OrderedDict[str, Known] = OrderedDict()  # each of its methods is atomic

    def __repr__(self) -> str:
        return f"<Memory of {len(self._known)} processes, at most {self._most}>"

    def find(self, rulebook: Rulebook, key: str) -> Known | None:
        """Return what is known of a process under these rules, or None."""
        found = self._known.get(key)
        if found is None or found.found.process.rulebook is not rulebook:
            return None
        self._put(key, found)
        return found

    def _put(self, key: str, known: Known) -> None:
        """Remember a process, and drop the one that was not used for the longest time."""
        self._known[key] = known
        try:
            self._known.move_to_end(key)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        except KeyError:  # another thread dropped it
            pass

    def keep(self, key: str, found: LoadedProcess, line: str, standing: Standing) -> None:
        """Remember a process that the store has with these texts."""
        if not found.is_migrated:  # the store has the process before its migration
            self._put(key, Known(found, line, standing.head, standing.snapshot))

    def drop(self, key: str) -> None:
        """Forget a process."""
        self._known.pop(key, None)


def brought_up_to_date(key: str, known: Known, stored: StoredProcess) -> LoadedProcess | None:
    """Return a known process with the entries that were stored since; None: it has to be read whole.

    ``stored`` has at least the last known entry and those behind it.
    """
    first = max(known.number, 1)
    lines = [entry for entry in stored.entries if entry.sequence >= first]
    if [entry.sequence for entry in lines] != list(range(first, first + len(lines))):
        return None  # reading it whole says which row is missing
    if known.number:
        if not lines or (lines[0].text, lines[0].once) != (known.line, known.found.once[-1]):
            return None
        del lines[0]
    if not lines:
        is_same = (known.head, known.snapshot) == (stored.standing.head, stored.standing.snapshot)
        return known.found if is_same else None
    process, last, once, _ = known.found
    try:
        new = [parse_entry(line) for line in lines]
        history, last = read_history(new, known.number + len(new), process.history, last)
        process = resume_after(process, history)
    except (SavedError, MisuseError):  # reading it whole says where and why
        return None
    if standing_texts(process, key, last) != (stored.standing.head, stored.standing.snapshot):
        return None
    return LoadedProcess(process, last, (*once, *(line.once for line in lines)))
