"""What was earned, and where it is: `summary` and `balance`."""

from __future__ import annotations

from diamondctl.api.report import Report
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.summing import summed
from diamondctl.render import balance as of_balance
from diamondctl.render import summary as of_summary
from diamondctl.reports import balance as balances
from diamondctl.reports.summary import Summary


def summary(chosen: Chosen) -> Report[Summary]:
    """What a period earned, what moved it, what is in the wallet."""
    value = summed(chosen)
    return Report(value, of_summary.DOCUMENT, of_summary.view(value), value.scope.exit_code)


def balance(chosen: Chosen) -> Report[balances.Balance]:
    """Where the money is at the end of a day."""
    value = balances.balance(frame(chosen, whole=False).scope)
    return Report(value, of_balance.DOCUMENT, of_balance.view(value), value.scope.exit_code)
