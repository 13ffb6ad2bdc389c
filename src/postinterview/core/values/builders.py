"""Build frozen values as fast as open ones.

A frozen attrs class has to set each of its attributes through `object.__setattr__`, which takes three times
as long as an assignment, and a step of the engine builds half a dozen values. So a builder fills an instance
of an open subclass without slots of its own, and then makes it an instance of the frozen class::

    def build(machine, key, source, target):
        _made = _new(_opened)         # plain assignments to it
        _made.machine = machine
        ...
        _made.__class__ = _frozen     # from here on nothing can change it
        return _made

Python allows this because both classes have the same layout (`object.__class__` in its data model). The
function is written from the attributes of the class: one that took them from a list would lose what it gains.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, ParamSpec, Self, TypeVar

from attrs import NOTHING, Factory, fields

_OPEN = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}

P = ParamSpec("P")
T = TypeVar("T")


def builder(frozen: Callable[P, T]) -> Callable[P, T]:
    """Return a constructor of a slotted attrs class, frozen or not, with the class's own signature.

    The class may have neither converters, validators, nor a `__attrs_post_init__`: they would be left out.
    If one attribute has a factory, all of them have to be given.
    """
    build: Callable[P, T] = write_builder(frozen)
    return build


def write_builder(
    frozen: Any, left_out: Collection[str] = (), parameter: str = "", line: str = "", **names: object
) -> Any:
    """Return a function that builds an instance of a frozen class from its attributes.

    ``left_out``: the attributes that stay empty. ``parameter``: one more, by keyword, and ``line``: what is
    done with it to the instance ``_made``; ``names``: what the line names.
    """
    parameters, lines, by_keyword = [], [], False
    all_given = any(isinstance(each.default, Factory) for each in fields(frozen))  # type: ignore[arg-type]
    for each in fields(frozen):
        if each.name in left_out:
            continue
        if each.kw_only and not by_keyword:
            parameters.append("*")
            by_keyword = True
        alias: str = each.alias or each.name
        names[f"_default_{alias}"] = each.default
        is_given = all_given or each.default is NOTHING
        parameters.append(alias if is_given else f"{alias}=_default_{alias}")
        lines.append(f"_made.{each.name} = {alias}")
    if parameter:
        parameters += [parameter] if by_keyword else ["*", parameter]
        lines.append(line)
    opened = open_class(frozen)
    if opened is not frozen:
        lines.append("_made.__class__ = _frozen")
    # No parameter begins with an underscore, so none hides what the function names itself.
    body = ("_made = _new(_opened)", *lines, "return _made")
    text = "\n    ".join((f"def build({', '.join(parameters)}):", *body))
    names |= {"_new": object.__new__, "_opened": opened, "_frozen": frozen}
    exec(compile(text, f"<builder of {frozen.__name__}>", "exec"), names)  # noqa: S102 - a class of ours
    return names["build"]


@cache
def open_class(frozen: Any) -> Any:
    """Return the open subclass in which a builder fills an instance; the class itself if it is not frozen."""
    if frozen.__setattr__ is object.__setattr__:
        return frozen
    return type(frozen.__name__, (frozen,), _OPEN)


def lines_of(name: str, frozen: Any, /, **values: str) -> list[str]:
    """Return lines in which ``name`` becomes a new instance, filled as a builder does, but without a call.

    ``values``: the code of the attributes; the others have their defaults. In the lines, ``new`` is
    `object.__new__`, and the class and its `open_class` have the names ``Kind`` and ``OpenKind``.
    """
    kind, missing = frozen.__name__, {each.name: each.default for each in fields(frozen)}
    opened = kind if open_class(frozen) is frozen else f"Open{kind}"
    given = {each: repr(default) for each, default in missing.items()} | values
    closing = [] if opened == kind else [f"{name}.__class__ = {kind}"]
    return [
        f"{name} = new({opened})",
        *(f"{name}.{each} = {code}" for each, code in given.items() if code != LATER),
        *closing,
    ]


def same_names(*names: str) -> dict[str, str]:
    """Return the code of attributes that are in variables of the same names."""
    return {name: name for name in names}


def set_of(names: Sequence[str]) -> str:
    """Return the code of a set of names."""
    return f"{{{', '.join(map(ascii, names))}}}"


LATER = ""
"""The code of an attribute that stays empty."""


class CopiedAsItself:
    """A value that can't change, so a copy of it is the value itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def kept(holder: object, slot: str, work_out: Callable[[], T]) -> T:
    """Return what is worked out of a value when it is first read, and kept in a slot that is empty till then.

    `functools.cached_property` on an attrs class with slots gives the class a `__getattr__`, with which
    Python looks up each of its attributes in a slow way.
    """
    try:
        found: T = getattr(holder, slot)
    except AttributeError:
        found = work_out()
        object.__setattr__(holder, slot, found)
    return found
