"""Every code that a diagnostic may carry, with its page: what ``explain PI…`` shows.

Codes are stable. A family is a file: ``PI0xx`` the text as YAML, ``1xx`` shape, ``2xx`` references,
``3xx`` graph, ``4xx`` dates and guards, ``5xx`` conduct, ``7xx`` scenarios, ``8xx`` promises, ``85x``
tables of transitions, ``9xx`` migrations, ``10xx`` maps of histories.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from postinterview.loading.codes import (
    conduct,
    dates,
    graph,
    maps,
    migrations,
    promises,
    references,
    scenarios,
    shape,
    syntax,
    tables,
)
from postinterview.loading.codes.code import Code

_FAMILIES = (syntax, shape, references, graph, dates, conduct, scenarios, promises, tables, migrations, maps)

CODES: Mapping[str, Code] = MappingProxyType(
    {page.code: page for family in _FAMILIES for page in family.PAGES}
)

__all__ = ["CODES", "Code"]
