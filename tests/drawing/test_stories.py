"""Pictures of stories: the bars say what the engine says, and no text lies on another."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import postinterview as pi
from postinterview.countries import known_codes
from postinterview.drawing.gantt import gantt
from postinterview.drawing.story import Story, story
from postinterview.drawing.story_page import story_page
from postinterview.drawing.story_svg import story_svg
from postinterview.drawing.text_size import NORMAL, SMALL, text_width
from postinterview.loading.local_times import instant
from postinterview.scenario.linking import link
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import begin, perform, play

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = ["breach", "happy-path", "late-and-retracted", "two-applications", "unknown-past"]
SVG = "{http://www.w3.org/2000/svg}"


@cache
def stories(name: str) -> tuple[Story, ...]:
    path = EXAMPLES / f"{name}.yaml"
    rules = pi.load_rulebook()
    linked = link(read(path.read_bytes(), str(path)), rules.definition, known_codes)
    return tuple(found for each in linked.scenarios if (found := story(play(each, rules))) is not None)


@pytest.mark.parametrize("name", FILES)
def test_an_act_has_a_bar_exactly_while_the_engine_allows_it(name: str) -> None:
    shown = stories(name)[0]
    bars = {(row.application, row.event, row.title): row.allowed for row in shown.rows}
    process = begin(shown.played.scenario, shown.played.rulebook)
    asked = 0
    for number, step in enumerate(shown.played.steps):
        process = perform(process, step.step).process
        if step.at is None:
            continue
        later = (instant(each.at) for each in shown.played.steps[number + 1 :] if each.at is not None)
        at, end = instant(step.at), next(later, shown.end)
        for part in (0.001, 0.3, 0.71):
            moment = at + (end - at) * part
            if moment <= at or process.timeline[-1].at > moment:
                continue
            for verdict in process.verdicts(at=moment):
                row = bars.get((verdict.application, verdict.event, verdict.title))
                if row is not None:
                    assert verdict.allowed == any(each.start <= moment < each.end for each in row), verdict
                    asked += 1
    assert asked > 20


@pytest.mark.parametrize("name", FILES)
def test_no_text_of_a_story_lies_on_another(name: str) -> None:
    root = ET.fromstring(story_svg(list(stories(name)), "x"))  # noqa: S314 - our own text
    for group in root.findall(f"{SVG}g"):
        boxes = []
        for each in group.iter(f"{SVG}text"):
            kind = each.get("class", "")
            size = 17.0 if kind == "title" else SMALL if "small" in kind else NORMAL
            x, y, said = float(each.get("x", "")), float(each.get("y", "")), each.text or ""
            drawn = text_width(said, size, bold=kind in ("title", "bold"))
            boxes.append((x, x + drawn, y - size * 0.8, y + size * 0.1, said))
        for one, other in combinations(boxes, 2):
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (one, other)


@pytest.mark.parametrize("name", [*FILES, "silence"])
def test_no_sign_of_a_story_hides_another(name: str) -> None:
    root = ET.fromstring(story_svg(list(stories(name)), "x"))  # noqa: S314 - our own text
    for group in root.findall(f"{SVG}g"):
        circles = [each for each in group.iter(f"{SVG}circle") if each.get("class") == "done"]
        signs = [(float(each.get("cx", "")), float(each.get("cy", ""))) for each in circles]
        for each in group.iter(f"{SVG}path"):
            if each.get("class") in ("refused-mark", "breach-mark"):
                x, y = re.findall(r"-?[\d.]+", each.get("d", ""))[:2]
                signs.append((float(x) + 5, float(y) + 5))
        assert signs
        for one, other in combinations(signs, 2):
            assert abs(one[0] - other[0]) > 11 or abs(one[1] - other[1]) > 11, (one, other)


def test_a_refusal_is_marked_with_its_guards() -> None:
    (shown,) = stories("happy-path")
    refused = [mark.text for row in shown.rows for mark in row.marks if mark.kind == "refused"]

    assert refused[0] == "refused: a day later, profile complete"
    assert 'refused: the application is "Accepted"' in refused


def test_a_budget_counts_what_is_in_the_window() -> None:
    shown = stories("two-applications")[0]
    used = {budget.title: [count for _, count in budget.used] for budget in shown.budgets}
    first, second = (at for at, count in shown.budgets[0].used[:2])

    assert used == {"few nudges: 3 in any 14 days": [1, 2, 1], "few in two months: 6 in any 60 days": [1, 2]}
    assert shown.budgets[0].used[2][0] == first + timedelta(days=14)
    assert second - first < timedelta(days=14)


def test_a_page_of_stories_needs_nothing_else_and_shows_them_in_words() -> None:
    page = story_page(stories("breach"), "<b>")

    assert not re.search(r"(?:src|href)=\"(?!#)|<script|\son\w+=|url\(", page)
    assert "&lt;b&gt;" in page
    assert "BREACH" in page


def test_a_gantt_chart_has_a_section_for_each_act() -> None:
    (shown,) = stories("happy-path")
    lines = gantt(shown).split("\n")

    assert lines[:2] == ["gantt", "    title Three interviewers, a quoted date, one call, an offer, a yes"]
    assert sum(line.startswith("    section ") for line in lines) == len(shown.rows) + 1
    tasks = [line for line in lines[4:] if line and not line.startswith("    section")]
    assert all(re.fullmatch(r"    [^:;]*(#\d+;[^:;]*)* :[a-z, ]+, \S+, \S+", line) for line in tasks)
