"""What a client says of an event in JSON goes to the process as it came; only dates, are read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import postinterview as pi
from tests.core.helpers import at, default, start

MONDAY = at("2026-03-02 10:00")


def test_a_date_that_came_as_text_is_a_date_to_the_process() -> None:
    fields = default().fields_from_json("interview", {"interviewers": ["ana"], "decide_by": "2026-03-10"})
    said = start().record("interview", at=MONDAY, interviewers=["ana"], decide_by=date(2026, 3, 10))

    assert start().record("interview", at=MONDAY, **fields) == said


def test_what_is_no_date_is_left_as_it_came() -> None:
    given = {"thanks": True, "topic": "2026-03-10", "looking_forward": False}

    assert default().fields_from_json("thank_you", given) == given


@pytest.mark.parametrize(
    ("event", "fields", "said"),
    [
        ("interveiw", {}, "unknown event `interveiw` (did you mean `interview`?)"),
        (["interview"], {}, "`['interview']` is no event"),
        ("promise", {"date": "soon"}, "the field `date` of `promise` can't be 'soon'"),
        ("promise", {"date": "20260310"}, "the field `date` of `promise` can't be '20260310'"),
        ("promise", {"date": "2026-02-30"}, "the field `date` of `promise` can't be '2026-02-30'"),
        ("promise", {"day": "2026-03-10"}, "unknown field `day` of `promise`"),
        ("promise", {"at": "2026-03-10"}, "unknown field `at` of `promise`"),
        ("promise", ["2026-03-10"], "the fields of `promise` can't be ['2026-03-10']"),
    ],
)
def test_what_can_be_no_fields_is_misuse_that_says_so(event: Any, fields: Any, said: str) -> None:
    with pytest.raises(pi.MisuseError) as caught:
        default().fields_from_json(event, fields)

    assert str(caught.value).startswith(said)
