"""Every code of rate files has a page, and every page is true: what it calls mended mends the golden broken file."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from diamondctl.problems import CODES
from diamondctl.ratebook.rules import RULES, SEVERITIES
from tests.support import run
from tests.test_errors import ERRORS, golden


def test_every_code_of_rate_files_has_a_page() -> None:
    assert sorted(RULES) == sorted(code for code in CODES if code[0] == "R")
    for rule in RULES.values():
        assert rule.severity in SEVERITIES
        assert rule.broken and rule.mended and rule.broken != rule.mended
        assert rule.why.endswith(".")


def mend(folder: Path, broken: str, mended: str) -> None:
    """Replace the broken piece in the last file that has it, else rename the file of that name."""
    holders = [path for path in sorted(folder.rglob("*.yaml")) if broken in path.read_text("utf-8")]
    if holders:
        holders[-1].write_text(holders[-1].read_text("utf-8").replace(broken, mended, 1), "utf-8")
    else:
        (folder / broken).rename(folder / mended)


# Pages whose broken piece is a command line.
COMMANDS = {"R301", "R302", "R303"}


@pytest.mark.parametrize("code", sorted(set(RULES) - COMMANDS))
def test_the_mended_piece_mends_the_golden_broken_file(code: str, tmp_path: Path) -> None:
    shutil.copytree(ERRORS / code, tmp_path, dirs_exist_ok=True)
    mend(tmp_path, RULES[code].broken, RULES[code].mended)
    result = run(*shlex.split((tmp_path / "cmd").read_text("utf-8")), cwd=tmp_path)
    assert code in golden(code).out
    found = set(re.findall(r"(?<!\S)R[0-9]{3}(?= )", result.out))
    assert code not in found, result.out
    assert not [other for other in found if RULES[other].severity == "error"], result.out
    assert not result.err


def test_a_page_shows_what_and_why_and_both_pieces() -> None:
    page = run("rates", "explain", "r021").out
    assert page.startswith("R021 (error): a percentage that looks like a fraction\n")
    for part in ("percent: 0.5}}", "percent: 50}}", "Broken", "Mended"):
        assert part in page


def test_a_code_that_is_not_there_is_refused_with_the_nearest() -> None:
    result = run("rates", "explain", "R0211")
    assert (result.code, result.out) == (2, "")
    assert "'R0211' is not a code of rate files: did you mean R021?" in result.err
