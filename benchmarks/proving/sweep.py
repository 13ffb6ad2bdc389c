"""Every plain edit of one value of the packaged rules: numbers, names, scopes, members, fields, keys.

Each edit is a copy of the rules with one value changed, added or taken away. Those that leave no rulebook are
left out: `check` says why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeAlias

import yaml

import postinterview as pi
from benchmarks.proving.edits import TEXT

Rules: TypeAlias = dict[str, Any]
Edit: TypeAlias = tuple[str, str, Rules]
"""The kind of the edit, what it does, and the rules after it."""

RULES: Rules = yaml.safe_load(TEXT)
PER = ("employer", "application", "round", "interviewer", ["round", "interviewer"])
SPAN = re.compile(r"(\d+) (business )?(?:day|hour)s?")
ANCHORS = re.compile(r"[a-z_]+")


def edits() -> Iterator[Edit]:
    """Every edit, the least first."""
    for kind, made in (
        ("guard: number", _numbers),
        ("guard: unit", _units),
        ("guard: since, of, from", _names),
        ("guard: per", _scopes),
        ("guard: a key more or less", _keys),
        ("guard: removed", _removed),
        ("class", _classes),
        ("date", _dates),
        ("credit", _credits),
        ("event", _events),
        ("machine", _machines),
        ("transition", _transitions),
        ("calendar", _calendars),
        ("renamed event", _renamed),
    ):
        yield from ((kind, said, rules) for said, rules in made())


def rulebook(rules: Rules) -> pi.Rulebook | None:
    """Return the rulebook; None if the rules are refused."""
    try:
        return pi.load_rulebook(text=json.dumps(rules), name="edited.yaml")
    except pi.RulesError:
        return None


def _with(way: tuple[Any, ...], value: Any) -> Rules:
    """Return the rules with another value in a place; None takes the key away."""
    rules = deepcopy(RULES)
    inner = rules
    for key in way[:-1]:
        inner = inner[key]
    if value is None:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    return rules


def _said(way: tuple[Any, ...], value: Any) -> str:
    return f"{' '.join(map(str, way[-4:]))}: {'(gone)' if value is None else json.dumps(value)}"


def _change(way: tuple[Any, ...], value: Any) -> tuple[str, Rules]:
    return _said(way, value), _with(way, value)


def _guards() -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield the guards with where they are written."""
    for name, guards in RULES["guard_sets"].items():
        yield from ((("guard_sets", name, id), each) for id, each in guards.items() if id != "use")
    for machine, kind in RULES["machines"].items():
        for name, rule in kind["transitions"].items():
            for id, guard in (rule.get("guards") or {}).items():
                if id != "use":
                    yield ("machines", machine, "transitions", name, "guards", id), guard


def _spans(text: str, *changes: Callable[[int, str], str]) -> Iterator[str]:
    """Yield the text with its span changed; a change is told the number, and if its days are for business."""
    found = SPAN.search(text)
    if found is None:
        return
    for change in changes:
        made = SPAN.sub(change(int(found[1]), found[2] or ""), text, count=1)
        if made != text:
            yield made


def _days(number: int, business: str) -> str:
    """Business days for days, or days for business days."""
    return f"{number} days" if business else f"{number} business days"


def _as_long(number: int, business: str) -> str:
    """About as many business days for days, or hours for business days."""
    return f"{24 * number} hours" if business else f"{max(number * 5 // 7, 1)} business days"


def _half(number: int, business: str) -> str:
    return f"{max(number // 2, 1)} {business}days"


def _one_more(number: int, business: str) -> str:
    return f"{number + 1} {business}days"


def _twice(number: int, business: str) -> str:
    return f"{2 * number} {business}days"


def _numbers() -> Iterator[tuple[str, Rules]]:
    for way, guard in _guards():
        if "at_most" in guard:
            for number in {guard["at_most"] - 1, guard["at_most"] + 1, 2 * guard["at_most"] + 5} - {0}:
                yield _change((*way, "at_most"), number)
        for key in ("apart", "within", "not_before", "not_after"):
            for made in _spans(guard.get(key, ""), _half, _one_more, _twice):
                yield _change((*way, key), made)
        if "hours" in guard:
            for hours in ("09:00-18:00, business days", "08:00-20:00", "08:00-20:00, monday-saturday"):
                yield _change((*way, "hours"), hours)


