"""The public surface: every name, signature and attribute of it is written down in ``surface.txt``.

`UPDATE_GOLDEN=1 pytest tests/public` writes it anew. A difference is a change for users, for the changelog.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import postinterview as pi
from postinterview import testing

STORED = Path(__file__).parent / "surface.txt"


def surface() -> Iterator[str]:
    for home in (pi, testing):
        yield from surface_of(home)


def surface_of(home: ModuleType) -> Iterator[str]:
    for name in sorted(home.__all__):
        value = getattr(home, name)
        if isinstance(value, type):
            bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
            yield f"class {name}({bases})" if bases else f"class {name}"
            yield from (f"    {line}" for line in members(value))
        elif inspect.isfunction(value):
            yield f"def {name}{signature(value)}"
        else:
            yield f"{name} = {value}".replace("collections.abc.", "")
        yield ""


def members(of: type) -> Iterator[str]:
    made = inspect.getattr_static(of, "__init__")
    if inspect.isfunction(made) and not getattr(of, "_is_protocol", False):
        yield f"__init__{signature(made)}"
    names = {
        name for base in of.__mro__ if base.__module__.startswith("postinterview") for name in vars(base)
    }
    names |= {each.name for each in getattr(of, "__attrs_attrs__", ())} | set(getattr(of, "__slots__", ()))
    for name in sorted(each for each in names if not each.startswith("_")):
        member = inspect.getattr_static(of, name, None)
        if isinstance(member, classmethod | staticmethod):
            member = member.__func__
        yield f"def {name}{signature(member)}" if inspect.isfunction(member) else name


def signature(of: Any) -> str:
    """The signature as it is written in the source."""
    return str(inspect.signature(of)).replace("''", '""').replace("'", "")


def test_the_public_surface_is_the_one_that_is_written_down() -> None:
    found = "\n".join(surface())
    if os.environ.get("UPDATE_GOLDEN"):
        STORED.write_text(found, encoding="utf-8")
    assert found == STORED.read_text(encoding="utf-8")


def test_the_door_shows_its_public_names_and_no_modules() -> None:
    assert dir(pi) == sorted(dir(pi))
    assert set(dir(pi)) == {*pi.__all__, "__version__"}
    assert not [name for name in dir(pi) if inspect.ismodule(getattr(pi, name))]
