"""Export or erase all processes of one user."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from postinterview.contrib.django.keeping import get_keeper
from postinterview.core.errors import SavedError
from postinterview.stores import Keeper
from postinterview.stores.owners import prefix_of


class Command(BaseCommand):
    """The export is a line of JSON for each process: its key, and the process as the library saves it.

    A process that the rules can't restore is exported by the texts that are kept of it.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("export", "erase"))
        parser.add_argument("user", help="the user's primary key")

    def handle(self, *, action: str, user: str, **_: Any) -> None:
        keeper = get_keeper()
        for key in keeper.keys(prefix=prefix_of(user)):
            if action == "export":
                self.stdout.write(json.dumps({"key": key, **_kept(keeper, key)}))
            elif keeper.forget(key):
                self.stdout.write(f"erased {key}")


def _kept(keeper: Keeper, key: str) -> dict[str, Any]:
    try:
        return {"saved": keeper.load(key).to_json()}
    except SavedError as error:
        stored = keeper.store.load(key)
        entries = () if stored is None else stored.entries
        return {"error": str(error), "texts": [entry.text for entry in entries]}
