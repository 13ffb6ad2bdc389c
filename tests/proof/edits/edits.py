"""Edit the packaged rules as somebody might who wants more, or who errs: random edits, and known tricks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any, TypeAlias

import yaml

from tests.cli.helpers import ROOT

Rules: TypeAlias = dict[str, Any]
"""A rule file as data."""

Edit: TypeAlias = Callable[[Rules, Random], str]
"""Changes the rules in place, and says what it did."""

SCOPES = ("employer", "application", "round", "interviewer", ["round", "interviewer"])
CONTACTS = ("chase", "attempt", "courtesy", "reply", "none")
COUNTED = ("chase", "attempt", "courtesy", "contact", "sign_of_life", "follow_up", "interview", "message")
DURATIONS = ("1 hour", "1 day", "7 days", "14 days", "60 days")


@cache
def _packaged() -> str:
    rules = yaml.safe_load((ROOT / "rules" / "default.yaml").read_text(encoding="utf-8"))
    return json.dumps(rules, default=str)


def packaged() -> Rules:
    """The packaged rules, to be changed."""
    rules: Rules = json.loads(_packaged())
    return rules


def written(rules: Rules) -> str:
    """The text of a rule file: JSON is YAML."""
    return json.dumps(rules, indent=1)


def edited(seed: int) -> tuple[Rules, list[str]]:
    """The packaged rules after edits that the seed decides, and what these were."""
    random, rules = Random(seed), packaged()  # noqa: S311 - nothing secret
    return rules, [random.choice(EDITS)(rules, random) for _ in range(random.choice((1, 1, 2, 3)))]


# --- what can be edited -------------------------------------------------------------------------


def guards_of(rules: Rules) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each guard: where it stands, the mapping that holds it, and its id there."""
    holders = [(name, each) for name, each in rules.get("guard_sets", {}).items()]
    for machine in rules["machines"].values():
        holders += [(name, each.get("guards") or {}) for name, each in machine["transitions"].items()]
    for name, guards in holders:
        for id, guard in guards.items():
            if isinstance(guard, dict):
                yield name, guards, id


def listen(rules: Rules, event: str, guards: dict[str, Any], machine: str = "application") -> None:
    """Let a machine hear of an event in every state."""
    listed = {"event": event, "from": "any"} | ({"guards": guards} if guards else {})
    rules["machines"][machine]["transitions"][f"{event}_listed"] = listed


def _pick(random: Random, choices: Any) -> Any:
    return deepcopy(random.choice(list(choices)))


def _some_guards(random: Random) -> dict[str, Any]:
    """Guards as a person would copy them, and some of a kind that people write."""
    mine = {
        "once": {"at_most": random.choice((1, 2)), "of": "MINE", "since": "sign_of_life"},
        "once_a_round": {"at_most": 1, "of": "MINE", "per": "round"},
        "spaced": {"apart": random.choice(DURATIONS), "from": "MINE"},
        "one_at_a_time": {"at_most": 1, "of": "chase", "since": "sign_of_life", "per": "employer"},
        "capped": {"at_most": 3, "of": "MINE", "within": random.choice(DURATIONS), "per": "employer"},
        "after_a_while": {"not_before": f"interview + {random.choice(DURATIONS)}"},
    }
    return {id: mine[id] for id in random.sample(sorted(mine), random.choice((0, 1, 2, 3)))}


# --- edits --------------------------------------------------------------------------------------


def new_act(rules: Rules, random: Random) -> str:
    """Add an act with any tags, guarded by little."""
    name = f"nudge_{len(rules['events'])}"
    contact, to_person = random.choice(CONTACTS), random.random() < 0.5
    event = {"by": "candidate", "contact": contact}
    event |= {"to": "interviewer"} if to_person else {}
    event |= {"starts": "application"} if random.random() < 0.1 else {}
    rules["events"][name] = event
    guards = json.loads(json.dumps(_some_guards(random)).replace("MINE", name))
    machine = "network" if to_person and random.random() < 0.3 else "application"
    if machine == "network":
        guards.pop("once_a_round", None)
    elif contact == "reply":
        guards["paid"] = {"spends": "reply"}
    listen(rules, name, guards, machine)
    return f"new act {name}: {event}, {guards}"


def new_fact(rules: Rules, random: Random) -> str:
    """Add a fact that may be a sign of life, give a credit, open a round or set a date."""
    name = f"news_{len(rules['events'])}"
    event: dict[str, Any] = {"by": random.choice(("employer", "employer", "employer", "world"))}
    event |= {"sign_of_life": False} if event["by"] == "employer" and random.random() < 0.3 else {}
    event |= {"gives": "reply"} if random.random() < 0.3 else {}
    event |= {"opens": "round", "fields": {"who": "people"}} if random.random() < 0.3 else {}
    if "fields" not in event and random.random() < 0.3:
        event["fields"] = {"day": {"type": "date", "sets": "promised"}}
    rules["events"][name] = event
    listen(rules, name, {})
    return f"new fact {name}: {event}"


def new_class(rules: Rules, random: Random) -> str:
    """Add a class, and count it in a guard instead of what was counted there."""
    name = f"group_{len(rules.setdefault('classes', {}))}"
    members = random.sample(sorted(rules["events"]), random.choice((1, 2, 4)))
    rules["classes"][name] = members
    where, guards, id = _pick_guard(rules, random, lambda guard: "of" in guard or "from" in guard)
    key = random.choice([key for key in ("of", "from", "since") if key in guards[id]])
    guards[id][key] = name
    return f"class {name} = {members} as {key} of {where}.{id}"


