"""Other interpreters, DuckDBs and pandas give the same papers: those that DIAMONDCTL_PYTHONS names, as PATH names folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.bench.versions import compared

OTHERS = [name for name in os.environ.get("DIAMONDCTL_PYTHONS", "").split(os.pathsep) if name]


@pytest.mark.skipif(not OTHERS, reason="DIAMONDCTL_PYTHONS names no other interpreter (see .ci/run)")
def test_every_interpreter_writes_the_same_papers_and_verifies_those_of_the_others(tmp_path: Path) -> None:
    """To the byte, and to the cent."""
    assert compared([sys.executable, *OTHERS], tmp_path) == []
