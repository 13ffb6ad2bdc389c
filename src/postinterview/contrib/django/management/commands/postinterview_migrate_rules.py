"""Carry every process over to the rules of the settings after they changed, or predict what would happen."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postinterview.contrib.django.keeping import get_keeper
from postinterview.saving import Forecast
from postinterview.stores import migrate


class Command(BaseCommand):
    help = (
        "Carry every process over to the rules of the settings after they changed. If one can't go on under "
        "them, nothing is written, and the differences are listed. Run it with --dry-run before a deployment."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *, dry_run: bool, **_: Any) -> None:
        done = migrate(get_keeper(), check=dry_run, told=self._tell)
        for fate, count in sorted(done.counts.items()):
            self.stdout.write(f"{fate.replace('_', ' ')}: {count}")
        self.stdout.write(f"written: {done.written}")
        if done.stuck:
            message = "nothing was written" if not done.written else f"{done.left} were left"
            raise CommandError(f"some processes can't go on under these rules; {message}")

    def _tell(self, key: str, found: Forecast) -> None:
        if not found.fits:
            self.stderr.write(f"{key}: {found.message}")
            for difference in found.differences:
                self.stderr.write(f"  {difference.text}")
