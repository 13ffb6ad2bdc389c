"""Notes are kept alike in memory, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import postinterview as pi
from postinterview.gate import MemoryNotes
from postinterview.gate.notes import Note, Notes
from postinterview.gate.sql_notes import SqlNotes
from postinterview.stores import Store, TakenKeyError
from postinterview.stores.sql import SqlStore
from tests.gate.worlds import World
from tests.stores.kinds import KINDS, opened


@contextmanager
def world_in(kind: str) -> Iterator[World]:
    """A world whose processes and notes are in a fresh store of this kind."""
    with opened(kind) as store:
        yield World(store, notes_of(store))


def notes_of(store: Store) -> Notes:
    return SqlNotes(store) if isinstance(store, SqlStore) else MemoryNotes()


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with world_in(request.param) as found:
        yield found


def test_notes_are_found_by_key_and_by_the_beginning_of_keys(world: World) -> None:
    keys = ["a", "a/1", "a/2", "a0", "b/1", "\u00e9/1", "a/\U0010fffe", "A/1", "a%", "a_"]
    with world.notes.writing() as held:
        for key in keys:
            for name in ("2", "1"):
                held.put(Note(kind="pending", key=key, id=name, text=key))
        held.put(Note(kind="pending", key="a", id="1", text="again"))
        held.put(Note(kind="recipient", key="a", id="1", text="other"))
    for prefix in ("", "a", "a/", "a%", "a_", "A", "\u00e9", "z"):
        found = [each.key for each in world.notes.find("pending", prefix=prefix)]
        assert found == [key for key in sorted(keys) if key.startswith(prefix) for _ in "12"]
    assert [each.text for each in world.notes.find("pending", key="a")] == ["again", "a"]
    with world.notes.writing() as held:
        assert (held.drop("a", kind="pending", id="1"), held.drop("a"), held.drop("a")) == (1, 2, 0)
        assert held.find("recipient", key="a") == ()
    assert world.notes.find("pending", key="a") == ()


def test_what_fails_is_not_written(world: World) -> None:
    def write() -> None:
        with world.notes.writing() as held:
            held.put(Note(kind="pending", key="acme", id="1", text="x"))
            held.drop("acme", kind="recipient")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert len(world.gate.recipients("acme")) == 2
    assert world.notes.find("pending") == ()


def test_the_whole_way_of_a_word_and_a_recipient(world: World) -> None:
    word = world.gate.propose("acme", "record", event="question", happened=world.now, because="a mail")
    assert world.gate.pending() == (word,)
    world.gate.confirm(word.id)
    assert world.gate.pending() == ()
    with pytest.raises(TakenKeyError):
        world.gate.register("beta", "ana@acme.example")
    world.gate.consume(world.permit("reply"), "ana@acme.example")
    assert world.contacts() == ["question", "reply"]
    world.gate.move("acme", "acme-2")
    assert [each.key for each in world.gate.recipients()] == ["acme-2", "acme-2"]
    assert world.gate.forget("acme-2")
    world.gate.register("beta", "ana@acme.example")


def test_a_key_that_no_database_keeps_is_misuse(world: World) -> None:
    for key in ("a\0", "\ud800", ""):
        with pytest.raises(pi.MisuseError):
            world.gate.recipients(key)
