"""What is measured of stores is valid, and bare SQL keeps the same; never asserted: a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from benchmarks import stores
from benchmarks.keeping.databases import Database, Postgresql, sqlite
from benchmarks.keeping.templates import BY, key_of, make
from benchmarks.story import PLAN
from postinterview.stores import Keeper
from postinterview.stores.texts import loaded, stored_parts
from tests.core.helpers import default
from tests.stores.kinds import SHARED, database

TEMPLATES = make(default(), 13)
EVERY = 5


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        with sqlite(folder) as found:
            yield found
    else:
        with database() as url:
            made = sa.make_url(url)
            asked: dict[str, Any] = {"user": made.username, "dbname": made.database, **made.query}
            with psycopg.connect(**asked, autocommit=True) as driver:
                yield Postgresql(url, driver)


def test_histories_of_every_length_are_due_by_the_moment_or_later() -> None:
    for sort, due in ((TEMPLATES.due, True), (TEMPLATES.later, False)):
        assert len(sort) > 8
        assert all((each.standing.due is not None and each.standing.due <= BY) == due for each in sort)
    lengths = {len(each.entries) for each in chain(TEMPLATES.due, TEMPLATES.later)}
    assert lengths >= {4, 16}


@pytest.mark.parametrize("kind", SHARED)
def test_what_is_laid_down_loads_whole_and_a_run_that_was_stopped_goes_on(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as found, closing(found.store("a_")) as store:
        keeper = Keeper(default(), store)
        for size in (10, 20):
            stores.fill(found, "a_", size, TEMPLATES, EVERY)
            stores.check(keeper, TEMPLATES, range(size), EVERY)
        assert len(store.keys(limit=100)) == 20
        assert [each.key for each in sorted(keeper.due(by=BY), key=lambda each: each.key)] == [
            key_of(number) for number in range(0, 20, EVERY)
        ]
        found.settle()
        assert found.bytes() > 0


@pytest.mark.parametrize("kind", SHARED)
def test_the_bare_sql_keeps_what_the_store_does(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as found, closing(found.store("a_")) as store:
        stores.fill(found, "a_", 2, TEMPLATES, EVERY)
        keeper = Keeper(default(), store)
        for key in map(key_of, range(2)):
            kept = store.load(key)
            assert kept is not None
            head, lines = found.read("a_", key)
            assert list(head[0][:3]) == [kept.version, kept.standing.head, kept.standing.snapshot]
            assert [tuple(row) for row in lines] == [
                (each.sequence, each.text, None) for each in kept.entries
            ]
            before = loaded(default(), key, kept)
            later = stores.LATER + timedelta(days=1)
            done = before.process.do("write_plan", at=later, **PLAN).process
            after = len(kept.entries)
            (entry,), standing = stored_parts(done, None, after=after, last=before.last)
            found.write("a_", key, kept.version, entry, standing)
            again = store.load(key)
            assert again is not None
            assert again.version == kept.version + 1
            assert again.standing == standing
            assert keeper.load(key) == done


def test_what_is_not_as_it_was_laid_down_is_noticed(tmp_path: Path) -> None:
    with sqlite(tmp_path) as found, closing(found.store("a_")) as store:
        stores.fill(found, "a_", 10, TEMPLATES, EVERY)
        with pytest.raises(AssertionError, match="process 000000003 is not what was laid down"):
            stores.check(Keeper(default(), store), TEMPLATES, [3], EVERY - 2)


def test_a_quick_run_prints_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert stores.main(["--quick", "--sizes", "20", "40", "--due", "10", "--only", "sqlite"]) == 0
    printed = capsys.readouterr().out
    assert "SQLite, 40 processes" in printed
    assert "Keeper.do to bare read and write" in printed
    assert "all that is due, ratio" in printed
