"""Read invitations from calendars, and ask what became of them. Nothing is recorded without a confirmation.

An invitation that lies ahead becomes the question whether the talk is fixed for that day, one that is over
the question whether it took place, and a cancelled one whether the talk is off. Each question has its
answers, and each answer is a call of `Keeper.record` with an idempotency key: the same calendar can be read
every day.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from typing import IO

from postinterview.audit.history.columns import check_columns
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.maps import MapError
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import in_utc
from postinterview.invitations.occurrences import COLUMNS, occurrences
from postinterview.invitations.questions import Invitation, InvitationAnswer, InvitationCalendar, questions_of

__all__ = ["Invitation", "InvitationAnswer", "InvitationCalendar", "read_calendar"]


def read_calendar(
    source: str | os.PathLike[str] | IO[bytes] | bytes,
    by: Map,
    *,
    at: datetime,
    processes: Mapping[str, Process] | None = None,
) -> InvitationCalendar:
    """Return the invitations of a calendar that a map takes for interviews, each with its question.

    Args:
        source: an ``.ics`` file: its path, the open file, or its bytes.
        by: a map of `kind: ics`, which says which entries are interviews, and with whom.
        at: the moment of asking, with a time zone.
        processes: by employer what is recorded already. A question that it answers is left out.

    Raises:
        MapError: the map names a column that calendars don't have.
        UnreadableError: the file is no calendar, or can't be read.
        MisuseError: an argument can't be used, or the packages of the extra `calendar` are missing.
        TimeError: ``at`` has no zone.
    """
    if by.settings.kind != "ics":
        raise MisuseError(
            "this is not a map of a calendar", "write `kind: ics` in the map, and load it with load_map"
        )
    moment = in_utc(at)
    wrong = check_columns(by, COLUMNS, "a calendar")
    if wrong:
        raise MapError(wrong, {by.file: by.text})
    found = occurrences(source, moment)
    return questions_of(found, by, moment, processes or {})
