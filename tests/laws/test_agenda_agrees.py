"""The agenda says what the verdicts say, on whatever rules."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.agenda.due import duty_of
from postinterview.testing import histories
from postinterview.testing.strategies import START
from tests.laws.test_helping import PACKS, packaged
from tests.laws.twins import told
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import Case, cases
from tests.strategies.scale import tried

LATER = tuple(timedelta(hours=hours) for hours in (0, 1, 24, 55, 24 * 8))
stories = cases(rulebooks=plain_rulebooks(dues=90), most=8)


@tried(60, 5000)
@given(stories, st.sampled_from(LATER))
def test_each_line_stands_as_the_verdict_on_its_act(case: Case, later: timedelta) -> None:
    process = told(case).process
    if not process.timeline:
        return
    at = process.timeline[-1].at + later
    verdicts = {(each.event, each.application, each.to): each for each in process.verdicts(at=at)}
    agenda = process.agenda(at=at)
    for item in agenda:
        event(item.kind)
        if item.event is None or item.kind in ("broken", "done"):
            continue
        places = item.applications or (None,)
        assert item.application == (places[0] if len(places) == 1 else None)
        found = [verdicts[item.event, place, item.to] for place in places]
        first = found[0]
        assert (item.opens_at, item.closes_at, item.reasons) == (
            first.opens_at,
            first.closes_at,
            first.reasons,
        )
        assert first.allowed == (item.kind in ("overdue", "open"))
        assert (first.opens_at is None) == (item.kind == "blocked")
        assert all(verdict.opens_at is not None for verdict in found[1:])
    if later == timedelta(0):
        assert process.next_due == min((item.due for item in agenda if item.due is not None), default=None)


@tried(15, 3000)
@given(st.data(), st.sampled_from(PACKS), st.sampled_from(LATER))
def test_what_is_blocked_waits_for_something(data: st.DataObject, pack: str, later: timedelta) -> None:
    process = data.draw(histories(packaged(pack), corrections=False))
    at = process.timeline[-1].at + later if process.timeline else START
    verdicts = {(each.event, each.application, each.to): each for each in process.verdicts(at=at)}
    for item in process.agenda(at=at).of("blocked"):
        event("blocked")
        assert verdicts[item.event or "", item.application, item.to].opens_after, item


@tried(60, 5000)
@given(stories, st.sampled_from(LATER))
def test_an_act_that_an_agenda_does_not_look_at_is_neither_due_nor_done(case: Case, later: timedelta) -> None:
    process = told(case).process
    engine = process.rulebook.engine
    at = process.timeline[-1].at + later if process.timeline else START
    left_out = engine.timed.keys() - process._ever_due()  # noqa: SLF001
    for situation in process._situations(left_out, unheard=True):  # noqa: SLF001
        event("left out")
        assert duty_of(engine, situation, at) is None, situation.place


@tried(60, 5000)
@given(stories, st.sampled_from(LATER))
def test_nothing_is_wanted_that_was_done_after_all_that_may_make_it_due(case: Case, later: timedelta) -> None:
    process = told(case).process
    if not process.timeline:
        return
    wanted = {"overdue", "open", "coming"}
    for item in process.agenda(at=process.timeline[-1].at + later):
        last = process.timeline[-1]
        done = (last.name, last.application, last.event.to) == (item.event, item.application, item.to)
        assert not (done and item.kind in wanted and not may_repeat(process, last.name)), item


def may_repeat(process: pi.Process, name: str) -> bool:
    """Whether the act may be due after itself."""
    definition = process.rulebook.definition
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    dues = {rule.due.text.split(" ")[0] for rule in rules if rule.event == name and rule.due}
    classes = {known for known, each in definition.classes.items() if name in each.members}
    return not dues.isdisjoint({name, *definition.moments, *classes})
