"""An assistant gets permits and no more: what it says waits for a person, in the old protocol and the new."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import define, field
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.context import ClientRequestContext
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult, TextContent

from postinterview.core.values.errors import MisuseError, StoreError
from postinterview.gate import Gate, MemoryNotes, NotPermittedError
from postinterview.mcp import create_server
from postinterview.stores import Keeper, MemoryStore
from tests.cli.helpers import PROGRAM, start
from tests.core.helpers import at, packaged

SECRET = "a secret that no assistant is ever told"  # noqa: S105 - a test's own
MONDAY, NOW = at("2026-03-02 10:00"), at("2026-03-16 09:00")
MAIL = {"key": "acme", "act": "follow_up", "fields": {"channel": "email"}}
WORD = {
    "key": "acme",
    "operation": "record",
    "arguments": {"event": "message", "happened": "2026-03-12T10:00:00+01:00"},
    "because": "Ana's mail: we need another week",
}
Mode = Literal["legacy", "auto"]
Answer = Callable[[ElicitRequestParams], ElicitResult]


def explain(name: str) -> str:
    if name != "follow_up":
        raise MisuseError(f"the rules have no name `{name}`", "did you mean `follow_up`?")
    return "You may follow up once a round."


@define
class Assistant:
    """A client of the official SDK, in front of a fresh gate with Ada's company."""

    mode: Mode = "auto"
    answer: Answer | None = None
    asks: bool = True
    store: Any = field(factory=MemoryStore)
    asked: list[str] = field(factory=list)
    gate: Gate = field(init=False)

    def __attrs_post_init__(self) -> None:
        keeper = Keeper(packaged(), self.store)
        self.gate = Gate(keeper, MemoryNotes(), clock=lambda: NOW, secret=SECRET).of("ada")
        keeper.start("ada/acme", employer="Acme", timezone="Europe/Zurich")
        keeper.record("ada/acme", "interview", at=MONDAY, interviewers=["ana"])
        keeper.start("bob/initech", employer="Initech", timezone="Europe/Zurich")
        self.gate.register("acme", "hr@acme.example")

    def calls(self, *calls: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
        """What the server answers to each call, in one session."""

        async def session(client: Client) -> list[CallToolResult]:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

        found: list[CallToolResult] = self.session(session)
        return found

    def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer of a tool, which is no error."""
        (answer,) = self.calls((name, arguments))
        assert not answer.is_error, answer.content
        found: dict[str, Any] = answer.structured_content
        return found

    def error(self, name: str, /, **arguments: Any) -> str:
        (answer,) = self.calls((name, arguments))
        assert answer.is_error, answer.structured_content
        (text,) = answer.content
        assert isinstance(text, TextContent)
        return text.text

    def session(self, work: Callable[[Client], Any]) -> Any:
        server = create_server(self.gate, explain=explain, rules="format: 1", asks=self.asks)
        answer = self.answer

        async def elicit(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
            assert answer is not None
            assert context is not None
            self.asked.append(params.message)
            return answer(params)

        async def run() -> Any:
            callback = None if answer is None else elicit
            async with Client(server, mode=self.mode, elicitation_callback=callback) as client:
                return await work(client)

        return asyncio.run(run())

    @property
    def history(self) -> list[str]:
        return [placed.event.name for placed in self.gate.keeper.load("ada/acme").timeline]


def yes(_: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="accept", content={"confirmed": True})


def no(_: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="accept", content={"confirmed": False})


def declines(_: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="decline")


def closes(_: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="cancel")


# --- acts -------------------------------------------------------------------------------------------


def test_a_contact_gets_a_permit_for_one_message_and_nothing_is_recorded() -> None:
    assistant = Assistant()
    answer = assistant.call("do", **MAIL)

    assert (answer["allowed"], answer["recipients"]) == (True, ["hr@acme.example"])
    assert assistant.history == ["interview"]
    assert assistant.gate.consume(answer["permit"], "hr@acme.example", channel="email").event is not None
    assert assistant.history == ["interview", "follow_up"]
    with pytest.raises(NotPermittedError, match="used already"):
        assistant.gate.consume(answer["permit"], "hr@acme.example")


def test_a_refusal_says_why_when_it_opens_and_what_to_do_instead() -> None:
    assistant = Assistant()
    assistant.gate.keeper.do("ada/acme", "follow_up", at=NOW - timedelta(days=4), channel="email")
    answer = assistant.call("do", **MAIL)

    assert answer["allowed"] is False
    assert "permit" not in answer
    assert answer["reasons"]
    assert "on Thu 12 Mar 2026" in answer["text"]
    assert answer["instead"].startswith("Send nothing")
    assert assistant.call("may", **MAIL)["text"] == answer["text"]


def test_a_message_that_lacks_something_is_asked_for_again() -> None:
    answer = Assistant().call("do", key="acme", act="thank_you", to="ana")

    assert answer["instead"].startswith("Ask again with these fields")
    assert "thanks, topic, looking_forward" in answer["instead"]


def test_what_reaches_nobody_is_recorded_once() -> None:
    assistant = Assistant()
    plan = {"key": "acme", "act": "write_plan", "once": "1"}
    first, again = assistant.calls(("do", plan), ("do", plan))

    assert first.structured_content is not None
    assert again.structured_content is not None
    assert (first.structured_content["recorded"], again.structured_content["recorded"]) == (True, False)
    assert assistant.history == ["interview", "write_plan"]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("do", {"key": "nothing", "act": "write_plan"}, "there is no company `nothing`"),
        ("do", {"key": "bob/initech", "act": "write_plan"}, "there is no company `bob/initech`"),
        ("do", {"key": "acme", "act": "follow_upp"}, "unknown event `follow_upp`"),
        ("do", {"key": "acme", "act": "message"}, "propose it"),
        ("do", {"key": "acme", "act": "follow_up", "fields": {"channel": "pigeon"}}, "pigeon"),
        ("may", {"key": "acme", "act": "interview"}, "interview"),
        ("explain", {"name": "follow_upp"}, "did you mean `follow_up`?"),
        ("propose", {**WORD, "arguments": {"event": "message"}}, "happened"),
        ("propose", {**WORD, "arguments": {"event": "message", "because": "x"}}, "happened"),
        ("propose", {**WORD, "key": "nothing"}, "there is no company `nothing`"),
        ("propose", {**WORD, "operation": "change", "arguments": {"employer": "Ltd"}}, "say since when"),
    ],
)
def test_an_error_says_what_to_do_and_names_no_owner(name: str, arguments: dict[str, Any], said: str) -> None:
    assistant = Assistant()
    error = assistant.error(name, **arguments)

    assert said in error
    assert "ada/" not in error
    assert assistant.history == ["interview"]
    assert assistant.gate.pending() == ()


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("may", {**MAIL, "at": "2027-01-01"}, "`may` has no argument `at` (what the act or event carries"),
        ("do", {"key": "acme", "act": "follow_up", "channel": "email"}, "belongs into `fields`"),
        ("do", {"key": "acme", "ackt": "write_plan"}, "`do` has no argument `ackt` (did you mean `act`?)"),
        ("do", {"key": "acme", "act": "write_plan", "a": 1, "onec": 1}, "`a` or `onec` (did you mean"),
        ("propose", {**WORD, "happened": "now"}, "`propose` has no argument `happened`"),
        ("companies", {"before": "x"}, "`companies` has no argument `before` (write `after`)"),
        ("due", {"limit": 3}, "`due` has no argument `limit` (leave it out)"),
        ("do", {"act": "write_plan"}, "`do` can't be called so: `key`: field required"),
        ("do", {"key": "acme", "act": 3, "fields": 1}, "`act`: input should be a valid string; `fields`: "),
        ("propose", {**WORD, "operation": "delete"}, "`operation`: input should be 'record', 'retract'"),
        ("propose", {**WORD, "arguments": {"event": "message", "hapened": "x"}}, "did you mean `happened`?"),
        ("propose", {**WORD, "operation": "retract", "arguments": {"number": "1"}}, "the number of an entry"),
        ("propose", {**WORD, "operation": "known", "arguments": {"of": "message"}}, "a list of events"),
    ],
)
def test_arguments_that_a_tool_does_not_have_or_take_are_named(
    name: str, arguments: dict[str, Any], said: str
) -> None:
    assistant = Assistant()
    error = assistant.error(name, **arguments)

    assert said in error
    assert "Error executing" not in error or name == "propose"
    assert "pydantic" not in error
    assert assistant.history == ["interview"]
    assert assistant.gate.pending() == ()


NAIVE = {"event": "message", "happened": "2026-03-12T10:00:00"}


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("propose", {**WORD, "arguments": NAIVE}),
        ("propose", {**WORD, "arguments": {"event": "message", "happened": "yesterday"}}),
        ("propose", {**WORD, "operation": "retract", "arguments": {"number": 1, "not_sent": "yes"}}),
        ("propose", {**WORD, "operation": "change", "arguments": {"at": "2026-03-12T10:00+01:00"}}),
        (
            "propose",
            {**WORD, "operation": "change", "arguments": {"at": "2026-03-12T10:00Z", "employer": ""}},
        ),
        ("propose", {**WORD, "arguments": {"event": "promise", "happened": "2026-03-12T10:00+01:00"}}),
        ("propose", {**WORD, "operation": "known", "arguments": {"of": ["nothing"]}}),
        ("do", {"key": "acme", "act": "thank_you"}),
        ("do", {"key": "acme", "act": "thank_you", "to": "ana", "fields": {"thanks": "yes"}}),
        ("may", {"key": "acme", "act": "follow_up", "fields": {"channel": ["email"]}}),
    ],
)
def test_what_to_write_instead_is_in_the_words_of_the_protocol(name: str, arguments: dict[str, Any]) -> None:
    """An assistant writes JSON, and knows nothing of Python."""
    error = Assistant().error(name, **arguments)
    assert not re.search(r"\w=|\w\(|\b(True|False|None|datetime|Keeper|Process|Mapping|dict)\b", error), error


def test_a_store_that_fails_says_nothing_of_itself() -> None:
    class Broken(MemoryStore):
        broken = False

        def load(self, key: str, since: int = 0) -> Any:
            if self.broken:
                raise StoreError("host=db.internal password=hunter2", "")
            return super().load(key, since)

    assistant = Assistant(store=Broken())
    assistant.store.broken = True
    error = assistant.error("do", **MAIL)

    assert "Send nothing" in error
    assert "hunter2" not in error


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize(
    ("answer", "state", "history", "waiting"),
    [
        (None, "pending", ["interview"], 1),
        (yes, "recorded", ["interview", "message"], 0),
        (no, "declined", ["interview"], 0),
        (declines, "declined", ["interview"], 0),
        (closes, "pending", ["interview"], 1),
    ],
)
def test_a_word_is_recorded_only_if_a_person_says_so(
    answer: Answer | None, state: str, history: list[str], waiting: int, mode: Mode
) -> None:
    assistant = Assistant(mode=mode, answer=answer)
    found = assistant.call("propose", **WORD)

    assert found["state"] == state
    assert assistant.history == history
    assert len(assistant.gate.pending()) == waiting
    assert len(assistant.asked) == (answer is not None)
    for asked in assistant.asked:
        assert "Ana's mail: we need another week" in asked
        assert "It would allow: answer Acme" in asked


def test_words_can_be_left_to_the_list_though_the_client_could_ask() -> None:
    assistant = Assistant(answer=yes, asks=False)
    found = assistant.call("propose", **WORD)

    assert (found["state"], assistant.asked) == ("pending", [])
    assert [each.id for each in assistant.gate.pending()] == [found["id"]]
    assistant.gate.confirm(found["id"])
    assert assistant.history == ["interview", "message"]


def test_a_client_that_answers_for_itself_can_add_no_field() -> None:
    def more(_: ElicitRequestParams) -> ElicitResult:
        return ElicitResult(action="accept", content={"confirmed": "maybe"})

    assistant = Assistant(answer=more)
    assistant.error("propose", **WORD)

    assert assistant.history == ["interview"]


# --- reading ----------------------------------------------------------------------------------------


def test_the_assistant_sees_its_owners_companies_alone() -> None:
    assistant = Assistant()

    assert assistant.call("companies") == {
        "companies": [{"key": "acme", "employer": "Acme", "timezone": "Europe/Zurich"}],
        "more": False,
    }
    assert assistant.call("companies", after="acme")["companies"] == []
    (due,) = assistant.call("due")["due"]
    assert due["key"] == "acme"
    assert {line["event"] for line in due["lines"]} >= {"thank_you", "follow_up"}
    agenda = assistant.call("agenda", key="acme")
    assert agenda["text"].startswith("overdue thank ana")
    assert {line["event"] for line in agenda["lines"]} >= {line["event"] for line in due["lines"]}


def test_rules_timeline_and_agenda_can_be_read() -> None:
    async def read(client: Client) -> list[str]:
        names = ("rules", "companies/acme/timeline", "companies/acme/agenda")
        found = [await client.read_resource(f"postinterview://{name}") for name in names]
        with pytest.raises(MCPError):
            await client.read_resource("postinterview://companies/initech/timeline")
        return [getattr(each.contents[0], "text", "") for each in found]

    rules, timeline, agenda = Assistant().session(read)
    assert rules == "format: 1"
    assert [(each["event"], each["at"]) for each in json.loads(timeline)] == [
        ("interview", MONDAY.isoformat())
    ]
    assert "thank ana" in agenda


def test_every_tool_says_what_it_does_and_what_its_arguments_are() -> None:
    async def listed(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = Assistant().session(listed)
    assert {tool.name for tool in tools} == {"agenda", "companies", "do", "due", "explain", "may", "propose"}
    for tool in tools:
        assert tool.description
        properties = tool.input_schema.get("properties", {})
        assert all(each.get("description") for each in properties.values()), tool.name
        assert {"ctx", "answer"}.isdisjoint(properties)


# --- the command ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [pytest.param("legacy", marks=pytest.mark.slow), "auto"])
def test_the_command_serves_a_real_client(mode: Mode, tmp_path: Path) -> None:
    store = ["--owner", "ada", "--store", str(tmp_path / "mine.db")]
    environment = {"POSTINTERVIEW_SECRET": SECRET}
    registered = start(
        "recipients", "acme", "hr@acme.example", "--timezone", "Europe/Zurich", *store, env=environment
    )
    assert registered.code == 0

    async def run() -> list[Any]:
        command = StdioServerParameters(command=str(PROGRAM), args=["mcp", *store], env=environment)
        async with Client(command, mode=mode) as client:
            return [
                await client.call_tool("companies", {}),
                await client.call_tool("propose", WORD | {"because": "x"}),
                await client.call_tool("explain", {"name": "follow_up"}),
            ]

    companies, word, explained = asyncio.run(run())
    assert [each["key"] for each in companies.structured_content["companies"]] == ["acme"]
    assert word.structured_content["state"] == "pending"
    assert "follow up" in explained.content[0].text
    waiting = json.loads(start("confirm", *store, "--format", "json", env=environment).out)["pending"]
    assert [each["because"] for each in waiting] == ["x"]
