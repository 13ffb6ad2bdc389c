"""What every store promises, whatever the texts are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from postinterview.stores import ConflictError, Due, Standing, Store, StoredEntry, StoredProcess
from tests.stores.kinds import STORES

pytestmark = [pytest.mark.usefixtures("from_zero"), pytest.mark.parametrize("store", STORES, indirect=True)]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def standing(word: str = "head", due: datetime | None = None) -> Standing:
    return Standing(head=word, snapshot=f"snapshot of {word}", due=due)


def line(sequence: int, text: str = "entry", once: str | None = None) -> StoredEntry:
    return StoredEntry(sequence=sequence, text=text, once=once)


def test_what_was_never_kept_is_not_there(store: Store) -> None:
    assert store.load("acme") is None


def test_what_is_loaded_is_what_was_written(store: Store) -> None:
    odd = 'O\'Brien; DROP TABLE "x" -- %s :y {z} \\ \N{SNOWMAN} \N{GRINNING FACE}'
    store.create(odd, standing(odd, NOON))
    store.append(odd, 0, [line(1, odd, odd)], standing(odd + odd, NOON + TICK))

    assert store.load(odd) == StoredProcess(
        version=1, standing=standing(odd + odd, NOON + TICK), entries=(line(1, odd, odd),)
    )


def test_a_key_is_kept_once(store: Store) -> None:
    store.create("acme", standing(), [line(1), line(2)])
    with pytest.raises(ConflictError, match="acme"):
        store.create("acme", standing("other"))

    assert store.load("acme") == StoredProcess(version=0, standing=standing(), entries=(line(1), line(2)))


def test_lines_come_back_in_order(store: Store) -> None:
    store.create("acme", standing(), [line(n) for n in (3, 1, 2)])
    store.append("acme", 0, [line(4)], standing())
    kept = store.load("acme")

    assert kept is not None
    assert [each.sequence for each in kept.entries] == [1, 2, 3, 4]


def test_each_write_raises_the_version(store: Store) -> None:
    store.create("acme", standing())
    store.append("acme", 0, [line(1)], standing())
    store.rewrite("acme", 1, [line(1, "other")], standing())
    kept = store.load("acme")

    assert kept == StoredProcess(version=2, standing=standing(), entries=(line(1, "other"),))


@pytest.mark.parametrize(
    ("key", "version", "added"),
    [
        ("acme", 0, line(3)),
        ("acme", 2, line(3)),
        ("acme", 1, line(2)),
        ("acme", 1, line(3, once="a")),
        ("nobody", 0, line(1)),
    ],
    ids=["stale version", "version to come", "sequence taken", "idempotency key taken", "no such process"],
)
def test_a_conflict_writes_nothing(store: Store, key: str, version: int, added: StoredEntry) -> None:
    store.create("acme", standing(), [line(1, once="a")])
    store.append("acme", 0, [line(2)], standing("second", NOON))
    before = store.load("acme")
    with pytest.raises(ConflictError, match=key):
        store.append(key, version, [added], standing("third"))

    assert store.load("acme") == before
    assert store.load("nobody") is None
    assert store.due(NOON) == (Due(NOON, "acme"),)


@pytest.mark.parametrize(("key", "version"), [("acme", 1), ("nobody", 0)])
def test_lines_are_written_anew_at_the_version_only(store: Store, key: str, version: int) -> None:
    store.create("acme", standing(), [line(1)])
    with pytest.raises(ConflictError, match=key):
        store.rewrite(key, version, [], standing("other"))

    assert store.load("acme") == StoredProcess(version=0, standing=standing(), entries=(line(1),))


def test_processes_of_one_store_may_share_idempotency_keys(store: Store) -> None:
    for key in ("acme", "zeta"):
        store.create(key, standing())
        store.append(key, 0, [line(1, once="a")], standing())

    kept = store.load("zeta")
    assert kept is not None
    assert kept.entries == (line(1, once="a"),)


def test_what_is_due_comes_to_the_microsecond(store: Store) -> None:
    store.create("acme", standing(due=NOON))
    store.create("never", standing())

    assert store.due(NOON - TICK) == ()
    assert store.due(NOON) == (Due(NOON, "acme"),)
    store.append("acme", 0, [line(1)], standing(due=None))
    assert store.due(NOON) == ()


def test_pages_of_what_is_due_follow_each_other_by_moment_and_key(store: Store) -> None:
    keys = ["b", "a", "B", "\u00e9", "_", "\N{GRINNING FACE}", "\uffee", "a b"]
    for number, key in enumerate(keys):
        store.create(key, standing(due=NOON + number // 4 * TICK))
    wanted = [Due(NOON + later * TICK, key) for later in (0, 1) for key in sorted(keys[4 * later :][:4])]

    found: list[Due] = []
    while page := store.due(NOON + TICK, after=found[-1] if found else None, limit=3):
        assert len(page) <= 3
        found += page
    assert found == wanted


def test_pages_of_keys_follow_each_other_by_their_characters(store: Store) -> None:
    keys = ["b", "a", "B", "\u00e9", "_", "\N{GRINNING FACE}", "\uffee", "a b"]
    for key in keys:
        store.create(key, standing())

    found: list[str] = []
    while page := store.keys(after=found[-1] if found else None, limit=3):
        assert len(page) <= 3
        found += page
    assert found == sorted(keys)
    assert store.keys(after="a!", limit=1) == ("b",)
    assert store.keys() == tuple(sorted(keys))


def test_moments_long_past_and_far_off_are_kept_exactly(store: Store) -> None:
    early, far = (
        datetime(1901, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    )
    store.create("early", standing(due=early))
    store.create("far", standing(due=far))

    assert store.due(far) == (Due(early, "early"), Due(far, "far"))
