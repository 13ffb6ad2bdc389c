"""List what is overdue in every process, the longest due first."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postinterview.contrib.django.keeping import get_keeper, local_now
from postinterview.core.values.errors import PostInterviewError


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

        for key, item in keeper.to_do(at=now, prefix=prefix, unreadable=note):
            self.stdout.write(f"{key}: {item.text}")
        if unreadable:
            raise CommandError(f"{unreadable} can't be restored")
