"""Whatever edit turns the packaged rules pushy, some promise is violated, or `check` names what it trusts.

A search on the engine looks for a history that a judge of bare histories calls pushy. It looks twice: the
judge takes the tags of new events on trust, or it takes new acts for chases and new facts for noes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time  # noqa: TID251 - the prover measures itself
from typing import cast

import pytest
from attrs import evolve, frozen

import postinterview as pi
from postinterview.core.rules.definitions import Definition
from postinterview.judging import held_to_packaged, load_promises
from postinterview.proof.promises.promise import Promises
from postinterview.proof.prove import worst
from postinterview.proof.search.replay import willing
from tests.proof.edits.edits import Rules, edited, written
from tests.proof.edits.judge import Line, Nature, Natures, pushy
from tests.proof.edits.search import histories
from tests.proof.helpers import Blunt
from tests.strategies.scale import IS_LONG

KNOWN = pi.load_rulebook().definition


@frozen
class Found:
    """A pushy history: what is pushy, what was done last, and the events that were believed or doubted."""

    said: str
    history: tuple[Line, ...]
    doubted: frozenset[str] = frozenset()


def believed(definition: Definition) -> Natures:
    """What events are if the tags of new ones are true."""
    found: dict[str, Nature] = {}
    for name, kind in definition.events.items():
        tagged = KNOWN.events.get(name, kind)
        found[name] = (
            (tagged.contact or "none") if tagged.is_act else "word" if tagged.sign_of_life else "fact"
        )
    return found


def doubted(definition: Definition) -> Natures:
    """What events are at worst: a new act asks for an answer, and a new fact is a no."""
    worst: dict[str, Nature] = {
        name: "chase" if kind.is_act else "no"
        for name, kind in definition.events.items()
        if name not in KNOWN.events
    }
    return {**believed(definition), **worst}


def found_pushy(definition: Definition, seed: int, tries: int) -> tuple[Found | None, Found | None]:
    """Return a pushy history with the tags of new events believed, and one with them doubted."""
    trusting, doubting = believed(definition), doubted(definition)
    one: Found | None = None
    other: Found | None = None
    for lines in histories(definition, seed, tries):
        if one is None and (said := pushy(lines, trusting)):
            one = Found(said, tuple(lines))
        if other is None:
            strict = [
                evolve(line, answer_by=None) if _is_new_date(definition, line) else line for line in lines
            ]
            if said := pushy(strict, doubting):
                events = {line.event for line in lines}
                changed = (name for name in events if trusting[name] != doubting[name])
                dated = (line.event for line in lines if _is_new_date(definition, line))
                other = Found(said, tuple(lines), frozenset([*changed, *dated]))
        if one and other:
            break
    return one, other


def _is_new_date(definition: Definition, line: Line) -> bool:
    known = KNOWN.events.get(line.event)
    return line.answer_by is not None and (
        known is None or not any(f.sets == "promised" for f in known.fields.values())
    )


def judged(definition: Definition, found: Found) -> str:
    """Return whether an act of the history breaks a promise: ``violated``, ``unknown`` or ``proved``."""
    held, _, _ = held_to_packaged(definition)
    rulebook = willing(held)
    prover, acts = Blunt(rulebook, process_time), {line.event for line in found.history}
    verdicts = set()
    for promise in load_promises(rulebook).promises:
        prover.limits = evolve(prover.limits, deadline=process_time() + 1)
        verdicts.add(prover.prove(Promises((promise,)), acts).verdict)
        if "violated" in verdicts:
            break
    return worst(verdicts)


def objections(rules: Rules, seed: int, tries: int) -> list[str]:
    """Return the pushy histories that the rules allow, while no promise is violated and check is silent."""
    try:
        definition = pi.load_rulebook(text=written(rules), name="mine.yaml").definition
    except pi.RulesError:
        return []
    _, milder, trusted = held_to_packaged(definition)
    if milder:
        return []
    named = {each.kind.name for each in trusted}
    silent = []
    one, other = found_pushy(definition, seed, tries)
    if one is not None and judged(definition, one) != "violated":
        silent.append(one)
    if other is not None and not other.doubted <= named and judged(definition, other) != "violated":
        silent.append(other)
    return ["\n".join([each.said, *map(str, each.history)]) for each in silent]


@pytest.mark.parametrize("seed", [3, 25, 33, 34, 39, 71, 85, 111, 153])
def test_no_edit_turns_the_rules_pushy_in_silence(seed: int) -> None:
    rules, edits = edited(seed)

    assert objections(rules, seed, tries=2) == [], edits


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1400, 1 if IS_LONG else 2))
def test_no_edit_of_many_turns_the_rules_pushy_in_silence(seed: int) -> None:
    rules, edits = edited(seed)

    assert objections(rules, seed, tries=8) == [], edits


def test_the_packaged_rules_are_not_pushy() -> None:
    assert found_pushy(KNOWN, seed=0, tries=6) == (None, None)


WORDS = {"interview": "word", "message": "word", "auto_reply": "fact", "rejection": "no"}
CONTACTS = {"follow_up": "chase", "missed_call": "attempt", "thank_you": "courtesy", "notice": "courtesy"}
NATURES = cast("Natures", {**WORDS, **CONTACTS, "linkedin_invite": "courtesy", "rejection_reply": "courtesy"})


def told(*events: str) -> str:
    """What the judge says of the last of some events, such as `5 follow_up` or `5 thank_you ana`, by day."""
    lines = []
    for each in events:
        day, event, *to = each.split()
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=float(day))
        people = ("ana",) if event == "interview" else ()
        lines.append(Line(event, at, "main", to[0] if to else None, people))
    return pushy(lines, NATURES)


@pytest.mark.parametrize(
    ("mild", "more", "said"),
    [
        (("0 message", "1 follow_up"), ("2 follow_up",), "a second chase in one silence"),
        (("0 missed_call", "1 missed_call"), ("2 missed_call",), "a third call in vain in one silence"),
        (
            ("0 follow_up", "1 message", "2 follow_up", "3 message", "4 follow_up"),
            ("5 message", "6 follow_up"),
            "more than 3 nudges in 14 days",
        ),
        (("0 rejection", "1 rejection_reply"), ("2 rejection_reply",), "a contact after a no"),
        (
            ("0 rejection", "1 message", "2 notice"),
            ("3 rejection", "4 auto_reply", "5 notice"),
            "a contact after a no",
        ),
        (
            ("0 interview", "1 thank_you ana", "2 linkedin_invite ana"),
            ("3 thank_you ana",),
            "a third note to one person after one talk",
        ),
        (("0 interview", "14 thank_you ana"), ("15 thank_you ana",), "a note when the talk is long past"),
        (
            ("0 interview", "1 linkedin_invite ana"),
            ("2 interview", "3 linkedin_invite ana"),
            "a second invitation",
        ),
        (
            ("0 message", "1 notice", "2 notice", "3 notice"),
            ("4 notice",),
            "a fourth courtesy to nobody in particular in one silence",
        ),
    ],
)
def test_the_judge_calls_the_last_line_pushy_and_not_the_one_before(
    mild: tuple[str, ...], more: tuple[str, ...], said: str
) -> None:
    assert (told(*mild), told(*mild, *more)) == ("", said)
