"""Show as text what a rule file says of a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from postinterview.core.values.formatting import say_list, sentence
from postinterview.core.values.suggest import ticked
from postinterview.describing.blocks import NOWHERE, Data, indented, listed, named_by, title, user, where_text
from postinterview.layout import BLANK, GAP, Line, Piece, hang, line

_INDENT = "    "


def description_lines(data: Data, width: int) -> Iterator[Line]:
    """Yield what `Names.describe` returned as text, in blocks."""
    name = data["name"].rpartition(":")[2].rpartition(".")[2]
    blocks: list[list[Line]] = []
    if data["term"] is not None:
        blocks.append(list(_term(name, data["term"], width)))
    if data["event"] is not None:
        blocks.append(list(_event(name, data["event"], width, moved=bool(data["transitions"]))))
    blocks += [list(_transition(rule, width)) for rule in data["transitions"]]
    blocks += [list(_guard(name, each, width)) for each in data["guards"]]
    for key, show in _SHOWN.items():
        found = data[key] if isinstance(data[key], list) else [data[key]] if data[key] is not None else []
        blocks += [list(show(name, each, width)) for each in found]
    words = [each for each in data["keywords"] if each["value_of"]]
    blocks += [list(_keyword(name, each, width)) for each in data["keywords"] if not each["value_of"]]
    blocks += [list(_word(name, words, width))] if words else []
    for number, block in enumerate(blocks):
        if number:
            yield BLANK
        yield from block


def _term(name: str, term: Data, width: int) -> Iterator[Line]:
    yield from title(name.replace("_", " "), "a term", NOWHERE, width)
    yield from indented(f"{sentence(term['meaning'])}.", width)
    for label, names in term["here"].items():
        yield from listed(label, names, width)


# --- events, transitions, guards --------------------------------------------------------------


def _event(name: str, event: Data, width: int, *, moved: bool) -> Iterator[Line]:
    yield from title(name, f"{event['title']}: {event['kind']}", event, width)
    for each in event["fields"]:
        yield from _field_line(each, width)
    yield from _why(event, width)
    if event["trust"] is not None:
        yield from indented(f"Trusted: {event['trust']['why']}", width)
    yield from listed("Gives the credit", event["gives"], width)
    yield from listed("Ends the date", event["ends"], width)
    yield from listed("Counts as", event["classes"], width)
    yield from listed("Counted by the guards", [user(each) for each in event["counted_by"]], width)
    told = [each for each in event["named_by"] if each not in event["counted_by"] and each["kind"] != "class"]
    yield from named_by(told, width)
    yield from listed("Judged by the promises", event["promises"], width)
    for each in event["loosened"]:
        yield from indented(
            f"Need not keep the promise `{each['promise']}`, which these rules loosen. {each['why']}", width
        )
    if not moved:
        yield line("  No machine moves on it: it is only counted.")


def _transition(rule: Data, width: int) -> Iterator[Line]:
    yield from title(rule["id"], f"a transition of `{rule['machine']}` on {rule['event']}", rule, width)
    yield from indented(rule["sentence"], width)
    for each in rule["guards"]:
        yield from _guard_sentence(each, width)
    for said in rule["after"]:
        yield from indented(said, width)
    yield from _why(rule, width, "Why: ")


def _why(entry: Data, width: int, lead: str = "") -> Iterator[Line]:
    """Yield why an entry is so; of a changed entry with its parent's reason, whose reason it is."""
    if entry["why"] and entry["why_of"] is not None:
        place = entry["why_of"]
        lead = (
            f"The reason is that of {place['file']}:{place['line']}, and {entry['file']} changes the rule. "
        )
    yield from indented(entry["why"] and f"{lead}{entry['why']}", width)


def _guard_sentence(guard: Data, width: int) -> Iterator[Line]:
    """Yield a guard's sentence, with its id and place at the end."""
    where = f"{guard['id']}, {where_text(guard)}"
    yield from hang(line("  - "), line(f"{guard['sentence']} ", Piece(f"{GAP}{where}", "dim")), width)


def _guard(name: str, guard: Data, width: int) -> Iterator[Line]:
    yield from title(name, "a guard" + (f" of `{guard['set']}`" if guard["set"] else ""), guard, width)
    yield from indented(guard["sentence"], width)
    yield from indented(f"Written {guard['written']}.", width)
    asked = [f"{each['event']} ({each['transition']})" for each in guard["asked_by"]]
    yield from listed("Asked of", asked, width)


def _guard_set(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, "a set of guards", found, width)
    yield from listed("First those of", found["uses"], width)
    for each in found["guards"]:
        yield from _guard_sentence(each, width)
    yield from named_by(found["named_by"], width)


# --- machines, states, fields -----------------------------------------------------------------


def _machine(name: str, found: Data, width: int) -> Iterator[Line]:
    named = f": {found['title']}" if found["title"] else ""
    yield from title(name, f"a machine{named}", found, width)
    yield from indented(f"There is one for each {found['per']}. It starts in `{found['start']}`.", width)
    for each in found["states"]:
        yield line(f"{_INDENT}{each['id']}  ", Piece(each["title"], "dim"))
    yield from listed("Moved by", found["moved_by"], width)
    yield from named_by(found["named_by"], width)
    yield from indented(found["why"], width)


