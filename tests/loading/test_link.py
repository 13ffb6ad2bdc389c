"""What the rule files say, linked: the default rulebook against its tables, and each kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from postinterview.core.definitions import (
    APPLICATION,
    EMPLOYER,
    INTERVIEWER,
    ROUND,
    Apart,
    AtMost,
    BusinessDays,
    Carries,
    Custom,
    Definition,
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
    Source,
    Spends,
)
from postinterview.loading import conduct, load
from tests.loading.small import definition_of, small

PATH = Path(__file__).parents[2] / "rules" / "default.yaml"
DATA = PATH.read_bytes()


def the_default() -> Definition:
    loaded = load(DATA, "rules/default.yaml", name="default")
    assert loaded.diagnostics == ()
    assert loaded.definition is not None
    return loaded.definition


DEFAULT = the_default()


# --- the default rulebook -------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What the table of events says of one."""

    by: str
    contact: str | None = None
    fields: str = ""
    gives: str = ""
    ends: str = ""
    to: bool = False
    sign_of_life: bool = False


def by_employer(fields: str = "", *, gives: str = "", ends: str = "") -> Told:
    return Told("employer", fields=fields, gives=gives, ends=ends, sign_of_life=True)


DATES = "promised answer_by"
EVENTS = {
    "interview": by_employer("interviewers decide_by"),
    "promise": by_employer("date", gives="reply"),
    "message": by_employer(gives="reply"),
    "offer": by_employer("answer_by", gives="reply", ends=DATES),
    "offer_revised": by_employer("answer_by", gives="reply", ends="promised"),
    "offer_withdrawn": by_employer(ends=DATES),
    "rejection": by_employer(ends=DATES),
    "invite_accepted": Told("employer", to=True),
    "thank_you": Told("candidate", "courtesy", "thanks topic looking_forward", to=True),
    "linkedin_invite": Told("candidate", "courtesy", "personal_note", to=True),
    "follow_up": Told("candidate", "chase", "channel"),
    "missed_call": Told("candidate", "attempt"),
    "reply": Told("candidate", "reply"),
    "rejection_reply": Told("candidate", "courtesy"),
    "counter_offer": Told("candidate", "chase"),
    "accept": Told("candidate", "courtesy"),
    "decline": Told("candidate", "courtesy"),
    "withdraw": Told("candidate", "courtesy"),
    "complete_profile": Told("candidate", "none"),
    "write_plan": Told("candidate", "none", "keep_searching acceptance negotiation if_rejected if_silent"),
    "assume_closed": Told("candidate", "none"),
}


def test_the_default_rulebook_loads_without_a_finding_and_has_no_bad_manners() -> None:
    assert conduct(DEFAULT) == ()


def test_the_default_rulebook_has_the_events_of_the_design() -> None:
    told = {
        name: Told(
            kind.by,
            kind.contact,
            " ".join(kind.fields),
            " ".join(kind.gives),
            " ".join(kind.ends),
            kind.to_person,
            kind.sign_of_life,
        )
        for name, kind in DEFAULT.events.items()
    }
    assert told == EVENTS


def test_only_an_interview_opens_a_round() -> None:
    assert [name for name, kind in DEFAULT.events.items() if kind.opens_round] == ["interview"]


def test_what_no_machine_of_an_application_hears_concerns_the_employer_as_a_whole() -> None:
    wide = [name for name, kind in DEFAULT.events.items() if kind.employer_wide]
    assert wide == ["invite_accepted", "complete_profile"]


def test_the_default_rulebook_has_the_machines_of_the_design() -> None:
    machines = {
        name: (kind.scope, kind.start, " ".join(kind.states)) for name, kind in DEFAULT.machines.items()
    }
    assert machines == {
        "application": (
            APPLICATION,
            "before_interview",
            "before_interview waiting followed_up offered negotiating "
            "accepted declined rejected withdrawn assumed_closed",
        ),
        "thanks": (Scope(application=True, round=True, interviewer=True), "owed", "owed sent"),
        "network": (INTERVIEWER, "unconnected", "unconnected invited connected"),
        "plan": (APPLICATION, "none", "none ready"),
        "profile": (EMPLOYER, "incomplete", "incomplete complete"),
    }


