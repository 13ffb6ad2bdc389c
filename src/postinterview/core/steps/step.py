"""The step: what one event makes of a folded history. Everything else in this package asks it.

A process is a history, and its state is a *fold*: a step for each event, in the order in which they happened.
The rules are small state machines, and an instance of a machine is kept for each key (an application, a
person). Three things can happen in a step:

- An **act** of the candidate synchronises the machines. It is allowed if every machine that listens to it has
  a transition from its present state whose guards all hold; then all of them move together.
- A **fact** by the employer is broadcast. Each instance that has a transition for it moves, the others stay.
- A **breach** is an act that is refused and happened all the same, since a tracker can't refuse reality. Each
  machine takes the first transition that leaves its state, whatever the guards say. In a state that is
  outside the rules, an act that no transition leaves it on does the same and is no breach: it is not judged.

Guards see the history and the states before the event. Nothing marks an event as a breach in the history:
each fold finds it out again, so that a correction of the past also corrects what was against the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, tzinfo

from attrs import evolve

from postinterview.core.answers.verdict import Move, Reason, Verdict, new_move, new_verdict
from postinterview.core.judging.certainty import Refused
from postinterview.core.judging.decide import Choice, choose, decide
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.refusal import refusal
from postinterview.core.past.cells import Cell
from postinterview.core.past.events import Event, new_event
from postinterview.core.past.placed import Against, Placed
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Situation, Snapshot, new_snapshot
from postinterview.core.steps.compiled_steps import step_function
from postinterview.core.steps.placing import THE_EMPLOYER, place_event, place_of, situate_in
from postinterview.core.steps.step_parts import Step, at_instance, credits_taken, new_step, places_with
from postinterview.core.values.layered import grown
from postinterview.core.values.moments import LocalCalendar
from postinterview.core.values.stacks import Stack


def step(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    event: Event,
    zone: tzinfo | None = UTC,
    employer: str = THE_EMPLOYER,
    *,
    is_other: bool = False,
) -> Step:
    """Let an event happen at the end of the past, allowed or not.

    ``zone``: the zone of the moments in the verdict. ``employer``: what the verdict calls the employer.
    ``is_other``: the past is another than the recorded one. Nobody asks it for its own doubts, but for the
    recorded one (see `Refused`), so they are not placed with the event.
    """
    made = step_function(engine, event.name)(snapshot, event, zone, calendar, employer)
    if isinstance(made, Step):
        return made
    if made is not None:
        return act(engine, made, event, refusal(engine, made, event.at, zone), None, is_other=is_other)
    return step_of_any(engine, calendar, snapshot, event, zone, employer, is_other=is_other)


def step_of_any(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    event: Event,
    zone: tzinfo | None = UTC,
    employer: str = THE_EMPLOYER,
    *,
    is_other: bool = False,
) -> Step:
    """Let any event happen, usual or not, as `step` does."""
    situation = placed_in(engine, calendar, snapshot, event, employer)
    others = _in_others(engine, calendar, snapshot, event, zone, employer) if snapshot.others else ()
    if not situation.kind.is_act:
        return fact(engine, situation, event, others)
    verdict, choices = decide(engine, situation, event.at, zone)
    return act(engine, situation, event, verdict, choices, others, is_other=is_other)


def carry_out(
    engine: Engine,
    calendar: LocalCalendar,
    situation: Situation,
    event: Event,
    verdict: Verdict,
    choices: list[Choice] | None,
) -> Step:
    """Let an act happen that is allowed. ``verdict``, ``choices``: what `decide` says of it."""
    snapshot = situation.snapshot
    others: Sequence[Step] = ()
    if snapshot.others:
        others = _in_others(engine, calendar, snapshot, event, verdict.at.tzinfo, situation.employer)
    return act(engine, situation, event, verdict, choices, others)


def after(engine: Engine, situation: Situation, at: datetime) -> Snapshot | None:
    """Return what is so once the act is done with the fields taken as given; None: it is refused."""
    choices = choose(engine, situation, at)
    if choices is None or any(choose(engine, other, at) is None for other in situation.others):
        return None
    application, _, to = situation.place
    event = new_event(0, situation.kind.name, at, application, to)
    verdict = new_verdict(situation.kind.name, at, application, to, True)
    return act(engine, situation, event, verdict, choices).snapshot


def _in_others(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    event: Event,
    zone: tzinfo | None,
    employer: str,
) -> list[Step]:
    """Return the steps of the event in the other pasts."""
    return [step(engine, calendar, each, event, zone, employer, is_other=True) for each in snapshot.others]


def placed_in(
    engine: Engine, calendar: LocalCalendar, snapshot: Snapshot, event: Event, employer: str
) -> Situation:
    """Return an event in its place after a past."""
    kind = engine.definition.events[event.name]
    there = calendar if calendar.before is None else calendar.at(event.at)
    place = place_of(engine, snapshot, kind, event.application, event.to)
    return situate_in(engine, there, snapshot, kind, place, dict(event.carried), employer)


def act(
    engine: Engine,
    situation: Situation,
    event: Event,
    verdict: Verdict,
    choices: list[Choice] | None,
    others: Sequence[Step] = (),
    firm: Callable[[], Collection[Reason]] | None = None,
    *,
    is_other: bool = False,
) -> Step:
    """Let an act happen, allowed or not.

    ``others``: its steps in the other pasts. It is a breach for certain only if it is one in all of them, by
    reasons that hold between them, too. ``firm``: finds these, if each past need not be asked.
    ``is_other``: see `step`.
    """
    if choices is None:
        choices, spent = _breach(engine, situation)
    else:
        spent = ()
        for _, _, _, transition in choices:
            if transition.spends:
                spent += credits_taken(engine, situation, transition.spends)
    if verdict.allowed:
        placed = place_event(engine, situation, event, spent)
        return _happened(engine, situation, placed, verdict, choices, others)
    outside = _is_outside(engine, situation)
    refused = Refused(engine, situation, verdict, outside, [each.refused for each in others], firm)
    doubtful = not is_other and refused.is_doubtful
    placed = place_event(engine, situation, event, spent, Against(not outside, doubtful, outside))
    return _happened(engine, situation, placed, verdict, choices, others, refused=refused)


def _breach(engine: Engine, situation: Situation) -> tuple[list[Choice], tuple[str, ...]]:
    """Return where a refused act that happened moves each machine, and the credits that it takes.

    A machine that can't move takes its credits all the same.
    """
    choices: list[Choice] = []
    spent: tuple[str, ...] = ()
    for listener in engine.listeners[situation.kind.name]:
        key, state, leaving = listener.current(situation)
        taken = leaving[0] if leaving else listener.breach_from_any
        if taken is None:
            spent += listener.spends
            continue
        spent += taken.spends
        if listener.has_instance(situation):
            choices.append((listener, key, state, taken))
    return choices, credits_taken(engine, situation, spent)


def _is_outside(engine: Engine, situation: Situation) -> bool:
    """Return whether some machine stands where the rules do not judge the act."""
    for listener in engine.listeners[situation.kind.name]:
        if listener.outside and listener.has_instance(situation):
            _, state, _ = listener.current(situation)
            if state in listener.outside:
                return True
    return False


def stays_inside(engine: Engine, situation: Situation) -> bool:
    """Return whether the rules judge the act here, and whatever happens from now on."""
    if engine.undo_rules.is_judged_everywhere(situation.kind.name):
        return True
    return not engine.undo_rules.returns_outside and all(
        listener.has_instance(situation) and listener.current(situation)[1] not in listener.outside
        for listener in engine.listeners[situation.kind.name]
        if listener.outside
    )


def fact(engine: Engine, situation: Situation, event: Event, others: Sequence[Step]) -> Step:
    """Let a fact happen. ``others``: its steps in the other pasts."""
    placed = place_event(engine, situation, event)
    choices = _broadcast(engine, situation, placed)
    unexpected = not choices and bool(engine.listeners[event.name])
    return _happened(engine, situation, placed, None, choices, others, unexpected)


def _broadcast(engine: Engine, situation: Situation, fact: Placed) -> list[Choice]:
    """Return the transition that a fact takes in each instance that it reaches and that has one for it.

    A fact goes one of two ways by a guard and its opposite. An unknown past would refuse both, and leave the
    machine where nothing that happened leaves it. So a fact goes by what is recorded.
    """
    choices: list[Choice] = []
    if situation.snapshot.unknowns:
        situation = evolve(situation, snapshot=evolve(situation.snapshot, unknowns=()))
    states = situation.snapshot.states
    for listener in engine.listeners[fact.event.name]:
        for key in listener.reached(situation, fact.people):
            state = states.get((listener.name, key), listener.start)
            for transition in listener.moves.get(state, ()):
                if not transition.checks or transition.holds(at_instance(situation, key), fact.at):
                    choices.append((listener, key, state, transition))
                    break
    return choices


def _happened(
    engine: Engine,
    situation: Situation,
    placed: Placed,
    verdict: Verdict | None,
    choices: Sequence[Choice],
    others: Sequence[Step],
    unexpected: bool = False,
    refused: Refused | None = None,
) -> Step:
    """Return the step of an event, with the next snapshot. It shares with the one before all that stays."""
    snapshot, place, name = situation.snapshot, situation.place, placed.event.name
    streams = [*snapshot.streams]
    numbers, links_in = engine.streams_of[name]
    cell = Cell(placed, snapshot.past, links_in(streams))
    for number in numbers:
        streams[number] = cell
    moves: list[Move] = []
    moved: dict[tuple[str, Key], str] = {}
    for listener, key, state, transition in choices:
        target = transition.rule.target
        if target is not None and target != state:
            moves.append(new_move(listener.name, key, state, target))
            moved[listener.name, key] = target
    application, places = place.application, places_with(snapshot, place, placed.people)
    applications = snapshot.applications
    if application is not None and not applications.get(application):
        starts = name in engine.starting and not placed.refused
        if starts or application not in applications:
            applications = grown(applications, {application: starts})
    after = new_snapshot(
        cell,
        tuple(streams),
        grown(snapshot.states, moved) if moved else snapshot.states,
        *places,
        applications,
        Stack(placed, snapshot.against_rules) if placed.breach else snapshot.against_rules,
        snapshot.unknowns,
        tuple(other.snapshot for other in others) if others else (),
        snapshot.others_are_all,
    )
    return new_step(after, placed, tuple(moves), verdict, unexpected, choices, refused)
