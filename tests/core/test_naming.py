"""Names of the host's are shown in place of keys, in texts and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.reminders import to_ics
from tests.core.helpers import at, packaged

BEGINS = at("2026-03-02 10:00")
HOUR = timedelta(hours=1)
APPLICATIONS = {"1#app": "Backend", "2#app": "Data (Zurich)"}
PEOPLE = {"1#who": "Ana Keller", "2#who": "Bo"}
NAMES = APPLICATIONS | PEOPLE
NOTE = {"thanks": True, "topic": True, "looking_forward": True}

PLACES = st.sampled_from(list(APPLICATIONS))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("interview"), PLACES, st.none() | st.sampled_from([["1#who"], ["1#who", "2#who"]])),
        st.tuples(
            st.sampled_from(["message", "question", "offer", "rejection", "follow_up"]), PLACES, st.none()
        ),
        st.tuples(st.sampled_from(["thank_you", "unknown", "undated", "retract"]), PLACES, st.none()),
    ),
    min_size=1,
    max_size=5,
)


def story(steps: list[tuple[str, str, Any]]) -> Iterator[pi.Outcome]:
    """Yield the outcome of each step, a day apart; what can't be recorded is left out."""
    process = packaged().start("Acme", "Europe/Zurich")
    for number, (what, where, people) in enumerate(steps):
        then = BEGINS + number * 24 * HOUR
        try:
            if what == "interview":
                outcome = process.record(what, at=then, application=where, interviewers=people)
            elif what == "undated":
                outcome = process.record("interview", at=then, application=where, undated=True)
            elif what == "unknown":
                outcome = process.unknown("message", "follow_up", until=then, application=where)
            elif what == "retract":
                outcome = process.retract(len(process.history), at=then)
            elif what == "thank_you":
                outcome = process.record(what, at=then, application=where, to="1#who", **NOTE)
            else:
                said: dict[str, Any] = {"channel": "email"} if what == "follow_up" else {}
                outcome = process.record(what, at=then, application=where, **said)
        except pi.MisuseError:
            continue
        yield outcome
        process = outcome.process


def texts(steps: list[tuple[str, str, Any]]) -> list[str]:
    """Return all that a host may show of a story."""
    said, process = [], packaged().start("Acme", "Europe/Zurich")
    for outcome in story(steps):
        process = outcome.process
        said += [outcome.text, process.text]
        for hours in (1, 24 * 9):
            agenda = process.agenda(at=process.timeline[-1].at + hours * HOUR if process.timeline else BEGINS)
            said += [agenda.text, *(part for item in agenda for part in (item.text, item.title, item.why))]
    late = BEGINS + 24 * 8 * HOUR
    verdicts = process.verdicts(at=late)
    for where, who in [("1#app", "1#who"), ("2#app", "2#who"), (None, "1#who")]:
        with contextlib.suppress(pi.MisuseError):
            verdicts += (process.may("thank_you", to=who, at=late, application=where, **NOTE),)
            verdicts += (process.may("follow_up", at=late, application=where, channel="email"),)
    for verdict in verdicts:
        said += [verdict.text, verdict.title, *verdict.opens_after_titles]
        said += [reason.text for reason in verdict.reasons]
    return said


TALK = ("interview", "1#app", ["1#who", "2#who"])


@example([TALK, ("thank_you", "1#app", None)])
@example([TALK, ("interview", "2#app", None), ("question", "2#app", None)])
@example([("interview", "2#app", None), TALK])
@example([TALK, ("follow_up", "1#app", None), ("interview", "2#app", None)])
@given(STEPS)
def test_every_text_has_the_names_where_it_had_the_keys(steps: list[tuple[str, str, Any]]) -> None:
    plain = texts(steps)
    with pi.naming(applications=APPLICATIONS, people=PEOPLE):
        named = texts(steps)
    replaced = []
    for text in plain:
        for key, name in NAMES.items():
            text = text.replace(key, name)  # noqa: PLW2901 - one after the other
        replaced.append(text)
    assert named == replaced
    assert texts(steps) == plain


def talked() -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    return process.record("interview", at=BEGINS, application=7, interviewers=[7]).process


def test_a_person_and_an_application_may_have_one_key() -> None:
    process = talked()
    with pi.naming(applications={7: "Backend"}, people={7: "Ana"}):
        agenda = process.agenda(at=BEGINS + HOUR)
        verdict = process.may("follow_up", at=BEGINS + HOUR, application=7, channel="email")
        assert verdict.text.startswith("follow up with Acme (Backend): refused")
        assert b"thank Ana (Backend)" in to_ics({1: process}, at=BEGINS + HOUR).replace(b"\r\n ", b"")
        stranger = process.may("thank_you", to="carl", at=BEGINS + HOUR, application=7, **NOTE)
    assert agenda[0].text.startswith("thank Ana (Backend): ")
    assert (agenda[0].to, agenda[0].application, verdict.application) == ("7", "7", "7")
    assert stranger.reasons[0].has == "carl has not interviewed you in Backend"
    assert process.agenda(at=BEGINS + HOUR)[0].text.startswith("thank 7 (7): ")


def test_nothing_but_texts_depends_on_names() -> None:
    plain = talked()
    with pi.naming(applications={"7": "Backend"}, people={"7": "Ana"}):
        named = talked()
        assert named == plain
        assert named.to_json() == plain.to_json()
        saying = named.record("interview", at=BEGINS + HOUR, application=7, decide_by=date(2026, 3, 9))
    assert saying.process.to_json().count("Backend") == 0
    assert saying.text.startswith("Recorded as entry 2: interview (7).")  # a text is made when it is read


def test_names_that_cannot_be_seen_and_blocks_in_blocks() -> None:
    process = talked()

    def shown() -> str:
        return process.agenda(at=BEGINS + HOUR)[0].text.partition(":")[0]

    with pi.naming(applications={7: "\u202e"}, people={7: ""}):
        assert shown() == "thank 7 (7)"
    with pi.naming(applications={7: "x" * 100}):
        assert len(shown()) < 80
        with pi.naming(people={7: "Ana"}):
            assert shown() == "thank Ana (7)"
        with pytest.raises(ZeroDivisionError), pi.naming():
            raise ZeroDivisionError
        assert "xxx" in shown()
    with pytest.raises(pi.MisuseError, match="is no mapping of names"), pi.naming(people=["Ana"]):  # type: ignore[arg-type]
        pass


def test_each_thread_and_task_has_its_own() -> None:
    process = talked()

    def shown(name: str) -> str:
        with pi.naming(people={7: name}):
            return process.agenda(at=BEGINS + HOUR)[0].text.partition(" (")[0]

    async def task(name: str) -> str:
        with pi.naming(people={7: name}):
            await asyncio.sleep(0)
            return process.agenda(at=BEGINS + HOUR)[0].text.partition(" (")[0]

    async def tasks() -> list[str]:
        return await asyncio.gather(*map(task, names))

    names = [f"Ana {number}" for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(shown, names)) == [f"thank {name}" for name in names]
    assert asyncio.run(tasks()) == [f"thank {name}" for name in names]


def test_names_end_with_their_block() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=BEGINS, interviewers=["1#who"]).process

    with pi.naming(people=PEOPLE):
        named = [verdict.title for verdict in process.allowed(at=BEGINS)]

    assert any("Ana" in title for title in named)
    assert not any("Ana" in verdict.title for verdict in process.allowed(at=BEGINS))
