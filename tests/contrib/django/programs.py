"""What another program does to a site's database while a test looks on."""

from __future__ import annotations

from functools import partial
from multiprocessing.connection import Connection

from tests.stores import django_site, programs
from tests.stores.telling import interviewed


def fork(url: str, care: str, told: Connection) -> None:
    """Write in a child after the parent used the connection; ``care`` is what the parent does before."""
    django_site.set_up()
    from django.core.management import call_command
    from django.db import connections

    from postinterview.contrib.django import get_keeper

    connections.settings["default"] = connections.configure_settings({"default": django_site.settings(url)})[
        "default"
    ]
    django_site.reopen()
    call_command("migrate", "postinterview", verbosity=0)
    keeper = get_keeper()
    interviewed(keeper)
    if care == "close before":
        connections.close_all()
    (answer,) = programs.fork(partial(programs.messages, keeper, "acme", 2))
    programs.messages(keeper, "acme", 3)
    told.send((answer, len(keeper.load("acme").history) - 1))
    connections.close_all()
