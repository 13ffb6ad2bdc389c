"""A file whose transitions share guards means the same as the file with every guard written out."""

from __future__ import annotations

import json
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from postinterview.core.rules import definitions as d
from tests.loading.small import definition_of

POOL: list[dict[str, Any]] = [
    {"apart": "7 days", "from": ["follow_up", "missed_call"]},
    {"at_most": 3, "of": "contact", "within": "14 days", "per": "employer"},
    {"hours": "09:00-17:00", "unless": {"channel": ["email"]}},
    {"not_before": "heard + 2 business days"},
    {"happened": "interview", "in_every": "application"},
    {"fields": ["topic"]},
    {"custom": "is_polite"},
    {"at_most": 1, "of": "chase", "since": "interview"},
]
ACTS = ("follow_up", "missed_call")
NOWHERE = d.Origin("", 0, 0)


@st.composite
def shared(draw: st.DrawFn) -> dict[str, Any]:
    """A rule file as data: sets that use earlier sets, and two transitions that use some of them."""
    ids = [f"guard_{n}" for n in range(len(POOL))]
    homes = draw(st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=len(POOL), max_size=len(POOL)))
    sets: dict[str, dict[str, Any]] = {}
    for number in range(4):
        own = {id: POOL[n] for n, id in enumerate(ids) if homes[n] == number}
        uses = draw(st.lists(st.sampled_from(list(sets)), unique=True)) if sets else []
        if own or uses:
            sets[f"set_{number}"] = placed(draw, own, uses)
    left = [name for name in sets if not any(name in names_of(each) for each in sets.values())]
    own = {id: POOL[n] for n, id in enumerate(ids) if homes[n] == 4}
    used = [draw(st.permutations(left)), draw(st.lists(st.sampled_from(left), unique=True)) if left else []]
    guards = [placed(draw, own, names) for names in used]
    transitions = {
        act: {"event": act, "from": "waiting", **({"guards": each} if each else {})}
        for act, each in zip(ACTS, guards, strict=True)
    }
    fields = {"topic": "text", "channel": ["call", "email"]}
    return {
        "format": 1,
        "title": "Shared",
        "events": {
            "interview": {"by": "employer", "opens": "round"},
            **{act: {"by": "candidate", "fields": fields} for act in ACTS},
        },
        "dates": {"heard": {"latest_of": ["interview", "contact + 1 day"]}},
        **({"guard_sets": sets} if sets else {}),
        "machines": {
            "application": {
                "per": "application",
                "start": "waiting",
                "states": {"waiting": None},
                "transitions": {
                    "keep": {"event": "interview", "from": "any"},
                    **transitions,
                },
            }
        },
    }


def placed(draw: st.DrawFn, own: dict[str, Any], uses: list[str]) -> dict[str, Any]:
    """Guards with ``use`` before, between or after them; a single name without brackets."""
    if not uses:
        return own
    at = draw(st.integers(0, len(own)))
    items = list(own.items())
    return dict([*items[:at], ("use", uses[0] if len(uses) == 1 else uses), *items[at:]])


def names_of(guards: dict[str, Any]) -> list[str]:
    uses = guards.get("use", [])
    return [uses] if isinstance(uses, str) else uses


def written_out(guards: dict[str, Any], sets: dict[str, Any]) -> dict[str, Any]:
    """The guards in full: those of the sets, in order and each once, and then the own ones."""
    full: dict[str, Any] = {}
    for name in names_of(guards):
        full |= {id: each for id, each in written_out(sets[name], sets).items() if id not in full}
    return full | {id: guard for id, guard in guards.items() if id != "use"}


def in_full(file: dict[str, Any]) -> dict[str, Any]:
    sets = file.get("guard_sets", {})
    copy: dict[str, Any] = json.loads(
        json.dumps({key: value for key, value in file.items() if key != "guard_sets"})
    )
    for each in copy["machines"]["application"]["transitions"].values():
        if "guards" in each:
            each["guards"] = written_out(each["guards"], sets)
    return copy


def placeless(file: dict[str, Any]) -> list[Any]:
    """The transitions of a file as it is loaded, without the places of anything."""
    machine = definition_of(json.dumps(file)).machines["application"]
    return [
        evolve(each, origin=NOWHERE, guards=tuple(evolve(guard, origin=NOWHERE) for guard in each.guards))
        for each in machine.transitions
    ]


@given(shared())
def test_shared_guards_are_the_same_as_guards_written_out(file: dict[str, Any]) -> None:
    assert placeless(file) == placeless(in_full(file))
