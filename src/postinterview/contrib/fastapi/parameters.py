"""Describe the parameters of the operations, but for their bodies."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Header, Path, Query
from pydantic import AfterValidator


def check_segment(key: str) -> str:
    """Return a key that a path can have: clients take `.` and `..` for folders, even as `%2E`.

    Raises:
        ValueError: it is one of these.
    """
    if key in (".", ".."):
        message = f"a key can't be `{key}`, which clients leave out of a path"
        raise ValueError(message)
    return key


Key = Annotated[str, Path(description="The caller's key of the process.", examples=["company-7"])]
NewKey = Annotated[Key, AfterValidator(check_segment)]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A key of the client's for this call. The same call again records nothing.",
        examples=["button-7"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many.")]
Day = Annotated[
    date | None, Query(description="A day of the employer's. By default now.", examples=["2026-03-10"])
]
Of = Annotated[list[str] | None, Query(description="Only these acts. By default all.")]
After = Annotated[str | None, Query(description="The `next` of the page before.")]
