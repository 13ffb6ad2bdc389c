"""Whatever agents ask for, in whatever order: what is sent is what the oracle allows, each message once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Literal, TypeAlias

from attrs import define, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from postinterview.gate import NotPermittedError, NotSentError
from postinterview.stores import Keeper
from tests.core.helpers import packaged
from tests.gate.worlds import MONDAY, World
from tests.laws.twins import examples
from tests.oracle import oracle
from tests.oracle.stories import DEFAULT_FILE, plain

RULES = plain(DEFAULT_FILE.read_text(encoding="utf-8"))
NOTE = {"thanks": True, "topic": "the roadmap", "looking_forward": True}
ACTS: tuple[tuple[str, str | None, dict[str, Any]], ...] = (
    ("follow_up", None, {"channel": "email"}),
    ("follow_up", None, {"channel": "call"}),
    ("thank_you", "ana", NOTE),
    ("thank_you", "bo", NOTE),
    ("notice", None, {}),
    ("reply", None, {}),
    ("missed_call", None, {}),
)
WORDS = ("question", "message", "interview", "rejection", "auto_reply")
ADDRESSES = {
    "ana@acme.example": ("acme", "ana"),
    "bo@acme.example": ("acme", "bo"),
    "ana@beta.example": ("beta", "ana"),
    "boss@acme.example": (None, None),
    "Ana <ana@acme.example>": (None, None),
}
KEYS = ("acme", "beta")
End: TypeAlias = Literal["sent", "not sent", "crashed"]


@frozen
class Ask:
    """An agent asks for a permit."""

    key: str
    act: int


@frozen
class Send:
    """An agent calls the tool with one of its permits, the newest first, and the sending ends somehow."""

    permit: int
    to: tuple[str, ...]
    end: End


@frozen
class Say:
    """An agent proposes an employer's word, and a person confirms it or doesn't."""

    key: str
    event: str
    confirmed: bool


@frozen
class Wait:
    hours: int


anybody = st.lists(st.sampled_from(list(ADDRESSES)), min_size=1, max_size=2).map(tuple)
steps = st.one_of(
    st.builds(Ask, st.sampled_from(KEYS), st.integers(0, len(ACTS) - 1)),
    st.builds(
        Send,
        st.integers(0, 2),
        st.just(("ana@acme.example",)) | anybody,
        st.sampled_from(["sent", "sent", "sent", "not sent", "crashed"]),
    ),
    st.builds(Say, st.sampled_from(KEYS), st.sampled_from(WORDS), st.booleans()),
    st.builds(Wait, st.sampled_from([0, 1, 1, 20, 24, 24 * 7, 24 * 9])),
)


SEND = Send(0, ("ana@acme.example",), "sent")
replays = st.builds(
    lambda act, word: [Ask("acme", act), SEND, Say("acme", word, confirmed=True), SEND],
    st.integers(0, len(ACTS) - 1),
    st.sampled_from(WORDS),
)
"""The rules may allow an act again after a word from the employer; its permit is used up all the same."""
scenes = st.lists(steps.map(lambda step: [step]) | replays, min_size=2, max_size=10)


@define
class Asked:
    """A permit as the test remembers it."""

    text: str
    key: str
    act: tuple[str, str | None, dict[str, Any]]
    expires: datetime
    used: bool = False


@define
class Model:
    """What happened, told twice: to a gate, and in the plain histories that the oracle reads."""

    world: World
    histories: dict[str, list[dict[str, Any]]] = field(factory=dict)
    permits: list[Asked] = field(factory=list)
    sent: list[tuple[tuple[str, ...], str]] = field(factory=list)

    @classmethod
    def new(cls) -> Model:
        world = World(now=MONDAY + timedelta(hours=1))
        world.gate.register("beta", "ana@beta.example", person="ana")
        model = cls(world)
        model.histories = {"acme": [], "beta": []}
        model.tell("acme", "interview", MONDAY, {"interviewers": ["ana", "bo"]})
        return model

    def tell(self, key: str, name: str, at: datetime, fields: dict[str, Any], to: str | None = None) -> None:
        number = len(self.histories[key]) + 1
        entry = {"number": number, "name": name, "at": at.astimezone(UTC), "application": "main", "to": to}
        self.histories[key].append({**entry, "fields": fields})

    def allowed(self, key: str, act: tuple[str, str | None, dict[str, Any]]) -> bool:
        name, to, fields = act
        now = self.world.now.astimezone(UTC)
        history = self.histories[key]
        return oracle.may(RULES, history, name, now, zone="Europe/Zurich", to=to, fields=fields)[0]

    def take(self, step: Ask | Send | Say | Wait) -> None:
        match step:
            case Ask():
                self._ask(step)
            case Send():
                self._send(step)
            case Say():
                self._say(step)
            case Wait():
                self.world.later(hours=step.hours)

    def _ask(self, step: Ask) -> None:
        name, to, fields = ACTS[step.act]
        before = len(self.world.gate.keeper.load(step.key).history)
        expected = self.allowed(step.key, ACTS[step.act])
        known = to is None or (step.key, to) in ADDRESSES.values()
        try:
            permit = self.world.gate.permit(step.key, name, to=to, **fields)
        except NotPermittedError:
            assert expected
            assert not known
            return
        assert bool(permit) == expected
        assert len(self.world.gate.keeper.load(step.key).history) == before
        if permit.text is not None:
            expires = self.world.now + timedelta(minutes=10)
            self.permits.append(Asked(permit.text, step.key, ACTS[step.act], expires))

    def _send(self, step: Send) -> None:
        if not self.permits:
            return
        asked = self.permits[-1 - step.permit % len(self.permits)]
        name, to, fields = asked.act
        whose = [ADDRESSES[each] for each in step.to]
        reaches = all(key == asked.key and to in (None, person) for key, person in whose)
        valid = not asked.used and self.world.now < asked.expires and len(set(step.to)) == len(step.to)
        expected = reaches and valid and self.allowed(asked.key, asked.act)

        @self.world.gate.sends()
        def mail(to: list[str]) -> None:
            if step.end == "not sent":
                raise NotSentError
            if step.end == "crashed":
                raise ValueError
            self.sent.append((tuple(to), asked.text))

        before = len(self.sent)
        try:
            mail(list(step.to), permit=asked.text)
        except NotPermittedError:
            assert not expected
            return
        except (NotSentError, ValueError):
            pass
        assert expected
        asked.used = True
        assert len(self.sent) == before + (step.end == "sent")
        self.tell(asked.key, name, self.world.now, fields, to)
        if step.end == "not sent":
            history = self.histories[asked.key]
            history.append({"number": len(history) + 1, "of": len(history)})

    def _say(self, step: Say) -> None:
        fields = {"interviewers": ["ana"]} if step.event == "interview" else {}
        word = self.world.gate.propose(
            step.key, "record", event=step.event, happened=self.world.now, fields=fields
        )
        if step.confirmed:
            self.world.gate.confirm(word.id)
            self.tell(step.key, step.event, self.world.now, fields)
        else:
            self.world.gate.decline(word.id)


@settings(max_examples=examples(1) // 2)
@given(scenes)
def test_what_is_sent_is_what_the_oracle_allows_each_once(told: list[list[Ask | Send | Say | Wait]]) -> None:
    model = Model.new()
    for step in chain.from_iterable(told):
        model.take(step)
    for key, history in model.histories.items():
        kept = Keeper(packaged(), model.world.store).load(key)
        assert len(kept.history) == len(history)
        assert not kept.breaches
    permits = [permit for _, permit in model.sent]
    assert len(set(permits)) == len(permits)
    assert all(ADDRESSES[each][0] for to, _ in model.sent for each in to)
