"""Record that a card of the board is in a status: for imports, and corrections by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postinterview.contrib.django.keeping import holding, local_now
from postinterview.core.values.errors import PostInterviewError


class Command(BaseCommand):
    help = (
        "Record that a card of the board was moved to a status. STATUSES in the settings says what each is "
        "for. What was recorded is printed; a status that the history has reached records nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="the key of the process, such as 3/company-7")
        parser.add_argument("status", help="the status that the card has")
        parser.add_argument("--application", help="the application, if the employer has several")
        parser.add_argument(
            "--at", type=_moment, help="when it was moved, such as 2026-03-02T10:00+01:00; now"
        )
        parser.add_argument("--undated", action="store_true", help="nobody knows since when it is there")

    def handle(self, *, key: str, status: str, at: datetime | None, **said: Any) -> None:
        flags = {name: said[name] for name in ("application", "undated")}
        try:
            with holding(key) as keeper:
                outcome = keeper.follow(key, status, at=at or local_now(), **flags)
        except PostInterviewError as error:
            raise CommandError(f"{key}: {error}") from None
        if outcome.refused and not outcome.early:
            raise CommandError(f"{key}: {outcome.text}")
        self.stdout.write(f"{key}: {outcome.text}")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=local_now().tzinfo) if moment.tzinfo is None else moment
