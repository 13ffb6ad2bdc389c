"""The words of the languages of rule and promise files, from the loader's tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from attrs import evolve, frozen

from postinterview.core.rules.definitions import SCOPES
from postinterview.loading import rule_schema
from postinterview.loading import schema as k
from postinterview.loading.schema import REMOVE
from postinterview.proof.promises import schema as promise_schema

_REMOVED = "The ids of the extended rules that are left out here."


@frozen
class Keyword:
    """A word of the language: a key, or a word that may stand behind one.

    ``where``: what the key stands in, such as ``an `at_most` guard``. ``value_of``: the key that the word may
    stand behind; empty if it is a key itself.
    """

    word: str
    where: str
    doc: str
    example: str
    value_of: str = ""


@cache
def keywords() -> dict[str, tuple[Keyword, ...]]:
    """Return what each word means, once for each thing that it can mean."""
    found: dict[str, dict[tuple[str, str], Keyword]] = {}
    for each in _all():
        # One key stands in several tables with one sentence, such as `why`.
        known = found.setdefault(each.word, {}).setdefault((each.doc, each.value_of), each)
        if known.where != each.where:
            found[each.word][each.doc, each.value_of] = evolve(known, where=_both(known.where, each.where))
    return {word: tuple(meanings.values()) for word, meanings in found.items()}


def _both(one: str, other: str) -> str:
    """Return what two tables have in common, or the first: ``a guard`` for guards of two kinds."""
    if one.endswith("guard") and other.endswith("guard"):
        return "a guard"
    return "a promise" if one.startswith("a promise") and other.startswith("a promise") else one


def _all() -> Iterator[Keyword]:
    yield from _in(rule_schema.FILE, "")
    yield Keyword(REMOVE, "a file that extends another", _REMOVED, "remove: missed_call")
    yield from _in(promise_schema.FILE, "")


def _in(kind: k.Kind, where: str) -> Iterator[Keyword]:
    match kind:
        case k.Table(noun=noun, keys=keys):
            for name, key in keys.items():
                yield from _of_key(name, key, noun)
        case k.Variants(tables=tables):
            for table in tables.values():
                yield from _in(table, where)
        case k.Entries(value=value, keys=keys):
            for name, key in keys.items():
                yield from _of_key(name, key, kind.noun)
            yield from _in(value, where)
        case k.ListOf(item=item):
            yield from _in(item, where)
        case k.Forms(text=text, items=items, entries=entries):
            for part in (text, items, *([] if entries is None else [entries])):
                yield from _in(part, where)
        case _:
            pass


def _of_key(name: str, key: k.TableKey, noun: str) -> Iterator[Keyword]:
    yield Keyword(name, noun, key.doc, key.example)
    for word in dict.fromkeys(_words(key.kind)):
        yield Keyword(word, noun, key.doc, key.example, value_of=name)
    yield from _in(key.kind, noun)


def _words(kind: k.Kind) -> Iterator[str]:
    """Yield the words of the language that may stand as a value."""
    match kind:
        case k.OneOf(words):
            yield from words
        case k.ListOf(item=item):
            yield from _words(item)
        case k.Forms(text=text):
            yield from _words(text)
        case k.Name("state"):
            yield "any"
        case k.Simple():
            yield from SCOPES if kind is k.SCOPE else ()
        case _:
            pass
