"""A difference as Markdown, for a comment of a review: tables, and stories that fold out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from postinterview.diffing import phrases as p
from postinterview.diffing.change import Change
from postinterview.diffing.difference import Difference
from postinterview.layout import visible
from postinterview.proof.compare import Compared
from postinterview.proof.reports.proof import path_sentences

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$-])")
_CODE = re.compile(r"(`\w+(?: \+ \w+(?: \w+)*)?`)")
_SIGNS = {"+": "`+`", "-": "`-`", "~": "`~`"}


def difference_markdown(difference: Difference) -> str:
    """Return the difference as a document; nothing that comes from a file is read as Markdown or HTML."""
    return "\n".join(_lines(difference)) + "\n"


def _lines(difference: Difference) -> Iterator[str]:
    old, new = p.names(difference)
    yield f"### {_plain(difference.headline)}"
    if difference.verdict == "equal":
        return
    for title, newly, found, refusing in (
        ("Newly allowed", "allowed", difference.allowed, old),
        ("Newly refused", "refused", difference.refused, new),
    ):
        acts = [each for each in found if each.verdict != "none"]
        if found:
            yield from ("", f"#### {title}", "")
        if found and not acts:
            yield f"Nothing: this is proved for {len(tuple(found))} acts."
        for each in acts:
            yield from _act(difference, each, newly, refusing)
        yield from (f"- {_plain(said)}" for said in p.unknown_sentences(acts))
    if difference.changes:
        yield from ("", "#### What the files say otherwise", "")
        yield from _table(("", "what", "before", "after", "where"), map(_change, difference.changes))
    if difference.promises:
        yield from ("", "#### Promises", "")
        promises = ((each.id, str(each.before), str(each.after), each.title) for each in difference.promises)
        yield from _table(("promise", "before", "after", "never"), promises)
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
    yield from ("", f"{_plain(difference.summary)}.")


def _act(difference: Difference, each: Compared, newly: str, refusing: str) -> Iterator[str]:
    definition = difference.new if each.act in difference.new.events else difference.old
    title = p.act_title(definition, each.act)
    story = p.story_of(each)
    if each.verdict == "some":
        sign = _SIGNS["+" if newly == "allowed" else "-"]
        yield f"- {sign} {_plain(p.act_sentence(each, title, newly=newly))}"
    if story is None:
        return
    yield "  <details><summary>why, with a story</summary>"
    yield ""
    for said in path_sentences(story, f"newly {newly}"):
        number, _, rest = said.strip().partition(". ")
        yield f"  {number}. {_plain(rest.strip())}"
    yield ""
    yield from (f"  {_plain(said)}  " for said in p.refusal_sentences(each, refusing))
    yield ""
    yield "  </details>"


def _change(each: Change) -> tuple[str, ...]:
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
