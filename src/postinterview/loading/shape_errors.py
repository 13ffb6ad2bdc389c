"""Report faults of shape: an unknown key, a list in place of a word, an id with capital letters."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence as SequenceOf
from itertools import takewhile
from typing import TypeAlias

from postinterview.core.values.suggest import help_for, nearly_same, ticked
from postinterview.loading import rule_schema as r
from postinterview.loading import schema as k
from postinterview.loading.diagnostics import Fix, Span, Template
from postinterview.loading.event_schema import EVENT, FIELD, FIELD_TYPES
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report, span_of, start_of
from postinterview.loading.source_text import in_one_line
from postinterview.loading.text_values import id_from
from postinterview.loading.wrong_forms import as_entries, as_written

Asked: TypeAlias = k.TableKey | k.Entries | None
"""The part that asks for a value: a key, a set of entries, or the file itself (None)."""

_UNKNOWN_KEY = Template("PI101", "unknown key `{name}`", "{label}", "{help}")
_MISSING = Template("PI102", "{owner} has no `{name}`", "{noun} needs it", "{help}")
_NO_FORMAT = Template(
    "PI103", "`format` is missing", "{noun} begins with its format", "add the line `{line}` at the top"
)
_NO_RULES = Template(
    "PI102",
    "the file has no `events` and no `machines`",
    "a rule file needs them, or extends another one that has them",
    "add the line `extends: default`, to change packaged rules; or write your own `events` and `machines`",
)
_WRONG_FORM = Template("PI106", "{name} wants {wanted}, not {form}", "this is {form}", "{help}")
_NO_VALUE = Template("PI107", "nothing stands after `{name}`", "no value", "{help}")
_EMPTY = Template("PI107", "`{name}` is empty", "nothing stands between the brackets", "{help}")
_NOT_A_WORD = Template("PI108", "`{name}` can't be `{word}`", "unknown word", "{help}")
_BAD_ID = Template(
    "PI115",
    "`{name}` can't be the name of {noun}",
    "an id has small letters, digits and `_`, and begins with a letter",
    "{help}",
)
_RESERVED = Template(
    "PI116",
    "`{name}` can't be the name of {noun}",
    "this word has a meaning of its own",
    "choose another name; {reserved} are taken",
)
_NO_KIND = Template(
    "PI117", "`{name}` does not say what it asks", "no kind of guard is named here", "add {kinds}"
)
_A_GUARD_EACH = "write a guard for each, under an id of its own; all of them must hold"
_TWO_KINDS = Template(
    "PI118", "`{name}` asks {number} things at once: {kinds}", "a second kind of guard", _A_GUARD_EACH
)
_OTHER_KIND = Template("PI119", "`{name}` does not belong to {noun}", "its keys are {keys}", "{help}")
_LISTED_TWICE = Template("PI121", "`{name}` is listed twice", "the second time", "delete it")
_TWO_MACHINES = Template(
    "PI122", "one guard looks at one machine, not at {machines}", "a second machine", _A_GUARD_EACH
)
_COMMA = Template(
    "PI126",
    "the text `{text}` ends at the comma",
    "read as a key, since it stands between braces",
    "put the text in quotes: `{whole}`",
)

_NO_LIST = {
    "event": "one event moves a transition; write a transition for each",
    "state": "a transition leads to one state; write a transition for each",
}
_REGIONS = frozenset({"region", "state", "canton", "province", "land"})
_SWAPPED = {"of": "from", "from": "of"}


def nothing(report: Report, node: Node, key: Node, asked: Asked) -> None:
    """Report that nothing follows the colon, or that a list is empty."""
    name = _name(key)
    help = _example(name, asked)
    if isinstance(asked, k.TableKey) and not asked.required:
        help += f", or delete `{name}`"
    if isinstance(node, Scalar):
        report.tell(_NO_VALUE, node if node.text else key, name=name, help=help)
    else:
        report.tell(_EMPTY, node, name=name, help=help)


def wrong_form(report: Report, kind: k.Kind, node: Node, key: Node, asked: Asked, right: str = "") -> None:
    """Report a text where a list is wanted, and the like. ``right``: what it stands for, if that is known."""
    name = _name(key)
    subject = kind.noun if key is node and isinstance(kind, k.Table) else f"`{name}`"
    fix = None
    right = right or as_entries(kind, node)
    help = f"write `{name}: {right}`" if right else as_written(kind, node) or _example(name, asked)
    if isinstance(kind, k.ListOf) and isinstance(node, Scalar):
        fix = Fix(span_of(node), f"[{node.text}]")
        help = f"write `{name}: [{node.text}]`"
    elif isinstance(kind, k.Name) and isinstance(node, Sequence):
        help = _NO_LIST.get(kind.of, help)
    report.tell(_WRONG_FORM, node, fix=fix, name=subject, wanted=k.wants(kind), form=_form(node), help=help)
    report.lose(node)


def no_entries(report: Report, kind: k.Kind, node: Node, key: Node, asked: Asked) -> None:
    """Report that a set of entries is wanted, and none is there."""
    if isinstance(node, Mapping) or (isinstance(node, Scalar) and node.plain and not node.text):
        nothing(report, node, key, asked)
    else:
        wrong_form(report, kind, node, key, asked)


def not_a_word(report: Report, words: tuple[str, ...], word: str, node: Node, key: Node) -> str | None:
    """Report a word that is none of the few allowed, and return the one that is meant, if it is clear."""
    found = report.guesses.closest(word, words)
    instead = found[0] if found else None
    help = help_for(found, words)
    if words == FIELD_TYPES and not found:
        help = f"to choose from a list, write `{_name(key)}: [{word}]`; for a type, {help}"
    report.tell(_NOT_A_WORD, node, instead=instead, word=word, name=_name(key), help=help)
    report.lose(node)
    return instead


def listed_twice(report: Report, node: Sequence) -> None:
    seen: dict[str, Scalar] = {}
    for item in node.items:
        if isinstance(item, Scalar):
            first = seen.setdefault(item.text, item)
            if first is not item:
                report.tell(_LISTED_TWICE, item, others=((first, "the first time"),), name=item.text)


def bad_id(report: Report, key: Scalar, noun: str) -> None:
    instead = id_from(key.text)
    help = f"write `{instead}`" if instead else "choose a name such as `follow_up_once`"
    report.tell(_BAD_ID, key, instead=instead, name=key.text, noun=noun, help=help)


def reserved_id(report: Report, key: Scalar, noun: str, reserved: Collection[str]) -> None:
    report.tell(_RESERVED, key, name=key.text, noun=noun, reserved=ticked(sorted(reserved), "and"))


def unknown_key(
    report: Report, table: k.Table, among: k.Variants | None, record: Record, name: Scalar, node: Node
) -> str | None:
    """Report a key that the table doesn't have, and return the absent one that is meant, if it is clear.

    ``among``: the kinds of which the table is one. ``record``: what was read so far.
    """
    if report.findings.full:
        report.findings.leave_out(span_of(name))
        return None
    text = name.text
    found: tuple[str, ...]
    if among is not None and any(text in other.keys for other in among.tables.values()):
        swapped = _SWAPPED.get(text, "")
        found = (swapped,) if swapped in table.keys.keys() - record.values.keys() else ()
        help = _meant(table, found) or f"delete it, or write {among.noun} of the kind that has it"
        template, label = _OTHER_KIND, ""
    else:
        close = report.guesses.closest(text, table.keys)  # one that is there already may be meant
        found = tuple(each for each in close if each not in record.values)
        owner = next((other.noun for other in _TABLES if text in other.keys), None)
        if owner is not None and found and not nearly_same(text, found[0]):
            found = ()  # what is rightly spelt belongs elsewhere
        elsewhere = owner is not None and not found
        close = tuple(each for each in close if not elsewhere or nearly_same(text, each))
        label = f"a key of {owner}, not of {table.noun}" if elsewhere else f"{table.noun} has no such key"
        keys = f"the keys of {table.noun} are {ticked(table.keys, 'and')}"
        there, meant = f"write it in {owner}" if elsewhere else keys, _meant(table, found or close[:1])
        help = f"{there}; or {meant}" if elsewhere and meant else meant
        help = help or _placed(table, record, text, node) or there
        template = _UNKNOWN_KEY
    instead = found[0] if found else None
    keys, noun = ticked(table.keys, "and"), table.noun
    report.tell(template, name, instead=instead, name=text, noun=noun, keys=keys, label=label, help=help)
    return instead


def key_meant(report: Report, kind: k.Entries, section: Section, name: Scalar, node: Node) -> str:
    """Return the name of an entry, or the key beside the ids that is meant; that one is misspelt."""
    if name.text in kind.keys or isinstance(node, Mapping):
        return name.text
    absent = [key for key in kind.keys if key not in section.special]
    for meant in report.guesses.closest(name.text, absent)[:1]:
        label, help = f"{kind.noun} is a set of entries", f"did you mean `{meant}`?"
        help += f" ({k.explained(kind.keys[meant])})"
        report.tell(_UNKNOWN_KEY, name, instead=meant, name=name.text, label=label, help=help)
        return meant
    return name.text


def cut_by_comma(report: Report, entries: tuple[tuple[Scalar, Node], ...], at: int) -> int:
    """Report a text that a comma cut in two; ``at`` is the entry that its rest was read as.

    In braces a comma ends a text, and what follows it is read as a key without a value. Return how many
    entries are the rest of the text: none, if it was not cut.
    """
    if at == 0:
        return 0
    name, (_, before) = entries[at][0], entries[at - 1]
    if not isinstance(before, Scalar) or not before.plain or span_of(before).end_line != span_of(name).line:
        return 0
    rest = [key for key, _ in takewhile(has_no_value, entries[at:])]
    if rest:
        whole = '"' + ", ".join([before.text, *(key.text for key in rest)]).replace('"', "'") + '"'
        fix = Fix(span_of(before).up_to(span_of(rest[-1])), whole)
        others = ((before, "this is the whole text"),)
        report.tell(_COMMA, name, fix=fix, others=others, text=before.text, whole=whole)
    return len(rest)


def missing(report: Report, table: k.Table, required: str, record: Record) -> None:
    """Report that a required key is missing: at the record's own key, or where the record begins."""
    record.faulty.add(required)
    key = table.keys[required]
    report.lost_kinds.update(k.names_in(key.kind))
    where: Node | Span
    if isinstance(record.key, Scalar):
        where, owner, path = record.key, f"`{record.key.text}`", report.path(record.key)
    else:
        where, path = start_of(record.node), report.path(record.node)
        owner = table.noun if path else "the file"
    if required == "format":
        span = record.node.span
        fix = Fix(Span(span.file, span.line, 1, span.line, 1), f"{key.example}\n")
        report.tell(_NO_FORMAT, where, path="", fix=fix, noun=table.noun, line=key.example)
        return
    if table is r.FILE and not {"events", "machines"} & record.values.keys():
        if required == "events":
            report.tell(_NO_RULES, where, path=path)
        return
    help = f"add something like `{key.example}`"
    if isinstance(key.kind, k.OneOf):
        help = f"add {ticked(f'{required}: {word}' for word in key.kind.words)}"
    help = f"{help} ({k.explained(key)})"
    report.tell(_MISSING, where, path=path, owner=owner, name=required, noun=table.noun, help=help)


