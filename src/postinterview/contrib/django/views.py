"""Class-based views about processes: users reach their own only, and a refusal has its reason and date."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from inspect import iscoroutine
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.mixins import AccessMixin
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views import View

from postinterview.calls import Call, answer, problem, status_fields, when_of
from postinterview.contrib.django.keeping import get_keeper, holding, local_now
from postinterview.core.answers.agenda_items import Agenda
from postinterview.core.answers.outcome import Outcome
from postinterview.core.values.errors import MisuseError, PostInterviewError
from postinterview.stores import Keeper
from postinterview.stores.owners import key_of


class ProcessMixin(AccessMixin):
    """Give a view the process that its URL names, if it is the user's who is logged in.

    The key is the user's id, a `/`, and the part of the URL that ``key_kwarg`` names. So a user can't name
    the process of another, whatever they type. If your URLs name rows of yours, override `get_key`, and get
    the row with a filter on its owner.
    """

    request: HttpRequest
    kwargs: dict[str, Any]
    key_kwarg = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            response: HttpResponseBase = self.handle_no_permission()
            return response
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found

    @property
    def keeper(self) -> Keeper:
        """The keeper of the site."""
        return get_keeper()

    def get_key(self) -> str:
        """Return the key of the process."""
        return key_of(self.request.user.pk, self.kwargs[self.key_kwarg])

    def get_now(self) -> datetime:
        """Return the moment of the request, in the time zone in which it is answered."""
        return local_now()

    def get_agenda(self) -> Agenda:
        """Return what is due, open, coming up, blocked and done.

        Raises:
            UnknownKeyError: there is no process under the key.
        """
        found: Agenda = self.keeper.agenda(self.get_key(), at=self.get_now())
        return found

    def do(
        self,
        event: str,
        *,
        to: str | int | None = None,
        application: str | int | None = None,
        once: str | int | None = None,
        **fields: object,
    ) -> Outcome:
        """Do an act if the rules allow it now, and call `recorded` in the same transaction.

        Raises as `Keeper.do` does.
        """
        key = self.get_key()
        with holding(key) as keeper:
            given: dict[str, Any] = {"to": to, "application": application, "once": once, **fields}
            return self._told(keeper.do(key, event, at=self.get_now(), **given))

    def perform(self, call: Call, *, once: str | None = None) -> Outcome:
        """Do the act that a call asks for, or record the event that it reports; then as `do`."""
        key = self.get_key()
        now = self.get_now()
        with holding(key) as keeper:
            return self._told(keeper.perform(key, call, at=now, zone=now.tzinfo, once=once))

    def follow(self, status: str, *, at: date | None = None, **said: Any) -> Outcome:
        """Record what it means that a card of your board was moved to a status; then as `do`.

        The arguments are those of `Keeper.follow`; ``at`` is now by default, and can't be later.
        """
        key, now = self.get_key(), self.get_now()
        with holding(key) as keeper:
            return self._told(keeper.follow(key, status, at=at or now, now=now, **said))

    def recorded(self, outcome: Outcome) -> None:
        """Write your own rows about an event that was recorded just now: override this.

        They are committed together with the event. If this raises, neither is written. Send nothing here:
        give ``transaction.on_commit`` a function that does.
        """

    def _told(self, outcome: Outcome) -> Outcome:
        if outcome.added and not outcome.repeated and (outcome.early or not outcome.refused):
            self.recorded(outcome)
        return outcome


def explained(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """Let a view answer the errors of the library in JSON, each with its status."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return view(*args, **kwargs)
        except PostInterviewError as error:
            status, body = problem(error)
            return JsonResponse(body, status=status)

    return wrapped


class ProcessView(ProcessMixin, View):
    """One process in JSON.

    - ``GET``: the agenda.
    - ``PUT``: start it: ``{"timezone": "Europe/Zurich", "employer": "Acme"}``.
    - ``POST``: a call: ``{"event": "follow_up", "fields": {"channel": "call"}}`` asks for an act; with
      ``"happened"``, a moment or a day, it reports an event. 201: recorded. 200: it was recorded by an
      earlier request with this ``Idempotency-Key``. 409: refused, with the reasons and the date.
    - ``PATCH``: a card of your board was moved: ``{"status": "Interview"}``, and, if there is more to say,
      ``application``, ``at``, ``again``, ``undated``, ``not_sent`` and ``fields``, as for `Keeper.follow`.
      200 with ``opens_at``: it came too early (`Outcome.early`), and the card may stay.

    Requests with a session need a CSRF token, as all in Django.
    """

    http_method_names = ("get", "head", "put", "post", "patch", "options")

    def handle_no_permission(self) -> JsonResponse:
        return JsonResponse({"error": "nobody is logged in"}, status=401)

    @explained
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        return JsonResponse([item.as_json() for item in self.get_agenda()], safe=False)

    @explained
    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        said = _mapping(request.body, {"timezone": str, "employer": str, "country": str}, _EMPLOYER)
        key = self.get_key()
        status = 201 if self.keeper.store.load(key) is None else 200
        process = self.keeper.start(key, **{"employer": self.kwargs[self.key_kwarg], **said})
        return JsonResponse({"employer": process.employer, "timezone": process.timezone}, status=status)

    @explained
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        once = request.headers.get("Idempotency-Key")
        return self._answered(self.perform(Call.from_json(request.body), once=once))

    @explained
    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        said = _mapping(request.body, _MOVED, _A_MOVE)
        keeper, status = self.keeper, said.pop("status", "")
        if "at" in said:
            said["at"] = _when(said["at"])
        fields = status_fields(keeper.rulebook, keeper.statuses, status, said.pop("fields", {}))
        once = request.headers.get("Idempotency-Key")
        return self._answered(self.follow(status, once=once, **said, **fields))

    def _answered(self, outcome: Outcome) -> JsonResponse:
        given = answer(outcome, zone=self.get_now().tzinfo)
        return JsonResponse(given.body, status=given.status)


class AsyncProcessView(ProcessView):
    """`ProcessView` for an asynchronous site: the whole view runs in a thread, as Django's ORM does."""

    view_is_async = True

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answered: Any = await sync_to_async(super().dispatch)(request, *args, **kwargs)
        found: HttpResponseBase = await answered if iscoroutine(answered) else answered  # OPTIONS, 405
        return found


_EMPLOYER = 'an employer, such as {"timezone": "Europe/Zurich"}'
_A_MOVE = 'a move of a card, such as {"status": "Interview"}'
_MOVED: dict[str, type] = {
    "status": str,
    "at": str,
    "application": str,
    **dict.fromkeys(("again", "undated", "not_sent"), bool),
    "fields": dict,
}


def _mapping(body: bytes, known: dict[str, type], wanted: str) -> dict[str, Any]:
    """Return the object of a body, whose keys are known and have values of their types."""
    try:
        said = json.loads(body or b"{}")
    except (RecursionError, ValueError) as error:
        raise MisuseError(f"this is no JSON: {error}") from None
    if not isinstance(said, dict) or not all(
        key in known and isinstance(value, known[key] | None) for key, value in said.items()
    ):
        raise MisuseError(f"this is not {wanted.partition(',')[0]}", f"give {wanted}")
    return {key: value for key, value in said.items() if value is not None}


def _when(text: str) -> date:
    try:
        return when_of(text)
    except ValueError:
        help_ = 'give one such as "2026-03-02T10:00+01:00" or "2026-03-02"'
        raise MisuseError(f"`{text}` is no moment and no day", help_) from None


__all__ = ["AsyncProcessView", "ProcessMixin", "ProcessView", "explained"]
