"""Two users on both sides of the date line, with an old page each, at a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.contrib.fastapi.served import DATE_LINE
from tests.core.helpers import packaged
from tests.servers import uvicorn
from tests.stores.kinds import shared

EAST, WEST, THERE = "Pacific/Apia", "Pacific/Pago_Pago", "Europe/Zurich"
NOW = DATE_LINE
"""The 16th in the east; where the employer is and in the west it is still the 15th."""
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "email"}}
ONE = "/processes/acme"


class Tab:
    """A page that was opened once: it asks with the zone of its user, and with a key of its own."""

    def __init__(self, client: httpx.Client, zone: str) -> None:
        self.client, self.zone = client, zone

    def ask(self, method: str, path: str, body: Any = None, once: str | None = None) -> httpx.Response:
        headers = {"X-User": "7", **({} if once is None else {"Idempotency-Key": once})}
        zone = {"zone": self.zone}
        return self.client.request(method, f"{ONE}{path}", json=body, params=zone, headers=headers)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    app = "tests.contrib.fastapi.served:across_the_date_line"
    with shared("sqlite") as store, uvicorn(app, STORE=store) as served:
        with closing(SqlStore(store)) as opened:
            keeper = Keeper(packaged(), opened)
            keeper.start("7/acme", timezone=THERE, employer="acme")
            keeper.record("7/acme", "interview", at=date(2026, 3, 2), interviewers=["ana"])
        yield served


def test_two_tabs_across_the_date_line_see_one_history(url: str) -> None:
    with httpx.Client(base_url=url, timeout=60) as first, httpx.Client(base_url=url, timeout=60) as second:
        east, west = Tab(first, EAST), Tab(second, WEST)
        pages = [tab.ask("GET", "/agenda").json() for tab in (east, west)]
        dues = [[line["due"] and datetime.fromisoformat(line["due"]) for line in page] for page in pages]
        assert dues[0] == dues[1]
        assert pages[0][0]["text"] == pages[1][0]["text"]

        # Both press the button of their old page.
        done, late = (tab.ask("POST", "/do", FOLLOW_UP, tab.zone) for tab in (east, west))
        assert (done.status_code, late.status_code) == (201, 409)
        reasons = {each["id"]: each["has"] for each in late.json()["verdict"]["reasons"]}
        assert reasons["one_follow_up"] == "1 follow-up in this round, on Sun 15 Mar 2026 09:00"
        assert "refused on Sun 15 Mar 2026 09:00" in late.json()["detail"]
        again = east.ask("POST", "/do", FOLLOW_UP, EAST)
        assert (again.status_code, again.json()["repeated"]) == (200, True)

        # Each reports a message of "today", as their own calendars have it.
        todays = [NOW.astimezone(ZoneInfo(tab.zone)).date() for tab in (east, west)]
        assert todays[0] - todays[1] == timedelta(days=1)
        answers = [
            tab.ask("POST", "/record", {"event": "message", "at": today.isoformat()})
            for tab, today in zip((east, west), todays, strict=True)
        ]
        assert [answer.status_code for answer in answers] == [422, 201]
        assert answers[0].json()["detail"] == (
            "2026-03-16 has not begun where the employer is (Europe/Zurich), where it is 2026-03-15 now"
        )

        told = [tab.ask("GET", "/timeline").json() for tab in (east, west)]
        shown = [[(each["event"], each["at"]) for each in page] for page in told]
        assert [page[0] for page in shown] == [("interview", "2026-03-02")] * 2
        assert [page[-1] for page in shown] == [("message", "2026-03-15")] * 2
        assert [page[1] for page in shown] == [
            ("follow_up", "2026-03-16T09:00:00+13:00"),
            ("follow_up", "2026-03-15T09:00:00-11:00"),
        ]
        for tab in (east, west):
            done_on = [line for line in tab.ask("GET", "/agenda").json() if line["event"] == "follow_up"]
            assert [line["kind"] for line in done_on] == ["done"]
