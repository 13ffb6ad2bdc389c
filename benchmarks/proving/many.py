"""Random histories of many people and applications on the real engine, compared with the certificate.

The proof speaks of one tracked place and has no number in it. So whoever plays a history with eight
interviewers and three applications must find each of the places inside the same few states.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.proving.answers import DisagreementError, Question
from postinterview.core.process import Process, Rulebook
from postinterview.proof.model.trace import Trace
from postinterview.proof.search.path import sample_fields
from postinterview.proof.search.refinement import Part

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
GAPS = (
    timedelta(minutes=1),
    timedelta(hours=5),
    timedelta(days=1) - timedelta(minutes=1),
    timedelta(days=1),
    timedelta(days=7),
)


def check_places(
    decided: list[tuple[Question, Part]], applications: int, people: int, histories: int, events: int
) -> int:
    """Check that every place of every history lies inside, and return how many there were.

    Raises:
        DisagreementError: one does not.
    """
    random = Random(1)  # noqa: S311
    rulebook = Rulebook(decided[0][0].definition)
    seen = 0
    for _ in range(histories):
        process, at = _history(rulebook, random, applications, people, events)
        for question, part in decided:
            view = question.view(part.rests_on)
            for application in range(applications):
                for person in range(people) if question.act.to_person else (None,):
                    to = None if person is None else _person(person)
                    trace = Trace(view, process, _application(application), to)
                    trace.follow(at)
                    if not _is_inside(part, trace, at):
                        raise DisagreementError(f"{question.promise.id}, {question.act.name}: {trace.state}")
                    seen += 1
    return seen


def _history(
    rulebook: Rulebook, random: Random, applications: int, people: int, events: int
) -> tuple[Process, datetime]:
    process, at = rulebook.start("acme", "Europe/Zurich"), START
    kinds = list(rulebook.definition.events.values())
    opener = next(kind for kind in kinds if kind.opens_round)
    for _ in range(events):
        at += random.choice(GAPS)
        kind = opener if random.random() < 0.2 else random.choice(kinds)
        fields: dict[str, Any] = dict(sample_fields(rulebook.definition, kind))
        for each in kind.fields.values():
            if each.type == "people":
                chosen = random.sample(range(people), random.randint(0, min(4, people)))
                fields[each.name] = tuple(map(_person, chosen))
            if each.type == "date" and (not each.optional or random.random() < 0.5):
                fields[each.name] = (at + timedelta(days=random.randint(0, 9))).date()
        to = _person(random.randrange(people)) if kind.to_person else None
        application = None if kind.employer_wide else _application(random.randrange(applications))
        process = process.record(kind.name, at=at, to=to, application=application, **fields).process
    return process, at + random.choice(GAPS)


def _is_inside(part: Part, trace: Trace, at: datetime) -> bool:
    """Tell whether the state lies in one of the part's zones, or in one of a larger count.

    A clock that may read anything lies in each.
    """
    n, covering = trace.view.size, trace.view.covering(trace.state)
    readings = [0, *(trace.reading(clock, at) for clock in range(1, n))]
    for values, zone in part.reached:
        bounds = (
            (one, other, zone[i * n + j])
            for i, one in enumerate(readings)
            for j, other in enumerate(readings)
        )
        if values in covering and all(
            one is None or other is None or 2 * (one - other) + 1 <= bound for one, other, bound in bounds
        ):
            return True
    return False


def _person(number: int) -> str:
    return f"person {number}"


def _application(number: int) -> str:
    return f"application {number}"
