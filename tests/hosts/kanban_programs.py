"""What a test does inside the embedded kanban. Runs as a program of its own, in the kanban's folder."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import time  # noqa: TID251 - the moment of a kill is chance
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after the settings are there
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from kanban.models import Card  # noqa: E402

from postinterview.contrib.django import get_keeper  # noqa: E402

TUESDAY = datetime.fromisoformat("2026-03-17T10:00:00+01:00")
SHEET = """\
company,email,column,moved,nudges
bolt,b@example.com,Talking,2026-03-02 10:00,1
coil,c@example.com,Talking,2026-03-02 10:00,0
dust,d@example.com,Sent,2026-03-02 10:00,0
"""


def user(name: str) -> User:
    return User.objects.filter(username=name).first() or User.objects.create_user(name, password="secret")  # noqa: S106


def waiting(owner: User, company: str, days: int) -> Card:
    """A card whose interview was so many days ago."""
    card = Card.objects.create(owner=owner, company=company, email="x@example.com")
    card.column, card.moved = "Talking", timezone.now() - timedelta(days=days)
    card.save()
    card.record(get_keeper())
    return card


def history(card: Card) -> list[str]:
    return [placed.name for placed in get_keeper().load(card.key).timeline]


def tell() -> dict[str, Any]:
    """Go through what a user does on a Tuesday, and tell what the board showed."""
    with patch("django.utils.timezone.now", lambda: TUESDAY):
        return _tell()


def _tell() -> dict[str, Any]:
    ana, bob = user("ana"), user("bob")
    client, other = Client(), Client()
    client.force_login(ana)
    other.force_login(bob)
    said: dict[str, Any] = {}

    def nudge(card: Card, by: Client = client) -> tuple[int, list[str]]:
        answer = by.post(f"/{card.pk}/nudge", follow=True)
        return answer.status_code, re.findall(r'<p role="status".*?>(.*?)</p>', answer.content.decode())

    client.post("/add", {"company": "acme", "email": "a@example.com"})
    acme = Card.objects.get()
    said["before the interview"] = nudge(acme)[1]
    for _ in range(10):
        client.post(f"/{acme.pk}/move", {"column": "Talking"})
        client.post(f"/{acme.pk}/move", {"column": "Sent"})
    said["dragged back"] = history(acme)
    client.post(f"/{acme.pk}/move", {"column": "Talking"})
    said["dragged"] = history(acme)
    ripe = waiting(ana, "ripe", 14)
    said["board"], said["board of another"] = (each.get("/").content.decode() for each in (client, other))
    said["nudged early"] = nudge(waiting(ana, "early", 3))[1]
    said["of another"] = nudge(ripe, other)[0]
    said["nudged"], said["nudged again"] = nudge(ripe)[1], nudge(ripe)[1]
    ripe.refresh_from_db()
    said["nudges"], said["history"] = ripe.nudges, history(ripe)
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    call_command("import_cards", str(ana.pk), "sheet.csv")
    call_command("nudge_all", stdout=open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    said["imported"] = {
        card.company: history(card) for card in Card.objects.filter(company__in=["bolt", "coil", "dust"])
    }
    said["asked"] = client.get("/").content.decode()
    said["mails"] = mails()
    return said


def mails() -> int:
    """The number of mails sent; processes that send within one second may share a file."""
    return sum(file.read_text(encoding="utf-8").count("\nMessage-ID: ") for file in Path("mails").iterdir())


def rounds(count: int) -> list[int]:
    """The ids of cards that may be nudged once."""
    return [waiting(user("ana"), f"round {number}", 14).pk for number in range(count)]


def counted() -> list[tuple[str, int, int]]:
    """For each card: the company, the nudges in its row, and the follow-ups in its history."""
    return [
        (card.company, card.nudges, history(card).count("follow_up")) for card in Card.objects.order_by("pk")
    ]


FOREVER = 3600  # seconds; the kill comes before


def slow_save(card: Card, **how: Any) -> None:
    """Take one's time beside the event, so that kills come between the two."""
    time.sleep(0.01)
    super(Card, card).save(**how)
    time.sleep(0.01)


def nudge(card: Card, told: int) -> None:
    """Nudge, and say when the row is about to be saved, and when all is done."""

    def save(saved: Card, **how: Any) -> None:
        os.write(told, b"s")
        slow_save(saved, **how)

    with patch.object(Card, "save", save):
        card.nudge()
    os.write(told, b"d")
    time.sleep(FOREVER)


def kill(times: int) -> tuple[int, int, int]:
    """Kill so many programs while they nudge; tell how many rows have no event, events no row, and both.

    A program is killed a moment after it began to save, and each tenth when it is done: it may take long to
    begin on a busy machine.
    """
    chance, ana = random.Random(7), user("ana")  # noqa: S311 - it is no secret when
    cards = [waiting(ana, f"kill {number}", 14) for number in range(times)]
    connections.close_all()
    for number, card in enumerate(cards):
        heard, told = os.pipe()
        child = os.fork()
        if not child:
            nudge(card, told)
        os.close(told)
        os.read(heard, 1)
        if number % 10:
            time.sleep(chance.uniform(0, 0.04) if number % 10 > 1 else 0)
        else:
            os.read(heard, 1)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(heard)
    found = [(nudges, follow_ups) for company, nudges, follow_ups in counted() if company.startswith("kill")]
    return found.count((1, 0)), found.count((0, 1)), found.count((1, 1))


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    work, *args = sys.argv[1:]
    works: dict[str, Callable[..., object]] = {
        "tell": tell,
        "rounds": rounds,
        "counted": counted,
        "kill": kill,
        "mails": mails,
    }
    print(json.dumps(works[work](*map(int, args))))  # noqa: T201
