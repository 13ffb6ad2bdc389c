"""Promises over rolling windows, and promises that count only what the rules allowed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.past.places import Key
from postinterview.proof.certificates.certificate import read_certificate, verify, write_certificate
from postinterview.proof.certificates.data import CertificateError
from postinterview.proof.model.tally import Tally
from postinterview.proof.prove import Proof, Result
from tests.proof.helpers import prove_own

RULES = """
format: 1
title: Calls
events:
  message: {by: employer}
  call: {by: candidate, contact: attempt}
  write: {by: candidate, contact: chase}
machines:
  line:
    per: employer
    start: open
    states: {open: {}}
    transitions:
      hear: {event: message, from: open}
      call: {event: call, from: open, guards: {CALL}}
      write: {event: write, from: open, guards: {WRITE}}
"""
T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def rules(call: str, write: str = "some: {at_most: 1, of: write}") -> pi.Rulebook:
    return pi.load_rulebook(text=RULES.replace("CALL", call).replace("WRITE", write))


def result(rulebook: pi.Rulebook, promise: str, *acts: str) -> Result:
    return prove_own(rulebook, promise, *acts).results[0]


def days(found: Result) -> list[float]:
    """The days of a story's acts, counted from the first."""
    made = found.violation
    assert made is not None
    moments = [line.happening.at for line in made.lines if line.happening.event == "call"]
    moments.append(made.at)
    return [(at - moments[0]) / DAY for at in moments]


FEW = "few: {at_most: 3, of: [call, write], within: 14 days}"


@pytest.mark.parametrize("count", ["all", "allowed"])
@pytest.mark.parametrize(("number", "duration"), [(3, "14 days"), (3, "2 days"), (9, "14 days")])
def test_a_window_of_guards_that_ask_the_same_proves_it_at_once(
    number: int, duration: str, count: str
) -> None:
    promise = f"never: [call, write], more_than: {number}, within: {duration}, count: {count}"
    found = result(rules(FEW, FEW), promise)
    assert found.verdict == "proved"
    assert found.rests_on == ("few",)
    assert found.states <= 2 * (number + 1)


@pytest.mark.parametrize("count", ["all", "allowed"])
def test_a_window_is_no_count_of_a_lifetime(count: str) -> None:
    found = result(rules(FEW), f"never: call, more_than: 3, count: {count}")
    assert found.verdict == "violated"
    assert days(found)[-1] - days(found)[0] >= 14


def test_at_exactly_the_duration_an_act_no_longer_counts() -> None:
    apart = rules("apart_7: {apart: 7 days, from: call}")
    promise = "never: call, more_than: 1, within: {}, count: allowed"
    assert result(apart, promise.format("7 days")).verdict == "proved"
    found = result(apart, promise.format("10081 minutes"))
    assert found.verdict == "violated"
    assert days(found) == [0, 7]


def test_what_was_refused_counts_for_guards_and_not_for_what_was_allowed() -> None:
    apart = rules("apart_4: {apart: 4 days, from: call}")
    promise = "never: call, more_than: 2, within: 7 days, count: {}"
    assert result(apart, promise.format("allowed")).verdict == "proved"
    found = result(apart, promise.format("all"))
    assert found.violation is not None
    assert found.violation.breaches == 1
    twice = rules("twice: {at_most: 2, of: call}")
    assert result(twice, "never: call, more_than: 2").verdict == "proved"
    assert result(twice, "never: call, more_than: 1, count: allowed").verdict == "violated"


def test_acts_at_one_moment_all_count() -> None:
    found = result(rules("few: {at_most: 3, of: call}"), "never: call, more_than: 2, within: 1 minute")
    assert found.verdict == "violated"
    assert max(days(found)) * DAY < timedelta(minutes=1)


def test_a_late_entry_judges_what_counts_anew() -> None:
    process = rules("a_day_apart: {apart: 1 day, from: call}").start("acme", "UTC")
    for day in (10, 12):
        process = process.do("call", at=T0 + day * DAY).process
    tally = Tally(frozenset({"call"}), allowed=True)
    assert [placed.at for placed in tally.counted(process.timeline, Key())] == [T0 + 10 * DAY, T0 + 12 * DAY]
    process = process.record("call", at=T0 + 11.5 * DAY, late=True).process
    assert [placed.at for placed in tally.counted(process.timeline, Key())] == [
        T0 + 10 * DAY,
        T0 + 11.5 * DAY,
    ]


def test_a_word_since_which_is_counted_begins_anew() -> None:
    guarded = rules("two: {at_most: 2, of: call, since: message}")
    promise = "never: call, more_than: {}, since: message, count: allowed"
    assert result(guarded, promise.format(2)).verdict == "proved"
    assert result(guarded, promise.format(1)).verdict == "violated"
    assert result(guarded, "never: call, more_than: 2, count: allowed").verdict == "violated"


# --- against arithmetic of its own --------------------------------------------------------------


