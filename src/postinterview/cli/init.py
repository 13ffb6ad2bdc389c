"""``postinterview init``: begin rules of one's own, with a story that shows what is different."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import click

from postinterview.cli import YES
from postinterview.cli.atomic_write import make_folder, replace
from postinterview.cli.options import HELP, NewPath, examples, output
from postinterview.cli.schema import FOLDER, modeline, schema_file, schema_text
from postinterview.cli.terminal import Screen
from postinterview.core.values.formatting import say_list
from postinterview.files import UnreadableError
from postinterview.layout import BLANK, Piece, line

_RULES = """\
# The packaged rules, and what we do otherwise. `postinterview show ours.yaml` shows both as one.
format: 1
extends: default
title: After the interview, as we do it
version: "1"
why: They get ten days for an answer, not seven.
dates:
  answer_due: [promised + 1 business day, waited_from + 10 days]
"""

_STORY = """\
format: 1
rules: ours.yaml
scenarios:
  - name: Ten days, and then a mail
    timezone: Europe/Zurich
    employer: Acme
    steps:
      - {at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana]}}
      - at: 2026-03-11 09:00
        event: follow_up
        with: {channel: email}
        expect: refused
        because: [wait_for_the_answer]
        opens_at: 2026-03-12 10:00
      - {at: 2026-03-12 10:00, event: follow_up, with: {channel: email}}
"""

_PICTURES = "pip install 'postinterview[drawing]'"
_COMMANDS: Mapping[str, str] = {
    "check ours.yaml": "what is wrong, and whether a promise is broken",
    "test story.yaml": "whether the stories go as they say",
    "diff default ours.yaml": "what is allowed now and was not, and the reverse",
    "explain follow_up ours.yaml": "the rules of one act, in sentences",
    "draw ours.yaml -o ours.html": f"a picture of all of it, after `{_PICTURES}`",
}
_README = f"""\
# Our rules after the interview

`ours.yaml` extends the packaged rules and changes one number. `story.yaml` shows what that does.
Change the number and the story, and ask after each change:

{"".join(f"- `postinterview {call}` - {what}{chr(10)}" for call, what in _COMMANDS.items())}"""


def _files() -> dict[str, str]:
    """Return the files that are written, by their paths in the folder."""
    schemas = {kind: f"{FOLDER}/{schema_file(kind)}" for kind in ("rules", "scenarios")}
    return {
        "ours.yaml": f"{modeline(schemas['rules'])}\n{_RULES}",
        "story.yaml": f"{modeline(schemas['scenarios'])}\n{_STORY}",
        "README.md": _README,
        **{path: schema_text(kind) for kind, path in schemas.items()},
    }


@click.command(
    "init",
    context_settings=HELP,
    short_help="Begin rules of your own.",
    epilog=examples("postinterview init our-rules"),
)
@click.argument("folder", metavar="DIR", type=NewPath("our-rules"))
@output()
def command(folder: str, screen: Screen) -> int:
    """Begin rules of your own: a rule file with one changed number, a story, and a short README.

    DIR is a folder, which is made if there is none. The rules extend the packaged `default`; the story shows
    what the changed number does. Schemas for editors are written beside them. Files that exist are never
    overwritten: then nothing is written at all.

    Exit code 3: a file exists, or can't be written.
    """
    place = Path(folder)
    files = _files()
    if place.exists() and not place.is_dir():
        raise UnreadableError(folder, f"`{folder}` is a file", "name a folder, such as `our-rules`")
    there = [name for name in files if os.path.lexists(place / name)]
    if there:
        message = f"`{folder}` has {say_list(there, 'and')} already, so nothing was written"
        raise UnreadableError(folder, message, "name another folder, or move these files away")
    _write(place, files)
    screen.show([line("wrote ", Piece(str(place / name), "title")) for name in files])
    screen.show([BLANK, line("Try them there:")])
    screen.show([line(f"  cd {folder}")] if folder != "." else [])
    screen.show([line(f"  postinterview {call}") for call in _COMMANDS])
    if find_spec("graphlay") is None:
        screen.show([line(f"For the picture, first: {_PICTURES}")])
    screen.answer({"folder": folder, "written": list(files)})
    return YES


def _write(place: Path, files: Mapping[str, str]) -> None:
    """Write all files, or none.

    Raises:
        UnreadableError: the system refuses.
    """
    written: list[Path] = []
    made = [each for each in (place, place / FOLDER) if not each.exists()]
    try:
        make_folder(place / FOLDER)
        for name, text in files.items():
            written.append(place / name)
            replace(str(place / name), text)
    except UnreadableError:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in reversed(made):
            folder.rmdir() if folder.exists() else None
        raise
