"""Which nodes of a graph lie on cycles together: its strongly connected components."""

from __future__ import annotations

from collections.abc import Sequence


def components(out: Sequence[Sequence[int]]) -> list[int]:
    """For each node the number of its component; ``out`` has each node's neighbours.

    Two nodes are in one component if ways lead to and fro. Whatever a component leads to has a lower
    number. After R. Tarjan, Depth-first search and linear graph algorithms (1972), with a stack of its own.
    """
    number = [-1] * len(out)
    found = [-1] * len(out)
    low = [0] * len(out)
    waiting: list[int] = []
    count = groups = 0
    for root in range(len(out)):
        if found[root] >= 0:
            continue
        found[root] = low[root] = count
        count += 1
        waiting.append(root)
        stack = [(root, iter(out[root]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if found[other] < 0:
                    found[other] = low[other] = count
                    count += 1
                    waiting.append(other)
                    stack.append((other, iter(out[other])))
                    break
                if number[other] < 0:
                    low[node] = min(low[node], found[other])
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == found[node]:
                    while number[node] < 0:
                        number[waiting.pop()] = groups
                    groups += 1
    return number
