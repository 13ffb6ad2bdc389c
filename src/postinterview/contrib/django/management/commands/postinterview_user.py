"""Export or erase all processes of one user."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from postinterview.contrib.django.keeping import get_keeper
from postinterview.stores.owners import prefix_of


class Command(BaseCommand):
    """The export is a line of JSON for each process: its key, and the process as the library saves it."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("export", "erase"))
        parser.add_argument("user", help="the user's primary key")

    def handle(self, *, action: str, user: str, **_: Any) -> None:
        keeper = get_keeper()
        for key in keeper.keys(prefix=prefix_of(user)):
            if action == "export":
                self.stdout.write(json.dumps({"key": key, "saved": keeper.load(key).to_json()}))
            elif keeper.forget(key):
                self.stdout.write(f"erased {key}")
