"""Faults of a single line, as slips of the keyboard make them, in files that the package ships.

A fault is drawn from a number, so that every run makes the same ones. Only faults that matter are drawn: the
file can't be loaded any more, or its rules mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import Any, Literal, TypeAlias

from attrs import fields, frozen, has

from postinterview.files import named_parent_of, packaged, read_packaged
from postinterview.loading import load

Kind: TypeAlias = Literal[
    "deleted", "number", "ten times", "unit", "keyword", "name", "letter", "moved", "indent", "doubled"
]
KINDS: tuple[Kind, ...] = (
    "deleted", "number", "ten times", "unit", "keyword", "name", "letter", "moved", "indent", "doubled"
)  # fmt: skip

UNITS = ("minutes", "hours", "days", "business days", "weeks")
KEYWORDS = (
    ("not_before", "not_after"), ("happened", "not_happened"), ("state", "not_state"), ("of", "since"),
    ("within", "since"), ("from", "to"), ("holds", "blocks"), ("true", "false"), ("per", "of"),
    ("employer", "application", "round", "interviewer"), ("chase", "courtesy", "attempt", "reply"),
    ("business days", "weekdays"),
)  # fmt: skip
_UNIT = re.compile(r"(?<=\d )(business days?|minutes?|hours?|days?|weeks?)\b")
_NUMBER = re.compile(r"(?<![\w.:-])\d+(?![\w.:-])")
_WORD = re.compile(r"[a-z]+(?:_[a-z]+)*")


@frozen
class LineFault:
    """A file with one line at fault.

    ``line``: where it was in the file as shipped; ``lines``: where it is now, and of a line that is gone from
    there, the entry above and the line before; ``text``: the whole file.
    """

    number: int
    kind: Kind
    file: str
    line: int
    lines: frozenset[int]
    was: str
    now: str
    text: str

    def __str__(self) -> str:
        return (
            f"{self.number} {self.kind} {self.file}:{self.line}: {self.was.strip()!r} -> {self.now.strip()!r}"
        )


def changed_line(hand: Random, kind: Kind, line: str, names: tuple[str, ...]) -> str | None:
    """The line with a slip of this kind; None if it has no place for one."""
    code, mark, comment = line.partition(" #")
    match kind:
        case "number" | "ten times":
            found = list(_NUMBER.finditer(code))
        case "unit":
            found = list(_UNIT.finditer(code))
        case "keyword":
            words = [word for group in KEYWORDS for word in group]
            found = [m for word in words for m in re.finditer(rf"(?<![\w-]){word}(?![\w-])", code)]
        case _:
            found = [m for m in _WORD.finditer(code) if kind == "letter" or m.group() in names]
    if not found:
        return None
    at = hand.choice(found)
    old = at.group()
    match kind:
        case "number":
            new = str(max(0, int(old) + hand.choice([-3, -2, -1, 1, 2, 3])))
        case "ten times":
            new = old[:-1] if old.endswith("0") and len(old) > 1 and hand.random() < 0.5 else old + "0"
        case "unit":
            new = hand.choice(UNITS)
        case "keyword":
            new = hand.choice([w for group in KEYWORDS if old in group for w in group if w != old])
        case "letter":
            place = hand.randrange(len(old))
            new = old[:place] + hand.choice(["", "x", old[place] * 2]) + old[place + 1 :]
        case _:
            new = hand.choice([each for each in names if each != old])
    return code[: at.start()] + new + code[at.end() :] + mark + comment


def draw(number: int, file: str, text: str, kind: Kind, hand: Random) -> LineFault | None:
    """One fault of this kind; None if the line that was hit has no place for one."""
    lines = text.split("\n")
    told = [n for n, each in enumerate(lines) if each.strip() and not each.lstrip().startswith("#")]
    at = hand.choice(told)
    was = now = lines[at]
    shown = {at + 1}
    depth = len(was) - len(was.lstrip())
    above = next(
        (n for n in range(at, -1, -1) if lines[n].strip() and len(lines[n]) - len(lines[n].lstrip()) < depth),
        at,
    )
    match kind:
        case "deleted":
            now = ""
            del lines[at]
            shown |= {above + 1, at}
        case "doubled":
            lines.insert(at, was)
            shown |= {at + 2}
        case "indent":
            now = lines[at] = (
                " " * hand.choice([1, 2, 4]) + was
                if hand.random() < 0.5
                else was[2:]
                if was[:2] == "  "
                else was[1:]
            )
        case "moved":
            near = [n for n in told if n != at and abs(n - at) < 40 and lines[n].startswith(" " * depth)]
            near = [n for n in near if len(lines[n]) - len(lines[n].lstrip()) == depth]
            if not near:
                return None
            where = hand.choice(near)
            lines.insert(where, lines.pop(at))
            shown |= {where + 1, above + 1, at}
        case _:
            names = tuple(dict.fromkeys(re.findall(r"^ {2,8}([a-z_]+):", text, re.MULTILINE)))
            changed = changed_line(hand, kind, was, names)
            if changed is None:
                return None
            now = lines[at] = changed
    return LineFault(number, kind, file, at + 1, frozenset(shown), was, now, "\n".join(lines))


def rule_files() -> Mapping[str, str]:
    """The packaged rule files by name: the default ones as often as all the packs."""
    return {name: read_packaged(name)[1].decode("utf-8") for name in packaged()}


@cache
def meaning_of(text: str) -> Any:
    """What the rules mean, whatever the order of guards; None if they can't be loaded."""
    definition = load(text, "x.yaml", name="x", finder=named_parent_of).definition
    return None if definition is None else _plain(definition)


_NOT_MEANT = {"origin", "title", "why", "text", "sources", "meta", "id", "version", "migrations"}
_NOT_MEANT |= {"origins", "changes", "removals"}  # places, too


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if has(kind):
        found = {f.name: _plain(getattr(value, f.name)) for f in fields(kind) if f.name not in _NOT_MEANT}
        if "guards" in found:  # all of them must hold, so their order means nothing
            found["guards"] = sorted(found["guards"], key=str)
        return found
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def line_faults(first: int, count: int) -> Iterator[LineFault]:
    """The faults of these numbers in rule files, each in a file and of a kind drawn from its number."""
    files = rule_files()
    names = [*files, *["default"] * len(files)]
    for number in range(first, first + count):
        hand = Random(number)  # noqa: S311 - no secret
        kind = hand.choice(KINDS)
        while True:
            file = hand.choice(names)
            fault = draw(number, file, files[file], kind, hand)
            if fault is None:
                continue
            meaning = meaning_of(fault.text)
            if meaning is None or meaning != meaning_of(files[file]):
                yield fault
                break
