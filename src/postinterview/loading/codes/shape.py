"""PI1xx: what stands where: keys, and what each of them wants."""

from __future__ import annotations

from postinterview.loading.codes import shape_keys, shape_values
from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = tuple(sorted((*shape_keys.PAGES, *shape_values.PAGES), key=lambda page: page.code))
