"""What a warning says to add can be put into the file as it stands, and then there is no warning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postinterview.loading import conduct, load

FOLDER = Path(__file__).parents[1] / "bad" / "conduct"
FILES = [path for path in sorted(FOLDER.glob("*.yaml")) if not path.name.startswith("PI502")]


def warned(text: str) -> list[tuple[str, int, str]]:
    """The code, line and help of each warning; the file must load."""
    loaded = load(text, "file", name="file")
    assert loaded.definition is not None, loaded.diagnostics
    return [(each.code, each.where.line, each.help) for each in conduct(loaded.definition)]


def pasted(text: str, line: int, guard: str) -> str:
    """The file with one more guard in the transition that begins on the line."""
    lines = text.split("\n")
    at = next(number for number in range(line, len(lines)) if lines[number].strip() == "guards:")
    return "\n".join([*lines[: at + 1], f"          {guard}", *lines[at + 1 :]])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("contact", ["chase", "attempt", "courtesy"])
def test_the_guard_that_is_suggested_can_be_pasted_and_ends_the_warning(path: Path, contact: str) -> None:
    text = path.read_text(encoding="utf-8")
    text = text.replace("follow_up: {by: candidate}", f"follow_up: {{by: candidate, contact: {contact}}}")
    text = text.replace("of: chase", "of: contact")
    seen = []
    while found := warned(text):
        code, line, help = found[0]
        seen.append(code)
        guard = re.search("such as `(.*)`$", help)
        assert guard is not None
        assert len(seen) < 5
        text = pasted(text, line, guard[1])

    assert len(set(seen)) == len(seen)


def test_an_id_that_is_taken_is_not_suggested_again() -> None:
    text = (FOLDER / "PI503-two-applications.yaml").read_text(encoding="utf-8")
    text = re.sub(r"guards:\n( +)\w+: ", r"guards:\n\1one_chase: ", text)
    ((_, _, help),) = warned(text)

    assert help == (
        "add a guard such as `one_chase_more: {at_most: 1, of: chase, since: sign_of_life, per: employer}`"
    )


def test_only_what_the_file_has_is_named() -> None:
    text = (FOLDER / "PI501-again-and-again.yaml").read_text(encoding="utf-8")
    lonely = text.replace("interview: {by: employer, opens: round}", "reply_of_theirs: {by: employer}")
    lonely = lonely.replace(
        "be_patient: {not_before: interview + 7 days}", "seen: {happened: reply_of_theirs}"
    )
    helps = {
        code: help for code, _, help in warned(lonely.replace("employer}", "employer, sign_of_life: false}"))
    }
    assert helps == {"PI501": "add a guard such as `one_chase: {at_most: 1, of: chase, per: employer}`"}

    once = lonely.replace("guards:\n", "guards:\n          one: {at_most: 1, of: chase, per: employer}\n")
    assert [help for _, _, help in warned(once)] == [
        "add a guard such as `be_patient: {not_before: reply_of_theirs + 7 days}`"
    ]
    reply = (FOLDER / "PI502-spends-nothing.yaml").read_text(encoding="utf-8")
    given = reply.replace("opens: round}", "opens: round, gives: left}")
    given = given.replace("machines:", "credits: {left: {max: 2}}\nmachines:")
    given = given.replace("reply, since", "chase, since").replace(
        "be_patient", "spend: {spends: left}\n          be_patient"
    )
    assert warned(given)[0][2] == "add a guard such as `one_answer: {spends: left}`"
