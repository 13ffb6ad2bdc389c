"""The operations of the gate: for agents, for what sends, and for people.

Each is a function of the owner's gate and of the parameters of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from attrs import frozen
from fastapi import APIRouter, Depends, HTTPException, Path, Query
from fastapi.concurrency import run_in_threadpool

from postinterview.calls import Call
from postinterview.contrib.fastapi import RefusedError, accepted, keeping
from postinterview.contrib.fastapi.desk import Desk
from postinterview.contrib.fastapi.models import Forgotten, Process, Recorded
from postinterview.contrib.fastapi.parameters import Key, Once
from postinterview.contrib.fastapi.requests import Act, Join, Move
from postinterview.contrib.fastapi.router import Offer, add_offer
from postinterview.contrib.fastapi.schemas import described_problem
from postinterview.contrib.fastapi.views import recorded_view, verdict_view
from postinterview.core.answers.outcome import Outcome
from postinterview.core.values.errors import MisuseError, UnknownKeyError, UnknownNameError
from postinterview.gate import Gate
from postinterview.gate.moving import all_notes
from postinterview.serve import gate_models as models
from postinterview.serve.gate_problems import GateRoute

T = TypeVar("T")
Written = tuple[int, Recorded]
"""The status, and what was recorded."""
Of = Annotated[str | None, Query(alias="key", description="Only those of this process.")]
Id = Annotated[str, Path(description="The id of the word.", examples=["0123456789ab"])]

RESERVED = ("agent ", "failed ", "pending ", "permit ")
"""How the gate's own idempotency keys begin."""

# --- for agents -----------------------------------------------------------------------------------------


def permit(gate: Gate, key: Key, body: Act) -> models.Permit:
    """Get a permit for one message.

    Nothing is recorded or reserved: the rules are asked again when the permit is used up.
    """
    given = gate.permit(key, _call(body))
    if not given:
        raise RefusedError(given.verdict)
    return models.Permit(**{**given.as_json(), "verdict": verdict_view(given.verdict)})


def prepare(gate: Gate, key: Key, body: Act, once: Once = None) -> Written:
    """Do an act that reaches nobody, such as writing a plan.

    An act that reaches the employer, or makes room for one that does, is answered with 403.
    """
    return _written(gate.do(key, _call(body), once=once))


def propose(gate: Gate, key: Key, body: models.Proposing) -> models.Word:
    """Propose what only a person may record.

    These are an employer's word, corrections, and what is known or unknown.
    """
    word = gate.propose(key, body.operation, body.arguments, because=body.because)
    return models.Word(**word.as_json())


# --- for what sends -------------------------------------------------------------------------------------


def consume(gate: Gate, body: models.Consuming) -> tuple[int, models.Consumed]:
    """Use a permit up.

    The act is recorded. Send exactly one message after a 201, to the `recipients` of the answer, and none
    after anything else.
    """
    outcome, found = gate.open(body.permit, body.recipients, acts=body.acts, fields=body.fields)
    status, recorded = _written(outcome)
    return status, models.Consumed(**recorded.model_dump(), recipients=list(found))


def failed(gate: Gate, body: models.Failing) -> Written:
    """Take the act of a permit back, since its message surely reached nobody.

    If nobody knows whether the message arrived, the act has to stand.
    """
    return _written(gate.failed(body.permit))


# --- for people -----------------------------------------------------------------------------------------


def recipients(gate: Gate, of: Of = None) -> list[models.Recipient]:
    """List to whom messages may go."""
    return [_recipient(each) for each in gate.recipients(of)]


def register(gate: Gate, key: Key, body: models.Registering) -> models.Recipient:
    """Say that messages of a process may go to somebody.

    An address, domain or number belongs to one process of the owner.
    """
    return _recipient(gate.register(key, body.recipient, person=body.person, shared=body.shared))


def unregister(gate: Gate, key: Key, recipient: str) -> models.Removed:
    """Say that messages of a process may no longer go to somebody."""
    if not gate.unregister(key, recipient):
        raise HTTPException(404, f"`{recipient}` is not registered under `{key}`")
    return models.Removed(removed=recipient)


def pending(gate: Gate, of: Of = None) -> list[models.Word]:
    """List what waits for a person."""
    return [models.Word(**each.as_json()) for each in gate.pending(of)]


def preview(gate: Gate, id: Id) -> models.Preview:
    """Show what a confirmation would change."""
    return models.Preview(**_waiting(lambda: gate.preview(id)).as_json())


def confirm(gate: Gate, id: Id) -> Written:
    """Record what waits, since a person says so."""
    return _written(_waiting(lambda: gate.confirm(id)))


def decline(gate: Gate, id: Id) -> models.Removed:
    """Forget what waits, since a person says so."""
    if not gate.decline(id):
        raise HTTPException(404, f"no word `{id}` waits for a confirmation")
    return models.Removed(removed=id)


def move(gate: Gate, key: Key, body: Move) -> tuple[int, Process]:
    """Give a process another key, with its history, recipients and pending words.

    The same request again changes nothing and is answered with 200.
    """
    return keeping.moved(_desk(gate), key, body.to, lambda: gate.move(key, body.to))


