"""A server of MCP that sends mail for an assistant, with a permit and not without: ``python mailer.py``."""

import os
import smtplib
import socket
from email.message import EmailMessage

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from postinterview import load_rulebook
from postinterview.gate import Gate
from postinterview.gate.sql_notes import SqlNotes
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore

store = SqlStore(os.environ["POSTINTERVIEW_STORE"])
gate = Gate(Keeper(load_rulebook(), store), SqlNotes(store), secret=os.environ["POSTINTERVIEW_SECRET"])
server = MCPServer("mailer")


@server.tool()
@gate.sends(
    *("follow_up", "thank_you", "reply"),
    channel="email",
    not_sent=(ConnectionRefusedError, socket.gaierror, smtplib.SMTPRecipientsRefused, ValueError),
    raises=ToolError,
)
def send_mail(to: str, subject: str, body: str) -> str:
    """Send a mail to an employer. It needs a permit, which `do` of postinterview gives."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = os.environ["MAIL_FROM"], to, subject
    message.set_content(body)
    with smtplib.SMTP(os.environ.get("SMTP_SERVER", "localhost:25")) as smtp:
        smtp.send_message(message)
    return f"sent to {to}"


if __name__ == "__main__":
    server.run()
