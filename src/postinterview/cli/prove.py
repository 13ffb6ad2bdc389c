"""``postinterview prove``: prove that no path through rule files is pushy, or compare two of them."""

from __future__ import annotations

from functools import partial
from itertools import chain, count
from pathlib import Path
from time import thread_time  # noqa: TID251 - it measures the proof
from typing import Any

import click

from postinterview.bounds import bounds
from postinterview.cli import NO, UNKNOWN, UNREADABLE, YES
from postinterview.cli.advice import at_any_hour, hours_lines, sentences
from postinterview.cli.atomic_write import make_folder, replace
from postinterview.cli.options import FILE, HELP, RULES, NewPath, examples, limits, output
from postinterview.cli.terminal import Screen
from postinterview.core.values.errors import MisuseError
from postinterview.files import DEFAULT, UnreadableError
from postinterview.judging import compare, prove
from postinterview.layout import BLANK, Piece, column_width, line, pad
from postinterview.loading.render import diagnostics_data
from postinterview.named_rules import named_from, names_from
from postinterview.proof.bound import TABLE
from postinterview.proof.certificates.certificate import write_certificate
from postinterview.proof.certificates.data import CertificateError
from postinterview.proof.explain import explanations
from postinterview.proof.prove import Proof, worst
from postinterview.proof.reports.bound import bound_data, worst_case
from postinterview.proof.reports.proof import comparison_lines, proof_lines
from postinterview.proof.reports.proof_data import comparison_data, proof_data
from postinterview.proof.reports.story_file import breaking, newly_allowed, refused_before, scenario_file
from postinterview.rulebooks import RulesError, load_to_prove, read_to_prove

_BOUND_SECONDS = 2.0
"""The worst case is searched no longer than this: `postinterview bound` searches longer."""


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
    "--promises", multiple=True, metavar="FILE", type=FILE, help="Add promises to the packaged ones."
)
@click.option(
    "--write",
    metavar="DIR",
    type=NewPath("stories/"),
    help="Write a scenario file for each promise that is broken.",
)
@click.option(
    "--certificate", metavar="FILE", type=NewPath("mine.proof.json"), help="Write a certificate for `verify`."
)
@click.option("--explain", is_flag=True, help="Show what each guard protects, and a way to each act.")
@click.option(
    "--compare",
    nargs=2,
    metavar="OLD NEW",
    type=RULES,
    help="Find what NEW allows and OLD refuses after the same history.",
)
@limits
@output()
def command(
    files: tuple[str, ...], screen: Screen, max_zones: int | None, max_seconds: float | None, **options: Any
) -> int:
    """Prove that no path through a rule file is pushy, or show the shortest dated path that is.

    FILE is a rule file, or the name of packaged rules; the default is the packaged `default`. `--compare`
    compares two of them: does NEW allow an act that OLD refuses?

    Exit code 1: a promise is broken, a packaged event is tagged more mildly, an act is newly allowed, or
    a file has errors; 3: a file can't be read or written; 4: a limit was reached, so the answer is unknown.
    """
    within = {"max_zones": max_zones, "max_seconds": max_seconds}
    if options["compare"]:
        if files or options["promises"] or options["certificate"] or options["explain"]:
            raise click.UsageError("`--compare` takes OLD and NEW, and only `--write` and limits with them")
        old, new = options["compare"]
        return _compare(screen, old, new, options["write"], within)
    if options["certificate"] and len(files) > 1:
        raise click.UsageError("`--certificate` is about one rule file, so name one")
    found: list[Proof] = []
    data: list[dict[str, Any]] = []
    unreadable = False
    names: list[str] = []
    for file in files or (DEFAULT,):
        try:
            rulebook, texts = read_to_prove(file)
            proof = prove(rulebook, promises=options["promises"], **within)  # type: ignore[arg-type]
            found.append(proof)
            worst_of = next(bounds(rulebook, TABLE[:1], max_seconds=_BOUND_SECONDS))
            hours = at_any_hour(proof.definition)
            worst_data = bound_data(file, [worst_of])["bounds"][0]
            data.append({**proof_data(file, proof, []), "at_any_hour": list(hours), "worst_case": worst_data})
            screen.show(proof_lines(proof, partial(sentences, proof, texts)))
            screen.show([*hours_lines(hours), line(worst_case(worst_of))])
            if options["explain"]:
                said = tuple(explanations(rulebook, proof, thread_time))
                room = column_width(name for name, _ in said)
                screen.show([BLANK, *(line(f"  {pad(name, room)}  {each}") for name, each in said)])
            if options["write"]:
                numbered = (f"{rulebook.name}-{number}" for number in count(2))
                names.append(next(name for name in chain([rulebook.name], numbered) if name not in names))
                _write_stories(screen, Path(options["write"]), names[-1], file, proof)
            if options["certificate"]:
                _write_certificate(screen, options["certificate"], file, proof)
        except RulesError as error:
            screen.diagnose(error.diagnostics, error.sources)
            nothing = proof_data(file, None, diagnostics_data(error.diagnostics))
            data.append({**nothing, "at_any_hour": [], "worst_case": None})
        except (UnreadableError, MisuseError) as error:
            screen.complain(error.message, error.help)
            unreadable = True
    verdict = worst(proof.verdict for proof in found)
    if len(data) == 1 and len(files) < 2:
        screen.answer(data[0])
    elif data:
        screen.answer({"verdict": verdict if len(found) == len(data) else None, "files": data})
    if unreadable:
        return UNREADABLE
    if len(found) < len(data) or any(proof.milder for proof in found):
        return NO
    return {"violated": NO, "unknown": UNKNOWN}.get(verdict, YES)


def _compare(screen: Screen, old: str, new: str, folder: str | None, within: dict[str, Any]) -> int:
    """Compare two rule files, and write the stories that differ."""
    comparison = compare(load_to_prove(old), load_to_prove(new), **within)
    screen.show(comparison_lines(comparison, old, new))
    for each in comparison.acts if folder else ():
        stories = (("allowed", new, newly_allowed(each)), ("refused", old, refused_before(each)))
        for whose, rules, scenario in stories:
            _write_story(
                screen, Path(folder or ""), f"{comparison.new.name}-{each.act}-{whose}", rules, scenario
            )
    screen.answer(comparison_data(comparison))
    return {"none": YES, "some": NO, "unknown": UNKNOWN}[comparison.verdict]


def _write_stories(screen: Screen, folder: Path, name: str, file: str, proof: Proof) -> None:
    make_folder(folder)
    for result in proof.results:
        _write_story(screen, folder, f"{name}-{result.id}", file, breaking(result))


def _write_story(
    screen: Screen, folder: Path, name: str, rules: str, scenario: dict[str, Any] | None
) -> None:
    if scenario is not None:
        make_folder(folder)
        _write(screen, folder / f"{name}.yaml", scenario_file(named_from(folder, rules), scenario))


def _write_certificate(screen: Screen, path: str, file: str, proof: Proof) -> None:
    folder = Path(path).parent
    files = names_from(folder, file, (*proof.definition.sources, *proof.promises.sources))
    try:
        text = write_certificate(proof, files)
    except CertificateError as error:  # the verdict decides how the command ends
        screen.complain(f"there is no certificate: {error.message}", error.help)
    else:
        _write(screen, Path(path), text)


def _write(screen: Screen, path: Path, text: str) -> None:
    replace(str(path), text)
    screen.show([line("wrote ", Piece(str(path), "dim"))])
