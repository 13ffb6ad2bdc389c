"""Before anything is timed: what is timed does the same thing.

Random steps, drawn around the moments at which the rules turn, are told to the library and to the
other side; both must allow and refuse the same, expect the same, and be in the same states.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, cast
from zoneinfo import ZoneInfo

import postinterview as pi
from benchmarks.books import ONE_DAY
from benchmarks.floor import Act, Employer
from benchmarks.immutable import Process as Immutable
from benchmarks.immutable_facts import Outcome as ImmutableOutcome
from benchmarks.immutable_values import Verdict as ImmutableVerdict
from benchmarks.peers import Peer
from benchmarks.story import EMPLOYER, NOTE, TIMEZONE, Happening, tell, tell_floor, tell_immutable, utc

ZONE = ZoneInfo(TIMEZONE)
PEOPLE = ("ana", "bo", "cy")
HOLIDAYS = frozenset(date(2026, 3, day) for day in (4, 6, 9, 12, 16, 19, 23, 30))
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
GAPS = (
    timedelta(0),
    TICK,
    HOUR,
    HOUR,
    5 * HOUR,
    ONE_DAY,
    ONE_DAY,
    3 * ONE_DAY,
    7 * ONE_DAY,
    30 * ONE_DAY - HOUR,
)
LIKELY = 0.5
RARE = {"accept": 0.1, "decline": 0.05, "withdraw": 0.02, "complete_profile": 0.1, "write_plan": 0.1}
WEIGHTS = RARE | {
    "interview": 3,
    "promise": 2,
    "message": 2,
    "follow_up": 2,
    "counter_offer": 2,
    "missed_call": 2,
    "rejection": 0.4,
    "offer_withdrawn": 0.4,
}


class DisagreementError(Exception):
    """Two sides that should do the same thing do not."""


def agree_with_floor(rulebook: pi.Rulebook, *, runs: int, steps: int, seed: int = 1) -> int:
    """Tell random stories to both; the number of steps told.

    Raises:
        DisagreementError: they answered differently.
    """
    for run in range(runs):
        random = Random(seed * 1000 + run)  # noqa: S311
        applications = ("main", "other") if run % 2 else ("main",)
        process = rulebook.start(EMPLOYER, TIMEZONE, holidays=HOLIDAYS)
        employer = Employer(EMPLOYER, TIMEZONE, HOLIDAYS)
        for _ in range(steps):
            told = next_step(random, process, applications)
            outcome = tell(process, told)
            expected = not outcome.refused and not outcome.unexpected
            _same(tell_floor(employer, told), expected, told, run)
            process = outcome.process
            _same(states_of_floor(employer, process), states_of(process, employer), told, run)
            later = told.at + random.choice(GAPS)
            _same(allowed_by_floor(employer, process, later), allowed(process, later), told, run)
    return runs * steps


def agree_with_immutable(rulebook: pi.Rulebook, *, runs: int, steps: int, seed: int = 1) -> int:
    """Tell random stories to the library and to the immutable floor; the number of steps told.

    Every answer is compared: reasons, when an act opens and closes, events, moves, and what is allowed.

    Raises:
        DisagreementError: they answered differently, or a step changed the process before it.
    """
    for run in range(runs):
        random = Random(seed * 1000 + run)  # noqa: S311
        applications = ("main", "other") if run % 2 else ("main",)
        process = rulebook.start(EMPLOYER, TIMEZONE, holidays=HOLIDAYS)
        value = Immutable.start(EMPLOYER, TIMEZONE, HOLIDAYS)
        earlier: list[tuple[Immutable, Happening, object]] = []
        for _ in range(steps):
            told = next_step(random, process, applications)
            outcome, answered = tell(process, told), tell_immutable(value, told)
            _same(answer_of(answered), answer_of(outcome), told, run)
            earlier.append((value, told, answer_of(answered)))
            process, value = outcome.process, cast("Immutable", answered.process)
            later = told.at + random.choice(GAPS)
            asked: dict[str, Any] = {"at": later, "application": random.choice(applications)}
            _same(judged(value.may_follow_up(**asked)), judged(process.may("follow_up", **asked)), told, run)
            _same(set(map(judged, value.allowed(at=later))), _allowed(process, later), told, run)
        for past, told, answer in earlier:
            _same(answer_of(tell_immutable(past, told)), answer, told, run)
    return runs * steps


def answer_of(outcome: pi.Outcome | ImmutableOutcome) -> object:
    """All that an outcome says, but for texts."""
    verdict, history = outcome.verdict, outcome.process.history
    return (
        None if verdict is None else judged(verdict),
        None if outcome.event is None else said(outcome.event),
        [said(entry) for entry in history],
        [tuple(move) if isinstance(move, tuple) else _moved(move) for move in outcome.moves],
        outcome.unexpected,
    )


def judged(verdict: pi.Verdict | ImmutableVerdict) -> tuple[object, ...]:
    """All that a verdict says, but for texts."""
    return (
        (verdict.event, verdict.at, verdict.application, verdict.to, verdict.allowed),
        tuple((reason.id, reason.opens_at) for reason in verdict.reasons),
        (verdict.opens_at, verdict.closes_at),
    )


def said(event: Any) -> tuple[object, ...]:
    return (event.number, event.name, event.at, event.application, event.to, event.carried)


def _moved(move: pi.Move) -> tuple[object, ...]:
    return (move.machine, tuple(move.key), move.source, move.target)


def _allowed(process: pi.Process, at: datetime) -> set[tuple[object, ...]]:
    return set(map(judged, process.allowed(at=at)))


def agree_with_peer(rulebook: pi.Rulebook, peer: Peer, *, runs: int, steps: int, seed: int = 1) -> int:
    """The same for a peer, of which only one application and its machine are asked."""
    for run in range(runs):
        random = Random(seed * 1000 + run)  # noqa: S311
        process = rulebook.start(EMPLOYER, TIMEZONE)
        instance = peer.start()
        for _ in range(steps):
            told = next_step(random, process, ("main",))
            outcome = tell(process, told)
            before, process = process, outcome.process
            heard = peer.tell(instance, told)
            expected = not outcome.refused and not outcome.unexpected
            if told.event not in ("complete_profile", "write_plan", "invite_accepted"):
                if outcome.unexpected:
                    # No peer records what it did not expect; the machine stays, and so do its counters.
                    process = before
                _same(heard, expected, told, run)
            state = process.state("application", application="main")
            _same(peer.state(instance), state, told, run)
    return runs * steps


def next_step(random: Random, process: pi.Process, applications: tuple[str, ...]) -> Happening:
    """A random happening, often one that is allowed, at a time where something may turn."""
    events = process.rulebook.definition.events
    at = _later(random, process.timeline[-1].at) if process.timeline else utc(2, 9)
    open_now = sorted(allowed(process, at), key=str)
    if random.random() < LIKELY and open_now:
        (chosen,) = random.choices(open_now, [RARE.get(act[0], 1) for act in open_now])
        event, application, to = chosen
    else:
        (event,) = random.choices(list(events), [WEIGHTS.get(name, 1) for name in events])
        application, to = None, None
    if to is None and events[event].to_person:
        to = random.choice(PEOPLE)
    return Happening(event, at, to, _fields(random, event, at), application or random.choice(applications))


def _later(random: Random, at: datetime) -> datetime:
    if random.random() < 0.2:
        day = at.astimezone(ZONE).date() + ONE_DAY * random.choice((1, 1, 2, 5))
        return datetime.combine(day, time(), ZONE).astimezone(UTC) + random.choice((-TICK, timedelta(0)))
    return at + random.choice(GAPS)


def _fields(random: Random, event: str, at: datetime) -> dict[str, Any]:
    day = at.astimezone(ZONE).date() + ONE_DAY * random.randint(-1, 8)
    match event:
        case "interview":
            dated = {"decide_by": day} if random.random() < 0.4 else {}
            return {"interviewers": tuple(random.sample(PEOPLE, random.choice((0, 1, 1, 2)))), **dated}
        case "promise":
            return {"date": day}
        case "thank_you":
            return NOTE if random.random() < 0.8 else {"thanks": True, "topic": ""}
        case "linkedin_invite":
            return {"personal_note": random.choice(("hello", "hello", ""))}
        case _:
            return {}


def states_of(process: pi.Process, employer: Employer) -> dict[str, str]:
    """The state of every instance that the hand-written class knows too."""
    found = {"profile": process.state("profile")}
    known = {person for placed in process.timeline for person in placed.people}
    found |= {
        f"network {person}": process.state("network", to=person) for person in PEOPLE if person in known
    }
    for name in process.applications:
        found[name] = process.state("application", application=name)
        found[f"plan {name}"] = process.state("plan", application=name)
        for person in employer.of(name).owed:
            found[f"thanks {name} {person}"] = process.state("thanks", application=name, to=person)
    return found


def states_of_floor(employer: Employer, process: pi.Process) -> dict[str, str]:
    """The same, of the hand-written class."""
    found = {"profile": employer.profile}
    known = {person for placed in process.timeline for person in placed.people}
    found |= {f"network {person}": employer.person(person).network for person in PEOPLE if person in known}
    for name in process.applications:
        application = employer.of(name)
        found[name] = application.state
        found[f"plan {name}"] = application.plan
        for person, owed in application.owed.items():
            found[f"thanks {name} {person}"] = "owed" if owed else "sent"
    return found


def allowed(process: pi.Process, at: datetime) -> set[Act]:
    """What the library allows, by name."""
    return {(verdict.event, verdict.application, verdict.to) for verdict in process.allowed(at=at)}


def allowed_by_floor(employer: Employer, process: pi.Process, at: datetime) -> set[Act]:
    """What the hand-written class allows in the applications that the library knows."""
    names = (None, *(process.applications or ("main",)))
    if not process.applications:
        employer.of("main")
    return {act for act in employer.allowed(at) if act[1] in names}


def _same(found: object, wanted: object, told: Happening, run: int) -> None:
    if found != wanted:
        raise DisagreementError(f"run {run}, {told}: {found} instead of {wanted}")
