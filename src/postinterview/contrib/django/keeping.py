"""Read the settings of the site, and open its keeper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from os import PathLike
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from postinterview.core.status_map import StatusMap
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.suggest import ticked
from postinterview.rulebooks import load_rulebook
from postinterview.status_files import load_statuses
from postinterview.stores import Keeper
from postinterview.stores.owners import prefix_of

SETTING = "POSTINTERVIEW"
DEFAULTS: Mapping[str, Any] = {
    "RULES": "default",  # the name of packaged rules, or the path of a rule file
    "FOLDER": None,  # a folder with packs of your own
    "CUSTOM": {},  # the functions of guards of the kind `custom`, by name, as dotted paths
    "STATUSES": None,  # for `keeper.follow`: each column of your board with its event, or a file that says it
    "LEEWAY": timedelta(minutes=1),  # by how much the clocks of your servers may differ
    "REMEMBER": 0,  # how many processes each worker keeps in memory
    "DATABASE": None,  # an alias; by default the one that your routers name
    "ERASE_WITH_USER": False,  # whether a user's processes are erased when the user is deleted
}


@cache
def get_keeper() -> Keeper:
    """Return the keeper of the site: its rules and its database, as ``settings.POSTINTERVIEW`` says.

    Raises:
        MisuseError: the setting can't be used.
        RulesError: the rule file has mistakes. UnreadableError: it can't be read.
    """
    from postinterview.contrib.django.store import DjangoStore

    said = _said()
    custom = {name: import_string(path) for name, path in said["CUSTOM"].items()}
    rulebook = load_rulebook(said["RULES"], custom=custom, folder=said["FOLDER"])
    board = said["STATUSES"]
    statuses = load_statuses(board, rulebook=rulebook) if isinstance(board, str | PathLike) else board
    if isinstance(statuses, Mapping):
        statuses = StatusMap(statuses)
    return Keeper(
        rulebook,
        DjangoStore(said["DATABASE"]),
        leeway=said["LEEWAY"],
        statuses=statuses,
        remember=said["REMEMBER"],
    )


def _said() -> dict[str, Any]:
    said = getattr(settings, SETTING, {})
    unknown = sorted(map(str, said.keys() - DEFAULTS.keys())) if isinstance(said, dict) else [SETTING]
    if unknown:
        message = f"`settings.{SETTING}` can't be read: {ticked(unknown, 'and')}"
        raise MisuseError(message, f"give a dictionary with any of {ticked(DEFAULTS, 'and')}")
    return {**DEFAULTS, **said}


@contextmanager
def holding(key: str) -> Iterator[Keeper]:
    """Yield the keeper in a transaction in which nobody else writes the process.

    What you write in the ``with`` block is committed together with the event, or neither is. If you are in a
    transaction already, it is part of that one.
    """
    keeper = get_keeper()
    store: Any = keeper.store
    with transaction.atomic(using=store.using):
        store.hold(key)
        yield keeper


def erase_with_user(*, instance: Any, **_: object) -> None:
    """Erase the processes of a user who is deleted, if the setting says so, in the same transaction."""
    if _said()["ERASE_WITH_USER"]:
        get_keeper().forget_all(prefix=prefix_of(instance.pk))


def local_now() -> datetime:
    """Return now in Django's current time zone, as an aware datetime whatever ``USE_TZ`` says."""
    now: datetime = timezone.now()
    return now.astimezone(timezone.get_current_timezone())


def _forget_settings(*, setting: str, **_: object) -> None:
    """Read the settings again after ``override_settings`` in a test."""
    if setting in {SETTING, "DATABASES"}:
        get_keeper.cache_clear()


setting_changed.connect(_forget_settings)
