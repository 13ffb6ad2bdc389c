"""Define the bodies of requests. Unknown keys are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from postinterview.contrib.fastapi.parameters import check_segment
from postinterview.contrib.fastapi.times import When

_WHEN = "When it happened: a moment with its offset, or the day alone, a day of the employer's."
_LATE = (
    "Whether it may have come before what is recorded. False: it came after all of it. "
    "By default a day that is reported on the day itself came after all of it, and other days may not have."
)


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Employer(Request):
    """The employer of a new process."""

    timezone: Annotated[str, Field(description="The employer's IANA time zone.", examples=["Europe/Zurich"])]
    employer: Annotated[str | None, Field(description="The name that people see. By default the key.")] = None
    country: Annotated[
        str | None, Field(description="The country whose public holidays are free.", examples=["CH-ZH"])
    ] = None
    holidays: Annotated[tuple[date, ...], Field(description="Other free days of the employer.")] = ()


class Act(Request):
    """An act of the candidate, which the rules allow or refuse."""

    event: Annotated[str, Field(description="The name of the event in the rules.")]
    to: Annotated[str | None, Field(description="The person it is to, if it is to one.")] = None
    application: Annotated[str | None, Field(description="The application, if there are several.")] = None
    fields: Annotated[dict[str, Any], Field(description="The event's fields, a date as text.")] = {}


class Happened(Act):
    """An event that happened, done by anybody."""

    at: Annotated[When, Field(description=_WHEN)]
    undated: Annotated[bool, Field(description="It happened then or earlier: nobody knows when.")] = False
    late: Annotated[bool | None, Field(description=_LATE)] = None


class Moved(Request):
    """A card of the host's board, which was moved to a status."""

    status: Annotated[str, Field(description="The status that the card has now.", examples=["Interview"])]
    at: Annotated[When | None, Field(description="When it was moved, or the day. By default now.")] = None
    application: Annotated[str | None, Field(description="The application, if there are several.")] = None
    again: Annotated[bool, Field(description="The event of the status happened once more.")] = False
    undated: Annotated[bool, Field(description="Nobody knows since when the card is there.")] = False
    not_sent: Annotated[bool, Field(description="What was sent from later columns never was sent.")] = False
    fields: Annotated[dict[str, Any], Field(description="The fields of the event, a date as text.")] = {}


class Change(Request):
    """The name or the place that an employer has from a moment on. What is left out stays as it is."""

    at: Annotated[AwareDatetime | None, Field(description="The moment. By default now.")] = None
    employer: Annotated[str | None, Field(description="The new name.", examples=["Acme & Sons"])] = None
    timezone: Annotated[str | None, Field(description="The new IANA time zone.")] = None
    country: Annotated[str | None, Field(description="The new country, such as `CH-ZH`.")] = None


class Correction(Request):
    """An entry of the history that is taken back."""

    number: Annotated[int, Field(description="The number of the entry.", examples=[2])]
    not_sent: Annotated[bool, Field(description="It is a contact that never reached anybody.")] = False


class Dating(Request):
    """The date of an event that was recorded without one."""

    number: Annotated[int, Field(description="The number of the undated entry.", examples=[2])]
    at: Annotated[When, Field(description=_WHEN)]


class Amending(Request):
    """More of an event that was recorded."""

    number: Annotated[int, Field(description="The number of its entry.", examples=[1])]
    fields: Annotated[
        dict[str, Any],
        Field(
            description="Its fields that are known now, a date as text.", examples=[{"interviewers": ["ana"]}]
        ),
    ]


class _Events(Request):
    of: Annotated[tuple[str, ...], Field(min_length=1, description="Events or classes, as `message`.")]
    application: Annotated[str | None, Field(description="The only application that this is about.")] = None


class Unknown(_Events):
    """Events of which nobody knows whether they happened."""

    until: Annotated[
        When, Field(description="The moment from which on all is known, or the day after which.")
    ]


class Known(_Events):
    """Events of which everything is recorded that happened."""

    until: Annotated[
        When | None, Field(description="Until when, or the day. By default as long as it was unknown.")
    ] = None


class Join(Request):
    """Another process that turns out to be of the same employer."""

    other: Annotated[str, Field(description="Its key. It is erased.", examples=["company-8"])]


class Move(Request):
    """Another key for a process."""

    to: Annotated[
        str,
        Field(pattern="^[^/]+$", description="The new key, without a `/`.", examples=["company-8"]),
        AfterValidator(check_segment),
    ]
