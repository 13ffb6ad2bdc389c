"""``postinterview prove``: whether any path through rule files is pushy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count
from pathlib import Path
from time import perf_counter  # noqa: TID251 - it measures the proof
from typing import Any

import click

from postinterview.cli import NO, UNKNOWN, UNREADABLE, YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.compare import compare_files
from postinterview.cli.inputs import named_from, path_from
from postinterview.cli.options import FILE, HELP, RULES, examples, limits, output
from postinterview.cli.proof_advice import advised
from postinterview.cli.terminal import Screen
from postinterview.core.errors import MisuseError
from postinterview.core.rulebook import Rulebook
from postinterview.files import (
    DEFAULT,
    PROMISES,
    RulesError,
    UnreadableError,
    load_to_prove,
    prove,
    read_packaged,
)
from postinterview.layout import BLANK, Line, Piece, Style, column_width, line, pad
from postinterview.proof.certificate import CertificateError, write_certificate
from postinterview.proof.prove import Proof, Result
from postinterview.proof.report import (
    ASSUMPTIONS,
    explanations,
    faulty_data,
    milder_sentences,
    proof_data,
    result_sentence,
    scenario_name,
    story_sentences,
    trusted,
)
from postinterview.proof.story_file import scenario_data, scenario_file

_SIGNS: dict[str, tuple[str, Style]] = {
    "proved": ("ok    ", "ok"),
    "violated": ("FAIL  ", "failed"),
    "unknown": ("?     ", "opens"),
}


@click.command(
    "prove",
    context_settings=HELP,
    short_help="Prove that no path is pushy.",
    epilog=examples(
        "postinterview prove",
        "postinterview prove mine.yaml --write stories/",
        "postinterview prove mine.yaml --promises ours.yaml --explain",
        "postinterview prove --certificate default.proof.json",
        "postinterview prove --compare default mine.yaml --write stories/",
    ),
)
@click.argument("files", nargs=-1, metavar="[FILE...]", type=RULES)
@click.option(
    "--promises", multiple=True, metavar="FILE", type=FILE, help="More promises, besides the packaged ones."
)
@click.option("--write", metavar="DIR", type=FILE, help="Write what breaks a promise as scenario files.")
@click.option(
    "--certificate", metavar="FILE", type=FILE, help="Write what `verify` checks (of one rule file)."
)
@click.option("--explain", is_flag=True, help="Show what each guard protects, and a way to each act.")
@click.option(
    "--compare",
    nargs=2,
    metavar="OLD NEW",
    type=RULES,
    help="Instead: find what NEW allows and OLD refused, after the same history.",
)
@limits
@output()
def command(files: tuple[str, ...], screen: Screen, **options: Any) -> int:
    """Prove that no path through a rule file is pushy, or show the shortest dated one that is.

    FILE is a rule file, or the name of packaged rules; without any, the packaged `default`. With
    `--compare` two of them are held against each other: does NEW allow a contact that OLD refused?

    Exit code 1: a promise is violated, a packaged event tagged more mildly, a contact newly allowed, or
    a file has errors; 3: a file can't be read; 4: a limit was hit, nothing is known.
    """
    if options["compare"]:
        if files or options["promises"] or options["certificate"] or options["explain"]:
            raise click.UsageError("`--compare` takes OLD and NEW, and besides `--write` and limits nothing")
        old, new = options["compare"]
        return compare_files(screen, old, new, options)
    if options["certificate"] and len(files) > 1:
        raise click.UsageError("`--certificate` is of one rule file")
    found: list[Proof] = []
    data: list[dict[str, Any]] = []
    unreadable = False
    taken: set[str] = set()
    for file in files or (DEFAULT,):
        try:
            rulebook, proof = _prove(file, options)
        except RulesError as error:
            screen.diagnose(error.diagnostics, error.sources)
            data.append(faulty_data(file, error.diagnostics))
            continue
        except (UnreadableError, MisuseError) as error:
            screen.complain(error.message, error.help)
            unreadable = True
            continue
        found.append(proof)
        data.append(proof_data(proof))
        screen.show(_text(proof))
        if options["explain"]:
            screen.show(_explained(rulebook, proof))
        name = _free(rulebook.name, taken)
        unreadable = not _write(screen, name, proof, file, options) or unreadable
    verdict = _worst(found)
    if len(data) == 1 and len(files) < 2:
        screen.answer(data[0])
    elif data:
        screen.answer({"verdict": verdict if len(found) == len(data) else None, "files": data})
    if unreadable:
        return UNREADABLE
    if len(found) < len(data) or any(proof.milder for proof in found):
        return NO
    return {"violated": NO, "unknown": UNKNOWN}.get(verdict, YES)


def _prove(file: str, options: Mapping[str, Any]) -> tuple[Rulebook, Proof]:
    rulebook = load_to_prove(file)
    proof = prove(
        rulebook,
        promises=options["promises"],
        max_zones=options["max_zones"],
        max_seconds=options["max_seconds"],
    )
    return rulebook, proof


def _worst(found: list[Proof]) -> str:
    verdicts = {proof.verdict for proof in found}
    return next((each for each in ("violated", "unknown") if each in verdicts), "proved")


def _text(proof: Proof) -> Iterator[Line]:
    names = ", ".join(source.name for source in proof.definition.sources)
    yield line(Piece(f"{names}: {proof.definition.title}", "title"))
    room = column_width(result.id for result in proof.results)
    for result in proof.results:
        sign, style = _SIGNS[result.verdict]
        said = f"{result_sentence(result)} ({result.seconds:.3f} s)"
        yield line(Piece(sign, style), f"{pad(result.id, room)}  {said}")
        for sentence in story_sentences(result):
            yield line(f"      {sentence}")
        for sentence in advised(proof, result):
            yield line(f"           = help: {sentence}")
    yield BLANK
    yield line(Piece("trusted, as the file tags its events:", "dim"))
    for tag, events in trusted(proof.definition):
        yield line(Piece(f"  {tag:<16}{', '.join(events) or '-'}", "dim"))
    for sentence in milder_sentences(proof):
        yield line(Piece("  milder          ", "failed"), sentence)
    for each in ASSUMPTIONS:
        yield line(Piece(each, "dim"))
    seconds = sum(result.seconds for result in proof.results)
    style = "ok" if proof.verdict == "proved" else "failed"
    kept = sum(result.verdict == "proved" for result in proof.results)
    yield line(
        Piece(f"{proof.verdict}", style),
        f": {kept} of {len(proof.results)} promises hold on every path ({seconds:.2f} s)",
    )
    if proof.milder:
        yield line(
            Piece("FAIL", "failed"), ": a packaged event may be tagged more strictly, never more mildly"
        )


def _explained(rulebook: Rulebook, proof: Proof) -> Iterator[Line]:
    yield BLANK
    found = tuple(explanations(rulebook, proof, perf_counter))
    room = column_width(name for name, _ in found)
    for name, said in found:
        yield line(f"  {pad(name, room)}  {said}")


def _free(name: str, taken: set[str]) -> str:
    """The name that the stories of a rule file begin with: numbered, where another file's begin so."""
    free = next(each for each in chain([name], map(f"{name}-{{}}".format, count(2))) if each not in taken)
    taken.add(free)
    return free