def most(caps: list[tuple[int, int]], duration: int) -> int:
    """Return the most calls in so many days: each as early as the caps let it."""
    times: list[int] = []
    while len(times) < 40:
        at = max([times[-1] if times else 0, *(times[-n] + d for n, d in caps if len(times) >= n)])
        if at >= duration:
            break
        times.append(at)
    return len(times)


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), min_size=1, max_size=2, unique=True),
    st.integers(1, 12),
)
def test_the_least_bound_is_proved_and_one_less_is_broken(caps: list[tuple[int, int]], duration: int) -> None:
    guards = [f"cap_{i}: {{at_most: {n}, of: call, within: {d} days}}" for i, (n, d) in enumerate(caps)]
    rulebook, least = rules(", ".join(guards)), most(caps, duration)
    if least > 6:
        return
    promise = f"never: call, within: {duration} days, count: allowed, more_than: "
    assert result(rulebook, f"{promise}{least}").verdict == "proved"
    found = result(rulebook, f"{promise}{least - 1}")
    assert found.verdict == "violated"
    assert max(days(found)) < duration


# --- certificates -------------------------------------------------------------------------------


def proof() -> tuple[Proof, str]:
    guarded = rules("apart_4: {apart: 4 days, from: call}")
    found = prove_own(guarded, "never: call, more_than: 3, within: 10 days, count: allowed")
    return found, write_certificate(found)


def test_a_certificate_of_a_count_is_checked_again() -> None:
    found, text = proof()
    assert verify(found.definition, found.promises, read_certificate(text)) == len(
        found.results[0].parts[0].reached
    )


def test_a_certificate_without_one_of_its_states_is_refused() -> None:
    found, text = proof()
    data = json.loads(text)
    states = data["parts"][0]["states"]
    for number in range(len(states)):
        data["parts"][0]["states"] = states[:number] + states[number + 1 :]
        with pytest.raises(CertificateError):
            verify(found.definition, found.promises, read_certificate(json.dumps(data)))


def test_a_certificate_with_another_count_or_clock_is_refused() -> None:
    found, text = proof()
    data = json.loads(text)
    states = data["parts"][0]["states"]
    for number, more in product(range(len(states)), (1, 2)):
        values, zone = states[number]
        here, floor = values[1]
        for changed in ([["", [here + more, floor], *values[2:]], zone], [values, [1] * len(zone)]):
            data["parts"][0]["states"] = [*states[:number], changed, *states[number + 1 :]]
            with pytest.raises(CertificateError):
                verify(found.definition, found.promises, read_certificate(json.dumps(data)))


def test_a_certificate_without_the_guard_it_rests_on_is_refused() -> None:
    found, text = proof()
    data = json.loads(text)
    data["parts"][0]["rests_on"] = []
    with pytest.raises(CertificateError):
        verify(found.definition, found.promises, read_certificate(json.dumps(data)))


def test_a_promise_counts_acts_addressed_as_it_says() -> None:
    text = """
format: 1
title: Notes
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  note: {by: candidate, contact: courtesy, to: interviewer}
  letter: {by: candidate, contact: courtesy}
machines:
  line:
    per: employer
    start: open
    states: {open: {}}
    transitions:
      note: {event: note, from: open}
      letter: {event: letter, from: open, guards: {once: {at_most: 1, of: letter}}}
"""
    rulebook = pi.load_rulebook(text=text)
    assert result(rulebook, "never: courtesy, to: nobody, more_than: 1, count: allowed").verdict == "proved"
    assert result(rulebook, "never: courtesy, to: nobody, more_than: 1").verdict == "proved"
    assert result(rulebook, "never: courtesy, more_than: 1, count: allowed").verdict == "violated"


APPLICATIONS = """
format: 1
title: One call an application
events:
  interview: {by: employer}
  call: {by: candidate, contact: chase}
machines:
  line:
    per: application
    start: before
    states: {before: {}, open: {}, called: {}}
    transitions:
      hear: {event: interview, from: any, to: open}
      call: {event: call, from: open, to: called, guards: {later: {not_before: interview + 3 days}}}
"""


def test_an_act_elsewhere_that_counts_gets_a_history_in_which_it_is_allowed() -> None:
    promise = "never: call, more_than: 1, within: 2 hours, count: allowed"
    made = result(pi.load_rulebook(text=APPLICATIONS), promise).violation
    assert made is not None
    assert not made.breaches
    told = [(line.happening.event, line.happening.application) for line in made.lines]
    assert sorted(told) == [("call", "sales"), ("interview", "main"), ("interview", "sales")]


LATE = """
format: 1
title: Two calls at the end
events:
  message: {by: employer}
  call: {by: candidate, contact: attempt}
machines:
  line:
    per: employer
    start: first
    states: {first: {}, second: {}, third: {}, over: {}}
    transitions:
      hear: {event: message, from: any}
      one: {event: call, from: first, to: second}
      two: {event: call, from: second, to: third, guards: {five_days_on: {not_before: call + 5 days}}}
      three: {event: call, from: third, to: over}
"""


@pytest.mark.parametrize("count", ["all", "allowed"])
def test_a_window_may_begin_with_any_of_the_acts(count: str) -> None:
    late = pi.load_rulebook(text=LATE)
    promise = f"never: call, more_than: {{}}, within: 2 days, count: {count}"
    found = result(late, promise.format(1))
    assert found.verdict == "violated"
    if count == "allowed":
        assert result(late, promise.format(2)).verdict == "proved"
        assert 5 <= days(found)[-1] < 7
