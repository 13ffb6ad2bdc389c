"""A snooze puts a line off, and nothing else: not what may be done, and never past the last chance."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta

import pytest

import postinterview as pi
from tests.core.helpers import at, default
from tests.core.test_semantics import interviewed

CLOSING = """
format: 1
title: An act that closes
events:
  meeting: {by: employer, opens: round}
  ask: {by: candidate}
machines:
  application:
    per: application
    start: before
    states: {before: {}, met: {}}
    transitions:
      met: {event: meeting, from: any, to: met}
      asked: {event: ask, from: met, guards: {fresh: {not_after: meeting + 5 days}}, due: meeting + 1 day}
"""


def thanks(process: pi.Process, when: str) -> pi.Item:
    return next(item for item in process.agenda(at=at(when)) if item.title == "thank ana")


def shown(process: pi.Process, when: str, *snoozes: pi.Snooze) -> list[tuple[str, str]]:
    return [
        (item.kind, item.text)
        for item in process.agenda(at=at(when), snoozes=snoozes)
        if item.title in ("thank ana", "follow up with acme", "ask")
    ]


def test_what_is_overdue_is_not_while_it_is_snoozed_and_is_late_by_the_snooze_afterwards() -> None:
    process = interviewed()
    snooze = thanks(process, "2026-03-04 09:00").snooze(until=at("2026-03-05 09:00"))

    def said(when: str) -> list[tuple[str, str]]:
        return [line for line in shown(process, when, snooze) if "thank" in line[1]]

    assert said("2026-03-04 09:00") == [("snoozed", "thank ana: snoozed until Thu 5 Mar 09:00")]
    assert said("2026-03-05 08:59:59.999999") == [("snoozed", "thank ana: snoozed until Thu 5 Mar 09:00")]
    assert said("2026-03-05 09:00") == [("overdue", "thank ana: just overdue")]
    assert said("2026-03-05 12:00") == [("overdue", "thank ana: 3 h overdue")]


def test_what_is_done_after_a_snooze_has_ended_does_not_prolong_it() -> None:
    process = interviewed()
    (thanks,) = (i for i in process.agenda(at=at("2026-03-03 12:00")) if i.title == "thank ana")
    snooze = thanks.snooze(until=at("2026-03-04 18:00"))
    process = process.record("complete_profile", at=at("2026-03-05 12:00")).process
    (shown,) = (
        i for i in process.agenda(at=at("2026-03-06 18:00"), snoozes=[snooze]) if i.title == "thank ana"
    )
    assert shown.kind == "overdue"
    assert shown.due == at("2026-03-04 18:00")


def test_a_snooze_opens_nothing_and_closes_nothing() -> None:
    process = interviewed()
    snooze = thanks(process, "2026-03-02 12:00").snooze(until=at("2026-03-20 09:00"))
    plain, put_off = (process.agenda(at=at("2026-03-05 09:00"), snoozes=s) for s in ((), (snooze,)))
    assert [item for item in plain if item.title != "thank ana"] == [
        item for item in put_off if item.title != "thank ana"
    ]
    (item,) = put_off.of("snoozed")
    assert item.opens_at == at("2026-03-05 09:00")


def test_a_snooze_that_ends_before_it_is_due_makes_nothing_earlier() -> None:
    process = interviewed()
    snooze = thanks(process, "2026-03-02 12:00").snooze(until=at("2026-03-02 13:00"))
    assert process.agenda(at=at("2026-03-02 12:00"), snoozes=[snooze]) == process.agenda(
        at=at("2026-03-02 12:00")
    )


def test_what_closes_before_the_snooze_ends_comes_back_a_day_before_and_says_so() -> None:
    process = pi.load_rulebook(text=CLOSING).start(employer="acme", timezone="Europe/Zurich")
    process = process.record("meeting", at=at("2026-03-02 10:00")).process
    (item,) = process.agenda(at=at("2026-03-03 12:00"))
    snooze = item.snooze(until=at("2026-03-20 09:00"))
    text = "ask: snoozed until Fri 6 Mar 10:00, since it closes on Sat 7 Mar 10:00"
    assert shown(process, "2026-03-03 12:00", snooze) == [("snoozed", text)]
    assert shown(process, "2026-03-06 10:00", snooze)[0][0] == "overdue"
    assert shown(process, "2026-03-07 09:59", snooze)[0][0] == "overdue"


def test_what_closes_when_it_is_due_can_not_be_put_off() -> None:
    text = CLOSING.replace("due: meeting + 1 day", "due: meeting + 5 days")
    process = pi.load_rulebook(text=text).start(employer="acme", timezone="Europe/Zurich")
    process = process.record("meeting", at=at("2026-03-02 10:00")).process
    (item,) = process.agenda(at=at("2026-03-03 12:00"))
    snooze = item.snooze(until=at("2026-03-20 09:00"))
    assert tuple(process.agenda(at=at("2026-03-03 12:00"), snoozes=[snooze])) == (item,)


@pytest.mark.parametrize("day", [9, 20])
def test_a_date_that_is_moved_ends_the_snooze(day: int) -> None:
    process = interviewed()
    (item,) = (i for i in process.agenda(at=at("2026-03-03 09:00")) if i.event == "follow_up")
    snooze = item.snooze(until=at("2026-03-16 09:00"))
    assert shown(process, "2026-03-13 09:00", snooze)[-1][0] == "snoozed"
    process = process.record("promise", at=at("2026-03-03 10:00"), date=date(2026, 3, day)).process
    assert process.agenda(at=at("2026-03-13 09:00"), snoozes=[snooze]) == process.agenda(
        at=at("2026-03-13 09:00")
    )


def test_once_it_is_done_the_next_time_is_not_snoozed() -> None:
    process = interviewed()
    (item,) = (i for i in process.agenda(at=at("2026-03-03 09:00")) if i.event == "follow_up")
    assert item.id == "follow_up/main///0"
    process = process.do("follow_up", at=at("2026-03-12 09:00"), channel="call").process
    process = process.record("interview", at=at("2026-03-16 10:00"), interviewers=["ana"]).process
    (again,) = (i for i in process.agenda(at=at("2026-03-16 10:00")) if i.event == "follow_up")
    assert again.id == "follow_up/main///1"


def test_of_two_snoozes_the_later_made_counts() -> None:
    process = interviewed()
    item = thanks(process, "2026-03-02 12:00")
    first, second = (item.snooze(until=at(f"2026-03-{day} 09:00")) for day in (10, 11))
    assert shown(process, "2026-03-05 09:00", second, first)[-1][1].endswith("Tue 10 Mar 09:00")


def test_names_with_a_slash_make_no_id_of_another() -> None:
    process = default().start(employer="acme", timezone="Europe/Zurich")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=["a/b", "a%2Fb"]).process
    found = [item.id for item in process.agenda(at=at("2026-03-02 12:00")) if item.event == "thank_you"]
    assert found == ["thank_you/main/1/a%2Fb/0", "thank_you/main/1/a%252Fb/0"]


def test_a_snooze_is_three_values_that_a_host_can_keep() -> None:
    snooze = thanks(interviewed(), "2026-03-02 12:00").snooze(until=at("2026-03-05 09:00"))
    assert snooze == pi.Snooze(
        item="thank_you/main/1/ana/0",
        until=datetime(2026, 3, 5, 8, tzinfo=UTC),
        due=datetime(2026, 3, 3, 9, tzinfo=UTC),
    )
    assert pickle.loads(pickle.dumps(snooze)) == snooze  # noqa: S301 - pickled here


def test_what_has_nothing_due_cannot_be_put_off() -> None:
    process = interviewed().record("follow_up", at=at("2026-03-02 11:00"), channel="call").process
    (item,) = process.agenda(at=at("2026-03-02 12:00")).of("broken")
    with pytest.raises(pi.MisuseError, match="nothing due to put off: against the rules on Mon 2 Mar"):
        item.snooze(until=at("2026-03-05 09:00"))


def test_a_snooze_until_a_naive_time_is_an_error_that_says_so() -> None:
    item = thanks(interviewed(), "2026-03-02 12:00")
    with pytest.raises(pi.TimeError, match="has no zone"):
        item.snooze(until=datetime(2026, 3, 5))  # noqa: DTZ001 - that is the fault


@pytest.mark.parametrize("given", [["tomorrow"], timedelta(days=1), [None]])
def test_what_is_no_snooze_is_misuse(given: object) -> None:
    with pytest.raises(pi.MisuseError) as caught:
        interviewed().agenda(at=at("2026-03-02 12:00"), snoozes=given)  # type: ignore[arg-type]
    assert "item.snooze(until=...)" in caught.value.help
