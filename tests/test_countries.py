"""Public holidays come from the package ``holidays``; without it, or without the country, help does."""

from __future__ import annotations

import pickle
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import postinterview as pi
from postinterview.countries import PublicHolidays, _holidays_of, public_holidays

ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    _holidays_of.cache_clear()


def test_a_country_knows_its_public_holidays() -> None:
    is_public_holiday = public_holidays("CH")

    assert is_public_holiday(date(2026, 8, 1))
    assert not is_public_holiday(date(2026, 8, 3))


def test_one_country_is_one_value_that_pickles() -> None:
    assert pickle.loads(pickle.dumps(public_holidays("CH"))) == PublicHolidays("CH")  # noqa: S301 - pickled here


def test_a_country_that_nobody_knows_is_misuse() -> None:
    with pytest.raises(pi.MisuseError) as caught:
        public_holidays("XX")

    assert caught.value.message == "the public holidays of `XX` are not known"
    assert "such as CH" in caught.value.help


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)

    with pytest.raises(pi.MisuseError) as caught:
        public_holidays("CH")

    assert "pip install 'postinterview[holidays]'" in caught.value.help


def test_a_rulebook_of_a_country_leaves_out_its_holidays() -> None:
    text = (Path(__file__).resolve().parents[1] / "rules" / "default.yaml").read_text(encoding="utf-8")
    swiss = text.replace("events:\n", "calendar: {country: CH}\n\nevents:\n", 1)

    assert _answer_due(pi.load_rulebook(text=text)) == datetime(2026, 5, 14, tzinfo=ZURICH)
    assert _answer_due(pi.load_rulebook(text=swiss)) == datetime(2026, 5, 15, tzinfo=ZURICH)


def _answer_due(rulebook: pi.Rulebook) -> datetime | None:
    """Return when a follow-up opens if the answer is promised for the day before Ascension Day."""
    monday = datetime(2026, 5, 4, 10, tzinfo=ZURICH)
    process = rulebook.start(employer="acme", timezone="Europe/Zurich")
    interviewed = process.record("interview", at=monday, interviewers=["ana"], decide_by=date(2026, 5, 13))
    return interviewed.process.may("follow_up", at=monday, channel="call").opens_at
