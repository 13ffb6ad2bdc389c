"""A ledger on `sqlite3` for the command line, embedded as `docs/embed/sqlite.md` says."""

from __future__ import annotations

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Barrier, Event
from types import ModuleType
from typing import Any

import pytest
from attrs import frozen

import postinterview as pi
from postinterview.audit import audit, load_map
from postinterview.stores import StoredProcess
from postinterview.stores.sqlite import SqliteStore
from tests.core.helpers import at
from tests.hosts import ledger_programs
from tests.hosts.companies_programs import MONDAY, OVERDUE, loaded
from tests.hosts.embedding import embedded_once
from tests.stores.killing import wait_for
from tests.stores.kinds import is_long

MOST_LINES = 40
KILLS = 200 if is_long() else 20
PLAIN = Path(__file__).parent / "ledger" / "ledger.py"
EARLY = at("2026-03-05 09:00")
STALE = at("2026-03-17 09:00")
OLD_ROWS = [
    ("acme", MONDAY.isoformat(), 0, None),
    ("bell", MONDAY.isoformat(), 1, (MONDAY + timedelta(days=9)).isoformat()),
    ("coil", MONDAY.isoformat(), 3, (MONDAY + timedelta(days=9)).isoformat()),
    ("dust", MONDAY.isoformat(), 2, None),
]
WAYS = ["follow_up", "follow_up_all"]
MAP = """
format: 1
rules: essentials
timezone: Europe/Zurich
table: jobs
dates: [iso]
time: "12:00"
employer: company
read:
  talk: {event: interview, at: interviewed, with: {interviewers: unknown}}
  asked: {event: follow_up, count: follow_ups_sent, last: last_follow_up, with: {channel: email}}
unknown: [promise, message]
never: [scheduled, cancelled, question, auto_reply, on_hold, assignment, offer, offer_revised,
  offer_withdrawn, rejection, thank_you, missed_call, reply, hand_in, notice, rejection_reply, counter_offer,
  accept, decline, withdraw, assume_closed]
"""


@frozen
class Ledger:
    """The ledger as a module, over a file of its own."""

    module: ModuleType
    file: Path

    def ask(self, now: datetime, command: str, *words: str) -> list[str]:
        """What a command prints; raises what it is refused with."""
        with closing(self.module.opened(str(self.file))) as db:
            return list(getattr(self.module, command)(db, now, *words) or ())

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as db:
            return db.execute(query).fetchall()

    def letters(self) -> list[str]:
        return [company for (company,) in self.rows("SELECT company FROM outbox ORDER BY id")]

    def counted(self, company: str) -> tuple[int, int, int]:
        """The follow-ups of the host's row, the letters in the outbox, and the follow-ups of the history."""
        rows = dict(self.rows("SELECT company, follow_ups_sent FROM jobs"))
        return rows[company], self.letters().count(company), self.history(company).count("follow_up")

    def process(self, company: str) -> pi.Process:
        with closing(sqlite3.connect(self.file)) as db:
            process: pi.Process = self.module.keeper(db).load(company)
        return process

    def history(self, company: str) -> list[str]:
        return [placed.name for placed in self.process(company).timeline]


embedded = embedded_once("ledger/ledger.py")


@pytest.fixture
def ledger(embedded: tuple[ModuleType, int], tmp_path: Path) -> Ledger:
    return Ledger(embedded[0], tmp_path / "ledger.db")


@pytest.fixture
def acme(ledger: Ledger) -> Ledger:
    """The ledger with a company that held an interview."""
    ledger.ask(MONDAY, "add", "acme")
    ledger.ask(MONDAY, "heard", "acme", "interview", "ana")
    return ledger


@pytest.fixture
def imported(ledger: Ledger) -> Ledger:
    """The ledger after it has imported the rows of the plain one."""
    old_file(ledger.file)
    ledger.ask(OVERDUE, "import_rows")
    return ledger


def old_file(file: Path) -> None:
    """Write a file of the plain ledger."""
    with loaded(PLAIN) as plain, closing(plain.opened(str(file))) as db:
        db.executemany("INSERT INTO jobs VALUES (?, ?, ?, ?)", OLD_ROWS)


