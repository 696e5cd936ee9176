"""Pages about the rules of rate files: on the screen, as JSON, and as rates/RULES.md."""

from __future__ import annotations

from collections.abc import Sequence

from diamondctl.ratebook.rules import SEVERITIES, Rule
from diamondctl.render import shape as f
from diamondctl.render.page import Part, Texts, said
from diamondctl.render.view import View

RULE: f.Fields = (
    f.Field("code", title="Code"),
    f.Field("severity", f.word(*SEVERITIES), title="Severity"),
    f.Field("why"),
    f.Field("broken"),
    f.Field("mended"),
    f.Field("what", title="Meaning", after="severity"),
)
DOCUMENT = f.Document(
    "rates-explain",
    (f.Field("rules", f.many(RULE), lambda rules: rules),),
    f.pick(RULE, "code", "severity", "what", "why", "broken", "mended"),
    answer=lambda rules: _title(rules[0]) if len(rules) == 1 else f"{len(rules):,} rules of rate files.",
)


def _title(rule: Rule) -> str:
    return f"{rule.code} ({rule.severity}): {rule.what}"


def view(rules: Sequence[Rule]) -> View:
    """One page, or a list when there are several."""
    return DOCUMENT.view(rules, lambda: _page(rules[0]) if len(rules) == 1 else _list(rules), lambda: rules)


def _page(rule: Rule) -> list[Part]:
    def piece(title: str, text: str) -> Part:
        lines = tuple("  " + line for line in text.split("\n"))
        return (said(title, kind="label"), Texts(lines, "row", wrapped=False))

    return [
        said(rule.why, kind="row"),
        piece("Broken", rule.broken),
        piece("Mended", rule.mended),
    ]


def _list(rules: Sequence[Rule]) -> list[Part]:
    return [f.table(RULE, rules), said("Each in full: diamondctl rates explain CODE")]


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
