"""The colours of pictures and pages, for light and dark screens and for paper."""

from __future__ import annotations

_LIGHT = {
    "paper": "#ffffff",
    "card": "#f7f9fb",
    "ink": "#1d2733",
    "dim": "#52606d",
    "line": "#7b8794",
    "edge": "#c3ced9",
    "state": "#eaf2fb",
    "state-edge": "#3b6ea5",
    "chase": "#a33b00",
    "attempt": "#8a5a00",
    "courtesy": "#0f6b5c",
    "reply": "#5b3fa0",
    "none": "#52606d",
    "employer": "#1d4f91",
    "world": "#1d4f91",
    "breach": "#b3123f",
    "yes": "#2a9d8f",
    "no": "#fbe0d2",
    "due": "#7a4a00",
}
_DARK = {
    "paper": "#0f141a",
    "card": "#182029",
    "ink": "#e4eaf1",
    "dim": "#a3b1c0",
    "line": "#8795a5",
    "edge": "#3a4756",
    "state": "#17283b",
    "state-edge": "#6ea8e6",
    "chase": "#ff9e6b",
    "attempt": "#e8bd5f",
    "courtesy": "#5fd1bd",
    "reply": "#b8a1f5",
    "none": "#a3b1c0",
    "employer": "#8fbcf5",
    "world": "#8fbcf5",
    "breach": "#ff7f9f",
    "yes": "#2f8f83",
    "no": "#4a2b20",
    "due": "#e8bd5f",
}
FONT = "Verdana, 'DejaVu Sans', 'Segoe UI', system-ui, sans-serif"


def colours(selector: str) -> str:
    """Return the rules that set the colours as variables of a selector, by what the reader prefers."""
    light, dark = (_variables(each) for each in (_LIGHT, _DARK))
    return (
        f"{selector} {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ {selector} {{ {dark} }} }}\n"
    )


_TEXT = f"""\
.pi text {{ font: 13px {FONT}; fill: var(--ink) }}
.pi text.small {{ font-size: 11px; fill: var(--dim) }}
.pi text.bold {{ font-weight: bold }}
.pi text.title {{ font-size: 17px; font-weight: bold }}
.pi .paper {{ fill: var(--paper) }}
.pi text.chase {{ fill: var(--chase) }}
.pi text.attempt {{ fill: var(--attempt) }}
.pi text.courtesy {{ fill: var(--courtesy) }}
.pi text.reply {{ fill: var(--reply) }}
.pi text.none {{ fill: var(--none) }}
.pi text.employer, .pi text.world {{ fill: var(--employer) }}
.pi text.due {{ fill: var(--due) }}
"""

PICTURE = f"""{_TEXT}\
.pi .box {{ fill: var(--card); stroke: var(--edge) }}
.pi .state .box, .pi .over .box, .pi .outside .box {{
  fill: var(--state); stroke: var(--state-edge); stroke-width: 1.5 }}
.pi .outside .box, .pi .many .box {{ stroke-dasharray: 5 3 }}
.pi .inner {{ fill: none; stroke: var(--state-edge) }}
.pi .start .box {{ fill: var(--ink); stroke: none }}
.pi .breach .box {{ stroke: var(--breach); stroke-dasharray: 2 3 }}
.pi .arrow {{ fill: none; stroke: var(--line); stroke-width: 1.4 }}
.pi .arrow.against {{ stroke: var(--breach); stroke-dasharray: 2 3 }}
.pi .head {{ fill: var(--line) }}
.pi .head.against {{ fill: var(--breach) }}
.pi a:hover text, .pi a:focus text {{ text-decoration: underline }}
"""
"""The style of a picture of machines, inside an element of the class ``pi``."""

STORY = f"""{_TEXT}\
.pi .tick {{ stroke: var(--edge); stroke-width: 1 }}
.pi .shut {{ stroke: var(--line); stroke-width: 1; stroke-dasharray: 1 3; fill: none }}
.pi .yes {{ fill: var(--yes) }}
.pi .done {{ fill: var(--paper); stroke: var(--ink); stroke-width: 2.5 }}
.pi .fact-mark {{ stroke: var(--employer); stroke-width: 3; fill: none }}
.pi .fact text {{ fill: var(--employer) }}
.pi .refused-mark {{ stroke: var(--chase); stroke-width: 2.5; fill: none }}
.pi .refused text {{ fill: var(--chase) }}
.pi .breach-mark {{ stroke: var(--breach); stroke-width: 4; fill: none }}
.pi .breach text {{ fill: var(--breach) }}
.pi .due-mark {{ fill: var(--due) }}
.pi .due text {{ fill: var(--due) }}
.pi .used {{ fill: var(--line) }}
.pi .used.full {{ fill: var(--no); stroke: var(--chase) }}
"""
"""The style of a picture of a story, inside an element of the class ``pi``."""


def _variables(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())