def test_the_page_embeds_it_in_forty_lines(embedded: tuple[ModuleType, int]) -> None:
    assert 20 < embedded[1] <= MOST_LINES


def test_the_ledger_does_what_it_did_before(ledger: Ledger, tmp_path: Path) -> None:
    calls: list[tuple[Any, ...]] = [
        (MONDAY, "add", "acme"),
        (MONDAY, "heard", "acme", "interview", "ana"),
        (MONDAY + timedelta(hours=2), "thank", "acme", "ana"),
        (OVERDUE, "follow_up_all"),
        (OVERDUE, "heard", "acme", "message"),
    ]
    with loaded(PLAIN) as module:
        plain = Ledger(module, tmp_path / "plain.db")
        before, after = ([each.ask(*call) for call in calls] for each in (plain, ledger))

        assert after == before == [[], [], [], ["acme: sent"], []]
        for query in ("SELECT * FROM jobs", "SELECT * FROM outbox"):
            assert ledger.rows(query) == plain.rows(query) != []


@pytest.mark.parametrize(
    ("now", "call", "date"),
    [
        (EARLY, ("follow_up", "acme"), "Mon 9 Mar 2026 10:00 or later"),
        (STALE, ("thank", "acme", "ana"), "Mon 16 Mar 2026 10:00"),
    ],
    ids=["follow up", "thanks"],
)
def test_a_letter_against_the_rules_is_refused_with_reason_and_date(
    acme: Ledger, now: datetime, call: tuple[str, ...], date: str
) -> None:
    with pytest.raises(acme.module.ProblemError, match=f"^acme: .*refused.*needed: .*{date}"):
        acme.ask(now, *call)

    assert acme.letters() == []
    assert acme.counted("acme") == (0, 0, 0)


def test_who_writes_to_all_companies_is_told_why_one_is_left_out(acme: Ledger) -> None:
    (said,) = acme.ask(EARLY, "follow_up_all")

    assert re.match("acme: .*refused.*Mon 9 Mar", said)
    assert acme.letters() == []


