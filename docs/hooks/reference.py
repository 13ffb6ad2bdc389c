"""Write the generated parts of the reference, as Markdown, from the package itself.

Each function gives one part. A page takes it in by the line ``<!-- generated: NAME -->``, so what is written
by hand and what is generated stand in one page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from importlib import import_module
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from textwrap import dedent

import click

import postinterview as pi
from json_documents import json_documents
from markdown_table import table
from postinterview import status_files
from postinterview.audit.history import map_schema
from postinterview.audit.table import table_schema
from postinterview.cli.app import commands
from postinterview.contrib.fastapi.router import ALL_OF_AN_OWNER, FOLLOW, OFFERS
from postinterview.core.rules.definitions import EventKind, FieldKind, MachineKind
from postinterview.drawing.mermaid import mermaid
from postinterview.drawing.signs import SIGNS
from postinterview.gate import Gate
from postinterview.gate.sql_notes import SqlNotes
from postinterview.judging import load_promises
from postinterview.loading import guard_schema, rule_schema
from postinterview.loading import schema as k
from postinterview.proof.promises import schema as promise_schema
from postinterview.scenario import scenario_schema
from postinterview.serve import Tokens, create_app
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore

ROOT = Path(__file__).parents[2]

PUBLIC_MODULES = (
    "postinterview",
    "postinterview.calls",
    "postinterview.stores",
    "postinterview.stores.sql",
    "postinterview.stores.sqlite",
    "postinterview.gate",
    "postinterview.gate.sql_notes",
    "postinterview.contrib.django",
    "postinterview.contrib.sqlalchemy",
    "postinterview.contrib.fastapi",
    "postinterview.serve",
    "postinterview.reminders",
    "postinterview.audit",
    "postinterview.audit.bulk",
    "postinterview.invitations",
    "postinterview.testing",
)


# --- the default rules ----------------------------------------------------------------------------


def events() -> str:
    """List the events of the default rules with their fields."""
    kinds = pi.load_rulebook().definition.events.values()
    facts = [kind for kind in kinds if kind.contact is None]
    acts = [kind for kind in kinds if kind.contact is not None]
    head = ("event", "title", "what it is and does", "fields")
    parts = [
        f"### {title}\n\n{table(head, map(_event, some))}"
        for title, some in (("Facts", facts), ("Acts", acts))
    ]
    return "\n\n".join(parts)


def _event(kind: EventKind) -> tuple[str, str, str, str]:
    said = [f"contact `{kind.contact}`"] * bool(kind.contact)
    said += ["opens the next round"] * kind.opens_round
    said += ["starts an application"] * (kind.contact is not None and kind.starts_application)
    said += ["names one person with `to`"] * kind.to_person
    said += [f"gives the credit `{credit}`" for credit in kind.gives]
    said += [f"ends the date `{name}`" for name in kind.ends]
    said += ["is no sign of life"] * (kind.contact is None and not kind.sign_of_life)
    title = kind.title.replace("{to}", "the interviewer").replace("{employer}", "the employer")
    return f"`{kind.name}`", title, ", ".join(said), "<br>".join(map(_field, kind.fields.values()))


def _field(kind: FieldKind) -> str:
    value = " or ".join(f"`{choice}`" for choice in kind.choices) if kind.choices else kind.type
    said = [value, *["optional"] * kind.optional, *[f"sets the date `{kind.sets}`"] * bool(kind.sets)]
    return f"`{kind.name}`: {', '.join(said)}" + (f". {kind.why}" if kind.why else "")


def promises() -> str:
    """List the packaged promises, what each forbids, and why."""
    rows = [
        (f"`{each.id}`", each.title, "<br>".join(map(str, each.clauses)), each.why)
        for each in load_promises(pi.load_rulebook()).promises
    ]
    return table(("promise", "what must never happen", "exactly", "why"), rows)


def machines() -> str:
    """List the machines of the default rules with their states, transitions and guards."""
    definition = pi.load_rulebook().definition
    parts = []
    for machine in definition.machines.values():
        parts.append(f"### `{machine.name}`")
        parts.append(f"{machine.title}. One for each {machine.scope}; it starts in `{machine.start}`.")
        if machine.name == "application":
            picture = mermaid(machine, definition.events)
            signs = ", ".join(f"{sign} {meaning.partition(':')[0]}" for sign, meaning in SIGNS.values())
            parts.append(f"The signs: {signs}.\n\n```mermaid\n{picture}```")
        rows = [
            (f"`{each.name}`", (each.title or "") + ", not judged" * each.outside)
            for each in machine.states.values()
        ]
        parts.append(table(("state", "title"), rows))
        parts.append(_transitions(machine))
    return "\n\n".join(parts)


def _transitions(machine: MachineKind) -> str:
    rows = [
        (
            f"`{rule.id}`",
            f"`{rule.event}`",
            "any state" if set(rule.sources) == set(machine.states) else _names(rule.sources),
            f"`{rule.target}`" if rule.target else "stays",
            _names(guard.id for guard in rule.guards),
        )
        for rule in machine.transitions
    ]
    return table(("transition", "event", "from", "to", "guards"), rows)


# --- the languages of the files -------------------------------------------------------------------


def guards() -> str:
    """List the kinds of guards with their keys, and those of the default rules as examples."""
    rules = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    parts = []
    for kind, guard in guard_schema.GUARD.tables.items():
        parts += [f"## `{kind}`", _keys(guard)]
        examples = dict.fromkeys(re.findall(rf"^ +(\w+: {{{kind}: .*}})$", rules, re.MULTILINE))
        if examples:
            parts.append("In the default rules:\n\n```yaml\n" + "\n".join(examples) + "\n```")
    shared = "Beside the guards of a transition, or of a set:"
    return "\n\n".join([*parts, "## `use`", shared, _keys(guard_schema.GUARDS)])


def rule_file() -> str:
    return _language(rule_schema.FILE)


def promise_file() -> str:
    return _language(promise_schema.FILE)


def scenario_file() -> str:
    return _language(scenario_schema.FILE, scenario_schema.SCENARIO, scenario_schema.STEP)


def map_file() -> str:
    return _language(map_schema.FILE)


def statuses_file() -> str:
    return _language(status_files.FILE)


def table_file() -> str:
    return _language(table_schema.FILE, table_schema.EDGE)


def _language(*tables: k.Table) -> str:
    """List the keys of the tables and of all that stand in them, each table once."""
    found: dict[str, k.Table] = {}
    for each in tables:
        for inner in _tables_in(each):
            found.setdefault(inner.noun, inner)
    titles = {noun: noun[0].upper() + noun[1:] for noun in found}
    return "\n\n".join(f"### {titles[noun]}\n\n{_keys(each)}" for noun, each in found.items())


def _tables_in(kind: object) -> Iterator[k.Table]:
    match kind:
        case k.Table(keys=keys):
            yield kind
            for key in keys.values():
                yield from _tables_in(key.kind)
        case k.Entries(value=value):
            yield from _tables_in(value)
        case k.ListOf(item=item):
            yield from _tables_in(item)
        case k.Forms(entries=entries):
            yield from _tables_in(entries)
        case k.Variants(tables=tables):
            if kind is not guard_schema.GUARD:  # guards have a page of their own
                for each in tables.values():
                    yield from _tables_in(each)
        case _:  # a value without keys
            pass


def _keys(of: k.Table | k.Entries) -> str:
    rows = [
        (f"`{name}`" + " (required)" * key.required, key.doc, f"`{key.example}`")
        for name, key in of.keys.items()
    ]
    return table(("key", "meaning", "example"), rows)


def diagnostics() -> str:
    """Return the pages of all diagnostic codes, one family after the other."""
    pages = Path(str(files("postinterview.loading"))) / "pages"
    families = sorted(pages.glob("*.md"), key=lambda path: int(path.name.partition("-")[0].replace("x", "0")))
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in families)
    text = re.sub(r"^## (PI\d+): (.*)$", r"## \1: \2 { #\1 }", text, flags=re.MULTILINE)
    return re.sub(r"^(?=##? PI)", "#", text, flags=re.MULTILINE)


# --- the command line and Python ------------------------------------------------------------------


def command_line() -> str:
    """List the commands with their arguments and options, the group of all commands first."""
    group = click.Context(commands, info_name="postinterview")
    found: list[tuple[str, click.Command, click.Context]] = [("postinterview", commands, group)]
    for name in commands.list_commands(group):
        command = commands.get_command(group, name)
        if command is not None:
            found.append(
                (
                    name,
                    command,
                    click.Context(command, info_name=name, parent=group, **command.context_settings),
                )
            )
    return "\n\n".join(_command(*each) for each in found)


def _command(name: str, command: click.Command, context: click.Context) -> str:
    usage = context.get_usage().removeprefix("Usage: ")
    rows = [_option(each, context) for each in command.get_params(context) if isinstance(each, click.Option)]
    return "\n\n".join(
        [
            f"## `{name}`",
            f"```text\n{usage}\n```",
            *map(_paragraph, cleandoc(command.help or "").split("\n\n")),
            table(("option", "meaning"), rows),
            *_subcommands(command, context),
            _paragraph(command.epilog or ""),
        ]
    )


def _subcommands(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        found = {name: command.get_command(context, name) for name in command.list_commands(context)}
        rows = [(f"[`{name}`](#{name})", each.get_short_help_str(80)) for name, each in found.items() if each]
        yield table(("command", "what it does"), rows)


def _paragraph(text: str) -> str:
    """Return a paragraph of a help text; click's mark for lines that stay as they are makes it a block."""
    return f"```text\n{dedent(text[2:])}\n```" if text.startswith("\b\n") else text


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    names, text = option.get_help_record(context) or (", ".join(option.opts), option.help or "")
    return f"`{names}`", text


