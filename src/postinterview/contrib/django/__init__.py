"""A Django app that keeps processes in the tables of a site: ``"postinterview.contrib.django"``.

The mixin and the views are in ``postinterview.contrib.django.views``, the store in ``.store``.
"""

from __future__ import annotations

from postinterview.core.values.errors import MisuseError

try:
    import django as _django  # noqa: F401
except ImportError:
    message = "the app needs `django`, which is not installed"
    raise MisuseError(message, "pip install 'postinterview[django]'") from None

from postinterview.contrib.django.keeping import get_keeper, holding, local_now
from postinterview.stores.owners import key_of, prefix_of

__all__ = ["get_keeper", "holding", "key_of", "local_now", "prefix_of"]
