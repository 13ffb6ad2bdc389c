"""List what is overdue in every process, the longest due first."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postinterview.contrib.django.keeping import get_keeper, local_now
from postinterview.core.errors import PostInterviewError

PAGE = 100


class Command(BaseCommand):
    help = (
        "List what is overdue in every process, and what you should tell of an unknown past, the longest due "
        "first, for a cron job or a morning mail. "
        "A process that can't be restored doesn't stop the others."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prefix", default="", help="only keys that begin so, such as 3/ for user 3")

    def handle(self, *, prefix: str, **_: Any) -> None:
        keeper, now, unreadable = get_keeper(), local_now(), 0

        def note(key: str, error: PostInterviewError) -> None:
            nonlocal unreadable
            unreadable += 1
            self.stderr.write(f"{key}: {error}")

        due = (each.key for each in keeper.due(by=now, prefix=prefix))
        while page := list(islice(due, PAGE)):
            for key, agenda in keeper.agendas(page, at=now, unreadable=note).items():
                for item in (*agenda.of("tell"), *agenda.of("overdue")):
                    self.stdout.write(f"{key}: {item.text}")
        if unreadable:
            raise CommandError(f"{unreadable} can't be restored")
