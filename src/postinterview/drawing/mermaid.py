"""A machine as a Mermaid state diagram."""

from __future__ import annotations

from postinterview.core.definitions import EventKind, MachineKind

HEADER = "stateDiagram-v2"


def mermaid(machine: MachineKind, events: dict[str, EventKind]) -> str:
    """The machine's states and the events that change them, contacts marked by an asterisk.

    What leaves the state as it is would only clutter the picture, so it is left out; so are guards
    (``rules/README.md`` has them in a table). The text ends with a newline.
    """
    lines = [HEADER, "    direction LR", f"    [*] --> {machine.start}"]
    lines += [
        f"    {state.name} : {state.title}"
        for state in machine.states.values()
        if state.title and state.title != state.name
    ]
    labels: dict[tuple[str, str], list[str]] = {}
    for rule in machine.transitions:
        kind = events[rule.event]
        label = rule.event + ("*" if kind.contact not in (None, "none") else "")
        for source in rule.sources:
            if rule.target is not None and rule.target != source:
                named = labels.setdefault((source, rule.target), [])
                if label not in named:
                    named.append(label)
    lines += [f"    {source} --> {target} : {', '.join(named)}" for (source, target), named in labels.items()]
    return "\n".join(lines) + "\n"
