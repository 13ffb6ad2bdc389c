"""A saved text that is not what was saved is refused with its place, or is the same process all the same."""

from __future__ import annotations

import contextlib
import json
import pickle
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import process_time  # noqa: TID251 - what is measured
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.saving.saved import read, read_data, read_history, saved_of, with_seals, write
from postinterview.saving.seals import seal
from tests.saving.stories import DAY, SAMPLES, START, STORIES, corrected, everything, fresh, rules


def small() -> pi.Process:
    process = fresh().record("interview", at=START, interviewers=["ana"]).process
    process = process.record("follow_up", at=START + DAY, channel="call").process
    return process.retract(2, at=START + DAY, not_sent=True).process


def damaged(text: str) -> Iterator[str]:
    """Every text from which a letter is missing or changed, and every beginning."""
    for place, letter in enumerate(text):
        before, after = text[:place], text[place + 1 :]
        yield before
        yield before + after
        for other in {" ", '"', "0", chr(ord(letter) ^ 1), letter.swapcase()} - {letter}:
            yield before + other + after


def test_no_damage_to_a_letter_goes_unseen() -> None:
    process = small()
    text = process.to_json()
    unseen = 0
    for other in damaged(text):
        try:
            restored = rules().restore(other)
        except pi.SavedError:
            continue
        assert restored == process, other
        unseen += 1
    assert unseen < len(text) / 4  # blanks, and the ends of lines


@given(data=st.data())
def test_no_damage_to_a_large_text_goes_unseen(data: st.DataObject) -> None:
    text = (SAMPLES / "everything-1.json").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 300)))
    put = data.draw(st.sampled_from(["", text[start:end][::-1], text[end : end + 20], "0", "\0", "é"]))
    with contextlib.suppress(pi.SavedError):
        assert rules().restore(text[:start] + put + text[end:]) == everything()


def test_a_line_that_is_missing_doubled_or_moved_is_named() -> None:
    lines = corrected().to_json().split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith('{"number": 1,'))

    def told(history: list[str]) -> str:
        whole = [*lines[:first], ",\n".join(each.rstrip(",") for each in history), *lines[first + 10 :]]
        with pytest.raises(pi.SavedError) as caught:
            rules().restore("\n".join(whole))
        return f"{caught.value.path}: {caught.value.message}"

    history = lines[first : first + 10]
    assert told(history[:3] + history[4:]) == "history[3].number: entry 4 is missing"
    assert told(history[:9]) == "history: entry 10 is missing"
    assert told(history[:7]) == "history: entries 8 to 10 are missing"
    assert told([]) == "history: entries 1 to 10 are missing"
    assert told(history[:2] + history[3:4] + history[2:3] + history[4:]) == (
        "history[2].number: entry 4 is where entry 3 should be"
    )
    assert told([*history, history[-1]]) == "history[10].number: entry 11 is missing"


Change = Callable[[dict[str, Any]], object]


def changed(change: Change, *, resealed: bool) -> str:
    """The corrected sample with a change in it; ``resealed``: as somebody would who knows of the seals."""
    data = json.loads(corrected().to_json())
    change(data)
    if not resealed:
        return json.dumps(data)
    previous = ""
    for entry in data["history"]:
        if entry is not None:
            entry.pop("seal", None)
            entry["seal"] = previous = seal(previous, entry)
    head = {key: value for key, value in data.items() if key not in ("history", "seal")}
    return json.dumps(data | {"seal": seal(previous, head)})


def put(way: list[Any], value: object) -> Change:
    def change(data: Any) -> None:
        for step in way[:-1]:
            data = data[step]
        data[way[-1]] = value

    return change


