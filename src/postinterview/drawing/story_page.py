"""One HTML page of stories: each as a picture, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postinterview.drawing.page import document
from postinterview.drawing.story import Story
from postinterview.drawing.story_svg import story_inline
from postinterview.drawing.style import STORY
from postinterview.drawing.svg import text
from postinterview.layout import plain
from postinterview.scenario.scenario_text import timeline_lines


def story_page(stories: Sequence[Story], title: str) -> str:
    """Return the page as HTML."""
    return document(title, "\n".join(_body(stories, title)), STORY)


def _body(stories: Sequence[Story], title: str) -> Iterator[str]:
    yield f"<header><h1>{text(title)}</h1></header>"
    if len(stories) > 1:
        names = (each.played.scenario.name for each in stories)
        items = (f'<li><a href="#story-{at}">{text(name)}</a></li>' for at, name in enumerate(names, 1))
        yield f'<nav aria-label="Contents"><ul>{"".join(items)}</ul></nav>'
    yield "<main>"
    for number, each in enumerate(stories, 1):
        name = text(each.played.scenario.name)
        yield f'<section id="story-{number}"><h2>{name}</h2>'
        yield f'<div class="picture" role="region" tabindex="0" aria-label="Picture: {name}">'
        yield story_inline(each, f"picture-{number}") + "</div>"
        words = "".join(text(line) + "\n" for line in plain(timeline_lines(each.played)).splitlines())
        yield f"<details><summary>In words</summary><pre>{words}</pre></details></section>"
    yield "</main>"
