"""A proof in plain lines, and as data: each promise, what breaks it, what it trusts and assumes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from postinterview.core.definitions import Definition, Transition
from postinterview.core.formatting import say_list, say_moment
from postinterview.core.rulebook import Rulebook
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.render import diagnostics_data
from postinterview.proof.explain import protections, ways
from postinterview.proof.path import Happening
from postinterview.proof.prove import Proof, Result
from postinterview.proof.replay import Replay
from postinterview.proof.story_file import scenario_data
from postinterview.proof.tags import Milder

ASSUMPTIONS = (
    "assumed: what the employer did is recorded, nothing of the past is left unknown, and a history is",
    "corrected before it is asked; the clock is not set back; any calendar, time zone and breach; fields,",
    "hours and custom guards may hold or not",
)


def proof_data(proof: Proof) -> dict[str, Any]:
    """The proof in plain types."""
    return {
        "verdict": proof.verdict,
        "rules": [source.name for source in proof.definition.sources],
        "promises": [_result_data(result) for result in proof.results],
        "trusted": {tag: list(events) for tag, events in trusted(proof.definition)},
        "milder": [_milder_data(each) for each in proof.milder],
        "diagnostics": [],
    }


def faulty_data(file: str, diagnostics: tuple[Diagnostic, ...]) -> dict[str, Any]:
    """The same for a file that nothing can be proved of, since it or the promises have errors."""
    return {
        "verdict": None,
        "rules": [file],
        "promises": [],
        "trusted": {},
        "milder": [],
        "diagnostics": diagnostics_data(diagnostics),
    }


def check_data(proof: Proof) -> dict[str, Any]:
    """The proof as ``check`` has it: the verdict, and what is not proved."""
    results = [_result_data(result) for result in proof.results if result.verdict != "proved"]
    left = ("id", "verdict", "scenario")
    return {"verdict": proof.verdict, "not_proved": [{key: each[key] for key in left} for each in results]}


def scenario_name(result: Result) -> str:
    return f"Breaks {result.id}"


def result_sentence(result: Result) -> str:
    """What is known of a promise, in one line."""
    if result.verdict == "proved":
        on = ", ".join(result.rests_on)
        if not result.parts:
            return "holds: no act here can break it"
        return f"holds on every path; {result.states} states" + (f"; rests on {on}" if on else "")
    if result.verdict == "violated":
        return f"broken: {result.promise.title or 'see below'}"
    why = next((part.why_unknown for part in result.parts if part.why_unknown), "a limit was hit")
    return f"not known: {why}"


def story_sentences(result: Result) -> Iterator[str]:
    """The shortest story that breaks the promise, numbered and dated, with the rules that let it happen."""
    replay = result.violation
    if replay is None:
        return
    yield from path_sentences(replay)
    for rule in replay.taken():
        yield f"     {rule.origin}: `{rule.id}` lets it happen; {_satisfied(rule)}"


def _satisfied(rule: Transition) -> str:
    """Why its guards did not help, for people who write rules and no programs."""
    ids = tuple(guard.id for guard in rule.guards)
    if not ids:
        return "it has no guards"
    if len(ids) == 1:
        return f"its only guard, {ids[0]}, was satisfied, and is not strict enough"
    return f"its guards {say_list(ids, 'and')} were all satisfied; none of them is strict enough"


def path_sentences(replay: Replay, verdict: str = "allowed") -> Iterator[str]:
    """A story, numbered and dated; ``verdict``: of the act at its end."""
    for number, each in enumerate(replay.lines, 1):
        moved = f"; {', '.join(each.moves)}" if each.moves else ""
        became = f"  ({each.became}{moved})" if each.became != "recorded" or moved else ""
        yield f"{number:>3}. {_said(each.happening)}{became}"
    yield f"{len(replay.lines) + 1:>3}. {_said(replay.story.act)}  ({verdict})"


def trusted(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What promises take from the rule file: what it says of its events."""
    kinds = definition.events.values()
    for contact in ("chase", "attempt", "courtesy", "reply", "none"):
        yield contact, tuple(kind.name for kind in kinds if kind.contact == contact)
    yield "sign of life", tuple(kind.name for kind in kinds if kind.sign_of_life)
    yield "gives a credit", tuple(kind.name for kind in kinds if kind.gives)
    sets = (kind for kind in kinds if kind.by == "employer" and any(f.sets for f in kind.fields.values()))
    yield "names a date", tuple(kind.name for kind in sets)


def milder_sentences(proof: Proof) -> Iterator[str]:
    """Where the file tags a packaged event more mildly, beside what the packaged rules say."""
    for each in proof.milder:
        yield (
            f"{each.kind.origin}: `{each.kind.name}` says {each.tag.name}: {each.says}; "
            f"the packaged rules say {each.packaged_says} ({each.packaged.origin})"
        )


def _milder_data(each: Milder) -> dict[str, Any]:
    return {
        "event": each.kind.name,
        "tag": each.tag.name,
        "says": each.says,
        "packaged": each.packaged_says,
        "file": each.kind.origin.file,
        "line": each.kind.origin.line,
        "packaged_file": each.packaged.origin.file,
        "packaged_line": each.packaged.origin.line,
        "why": each.tag.why,
    }


def explanations(rulebook: Rulebook, proof: Proof, clock: Callable[[], float]) -> Iterator[tuple[str, str]]:
    """For each guard what it protects, and for each act a way to it."""
    for protection in protections(proof, clock):
        name = f"{protection.transition.id}.{protection.guard.id}"
        yield name, ", ".join(protection.promises) or "protects no promise"
    for way in ways(rulebook, clock):
        if way.story is None:
            yield way.act, "not known" if way.unknown else "dead: can never be allowed"
        else:
            events = [each.happening.event for each in way.story.lines]
            after = f"allowed after {', '.join(events)}" if events else "allowed at once"
            yield way.act, f"{after} ({say_moment(way.story.at, exact=True)})"


def _result_data(result: Result) -> dict[str, Any]:
    replay = result.violation
    return {
        "id": result.id,
        "verdict": result.verdict,
        "seconds": round(result.seconds, 6),
        "states": result.states,
        "rests_on": list(result.rests_on),
        "scenario": None
        if replay is None
        else scenario_data(scenario_name(result), replay, result.promise.title),
    }


def _said(happening: Happening) -> str:
    to = f" to {happening.to}" if happening.to else ""
    application = f" in {happening.application}" if happening.application else ""
    fields = ", ".join(
        f"{name} {_plain(value)}" for name, value in happening.fields.items() if value != "..."
    )
    return f"{say_moment(happening.at, exact=True)}  {happening.event}{to}{application}" + (
        f": {fields}" if fields else ""
    )


def _plain(value: object) -> str:
    return ", ".join(value) or "nobody" if isinstance(value, tuple) else str(value)
