"""The store takes part in the transaction of whoever calls, and locks what they hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import postinterview as pi
from postinterview.stores import Keeper, Standing, StoreError
from tests.contrib.django.sites import MONDAY, OVERDUE, Site


def follow_up(keeper: Keeper, key: str) -> bool:
    return not keeper.do(key, "follow_up", at=OVERDUE, channel="call").refused


def elsewhere(work: Callable[[], Any]) -> Any:
    """Do the work in a thread, which has a connection of its own."""
    from django.db import connections

    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(work())
        except StoreError as error:
            answers.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_what_is_written_in_a_transaction_is_seen_by_others_when_it_is_committed(
    site: Site, keeper: Keeper
) -> None:
    from django.db import transaction

    key = site.interviewed(site.ana)
    with transaction.atomic():
        assert follow_up(keeper, key)
        assert elsewhere(lambda: len(keeper.load(key).history)) == 1
    assert elsewhere(lambda: len(keeper.load(key).history)) == 2


def test_a_conflict_leaves_the_callers_transaction_usable(site: Site, keeper: Keeper) -> None:
    from django.db import transaction

    from django_host.models import Sent

    key = site.interviewed(site.ana)
    with transaction.atomic():
        Sent.objects.create(user=site.ana, employer="acme", what="before")
        with pytest.raises(pi.stores.ConflictError):
            keeper.store.create(key, Standing(head="", snapshot=""))
        Sent.objects.create(user=site.ana, employer="acme", what="after")
    assert Sent.objects.count() == 2


def test_who_holds_a_process_decides_before_the_others(site: Site, keeper: Keeper) -> None:
    from postinterview.contrib.django import holding

    key = site.interviewed(site.ana)
    begun, done = threading.Event(), []

    def other() -> bool:
        begun.set()
        with holding(key) as its:
            done.append("second")
            return follow_up(its, key)

    with holding(key) as held:
        thread = threading.Thread(target=lambda: done.append(elsewhere(other)))
        thread.start()
        begun.wait(60)
        assert follow_up(held, key)
        done.append("first")
    thread.join()
    assert done == ["first", "second", False]


def test_nothing_is_held_without_a_transaction(site: Site, keeper: Keeper) -> None:
    store: Any = keeper.store
    with pytest.raises(pi.MisuseError, match="transaction"):
        store.hold("acme")


def test_sqlite_is_told_what_to_do_when_it_can_not_wait(site: Site, keeper: Keeper) -> None:
    """A transaction that read and then writes, after another program wrote."""
    from django.db import transaction

    key = site.interviewed(site.ana)
    with transaction.atomic():
        keeper.load(key)
        elsewhere(lambda: keeper.record(key, "message", at=MONDAY + timedelta(hours=1)))
        if site.kind == "postgresql":
            assert follow_up(keeper, key)
        else:
            with pytest.raises(StoreError, match="`transaction_mode`, or call"):
                follow_up(keeper, key)


def test_keys_and_moments_of_a_site_without_time_zones_are_exact(site: Site, keeper: Keeper) -> None:
    from django.test import override_settings

    from postinterview.contrib.django import local_now

    with override_settings(USE_TZ=False, TIME_ZONE="America/New_York"):
        keeper.start("acme", timezone="Europe/Zurich")
        keeper.record("acme", "interview", at=MONDAY, interviewers=["ana"])
        (due,) = keeper.due(by=local_now())
        assert abs(local_now() - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 - it is the clock
    assert (due.key, due.due) == ("acme", keeper.load("acme").next_due)


def test_processes_survive_dumpdata_and_loaddata(site: Site, keeper: Keeper, tmp_path: Any) -> None:
    from django.core.management import call_command

    key = site.interviewed(site.ana)
    before, due = keeper.load(key), list(keeper.due(by=OVERDUE))
    file = tmp_path / "dump.json"
    call_command("dumpdata", "postinterview", output=str(file), verbosity=0)
    keeper.forget(key)
    call_command("loaddata", str(file), verbosity=0)

    assert keeper.load(key) == before
    assert list(keeper.due(by=OVERDUE)) == due
