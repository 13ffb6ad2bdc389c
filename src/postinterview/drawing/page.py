"""One HTML page of a rulebook: its pictures, and beside them all that they leave out.

The page needs no network and has no script: an act in a picture is a link to its sentences, and parts fold
with `<details>`. It can be read with a keyboard, by a screen reader, on paper and in the dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from attrs import frozen

from postinterview.core.rules.definitions import ChangedValue, Definition, EventKind, MachineKind, Origin
from postinterview.core.values.formatting import say_list, say_words, sentence
from postinterview.describing.guard_text import GuardSentences
from postinterview.describing.phrases import Phrases, titled
from postinterview.drawing.marks import CHANGED, is_changed, mark_meaning, places_of
from postinterview.drawing.page_style import PAGE
from postinterview.drawing.placing import Placed
from postinterview.drawing.signs import SIGNS, kind_of
from postinterview.drawing.style import PICTURE, colours
from postinterview.drawing.svg import inline, text
from postinterview.loading.pack_changes import Change
from postinterview.proof.bound import Bound
from postinterview.proof.promises.promise import Promises

_TICKED = re.compile("`([^`]+)`")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@frozen
class Content:
    """The content of a page. ``bounds`` is None if they were not asked for.

    ``changes``: what the rules change in those that they extend.
    """

    definition: Definition
    pictures: Sequence[Placed]
    promises: Promises
    bounds: Sequence[Bound] | None = None
    changes: Sequence[Change] = ()


def page(content: Content) -> str:
    """Return the page as HTML."""
    definition = content.definition
    title = definition.title or definition.name
    parts = [
        f"<header><h1>{text(title)}</h1>",
        f"<p>{text(definition.why)}</p>" if definition.why else "",
        f"<p class='dim'>{text(_provenance(definition))}</p></header>",
        _contents(content),
        "<main>",
        *_legend(definition),
        *_changes(content),
        *_machines(content),
        *_acts(definition),
        *_promises(content.promises, content.definition),
        *_bounds(content.bounds),
        *_names(definition),
        "</main>",
    ]
    return document(title, "\n".join(filter(None, parts)), PICTURE)


def document(title: str, body: str, style: str) -> str:
    """Return a whole page with its style; it needs no other file."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>\n{colours(':root')}{PAGE}{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _provenance(definition: Definition) -> str:
    version = f", version {definition.version}" if definition.version else ""
    files = say_list((each.name for each in definition.sources), "and")
    return f"Drawn from {files}{version}."


def _contents(content: Content) -> str:
    links = [("changes", "Changes")] if content.changes else []
    links += [(f"machine-{each.diagram.name}", each.diagram.title) for each in content.pictures]
    links.append(("acts", "Acts"))
    links += [("promises", "Promises")] if content.promises.promises else []
    links += [("bounds", "Bounds")] if content.bounds is not None else []
    links.append(("names", "Names"))
    items = "".join(f'<li><a href="#{text(id)}">{text(title)}</a></li>' for id, title in links)
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>'


def _legend(definition: Definition) -> Iterator[str]:
    yield '<section aria-label="Signs"><ul class="legend">'
    for kind, (sign, meaning) in SIGNS.items():
        yield f'<li><span class="sign {kind}">{sign}</span> {text(meaning)}</li>'
    for edge, meaning in _EDGES.items():
        yield f'<li><span class="edge {edge}"></span> {meaning}</li>'
    if meaning := mark_meaning(definition):
        yield f"<li>{text(meaning)}</li>"
    yield "</ul></section>"


_EDGES = {
    "over": "the matter is over there",
    "dashed": "from many states, which it lists; or a state outside the rules",
    "breach": "recorded against the rules, and it moves the machine all the same",
}
"""The edges of boxes, with their meaning."""


def _changes(content: Content) -> Iterator[str]:
    """Yield what the file changes in the one that it extends, also what it removes."""
    if not content.changes:
        return
    own, parent, *_ = content.definition.sources
    yield f'<section id="changes"><h2>What {text(own.name)} changes in {text(parent.name)}</h2><ul>'
    for change in content.changes:
        said = _TICKED.sub(r"<code>\1</code>", text(sentence(str(change))))
        yield f"<li>{said} {_place(change.origin)}</li>"
    yield "</ul></section>"


def _machines(content: Content) -> Iterator[str]:
    sentences = GuardSentences(content.definition)
    for placed in content.pictures:
        shown = placed.diagram
        machine = shown.machine
        yield f'<section id="machine-{text(shown.name)}"><h2>{text(shown.title)}</h2>'
        yield f"<p>{text(shown.about)} {_place(machine.origin)}</p>"
        yield f"<p>{text(machine.why)}</p>" if machine.why else ""
        yield f'<div class="picture" role="region" tabindex="0" aria-label="Picture: {text(shown.title)}">'
        yield inline(placed, partial(_link, shown.machine, sentences))
        yield "</div></section>"


def _link(machine: MachineKind, sentences: GuardSentences, act: str) -> tuple[str, str]:
    """Return where an event in a picture leads, and its guards in this machine as sentences."""
    rules = [rule for rule in machine.transitions if rule.event == act]
    said = dict.fromkeys(sentences.sentence(rule, guard) for rule in rules for guard in rule.guards)
    return f"#act-{act}", " ".join(said)


