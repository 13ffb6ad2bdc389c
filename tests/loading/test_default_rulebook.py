"""The default rulebook against the tables of the design: events, machines, guards, classes, lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from attrs import evolve

from postinterview.core.rules.definitions import (
    APPLICATION,
    EMPLOYER,
    INTERVIEWER,
    BusinessDays,
    Definition,
    EventSet,
    FirstKnown,
    Hours,
    LatestKnown,
    Moment,
    OfDate,
    OfEvents,
    Origin,
    Scope,
    Source,
)
from postinterview.loading import conduct, load

PATH = Path(__file__).parents[2] / "rules" / "default.yaml"
DATA = PATH.read_bytes()


def the_default() -> Definition:
    loaded = load(DATA, "rules/default.yaml", name="default")
    assert loaded.diagnostics == ()
    assert loaded.definition is not None
    return loaded.definition


DEFAULT = the_default()


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


DATES = "promised next_talk hold"
EVENTS = {
    "interview": by_employer("interviewers decide_by", ends="hold"),
    "scheduled": by_employer("date", gives="reply"),
    "cancelled": by_employer(gives="reply", ends="next_talk"),
    "promise": by_employer("date", gives="reply", ends="hold"),
    "message": by_employer(gives="reply"),
    "question": by_employer(gives="reply"),
    "auto_reply": Told("employer"),
    "on_hold": by_employer("until", gives="reply", ends="hold"),
    "assignment": by_employer("hand_in_by", gives="reply task", ends="hand_in_by"),
    "offer": by_employer("answer_by", gives="reply", ends=f"{DATES} answer_by"),
    "offer_revised": by_employer("answer_by", gives="reply", ends=DATES),
    "offer_withdrawn": by_employer(ends=f"{DATES} answer_by"),
    "rejection": by_employer(ends=f"{DATES} answer_by"),
    "invite_accepted": Told("employer", to=True),
    "thank_you": Told("candidate", "courtesy", "thanks topic looking_forward", to=True),
    "linkedin_invite": Told("candidate", "courtesy", "personal_note", to=True),
    "follow_up": Told("candidate", "chase", "channel"),
    "missed_call": Told("candidate", "attempt"),
    "reply": Told("candidate", "reply"),
    "hand_in": Told("candidate", "courtesy"),
    "notice": Told("candidate", "courtesy"),
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


def test_a_talk_a_pause_and_a_task_open_a_round() -> None:
    opening = [name for name, kind in DEFAULT.events.items() if kind.opens_round]
    assert opening == ["interview", "on_hold", "assignment"]


def test_nobody_who_interviewed_need_be_known_by_name() -> None:
    assert DEFAULT.events["interview"].fields["interviewers"].optional


def test_a_follow_up_goes_by_one_of_three_ways() -> None:
    assert DEFAULT.events["follow_up"].fields["channel"].choices == ("call", "email", "message")


def test_no_act_starts_an_application() -> None:
    starting = [kind for kind in DEFAULT.events.values() if kind.is_act and kind.starts_application]
    assert starting == []


def test_only_the_time_before_the_first_talk_lies_outside() -> None:
    states = [
        (machine.name, state.name)
        for machine in DEFAULT.machines.values()
        for state in machine.states.values()
        if state.outside
    ]
    assert states == [("application", "before_interview")]


def test_what_no_machine_of_an_application_hears_concerns_the_employer_as_a_whole() -> None:
    wide = [name for name, kind in DEFAULT.events.items() if kind.employer_wide]
    assert wide == ["invite_accepted", "complete_profile"]


STATES = (
    *("before_interview", "waiting", "followed_up", "offered", "negotiating"),
    *("accepted", "declined", "rejected", "withdrawn", "assumed_closed"),
)


def test_the_default_rulebook_has_the_machines_of_the_design() -> None:
    machines = {
        name: (kind.scope, kind.start, " ".join(kind.states)) for name, kind in DEFAULT.machines.items()
    }
    assert machines == {
        "application": (
            APPLICATION,
            "before_interview",
            " ".join(STATES),
        ),
        "position": (APPLICATION, "open", "open on_hold"),
        "thanks": (Scope(application=True, round=True, interviewer=True), "owed", "owed sent"),
        "network": (INTERVIEWER, "unconnected", "unconnected invited connected"),
        "plan": (APPLICATION, "none", "none ready"),
        "profile": (EMPLOYER, "incomplete", "incomplete complete"),
    }


MET = "waiting followed_up offered negotiating"
ANYWHERE = f"before_interview {MET} assumed_closed accepted declined rejected withdrawn"
BEFORE_ANY_NUDGE = (
    "one_follow_up one_chase answer_first task_first wait_for_the_answer no_talk_ahead "
    "a_week_apart few_nudges few_in_two_months decent_hours let_them_speak"
)
ACTS = {
    "follow_up": ("waiting followed_up", BEFORE_ANY_NUDGE),
    "missed_call": (
        "waiting followed_up",
        f"{BEFORE_ANY_NUDGE} two_attempts two_a_round a_day_between_attempts",
    ),
    "thank_you": (
        f"{MET} accepted assumed_closed",
        "one_thank_you a_day_apart while_it_is_fresh quiet_after_a_no says_thanks",
    ),
    "linkedin_invite": (
        f"{MET} assumed_closed",
        "one_invite a_day_later while_it_is_fresh profile_complete personal_note",
    ),
    "reply": (ANYWHERE, "reply_to_a_message while_it_is_fresh"),
    "hand_in": (f"{MET} assumed_closed", "task_given"),
    "notice": (f"before_interview {MET}", "one_notice few_notices"),
    "rejection_reply": ("rejected", "one_rejection_reply while_it_is_fresh"),
    "counter_offer": (
        "offered negotiating",
        "plan_ready one_chase one_counter two_counters few_counters their_date_first",
    ),
    "accept": ("offered negotiating", ""),
    "decline": ("offered negotiating", ""),
    "withdraw": (f"before_interview {MET} assumed_closed", ""),
    "assume_closed": ("waiting followed_up", "month_of_silence nothing_ahead"),
}


def test_each_act_is_guarded_in_the_application_as_the_design_says() -> None:
    acts: dict[str, tuple[set[str], set[str]]] = {}
    for way in DEFAULT.machines["application"].transitions:
        if DEFAULT.events[way.event].is_act:
            where, ids = acts.setdefault(way.event, (set(), set()))
            where.update(way.sources)
            ids.update(guard.id for guard in way.guards)
    assert acts == {act: (set(where.split()), set(ids.split())) for act, (where, ids) in ACTS.items()}


def test_on_hold_a_nudge_waits_for_the_end_of_the_pause() -> None:
    acts = {
        (way.event, way.sources): [guard.id for guard in way.guards]
        for way in DEFAULT.machines["position"].transitions
        if DEFAULT.events[way.event].is_act
    }
    assert acts == {
        (act, (state,)): guards.split()
        for act in ("follow_up", "missed_call")
        for state, guards in (("open", "not_too_late"), ("on_hold", "on_hold_is_a_wait not_too_late"))
    }


def test_guards_that_acts_share_stand_in_one_place() -> None:
    anywhere = DEFAULT.machines["application"].origin
    places: dict[object, set[Origin]] = {}
    for machine in DEFAULT.machines.values():
        for way in machine.transitions:
            for guard in way.guards:
                places.setdefault(evolve(guard, origin=anywhere, unless=()), set()).add(guard.origin)
    assert [guard for guard, found in places.items() if len(found) > 1] == []


def test_only_a_mail_may_arrive_at_night() -> None:
    hours = {
        way.event: guard
        for way in DEFAULT.machines["application"].transitions
        for guard in way.guards
        if isinstance(guard, Hours)
    }
    assert {event: guard.unless for event, guard in hours.items()} == {
        "follow_up": (("channel", ("email",)),),
        "missed_call": (),
    }
    assert {(guard.text, guard.business_days_only) for guard in hours.values()} == {
        ("08:00-20:00, business days", True)
    }


def test_an_answer_comes_first_in_every_application() -> None:
    asked = {
        guard.id: guard.in_every_application
        for way in DEFAULT.machines["application"].transitions
        for guard in way.guards
        if guard.in_every_application
    }
    assert asked == {"answer_first": True}


def test_only_the_ends_of_the_candidate_count_from_everywhere_when_done_against_the_rules() -> None:
    ways = [way for machine in DEFAULT.machines.values() for way in machine.transitions]
    assert [way.event for way in ways if way.breach_from_any] == ["accept", "decline", "withdraw"]


def test_an_offer_or_a_no_that_is_taken_back_leads_from_everywhere_but_the_candidates_own_no() -> None:
    leading = {
        way.event: set(ANYWHERE.split()) - set(way.sources)
        for way in DEFAULT.machines["application"].transitions
        if way.target == "rejected"
    }
    assert leading == {event: {"declined", "withdrawn"} for event in ("offer_withdrawn", "rejection")}


def test_the_built_in_classes_hold_what_the_events_say_of_themselves() -> None:
    classes = {name: set(events.members) for name, events in DEFAULT.classes.items()}
    assert classes == {
        "chase": {"follow_up", "counter_offer"},
        "courtesy": {
            *("thank_you", "linkedin_invite", "hand_in", "notice", "rejection_reply"),
            *("accept", "decline", "withdraw"),
        },
        "attempt": {"missed_call"},
        "reply": {"reply"},
        "contact": {name for name, told in EVENTS.items() if told.contact not in (None, "none")},
        "sign_of_life": {name for name, told in EVENTS.items() if told.sign_of_life},
        "answer": {"offer", "offer_revised"},
        "wrote": {name for name, told in EVENTS.items() if "reply" in told.gives},
        "a_no": A_NO,
        "wants_a_word": {"scheduled", "offer", "offer_revised"},
        "waited_from": {"interview", "hand_in"},
        "exchange": {
            *("message", "question", "scheduled", "cancelled", "assignment"),
            *("reply", "hand_in"),
        },
        "nudge": {"follow_up", "missed_call"},
        "answer_to_a_question": {
            *("interview", "promise", "scheduled", "assignment", "on_hold", "offer", "offer_revised"),
            *A_NO,
            *("reply", "counter_offer", "accept", "decline", "withdraw"),
        },
        "end_of_a_task": {
            *("hand_in", "interview", "promise", "scheduled", "on_hold", "offer", "offer_revised"),
        },
    }


A_NO = {"rejection", "offer_withdrawn"}


def test_the_pause_ends_with_a_date_a_talk_an_offer_or_a_no() -> None:
    ending = {name for name, kind in DEFAULT.events.items() if "hold" in kind.ends}
    moving = {way.event for way in DEFAULT.machines["position"].transitions if way.target == "open"}
    assert moving == {"promise", "interview", "offer", "offer_revised", *A_NO}
    assert ending == moving | {"on_hold"}, "a new pause drops the date of the one before"


def test_dates_and_credits_are_linked() -> None:
    assert set(DEFAULT.dates) == {"promised", "next_talk", "hold", "hand_in_by", "answer_by"}
    moments = DEFAULT.moments
    held = OfEvents(EventSet("waited_from", frozenset({"interview", "hand_in"})))
    assert moments["answer_due"] == Moment(
        "answer_due",
        FirstKnown(
            (
                Moment("promised + 1 business day", OfDate("promised"), BusinessDays(1)),
                Moment("waited_from + 7 days", held, timedelta(days=7)),
            )
        ),
    )
    latest = {
        name: " ".join(option.text for option in moment.anchor.options)
        for name, moment in moments.items()
        if isinstance(moment.anchor, LatestKnown)
    }
    assert latest == {
        "last_word": "answer_due next_talk wrote hand_in",
        "last_chance": "answer_due next_talk hold_over wrote hand_in",
        "still_ahead": "promised next_talk hold_over",
    }


def test_a_reply_and_a_task_are_owed_until_they_are_overtaken() -> None:
    ends = {"accept", "decline", "withdraw", *A_NO}
    assert {
        name: (credit.max, credit.scope, set(credit.emptied_by.members - ends))
        for name, credit in DEFAULT.credits.items()
    } == {
        "reply": (3, APPLICATION, {"interview", "counter_offer"}),
        "task": (1, APPLICATION, set()),
    }
    assert all(ends <= credit.emptied_by.members for credit in DEFAULT.credits.values())


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