def _units() -> Iterator[tuple[str, Rules]]:
    for way, guard in _guards():
        for key in ("not_before", "not_after"):
            for made in _spans(guard.get(key, ""), _days, _as_long):
                yield _change((*way, key), made)


def _classes_like(name: str) -> Iterator[str]:
    yield from (each for each in ("sign_of_life", "interview", "chase", *RULES["classes"]) if each != name)


def _names() -> Iterator[tuple[str, Rules]]:
    for way, guard in _guards():
        for key in ("of", "since", "from", "happened", "not_happened"):
            if isinstance(guard.get(key), str):
                members = RULES["classes"].get(guard[key])
                kind = members.get("of") if isinstance(members, dict) else members
                for each in [*list(_classes_like(guard[key]))[:4], *(kind or [])[:1]]:
                    yield _change((*way, key), each)
        for key in ("not_before", "not_after"):
            if key in guard:
                for each in ("interview", "wrote", "promised", "answer_due", "last_word"):
                    made = ANCHORS.sub(each, guard[key], count=1)
                    if made != guard[key]:
                        yield _change((*way, key), made)


def _scopes() -> Iterator[tuple[str, Rules]]:
    for way, guard in _guards():
        if guard.keys() & {"at_most", "apart", "not_before", "not_after", "happened", "not_happened"}:
            for per in (*PER, None):
                if per != guard.get("per"):
                    yield _change((*way, "per"), per)


def _keys() -> Iterator[tuple[str, Rules]]:
    for way, guard in _guards():
        for key, value in (("if_never", "holds"), ("in_every", "application"), ("if_never", "fails")):
            if guard.get(key) == value:
                yield _change((*way, key), None)
            elif key not in guard:
                yield _change((*way, key), value)
        if "unless" in guard:
            yield _change((*way, "unless"), None)
            yield _change((*way, "unless"), {"channel": "message"})
        elif way[1] == "before_any_nudge":
            yield _change((*way, "unless"), {"channel": "email"})
        if "fields" in guard:
            yield from (
                _change((*way, "fields"), [f for f in guard["fields"] if f != x]) for x in guard["fields"]
            )


def _removed() -> Iterator[tuple[str, Rules]]:
    yield from (_change(way, None) for way, _ in _guards())


def _classes() -> Iterator[tuple[str, Rules]]:
    for name, kind in RULES["classes"].items():
        way = ("classes", name, "of") if isinstance(kind, dict) else ("classes", name)
        members = kind["of"] if isinstance(kind, dict) else kind
        for each in members:
            if len(members) > 1:
                yield _change(way, [other for other in members if other != each])
        for each in ("message", "reply", "interview", "follow_up", "auto_reply", "offer"):
            if each not in members:
                yield _change(way, [*members, each])


def _dates() -> Iterator[tuple[str, Rules]]:
    for name, date in RULES["dates"].items():
        latest = isinstance(date, dict)
        way = ("dates", name, "latest_of") if latest else ("dates", name)
        options = date["latest_of"] if latest else date
        for number, each in enumerate(options):
            if len(options) > 1:
                yield _change(way, options[:number] + options[number + 1 :])
            for made in _spans(each, _one_more, _twice, _days, _as_long):
                yield _change((*way, number), made)
        yield _change(("dates", name), options if latest else {"latest_of": options})
        if not latest:
            yield _change(way, options[::-1])


def _credits() -> Iterator[tuple[str, Rules]]:
    for name, credit in RULES["credits"].items():
        for number in {credit["max"] - 1, credit["max"] + 1, credit["max"] + 9} - {0}:
            yield _change(("credits", name, "max"), number)
        for per in ("employer", "round"):
            yield _change(("credits", name, "per"), per)
        for each in credit["emptied_by"]:
            left = [other for other in credit["emptied_by"] if other != each]
            yield _change(("credits", name, "emptied_by"), left)


