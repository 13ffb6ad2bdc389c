"""Read the page of each diagnostic code: what `postinterview explain PI203` shows.

The pages are Markdown files in `pages/`, one for each family of codes: `0xx` the text as YAML, `1xx` shape,
`2xx` references, `3xx` graph, `4xx` dates and guards, `5xx` conduct, `6xx` extended files, `7xx` scenarios,
`80x` promises, `85x` tables of transitions, `9xx` migrations, `10xx` maps of histories, `11xx` maps of
statuses. A code never changes its meaning, and the number of a code that was given up is not used again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from attrs import frozen

_SECTION = re.compile(
    r"^## (PI\d+): ([^\n]+)\n\n(.+?)\n\nWrong:\n\n```\w+\n(.+?)\n```\n\nRight:\n\n```\w+\n(.+?)\n```$",
    re.MULTILINE | re.DOTALL,
)


@frozen
class CodePage:
    """One code explained to a reader who knows neither YAML nor Python.

    ``text``: why the file is refused and what to write, as paragraphs of one line each. ``wrong`` and
    ``right``: lines of a file; words in parentheses where no text can show the fault.
    """

    code: str
    title: str
    text: str
    wrong: str
    right: str


@cache
def read_pages() -> Mapping[str, CodePage]:
    """Return every page by its code, in the order of the numbers."""
    folder = files("postinterview.loading") / "pages"
    found = [
        CodePage(code, title, "\n".join(" ".join(each.split()) for each in text.split("\n\n")), wrong, right)
        for file in folder.iterdir()
        for code, title, text, wrong, right in _SECTION.findall(file.read_text(encoding="utf-8"))
    ]
    return {page.code: page for page in sorted(found, key=lambda page: int(page.code[2:]))}
