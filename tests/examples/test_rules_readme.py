"""The page beside the rules names what is in them: nothing else, and nothing less."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import Any

import pytest
import yaml

import postinterview as pi
from postinterview.core.definitions import CONTACTS, Transition
from postinterview.loading.rule_schema import GUARD
from postinterview.scenario.playing import play
from tests.examples.telling import ROOT, default, scenarios_of

PAGE = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")

Row = list[str]


def table(heading: str) -> list[Row]:
    """The rows of the first table under a heading, without its own heading."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def block(start: str) -> str:
    """The fenced block that begins with a text, without its indentation."""
    found = re.search(rf"^( *)```yaml\n( *{re.escape(start)}.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
    assert found, start
    return dedent(found[2])


def rules() -> dict[str, Transition]:
    """Every rule as the page names it: `machine.rule`."""
    return {
        f"{machine.name}.{rule.id}": rule
        for machine in default().definition.machines.values()
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
    known = {f"{kind.name}.{field}" for kind in default().definition.events.values() for field in kind.fields}
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
    assert set(acts()) == {kind.name for kind in default().acts}


@pytest.mark.parametrize("act", list(acts()))
def test_an_act_is_listed_with_its_guards_in_the_order_of_the_rules(act: str) -> None:
    listed = [name for row in acts()[act] for name in names(row[2])]
    assert listed == guards_on(act)


@pytest.mark.parametrize("act", list(acts()))
def test_an_act_is_listed_with_the_states_in_which_it_may_be_asked_for(act: str) -> None:
    application = default().definition.machines["application"]
    found = [rule.sources for rule in application.transitions if rule.event == act]
    where = acts()[act][0][1]
    if where == "any":
        assert found == [tuple(application.states)]
    else:
        assert tuple(names(where)) == tuple(state for states in found for state in states)


@pytest.mark.parametrize("act", list(acts()))
def test_every_length_of_time_that_the_table_gives_stands_in_the_rules(act: str) -> None:
    written = plain(RULES)
    said = str(written["dates"])
    for machine in written["machines"].values():
        for rule in machine["transitions"].values():
            if rule["event"] == act:
                said += str({key: value for key, value in rule.items() if key != "why"})
    for row in acts()[act]:
        for length in re.findall(r"\d+ (?:hour|day)", row[3]):
            assert length in said, (row, length)


def test_every_kind_of_guard_is_explained() -> None:
    explained = [names(row[0])[0].split(":")[0] for row in table("What each guard means")]
    assert explained == list(GUARD.tables)


def test_the_ten_lines_that_it_explains_stand_in_the_rules() -> None:
    written = block("follow_up_once:")
    assert len(written.splitlines()) == 10
    (shown,) = plain(written).items()
    rule = plain(RULES)["machines"]["application"]["transitions"][shown[0]]
    assert shown[1] == {key: value for key, value in rule.items() if key != "why"}


def test_each_of_the_ten_lines_is_explained() -> None:
    section = PAGE.split("One rule, in ten lines:", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^(\d+)\. ", section, re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_its_story_comes_true_under_the_change_that_it_speaks_of_and_not_before() -> None:
    story = block("format: 1")
    mine = pi.load_rulebook(text=RULES.replace("interview + 7 days", "interview + 5 days"), name="mine.yaml")
    for rulebook, passes in ((mine, True), (default(), False)):
        (scenario,), diagnostics = scenarios_of(story, "story.yaml", rulebook)
        assert diagnostics == ()
        assert play(scenario, rulebook).passed is passes


def test_every_kind_of_contact_is_explained() -> None:
    section = PAGE.split("## How a rule file is built\n", 1)[1].split("One rule", 1)[0]
    assert set(CONTACTS) <= set(names(section))


def plain(text: str) -> dict[str, Any]:
    """A rule file as mappings, lists and text."""
    found: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 it builds only text
    return found