def _events() -> Iterator[tuple[str, Rules]]:
    for name, kind in RULES["events"].items():
        way = ("events", name)
        for key, values in {
            "opens": ("round",) if kind["by"] == "employer" else (),
            "sign_of_life": (True, False) if kind["by"] == "employer" else (),
            "contact": ("chase", "attempt", "courtesy", "none") if kind["by"] == "candidate" else (),
            "gives": ("reply",) if kind["by"] == "employer" else (),
            "ends": ("hold", "promised", "next_talk") if kind["by"] == "employer" else (),
        }.items():
            yield from (_change((*way, key), each) for each in values if each != kind.get(key))
            if key in kind and key != "contact":
                yield _change((*way, key), None)
        ends = kind.get("ends")
        if isinstance(ends, list):
            yield from (_change((*way, "ends"), [e for e in ends if e != each]) for each in ends)
        for field, said in (kind.get("fields") or {}).items():
            if isinstance(said, dict) and "optional" in said:
                yield _change((*way, "fields", field, "optional"), None)
            elif isinstance(said, dict) and "sets" in said:
                yield _change((*way, "fields", field, "optional"), True)
            if isinstance(said, dict) and "sets" in said:
                for date in ("promised", "next_talk", "hold"):
                    if date != said["sets"]:
                        yield _change((*way, "fields", field, "sets"), date)
            if isinstance(said, list):
                yield _change((*way, "fields", field), said[:-1])
                yield _change((*way, "fields", field), [*said, "letter"])


def _machines() -> Iterator[tuple[str, Rules]]:
    for name, machine in RULES["machines"].items():
        way = ("machines", name)
        for per in PER:
            if per != machine["per"]:
                yield _change((*way, "per"), per)
        for state in machine["states"]:
            if state != machine["start"]:
                yield _change((*way, "start"), state)
            if machine["states"][state].get("outside"):
                yield _change((*way, "states", state, "outside"), None)
        if name != "application":
            yield _change(way, None)


def _transitions() -> Iterator[tuple[str, Rules]]:
    for name, machine in RULES["machines"].items():
        states = list(machine["states"])
        for id, rule in machine["transitions"].items():
            way = ("machines", name, "transitions", id)
            sources = [rule["from"]] if isinstance(rule["from"], str) else rule["from"]
            for state in sources:
                if len(sources) > 1:
                    yield _change((*way, "from"), [each for each in sources if each != state])
            if sources != ["any"]:
                yield _change((*way, "from"), "any")
                for state in [each for each in states if each not in sources][:2]:
                    yield _change((*way, "from"), [*sources, state])
            if "to" in rule:
                yield _change((*way, "to"), None)
            for state in [each for each in states if each != rule.get("to")][:2]:
                yield _change((*way, "to"), state)
            if "breach_from" in rule:
                yield _change((*way, "breach_from"), None)
            yield _change(way, None)


def _calendars() -> Iterator[tuple[str, Rules]]:
    for calendar in (
        *({"country": country} for country in ("DE", "US", "JP", "GB", "CH-ZH")),
        {"weekend": ["friday", "saturday"]},
        {"weekend": ["sunday"]},
        {"holidays": ["2026-03-10"]},
    ):
        yield f"calendar: {json.dumps(calendar)}", {**RULES, "calendar": calendar}


def _renamed() -> Iterator[tuple[str, Rules]]:
    """Yield the rules with an event renamed, and a migration that says so."""
    for name in RULES["events"]:
        text = json.dumps({key: each for key, each in RULES.items() if key != "migrations"})
        if len(re.findall(rf'"{name}":', text)) > 1 or f'"{name}"' in json.dumps(_names_of_others()):
            continue  # something else has that name, too
        new = f"{name}_x"
        rules = json.loads(re.sub(rf"\b{name}\b", new, text))
        migrations = {"words": {"from": "default 2", "events": {name: new}}}
        yield f"{name}: {new}", {**rules, "version": "3", "migrations": migrations}


def _names_of_others() -> list[Any]:
    """Return the names of states, and the choices of fields."""
    states = [list(machine["states"]) for machine in RULES["machines"].values()]
    fields = [list((kind.get("fields") or {}).values()) for kind in RULES["events"].values()]
    return [*states, *fields, list(RULES["credits"])]


def everything() -> list[Edit]:
    """Return all edits, each once."""
    found = {json.dumps(rules): (kind, said, rules) for kind, said, rules in edits()}
    return list(found.values())
