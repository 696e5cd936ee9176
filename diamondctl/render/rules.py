"""Pages about the rules of rate files: on the screen, as JSON, and as rates/RULES.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.ratebook.rules import Rule
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes
from diamondctl.render.view import View, records


def view(rules: Sequence[Rule]) -> View:
    """One page, or a list when there are several."""
    columns = ("code", "severity", "what", "why", "broken", "mended")
    rows = [{**rule._asdict(), "what": rule.what} for rule in rules]
    return View(
        lambda width, rule, clean: _page(rules[0], width) if len(rules) == 1 else _list(rules, width, rule),
        lambda: document(rules),
        lambda: records(rows, columns),
    )


def _page(rule: Rule, width: int | None) -> Laid:
    def piece(title: str, text: str) -> Laid:
        return Laid((Line("label", title), *(Line("row", "  " + line) for line in text.split("\n"))))

    return join(
        [
            notes([f"{rule.code} ({rule.severity}): {rule.what}"], width, kind="title"),
            notes([rule.why], width, kind="row"),
            piece("Broken", rule.broken),
            piece("Mended", rule.mended),
        ]
    )


def _list(rules: Sequence[Rule], width: int | None, rule: str) -> Laid:
    columns = (Column("Code", figure=False), Column("Severity", figure=False), Column("Meaning", figure=False))
    rows = tuple((item.code, item.severity, item.what) for item in rules)
    return join([lay_out(Table(columns, rows), width, rule), notes(["Each in full: diamondctl rates explain CODE"], width)])


def document(rules: Sequence[Rule]) -> dict[str, Any]:
    """`diamondctl.rates-explain/1`."""
    return {
        "schema": "diamondctl.rates-explain/1",
        "complete": True,
        "data": {"rules": [{**rule._asdict(), "what": rule.what} for rule in rules]},
        "warnings": [],
    }


def manual(rules: Sequence[Rule]) -> str:
    """rates/RULES.md: every page."""
    parts = [
        "# Rules of rate files\n",
        "What `diamondctl rates check` and `rates diff` report. An error makes the exit code 1, a warning only with `--strict`,"
        "\na notice never. Written by `python -m tests.generate`; on the screen: `diamondctl rates explain CODE`.\n",
    ]
    for rule in rules:
        parts.append(f"## {rule.code} {rule.what} ({rule.severity})\n\n{rule.why}\n")
        parts.append(f"Broken:\n\n```text\n{rule.broken}\n```\n\nMended:\n\n```text\n{rule.mended}\n```\n")
    return "\n".join(parts)
