"""The host on `sqlite3`: several programs on one file, one contact; and the command line around it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, tzinfo
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from postinterview.calls import Call
from sqlite_host.tracker import (
    due,
    export,
    join,
    keeper_in,
    leave,
    login,
    main,
    opened,
    start,
    tell,
    user_of,
    writing,
)
from tests.examples.embedding import programs
from tests.examples.embedding.stories import HOSTS, MONDAY, OVERDUE, hasty, interviewed
from tests.strategies.scale import IS_LONG

ROUNDS = 200 if IS_LONG else 8
PROGRAMS = 4
ANA = 1
"""The first user."""
FOLLOW_UP = Call("follow_up", fields={"channel": "call"})
Answers = list[tuple[int, Any]]


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "tracker.db")


@pytest.fixture
def db(file: str) -> Iterator[sqlite3.Connection]:
    with closing(opened(file)) as db:
        join(db, "ana", "ana's secret")
        yield db


def at_once(file: str, calls: list[list[programs.Told]]) -> Iterator[tuple[str, Answers]]:
    """The answers to each round of calls, one of each program; and the key that the round was about."""
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    ready = context.Barrier(len(calls))
    running = []
    for each in calls:
        heard, told = context.Pipe(duplex=False)
        program = context.Process(target=programs.tell_all, args=(file, each, ready, told))
        program.start()
        told.close()
        running.append((program, heard))
    answers = [heard.recv() for _, heard in running]
    for program, heard in running:
        program.join()
        heard.close()
    for (key, _, _), *round_ in zip(calls[0], *answers, strict=True):
        yield key, round_


def with_interviews(db: sqlite3.Connection, keys: list[str]) -> list[str]:
    with writing(db) as keeper:
        for key in keys:
            keeper.add(f"{ANA}/{key}", interviewed())
    return keys


def process(db: sqlite3.Connection, key: str) -> pi.Process:
    return keeper_in(db).load(f"{ANA}/{key}")


def events(db: sqlite3.Connection, key: str) -> list[tuple[int, str]]:
    return [(placed.event.number, placed.name) for placed in process(db, key).timeline]


def test_of_many_programs_that_tell_at_once_one_contacts_and_all_are_heard(
    file: str, db: sqlite3.Connection
) -> None:
    keys = [f"{story} {number}" for number in range(ROUNDS) for story in ("race", "repeat", "news")]
    with_interviews(db, keys)

    def call(key: str, program: int) -> programs.Told:
        if key.startswith("news"):
            return key, Call("message", happened=MONDAY + timedelta(hours=program)), f"mail {program}"
        return key, FOLLOW_UP, "button" if key.startswith("repeat") else f"button {program}"

    for key, answers in at_once(file, [[call(key, n) for key in keys] for n in range(PROGRAMS)]):
        done = [body for status, body in answers if status != 409]
        refused = [body for status, body in answers if status == 409]
        if key.startswith("race"):
            assert len(done) == 1
            for verdict in refused:
                assert [reason["id"] for reason in verdict["reasons"]] == [
                    "one_chase",
                    "one_follow_up",
                    "a_week_apart",
                ]
            assert events(db, key) == [(1, "interview"), (2, "follow_up")]
        elif key.startswith("repeat"):
            assert sorted(status for status, _ in answers) == [*[200] * (PROGRAMS - 1), 201]
            assert [body["number"] for body in done] == [2] * PROGRAMS
            assert events(db, key) == [(1, "interview"), (2, "follow_up")]
        else:
            assert sorted(body["number"] for body in done) == list(range(2, PROGRAMS + 2))
            assert [entry.number for entry in process(db, key).history] == list(range(1, PROGRAMS + 2))
            assert len(process(db, key).timeline) == PROGRAMS + 1


def test_who_is_refused_is_told_when_it_opens_and_nothing_is_written(db: sqlite3.Connection) -> None:
    with_interviews(db, ["acme"])
    answer = tell(db, ANA, "acme", FOLLOW_UP, MONDAY, "button")

    assert answer.status == 409
    assert answer.body["opens_at"] == "2026-03-11T08:00:00+01:00"
    assert process(db, "acme") == interviewed()
    assert tell(db, ANA, "acme", FOLLOW_UP, OVERDUE, "button").status == 201


def test_the_key_of_one_call_is_not_taken_for_another(db: sqlite3.Connection) -> None:
    with_interviews(db, ["acme"])
    tell(db, ANA, "acme", FOLLOW_UP, OVERDUE, "button")

    with pytest.raises(pi.MisuseError, match="belongs to another call"):
        tell(db, ANA, "acme", Call("message", happened=MONDAY), OVERDUE, "button")
    assert events(db, "acme") == [(1, "interview"), (2, "follow_up")]


def test_what_is_due_is_told_with_the_longest_due_first_though_rows_can_not_be_restored(
    db: sqlite3.Connection,
) -> None:
    hours = {"bolt": 2, "acme": 1, "coil": 3, "damaged": 4, "early": 200}  # and `coil`
    for key in with_interviews(db, list(hours)):
        happened = MONDAY + timedelta(hours=hours[key])
        tell(db, ANA, key, Call("interview", fields={"interviewers": ["ana"]}, happened=happened), OVERDUE)
    edited = "UPDATE postinterview_entries SET text = replace(text, 'ana', 'bob') WHERE process = '1/damaged'"
    assert db.execute(edited).rowcount
    with writing(db) as keeper:
        keeper.forget("1/coil")
        pi.Keeper(hasty().rulebook, keeper.store).add("1/coil", hasty())
    told = [line.split(": ")[:2] for line in due(db, ANA, MONDAY + timedelta(hours=30))]

    assert [key for key, _ in told] == ["acme"] * 3 + ["bolt"] * 3 + ["coil", "damaged"]
    assert told[0] == ["acme", "thank ana"]
    assert [what for _, what in told[-2:]] == ["can't be restored"] * 2


def test_a_user_reaches_only_what_is_theirs(db: sqlite3.Connection) -> None:
    join(db, "bob", "bob's secret")
    ana, bob = (user_of(db, login(db, name, f"{name}'s secret")) for name in ("ana", "bob"))
    with_interviews(db, ["acme"])
    assert ana == ANA
    with pytest.raises(pi.UnknownNameError, match="the store has no process"):
        tell(db, bob, "acme", FOLLOW_UP, OVERDUE, "button")
    assert (list(due(db, bob, OVERDUE)), list(export(db, bob))) == ([], [])
    start(db, bob, "acme", "UTC")  # the same name, and another row
    interview = Call("interview", happened=MONDAY)
    assert tell(db, bob, "acme", interview, OVERDUE, "mail").status == 201
    assert tell(db, ana, "acme", FOLLOW_UP, OVERDUE, "mail").status == 201
    assert events(db, "acme") == [(1, "interview"), (2, "follow_up")]

    leave(db, bob)
    assert [json.loads(line)["key"] for line in export(db, ana)] == ["acme"]
    for table in ("users", "logins", "postinterview_processes"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)  # noqa: S608


@pytest.mark.parametrize("token", ["", "guessed"])
def test_nobody_is_logged_in_by_a_guess(db: sqlite3.Connection, token: str) -> None:
    login(db, "ana", "ana's secret")
    with pytest.raises(LookupError, match="nobody is logged in"):
        user_of(db, token)
    for name, password in (("ana", "Ana's secret"), ("ana", ""), ("nobody", "")):
        with pytest.raises(LookupError, match="the name or the password is wrong"):
            login(db, name, password)


def test_the_command_line_answers_in_json_and_refuses_with_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tracker", "--db", str(tmp_path / "tracker.db"), *words])
        code = main()
        return code, *capsys.readouterr()

    class Clock:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return OVERDUE.astimezone(zone)

    monkeypatch.setattr("sqlite_host.tracker.datetime", Clock)
    monkeypatch.setattr("sqlite_host.tracker.getpass", lambda: "ana's secret")
    interview = {
        "event": "interview",
        "happened": MONDAY.isoformat(),
        "fields": {"interviewers": ["ana"]},
    }
    call = ("tell", "acme", json.dumps({"event": "follow_up", "fields": {"channel": "call"}}))

    assert run("due") == (2, "", "nobody is logged in: TRACKER_TOKEN is what `login` prints\n")
    assert run("join", "ana") == (0, "", "")
    monkeypatch.setenv("TRACKER_TOKEN", run("login", "ana")[1].strip())
    assert run("start", "acme", "Europe/Zurich") == (0, "", "")
    assert run("tell", "acme", json.dumps(interview))[0] == 0
    code, said, _ = run(*call, "--once", "button-7")
    assert (code, json.loads(said)["text"]) == (
        0,
        'Recorded as entry 2: follow up. The application is "Followed up once".',
    )
    assert run(*call, "--once", "button-7") == (0, said, "")
    code, said, _ = run(*call)
    assert (code, json.loads(said)["allowed"]) == (1, False)
    assert run("due")[1].startswith("acme: thank ana: ")
    assert json.loads(run("export")[1])["key"] == "acme"
    assert run("leave") == (0, "", "")
    assert run("export")[0] == 2


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["tell", "acme", "{}"], "this is not a call"),
        (["tell", "acme", '{"event": "folow_up"}'], "unknown event `folow_up`"),
        (["tell", "nobody", '{"event": "follow_up"}'], "the store has no process '1/nobody'"),
        (["login", "\udcff"], "this is no text: '\\udcff'"),
        (["tell", "acme", '{"event": "follow_up"}', "--once", "\udcff"], "U+DCFF (half a character)"),
        (["tell", "acme", "[" * 100_000], "this is not a call"),
        (["start", "acme", "UTC"], "has another time zone"),
        (["start", "bolt", "Europe/Zuerich"], "is not a time zone"),
        (["join", "ana"], "there is a user 'ana' already"),
        (["login", "ana"], "the name or the password is wrong"),
        (["login", "nobody"], "the name or the password is wrong"),
    ],
)
def test_the_command_line_says_what_it_can_not_do(
    words: list[str],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    file = str(tmp_path / "tracker.db")
    with closing(opened(file)) as db:
        join(db, "ana", "ana's secret")
        start(db, ANA, "acme", "Europe/Zurich")
        monkeypatch.setenv("TRACKER_TOKEN", login(db, "ana", "ana's secret"))
    monkeypatch.setattr("sys.argv", ["tracker", "--db", file, *words])
    monkeypatch.setattr("sqlite_host.tracker.getpass", lambda: "a guess")

    assert main() == 2
    said, complained = capfd.readouterr()
    assert said == ""
    assert complaint in complained


@pytest.mark.parametrize("module", ["sqlite_host.tracker", "django_host.manage"])
def test_a_host_starts_from_its_folder_as_its_page_says(module: str) -> None:
    done = subprocess.run(  # noqa: S603 - the hosts of this project
        [sys.executable, "-m", module, "--help"], cwd=HOSTS, capture_output=True, text=True, check=True
    )
    assert "tell" in done.stdout or "postinterview_due" in done.stdout
