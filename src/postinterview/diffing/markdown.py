"""A difference as Markdown, for a comment of a review: tables, and stories that fold out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from postinterview.describing.phrases import titled
from postinterview.diffing import phrases as p
from postinterview.diffing.change import Change
from postinterview.diffing.difference import Difference
from postinterview.layout import visible
from postinterview.proof.reports.proof import path_sentences
from postinterview.proof.search.replay import StoryReplay

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$-])")
_CODE = re.compile(r"(`[\w.-]+(?:(?: \+|:) [\w ,]+)?`)")
_SIGNS = {"+": "`+`", "-": "`-`", "~": "`~`"}


def difference_markdown(difference: Difference) -> str:
    """Return the difference as a document; nothing that comes from a file is read as Markdown or HTML."""
    return "\n".join(_lines(difference)) + "\n"


def _lines(difference: Difference) -> Iterator[str]:
    old, new = difference.names
    yield f"### {_plain(difference.headline)}"
    if difference.verdict == "equal":
        return
    for title, newly, found, refusing in (
        ("Newly allowed", "allowed", difference.allowed, old),
        ("Newly refused", "refused", difference.refused, new),
    ):
        acts = [each for each in found if each.verdict != "none"]
        choices = [each for each in difference.choices if each.newly == newly]
        if found:
            yield from ("", f"#### {title}", "")
        if found and not (acts or choices):
            yield f"Nothing: this is proved for {len(tuple(found))} acts."
        sign = _SIGNS["+" if newly == "allowed" else "-"]
        for each in (each for each in acts if each.verdict == "some"):
            definition = difference.new if each.act in difference.new.events else difference.old
            said = p.act_sentence(each, titled(definition, each.act), newly=newly)
            story = p.story_of(each)
            reasons = () if story is None else p.refusal_sentences(each, refusing)
            yield from _act(f"{sign} {_plain(said)}", story, newly, reasons)
        for choice in choices:
            said = f"{sign} {_plain(f'{choice.act}: {p.choice_sentence(choice)}')}"
            yield from _act(said, choice.story, newly, [f"{refusing} has no `{choice.carrying}`"])
        yield from (f"- {_plain(said)}" for said in p.unknown_sentences(acts))
    if difference.changes:
        yield from ("", "#### What the files say otherwise", "")
        yield from _table(("", "what", "before", "after", "where"), map(_change, difference.changes))
    if difference.promises:
        yield from ("", "#### Promises", "")
        promises = ((p.promise_mark(each), each.id, p.promise_sentence(each)) for each in difference.promises)
        yield from _table(("", "promise", "kept"), promises)
    if difference.bounds:
        yield from ("", "#### Most contacts", "")
        yield from (f"- {_plain(p.bound_sentence(each))}" for each in difference.bounds)
    if difference.stories:
        yield from ("", "#### Stories", "")
        rows = (
            (each.name, p.step_sentence(each.steps[0]) if each.steps else "", p.more_sentence(each))
            for each in difference.stories
        )
        yield from _table(("story", "first step that differs", "more"), rows)
    if difference.allowed or difference.refused:
        yield from ("", _plain(p.assumed_sentence()))
    yield from ("", f"{_plain(difference.summary)}.")


def _act(said: str, story: StoryReplay | None, newly: str, reasons: Iterable[str]) -> Iterator[str]:
    """Yield an act, and folded up its story and why the others refuse it."""
    yield f"- {said}"
    if not (reasons := tuple(reasons)):
        return
    yield "  <details><summary>why, with a story</summary>"
    yield ""
    for step in () if story is None else path_sentences(story, f"newly {newly}"):
        number, _, rest = step.strip().partition(". ")
        yield f"  {number}. {_plain(rest.strip())}"
    yield ""
    yield from (f"  {_plain(reason)}  " for reason in reasons)
    yield ""
    yield "  </details>"


def _change(each: Change) -> tuple[str, ...]:
    if each.part == "words":
        return (each.mark, each.after, "", "", "")
    notes = [p.example_sentence(each.example)] if each.example is not None else []
    notes += [f"with it: {'; '.join(each.moves)}"] if each.moves and each.part != "calendar" else each.moves
    name = ". ".join((p.change_name(each), *notes))
    return (each.mark, name, each.before, each.after, p.place_of(each))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"


def _plain(text: str) -> str:
    """Return text of which Markdown and HTML read nothing as a sign of theirs, but names in backticks."""
    parts = _CODE.split(visible(text))
    escaped = (
        _SPECIAL.sub(r"\\\1", part).replace("\\<", "&lt;").replace("\\>", "&gt;") for part in parts[::2]
    )
    return "".join(part for pair in zip_longest(escaped, parts[1::2], fillvalue="") for part in pair)
