"""``postinterview check``: report everything that is wrong with rule files."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from postinterview import status_files
from postinterview.cli import NO, UNKNOWN, UNREADABLE, YES
from postinterview.cli.advice import advise, at_any_hour, hours_lines
from postinterview.cli.inputs import STDIN, read
from postinterview.cli.options import HELP, RULES, examples, limits, output
from postinterview.cli.terminal import Screen
from postinterview.cli.watch import clear, watch, watch_option
from postinterview.core.values.formatting import say_count
from postinterview.countries import known_codes
from postinterview.files import (
    DEFAULT,
    PROMISES,
    UnreadableError,
    as_text,
    by_name,
    packaged,
    parent_of,
    read_packaged,
    read_rules,
)
from postinterview.judging import held_to_packaged, lint, prove
from postinterview.layout import BLANK, Line, Piece, line
from postinterview.loading import FileText, Missing, conduct
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.render import diagnostics_data, summary
from postinterview.named_rules import Rulebooks
from postinterview.proof.reports.findings import findings, idle_loosenings, tag_findings, trust_findings
from postinterview.proof.reports.proof import loosened_lines, trust_lines
from postinterview.proof.reports.proof_data import check_data, loosened_data, trusted_data
from postinterview.rulebooks import RulesError, load_text, to_prove
from postinterview.scenario.linking import link
from postinterview.scenario.parsing import ParsedScenarioFile
from postinterview.scenario.parsing import read as read_scenarios

UNSURE = ("PI506",)
"""Codes of findings that leave the answer unknown."""


@click.command(
    "check",
    context_settings=HELP,
    short_help="Check rule files.",
    epilog=examples(
        "postinterview check",
        "postinterview check rules/mine.yaml",
        "postinterview check mine.yaml --no-proof --format json",
        "postinterview check rules/*.yaml --format github",
    ),
)
@click.argument("files", nargs=-1, metavar="[FILE...]", type=RULES)
@click.option("--no-proof", is_flag=True, help="Skip the proof of the promises.")
@click.option("--strict", is_flag=True, help="Make an event that is only trusted an error.")
@watch_option
@limits
@output("github", help="Text for people (the default), JSON for programs, or annotations of GitHub Actions.")
def command(files: tuple[str, ...], screen: Screen, **options: Any) -> int:
    """Check rule files, and report everything that is wrong with them, with line and help.

    FILE is a rule file, `-` for standard input, or the name of packaged rules; the default is the packaged
    `default`. Rules that work but may be a nuisance get a warning. Rules that allow what a promise of
    courtesy forbids get an error, with the story that shows it. An event of the file's own of which the proof
    has to believe what the file says gets a warning, unless `trust:` in the file says why. So does what looks
    like a slip, such as a zero too many, unless `meant:` says why. Findings are the answer, so they are on
    standard output. A scenario file is checked too, without playing it, and so is a map of statuses.

    Exit code 0: no errors, perhaps warnings; 1: errors; 3: a file can't be read; 4: a limit was reached, and
    there are no errors.
    """
    if not options["watches"]:
        return _check(files, screen, options)[0]

    def again() -> Iterable[str]:
        code, named = UNKNOWN, set[str]()
        if not options["no_proof"]:
            code, named = _check(files, screen, {**options, "no_proof": True})
            screen.show([BLANK, line(Piece("proving the promises ...", "dim"))] if code == YES else [])
            sys.stdout.flush()
        if options["no_proof"] or code == YES:
            clear()
            _, named = _check(files, screen, options)
        return named

    return watch(screen, files or (DEFAULT,), again)


def _check(files: tuple[str, ...], screen: Screen, options: Mapping[str, Any]) -> tuple[int, set[str]]:
    """Check the files and show what was found. Return the exit code, and the names of all files read."""
    data: list[dict[str, Any]] = []
    found: list[Diagnostic] = []
    named: set[str] = set()
    unreadable = False
    for file in files or (DEFAULT,):
        try:
            shown, text = read(file) if file == STDIN else read_rules(file)
        except UnreadableError as error:
            screen.complain(error.message, error.help)
            unreadable = True
            continue
        sources: Mapping[str, str] = {}
        reading = read_scenarios(text, shown)
        if reading.content.language == "scenarios":
            counts, diagnostics, sources = _check_scenarios(reading, file)
        elif reading.content.language == "statuses":
            counts, diagnostics, sources = _check_statuses(text, shown, file)
        else:
            try:
                counts, diagnostics, sources = _check_rules(text, shown, file, options, named)
            except RulesError as error:  # of the promise files that the rules name
                counts, diagnostics, sources = {}, error.diagnostics, error.sources
        named.update(sources)
        screen.show([BLANK] if found else [])
        found.extend(diagnostics)
        code = _code(diagnostics)
        screen.show([_verdict(code, shown, counts, diagnostics)])
        screen.show(trust_lines(counts.get("only_trusted", ())))
        screen.show(loosened_lines(counts.get("loosened", ())))
        for each in counts.get("loosened", ()):
            said = f"this loosens `{each['promise']}`. {each['why']}"
            screen.notice("postinterview", each["file"], each["line"], said)
        screen.show(line(f"meant: `{each['name']}`. {each['why']}") for each in counts.get("meant", ()))
        screen.show(hours_lines(counts.get("at_any_hour", ())))
        screen.report(diagnostics, {**_packaged(diagnostics), **sources, shown: as_text(text)})
        data.append({"file": shown, "passed": code == YES, **counts})
    if not files and not screen.as_json and (here := _rules_here()):
        click.echo(f"note: no file is named, so `{here}` here was not checked", err=True)
    code = UNREADABLE if unreadable else _code(found)
    screen.answer({"passed": code == YES, "files": data, "diagnostics": diagnostics_data(found)})
    return code, named


def _rules_here() -> str | None:
    """Return a file of this folder that looks like rules, whether or not it can be read as such."""
    for path in sorted(Path().glob("*.yaml")):
        with suppress(OSError):
            if re.search(rb"^(events|machines|extends):", path.read_bytes(), re.MULTILINE):
                return path.name
    return None


def _code(diagnostics: Collection[Diagnostic]) -> int:
    """Return the exit code for the findings."""
    if any(each.severity == "error" for each in diagnostics):
        return NO
    return UNKNOWN if any(each.code in UNSURE for each in diagnostics) else YES


def _check_rules(
    text: bytes, shown: str, file: str, options: Mapping[str, Any], named: set[str]
) -> tuple[dict[str, Any], tuple[Diagnostic, ...], Mapping[str, str]]:
    """Return what a rule file has, counted, all findings about it, and the texts of it and its parents.

    Add to ``named`` the files that it names, also those that are not there yet.
    """

    def find(wanted: str, child: str) -> FileText | Missing:
        found = parent_of(wanted, child)
        missing = str(Path(child).parent / wanted)
        named.add(found.file if isinstance(found, FileText) else missing)
        return found

    loaded = load_text(shown, text, finder=find)
    definition, texts = loaded.definition, by_name(loaded.texts)
    if definition is None:
        return {}, loaded.diagnostics, texts
    texts |= by_name(definition.keeps)
    transitions = [rule for machine in definition.machines.values() for rule in machine.transitions]
    counts: dict[str, Any] = {
        "events": len(definition.events),
        "machines": len(definition.machines),
        "states": sum(len(machine.states) for machine in definition.machines.values()),
        "transitions": len(transitions),
        "guards": sum(len(rule.guards) for rule in transitions),
    }
    if options["no_proof"]:
        _, milder, trusted = held_to_packaged(definition)
        found, loosened = tag_findings(milder), tuple(definition.loosens.values())
    else:
        proof = prove(
            to_prove(definition), max_zones=options["max_zones"], max_seconds=options["max_seconds"]
        )
        told = {**check_data(proof), "vacuous": list(proof.vacuous)}
        counts |= {"promises": len(proof.results), "proof": told}
        advice = partial(advise, proof, texts)
        trusted, loosened = proof.trusted, proof.loosened
        found = (*findings(proof, "FILE" if file == STDIN else file, advice), *idle_loosenings(proof))
    counts |= {"only_trusted": trusted_data(trusted), "loosened": loosened_data(loosened)}
    counts["meant"] = [
        {"name": each.name, "file": each.origin.file, "line": each.origin.line, "why": each.why}
        for each in definition.meant.values()
    ]
    counts["at_any_hour"] = list(at_any_hour(definition))
    judged = {each.where for each in found}  # where a promise is broken, nothing more need be said
    slips = (each for each in lint(loaded) if each.where not in judged)
    believed = trust_findings(definition, trusted, strict=options["strict"])
    return counts, (*loaded.diagnostics, *conduct(definition), *found, *believed, *slips), texts


def _packaged(diagnostics: Iterable[Diagnostic]) -> dict[str, str]:
    """Return the texts of the packaged promises and rules that a diagnostic points at."""
    pointed = {other.span.file for each in diagnostics for other in each.others}
    found = dict(map(read_packaged, (PROMISES, *packaged()))) if pointed else {}
    return {shown: text.decode("utf-8") for shown, text in found.items() if shown in pointed}


def _check_scenarios(
    reading: ParsedScenarioFile, path: str
) -> tuple[dict[str, Any], tuple[Diagnostic, ...], Mapping[str, str]]:
    """Return how many scenarios a file has, what is wrong with them before they are played, and sources."""
    rulebooks = Rulebooks()
    try:
        rules = rulebooks.load_for(reading.content, path, {})
    except RulesError as error:
        return {}, error.diagnostics, error.sources
    linked = link(reading, rules.definition, known_codes)
    sources = rulebooks.texts(rules) if linked.diagnostics else {}
    return {"scenarios": len(linked.scenarios)}, linked.diagnostics, sources


def _check_statuses(
    text: bytes, shown: str, path: str
) -> tuple[dict[str, Any], tuple[Diagnostic, ...], Mapping[str, str]]:
    """Return how many statuses a map has, what is wrong with it, and sources."""
    rulebooks, content = Rulebooks(), status_files.parse(text, shown)
    if content.record is None:
        return {}, content.diagnostics, {}
    try:
        rules = rulebooks.load_for(content, path, {})
    except RulesError as error:
        return {}, error.diagnostics, error.sources
    statuses = status_files.link(content, rules.definition)
    sources = rulebooks.texts(rules) if content.diagnostics else {}
    return {"statuses": 0 if statuses is None else len(statuses.events)}, content.diagnostics, sources


_SIGNS: dict[int, Piece] = {
    YES: Piece("ok    ", "ok"),
    NO: Piece("FAIL  ", "failed"),
    UNKNOWN: Piece("?     ", "opens"),
}


def _verdict(code: int, file: str, counts: Mapping[str, Any], diagnostics: tuple[Diagnostic, ...]) -> Line:
    said = [
        f"{count} {name if count != 1 else name[:-1]}"
        for name, count in counts.items()
        if isinstance(count, int)
    ]
    if code != YES:
        said = [summary(diagnostics)]
    elif "proof" in counts:
        said[-1] = f"{say_count(counts['promises'] - len(counts['loosened']), 'promise')} kept"
        if vacuous := counts["proof"]["vacuous"]:
            said[-1] += f", {len(vacuous)} of them only because what they speak of never happens here"
    if code == YES and diagnostics:
        said.append(summary(diagnostics))
    return line(_SIGNS[code], f"{file}  {', '.join(said)}")
