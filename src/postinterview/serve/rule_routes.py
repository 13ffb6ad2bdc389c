"""The operations on posted files: check, prove, bound and diff of rules, next of cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response, Security
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from postinterview.contrib.fastapi import ProblemRoute
from postinterview.contrib.fastapi.requests import Request
from postinterview.contrib.fastapi.schemas import described_problem
from postinterview.serve.posted import Judge

MOST_SECONDS = 15
"""The most processor time that a client may ask for a search."""

Rules = Annotated[
    str,
    Field(
        min_length=1,
        description="The text of a rule file, or the name of packaged ones, which a text can extend.",
        examples=["default", "format: 1\nextends: default\n"],
    ),
]
Seconds = Annotated[
    float,
    Field(
        gt=0, le=MOST_SECONDS, description="The search gives up after so much processor time: then unknown."
    ),
]
Words = tuple[Annotated[str, Field(pattern=r"^\w+$")], ...]
Document = dict[str, Any]


class _Asked(Request):
    max_seconds: Seconds = 4


class ToCheck(_Asked):
    """Rules to check."""

    rules: Rules
    proof: Annotated[bool, Field(description="Prove the promises, too.")] = True
    strict: Annotated[bool, Field(description="An event that is only trusted is an error.")] = False


class ToProve(_Asked):
    """Rules whose promises are to be proved."""

    rules: Rules


class ToBound(_Asked):
    """Rules whose worst case is searched. By default the four questions that matter most are asked."""

    rules: Rules
    of: Annotated[Words, Field(description="Count these classes or events.", examples=[["chase"]])] = ()
    but: Annotated[Words, Field(description="Leave out these events.")] = ()
    per: Annotated[
        Literal["employer", "application", "interviewer"], Field(description="Count for each of these.")
    ] = "employer"
    within: Annotated[str | None, Field(description="Count in any such time.", examples=["14 days"])] = None
    silence: Annotated[bool, Field(description="Count while the employer says nothing.")] = False


class ToCompare(_Asked):
    """Two versions of rules."""

    old: Rules
    new: Rules
    bounds: Annotated[bool, Field(description="Compare the most contacts that they allow, too.")] = False


class Cases(Request):
    """Histories that the service does not keep, such as all companies of a tracker."""

    at: Annotated[AwareDatetime, Field(description="The moment.", examples=["2026-03-05T09:00:00+01:00"])]
    rules: Annotated[
        Rules | None, Field(description="Rules in place of those that the cases name. By default these.")
    ] = None
    cases: Annotated[
        list[Document],
        Field(
            min_length=1,
            max_length=5000,
            description="Scenarios, or scenario files. A case is what happened until the moment.",
            examples=[
                [
                    {
                        "name": "Acme",
                        "timezone": "Europe/Zurich",
                        "steps": [{"at": "2026-03-02 10:00", "event": "interview"}],
                    }
                ]
            ],
        ),
    ]


class _Answer(BaseModel):
    """The document of the command of the same name with `--format json`. It has more keys than these."""

    model_config = ConfigDict(extra="allow")

    version: Annotated[int, Field(description="The version of the document's form.")]
    diagnostics: Annotated[list[Document], Field(description="What is wrong with the rules.")]


class Checked(_Answer):
    """What `postinterview check` found."""

    passed: Annotated[bool, Field(description="Whether there are no errors.")]
    files: list[Document]


class Proved(_Answer):
    """What `postinterview prove` found."""

    verdict: Annotated[str | None, Field(description="`proved`, `violated` or `unknown`.")]
    promises: list[Document]


class Bounded(_Answer):
    """What `postinterview bound` found."""

    bounds: Annotated[list[Document], Field(description="An answer for each question.")]


class Compared(_Answer):
    """What `postinterview diff` found. Rules with errors have diagnostics alone."""

    verdict: Annotated[str | None, Field(description="Such as `looser`, `stricter` or `equal`.")] = None


class CaseItem(BaseModel):
    """An item of an agenda. It has more keys than these."""

    model_config = ConfigDict(extra="allow")

    kind: Annotated[str, Field(description="Such as `overdue`, `open` or `wait`.")]
    text: Annotated[str, Field(description="The line to show.")]
    event: str | None
    to: str | None
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None


class CaseAnswer(BaseModel):
    """The answer for one case. It has more keys than these."""

    model_config = ConfigDict(extra="allow")

    name: Annotated[str | None, Field(description="The name of the case.")]
    agenda: Annotated[
        list[CaseItem] | None, Field(description="The most important first. A case with errors has none.")
    ] = None
    diagnostics: Annotated[list[Document], Field(description="What is wrong with the case.")]


class Answered(BaseModel):
    """What `postinterview next --all` answers. Rules with errors have diagnostics, and no answers."""

    model_config = ConfigDict(extra="allow")

    version: Annotated[int, Field(description="The version of the document's form.")]
    answers: Annotated[
        list[CaseAnswer],
        Field(description="For each case the agenda and the verdicts, or what is wrong with it."),
    ]


def router(judge: Judge, owner: Callable[..., Any], responses: Mapping[int | str, Any]) -> APIRouter:
    """Return the routes, for the bearers of tokens that may read."""
    found = _router(responses, prefix="/rules", tags=["rules"])
    whose = Security(owner, scopes=["read"])

    async def ask(
        whose: str, command: str, asked: _Asked, options: Sequence[str], rules: Mapping[str, str]
    ) -> Response:
        limits = [f"--max-seconds={asked.max_seconds}"]
        document = await judge.answer(whose, command, [*limits, *options], rules)
        return Response(document, media_type="application/json")

    @found.post("/check", summary="Check rules", response_model=None, responses={200: {"model": Checked}})
    async def check_rules(body: ToCheck, whose: str = whose) -> Response:
        """The answer says everything that is wrong with the rules, with line and help."""
        options = [*["--no-proof"] * (not body.proof), *["--strict"] * body.strict]
        return await ask(whose, "check", body, options, {"rules.yaml": body.rules})

    @found.post("/prove", summary="Prove rules", response_model=None, responses={200: {"model": Proved}})
    async def prove_rules(body: ToProve, whose: str = whose) -> Response:
        """The answer says of each promise whether no path breaks it, or shows the shortest that does."""
        return await ask(whose, "prove", body, [], {"rules.yaml": body.rules})

    @found.post("/bound", summary="Bound rules", response_model=None, responses={200: {"model": Bounded}})
    async def bound_rules(body: ToBound, whose: str = whose) -> Response:
        """The answer says how many contacts the rules allow at most, with a story and a proof."""
        counted = [*(f"--of={each}" for each in body.of), *(f"--but={each}" for each in body.but)]
        within = [] if body.within is None else [f"--within={body.within}"]
        options = [*counted, f"--per={body.per}", *within, *["--silence"] * body.silence]
        return await ask(whose, "bound", body, options, {"rules.yaml": body.rules})

    @found.post("/diff", summary="Compare rules", response_model=None, responses={200: {"model": Compared}})
    async def compare_rules(body: ToCompare, whose: str = whose) -> Response:
        """The answer says who may do what earlier, later or never under the new rules."""
        rules = {"old.yaml": body.old, "new.yaml": body.new}
        return await ask(whose, "diff", body, ["--bounds"] * body.bounds, rules)

    return found


def case_router(judge: Judge, owner: Callable[..., Any], responses: Mapping[int | str, Any]) -> APIRouter:
    """Return the route for histories that the service does not keep."""
    found = _router(responses, tags=["cases"])
    whose = Security(owner, scopes=["read"])

    @found.post(
        "/next",
        summary="Say what may be done in many cases",
        response_model=None,
        responses={200: {"model": Answered}},
    )
    async def next_of_cases(body: Cases, whose: str = whose) -> Response:
        """The answers are in the order of the cases. A case with errors has them in its answer."""
        lines = "".join(f"{json.dumps(each)}\n" for each in body.cases)
        files = {"cases.jsonl": lines} | ({} if body.rules is None else {"--rules=rules.yaml": body.rules})
        document = await judge.answer(whose, "next", ["--all", f"--at={body.at.isoformat()}"], files)
        return Response(document, media_type="application/json")

    return found


def _router(responses: Mapping[int | str, Any], **options: Any) -> APIRouter:
    problems: dict[int | str, Any] = {
        400: described_problem("The body can't be read."),
        422: described_problem("The request means nothing, or takes more than the service gives."),
        429: described_problem("The owner asks too much at once."),
        503: described_problem("Too many files are being judged."),
    }
    return APIRouter(route_class=ProblemRoute, responses={**responses, **problems}, **options)
