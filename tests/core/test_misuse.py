"""What a call can't mean is said: what is wrong, and what to write instead. Never another kind of error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from tests.core.helpers import at, default, packaged, start
from tests.core.test_semantics import interviewed

NOON = at("2026-03-20 12:00")


def misuse(call: Callable[[], object]) -> tuple[type[pi.MisuseError], str, str]:
    """The kind of the error, what it says is wrong, and what to write instead."""
    with pytest.raises(pi.MisuseError) as caught:
        call()
    return type(caught.value), caught.value.message, caught.value.help


# --- the state of a machine ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machine", "keys", "said"),
    [
        (
            "aplication",
            {},
            (pi.UnknownNameError, "unknown machine `aplication`", "did you mean `application`?"),
        ),
        (
            "application",
            {"application": "mian"},
            (pi.UnknownNameError, "unknown application `mian`", "did you mean `main`?"),
        ),
        (
            "application",
            {"application": "never-heard-of"},
            (pi.UnknownNameError, "unknown application `never-heard-of`", "write `main`"),
        ),
        (
            "thanks",
            {"to": "ana", "round": 99},
            (pi.UnknownNameError, "there is no round 99", "there is round 1"),
        ),
        (
            "thanks",
            {"to": "ana", "round": 0},
            (pi.UnknownNameError, "there is no round 0", "there is round 1"),
        ),
        (
            "network",
            {"to": "nobody-known"},
            (pi.UnknownNameError, "nobody called `nobody-known` is known", "write `ana` or `bo`"),
        ),
        (
            "network",
            {"to": "an"},
            (pi.UnknownNameError, "nobody called `an` is known", "did you mean `ana`?"),
        ),
        (
            "network",
            {},
            (pi.MisuseError, "machine `network` is kept by interviewer", "name the person in `to`"),
        ),
        (
            "application",
            {"round": 1},
            (pi.MisuseError, "machine `application` is kept by application", "leave `round` out"),
        ),
        (
            "application",
            {"to": "ana"},
            (pi.MisuseError, "machine `application` is kept by application", "leave `to` out"),
        ),
        (
            "profile",
            {"application": "main"},
            (pi.MisuseError, "machine `profile` is kept by employer", "leave `application` out"),
        ),
    ],
)
def test_the_state_of_what_is_not_there_is_misuse(
    machine: Any, keys: dict[str, Any], said: tuple[type[pi.MisuseError], str, str]
) -> None:
    assert misuse(lambda: interviewed().state(machine, **keys)) == said


@pytest.mark.parametrize("machine", [None, 1, []])
def test_what_is_no_text_is_no_machine(machine: Any) -> None:
    assert misuse(lambda: interviewed().state(machine)) == (
        pi.UnknownNameError,
        f"`{machine!r}` is no machine",
        'give its name as a text, such as "application"',
    )


@pytest.mark.parametrize("number", [True, 1.5, "1", [], object()])
def test_a_round_is_a_number(number: Any) -> None:
    assert misuse(lambda: interviewed().state("thanks", to="ana", round=number)) == (
        pi.MisuseError,
        f"`{number!r}` is not a round",
        "give its number, from 1 on",
    )


@pytest.mark.parametrize("person", [[], 1.5, " "])
def test_a_person_is_named_by_a_text(person: Any) -> None:
    assert misuse(lambda: interviewed().state("network", to=person)) == (
        pi.MisuseError,
        f"`{person!r}` is not a person",
        "give the person's key as a text",
    )


def test_before_anything_happened_the_one_application_stands_at_its_start() -> None:
    assert start().state("application") == start().state("application", application="main")
    assert misuse(lambda: start().state("application", application="backend")) == (
        pi.UnknownNameError,
        "unknown application `backend`",
        "write `main`",
    )
    assert misuse(lambda: start().state("thanks", to="ana")) == (
        pi.UnknownNameError,
        "nobody called `ana` is known",
        "record the interview first",
    )


def test_the_rounds_that_there_are_are_named() -> None:
    process = interviewed().record("interview", at=at("2026-03-09 10:00"), interviewers=["bo"]).process
    assert misuse(lambda: process.state("thanks", to="bo", round=3))[2] == "there are rounds 1 to 2"
    assert process.state("thanks", to="bo", round=1) == "owed"


# --- events --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, 1, True, [], b"message"])
def test_what_is_no_text_is_no_event(name: Any) -> None:
    process = interviewed()
    said = (pi.UnknownNameError, f"`{name!r}` is no event", 'give its name as a text, such as "interview"')
    assert misuse(lambda: process.record(name, at=NOON)) == said
    assert misuse(lambda: process.do(name, at=NOON)) == said
    assert misuse(lambda: process.may(name, at=NOON)) == said


@pytest.mark.parametrize("name", [1, None, []])
def test_what_is_no_text_can_t_be_unknown(name: Any) -> None:
    assert misuse(lambda: interviewed().unknown(name, until=NOON)) == (
        pi.UnknownNameError,
        f"`{name!r}` is no event or class",
        'give its name as a text, such as "interview"',
    )


@pytest.mark.parametrize("application", [4.2, [], "", " "])
def test_an_application_has_a_name_that_can_be_written_down(application: Any) -> None:
    process = interviewed()
    said = (pi.MisuseError, f"`{application!r}` is not an application", "give its key as a text")
    assert misuse(lambda: process.unknown("message", until=NOON, application=application)) == said
    assert misuse(lambda: process.record("message", at=NOON, application=application)) == said
    assert misuse(lambda: process.state("application", application=application)) == said


@pytest.mark.parametrize("flag", [0, 1, None, "yes"])
def test_a_flag_is_true_or_false(flag: Any) -> None:
    process = interviewed()
    assert misuse(lambda: process.record("message", at=NOON, late=flag)) == (
        pi.MisuseError,
        f"`late` can't be {flag!r}",
        "give true or false",
    )
    assert misuse(lambda: process.retract(1, at=NOON, not_sent=flag)) == (
        pi.MisuseError,
        f"`not_sent` can't be {flag!r}",
        "give true or false",
    )


@pytest.mark.parametrize("number", [True, 1.0, "1", None, []])
def test_an_entry_is_retracted_by_its_number(number: Any) -> None:
    assert misuse(lambda: interviewed().retract(number, at=NOON)) == (
        pi.MisuseError,
        f"`{number!r}` is not the number of an entry",
        "give a whole number, from 1 on",
    )


def test_a_correction_does_not_come_before_what_stands() -> None:
    process = interviewed().record("message", at=at("2026-03-05 10:00")).process
    assert misuse(lambda: process.retract(1, at=at("2026-03-04 10:00"))) == (
        pi.TimeError,
        "2026-03-04 10:00:00+01:00 is before the latest event, message at 2026-03-05 10:00:00+01:00",
        "time runs forward; `at` is the moment of the correction",
    )
    assert process.retract(1, at=at("2026-03-05 10:00")).process.timeline[0].name == "message"


def test_an_event_dated_years_too_late_can_be_taken_back_today() -> None:
    process = interviewed().record("message", at=at("2062-03-05 10:00")).process
    process = process.retract(2, at=at("2026-03-05 10:00")).process
    assert process.record("message", at=at("2026-03-05 10:00")).process.timeline[-1].name == "message"


# --- times and zones -----------------------------------------------------------------------------


class Odd(tzinfo):
    """A zone of a caller's own making."""

    def __init__(self, offset: Any, dst: timedelta | None = timedelta(0)) -> None:
        self.offset = offset
        self.summer = dst

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        if isinstance(self.offset, Exception):
            raise self.offset
        offset: timedelta | None = self.offset
        return offset

    def dst(self, moment: datetime | None) -> timedelta | None:
        return self.summer

    def tzname(self, moment: datetime | None) -> str:
        return "odd"


