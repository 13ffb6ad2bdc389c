"""The faults of shape: a key that nobody knows, a list where a word is wanted, an id that is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Sequence as SequenceOf

from postinterview.loading import fields as f
from postinterview.loading.diagnostics import Fix
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of
from postinterview.loading.suggest import closest, help_for, ticked
from postinterview.loading.values import id_from

_NAMES = {"date": "a date", "event or class": "an event or a class", "function": "a function"}
_SWAPPED = {"of": "from", "from": "of"}


def nothing(report: Report, node: Node, key: Node, example: str) -> None:
    """Nothing follows the colon, or the list is empty."""
    name = _written(key)
    if isinstance(node, Scalar):
        where = node if node.text else key
        report.add("PI107", where, f"nothing stands after `{name}`", "no value", _write(name, example))
    else:
        help = _write(name, example, f"delete `{name}`, or ")
        report.add("PI107", node, f"`{name}` is empty", "nothing stands in the brackets", help)


def wrong_form(report: Report, kind: f.Kind, node: Node, key: Node, example: str) -> None:
    """Text where a list is wanted, and the like."""
    name = _written(key)
    fix = None
    if isinstance(kind, f.ListOf) and isinstance(node, Scalar):
        fix = Fix(span_of(node), f"[{node.text}]")
    report.add(
        "PI106",
        node,
        f"`{name}` wants {_wants(kind)}, not {_form(node)}",
        f"this is {_form(node)}",
        _write(name, example),
        fix=fix,
    )
    report.lose(node)


def no_entries(report: Report, kind: f.Kind, node: Node, key: Node, example: str) -> None:
    """A set of entries is wanted, and there is none."""
    if isinstance(node, Mapping) or (isinstance(node, Scalar) and node.plain and not node.text):
        nothing(report, node, key, example)
    else:
        wrong_form(report, kind, node, key, example)


def not_a_word(report: Report, words: tuple[str, ...], word: str, node: Node, key: Node) -> str | None:
    """Not one of the few words that can stand here. Returns the one that was meant, if it is clear."""
    found = closest(word, words)
    report.add(
        "PI108",
        node,
        f"`{word}` can't stand after `{_written(key)}`",
        "unknown word",
        help_for(found, words),
        instead=found[0] if found else None,
    )
    report.lose(node)
    return found[0] if found else None


def listed_twice(report: Report, node: Sequence) -> None:
    seen: dict[str, Scalar] = {}
    for item in node.items:
        if isinstance(item, Scalar):
            first = seen.setdefault(item.text, item)
            if first is not item:
                others = ((first, "the first time"),)
                report.add(
                    "PI121",
                    item,
                    f"`{item.text}` is listed twice",
                    "the second time",
                    "delete it",
                    others=others,
                )


def bad_id(report: Report, key: Scalar, noun: str) -> None:
    instead = id_from(key.text)
    report.add(
        "PI115",
        key,
        f"`{key.text}` can't be the name of {noun}",
        "small letters, digits and `_`, a letter first",
        f"write `{instead}`" if instead else "choose a name such as `follow_up_once`",
        instead=instead,
    )


def reserved_id(report: Report, key: Scalar, noun: str, reserved: Collection[str]) -> None:
    report.add(
        "PI116",
        key,
        f"`{key.text}` can't be the name of {noun}",
        "this word has a meaning of its own",
        f"choose another name; {ticked(sorted(reserved), 'and')} are taken",
    )


def unknown_key(report: Report, table: f.Table, name: Scalar, absent: list[str]) -> str | None:
    """A key that the table has not. Returns the absent one that was meant, if there is one."""
    text = name.text
    guards = f.GUARD.tables.values()
    if any(table is guard for guard in guards) and any(text in guard.keys for guard in guards):
        swapped = _SWAPPED.get(text, "")
        found = (swapped,) if swapped in absent else ()
        code, message = "PI119", f"`{text}` does not belong to {table.noun}"
        label = f"its keys are {ticked(table.keys, 'and')}"
        help = help_for(found, ()) or "delete it, or write a guard of the kind that has it"
    else:
        code, message = "PI101", f"unknown key `{text}`"
        found = closest(text, absent)
        owner = next((other.noun for other in _TABLES if text in other.keys), None)
        elsewhere = owner is not None and not found
        label = f"a key of {owner}, not of {table.noun}" if elsewhere else f"{table.noun} has no such key"
        help = help_for(found, ()) or f"the keys of {table.noun} are {ticked(table.keys, 'and')}"
    report.add(code, name, message, label, help, instead=found[0] if found else None)
    return found[0] if found else None


def missing(report: Report, table: f.Table, required: str, record: Record) -> None:
    record.faulty.add(required)
    key = table.keys[required]
    report.lost_kinds.update(_names_in(key.kind))
    if isinstance(record.key, Scalar):
        where, message = record.key, f"`{record.key.text}` has no `{required}`"
    else:
        where, message = _top(record.node), f"`{required}` is missing"
    if required == "format":
        span = span_of(where)
        start = type(span)(span.file, span.line, 1, span.line, 1)
        help = f"add the line `{key.example}` at the top"
        fix = Fix(start, f"{key.example}\n")
        report.add(
            "PI103", where, "`format` is missing", "the first line of a rule file says it", help, fix=fix
        )
        return
    report.add("PI102", where, message, f"{table.noun} needs `{required}`", f"add `{key.example}`")


def no_kind(report: Report, node: Mapping, key: Node, tables: Collection[str]) -> None:
    report.add(
        "PI117",
        key,
        f"`{_written(key)}` does not say what it asks",
        "no kind of guard is named here",
        f"add {ticked(tables)}",
    )


def two_kinds(report: Report, kinds: SequenceOf[Scalar], key: Node) -> None:
    named = ticked([kind.text for kind in kinds], "and")
    report.add(
        "PI118",
        kinds[1],
        f"`{_written(key)}` asks {'two' if len(kinds) == 2 else 'several'} things at once: {named}",
        "a second kind of guard",
        "write a guard for each, under an id of its own; all of them must hold",
        others=((kinds[0], "the first kind"),),
    )


def several_machines(report: Report, node: Mapping) -> None:
    named = ticked([name.text for name, _ in node.entries], "and")
    second = node.entries[1]
    report.add(
        "PI122",
        second[0],
        f"one guard looks at one machine, not at {named}",
        "a second machine",
        "write a guard for each, under an id of its own; all of them must hold",
    )
    for name, child in node.entries[1:]:
        report.lose(name)
        report.lose(child)


def _top(node: Node) -> Node:
    return node.entries[0][0] if isinstance(node, Mapping) and node.entries else node


def _written(key: Node) -> str:
    return key.text if isinstance(key, Scalar) else "the file"


def _write(name: str, example: str, before: str = "") -> str:
    """What to type; ``example`` is the whole line, or the value alone."""
    if not example:
        return ""
    line = example if example.startswith(f"{name}:") else f"{name}: {example}"
    return f"{before}write something like `{line}`"


def _form(node: Node) -> str:
    if isinstance(node, Scalar):
        return "text"
    return "a list" if isinstance(node, Sequence) else "a set of entries"


def _wants(kind: f.Kind) -> str:
    match kind:
        case f.Text():
            return "text"
        case f.Name(of):
            return f"the name of {_NAMES.get(of, f'{_article(of)} {of}')}"
        case f.OneOf() | f.ScopeText():
            return "a word"
        case f.NewId():
            return "a name"
        case f.ListOf(item, or_one):
            return f"{_wants(item)} or a list" if or_one else "a list"
        case f.Entries() | f.Table() | f.Variants() | f.States() | f.Free():
            return "a set of entries"
        case f.Forms():
            return "text or a list"
        case f.Flag():
            return "`true` or `false`"
        case f.Number():
            return "a number"
        case f.Day():
            return "a date"
        case f.Duration():
            return "a duration"
        case f.MomentText():
            return "a moment"
        case f.HoursText():
            return "hours"
        case f.Country():
            return "a country's code"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _names_in(kind: f.Kind) -> Iterator[str]:
    """The kinds of names that a value would have named."""
    match kind:
        case f.Name(of):
            yield of
        case f.ListOf(item, _):
            yield from _names_in(item)
        case f.States():
            yield "machine"
            yield "state"
        case f.MomentText():
            yield "moment"
        case f.Entries(value, _, _):
            yield from _names_in(value)
        case f.Table():
            for key in kind.keys.values():
                yield from _names_in(key.kind)
        case f.Variants():
            for table in kind.tables.values():
                yield from _names_in(table)
        case _:
            pass


_TABLES = (f.EVENT, f.TRANSITION, f.MACHINE, f.FIELD, f.CREDIT, f.CALENDAR, f.STATE, f.FILE)
