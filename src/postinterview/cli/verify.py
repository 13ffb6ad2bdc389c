"""``postinterview verify``: whether a certificate proves what it says, of the files as they are now."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from attrs import evolve, frozen

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.file_search import STDIN, read
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.rules import is_packaged
from postinterview.cli.terminal import Screen
from postinterview.core.errors import MisuseError
from postinterview.files import (
    PROMISES,
    RulesError,
    UnreadableError,
    held_to_packaged,
    load_promises,
    load_to_prove,
)
from postinterview.layout import Piece, line
from postinterview.loading.render import diagnostics_data
from postinterview.proof.certificate import refuse_milder, verify_read
from postinterview.proof.claims import Certificate, CertificateError, Named, read_certificate


@click.command(
    "verify",
    context_settings=HELP,
    short_help="Check a certificate again.",
    epilog=examples(
        "postinterview prove mine.yaml --certificate mine.proof.json",
        "postinterview verify mine.proof.json",
        "postinterview verify mine.proof.json rules/mine.yaml",
    ),
)
@click.argument("certificate", type=FILE)
@click.argument("file", required=False, type=RULES)
@click.option(
    "--promises", multiple=True, metavar="FILE", type=FILE, help="Other promise files than it names."
)
@output()
def command(certificate: str, file: str | None, promises: tuple[str, ...], screen: Screen) -> int:
    """Check a certificate that `prove --certificate` wrote, without searching anew.

    CERTIFICATE names the rule file and the promises that it was made of, and they are read as they
    are now; FILE is where the rule file lies, if no longer there, or the name of packaged rules.

    Exit code 1: it proves nothing, is of other files, or one of them has errors; 3: a file can't be read.
    """
    try:
        shown, data = read(certificate)
    except UnreadableError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    rules, again = "", f"postinterview prove FILE --certificate {shlex.quote(certificate)}"
    try:
        read_in = read_certificate(data.decode("utf-8", "replace"))
        files = _Files.of(read_in, certificate)
        files = evolve(files, rules=file or files.rules, promises=promises or files.promises)
        rules, again = files.rules, files.again(certificate)
        rulebook = load_to_prove(rules)
        held = load_promises(rulebook, *files.promises)
        definition, milder = held_to_packaged(rulebook.definition)
        refuse_milder(milder)
        states = verify_read(definition, held, read_in)
    except RulesError as error:
        screen.diagnose(error.diagnostics, error.sources)
        message = "the rules or promises that it is of have errors"
        screen.answer(_data(shown, message) | {"diagnostics": diagnostics_data(error.diagnostics)})
        return NO
    except (UnreadableError, MisuseError) as error:
        help = error.help
        if file is None and isinstance(error, UnreadableError) and error.path == rules:
            help = f"say where it is now: postinterview verify {shlex.quote(certificate)} FILE"
        screen.complain(error.message, help)
        return UNREADABLE
    except CertificateError as error:
        place = f"{shown}:{error.line}:{error.column}" if error.line else shown
        help = error.help or f"make it anew: {again}"
        screen.complain(f"{place}: {error.message}", help)
        screen.answer(_data(shown, error.message, help, error.line, error.column))
        return NO
    named = " and ".join(source.name for source in definition.sources)
    said = f"{shown}  {named}: {len(held.promises)} promises, {states} states"
    screen.show([line(Piece("ok    ", "ok"), said)])
    screen.answer(_data(shown, states=states) | {"verified": True})
    return YES


def _data(
    file: str, message: str = "", help: str = "", line: int = 0, column: int = 0, states: int = 0
) -> dict[str, Any]:
    return {
        "verified": False,
        "file": file,
        "line": line or None,
        "column": column or None,
        "message": message,
        "help": help,
        "states": states,
        "diagnostics": [],
    }


@frozen
class _Files:
    """The files that a certificate is held against, as they are named from here."""

    rules: str
    promises: Sequence[str]

    @classmethod
    def of(cls, certificate: Certificate, path: str) -> _Files:
        """Those that the certificate names, from its folder."""
        if len(certificate.rules) != 1:
            raise CertificateError(f"the certificate is of {len(certificate.rules)} rule files, not of one")
        for each in (*certificate.rules, *certificate.promises):
            if is_packaged(each.file) and each.name != f"rules/{each.file}.yaml":
                message = f"the certificate is damaged: the packaged `{each.file}` is not `{each.name}`"
                raise CertificateError(message)
        named = [each for each in certificate.promises if each.file != PROMISES]
        return cls(_find(path, certificate.rules[0]), [_find(path, each) for each in named])

    def again(self, certificate: str) -> str:
        """What to type to make the certificate anew."""
        words = ["postinterview", "prove", self.rules]
        for each in self.promises:
            words += ["--promises", each]
        return shlex.join([*words, "--certificate", "FILE" if certificate == STDIN else certificate])


def _find(certificate: str, named: Named) -> str:
    """A file that a certificate names, from its folder; where it is not there, as it was named to `prove`."""
    if is_packaged(named.file):
        return named.file
    beside = os.path.normpath(Path(certificate).parent / named.file)
    moved = not Path(beside).exists() and Path(named.name).exists()
    path = named.name if moved else beside
    return f"./{path}" if is_packaged(path) else path
