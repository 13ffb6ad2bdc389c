"""Permits that this deployment did not sign, or not for now."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.calls import Call
from postinterview.gate import NotPermittedError
from postinterview.gate.permits import Claims, check_moment, read, signing_key, write
from tests.gate.worlds import DUE, SECRET

KEY = signing_key(SECRET)
CLAIMS = Claims(
    id="1",
    owner="u1",
    key="u1/acme",
    call=Call("thank_you", "ana", None, {"thanks": True}),
    issued=DUE,
    expires=DUE + timedelta(minutes=10),
)
PERMIT = write(CLAIMS, KEY)


def reason(text: object, key: bytes = KEY) -> str:
    with pytest.raises(NotPermittedError) as error:
        read(text, key)
    return error.value.reason


def payload(**changed: Any) -> dict[str, Any]:
    said = jwt.decode(PERMIT, options={"verify_signature": False})
    return {name: value for name, value in {**said, **changed}.items() if value is not ...}


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: str) -> str:
    """A permit with this header, rightly signed by somebody who has the key."""
    first = f"{encoded(header.encode())}.{PERMIT.split('.')[1]}"
    return f"{first}.{encoded(hmac.digest(KEY, first.encode(), 'sha256'))}"


def test_a_permit_says_what_was_written() -> None:
    assert read(PERMIT, KEY) == CLAIMS


@given(st.data())
def test_a_permit_with_another_letter_is_forged(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(PERMIT) - 2))  # the last letter has bits that mean nothing
    letter = data.draw(st.characters(exclude_characters=PERMIT[place]))
    assert reason(PERMIT[:place] + letter + PERMIT[place + 1 :]) == "forged"


@given(st.text())
def test_no_text_is_a_permit(text: str) -> None:
    assert reason(text) == ("forged" if text else "missing")


@pytest.mark.parametrize("given", [None, "", 3, b"", PERMIT.encode(), ["a"], {}])
def test_what_is_no_text_is_no_permit(given: object) -> None:
    assert reason(given) == "missing"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "HS512", "RS256", "", "hs256"])
def test_the_permit_does_not_choose_its_algorithm(algorithm: str) -> None:
    header = json.dumps({"alg": algorithm, "typ": "JWT"})
    assert reason(signed(header)) == "forged"
    assert reason(f"{encoded(header.encode())}.{PERMIT.split('.')[1]}.") == "forged"


def test_another_hash_with_the_same_key_is_forged() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a key that is short for it
        assert reason(jwt.encode(payload(), KEY, algorithm="HS512")) == "forged"


def test_a_permit_of_another_secret_is_forged() -> None:
    assert reason(write(CLAIMS, signing_key("another secret of 32 characters!"))) == "forged"


def test_the_secret_itself_signs_nothing() -> None:
    assert reason(jwt.encode(payload(), SECRET, algorithm="HS256")) == "forged"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": ...},
        {"aud": "another"},
        {"aud": None},
        {"jti": ...},
        {"owner": ...},
        {"key": ...},
        {"call": ...},
        {"call": {}},
        {"call": {"event": "a", "more": 1}},
        {"exp": ...},
        {"exp": "soon"},
        {"exp": 1e300},
        {"iat": ...},
        {"iat": None},
    ],
)
def test_a_signed_text_that_is_no_permit_is_forged(changed: dict[str, Any]) -> None:
    assert reason(jwt.encode(payload(**changed), KEY, algorithm="HS256")) == "forged"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 9000,
        f"{encoded(b'[' * 5000)}.a.a",
        f"{PERMIT}.{PERMIT.split('.')[2]}",
        PERMIT.replace(".", ".."),
        f"{PERMIT}\n",
        f" {PERMIT}",
        "\ud800",
        signed('{"alg": "HS256", "b64": false}'),
        signed('["HS256"]'),
    ],
)
def test_what_can_break_a_parser_is_forged(text: str) -> None:
    assert reason(text) == "forged"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(days=-1), "expired"),
        (timedelta(seconds=-61), "expired"),
        (timedelta(seconds=-60), None),  # the leeway between the clocks of servers
        (timedelta(minutes=10, microseconds=-1), None),
        (timedelta(minutes=10), "expired"),
        (timedelta(days=4000), "expired"),
    ],
)
def test_a_permit_is_valid_from_its_moment_to_its_end(after: timedelta, expected: str | None) -> None:
    if expected is None:
        check_moment(CLAIMS, DUE + after, timedelta(minutes=1))
    else:
        with pytest.raises(NotPermittedError) as error:
            check_moment(CLAIMS, DUE + after, timedelta(minutes=1))
        assert error.value.reason == expected


@pytest.mark.parametrize("secret", ["", "short", "x" * 31, "x" * 64, "abc" * 30, b"\0" * 64, None, 5])
def test_a_secret_that_can_be_guessed_is_refused(secret: Any) -> None:
    with pytest.raises(pi.MisuseError, match="secret"):
        signing_key(secret)


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN PUBLIC KEY-----\nabcdefghijkl",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ",
        b"0123456789abcdef" * 2,
    ],
)
def test_any_secret_that_is_long_enough_signs(secret: str | bytes) -> None:
    key = signing_key(secret)
    assert read(write(CLAIMS, key), key) == CLAIMS