def _pick_guard(
    rules: Rules, random: Random, fits: Callable[[dict[str, Any]], bool]
) -> tuple[str, dict[str, Any], str]:
    return random.choice([each for each in guards_of(rules) if fits(each[1][each[2]])])


def other_scope(rules: Rules, random: Random) -> str:
    """Let a guard count per something else."""
    where, guards, id = _pick_guard(
        rules, random, lambda guard: bool({"of", "from", "not_before"} & guard.keys())
    )
    guards[id]["per"] = _pick(random, SCOPES)
    return f"per of {where}.{id} is {guards[id]['per']}"


def other_number(rules: Rules, random: Random) -> str:
    """Let a guard allow more, in a shorter window, or after a shorter time."""
    where, guards, id = _pick_guard(
        rules, random, lambda guard: bool({"at_most", "within", "apart"} & guard.keys())
    )
    guard = guards[id]
    key = random.choice([key for key in ("at_most", "within", "apart") if key in guard])
    guard[key] = random.choice((2, 3, 5)) if key == "at_most" else random.choice(DURATIONS)
    return f"{key} of {where}.{id} is {guard[key]}"


def other_since(rules: Rules, random: Random) -> str:
    """Let a guard count since something else, or ever."""
    where, guards, id = _pick_guard(rules, random, lambda guard: "since" in guard)
    since = random.choice(("sign_of_life", "message", "interview", "thank_you", "contact", None))
    if since is None:
        del guards[id]["since"]
    else:
        guards[id]["since"] = since
    return f"since of {where}.{id} is {since}"


def no_guard(rules: Rules, random: Random) -> str:
    """Remove a guard."""
    where, guards, id = _pick_guard(rules, random, lambda _: True)
    del guards[id]
    return f"{where}.{id} removed"


def exception(rules: Rules, random: Random) -> str:
    """Let a guard leave out what comes by mail."""
    where, guards, id = _pick_guard(rules, random, lambda guard: "spends" not in guard)
    guards[id]["unless"] = {"channel": "email"}
    for machine in rules["machines"].values():
        if where in machine["transitions"]:
            event = rules["events"][machine["transitions"][where]["event"]]
            event["fields"] = {"channel": ["call", "email"], **event.get("fields", {})}
    return f"{where}.{id} unless by email"


def other_tag(rules: Rules, random: Random) -> str:
    """Tag a packaged event otherwise."""
    name = random.choice(sorted(rules["events"]))
    event = rules["events"][name]
    changes: list[dict[str, Any]] = [{"by": random.choice(("employer", "candidate", "world"))}]
    if event["by"] == "candidate":
        changes += [{"contact": contact} for contact in CONTACTS]
        changes += [{"starts": "application"}, {"to": "interviewer"}]
    else:
        changes += [{"sign_of_life": True}, {"sign_of_life": False}, {"gives": "reply"}, {"opens": "round"}]
        changes += [{"fields": {**event.get("fields", {}), "again": {"type": "date", "sets": "promised"}}}]
    change = random.choice(changes)
    event |= change
    return f"{name} is tagged {change}"


def wider(rules: Rules, random: Random) -> str:
    """Let a transition leave every state."""
    transitions = rules["machines"]["application"]["transitions"]
    name = random.choice(sorted(transitions))
    transitions[name]["from"] = "any"
    return f"{name} from any"


def new_transition(rules: Rules, random: Random) -> str:
    """Let an event happen from more states, with some of the guards that it has elsewhere."""
    machine = rules["machines"][random.choice(("application", "application", "position", "network"))]
    transitions, states = machine["transitions"], [*machine["states"]]
    name = random.choice(sorted(transitions))
    added = deepcopy(transitions[name])
    guards = added.pop("guards", {})
    if kept := {id: guards[id] for id in guards if random.random() < 0.4}:
        added["guards"] = kept
    taken = [each["from"] for each in transitions.values() if each["event"] == added["event"]]
    free = [state for state in states if "any" not in taken and not any(state in each for each in taken)]
    added |= {"from": random.sample(free, random.randint(1, len(free))) if free else "any"}
    added |= {"to": random.choice(states)}
    transitions[f"{name}_again"] = added
    return f"{name}_again: {added}"


def fuller_bucket(rules: Rules, random: Random) -> str:
    """Let a bucket hold more, or keep what it holds after a no."""
    name = random.choice(sorted(rules["credits"]))
    change: dict[str, Any] = random.choice(({"max": 9}, {"emptied_by": "interview"}, {"per": "round"}))
    rules["credits"][name] |= change
    return f"credit {name}: {change}"


def no_event(rules: Rules, random: Random) -> str:
    """Give a packaged event another name everywhere."""
    name = random.choice(sorted(rules["events"]))
    renamed = json.loads(re.sub(rf'"{name}(?=["\\ ])', f'"{name}_too', json.dumps(rules)))
    rules.clear()
    rules |= renamed
    return f"{name} is called {name}_too"


EDITS: tuple[Edit, ...] = (
    *(new_act, new_fact, new_transition, no_guard) * 2,
    *(
        new_class,
        other_scope,
        other_number,
        other_since,
        exception,
        other_tag,
        wider,
        fuller_bucket,
        no_event,
    ),
)
