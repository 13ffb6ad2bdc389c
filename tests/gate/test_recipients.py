"""To whom a message may go, and whose an address is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.gate import NotPermittedError, Recipient
from postinterview.gate.recipients import check_new, checked, read_recipient
from postinterview.stores import TakenKeyError


def of(name: str, key: str = "acme", person: str | None = None) -> Recipient:
    text, kind = read_recipient(name)
    return Recipient(key=key, name=text, kind=kind, person=person)


KNOWN = (of("ana@acme.example", person="ana"), of("Bo.B@acme.example", person="bo"), of("+41 44 123 45 67"))


def refusal(*named: object, known: tuple[Recipient, ...] = KNOWN, to: str | None = None) -> str:
    with pytest.raises(NotPermittedError) as error:
        checked(named, known, to)
    assert error.value.reason == "recipient"
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ana@acme.example", "ana@acme.example"),
        ("ANA@ACME.EXAMPLE", "ANA@acme.example"),
        ("bo.b@acme.example", "bo.b@acme.example"),
        ("ana@\uff41cme.example", "ana@acme.example"),  # wide letters are the same domain
        ("ana@acme\u3002example", "ana@acme.example"),
        ("+41441234567", "+41441234567"),
        ("+41 (44) 123-45.67", "+41441234567"),
    ],
)
def test_an_address_is_the_registered_one_in_any_case(text: str, expected: str) -> None:
    assert checked([text], KNOWN, None) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "bob@acme.example",
        "ana+1@acme.example",
        "a.na@acme.example",
        "ana@hr.acme.example",
        "ana@acme.example.evil.example",
        "ana@evil-acme.example",
        "ana@\u0430cme.example",  # Cyrillic a
        "\u0430na@acme.example",
        "an\u0430@acme.example",
        "ana\u200b@acme.example",
        "ana@acme.example\u200b",
        "ana\uff20acme.example",
        "ana@acme.exampl\u212e",
        "Ana <ana@acme.example>",
        "<ana@acme.example>",
        '"ana@acme.example" <boss@evil.example>',
        "ana@acme.example (boss@evil.example)",
        "ana@acme.example, boss@evil.example",
        "ana@acme.example;boss@evil.example",
        "ana@acme.example boss@evil.example",
        "ana@acme.example\r\nBcc: boss@evil.example",
        "ana@acme.example\n",
        "\tana@acme.example",
        " ana@acme.example",
        "ana@acme.example\0",
        "boss%evil.example@acme.example",
        "evil.example!boss@acme.example",
        "@evil.example:ana@acme.example",
        '"ana"@acme.example',
        "ana@[127.0.0.1]",
        "ana@localhost",
        "ana@acme.example.",
        "ana@@acme.example",
        "ana",
        "",
        "acme.example",
        "+41441234568",
        "0041441234567",
        "+41 44 123 45 67,,,9",
        "+",
        "+41\u0664\u0664123456",
        "mailto:ana@acme.example",
        "a" * 400 + "@acme.example",
        None,
        3,
        b"ana@acme.example",
        ["ana@acme.example"],
        {"email": "ana@acme.example"},
    ],
)
@pytest.mark.parametrize("known", [KNOWN])
def test_anything_else_is_refused(text: object, known: tuple[Recipient, ...]) -> None:
    refusal(text, known=known)
    refusal("ana@acme.example", text, known=known)


def test_everybody_in_a_message_is_looked_at() -> None:
    both = ["ana@acme.example", "bo.b@acme.example"]
    assert checked(both, KNOWN, None) == tuple(both)
    refusal(*both, "boss@evil.example")
    refusal()


def test_a_recipient_is_named_once() -> None:
    refusal("ana@acme.example", "Ana@acme.example")
    both = (of("ana@acme.example"), of("ana+1@acme.example"))
    assert "twice" in refusal("ana@acme.example", "ana+1@acme.example", known=both)


def test_a_domain_stands_for_its_addresses_in_a_message_to_one() -> None:
    known = (of("acme.example"),)
    for text in ("ana@acme.example", "x@hr.acme.example"):
        assert checked([text], known, None) == (text,)
    for text in (
        "ana@evilacme.example",
        "ana@acme.example.org",
        "acme.example",
        "ana@example",
        "+41441234567",
        "boss%evil.example@acme.example",
        "evil.example!boss@acme.example",
    ):
        refusal(text, known=known)
    said = refusal("ana@acme.example", "bo@acme.example", known=known)
    assert said.startswith("ana@acme.example is not registered for this employer by itself, as for a message")


def test_what_is_to_one_person_goes_to_an_address_of_this_person() -> None:
    known = (*KNOWN, of("acme.example"))
    assert checked(["ana@acme.example"], known, "ana")
    for text in ("bo.b@acme.example", "hr@acme.example", "+41441234567"):
        assert "as an address of `ana`" in refusal(text, known=known, to="ana")
    refusal("ana@acme.example", "bo.b@acme.example", known=known, to="ana")
    refusal("ana@acme.example", known=known, to="Ana")


names = st.sampled_from(["ana", "bo", "ana+x", "a.na"])
domains = st.sampled_from(
    ["acme.example", "hr.acme.example", "beta.example", "gmail.com", "acme.co.uk", "xacme.example"]
)
addresses = st.builds("{}@{}".format, names, domains)
registered = addresses | domains.filter(lambda domain: domain != "gmail.com")


@given(st.lists(registered, max_size=4), st.lists(addresses, min_size=1, max_size=3))
def test_whoever_gets_a_message_is_registered(known: list[str], named: list[str]) -> None:
    recipients = [of(each) for each in known]
    at_a_domain = [any(f".{name.split('@')[1]}".endswith(f".{each}") for each in known) for name in named]
    may = all(name in known for name in named) or (len(named) == 1 and at_a_domain[0])
    boxes = {name.replace("+x", "").replace("a.na@gmail", "ana@gmail") for name in named}
    try:
        assert checked(named, recipients, None) == tuple(named)
    except NotPermittedError:
        assert not may or len(boxes) < len(named)
    else:
        assert may
        assert len(boxes) == len(named)


@given(st.lists(st.tuples(registered, st.sampled_from("abc")), max_size=8))
def test_no_address_belongs_to_two_keys(asked: list[tuple[str, str]]) -> None:
    kept: list[Recipient] = []
    for name, key in asked:
        try:
            check_new(of(name, key), kept, shared=True)
        except TakenKeyError:
            continue
        kept.append(of(name, key))
    every = [
        f"{name}@{domain}"
        for name in ("ana", "bo", "ana+x", "a.na", "zoe")
        for domain in (
            "acme.example",
            "hr.acme.example",
            "x.hr.acme.example",
            "beta.example",
            "gmail.com",
            "acme.co.uk",
        )
    ]
    for name in every:
        keys = set()
        for each in kept:
            try:
                checked([name], [each], None)
            except NotPermittedError:
                continue
            keys.add(each.key)
        assert len(keys) <= 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ana@acme.example", "ana@acme.example"),
        ("ana@acme.example", "ANA@Acme.Example"),
        ("ana@acme.example", "ana+jobs@acme.example"),
        ("ana@acme.example", "acme.example"),
        ("ana@hr.acme.example", "acme.example"),
        ("acme.example", "hr.acme.example"),
        ("a.n.a@gmail.com", "ana+x@googlemail.com"),
        ("ana@m\u00fcnchen.example", "ana@xn--mnchen-3ya.example"),
        ("+41 44 123 45 67", "+41441234567"),
    ],
)
def test_what_overlaps_belongs_to_one_key(first: str, second: str) -> None:
    for one, other in ((first, second), (second, first)):
        with pytest.raises(TakenKeyError, match="belongs to `acme`"):
            check_new(of(other, "beta"), [of(one)], shared=True)
        check_new(of(other), [of(one)])


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("ana@acme.example", "bo@acme.example", True),
        ("ana@acme.co.uk", "bo@jobs.acme.co.uk", True),
        ("ana@acme.co.uk", "bo@beta.co.uk", False),
        ("ana@gmail.com", "bo@gmail.com", False),
        ("ana@acme.example", "bo@beta.example", False),
        ("+41441234567", "+41441234568", False),
    ],
)
def test_two_addresses_of_one_organisation_are_of_one_employer_unless_a_person_says_no(
    first: str, second: str, same: bool
) -> None:
    check_new(of(second, "beta"), [of(first)], shared=True)
    if same:
        with pytest.raises(TakenKeyError, match="may be of the same employer"):
            check_new(of(second, "beta"), [of(first)])
    else:
        check_new(of(second, "beta"), [of(first)])


@pytest.mark.parametrize(
    "text",
    [
        "gmail.com",
        "GMAIL.com",
        "gmx.ch",
        "co.uk",
        "com",
        "github.io",
        "acme",
        "",
        ".",
        "*.acme.example",
        "acme.example/x",
        None,
    ],
)
def test_nobody_registers_what_many_employers_share(text: object) -> None:
    with pytest.raises(pi.MisuseError):
        read_recipient(text)


def test_a_domain_is_nobodys() -> None:
    with pytest.raises(pi.MisuseError, match="not one person's"):
        check_new(of("acme.example", person="ana"), [])
