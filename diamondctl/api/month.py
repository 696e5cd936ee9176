"""The month of one creator, to read and to post: `report month` and `report share`."""

from __future__ import annotations

from diamondctl.api.report import Report
from diamondctl.desk.choosing import taken
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.monthly import monthly, shared
from diamondctl.problems import Misuse
from diamondctl.render import month as of_month
from diamondctl.render import share as of_share
from diamondctl.render.formats import FORMATS
from diamondctl.reports import month as months
from diamondctl.reports.scope import Scope
from diamondctl.reports.share import Share
from diamondctl.words import few


def _one_creator(scope: Scope) -> None:
    if len(names := months.creators(scope)) > 1:
        raise Misuse(f"it is of one creator: say --creator NAME ({few(names)})")


def month(chosen: Chosen, *, method: str = "", fx: str = "") -> Report[months.Report]:
    """A month on one page: money, LIVEs, gifts, what may come."""
    value = monthly(chosen, taken(chosen, method, fx))
    _one_creator(value.scope)
    code = value.scope.exit_code
    if not value.scope.not_corrected:
        code = code or (0 if value.fees.complete else 3)
    return Report(value, of_month.DOCUMENT, of_month.view(value), code, (*FORMATS, of_month.HTML))


def share(chosen: Chosen, *, money: bool = False) -> Report[Share]:
    """What may be posted of a period."""
    value = shared(chosen, money=money)
    _one_creator(value.scope)
    return Report(value, of_share.DOCUMENT, of_share.view(value), value.scope.exit_code, (*FORMATS, of_share.SVG))
