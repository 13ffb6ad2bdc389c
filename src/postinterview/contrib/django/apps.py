"""Describe the app to Django."""

from __future__ import annotations

from contextlib import suppress

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import pre_delete


class PostInterviewConfig(AppConfig):
    """The app. Its label, and the beginning of its tables' names, is ``postinterview``."""

    name = "postinterview.contrib.django"
    label = "postinterview"
    verbose_name = "After interviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from postinterview.contrib.django.checks import check_databases, check_proof, check_rules
        from postinterview.contrib.django.keeping import erase_with_user

        with suppress(ImproperlyConfigured):  # a site without users
            pre_delete.connect(erase_with_user, sender=get_user_model())
        checks.register(check_rules, "postinterview")
        checks.register(check_databases, "postinterview")
        checks.register(check_proof, "postinterview", deploy=True)
