"""Every report from plain values: `test_layers` runs this in a process that has no Typer."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from pathlib import Path

from diamondctl.desk import explaining, impact, importer, insight, monthly, projecting
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.staged import Importing
from diamondctl.ledger.staging import Reading
from diamondctl.ratebook import store
from diamondctl.reports import balance, explain, fees, payout, summary
from diamondctl.reports.missions import Cost
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


def habits(chosen: Chosen) -> object:
    """What the reports on LIVEs, hours, gifts and people say; people by what they gave, for aliases are each source's own."""
    made = (
        [(live.name, live.got, live.gifters, live.percent) for live in insight.streams(chosen).lives],
        [cost[1:] for cost in map(vars_of, insight.missions(chosen).costs)],
        insight.schedule(chosen).cells,
        [(kind.gift, kind.got, kind.before, kind.state) for kind in insight.gifts(chosen, (100, 1_000)).kinds],
        sorted((one.got.coins, one.got.gifts, one.before, one.state) for one in insight.gifters(chosen).people),
    )
    assert all(made)
    return made


def vars_of(cost: Cost) -> tuple[object, ...]:
    """The values of a cost, its account first."""
    return tuple(getattr(cost, field.name) for field in fields(cost))


def main() -> None:
    """Files and the ledger of them give the same; projections and the effect of rate files are there."""
    files = Chosen(files=("examples/2026-10.csv",), region="US")
    with tempfile.TemporaryDirectory() as folder:
        of_ledger = Chosen(ledger=Path(folder, "ledger"), region="US")
        importer.bring(of_ledger.ledger, files.files, Importing(Reading()), clock=lambda: "2026-11-29 12:00:00")
        assert figures(frame(files).scope) == figures(frame(of_ledger).scope)
        (_, one), (_, two) = explaining.stream(files, STREAM), explaining.stream(of_ledger, STREAM)
        assert [row[1:] for row in one.rows] == [row[1:] for row in two.rows] != []
        assert habits(files) == habits(of_ledger)
    given = Given("period", None, None, 80, 0, None, None, "", fees.Wanted(True, "", None, {}), top=1)
    assert projecting.projection(YEAR, given, "2026-11").items
    month = monthly.monthly(YEAR, fees.Wanted(True, "", None, {}))
    assert month.months and month.projection and month.habits and monthly.shared(YEAR, money=True).people
    zones = store.zones_for("tiktok", ["US", "GB"], None)
    compared = impact.impact(None, zones, zones, asked=Asked(), names=("a", "b"), limit=None)
    assert compared.impact.effects and not compared.impact.changed


if __name__ == "__main__":
    main()
