"""``postinterview explain``: show the page of a diagnostic's code, or what the rules say of a name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

from postinterview.cli import YES
from postinterview.cli.explain_step import tell_step
from postinterview.cli.inputs import STDIN
from postinterview.cli.options import HELP, RULES, examples, output
from postinterview.cli.terminal import Screen
from postinterview.core.values.suggest import closest, help_for
from postinterview.describing.name_text import description_lines
from postinterview.files import DEFAULT, SUFFIXES, packaged, usable_packs
from postinterview.judging import names_of
from postinterview.layout import BLANK, Line, Piece, hang, line
from postinterview.loading.code_pages import CodePage, read_pages


class _Name(StringParamType):
    """A diagnostic's code, or a name of the packaged rules."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        known = (*read_pages(), *names_of(DEFAULT).describable())
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]


@click.command(
    "explain",
    context_settings=HELP,
    short_help="Explain a diagnostic's code, a name in the rules, or a step of a story.",
    epilog=examples(
        "postinterview explain PI203",
        "postinterview explain",
        "postinterview explain follow_up",
        "postinterview explain application.waiting",
        "postinterview explain story.yaml --step 3",
        "postinterview explain one_chase rules/mine.yaml",
        "postinterview explain --compiled follow_up",
    ),
)
@click.argument("name", required=False, type=_Name())
@click.argument("words", nargs=-1, metavar="[FILE]", type=RULES)
@click.option("--step", metavar="STEP", help="A step of the story NAME: its number, or `:` and its line.")
@click.option("--scenario", metavar="NAME", help="The scenario of the story, by name or number.")
@click.option("--compiled", is_flag=True, help="Show the Python that decides on the event NAME, or on all.")
@output()
def command(
    name: str | None,
    words: tuple[str, ...],
    step: str | None,
    scenario: str | None,
    compiled: bool,
    screen: Screen,
) -> int:
    """Explain a diagnostic's code, or a name in the rules.

    NAME is a code such as PI203, a keyword such as `per`, or any name in a rule file: of an event, field,
    transition, guard, machine, state, date, class, credit, promise or migration. Of several things with one
    name all are shown; `guard:one_chase` or `application.waiting` asks for one of them. A term such as
    `sign of life` needs no quotes. Without NAME, all
    codes are listed. FILE is a rule file, or the name of packaged rules;
    without it, the packaged `default` is read.

    With `--step`, NAME is a scenario file, or `-`. It is played up to that step, and each guard that the act
    meets is shown with what it has and needs, whether it holds, and when it opens. FILE plays it under other
    rules than its own.

    With `--compiled`, the functions are shown that the library makes of guards, questions and steps which
    are frequent. The rules are those of FILE; without it, those of the packaged `default`.

    Exit code 1: a file has errors; 3: it can't be read.
    """
    name, file = _apart(name, words, plays=compiled or step is not None)
    if compiled:
        if step is not None or scenario is not None:
            raise click.UsageError("`--compiled` is for rules, and not for a step of a story")
        from postinterview.cli.explain_compiled import show_compiled  # it imports the proof

        return show_compiled(screen, names_of(file or DEFAULT).definition, name)
    if step is not None:
        if name is None:
            raise click.UsageError("name the scenario file that has the step")
        if file is not None and not _is_file(name) and _is_file(file):
            raise click.UsageError(
                f"with `--step` the story comes first: postinterview explain {file} --step {step}"
            )
        return tell_step(screen, name, step, scenario, file)
    if scenario is not None:
        raise click.UsageError("`--scenario` is for a step: add `--step` and its number")
    if name is None:
        screen.show(line(Piece(page.code, "title"), f"  {page.title}") for page in read_pages().values())
        screen.answer({"codes": [_data(page) for page in read_pages().values()]})
        return YES
    page = read_pages().get(name.upper())
    if page is None and file is None and _is_file(name):
        raise click.UsageError(
            f"`{name}` is a file; to explain a step of its story, add `--step 2`; "
            f"to explain a name in it, write postinterview explain NAME {name}"
        )
    if page is None and not _LIKE_A_CODE.fullmatch(name):
        return _tell(screen, name, file or DEFAULT)
    if page is None:
        close = help_for(closest(name, read_pages()), ())
        raise click.UsageError(f"there is no code `{name}`; {close or 'postinterview explain lists them'}")
    if file is not None:
        raise click.UsageError(f"`{name}` is a code, and codes need no rule file; leave `{file}` out")
    screen.show(_page(page, screen.width))
    screen.answer(_data(page))
    return YES


def _apart(name: str | None, rest: tuple[str, ...], *, plays: bool) -> tuple[str | None, str | None]:
    """Return the name and the file of the arguments: `sign of life` is one name, whatever the shell thinks.

    ``plays``: a step is played or code is shown, and so there are no names of several words.
    """
    if name is None or not rest:
        return name, None
    *words, last = rest
    is_rules = _is_file(last) or last in packaged() or last in usable_packs()
    if plays and words:
        raise click.UsageError(f"one file is enough; leave `{' '.join(words)}` out")
    if plays or (is_rules and not words):
        return name, last
    spoken = " ".join((name, *words) if is_rules else (name, *rest))
    if words or names_of(DEFAULT).describe(spoken) is not None:
        return spoken, last if is_rules else None
    return name, last


_LIKE_A_CODE = re.compile("pi[0-9]+", re.IGNORECASE)


def _is_file(name: str) -> bool:
    """Return whether an argument is meant as a file: a name in rules has no ending."""
    return name == STDIN or Path(name).suffix in SUFFIXES


def _tell(screen: Screen, name: str, file: str) -> int:
    """Show what a rule file says of a name."""
    names = names_of(file)
    found = names.describe(name)
    if found is None:
        help = help_for(closest(name, names.describable()), ()) or "postinterview explain lists the codes"
        if name in packaged() or name in usable_packs():
            help = f"it names rules, and `postinterview packs {name}` says what they change"
        raise click.UsageError(
            f"`{name}` is no code, no keyword, and no name in {names.definition.sources[0].name}; {help}"
        )
    screen.show(description_lines(found, screen.width))
    screen.answer(found)
    from postinterview.cli.explain_guard import show_deciding  # it imports the proof

    show_deciding(screen, names.definition, name, file)
    return YES


def _page(page: CodePage, width: int) -> list[Line]:
    lines = [line(Piece(f"{page.code}: {page.title}", "title"))]
    for paragraph in page.text.split("\n"):
        lines += [BLANK, *hang((), line(paragraph), width)]
    for title, example in (("Wrong:", page.wrong), ("Right:", page.right)):
        lines += [BLANK, line(Piece(title, "title"))]
        lines += [line(f"    {each}") for each in example.split("\n")]
    return lines


def _data(page: CodePage) -> dict[str, Any]:
    return {
        "code": page.code,
        "title": page.title,
        "explanation": page.text,
        "example_bad": page.wrong,
        "example_good": page.right,
    }
