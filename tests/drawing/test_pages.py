"""The page of a rulebook: all of it is there, safe, and reachable without a mouse or a network."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from attrs import evolve

import postinterview as pi
from postinterview.core.process import Rulebook
from postinterview.drawing.diagram import diagrams
from postinterview.drawing.page import Content, page
from postinterview.drawing.placing import place
from postinterview.judging import load_promises
from postinterview.rulebooks import changes_by, load_to_prove

RULES = pi.load_rulebook()


@cache
def drawn(title: str = "") -> str:
    definition = RULES.definition if not title else evolve(RULES.definition, title=title, why=title)
    machines = definition.machines.values()
    pictures = [place(each) for machine in machines for each in diagrams(machine, definition)]
    return page(Content(definition, pictures, load_promises(Rulebook(definition))))


class Reader(HTMLParser):
    """Keeps ids, links and the balance of tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        assert not any(name.startswith("on") for name in values)
        assert not values.keys() & {"src", "srcset", "action"}
        if tag not in ("meta", "rect", "path", "circle", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "rect", "path", "circle", "line"):
            assert self.open.pop() == tag


def test_every_link_leads_to_one_place_on_the_page() -> None:
    read = Reader(drawn())

    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert {link for link in read.links if link.removeprefix("#") not in read.ids} == set()


def test_every_event_guard_promise_class_and_date_is_on_the_page() -> None:
    shown, rules = drawn(), RULES.definition
    guards = {
        guard.id for each in rules.machines.values() for rule in each.transitions for guard in rule.guards
    }
    promises = {each.id for each in load_promises(RULES).promises}

    for name in {*rules.events, *rules.classes, *rules.moments, *rules.credits, *guards, *promises}:
        assert f"<code>{name}</code>" in shown, name
    assert "rules/default.yaml:" in shown


def test_an_act_in_a_picture_tells_its_guards_and_leads_to_them() -> None:
    found = re.findall(r'<a href="#act-follow_up"><title>(.*?)</title>', drawn())

    assert "Wait 7 days after the last follow-up in any application with them." in found[0]


def test_the_page_can_load_nothing_and_runs_no_script() -> None:
    shown = drawn()

    assert "default-src 'none'; style-src 'unsafe-inline'" in shown
    assert not re.search(r"<script|<link|@import|url\(|<img|<iframe", shown)


def test_titles_are_text() -> None:
    shown = drawn("<script>alert('&amp;')</script>")

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_the_page_says_of_a_loosened_promise_that_it_need_not_be_kept() -> None:
    rules = pi.load_rulebook("two-follow-ups")
    _, _, promises = page(Content(rules.definition, (), load_promises(rules))).partition(
        '<section id="promises">'
    )
    entries = promises.partition("</dl>")[0].split("<dt>")[1:]
    said = {each.partition("<code>")[2].partition("<")[0]: "Loosened" in each for each in entries}

    assert {name for name, loosened in said.items() if loosened} == {"one_chase", "one_follow_up"}


def test_a_pack_s_page_says_what_it_changes_and_other_pages_do_not() -> None:
    rules = load_to_prove("two-follow-ups")
    promises = load_promises(rules)
    own = page(Content(rules.definition, (), promises, changes=changes_by("two-follow-ups")))
    assert "What rules/two-follow-ups.yaml changes in rules/default.yaml" in own
    assert "A new guard <code>two_chases</code> in <code>follow_up_once</code>" in own
    assert "* changed by rules/two-follow-ups.yaml" in own
    assert changes_by("default") == ()
    assert "changed by" not in page(Content(load_to_prove("default").definition, (), promises))
