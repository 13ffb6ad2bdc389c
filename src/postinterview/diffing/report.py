"""A difference as lines of text, as `terraform` shows a plan: ``+`` added, ``-`` removed, ``~`` changed."""

from __future__ import annotations

from collections.abc import Iterator

from postinterview.core.values.formatting import say_count
from postinterview.describing.phrases import titled
from postinterview.diffing import phrases as p
from postinterview.diffing.change import Change, Mark
from postinterview.diffing.difference import Difference, Newly
from postinterview.layout import BLANK, WIDTH, Line, Piece, Style, hang, line
from postinterview.proof.comparison import Compared
from postinterview.proof.reports.proof import path_sentences

_STYLES: dict[Mark, Style] = {"+": "ok", "-": "failed", "~": "warned"}
_DATES = ("date", "due", "calendar")
_INDENT = 4
_MOST = 12
"""So many stories are shown."""


def difference_lines(difference: Difference, width: int = WIDTH) -> Iterator[Line]:
    """Yield the answer in one line, each part that differs, and the counts."""
    yield from hang((), line(Piece(difference.headline, "title")), width, 0)
    if difference.verdict == "equal":
        return
    old, new = difference.names
    if difference.allowed or difference.refused:
        yield from _acts("Newly allowed", "+", difference, difference.allowed, f"{new} allows", old, width)
        yield from _acts("Newly refused", "-", difference, difference.refused, f"{new} refuses", new, width)
    dates = [each for each in difference.changes if each.part in _DATES]
    yield from _changes("Dates and suggestions", dates, width)
    rules = [each for each in difference.rule_changes if each.part not in _DATES]
    yield from _changes("Rules", rules, width)
    yield from _changes("Words", [each for each in difference.changes if each.part == "words"], width)
    if difference.promises:
        yield from _title("Promises")
        for promise in difference.promises:
            yield from _row(p.promise_mark(promise), promise.id, p.promise_sentence(promise), "", width)
    if difference.bounds:
        yield from _title("Most contacts")
        for bound in difference.bounds:
            yield from _detail(p.bound_sentence(bound), width, 2)
    if difference.stories:
        yield from _title(f"Stories that go otherwise: {len(difference.stories)} of {difference.played}")
        for story in difference.stories[:_MOST]:
            yield from _row("~", story.name, "", story.where, width)
            if story.steps:
                yield from _detail(p.step_sentence(story.steps[0]), width)
            if more := p.more_sentence(story):
                yield from _detail(more, width)
        if (left := len(difference.stories) - _MOST) > 0:
            yield from _detail(f"and {left} more; `--format json` has them all", width, 2)
    yield BLANK
    if difference.allowed or difference.refused:
        yield from hang((), line(Piece(p.assumed_sentence(), "dim")), width, 0)
    yield from hang((), line(f"{difference.summary}."), width, 0)


def _acts(
    title: str,
    mark: Mark,
    difference: Difference,
    found: tuple[Compared, ...],
    does: str,
    refusing: str,
    width: int,
) -> Iterator[Line]:
    """Yield the acts of one direction with their stories, or that there are none."""
    newly: Newly = "allowed" if mark == "+" else "refused"
    acts = [each for each in found if each.verdict != "none"]
    choices = [each for each in difference.choices if each.newly == newly]
    yield from _title(f"{title}: {difference.counted(newly)} of {say_count(len(found), 'act')}")
    if not (acts or choices):
        said = "only what was allowed before" if mark == "+" else "only what was refused before"
        yield from _detail(f"nothing: {does} {said}", width, 2)
    for each in acts:
        definition = difference.new if each.act in difference.new.events else difference.old
        name = titled(definition, each.act)
        story = p.story_of(each)
        if each.verdict == "some":
            yield from _row(mark, each.act, p.act_sentence(each, name, newly=newly), "", width)
        if story is None:
            continue
        for said in path_sentences(story, f"newly {newly}"):
            number, _, rest = said.partition(". ")
            yield from hang(line(f"  {number}. "), line(rest), width)
        for said in p.refusal_sentences(each, refusing):
            yield from _detail(said, width)
    for choice in choices:
        yield from _row(mark, choice.act, p.choice_sentence(choice), "", width)
        if choice.story is not None:
            for said in path_sentences(choice.story, f"newly {newly}"):
                number, _, rest = said.partition(". ")
                yield from hang(line(f"  {number}. "), line(rest), width)
        yield from _detail(f"{refusing} has no `{choice.carrying}`", width)
    for said in p.unknown_sentences(acts):
        yield from _row("~", said, "", "", width)


def _changes(title: str, changes: list[Change], width: int) -> Iterator[Line]:
    if changes:
        yield from _title(title)
    for each in changes:
        if each.part == "words":
            yield from _row(each.mark, each.after, "", "", width)
            continue
        yield from _row(each.mark, p.change_name(each), p.change_values(each), p.place_of(each), width)
        if each.example is not None:
            yield from _detail(p.example_sentence(each.example), width)
        if each.moves:
            label = "" if each.part == "calendar" else "with it: "
            yield from _detail(f"{label}{'; '.join(each.moves)}", width)


def _title(text: str) -> Iterator[Line]:
    yield BLANK
    yield line(Piece(text, "title"))


def _row(mark: Mark, name: str, said: str, place: str, width: int) -> Iterator[Line]:
    lead = line("  ", Piece(mark, _STYLES[mark]), " ")
    body = [Piece(f"{name}{':' if said else ''}", "title"), Piece(f" {said}" if said else "")]
    if place:
        body.append(Piece(f"  {place}", "dim"))
    yield from hang(lead, tuple(body), width, _INDENT + 2)


def _detail(text: str, width: int, indent: int = _INDENT + 2) -> Iterator[Line]:
    yield from hang(line(" " * indent), line(text), width)
