"""Runs the cases on a command line: one line a failure, then how many pass."""

from __future__ import annotations

import sys

from tests.conformance.cases import Answer, ask, cases


def words(answer: Answer) -> str:
    """An answer as a person reads it."""
    return "refused" if answer.gifts is None else f"{answer.gifts} gifts, {answer.coins} coins"


def main(command: list[str]) -> int:
    """1 where a case fails."""
    found = cases()
    failed = 0
    for case in found:
        said = ask(command, case.path)
        if said != case.expected:
            failed += 1
            print(f"{case.name}: {words(said)}, not {words(case.expected)} ({case.about})")
    print(f"{len(found) - failed} of {len(found)} pass.")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.conformance COMMAND...")
    sys.exit(main(sys.argv[1:]))
