"""Make one process of two that turn out to be one employer: for companies that were entered twice."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postinterview.contrib.django.keeping import holding
from postinterview.core.values.errors import PostInterviewError


class Command(BaseCommand):
    help = (
        "Record in a process all that happened in another one, and erase the other one: the two turned out "
        "to be one employer. An act that was allowed in each may be a breach in both."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="the key of the process that stays, such as 3/company-7")
        parser.add_argument("other", help="the key of the process that is erased")

    def handle(self, *, key: str, other: str, **_: Any) -> None:
        try:
            with holding(key) as keeper:
                outcome = keeper.join(key, other)
        except PostInterviewError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{key}: {outcome.text}")
