"""Whose process a caller may touch, and what is answered."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from postinterview.stores import Keeper
from tests.contrib.django.sites import EARLY, FOLLOW_UP, OVERDUE, Site, agenda, call
from tests.stores import django_site


def sent() -> list[tuple[str, str]]:
    from django_host.models import Sent

    return list(Sent.objects.values_list("employer", "what"))


def test_an_act_is_recorded_once_repeated_with_200_and_refused_with_the_reason(site: Site) -> None:
    site.interviewed(site.ana)
    client = site.client(site.ana)
    first = call(client, "post", "acme", FOLLOW_UP, once="button-1")
    again = call(client, "post", "acme", FOLLOW_UP, once="button-1")
    other = call(client, "post", "acme", FOLLOW_UP, once="button-2")

    assert [first.status_code, again.status_code, other.status_code] == [201, 200, 409]
    assert again.json() == first.json()
    assert [reason["id"] for reason in other.json()["reasons"]][:2] == ["one_chase", "one_follow_up"]
    assert sent() == [("acme", "follow_up")]


def test_a_refusal_says_when_it_opens(site: Site) -> None:
    site.interviewed(site.ana)
    refused = call(site.client(site.ana), "post", "acme", FOLLOW_UP, at=EARLY)

    assert refused.status_code == 409
    assert refused.json()["opens_at"] == "2026-03-11T08:00:00+01:00"
    assert "It opens on Wed 11 Mar 2026 08:00." in refused.json()["text"]


def test_a_user_reaches_no_process_of_another(site: Site, keeper: Keeper) -> None:
    key = site.interviewed(site.ana)
    before = keeper.load(key)
    bob = site.client(site.bob)

    assert agenda(bob, "acme").status_code == 404
    assert call(bob, "post", "acme", FOLLOW_UP).status_code == 404
    assert call(bob, "put", "acme", {"timezone": "UTC"}).status_code == 201
    assert bob.get("/employers/other/").status_code == 404
    assert keeper.load(key) == before
    assert sorted(keeper.keys()) == sorted([key, f"{site.bob.pk}/acme"])


def test_nobody_who_is_not_logged_in_reaches_anything(site: Site) -> None:
    site.interviewed(site.ana)
    nobody = site.client()

    assert agenda(nobody, "acme").status_code == 401
    assert call(nobody, "post", "acme", FOLLOW_UP).status_code == 401
    assert nobody.get("/employers/acme/")["Location"] == "/accounts/login/?next=/employers/acme/"


@pytest.mark.parametrize("path", ["/api/employers/acme", "/employers/acme/", "/"])
def test_a_request_of_another_site_is_refused(site: Site, keeper: Keeper, path: str) -> None:
    key = site.interviewed(site.ana)
    before = keeper.load(key)

    assert site.client(site.ana, csrf=True).post(path, {"event": "follow_up"}).status_code == 403
    assert keeper.load(key) == before


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"event": "folow_up"}, 422, "folow_up"),
        ("{", 422, "this is not a call"),
        ("[" * 100_000, 422, "this is not a call"),
        ({"event": "follow_up", "fields": {"channel": "pigeon"}}, 422, "pigeon"),
        ({"event": "message", "happened": "2030-01-01T00:00:00Z"}, 422, "in the future"),
    ],
    ids=["unknown event", "no JSON", "nested too deep", "bad field", "future"],
)
def test_a_mistake_of_the_client_is_said_and_nothing_is_written(
    site: Site, keeper: Keeper, body: object, status: int, said: str
) -> None:
    key = site.interviewed(site.ana)
    before = keeper.load(key)
    answer = call(site.client(site.ana), "post", "acme", body)

    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert keeper.load(key) == before


def test_an_employer_can_be_started_once_and_again_but_not_in_another_zone(site: Site) -> None:
    client = site.client(site.ana)

    assert call(client, "put", "acme", {"timezone": "Europe/Zurich"}).status_code == 201
    assert call(client, "put", "acme", {"timezone": "Europe/Zurich"}).status_code == 200
    assert call(client, "put", "acme", {"timezone": "America/New_York"}).status_code == 409
    assert call(client, "put", "acme", ["timezone"]).status_code == 422
    assert call(client, "put", "other", {"timezone": "Europe/Zuerich"}).status_code == 422


def test_if_the_hosts_row_can_not_be_written_the_event_is_not_either(site: Site, keeper: Keeper) -> None:
    key = site.interviewed(site.ana)
    before = keeper.load(key)
    with (
        patch("django_host.views.Sent.objects.create", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        call(site.client(site.ana), "post", "acme", FOLLOW_UP)

    assert keeper.load(key) == before
    assert call(site.client(site.ana), "post", "acme", FOLLOW_UP).status_code == 201


def test_a_request_in_a_transaction_that_fails_leaves_no_event(site: Site, keeper: Keeper) -> None:
    from django.db import transaction

    key = site.interviewed(site.ana)
    before = keeper.load(key)
    with transaction.atomic():
        assert call(site.client(site.ana), "post", "acme", FOLLOW_UP).status_code == 201
        assert len(keeper.load(key).history) == 2
        transaction.set_rollback(True)

    assert keeper.load(key) == before
    assert sent() == []


def test_a_damaged_row_is_said_to_be_and_stays(site: Site) -> None:
    from postinterview.contrib.django.models import Entry

    site.interviewed(site.ana)
    entry = Entry.objects.get()
    Entry.objects.update(text=entry.text.replace("ana", "eva"))
    answer = call(site.client(site.ana), "post", "acme", FOLLOW_UP)

    assert answer.status_code == 500
    assert "its seal differs" in answer.json()["error"]


def test_an_asynchronous_view_answers_alike(site: Site) -> None:
    from django.test import AsyncClient

    site.interviewed(site.ana)
    client, nobody = AsyncClient(), AsyncClient()
    client.force_login(site.ana)

    async def asked() -> list[Any]:
        path, kind = "/async/employers/acme", "application/json"
        post = (path, json.dumps(FOLLOW_UP), kind)
        return [
            await client.get(path),
            await client.post(*post),
            await client.post(*post),
            await client.delete(path),
            await nobody.get(path),
        ]

    django_site.in_async_thread(django_site.reopen)
    with patch("django.utils.timezone.now", lambda: OVERDUE):
        answers = asyncio.run(asked())
    django_site.in_async_thread(django_site.reopen)
    assert [answer.status_code for answer in answers] == [200, 201, 409, 405, 401]


def test_a_page_shows_the_reason_and_the_date_and_its_button_works_once(site: Site) -> None:
    site.interviewed(site.ana)
    client = site.client(site.ana)
    with patch("django.utils.timezone.now", lambda: EARLY):
        assert "It opens on Wed 11 Mar 2026 08:00." in client.get("/employers/acme/").content.decode()
    with patch("django.utils.timezone.now", lambda: OVERDUE):
        page = client.get("/employers/acme/")
        (once,) = re.findall(r'name="once" value="(.*?)"', page.content.decode())[:1]
        for _ in range(2):
            client.post("/employers/acme/", {"event": "follow_up", "once": once})
        shown = client.get("/employers/acme/").content.decode()
        listed = client.get("/").content.decode()
    assert sent() == [("acme", "follow_up")]
    assert "1 chase since the last sign of life" in shown
    assert '<a href="/employers/acme/">acme</a>' in listed


def test_a_card_that_is_moved_is_followed(site: Site, keeper: Keeper) -> None:
    from django.test import override_settings

    key = site.interviewed(site.ana)
    client = site.client(site.ana)

    def move(**said: Any) -> Any:
        return call(client, "patch", "acme", said, once=said.pop("once", None))

    with override_settings(POSTINTERVIEW={"STATUSES": "tracker"}):
        early = move(status="Ghosted")
        assert (early.status_code, early.json()["number"]) == (200, None)
        assert early.json()["opens_at"] is not None
        first, same, reached = (move(status="Offer", once=once) for once in ("a", "a", "b"))
        assert [each.status_code for each in (first, same, reached)] == [201, 200, 200]
        assert [each.json()["number"] for each in (first, same, reached)] == [2, 2, None]
        assert move(status="Ghosted").status_code == 409
        wrong = [
            move(status="Ofer"),
            move(status=7),
            move(card="Offer"),
            move(status="Offer", at="yesterday"),
            move(status="Offer", at="2030-01-01T10:00Z"),
            move(status="Applied", fields={"decide_by": "2026-03-20"}),
        ]
        assert [each.status_code for each in wrong] == [422] * len(wrong)
        assert call(site.client(site.bob), "patch", "acme", {"status": "Offer"}).status_code == 404
    assert call(client, "patch", "acme", {"status": "Offer"}).status_code == 422  # no map, no move
    assert [placed.name for placed in keeper.load(key).timeline] == ["interview", "offer"]


def test_a_day_without_an_hour_is_recorded_as_that_day_of_the_employers(site: Site, keeper: Keeper) -> None:
    from django.test import override_settings

    key = site.interviewed(site.ana)
    client = site.client(site.ana)
    told = call(client, "post", "acme", {"event": "message", "happened": "2026-03-05"})
    assert (told.status_code, "at some time on Thu 5 Mar 2026" in told.json()["text"]) == (201, True)
    with override_settings(POSTINTERVIEW={"STATUSES": "tracker"}):
        assert call(client, "patch", "acme", {"status": "Offer", "at": "2026-03-12"}).status_code == 201
        for at, said in (("2030-01-01", "has not begun"), ("12 March", "no moment and no day")):
            wrong = call(client, "patch", "acme", {"status": "Rejected", "at": at})
            assert (wrong.status_code, said in wrong.json()["error"]) == (422, True)
    days = [placed.event.day for placed in keeper.load(key).timeline]
    assert days == [None, date(2026, 3, 5), date(2026, 3, 12)]
