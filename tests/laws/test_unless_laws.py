"""With `unless`, a guard is asked exactly if the act carries none of the values."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.helpers import at
from tests.core.test_small_rules import begin

START = at("2026-03-02 10:00")

PROCESS = (
    begin(
        """
  hello: {by: employer}
  ask:
    by: candidate
    fields: {channel: [call, email, message], urgent: bool, count: number, note: text}
""",
        """
  application:
    per: application
    start: here
    states: {here: {}}
    transitions:
      greeted: {event: hello, from: here}
      asked:
        event: ask
        from: here
        guards:
          never_by_channel: {at_most: 1, of: hello, unless: {channel: [email, message]}}
          never_by_rest: {at_most: 1, of: hello, unless: {urgent: true, count: 3, note: please}}
""",
    )
    .record("hello", at=START)
    .process
)
"""Both guards refuse every act to which they apply."""

carried = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["call", "email", "message"]),
        "urgent": st.booleans(),
        "count": st.sampled_from([0, 1, 3, 3.0]),
        "note": st.sampled_from(["", "please", "Please", True]),
    },
)


@given(carried)
def test_each_guard_is_asked_unless_one_of_its_values_is_carried(fields: dict[str, Any]) -> None:
    verdict = PROCESS.may("ask", at=START, **fields)
    asked = []
    if fields.get("channel") not in ("email", "message"):
        asked.append("never_by_channel")
    if not (fields.get("urgent") is True or fields.get("count") == 3 or fields.get("note") == "please"):
        asked.append("never_by_rest")
    assert [reason.id for reason in verdict.reasons] == asked
    if asked:
        names = {"never_by_channel": ("channel",), "never_by_rest": ("urgent", "count", "note")}
        assert [reason.opens_after for reason in verdict.reasons] == [names[id] for id in asked]
