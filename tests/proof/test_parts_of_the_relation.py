"""Each part of the model by itself, so that a fault in one is seen at once, without random search."""

from __future__ import annotations

import pytest

import postinterview as pi
from postinterview.core.rules.definitions import APPLICATION, ROUND, NotBefore
from postinterview.proof.model.instants import resolved
from postinterview.proof.model.labels import EventLabel, alphabet
from postinterview.proof.model.relation import relation_of
from postinterview.proof.model.variables import EventCount
from postinterview.proof.prove import Proof
from tests.proof.helpers import prove_own
from tests.proof.test_relation import whole_view

HOUR = 3_600_000_000


def proof_of(rules: str, promise: str) -> Proof:
    """Judge one promise, and no packaged ones, of rules given as text."""
    return prove_own(pi.load_rulebook(text=f"format: 1\ntitle: Small\n{rules}"), promise)


def test_what_begins_a_count_anew_in_no_round_begins_it_anew_for_the_next_round_too() -> None:
    count = EventCount(of=frozenset({"nudge"}), since=frozenset({"news"}), scope=ROUND)
    added = count.op(EventLabel("nudge", "nowhere", "none", "nobody"))
    begun = count.op(EventLabel("news", "nowhere", "none", "nobody"))
    assert added is not None
    assert begun is not None

    assert count.apply(added, (1, 0), 3) == (((2, 1), (), ()),)
    assert count.apply(begun, (2, 1), 3) == (((0, 0), (), ()),)


ALTERNATIVES_TO_A_PERSON = """
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  message: {by: employer, to: interviewer}
  nod: {by: employer, to: interviewer, fields: {copy: people}}
  call: {by: candidate, to: interviewer}
machines:
  line:
    per: interviewer
    start: fresh
    states: {fresh: {}, done: {}}
    transitions:
      met: {event: interview, from: fresh}
      ring: {event: call, from: fresh, to: done}
      again: {event: nod, from: done, to: fresh, guards: {wrote: {happened: message}}}
      not_yet: {event: nod, from: done, guards: {silent: {not_happened: message}}}
"""


def test_what_a_guard_sees_is_not_known_of_an_event_that_only_names_the_person_in_copy() -> None:
    definition = pi.load_rulebook(text=f"format: 1\ntitle: Copy\n{ALTERNATIVES_TO_A_PERSON}").definition
    call = definition.events["call"]
    nods = [label for label in alphabet(definition, call)[""] if label.event == "nod" and label.who == "them"]
    gates = relation_of(definition, call).gates.values()

    assert {label.aside for label in nods} == {False, True}
    assert len(gates) == 2
    assert all(gate.is_known(label) is not label.aside for gate in gates for label in nods)


STRANGERS = """
events:
  interview: {by: employer, opens: round}
  hello: {by: candidate, to: interviewer}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions: {met: {event: interview, from: open}, greet: {event: hello, from: open}}
"""


def test_nobody_may_be_written_to_who_never_interviewed() -> None:
    proof = proof_of(STRANGERS, "never: hello, more_than: 0")
    hello = proof.definition.events["hello"]
    view = whole_view(relation_of(proof.definition, hello))

    assert proof.verdict == "proved"
    assert not view.bad_at(view.start)


TWO_WAYS = """
events: {message: {by: employer}, call: {by: candidate}}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: message, from: open}
      one: {event: call, from: open, guards: {few: {at_most: FIRST, of: call}}}
      other: {event: call, from: open, guards: {few: {at_most: SECOND, of: call}}}
"""


@pytest.mark.parametrize(("first", "second"), [("1", "2"), ("2", "1")])
def test_an_act_is_allowed_by_any_of_its_transitions_and_not_by_one_of_them_alone(
    first: str, second: str
) -> None:
    rules = TWO_WAYS.replace("FIRST", first).replace("SECOND", second)
    once, twice = (
        proof_of(rules, f"never: call, per: application, more_than: {number}") for number in (1, 2)
    )

    assert once.verdict == "violated"
    assert once.results[0].violation is not None
    assert [line.happening.event for line in once.results[0].violation.lines] == ["message", "call"]
    assert twice.verdict == "proved"


LATE = """
events: {message: {by: employer}, call: {by: candidate}}
dates: {soon: message + 1 hour}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: message, from: open}
      ring: {event: call, from: open, guards: {late: {not_before: soon + 1 business day}}}
"""


def test_a_business_day_after_an_hour_comes_after_the_hour_and_after_the_day_of_its_anchor() -> None:
    definition = pi.load_rulebook(text=f"format: 1\ntitle: Late\n{LATE}").definition
    guard = definition.machines["line"].transitions[1].guards[0]
    assert isinstance(guard, NotBefore)
    (instant,) = resolved(definition, definition.events["call"], guard.moment, APPLICATION).instants

    assert instant.reached == ((0, HOUR), (1, 0))
    assert not instant.exact
    assert proof_of(LATE, "never: call, within: 1 hour, of: message, per: application").verdict == "proved"


def test_durations_that_add_up_to_millennia_leave_a_story_without_dates() -> None:
    """Forty-nine centuries after a message no story is told."""
    chain = "\n".join(f"  d{n + 1}: d{n} + 36500 days" for n in range(49))
    rules = LATE.replace("dates: {soon: message + 1 hour}", f"dates:\n  d0: message + 1 hour\n{chain}")
    proof = proof_of(rules.replace("soon + 1 business day", "d49"), "never: call, more_than: 0")

    assert proof.verdict == "unknown"
    assert {part.why_unknown for part in proof.results[0].parts} == {"a path was found that fits no dates"}


def machine(name: str, states: int) -> str:
    """A machine that allows a call in each of its states, by a transition of its own."""
    listed = ", ".join(f"s{number}: {{}}" for number in range(states))
    rules = ", ".join(f"t{number}: {{event: call, from: s{number}}}" for number in range(states))
    moves = ", ".join(
        f"u{number}: {{event: message, from: s{number}, to: s{(number + 1) % states}}}"
        for number in range(states)
    )
    kept = f"per: application, start: s0, states: {{{listed}}}, transitions: {{{rules}, {moves}}}"
    return f"  {name}: {{{kept}}}\n"


def test_an_act_that_can_be_allowed_in_too_many_ways_is_unknown_at_once() -> None:
    """Eight machines of ten alternatives each are a hundred million ways."""
    machines = "".join(machine(f"m{number}", 10) for number in range(8))
    events = "events: {message: {by: employer}, call: {by: candidate}}"
    proof = proof_of(f"{events}\nmachines:\n{machines}", "never: call, more_than: 1")

    assert proof.verdict == "unknown"
    assert proof.results[0].why_unknown == "`call` can be allowed in too many ways"


def test_an_event_that_can_set_dates_in_too_many_combinations_leaves_acts_unknown() -> None:
    fields = ", ".join(f"f{n}: {{type: date, optional: true, sets: d{n}}}" for n in range(22))
    guards = ", ".join(f"g{n}: {{not_before: d{n}}}" for n in range(22))
    rules = LATE.replace("message: {by: employer}", f"message: {{by: employer, fields: {{{fields}}}}}")
    rules = rules.replace("dates: {soon: message + 1 hour}\n", "")
    proof = proof_of(
        rules.replace("late: {not_before: soon + 1 business day}", guards), "never: call, more_than: 1"
    )

    assert proof.verdict == "unknown"
    assert proof.results[0].why_unknown == "`message` can set dates in too many combinations"