def public_names() -> Mapping[str, list[str]]:
    """Return the public names of each public module, a name under the first module that has it."""
    seen: list[object] = []
    found: dict[str, list[str]] = {}
    for name in PUBLIC_MODULES:
        module = import_module(name)
        found[name] = []
        for each in getattr(module, "__all__", ("SqlStore", "tables")):
            value = getattr(module, each)
            if not any(value is other for other in seen):
                seen.append(value)
                found[name].append(each)
    return found


def python() -> str:
    """List the public names of Python, for mkdocstrings to put their docstrings there."""
    parts = []
    for module, names in public_names().items():
        parts += [f"## `{module}`", *(f"::: {module}.{name}" for name in names)]
    return "\n\n".join(parts)


def fastapi() -> str:
    """List the operations of the router for FastAPI."""
    rows = []
    for offer in (*OFFERS, FOLLOW, ALL_OF_AN_OWNER):
        summary, *_ = cleandoc(offer.operation.__doc__ or "").splitlines()
        rows.append((f"`{offer.name}`", f"`{offer.method} {offer.path}`", summary, f"`{offer.scope}`"))
    return table(("operation", "request", "what it does", "scope"), rows)


def service() -> str:
    """List the operations of the service, but for those of the router, by its OpenAPI document."""
    with TemporaryDirectory() as folder, closing(SqlStore(f"sqlite:///{folder}/service.db")) as store:
        keeper = Keeper(pi.load_rulebook(), store)
        gate = Gate(keeper, SqlNotes(store), secret=token_hex(32))
        paths = create_app(keeper, Tokens(store), gate=gate).openapi()["paths"]
    theirs = {(offer.method, offer.path) for offer in (*OFFERS, ALL_OF_AN_OWNER)}
    rows = []
    for path, each in paths.items():
        for method, said in each.items():
            if (method.upper(), path) not in theirs:
                scopes = [scope for needed in said.get("security", ()) for scope in needed["token"]]
                rows.append((f"`{method.upper()} {path}`", f"{said['summary']}.", _names(scopes)))
    return table(("request", "what it does", "scope"), rows)


def _names(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


GENERATED: Mapping[str, Callable[[], str]] = {
    "events": events,
    "promises": promises,
    "machines": machines,
    "guards": guards,
    "rule-file": rule_file,
    "promise-file": promise_file,
    "scenario-file": scenario_file,
    "map-file": map_file,
    "statuses-file": statuses_file,
    "table-file": table_file,
    "service": service,
    "diagnostics": diagnostics,
    "command-line": command_line,
    "json": json_documents,
    "python": python,
    "fastapi": fastapi,
}
"""The generated parts by the names that pages call them by."""
