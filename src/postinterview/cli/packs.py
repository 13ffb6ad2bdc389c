"""``postinterview packs``: list packs with what each changes, loosens, and allows at most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.options import HELP, examples, output
from postinterview.cli.terminal import Screen
from postinterview.core.values.formatting import say_count, say_list
from postinterview.core.values.suggest import ticked
from postinterview.files import FOLDER_VARIABLE, UnreadableError, is_bare, packaged, packs_folder
from postinterview.layout import BLANK, Line, Piece, columns, hang, line
from postinterview.loading.render import diagnostics_data
from postinterview.packs import STORED, Pack, pack_names, read_pack, searched_bounds, unusable_packs
from postinterview.proof.reports.proof import loosened_lines
from postinterview.proof.reports.proof_data import loosened_data
from postinterview.rulebooks import RulesError

_INDENT = "      "


@click.command(
    "packs",
    context_settings=HELP,
    short_help="List packs, with what each changes.",
    epilog=examples(
        "postinterview packs",
        "postinterview packs germany",
        "postinterview packs --folder our-packs",
        "postinterview packs --folder our-packs --store-bounds",
    ),
)
@click.argument("name", required=False)
@click.option(
    "--folder",
    metavar="DIR",
    help=f"List the packs in this folder, too. [default: the folder that {FOLDER_VARIABLE} names]",
)
@click.option("--store-bounds", is_flag=True, help=f"Search the worst cases again, and write {STORED} there.")
@output()
def command(name: str | None, screen: Screen, folder: str | None, store_bounds: bool) -> int:
    """List the packs that come with the package, and those in a folder of yours.

    Of each you see what it changes in the rules that it extends, which promises it loosens, and its worst
    case. With NAME, everything is shown of that one. A pack is used by its name: `rules: germany` in a
    scenario, `extends: germany` in a rule file. For packs of your own, set POSTINTERVIEW_RULES to their
    folder: then every command knows their names.

    Exit code 1: a pack has errors; 3: there is no such pack, or the folder can't be read or written.
    """
    if name is not None and not is_bare(name):
        raise UnreadableError(
            name,
            f"`{name}` is no name of a pack",
            f"for what a file changes, `postinterview diff default {name}`; for a folder of packs, name it "
            "with `--folder`",
        )
    found: list[Pack] = []
    diagnostics: list[dict[str, Any]] = []
    code = YES
    own = packs_folder(folder)
    if store_bounds and not own:
        raise click.UsageError("`--store-bounds` writes to a folder of packs: name it with `--folder`")
    names: tuple[str, ...] = () if name is None else (name,)
    unusable: tuple[UnreadableError, ...] = ()
    if name is None:
        try:
            names, unusable = pack_names(folder), tuple(unusable_packs(folder))
        except UnreadableError as error:
            screen.complain(error.message, error.help)
            return UNREADABLE
    for entry in unusable:
        screen.complain(entry.message, entry.help)
        code = UNREADABLE
    for each in names:
        try:
            found.append(read_pack(each, folder))
        except UnreadableError as error:
            screen.complain(error.message, error.help)
            code = UNREADABLE
        except RulesError as error:
            if name is None:
                count = sum(each.severity == "error" for each in error.diagnostics)
                path, where = str(Path(own, f"{each}.yaml")), f" --folder {folder}" if folder else ""
                screen.complain(
                    f"`{path}` has {say_count(count, 'error')}", f"see `postinterview packs {each}{where}`"
                )
            else:
                screen.diagnose(error.diagnostics, error.sources)
            diagnostics += diagnostics_data(error.diagnostics)
            code = code or NO
    if store_bounds:
        path = str(Path(own) / STORED)
        replace(path, searched_bounds((each for each in found if each.name not in packaged()), own))
        found = [read_pack(each.name, folder) for each in found]
    for number, pack in enumerate(found):
        screen.show([BLANK] if number else [])
        show = _details if name is not None else _in_short
        screen.show(show(pack, screen.width, "" if pack.name in packaged() else folder or ""))
    screen.answer({"packs": [_data(each) for each in found], "diagnostics": diagnostics})
    return code


def _in_short(pack: Pack, width: int, folder: str) -> Iterator[Line]:
    yield line(Piece(pack.name, "title"), f"  {pack.title}")
    said = [str(each) for each in pack.changes]
    if pack.extends:
        begin = f"{pack.extends}, but " if said else f"{pack.extends} as it is"
        yield from hang(line(_INDENT), line(f"{begin}{'; '.join(said)}"), width)
    if pack.loosens:
        names = say_list((f"`{each.name}`" for each in pack.loosens), "and")
        yield line(_INDENT, Piece("loosens", "warned"), f" {names}")
    yield from _unsaid(pack, width, folder)
    yield from hang(line(_INDENT), line(_worst_case(pack, folder)), width)


def _details(pack: Pack, width: int, folder: str) -> Iterator[Line]:
    yield line(Piece(pack.name, "title"), f"  {pack.title}  ", Piece(pack.file, "dim"))
    if pack.definition.why:
        yield from hang(line(_INDENT), line(pack.definition.why), width)
    if pack.extends:
        yield line(f"extends {pack.extends}, and changes:" if pack.changes else f"extends {pack.extends}")
        rows = ((line(f"{_INDENT}{each}"), line(Piece(str(each.origin), "dim"))) for each in pack.changes)
        yield from columns(rows, width, most=max(40, width - 30))
    yield from loosened_lines(loosened_data(pack.loosens))
    yield from _unsaid(pack, width, folder)
    for kept in pack.definition.keeps:
        yield line(f"keeps the promises of {kept.file}")
    yield from hang(line(), line(_worst_case(pack, folder)), width)


def _unsaid(pack: Pack, width: int, folder: str) -> Iterator[Line]:
    """Yield which promises only the file loosens that a pack extends: it does so for itself alone."""
    if pack.loosened_above:
        names = ticked(pack.loosened_above, "and")
        check = f"{f'{FOLDER_VARIABLE}={folder} ' if folder else ''}postinterview check {pack.name}"
        said = f" loosens {names} for itself alone; whether this one keeps it says `{check}`"
        yield from hang(line(_INDENT), line(Piece(pack.extends, "warned"), said), width)


def _worst_case(pack: Pack, folder: str) -> str:
    if not pack.worst_case:
        search = f"packs --folder {folder} --store-bounds" if folder else f"bound {pack.name}"
        return f"worst case: not stored; `postinterview {search}` searches it"
    said = (f"{most} in {time}" for time, most in pack.worst_case.items())
    return f"worst case: at most {say_list(said, 'and')} (follow-ups and calls, per employer)"


def _data(pack: Pack) -> dict[str, Any]:
    return {
        "name": pack.name,
        "file": pack.file,
        "title": pack.title,
        "why": pack.definition.why,
        "extends": pack.extends or None,
        "changes": [
            {
                "what": each.what,
                "path": ".".join(each.path),
                "old": each.old,
                "new": each.new,
                "text": str(each),
                "file": each.origin.file,
                "line": each.origin.line,
            }
            for each in pack.changes
        ],
        "loosened": loosened_data(pack.loosens),
        "loosened_above": list(pack.loosened_above),
        "keeps": [each.file for each in pack.definition.keeps],
        "worst_case": dict(pack.worst_case),
    }
