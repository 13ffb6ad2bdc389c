"""The exceptions of the gate.

It raises where a keeper returns a refusal, so that a caller who forgets to look sends nothing.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from postinterview.core.answers.verdict import Verdict
from postinterview.core.values.errors import HelpfulError, PostInterviewError

Why: TypeAlias = Literal["missing", "forged", "expired", "used", "owner", "act", "recipient", "refused"]


class NotPermittedError(HelpfulError):
    """A contact that may not be made. Nothing was recorded, and nothing may be sent.

    Attributes:
        message: why.
        help: what to do instead.
        reason: ``missing`` (there is no permit), ``forged`` (this deployment did not sign it), ``expired``,
            ``used``, ``owner`` (it is another user's), ``act`` (it is for another act, or for none that an
            agent may do), ``recipient`` (somebody in the message is not registered for it), or ``refused``
            (the rules refuse the act now).
        verdict: what the rules say of the act, if it is known which one is meant.
    """

    def __init__(self, message: str, help: str, reason: Why, verdict: Verdict | None = None) -> None:
        super().__init__(message, help)
        self.args = (message, help, reason, verdict)
        self.reason: Why = reason
        self.verdict = verdict

    def __str__(self) -> str:
        return (
            f"{self.message} {self.help}" if self.message.endswith(".") else f"{self.message} ({self.help})"
        )


class NotSentError(PostInterviewError):
    """A sender raises it if the message surely reached nobody, so that the act is taken back."""


def instead(verdict: Verdict) -> str:
    """Return what to do instead of an act that the rules refuse."""
    if verdict.opens_at is not None:
        return "Send nothing, by no other way either, and ask again then."
    if verdict.opens_after:
        return "Send nothing. If one of these has happened, propose it, so that a person can confirm it."
    return "Send nothing."


def refused(verdict: Verdict) -> NotPermittedError:
    """Return the error of an act that the rules refuse: their reasons, when it opens, and what to do."""
    return NotPermittedError(verdict.text, instead(verdict), "refused", verdict)
