"""What is due is listed a page at a time, and calendar programs may subscribe to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from postinterview.stores import Keeper, MemoryStore
from tests.contrib.fastapi.asking import ask as ask_router
from tests.contrib.fastapi.asking import served as router
from tests.core.helpers import at, packaged
from tests.serve.service import OVERDUE, Service, service
from tests.stores.kinds import SHARED, shared


@pytest.fixture(scope="module", params=SHARED)
def served(request: pytest.FixtureRequest) -> Iterator[Service]:
    with shared(request.param) as url, service(url) as found:
        for number in range(7):
            interviewed(found.keeper, f"ada/{number}", number % 3)
        interviewed(found.keeper, "adam/x", 0)
        interviewed(found.keeper, "bob/x", 0)
        yield found


def interviewed(keeper: Keeper, key: str, day: int) -> None:
    keeper.start(key, timezone="Europe/Zurich", employer=f"{key} & Sons")
    keeper.record(key, "interview", at=at(f"2026-03-0{2 + day} 10:00"), interviewers=["ana"])


@pytest.mark.parametrize("of", [[], ["follow_up", "thank_you"]])
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_of_what_is_due_make_up_the_whole(of: list[str], limit: int, served: Service) -> None:
    whole = served.ask("GET", "/due", params={"of": of, "limit": 1000}).json()
    assert {each["key"] for each in whole["processes"]} == {str(number) for number in range(7)}
    assert whole["next"] is None

    found, after = [], None
    while True:
        given_ = {"of": of, "limit": limit} | ({} if after is None else {"after": after})
        page = served.ask("GET", "/due", params=given_).json()
        found += page["processes"]
        after = page["next"]
        if after is None:
            break
        assert len(page["processes"]) == limit
    assert found == whole["processes"]


@given(
    cursor=st.text(max_size=30)
    | st.just("2026-03-02T10:00:00+00:00 ")
    | st.just("0001-01-01T00:00:00+23:00 a")
)
@settings(max_examples=20)
def test_a_cursor_that_is_none_is_a_problem(cursor: str) -> None:
    app = router(Keeper(packaged(), MemoryStore()))
    answer = ask_router(app, "GET", "/due", params={"after": cursor})
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_calendar_has_the_owners_lines_alone(served: Service) -> None:
    answer = served.ask(
        "GET", "/calendar.ics", token="", params={"token": served.all, "zone": "Europe/Zurich"}
    )

    assert answer.headers["Content-Type"].startswith("text/calendar")
    entries = vobject.readOne(answer.text).vevent_list
    said = {entry.summary.value for entry in entries}
    assert any("ada/0 & Sons" in each for each in said)
    assert not any("adam" in each or "bob" in each for each in said)
    assert served.all not in answer.text


def test_a_calendar_needs_a_token_for_it(served: Service) -> None:
    assert served.ask("GET", "/calendar.ics").status_code == 401  # a header is no use
    reading = {"token": served.token("read", "act", "record", "send", "administer")}
    assert served.ask("GET", "/calendar.ics", params=reading).status_code == 403
    only = served.token("calendar")
    assert served.ask("GET", "/calendar.ics", params={"token": only}).status_code == 200
    assert served.ask("GET", "/due", token=only).status_code == 403


def test_a_calendar_leaves_out_what_can_not_be_read(served: Service) -> None:
    interviewed(served.keeper, "eve/good", 0)
    interviewed(served.keeper, "eve/late", 0)
    served.keeper.record("eve/late", "message", at=OVERDUE.replace(year=2027))
    token = {"token": served.token("calendar", owner="eve")}

    text = served.ask("GET", "/calendar.ics", params=token).text
    assert "eve/good" in text
    assert "eve/late" not in text
    assert served.ask("GET", "/calendar.ics", params={**token, "zone": "Mars"}).status_code == 422
