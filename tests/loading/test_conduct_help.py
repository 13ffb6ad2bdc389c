"""The guard that a warning suggests can be pasted into the file, and then there is no warning."""

from __future__ import annotations

import re

import pytest

from postinterview.loading import conduct, load
from tests.loading.small import small

HASTY = small(("be_patient: {not_before: interview + 7 days}", "once: {at_most: 1, of: chase}"))


def warned(text: str) -> list[tuple[int, str]]:
    """The line and help of each warning; the file must load."""
    loaded = load(text, "file", name="file")
    assert loaded.definition is not None, loaded.diagnostics
    return [(each.where.line, each.help) for each in conduct(loaded.definition)]


@pytest.mark.parametrize(
    "text",
    [
        HASTY,
        HASTY.replace("by: candidate", "by: candidate, contact: attempt").replace("of: chase", "of: contact"),
        HASTY.replace("once:", "be_patient:"),
        HASTY.replace("interview: {by: employer", "onsite: {by: employer"),
        HASTY.replace(
            "interview: {by: employer, opens: round}", "plan: {by: candidate, contact: none}"
        ).replace("    transitions:", "    transitions:\n      planned: {event: plan, from: any}"),
    ],
    ids=["chase", "attempt", "id-taken", "other-event", "no-event-of-the-employer"],
)
def test_the_guard_that_is_suggested_can_be_pasted_and_ends_the_warning(text: str) -> None:
    ((line, help),) = warned(text)
    guard = re.search("such as `(.*)`$", help)
    assert guard is not None
    lines = text.split("\n")
    at = next(number for number in range(line, len(lines)) if lines[number].strip() == "guards:")

    assert warned("\n".join([*lines[: at + 1], f"          {guard[1]}", *lines[at + 1 :]])) == []


def test_a_file_with_no_other_event_is_told_to_add_one() -> None:
    text = HASTY.replace("  interview: {by: employer, opens: round}\n", "")
    ((_, help),) = warned(text)
    assert help == (
        "add `interview: {by: employer, opens: round}` to the events, and here "
        "a guard such as `be_patient: {not_before: interview + 7 days}`"
    )
