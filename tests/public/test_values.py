"""Every public value is frozen, hashable, equal by content, copied, pickled, and shown on one line."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs
import pytest

import postinterview as pi
from postinterview.audit import load_map
from postinterview.core.values.formatting import ONE_LINE
from postinterview.judging import load_promises
from tests.audit.small import small_map, told
from tests.core.helpers import at, default

NOON = at("2026-03-05 12:00")


def lived() -> pi.Process:
    process = default().start("Acme & Sons", "Europe/Zurich")
    process = process.record(
        "interview", at=at("2026-03-02 10:00"), interviewers=["ana", "bo"], decide_by=date(2026, 3, 10)
    ).process
    process = process.record("message", at=at("2026-03-03 10:00")).process
    process = process.record("follow_up", at=at("2026-03-04 10:00"), channel="call").process
    process = process.unknown("reply", until=at("2026-03-01 10:00")).process
    return process.retract(2, at=at("2026-03-05 10:00")).process


def values() -> Iterator[tuple[str, Any]]:
    process = lived()
    yield "process", process
    yield "rulebook", process.rulebook
    for number, entry in enumerate(process.history):
        yield f"history[{number}]", entry
    yield "timeline[0]", process.timeline[0]
    yield "key", next(iter(process.states))[1]
    yield "refused", process.do("follow_up", at=NOON, channel="call")
    yield "allowed", process.may("thank_you", at=NOON, to="ana", thanks=True, topic="x", looking_forward=True)
    breach = process.record("follow_up", at=NOON, channel="email")
    yield "breach", breach
    yield "verdict", breach.verdict
    yield "reason", breach.verdict.reasons[0] if breach.verdict is not None else None
    offered = process.record("offer", at=NOON)
    yield "fact", offered
    yield "move", offered.moves[0]
    agenda = process.agenda(at=NOON)
    yield "agenda", agenda
    for number, item in enumerate(agenda):
        yield f"agenda[{number}]", item
    yield "snooze", agenda[0].snooze(until=at("2026-03-09 10:00"))
    yield "answer", pi.CustomAnswer(holds=False, has="a call", needs="an email")
    yield (
        "question",
        pi.CustomQuestion("reply", NOON, "main", None, {"channel": "call"}, (process.timeline[0].event,)),
    )
    audited = told("Acme,talk,2026-03-02 10:00,ana\nAcme,nudge,2026-03-02 11:00,\nAcme,what,,")
    yield "audit", audited
    for number, finding in enumerate(audited):
        yield f"audit[{number}]", finding
    yield "processes", audited.processes
    yield "map", small_map()
    yield "entry of a map", small_map().entries[0]
    yield "calendar", process.calendar
    promises = load_promises(process.rulebook)
    yield "promises", promises
    yield "promise", promises.promises[0]
    yield "clause", promises.promises[0].clauses[0]
    yield "definition", process.rulebook.definition
    yield from parts(process.rulebook.definition, "definition", set())


def parts(of: Any, path: str, seen: set[type]) -> Iterator[tuple[str, Any]]:
    """One value of each type that a definition is made of."""
    for name in [each.name for each in attrs.fields(type(of))]:
        held = getattr(of, name)
        inside = tuple(held.values()) if hasattr(held, "values") else held
        for each in inside if isinstance(inside, tuple) else (inside,):
            if attrs.has(type(each)) and type(each) not in seen:
                seen.add(type(each))
                yield f"{path}.{name}", each
                yield from parts(each, f"{path}.{name}", seen)


VALUES = dict(values())


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_shown_on_one_short_line(name: str) -> None:
    shown = repr(VALUES[name])
    assert len(shown) <= ONE_LINE
    assert "\n" not in shown
    assert shown.startswith("<") or isinstance(VALUES[name], tuple)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_equal_to_its_copies_and_hashed_alike(name: str) -> None:
    value = VALUES[name]
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 its own
        assert again == value
        assert hash(again) == hash(value)
        assert repr(again) == repr(value)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_can_not_be_changed(name: str) -> None:
    value = VALUES[name]
    for attribute in [each for each in dir(value) if not each.startswith("_")]:
        with pytest.raises(AttributeError):
            setattr(value, attribute, None)
        with pytest.raises(AttributeError):
            delattr(value, attribute)


def test_the_mappings_of_an_audit_and_its_map_can_not_be_changed() -> None:
    audited, by = VALUES["audit"], VALUES["map"]
    entry = by.entries[0]
    for mapping in (audited.found, audited.findings, audited.processes, by.columns, entry.carried):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["Acme"] = None


@pytest.mark.parametrize("load", [pi.load_rulebook, load_map])
def test_an_error_of_many_faults_is_shown_on_one_short_line(load: Any) -> None:
    with pytest.raises(pi.RulesError) as caught:
        load(text="format: 1\n" + "".join(f"wrong_{number}: {number}\n" for number in range(50)))
    shown = repr(caught.value)
    assert len(shown) <= ONE_LINE
    assert "\n" not in shown
    assert type(caught.value).__name__ in shown


@pytest.mark.parametrize("name", ["process", "refused", "breach", "fact", "verdict", "allowed", "agenda"])
def test_a_text_for_people_is_a_short_paragraph_without_markup(name: str) -> None:
    text = VALUES[name].text
    assert text == text.strip()
    assert 10 < len(text) < 1_500
    assert "<" not in text
    assert "None" not in text


def test_the_texts_say_what_is_the_case() -> None:
    refused = VALUES["refused"].text
    assert refused == str(VALUES["refused"])
    assert refused.startswith(
        "follow up with Acme & Sons: refused on Thu 5 Mar 2026 12:00. 1 follow-up in this"
    )
    assert "Acme & Sons named Tue 10 Mar 2026 (`promised`); needed: Wed 11 Mar 2026 00:00 or later" in refused
    assert refused.endswith(" First, at least: an interview.")
    assert str(VALUES["allowed"]) == "thank ana: allowed."
    fact = 'Recorded as entry 6: offer. The application is "An offer is on the table".'
    assert VALUES["fact"].text == fact
    assert VALUES["process"].text == (
        'Acme & Sons (Europe/Zurich): 5 entries. The application is "Followed up once". '
        "The latest event: follow up, Wed 4 Mar 2026 10:00."
    )


def test_an_outcome_names_the_application_that_moved_and_where_it_is_by_now() -> None:
    process = lived()
    second = process.record("offer", at=NOON, application="b")
    assert second.text == (
        'Recorded as entry 6: offer (b). The application is "An offer is on the table" (b).'
    )
    offered = process.record("offer", at=NOON).process
    late = offered.record("interview", interviewers=["cy"], at=at("2026-03-01 10:00"), late=True)
    assert late.text == (
        'Recorded as entry 7: interview. The application is "An offer is on the table", '
        'and was "Waiting for the decision" then.'
    )


def test_the_outcome_of_a_correction_says_what_it_corrects() -> None:
    process = lived()
    unsent = process.retract(3, at=NOON, not_sent=True)
    assert unsent.text.startswith(
        "Recorded as entry 6: entry 3 (follow up, Wed 4 Mar 2026 10:00), which was never sent, is taken back."
    )
    assert repr(unsent) == "<Outcome recorded <Retraction 6: of entry 3, Thu 5 Mar 2026 11:00 UTC>>"
    unknown = process.unknown("reply", "message", until=NOON, application="b")
    assert unknown.text == (
        "Recorded as entry 6: it is not known what happened of reply and message "
        "before Thu 5 Mar 2026 12:00 (b)."
    )
    assert "<Unknown 6: until" in repr(unknown)


def test_long_names_are_cut_in_texts_and_kept_in_values() -> None:
    name, person = "Acme " * 200 + "x", "ana" * 300
    process = default().start(name, "Europe/Zurich")
    process = process.record("interview", at=NOON, interviewers=[person]).process
    chase = process.may("follow_up", at=NOON, channel="call")
    thanks, stranger = (process.may("thank_you", at=NOON, to=to) for to in (person, "bo" * 300))
    assert (process.employer, thanks.to) == (name, person)
    for text in (
        process.text,
        chase.text,
        thanks.text,
        stranger.text,
        *(i.text for i in process.agenda(at=NOON)),
    ):
        assert len(text) < 500
    assert process.text.startswith("Acme Acme")
    assert chase.title.endswith("...")


def test_no_outcome_is_true_or_false() -> None:
    for name in ("refused", "breach", "fact"):
        with pytest.raises(pi.MisuseError, match=r"outcome\.refused"):
            bool(VALUES[name])
    assert VALUES["refused"].refused
    assert not VALUES["fact"].refused


def test_moments_that_are_kept_are_in_utc_and_answers_in_the_zone_of_the_question() -> None:
    process = lived()
    agenda = process.agenda(at=NOON)
    kept = [
        process.timeline[0].event.at,
        process.timeline[0].at,
        agenda[0].snooze(until=NOON).until,
        process.next_due,
    ]
    assert [str(moment.tzinfo) for moment in kept if moment is not None] == ["UTC"] * 4
    verdict = process.may("withdraw", at=NOON)
    answers = [verdict.at, verdict.opens_at, agenda[0].due]
    assert [str(moment.tzinfo) for moment in answers if moment is not None] == ["Europe/Zurich"] * 3


def test_a_custom_guard_answers_a_bool_or_says_more_and_nothing_besides() -> None:
    text = """
format: 1
title: Custom
events: {nudge: {by: candidate, starts: application}}
machines:
  application:
    per: application
    start: here
    states: {here: {}}
    transitions: {nudged: {event: nudge, from: here, guards: {mine: {custom: mine}}}}
"""

    def process(answer: Any) -> pi.Process:
        return pi.load_rulebook(text=text, custom={"mine": lambda _: answer}).start("acme", "UTC")

    assert process(True).may("nudge", at=NOON)
    refused = process(False).may("nudge", at=NOON)
    assert [(reason.id, reason.has) for reason in refused.reasons] == [("mine", "`mine` says no")]
    for answer in (None, 1, "yes"):
        with pytest.raises(pi.MisuseError, match="return True, False or a CustomAnswer"):
            process(answer).may("nudge", at=NOON)
