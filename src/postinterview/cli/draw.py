"""``postinterview draw``: a rule file or a story as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from attrs import frozen

from postinterview.cli import UNREADABLE, YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.inputs import STDIN, read
from postinterview.cli.options import HELP, RULES, examples, output
from postinterview.cli.stories import stories_in
from postinterview.cli.terminal import Progress, Screen
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition, MachineKind
from postinterview.core.values.suggest import instead_of
from postinterview.drawing.gantt import gantt
from postinterview.drawing.mermaid import mermaid, mermaid_of_all
from postinterview.drawing.story import story
from postinterview.drawing.story_page import story_page
from postinterview.drawing.story_svg import story_svg
from postinterview.files import DEFAULT, UnreadableError, read_rules
from postinterview.judging import load_promises
from postinterview.layout import Piece, line
from postinterview.loading.languages import SCENARIOS
from postinterview.proof.bound import Bound
from postinterview.rulebooks import RulesError, changes_by, load_to_prove
from postinterview.scenario.parsing import ParsedScenarioFile
from postinterview.scenario.parsing import read as parse_scenarios
from postinterview.scenario.playing import play

_TEXTS = dict.fromkeys(("", ".mmd", ".mermaid", ".md", ".txt"), "mermaid")
_BY_ENDING = {".svg": "svg", ".html": "html", ".htm": "html", **_TEXTS}


@click.command(
    "draw",
    context_settings=HELP,
    short_help="Draw rules or a story as a picture.",
    epilog=examples(
        "postinterview draw",
        "postinterview draw mine.yaml -o mine.html",
        "postinterview draw germany --machine application -o application.svg",
        "postinterview draw story.yaml -o story.html",
    ),
)
@click.argument("file", required=False, default=DEFAULT, metavar="[FILE]", type=RULES)
@click.option("-o", "--output", "path", metavar="FILE", help="Write the picture to this file.")
@click.option("--machine", "name", metavar="NAME", help="Draw only this machine.")
@click.option("--guards", is_flag=True, help="Name the guards in Mermaid too.")
@click.option("--no-bounds", is_flag=True, help="Leave the bounds out of an HTML page; they take seconds.")
@output(
    "mermaid",
    "svg",
    "html",
    help="Mermaid text (the default), SVG, one HTML page, or JSON; else what the file's ending says.",
)
def command(
    file: str, path: str | None, name: str | None, guards: bool, no_bounds: bool, screen: Screen
) -> int:
    """Draw rules or a story as a picture.

    FILE is a rule file, the name of packaged rules, or a file with stories (scenarios). Rules become one
    picture for each machine: its states, what moves it, and the guards on the way. An HTML page shows the
    promises and bounds beside them. It needs no network. Mermaid text can be put into Markdown, where GitHub
    draws it; SVG and HTML need `pip install 'postinterview[drawing]'`.

    Exit code 1: the file has errors; 3: a file can't be read or written.
    """
    chosen = _format(screen, path)
    shown, text = read(file) if file == STDIN else read_rules(file)
    parsed = parse_scenarios(text, shown)
    if parsed.content.language == SCENARIOS.name:
        if name is not None:
            raise click.UsageError("a story has no machines; leave `--machine` out")
        drawing = _draw_stories(parsed, file, text, chosen)
    else:
        drawing = _draw_rules(shown, text, chosen, name, guards=guards, bounds=not no_bounds)
    return _put_out(screen, drawing, path)


@frozen
class Drawing:
    """A drawing: its text, and what is said of it as JSON."""

    text: str
    data: dict[str, Any]


def _format(screen: Screen, path: str | None) -> str:
    """Return the format of the drawing: that of the option, else what the file's ending says.

    Raises:
        UsageError: no drawing, or one of another format, has the file's ending.
    """
    ending = Path(path or "").suffix.lower()
    if ending == ".json":
        raise click.UsageError(f"a picture is no JSON: write `--format json > {path}` for what it shows")
    if ending not in _BY_ENDING:
        wanted = "end the name with .html, .svg or .mmd (for a PDF, print the HTML page)"
        raise click.UsageError(f"no picture is written as `{ending}`: {wanted}")
    said = _BY_ENDING[ending]
    if screen.format == "text" or screen.as_json:
        return said
    if ending and said != screen.format:
        raise click.UsageError(
            f"`{path}` is not the name of {screen.format}: leave `--format` out, or rename it"
        )
    return screen.format


def _put_out(screen: Screen, drawing: Drawing, path: str | None) -> int:
    if path is not None and path != "-":
        try:
            replace(path, drawing.text)
        except UnreadableError as error:
            screen.complain(error.message, error.help)
            screen.answer(drawing.data)
            return UNREADABLE
        screen.show([line("wrote ", Piece(path, "dim"))])
    elif not screen.as_json:
        screen.write(drawing.text.encode())
    screen.answer(drawing.data)
    return YES


def _draw_rules(
    shown: str, text: bytes, chosen: str, name: str | None, *, guards: bool, bounds: bool
) -> Drawing:
    rulebook = load_to_prove(shown, text=text)
    definition = rulebook.definition
    machines = _machines(definition, name)
    data = {
        "file": shown,
        "pictures": [
            {
                "machine": each.name,
                "title": each.title or each.name,
                "mermaid": mermaid(each, definition.events, guards=guards),
            }
            for each in machines
        ],
    }
    if chosen == "mermaid":
        if name is None:
            return Drawing(mermaid_of_all(definition, guards=guards), data)
        return Drawing(mermaid(machines[0], definition.events, guards=guards), data)
    from postinterview.drawing.diagram import diagrams
    from postinterview.drawing.marks import mark_meaning
    from postinterview.drawing.placing import place
    from postinterview.drawing.svg import svg

    pictures = [place(each) for machine in machines for each in diagrams(machine, definition)]
    if chosen == "svg":
        drawn = svg(pictures, definition.title or definition.name, mark_meaning(definition))
        return Drawing(drawn, data)
    from postinterview.drawing.page import Content, page

    found = _bounds(rulebook) if bounds else None
    changes = changes_by(shown, text=text)
    return Drawing(page(Content(definition, pictures, load_promises(rulebook), found, changes)), data)


def _draw_stories(parsed: ParsedScenarioFile, file: str, text: bytes, chosen: str) -> Drawing:
    """Draw every story of a file that could be started."""
    shown = parsed.content.file
    told = stories_in(parsed, file, text)
    if told.diagnostics:
        raise RulesError(told.diagnostics, told.texts)
    played = [play(scenario, told.rulebook) for scenario in told.scenarios]
    wrong = [each for one in played for each in one.diagnostics]
    if wrong:
        raise RulesError(tuple(wrong), told.texts)
    stories = [found for found in map(story, played) if found is not None]
    pictures = [{"scenario": each.played.scenario.name, "mermaid": gantt(each)} for each in stories]
    data = {"file": shown, "pictures": pictures}
    if chosen == "mermaid":
        return Drawing("\n".join(map(gantt, stories)), data)
    if chosen == "svg":
        return Drawing(story_svg(stories, shown), data)
    return Drawing(story_page(stories, f"Stories of {shown}"), data)


def _bounds(rulebook: Rulebook) -> tuple[Bound, ...]:
    """Return the bounds that `postinterview bound` finds without options, and show progress meanwhile."""
    from postinterview.bounds import bounds
    from postinterview.proof.bound import TABLE

    progress = Progress("searches", quiet=False)
    try:
        return tuple(bounds(rulebook, TABLE, progress=lambda _: progress.step()))
    finally:
        progress.clear()


def _machines(definition: Definition, name: str | None) -> list[MachineKind]:
    if name is None:
        return list(definition.machines.values())
    if name not in definition.machines:
        help = instead_of(name, definition.machines)
        raise click.BadParameter(
            f"there is no machine `{name}` in these rules; {help}".rstrip("; "), param_hint="--machine"
        )
    return [definition.machines[name]]
