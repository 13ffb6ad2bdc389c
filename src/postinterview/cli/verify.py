"""``postinterview verify``: check whether a certificate proves what it says, of the files as they are now."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from postinterview import files, judging, rulebooks
from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.inputs import STDIN, read
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.terminal import Screen
from postinterview.core.rules.definitions import EMPLOYER
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_count, say_list
from postinterview.describing.phrases import duration
from postinterview.layout import Piece, line
from postinterview.loading.render import diagnostics_data
from postinterview.proof.bound import TABLE
from postinterview.proof.certificates.certificate import Certificate, read_certificate, refuse_milder, verify
from postinterview.proof.certificates.data import CertificateError, ProvedFile
from postinterview.proof.promises.promise import Promises
from postinterview.proof.reports.proof import loosened_lines
from postinterview.proof.reports.proof_data import loosened_data


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
@click.option("--promises", multiple=True, metavar="FILE", type=FILE, help="Use these promise files instead.")
@output()
def command(certificate: str, file: str | None, promises: tuple[str, ...], screen: Screen) -> int:
    """Check a certificate that `prove` or `bound` wrote with `--certificate`, without a search.

    CERTIFICATE names the rule file and the promise files that it is about, and they are read as they are
    now. If the rule file was moved, FILE says where it is; it can also be the name of packaged rules.

    Exit code 1: the certificate proves nothing or is about other files, or a file has errors; 3: a file
    can't be read.
    """
    try:
        shown, text = read(certificate)
    except files.UnreadableError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE

    def answer(code: int, **found: Any) -> int:
        keys = ("line", "column")
        data = {"verified": code == YES, "file": shown, **dict.fromkeys(keys), "message": "", "help": ""}
        screen.answer({**data, "states": 0, "loosened": [], "diagnostics": [], **found})
        return code

    rules, again = "", f"postinterview prove FILE --certificate {shlex.quote(certificate)}"
    try:
        proof = read_certificate(text.decode("utf-8", "replace"))
        rules, named = _files(proof, certificate)
        rules = file or rules
        is_bound = bool(proof.bounds) and not proof.promises
        asked = ["bound", rules, *_options(proof)] if is_bound else ["prove", rules]
        again = _again(certificate, asked, promises or named)
        rulebook = rulebooks.load_to_prove(rules)
        own = len(rulebook.definition.keeps)  # the rules name these, and `promises` lists them first
        named = promises or named[own:]
        again = _again(certificate, asked, named)
        held = Promises(()) if is_bound else judging.load_promises(rulebook, *named)
        definition, milder, _ = judging.held_to_packaged(rulebook.definition)
        refuse_milder(milder)
        states = verify(definition, held, proof)
    except rulebooks.RulesError as error:
        screen.diagnose(error.diagnostics, error.sources)
        message = "the rules or promises that it is about have errors"
        return answer(NO, message=message, diagnostics=diagnostics_data(error.diagnostics))
    except (files.UnreadableError, MisuseError) as error:
        help = error.help
        if file is None and isinstance(error, files.UnreadableError) and error.path == rules:
            help = f"say where it is now: postinterview verify {shlex.quote(certificate)} FILE"
        screen.complain(error.message, help)
        return UNREADABLE
    except CertificateError as error:
        place = f"{shown}:{error.line}:{error.column}" if error.line else shown
        help = error.help or f"make it again: {again}"
        screen.complain(f"{place}: {error.message}", help)
        at = {"line": error.line or None, "column": error.column or None}
        return answer(NO, message=error.message, help=help, **at)
    sources = " and ".join(source.name for source in definition.sources)
    loosened = loosened_data(
        each for each in definition.loosens.values() if is_bound or each.name in proof.loosened
    )
    kept = [each for each in held.promises if each.id not in proof.loosened]
    counts = ((kept, "promise"), (proof.bounds, "bound"))
    counted = ", ".join(say_count(len(each), unit) for each, unit in counts if each)
    said = f"{shown}  {sources}: {counted}, {say_count(states, 'state')}"
    screen.show([line(Piece("ok    ", "ok"), said)])
    for bound in proof.bounds:
        parts = (f"{term.at_most} of {say_list(term.events)} per {term.scope}" for term in bound.terms)
        screen.show([line(f"      {bound.question}: at most {', and '.join(parts)}")])
    screen.show(loosened_lines(loosened))
    return answer(YES, states=states, loosened=loosened)


def _files(certificate: Certificate, path: str) -> tuple[str, Sequence[str]]:
    """Return the paths of the rule file and of the promise files that a certificate names."""
    if not certificate.rules:
        raise CertificateError("the certificate names no rule file")
    for each in (*certificate.rules, *certificate.promises):
        if files.is_bare(each.file) and each.name != f"rules/{each.file}.yaml":
            raise CertificateError(
                f"the certificate is damaged: the packaged `{each.file}` is not `{each.name}`"
            )
    named = [each for each in certificate.promises if each.file != files.PROMISES]
    return _find(path, certificate.rules[0]), [_find(path, each) for each in named]


def _find(certificate: str, named: ProvedFile) -> str:
    """Return the path of a file: from the certificate's folder, or as `prove` was given it."""
    if files.is_bare(named.file):
        return named.file
    beside = os.path.normpath(Path(certificate).parent / named.file)
    moved = not Path(beside).exists() and Path(named.name).exists()
    path = named.name if moved else beside
    return f"./{path}" if files.is_bare(path) else path


def _options(certificate: Certificate) -> Iterator[str]:
    """Yield the options of `bound` that ask the question of a certificate; none for the usual questions."""
    questions = [each.question for each in certificate.bounds]
    for asked in questions if set(questions) - set(TABLE) else ():
        yield from (word for each in asked.of for word in ("--of", each))
        yield from (word for each in asked.but for word in ("--but", each))
        if asked.per != EMPLOYER:
            yield from ("--per", str(asked.per))
        if asked.within is not None:
            yield from ("--within", duration(asked.within))
        if asked.silence:
            yield "--silence"


def _again(certificate: str, asked: Sequence[str], promises: Sequence[str]) -> str:
    """Return the command that makes the certificate again."""
    words = ["postinterview", *asked, *(word for each in promises for word in ("--promises", each))]
    return shlex.join([*words, "--certificate", "FILE" if certificate == STDIN else certificate])
