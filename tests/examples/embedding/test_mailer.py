"""The mailer of `docs/embed/agents.md` beside `postinterview mcp`: real programs, client and mail server."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from postinterview.gate import Approvals
from postinterview.gate.sql_notes import SqlNotes
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.agents.world import MailServer, mail_server
from tests.cli.helpers import PROGRAM
from tests.core.helpers import packaged
from tests.gate.worlds import SECRET
from tests.servers import ROOT

ANA = "ana@acme.example"
FOLLOW_UP = {"key": "acme", "act": "follow_up", "fields": {"channel": "email"}}
MAIL = {"to": ANA, "subject": "Any news?", "body": '{"event": "follow_up"}'}


def test_an_assistant_sends_one_mail_with_a_permit_and_reads_why_there_is_no_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    with closing(SqlStore(url)) as store:
        keeper = Keeper(packaged(), store)
        now = datetime.now(UTC)  # noqa: TID251 - the programs have the machine's clock
        keeper.start("acme", timezone="Europe/Zurich")
        keeper.record("acme", "interview", at=now - timedelta(days=14), interviewers=["ana"])
        Approvals(keeper, SqlNotes(store)).register("acme", ANA)
        with mail_server() as server:
            said = asyncio.run(session(url, server))
        timeline = [each.name for each in keeper.load("acme").timeline]

    (mailed,) = server.received
    assert mailed.to == (ANA,)
    assert timeline == ["interview", "follow_up"]
    missing, sent, used, refused = said
    assert "there is no permit" in missing
    assert sent == f"sent to {ANA}"
    assert "the permit was used already" in used
    assert "Send nothing" in refused


async def session(url: str, server: MailServer) -> list[str]:
    """What the tools say to an assistant that follows up, and again."""
    environment = {
        "POSTINTERVIEW_STORE": url,
        "POSTINTERVIEW_SECRET": SECRET,
        "MAIL_FROM": "me@me.example",
    }
    environment["SMTP_SERVER"] = f"127.0.0.1:{server.port}"
    mailer = ["examples/embedding/mailer.py"]
    gate = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=environment)
    tool = StdioServerParameters(command=sys.executable, args=mailer, env=environment, cwd=ROOT)
    async with Client(gate) as assistant, Client(tool) as mail:

        async def sends(**more: Any) -> str:
            return text_of(await mail.call_tool("send_mail", MAIL | more))

        async def permit() -> str:
            answer = (await assistant.call_tool("do", FOLLOW_UP)).structured_content
            assert answer is not None
            text: str = answer["permit"]
            return text

        missing = await sends()
        broken = await sends(permit=await permit(), subject="Any\nnews?")
        assert "sent to" not in broken  # and the follow-up is taken back, so there is a permit again
        good = await permit()
        sent, used = [await sends(permit=good) for _ in range(2)]
        return [missing, sent, used, text_of(await assistant.call_tool("do", FOLLOW_UP))]


def text_of(answer: Any) -> str:
    found: str = answer.content[0].text
    return found
