"""What a check found as JUnit XML, which GitLab and most test viewers read: suites of cases.

Of rate files a suite is a file, and a case a problem. A problem that decides the exit code is a failure; one that does not is
a case that passes and says so. A file without problems is one case that passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from diamondctl.problems import Problem
from diamondctl.ratebook.rules import severity
from diamondctl.render.text import clean
from diamondctl.reports.check import Checked


class Case(NamedTuple):
    """One thing that was looked at: `kind` is what sort of failure it is, `text` what is said of it."""

    kind: str
    name: str
    fails: bool = False
    text: str = ""
    message: str = ""  # of a failure; blank: its name


def document(name: str, suites: Mapping[str, Sequence[Case]], *, of_files: bool = False) -> str:
    """A whole JUnit file; the suites of files name them."""
    root = ElementTree.Element("testsuites", name=name)
    for title, cases in suites.items():
        failing = sum(case.fails for case in cases)
        numbers = {"tests": str(len(cases)), "failures": str(failing), "errors": "0", "skipped": "0"}
        suite = ElementTree.SubElement(root, "testsuite", {"name": clean(title) or "-", **numbers})
        for case in cases:
            _case(suite, clean(title), case, of_files=of_files)
    root.set("tests", str(sum(map(len, suites.values()))))
    root.set("failures", str(sum(case.fails for cases in suites.values() for case in cases)))
    ElementTree.indent(root)
    # ASCII, other characters as references: so it is the same file whatever encoding it is written in.
    text = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(suite: ElementTree.Element, title: str, case: Case, *, of_files: bool) -> None:
    more = {"file": title} if of_files else {}
    # A file without a name is one that cannot be told; its only case says so by its class.
    item = ElementTree.SubElement(suite, "testcase", {"classname": title or "-", "name": clean(case.name), **more})
    if case.fails:
        message = clean(case.message or case.name)
        ElementTree.SubElement(item, "failure", message=message, type=case.kind).text = clean(case.text)
    elif case.text:
        ElementTree.SubElement(item, "system-out").text = clean(case.text)


def suites(checked: Checked) -> str:
    """What a check of rate files found, as a whole JUnit file."""
    by_file: dict[str, list[Problem]] = {file: [] for file in checked.files}
    for problem in checked.problems:
        by_file.setdefault(problem.file, []).append(problem)
    if (rest := checked.total - len(checked.problems)) > 0:
        by_file["(not listed)"] = [Problem("R005", f"{rest:,} more problems")]
    return document(
        "diamondctl rates check",
        {
            file: [_of_problem(problem, checked.fails(problem)) for problem in problems] or [Case("", "no problem")]
            for file, problems in by_file.items()
        },
        of_files=True,
    )


def _of_problem(problem: Problem, fails: bool) -> Case:
    place = f"{problem.code} line {problem.line}:" if problem.line else problem.code
    text = f"{severity(problem.code)}: {problem}"
    return Case(problem.code, f"{place} {problem.message}", fails, text, problem.message)
