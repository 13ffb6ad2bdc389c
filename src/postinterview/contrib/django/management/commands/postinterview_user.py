"""Export or erase all processes of one user."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from postinterview.contrib.django.keeping import get_keeper
from postinterview.core.values.errors import SavedError
from postinterview.stores import Keeper
from postinterview.stores.owners import prefix_of


class Command(BaseCommand):
    help = (
        "Export or erase all processes of one user. The export is a line of JSON for each: its key, and the "
        "process as the library saves it, or the texts that are kept of one that the rules can't restore."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("export", "erase"), help="erasing can't be undone")
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
