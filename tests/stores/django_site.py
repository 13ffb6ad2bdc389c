"""Django in the program of the tests: one site, the example host's, and fresh databases for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
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


@contextmanager
def default(kind: str) -> Iterator[None]:
    """Let the site's own database be a fresh one, with all tables."""
    from django.core.management import call_command
    from django.db import connections

    set_up()
    from postinterview.contrib.django import get_keeper

    before = connections["default"].settings_dict
    with kinds.shared(kind) as url:
        connections.settings["default"] = connections.configure_settings({"default": settings(url)})[
            "default"
        ]
        reopen()
        get_keeper.cache_clear()
        try:
            if kind == "sqlite":
                connections["default"].cursor().execute("PRAGMA journal_mode = WAL")
            call_command("migrate", verbosity=0)
            yield
        finally:
            connections.settings["default"] = before
            reopen()
            get_keeper.cache_clear()


def reopen() -> None:
    """Close this thread's connection to the site's database; the next use opens one by the settings."""
    from django.db import connections

    connections["default"].close()
    del connections["default"]


def in_async_thread(work: Callable[[], None]) -> None:
    """Do the work in the thread in which asynchronous views use the database; it outlives them."""
    from asgiref.sync import sync_to_async

    asyncio.run(sync_to_async(work)())


def settings(url: str) -> dict[str, Any]:
    """What Django calls the database at a URL of SQLAlchemy."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parsed.database,
            "OPTIONS": {"timeout": 60},
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
