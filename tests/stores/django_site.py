"""Django in the program of the tests: one site, the example host's, and fresh databases for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from postinterview.stores import Store
from tests.stores import kinds

SETTINGS = "django_host.settings"
_NUMBERS = count()


@cache
def set_up() -> None:
    """Load the settings, which a program does once."""
    import django

    with patch.dict(os.environ, DJANGO_SETTINGS_MODULE=SETTINGS):
        django.setup()


@contextmanager
def database(kind: str, *apps: str) -> Iterator[str]:
    """The alias of a fresh database with the tables of these apps; the app's by default."""
    from django.core.management import call_command
    from django.db import connections

    set_up()
    alias = f"fresh_{next(_NUMBERS)}"
    with kinds.shared(kind.removeprefix("django-")) as url:
        wanted = connections.configure_settings({"default": {}, alias: settings(url)})
        connections.settings[alias] = wanted[alias]
        try:
            for app in apps or ("postinterview",):
                call_command("migrate", app, database=alias, verbosity=0)
            yield alias
        finally:
            connections[alias].close()
            del connections[alias], connections.settings[alias]


def settings(url: str) -> dict[str, Any]:
    """What Django calls the database at a URL of SQLAlchemy."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parsed.database,
            "OPTIONS": {"timeout": 30},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parsed.database,
        "USER": parsed.username,
        "HOST": parsed.query["host"],
        "OPTIONS": {"options": parsed.query["options"]},
    }


def store(alias: str) -> Store:
    from postinterview.contrib.django.store import DjangoStore

    return DjangoStore(alias)
