"""A Django app that keeps processes in the tables of a site: ``"postinterview.contrib.django"``."""

from __future__ import annotations

from postinterview.core.errors import MisuseError

try:
    import django as _django  # noqa: F401
except ImportError:
    message = "the app needs `django`, which is not installed"
    raise MisuseError(message, "pip install 'postinterview[django]'") from None
