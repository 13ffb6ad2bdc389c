"""The tables of a language as a JSON Schema, for editors: completion, hover texts and faults as you type.

A schema knows the form of a file and not its names: it can say that `of` wants an event, and not which
events there are. It never refuses what the loader takes, but for one habit: a number, or a `true`, between
quotes. It is written in draft 7, which all editors read.

A file that extends another may leave out what the other says, and remove some of it. So there are two schemas
of such a language in one: `if` the file has the key `extends`, each table is one of changes.

Sources: https://json-schema.org/draft-07/json-schema-validation and, for ``patternErrorMessage``, the
language servers of VS Code for JSON and YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, TypeAlias

from attrs import define, field

from postinterview.core.rules.definitions import SCOPES
from postinterview.loading import schema as k
from postinterview.loading.schema import REMOVE
from postinterview.loading.text_values import DAYS, UNITS

Schema: TypeAlias = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

_UNIT = f"({'|'.join(UNITS)})"
_CLOCK = "[0-9]{2}:[0-9]{2}"
_ID = "[a-z][a-z0-9_]*"
_TEXT: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}
"""Editors take a plain `2` or `true` for a number or a truth value, and the loader reads them as text."""


def _like(pattern: str, wanted: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$", "patternErrorMessage": f"write {wanted}"}


_SIMPLE: Mapping[k.Simple, Schema] = {
    k.TEXT: _TEXT,
    k.VALUE: _TEXT,
    k.FLAG: {"type": "boolean"},
    k.DAY: _like("[0-9]{4}-[0-9]{2}-[0-9]{2}", "year, month and day, such as 2026-12-25"),
    k.DURATION: _like(rf"[0-9]+\s+{_UNIT}", "a whole number and a unit, such as 7 days"),
    k.WINDOW: _like(rf"[0-9]+\s+{_UNIT}", "a whole number and a unit, such as 14 days"),
    k.MOMENT: _like(
        rf"{_ID}\s*(\+\s*[0-9]+\s+({_UNIT}|business\s+days?)\s*)?",
        "an event or a date, and perhaps a duration after it, such as interview + 7 days",
    ),
    k.HOURS: _like(
        rf"{_CLOCK}\s*-\s*{_CLOCK}(\s*,\s*({'|'.join(DAYS)}))?", "hours, such as 09:00-17:00, weekdays"
    ),
    k.COUNTRY: _like("[A-Z]{2}(-[A-Z0-9]{1,3})?", "two capital letters, such as CH"),
    k.NEW_ID: {**_like(_ID, "a name of small letters, digits and _"), "type": ["string", "boolean"]},
    k.FREE: {"type": "object"},
    k.STATES: {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
    },
}
_SCOPE_WORDS = k.some(k.OneOf(tuple(SCOPES)))


def json_schema(table: k.Table) -> Schema:
    """Return the JSON Schema of a language, whose file is read by ``table``."""
    writer = _Writer()
    whole: Schema = {"$schema": DRAFT, "title": table.noun}
    if "extends" in table.keys:
        whole |= {
            "if": {"required": ["extends"]},
            "then": writer.schema(table, changes=True),
            "else": writer.schema(table),
        }
    else:
        whole["allOf"] = [writer.schema(table)]
    return {**whole, "definitions": dict(sorted(writer.definitions.items()))}


@define(eq=False)
class _Writer:
    """Writes kinds of values as schemas. Tables become ``definitions``, since several keys share some."""

    definitions: dict[str, Schema] = field(factory=dict)
    _written: dict[tuple[int, bool], Schema] = field(factory=dict)

    def schema(self, kind: k.Kind, *, changes: bool = False) -> Schema:
        """Return the schema of a value. ``changes``: it is laid over the value of another file."""
        match kind:
            case k.Simple():
                return self.schema(_SCOPE_WORDS) if kind is k.SCOPE else _SIMPLE[kind]
            case k.Number(least):
                return {"type": "integer", "minimum": least}
            case k.OneOf(words):
                return {"enum": list(words)}
            case k.Name():
                return _TEXT
            case k.ListOf(item, or_one):
                one = self.schema(item)
                many = {"type": "array", "items": one, "minItems": 1}
                return {"anyOf": [one, many]} if or_one else many
            case k.Forms(text, items, entries):
                forms = [self.schema(text), self.schema(items)]
                forms += [] if entries is None else [self.schema(entries, changes=changes)]
                return {"anyOf": _flat(forms)}
            case _:
                return self._named(kind, changes=changes)

    def _named(self, kind: k.Entries | k.Table | k.Variants, *, changes: bool) -> Schema:
        """Return a reference to the schema of a set of entries."""
        if (found := self._written.get((id(kind), changes))) is not None:
            return found
        several = "entries, each " if isinstance(kind, k.Entries) else ""
        wanted = re.sub(r"[^a-z_]+", "-", f"{'changes to ' * changes}{several}{kind.noun}").strip("-")
        name = next(each for each in self._names(wanted) if each not in self.definitions)
        reference = {"$ref": f"#/definitions/{name}"}
        self.definitions[name] = {}  # so that the name is taken while its parts are written
        self._written[id(kind), changes] = reference
        self.definitions[name] = self._set(kind, changes=changes)
        return reference

    def _names(self, wanted: str) -> Iterator[str]:
        """Yield names for a definition: the wanted one, and others if it is taken."""
        yield wanted
        yield from (f"{wanted}-{number}" for number in count(2))

    def _set(self, kind: k.Entries | k.Table | k.Variants, *, changes: bool) -> Schema:
        match kind:
            case k.Entries():
                return self._entries(kind, changes=changes)
            case k.Table():
                return self._table(kind, changes=changes)
            case k.Variants():
                return self._variants(kind, changes=changes)

    def _entries(self, kind: k.Entries, *, changes: bool) -> Schema:
        own = self._keys(kind.keys, changes=changes)
        reserved = sorted(kind.reserved - own.keys())
        an_id: Schema = {
            "pattern": f"^{_ID}$",
            "patternErrorMessage": "write a name of small letters, digits and _",
            **({"not": {"enum": reserved}} if reserved else {}),  # editors refuse a schema with an empty list
        }
        names: Schema = {"propertyNames": {"anyOf": [{"enum": list(own)}, an_id]} if own else an_id}
        return {
            "type": "object",
            **({} if changes else {"minProperties": 1}),
            **({"properties": own} if own else {}),
            **({} if kind.any_text else names),
            "additionalProperties": self.schema(kind.value, changes=changes),
        }

    def _table(self, table: k.Table, *, changes: bool) -> Schema:
        return {
            "type": ["object", "null"] if table.may_be_empty else "object",
            "properties": self._keys(table.keys, changes=changes),
            "additionalProperties": False,
            **({"required": list(table.required)} if table.required and not changes else {}),
        }

    def _variants(self, kind: k.Variants, *, changes: bool) -> Schema:
        """Write a branch for each kind, so that an editor speaks of the keys of the kind that was meant."""
        tables = kind.tables
        branches: list[Schema] = []
        for name, table in tables.items():
            # The key of one kind may be a further key of another one, which is the one that is meant then.
            others = [other for other, each in tables.items() if other != name and name in each.keys]
            asked: Schema = {"type": "object", "required": [name]}
            if others:
                asked["not"] = {"anyOf": [{"required": [other]} for other in others]}
            branches.append({"if": asked, "then": self.schema(table, changes=changes)})
        some: Schema = {"anyOf": [{"required": [name]} for name in tables]}
        known = {key for table in tables.values() for key in table.keys} | ({REMOVE} if changes else set())
        branches.append({"if": {"not": some}, "then": {"propertyNames": {"enum": sorted(known)}}})
        if changes:
            some = {}  # the kind may be what the other file says
        shown = {name: {"description": _said(table.keys[name])} for name, table in tables.items()}
        return {"type": "object", "properties": shown, **some, "allOf": branches}

    def _keys(self, keys: Mapping[str, k.TableKey], *, changes: bool) -> dict[str, Schema]:
        found = {
            name: {"description": _said(key), **_beside(self.schema(key.kind, changes=changes))}
            for name, key in keys.items()
        }
        if changes:
            names = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
            found[REMOVE] = {"description": "What is to go, of the rules that this file extends.", **names}
        return found


def _beside(schema: Schema) -> Schema:
    """Return a schema that may have a description: draft 7 reads nothing beside a reference."""
    return {"allOf": [schema]} if "$ref" in schema else schema


def _flat(forms: Iterable[Schema]) -> list[Schema]:
    """Return the alternatives, those of alternatives among them, each once."""
    found: list[Schema] = []
    for each in forms:
        for one in each.get("anyOf", [each]):
            if one not in found:
                found.append(one)
    return found


def _said(key: k.TableKey) -> str:
    return f"{key.doc}\n\nExample: `{key.example}`" if key.example else key.doc
