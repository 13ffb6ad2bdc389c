"""Define the bodies of responses. A response has the keys of the value's own ``as_json``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from postinterview.contrib.fastapi.times import When
from postinterview.core.answers.agenda_items import ItemKind


class ChangedValue(BaseModel):
    """A value that a guard names, and that a file changes which extends the guard's own."""

    name: str
    file: str
    line: int


class Reason(BaseModel):
    """One guard that failed."""

    id: str
    file: Annotated[str, Field(description="The rule file.")]
    line: int
    changes: Annotated[list[ChangedValue], Field(description="Changed values that the guard names.")]
    has: Annotated[str, Field(description="What is the case.")]
    needs: Annotated[str, Field(description="What has to be the case. May be empty.")]
    opens_at: datetime | None = None
    opens_after: list[str]

    model_config = ConfigDict(extra="allow")


class Verdict(BaseModel):
    """Whether an act is allowed, and if not, why, and when it will be."""

    event: str
    to: str | None = None
    application: str | None = None
    title: Annotated[str, Field(description="The act as a person calls it.")]
    allowed: bool
    text: Annotated[str, Field(description="The verdict as a person reads it.")]
    opens_at: Annotated[datetime | None, Field(description="The first moment at which it is allowed.")] = None
    closes_at: Annotated[datetime | None, Field(description="When it will be refused again.")] = None
    opens_after: Annotated[
        list[str], Field(description="Without `opens_at`: the events of which one must come first.")
    ]
    opens_after_titles: Annotated[list[str], Field(description="The same as a person calls them.")]
    reasons: Annotated[list[Reason], Field(description="The guards that failed. Empty if it is allowed.")]

    model_config = ConfigDict(extra="allow")


class Question(BaseModel):
    """What a line of kind `tell` asks: whether some events happened, of which nothing is known."""

    events: list[str]
    since: Annotated[datetime | None, Field(description="The first moment that matters.")] = None
    until: Annotated[datetime, Field(description="From when on the history is complete.")]
    application: str | None = None
    blocks: Annotated[list[str], Field(description="The acts that the answer decides about.")]
    calls: Annotated[list[dict[str, Any]], Field(description="The operations that answer it, in order.")]

    model_config = ConfigDict(extra="allow")


class Line(BaseModel):
    """A line of the agenda."""

    kind: ItemKind
    text: Annotated[str, Field(description="The line as a person reads it.")]
    event: Annotated[str | None, Field(description="The act. None for `wait` and `tell`.")] = None
    application: str | None = None
    applications: list[str]
    to: str | None = None
    at: Annotated[When | None, Field(description="When it was done; the day alone if it has no hour.")] = None
    due: Annotated[datetime | None, Field(description="When it is wanted.")] = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reasons: Annotated[list[str], Field(description="The guards that refuse it now.")]
    why: Annotated[str, Field(description="The reason that the rule file gives.")]
    rule: Annotated[str, Field(description="The file and line of the rule.")]
    question: Annotated[Question | None, Field(description="What a line of kind `tell` asks.")] = None

    model_config = ConfigDict(extra="allow")


class Place(BaseModel):
    """An event of the timeline."""

    number: Annotated[int, Field(description="Its number in the history, to retract it.")]
    event: str
    at: Annotated[When, Field(description="When it happened; the day alone if it has no hour.")]
    application: str | None = None
    round: Annotated[int | None, Field(description="Its round, from 1. 0 is before the first.")] = None
    to: str | None = None
    fields: dict[str, Any]
    breach: Annotated[bool, Field(description="It is an act that the rules refused.")]
    outside: Annotated[bool, Field(description="It is an act that the rules don't judge.")]
    doubtful: Annotated[bool, Field(description="Nobody can say whether it was against the rules.")]


class Recorded(BaseModel):
    """What was recorded."""

    number: Annotated[int | None, Field(description="The entry, to retract it. None: there is none.")] = None
    event: Annotated[str | None, Field(description="The event. None for a correction.")] = None
    text: Annotated[str, Field(description="What happened, as a person reads it.")]
    repeated: Annotated[
        bool, Field(description="An earlier call with this idempotency key recorded it: don't send it again.")
    ]
    breach: Annotated[bool, Field(description="It is an act against the rules.")]
    doubtful: Annotated[bool, Field(description="Nobody can say whether the breach is one.")]
    outside: Annotated[bool, Field(description="It is an act that the rules don't judge.")]
    unexpected: Annotated[bool, Field(description="It is a fact that was not possible here.")]
    now_breaches: Annotated[list[int], Field(description="Entries that became breaches by it.")]
    now_in_doubt: Annotated[
        list[int], Field(description="Entries of which nobody knows any more whether they are breaches.")
    ] = []
    no_longer_breaches: Annotated[list[int], Field(description="Entries that were breaches before.")]
    stays: Annotated[list[int], Field(description="Entries that stay though a card is before them.")] = []
    opens_at: Annotated[
        datetime | None,
        Field(description="A card came too early, and may stay: from then on its status is recorded."),
    ] = None


class Process(BaseModel):
    """The standing of a process."""

    key: str
    employer: str
    timezone: str
    country: str | None = None
    holidays: list[date]
    applications: list[str]
    entries: Annotated[int, Field(description="The number of entries in its history.")]
    breaches: Annotated[list[int], Field(description="The entries that are acts against the rules.")]
    next_due: datetime | None = None
    text: str


class Unreadable(BaseModel):
    """A process that can't be read. The others are not affected."""

    key: str
    detail: str


class DueProcess(BaseModel):
    """A process in which something is due."""

    key: str
    employer: str
    due: datetime
    lines: list[Line]


class DueList(BaseModel):
    """The processes in which something is due, the longest due first."""

    processes: list[DueProcess]
    unreadable: list[Unreadable]
    next: Annotated[
        str | None, Field(description="The parameter `after` of the next page. None: this is the last one.")
    ] = None


class Keys(BaseModel):
    """The keys of processes, in the order of their characters."""

    keys: list[str]


class Export(BaseModel):
    """Processes as they are kept. Each can be restored from its JSON."""

    processes: dict[str, dict[str, Any]]
    unreadable: list[Unreadable]


class Forgotten(BaseModel):
    """What was erased."""

    keys: list[str]


# --- problems -------------------------------------------------------------------------------------------


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: Annotated[str, Field(description="The kind of problem.", examples=["urn:postinterview:refused"])]
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong, as a person reads it.")]


class Refusal(Problem):
    """An act was refused."""

    verdict: Verdict


class Misuse(Problem):
    """A request means nothing."""

    help: Annotated[str, Field(description="What to write instead. May be empty.")] = ""
    errors: Annotated[list[str], Field(description="What is wrong in the request, by place.")] = []


class Damage(Problem):
    """What is kept of a process can't be read."""

    path: Annotated[str, Field(description="The damaged place.")] = ""


class Outage(Problem):
    """The request can't be answered now, and later it can be."""

    differences: Annotated[
        list[str], Field(description="What the rules judge differently since they changed.")
    ] = []
