"""A call reads a row, lets the rules decide, and writes if nobody wrote meanwhile. Otherwise it starts again.

Of two calls at once, one succeeds and the other gets a 409 with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

import postinterview as pi
from django_host.models import Answered, Employer
from postinterview.calls import Call, agenda, decide, problem, repeated

RULES = pi.load_rulebook()


def explained(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """Turn errors of the library, and missing rows, into JSON."""

    @wraps(view)
    def wrapped(request: HttpRequest, **keys: str) -> JsonResponse:
        try:
            return view(request, **keys)
        except Employer.DoesNotExist:
            return JsonResponse({"error": f"there is no employer {keys['key']!r}"}, status=404)
        except pi.PostInterviewError as error:
            status, body = problem(error)
            return JsonResponse(body, status=status)

    return wrapped


@require_http_methods(["GET", "POST"])
@explained
def employer(request: HttpRequest, key: str) -> JsonResponse:
    if request.method == "GET":
        row = Employer.objects.get(key=key)
        items = agenda(RULES.restore(row.saved), timezone.now())
        return JsonResponse([item.as_json() for item in items], safe=False)
    saved = RULES.start(key, request.GET.get("timezone", "")).to_json()
    _, created = Employer.objects.get_or_create(key=key, defaults={"saved": saved})
    if not created:
        return JsonResponse({"error": f"there is an employer {key!r} already"}, status=409)
    return JsonResponse({}, status=201)


@require_POST
@explained
def tell(request: HttpRequest, key: str) -> JsonResponse:
    call, once = Call.from_json(request.body), request.headers.get("Idempotency-Key")
    while True:
        row = Employer.objects.get(key=key)  # read first: whoever answers this call meanwhile changes it
        earlier = Answered.objects.filter(employer=row, once=once).first() if once else None
        if earlier is not None:
            answer = repeated(call, earlier.asked, earlier.body)
            return JsonResponse(answer.body, status=answer.status)
        answer = decide(RULES, row.saved, call, timezone.now())
        if answer.saved is None:
            return JsonResponse(answer.body, status=answer.status)
        with transaction.atomic():
            written = Employer.objects.filter(pk=row.pk, version=row.version).update(
                version=row.version + 1, saved=answer.saved, next_due=answer.next_due
            )
            if not written:
                continue  # somebody else wrote: ask the rules again
            if once:
                body = json.dumps(answer.body)
                Answered.objects.create(employer=row, once=once, asked=call.as_json(), body=body)
        return JsonResponse(answer.body, status=answer.status)
