"""A builder makes what the class makes, whatever its attributes are called."""

import pytest
from attrs import field, frozen
from attrs.exceptions import FrozenInstanceError

from postinterview.core.values.builders import builder


@frozen(weakref_slot=False)
class Odd:
    """A value whose attributes are called like the parts of its builder."""

    kind: str
    made: int
    frozen: bool = True
    _new: str = "hidden"
    opened: tuple[int, ...] = ()
    cls: str = field(default="last", kw_only=True)


build = builder(Odd)


@pytest.mark.parametrize("given", [("a", 1), ("a", 1, False), ("a", 1, False, "b", (2,))])
def test_it_takes_what_the_class_takes(given: tuple[str, int]) -> None:
    assert build(*given) == Odd(*given)
    assert build(*given, cls="c") == Odd(*given, cls="c")
    assert build(kind="a", made=2, new="n") == Odd(kind="a", made=2, new="n")
    assert hash(build(*given)) == hash(Odd(*given))
    with pytest.raises(TypeError):
        build("a")  # type: ignore[call-arg]


def test_nothing_can_change_what_it_made() -> None:
    made = build("a", 1)
    assert type(made) is Odd
    with pytest.raises(FrozenInstanceError):
        made.kind = "b"  # type: ignore[misc]
