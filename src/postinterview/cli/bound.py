"""``postinterview bound``: the most contacts that rules ever allow, from both sides."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from postinterview.bounds import COUNTED, bounds, question_of
from postinterview.cli import NO, UNKNOWN, UNREADABLE, YES
from postinterview.cli.atomic_write import make_folder, replace
from postinterview.cli.options import HELP, RULES, NewPath, examples, limits, output
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.process import Rulebook
from postinterview.core.values.errors import MisuseError
from postinterview.files import DEFAULT, UnreadableError
from postinterview.layout import Piece, line
from postinterview.loading.render import diagnostics_data
from postinterview.loading.text_values import window
from postinterview.named_rules import named_from, names_from
from postinterview.proof.bound import TABLE, Bound, BoundQuestion
from postinterview.proof.certificates.certificate import write_bounds
from postinterview.proof.reports.bound import bound_data, bound_lines
from postinterview.proof.reports.proof_data import loosened_data
from postinterview.proof.reports.story_file import reaching_each, scenario_file
from postinterview.rulebooks import RulesError, load_to_prove


def read_duration(context: click.Context, option: click.Parameter, value: str | None) -> timedelta | None:
    """Read a length of time as rule files write it, such as ``14 days``."""
    if value is None:
        return None
    found = window(value)
    if isinstance(found, timedelta):
        return found
    end = "" if found.help.endswith("?") else "."
    raise click.BadParameter(f"{found.message}; {found.help}{end}", context, option)


@click.command(
    "bound",
    context_settings=HELP,
    short_help="Find the most contacts that rules allow.",
    epilog=examples(
        "postinterview bound",
        'postinterview bound mine.yaml --of chase --of attempt --within "14 days"',
        "postinterview bound mine.yaml --of contact --but reply --silence",
        "postinterview bound --of courtesy --per interviewer --silence",
    ),
)
@click.argument("file", required=False, default=DEFAULT, metavar="[FILE]", type=RULES)
@click.option("--of", multiple=True, metavar="CLASS", help="Count these: a class, an event (chase, attempt).")
@click.option("--but", multiple=True, metavar="EVENT", help="Leave these out of the class.")
@click.option(
    "--per",
    type=click.Choice(["employer", "application", "interviewer"]),
    default="employer",
    help="Count for each of these; by default the employer as a whole.",
)
@click.option(
    "--within",
    callback=read_duration,
    metavar="DURATION",
    help='Count in any such time, as in "14 days".',
)
@click.option("--silence", is_flag=True, help="Count only after the last event that is not the candidate's.")
@click.option(
    "--write", metavar="DIR", type=NewPath("stories/"), help="Write a scenario file for each story."
)
@click.option(
    "--certificate", metavar="FILE", type=NewPath("mine.bound.json"), help="Write a certificate for `verify`."
)
@limits
@output()
def command(
    file: str,
    screen: Screen,
    write: str | None,
    certificate: str | None,
    max_zones: int | None,
    max_seconds: float | None,
    **asked: Any,
) -> int:
    """Find the most contacts that a rule file ever allows: the worst case, from both sides.

    A story shows that so many are possible, and a proof that more are not. Where the number depends on
    people and applications it is a formula. FILE is a rule file, or the name of packaged rules; the default
    is the packaged `default`. Without options it answers the four questions that matter most. A question of
    your own counts chases and attempts, unless `--of` names something else.

    Exit code 1: something has no limit, or the file has errors; 3: a file can't be read or written; 4: a
    limit of the search was reached, so an answer is unknown.
    """
    progress = Progress("searches", quiet=False)
    try:
        rulebook = load_to_prove(file)
        questions = (_question(rulebook, asked),) if _is_asked(asked) else TABLE
        found = tuple(
            bounds(
                rulebook,
                questions,
                progress=lambda _: progress.step(),
                max_zones=max_zones,
                max_seconds=max_seconds,
            )
        )
    except RulesError as error:
        screen.diagnose(error.diagnostics, error.sources)
        screen.answer(
            {"rules": file, "bounds": [], "loosened": [], "diagnostics": diagnostics_data(error.diagnostics)}
        )
        return NO
    except UnreadableError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    finally:
        progress.clear()
    screen.show(bound_lines(rulebook.definition, found, stories=_is_asked(asked)))
    loosened = loosened_data(rulebook.definition.loosens.values())
    screen.answer({**bound_data(file, found), "loosened": loosened, "diagnostics": []})
    if write:
        _write_stories(screen, Path(write), rulebook.name, file, found)
    if certificate:
        _write_certificate(screen, certificate, rulebook, file, found)
    verdicts = {each.verdict for each in found}
    return NO if "unbounded" in verdicts else UNKNOWN if "unknown" in verdicts else YES


def _is_asked(asked: dict[str, Any]) -> bool:
    """Return whether the user asked a question of their own."""
    return (
        bool(asked["of"] or asked["but"] or asked["within"] or asked["silence"]) or asked["per"] != "employer"
    )


def _question(rulebook: Rulebook, asked: dict[str, Any]) -> BoundQuestion:
    of = asked["of"] or COUNTED
    try:
        return question_of(rulebook.definition, **{**asked, "of": of})
    except MisuseError as error:
        said = re.sub("`(of|but)`", r"`--\1`", error.message)
        raise click.UsageError(f"{said}; {error.help}") from None


def _write_stories(screen: Screen, folder: Path, name: str, file: str, found: tuple[Bound, ...]) -> None:
    make_folder(folder)
    for number, bound in enumerate(found, 1):
        for part, scenario in enumerate(reaching_each(bound), 1):
            more = "" if part == 1 else f"-part-{part}"
            path = folder / f"{name}-worst-case-{number}{more}.yaml"
            _write(screen, path, scenario_file(named_from(folder, file), scenario))


def _write_certificate(
    screen: Screen, path: str, rulebook: Rulebook, file: str, found: tuple[Bound, ...]
) -> None:
    known = [each for each in found if each.verdict == "bounded"]
    if len(known) < len(found):
        screen.complain("there is a certificate only for what has a limit", "ask for that alone")
        return
    sources = rulebook.definition.sources
    names = names_from(Path(path).parent, file, sources)
    _write(screen, Path(path), write_bounds(rulebook.definition, known, names))


def _write(screen: Screen, path: Path, text: str) -> None:
    replace(str(path), text)
    screen.show([line("wrote ", Piece(str(path), "dim"))])
