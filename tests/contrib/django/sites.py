"""What the tests do to a site: its users, and the clients that they use."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from unittest.mock import patch

from attrs import define

MONDAY = datetime.fromisoformat("2026-03-02T10:00:00+01:00")
EARLY = datetime.fromisoformat("2026-03-05T09:00:00+01:00")
OVERDUE = datetime.fromisoformat("2026-03-16T09:00:00+01:00")
INTERVIEW = {
    "event": "interview",
    "happened": MONDAY.isoformat(),
    "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"},
}
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "call"}}


@define
class Site:
    """A site with the users ``ana`` and ``bob``."""

    kind: str
    ana: Any
    bob: Any

    @classmethod
    def opened(cls, kind: str) -> Site:
        from django.contrib.auth.models import User

        return cls(kind, *(User.objects.create(username=name) for name in ("ana", "bob")))

    def emptied(self) -> None:
        from django.contrib.auth.models import User

        from postinterview.contrib.django.models import Process

        Process.objects.all().delete()
        User.objects.all().delete()

    def client(self, user: Any = None, *, csrf: bool = False) -> Any:
        from django.test import Client

        client = Client(enforce_csrf_checks=csrf)
        if user is not None:
            client.force_login(user)
        return client

    def interviewed(self, user: Any, name: str = "acme") -> str:
        """The key of a new process of this user, whose interview was on Monday."""
        client = self.client(user)
        started = call(client, "put", name, {"timezone": "Europe/Zurich"})
        assert started.status_code == 201, started.content
        assert call(client, "post", name, INTERVIEW).status_code == 201
        return f"{user.pk}/{name}"


def call(
    client: Any,
    method: str,
    name: str,
    body: object = None,
    *,
    once: str | None = None,
    at: datetime = OVERDUE,
) -> Any:
    """What the API answers; ``at`` is the moment by the server's clock."""
    headers = {} if once is None else {"Idempotency-Key": once}
    text = body if isinstance(body, str) else json.dumps(body)
    with patch("django.utils.timezone.now", lambda: at):
        return getattr(client, method)(
            f"/api/employers/{name}", text, content_type="application/json", headers=headers
        )


def agenda(client: Any, name: str) -> Any:
    with patch("django.utils.timezone.now", lambda: OVERDUE):
        return client.get(f"/api/employers/{name}")
