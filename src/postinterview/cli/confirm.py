"""``postinterview confirm``: list what agents say that the employer did, and confirm or decline it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from postinterview.cli import NO, YES
from postinterview.cli.gate_option import Place, for_people, open_approvals
from postinterview.cli.options import HELP, examples, output
from postinterview.cli.terminal import Screen
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_list
from postinterview.layout import Line, Piece, hang, line

if TYPE_CHECKING:
    from postinterview.gate import Approvals, Word  # the help needs no extra

_INDENT = "    "


@click.command(
    "confirm",
    context_settings=HELP,
    short_help="Confirm what agents say that happened.",
    epilog=examples(
        "postinterview confirm",
        "postinterview confirm --owner ada --format json",
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--decline", is_flag=True, help="Forget these words: they are wrong, or nobody can know.")
@for_people
@output()
def command(
    ids: tuple[str, ...],
    decline: bool,
    place: Place,
    screen: Screen,
) -> int:
    """Confirm or decline what an agent says that happened, such as a question from the employer.

    An employer's word makes room for an answer, so an agent can't record one by itself. Without ID, the words
    that wait are listed: what would be recorded, why the agent says so, and which acts it would allow. The
    agent's reason is its own, so look it up before you confirm.

    Exit code 0: done; 1: no word with an ID waits, or it can no longer be recorded; 2: the rules or the owner
    can't be used; 3: the store can't be used.
    """
    if decline and not ids:
        raise click.UsageError("name the words to decline, by their ids")
    answers, code = [], YES
    with open_approvals(place) as approvals:
        for each in ids:
            try:
                said = _answer(approvals, each, decline=decline)
            except MisuseError as error:
                screen.complain(error.message, error.help)
                code = NO
                continue
            screen.show([line(said)])
            answers.append({"id": each, "text": said})
        waiting = [] if ids else [_shown(approvals, word) for word in approvals.pending()]
    for shown in waiting:
        screen.show(_lines(shown, screen.width))
    if not ids and not waiting:
        screen.show([line("no word waits for a confirmation")])
    screen.answer(
        {"confirmed": [] if decline else answers, "declined": answers if decline else [], "pending": waiting}
    )
    return code


def _answer(approvals: Approvals, id: str, *, decline: bool) -> str:
    if all(each.id != id for each in approvals.pending()):
        message = f"no word `{id}` waits for a confirmation"
        raise MisuseError(message, "list those that do: postinterview confirm")
    if decline:
        approvals.decline(id)
        return f"declined `{id}`"
    return approvals.confirm(id).text


def _shown(approvals: Approvals, word: Word) -> dict[str, Any]:
    """Return a word in plain types, with what it would do; or with what stands in its way."""
    try:
        preview = approvals.preview(word.id).as_json()
    except MisuseError as error:
        preview = {"text": f"can no longer be recorded: {error.message}", "opens": [], "closes": []}
    return {**word.as_json(), **preview}


def _lines(word: dict[str, Any], width: int) -> Iterator[Line]:
    yield line(Piece(word["id"], "title"), f"  {word['key']}")
    yield from hang(line(_INDENT), line(word["text"]), width)
    if word["because"]:
        yield from hang(
            line(f"{_INDENT}the agent says: "), line(f'"{word["because"]}"'), width, len(_INDENT) + 2
        )
    for what, acts in (("it would allow", word["opens"]), ("it would end", word["closes"])):
        if acts:
            yield from hang(line(f"{_INDENT}{what}: "), line(say_list(acts, "and")), width, len(_INDENT) + 2)
    if word["state"] == "confirming":
        yield line(f"{_INDENT}a confirmation was interrupted: confirm it again")
