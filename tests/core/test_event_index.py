"""An index of the past answers what a walk over the whole of it answers."""

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

from postinterview.core.past.cells import MISSING, Cell, along, linker
from postinterview.core.past.event_index import FEW, in_scope, kept_along, latest_in
from postinterview.core.past.events import Event
from postinterview.core.past.placed import Placed, lies_in
from postinterview.core.past.places import NOWHERE, Key

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE = (None, "ana", "bob", "cleo", "nobody")
STREAM = 1
LINKS = linker([0, STREAM])
KEYS = [Key(*parts) for parts in product((None, "main", "other"), (None, 0, 1), PEOPLE)]


def grown(cell: Cell | None, count: int, random: Random) -> Cell:
    for _ in range(count):
        position = 0 if cell is None else cell.top.position + 1
        at = START + timedelta(hours=position)
        people = tuple(random.sample(["ana", "bob", "cleo"], random.randint(0, 2)))
        application = random.choice([None, "main", "other"])
        round_ = None if application is None else random.choice([None, 0, 1])
        event = Event(position + 1, "message", at, application)
        cell = Cell(Placed(event, position, at, application, round_, people), cell, LINKS([None, cell]))
    assert cell is not None
    return cell


def check(cell: Cell) -> None:
    for key in KEYS:
        walked = [placed for placed in along(cell, STREAM) if lies_in(placed, key)]
        assert list(in_scope(cell, STREAM, key)) == walked, key
        assert latest_in(cell, STREAM, key) == next(iter(walked), None), key


def test_an_index_finds_the_events_in_each_scope_in_every_future_of_one_past() -> None:
    random = Random(7)  # noqa: S311 - a test draws, nothing is kept secret
    past = grown(None, FEW + 5, random)
    check(past)
    one, other = grown(past, 3, random), grown(past, 4, random)
    check(one)
    check(other)
    check(past)
    later = grown(one, 2, random)
    check(later)
    check(one)
    assert index(one) is index(other) is index(later) is MISSING  # so few are looked at one by one
    far, further = grown(later, FEW, random), grown(other, FEW, random)
    check(far)
    check(further)
    check(other)
    check(past)
    assert index(far) is index(past)
    assert index(further) is not index(past)


class Overtaken(Cell):
    """A cell in which another thread keeps a value of its own as soon as this one has read what is kept."""

    __slots__ = ()

    def recall(self, what: object) -> Any:
        found = super().recall(what)
        self.kept = "of another thread", -1
        return found


def test_a_value_is_kept_under_its_own_key_if_another_thread_keeps_one_meanwhile() -> None:
    def count(before: int, _: Placed) -> int:
        return before + 1

    first = grown(None, 1, Random(7))  # noqa: S311
    second = Overtaken(grown(first, 1, Random(7)).top, first, LINKS([None, first]))  # noqa: S311
    third = grown(second, 1, Random(7))  # noqa: S311
    assert [kept_along(each, STREAM, "count", 0, count) for each in (first, second, third)] == [1, 2, 3]
    assert third.recall(("count", NOWHERE, None)) == 3
    assert third.recall("of another thread") is MISSING


def index(cell: Cell) -> object:
    return cell.recall(STREAM)
