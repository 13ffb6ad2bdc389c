"""Describe the app to Django."""

from __future__ import annotations

from django.apps import AppConfig


class PostInterviewConfig(AppConfig):
    """The app. Its label, and the beginning of its tables' names, is ``postinterview``."""

    name = "postinterview.contrib.django"
    label = "postinterview"
    verbose_name = "after interviews"
    default_auto_field = "django.db.models.BigAutoField"
