"""``postinterview explain``: the page behind the code of a diagnostic."""

from __future__ import annotations

from typing import Any

import click

from postinterview.cli.options import HELP, as_json, examples
from postinterview.cli.screen import Screen
from postinterview.core.suggest import closest, help_for
from postinterview.loading.codes import CODES, Code
from postinterview.scenario.lines import BLANK, Line, Piece, hang, line


@click.command(
    "explain",
    context_settings=HELP,
    short_help="What the code of a diagnostic means.",
    epilog=examples(
        "postinterview explain PI203",
        "postinterview explain",
    ),
)
@click.argument("code", required=False)
@as_json
def command(code: str | None, as_json: bool) -> None:
    """Explain the code of a diagnostic; without one, list all codes."""
    screen = Screen(as_json=as_json)
    if code is None:
        screen.show(line(Piece(page.code, "title"), f"  {page.title}") for page in CODES.values())
        screen.answer({"codes": [_data(page) for page in CODES.values()]})
        return
    page = CODES.get(code.upper())
    if page is None:
        close = help_for(closest(code, CODES), ())
        raise click.UsageError(f"there is no code `{code}`; {close or 'postinterview explain lists them'}")
    screen.show(_page(page, screen.width))
    screen.answer(_data(page))


def _page(page: Code, width: int) -> list[Line]:
    lines = [line(Piece(f"{page.code}: {page.title}", "title")), BLANK]
    lines += hang((), line(page.explanation), width)
    for title, example in (("Not so:", page.example_bad), ("But so:", page.example_good)):
        lines += [BLANK, line(Piece(title, "title"))]
        lines += [line(f"    {each}") for each in example.rstrip("\n").split("\n")]
    return lines


def _data(page: Code) -> dict[str, Any]:
    return {
        "code": page.code,
        "title": page.title,
        "explanation": page.explanation,
        "example_bad": page.example_bad,
        "example_good": page.example_good,
    }
