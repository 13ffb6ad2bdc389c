"""``postinterview diff``: say what a change of rules does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click

from postinterview.cli import NO, UNKNOWN, UNREADABLE, YES
from postinterview.cli.inputs import STDIN, STDIN_NAME, read, read_all
from postinterview.cli.options import FILE, HELP, RULES, examples, limited, output
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.process import Rulebook
from postinterview.countries import known_codes
from postinterview.diffing.data import difference_data
from postinterview.diffing.diff import MAX_SECONDS, diff
from postinterview.diffing.markdown import difference_markdown
from postinterview.diffing.report import difference_lines
from postinterview.diffing.stories import in_either
from postinterview.files import UnreadableError, as_text
from postinterview.layout import line
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.render import diagnostics_data
from postinterview.rulebooks import read_to_prove
from postinterview.scenario.linking import link_to_others
from postinterview.scenario.model import Scenario
from postinterview.scenario.parsing import read as read_scenarios


@click.command(
    "diff",
    context_settings=HELP,
    short_help="Say what a change of rules does.",
    epilog=examples(
        "postinterview diff default mine.yaml",
        "postinterview diff default germany examples/",
        "git show HEAD:mine.yaml | postinterview diff - mine.yaml --exit-code",
        "postinterview diff default mine.yaml --format markdown",
    ),
)
@click.argument("old", type=RULES)
@click.argument("new", type=RULES)
@click.argument("stories", nargs=-1, metavar="[STORY...]", type=FILE)
@click.option("--bounds", is_flag=True, help="Compare the most contacts that they allow, too.")
@click.option("--exit-code", is_flag=True, help="End with 1 if they differ by meaning, as `git diff` does.")
@partial(limited, int(MAX_SECONDS))
@output("markdown", help="Text for people (the default), JSON for programs, or Markdown for a review.")
def command(
    old: str,
    new: str,
    stories: tuple[str, ...],
    screen: Screen,
    bounds: bool,
    exit_code: bool,
    max_zones: int | None,
    max_seconds: float | None,
) -> int:
    """Say what a change of rules does: who may do what earlier, later, or never.

    OLD and NEW are rule files or names of packaged rules; one of them may be `-` for standard input. The
    first line says whether NEW is looser, stricter, both, or equal by meaning. Then come the acts that are
    newly allowed and newly refused, each with a dated story; dates, suggestions and rules that changed;
    promises that are judged otherwise; and each STORY (a scenario file, or a folder) that goes otherwise.

    Exit code 0: the answer is there, whatever it is; 1: a file has errors, or with `--exit-code` the rules
    differ by meaning; 3: a file can't be read; 4: a limit was reached, so a part of the answer is unknown.
    """
    if old == new == STDIN:
        raise click.UsageError("only one of OLD and NEW can be `-`")
    (before, texts), (after, more_texts) = (_load(each) for each in (old, new))
    reader = _Stories(screen, before, after, texts | more_texts)
    told = tuple(reader.read(stories))
    progress = Progress("steps of the comparison", quiet=False)
    try:
        found = diff(
            before,
            after,
            stories=told,
            bounds=bounds,
            max_zones=max_zones,
            max_seconds=max_seconds,
            progress=progress.step,
        )
    finally:
        progress.clear()
    if screen.format == "markdown":
        screen.write(difference_markdown(found).encode())
    else:
        screen.show(difference_lines(found, screen.width))
        screen.show(line(f"skipped, since both rules lack its names: {each}") for each in reader.skipped)
    data = {**difference_data(found), "skipped": reader.skipped}
    screen.answer({**data, "diagnostics": diagnostics_data(reader.diagnostics)})
    if reader.unreadable:
        return UNREADABLE
    if reader.diagnostics:
        return NO
    if found.unknown:
        return UNKNOWN
    return NO if exit_code and found.verdict not in ("equal", "words") else YES


def _load(rules: str) -> tuple[Rulebook, dict[str, str]]:
    """Load rules by a packaged name, from a file, or from standard input; with the text of each file read."""
    return read_to_prove(STDIN_NAME, read(STDIN)[1]) if rules == STDIN else read_to_prove(rules)


class _Stories:
    """Reads the stories that the command line names, and keeps what is wrong with them.

    ``skipped``: stories in folders that tell of what neither rules know. ``texts``: those of the rule files,
    which findings point at.
    """

    def __init__(self, screen: Screen, old: Rulebook, new: Rulebook, texts: dict[str, str]) -> None:
        self.screen, self.either, self.texts = screen, in_either(old.definition, new.definition), texts
        self.diagnostics: list[Diagnostic] = []
        self.skipped: list[str] = []
        self.unreadable = False

    def read(self, paths: tuple[str, ...]) -> Iterator[Scenario]:
        """Yield the stories of files and folders, whose words the old or the new rules know."""
        for found, shown, text in read_all(paths, self._complain):
            parsed = read_scenarios(text, shown)
            if found.in_folder and parsed.content.language != "scenarios":
                continue
            heard = link_to_others(parsed, self.either, known_codes)
            lacking = heard.unplayable
            if found.in_folder:
                self.skipped += [f"`{each.name}` ({shown}:{each.where.line})" for each in lacking]
                lacking = ()
            wrong = (*heard.diagnostics, *(each for one in lacking for each in one.diagnostics))
            self.diagnostics += wrong
            self.screen.diagnose(wrong, {**self.texts, shown: as_text(text)})
            yield from heard.scenarios

    def _complain(self, error: UnreadableError) -> None:
        self.unreadable = True
        self.screen.complain(error.message, error.help)
