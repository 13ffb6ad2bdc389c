"""Find the state of a machine's instance by the keys that a caller names."""

from __future__ import annotations

from collections.abc import Sequence

from postinterview.core.judging.engine import Engine
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import key_in, make_key
from postinterview.core.past.situation import Snapshot
from postinterview.core.rules.definitions import MachineKind
from postinterview.core.values.errors import MisuseError, UnknownNameError
from postinterview.core.values.names import MAIN, Name, as_text, check_name, read_application, unknown_name
from postinterview.core.values.suggest import instead_of


def state_of(
    engine: Engine,
    snapshot: Snapshot,
    machine: str,
    application: Name | None,
    round_: int | None,
    to: Name | None,
) -> str:
    """Return the state of the instance that the keys name.

    Raises:
        UnknownNameError: there is no such machine, application, round or person.
        MisuseError: a key of the machine is missing, or one is given by which it is not kept.
    """
    machines = engine.definition.machines
    try:
        kind = machines[machine]
    except (KeyError, TypeError):
        raise unknown_name("machine", machine, machines) from None
    scope = kind.scope
    for name, value, kept in (
        ("application", application, scope.application),
        ("round", round_, scope.round),
        ("to", to, scope.interviewer),
    ):
        if value is not None and not kept:
            raise MisuseError(f"machine `{machine}` is kept by {scope}", f"leave `{name}` out")
    place: str | None = _known_application(snapshot, application) if scope.application else None
    person: str | None = as_text(to)
    if scope.interviewer:
        _check_person(snapshot, kind, person)
    if scope.round:
        rounds = [placed for placed in snapshot.along(engine.openers) if placed.application == place][::-1]
        round_ = _latest_round(rounds, place, person) if round_ is None else _known_round(rounds, round_)
    return snapshot.states.get((machine, key_in(scope, make_key(place, round_, person))), kind.start)


def _known_application(snapshot: Snapshot, application: Name | None) -> str:
    named = read_application(snapshot.applications, application)
    unknowns = (unknown.application for unknown in snapshot.unknowns if unknown.application is not None)
    known = (*(snapshot.applications or (MAIN,)), *unknowns)
    if named not in known:
        raise unknown_name("application", named, known)
    return named


def _check_person(snapshot: Snapshot, kind: MachineKind, to: str | None) -> None:
    if to is None:
        raise MisuseError(f"machine `{kind.name}` is kept by {kind.scope}", "name the person in `to`")
    check_name(to, f"`{to!r}` is not a person", "give the person's key as a text")
    known = dict.fromkeys(place.person for place in snapshot.places if place.person is not None)
    if to not in known:
        raise UnknownNameError(
            f"nobody called `{to}` is known", instead_of(to, known) if known else "record the interview first"
        )


def _latest_round(rounds: Sequence[Placed], application: str | None, to: str | None) -> int | None:
    for placed in reversed(rounds):
        if to is None or to in placed.people:
            return placed.round
    whom = f" with {to}" if to else ""
    raise UnknownNameError(f"application `{application}` has no round{whom} yet", "record it first")


def _known_round(rounds: Sequence[Placed], round_: object) -> int:
    if not isinstance(round_, int) or isinstance(round_, bool):
        raise MisuseError(f"`{round_!r}` is not a round", "give its number, from 1 on")
    if any(placed.round == round_ for placed in rounds):
        return round_
    last = len(rounds)
    there_are = "record its interview first"
    if last:
        there_are = "there is round 1" if last == 1 else f"there are rounds 1 to {last}"
    raise UnknownNameError(f"there is no round {round_}", there_are)
