"""What each part of a rule file becomes, once its names are looked up."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postinterview.core.rules.definitions import (
    APPLICATION,
    EMPLOYER,
    INTERVIEWER,
    ROUND,
    Apart,
    AtMost,
    BusinessDays,
    Carries,
    Custom,
    FirstKnown,
    Guard,
    Happened,
    Hours,
    InState,
    Moment,
    NotAfter,
    NotBefore,
    OfDate,
    OfEvents,
    Scope,
    Spends,
)
from tests.loading.small import definition_of, small

RICH = small(
    (
        "{by: employer, opens: round}",
        "{by: employer, opens: round, fields: {by_when: {type: date, sets: due}}}",
    ),
    (
        "{by: candidate}",
        """{by: candidate, to: interviewer, fields: {note: text}}
  message: {by: employer, gives: favour}
  offer: {by: employer}""",
    ),
    (
        "machines:",
        """classes: {wrote: [message, offer]}
credits: {favour: {max: 2, per: employer, emptied_by: [offer, interview]}}
dates: {decision: [due + 1 day, interview + 7 days], soon: decision, later: decision + 1 hour}
machines:""",
    ),
    guards="""\
a1: {at_most: 2, of: chase, since: wrote, per: [round, interviewer]}
b1: {not_before: soon, per: employer}
b2: {not_before: later + 1 week, if_never: holds}
b3: {not_after: due + 3 business days}
b4: {not_after: sign_of_life + 90 minutes, if_never: blocks}
c1: {apart: 2 weeks, from: message}
c2: {apart: 2 hours, from: wrote, per: interviewer, if_never: blocks}
e1: {happened: message}
e2: {not_happened: follow_up, since: offer, per: employer}
f1: {spends: favour}
g1: {fields: note}
h1: {hours: "08:30-17:00, weekdays"}
h2: {hours: "00:00-23:59, business days"}
h3: {hours: "08:00-20:00, every day"}
i1: {custom: is_polite}
""",
)


def guards_of(text: str) -> dict[str, Guard]:
    return {guard.id: guard for guard in definition_of(text).machines["application"].transitions[0].guards}


GUARDS = guards_of(RICH)


def test_a_count_has_its_limit_its_class_its_start_and_its_scope() -> None:
    guard = GUARDS["a1"]
    assert isinstance(guard, AtMost)
    assert (guard.limit, set(guard.of.members), guard.of.name) == (2, {"follow_up"}, "chase")
    assert guard.since is not None
    assert guard.since.members == {"message", "offer"}
    assert guard.scope == Scope(application=True, round=True, interviewer=True)


def test_a_guard_without_per_leaves_the_scope_to_its_machine() -> None:
    assert GUARDS["be_patient"].scope is None


def test_another_name_for_a_named_date_hangs_on_the_same() -> None:
    first, second = GUARDS["b1"], GUARDS["b2"]
    assert isinstance(first, NotBefore)
    assert isinstance(second, NotBefore)
    assert first.scope == EMPLOYER
    assert not first.if_never_holds
    assert second.if_never_holds
    assert isinstance(first.moment.anchor, FirstKnown)
    assert [option.text for option in first.moment.anchor.options] == ["due + 1 day", "interview + 7 days"]
    assert (first.moment.text, first.moment.plus) == ("soon", None)
    assert (second.moment.text, second.moment.plus) == ("later + 1 week", timedelta(weeks=1))
    assert isinstance(second.moment.anchor, FirstKnown)
    assert [option.plus for option in second.moment.anchor.options] == [timedelta(hours=1)]


def test_a_moment_after_a_date_can_be_counted_in_business_days() -> None:
    guard = GUARDS["b3"]
    assert isinstance(guard, NotAfter)
    assert guard.moment == Moment("due + 3 business days", OfDate("due"), BusinessDays(3))


def test_a_moment_can_hang_on_a_class() -> None:
    guard = GUARDS["b4"]
    assert isinstance(guard, NotAfter)
    assert isinstance(guard.moment.anchor, OfEvents)
    assert guard.moment.anchor.events.members == {"interview", "message", "offer"}
    assert guard.moment.plus == timedelta(minutes=90)


def test_what_never_happened_keeps_nothing_apart_unless_the_guard_says_so() -> None:
    first, second = GUARDS["c1"], GUARDS["c2"]
    assert isinstance(first, Apart)
    assert isinstance(second, Apart)
    assert (first.duration, first.of.name, first.if_never_holds) == (timedelta(weeks=2), "message", True)
    assert (second.scope, second.if_never_holds) == (INTERVIEWER, False)


def test_seen_and_not_seen_are_one_kind_of_guard() -> None:
    first, second = GUARDS["e1"], GUARDS["e2"]
    assert isinstance(first, Happened)
    assert isinstance(second, Happened)
    assert (first.of.name, first.since, first.negated) == ("message", None, False)
    assert second.since is not None
    assert (second.since.name, second.negated, second.scope) == ("offer", True, EMPLOYER)


def test_the_shorter_guards() -> None:
    assert isinstance(GUARDS["f1"], Spends)
    assert GUARDS["f1"].credit == "favour"
    assert isinstance(GUARDS["g1"], Carries)
    assert GUARDS["g1"].fields == ("note",)
    assert isinstance(GUARDS["i1"], Custom)
    assert GUARDS["i1"].function == "is_polite"


def test_hours_say_on_which_days_they_are() -> None:
    hours = [GUARDS[id] for id in ("h1", "h2", "h3")]
    assert [
        (guard.opens, guard.closes, set(guard.weekdays), guard.business_days_only, guard.text)
        for guard in hours
        if isinstance(guard, Hours)
    ] == [
        (time(8, 30), time(17), {0, 1, 2, 3, 4}, False, "08:30-17:00, weekdays"),
        (time(0), time(23, 59), {0, 1, 2, 3, 4}, True, "00:00-23:59, business days"),
        (time(8), time(20), {0, 1, 2, 3, 4, 5, 6}, False, "08:00-20:00, every day"),
    ]


def test_a_state_guard_names_the_machine_and_its_states() -> None:
    plan = (
        "machines:",
        """machines:
  plan:
    per: employer
    start: missing
    states: {missing: , ready: }
    transitions: {write: {event: write_plan, from: missing, to: ready}}""",
    )
    text = small(
        plan,
        ("{by: candidate}", "{by: candidate}\n  write_plan: {by: candidate, contact: none}"),
        guards="ready: {state: {plan: ready}}\nwritten: {not_state: {plan: [missing]}}",
    )
    guards = [
        guard
        for guard in definition_of(text).machines["application"].transitions[0].guards
        if guard.id != "be_patient"
    ]
    assert [(g.machine, g.states, g.negated) for g in guards if isinstance(g, InState)] == [
        ("plan", ("ready",), False),
        ("plan", ("missing",), True),
    ]


# --- the rest -------------------------------------------------------------------------------------


def test_weekdays_are_the_days_that_are_no_weekend() -> None:
    text = small(
        (
            "events:",
            "calendar: {weekend: [friday, saturday], holidays: [2026-12-25], country: CH-ZH}\nevents:",
        ),
        guards='office: {hours: "09:00-17:00, weekdays"}',
    )
    definition = definition_of(text)
    assert definition.calendar.weekend == {4, 5}
    assert definition.calendar.holidays == {date(2026, 12, 25)}
    assert definition.calendar.country == "CH-ZH"
    guard = definition.machines["application"].transitions[0].guards[1]
    assert isinstance(guard, Hours)
    assert guard.weekdays == {0, 1, 2, 3, 6}


def test_saturday_and_sunday_are_the_weekend_where_nothing_is_said() -> None:
    assert definition_of(small()).calendar.weekend == {5, 6}


def test_any_stands_for_all_states_in_the_order_of_the_file() -> None:
    way = definition_of(small(("from: waiting", "from: any"))).machines["application"].transitions[0]
    assert way.sources == ("waiting", "asked")


def test_one_value_may_stand_without_the_brackets_of_a_list() -> None:
    one, listed = definition_of(small()), definition_of(small(("from: waiting", "from: [waiting]")))
    assert one.machines == listed.machines


def test_an_act_is_a_chase_where_nothing_is_said() -> None:
    assert definition_of(small()).events["follow_up"].contact == "chase"


def test_the_words_of_a_credit() -> None:
    credit = definition_of(RICH).credits["favour"]
    assert (credit.max, credit.scope, set(credit.emptied_by.members)) == (2, EMPLOYER, {"offer", "interview"})


@pytest.mark.parametrize(
    ("per", "scope"),
    [
        ("employer", EMPLOYER),
        ("application", APPLICATION),
        ("round", ROUND),
        ("[round]", ROUND),
        ("interviewer", INTERVIEWER),
        ("[interviewer, round]", Scope(application=True, round=True, interviewer=True)),
        ("[application, interviewer]", Scope(application=True, interviewer=True)),
    ],
)
def test_a_scope_is_one_key_or_two(per: str, scope: Scope) -> None:
    text = small(
        ("{by: candidate}", "{by: candidate, to: interviewer}"),
        guards=f"once: {{at_most: 1, of: follow_up, per: {per}}}",
    )
    assert guards_of(text)["once"].scope == scope


@pytest.mark.parametrize(
    ("written", "kind", "choices", "optional"),
    [
        ("text", "text", (), False),
        ("people", "people", (), False),
        ("[call, in person]", "choice", ("call", "in person"), False),
        ("{type: bool, optional: true}", "bool", (), True),
        ("{type: [call], optional: false}", "choice", ("call",), False),
        ("{type: number, why: To count.}", "number", (), False),
    ],
)
def test_a_field_has_a_type_or_a_list_to_choose_from(
    written: str, kind: str, choices: tuple[str, ...], optional: bool
) -> None:
    text = small(("{by: candidate}", f"{{by: candidate, fields: {{how: {written}}}}}"))
    field = definition_of(text).events["follow_up"].fields["how"]
    assert (field.type, field.choices, field.optional) == (kind, choices, optional)


def test_what_stands_under_meta_is_kept_as_it_is_written() -> None:
    text = small(("events:", "meta: {author: Ana, since: 2026, tags: [a, {b: }], on: yes}\nevents:"))
    assert definition_of(text).meta == {
        "author": "Ana",
        "since": "2026",
        "tags": ("a", {"b": ""}),
        "on": "yes",
    }


def test_words_that_other_readers_take_for_something_else_stay_text() -> None:
    text = small(
        ("A small rule file", "no"),
        ("events:", 'version: 1.10\nwhy: "null"\nevents:'),
        ("title: Waiting", "title: 12:30"),
    )
    definition = definition_of(text)
    assert (definition.title, definition.version, definition.why) == ("no", "1.10", "null")
    assert definition.machines["application"].states["waiting"].title == "12:30"


@st.composite
def dated(draw: st.DrawFn) -> dict[str, list[str]]:
    """Named dates, each made of the event and of dates before it; the last one is made of all."""
    plus = st.sampled_from(["", " + 1 day", " + 2 business days"])
    dates: dict[str, list[str]] = {}
    for number in range(draw(st.integers(1, 5))):
        bases = draw(st.sets(st.sampled_from(["interview", *dates]), min_size=1, max_size=2))
        dates[f"d{number}"] = [f"{base}{draw(plus)}" for base in sorted(bases)]
    return dates | {"last": list(dates)}


@settings(max_examples=20)
@given(dated(), st.randoms(use_true_random=False))
def test_the_order_in_which_dates_are_written_makes_no_difference(
    dates: dict[str, list[str]], order: random.Random
) -> None:
    def linked(names: list[str]) -> dict[str, Moment]:
        section = "".join(f"  {name}: [{', '.join(dates[name])}]\n" for name in names)
        text = small(("\nmachines:", f"\ndates:\n{section}\nmachines:"), ("interview + 7 days", "last"))
        return dict(definition_of(text).moments)

    shuffled = list(dates)
    order.shuffle(shuffled)
    assert linked(shuffled) == linked(list(dates))
