"""What the router's operations answer is what the keeper's process says."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.contrib.fastapi import RefusedError, accepted
from postinterview.stores import Keeper, StoredProcess
from tests.contrib.fastapi.asking import (
    EARLY,
    FOLLOW_UP,
    INTERVIEW,
    MONDAY,
    OVERDUE,
    ask,
    fresh,
    interviewed,
    served,
)
from tests.core.helpers import packaged

ONE = "/processes/acme"
PROBLEM = "application/problem+json"


@pytest.fixture
def keeper() -> Keeper:
    found = fresh()
    interviewed(found)
    return found


def test_a_process_is_started_once_and_the_same_request_again_changes_nothing() -> None:
    keeper = fresh()
    app = served(keeper)
    body = {"timezone": "Europe/Zurich", "employer": "Acme", "country": "CH-ZH", "holidays": ["2026-04-20"]}
    first, second = (ask(app, "PUT", ONE, body) for _ in range(2))
    other = ask(app, "PUT", ONE, body | {"timezone": "UTC"})

    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == second.json() == ask(app, "GET", ONE).json()
    assert first.json()["employer"] == keeper.load("acme").employer == "Acme"
    assert first.json()["holidays"] == ["2026-04-20"]
    assert other.headers["content-type"] == PROBLEM
    assert other.json()["detail"] == "there is another process 'acme'"


def test_an_act_is_201_then_200_for_the_same_key_and_409_with_the_verdict_for_another(keeper: Keeper) -> None:
    app = served(keeper)
    first, same, other = (ask(app, "POST", f"{ONE}/do", FOLLOW_UP, once) for once in ("a", "a", "b"))

    assert (first.status_code, same.status_code, other.status_code) == (201, 200, 409)
    assert same.json() == first.json() | {"repeated": True, "text": same.json()["text"]}
    assert (first.json()["number"], first.json()["repeated"], first.json()["breach"]) == (2, False, False)
    verdict = keeper.may("acme", "follow_up", at=OVERDUE, channel="call")
    assert other.json() == {
        "type": "urn:postinterview:refused",
        "title": "Conflict",
        "status": 409,
        "detail": verdict.text,
        "verdict": said(verdict),
    }
    assert other.headers["content-type"] == PROBLEM
    assert len(keeper.load("acme").history) == 2


def test_a_refused_act_opens_at_the_moment_that_the_answer_names(keeper: Keeper) -> None:
    refused = ask(served(keeper, EARLY), "POST", f"{ONE}/do", FOLLOW_UP, "a")
    opens = refused.json()["verdict"]["opens_at"]

    assert opens == "2026-03-11T08:00:00+01:00"
    then = served(keeper, EARLY.fromisoformat(opens))
    assert ask(then, "POST", f"{ONE}/do", FOLLOW_UP, "a").status_code == 201


def test_asking_records_nothing(keeper: Keeper) -> None:
    before = keeper.load("acme")
    answer = ask(served(keeper), "POST", f"{ONE}/may", FOLLOW_UP)

    verdict = keeper.may("acme", "follow_up", at=OVERDUE, channel="call")
    assert answer.json() == said(verdict)
    assert answer.json()["allowed"]
    assert keeper.load("acme") == before


def test_a_day_is_asked_about_by_its_first_moment_that_is_allowed(keeper: Keeper) -> None:
    app = served(keeper, EARLY)
    tuesday, wednesday = (
        ask(app, "POST", f"{ONE}/may?on=2026-03-{day}", FOLLOW_UP).json() for day in (10, 11)
    )

    verdict = keeper.load("acme").may_on(date(2026, 3, 11), "follow_up", channel="call")
    assert wednesday == said(verdict)
    assert (tuesday["allowed"], wednesday["allowed"]) == (False, True)


def test_what_happened_is_recorded_though_it_is_a_breach_and_though_something_later_is_known(
    keeper: Keeper,
) -> None:
    app = served(keeper)
    hasty = ask(app, "POST", f"{ONE}/record", FOLLOW_UP | {"at": EARLY.isoformat()})
    word = {"event": "message", "at": (MONDAY + timedelta(hours=1)).isoformat()}
    late, again = (ask(app, "POST", f"{ONE}/record", word, "mail-1") for _ in range(2))

    assert [answer.status_code for answer in (hasty, late, again)] == [201, 201, 200]
    assert hasty.json()["breach"]
    assert [placed.name for placed in keeper.load("acme").timeline] == ["interview", "message", "follow_up"]


def test_a_day_without_its_hyphens_is_no_moment_of_1970(keeper: Keeper) -> None:
    app = served(keeper)
    answer = ask(app, "POST", f"{ONE}/record", {"event": "message", "at": "20260309"})
    assert answer.status_code == 422
    assert [placed.name for placed in keeper.load("acme").timeline] == ["interview"]


def test_a_breach_is_doubtful_if_nobody_knows_when_it_happened(keeper: Keeper) -> None:
    app = served(keeper)
    hasty = FOLLOW_UP | {"at": EARLY.isoformat()}
    chased = FOLLOW_UP | {"at": OVERDUE.isoformat(), "undated": True}
    sure, doubtful = (ask(app, "POST", f"{ONE}/record", body).json() for body in (hasty, chased))

    assert (sure["breach"], sure["doubtful"]) == (True, False)
    assert (doubtful["breach"], doubtful["doubtful"]) == (True, True)
    assert keeper.load("acme").timeline[-1].event.undated


def test_an_employer_is_renamed_and_what_was_done_stays_done(keeper: Keeper) -> None:
    app = served(keeper)
    ask(app, "POST", f"{ONE}/do", FOLLOW_UP)
    first, again = (ask(app, "POST", f"{ONE}/change", {"employer": "Acme & Sons"}, "c") for _ in range(2))

    assert (first.status_code, again.status_code, first.json()["event"]) == (201, 200, None)
    assert ask(app, "GET", ONE).json()["employer"] == "Acme & Sons"
    refused = ask(app, "POST", f"{ONE}/do", FOLLOW_UP)
    assert refused.status_code == 409
    assert "Acme & Sons" in refused.json()["detail"]
    assert ask(app, "POST", f"{ONE}/change", {}).status_code == 422


def test_more_is_said_of_an_event_which_stays_at_its_moment(keeper: Keeper) -> None:
    app, path = served(keeper), f"{ONE}/amended"
    body = {"number": 1, "fields": {"interviewers": ["ana", "bo"], "decide_by": "2026-03-20"}}
    first, again, once_more = (ask(app, "POST", path, body, once) for once in ("a", "a", "b"))

    assert (first.status_code, again.status_code, once_more.status_code) == (201, 200, 422)
    assert first.json()["repeated"] is False
    (placed,) = keeper.load("acme").timeline
    assert (placed.at, placed.event.fields["decide_by"]) == (MONDAY, date(2026, 3, 20))
    assert placed.event.fields["interviewers"] == ("ana", "bo")


@pytest.mark.parametrize(
    ("number", "fields", "said"),
    [
        (1, {"at": "2026-03-20"}, "unknown field `at`"),
        (1, {"once": "x"}, "unknown field `once`"),
        (1, {"decide_by": "soon"}, "decide_by"),
        (9, {"at": "x"}, "no event 9"),
    ],
)
def test_what_an_event_can_t_have_is_no_more_of_it(
    number: int, fields: dict[str, Any], said: str, keeper: Keeper
) -> None:
    before = keeper.load("acme")
    answer = ask(served(keeper), "POST", f"{ONE}/amended", {"number": number, "fields": fields})

    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert keeper.load("acme") == before


def test_a_process_is_moved_with_its_history_and_the_same_request_again_changes_nothing(
    keeper: Keeper,
) -> None:
    app = served(keeper)
    ask(app, "POST", f"{ONE}/do", FOLLOW_UP, "a")
    history = keeper.load("acme").history
    first, again = (ask(app, "POST", f"{ONE}/move", {"to": "7"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == ask(app, "GET", "/processes/7").json()
    assert keeper.load("7").history == history
    assert ask(app, "GET", ONE).status_code == 404
    assert ask(app, "POST", "/processes/7/do", FOLLOW_UP, "a").status_code == 200
    assert ask(app, "POST", "/processes/7/move", {"to": "7"}).status_code == 200


@pytest.mark.parametrize(
    ("key", "to", "status", "detail"),
    [
        ("acme", "bolt", 409, "there is another process 'bolt'"),
        ("nobody", "new", 404, "there is no process 'nobody'"),
        ("acme", "a/b", 422, "body.to: String should match pattern '^[^/]+$'"),
        ("acme", " ", 422, "`new` can't be ' '"),
    ],
)
def test_a_process_is_moved_only_to_a_free_key(
    key: str, to: str, status: int, detail: str, keeper: Keeper
) -> None:
    keeper.start("bolt", timezone="UTC")
    answer = ask(served(keeper), "POST", f"/processes/{key}/move", {"to": to})

    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert list(keeper.keys()) == ["acme", "bolt"]


def test_two_processes_of_one_employer_are_joined(keeper: Keeper) -> None:
    app = served(keeper)
    keeper.start("bolt", timezone="Europe/Zurich")
    keeper.record("bolt", "message", at=MONDAY + timedelta(hours=1))
    joined = ask(app, "POST", f"{ONE}/join", {"other": "bolt"})

    assert (joined.status_code, joined.json()) == (201, ask(app, "GET", ONE).json())
    assert [placed.name for placed in keeper.load("acme").timeline] == ["interview", "message"]
    assert ask(app, "GET", "/processes/bolt").status_code == 404
    wrong = [ask(app, "POST", f"{ONE}/join", {"other": other}) for other in ("bolt", "acme")]
    assert [each.status_code for each in wrong] == [422, 422]
    assert wrong[0].json()["detail"] == "there is no process 'bolt'"
    assert ask(app, "POST", "/processes/bolt/join", {"other": "acme"}).status_code == 404
    assert list(keeper.keys()) == ["acme"]


def test_an_entry_is_taken_back_and_a_contact_only_if_it_was_not_sent(keeper: Keeper) -> None:
    app = served(keeper)
    ask(app, "POST", f"{ONE}/do", FOLLOW_UP)
    sent = ask(app, "POST", f"{ONE}/retract", {"number": 2})
    unsent = ask(app, "POST", f"{ONE}/retract", {"number": 2, "not_sent": True})

    assert (sent.status_code, unsent.status_code) == (422, 201)
    assert unsent.json()["event"] is None
    assert [placed.name for placed in keeper.load("acme").timeline] == ["interview"]


def test_what_nobody_knows_closes_acts_until_it_is_known(keeper: Keeper) -> None:
    app = served(keeper)
    body = {"of": ["message"], "until": OVERDUE.isoformat()}
    assert ask(app, "POST", f"{ONE}/unknown", body).status_code == 201
    (due,) = ask(app, "GET", "/due?of=follow_up&of=assume_closed").json()["processes"]
    (line,) = [line for line in due["lines"] if line["kind"] == "tell"]
    assert line["question"]["events"] == ["message"]
    asked = {name: value for name, value in line["question"]["calls"][-1].items() if name != "call"}
    refused, _, done = (
        ask(app, "POST", f"{ONE}/{path}", body)
        for path, body in [("do", FOLLOW_UP), ("known", asked), ("do", FOLLOW_UP)]
    )

    assert done.status_code == 201
    assert "unknown" in {reason["has"] for reason in refused.json()["verdict"]["reasons"]}


def test_agenda_verdicts_and_timeline_are_those_of_the_process(keeper: Keeper) -> None:
    app, process = served(keeper), keeper.load("acme")
    agenda = process.agenda(at=OVERDUE)
    verdicts = process.verdicts(at=OVERDUE)

    assert ask(app, "GET", f"{ONE}/agenda").json() == [item.as_json() for item in agenda]
    plan = process.agenda(at=OVERDUE, of=["write_plan"])
    assert ask(app, "GET", f"{ONE}/agenda?of=write_plan").json() == [item.as_json() for item in plan]
    assert ask(app, "GET", f"{ONE}/verdicts").json() == [said(verdict) for verdict in verdicts]
    (place,) = ask(app, "GET", f"{ONE}/timeline").json()
    assert place | {"at": None} == {
        "number": 1,
        "event": "interview",
        "at": None,
        "application": "main",
        "round": 1,
        "to": None,
        "fields": INTERVIEW["fields"],
        "breach": False,
        "outside": False,
        "doubtful": False,
    }
    assert place["at"] == INTERVIEW["at"]


@pytest.mark.parametrize("path", ["agenda", "verdicts", "timeline"])
def test_moments_are_said_in_the_zone_that_is_asked_for(keeper: Keeper, path: str) -> None:
    answer = ask(served(keeper), "GET", f"{ONE}/{path}?zone=America/New_York").text

    assert "-05:00" in answer or "-04:00" in answer
    assert "+01:00" not in answer
    assert ask(served(keeper), "GET", f"{ONE}/{path}?zone=Zurich").status_code == 422


def test_what_is_due_comes_first_to_last_and_what_can_not_be_read_is_named(keeper: Keeper) -> None:
    for key in ("later", "damaged"):
        interviewed(keeper, key)
    keeper.record("later", "message", at=MONDAY + timedelta(days=3))
    for event in ("complete_profile", "write_plan"):
        keeper.do("later", event, at=MONDAY + timedelta(days=4))
    spoil(keeper, "damaged")
    app = served(keeper)
    found = ask(app, "GET", "/due").json()

    assert [each["key"] for each in found["processes"]] == ["acme", "later"]
    agenda = keeper.load("acme").agenda(at=OVERDUE)
    assert found["processes"][0]["lines"] == [item.as_json() for item in agenda.of("overdue")]
    assert [each["key"] for each in found["unreadable"]] == ["damaged"]
    assert [each["key"] for each in ask(app, "GET", "/due?limit=1").json()["processes"]] == ["acme"]
    profile = ask(app, "GET", "/due?of=complete_profile&of=write_plan").json()["processes"]
    assert [each["key"] for each in profile] == ["acme"]
    assert ask(app, "GET", "/due", params={"by": MONDAY.isoformat()}).json()["processes"] == []


def test_an_export_can_be_restored_and_names_what_can_not_be_read(keeper: Keeper) -> None:
    interviewed(keeper, "damaged")
    app = served(keeper)
    whole = keeper.load("acme")
    spoil(keeper, "damaged")

    assert packaged().restore(ask(app, "GET", f"{ONE}/export").text) == whole
    found = ask(app, "GET", "/export").json()
    assert packaged().restore(json.dumps(found["processes"]["acme"])) == whole
    assert [each["key"] for each in found["unreadable"]] == ["damaged"]


def test_keys_are_listed_in_pages(keeper: Keeper) -> None:
    for key in ("b", "a", "c"):
        interviewed(keeper, key)
    app = served(keeper)

    assert ask(app, "GET", "/processes").json() == {"keys": ["a", "acme", "b", "c"]}
    assert ask(app, "GET", "/processes?after=acme&limit=1").json() == {"keys": ["b"]}


def test_a_forgotten_process_is_gone(keeper: Keeper) -> None:
    app = served(keeper)

    assert ask(app, "DELETE", ONE).json() == {"keys": ["acme"]}
    assert [ask(app, method, ONE).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert list(keeper.keys()) == []


@pytest.mark.parametrize("path", ["", "/agenda", "/verdicts", "/timeline", "/export"])
def test_damage_is_told_with_its_place_and_is_nobody_elses(keeper: Keeper, path: str) -> None:
    spoil(keeper, "acme")
    answer = ask(served(keeper), "GET", f"{ONE}{path}")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["path"] == "process `acme`, history[0].seal"


@pytest.mark.parametrize(
    ("path", "body", "said", "help_"),
    [
        ("do", {"event": "folow_up"}, "unknown event `folow_up`", "did you mean `follow_up`?"),
        ("do", {"event": "interview"}, "`interview` is a fact", "use record"),
        ("do", FOLLOW_UP | {"fields": {"channel": "owl"}}, "`channel`", ""),
        ("do", FOLLOW_UP | {"fields": {"at": "x"}}, "unknown field `at`", ""),
        ("do", FOLLOW_UP | {"happened": "now"}, "body.happened: Extra inputs are not permitted", ""),
        ("do", {"event": "thank_you"}, "one person", "name the interviewer"),
        ("do", {"event": "x\ud800"}, "x", ""),
        ("do", {}, "body.event: Field required", ""),
        ("do", [], "body", ""),
        ("may", {"event": "message"}, "`message` is a fact", ""),
        ("record", {"event": "message", "at": "2026-03-10T09:00:00"}, "timezone", ""),
        ("record", {"event": "message", "at": "2027-03-10T09:00:00Z"}, "in the future", "report it when"),
        ("record", {"event": "promise", "at": MONDAY.isoformat(), "fields": {"date": "soon"}}, "'soon'", ""),
        ("retract", {"number": 7}, "7", ""),
        ("unknown", {"of": [], "until": MONDAY.isoformat()}, "body.of", ""),
        ("unknown", {"of": ["mesage"], "until": MONDAY.isoformat()}, "mesage", "message"),
        ("unknown", {"of": ["message"], "until": "2027-03-10T09:00:00Z"}, "in the future", ""),
    ],
)
def test_a_mistake_is_told_in_words_and_nothing_is_written(
    keeper: Keeper, path: str, body: Any, said: str, help_: str
) -> None:
    before = keeper.load("acme")
    answer = ask(served(keeper), "POST", f"{ONE}/{path}", body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    assert said in answer.json()["detail"]
    assert help_ in answer.json()["help"]
    assert keeper.load("acme") == before


def test_the_key_of_one_call_is_not_taken_for_another(keeper: Keeper) -> None:
    app = served(keeper)
    ask(app, "POST", f"{ONE}/do", FOLLOW_UP, "a")
    other = ask(app, "POST", f"{ONE}/record", {"event": "message", "at": MONDAY.isoformat()}, "a")

    assert other.status_code == 422
    assert "idempotency key" in other.json()["detail"]


def test_a_body_nested_too_deep_is_the_clients_mistake(keeper: Keeper) -> None:
    answer = ask(served(keeper), "POST", f"{ONE}/do", "[" * 100_000)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == PROBLEM


def test_an_accepted_outcome_is_returned_and_a_refusal_is_raised(keeper: Keeper) -> None:
    outcome = keeper.do("acme", "follow_up", at=OVERDUE, channel="call")
    assert accepted(outcome) is outcome
    with pytest.raises(RefusedError) as caught:
        accepted(keeper.do("acme", "follow_up", at=OVERDUE, channel="call"))
    assert str(caught.value) == caught.value.verdict.text


def said(verdict: pi.Verdict) -> dict[str, Any]:
    return {**verdict.as_json(), "title": verdict.title, "text": verdict.text}


def spoil(keeper: Keeper, key: str) -> None:
    """Change an entry past the keeper."""
    store: Any = keeper.store
    kept: StoredProcess = store.load(key)
    store.forget(key)
    entries = [evolve(entry, text=entry.text.replace("ana", "bob")) for entry in kept.entries]
    store.create(key, kept.standing, entries)


def test_a_card_is_followed_and_a_drag_back_is_told(keeper: Keeper) -> None:
    app = served(keeper)

    def move(status: str, once: str | None = None, **said: Any) -> Any:
        return ask(app, "POST", f"{ONE}/follow", {"status": status, **said}, once)

    first, same, reached = move("Offer", "a"), move("Offer", "a"), move("offer")
    assert [each.status_code for each in (first, same, reached)] == [201, 200, 200]
    assert (first.json()["event"], first.json()["number"], first.json()["stays"]) == ("offer", 2, [])
    assert (reached.json()["number"], reached.json()["text"]) == (None, "nothing to record")
    back = move("Interview", fields={"decide_by": "2026-03-20"})
    assert back.json()["text"].startswith("Recorded as entry 3: entry 2 (offer, ")
    assert keeper.load("acme").timeline[0].event.fields["decide_by"] == date(2026, 3, 20)
    sent = ask(app, "POST", f"{ONE}/do", {"event": "withdraw"}).json()["number"]
    assert move("Applied").json()["stays"] == [keeper.load("acme").timeline[0].event.number, sent]


def test_a_status_that_means_nothing_is_422(keeper: Keeper) -> None:
    app, path = served(keeper), f"{ONE}/follow"
    wrong = ask(app, "POST", path, {"status": "Intervew"})
    future = ask(app, "POST", path, {"status": "Offer", "at": (OVERDUE + timedelta(days=1)).isoformat()})
    fields = ask(app, "POST", path, {"status": "Applied", "fields": {"decide_by": "2026-03-20"}})
    assert [each.status_code for each in (wrong, future, fields)] == [422, 422, 422]
    assert {each.headers["content-type"] for each in (wrong, future, fields)} == {PROBLEM}
    assert wrong.json()["help"] == "did you mean `Interview`?"
    empty = ask(app, "PUT", "/processes/bolt", {"timezone": "UTC"})
    assert empty.status_code == 201
    nothing = ask(app, "POST", "/processes/bolt/follow", {"status": "Applied"})
    assert (nothing.status_code, nothing.json()["number"]) == (200, None)
    assert len(keeper.load("acme").history) == 1


def test_a_card_that_comes_too_early_may_stay_and_is_told_until_when(keeper: Keeper) -> None:
    app, path = served(keeper), f"{ONE}/follow"
    early = ask(app, "POST", path, {"status": "Ghosted"})
    assert (early.status_code, early.json()["event"], early.json()["number"]) == (200, None, None)
    assert early.json()["text"].startswith("Nothing to record yet. ")
    assert datetime.fromisoformat(early.json()["opens_at"]) > OVERDUE
    assert len(keeper.load("acme").history) == 1
    ask(app, "POST", path, {"status": "Offer"})
    refused = ask(app, "POST", path, {"status": "Ghosted"})  # no time makes it possible
    assert (refused.status_code, refused.json()["verdict"]["opens_at"]) == (409, None)


def test_a_list_within_a_list_of_people_is_422(keeper: Keeper) -> None:
    body = INTERVIEW | {"fields": {"interviewers": [["ana"]]}}
    answer = ask(served(keeper), "POST", f"{ONE}/record", body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


def test_an_event_gets_its_date_and_stays_one_event(keeper: Keeper) -> None:
    app = served(keeper)
    offer = {"event": "offer", "at": OVERDUE.isoformat(), "undated": True}
    number = ask(app, "POST", f"{ONE}/record", offer).json()["number"]
    path, day = f"{ONE}/dated", (OVERDUE - timedelta(days=3)).isoformat()
    first, same = (ask(app, "POST", path, {"number": number, "at": day}, "a") for _ in range(2))
    again = ask(app, "POST", path, {"number": number, "at": day})
    later = ask(app, "POST", path, {"number": 9, "at": (OVERDUE + timedelta(days=3)).isoformat()})
    assert [each.status_code for each in (first, same, again, later)] == [201, 200, 422, 422]
    assert [(each.name, each.event.undated) for each in keeper.load("acme").timeline] == [
        ("interview", False),
        ("offer", False),
    ]


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Pago_Pago"])
def test_an_event_without_an_hour_is_answered_as_its_day_in_each_zone(keeper: Keeper, zone: str) -> None:
    keeper.record("acme", "follow_up", at=date(2026, 3, 3), channel="email")
    app = served(keeper)
    placed = ask(app, "GET", f"{ONE}/timeline", params={"zone": zone}).json()[1]
    broken = next(
        line
        for line in ask(app, "GET", f"{ONE}/agenda", params={"zone": zone}).json()
        if line["kind"] == "broken"
    )

    assert (placed["event"], placed["at"], broken["at"]) == ("follow_up", "2026-03-03", "2026-03-03")
    assert "Tue 3 Mar:" in broken["text"]


def test_a_day_without_an_hour_is_recorded_as_that_day_of_the_employers(keeper: Keeper) -> None:
    app = served(keeper)
    body = {"event": "message", "at": "2026-03-05"}
    first, same = (ask(app, "POST", f"{ONE}/record", body, "day-1") for _ in range(2))
    assert (first.status_code, same.status_code) == (201, 200)
    assert first.json()["text"] == "Recorded as entry 2: message, at some time on Thu 5 Mar 2026."
    assert keeper.load("acme").timeline[-1].event.day == date(2026, 3, 5)

    early = ask(app, "POST", f"{ONE}/record", body | {"at": "2026-03-17"})
    assert (early.status_code, "has not begun where the employer is" in early.json()["detail"]) == (422, True)
    for wrong in ("2026-03-05T09:00", "2026-02-30", "5 March"):
        assert ask(app, "POST", f"{ONE}/record", body | {"at": wrong}).status_code == 422
    assert len(keeper.load("acme").history) == 2


def test_a_card_is_followed_and_an_event_dated_by_day(keeper: Keeper) -> None:
    app = served(keeper)
    offer = {"event": "offer", "at": OVERDUE.isoformat(), "undated": True}
    number = ask(app, "POST", f"{ONE}/record", offer).json()["number"]
    dated = ask(app, "POST", f"{ONE}/dated", {"number": number, "at": "2026-03-12"})
    assert (dated.status_code, dated.json()["text"].partition(". ")[0]) == (
        201,
        "Recorded as entry 3: offer (entry 2) was on Thu 12 Mar 2026",
    )
    moved = ask(app, "POST", f"{ONE}/follow", {"status": "Accepted", "at": "2026-03-13"})
    assert moved.status_code == 201
    assert [(placed.name, placed.event.day) for placed in keeper.load("acme").timeline][1:] == [
        ("offer", date(2026, 3, 12)),
        ("accept", date(2026, 3, 13)),
    ]
