"""Public holidays come from the package ``holidays``; without it, or without the country, help does."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import postinterview as pi
from postinterview.core.values.moments import _business_day_after
from postinterview.countries import PublicHolidays, _holidays_of, public_holidays
from postinterview.rulebooks import load_to_prove

ZURICH = ZoneInfo("Europe/Zurich")
DEFAULT = (Path(__file__).resolve().parents[1] / "rules" / "default.yaml").read_text(encoding="utf-8")
SWISS = DEFAULT.replace("events:\n", "calendar: {country: CH}\n\nevents:\n", 1)


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


@pytest.mark.parametrize(("code", "close"), [("DE-BAY", "DE-BY"), ("XX", "CX")])
def test_an_unknown_country_is_reported_with_its_place_and_the_nearest_codes(code: str, close: str) -> None:
    with pytest.raises(pi.RulesError) as caught:
        pi.load_rulebook(text=SWISS.replace("country: CH", f"country: {code}"))
    (found,) = caught.value.diagnostics
    assert (found.code, found.path) == ("PI221", "calendar.country")
    assert f"`{close}`" in found.help
    with pytest.raises(pi.MisuseError) as misuse:
        pi.load_rulebook(text=DEFAULT).start("acme", "UTC", country=code)
    assert close in misuse.value.help


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)

    with pytest.raises(pi.MisuseError) as caught:
        public_holidays("CH")

    assert "pip install 'postinterview[holidays]'" in caught.value.help


def test_a_region_has_holidays_of_its_own() -> None:
    labour_day = date(2026, 5, 1)

    assert public_holidays("CH-ZH")(labour_day)
    assert not public_holidays("CH")(labour_day)


@pytest.mark.parametrize("code", ["XX", "CH-XX"])
def test_a_process_of_a_country_that_nobody_knows_is_misuse(code: str) -> None:
    with pytest.raises(pi.MisuseError) as caught:
        pi.load_rulebook().start(employer="acme", timezone="Europe/Zurich", country=code)

    assert caught.value.message == f"the public holidays of `{code}` are not known"
    assert "such as CH, or CH-ZH" in caught.value.help


@pytest.mark.parametrize(
    ("code", "help_"),
    [
        ("ch", "write `CH`"),
        ("Switzerland", "write `CH`"),
        ("Atlantis", "write two capital letters, such as `CH`"),
        ("", "write two capital letters, such as `CH`"),
        ("CH-", "write one to three capital letters or digits after `CH-`, or `CH` for all of it"),
    ],
)
def test_what_is_no_code_is_misuse(code: str, help_: str) -> None:
    with pytest.raises(pi.MisuseError) as caught:
        pi.load_rulebook().start(employer="acme", timezone="Europe/Zurich", country=code)

    assert caught.value.message == f"`{code}` is not a country's code"
    assert caught.value.help == help_


def test_a_country_that_is_no_text_is_misuse() -> None:
    with pytest.raises(pi.MisuseError) as caught:
        pi.load_rulebook().start(employer="acme", timezone="Europe/Zurich", country=41)  # type: ignore[arg-type]

    assert caught.value.help == 'give its code as a text such as "CH"'


def test_a_rulebook_that_was_not_loaded_knows_no_country() -> None:
    bare = pi.Rulebook(pi.load_rulebook().definition)
    with pytest.raises(pi.MisuseError) as caught:
        bare.start(employer="acme", timezone="Europe/Zurich", country="CH")

    assert caught.value.help == "make it with load_rulebook, or list the days: holidays=[...]"


def test_the_holidays_of_a_process_are_besides_those_of_the_rulebook() -> None:
    """Labour Day is one in Zurich, Ascension Day in all of Switzerland."""
    days = date(2026, 4, 30), date(2026, 5, 13)
    start = pi.load_rulebook(text=SWISS).start
    for country, expected in ((None, (1, 15)), ("CH-ZH", (4, 15)), ("US", (1, 15))):
        process = start(employer="acme", timezone="Europe/Zurich", country=country)
        assert tuple(_opens(process, day).day for day in days) == expected


def test_a_process_of_a_country_is_another_one_and_pickles() -> None:
    start = pi.load_rulebook().start
    here, there = (start(employer="acme", timezone="Europe/Zurich", country=c) for c in ("CH-ZH", None))

    assert here != there
    assert (here.country, there.country) == ("CH-ZH", None)
    again = pickle.loads(pickle.dumps(here))  # noqa: S301 - pickled here
    assert again == here
    assert again.rulebook.start(employer="acme", timezone="Europe/Zurich", country="CH-ZH") == here


def test_a_saved_process_is_restored_with_its_country_or_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rulebook = pi.load_rulebook()
    process = rulebook.start(employer="acme", timezone="Europe/Zurich", country="CH-ZH")
    text = process.to_json()
    assert rulebook.restore(text) == process

    _holidays_of.cache_clear()
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(pi.SavedError) as caught:
        rulebook.restore(text)
    assert caught.value.path == "country"
    assert "pip install 'postinterview[holidays]'" in caught.value.help


def test_a_calendar_that_changed_since_is_found_where_it_turns_an_act(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The package may know better one day, or the country may have changed its holidays."""
    rulebook, held = pi.load_rulebook(), datetime(2026, 4, 20, 10, tzinfo=ZURICH)
    process = rulebook.start(employer="acme", timezone="Europe/Zurich", country="CH-ZH")
    process = process.record(
        "interview",
        at=held,
        interviewers=["ana"],
        decide_by=date(2026, 4, 29),
    ).process
    untouched = process.to_json()
    call = process.do("follow_up", at=datetime(2026, 4, 30, 10, tzinfo=ZURICH), channel="call")
    assert not call.refused

    thirtieth = date(2026, 4, 30)
    _business_day_after.cache_clear()
    monkeypatch.setattr(PublicHolidays, "__call__", lambda _, day: day == thirtieth)
    with pytest.raises(pi.RulesChangedError) as caught:
        rulebook.restore(call.process.to_json())
    _business_day_after.cache_clear()
    assert "a country's holidays" in caught.value.help
    assert "is now a breach of `wait_for_the_answer`" in str(caught.value)
    assert rulebook.restore(untouched).history == process.history


