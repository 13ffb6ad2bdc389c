"""A Django kanban with four columns, embedded as `docs/embed/django.md` says."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from attrs import frozen

from tests.hosts.embedding import embed, gunicorn, program
from tests.readme.pages import ROOT
from tests.stores import django_site
from tests.stores.kinds import SHARED, is_long, shared

MOST_LINES = 40
CLIENTS, ROUNDS, KILLS = 16, 200 if is_long() else 50, 200
SLOW = pytest.mark.slow


@frozen
class Kanban:
    """The embedded kanban in a folder, and how its programs are started."""

    folder: Path
    lines: int
    environment: dict[str, str]

    def ask(self, work: str, *args: int) -> Any:
        """What a function of `kanban_programs` returns inside the kanban."""
        file = str(ROOT / "tests" / "hosts" / "kanban_programs.py")
        return json.loads(program(self.folder, self.environment, file, work, *map(str, args)))


def embedded(folder: Path, url: str) -> Kanban:
    said = django_site.settings(url)
    database = (
        {"KANBAN_FILE": said["NAME"]}
        if "HOST" not in said
        else {f"KANBAN_{name}": said[name] for name in ("NAME", "USER", "HOST")}
        | {"KANBAN_OPTIONS": said["OPTIONS"]["options"]}
    )
    mails = {"KANBAN_MAILS": str(folder / "mails")}
    lines = embed("kanban", folder)
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    settings = {"DJANGO_SETTINGS_MODULE": "kanban.settings", "PYTHONPATH": path}
    return Kanban(folder, lines, settings | database | mails)


@pytest.fixture(params=SHARED)
def kanban(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kanban]:
    with shared(request.param) as url:
        yield embedded(tmp_path, url)


def test_the_page_embeds_it_in_forty_lines_and_every_way_to_an_employer_is_guarded(tmp_path: Path) -> None:
    kanban = embedded(tmp_path, f"sqlite:///{tmp_path}/kanban.db")
    said = kanban.ask("tell")

    assert 20 < kanban.lines <= MOST_LINES
    assert "needed: a word from acme." in said["before the interview"][0]
    assert (said["dragged back"], said["dragged"]) == ([], ["interview"])
    assert said["of another"] == 404
    assert "refused on Tue 17 Mar" in said["nudged early"][0]
    assert "It opens on Sat 21 Mar" in said["nudged early"][0]
    assert said["nudged"][0].startswith("Recorded as entry 2: follow up")
    assert "One chase" in said["nudged again"][0] or "1 chase" in said["nudged again"][0]
    assert (said["nudges"], said["history"]) == (1, ["interview", "follow_up"])
    assert said["imported"] == {"bolt": ["interview"], "coil": ["interview"], "dust": []}
    assert said["mails"] == 1
    asked = re.findall(r'<p class="due">(.*?)</p>', said["asked"])
    assert asked[0] == "say whether there was a date for the answer or a message from bolt since Mon 2 Mar"
    assert [company for text in asked for company in ("bolt", "coil", "dust") if company in text] == [
        "bolt",
        "bolt",
        "coil",
    ]
    assert re.findall(r'<p class="due">(.*?)</p>', said["board of another"]) == []
    assert "follow up with ripe (2): suggested by Wed 11 Mar 10:00" in re.findall(
        r'<p class="due">(.*?)</p>', said["board"]
    )


@SLOW
def test_of_many_clients_that_nudge_at_once_one_gets_through_a_round(kanban: Kanban) -> None:
    cards = kanban.ask("rounds", ROUNDS)
    ready = Barrier(CLIENTS)

    def click(client: httpx.Client) -> list[int]:
        token = client.cookies["csrftoken"]
        answers = []
        for card in cards:
            ready.wait(120)
            answers.append(client.post(f"/{card}/nudge", headers={"X-CSRFToken": token}).status_code)
        return answers

    with gunicorn(kanban.folder, kanban.environment, "kanban.wsgi") as url, ExitStack() as stack:
        clients = [stack.enter_context(closing(logged_in(url))) for _ in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as threads:
            answered = Counter(status for each in threads.map(click, clients) for status in each)

    log = (kanban.folder / "log").read_text(encoding="utf-8")
    assert answered == {302: CLIENTS * ROUNDS}, log[-3000:]
    assert [(nudges, follow_ups) for _, nudges, follow_ups in kanban.ask("counted")] == [(1, 1)] * ROUNDS
    assert kanban.ask("mails") == ROUNDS


@SLOW
def test_a_program_that_is_killed_leaves_the_row_and_the_event_or_neither(kanban: Kanban) -> None:
    row_alone, event_alone, both = kanban.ask("kill", KILLS)

    assert (row_alone, event_alone) == (0, 0)
    assert 0 < both < KILLS


def logged_in(url: str) -> httpx.Client:
    client = httpx.Client(base_url=url, timeout=120)
    client.get("/accounts/login/")
    form = {
        "username": "ana",
        "password": "secret",
        "csrfmiddlewaretoken": client.cookies["csrftoken"],
    }
    assert client.post("/accounts/login/", data=form).status_code == 302
    return client
