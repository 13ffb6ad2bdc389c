"""Put the gate before a function that sends: it needs a permit, and sends one message with it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import BoundArguments, Parameter, Signature
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from postinterview.core.values.errors import MisuseError, PostInterviewError
from postinterview.core.values.formatting import say_list
from postinterview.gate.errors import NotPermittedError, NotSentError, refused
from postinterview.gate.permits import text_of
from postinterview.gate.recipients import checked

if TYPE_CHECKING:
    from postinterview.gate.gate import Gate

Recipients: TypeAlias = str | Iterable[str] | Callable[..., Iterable[str]]

_PERMIT = "permit"
DEFAULT = ("to", "cc", "bcc")
"""The parameters that have recipients, those of them that the function has."""


@frozen(kw_only=True)
class Tool:
    """A function that sends, and what is known of its messages (see `Gate.sends`).

    Attributes:
        gate: the gate before it.
        acts: the acts that it sends; all by default.
        recipients: the parameters that have recipients, or a function that returns them.
        not_sent: the exceptions that mean that the message surely reached nobody.
        raises: makes the error of a message without a permit, of its text; None: it is `NotPermittedError`.
        fields: what it knows of each message.
    """

    gate: Gate
    acts: tuple[str, ...]
    recipients: Recipients
    not_sent: tuple[type[BaseException], ...]
    raises: Callable[[str], Exception] | None
    fields: dict[str, Any] = field(hash=False)

    def guard(self, send: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function behind the gate."""
        opening = _Opening(self, send)
        if inspect.iscoroutinefunction(send):

            @wraps(send)
            async def guarded(*args: Any, **kwargs: Any) -> Any:
                bound, permit = await asyncio.to_thread(opening.open, args, kwargs)
                try:
                    return await send(*bound.args, **bound.kwargs)
                except opening.not_sent as error:
                    await asyncio.to_thread(opening.take_back, permit, error)
                    raise
        else:

            @wraps(send)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                bound, permit = opening.open(args, kwargs)
                try:
                    return send(*bound.args, **bound.kwargs)
                except opening.not_sent as error:
                    opening.take_back(permit, error)
                    raise

        # Frameworks for agents make the description of a tool from both.
        guarded.__signature__ = opening.signature  # type: ignore[attr-defined]
        guarded.__annotations__ = {**getattr(send, "__annotations__", {}), _PERMIT: str}
        return guarded

    def missing(self, recipients: list[object]) -> NotPermittedError:
        """Return the error of a message without a permit: what the rules say of it, as far as can be told."""
        act = self.acts[0] if len(self.acts) == 1 else None
        key = next((each.key for each in self.gate.recipients() if _reaches(recipients, each)), None)
        if act is not None and key is not None:
            try:
                verdict = self.gate.may(key, act, **self.fields)
            except MisuseError:  # it lacks what only a permit says, such as to whom it is
                verdict = None
            if verdict is not None and not verdict:
                said = refused(verdict)
                return NotPermittedError(said.message, said.help, "missing", verdict)
            help_ = f"ask for one for `{act}` under `{key}` before you send"
            return NotPermittedError("there is no permit", help_, "missing", verdict)
        return NotPermittedError("there is no permit", "ask for one before you send", "missing")


class _Opening:
    """How the arguments of a call are taken apart. It is worked out when the function is decorated."""

    def __init__(self, tool: Tool, send: Callable[..., Any]) -> None:
        if inspect.isgeneratorfunction(send) or inspect.isasyncgenfunction(send):
            raise MisuseError(
                f"`{send.__name__}` is a generator, which sends when it is used", "return instead"
            )
        self._tool = tool
        self._takes = inspect.signature(send)
        self._names = _recipient_names(tool.recipients, self._takes, send)
        self._hands_on = _PERMIT in self._takes.parameters
        self.signature = self._takes if self._hands_on else _with_permit(self._takes)
        self.not_sent: tuple[type[BaseException], ...] = (NotSentError, *tool.not_sent)

    def open(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[BoundArguments, Any]:
        """Use the permit of a call up, and return the arguments with the recipients as they were checked."""
        try:
            return self._open(args, kwargs)
        except NotPermittedError as error:
            if self._tool.raises is None:
                raise
            raise self._tool.raises(str(error)) from error

    def _open(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[BoundArguments, Any]:
        permit = kwargs.get(_PERMIT, "")
        given = (
            kwargs if self._hands_on else {name: value for name, value in kwargs.items() if name != _PERMIT}
        )
        bound = self._takes.bind(
            *args, **given
        )  # a call that can't be made fails before anything is recorded
        bound.apply_defaults()
        if self._hands_on:
            permit = bound.arguments[_PERMIT]
        tool = self._tool
        if callable(tool.recipients):
            named: list[object] = list(tool.recipients(*bound.args, **bound.kwargs))
        else:
            named = [each for name in self._names for each in _listed(bound.arguments[name])]
        if not text_of(permit):
            raise tool.missing(named)
        _, found = tool.gate.open(permit, named, acts=tool.acts, fields=tool.fields)
        left = iter(found)
        for name in self._names:
            value = bound.arguments[name]
            taken = [next(left) for _ in _listed(value)]
            bound.arguments[name] = taken[0] if isinstance(value, str) else taken or value
        return bound, permit

    def take_back(self, permit: Any, error: BaseException) -> None:
        """Take the act back; if that fails, it stands, and the error of the sender says so."""
        try:
            self._tool.gate.failed(permit)
        except PostInterviewError as problem:
            error.add_note(f"the act stands, since it could not be taken back: {problem}")


def _recipient_names(recipients: Recipients, takes: Signature, send: Callable[..., Any]) -> tuple[str, ...]:
    if callable(recipients):
        return ()
    wanted = (recipients,) if isinstance(recipients, str) else tuple(recipients)
    found = tuple(name for name in wanted if name in takes.parameters)
    help_ = (
        "name those that have recipients: sends(..., recipients=[...]), or give a function that returns them"
    )
    if not found or wanted not in {found, DEFAULT}:
        raise MisuseError(f"`{send.__name__}` has no parameter {say_list(wanted)}", help_)
    kinds = {each.kind for each in takes.parameters.values()}
    if Parameter.VAR_KEYWORD in kinds or any(takes.parameters[name].kind in _SEVERAL for name in found):
        raise MisuseError(f"`{send.__name__}` takes any parameters, and some may have recipients", help_)
    return found


_SEVERAL = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def _with_permit(takes: Signature) -> Signature:
    permit = Parameter(_PERMIT, Parameter.KEYWORD_ONLY, default="", annotation=str)
    parameters = list(takes.parameters.values())
    place = len(parameters) - any(each.kind is Parameter.VAR_KEYWORD for each in parameters)
    return takes.replace(parameters=[*parameters[:place], permit, *parameters[place:]])


def _listed(value: object) -> list[object]:
    """Return the recipients of an argument. What is no text and no list has one, which is then refused."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _reaches(recipients: list[object], registered: Any) -> bool:
    try:
        return bool(checked(recipients, [registered], None))
    except NotPermittedError:
        return False
