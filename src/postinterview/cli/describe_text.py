"""Show as text what a rule file says of one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from postinterview.core.formatting import say_list
from postinterview.layout import BLANK, GAP, Line, Piece, column_width, hang, line, pad


def description_lines(data: Mapping[str, Any], width: int) -> Iterator[Line]:
    """Yield what `describe` returned as text, in blocks."""
    name, event = data["name"], data["event"]
    blocks: list[list[Line]] = []
    if event is not None:
        blocks.append([_title(name, event["kind"], event)])
        blocks[-1] += [part for each in event["fields"] for part in _field_lines(each, width)]
        blocks[-1] += _indented(event["why"], width)
        if event["trust"] is not None:
            blocks[-1] += _indented(f"trusted: {event['trust']['why']}", width)
        if not data["transitions"]:
            blocks[-1].append(line("  no machine moves on it: it is only counted"))
    guarded = event is None and all(rule["id"] != name for rule in data["transitions"])
    blocks += [list(_transition_lines(rule, width, guarded=guarded)) for rule in data["transitions"]]
    blocks += [list(_state_lines(name, state, width)) for state in data["states"]]
    blocks += [list(_word_lines(name, kind, data[kind], width)) for kind in _WORDS if data[kind] is not None]
    if data["guard_set"] is not None:
        blocks.append(list(_set_lines(name, data["guard_set"], width)))
    if (promise := data["promise"]) is not None:
        blocks.append([_title(name, "a promise that every rule file is held to", promise)])
        blocks[-1] += _indented(promise["title"] and f"Never: {promise['title']}.", width)
        blocks[-1] += [part for each in promise["forbids"] for part in hang(line("    "), line(each), width)]
        blocks[-1] += _indented(promise["why"], width)
    for number, block in enumerate(blocks):
        if number:
            yield BLANK
        yield from block


def _transition_lines(rule: Mapping[str, Any], width: int, *, guarded: bool) -> Iterator[Line]:
    yield _title(rule["id"], f"on {rule['event']}", rule)
    to = ", and stays there" if rule["to"] is None else f", to {rule['to']}"
    yield from _indented(f"{rule['machine']}: from {say_list(rule['from'])}{to}", width)
    if not rule["guards"]:
        yield line("  no guards")
    elif not guarded:
        yield line("  allowed while each of these holds:")
    yield from _guard_lines(rule["guards"], width)
    yield from _indented(rule["why"], width)


def _guard_lines(guards: Sequence[Mapping[str, Any]], width: int) -> Iterator[Line]:
    room = column_width(each["id"] for each in guards)
    for each in guards:
        place = f"{each['file']}:{each['line']}" + (f", in {each['set']}" if each.get("set") else "")
        said = line(f"{each['written']} ", Piece(f"{GAP}{place}", "dim"))
        yield from hang(line("    ", Piece(pad(each["id"], room), "refused"), "  "), said, width)


def _set_lines(name: str, found: Mapping[str, Any], width: int) -> Iterator[Line]:
    yield _title(name, "a set of guards", found)
    if found["uses"]:
        yield from _indented(f"first those of: {', '.join(found['uses'])}", width)
    yield from _guard_lines(found["guards"], width)
    yield from _indented(f"used by: {', '.join(found['used_by'])}", width)


def _field_lines(field: Mapping[str, Any], width: int) -> Iterator[Line]:
    kind = say_list(field["choices"]) if field["choices"] else field["type"]
    optional = ", optional" if field["optional"] else ""
    sets = f", sets the date {field['sets']}" if field["sets"] else ""
    why = f". {field['why']}" if field["why"] else ""
    yield from hang(line("  field "), line(f"{field['name']}: {kind}{optional}{sets}{why}"), width)


_OUTSIDE = "outside the rules: an act that no transition leaves it on is refused, and no breach"
_WORDS = {"date": "a date", "class": "a class of events", "credit": "a credit"}


def _word_lines(name: str, kind: str, word: Mapping[str, Any], width: int) -> Iterator[Line]:
    said = f"{_WORDS[kind]}: {word['meaning']}" if word.get("meaning") else _WORDS[kind]
    yield _title(name, said, word)
    moments = word.get("moments", ())
    if len(moments) > 1:
        yield line(f"  the {'latest' if word['latest'] else 'first'} of these that is known:")
    for each in moments:
        yield line(f"    {each}")
    if kind == "credit":
        yield line(f"  at most {word['max']} per {word['per']}")
    for key in ("events", "set_by", "ended_by", "given_by", "emptied_by"):
        if word.get(key):
            yield from _indented(f"{key.replace('_', ' ')}: {', '.join(word[key])}", width)


def _state_lines(name: str, state: Mapping[str, Any], width: int) -> Iterator[Line]:
    start = ", which starts there" if state["start"] else ""
    yield _title(name, f"a state of `{state['machine']}`{start}", state)
    yield from _indented(state["title"] and f"{state['title']}.", width)
    if state["outside"]:
        yield from _indented(_OUTSIDE, width)
    yield from _indented(f"led to by: {', '.join(state['into']) or 'nothing'}", width)
    yield from _indented(f"left by: {', '.join(state['out']) or 'nothing'}", width)
    yield from _indented(state["why"], width)


def _title(name: str, said: str, place: Mapping[str, Any]) -> Line:
    where = f"  {place['file']}:{place['line']}" if place["line"] else ""
    return line(Piece(name, "title"), f"  {said}", Piece(where, "dim"))


def _indented(text: str, width: int) -> Iterator[Line]:
    return hang(line("  "), line(text), width) if text else iter(())