_OUTSIDE = "outside the rules: an act that no transition leaves it on is refused, and no breach"


def _state(name: str, state: Data, width: int) -> Iterator[Line]:
    start = ", which starts there" if state["start"] else ""
    yield from title(name, f"a state of `{state['machine']}`{start}", state, width)
    yield from indented(state["title"] and f"{state['title']}.", width)
    if state["outside"]:
        yield from indented(f"{sentence(_OUTSIDE)}.", width)
    if state["over"]:
        yield from indented("Nothing is left to do here.", width)
    yield from listed("Led to by", state["into"] or ["nothing"], width)
    yield from listed("Left by", state["out"] or ["nothing"], width)
    yield from named_by(state["named_by"], width)
    yield from indented(state["why"], width)


def _field(name: str, field: Data, width: int) -> Iterator[Line]:
    yield from title(name, f"a field of `{field['event']}`", field, width)
    yield from _field_line(field, width)
    yield from named_by(field["named_by"], width)


def _field_line(field: Data, width: int) -> Iterator[Line]:
    kind = say_list(field["choices"]) if field["choices"] else field["type"]
    optional = ", optional" if field["optional"] else ""
    sets = f", sets the date {field['sets']}" if field["sets"] else ""
    why = f". {field['why']}" if field["why"] else ""
    yield from hang(line("  Field "), line(f"{field['name']}: {kind}{optional}{sets}{why}"), width)


def _choice(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, f"a choice of the field `{found['field']}`", found, width)
    yield from named_by(found["named_by"], width)


# --- dates, classes, credits, promises, the rest ----------------------------------------------


def _date(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, "a date", found, width)
    yield from indented(f"{sentence(found['meaning'])}.", width)
    if len(found["moments"]) > 1:
        yield line(f"  The {'latest' if found['latest'] else 'first'} of these that is known:")
    for each in found["moments"]:
        yield line(f"{_INDENT}{each}")
    yield from named_by(found["named_by"], width)


def _class(name: str, found: Data, width: int) -> Iterator[Line]:
    meaning = f": {found['meaning']}" if found["meaning"] else ""
    yield from title(name, f"a class of events{meaning}", found, width)
    yield from listed("Events", found["events"], width)
    yield from named_by(found["named_by"], width)


def _credit(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, f"a credit, at most {found['max']} per {found['per']}", found, width)
    yield from named_by(found["named_by"], width)
    yield from listed("Emptied by", found["emptied_by"], width)


def _promise(name: str, promise: Data, width: int) -> Iterator[Line]:
    held = "every rule file is" if promise["packaged"] else "these rules are"
    yield from title(name, f"a promise that {held} held to", promise, width)
    yield from indented(promise["title"] and f"Never: {promise['title']}.", width)
    for each in promise["forbids"]:
        yield from hang(line(_INDENT), line(each), width)
    yield from indented(promise["why"], width)
    if (loosened := promise["loosened"]) is not None:
        where = f"{loosened['file']}:{loosened['line']}"
        yield from indented(f"These rules loosen it ({where}). {loosened['why']}", width)


def _migration(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, f"a migration from version {say_list(found['from'])}", found, width)
    for kind in ("events", "fields", "machines", "states"):
        yield from listed(f"Renamed {kind}", [f"{old} is {new}" for old, new in found[kind].items()], width)
    if found["refold"]:
        yield line("  Past acts are judged again, by these rules.")
    yield from indented(found["why"], width)


def _removed(name: str, found: Data, width: int) -> Iterator[Line]:
    return title(name, "removed: the rules that this file extends have it", found, width)


def _meant(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, "meant so, though it looks like a slip", found, width)
    yield from indented(found["why"], width)


def _keyword(name: str, found: Data, width: int) -> Iterator[Line]:
    yield from title(name, f"a key of {found['where'] or 'the file'}", NOWHERE, width)
    yield from indented(found["doc"], width)
    yield from hang(line("  For example "), line(found["example"]), width)


def _word(name: str, places: Sequence[Data], width: int) -> Iterator[Line]:
    """Yield behind which keys a word may stand; each key has its own explanation."""
    keys: dict[str, list[str]] = {}
    for each in places:
        keys.setdefault(each["value_of"], []).append(each["where"])
    yield from title(name, f"a word that may stand behind {ticked(keys, 'and')}", NOWHERE, width)
    for key, where in keys.items():
        yield from indented(f"`{key}`: in {say_list(where, 'and')}", width)


_SHOWN: Mapping[str, Callable[[str, Data, int], Iterator[Line]]] = {
    "guard_set": _guard_set,
    "machine": _machine,
    "states": _state,
    "fields": _field,
    "choices": _choice,
    "date": _date,
    "class": _class,
    "credit": _credit,
    "promise": _promise,
    "migration": _migration,
    "removed": _removed,
    "meant": _meant,
}
