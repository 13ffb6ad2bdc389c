"""Define the bodies of requests to the gate, and of its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from postinterview.contrib.fastapi.models import Export, Problem, Recorded, Verdict
from postinterview.contrib.fastapi.requests import Request

PermitText = Annotated[str, Field(min_length=1, description="The permit, as `permit` answered it.")]


class Consuming(Request):
    """A permit to use up, and what is known of the message."""

    permit: PermitText
    recipients: Annotated[
        tuple[str, ...],
        Field(min_length=1, description="Everybody who gets the message: To, Cc and Bcc."),
    ]
    acts: Annotated[tuple[str, ...], Field(description="The acts that you send. By default all.")] = ()
    fields: Annotated[
        dict[str, Any],
        Field(default_factory=dict, description="What you know of the message, such as its channel."),
    ]


class Failing(Request):
    """A permit that was used up, and whose message surely reached nobody."""

    permit: PermitText


class Proposing(Request):
    """What an agent says and a person has to confirm."""

    operation: Literal["record", "retract", "known", "unknown", "change"]
    arguments: Annotated[
        dict[str, Any],
        Field(
            description="Those of the operation. For `record` the moment is `happened`.",
            examples=[{"event": "message", "happened": "2026-03-02T10:00:00Z"}],
        ),
    ]
    because: Annotated[str, Field(description="Why, such as the line of a mail that says so.")] = ""


class Registering(Request):
    """Somebody to whom messages of a process may go."""

    recipient: Annotated[
        str, Field(description="An address, a domain or a telephone number.", examples=["ana@acme.example"])
    ]
    person: Annotated[str | None, Field(description="The person whose address it is.")] = None
    shared: Annotated[
        bool, Field(description="Another employer has the same domain: an agency writes for both.")
    ] = False


class Recipient(BaseModel):
    """Somebody to whom messages of a process may go."""

    key: str
    name: str
    kind: str
    person: str | None = None


class Removed(BaseModel):
    """What is not there any more."""

    removed: str


class Permit(BaseModel):
    """A permit for one message."""

    permit: Annotated[str, Field(description="What the sender needs.")]
    expires: datetime
    recipients: Annotated[list[str], Field(description="Where the message may go.")]
    verdict: Verdict


class Consumed(Recorded):
    """The act that was recorded as a permit was used up, and the recipients of its message."""

    recipients: Annotated[list[str], Field(description="Send to these, as they were checked.")]


class Word(BaseModel):
    """Something that an agent said, which waits for a person."""

    id: str
    key: str
    operation: str
    arguments: dict[str, Any]
    because: Annotated[str, Field(description="The agent's words. Don't trust them.")]
    proposed: datetime
    state: str


class WholeExport(Export):
    """All that is kept of an owner."""

    recipients: list[Recipient]
    pending: list[Word]


class Preview(BaseModel):
    """What would become of a process if a word was confirmed."""

    text: str
    opens: Annotated[list[str], Field(description="The acts that would be allowed then.")]
    closes: Annotated[list[str], Field(description="The acts that would be refused then.")]


class NotPermitted(Problem):
    """A contact that may not be made."""

    reason: Annotated[str, Field(description="Such as `expired`, `used` or `recipient`.")]
    help: Annotated[str, Field(description="What to do instead.")]
    verdict: Annotated[Verdict | None, Field(description="What the rules say, if that is known.")] = None
