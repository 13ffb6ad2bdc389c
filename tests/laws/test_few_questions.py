"""Whatever an honest import leaves open, three answers clear a process, in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import packaged
from tests.strategies.scale import tried

NOW = datetime(2026, 3, 13, 15, tzinfo=UTC)
DAY = timedelta(days=1)
UNKNOWN = (
    *("promise", "message", "question", "scheduled", "on_hold", "assignment", "offer", "rejection"),
    *("follow_up", "thank_you", "reply", "missed_call", "hand_in", "counter_offer", "assume_closed"),
    *("complete_profile", "write_plan", "linkedin_invite"),
)
UNDATED = ("interview", "follow_up", "offer", "rejection", "message")


@st.composite
def imports(draw: st.DrawFn) -> pi.Process:
    """What a tracker holds of one employer: some dates, statuses without dates, and what it doesn't keep."""
    process = packaged().start("Acme", "America/New_York")
    days = st.integers(0, 70)
    applications = ["backend", "data"][: draw(st.integers(1, 2))]
    for place in applications:
        talk = NOW - (2 + draw(days)) * DAY
        if draw(st.booleans()):
            process = process.record("interview", at=talk, late=True, application=place).process
        if draw(st.booleans()):
            at = min(talk + draw(st.integers(1, 20)) * DAY, NOW - DAY)
            process = process.record(
                "follow_up", at=at, late=True, application=place, channel="email"
            ).process
    for name in draw(st.lists(st.sampled_from(UNDATED), max_size=2)):
        place = draw(st.sampled_from(applications))
        process = process.record(name, at=NOW - DAY, application=place, undated=True).process
    gaps: list[list[str | None]] = [[None], [*applications], [None, *applications]]
    for gap in draw(st.sampled_from(gaps)):
        names = draw(st.lists(st.sampled_from(UNKNOWN), min_size=1, unique=True))
        until = NOW - draw(st.integers(0, 3)) * DAY
        process = process.unknown(*names, until=until, application=gap).process
    return process


def answered(process: pi.Process, question: pi.Question, random: Random) -> pi.Process:
    """Answer that nothing more happened, or when the events were."""
    for number in question.undated:
        latest = next(placed.at for placed in process.timeline if placed.event.number == number)
        process = process.dated(number, at=latest - random.choice([0, 1, 5, 9, 30, 200]) * DAY).process
    if not question.undated:
        for place in (None,) if question.anywhere else question.applications:
            process = process.known(*question.events, until=question.until, application=place).process
    return process


@tried(60, 3000)
@given(imports(), st.integers(0, 1000))
def test_three_answers_clear_it(process: pi.Process, order: int) -> None:
    random, answers = Random(order), 0  # noqa: S311 - no secret
    while items := process.agenda(at=NOW).of("tell"):
        question = random.choice(items).question
        assert question is not None
        process, answers = answered(process, question, random), answers + 1
        assert answers <= 3
    event(f"answers: {answers}")
    assert process.next_due is None or not any(
        "not known" in item.text or "nobody knows" in item.text for item in process.agenda(at=NOW)
    )
