"""The faults of shape: a key that nobody knows, a list where a word is wanted, an id that is none."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence as SequenceOf

from postinterview.core.suggest import closest, help_for, ticked
from postinterview.loading import rule_schema
from postinterview.loading import schema as k
from postinterview.loading.diagnostics import Fix, Span
from postinterview.loading.messages import Asked, form, names_in, wants, write, written
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of
from postinterview.loading.text_values import id_from

_NO_LIST = {
    "event": "one event moves a transition; write a transition for each",
    "event or class": "list the events under `classes`, and write the name of the class here",
    "state": "a transition leads to one state; write a transition for each",
}
_SWAPPED = {"of": "from", "from": "of"}


def nothing(report: Report, node: Node, key: Node, asked: Asked) -> None:
    """Nothing follows the colon, or the list is empty."""
    name = written(key)
    if isinstance(node, Scalar):
        where, message, label = node if node.text else key, f"nothing stands after `{name}`", "no value"
    else:
        where, message, label = node, f"`{name}` is empty", "nothing stands between the brackets"
    help = write(name, asked)
    if isinstance(asked, k.Key) and not asked.required:
        help += f", or delete `{name}`"
    report.add("PI107", where, message, label, help)


def wrong_form(report: Report, kind: k.Kind, node: Node, key: Node, asked: Asked) -> None:
    """Text where a list is wanted, and the like."""
    name = written(key)
    subject = kind.noun if key is node and isinstance(kind, k.Table) else f"`{name}`"
    fix = None
    help = write(name, asked)
    if isinstance(kind, k.ListOf) and isinstance(node, Scalar):
        fix = Fix(span_of(node), f"[{node.text}]")
        help = f"write `{name}: [{node.text}]`"
    elif isinstance(kind, k.Name) and isinstance(node, Sequence):
        help = _NO_LIST.get(kind.of, help)
    report.add(
        "PI106",
        node,
        f"{subject} wants {wants(kind)}, not {form(node)}",
        f"this is {form(node)}",
        help,
        fix=fix,
    )
    report.lose(node)


def no_entries(report: Report, kind: k.Kind, node: Node, key: Node, asked: Asked) -> None:
    """A set of entries is wanted, and there is none."""
    if isinstance(node, Mapping) or (isinstance(node, Scalar) and node.plain and not node.text):
        nothing(report, node, key, asked)
    else:
        wrong_form(report, kind, node, key, asked)


def not_a_word(report: Report, words: tuple[str, ...], word: str, node: Node, key: Node) -> str | None:
    """Not one of the few words that can stand here. Returns the one that was meant, if it is clear."""
    found = closest(word, words)
    report.add(
        "PI108",
        node,
        f"`{word}` can't stand after `{written(key)}`",
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


def unknown_key(report: Report, table: k.Table, name: Scalar, absent: list[str]) -> str | None:
    """A key that the table has not. Returns the absent one that was meant, if there is one."""
    text = name.text
    guards = rule_schema.GUARD.tables.values()
    found: tuple[str, ...]
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


def cut_by_comma(report: Report, node: Node, name: Scalar) -> Collection[str]:
    """The keys that are the rest of a text which a comma cut in two; ``name`` is the first of them.

    Between braces a comma ends the text, and what follows it looks like a key without a value.
    """
    entries = node.entries if isinstance(node, Mapping) else ()
    at = next(number for number, (key, _) in enumerate(entries) if key is name)
    rest = [
        key.text
        for key, child in entries[at:]
        if isinstance(child, Scalar) and child.plain and not child.text
    ]
    if at == 0 or not rest or rest[0] != name.text:
        return ()
    _, before = entries[at - 1]
    start, end = span_of(before), span_of(entries[at + len(rest) - 1][0])
    if not isinstance(before, Scalar) or not before.plain or start.end_line != span_of(name).line:
        return ()
    whole = ", ".join([before.text, *rest]).replace('"', "'")
    report.add(
        "PI126",
        name,
        f"the text `{before.text}` ends at the comma",
        "read as a key, since it stands between braces",
        f'put the text in quotes: `"{whole}"`',
        fix=Fix(Span(start.file, start.line, start.column, end.end_line, end.end_column), f'"{whole}"'),
        others=((before, "this is the whole text"),),
    )
    return rest


def missing(report: Report, table: k.Table, required: str, record: Record) -> None:
    """A key that must be there is not."""
    record.faulty.add(required)
    key = table.keys[required]
    report.lost_kinds.update(names_in(key.kind))
    owner = f"`{record.key.text}`" if isinstance(record.key, Scalar) else "the file"
    where = record.key if isinstance(record.key, Scalar) else _top(record.node)
    if required == "format":
        span = span_of(where)
        report.add(
            "PI103",
            where,
            "`format` is missing",
            f"{table.noun} begins with its format",
            f"add the line `{key.example}` at the top",
            path="",
            fix=Fix(Span(span.file, span.line, 1, span.line, 1), f"{key.example}\n"),
        )
        return
    help = f"add something like `{key.example}`"
    if isinstance(key.kind, k.OneOf):
        help = f"add {ticked(f'{required}: {word}' for word in key.kind.words)}"
    path = None if isinstance(record.key, Scalar) else ""
    report.add("PI102", where, f"{owner} has no `{required}`", f"{table.noun} needs it", help, path=path)


def no_kind(report: Report, key: Node, tables: Collection[str]) -> None:
    report.add(
        "PI117",
        key,
        f"`{written(key)}` does not say what it asks",
        "no kind of guard is named here",
        f"add {ticked(tables)}",
    )


def two_kinds(report: Report, kinds: SequenceOf[Scalar], key: Node) -> None:
    named = ticked([kind.text for kind in kinds], "and")
    report.add(
        "PI118",
        kinds[1],
        f"`{written(key)}` asks {'two' if len(kinds) == 2 else 'several'} things at once: {named}",
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


_TABLES = (
    rule_schema.EVENT,
    rule_schema.TRANSITION,
    rule_schema.MACHINE,
    rule_schema.FIELD,
    rule_schema.CREDIT,
    rule_schema.CALENDAR,
    rule_schema.STATE,
    rule_schema.FILE,
)
