"""List the keys of the JSON documents of the command line, by running a sample call of each command."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import postinterview as pi
from markdown_table import table
from postinterview.cli.app import run

ROOT = Path(__file__).parents[2]
_LOG = "examples/audit/histories/log"
_CALENDAR = "examples/calendar"
JSON_CALLS: Mapping[str, str] = {
    "run": "run examples/happy-path.yaml",
    "test": "test examples/quoted-date.yaml",
    "check": "check examples/pushy/own-reset.yaml examples/pushy/cadence.yaml",
    "next": 'next examples/quoted-date.yaml --at "2026-01-14 09:00"',
    "next --all": 'next --all examples/companies.jsonl --at "2026-03-05 09:00"',
    "prove": "prove examples/pushy/cadence.yaml",
    "prove --compare": "prove --compare examples/pushy/ten-then-fourteen.yaml examples/pushy/cadence.yaml",
    "bound": 'bound --of counter_offer --within "60 days"',
    "diff": "diff examples/pushy/ten-then-fourteen.yaml examples/pushy/cadence.yaml",
    "verify": "verify bound.proof.json",
    "migrate --check": "migrate --check acme.json --rules rules/default.yaml",
    "audit": f"audit {_LOG}.csv --map {_LOG}.yaml",
    "audit (no map)": f"audit {_LOG}.csv",
    "audit --against": f"audit {_LOG}.csv --map {_LOG}.yaml --rules essentials --against default",
    "calendar": f'calendar {_CALENDAR}/march.ics --map {_CALENDAR}/map.yaml --at "2026-03-05 09:00"',
    "audit --graph": "audit --graph examples/audit/cadence.yaml",
    "show": "show germany dates",
    "packs": "packs germany",
    "schema": "schema",
    "draw": "draw --machine thanks",
    "init": "init ours",
    "serve --check": "serve --check --store mine.db --port 0",
    "tokens": "tokens --store mine.db --new ada --scope read --scope act",
    "recipients": "recipients acme ana@acme.example --timezone Europe/Zurich --store mine.db",
    "confirm": "confirm --store mine.db",
    "mcp --check": "mcp --check --store mine.db",
    "explain (a code)": "explain PI203",
    "explain (a name)": "explain follow_up",
    "explain --compiled": "explain --compiled reply",
    "explain --step": "explain examples/quoted-date.yaml --step 2",
}
"""A call of each command, whose document is shown."""


def json_documents() -> str:
    """List the keys of the document of each command, as a sample call prints them."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name in ("rules", "examples"):
            Path(name).symlink_to(ROOT / name)
        process = pi.load_rulebook().start(employer="Acme", timezone="Europe/Zurich")
        Path("acme.json").write_text(process.to_json(), encoding="utf-8")
        _printed('bound --of counter_offer --within "60 days" --certificate bound.proof.json')
        return "\n\n".join(_document(title, call) for title, call in JSON_CALLS.items())


def _document(title: str, call: str) -> str:
    document = _merged([json.loads(_printed(f"{call} --format json"))])
    rows = [(f"`{path}`", f"`{_sample(value)}`") for path, value in _leaves(document, "")]
    return f"## `{title}`\n\n```text\npostinterview {call} --format json\n```\n\n" + table(
        ("key", "example"), rows
    )


def _printed(call: str) -> str:
    """Run a command and return what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run(shlex.split(call))
    return printed.getvalue()


def _merged(values: list[Any]) -> Any:
    """Return one value with all the keys of several, each with the first value that says something."""
    values = [value for value in values if value not in (None, [], {})] or values[:1]
    if values and isinstance(values[0], dict):
        keys = dict.fromkeys(key for value in values for key in value)
        return {key: _merged([value[key] for value in values if key in value]) for key in keys}
    if values and isinstance(values[0], list):
        return [_merged([inner for value in values for inner in value])] if any(values) else []
    return values[0] if values else None


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Return the paths of the values in a document. The user's own fields and scenarios are one value."""
    if isinstance(value, dict) and value and path.rpartition(".")[2] not in ("with", "fields", "scenario"):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        yield from _leaves(value[0], f"{path}[]")
    else:
        yield path, value


def _sample(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False).replace("`", "'")
    return text if len(text) <= 60 else f"{text[:57]}..."
