"""What `rates check` found, in the forms every report has and two more: one line each, and with the line of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.cells import cell_len

from diamondctl.problems import Problem
from diamondctl.ratebook.accepted import LetStand
from diamondctl.ratebook.rules import RULES, SEVERITIES, severity
from diamondctl.render import codequality, github, junit, sarif
from diamondctl.render import shape as f
from diamondctl.render.page import Texts
from diamondctl.render.text import clean as cleaned
from diamondctl.render.view import View
from diamondctl.reports.check import Checked
from diamondctl.words import counted

_LONGEST_EXCERPT: Final = 300

PROBLEM: f.Fields = (
    f.Field("code"),
    f.Field("severity", f.word(*SEVERITIES), lambda problem: severity(problem.code)),
    f.Field("message"),
    f.Field("hint", maybe=True),
    f.Field("file"),
    f.Field("line", f.COUNT, lambda problem: problem.line or None, maybe=True),
    f.Field("column", f.COUNT, lambda problem: problem.column or None, maybe=True),
)
LET_STAND: f.Fields = (
    f.Field("code", of="accepted.code"),
    f.Field("reason", of="accepted.reason"),
    f.Field("until", f.DAY, "accepted.until"),
    f.Field("message", maybe=True),
    f.Field("file"),
    f.Field("line", f.COUNT, lambda item: item.line or None, maybe=True),
)


def counts(checked: Checked) -> str:
    """`2 errors, 1 notice in 9 files (41 entries, 23 examples: 23 pass).`"""
    entries = f"{checked.entries:,} entr{'y' if checked.entries == 1 else 'ies'}"
    examples = f"{counted(checked.examples, 'example')}: {checked.passing:,} pass"
    inside = f"{counted(len(checked.files), 'file')} ({entries}, {examples})"
    numbers = [(checked.count(kind), kind) for kind in SEVERITIES]
    found = [counted(number, kind) if number else "No errors" for number, kind in numbers if number or kind == "error"]
    accepted = f" {counted(len(checked.let_stand), 'finding')} accepted." if checked.let_stand else ""
    return f"{', '.join(found)} in {inside}.{accepted}"


DOCUMENT = f.Document(
    "rates-check",
    (
        f.Field("files", f.COUNT, lambda checked: len(checked.files)),
        f.Field("entries", f.COUNT),
        f.Field("examples", f.COUNT),
        f.Field("examples_passing", f.COUNT, "passing"),
        f.Field("passed", f.FLAG, lambda checked: not checked.failed),
        f.Field("strict", f.FLAG),
        f.Field("max_age", f.COUNT, "wanted.max_age", maybe=True),
        f.Field("require", f.CONFIDENCE, "wanted.require", maybe=True),
        f.Field("problems_total", f.COUNT, "total"),
        *(f.Field(f"{kind}s", f.COUNT, lambda checked, kind=kind: checked.count(kind)) for kind in SEVERITIES),  # type: ignore[misc]
        f.Field("problems", f.many(PROBLEM)),
        f.Field("accepted", f.many(LET_STAND), "let_stand"),
    ),
    f.pick(PROBLEM, "severity", "file", "line", "column", "code", "message", "hint"),
    (f.Field("as_of", f.DAY, "wanted.on"),),
    answer=counts,
)


def view(checked: Checked, lines: Mapping[str, Sequence[str]], placed: Sequence[Problem]) -> View:
    """The report in all its forms. `lines` are those of the files that have problems, `placed` the problems where a repository
    has their files.
    """
    return DOCUMENT.view(
        checked,
        lambda: [
            (
                *problem_lines(checked.problems),
                *_rest(checked),
                *let_stand_lines(checked.let_stand),
            )
        ],
        lambda: checked.problems,
        texts={
            "full": lambda: full(checked, lines),
            "concise": lambda: concise(checked.problems),
            "github": lambda: github.commands(placed, counts(checked)),
            "codequality": lambda: codequality.report(placed),
            "sarif": lambda: sarif.log(placed),
            "junit": lambda: junit.suites(checked),
        },
    )


def problem_lines(problems: Sequence[Problem]) -> list[Texts]:
    """Problems one a line, never wrapped."""
    styles = {"error": "error", "warning": "warning", "notice": "note"}
    return [Texts((line_of(problem),), styles[severity(problem.code)], wrapped=False) for problem in problems]


def let_stand_lines(items: Sequence[LetStand]) -> list[Texts]:
    """What somebody accepted, one a line, never wrapped."""
    return [Texts((item.text,), "note", wrapped=False) for item in items]


def _rest(checked: Checked) -> list[Texts]:
    rest = checked.total - len(checked.problems)
    return [Texts((f"... and {counted(rest, 'more problem')}.",), "error", wrapped=False)] if rest > 0 else []


def line_of(problem: Problem) -> str:
    """`file:line:column CODE message (hint)`; what is no error says so."""
    kind = severity(problem.code)
    return str(problem if kind == "error" else problem._replace(message=f"{kind}: {problem.message}"))


def concise(problems: Sequence[Problem]) -> str:
    """One line each and nothing else, for editors and `grep`."""
    return "".join(cleaned(line_of(problem)) + "\n" for problem in problems)


def full(checked: Checked, lines: Mapping[str, Sequence[str]]) -> str:
    """Each problem with the line it stands on, what mends it, and where to read more."""
    parts = ["\n".join(_excerpt(problem, lines.get(problem.file, ()))) + "\n" for problem in checked.problems]
    if (rest := checked.total - len(parts)) > 0:
        parts.append(f"... and {counted(rest, 'more problem')}.\n")
    parts += ["".join(cleaned(item.text) + "\n" for item in checked.let_stand)] if checked.let_stand else []
    return "\n".join([*parts, counts(checked) + "\n"])


def _excerpt(problem: Problem, lines: Sequence[str]) -> list[str]:
    place = cleaned(str(problem._replace(code="", message="", hint="")).strip())
    number = str(problem.line)
    margin = " " * len(number)
    text = [f"{problem.code} {severity(problem.code)}: {cleaned(problem.message)}"]
    if place:
        text.append(f"{margin}--> {place}")
    if 0 < problem.line <= len(lines):
        line = lines[problem.line - 1]
        shown = cleaned(line[:_LONGEST_EXCERPT]) + (" ..." if len(line) > _LONGEST_EXCERPT else "")
        text += [f"{margin} |", f"{number} | {shown}".rstrip()]
        if 0 < problem.column <= _LONGEST_EXCERPT:
            text.append(f"{margin} | {' ' * cell_len(cleaned(line[: problem.column - 1]))}^")
        else:
            text.append(f"{margin} |")
    if problem.hint:
        text.append(f"{margin} = {cleaned(problem.hint)}")
    if problem.code in RULES:
        text.append(f"{margin} = more: diamondctl rates explain {problem.code}")
    return text