@pytest.mark.parametrize(
    ("zone", "why"),
    [
        (Odd(ZeroDivisionError("no")), "ZeroDivisionError"),
        (Odd(LookupError()), "LookupError"),
        (Odd(timedelta(hours=24)), "ValueError"),
        (Odd(3), "TypeError"),
        (Odd(timedelta(hours=1), dst=None), "ValueError"),
    ],
)
def test_a_zone_that_fails_is_misuse_that_says_so(zone: tzinfo, why: str) -> None:
    moment = datetime(2026, 3, 20, 12, tzinfo=zone)
    for call in (
        lambda: interviewed().may("follow_up", at=moment),
        lambda: interviewed().agenda(at=moment),
        lambda: interviewed().record("message", at=moment),
    ):
        assert misuse(call) == (
            pi.TimeError,
            f"the zone of the time 2026-03-20 12:00:00 fails with {why}",
            "give a moment with its zone, such as 2026-03-10T09:00:00+01:00",
        )


def test_a_zone_of_the_callers_own_that_works_is_as_good_as_any() -> None:
    for zone in (Odd(timedelta(hours=1)), timezone(timedelta(hours=1))):
        verdict = interviewed().may("follow_up", at=datetime(2026, 3, 5, 12, tzinfo=zone))
        assert verdict.opens_at == at("2026-03-11 00:00")
        assert verdict.opens_at.tzinfo is zone


# --- a process to start --------------------------------------------------------------------------


@pytest.mark.parametrize("employer", ["", " ", None, 1, b"acme"])
def test_an_employer_has_a_name_that_can_be_written_down(employer: Any) -> None:
    assert misuse(lambda: default().start(employer, "UTC")) == (
        pi.MisuseError,
        f"{employer!r} is no name of an employer",
        'give a text such as "Acme"',
    )


@pytest.mark.parametrize("name", ["Ömer & Söhne", "株式会社", "عليرضا", "x" * 500])
def test_an_employer_may_be_written_in_any_script(name: str) -> None:
    assert default().start(name, "UTC").employer == name


@pytest.mark.parametrize("zone", [None, 1, b"x", [], Path("UTC")])
def test_a_time_zone_is_named_by_a_text(zone: Any) -> None:
    assert misuse(lambda: default().start("acme", zone)) == (
        pi.TimeError,
        f"{zone!r} is not a time zone",
        "write a name such as Europe/Zurich or UTC",
    )


