"""What one store can't keep is misuse in every store, with the same words, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import postinterview as pi
from postinterview.stores import ConflictError, Keeper, Standing, Store, StoredEntry
from tests.stores.telling import MONDAY, fields_of, interviewed

PLAIN = Standing(head="{}", snapshot="{}")
LONG = "\N{GRINNING FACE}" * 300
Write = Callable[[Store], object]


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda store: store.load("a\0b"), r"`key` can't be 'a\\x00b'"),
        (lambda store: store.load("\ud83d"), r"`key` can't be '\\ud83d'"),
        (lambda store: store.load("a\u200b"), r"leave out U\+200B \(zero width space\)"),
        (lambda store: store.create("", PLAIN), "`key` can't be ''"),
        (lambda store: store.create("a\ud83d", PLAIN), r"`key` can't be 'a\\ud83d'"),
        (lambda store: store.create("k" * 301, PLAIN), "`key` has 301 characters"),
        (
            lambda store: store.create("b", Standing(head="a\0", snapshot="")),
            "`head` has the character NUL in place 2",
        ),
        (
            lambda store: store.create("b", Standing(head="", snapshot="\udc00")),
            "`snapshot` has half a character in",
        ),
        (
            lambda store: store.create("b", PLAIN, [StoredEntry(sequence=2**31, text="")]),
            "`sequence` can't be 2147483648",
        ),
        (
            lambda store: store.append("a", 0, [StoredEntry(sequence=0, text="")], PLAIN),
            "`sequence` can't be 0",
        ),
        (
            lambda store: store.append("a", 0, [StoredEntry(sequence=1, text="\0")], PLAIN),
            "`text` has the character NUL",
        ),
        (
            lambda store: store.append("a", 0, [StoredEntry(sequence=1, text="", once="\0")], PLAIN),
            "`once` can't be",
        ),
        (
            lambda store: store.rewrite("a", 0, [StoredEntry(sequence=1, text="\ud800")], PLAIN),
            "`text` has half a character",
        ),
        (lambda store: store.due(datetime(2026, 3, 2, tzinfo=UTC), limit=0), "a page can't have 0 processes"),
        (lambda store: store.keys(after="a\0"), "`after` has the character NUL in place 2"),
        (lambda store: store.keys(limit=0), "a page can't have 0 processes"),
    ],
)
def test_what_some_store_can_not_keep_is_misuse_in_all(store: Store, write: Write, said: str) -> None:
    store.create("a", PLAIN)
    before = store.load("a")
    with pytest.raises(pi.MisuseError, match=said):
        write(store)
    assert store.load("a") == before
    assert store.load("b") is None


@pytest.mark.parametrize("version", [-1, 1, 2**31 - 1, 2**31, 2**70])
def test_a_version_of_any_size_that_it_is_not_at_is_a_conflict(store: Store, version: int) -> None:
    store.create("a", PLAIN)
    with pytest.raises(ConflictError, match=f"not at version {version} any more"):
        store.append("a", version, [StoredEntry(sequence=1, text="{}")], PLAIN)


def test_the_longest_keys_of_the_widest_characters_are_kept(store: Store) -> None:
    due = datetime(2026, 3, 2, tzinfo=UTC)
    store.create(
        LONG, Standing(head="{}", snapshot="{}", due=due), [StoredEntry(sequence=1, text="{}", once=LONG)]
    )
    assert [each.key for each in store.due(due)] == [LONG]
    kept = store.load(LONG)
    assert kept is not None
    assert kept.entries[0].once == LONG


def test_a_text_that_carries_the_character_nul_is_kept_as_it_is(keeper: Keeper) -> None:
    interviewed(keeper)
    fields = fields_of("thank_you") | {"topic": "a\0b"}
    done = keeper.do("acme", "thank_you", at=MONDAY, **fields).process
    assert keeper.load("acme") == done
    assert dict(done.timeline[-1].event.carried)["topic"] == "a\0b"


@pytest.mark.parametrize("prefix", [" ", "  a", "k" * 299, " " * 299, "\N{GRINNING FACE}"])
def test_a_prefix_is_whatever_a_key_can_begin_with(keeper: Keeper, prefix: str) -> None:
    key = f"{prefix}k"
    keeper.start(key, timezone="UTC")
    keeper.start("other", timezone="UTC")
    assert list(keeper.keys(prefix=prefix)) == [key]
    assert list(keeper.keys(prefix=key)) == [key]


@pytest.mark.parametrize("prefix", ["a\0", "\t", "\ud83d", "k" * 301, " " * 300, None, 7])
def test_what_no_key_can_begin_with_is_misuse(keeper: Keeper, prefix: Any) -> None:
    with pytest.raises(pi.MisuseError, match="`prefix` "):
        next(keeper.keys(prefix=prefix))
