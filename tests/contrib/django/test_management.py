"""Commands, checks and the admin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import postinterview as pi
from postinterview.stores import Keeper
from tests.contrib.django.sites import FOLLOW_UP, OVERDUE, Site, call

ROOT = Path(__file__).resolve().parents[3]


def told(command: str, *args: str) -> tuple[list[str], list[str], str]:
    """What a command says, what it complains of, and how it ends."""
    from django.core.management import CommandError, call_command

    out, err, end = StringIO(), StringIO(), ""
    with patch("django.utils.timezone.now", lambda: OVERDUE):
        try:
            call_command(command, *args, stdout=out, stderr=err)
        except CommandError as error:
            end = str(error)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), end


@contextmanager
def settings(**said: Any) -> Iterator[None]:
    from django.test import override_settings

    with override_settings(POSTINTERVIEW=said):
        yield


def problems(*, deploy: bool = False) -> list[tuple[str, str]]:
    from django.core.checks import run_checks

    found = run_checks(tags=["postinterview"], include_deployment_checks=deploy)
    return [(each.id, each.msg) for each in found]


def test_what_is_due_is_listed_though_a_row_can_not_be_restored(site: Site) -> None:
    from postinterview.contrib.django.models import Entry

    key, spoilt = site.interviewed(site.ana, "acme"), site.interviewed(site.ana, "bolt")
    Entry.objects.filter(process=spoilt).update(text="{}")
    said, complained, end = told("postinterview_due")

    assert said[0].startswith(f"{key}: thank ana: ")
    assert {line.split(": ")[0] for line in said} == {key}
    assert [line.split(": ")[0] for line in complained] == [spoilt]
    assert end == "1 can't be restored"
    assert told("postinterview_due", "--prefix", f"{site.bob.pk}/") == ([], [], "")


def test_what_is_due_has_the_questions_about_an_unknown_past(site: Site, keeper: Keeper) -> None:
    key = site.interviewed(site.ana)
    keeper.unknown(key, "message", until=OVERDUE)

    assert (
        told("postinterview_due")[0][0] == f"{key}: say whether there was a message from acme since Mon 2 Mar"
    )


def test_a_card_is_followed_by_hand(site: Site, keeper: Keeper) -> None:
    key = site.interviewed(site.ana)
    with settings(STATUSES="tracker"):
        said, _, end = told("postinterview_follow", key, "offer", "--at", "2026-03-12T10:00+01:00")
        assert (said[0][: len(key) + 30], end) == (f"{key}: Recorded as entry 2: offer. ", "")
        assert told("postinterview_follow", key, "Offer") == ([f"{key}: nothing to record"], [], "")
        assert (
            told("postinterview_follow", key, "Ofer")[2]
            == f"{key}: unknown status `Ofer` (did you mean `Offer`?)"
        )
        assert "no process" in told("postinterview_follow", "nobody/acme", "Offer")[2]
        assert "refused" in told("postinterview_follow", key, "Ghosted")[2]
    assert [placed.name for placed in keeper.load(key).timeline] == ["interview", "offer"]


def test_a_card_that_comes_too_early_is_no_error_and_two_employers_become_one(
    site: Site, keeper: Keeper
) -> None:
    key, other = site.interviewed(site.ana), f"{site.ana.pk}/bolt"
    with settings(STATUSES="tracker"):
        said, _, end = told("postinterview_follow", key, "Ghosted")
        assert (said[0].startswith(f"{key}: Nothing to record yet. "), end) == (True, "")
    keeper.start(other, timezone="Europe/Zurich")
    keeper.record(other, "message", at=keeper.load(key).timeline[-1].at + timedelta(hours=1))
    said, _, end = told("postinterview_join", key, other)
    assert (said[0].startswith(f"{key}: Recorded as entry 2: message"), end) == (True, "")
    assert list(keeper.keys()) == [key]
    assert "no process" in told("postinterview_join", key, other)[2]


@pytest.mark.parametrize("erased", [True, False])
def test_processes_are_erased_with_their_user_if_the_settings_say_so(
    site: Site, keeper: Keeper, erased: bool
) -> None:
    hers, his = site.interviewed(site.ana), site.interviewed(site.bob)
    with settings(ERASE_WITH_USER=erased):
        site.ana.delete()
    assert list(keeper.keys()) == sorted([his] if erased else [hers, his])


def test_new_rules_carry_processes_over_or_say_what_they_judge_otherwise(
    site: Site, keeper: Keeper, tmp_path: Path
) -> None:
    text = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    other, strict = tmp_path / "other.yaml", tmp_path / "strict.yaml"
    other.write_text(text.replace("due: interview + 24 hours", "due: interview + 12 hours"), encoding="utf-8")
    strict.write_text(
        text.replace("promised + 1 business day", "promised + 9 business days"), encoding="utf-8"
    )
    with settings(RULES="default"):
        key = site.interviewed(site.ana)
        assert call(site.client(site.ana), "post", "acme", FOLLOW_UP).status_code == 201
    before = keeper.store.load(key)

    with settings(RULES=str(strict)):
        _, complained, end = told("postinterview_migrate_rules")
        assert complained[0].startswith(f"{key}: ")
        assert "is now a breach" in complained[1]
        assert end == "some processes can't go on under these rules; nothing was written"
    assert keeper.store.load(key) == before
    with settings(RULES=str(other)):
        assert told("postinterview_migrate_rules", "--dry-run") == (["goes on: 1", "written: 0"], [], "")
        assert told("postinterview_migrate_rules") == (["goes on: 1", "written: 1"], [], "")
        assert told("postinterview_migrate_rules") == (["unchanged: 1", "written: 0"], [], "")


def test_the_processes_of_one_user_are_exported_and_erased(site: Site, keeper: Keeper) -> None:
    from json import loads

    from postinterview.contrib.django.models import Entry

    mine = [site.interviewed(site.ana, name) for name in ("acme", "bolt")]
    theirs = site.interviewed(site.bob)
    said, _, _ = told("postinterview_user", "export", str(site.ana.pk))

    found = {each["key"]: keeper.rulebook.restore(each["saved"]) for each in map(loads, said)}
    assert found == {key: keeper.load(key) for key in mine}
    Entry.objects.filter(process=mine[0]).update(text="{}")
    damaged, sound = map(loads, told("postinterview_user", "export", str(site.ana.pk))[0])
    assert (damaged["key"], damaged["texts"], sound["key"]) == (mine[0], ["{}"], mine[1])
    assert told("postinterview_user", "erase", str(site.ana.pk))[0] == [f"erased {key}" for key in mine]
    assert list(keeper.keys()) == [theirs]


def test_the_rules_are_checked_when_the_site_starts(tmp_path: Path) -> None:
    broken, custom = tmp_path / "broken.yaml", {"polite": "tests.nowhere.polite"}
    broken.write_text("format: 1\nextends: default\ndates: {answer_due: [promised + 1 fortnight]}\n")

    assert problems() == []
    with settings(RULES=str(broken)):
        ((code, said),) = problems()
        assert (code, "broken.yaml:3" in said) == ("postinterview.E001", True)
    with settings(RULES=str(tmp_path / "nowhere.yaml")):
        assert problems()[0][0] == "postinterview.E001"
    with settings(CUSTOM=custom):
        assert problems()[0][0] == "postinterview.E001"
    with settings(STATUSES="tracker"):
        assert problems() == []
    with settings(STATUSES="trackr"):
        assert problems()[0][0] == "postinterview.E001"
    with settings(STATUSES={"Talking": "intervew"}):
        ((code, said),) = problems()
        assert (code, "intervew" in said) == ("postinterview.E001", True)
    with settings(RULEZ="default"):
        ((_, said),) = problems()
        assert said == "`settings.POSTINTERVIEW` can't be read: `RULEZ`"


@pytest.mark.slow
def test_the_rules_are_proved_before_a_deployment(tmp_path: Path) -> None:
    pushy = tmp_path / "pushy.yaml"
    pushy.write_text("format: 1\nextends: default\nguard_sets: {one_at_a_time: {one_chase: {at_most: 2}}}\n")

    assert problems(deploy=True) == []
    with settings(RULES=str(pushy)):
        assert problems() == []
        assert ("postinterview.E002", "the promise `one_chase` is violated") in problems(deploy=True)


def test_sqlite_with_atomic_requests_is_warned_of(site: Site) -> None:
    from django.db import connection

    with patch.dict(connection.settings_dict, ATOMIC_REQUESTS=True):
        found = problems()
        with patch.dict(connection.settings_dict["OPTIONS"], transaction_mode="IMMEDIATE"):
            assert problems() == []
    assert [code for code, _ in found] == (["postinterview.W001"] if site.kind == "sqlite" else [])


def test_the_admin_shows_the_agenda_and_the_timeline_and_changes_nothing(site: Site) -> None:
    site.bob.is_staff = site.bob.is_superuser = True
    site.bob.save()
    key = site.interviewed(site.ana, "<b>acme")
    client = site.client(site.bob)
    path = f"/admin/postinterview/process/{key.replace('/', '_2F').replace('<', '_3C').replace('>', '_3E')}"
    with patch("django.utils.timezone.now", lambda: OVERDUE):
        listed = client.get("/admin/postinterview/process/").content.decode()
        shown = client.get(f"{path}/change/").content.decode()

    assert "&lt;b&gt;acme" in listed
    assert "Recorded as entry 1: interview" in shown
    assert "overdue: " in shown
    assert "<b>acme" not in shown
    assert client.get("/admin/postinterview/process/add/").status_code == 403
    assert client.post(f"{path}/change/", {"key": "other"}).status_code == 403


def test_the_migrations_make_the_tables_that_the_models_want(site: Site) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_without_django_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "django", None)
    monkeypatch.delitem(sys.modules, "postinterview.contrib.django", raising=False)
    with pytest.raises(pi.MisuseError) as caught:
        import_module("postinterview.contrib.django")

    assert str(caught.value).endswith("not installed (pip install 'postinterview[django]')")
