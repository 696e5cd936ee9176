"""From the wallet to the bank: `fees`, `payout check`, `payout guide`, `reconcile`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from diamondctl.api.report import Report
from diamondctl.desk import parse
from diamondctl.desk.choosing import taken
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.rating.fees import Agreement
from diamondctl.render import fees as of_fees
from diamondctl.render import guide as of_guide
from diamondctl.render import payout as of_payout
from diamondctl.render import reconcile as of_reconcile
from diamondctl.reports import fees as all_fees
from diamondctl.reports import guide, payout
from diamondctl.reports import reconcile as reconciling
from diamondctl.reports.verdict import exit_code


def fees(
    chosen: Chosen,
    *,
    to: str = "bank",
    method: str = "",
    agency: str | None = None,
    agency_of: str = "reward",
    conditions: Sequence[str] = (),
    fx: str = "",
) -> Report[all_fees.Fees]:
    """Every step from gift value to the bank."""
    parse.one_of(to, "--to", ("bank", "reward"))
    parse.one_of(agency_of, "--agency-of", ("reward", "gifts"))
    percent = parse.percent(agency, "--agency")
    agreement = None if percent is None else Agreement(percent, "gifts" if agency_of == "gifts" else "reward")
    answers = parse.conditions(list(conditions))
    wanted = taken(chosen, method, fx)._replace(to_bank=to == "bank", agency=agreement, conditions=answers)
    scope = frame(chosen, whole=False, of_earnings=True).scope
    value = all_fees.fees(scope, wanted)
    code = 1 if scope.not_corrected else 0 if value.complete else 3
    return Report(value, of_fees.DOCUMENT, of_fees.view(value), code)


def _checked(chosen: Chosen, method: str, fx: str) -> payout.PayoutCheck:
    wanted = taken(chosen, method, fx)
    return payout.payout_check(frame(chosen, whole=False).scope, method, chosen.methods, wanted)


def check(chosen: Chosen, *, method: str = "", fx: str = "") -> Report[payout.PayoutCheck]:
    """Can it be withdrawn, when, what arrives. The exit code is the verdict."""
    value = _checked(chosen, method, fx)
    code = exit_code((item.verdict for item in value.checks), complete=value.complete)
    return Report(value, of_payout.DOCUMENT, of_payout.view(value), code)


def walk(chosen: Chosen, *, method: str = "", fx: str = "") -> Report[guide.PayoutGuide]:
    """How a payout is asked for, step by step."""
    value = guide.payout_guide(_checked(chosen, method, fx))
    return Report(value, of_guide.DOCUMENT, of_guide.view(value), value.scope.exit_code)


def reconcile(chosen: Chosen, *, tolerance: str = "0", fx: str = "") -> Report[reconciling.Reconciliation]:
    """Payouts beside the credits that paid for them; exit code 1 while more than `tolerance` is unexplained."""
    at_most = parse.amount(tolerance, "--tolerance", zero=True) or Decimal(0)
    wanted = taken(chosen, "", fx)
    scope = frame(chosen, about_period=False).scope
    value = reconciling.reconcile(scope, wanted, at_most, of_period=chosen.asked.period is not None)
    code = 1 if not value.is_whole else scope.exit_code or (0 if value.complete else 3)
    return Report(value, of_reconcile.DOCUMENT, of_reconcile.view(value), code)
