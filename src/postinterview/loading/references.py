"""Stage three, definitions: collect the names of a file, and report those defined twice or never used."""

from __future__ import annotations

from collections.abc import Collection

from postinterview.core.values.suggest import help_for
from postinterview.loading.defined_names import BUILT_IN, Names, Space
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report
from postinterview.loading.schema import a
from postinterview.loading.text_values import is_id

_SPACES = {
    "events": "event",
    "classes": "class",
    "credits": "credit",
    "dates": "named date",
    "machines": "machine",
    "guard_sets": "guard set",
}
_UNUSED = {
    "event": ("PI213", "no transition, guard, class or date names it"),
    "class": ("PI214", "no guard or date names it"),
    "credit": ("PI215", "no guard spends it"),
    "named date": ("PI216", "no guard, date or `due` names it"),
    "date": ("PI217", "no guard, date or `due` reads it"),
    "guard set": ("PI224", "no transition uses it"),
}


def collect(file: Record, report: Report) -> Names:
    """Return all names that the file defines; report those that it defines twice."""
    names = Names(report)
    spaces = names.spaces
    spaces["built-in class"] = dict.fromkeys(BUILT_IN)
    for key, space in _SPACES.items():
        section = file.get(key)
        if section is not None:
            spaces[space] = section.keys
        elif key not in file.faulty:
            spaces[space] = {}
    spaces["date"] = {}
    for event, _, record in file.get("events") or ():
        if record is None:
            continue
        fields: Section = record.get("fields") or Section()
        if "fields" not in record.faulty or record.get("fields") is not None:
            spaces["field", event] = dict(fields.keys)
        for _, _, field in fields:
            if isinstance(field, Record) and field.get("sets") is not None:
                spaces["date"].setdefault(field.get("sets").text, field.get("sets"))
    for machine, _, record in file.get("machines") or ():
        if record is not None and record.get("states") is not None:
            spaces["state", machine] = record.get("states").keys
    _find_twice(names)
    return names


def _find_twice(names: Names) -> None:
    """Report a name with two meanings: moments name events, classes and dates by one word."""
    seen: dict[str, tuple[Space, Node]] = {}
    for space in ("event", "class", "date", "named date"):
        for name, node in names.spaces.get(space, {}).items():
            if node is None:
                continue
            if name in BUILT_IN and (space, name) != ("event", "reply"):
                names.report.add(
                    "PI211", node, f"`{name}` is the name of a built-in class", "taken", "choose another name"
                )
                names.used.add((space, name))
            first = seen.setdefault(name, (space, node))
            if first[1] is not node:
                names.used.update({(space, name), (first[0], name)})
                names.report.add(
                    "PI210",
                    node,
                    f"`{name}` is defined twice, as {a(str(first[0]))} and as {a(str(space))}",
                    "the second time",
                    "choose another name for one of them",
                    others=((first[1], "the first time"),),
                )


def report_unused(names: Names, facts: Collection[str]) -> None:
    """Report what nothing names. Acts and states are checked with the machines, by what they can do.

    A file may leave unused what the file has that it extends: nobody can delete it there.
    """
    own = names.report.root.source
    for space, (code, label) in _UNUSED.items():
        for name, node in names.spaces.get(space, {}).items():
            if (
                node is None
                or node.source is not own
                or _is_inherited(node)
                or (space == "event" and name not in facts)
                or not is_id(name)  # that is said already
            ):
                continue
            if names.is_used(space, name):
                continue
            if space == "date":
                message = f"nothing reads the date `{name}`"
                read = [date for date in names.spaces["date"] if ("date", date) in names.used]
                help = (
                    help_for(names.report.guesses.closest(name, read), ())
                    or "read it in a guard or `due`, or delete `sets`"
                )
            else:
                message, help = f"nothing uses the {space} `{name}`", "use it, or delete it"
            meant = names.report.meant(name) if space != "date" else None
            if meant is not None:
                help = f"did you mean `{meant.text}`? if it is new, {help}"
            others = [] if meant is None else [(meant, "closest name, defined here")]
            names.report.add(code, node, message, label, help, others=others)


def _is_inherited(name: Node) -> bool:
    """Return whether the file only changes what the file has that it extends."""
    return isinstance(name, Scalar) and name.inherited
