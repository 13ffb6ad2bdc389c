"""The generated reference names every event, guard, code, command, option and public name."""

from __future__ import annotations

import re

import click
import pytest

import postinterview as pi
from json_documents import JSON_CALLS
from postinterview import cli
from postinterview.cli.app import commands
from postinterview.core.rules.definitions import MachineKind
from postinterview.judging import load_promises
from postinterview.loading import guard_schema
from postinterview.loading.code_pages import read_pages
from postinterview_command import INTERRUPTED
from reference import GENERATED, PUBLIC_MODULES
from tests.readme.pages import PAGES, ROOT, blocks_of

DOCS = ROOT / "docs"
MACHINES = tuple(pi.load_rulebook().definition.machines.values())
COMMANDS = {name: commands.get_command(click.Context(commands), name) for name in cli.COMMANDS}


def section(text: str, heading: str) -> str:
    """The text below a heading, to the next of the same level."""
    (mark,) = re.findall(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    after = text.split(f"\n{mark} {heading}\n")[1] if not text.startswith(mark) else text.split(heading, 1)[1]
    return re.split(rf"^#{{1,{len(mark)}}} ", after, flags=re.MULTILINE)[0]


def test_every_generated_part_is_on_one_page_and_every_page_asks_for_what_exists() -> None:
    asked = [
        name
        for page in DOCS.glob("**/*.md")
        for name in re.findall(r"<!-- generated: ([\w-]+) -->", page.read_text(encoding="utf-8"))
    ]
    assert sorted(asked) == sorted(GENERATED)


def test_every_event_is_there_with_its_fields() -> None:
    rows = [line.split(" | ") for line in GENERATED["events"]().splitlines() if line.startswith("| `")]
    listed = {row[0].strip("| `"): re.findall(r"`(\w+)`: ", row[3]) for row in rows}
    kinds = pi.load_rulebook().definition.events.values()
    assert listed == {kind.name: list(kind.fields) for kind in kinds}


def test_every_promise_is_there_with_its_title() -> None:
    text = GENERATED["promises"]()
    promises = load_promises(pi.load_rulebook()).promises
    assert all(f"| `{each.id}` | {each.title} |" in text for each in promises)
    assert text.count("\n") == len(promises) + 1


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_machine_is_there_with_its_states_transitions_and_guards(machine: MachineKind) -> None:
    text = section(GENERATED["machines"](), f"`{machine.name}`")
    for name in [*machine.states, *(rule.id for rule in machine.transitions)]:
        assert f"| `{name}` |" in text
    for rule in machine.transitions:
        assert all(f"`{guard.id}`" in text for guard in rule.guards)


def test_every_guard_is_there_with_its_keys() -> None:
    text = "\n" + GENERATED["guards"]()
    for kind, guard in guard_schema.GUARD.tables.items():
        listed = re.findall(r"^\| `(\w+)`", section(text, f"`{kind}`"), re.MULTILINE)
        assert listed == list(guard.keys)


def test_every_kind_of_guard_is_explained() -> None:
    page = (DOCS / "reference" / "guards.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+):", page, re.MULTILINE) == list(guard_schema.GUARD.tables)


def test_every_code_is_there_with_an_anchor() -> None:
    assert re.findall(r"^### (PI\d+): .* { #\1 }$", GENERATED["diagnostics"](), re.MULTILINE) == list(
        read_pages()
    )


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_there_with_its_options(name: str) -> None:
    text = section("\n" + GENERATED["command-line"](), f"`{name}`")
    command = COMMANDS[name]
    assert command is not None
    for option in command.params:
        # `make_metavar` takes no context before click 8.2.
        names = option.opts if isinstance(option, click.Option) else [option.human_readable_name.strip("[]")]
        assert all(each in text for each in names), names


def test_the_document_of_every_command_is_there() -> None:
    assert {call.split()[0] for call in JSON_CALLS.values()} == set(cli.COMMANDS)
    documents = GENERATED["json"]()
    assert all(f"## `{title}`" in documents for title in JSON_CALLS)


def test_every_exit_code_is_there() -> None:
    page = (DOCS / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    codes = [cli.YES, cli.NO, cli.USAGE, cli.UNREADABLE, cli.UNKNOWN, INTERRUPTED, cli.CLOSED]
    assert re.findall(r"^\| (\d+) \|", page, re.MULTILINE) == [str(code) for code in codes]


def test_every_public_name_is_there_once() -> None:
    listed = re.findall(r"^::: (?:postinterview[\w.]*)\.(\w+)$", GENERATED["python"](), re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(pi.__all__) <= set(listed)
    assert all(f"## `{module}`" in GENERATED["python"]() for module in PUBLIC_MODULES)


def test_every_module_that_a_page_imports_from_is_in_the_reference() -> None:
    blocks = [block for page in PAGES for block in blocks_of(page) if block.language in ("python", "diff")]
    code = "".join(block.text for block in blocks)
    imported = re.findall(r"^\+?from (postinterview[\w.]*) import", code, re.MULTILINE)
    assert set(imported) | {"postinterview"} == set(PUBLIC_MODULES)


def test_every_command_and_option_that_a_page_names_exists() -> None:
    for page in PAGES:
        for call in re.findall(r"`postinterview ([^`]*)`", (ROOT / page).read_text(encoding="utf-8")):
            name, *words = call.split()
            if name.startswith("-"):
                continue
            command = COMMANDS[name]
            assert command is not None
            known = {option for param in command.params for option in param.opts}
            assert {word for word in words if word.startswith("--")} <= known, (page, call)


def test_every_public_name_that_a_page_names_exists() -> None:
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert set(re.findall(r"\bpi\.([A-Za-z_]+)", text)) <= set(pi.__all__), page


def test_a_page_that_the_site_fills_in_says_so_in_the_repository() -> None:
    note = (
        "\n> This page is filled in when the site is built: in the environment, run "
        "`pip install -e '.[docs]'`, then `mkdocs serve`.\n"
    )
    for page in DOCS.glob("**/*.md"):
        text = page.read_text(encoding="utf-8")
        assert ("<!-- generated: " in text) == (note in text), page
