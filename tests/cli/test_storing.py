"""Stores named on the command line: what can't be opened is said with what to type, and without passwords."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest

from postinterview.cli.store_option import open_store, without_password
from postinterview.files import UnreadableError
from postinterview.stores import Keeper
from tests.cli.helpers import CLEAN, MAP, Caller
from tests.core.helpers import default
from tests.stores.telling import interviewed


def refused(text: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        open_store(text)
    return str(caught.value)


def misused(text: str) -> str:
    with pytest.raises(click.UsageError) as caught:
        open_store(text)
    return caught.value.message


@pytest.mark.parametrize("name", ["mine.db", "with space & 100%.db", "a@b:c#d.db"])
def test_a_path_is_a_sqlite_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(open_store(name, create=True)) as store:
        interviewed(Keeper(default(), store))
    assert Path(name).is_file()
    for same in (name, f"./{name}", str(tmp_path / name), f"sqlite:///{name}"):
        with closing(open_store(same)) as store:
            assert store.keys() == ("acme",)


def test_where_there_is_no_store_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused("mine.db") == (
        "the store `mine.db`: there is no file `mine.db` "
        "(give the path of a SQLite file that has a store, or a URL)"
    )
    assert list(tmp_path.iterdir()) == []

    with closing(sqlite3.connect("other.db")) as connection:
        connection.execute("CREATE TABLE people (name)")
    before = Path("other.db").read_bytes()
    assert refused("other.db") == (
        "the store `other.db`: the database has no store whose tables begin with `postinterview_` "
        "(it has: none at all) (say how the names of its tables begin: --prefix WORD)"
    )
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]

    open_store("other.db", prefix="a_", create=True).close()
    assert "(it has: `a_`)" in refused("other.db")
    open_store("other.db", prefix="a_").close()


@pytest.mark.parametrize(
    ("content", "said"), [(b"no database at all" * 99, "is not a database"), (None, "unable to open")]
)
def test_what_is_no_database_is_left_alone(content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert said in refused(str(path))
    assert content is None or path.read_bytes() == content


@pytest.mark.parametrize("text", ["", "  ", "a?b.db", "a\0b.db"])
def test_a_path_that_can_be_none_is_wrong_usage(text: str) -> None:
    assert "can't be the path of a store: give one such as mine.db" in misused(text)


def test_a_url_that_is_none_is_wrong_usage() -> None:
    assert "a store can't be in mysql" in misused("mysql://me:secret@host/name")
    assert misused("postgresql://me:secret") == (
        "`postgresql://me:***` is not the URL of a database: "
        'give one such as "sqlite:///mine.db" or "postgresql+psycopg://host/name"; '
        "write a `@`, `:` or `/` in a password as %40, %3A, %2F"
    )
    assert misused("://").startswith("`://` is not the URL of a database: give one such as")


AIO = "the driver `aiosqlite` is asynchronous, and the store is not: let the URL begin with sqlite:///"
SUCH_AS = 'such as "sqlite:///mine.db" or "postgresql+psycopg://host/name"'
BAD_TIMEOUT = (
    "`sqlite:///mine.db?timeout=soon` has a setting that can't be used: could not convert string to float: "
    "'soon': correct what follows the `?`, or leave it out"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sqlite+aiosqlite:///mine.db", AIO),
        ("sqlite://me:secret@host/mine.db", f"a SQLite file has no host and no user: give a URL {SUCH_AS}"),
        ("sqlite:///mine.db?timeout=soon", BAD_TIMEOUT),
    ],
)
@pytest.mark.parametrize(
    "command", [["migrate", "--store"], ["audit", "clean.csv", "--map", "map.yaml", "--save"]]
)
def test_a_url_that_can_not_be_used_is_wrong_usage_in_each_command(
    command: list[str], text: str, said: str, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.yaml").write_text(MAP, encoding="utf-8")
    Path("clean.csv").write_text(CLEAN, encoding="utf-8")
    Path("mine.db").touch()
    answer = call(*command, text)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1] == f"Error: {said}"


def test_a_server_that_does_not_answer_is_unreadable() -> None:
    said = refused("postgresql://me:secret@127.0.0.1:1/name")
    assert said.startswith("the store `postgresql://***@127.0.0.1:1/name`: ")
    assert "onnection refused" in said
    assert "\n" not in said
    assert "secret" not in said


def test_what_is_not_installed_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refused("postgresql://me:secret@host/name") == (
        "the driver `psycopg` is not installed "
        "(pip install 'postinterview[postgresql]', and let the URL begin with postgresql+psycopg://)"
    )
    for module in ("sql", "engines"):
        monkeypatch.delitem(sys.modules, f"postinterview.stores.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    assert refused(str(tmp_path / "mine.db")) == (
        "a store in SQL needs `sqlalchemy`, which is not installed (pip install 'postinterview[sql]')"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://me:secret@host/name", "postgresql+psycopg://***@host/name"),
        ("postgresql://me:sec@ret:/@host/name?sslmode=require", "postgresql://***@host/name?sslmode=require"),
        ("postgresql:me:secret@host", "postgresql:***@host"),
        ("postgresql//me:secret@host", "postgresql//me:***@host"),
        ("postgresql://me:secret/name", "postgresql://me:***/name"),
        ("postgresql://host:5432/name", "postgresql://host:5432/name"),
        ("postgresql://host/name?password=secret&user=me", "postgresql://host/name?password=***&user=me"),
        ("postgresql://host/name", "postgresql://host/name"),
        ("postgresql://host/name?user=me&passwd=secret", "postgresql://host/name?user=me&passwd=***"),
        ("postgresql://me:secret@host/name?PWD=secret", "postgresql://***@host/name?PWD=***"),
        ("sqlite:///a@b.db", "sqlite:///a@b.db"),
        ("sqlite:////x.db?password=secret&timeout=3", "sqlite:////x.db?password=***&timeout=3"),
        ("sqlite+pysqlcipher://:secret@/x.db", "sqlite+pysqlcipher://***@/x.db"),
        ("x.db?password=secret", "x.db?password=***"),
        ("mine.db", "mine.db"),
    ],
)
def test_a_password_is_never_shown(text: str, shown: str) -> None:
    assert without_password(text) == shown
