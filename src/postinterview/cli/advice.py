"""Advise beside the promises, for `check` and `prove`: mend a broken one, and know what none speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from time import thread_time  # noqa: TID251 - it limits the search for advice

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition, Origin
from postinterview.core.values.formatting import say_list
from postinterview.core.values.suggest import ticked
from postinterview.files import DEFAULT, PROMISES, packaged, packaged_sources, read_packaged
from postinterview.judging import compared
from postinterview.layout import Line, line
from postinterview.loading import LoadedRules
from postinterview.loading.causes import Cause, Causes, touches
from postinterview.loading.conduct import at_any_hour as without_hours
from postinterview.loading.diagnostics import Label
from postinterview.loading.extending import Path
from postinterview.loading.pack_changes import changes
from postinterview.proof.explain import advice, kept_by
from postinterview.proof.model.relation import STATE, ConditionKey
from postinterview.proof.prove import Proof, Prover, Result
from postinterview.proof.reports.findings import Advised
from postinterview.rulebooks import load_known, load_rulebook, sound, to_prove

_SECONDS = 2.0
"""Rules that keep a promise are searched no longer than this: advice is not worth more waiting."""


def advise(proof: Proof, sources: Mapping[str, str], result: Result, blamed: Origin | None = None) -> Advised:
    """Return what to change where a promise is broken, by the rules that the file extends, or packaged ones.

    ``sources``: the texts of the rule files, by their shown names. ``blamed``: the guard or the transition
    that lets it happen; a cause is looked for unless the file changed that.
    """
    file = proof.definition.sources[0].name
    loaded = load_known(file, sources[file])
    packaged_file, packaged_text = read_packaged(DEFAULT)
    texts = {packaged_file: packaged_text.decode("utf-8"), **sources}
    files = [*((each.file, each.text) for each in loaded.texts[1:2]), (packaged_file, packaged_text)]
    part = next(part for part in result.parts if part.replay is result.violation)
    said: list[str] = []
    resting: tuple[ConditionKey, ...] = ()
    kept_in = ""
    for kept_in, text in dict.fromkeys(files):
        rulebook = _rulebook(kept_in, text)
        resting = kept_by(Prover(rulebook, thread_time, max_seconds=_SECONDS), result)
        if resting:
            whose = "the packaged rules" if kept_in == packaged_file else kept_in
            said += advice(proof.definition, rulebook.definition, part.act, resting, texts, whose)
            break
    events = [] if part.replay is None else [each.event for each in part.replay.events]
    found = _causes(loaded, kept_in, resting, events, blamed)
    labels = (Label(each.where, each.label) for each in found)
    return Advised(
        (*(each.advice for each in found if each.steps), *said, *_on_purpose(proof, result)),
        tuple(zip((each.path for each in found), labels, strict=True)),
        tuple(each.there for each in found if each.there is not None),
    )


def _causes(
    loaded: LoadedRules,
    kept_in: str,
    keys: Iterable[ConditionKey],
    events: Collection[str],
    blamed: Origin | None,
) -> list[Cause]:
    """Return the changes that a broken promise may come from, unless the file changed what is blamed.

    ``keys``: by what the rules of the file ``kept_in`` keep it. ``events``: those of the story.
    """
    mine, theirs = compared(loaded) or (None, None)
    if mine is None or theirs is None or theirs.file != kept_in:
        return []
    changed = loaded.changes if loaded.extended is not None else changes(mine.whole, theirs.whole)
    path = () if blamed is None else mine.path_of(blamed)
    is_rule = path[2:3] == ("transitions",) and len(path) == 4
    of_blamed = (each.path for each in changed if not is_rule or len(each.path) <= len(path))
    if path and any(touches(each, path) for each in of_blamed):
        return []
    causes = Causes(changed, mine.whole, theirs.whole)
    return causes.of(_resting(keys)) or causes.of_events(events)


def sentences(proof: Proof, sources: Mapping[str, str], result: Result) -> tuple[str, ...]:
    """Return what `advise` says."""
    return advise(proof, sources, result).sentences


@cache
def _rulebook(shown: str, text: str | bytes) -> Rulebook:
    return to_prove(sound(load_known(shown, text)))


def _resting(keys: Iterable[ConditionKey]) -> Iterator[Path]:
    """Yield the paths to guards, and to the states that stand for one."""
    for machine, transition, guard in keys:
        rule = ("machines", machine, "transitions", transition)
        if guard == STATE:
            yield "machines", machine, "states"
            yield rule
        else:
            yield *rule, "guards", guard


def _on_purpose(proof: Proof, result: Result) -> Iterator[str]:
    """Yield how to break a packaged promise on purpose, and the pack that goes that way already."""
    if result.promise.origin.file != read_packaged(PROMISES)[0]:
        return
    mine = proof.definition.loosens.keys()
    extended = [packaged_sources().get(source) for source in proof.definition.sources]
    for pack, loosened in _loosened_by_packs().items():
        if pack in extended or not mine:
            continue
        if mine <= set(loosened) and result.id not in loosened:
            named = ticked(loosened, "and")
            yield f"the pack `{pack}` loosens {named} and keeps the rest: `extends: {pack}` is the short way"
    packs = [f"`extends: {pack}`" for pack, loosened in _loosened_by_packs().items() if result.id in loosened]
    named = f", as {say_list(packs, 'and')} does" if packs else ""
    yield f"to break it on purpose, write `loosens: {{{result.id}: {{why: ...}}}}`{named}"


@cache
def _loosened_by_packs() -> Mapping[str, tuple[str, ...]]:
    """Return the packaged packs that loosen packaged promises, each with those."""
    some = (name for name in packaged() if b"loosens:" in read_packaged(name)[1])
    return {name: tuple(load_rulebook(name).definition.loosens) for name in some}


_packaged = cache(load_rulebook)


def at_any_hour(definition: Definition) -> tuple[str, ...]:
    """Return the chases and attempts that nothing keeps to certain hours, but those of the packaged rules.

    The packaged rules leave `counter_offer` open: it answers an offer, and may be a mail.
    """
    found = without_hours(definition)
    known = without_hours(_packaged().definition) if found else ()
    return tuple(name for name in found if name not in known)


def hours_lines(acts: Collection[str]) -> Iterator[Line]:
    """Yield that nothing keeps these chases and attempts to certain hours: no promise speaks of hours."""
    if acts:
        named = say_list((f"`{name}`" for name in acts), "and")
        yield line(f"at any hour: {named}; no promise speaks of hours, and no `hours` guard is there")
