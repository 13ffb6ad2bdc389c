"""Between processes and the texts that stores keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from postinterview.core.errors import RulesChangedError, SavedError
from postinterview.core.process import Process
from postinterview.core.rulebook import Rulebook
from postinterview.saving import (
    Saved,
    entry_to_data,
    read_data,
    resume,
    saved_of,
    sealed_head,
    strict,
    to_text,
    with_seals,
)
from postinterview.saving.seals import FIRST
from postinterview.stores.protocol import Kept, Line, Standing

COPY = "restore it from a copy"


@frozen
class Loaded:
    """A process as it was kept. ``last``: the seal of its last entry.

    ``carried_over``: a migration of the rules changed its entries, so they are to be written anew.
    """

    process: Process
    last: str
    carried_over: bool


def loaded(rulebook: Rulebook, key: str, kept: Kept) -> Loaded:
    """The process that a store keeps.

    Raises:
        SavedError: it is damaged; with the place.
        RulesChangedError: the rules judge it otherwise than those it was written under.
    """
    try:
        whole = _whole(key, kept)
        saved = read_data(whole)
        process = resume(rulebook, saved).process
    except RulesChangedError as error:
        error.add_note(f"this is the process `{key}`")
        raise
    except SavedError as error:
        raise SavedError(error.message, error.help, f"process `{key}`, {error.path or 'head'}") from None
    now = tuple(map(entry_to_data, process.history))
    if now == saved.entries:
        history = whole["history"]
        return Loaded(process, history[-1]["seal"] if history else FIRST, carried_over=False)
    return Loaded(process, _last_seal(process), carried_over=True)


def saved_in(key: str, kept: Kept) -> Saved:
    """What a store keeps, of no rulebook yet.

    Raises:
        SavedError: it is damaged; with the place.
    """
    return read_data(_whole(key, kept))


def _whole(key: str, kept: Kept) -> dict[str, Any]:
    head = _parse("head", kept.standing.head)
    written = head.pop("key", key)
    if written != key:
        help_ = f"{COPY}; who wants another key for a process adds it under that"
        raise SavedError(f"it was written as the process `{written}`", help_, "head.key")
    for place, line in enumerate(kept.lines):
        if line.sequence != place + 1:
            message = f"the row {line.sequence} stands where the row {place + 1} belongs"
            raise SavedError(message, COPY, f"history[{place}]")
    history = [_parse(f"history[{place}]", line.text) for place, line in enumerate(kept.lines)]
    return {**head, "history": history, "snapshot": _parse("snapshot", kept.standing.snapshot)}


def _parse(way: str, text: str) -> dict[str, Any]:
    try:
        data = strict.parse(text)
    except SavedError as error:
        raise SavedError(error.message, error.help, f"{way}: {error.path}" if error.path else way) from None
    if not isinstance(data, dict):
        raise SavedError("this is no mapping", COPY, way)
    return data


def standing_of(process: Process, key: str | None = None) -> Standing:
    """What is kept of a process beside its entries; with its ``key``, so that no other is taken for it."""
    saved = saved_of(process)
    bound = {} if key is None else {"key": key}
    head = to_text({**bound, **sealed_head(saved, _last_seal(process))})
    return Standing(head=head, snapshot=to_text(saved.snapshot), due=process.next_due)


def lines_of(process: Process, once: Sequence[str | None] = ()) -> tuple[Line, ...]:
    """Every entry of a process, each with its idempotency key if there are some."""
    sealed = with_seals(map(entry_to_data, process.history))
    keys = once or [None] * len(process.history)
    return tuple(
        Line(sequence=data["number"], text=to_text(data), once=key)
        for data, key in zip(sealed, keys, strict=True)
    )


def line_of(process: Process, last: str, once: str | None) -> Line:
    """The last entry of a process; ``last``: the seal of the one before it."""
    entry = process.history[-1]
    (sealed,) = with_seals([entry_to_data(entry)], last)
    return Line(sequence=entry.number, text=to_text(sealed), once=once)


def _last_seal(process: Process) -> str:
    last = FIRST
    for sealed in with_seals(map(entry_to_data, process.history)):
        last = sealed["seal"]
    return last
