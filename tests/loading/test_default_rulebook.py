"""The default rulebook against the tables of the design: events, machines, guards, classes, lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from postinterview.core.definitions import (
    APPLICATION,
    EMPLOYER,
    INTERVIEWER,
    BusinessDays,
    Definition,
    EventSet,
    FirstKnown,
    Moment,
    OfDate,
    OfEvents,
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
    acts: dict[str, tuple[set[str], set[str]]] = {}
    for way in DEFAULT.machines["application"].transitions:
        if DEFAULT.events[way.event].is_act:
            where, ids = acts.setdefault(way.event, (set(), set()))
            where.update(way.sources)
            ids.update(guard.id for guard in way.guards)
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
    assert leading == {event: {"declined", "withdrawn"} for event in ("offer_withdrawn", "rejection")}


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
    due = DEFAULT.moments["answer_due"]
    held = OfEvents(EventSet("interview", frozenset({"interview"})))
    assert due == Moment(
        "answer_due",
        FirstKnown(
            (
                Moment("promised + 1 business day", OfDate("promised"), BusinessDays(1)),
                Moment("interview + 7 days", held, timedelta(days=7)),
            )
        ),
    )
    credit = DEFAULT.credits["reply"]
    assert (credit.max, credit.scope) == (3, APPLICATION)
    theirs, own = {"rejection", "offer_withdrawn"}, {"counter_offer", "accept", "decline", "withdraw"}
    assert credit.emptied_by.members == theirs | own


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
