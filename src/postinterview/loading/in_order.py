"""Put definitions that name each other in an order in which each comes after those it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from postinterview.loading.nodes import Scalar

_SHOWN = 5
"""Of a circle at most so many names are shown."""


def in_order(
    uses: Mapping[str, Sequence[tuple[Scalar, str]]], report_circle: Callable[[list[Scalar]], None]
) -> Iterator[str]:
    """Yield each name after those it uses, without recursion.

    ``uses``: by name, the places that name another definition, and its name; names that are no keys are
    skipped. The names of a circle are not yielded; ``report_circle`` is called with the places that lead
    around it.
    """
    done: set[str] = set()
    in_circles: set[str] = set()
    for root in uses:
        opened: dict[str, Scalar | None] = {} if root in done else {root: None}
        stack = [(name, iter(uses[name])) for name in opened]
        while stack:
            name, rest = stack[-1]
            for node, target in rest:
                if target in opened:
                    circle = list(opened)[list(opened).index(target) :]
                    in_circles.update(circle)
                    asked = [opened[each] for each in circle[1:]]
                    report_circle([each for each in (*asked, node) if each is not None])
                elif target in uses and target not in done:
                    opened[target] = node
                    stack.append((target, iter(uses[target])))
                    break
            else:
                stack.pop()
                del opened[name]
                done.add(name)
                if name not in in_circles:
                    yield name


def circle_text(circle: list[Scalar]) -> str:
    """Return the names of a circle, such as ```a` -> `b```; the places may say more after the name."""
    shown = [f"`{node.text.split()[0]}`" for node in circle[:_SHOWN]]
    return " -> ".join(shown + ["..."] * (len(circle) > _SHOWN))


def circle_labels(circle: list[Scalar]) -> list[tuple[Scalar, str]]:
    """Return the places after the first one, to be shown beside it."""
    return [(node, "which leads on") for node in circle[1:_SHOWN]]