@pytest.mark.parametrize("again", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_a_double_click_sends_one_letter_whichever_way(acme: Ledger, first: str, again: str) -> None:
    acme.ask(OVERDUE, first, *["acme"] * (first == "follow_up"))
    try:
        said = "".join(acme.ask(OVERDUE, again, *["acme"] * (again == "follow_up")))
    except acme.module.ProblemError as error:
        said = str(error)

    assert "refused" in said
    assert acme.counted("acme") == (1, 1, 1)


def test_of_threads_that_follow_up_at_once_one_gets_through(
    acme: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, never = Barrier(2), Event()

    class Slow(SqliteStore):
        def load(self, key: str, since: int = 0) -> StoredProcess | None:
            found = super().load(key, since)
            never.wait(0.05)  # so that both would read the same history
            return found

    monkeypatch.setattr(acme.module, "SqliteStore", Slow)

    def click(_: int) -> bool:
        ready.wait(60)
        try:
            acme.ask(OVERDUE, "follow_up", "acme")
        except acme.module.ProblemError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(click, range(2))) == [False, True]
    assert acme.counted("acme") == (1, 1, 1)


def test_a_letter_that_can_not_be_written_is_no_contact(
    acme: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(acme.module, "send", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            acme.ask(OVERDUE, "follow_up", "acme")

    assert acme.counted("acme") == (0, 0, 0)
    acme.ask(OVERDUE, "follow_up", "acme")
    assert acme.counted("acme") == (1, 1, 1)


@pytest.mark.parametrize("call", [("thank", "acme", "ana"), ("follow_up", "acme")])
def test_a_company_whose_old_row_is_not_imported_gets_no_letter(
    ledger: Ledger, call: tuple[str, ...]
) -> None:
    old_file(ledger.file)

    with pytest.raises(ledger.module.ProblemError, match="acme: the store has no process 'acme'"):
        ledger.ask(OVERDUE, *call)
    assert ledger.letters() == []


def test_what_is_due_is_listed_until_it_is_done(acme: Ledger) -> None:
    before = acme.ask(OVERDUE, "due")
    acme.ask(OVERDUE, "follow_up", "acme")
    acme.ask(OVERDUE, "thank", "acme", "ana")

    assert [text.split(":")[0] for text in before] == ["thank ana", "follow up with acme"]
    assert acme.ask(OVERDUE, "due") == []


def test_after_an_import_each_company_has_a_next_line(imported: Ledger) -> None:
    due = imported.ask(OVERDUE, "due")

    for company, *_ in OLD_ROWS:
        assert [text for text in due if company in text]
        process = imported.process(company)
        assert not [placed for placed in process.breaches if not placed.doubtful]
        with pytest.raises(imported.module.ProblemError, match="Not all that happened before is known"):
            imported.ask(OVERDUE, "follow_up", company)
    assert imported.letters() == []


def test_an_answer_opens_the_follow_up_where_none_was_sent(imported: Ledger) -> None:
    for company, *_ in OLD_ROWS:
        imported.ask(OVERDUE, "known", company, "message", "promise")

    said = imported.ask(OVERDUE, "follow_up_all")

    assert said[0] == "acme: sent"
    assert [company for company, *_ in OLD_ROWS if f"{company}: sent" in said] == ["acme"]


def test_to_import_again_changes_nothing(imported: Ledger) -> None:
    imported.ask(OVERDUE, "known", "acme", "message", "promise")
    before = imported.rows("SELECT * FROM postinterview_processes")
    imported.ask(OVERDUE + timedelta(days=1), "import_rows")

    assert imported.rows("SELECT * FROM postinterview_processes") == before


def test_a_row_that_can_not_be_read_imports_nothing(ledger: Ledger) -> None:
    old_file(ledger.file)
    with closing(sqlite3.connect(ledger.file)) as db, db:
        db.execute("INSERT INTO jobs VALUES ('zinc', 'last week', 0, NULL)")

    with pytest.raises(ValueError, match="last week"):
        ledger.ask(OVERDUE, "import_rows")
    assert ledger.rows("SELECT * FROM postinterview_processes") == []


def test_the_import_in_python_says_what_a_map_of_the_rows_says(imported: Ledger) -> None:
    by_map = audit(imported.file, load_map(text=MAP), as_of=OVERDUE).processes

    for company, *_ in OLD_ROWS:
        mine, read = imported.process(company), by_map[company]
        assert [(each.name, each.at) for each in mine.timeline] == [
            (each.name, each.at) for each in read.timeline if not each.event.is_open
        ]
        for events in (["message", "promise"], ["follow_up"]):
            mine, read = (each.known(*events, until=OVERDUE).process for each in (mine, read))
            verdicts = [each.may("follow_up", at=OVERDUE, channel="email") for each in (mine, read)]
            counted = any(each.event.is_open for each in read.timeline)  # the map says that they happened
            assert verdicts[0].allowed == verdicts[1].allowed or (counted and verdicts[0].allowed)


# --- kills --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_program_that_is_killed_leaves_the_row_and_the_event_or_neither(ledger: Ledger) -> None:
    context = get_context("forkserver")
    context.set_forkserver_preload([ledger_programs.__name__])
    chance = Random(7)  # noqa: S311 - nothing secret
    for number in range(KILLS):
        first = context.Event()
        work = partial(ledger_programs.write, str(ledger.module.__file__), str(ledger.file), number, first)
        writer = context.Process(target=work)
        writer.start()
        wait_for(first, writer)
        writer.join(chance.uniform(0, 0.2))
        writer.kill()
        writer.join()

    rows = dict(ledger.rows("SELECT company, follow_ups_sent FROM jobs"))
    letters = ledger.letters()
    with closing(sqlite3.connect(ledger.file)) as db:
        saved = list(ledger.module.keeper(db).keys())
    events = [company for company in saved if "follow_up" in ledger.history(company)]
    assert saved == sorted(rows)
    assert sorted(events) == sorted(letters) == sorted(company for company in rows if rows[company])
    assert KILLS <= len(letters) < KILLS * ledger_programs.COMPANIES
