"""A command that is killed, or whose disk fails, leaves the ledger as it was before or as it is after.

Here a seeded sample of points; every point: `python -m tests.ledger.faults --all`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger import faults

POINTS = 50


@pytest.mark.skipif(bool(faults.cannot_trace()), reason=faults.cannot_trace() or "-")
def test_a_command_is_done_wholly_or_not_at_all(tmp_path: Path) -> None:
    """SIGKILL, Ctrl-C, ENOSPC and EIO at writes of every command that changes a ledger."""
    laboratory = faults.Laboratory(tmp_path)
    trials = laboratory.trials()
    outcomes = list(laboratory.run(faults.sample(trials, POINTS)))
    assert not [str(outcome) for outcome in outcomes if outcome.wrong]
    # The sample is worth something: faults fell where they were meant to, and both sides of the commit were met.
    assert sum(bool(outcome.met) for outcome in outcomes) > 0.9 * POINTS
    assert {outcome.state for outcome in outcomes} == {"before", "after"}
    assert {outcome.trial.action.name for outcome in outcomes} == {action.name for action in faults.ACTIONS}
