"""People say to whom agents may write, and confirm what agents say."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from postinterview.cli.gate_option import SECRET_VARIABLE, service_secret
from postinterview.files import UnreadableError
from postinterview.gate import Approvals
from postinterview.gate.sql_notes import SqlNotes
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.cli.helpers import Caller
from tests.core.helpers import at, packaged

TALK = at("2026-03-02 10:00")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "tracker.db"
    monkeypatch.setenv("POSTINTERVIEW_STORE", str(file))
    return file


def proposed(store: Path, because: str = "") -> str:
    """The id of a word that an agent proposed."""
    with closing(SqlStore(f"sqlite:///{store}")) as opened:
        keeper = Keeper(packaged(), opened)
        keeper.start("acme", timezone="Europe/Zurich")
        keeper.record("acme", "interview", at=TALK, interviewers=["ana"])
        gate = Approvals(keeper, SqlNotes(opened))
        return gate.propose(
            "acme", "record", event="question", happened=at("2026-03-03 10:00"), because=because
        ).id


def document(call: Caller, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(*words, "--format", "json").out)
    return found


def test_recipients_are_added_listed_and_removed(call: Caller, store: Path) -> None:
    assert (
        call("recipients").out
        == "no recipients yet; add one: postinterview recipients KEY ana@acme.example\n"
    )
    words = ("recipients", "acme", "ana@acme.example", "+41 44 123 45 67", "--timezone", "Europe/Zurich")
    assert call(*words).out == "acme  +41441234567\nacme  ana@acme.example\n"
    assert call("recipients", "acme", "ana@acme.example", "--person", "ana").out.endswith(
        "ana@acme.example (ana)\n"
    )
    answer = call("recipients", "beta", "bo@acme.example", "--timezone", "Europe/Zurich")
    assert (answer.code, answer.out) == (1, "")
    assert "may be of the same employer as ana@acme.example of `acme`" in answer.err
    assert "say --shared" in answer.err
    words = ("recipients", "beta", "bo@acme.example", "--shared", "--timezone", "Europe/Zurich")
    assert call(*words).code == 0
    assert document(call, "recipients", "acme", "+41441234567", "--remove")["recipients"] == [
        {"key": "acme", "name": "ana@acme.example", "kind": "address", "person": "ana"}
    ]
    answer = call("recipients", "acme", "+41441234567", "--remove")
    assert (answer.code, "is not registered for `acme`" in answer.err) == (1, True)


def test_a_key_without_a_process_is_told_how_to_start(call: Caller, store: Path) -> None:
    answer = call("recipients", "acme", "ana@acme.example")
    assert (answer.code, answer.out) == (1, "")
    assert "--timezone Europe/Zurich" in answer.err


def test_if_one_recipient_is_refused_nothing_is_started_registered_or_removed(
    call: Caller, store: Path
) -> None:
    for names in (["gmail.com"], ["ana@acme.example", "gmail.com"]):
        answer = call("recipients", "acme", *names, "--timezone", "Europe/Zurich")
        assert (answer.code, "gmail.com" in answer.err) == (1, True)
    with closing(SqlStore(f"sqlite:///{store}")) as opened:
        assert list(Keeper(packaged(), opened).keys()) == []

    call("recipients", "acme", "ana@acme.example", "--timezone", "Europe/Zurich")
    answer = call("recipients", "acme", "bo@acme.example", "gmail.com")
    assert (answer.code, answer.out) == (1, "acme  ana@acme.example\n")
    answer = call("recipients", "acme", "ana@acme.example", "bo@acme.example", "--remove")
    assert (answer.code, answer.out) == (1, "acme  ana@acme.example\n")
    assert call("recipients", "--timezone", "Europe/Zurich").code == 2


@pytest.mark.parametrize("more", [[], ["--decline"]])
def test_an_id_that_nobody_waits_for_is_answered_with_the_command_that_lists_them(
    more: list[str], call: Caller, store: Path
) -> None:
    answer = call("confirm", "nope", *more)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "error: no word `nope` waits for a confirmation\n"
        "  = help: list those that do: postinterview confirm\n"
    )


def test_owners_are_kept_apart(call: Caller, store: Path) -> None:
    for owner in ("ada", "bob"):
        words = ("recipients", "acme", "ana@acme.example", "--timezone", "Europe/Zurich", "--owner", owner)
        assert call(*words).out == "acme  ana@acme.example\n"
    assert call("recipients").out == "ada/acme  ana@acme.example\nbob/acme  ana@acme.example\n"


def test_a_word_is_shown_with_what_it_would_allow_and_confirmed(call: Caller, store: Path) -> None:
    word = proposed(store, because="Ana's mail: when could you start?")
    assert call("confirm").out == (
        f"{word}  acme\n"
        "    Tue 3 Mar 2026 10:00: question.\n"
        '    the agent says: "Ana\'s mail: when could you start?"\n'
        "    it would allow: answer acme\n"
    )
    shown = document(call, "confirm")["pending"]
    assert [(each["id"], each["opens"], each["state"]) for each in shown] == [
        (word, ["answer acme"], "pending")
    ]
    assert call("confirm", word).out == "Recorded as entry 2: question.\n"
    assert call("confirm").out == "no word waits for a confirmation\n"
    answer = call("confirm", word)
    assert (answer.code, f"no word `{word}` waits" in answer.err) == (1, True)


def test_a_word_is_declined(call: Caller, store: Path) -> None:
    word = proposed(store)
    assert call("confirm", "--decline", word).out == f"declined `{word}`\n"
    assert document(call, "confirm", "--decline", word)["declined"] == []
    assert call("confirm", "--decline", word).code == 1


def test_the_secret_is_made_once_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    calls: list[Callable[[], str]] = [service_secret] * 8
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda call: call(), calls))
    assert len(found) == 1
    assert len(found.pop()) == 64
    files = list((tmp_path / "postinterview").iterdir())
    assert [(each.name, stat.S_IMODE(each.stat().st_mode)) for each in files] == [("secret", 0o600)]
    monkeypatch.setenv(SECRET_VARIABLE, "another")
    assert service_secret() == "another"
    monkeypatch.delenv(SECRET_VARIABLE)
    files[0].write_bytes(b"\xff")
    with pytest.raises(UnreadableError, match="can't be read"):
        service_secret()
