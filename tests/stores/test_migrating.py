"""Rules change under every process of a store: what would happen is said first, then done to all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

import postinterview as pi
from postinterview.saving import forecast, read
from postinterview.stores import (
    Keeper,
    MemoryStore,
    Migrated,
    Standing,
    Store,
    StoredEntry,
    StoredProcess,
    migrate,
)
from tests.saving.edits import CARRIED, RENAMED, edited, migration
from tests.saving.stories import DAY, START, STORIES, rules
from tests.stores.telling import MONDAY, OVERDUE, letters, letters_text
from tests.stores.telling import RENAMED as LETTERS

NAMES = tuple(STORIES)


def filled(store: Store) -> Keeper:
    """A keeper of one process of each story, each entry under an idempotency key."""
    keeper = Keeper(rules(), store)
    for name, story in STORIES.items():
        keeper.add(name, story())
        kept = loaded(store, name)
        lines = [
            StoredEntry(sequence=n.sequence, text=n.text, once=f"call {n.sequence}") for n in kept.entries
        ]
        store.rewrite(name, kept.version, lines, kept.standing)
    return keeper


def loaded(store: Store, key: str) -> StoredProcess:
    kept = store.load(key)
    assert kept is not None
    return kept


def contents(store: Store) -> dict[str, StoredProcess]:
    return {key: loaded(store, key) for key in store.keys(limit=99)}


def told(keeper: Keeper, **more: Any) -> tuple[Migrated, dict[str, Any], list[str]]:
    """What `migrate` answers with, what it told of each process, and what it wrote."""
    answers: dict[str, Any] = {}
    wrote: list[str] = []
    done = migrate(keeper, told=answers.__setitem__, wrote=lambda key, _: wrote.append(key), **more)
    return done, answers, wrote


KINDER = migration("refold: true, why: Other numbers.", "other_numbers")
EDITS: dict[str, Callable[[], pi.Rulebook]] = {
    "the same": rules,
    "a comment": lambda: edited(more="# a comment\n"),
    "an event renamed": lambda: edited(("message", "note")),
    "an event renamed, and said": lambda: edited(
        ("message", "note"), more=migration("events: {message: note}")
    ),
    "everything renamed, and said": lambda: edited(*RENAMED, more=CARRIED),
    "a state renamed": lambda: edited(("followed_up", "chased_once")),
    "a machine renamed": lambda: edited(("plan", "game_plan")),
    "a field renamed": lambda: edited(("channel", "by_means")),
    "a guard tightened": lambda: edited(("7 days, from: message", "9 days, from: message")),
    "a guard tightened, and said": lambda: edited(
        ("7 days, from: message", "90 days, from: message"), more=KINDER
    ),
    "a guard loosened": lambda: edited(("at_most: 1, of: follow_up", "at_most: 5, of: follow_up")),
    "a guard loosened, and said": lambda: edited(
        ("at_most: 1, of: chase", "at_most: 5, of: chase"), more=KINDER
    ),
}


# --- what would happen --------------------------------------------------------------------------------


@pytest.mark.parametrize("edit", EDITS)
def test_a_store_is_told_what_its_files_are_told_and_left_as_it_is(edit: str) -> None:
    store = MemoryStore()
    filled(store)
    before = contents(store)
    rulebook = EDITS[edit]()
    done, answers, wrote = told(Keeper(rulebook, store), check=True)

    assert answers == {
        name: forecast(rulebook, partial(read, story().to_json())) for name, story in STORIES.items()
    }
    assert done == Migrated(Counter(each.fate for each in answers.values()))
    assert (wrote, contents(store)) == ([], before)


def test_the_edits_meet_every_fate() -> None:
    fates = {
        forecast(edit(), partial(read, story().to_json())).fate
        for edit in EDITS.values()
        for story in STORIES.values()
    }
    assert fates == {"unchanged", "goes_on", "carried_over", "refused"}


def test_what_is_damaged_is_told_with_its_place(store: Store) -> None:
    keeper = filled(store)
    kept = loaded(store, "names")
    store.rewrite("names", kept.version, kept.entries[:-1], kept.standing)
    done, answers, _ = told(keeper)
    assert (done.stuck, done.counts) == (True, {"unchanged": len(NAMES) - 1, "damaged": 1})
    assert (answers["names"].message, answers["names"].path) == ("entry 8 is missing", "history")


# --- done to all or to none ---------------------------------------------------------------------------


@pytest.mark.parametrize("edit", ["everything renamed, and said", "a guard tightened, and said", "a comment"])
def test_what_can_go_on_is_written_and_then_is_unchanged(edit: str, store: Store) -> None:
    filled(store)
    before = contents(store)
    rulebook = EDITS[edit]()
    keeper = Keeper(rulebook, store)
    done, answers, wrote = told(keeper)

    assert wrote == sorted(NAMES)
    assert done.written == len(NAMES)
    assert not done.stuck
    for name, story in STORIES.items():
        wanted = rulebook.restore(story().to_json())
        assert keeper.load(name) == answers[name].process == wanted
        kept = loaded(store, name)
        assert kept.version == before[name].version + 1
        assert [line.once for line in kept.entries] == [line.once for line in before[name].entries]
        assert kept.standing.due == wanted.next_due
    after = contents(store)
    assert told(keeper)[0] == Migrated({"unchanged": len(NAMES)})
    assert contents(store) == after


def test_while_one_is_refused_none_is_written(store: Store) -> None:
    filled(store)
    before = contents(store)
    done, answers, wrote = told(Keeper(EDITS["a guard tightened"](), store))

    assert {name for name, each in answers.items() if not each.fits} == {"corrected"}
    assert (done.stuck, done.written, wrote) == (True, 0, [])
    assert contents(store) == before


def test_a_call_that_was_made_before_is_known_by_its_key_after(store: Store) -> None:
    before, after = Keeper(letters(1, "note"), store), Keeper(letters(2, "letter", LETTERS), store)
    before.start("acme", timezone="UTC")
    before.record("acme", "note", at=MONDAY, once="a")
    before.do("acme", "nudge", at=MONDAY, once="b")
    assert migrate(after).written == 1

    assert after.do("acme", "nudge", at=MONDAY, once="b").event == after.load("acme").history[1]
    assert after.record("acme", "letter", at=MONDAY, once="a").event == after.load("acme").history[0]
    with pytest.raises(pi.MisuseError, match="the idempotency key `b` belongs to another call"):
        after.record("acme", "letter", at=MONDAY, once="b")
    assert len(after.load("acme").history) == 2


def test_what_is_due_next_is_written_anew_where_it_alone_changed(store: Store) -> None:
    keeper = Keeper(rules(), store)
    keeper.start("acme", timezone="Europe/Zurich")
    keeper.record("acme", "interview", at=START, interviewers=["ana"])
    kept = loaded(store, "acme")
    moved = Standing(head=kept.standing.head, snapshot=kept.standing.snapshot, due=START + 300 * DAY)
    store.rewrite("acme", kept.version, kept.entries, moved)
    done, answers, wrote = told(keeper)

    assert (answers["acme"].fate, wrote) == ("goes_on", ["acme"])
    assert done == Migrated({"goes_on": 1}, written=1)
    assert loaded(store, "acme").standing == kept.standing


# --- others write meanwhile ---------------------------------------------------------------------------


class Busy(MemoryStore):
    """A store in which somebody else writes just before each of our first rewrites."""

    def __init__(self) -> None:
        super().__init__()
        self.others: list[Callable[[], object]] = []

    def rewrite(self, key: str, version: int, lines: Sequence[StoredEntry], standing: Standing) -> None:
        if self.others:
            self.others.pop(0)()
        super().rewrite(key, version, lines, standing)


def test_what_is_written_meanwhile_is_carried_over_with_the_rest() -> None:
    store = Busy()
    before, after = Keeper(letters(1, "note"), store), Keeper(letters(2, "letter", LETTERS), store)
    before.start("acme", timezone="UTC")
    before.record("acme", "note", at=MONDAY, once="a")
    store.others = [
        lambda: before.record("acme", "note", at=OVERDUE, once="b"),
        lambda: after.record("acme", "letter", at=OVERDUE, once="c"),
    ]
    assert migrate(after) == Migrated({"carried_over": 1})  # the second of the others did it

    assert [entry.name for entry in after.load("acme").timeline] == ["letter"] * 3
    assert [line.once for line in loaded(store, "acme").entries] == ["a", "b", "c"]
    assert store.others == []


def test_what_can_not_go_on_any_more_is_left_and_told_and_the_rest_is_written() -> None:
    store = Busy()
    before = Keeper(letters(1, "note"), store)
    for key in ("acme", "zeta"):
        before.start(key, timezone="UTC")
        before.do(key, "nudge", at=MONDAY)
    later = MONDAY + timedelta(days=1)
    store.others = [lambda: before.do("acme", "nudge", at=later)]
    after = Keeper(letters(2, "note", apart="2 days"), store)
    answers: list[tuple[str, str]] = []
    done = migrate(after, told=lambda key, each: answers.append((key, each.fate)))

    assert answers == [("acme", "goes_on"), ("zeta", "goes_on"), ("acme", "refused")]
    assert done == Migrated({"goes_on": 2}, written=1, left=1)
    assert done.stuck
    assert len(before.load("acme").history) == 2
    assert told(Keeper(after.rulebook, store), check=True)[1]["zeta"].fate == "unchanged"


def test_a_process_that_is_gone_meanwhile_is_passed_over() -> None:
    class Gone(MemoryStore):
        def load(self, key: str, since: int = 0) -> StoredProcess | None:
            return None if key == "acme" else super().load(key, since)

    store = Gone()
    for key in ("acme", "zeta"):
        Keeper(letters(1, "note"), store).start(key, timezone="UTC")
    assert migrate(Keeper(letters(2, "note"), store)) == Migrated({"goes_on": 1}, written=1)


# --- however many -------------------------------------------------------------------------------------


def test_processes_are_told_one_by_one_and_their_keys_held_a_page_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []

    class Watched(MemoryStore):
        def load(self, key: str, since: int = 0) -> StoredProcess | None:
            said.append(f"load {key}")
            return super().load(key, since)

        def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
            found = super().keys(after=after, limit=limit)
            said.append(f"keys {' '.join(found)}")
            return found

    store = Watched()
    keeper = Keeper(letters(1, "note"), store)
    for key in "abc":
        keeper.start(key, timezone="UTC")
    monkeypatch.setattr("postinterview.stores.migrating.PAGE", 2)
    migrate(keeper, check=True, told=lambda key, _: said.append(f"tell {key}"))

    assert said == ["keys a b", "load a", "tell a", "load b", "tell b", "keys c", "load c", "tell c"]


# --- functions that only a program has ----------------------------------------------------------------


def test_rules_with_functions_of_the_program_carry_over_in_it(store: Store) -> None:
    def polite(_: pi.CustomQuestion) -> pi.CustomAnswer:
        return pi.CustomAnswer(holds=True)

    def book(version: int, event: str, more: str = "") -> pi.Rulebook:
        text = letters_text(version, event).replace("{apart: 1 day, from: nudge}", "{custom: is_polite}")
        return pi.load_rulebook(text=text + more, name="mine.yaml", custom={"is_polite": polite})

    before, after = book(1, "note"), book(2, "letter", LETTERS)
    keeper = Keeper(before, store)
    keeper.start("acme", timezone="UTC")
    keeper.record("acme", "note", at=MONDAY)
    keeper.do("acme", "nudge", at=MONDAY)
    assert migrate(Keeper(after, store)) == Migrated({"carried_over": 1}, written=1)
    assert [entry.name for entry in Keeper(after, store).load("acme").timeline] == ["letter", "nudge"]