def _acts(definition: Definition) -> Iterator[str]:
    """Yield a section for each act, with a sentence for each guard, and the employer's events."""
    sentences, phrases = GuardSentences(definition), Phrases(definition)
    yield '<section id="acts"><h2>Acts</h2>'
    for event in definition.events.values():
        if not event.is_act:
            continue
        yield _event_head(definition, event)
        for machine in definition.machines.values():
            for rule in machine.transitions:
                if rule.event != event.name:
                    continue
                every = len(rule.sources) == len(machine.states)
                sources = "any state" if every else phrases.states(machine.name, rule.sources)
                target = () if rule.target is None else (phrases.states(machine.name, (rule.target,)),)
                where = f"{machine.title or say_words(machine.name)}: from {' to '.join((sources, *target))}"
                where += CHANGED if is_changed(definition, rule.origin) else ""
                yield f"<h4>{text(where)} {_place(rule.origin)}</h4>"
                yield f"<p>{text(rule.why)}</p>" if rule.why else ""
                if rule.due is not None:
                    yield f"<p class='due'>Due: {text(phrases.moment(rule.due))}.</p>"
                if rule.guards:
                    yield "<ul>"
                    for guard in rule.guards:
                        said = text(sentences.sentence(rule, guard))
                        mark = CHANGED if is_changed(definition, *places_of(guard)) else ""
                        where = " ".join((_place(guard.origin), *map(_change, guard.changes)))
                        yield f"<li>{said} <code>{text(guard.id)}{mark}</code> {where}</li>"
                    yield "</ul>"
        yield "</article>"
    yield "</section><section id='facts'><h2>What the employer does, and what happens</h2>"
    for event in definition.events.values():
        if not event.is_act:
            yield _event_head(definition, event) + "</article>"
    yield "</section>"


def _event_head(definition: Definition, event: EventKind) -> str:
    kind = kind_of(event)
    sign, meaning = SIGNS[kind]
    fields = [f"{each.name}{' (may be left out)' if each.optional else ''}" for each in event.fields.values()]
    said = f"Fields: {say_list(map(say_words, fields), 'and')}." if fields else ""
    return (
        f'<article id="act-{text(event.name)}"><h3><span class="sign {kind}" title="{text(meaning)}">{sign}'
        f"</span> {text(sentence(titled(definition, event.name)))} <code>{text(event.name)}</code> "
        f"{_place(event.origin)}</h3>"
        + (f"<p>{text(event.why)}</p>" if event.why else "")
        + (f"<p class='dim'>{text(said)}</p>" if said else "")
    )


def _promises(promises: Promises, definition: Definition) -> Iterator[str]:
    if not promises.promises:
        return
    yield '<section id="promises"><h2>Promises</h2><dl>'
    for promise in promises.promises:
        name = f"{text(promise.title or promise.id)} <code>{text(promise.id)}</code>"
        yield f"<dt>{name} {_place(promise.origin)}</dt>"
        yield "".join(f"<dd>{text(sentence(str(clause)))}.</dd>" for clause in promise.clauses)
        yield f"<dd class='dim'>{text(promise.why)}</dd>" if promise.why else ""
        if (loosened := definition.loosens.get(promise.id)) is not None:
            said = f"<strong>Loosened: these rules need not keep it</strong>. {text(loosened.why)}"
            yield f"<dd>{said} {_place(loosened.origin)}</dd>"
    yield "</dl></section>"


def _bounds(bounds: Sequence[Bound] | None) -> Iterator[str]:
    if bounds is None:
        return
    yield '<section id="bounds"><h2>Bounds: the most that these rules ever allow</h2><ul>'
    yield "".join(f"<li>{text(bound.text)}</li>" for bound in bounds)
    yield "</ul></section>"


def _names(definition: Definition) -> Iterator[str]:
    """Yield the tables of classes, dates and credits."""
    phrases = Phrases(definition)
    yield '<section id="names"><h2>Names</h2>'
    yield from _table(
        "Classes of events",
        (
            (name, each.title, say_list(map(say_words, sorted(each.members)), "and") or "nothing")
            for name, each in definition.classes.items()
        ),
    )
    yield from _table(
        "Dates",
        ((name, "", sentence(phrases.moment(moment))) for name, moment in definition.moments.items()),
    )
    yield from _table(
        "Credits",
        (
            (each.name, f"at most {each.max}, per {each.scope}", _emptied(definition, name))
            for name, each in definition.credits.items()
        ),
    )
    yield "</section>"


def _emptied(definition: Definition, credit: str) -> str:
    given = [say_words(each.name) for each in definition.events.values() if credit in each.gives]
    emptied = sorted(map(say_words, definition.credits[credit].emptied_by.members))
    said = f"given by {say_list(given)}" if given else "given by nothing"
    return f"{said}; emptied by {say_list(emptied)}" if emptied else said


def _table(title: str, rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    found = list(rows)
    if not found:
        return
    yield f"<details open><summary>{text(title)}</summary><dl>"
    for name, note, said in found:
        beside = f" <span class='dim'>{text(note)}</span>" if note else ""
        yield f"<dt><code>{text(name)}</code>{beside}</dt><dd>{text(said)}</dd>"
    yield "</dl></details>"


def _place(origin: Origin) -> str:
    return f'<span class="place">{text(str(origin))}</span>'


def _change(value: ChangedValue) -> str:
    return f'<span class="place"><code>{text(value.name)}</code> in {text(str(value.origin))}</span>'
