"""Pages and an API for users who log in. The mixin sees to it that each reaches only what is theirs."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

import postinterview as pi
from django_host.models import Sent
from postinterview.contrib.django import get_keeper, key_of, local_now, prefix_of
from postinterview.contrib.django.views import ProcessMixin, ProcessView

BUTTONS = {"follow_up": {"channel": "email"}, "missed_call": {}, "withdraw": {}}
"""The acts that have a button, each with its fields."""


class Employers(LoginRequiredMixin, TemplateView):
    """The user's employers, with what to tell of an unknown past, and what is overdue."""

    template_name = "django_host/employers.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        keeper, prefix = get_keeper(), prefix_of(self.request.user.pk)
        employers = {}
        for key in keeper.keys(prefix=prefix):
            agenda = keeper.agenda(key, at=local_now())
            employers[key.removeprefix(prefix)] = [*agenda.of("tell"), *agenda.of("overdue")]
        return super().get_context_data(employers=employers, **more)

    def post(self, request: HttpRequest) -> HttpResponse:
        name = request.POST["name"]
        try:
            get_keeper().start(
                key_of(request.user.pk, name), timezone=request.POST["timezone"], employer=name
            )
        except pi.MisuseError as error:
            messages.error(request, str(error))
            return redirect("employers")
        return redirect("employer", key=name)


class Recorded:
    """What this host writes about a contact, in the transaction of the event."""

    def recorded(self, outcome: pi.Outcome) -> None:
        if outcome.verdict is not None:
            Sent.objects.create(user=self.request.user, employer=self.kwargs["key"], what=outcome.event.name)


class EmployerPage(Recorded, ProcessMixin, TemplateView):
    """What may be done with one employer, and why not, and from when on."""

    template_name = "django_host/employer.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        try:
            process = self.keeper.load(self.get_key())
        except pi.UnknownNameError as error:
            raise Http404(str(error)) from error
        now = self.get_now()
        acts = [process.may(event, at=now, **fields) for event, fields in BUTTONS.items()]
        return super().get_context_data(acts=acts, agenda=process.agenda(at=now), once=uuid4(), **more)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        event = request.POST["event"]
        outcome = self.do(event, once=request.POST["once"], **BUTTONS[event])
        (messages.error if outcome.refused else messages.success)(request, outcome.text)
        return redirect("employer", key=key)


class EmployerApi(Recorded, ProcessView):
    """The same in JSON."""
