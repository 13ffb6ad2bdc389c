"""Draw the pictures of the documentation. ``python docs/hooks/picture.py`` writes them anew; a test compares.

``docs/picture.svg`` shows what the default rules allow on each day after one interview. Its story is a list
of calls, and the engine itself says where an act opens and closes. The others are calls of `draw`.
"""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

import postinterview as pi
from postinterview.cli import YES
from postinterview.cli.app import run

ROOT = Path(__file__).parents[2]
DRAWN: Mapping[str, str] = {
    "docs/rules/application.svg": "draw --machine application",
    "docs/rules/story.svg": "draw examples/happy-path.yaml",
}
"""The pictures that a command draws."""

PICTURE = Path(__file__).parents[1] / "picture.svg"
ZONE = ZoneInfo("Europe/Zurich")
DAY = timedelta(days=1)
FIRST, LAST = datetime(2026, 3, 2, tzinfo=ZONE), datetime(2026, 4, 6, tzinfo=ZONE)
HELD = FIRST + timedelta(hours=10)
NAMED = date(2026, 3, 10)

ACTS: tuple[tuple[str, str, datetime | None, dict[str, Any]], ...] = (
    (
        "Thank the interviewer",
        "thank_you",
        HELD + timedelta(hours=9),
        {"to": "ana", "thanks": True, "topic": True, "looking_forward": True},
    ),
    (
        "Connect on LinkedIn",
        "linkedin_invite",
        HELD + timedelta(days=2),
        {"to": "ana", "personal_note": True},
    ),
    ("Follow up", "follow_up", datetime(2026, 3, 12, 9, 30, tzinfo=ZONE), {"channel": "call"}),
    ("Assume it is closed", "assume_closed", None, {}),
)
"""Each row: its title, the act, the moment at which the story does it, and what the act carries."""

LEFT, TOP, ROW, BAR, WIDTH = 172, 74, 42, 22, 900
SCALE = (WIDTH - LEFT - 20) / ((LAST - FIRST) / DAY)

STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #1f2933 }
    .small { font-size: 11px; fill: #52606d }
    .guard { font: 11px ui-monospace, monospace; fill: #7b341e }
    .card { fill: #ffffff; stroke: #d9e2ec }
    .week { stroke: #d9e2ec }
    .fact { stroke: #486581; stroke-dasharray: 3 3 }
    .no { fill: #fbe3d6 }
    .yes { fill: #2a9d8f }
    .done { fill: #ffffff; stroke: #14505c; stroke-width: 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .small { fill: #9fb3c8 }
      .guard { fill: #f3b391 }
      .card { fill: #0d1117; stroke: #30363d }
      .week { stroke: #30363d }
      .no { fill: #4a2b20 }
    }"""


@frozen
class Stretch:
    """A stretch of time in which an act is allowed throughout, or refused throughout."""

    start: datetime
    end: datetime
    allowed: bool
    guards: tuple[str, ...]


def stories() -> list[tuple[datetime, pi.Process]]:
    """Return the process after each step of the story, with the moment of the step."""
    process = pi.load_rulebook().start(employer="acme", timezone="Europe/Zurich")
    process = process.record("interview", at=HELD, interviewers=["ana"], decide_by=NAMED).process
    found = [(HELD, process)]
    steps = [(at, act, fields) for _, act, at, fields in ACTS if at is not None]
    for at, act, fields in sorted([(HELD + timedelta(hours=4), "complete_profile", {}), *steps]):
        outcome = process.do(act, at=at, **fields)
        process = outcome.process
        found.append((at, process))
    return found


def stretches(act: str, fields: dict[str, Any]) -> list[Stretch]:
    """Return the stretches of an act from the interview to the end of the picture."""
    found: list[Stretch] = []
    story = stories()
    for (start, process), end in zip(story, [at for at, _ in story[1:]] + [LAST], strict=True):
        at = start
        while at < end:
            verdict = process.may(act, at=at, **fields)
            turn = min((verdict.closes_at if verdict.allowed else verdict.opens_at) or end, end)
            guards = tuple(reason.id for reason in verdict.reasons)
            if found and (found[-1].allowed, found[-1].guards) == (verdict.allowed, guards):
                at = found.pop().start
            found.append(Stretch(at, turn, verdict.allowed, guards))
            at = turn
    return found


def picture() -> str:
    """Return the picture as SVG text."""
    height = TOP + ROW * len(ACTS) + 34
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "  <title>What may be done on each day after an interview</title>",
        f"  <style>{STYLE}\n  </style>",
        f'  <rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>',
    ]
    lines += [f"  {line}" for line in [*_days(height), *_facts(height)]]
    for number, (title, act, done, fields) in enumerate(ACTS):
        y = TOP + ROW * number
        lines.append(f'  <text x="18" y="{y + 15}">{escape(title)}</text>')
        for each in stretches(act, fields):
            lines += [f"  {line}" for line in _bar(each, y)]
        if done is not None:
            lines.append(f'  <circle class="done" cx="{_x(done)}" cy="{y + BAR / 2:g}" r="6"/>')
    return "\n".join([*lines, *(f"  {line}" for line in _legend(height - 18)), "</svg>", ""])


def _x(at: datetime) -> str:
    return f"{LEFT + (at - FIRST) / DAY * SCALE:.1f}"


def draw(path: str, to: Path) -> None:
    """Draw one of the pictures that a command draws."""
    with contextlib.chdir(ROOT):
        if run([*shlex.split(DRAWN[path]), "-o", str(to)]) != YES:
            raise RuntimeError(DRAWN[path])


def _days(height: int) -> Iterator[str]:
    for week in range((LAST - FIRST).days // 7):
        monday = FIRST + week * 7 * DAY
        yield f'<line class="week" x1="{_x(monday)}" y1="16" x2="{_x(monday)}" y2="{height - 34}"/>'
        x = float(_x(monday)) + 4
        yield f'<text class="small" x="{x:.1f}" y="26">Mon {monday.day} {monday:%b}</text>'


def _facts(height: int) -> Iterator[str]:
    named = datetime.combine(NAMED + DAY, datetime.min.time(), tzinfo=ZONE)
    for at, text in ((HELD, "the interview"), (named, "the date they named is over")):
        yield f'<line class="fact" x1="{_x(at)}" y1="58" x2="{_x(at)}" y2="{height - 34}"/>'
        yield f'<text x="{_x(at)}" y="52">{text}</text>'


def _bar(each: Stretch, y: int) -> Iterator[str]:
    left, right = float(_x(each.start)), float(_x(each.end))
    kind = "yes" if each.allowed else "no"
    yield f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="{BAR}"/>'
    text = " ".join(each.guards)
    if text and 6.7 * len(text) + 12 < right - left:
        yield f'<text class="guard" x="{left + 12:.1f}" y="{y + 15}">{escape(text)}</text>'


def _legend(y: int) -> Iterator[str]:
    for x, kind, text in (
        (LEFT, "yes", "allowed"),
        (LEFT + 100, "no", "refused, by the guard that is named"),
    ):
        yield f'<rect class="{kind}" x="{x}" y="{y - 10}" width="16" height="12"/>'
        yield f'<text class="small" x="{x + 22}" y="{y}">{text}</text>'
    yield f'<circle class="done" cx="{LEFT + 352}" cy="{y - 4}" r="5"/>'
    yield f'<text class="small" x="{LEFT + 364}" y="{y}">done</text>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    for name in DRAWN:
        draw(name, ROOT / name)
