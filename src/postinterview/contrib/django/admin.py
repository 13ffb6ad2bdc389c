"""Show processes in Django's admin: what happened, and what is due. There nobody changes a history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join

from postinterview.contrib.django.keeping import get_keeper, local_now
from postinterview.contrib.django.models import Process
from postinterview.core.answers.outcome_text import entry_text
from postinterview.core.values.errors import PostInterviewError


@admin.register(Process)
class ProcessAdmin(admin.ModelAdmin):
    """A page to read. Deleting erases the process with its whole history."""

    list_display = ("key", "due")
    search_fields = ("key",)
    ordering = ("due", "key")
    fields = readonly_fields = ("key", "due", "agenda", "timeline")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Process | None = None) -> bool:
        return False

    def agenda(self, obj: Process) -> str:
        """List what is due, open, coming up, blocked and done now."""
        try:
            items = get_keeper().agenda(obj.key, at=local_now())
        except PostInterviewError as error:
            return str(error)
        return _lines(f"{item.kind}: {item.text}" for item in items)

    def timeline(self, obj: Process) -> str:
        """List the entries in the order of recording; breaches are marked."""
        try:
            process = get_keeper().load(obj.key)
        except PostInterviewError as error:
            return str(error)
        zone, breaches = process.calendar.zone, {placed.event.number for placed in process.breaches}
        told = (
            entry_text(process.history[:number], zone, None, outside=False, unexpected=False)
            + (" It was against the rules." if number in breaches else "")
            for number in range(1, len(process.history) + 1)
        )
        return _lines(told)


def _lines(texts: Any) -> str:
    """Return the texts as lines of HTML, each escaped."""
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts)) or "nothing"
