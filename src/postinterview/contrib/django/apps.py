"""Describe the app to Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class PostInterviewConfig(AppConfig):
    """The app. Its label, and the beginning of its tables' names, is ``postinterview``."""

    name = "postinterview.contrib.django"
    label = "postinterview"
    verbose_name = "After interviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from postinterview.contrib.django.checks import check_databases, check_proof, check_rules

        checks.register(check_rules, "postinterview")
        checks.register(check_databases, "postinterview")
        checks.register(check_proof, "postinterview", deploy=True)
