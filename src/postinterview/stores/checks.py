"""Refuse what some store can't keep in every store, so that a host can change from one to another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta

from postinterview.core.process import Process, Rulebook
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import shorten
from postinterview.core.values.names import check_name, is_name
from postinterview.core.values.suggest import ticked
from postinterview.stores.protocol import MOST_LOADED, Standing, Store, StoredEntry

LONGEST = 300
"""Characters of a key. Two keys of this length fit into an index of any database."""

MOST = 2**31 - 1
"""The largest integer in a column of any database."""

LONGEST_LEEWAY = timedelta(days=1)
"""Clocks that differ by more are wrong, and would move acts to other days."""

_UNKEPT = re.compile("[\0\ud800-\udfff]").search


def check_keeper(rulebook: object, store: object, leeway: object) -> None:
    """Check that a keeper can work with these: a store is any object with every method of `Store`."""
    if not isinstance(rulebook, Rulebook):
        raise MisuseError(f"{shorten(repr(rulebook))} is not a rulebook", "give what load_rulebook returns")
    methods = [name for name in vars(Store) if not name.startswith("_")]
    if isinstance(store, type) or not all(callable(getattr(store, name, None)) for name in methods):
        help_ = (
            f"give `MemoryStore()`, `SqlStore(url)`, or any object with the methods {ticked(methods, 'and')}"
        )
        kind = type(store).__name__  # not the value: it may be a URL with a password
        raise MisuseError(f"a value of the type `{kind}` is not a store", help_)
    check_duration("leeway", leeway, "timedelta(minutes=1)", LONGEST_LEEWAY)


def check_process(process: object, rulebook: Rulebook) -> None:
    """Check that ``process`` is a process under these rules."""
    if not isinstance(process, Process):
        message = f"{shorten(repr(process))} is not a process"
        raise MisuseError(message, "give what the rulebook's `start` or `restore` returns")
    if process.rulebook != rulebook:
        raise MisuseError(f"the process has the rules `{process.rulebook.name}`", "restore it under these")


def check_duration(name: str, value: object, such_as: str, most: timedelta = timedelta.max) -> None:
    """Check that ``value`` is a time from none to ``most``; ``name`` is the argument's name."""
    help_ = f"give a timedelta, such as {such_as}"
    if not isinstance(value, timedelta):
        raise MisuseError(f"`{name}` can't be {shorten(repr(value))}", help_)
    if value < timedelta():
        raise MisuseError(f"`{name}` can't be negative", help_)
    if value > most:
        raise MisuseError(f"`{name}` can't be {value}, more than {most}", help_)


def check_key(name: str, key: object, *, behind: str = "") -> None:
    """Check that ``key`` can be the key of a process or of a call.

    ``name`` is the argument's name. ``behind``: what stands before the key in the store, such as its owner,
    and in no message.
    """
    whole = f".{key}" if behind else key  # an owner's key may be a space
    check_name(whole, f"`{name}` can't be {key!r}", "give a text with visible characters")
    longest = LONGEST - len(behind)
    if len(str(key)) > longest:
        raise MisuseError(f"`{name}` has {len(str(key))} characters", f"give one of {longest} at most")


def check_keys(keys: Collection[str]) -> None:
    """Check the keys of processes that are loaded together."""
    if len(keys) > MOST_LOADED:
        help_ = f"load {MOST_LOADED} at a time, as `Keeper.load_many` does"
        raise MisuseError(f"a store can't load {len(keys)} processes at once", help_)
    for key in keys:
        check_key("key", key)


def check_prefix(prefix: object) -> None:
    """Check that a process's key can begin with this text: with one more character it is a key."""
    if not (isinstance(prefix, str) and len(prefix) < LONGEST and is_name(f"{prefix}.")):
        check_key("prefix", prefix)


def check_whole_prefix(prefix: object) -> None:
    """Check that no key of another owner begins with this text: it ends with the sign behind an owner."""
    check_prefix(prefix)
    shown = str(prefix)
    if not shown:
        raise MisuseError("an empty prefix would erase all processes", 'give a prefix such as "user-3/"')
    if unicodedata.category(shown[-1])[0] in "LNM":  # a letter, a digit, or an accent on the one before
        message = f"keys that go on after {prefix!r} may be of another user"
        raise MisuseError(message, f'end it with what ends a user\'s id in your keys, such as "{shown}/"')


def check_written(key: str, standing: Standing, entries: Sequence[StoredEntry]) -> None:
    """Check the key, the texts and the numbers of a write."""
    check_key("key", key)
    check_text("head", standing.head)
    check_text("snapshot", standing.snapshot)
    for entry in entries:
        if not 0 < entry.sequence <= MOST:
            raise MisuseError(f"`sequence` can't be {entry.sequence}", "entries are counted from 1")
        if entry.once is not None:
            check_key("once", entry.once)
        check_text("text", entry.text)


def check_text(name: str, text: str) -> None:
    """Check that a database can keep the text."""
    found = _UNKEPT(text)
    if found:
        what = "the character NUL" if found[0] == "\0" else "half a character"
        message = f"`{name}` has {what} in place {found.start() + 1}"
        raise MisuseError(message, "no database keeps that: write JSON")


def check_limit(limit: int) -> None:
    """Check the length of a page."""
    if not 0 < limit <= MOST:
        raise MisuseError(f"a page can't have {limit} processes", "give 1 or more")
