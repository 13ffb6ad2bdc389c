"""The hosts that speak HTTP: many clients at once, one contact; and whoever is refused is told why."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import postinterview as pi
from tests.examples.embedding.hosts import CLIENTS, Host
from tests.examples.embedding.stories import EARLY, MONDAY, OVERDUE, hasty, interviewed
from tests.strategies.scale import IS_LONG

ROUNDS = 200 if IS_LONG else 12
FASTAPI = pytest.mark.xdist_group("fastapi")
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "call"}}


def events(process: pi.Process) -> list[tuple[int, str]]:
    return [(placed.event.number, placed.name) for placed in process.timeline]


def test_of_many_who_follow_up_at_once_one_gets_through_and_the_others_hear_why(host: Host) -> None:
    for key in host.interviewed(ROUNDS):
        answers = host.at_once(key, [(FOLLOW_UP, f"client {number}") for number in range(CLIENTS)])

        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
        for verdict in (answer.json() for answer in answers if answer.status_code == 409):
            assert not verdict["allowed"]
            assert [reason["id"] for reason in verdict["reasons"]] == [
                "one_chase",
                "one_follow_up",
                "a_week_apart",
            ]
            assert "interview" in verdict["opens_after"]
        assert events(host.process(key)) == [(1, "interview"), (2, "follow_up")]


def test_a_call_that_is_repeated_under_one_key_is_done_once_and_answered_alike(host: Host) -> None:
    for key in host.interviewed(ROUNDS):
        answers = host.at_once(key, [(FOLLOW_UP, "button-7")] * CLIENTS)

        assert sorted(answer.status_code for answer in answers) == [*[200] * (CLIENTS - 1), 201]
        assert [answer.json() for answer in answers] == [answers[0].json()] * CLIENTS
        assert events(host.process(key)) == [(1, "interview"), (2, "follow_up")]


def test_of_many_who_tell_something_at_once_each_is_heard(host: Host) -> None:
    for key in host.interviewed(ROUNDS):
        told = [(MONDAY + timedelta(minutes=number)).isoformat() for number in range(CLIENTS)]
        answers = host.at_once(key, [({"event": "message", "happened": at}, at) for at in told])

        assert [answer.status_code for answer in answers] == [201] * CLIENTS
        process = host.process(key)
        assert [entry.number for entry in process.history] == list(range(1, CLIENTS + 2))
        assert [placed.at.astimezone(MONDAY.tzinfo).isoformat() for placed in process.timeline[1:]] == told


def test_who_asks_too_early_is_told_when_it_opens_and_nothing_is_written(host: Host) -> None:
    (key,) = host.interviewed()
    before = host.column("saved", key)
    host.clock.now = EARLY
    answer = host.post(f"{key}/events", FOLLOW_UP, once="button-7")

    assert answer.status_code == 409
    verdict = host.process(key).may("follow_up", at=EARLY, channel="call")
    assert answer.json() == {**verdict.as_json(), "text": verdict.text}
    assert answer.json()["opens_at"] == "2026-03-11T08:00:00+01:00"
    assert host.column("saved", key) == before

    host.clock.now = OVERDUE
    assert host.post(f"{key}/events", FOLLOW_UP, once="button-7").status_code == 201


def test_the_key_of_one_call_is_not_taken_for_another(host: Host) -> None:
    (key,) = host.interviewed()
    first = host.post(f"{key}/events", FOLLOW_UP, once="button-7")
    other = host.post(f"{key}/events", {"event": "message", "happened": MONDAY.isoformat()}, once="button-7")

    assert (first.status_code, other.status_code) == (201, 422)
    assert other.json()["error"] == "the idempotency key belongs to another call"
    assert events(host.process(key)) == [(1, "interview"), (2, "follow_up")]


def test_the_next_due_moment_is_kept_with_each_write(host: Host) -> None:
    (key,) = host.interviewed()
    thanks = {"thanks": True, "topic": True, "looking_forward": True}
    host.clock.now = MONDAY + timedelta(hours=1)
    found = []
    for call in (
        {"event": "thank_you", "to": "ana", "fields": thanks},
        {"event": "complete_profile"},
        {"event": "write_plan"},
    ):
        assert host.post(f"{key}/events", call).status_code == 201
        due = host.process(key).next_due
        assert due is not None
        assert datetime.fromisoformat(f"{host.column('next_due', key)}+00:00") == due
        found.append(due)
    assert found == sorted(found)
    assert found[0] < found[-1]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"event": "folow_up"}, "folow_up"),
        ({"event": "follow_up", "fields": {"channel": "owl"}}, "channel"),
        ({"event": "follow_up", "fields": {"at": "2026-03-01"}}, "`at`"),
        ({"event": "follow_up", "hapened": "2026-03-10T09:00:00Z"}, "hapened"),
        ({"event": "message", "happened": "2026-03-10T09:00:00"}, "2026-03-10"),
        ({"event": "message", "happened": "2026-03-17T09:00:00Z"}, "in the future"),
        ({"event": "promise", "happened": "2026-03-10T09:00:00Z", "fields": {"date": "soon"}}, "soon"),
        ({"event": "thank_you"}, "one person"),
        (["follow_up"], ""),
        ({}, "event"),
        ({"event": "x\ud800"}, "event"),
        ({"event": "message", "to": "x\ud800", "happened": "2026-03-10T09:00:00Z"}, ""),
    ],
)
def test_what_a_client_gets_wrong_is_said_and_nothing_is_written(host: Host, call: Any, said: str) -> None:
    (key,) = host.interviewed()
    before = host.column("saved", key)
    answer = host.post(f"{key}/events", call)

    assert answer.status_code == 422
    assert said in answer.text
    assert host.column("saved", key) == before


def test_a_body_nested_too_deep_is_the_clients_mistake(host: Host) -> None:
    (key,) = host.interviewed()
    answer = host.clients[0].post(f"{host.url}/employers/{key}/events", content="[" * 100_000)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/json"


def test_an_employer_is_started_once_and_one_that_was_not_is_not_there(host: Host) -> None:
    interview = {"interviewers": ["ana"], "decide_by": "2026-03-10"}
    call = {"event": "interview", "happened": MONDAY.isoformat(), "fields": interview}

    assert host.post("acme?timezone=Europe/Zurich").status_code == 201
    assert host.post("acme?timezone=Europe/Zurich").status_code == 409
    assert host.post("acme/events", call).json()["number"] == 1
    assert host.process("acme") == interviewed()
    assert host.post("other?timezone=Europe/Zuerich").status_code == 422
    assert host.post("other/events", call).status_code == 404


def test_an_employer_is_shown_with_the_agenda_of_now_in_the_zone_of_the_employer(host: Host) -> None:
    (key,) = host.interviewed()
    shown = host.get(f"employers/{key}")
    agenda = interviewed().agenda(at=OVERDUE.astimezone(ZoneInfo("Europe/Zurich")))

    assert shown.json() == [item.as_json() for item in agenda]
    host.spoil(key, "{}")
    assert host.get(f"employers/{key}").status_code == 500
    assert host.get("employers/nobody").status_code == 404


@FASTAPI
def test_what_is_due_is_told_over_http_though_rows_can_not_be_restored(fastapi: Host) -> None:
    fastapi.clock.now = OVERDUE
    keys = fastapi.interviewed(4)
    called = {"event": "message", "happened": (MONDAY + timedelta(minutes=1)).isoformat()}
    for key in keys[:3]:
        assert fastapi.post(f"{key}/events", called).status_code == 201
    fastapi.spoil(keys[0], hasty().to_json())
    fastapi.spoil(keys[1], "{}")
    told = {each["employer"]: each for each in fastapi.get("due").json()}

    assert [difference[:18] for difference in told[keys[0]]["differences"]] == ["entry 2 (follow up"]
    assert told[keys[1]] == {"employer": keys[1], "error": "this is not a saved process", "path": ""}
    assert told[keys[2]]["overdue"][0] == "thank ana: 12 days 23 h overdue"
    assert keys[3] not in told


def test_a_server_whose_clock_is_behind_goes_by_the_latest_event(host: Host) -> None:
    (key,) = host.interviewed()
    host.clock.now = MONDAY - timedelta(seconds=1)

    assert host.post(f"{key}/events", {"event": "complete_profile"}).status_code == 201
    assert host.process(key).timeline[-1].at == MONDAY


def test_a_row_that_is_damaged_is_said_to_be_and_stays_as_it_is(host: Host) -> None:
    (key,) = host.interviewed()
    damaged = host.column("saved", key).replace("ana", "bob")
    host.spoil(key, damaged)
    answer = host.post(f"{key}/events", FOLLOW_UP)

    assert answer.status_code == 500
    assert answer.json() == {
        "error": "entry 1 is not as it was saved: its seal differs",
        "path": "history[0].seal",
    }
    assert host.column("saved", key) == damaged


def test_what_other_rules_judge_otherwise_is_left_until_somebody_says_what_became_of_it(host: Host) -> None:
    (key,) = host.interviewed()
    saved = hasty().to_json()
    host.spoil(key, saved)
    answer = host.post(f"{key}/events", FOLLOW_UP)

    assert answer.status_code == 503
    (difference,) = answer.json()["differences"]
    assert difference.startswith(
        "entry 2 (follow up with acme, Thu 5 Mar 2026) was allowed, and is now a breach"
    )
    assert host.column("saved", key) == saved
