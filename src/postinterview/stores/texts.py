"""Convert between processes and the texts that stores keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from postinterview.core.process import Process, Rulebook
from postinterview.core.values.errors import RulesChangedError, SavedError
from postinterview.saving.codec import BACKUP, parse
from postinterview.saving.format import Saved
from postinterview.saving.resume import resume
from postinterview.saving.saved import read_data, saved_of, sealed_parts, to_text, with_seals
from postinterview.saving.seals import NO_SEAL
from postinterview.stores.protocol import Standing, StoredEntry, StoredProcess


class LoadedProcess(NamedTuple):
    """A process as a keeper has it.

    Attributes:
        process: the process under the keeper's rules.
        last: the last seal in the store.
        once: the idempotency key of each entry in the store, or None.
        is_migrated: whether a migration applied, so that all is written again.
    """

    process: Process
    last: str
    once: tuple[str | None, ...]
    is_migrated: bool = False


def loaded(rulebook: Rulebook, key: str, stored: StoredProcess) -> LoadedProcess:
    """Return the process that a store keeps.

    Raises:
        SavedError: it is damaged; with the place.
        RulesChangedError: the rules changed, and judge the history differently.
    """
    try:
        whole = _whole(key, stored)
        process, migration, _ = resume(rulebook, read_data(whole))
    except RulesChangedError as error:
        error.add_note(f"this is the process `{key}`")
        raise
    except SavedError as error:
        raise SavedError(error.message, error.help, f"process `{key}`, {error.path or 'head'}") from None
    history = whole["history"]
    once = tuple(entry.once for entry in stored.entries)
    return LoadedProcess(process, history[-1]["seal"] if history else NO_SEAL, once, bool(migration))


def saved_in(key: str, stored: StoredProcess) -> Saved:
    """Return what a store keeps of a process, before it is put under rules.

    Raises:
        SavedError: it is damaged; with the place.
    """
    return read_data(_whole(key, stored))


def _whole(key: str, stored: StoredProcess) -> dict[str, Any]:
    """Return the plain data of the process, as `Process.to_json` would write it."""
    head = _parse("head", stored.standing.head)
    written = head.pop("key", key)
    if written != key:
        help_ = f"{BACKUP}; to give a process another key, add it under that key"
        raise SavedError(f"it was written as the process `{written}`", help_, "head.key")
    for place, entry in enumerate(stored.entries):
        if entry.sequence != place + 1:
            message = f"the row {entry.sequence} is where the row {place + 1} should be"
            raise SavedError(message, BACKUP, f"history[{place}]")
    history = [parse_entry(entry) for entry in stored.entries]
    return {**head, "history": history, "snapshot": _parse("snapshot", stored.standing.snapshot)}


def parse_entry(entry: StoredEntry) -> dict[str, Any]:
    """Return the plain data of an entry, with its seal.

    Raises:
        SavedError: it is no JSON, or no mapping.
    """
    return _parse(f"history[{entry.sequence - 1}]", entry.text)


def _parse(path: str, text: str) -> dict[str, Any]:
    try:
        data = parse(text)
    except SavedError as error:
        raise SavedError(error.message, error.help, f"{path}: {error.path}" if error.path else path) from None
    if not isinstance(data, dict):
        raise SavedError("it is not a mapping", BACKUP, path)
    return data


def stored_parts(
    process: Process, key: str | None, once: Sequence[str | None] = (), *, after: int = 0, last: str = NO_SEAL
) -> tuple[tuple[StoredEntry, ...], Standing]:
    """Return the entries from number ``after`` + 1 on as they are stored, and the standing.

    Args:
        process: the process to store.
        key: its key, which is written into the head, so that swapped rows are detected.
        once: the idempotency keys of these entries; none by default.
        after: the number of entries that are stored already.
        last: the seal of the last of those.
    """
    entries = []
    history = process.history[after:]
    for data, each in zip(with_seals(history, last), once or [None] * len(history), strict=True):
        last = data["seal"]
        entries.append(StoredEntry(sequence=data["number"], text=to_text(data), once=each))
    head, snapshot = standing_texts(process, key, last)
    return tuple(entries), Standing(head=head, snapshot=snapshot, due=process.next_due)


def standing_texts(process: Process, key: str | None, last: str) -> tuple[str, str]:
    """Return the head and the snapshot as they are stored; ``last`` is the seal of the last entry."""
    head, snapshot = sealed_parts(saved_of(process), last)
    bound = {} if key is None else {"key": key}
    return to_text({**bound, **head}), to_text(snapshot)
