"""What an agent may not record waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

import postinterview as pi
from postinterview.gate import Word
from postinterview.gate.notes import Note
from tests.gate.worlds import DUE, MONDAY, World


def asked(world: World, **said: Any) -> Word:
    return world.gate.propose("acme", "record", event="question", happened=world.now, **said)


def test_a_proposal_opens_nothing_until_a_person_confirms_it() -> None:
    world = World()
    word = asked(world, because="their mail:  'when could you\nstart?'")
    assert word.because == "their mail: 'when could you start?'"
    assert not world.gate.permit("acme", "reply")
    preview = world.gate.preview(word.id)
    assert preview.text == "Wed 11 Mar 2026 10:00: question."
    assert preview.as_json() == {
        "text": preview.text,
        "opens": ["answer acme"],
        "closes": ["follow up with acme", "a call to acme that nobody took"],
    }
    outcome = world.gate.confirm(word.id)
    assert (outcome.event and outcome.event.name, outcome.repeated) == ("question", False)
    assert world.gate.permit("acme", "reply")
    assert world.gate.pending() == ()


def test_a_word_is_confirmed_once() -> None:
    world = World()
    word = asked(world)
    world.gate.confirm(word.id)
    with pytest.raises(pi.UnknownNameError, match="no word"):
        world.gate.confirm(word.id)
    assert not world.gate.decline(word.id)
    assert world.contacts() == ["question"]


def test_a_declined_word_is_gone() -> None:
    world = World()
    word = asked(world)
    assert world.gate.decline(word.id)
    with pytest.raises(pi.UnknownNameError):
        world.gate.confirm(word.id)
    assert world.contacts() == []


def test_a_confirmation_that_was_interrupted_is_finished_and_not_declined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    word = asked(world)
    with monkeypatch.context() as patch:
        patch.setattr("postinterview.gate.words.perform", interrupted)
        with pytest.raises(KeyboardInterrupt):
            world.gate.confirm(word.id)
    assert [each.state for each in world.gate.pending()] == ["confirming"]
    with pytest.raises(pi.MisuseError, match="is being confirmed"):
        world.gate.decline(word.id)
    world.gate.confirm(word.id)
    assert world.contacts() == ["question"]


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_confirmation_that_was_interrupted_after_it_was_recorded_records_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    word = asked(world)
    with monkeypatch.context() as patch:
        patch.setattr("postinterview.gate.notes._Held.drop", interrupted)
        with pytest.raises(KeyboardInterrupt):
            world.gate.confirm(word.id)
    world.later(days=1)
    assert world.gate.confirm(word.id).repeated
    assert world.contacts() == ["question"]


def test_a_word_that_can_no_longer_be_recorded_waits_to_be_declined() -> None:
    world = World()
    number = world.gate.keeper.record("acme", "message", at=world.now).process.history[-1].number
    word = world.gate.propose("acme", "retract", number=number)
    world.gate.keeper.retract("acme", number, at=world.now)
    with pytest.raises(pi.MisuseError, match="retracted"):
        world.gate.confirm(word.id)
    assert world.gate.decline(word.id)


@pytest.mark.parametrize(
    ("operation", "arguments", "expected"),
    [
        (
            "record",
            {"event": "question", "happened": DUE - timedelta(days=1)},
            "Tue 10 Mar 2026 10:00: question.",
        ),
        ("record", {"event": "follow_up", "happened": str(DUE)}, "Wed 11 Mar 2026 10:00: follow up."),
        ("retract", {"number": 1}, "entry 1 (interview, Mon 2 Mar 2026 10:00) is taken back."),
        (
            "unknown",
            {"of": ["message"], "until": DUE},
            "it is not known what happened of message before Wed 11 Mar",
        ),
        ("known", {"of": ("message",)}, "all is known that happened of message."),
        (
            "change",
            {"employer": "Acme & Sons"},
            "from Wed 11 Mar 2026 10:00 on, the employer has the name Acme",
        ),
    ],
)
def test_each_kind_of_word_is_recorded_as_it_was_shown(
    operation: Any, arguments: dict[str, Any], expected: str
) -> None:
    world = World()
    world.gate.keeper.unknown("acme", "message", until=MONDAY)
    word = world.gate.propose("acme", operation, **arguments)
    assert world.gate.pending() == (word,)
    shown = world.gate.preview(word.id)
    assert shown.text.startswith(expected)
    before = len(world.gate.keeper.load("acme").history)
    recorded = world.gate.confirm(word.id)
    assert recorded.text.partition(": ")[2] in shown.text
    assert len(recorded.process.history) == before + 1


@pytest.mark.parametrize(
    ("operation", "arguments", "error"),
    [
        ("do", {"event": "follow_up"}, pi.MisuseError),
        ("forget", {}, pi.MisuseError),
        ("record", {}, pi.MisuseError),
        ("record", {"event": "question", "happened": DUE, "late": True}, pi.MisuseError),
        ("record", {"event": "question", "happened": DUE + timedelta(seconds=1)}, pi.TimeError),
        ("record", {"event": "question", "happened": "2026-03-01 10:00"}, pi.TimeError),
        ("record", {"event": "question", "happened": "today"}, pi.TimeError),
        ("record", {"event": "question", "happened": 5}, pi.MisuseError),
        ("record", {"event": "no_such", "happened": DUE}, pi.UnknownNameError),
        ("record", {"event": ["question"], "happened": DUE}, pi.MisuseError),
        ("record", {"event": "question", "happened": DUE, "fields": {"x": 1}}, pi.FieldError),
        ("record", {"event": "question", "happened": DUE, "fields": []}, pi.MisuseError),
        ("record", {"event": "promise", "happened": DUE, "fields": {"date": DUE}}, pi.MisuseError),
        ("retract", {"number": 7}, pi.UnknownNameError),
        ("retract", {"number": True}, pi.MisuseError),
        ("known", {"of": "message"}, pi.MisuseError),
        ("known", {"of": []}, pi.MisuseError),
        ("known", {"of": ["message"]}, pi.MisuseError),  # nothing was unknown
        ("known", {"of": ["message"], "until": DUE + timedelta(days=1)}, pi.TimeError),
        ("unknown", {"of": ["message"], "until": None}, pi.MisuseError),
        ("change", {}, pi.MisuseError),
        ("change", {"timezone": "Mars/Phobos"}, pi.TimeError),
    ],
)
def test_what_could_not_be_recorded_does_not_wait(
    operation: Any, arguments: dict[str, Any], error: Any
) -> None:
    world = World()
    with pytest.raises(error):
        world.gate.propose("acme", operation, **arguments)
    assert world.gate.pending() == ()


@pytest.mark.parametrize("because", ["a" * 501, "a\u202eb", "\x1b[2J", None, 3, "\ud800"])
def test_a_reason_that_could_fool_a_reader_is_refused(because: Any) -> None:
    with pytest.raises(pi.MisuseError, match="reason"):
        asked(World(), because=because)


def test_the_same_word_waits_once_and_twenty_words_are_enough() -> None:
    world = World()
    assert asked(world).id == asked(world, because="again").id
    for minutes in range(1, 20):
        world.gate.propose(
            "acme", "record", event="question", happened=world.now - timedelta(minutes=minutes)
        )
    with pytest.raises(pi.MisuseError, match="20 words wait"):
        world.gate.propose("acme", "record", event="message", happened=MONDAY)
    assert asked(world) in world.gate.pending()
    world.gate.propose("beta", "record", event="message", happened=MONDAY)


def test_a_user_confirms_words_of_their_own() -> None:
    world = World()
    for owner in ("u1", "u2"):
        world.gate.keeper.start(f"{owner}/acme", timezone="Europe/Zurich")
    mine = world.gate.of("u1").propose("acme", "record", event="message", happened=world.now)
    assert mine.key == "acme"
    other = world.gate.of("u2")
    calls: tuple[Callable[[str], object], ...] = (other.confirm, other.preview)
    for call in calls:
        with pytest.raises(pi.UnknownNameError):
            call(mine.id)
    assert not other.decline(mine.id)
    assert other.pending() == ()
    assert world.gate.of("u1").pending("acme") == (mine,)


def test_a_note_reads_back_as_it_was_written() -> None:
    world = World()
    word = asked(world, because="a mail")
    note = world.notes.find("pending")[0]
    assert isinstance(note, Note)
    assert (note.key, note.id) == ("acme", word.id)
    assert world.gate.pending()[0].as_json() == word.as_json()


def test_an_agent_says_the_day_of_what_happened() -> None:
    world = World()
    word = world.gate.propose("acme", "record", event="question", happened="2026-03-09")
    assert word == world.gate.propose("acme", "record", event="question", happened=date(2026, 3, 9))
    assert world.gate.preview(word.id).text == "question, at some time on Mon 9 Mar 2026."
    outcome = world.gate.confirm(word.id)
    assert outcome.event is not None
    assert outcome.event.day == date(2026, 3, 9)
    for wrong, said in (
        ("9 March", "a moment with its zone or a day"),
        ("2026-03-13", "in the future"),
        ("0001-01-01", "outside the years"),
    ):
        with pytest.raises(pi.TimeError) as refused:
            world.gate.propose("acme", "record", event="question", happened=wrong)
        assert said in f"{refused.value.message} {refused.value.help}"