def no_kind(report: Report, key: Node, kinds: Collection[str]) -> None:
    report.tell(_NO_KIND, key, name=_name(key), kinds=ticked(kinds))


def two_kinds(report: Report, kinds: SequenceOf[Scalar], key: Node) -> None:
    named, number = ticked([kind.text for kind in kinds], "and"), "two" if len(kinds) == 2 else "several"
    others = ((kinds[0], "the first kind"),)
    report.tell(_TWO_KINDS, kinds[1], others=others, name=_name(key), number=number, kinds=named)


def several_machines(report: Report, node: Mapping) -> None:
    named = ticked([name.text for name, _ in node.entries], "and")
    report.tell(_TWO_MACHINES, node.entries[1][0], machines=named)
    for name, child in node.entries[1:]:
        report.lose(name)
        report.lose(child)


def _name(key: Node) -> str:
    return key.text if isinstance(key, Scalar) else "the file"


def _example(name: str, asked: Asked) -> str:
    if asked is None:
        return "begin with the line `format: 1`"
    line = asked.example if isinstance(asked, k.TableKey) else f"{name}: {asked.example}"
    return f"write something like `{line}`"


def _form(node: Node) -> str:
    if isinstance(node, Scalar):
        return "text"
    return "a list" if isinstance(node, Sequence) else "a set of entries"


def _meant(table: k.Table, found: tuple[str, ...]) -> str:
    """Return the question whether another key is meant, and what that key is for."""
    about = f" ({k.explained(table.keys[found[0]])})" if len(found) == 1 else ""
    return help_for(found, ()) + about


def _placed(table: k.Table, record: Record, name: str, node: Node) -> str:
    """Return where a key belongs that is no key of the table; empty if it is not known."""
    if table is r.CALENDAR and name in _REGIONS:
        return "a region is a part of `country`, such as `country: CH-ZH`"
    for key, each in table.keys.items():
        section = record.get(key)
        if isinstance(each.kind, k.Entries) and isinstance(section, Section) and name in section.keys:
            return f"`{name}` is {each.kind.noun}: write `{key}: {{{name}: {in_one_line(node)}}}`"
    return ""


def has_no_value(entry: tuple[Scalar, Node]) -> bool:
    value = entry[1]
    return isinstance(value, Scalar) and value.plain and not value.text


_TABLES = (EVENT, r.TRANSITION, r.MACHINE, FIELD, r.CREDIT, r.CALENDAR, r.STATE, r.FILE)
