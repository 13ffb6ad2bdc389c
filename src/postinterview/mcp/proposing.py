"""The tool by which an assistant says what it may not record. A person confirms it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context, Elicit, ElicitationResult, Resolve
from mcp.types import ClientCapabilities, ElicitationCapability
from pydantic import BaseModel, Field

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_list
from postinterview.gate import Word
from postinterview.mcp.desk import Desk, answered, desk_of
from postinterview.mcp.tools import Answer, Key

Operation = Annotated[
    Literal["record", "retract", "known", "unknown", "change"],
    Field(
        description="`record` what happened; `retract` an entry; events are `known` (all of them are "
        "recorded) or `unknown`; `change` the employer's name or place."
    ),
]
Arguments = Annotated[
    dict[str, Any],
    Field(
        description="record: event, happened (ISO 8601 with offset, or the day alone), and if needed to, "
        "application, fields. "
        "retract: number, not_sent. known, unknown: of (a list of events), until, application. "
        "change: at, and employer, timezone or country."
    ),
]
Because = Annotated[
    str, Field(description="How you know it, such as the sentence of a mail, in 500 characters.")
]


class Approval(BaseModel):
    """What the person answers."""

    confirmed: bool = Field(description="Yes, it happened: record it.")


class NotAsked(BaseModel):
    """The client can't ask, so the word waits."""


@answered
def ask(
    ctx: Context[Desk], key: str, operation: str, arguments: dict[str, Any], because: str
) -> Elicit[Approval] | NotAsked:
    """Keep the word, and ask the person in front of the client, if there is one."""
    word = _propose(ctx, key, operation, arguments, because)
    form = ClientCapabilities(elicitation=ElicitationCapability())
    if not (desk_of(ctx).asks and ctx.session.check_client_capability(form)):
        return NotAsked()
    return Elicit(_question(desk_of(ctx), word), Approval)


@answered
def propose(
    ctx: Context[Desk],
    key: Key,
    operation: Operation,
    arguments: Arguments,
    because: Because,
    answer: Annotated[ElicitationResult[Any], Resolve(ask)],
) -> Answer:
    """Propose what you may not record by yourself: an employer's word, a correction, or what is known.

    A person has to confirm it, now or later, so don't act as if it was recorded. Propose only what you
    have read or were told, never what you suppose.
    """
    gate = desk_of(ctx).gate
    word = _propose(ctx, key, operation, arguments, because)
    said = answer.data if answer.action == "accept" else None
    if isinstance(said, NotAsked) or answer.action == "cancel":
        text = "It waits for a person, who can confirm it: postinterview confirm"
        return {"state": "pending", "id": word.id, "text": text}
    if not (isinstance(said, Approval) and said.confirmed):
        gate.decline(word.id)
        return {
            "state": "declined",
            "text": "The person says no: nothing was recorded. Don't propose it again.",
        }
    return {"state": "recorded", "text": gate.confirm(word.id).text}


def _propose(ctx: Context[Desk], key: str, operation: Any, arguments: dict[str, Any], because: str) -> Word:
    if (
        operation == "change" and "at" not in arguments
    ):  # it would be another word each time it is asked about
        raise MisuseError("the arguments of `change` lack `at`", "say since when")
    return desk_of(ctx).gate.propose(key, operation, arguments, because=because)


def _question(desk: Desk, word: Word) -> str:
    preview = desk.gate.preview(word.id)
    lines = [f"An assistant says about {word.key}: {preview.text}"]
    if word.because:
        lines.append(f'Its reason: "{word.because}"')
    for what, acts in (("It would allow", preview.opens), ("It would end", preview.closes)):
        if acts:
            lines.append(f"{what}: {say_list(acts, 'and')}.")
    return "\n".join([*lines, "Did it happen, and shall it be recorded?"])
