"""The commands of the Django host: what is due, and what new rules make of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.examples.embedding.hosts import Host
from tests.examples.embedding.stories import MONDAY, OVERDUE, hasty, other_rules

pytestmark = pytest.mark.xdist_group("django")
CALLED = {"event": "message", "happened": MONDAY.isoformat()}


@pytest.fixture
def rows(django: Host) -> Iterator[tuple[Host, list[str]]]:
    """Three employers who called after the interview; no others are in the table."""
    from django_host.models import Employer

    django.clock.now = OVERDUE
    Employer.objects.all().delete()
    keys = django.interviewed(3)
    for key in keys:
        assert django.post(f"{key}/events", CALLED).status_code == 201
    yield django, keys
    Employer.objects.all().delete()


def told(command: str) -> tuple[list[str], list[str], str]:
    """What a command says, what it complains of, and how it ends."""
    out, err, end = StringIO(), StringIO(), ""
    try:
        call_command(command, stdout=out, stderr=err)
    except CommandError as error:
        end = str(error)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), end


def test_what_is_due_is_listed_though_a_row_can_not_be_restored(rows: tuple[Host, list[str]]) -> None:
    host, (first, second, third) = rows
    host.spoil(second, "{}")
    host.clock.now = MONDAY + timedelta(days=2)
    said, complained, end = told("due")

    assert {line.split(":")[0] for line in said} == {first, third}
    assert said[0] == f"{first}: thank ana: 24 h overdue"
    assert complained == [f"{second}: this is not a saved process (save one with `process.to_json()`)"]
    assert end == "1 can't be restored"


def test_no_row_is_looked_at_before_something_is_due(rows: tuple[Host, list[str]]) -> None:
    host, (_, second, _) = rows
    host.spoil(second, "{}")
    host.clock.now = MONDAY + timedelta(hours=1)

    assert told("due") == ([], [], "")


def test_new_rules_bring_each_row_up_to_them_or_say_what_they_judge_otherwise(
    rows: tuple[Host, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, (first, second, third) = rows
    host.spoil(second, hasty().to_json())
    rules = other_rules(("due: interview + 24 hours", "due: interview + 12 hours"))
    monkeypatch.setattr("django_host.management.commands.new_rules.RULES", rules)
    _, complained, end = told("new_rules")

    assert complained[0].startswith(f"{second}: the rules changed from (default version 2")
    assert complained[1].startswith("  - entry 2 (follow up with acme, Thu 5 Mar 2026) was allowed")
    assert end.startswith("1 stay as they are")
    assert host.column("saved", second) == hasty().to_json()
    for key in (first, third):
        assert host.column("next_due", key) == "2026-03-02 21:00:00"
        assert rules.restore(host.column("saved", key)).to_json() == host.column("saved", key)


def test_the_migrations_make_the_tables_that_the_models_want(django: Host) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
