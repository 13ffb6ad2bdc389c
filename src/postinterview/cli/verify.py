"""``postinterview verify``: whether a certificate proves what it says, of the files as they are now."""

from __future__ import annotations

import click

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.finding import read
from postinterview.cli.options import HELP, as_json, examples
from postinterview.cli.screen import Screen
from postinterview.core.errors import MisuseError
from postinterview.files import (
    DEFAULT,
    RulesError,
    UnreadableError,
    held_to_packaged,
    load_promises,
    load_rulebook,
)
from postinterview.proof.certificate import CertificateError, refuse_milder, verify
from postinterview.scenario.lines import Piece, line


@click.command(
    "verify",
    context_settings=HELP,
    short_help="Check a certificate again.",
    epilog=examples(
        "postinterview verify default.proof.json", "postinterview verify mine.proof.json mine.yaml"
    ),
)
@click.argument("certificate")
@click.argument("file", default=DEFAULT, required=False)
@click.option("--promises", multiple=True, metavar="FILE", help="More promises, besides the packaged ones.")
@as_json
def command(certificate: str, file: str, promises: tuple[str, ...], as_json: bool) -> int:
    """Check a certificate against the rule file it was made for, without searching anew.

    Exit code 1: it proves nothing, or of other files than these; 3: a file can't be read.
    """
    screen = Screen(as_json=as_json)
    try:
        _, data = read(certificate)
        rulebook = load_rulebook(file)
        held = load_promises(rulebook, *promises)
    except RulesError as error:
        screen.diagnose(error.diagnostics, error.sources)
        return UNREADABLE
    except (UnreadableError, MisuseError) as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    definition, milder = held_to_packaged(rulebook.definition)
    try:
        refuse_milder(milder)
        states = verify(definition, held, data.decode("utf-8", "replace"))
    except CertificateError as error:
        screen.complain(error.message, error.help)
        screen.answer({"verified": False, "message": error.message, "states": 0})
        return NO
    screen.show(
        [line(Piece("ok    ", "ok"), f"{certificate}  {len(held.promises)} promises, {states} states")]
    )
    screen.answer({"verified": True, "message": "", "states": states})
    return YES