@pytest.mark.parametrize(
    ("holidays", "message"),
    [
        (1, "holidays can't be 1"),
        (None, "holidays can't be None"),
        ([[]], "[] is no holiday"),
        (["2026-04-06"], "'2026-04-06' is no holiday"),
        ([datetime(2026, 4, 6)], "datetime.datetime(2026, 4, 6, 0, 0) is no holiday"),  # noqa: DTZ001 the fault
    ],
)
def test_holidays_are_dates(holidays: Any, message: str) -> None:
    assert misuse(lambda: default().start("acme", "UTC", holidays=holidays)) == (
        pi.MisuseError,
        message,
        "give dates, such as [date(2026, 4, 6)]",
    )


def test_holidays_may_come_from_anywhere() -> None:
    free = (date(2026, 4, day) for day in (3, 6))
    assert default().start("acme", "UTC", holidays=free).holidays == {date(2026, 4, 3), date(2026, 4, 6)}


# --- rules to load, and to prove -----------------------------------------------------------------

FUNCTIONS = 'give functions by the name that the guards use: custom={"free": free}'


@pytest.mark.parametrize(
    ("arguments", "options", "message", "help_"),
    [
        ([1], {}, "`1` is no path of a file", 'give a text such as "mine.yaml", or a pathlib.Path'),
        (
            [b"mine.yaml"],
            {},
            "`b'mine.yaml'` is no path of a file",
            'give a text such as "mine.yaml", or a pathlib.Path',
        ),
        ([], {"text": 1}, "`text` can't be 1", "give the rules as a text or as bytes"),
        ([], {"text": "", "name": 1}, "`name` can't be 1", 'give a text such as name="mine.yaml"'),
        ([], {"custom": 1}, "`custom` can't be 1", FUNCTIONS),
        ([], {"custom": {"free": 1}}, "`custom` can't hold 'free': 1", FUNCTIONS),
    ],
)
def test_rules_come_from_a_path_or_a_text(
    arguments: list[Any], options: dict[str, Any], message: str, help_: str
) -> None:
    assert misuse(lambda: pi.load_rulebook(*arguments, **options)) == (pi.MisuseError, message, help_)


@pytest.mark.parametrize(
    ("options", "message", "help_"),
    [
        ({"promises": 1}, "`promises` can't be 1", 'give a list of paths: promises=["mine.yaml"]'),
        (
            {"promises": "mine.yaml"},
            "`promises` can't be 'mine.yaml'",
            'give a list of paths: promises=["mine.yaml"]',
        ),
        ({"promises": [1]}, "`1` is no path of a file", 'give a text such as "mine.yaml", or a pathlib.Path'),
        ({"max_zones": "x"}, "`max_zones` can't be 'x'", "give a whole number above 0"),
        ({"max_zones": True}, "`max_zones` can't be True", "give a whole number above 0"),
    ],
)
def test_a_proof_takes_paths_and_limits(options: dict[str, Any], message: str, help_: str) -> None:
    assert misuse(lambda: pi.prove(default(), **options)) == (pi.MisuseError, message, help_)


@pytest.mark.parametrize("limit", ["x", True, 0, -1, -0.5, float("inf"), float("nan")])
def test_proofs_and_comparisons_refuse_a_time_limit_that_is_no_finite_number_above_zero(limit: Any) -> None:
    expected = (pi.MisuseError, f"`max_seconds` can't be {limit!r}", "give a finite number above 0")
    assert misuse(lambda: pi.prove(default(), max_seconds=limit)) == expected
    assert misuse(lambda: pi.compare(default(), default(), max_seconds=limit)) == expected


def test_a_comparison_takes_rulebooks_and_a_number_of_zones() -> None:
    nothing: Any = None
    assert misuse(lambda: pi.compare(default(), nothing))[1] == "`None` is no rulebook"
    assert misuse(lambda: pi.compare(default(), default(), max_zones=0))[1] == "`max_zones` can't be 0"


def test_only_a_rulebook_can_be_proved() -> None:
    nothing: Any = None
    assert misuse(lambda: pi.prove(nothing)) == (
        pi.MisuseError,
        "`None` is no rulebook",
        "give what load_rulebook answers with",
    )


def test_a_form_that_gives_texts_is_told_what_to_give() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    monday = at("2026-03-02 10:00")
    with pytest.raises(pi.FieldError) as several:
        process.record("interview", at=monday, interviewers="Ana, Bo")
    assert several.value.help == "give each by itself: a list of names, such as ['Ana', 'Bo']"
    named = process.record("interview", at=monday, interviewers=["Keller, Ana"]).event
    assert named is not None
    assert named.fields["interviewers"] == ("Keller, Ana",)
    with pytest.raises(pi.FieldError) as text:
        process.record("scheduled", at=monday, date="2026-03-16")
    assert text.value.help.endswith("such as datetime.date(2026, 3, 10)")
