"""Every report from plain values: `test_layers` runs this in a process that has no Typer."""

from __future__ import annotations

import tempfile
from pathlib import Path

from diamondctl.desk import explaining, impact, importer, projecting
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.staged import Importing
from diamondctl.ledger.staging import Reading
from diamondctl.ratebook import store
from diamondctl.reports import balance, explain, fees, payout, summary
from diamondctl.reports.projection import Given
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import NO_METHODS, Asked

STREAM = "7482242120385090473"
YEAR = Chosen(files=("examples/year/gb-2026.csv",))


def figures(scope: Scope) -> object:
    """What the reports on a frame say of money."""
    wanted = fees.Wanted(True, "", None, {})
    made = (
        [wallet.earned for wallet in summary.summarise(scope).rolls],
        [state.earned for state in balance.balance(scope).states],
        [account.waterfalls for account in fees.fees(scope, wanted).accounts],
        [check.answer for check in payout.payout_check(scope, "", NO_METHODS).checks],
        [account.reward for account in explain.reward(scope).accounts],
    )
    assert all(made)
    return made


def main() -> None:
    """Files and the ledger of them give the same; projections and the effect of rate files are there."""
    files = Chosen(files=("examples/2026-10.csv",), region="US")
    with tempfile.TemporaryDirectory() as folder:
        of_ledger = Chosen(ledger=Path(folder, "ledger"), region="US")
        importer.bring(of_ledger.ledger, files.files, Importing(Reading()), clock=lambda: "2026-11-29 12:00:00")
        assert figures(frame(files).scope) == figures(frame(of_ledger).scope)
        (_, one), (_, two) = explaining.stream(files, STREAM), explaining.stream(of_ledger, STREAM)
        assert [row[1:] for row in one.rows] == [row[1:] for row in two.rows] != []
    given = Given("period", None, None, 80, 0, None, None, "", fees.Wanted(True, "", None, {}), top=1)
    assert projecting.projection(YEAR, given, "2026-11").items
    zones = store.zones_for("tiktok", ["US", "GB"], None)
    compared = impact.impact(None, zones, zones, asked=Asked(), names=("a", "b"), limit=None)
    assert compared.impact.effects and not compared.impact.changed


if __name__ == "__main__":
    main()
