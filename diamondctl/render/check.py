"""What `rates check` found, in the forms every report has and two more: one line each, and with the line of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.cells import cell_len

from diamondctl.problems import Problem
from diamondctl.ratebook.rules import RULES, SEVERITIES, severity
from diamondctl.render import github, junit, sarif
from diamondctl.render.tables import Laid, Line, notes
from diamondctl.render.text import clean as cleaned
from diamondctl.render.view import Clean, View, records
from diamondctl.reports.check import Checked
from diamondctl.words import counted

# Formats that only a check has, with the ending of a file that picks each.
FORMATS: Final = {"full": "", "concise": "", "github": "", "sarif": ".sarif", "junit": ".xml"}
COLUMNS: Final = ("severity", "file", "line", "column", "code", "message", "hint")
_LONGEST_EXCERPT: Final = 300


def view(checked: Checked, lines: Mapping[str, Sequence[str]]) -> View:
    """The report in all its forms. `lines` are those of the files that have problems."""
    rows = [problem_json(problem) for problem in checked.problems]
    return View(
        lambda width, rule, clean: screen(checked, width, clean),
        lambda: document(checked),
        lambda: records(rows, COLUMNS, ("line", "column")),
        {
            "full": lambda: full(checked, lines),
            "concise": lambda: concise(checked.problems),
            "github": lambda: github.commands(checked.problems, counts(checked)),
            "sarif": lambda: sarif.log(checked.problems),
            "junit": lambda: junit.suites(checked),
        },
    )


def line_of(problem: Problem) -> str:
    """`file:line:column CODE message (hint)`; what is no error says so."""
    kind = severity(problem.code)
    return str(problem if kind == "error" else problem._replace(message=f"{kind}: {problem.message}"))


def screen(checked: Checked, width: int | None, clean: Clean) -> Laid:
    """Problems one a line, never wrapped, then the count."""
    styles = {"error": "error", "warning": "warning", "notice": "note"}
    problems = [Line(styles[severity(problem.code)], clean(line_of(problem))) for problem in checked.problems]
    if (rest := checked.total - len(problems)) > 0:
        problems.append(Line("error", f"... and {counted(rest, 'more problem')}."))
    return Laid((*problems, *notes([counts(checked)], width, kind="row").parts))


def counts(checked: Checked) -> str:
    """`2 errors, 1 notice in 9 files (41 entries, 23 examples: 23 pass).`"""
    entries = f"{checked.entries:,} entr{'y' if checked.entries == 1 else 'ies'}"
    examples = f"{counted(checked.examples, 'example')}: {checked.passing:,} pass"
    inside = f"{counted(len(checked.files), 'file')} ({entries}, {examples})"
    numbers = [(checked.count(kind), kind) for kind in SEVERITIES]
    found = [counted(number, kind) if number else "No errors" for number, kind in numbers if number or kind == "error"]
    return f"{', '.join(found)} in {inside}."


def document(checked: Checked) -> dict[str, Any]:
    """`diamondctl.rates-check/1`."""
    wanted = checked.wanted
    return {
        "schema": "diamondctl.rates-check/1",
        "complete": True,
        "as_of": str(wanted.on),
        "data": {
            "files": len(checked.files),
            "entries": checked.entries,
            "examples": checked.examples,
            "examples_passing": checked.passing,
            "passed": not checked.failed,
            "strict": checked.strict,
            "max_age": wanted.max_age,
            "require": wanted.require or None,
            "problems_total": checked.total,
            **{f"{kind}s": checked.count(kind) for kind in SEVERITIES},
            "problems": [problem_json(problem) for problem in checked.problems],
        },
        "warnings": [],
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem with its severity."""
    return {
        "code": problem.code,
        "severity": severity(problem.code),
        "message": problem.message,
        "hint": problem.hint or None,
        "file": problem.file,
        "line": problem.line or None,
        "column": problem.column or None,
    }


def concise(problems: Sequence[Problem]) -> str:
    """One line each and nothing else, for editors and `grep`."""
    return "".join(cleaned(line_of(problem)) + "\n" for problem in problems)


def full(checked: Checked, lines: Mapping[str, Sequence[str]]) -> str:
    """Each problem with the line it stands on, what mends it, and where to read more."""
    parts = ["\n".join(_excerpt(problem, lines.get(problem.file, ()))) + "\n" for problem in checked.problems]
    if (rest := checked.total - len(parts)) > 0:
        parts.append(f"... and {counted(rest, 'more problem')}.\n")
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
