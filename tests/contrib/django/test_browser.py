"""The pages of the example host in a real browser, served by gunicorn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browsers import browser
from tests.hosts.embedding import gunicorn, program
from tests.readme.pages import ROOT

HOSTS = ROOT / "examples" / "embedding"
USERS = "from django.contrib.auth.models import User; [User.objects.create_user(n, password=n) for n in 'ab']"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    environment = {
        "DJANGO_SETTINGS_MODULE": "django_host.settings",
        "PYTHONPATH": str(HOSTS),
        "TRACKER_DB": str(tmp_path / "tracker.db"),
    }
    program(tmp_path, environment, "-m", "django", "migrate", "--verbosity=0")
    program(tmp_path, environment, "-m", "django", "shell", "-c", USERS)
    with gunicorn(tmp_path, environment, "django_host.wsgi") as url:
        yield url


def log_in(page: Page, url: str, name: str) -> None:
    page.goto(url)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(name)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Employers")).to_be_visible()


def interviewed(context: BrowserContext, page: Page, url: str, name: str, days: int, **fields: Any) -> None:
    """Add an employer on the page, and report an interview of so many days ago, as its script would."""
    page.goto(url)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    happened = datetime.now(UTC) - timedelta(days=days)  # noqa: TID251 - the server has a real clock
    call = {"event": "interview", "happened": happened.isoformat(), "fields": fields}
    path = f"{url}/api/employers/{name}"
    assert context.request.post(path, data=json.dumps(call)).status == 403
    (token,) = (each["value"] for each in context.cookies() if each["name"] == "csrftoken")
    assert context.request.post(path, data=json.dumps(call), headers={"X-CSRFToken": token}).status == 201


@pytest.mark.slow
def test_a_page_shows_the_reason_and_the_date_to_the_user_whose_process_it_is(url: str) -> None:
    with browser() as context:
        page = context.new_page()
        log_in(page, url, "a")
        soon = (datetime.now(UTC) + timedelta(days=20)).date()  # noqa: TID251
        interviewed(context, page, url, "Fresh", 1, decide_by=soon.isoformat())
        page.goto(f"{url}/employers/Fresh/")
        act = page.locator("#follow_up")
        expect(act).to_contain_text(f"Fresh named {soon:%a} {soon.day} {soon:%b %Y}")
        expect(act).to_contain_text("It opens on ")
        expect(act.get_by_role("button")).to_have_count(0)

        interviewed(context, page, url, "ripe", 21)
        page.goto(f"{url}/employers/ripe/")
        page.locator("#follow_up").get_by_role("button").click()
        expect(page.get_by_role("status")).to_contain_text("Recorded as entry 2: follow up")
        expect(page.locator("#follow_up")).to_contain_text("needed: no chase since the last sign of life")

        page.get_by_role("button", name="Log out").click()
        log_in(page, url, "b")
        expect(page.get_by_text("ripe")).to_have_count(0)
        answer = page.goto(f"{url}/employers/ripe/")
        assert answer is not None
        assert answer.status == 404