FAULTS: dict[str, tuple[Change, str]] = {
    "format": (
        put(["format"], 4),
        (
            "format: it was saved in format 4, and this version reads formats 1 to 3 "
            "(update postinterview to a version that reads format 4)"
        ),
    ),
    "old format": (put(["format"], 0), "format: there is no format 0 (this version reads formats 1 to 3)"),
    "no country": (put(["format"], 2), "`country` is missing"),
    "country of an older format": (put(["country"], "CH"), "country: unknown key `country`"),
    "format of a text": (put(["format"], "1"), 'format: `"1"` is no whole number'),
    "key": (put(["histroy"], []), "histroy: unknown key `histroy` (did you mean `history`?)"),
    "no key": (lambda data: data.pop("employer"), "`employer` is missing"),
    "employer": (put(["employer"], 7), "employer: `7` is no text"),
    "no employer": (put(["employer"], " "), 'employer: `" "` is not a name'),
    "unreadable employer": (put(["employer"], "a\x1b"), 'employer: `"a\\u001b"` is not a name'),
    "zone": (
        put(["timezone"], "Europe/Zürich"),
        "timezone: `Europe/Zürich` is not a time zone (write a name such as Europe/Zurich or UTC)",
    ),
    "holiday": (
        put(["holidays"], ["2026-02-30"]),
        'holidays[0]: `"2026-02-30"` is not a date (write one such as 2026-03-10)',
    ),
    "count": (
        put(["entries"], 9),
        "entries: it says `9`, and there are 10 entries (restore it from a backup)",
    ),
    "history": (put(["history"], {}), "history: a mapping is no list"),
    "entry": (put(["history", 3], None), "history[3]: nothing is no mapping"),
    "time": (
        put(["history", 3, "at"], "2026-03-12 09:00"),
        'history[3].at: `"2026-03-12 09:00"` is not a moment in UTC (write one such as 2026-03-02T09:00:00Z)',
    ),
    "no such time": (
        put(["history", 3, "at"], "2026-03-32T09:00:00Z"),
        (
            'history[3].at: `"2026-03-32T09:00:00Z"` is not a moment in UTC '
            "(write one such as 2026-03-02T09:00:00Z)"
        ),
    ),
    "far": (
        put(["history", 3, "at"], "1026-03-12T09:00:00Z"),
        (
            "history[3].at: the time 1026-03-12 09:00:00+00:00 lies outside the years 1900 to 2999 "
            "(check the year)"
        ),
    ),
    "backwards": (
        put(["history", 3, "at"], "2026-03-11T08:59:59Z"),
        (
            "history[3].at: entry 4 happened before the entry before it, and is not marked late "
            "(write `late: true` if it was recorded afterwards)"
        ),
    ),
    "not late": (
        put(["history", 2, "at"], "2026-03-11T09:00:00Z"),
        "history[2].late: entry 3 is marked late, and nothing happened after it",
    ),
    "late": (
        put(["history", 2, "late"], False),
        "history[2].late: `false` can't be here: write `true`, or leave the key out",
    ),
    "retracted": (
        put(["history", 4, "retract"], 9),
        "history[4].retract: there is no event 9 to retract (restore it from a backup)",
    ),
    "retracted twice": (
        put(["history", 7, "retract"], 2),
        "history[7].retract: entry 2 is already retracted (restore it from a backup)",
    ),
    "sent": (
        lambda data: data["history"][4].pop("not_sent"),
        "history[4]: entry 5 retracts the contact `follow_up` without `not_sent`",
    ),
    "event": (
        put(["history", 2, "event"], "mesage"),
        "history[2].event: the rules have no event `mesage` (did you mean `message`?)",
    ),
    "unknown event": (
        put(["history", 5, "unknown", 1], "counter"),
        "history[5].unknown[1]: the rules have no event `counter` (did you mean `counter_offer`?)",
    ),
    "nothing unknown": (
        put(["history", 5, "unknown"], []),
        "history[5].unknown: no event is named",
    ),
    "field": (
        put(["history", 1, "with"], {"chanel": "call"}),
        "history[1].with: unknown field `chanel` of `follow_up` (did you mean `channel`?)",
    ),
    "value": (
        put(["history", 1, "with", "channel"], "fax"),
        "history[1].with: the field `channel` of `follow_up` can't be 'fax'",
    ),
    "mapping for a value": (
        put(["history", 1, "with", "channel"], {}),
        "history[1].with.channel: a mapping can't be the value of a field",
    ),
    "no field": (
        lambda data: data["history"][0].pop("with"),
        "history[0].with: `interview` needs the field `interviewers`",
    ),
    "person": (put(["history", 1, "to"], "ana"), "history[1].to: `follow_up` has no `to`"),
    "application": (
        lambda data: data["history"][1].pop("application"),
        "history[1]: `application` is missing: `follow_up` needs it",
    ),
    "name": (put(["history", 1, "application"], "\t"), 'history[1].application: `"\\t"` is not a name'),
    "snapshot": (put(["snapshot"], []), "snapshot: a list is no mapping"),
    "state": (
        put(["snapshot", "states", 0, "state"], 1),
        "snapshot.states[0].state: `1` is no text",
    ),
    "machine": (
        put(["snapshot", "states", 0, "machine"], "x"),
        "snapshot.states[0].machine: the snapshot has no machine `x`",
    ),
    "breach": (
        put(["snapshot", "events", 0, "breach"], 1),
        "snapshot.events[0].breach: `1` can't be here: write `true`, or leave the key out",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_can_not_be_is_refused_with_its_place_even_where_the_seals_fit(name: str) -> None:
    change, expected = FAULTS[name]
    with pytest.raises(pi.SavedError) as caught:
        rules().restore(changed(change, resealed=True))
    assert str(caught.value) == expected


def leaves(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in the data."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, each in children:
        yield (*way, step)
        yield from leaves(each, (*way, step))


@pytest.mark.parametrize("story", ["corrected", "everything", "country"])
def test_each_part_that_is_of_no_possible_type_is_refused_at_its_own_place(story: str) -> None:
    text = STORIES[story]().to_json()
    data = json.loads(text)
    del data["seal"]
    for way in leaves(data):
        if way[-1] == "seal":
            continue
        bad = json.loads(text)
        put(list(way), None)(bad)
        with pytest.raises(pi.SavedError) as caught:
            read_data(bad)
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way).removeprefix(".")
        assert caught.value.path == path


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_that_was_changed_is_taken(name: str) -> None:
    with pytest.raises(pi.SavedError):
        rules().restore(changed(FAULTS[name][0], resealed=False))


def test_a_changed_entry_is_named_by_its_number() -> None:
    with pytest.raises(pi.SavedError) as caught:
        rules().restore(changed(put(["history", 3, "with", "channel"], "call"), resealed=False))
    assert str(caught.value) == (
        "history[3].seal: entry 4 is not as it was saved: its seal differs (restore it from a backup)"
    )


def test_a_snapshot_that_is_not_the_fold_is_refused_with_what_differs() -> None:
    def lie(data: dict[str, Any]) -> None:
        data["snapshot"]["states"][0]["state"] = "accepted"
        data["snapshot"]["applications"] = ["other"]
        data["snapshot"]["events"][-1] |= {"breach": True}

    with pytest.raises(pi.RulesChangedError) as caught:
        rules().restore(changed(lie, resealed=True))
    assert [str(each) for each in caught.value.differences] == [
        "machine `application` of application main was `accepted`, and is now `followed_up`",
        "entry 9 (answer acme, Thu 12 Mar 2026) was a breach, and is now allowed",
        "the applications were other, and are now main",
    ]
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - what was pickled just now
    assert (str(again), again.differences) == (str(caught.value), caught.value.differences)


TEXTS = {
    "": "the text is empty (restore it from a backup)",
    " \n": "the text is empty (restore it from a backup)",
    "[]": "this is not a saved process (save one with `process.to_json()`)",
    "{}": "this is not a saved process (save one with `process.to_json()`)",
    "null": "this is not a saved process (save one with `process.to_json()`)",
    '{"format": 1': "line 1, column 13: the text is cut off (restore it from a backup)",
    '{"format": 1,\n x}': (
        "line 2, column 2: this is not JSON: expecting property name enclosed in double quotes "
        "(restore it from a backup)"
    ),
    '{"format": NaN}': "format: `NaN` is no number",
    '{"format": 1e999}': "format: `1e999` is no number",
    f'{{"format": 1, "entries": {"9" * 5000}}}': f"entries: `{'9' * 40}...` is no number",
    '{"format": 1, "a": [{"b": 1, "c": 2, "b": 3}]}': "a[0]: the key `b` stands twice",
    "[" * 100_000: "the brackets are nested too deeply (restore it from a backup)",
}


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_what_is_no_saved_process_is_refused_with_its_place(text: str) -> None:
    for given_ in (text, text.encode()):
        with pytest.raises(pi.SavedError) as caught:
            rules().restore(given_)
        assert str(caught.value) == TEXTS[text]


@pytest.mark.parametrize("given_", [None, 7, {}, Path("acme.json")])
def test_what_is_no_text_is_misuse(given_: Any) -> None:
    with pytest.raises(pi.MisuseError) as caught:
        rules().restore(given_)
    assert caught.value.message == f"a saved process can't be {given_!r}"


def test_a_row_is_appended_with_a_look_at_the_last_one_alone() -> None:
    entries = saved_of(corrected()).entries
    rows = list(with_seals(entries[:7]))
    for entry in entries[7:]:
        rows += with_seals([entry], rows[-1]["seal"])
    assert rows == list(with_seals(entries))
    found, last = read_history(rows, 10)
    assert (list(with_seals(found)), last) == (rows, rows[-1]["seal"])


def test_bytes_that_are_no_utf_8_are_refused_with_their_place() -> None:
    text = STORIES["names"]().to_json().encode("utf-8").replace("é".encode(), b"\xe9", 1)
    with pytest.raises(pi.SavedError) as caught:
        rules().restore(text)
    assert caught.value.path == f"byte {text.index(0xE9) + 1}"
    assert caught.value.message == "the byte 0xe9 is not UTF-8"


def test_how_the_text_is_spaced_and_its_keys_are_ordered_is_all_one() -> None:
    data = json.loads(corrected().to_json())
    for text in (
        json.dumps(data, sort_keys=True, indent=4),
        json.dumps(data, separators=(",", ":")),
        "\ufeff" + corrected().to_json(),
        corrected().to_json().replace("\n", "\r\n"),
    ):
        assert rules().restore(text) == corrected()


def test_a_value_is_read_back_as_what_it_was() -> None:
    text = (
        "format: 1\ntitle: T\n"
        "events: {note: {by: candidate, contact: none, fields: {n: number, t: text, b: bool}}}\n"
        "machines: {m: {per: employer, start: a, states: {a: }, transitions: {x: {event: note, from: a}}}}\n"
    )
    rulebook = pi.load_rulebook(text=text)
    process = rulebook.start("acme", "UTC")
    numbers = (0, 1, 1.0, -0.0, 0.1, 1e300, 2**70, 10**300, -7)
    for number, value in enumerate(numbers):
        at = START + timedelta(microseconds=number)
        process = process.record("note", at=at, n=value, t=bool(number % 2), b=number % 2 == 0).process
    restored = rulebook.restore(process.to_json())

    assert restored == process
    assert repr(restored.history) == repr(process.history)


@pytest.mark.parametrize("fields", [{"topic": "half a \ud83d"}, {"topic": "\udc00"}])
def test_what_can_not_be_written_down_is_not_taken_in_the_first_place(fields: dict[str, Any]) -> None:
    process = small()
    with pytest.raises(pi.FieldError):
        process.record("thank_you", at=START + 2 * DAY, to="ana", **fields)


def test_the_data_of_a_process_is_what_its_text_holds() -> None:
    text = corrected().to_json()
    assert write(read(text)) == text


@pytest.mark.parametrize("hidden", ["\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{SOFT HYPHEN}"])
def test_names_with_hidden_characters_that_0_1_0_let_pass_are_restored(hidden: str) -> None:
    text = small().to_json()
    data = json.loads(text.replace("acme", f"ac{hidden}me").replace("ana", f"a{hidden}na"))
    data = json.loads(changed(lambda found: found.update(data), resealed=True))
    restored = rules().restore(json.dumps(data))
    assert restored.employer == f"ac{hidden}me"
    assert restored.timeline[0].people == (f"a{hidden}na",)
    with pytest.raises(pi.MisuseError):
        rules().start(restored.employer, "UTC")


def test_what_a_restored_entry_costs_does_not_grow_with_the_people_it_names() -> None:
    people = [f"person {number}" for number in range(10_000)]
    text = fresh().record("interview", at=START, interviewers=people).process.to_json()
    started = process_time()
    assert len(rules().restore(text).timeline[0].people) == len(people)
    assert process_time() - started < 1
