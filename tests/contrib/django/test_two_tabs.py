"""One user on both sides of the date line, with an old page in each tab, and an employer between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from attrs import frozen

from postinterview.stores import Keeper
from tests.contrib.django.sites import Site, call

EAST, WEST, THERE = "Pacific/Apia", "Pacific/Pago_Pago", "Europe/Zurich"
NOW = datetime.fromisoformat("2026-03-15T20:00:00+00:00")
"""Nine o'clock on the 16th in the east and on the 15th in the west; 21:00 where the employer is."""
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "email"}}


@frozen
class Tab:
    """A page that was opened once, in the time zone that the site has for its user."""

    client: Any
    zone: str

    def ask(self, method: str, body: object = None, once: str | None = None) -> Any:
        from django.utils import timezone

        with timezone.override(self.zone):
            return call(self.client, method, "acme", body, once=once, at=NOW)

    def lines(self) -> list[tuple[str, str, datetime | None]]:
        """The kinds, events and moments of the agenda."""
        lines = self.ask("get", "").json()
        return [(each["kind"], each["event"], moment_in(each["due"])) for each in lines]


def moment_in(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def test_two_tabs_across_the_date_line_see_one_history(site: Site, keeper: Keeper) -> None:
    east, west = (Tab(site.client(site.ana), zone) for zone in (EAST, WEST))
    assert east.ask("put", {"timezone": THERE}).status_code == 201
    talk = {"event": "interview", "happened": "2026-03-02", "fields": {"interviewers": ["ana"]}}
    assert west.ask("post", talk).status_code == 201
    assert east.lines() == west.lines()

    # Both press the button of their old page. Each is answered in the zone of its own user.
    done, late = (tab.ask("post", FOLLOW_UP, once=tab.zone) for tab in (east, west))
    assert (done.status_code, late.status_code) == (201, 409)
    reasons = {each["id"]: each["has"] for each in late.json()["reasons"]}
    assert reasons["one_follow_up"] == "1 follow-up in this round, on Sun 15 Mar 2026 09:00"
    assert late.json()["text"].startswith("follow up with acme: refused on Sun 15 Mar 2026 09:00")
    assert east.ask("post", FOLLOW_UP, once=EAST).status_code == 200

    # Each reports a message of "today", as the calendar on their wall has it.
    said = [{"event": "message", "happened": day} for day in ("2026-03-16", "2026-03-15")]
    answers = [tab.ask("post", body) for tab, body in zip((east, west), said, strict=True)]
    assert [answer.status_code for answer in answers] == [422, 201]
    assert "has not begun where the employer is (Europe/Zurich)" in answers[0].content.decode()

    process = keeper.load(f"{site.ana.pk}/acme")
    assert [(placed.name, placed.event.day is None, placed.at.day) for placed in process.timeline] == [
        ("interview", False, 2),
        ("follow_up", True, 15),
        ("message", False, 15),
    ]
    assert east.lines() == west.lines()
