"""Report names that are not defined: the closest known names, where one is defined, and a fix.

Rule files, promises, scenarios, maps and tables all report here, so a misspelt name is answered alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

from postinterview.core.rules.definitions import Origin
from postinterview.core.values.formatting import say_count
from postinterview.core.values.suggest import help_for
from postinterview.loading.diagnostics import Fix, Span
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.report import Report, span_of

Place: TypeAlias = Node | Origin | None
"""The place where a name is defined: in the file itself, in another file, or in none (a built-in name)."""

CountryCodes: TypeAlias = Callable[[str], Collection[str] | None]
"""Given a code, return the ones it is among, or may stand for; None if public holidays can't be looked up."""


def find(
    report: Report,
    node: Scalar,
    known: Mapping[str, Place] | Collection[str],
    *,
    code: str,
    noun: str,
    label: str = "",
    hint: str = "look the name up in the rules",
) -> str | None:
    """Return the name in ``node`` if it is known; otherwise report it and return None.

    ``known`` may say where each name is defined. ``noun`` says what the name should name. ``hint`` is the
    help if no known name is close and there are too many to list.
    """
    name = node.text
    if name in known:
        return name
    if report.findings.full:
        report.findings.leave_out(span_of(node))
        return None
    found = report.guesses.closest(name, known)
    report_unknown(
        report,
        node,
        code=code,
        noun=noun,
        label=label or f"the rules have no {noun} of this name",
        help=help_for(found, known) or (hint if known else "delete it"),
        meant=found[0] if found else None,
        defined=known[found[0]] if found and isinstance(known, Mapping) else None,
    )
    return None


def report_unknown(
    report: Report,
    node: Scalar,
    *,
    code: str,
    noun: str,
    label: str,
    help: str,
    meant: str | None = None,
    defined: Place = None,
    name: str | None = None,
    where: Span | None = None,
    fix: Fix | None = None,
    others: Iterable[tuple[Node, str]] = (),
    count: int = 1,
) -> None:
    """Report that ``node`` names nothing, and so do other places: ``count`` in all.

    ``meant`` is the closest known name and ``defined`` its place. ``name`` and ``where`` tell which part of
    ``node`` is the name, if not all of it. ``fix`` replaces the one that writes ``meant`` there.
    """
    span = span_of(node) if where is None else where
    if report.findings.full:
        report.findings.leave_out(span)
        return
    labels: list[tuple[Node | Span, str]] = []
    text = node.text if name is None else name
    if text in report.removed:
        meant, fix = None, None
        labels.append((report.removed[text], "removed here"))
        more = f" and {say_count(count - 1, 'more place')}" if count > 1 else ""
        help = f"change or remove `{report.path(node)}`{more} in your file, too, or keep `{text}`"
    if meant is not None and defined is not None:
        place = Span.at(defined, meant) if isinstance(defined, Origin) else span_of(defined)
        labels.append((place, "closest name, defined here"))
    report.add(
        code,
        span,
        f"unknown {noun} `{text}`",
        label,
        help,
        path=report.path(node),
        fix=Fix(span, meant) if fix is None and meant is not None else fix,
        others=(*labels, *others),
    )


def check_country(report: Report, node: Node, codes: CountryCodes | None) -> None:
    """Report a country or region whose public holidays are not known; with ``codes`` None check nothing."""
    if codes is None or not isinstance(node, Scalar):
        return
    known = codes(node.text)
    if known is None:
        report.add(
            "PI222",
            node,
            f"the public holidays of `{node.text}` can't be looked up here",
            "the package `holidays` is not installed",
            "pip install 'postinterview[holidays]', or list the days under `holidays`",
            severity="warning",
        )
        return
    find(
        report,
        node,
        known,
        code="PI221",
        noun="region" if "-" in node.text else "country",
        label="its public holidays are not known",
        hint="write a code such as `CH`, or `CH-ZH` for a region, or list the days under `holidays`",
    )