OPEN = "before_interview waiting followed_up offered negotiating assumed_closed"
ANYWHERE = f"{OPEN} accepted declined rejected withdrawn"
ACTS = {
    "follow_up": (
        "waiting followed_up",
        "one_follow_up one_chase wait_for_the_answer let_them_speak",
    ),
    "missed_call": (
        "waiting followed_up",
        "one_chase two_attempts a_day_between_attempts wait_for_the_answer let_them_speak",
    ),
    "thank_you": (OPEN, "one_thank_you says_thanks"),
    "linkedin_invite": (OPEN, "one_invite a_day_later profile_complete personal_note"),
    "reply": (ANYWHERE, "reply_to_a_message while_it_is_fresh"),
    "rejection_reply": ("rejected", "one_rejection_reply"),
    "counter_offer": (
        "offered negotiating",
        "plan_ready one_chase one_counter two_counters their_date_first",
    ),
    "accept": ("offered negotiating", ""),
    "decline": ("offered negotiating", ""),
    "withdraw": (OPEN, ""),
    "assume_closed": ("waiting followed_up", "month_of_silence"),
}


def test_each_act_is_guarded_in_the_application_as_the_design_says() -> None:
    acts = {
        way.event: (set(way.sources), {guard.id for guard in way.guards})
        for way in DEFAULT.machines["application"].transitions
        if DEFAULT.events[way.event].is_act
    }
    assert acts == {act: (set(where.split()), set(ids.split())) for act, (where, ids) in ACTS.items()}


def test_only_the_ends_of_the_candidate_count_from_everywhere_when_done_against_the_rules() -> None:
    ways = [way for machine in DEFAULT.machines.values() for way in machine.transitions]
    assert [way.event for way in ways if way.breach_from_any] == ["accept", "decline", "withdraw"]


def test_an_offer_or_a_no_that_is_taken_back_leads_from_everywhere_but_the_candidates_own_no() -> None:
    leading = {
        way.event: set(ANYWHERE.split()) - set(way.sources)
        for way in DEFAULT.machines["application"].transitions
        if way.target == "rejected"
    }
    assert leading == dict.fromkeys(("offer_withdrawn", "rejection"), {"declined", "withdrawn"})


def test_the_built_in_classes_hold_what_the_events_say_of_themselves() -> None:
    classes = {name: set(events.members) for name, events in DEFAULT.classes.items()}
    assert classes == {
        "chase": {"follow_up", "counter_offer"},
        "courtesy": {
            *("thank_you", "linkedin_invite", "rejection_reply"),
            *("accept", "decline", "withdraw"),
        },
        "attempt": {"missed_call"},
        "reply": {"reply"},
        "contact": {name for name, told in EVENTS.items() if told.contact not in (None, "none")},
        "sign_of_life": {name for name, told in EVENTS.items() if told.sign_of_life},
        "answer": {"offer", "offer_revised"},
        "wrote": {"message", "promise", "offer", "offer_revised"},
        "a_no": {"rejection", "offer_withdrawn"},
    }


def test_dates_and_credits_are_linked() -> None:
    assert DEFAULT.dates == ("promised", "answer_by")
    interview = DEFAULT.moments["answer_due"]
    assert interview == Moment(
        "answer_due",
        FirstKnown(
            (
                Moment("promised + 1 business day", OfDate("promised"), BusinessDays(1)),
                Moment("interview + 7 days", _latest("interview"), timedelta(days=7)),
            )
        ),
    )
    credit = DEFAULT.credits["reply"]
    assert (credit.max, credit.scope) == (3, APPLICATION)
    assert credit.emptied_by.members == {"rejection", "offer_withdrawn", "accept", "decline", "withdraw"}


def _latest(event: str) -> OfEvents:
    moment = (
        definition_of(small(("interview + 7 days", event))).machines["application"].transitions[0].guards[0]
    )
    assert isinstance(moment, NotBefore)
    assert isinstance(moment.moment.anchor, OfEvents)
    return moment.moment.anchor


