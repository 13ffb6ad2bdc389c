"""Check the site before it starts: its rules load, and no path through them is pushy."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's name
from django.db import connections

from postinterview.contrib.django.keeping import get_keeper
from postinterview.core.values.errors import PostInterviewError
from postinterview.judging import prove


def check_rules(**_: object) -> list[CheckMessage]:
    """Return an error if the setting or the rule file has a mistake."""
    try:
        get_keeper()
    except (PostInterviewError, ImportError) as error:
        text, hint = getattr(error, "message", None) or str(error), getattr(error, "help", None)
        return [Error(text, hint=hint or "see settings.POSTINTERVIEW", id="postinterview.E001")]
    return []


def check_proof(**_: object) -> list[CheckMessage]:
    """Return an error for each promise that the rules break, or that takes too long to prove.

    It takes a second or two, so it runs with ``manage.py check --deploy`` only.
    """
    if check_rules():
        return []
    proof = prove(get_keeper().rulebook)
    loosened = {each.name for each in proof.loosened}
    hint = "`postinterview prove FILE` shows a story that breaks it"
    return [
        Error(f"the promise `{each.id}` is {each.verdict}", hint=hint, id="postinterview.E002")
        for each in proof.results
        if each.verdict != "proved" and each.id not in loosened
    ]


def check_databases(**_: object) -> list[CheckMessage]:
    """Return a warning if requests on SQLite would fail at once instead of waiting for each other."""
    if check_rules():
        return []
    store: Any = get_keeper().store
    said = connections[store.using].settings_dict
    if connections[store.using].vendor != "sqlite" or not said.get("ATOMIC_REQUESTS"):
        return []
    if str(said["OPTIONS"].get("transaction_mode", "")).upper() in {"IMMEDIATE", "EXCLUSIVE"}:
        return []
    message = "with ATOMIC_REQUESTS on SQLite, two requests that write at once fail: database is locked"
    hint = f'DATABASES["{store.using}"]["OPTIONS"]["transaction_mode"] = "IMMEDIATE" (Django 5.1 or later)'
    return [Warning(message, hint=hint, id="postinterview.W001")]