def join(gate: Gate, key: Key, body: Join) -> tuple[int, Process]:
    """Make one process of two of one employer, with the recipients and pending words of both.

    What happened in the other one is recorded in this one, and the other one is erased. An act that was
    allowed in each may be a breach in both.
    """
    return keeping.joined(_desk(gate), key, body.other, lambda: gate.join(key, body.other))


def export_all(gate: Gate) -> models.WholeExport:
    """Return all processes of the caller as they are kept, with their recipients and pending words."""
    export = keeping.export_all(_desk(gate))
    return models.WholeExport(
        processes=export.processes,
        unreadable=export.unreadable,
        recipients=recipients(gate),
        pending=pending(gate),
    )


def forget(gate: Gate, key: Key) -> Forgotten:
    """Erase a process with its history, recipients and pending words.

    This can't be undone. A process that is started again under the key knows of no earlier contact.
    """
    if not gate.forget(key):
        raise UnknownKeyError("there is no such process", "start it first")
    return Forgotten(keys=[key])


def forget_all(gate: Gate) -> Forgotten:
    """Erase all processes of the caller, with everything about them."""
    noted = {each.key.removeprefix(gate.prefix) for each in all_notes(gate.notes, prefix=gate.prefix)}
    kept = {key.removeprefix(gate.prefix) for key in gate.keeper.keys(prefix=gate.prefix)}
    return Forgotten(keys=[key for key in sorted(noted | kept) if gate.forget(key)])


def _desk(gate: Gate) -> Desk:
    return Desk(gate.keeper, gate.owner, gate.now())


def _call(body: Act) -> Call:
    return Call(body.event, body.to, body.application, body.fields)


def _written(outcome: Outcome) -> Written:
    status = 200 if accepted(outcome).repeated else 201
    return status, recorded_view(outcome, outcome.process.calendar.zone)


def _recipient(each: Any) -> models.Recipient:
    return models.Recipient(key=each.key, name=each.name, kind=each.kind, person=each.person)


def _waiting(ask: Callable[[], T]) -> T:
    """Answer 404 for a word that does not wait."""
    try:
        return ask()
    except UnknownKeyError:
        raise
    except UnknownNameError as error:
        raise HTTPException(404, error.message) from None


# --- the router -----------------------------------------------------------------------------------------

_ONE = "/processes/{key}"
_ALL = (404, 500, 503)
OFFERS = (
    Offer("POST", f"{_ONE}/permit", permit, "permit", (404, 409, 500, 503)),
    Offer("POST", f"{_ONE}/prepare", prepare, "permit", (404, 409, 500, 503), 201),
    Offer("POST", f"{_ONE}/propose", propose, "permit"),
    Offer("POST", "/permits/consume", consume, "send", (404, 409, 500, 503), 201),
    Offer("POST", "/permits/failed", failed, "send", _ALL, 201),
    Offer("GET", "/recipients", recipients, "read", (503,)),
    Offer("POST", f"{_ONE}/recipients", register, "administer", ("taken", *_ALL)),
    Offer("DELETE", f"{_ONE}/recipients/{{recipient}}", unregister, "administer", (404, 503)),
    Offer("GET", "/pending", pending, "read", (503,)),
    Offer("GET", "/pending/{id}", preview, "read"),
    Offer("POST", "/pending/{id}/confirm", confirm, "record", _ALL, 201),
    Offer("DELETE", "/pending/{id}", decline, "record", (404, 503)),
    Offer("POST", f"{_ONE}/move", move, "record", ("taken", *_ALL), 201),
    Offer("POST", f"{_ONE}/join", join, "record", status=201),
    Offer("GET", "/export", export_all, "read", (503,)),
    Offer("DELETE", _ONE, forget, "administer"),
    Offer("DELETE", "/processes", forget_all, "administer", (503,)),
)


@frozen
class GateOpening:
    """The owner's gate, for one request."""

    gate: Gate

    async def work(self, operation: Callable[[Gate], T]) -> T:
        """Do the operation in a thread."""
        return await run_in_threadpool(operation, self.gate)


def router(gate: Gate, owner: Callable[..., Any], responses: Mapping[int | str, Any]) -> APIRouter:
    """Return the routes. ``owner`` is the dependency that returns whose gate it is."""
    found = APIRouter(route_class=GateRoute, tags=["gate"], responses=dict(responses))
    not_permitted = described_problem(
        "The token lacks the scope, or the permit is not for this.", models.NotPermitted
    )

    async def opened(owner: str = Depends(owner)) -> GateOpening:
        return GateOpening(gate.of(owner))

    for each in OFFERS:
        more: dict[int | str, Any] = {403: not_permitted} if each.scope in ("permit", "send") else {}
        add_offer(found, each, opened, gate.keeper.rulebook, more)
    return found


async def check_once(once: Once = None) -> None:
    """Check that a client's idempotency key is none of the gate's.

    Raises:
        MisuseError: it is one.
    """
    if once is not None and once.startswith(RESERVED):
        raise MisuseError(f"the idempotency key `{once}` is the gate's", "begin it with another word")