def test_every_thing_knows_its_line() -> None:
    lines = DATA.decode().split("\n")
    things = [
        *((name, kind.origin) for name, kind in DEFAULT.events.items()),
        *((field.name, field.origin) for kind in DEFAULT.events.values() for field in kind.fields.values()),
        *((name, credit.origin) for name, credit in DEFAULT.credits.items()),
        *((name, machine.origin) for name, machine in DEFAULT.machines.items()),
        *((s.name, s.origin) for machine in DEFAULT.machines.values() for s in machine.states.values()),
        *((way.id, way.origin) for machine in DEFAULT.machines.values() for way in machine.transitions),
        *(
            (guard.id, guard.origin)
            for machine in DEFAULT.machines.values()
            for way in machine.transitions
            for guard in way.guards
        ),
    ]
    for name, origin in things:
        assert origin.file == "rules/default.yaml"
        assert lines[origin.line - 1][origin.column - 1 :].startswith(f"{name}:")


def test_the_definition_names_its_source_by_the_digest_of_its_bytes() -> None:
    assert DEFAULT.sources == (Source("rules/default.yaml", sha256(DATA).hexdigest()),)
    assert DEFAULT.name == "default"
    text = load(DATA.decode(), "x.yaml", name="default").definition
    assert text is not None
    assert text.sources == (Source("x.yaml", sha256(DATA).hexdigest()),)


def test_both_parsers_read_the_same_definition() -> None:
    assert load(DATA, "rules/default.yaml", name="default", pure=True).definition == DEFAULT


def test_a_definition_can_not_be_changed() -> None:
    with pytest.raises(TypeError):
        DEFAULT.events["interview"] = DEFAULT.events["offer"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        DEFAULT.title = "Another"  # type: ignore[misc]


# --- each kind of guard ---------------------------------------------------------------------------

RICH = small(
    (
        "{by: employer, opens: round}",
        "{by: employer, opens: round, fields: {by_when: {type: date, sets: due}}}",
    ),
    (
        "{by: candidate}",
        "{by: candidate, to: interviewer, fields: {note: text}}\n"
        "  message: {by: employer, gives: favour}\n"
        "  offer: {by: employer}",
    ),
    (
        "machines:",
        "classes: {wrote: [message, offer]}\n"
        "credits: {favour: {max: 2, per: employer, emptied_by: [offer, interview]}}\n"
        "dates: {decision: [due + 1 day, interview + 7 days], soon: decision, later: decision + 1 hour}\n"
        "machines:",
    ),
    guards="""\
a1: {at_most: 2, of: chase, since: wrote, per: [round, interviewer]}
b1: {not_before: soon, per: employer}
b2: {not_before: later + 1 week, if_never: holds}
b3: {not_after: due + 3 business days}
b4: {not_after: sign_of_life + 90 minutes, if_never: blocks}
c1: {apart: 2 weeks, from: message}
c2: {apart: 2 hours, from: wrote, per: interviewer, if_never: blocks}
d1: {not_state: {application: asked}}
e1: {happened: message}
e2: {not_happened: follow_up, since: offer, per: employer}
f1: {spends: favour}
g1: {fields: note}
h1: {hours: "08:30-17:00, weekdays"}
h2: {hours: "00:00-23:59, business days"}
h3: {hours: "08:00-20:00, every day"}
i1: {custom: is_polite}
""",
).replace("d1: {not_state: {application: asked}}\n", "")


def guards_of(text: str) -> dict[str, Guard]:
    return {guard.id: guard for guard in definition_of(text).machines["application"].transitions[0].guards}


GUARDS = guards_of(RICH)


def test_a_count_has_its_limit_its_class_its_start_and_its_scope() -> None:
    guard = GUARDS["a1"]
    assert isinstance(guard, AtMost)
    assert (guard.limit, guard.of.members, guard.of.name) == (2, {"follow_up"}, "chase")
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
        "machines:\n"
        "  plan:\n"
        "    per: employer\n"
        "    start: missing\n"
        "    states: {missing: , ready: }\n"
        "    transitions: {write: {event: write_plan, from: missing, to: ready}}",
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
    assert definition_of(small(("from: waiting", "from: [waiting]"))) == definition_of(small())


def test_an_act_is_a_chase_where_nothing_is_said() -> None:
    assert definition_of(small()).events["follow_up"].contact == "chase"


def test_the_words_of_a_credit() -> None:
    credit = definition_of(RICH).credits["favour"]
    assert (credit.max, credit.scope, credit.emptied_by.members) == (2, EMPLOYER, {"offer", "interview"})


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