def _write(screen: Screen, name: str, proof: Proof, file: str, options: dict[str, Any]) -> bool:
    try:
        if options["write"]:
            folder = Path(options["write"])
            folder.mkdir(parents=True, exist_ok=True)
            rules = named_from(folder, file)
            for result in proof.results:
                text = _scenario(rules, result)
                if text is not None:
                    path = folder / f"{name}-{result.id}.yaml"
                    replace(str(path), text)
                    screen.show([line("wrote ", Piece(str(path), "dim"))])
        if options["certificate"]:
            path = Path(options["certificate"])
            files = _named_from(path.parent, file, proof, options["promises"])
            replace(str(path), write_certificate(proof, files))
            screen.show([line("wrote ", Piece(str(path), "dim"))])
    except CertificateError as error:
        screen.complain(f"there is no certificate: {error.message}", error.help)
        return proof.verdict != "proved"
    except UnreadableError as error:
        screen.complain(error.message, error.help)
        return False
    except OSError as error:
        screen.complain(f"`{error.filename}` can't be written", error.strerror or "")
        return False
    return True


def _scenario(rules: str, result: Result) -> str | None:
    replay = result.violation
    if replay is None:
        return None
    return scenario_file(rules, [scenario_data(scenario_name(result), replay, result.promise.title)])


def _named_from(folder: Path, file: str, proof: Proof, promises: Iterable[str]) -> dict[str, str]:
    """How a certificate in the folder names what the proof was made of: each source by its name."""
    named = {source.name: named_from(folder, file) for source in proof.definition.sources}
    return (
        named | {name: path_from(folder, name) for name in promises} | {read_packaged(PROMISES)[0]: PROMISES}
    )
