"""Rule files that grow: the packaged one with more guards, and one with ever more constants."""

from __future__ import annotations

from typing import Any

import yaml

import postinterview as pi
from postinterview.core.rules.definitions import Definition
from postinterview.files import read_packaged
from postinterview.judging import load_promises
from postinterview.proof.promises.parsing import read_promises
from postinterview.proof.promises.promise import Promises

WEEK = 7 * 24 * 60
ODD = (11, 23, 41, 67, 97, 131)
"""Minutes by which no two constants have a common step but the minute."""


def packaged() -> tuple[Definition, Promises]:
    rulebook = pi.load_rulebook()
    return rulebook.definition, load_promises(rulebook)


def with_guards(count: int) -> tuple[Definition, Promises]:
    """Return the packaged rules with more guards on the follow-up, each looking at something new.

    By turns: a week apart from a new fact, at most two new notes since one, a new event not seen since
    the interview, and a new machine in its first state.
    """
    data: dict[str, Any] = yaml.safe_load(read_packaged("default")[1])
    transitions: dict[str, Any] = data["machines"]["application"]["transitions"]
    guards: dict[str, Any] = transitions["follow_up_once"]["guards"]
    for number in range(count):
        name, fact, note = f"extra_{number}", f"fact_{number}", f"note_{number}"
        match number % 4:
            case 0:
                data["events"][fact] = {"by": "employer"}
                guards[name] = {"apart": f"{WEEK + ODD[number % len(ODD)]} minutes", "from": fact}
            case 1:
                data["events"][note] = {"by": "candidate", "contact": "none"}
                data["events"][fact] = {"by": "employer"}
                transitions[note] = {"event": note, "from": "any"}
                guards[name] = {"at_most": 2, "of": note, "since": fact}
            case 2:
                data["events"][fact] = {"by": "employer"}
                guards[name] = {"not_happened": fact, "since": "interview"}
            case _:
                data["events"][fact] = {"by": "employer"}
                data["machines"][f"machine_{number}"] = {
                    "per": "application",
                    "start": "calm",
                    "states": {"calm": {}, "busy": {}},
                    "transitions": {
                        "rise": {"event": fact, "from": "calm", "to": "busy"},
                        "fall": {"event": fact, "from": "busy", "to": "calm"},
                    },
                }
                guards[name] = {"state": {f"machine_{number}": "calm"}}
    rulebook = pi.load_rulebook(text=yaml.safe_dump(data, sort_keys=False), name="grown.yaml")
    return rulebook.definition, load_promises(rulebook)


def with_constants(count: int, *, odd: bool, short: bool = False) -> tuple[Definition, Promises]:
    """Return rules for a call that keeps a different distance from each of several events, and a promise.

    The promise asks for a week; each thing is given at least that. ``odd``: in odd minutes, not in whole
    days. ``short``: the last while is a minute too short for the promise.
    """
    things = [f"thing_{number}" for number in range(count)]
    waits = [WEEK + (ODD[i % len(ODD)] * (1 + i // len(ODD)) if odd else i * 24 * 60) for i in range(count)]
    if short:
        waits[-1] = WEEK - 1
    data = {
        "format": 1,
        "title": "Apart",
        "events": {
            **{thing: {"by": "employer"} for thing in things},
            "call": {"by": "candidate", "contact": "chase"},
        },
        "machines": {
            "line": {
                "per": "application",
                "start": "open",
                "states": {"open": {}},
                "transitions": {
                    **{f"on_{thing}": {"event": thing, "from": "open"} for thing in things},
                    "ring": {
                        "event": "call",
                        "from": "open",
                        "guards": {
                            f"after_{thing}": {"apart": f"{wait} minutes", "from": thing}
                            for thing, wait in zip(things, waits, strict=True)
                        },
                    },
                },
            }
        },
    }
    week = {"never": "call", "within": "7 days", "of": things, "per": "application"}
    asked = {"format": 1, "title": "A week", "promises": {"a_week": week}}
    rulebook = pi.load_rulebook(text=yaml.safe_dump(data, sort_keys=False), name="apart.yaml")
    read = read_promises(yaml.safe_dump(asked), "a-week.yaml", known=rulebook.definition)
    if read.promises is None:
        raise ValueError(read.diagnostics)
    return rulebook.definition, read.promises
