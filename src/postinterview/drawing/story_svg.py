"""A story as SVG: events on top, a row of bars for each act, and the limits below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from postinterview.core.values.formatting import DAYS, MONTHS, say_moment
from postinterview.drawing.signs import kind_of, sign_of
from postinterview.drawing.story import ActRow, Budget, Mark, Story
from postinterview.drawing.style import STORY, colours
from postinterview.drawing.svg import text
from postinterview.drawing.text_size import NORMAL, SMALL, text_width, wrap

LEFT, WIDTH, RIGHT = 210.0, 1100.0, 24.0
BAR, ROW, LINE = 14.0, 26.0, 15.0
DAY = timedelta(days=1)


def story_svg(stories: list[Story], title: str) -> str:
    """Return stories below each other as a file of its own."""
    top, parts = 8.0, []
    for number, each in enumerate(stories, 1):
        drawn = _Painter(each).paint()
        parts.append(f'<g transform="translate(0 {top:g})" aria-labelledby="story-{number}">')
        name = text(each.played.scenario.name)
        parts.append(f'<text class="title" id="story-{number}" x="12" y="20">{name}</text>')
        parts += [*drawn.parts, "</g>"]
        top += drawn.y + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pi" viewBox="0 0 {WIDTH:g} {top:g}" '
        f'width="{WIDTH:g}" height="{top:g}" role="img" aria-labelledby="title">\n'
        f'<title id="title">{text(title)}</title>\n<style>\n{colours(".pi")}{STORY}</style>\n'
        f'<rect class="paper" width="{WIDTH:g}" height="{top:g}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def story_inline(story: Story, id: str) -> str:
    """Return a story as a part of a page, which has the style."""
    drawn = _Painter(story, y=2.0).paint()
    return (
        f'<svg class="pi" viewBox="0 0 {WIDTH:g} {drawn.y:g}" width="{WIDTH:g}" height="{drawn.y:g}" '
        f'role="img" aria-labelledby="{id}-title">\n<title id="{id}-title">'
        f"{text(story.played.scenario.name)}</title>\n" + "\n".join(drawn.parts) + "\n</svg>\n"
    )


@frozen
class _Label:
    """A text that begins at ``x`` on one of several lines."""

    mark: Mark
    x: float
    line: int
    said: str


_SIGN = 13.0
"""The width of a sign for what was done or refused."""


@define
class _Painter:
    """Draws a story from the top down; ``y`` is the height so far."""

    story: Story
    parts: list[str] = field(factory=list)
    y: float = 30.0

    @property
    def zone(self) -> ZoneInfo:
        return self.story.process.calendar.zone

    def paint(self) -> _Painter:
        story = self.story
        scenario = story.played.scenario
        self._say(f"{scenario.employer}, times in {self.zone.key}", 12, "small")
        for each in wrap(scenario.why, WIDTH - 40, SMALL):
            self._say(each, 12, "small")
        self.y += 12
        axis, top = len(self.parts), self.y
        self.y += 16
        self._labels(story.facts, "fact")
        self.y += 6
        several = len({row.application for row in story.rows if row.application is not None}) > 1
        last: object = object()
        for row in story.rows:
            if several and row.application != last:
                self.y += 4
                self._say(
                    f"application {row.application}" if row.application else "for all applications",
                    12,
                    "bold",
                )
            last = row.application
            self._row(row)
        if story.budgets:
            self.y += 6
            self._say("Limits in a rolling window: how many were used", 12, "bold")
            for budget in story.budgets:
                self._budget(budget)
        self.y += 4
        self.parts[axis:axis] = self._axis(top)
        self._legend()
        return self

    def _x(self, at: datetime) -> float:
        whole = self.story.end - self.story.start
        part = min(max((at - self.story.start) / whole, 0.0), 1.0)
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1) + 0.0

    def _say(self, said: str, x: float, kind: str) -> None:
        self.y += LINE
        self.parts.append(f'<text class="{kind}" x="{x:g}" y="{self.y - 3:g}">{text(said)}</text>')

    def _moment(self, at: datetime) -> str:
        return say_moment(at.astimezone(self.zone))

    def _axis(self, top: float) -> Iterator[str]:
        """Yield a line for each Monday, or each first of a month in a long story, with its date."""
        day = self.story.start.astimezone(self.zone)
        weekly = self.story.end - self.story.start <= 20 * 7 * DAY
        free = 0.0
        while day < self.story.end:
            if day.weekday() == 0 if weekly else day.day == 1:
                x = self._x(day)
                said = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}" if weekly else _month(day)
                yield f'<line class="tick" x1="{x:g}" y1="{top:g}" x2="{x:g}" y2="{self.y:g}"/>'
                if x >= free and x + text_width(said, SMALL) < WIDTH:
                    yield f'<text class="small" x="{x + 3:g}" y="{top + 9:g}">{text(said)}</text>'
                    free = x + text_width(said, SMALL) + 10
            day = (day.replace(tzinfo=None) + DAY).replace(tzinfo=self.zone)

    def _labels(self, marks: tuple[Mark, ...], kind: str) -> None:
        """Draw marks with their texts beside them, on as many lines as they need."""
        labels = list(_arranged([(self._x(mark.at), mark) for mark in marks]))
        for label in labels:
            y = self.y + label.line * LINE + 10
            about = f"{self._moment(label.mark.at)}: {label.mark.text}. {label.mark.about}".strip()
            x = self._x(label.mark.at)
            self.parts.append(f'<g class="{label.mark.kind}"><title>{text(about)}</title>')
            if kind == "fact":
                self.parts.append(f'<path class="fact-mark" d="M{x:g} {y - 9:g}v10"/>')
            self.parts.append(f'<text class="small" x="{label.x:g}" y="{y:g}">{text(label.said)}</text></g>')
        self.y += LINE * (1 + max((label.line for label in labels), default=-1))

    def _row(self, row: ActRow) -> None:
        """Draw the bar of an act, its marks, and what refused it below."""
        event = self.story.played.rulebook.definition.events[row.event]
        kind, y = kind_of(event), self.y + 6
        titles = wrap(f"{sign_of(event)} {row.title}", LEFT - 24, NORMAL)
        self.parts.append(f'<text class="{kind}" x="12" y="{y + 12:g}">{text(titles[0])}</text>')
        middle = y + BAR / 2
        self.parts.append(
            f'<line class="shut" x1="{LEFT:g}" y1="{middle:g}" x2="{WIDTH - RIGHT:g}" y2="{middle:g}"/>'
        )
        for each in row.allowed:
            left, right = self._x(each.start), self._x(each.end)
            about = f"allowed from {self._moment(each.start)} to {self._moment(each.end)}"
            if each.end == self.story.end:
                about = f"allowed from {self._moment(each.start)} on"
            self.parts.append(
                f'<rect class="yes" x="{left:g}" y="{y:g}" width="{max(right - left, 0.6):.1f}" '
                f'height="{BAR:g}"><title>{text(about)}</title></rect>'
            )
        free = 0.0
        for mark in row.marks:
            x = self._x(mark.at)
            if mark.kind != "due":  # a sign beside another one, so that none hides it
                x, free = max(x, free), max(x, free) + _SIGN
            self._mark(mark, x, middle)
        said = [(self._x(mark.at), mark) for mark in row.marks if mark.text]
        self.y += ROW
        for rest in titles[1:]:
            self.parts.append(f'<text class="{kind}" x="12" y="{self.y + 9:g}">{text(rest)}</text>')
        under, before = self.y, len(titles) - 1
        self._labels(tuple(mark for _, mark in said), "act")
        self.y = max(self.y, under + before * LINE)

    def _mark(self, mark: Mark, x: float, y: float) -> None:
        about = f"<title>{text(f'{self._moment(mark.at)}: {mark.text} {mark.about}'.strip())}</title>"
        if mark.kind == "done":
            self.parts.append(f'<circle class="done" cx="{x:g}" cy="{y:g}" r="5.5">{about}</circle>')
        elif mark.kind == "due":
            self.parts.append(f'<path class="due-mark" d="M{x - 5:g} {y - 13:g}h10l-5 9z">{about}</path>')
        else:
            cross = f"M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10"
            self.parts.append(f'<path class="{mark.kind}-mark" d="{cross}">{about}</path>')

    def _budget(self, budget: Budget) -> None:
        """Draw a limit as steps: the higher, the more of it is used."""
        high = 20.0
        floor = self.y + 8 + high
        for number, each in enumerate(wrap(budget.title, LEFT - 24, SMALL)):
            self.parts.append(
                f'<text class="small" x="12" y="{floor - 8 + 13 * number:g}">{text(each)}</text>'
            )
        self.parts.append(
            f'<line class="shut" x1="{LEFT:g}" y1="{floor:g}" x2="{WIDTH - RIGHT:g}" y2="{floor:g}"/>'
        )
        ends = [at for at, _ in budget.used[1:]] + [self.story.end]
        for (at, count), end in zip(budget.used, ends, strict=True):
            if count:
                left, right = self._x(at), self._x(end)
                tall = high * min(count, budget.limit) / budget.limit
                full = " full" if count >= budget.limit else ""
                self.parts.append(
                    f'<rect class="used{full}" x="{left:g}" y="{floor - tall:g}" '
                    f'width="{max(right - left, 1):.1f}" height="{tall:.1f}"/>'
                )
                said = f"{count} of {budget.limit}{', none left' if full else ''}"
                said = said if text_width(said, SMALL) + 6 < right - left else str(count)
                if text_width(said, SMALL) + 6 < right - left:
                    self.parts.append(
                        f'<text class="small" x="{left + 4:g}" y="{floor - tall - 2:g}">{said}</text>'
                    )
        self.y = floor + 10

    def _legend(self) -> None:
        """Draw what the marks mean, in a row."""
        self.y += 18
        y, x = self.y, LEFT
        shapes = (
            (f'<rect class="yes" x="{{x}}" y="{y - 11:g}" width="16" height="12"/>', "allowed"),
            (f'<path class="shut" d="M{{x}} {y - 5:g}h16"/>', "not allowed"),
            (f'<circle class="done" cx="{{m}}" cy="{y - 5:g}" r="5.5"/>', "done"),
            (f'<path class="refused-mark" d="M{{x}} {y - 10:g}l10 10m0 -10l-10 10"/>', "refused"),
            (f'<path class="breach-mark" d="M{{x}} {y - 10:g}l10 10m0 -10l-10 10"/>', "against the rules"),
            (f'<path class="due-mark" d="M{{x}} {y - 9:g}h10l-5 9z"/>', "due"),
        )
        for shape, meaning in shapes:
            self.parts.append(shape.format(x=f"{x:g}", m=f"{x + 8:g}"))
            self.parts.append(f'<text class="small" x="{x + 22:g}" y="{y:g}">{meaning}</text>')
            x = round(x + 42 + text_width(meaning, SMALL), 1)
        self.y += 12


def _arranged(marks: list[tuple[float, Mark]]) -> Iterator[_Label]:
    """Yield the texts of marks, each on the first line where it does not touch another."""
    ends: list[float] = []
    for x, mark in marks:
        said = mark.text
        room = WIDTH - RIGHT
        width = text_width(said, SMALL)
        if width > room - LEFT:
            (said, *_) = wrap(said, room - LEFT - 16, SMALL)
            said, width = f"{said} …", text_width(f"{said} …", SMALL)
        start = max(LEFT, min(x + 4, room - width))
        line = next((number for number, end in enumerate(ends) if end + 8 <= start), len(ends))
        if line == len(ends):
            ends.append(0.0)
        ends[line] = start + width
        yield _Label(mark, round(start, 1), line, said)


def _month(day: datetime) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"
