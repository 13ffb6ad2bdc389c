"""Pictures of machines: any title and any name of a state comes back out of the Mermaid text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import evolve, frozen
from hypothesis import example, given
from hypothesis import strategies as st

from postinterview import load_rulebook
from postinterview.core.rules.definitions import MachineKind
from postinterview.drawing.mermaid import mermaid

DEFINITION = load_rulebook().definition
APPLICATION = DEFINITION.machines["application"]

names = st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True) | st.sampled_from(["end", "note", "as"])
read_by_mermaid = st.text("\"\\`'#;:%<>{}[]\n\r\t &*_-a1", max_size=12)
titles = read_by_mermaid | st.text(st.characters(codec="utf-8"), max_size=40)


@frozen
class Picture:
    """A picture as a reader of Mermaid sees it: titles by id, and arrows with their labels."""

    titles: Mapping[str, str]
    arrows: frozenset[tuple[str, str, str]]


def read(text: str) -> Picture:
    """Read the subset that is written, as Mermaid's grammar does: a colon and a semicolon end a text."""
    found: dict[str, str] = {}
    arrows = set()
    header, *lines = text.split("\n")
    assert (header, lines.pop()) == ("stateDiagram-v2", "")
    for line in lines:
        if line == "    direction LR":
            continue
        assert "%%" not in line
        bare = re.sub(r"#(\w+);", lambda code: "\0" + code[1] + "\1", line)
        match = re.fullmatch(r" {4}(\[\*\]|[^\s:;{}<>-]+)(?: --> ([^\s:;{}<>-]+))?(?: : ([^:;\n]+))?", bare)
        assert match is not None, line
        source, target, said = match.groups()
        assert source.casefold() not in {"end", "state", "note", "as", "class", "direction", "default"}
        said = re.sub("\0([0-9]+)\1", lambda code: chr(int(code[1])), said or "")
        if target is None:
            found[source] = said
        else:
            arrows.add((source, target, said))
    return Picture(found, frozenset(arrows))


def machine(states: dict[str, str]) -> MachineKind:
    """The application with other states: the names with their titles, and none of its transitions."""
    (known, *_) = APPLICATION.states.values()
    kinds = {name: evolve(known, name=name, title=title) for name, title in states.items()}
    return evolve(APPLICATION, states=kinds, start=next(iter(states)), transitions=())


@given(st.dictionaries(names, titles.filter(str.strip), min_size=1, max_size=4))
@example({"end": "The end: of #35; it", "end_": "a"})
@example({"a": " 'x' %% <b> "})
def test_every_title_comes_back(states: dict[str, str]) -> None:
    picture = read(mermaid(machine(states), {}))
    (start,) = (arrow for arrow in picture.arrows if arrow[0] == "[*]")
    untitled = {name for name, title in states.items() if title == name} - {*picture.titles.values()}
    shown = [*picture.titles.values(), *untitled]

    assert sorted(shown) == sorted(states.values())
    assert (start[0], picture.titles.get(start[1], start[1])) == ("[*]", next(iter(states.values())))


def test_the_arrows_of_the_packaged_rules_are_these() -> None:
    picture = read(mermaid(APPLICATION, dict(DEFINITION.events)))

    assert ("waiting", "followed_up", "▲ follow_up") in picture.arrows
    assert {source for source, _, _ in picture.arrows} <= {"[*]", *APPLICATION.states}
    named = {state.name: state.title for state in APPLICATION.states.values() if state.title}
    assert picture.titles == named
