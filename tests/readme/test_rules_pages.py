"""The pages about the rules name what is in them: nothing less, and nothing that is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from postinterview.core.rules.definitions import CONTACTS, Transition
from tests.core.helpers import packaged
from tests.oracle.stories import plain
from tests.readme.pages import ROOT

FOLDER = ROOT / "docs" / "rules"
ADVICE_PAGE = (FOLDER / "advice.md").read_text(encoding="utf-8")
FILE_PAGE = (FOLDER / "file.md").read_text(encoding="utf-8")
RULES = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")

Row = list[str]


def table(heading: str) -> list[Row]:
    """The rows of the first table under a heading, without the table's head."""
    section = ADVICE_PAGE.split(f"# {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def rules() -> dict[str, Transition]:
    """Every transition as the page names it: `machine.transition`."""
    return {
        f"{machine.name}.{rule.id}": rule
        for machine in packaged().definition.machines.values()
        for rule in machine.transitions
    }


def guards_on(event: str) -> list[str]:
    return [guard.id for rule in rules().values() if rule.event == event for guard in rule.guards]


ADVICE = table("From the advice to the rule")


@pytest.mark.parametrize("row", ADVICE, ids=lambda row: row[0])
def test_a_piece_of_advice_leads_to_rules_guards_and_fields_that_exist(row: Row) -> None:
    _, advice, cited, guards, fields = row
    assert advice
    assert names(cited)
    assert set(names(cited)) <= set(rules())
    assert set(names(guards)) <= {guard.id for name in names(cited) for guard in rules()[name].guards}
    known = {
        f"{kind.name}.{field}" for kind in packaged().definition.events.values() for field in kind.fields
    }
    assert set(names(fields)) <= known


def test_all_ten_pieces_of_the_advice_are_there() -> None:
    assert [row[0] for row in ADVICE] == [f"A{number}" for number in range(1, 11)]


def test_every_guard_of_the_rules_serves_some_advice() -> None:
    cited = {name for row in ADVICE for name in names(row[3])}
    assert {guard.id for rule in rules().values() for guard in rule.guards} == cited


def acts() -> dict[str, list[Row]]:
    """The rows of the table of acts, by the act that the first of them names."""
    found: dict[str, list[Row]] = {}
    for row in table("The acts, their guards, and where the numbers come from"):
        for name in names(row[0]):
            found[name] = []
        found[list(found)[-1]].append(row)
    return found


def test_the_table_of_acts_has_every_act_and_no_other() -> None:
    assert set(acts()) == {kind.name for kind in packaged().acts}


@pytest.mark.parametrize("act", list(acts()))
def test_an_act_is_listed_with_its_guards_in_the_order_of_the_rules(act: str) -> None:
    listed = [name for row in acts()[act] for name in names(row[2])]
    assert listed == guards_on(act)


@pytest.mark.parametrize("act", list(acts()))
def test_an_act_is_listed_with_the_states_in_which_it_may_be_asked_for(act: str) -> None:
    application = packaged().definition.machines["application"]
    found = [rule.sources for rule in application.transitions if rule.event == act]
    where = acts()[act][0][1]
    if where == "any":
        assert set(found) == {tuple(application.states)}
    else:
        assert tuple(names(where)) == tuple(state for states in found for state in states)


def sets_of(guards: Any, sets: Any) -> list[Any]:
    """The sets of guards that a transition or a set uses."""
    used = guards.get("use", [])
    return [
        each
        for name in ([used] if isinstance(used, str) else used)
        for each in (sets[name], *sets_of(sets[name], sets))
    ]


@pytest.mark.parametrize("act", list(acts()))
def test_every_length_of_time_that_the_table_gives_stands_in_the_rules(act: str) -> None:
    written = plain(RULES)
    said = str(written["dates"])
    for machine in written["machines"].values():
        for rule in machine["transitions"].values():
            if rule["event"] == act:
                said += str({key: value for key, value in rule.items() if key != "why"})
                said += "".join(map(str, sets_of(rule.get("guards", {}), written["guard_sets"])))
    for row in acts()[act]:
        for length in re.findall(r"\d+ (?:hour|day)", row[3]):
            assert length in said, (row, length)


def test_each_of_the_eight_lines_is_explained() -> None:
    section = FILE_PAGE.split("## One transition, line by line", 1)[1].split("## ", 1)[0]
    _, block, explained = section.split("```")
    assert len(block.splitlines()) == 1 + 8, "the fence and the lines"
    assert re.findall(r"^(\d+)\. ", explained, re.MULTILINE) == [str(number) for number in range(1, 9)]


def test_every_kind_of_contact_is_explained() -> None:
    section = FILE_PAGE.split("## Contact\n", 1)[1].split("\n## ", 1)[0]
    assert set(CONTACTS) <= set(names(section))


def test_the_glossary_is_sorted_and_has_every_kind_of_contact() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| \*\*(.*?)\*\* \|", glossary, re.MULTILINE)
    assert words == sorted(set(words))
    assert set(CONTACTS) - {"none"} <= set(words)