def test_a_rulebook_of_a_country_leaves_out_its_holidays() -> None:
    for text, day in ((DEFAULT, 14), (SWISS, 15), (SWISS.replace("CH}", "CH-ZH}"), 15)):
        process = pi.load_rulebook(text=text).start(employer="acme", timezone="Europe/Zurich")
        assert _opens(process, date(2026, 5, 13)) == datetime(2026, 5, day, tzinfo=ZURICH)


def _opens(process: pi.Process, promised: date) -> datetime:
    """When a follow-up opens if the answer is promised for this day."""
    monday = datetime(2026, 4, 20, 10, tzinfo=ZURICH)
    interviewed = process.record("interview", at=monday, interviewers=["ana"], decide_by=promised).process
    opens_at = interviewed.may("follow_up", at=monday, channel="email").opens_at
    assert opens_at is not None
    return opens_at


PUSHY = """
format: 1
title: Pushy on working days
calendar: {country: DE}
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  follow_up: {by: candidate, contact: chase}
machines:
  application:
    per: application
    start: before
    states: {before: {}, waiting: {}}
    transitions:
      interviewed: {event: interview, from: [before, waiting], to: waiting}
      chase:
        event: follow_up
        from: waiting
        guards:
          a_month: {not_before: interview + 32 days}
          hours: {hours: "08:00-20:00, business days"}
"""


@pytest.mark.parametrize("load", [pi.load_rulebook, load_to_prove], ids=["as a host", "as `prove` does"])
def test_a_story_of_a_proof_keeps_the_holidays_of_the_country(
    load: Callable[[Path], pi.Rulebook], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first day after the month is Good Friday."""
    path = tmp_path / "pushy.yaml"
    path.write_text(PUSHY, encoding="utf-8")
    rulebook = load(path)
    violation = next(each.violation for each in pi.prove(rulebook).results if each.id == "one_chase")

    assert violation is not None
    process = pi.load_rulebook(path).start(employer="acme", timezone="UTC")
    for each in violation.events:
        outcome = process.record(each.event, at=each.at, **each.fields)
        assert not outcome.breach
        process = outcome.process
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert load_to_prove(path).definition == rulebook.definition
