"""The tools of the server: plain functions of the desk and of what the assistant says.

Their docstrings, and the descriptions of their parameters, are what the assistant reads.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from postinterview.calls import Call
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.steps.event_input import event_called
from postinterview.gate import Gate
from postinterview.gate.errors import instead
from postinterview.mcp.desk import Desk, answered, desk_of

_MOST = 100
Key = Annotated[str, Field(description="The key of the company, from `companies`.")]
Act = Annotated[
    str, Field(description="The act, such as `follow_up` or `thank_you`. `explain` knows its fields.")
]
To = Annotated[str | None, Field(description="The person whom the act is for, if it is for one.")]
Application = Annotated[str | None, Field(description="The application, if the company has several.")]
Fields = Annotated[
    dict[str, Any] | None,
    Field(description="The fields of the act, such as {'channel': 'email'}. `true` stands for a text."),
]
Answer = dict[str, Any]


@answered
def companies(
    ctx: Context[Desk],
    after: Annotated[str, Field(description="The last key of the page before.")] = "",
) -> Answer:
    """List the companies whose histories are kept, 100 at a time."""
    gate = desk_of(ctx).gate
    rest = (key for key in gate.keeper.keys(prefix=gate.prefix) if key > f"{gate.prefix}{after}")
    keys = list(islice(rest, _MOST))
    found = [
        {"key": key.removeprefix(gate.prefix), "employer": process.employer, "timezone": process.timezone}
        for key, process in gate.keeper.load_many(keys).items()
    ]
    return {"companies": found, "more": len(keys) == _MOST}


@answered
def due(ctx: Context[Desk]) -> Answer:
    """List what is due now at all companies, the longest due first."""
    gate = desk_of(ctx).gate
    found = []
    for each in islice(gate.keeper.due(by=gate.now(), prefix=gate.prefix), _MOST):
        key = each.key.removeprefix(gate.prefix)
        process, now = desk_of(ctx).load(key)
        lines = [
            item.as_json() for item in process.agenda(at=now) if item.due is not None and item.due <= now
        ]
        if lines:
            found.append({"key": key, "employer": process.employer, "lines": lines})
    return {"due": found}


@answered
def agenda(ctx: Context[Desk], key: Key) -> Answer:
    """Say what is due, open, coming up, blocked and done at a company.

    A line of the kind `tell` is a question for the user.
    """
    process, now = desk_of(ctx).load(key)
    found = process.agenda(at=now)
    return {
        "employer": process.employer,
        "now": now.isoformat(),
        "text": found.text,
        "lines": [item.as_json() for item in found],
    }


@answered
def may(
    ctx: Context[Desk],
    key: Key,
    act: Act,
    to: To = None,
    application: Application = None,
    fields: Fields = None,
) -> Answer:
    """Say whether an act is allowed now; if not why, and when it opens. Nothing is recorded."""
    return _verdict(desk_of(ctx).gate.may(key, _call(act, to, application, fields)))


@answered
def do(
    ctx: Context[Desk],
    key: Key,
    act: Act,
    to: To = None,
    application: Application = None,
    fields: Fields = None,
    once: Annotated[
        str | None, Field(description="Your own id of this call, so that it can be repeated.")
    ] = None,
) -> Answer:
    """Do an act, or get a permit for it.

    An act that reaches nobody, such as writing a plan, is recorded. For an act that reaches the employer you
    get a permit, and nothing is recorded yet: give it to the tool that sends, soon, for one message to the
    `recipients`. If `allowed` is false, send nothing, by no other way either, and tell the user why and
    when it opens.
    """
    gate, call = desk_of(ctx).gate, _call(act, to, application, fields)
    if event_called(gate.keeper.rulebook.definition, act).reaches_them:
        permit = gate.permit(key, call)
        found = permit.as_json()
        del found["verdict"]
        return {
            **_verdict(permit.verdict),
            **(found if permit else {"instead": _instead(gate, permit.verdict)}),
        }
    return _outcome(gate.do(key, call, once=once))


@answered
def explain(
    ctx: Context[Desk],
    name: Annotated[str, Field(description="An act, event, field, guard, date or state of the rules.")],
) -> str:
    """Explain a name in the rules, such as an act with its fields and guards."""
    return desk_of(ctx).explain(name)


def _call(act: str, to: str | None, application: str | None, fields: dict[str, Any] | None) -> Call:
    return Call(act, to, application, fields or {})


def _verdict(verdict: Verdict) -> Answer:
    return {**verdict.as_json(), "text": verdict.text}


def _outcome(outcome: Outcome) -> Answer:
    found: Answer = {"text": outcome.text, "recorded": not (outcome.refused or outcome.repeated)}
    return {**found, **({} if outcome.verdict is None else {"allowed": outcome.verdict.allowed})}


def _instead(gate: Gate, verdict: Verdict) -> str:
    """Say what to do instead of an act that is refused."""
    fields = gate.keeper.rulebook.definition.events[verdict.event].fields
    missing = [name for name in verdict.opens_after if name in fields]
    if missing:
        return f"Ask again with these fields, once the message has what they say: {', '.join(missing)}."
    return instead(verdict)
