"""Sign permits, and read them: texts that say which one act may be done, for whose process, and how long.

A permit is a JSON Web Token (RFC 7519), signed with HMAC-SHA256 by a key that is derived from the secret of
the deployment. Whoever has the text can read it, and nobody can make another one without the secret. That
it is used only once is no matter of the text: the act is recorded with its id as the idempotency key.

Sources: RFC 8725, "JSON Web Token Best Current Practices": one algorithm, which the verifier chooses; an
audience of its own; a key as long as the hash.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen

from postinterview.calls import Call
from postinterview.core.answers.verdict import Verdict, iso
from postinterview.core.past.events import plain_value
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_fields, say_list, shorten
from postinterview.gate.errors import NotPermittedError, refused

try:
    import jwt
except ImportError:
    message = "the gate needs `pyjwt`, which is not installed"
    raise MisuseError(message, "pip install 'postinterview[gate]'") from None

AUDIENCE = "postinterview:permit"
LONGEST = 8192
"""Characters of a permit. What is longer is not decoded."""
SHORTEST_SECRET = 32
"""Bytes of a secret: as many as the hash has (RFC 7518, 3.2)."""
_ALGORITHM = "HS256"
_FEWEST = 8
"""Different bytes of a secret. A random one of this length has more than 20."""
_UNCHECKED: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_sub": False}
"""PyJWT would look at its own clock."""
_ASK = "ask for a new permit"


@frozen(kw_only=True)
class Claims:
    """What a permit says.

    Attributes:
        id: its id, the same for no other permit.
        owner: the user whose process it is; None in a deployment of one user.
        key: the keeper's key of the process.
        call: the act.
        issued: since when it is valid, to the second.
        expires: the moment from which on it is not valid any more.
    """

    id: str
    owner: str | None
    key: str
    call: Call
    issued: datetime
    expires: datetime


@frozen(kw_only=True, repr=False)
class Permit:
    """The answer to a request for a permit. It is true in a condition if there is one.

    What sends takes it as it is, or its ``text``. If the act was refused, it then says why.

    Attributes:
        verdict: whether the rules allow the act now; and if not, why, and when it opens.
        text: the permit; None if the act is refused.
        expires: the moment from which on it is not valid any more; None if the act is refused.
        recipients: where the message may go: addresses, domains or telephone numbers.
    """

    verdict: Verdict
    text: str | None = None
    expires: datetime | None = None
    recipients: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.text is not None

    def __repr__(self) -> str:
        return shorten(f"<Permit: {self.verdict!r}>")

    def as_json(self) -> dict[str, Any]:
        """Return the answer in plain types."""
        return {
            "permit": self.text,
            "expires": iso(self.expires),
            "recipients": list(self.recipients),
            "verdict": {**self.verdict.as_json(), "text": self.verdict.text},
        }


def text_of(permit: object) -> object:
    """Return the text of a permit, if it is the answer to a request for one.

    Raises:
        NotPermittedError: the act was refused.
    """
    if not isinstance(permit, Permit):
        return permit
    if permit.text is None:
        raise refused(permit.verdict)
    return permit.text


def signing_key(secret: str | bytes) -> bytes:
    """Return the key that permits are signed with.

    Raises:
        MisuseError: the secret is too short, or can be guessed.
    """
    help_ = "make one: python -c 'import secrets; print(secrets.token_hex(32))'"
    if not isinstance(secret, str | bytes):
        raise MisuseError(f"a secret can't be of the type `{type(secret).__name__}`", help_)
    taken = secret.encode("utf-8", "surrogatepass") if isinstance(secret, str) else secret
    if len(taken) < SHORTEST_SECRET:
        raise MisuseError(f"the secret has {len(taken)} bytes, and needs {SHORTEST_SECRET} or more", help_)
    if len(set(taken)) < _FEWEST:
        raise MisuseError("the secret repeats itself, so it can be guessed", help_)
    return hmac.digest(taken, AUDIENCE.encode(), "sha256")


def write(claims: Claims, key: bytes) -> str:
    """Return the claims as a signed text."""
    said = {
        "aud": AUDIENCE,
        "jti": claims.id,
        "owner": claims.owner,
        "key": claims.key,
        "call": _plain(claims.call),
        "iat": int(claims.issued.timestamp()),
        "exp": int(claims.expires.timestamp()),
    }
    return jwt.encode(said, key, algorithm=_ALGORITHM)


def _plain(call: Call) -> dict[str, Any]:
    """Return an act in plain types."""
    return {"event": call.event, "to": call.to, "application": call.application, "fields": dict(call.fields)}


def read(permit: object, key: bytes) -> Claims:
    """Return what a permit says, or its text, whenever it was valid.

    Raises:
        NotPermittedError: there is none, the act was refused, or it was not signed with this key.
    """
    text = text_of(permit)
    if not isinstance(text, str) or not text:
        raise NotPermittedError("there is no permit", "ask for one before you send", "missing")
    shown = shorten(ascii(text)[1:-1], 24)
    forged = NotPermittedError(f"`{shown}` is no permit of this deployment", _ASK, "forged")
    if len(text) > LONGEST:
        raise forged
    try:
        said = jwt.decode(text, key, algorithms=[_ALGORITHM], audience=AUDIENCE, options=_UNCHECKED)
        return Claims(
            id=said["jti"],
            owner=said["owner"],
            key=said["key"],
            call=Call(**said["call"]),
            issued=datetime.fromtimestamp(said["iat"], UTC),
            expires=datetime.fromtimestamp(said["exp"], UTC),
        )
    except (jwt.PyJWTError, ArithmeticError, LookupError, OSError, RecursionError, TypeError, ValueError):
        raise forged from None


def check_moment(claims: Claims, now: datetime, leeway: timedelta) -> None:
    """Check that a permit is valid now. ``leeway``: by how much the clocks of servers may differ.

    Raises:
        NotPermittedError: it has expired, or the clock was set back to before it was issued.
    """
    if now >= claims.expires:
        raise NotPermittedError("the permit has expired", _ASK, "expired")
    if now < claims.issued - leeway:
        raise NotPermittedError("the permit was issued later than now, by this clock", _ASK, "expired")


def check_act(call: Call, acts: tuple[str, ...], fields: dict[str, Any]) -> None:
    """Check that a permit is for what the caller sends.

    Raises:
        NotPermittedError: it is for another act, or says something else of it.
    """
    help_ = "ask for a permit for what is sent, or send it by another tool"
    if acts and call.event not in acts:
        message = f"the permit is for `{call.event}`, and this sends {say_list(acts)}"
        raise NotPermittedError(message, help_, "act")
    for name, value in fields.items():
        if call.fields.get(name) != plain_value(value):
            said = say_fields([(name, call.fields.get(name))])
            message = f"the permit is for {said}, and this sends with {say_fields([(name, value)])}"
            raise NotPermittedError(message, help_, "act")
