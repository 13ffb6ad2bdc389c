"""Sentences about the parts of a difference, which text and Markdown share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from postinterview.core.answers.verdict import Verdict, distinct
from postinterview.core.rules.definitions import Origin
from postinterview.core.values.formatting import say_count, say_list, say_moment
from postinterview.diffing.change import Change, Example, Mark
from postinterview.diffing.difference import BoundChange, ChoiceChange, PromiseChange
from postinterview.diffing.stories import StepDifference, StoryDifference
from postinterview.proof.comparison import Compared
from postinterview.proof.reports.proof import COMPARISON_ASSUMES
from postinterview.proof.search.refinement import is_limit
from postinterview.proof.search.replay import StoryReplay
from postinterview.scenario.phrases import moment_text, when_text

PARTS = {
    "date": "date",
    "due": "suggestion",
    "guard": "guard",
    "transition": "transition",
    "state": "state",
    "machine": "machine",
    "event": "event",
    "class": "class",
    "credit": "credit",
    "calendar": "calendar",
    "words": "words",
}


def story_of(each: Compared) -> StoryReplay | None:
    """Return the story as those tell it who allow its last act, with the events that only the others know."""
    if each.allowed is None or each.refused is None:
        return each.allowed
    lines = {id(line.happening): line for side in (each.refused, each.allowed) for line in side.lines}
    told = (lines.get(id(happening)) for happening in each.allowed.story.happenings)
    return evolve(each.allowed, lines=tuple(line for line in told if line is not None))


def act_sentence(each: Compared, title: str, *, newly: str) -> str:
    """Return ``thank the interviewer: newly refused, such as on Tue 3 Mar 2026 09:00``."""
    where = f", as {each.shown_by} shows" if each.shown_by else ""
    at = where if each.allowed is None else f", such as on {say_moment(each.allowed.at)}"
    return f"{title}: newly {newly}{at}"


def choice_sentence(each: ChoiceChange) -> str:
    """Return ``with channel: call, newly refused, such as on Mon 9 Mar 2026 09:00``."""
    at = "" if each.story is None else f", such as on {say_moment(each.story.at)}"
    return f"newly {each.newly} with `{each.carrying}`{at}"


def refusal_sentences(each: Compared, refusing: str) -> Iterator[str]:
    """Yield what the side that refuses an act says. ``refusing``: its name."""
    if each.refused is None:
        yield f"{refusing} has no such act"
        return
    for reason in distinct(each.refused.verdict.reasons):
        place = f" ({reason.where})" if reason.file else ""
        yield f"refused by {refusing}: `{reason.id}`: {reason.text}{place}"
    known = {line.happening.event for line in each.allowed.lines} if each.allowed is not None else set()
    missing = {line.happening.event for line in each.refused.lines} - known
    if missing:
        yield f"only {refusing} counts {say_list((f'`{name}`' for name in sorted(missing)), 'and')}"
    yield from (f"if the function `{name}` says no" for name in each.supposing)


def unknown_sentences(found: Iterable[Compared]) -> Iterator[str]:
    """Yield for each reason the acts that are not known for it, and what to do."""
    acts: dict[str, list[str]] = {}
    for each in found:
        if each.verdict == "unknown":
            acts.setdefault(each.why_unknown, []).append(f"`{each.act}`")
    for why, names_ in acts.items():
        more = "try `--max-seconds 120 --max-zones 200000`, or " if is_limit(why) else ""
        play = "play a story of yours under both: `postinterview diff OLD NEW STORY.yaml`"
        yield f"not known for {say_list(names_, 'and')}: {why}; {more}{play}"


def change_name(change: Change) -> str:
    """Return ``guard a_week_apart of follow_up_once and call_in_vain``."""
    where = f" of {say_list(change.where, 'and')}" if change.part == "guard" else ""
    name = "" if change.part == "words" else f" {change.name}"
    return f"{PARTS[change.part]}{name}{where}"


def change_values(change: Change) -> str:
    """Return ``7 days -> 3 days``, or one of them."""
    return " -> ".join(each for each in (change.before, change.after) if each)


def place_of(change: Change) -> str:
    """Return the file and line where the new rules say it, or the old ones did."""
    origin: Origin | None = change.new or change.old
    return "" if origin is None else str(origin)


def example_sentence(example: Example) -> str:
    """Return ``an interview on Mon 2 Mar: Mon 9 Mar -> Mon 16 Mar``."""
    before, after = (
        "not known" if each is None else say_moment(each) for each in (example.before, example.after)
    )
    return f"example: {example.story}: {before} -> {after}"


def promise_sentence(each: PromiseChange) -> str:
    """Return ``kept -> broken: never a second chase without a word from them``."""
    why = f" ({each.why})" if each.why and each.after == "loosened" else ""
    notes = {(True, False): ["no longer promised"], (False, True): ["promised now"]}.get(each.made, [])
    status = each.after if each.before == each.after else f"{each.before} -> {each.after}"
    said = f"{', '.join((status, *notes))}: never {each.title or each.id}{why}"
    return f"{said}; it said: {each.was}; it says: {each.says}" if each.says else said


def promise_mark(each: PromiseChange) -> Mark:
    """Return whether a promise is one more, or one less, or another one."""
    lost = not each.made[1] or (each.before == "kept" != each.after)
    won = not each.made[0] or (each.after == "kept" != each.before)
    return "-" if lost else "+" if won else "~"


def bound_sentence(each: BoundChange) -> str:
    """Return a question with both answers."""
    question = str(each.before.question)
    before, after = (
        bound.text.removeprefix(f"{question}: ").rstrip(".") for bound in (each.before, each.after)
    )
    return f"{question}: {before} -> {after}" if each.is_changed else f"{question}: {after}, as before"


def step_sentence(step: StepDifference) -> str:
    """Return ``step 4, Mon 9 Mar 2026 09:00, follow_up: allowed -> refused (a_week_apart: ...)``."""
    at = "" if step.at is None else f", {when_text(step.at)}"
    before, after = (_result(*each) for each in ((step.before, step.old), (step.after, step.new)))
    return f"step {step.number}{at}, {step.what}: {before} -> {after}"


def _result(result: str, verdict: Verdict | None) -> str:
    if verdict is None or verdict.allowed:
        return result
    reasons = say_list((f"`{each.id}`" for each in distinct(verdict.reasons)), "and")
    opens = "" if verdict.opens_at is None else f", opens {moment_text(verdict.opens_at)}"
    return f"{result} ({reasons}{opens})"


def more_sentence(story: StoryDifference) -> str:
    """Return how many more steps differ, or nothing."""
    said = []
    if (more := len(story.steps) - 1) > 0:
        said.append(f"{say_count(more, 'later step')} too")
    if story.consequences:
        said.append(f"{say_count(story.consequences, 'later step')} only because of that")
    if story.stopped:
        said.append(f"it can't be played to its end: {story.stopped}")
    return "; ".join(said)


def assumed_sentence() -> str:
    """Return what the answers about acts rest on."""
    return " ".join(COMPARISON_ASSUMES).replace("assumed", "Assumed", 1)
