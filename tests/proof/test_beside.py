"""What is never newly allowed is newly allowed after no history, whatever the edit was."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from tests.oracle.reading import Rules
from tests.proof.beside import Pair, pair_of
from tests.proof.helpers import PATIENT
from tests.strategies.edits import CALENDARS, Edit, edited
from tests.strategies.hand import Dice

LIVES = 25


def guarded(event: str, **guards: Any) -> Rules:
    return {"event": event, "from": "any", "guards": guards}


RULES: Rules = {
    "format": "1",
    "title": "Small",
    "events": {
        "meeting": {"by": "employer", "opens": "round", "fields": {"who": "people"}},
        "word": {
            "by": "employer",
            "fields": {
                "soon": {"type": "date", "optional": "true", "sets": "promised"},
                "later": {"type": "date", "optional": "true", "sets": "hold"},
            },
        },
        "ask": {"by": "candidate", "contact": "chase"},
        "thank": {"by": "candidate", "contact": "courtesy", "to": "interviewer", "fields": {"topic": "text"}},
        "plan": {"by": "candidate", "contact": "none"},
        "ring": {"by": "candidate", "contact": "attempt"},
    },
    "machines": {
        "line": {
            "per": "application",
            "start": "quiet",
            "states": {"quiet": {}, "asked": {}},
            "transitions": {
                "met": {"event": "meeting", "from": "any", "to": "quiet"},
                "came": {"event": "word", "from": "asked", "to": "quiet"},
                "once": {
                    "event": "ask",
                    "from": "quiet",
                    "to": "asked",
                    "guards": {
                        "wait": {"not_before": "meeting + 3 days"},
                        "date": {"not_before": "promised"},
                    },
                },
                "rang": guarded(
                    "ring", calm={"not_before": "meeting + 2 business days"}, hold={"not_before": "hold"}
                ),
                "planned": guarded("plan", fresh={"not_after": "meeting + 5 business days"}),
            },
        },
        "thanks": {
            "per": ["round", "interviewer"],
            "start": "open",
            "states": {"open": {}, "done": {}},
            "transitions": {
                "thanked": {
                    "event": "thank",
                    "from": "open",
                    "to": "done",
                    "guards": {"fresh": {"not_after": "meeting + 1 business day"}},
                }
            },
        },
    },
}


def changed(*places: tuple[tuple[str, ...], str]) -> Edit:
    """The rules with another text in some places."""
    rules = deepcopy(RULES)
    for (*way, last), text in places:
        inner = rules
        for key in way:
            inner = inner[key]
        inner[last] = text
    return Edit(rules)


LINE = ("machines", "line", "transitions")
EDITS = {
    "a country": Edit({**RULES, "calendar": CALENDARS[0]}),
    "a weekend": Edit({**RULES, "calendar": CALENDARS[2]}),
    "a shorter weekend": Edit({**RULES, "calendar": CALENDARS[3]}),
    "a holiday": Edit({**RULES, "calendar": CALENDARS[4]}),
    "business days for days": changed(
        ((*LINE, "once", "guards", "wait", "not_before"), "meeting + 3 business days")
    ),
    "days for business days": changed(
        ((*LINE, "rang", "guards", "calm", "not_before"), "meeting + 24 hours"),
        ((*LINE, "planned", "guards", "fresh", "not_after"), "meeting + 7 days"),
    ),
    "other dates": changed(
        ((*LINE, "once", "guards", "date", "not_before"), "hold"),
        ((*LINE, "rang", "guards", "hold", "not_before"), "promised"),
    ),
    "fields that set each other's dates": changed(
        (("events", "word", "fields", "soon", "sets"), "hold"),
        (("events", "word", "fields", "later", "sets"), "promised"),
    ),
    "a removed machine": Edit(
        {
            **RULES,
            "events": {name: each for name, each in RULES["events"].items() if name != "thank"},
            "machines": {"line": RULES["machines"]["line"]},
        }
    ),
    "other names": edited(Dice(2), RULES, kinds=("names",)),
    "other names and a holiday": edited(Dice(3), RULES, kinds=("calendar", "names")),
}


@cache
def pair(name: str, *, back: bool) -> Pair:
    return pair_of(RULES, EDITS[name], back=back, max_seconds=PATIENT)


@pytest.mark.parametrize("back", [False, True], ids=["forth", "back"])
@pytest.mark.parametrize("name", EDITS)
def test_what_is_never_newly_allowed_is_so_after_no_history(name: str, *, back: bool) -> None:
    compared = pair(name, back=back)
    assert compared.none
    assert "unknown" not in compared.verdicts
    hand = Dice(f"{name} {back}")
    for _ in range(LIVES):
        assert compared.contradiction(hand) is None
