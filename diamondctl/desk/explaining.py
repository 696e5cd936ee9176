"""Everything about one stream or one payout, to the lines of the files in which its gifts stand."""

from __future__ import annotations

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.gift_places import OfStream, Stands, places_between, rows_of
from diamondctl.problems import Problem, Refusal
from diamondctl.rating.lots import Part
from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.records import INFERRED
from diamondctl.reports import explain
from diamondctl.reports.explain import StreamReport
from diamondctl.reports.fees import Wanted
from diamondctl.reports.paid import PaidLot, PayoutExplained, explained
from diamondctl.reports.reconcile import reconcile
from diamondctl.reports.scope import Scope


def stream(chosen: Chosen, name: str, rows: int = 0) -> tuple[Scope, StreamReport]:
    """The frame, and the stream with this id, or in which a gift was sent at this time (without a zone: the reporting one).

    `rows` of its gifts are in the report; 0 is all. Refuses (A020) a name that is none, or that of several.
    """
    scope = frame(chosen, about_period=False).scope
    quarter = None
    try:
        zone = scope.accounts[0].timezone if scope.accounts else "UTC"
        quarter = cells.timestamp(name, zone)[0] // periods.QUARTER
    except (CellError, Refusal):
        pass  # then it is an id
    account, found = explain.find_stream(scope, name, quarter)
    report = explain.stream(scope, account, found, quarter, (), 0)
    named = "" if found.startswith(INFERRED) else found
    gifts = rows_of(chosen, OfStream(account.creator, account.region, named, report.first, report.last))
    shown = gifts[:rows] if rows else gifts
    return scope, report._replace(rows=tuple(shown), more_rows=len(gifts) - len(shown))


def payout(chosen: Chosen, name: str, wanted: Wanted) -> PayoutExplained:
    """The payout with this id, and what paid for it. Refuses (L009) what is none."""
    report = reconcile(frame(chosen, about_period=False).scope, wanted)
    bridge = next((one for one in report.bridges if name in one.payout.names), None)
    if bridge is None:
        raise Refusal(Problem("L009", f"no payout '{name}' by {report.scope.as_of}", "see: diamondctl records list"))
    credits = [part.lot.credit for part in bridge.paid.parts if part.lot.credit is not None]
    gifts: list[Stands] = []
    if credits:
        first, last = min(credit.first for credit in credits), max(credit.last for credit in credits)
        gifts = places_between(chosen, bridge.account.creator, first, last)
    return explained(report, bridge, [_lot(part, gifts) for part in bridge.paid.parts])


def _lot(part: Part, gifts: list[Stands]) -> PaidLot:
    credit = part.lot.credit
    if credit is None:
        return PaidLot(part, 0, 0, tuple((part.lot.record.places if part.lot.record is not None else "").split()))
    held = {(row.stream, row.quarter) for row in credit.rows}
    mine = [one for one in gifts if (one.stream, one.quarter) in held]
    lines: dict[str, list[int]] = {}
    for one in mine:
        for file, line in one.places[:1]:
            lines.setdefault(file, []).append(line)
    places = tuple(f"{file}:{min(some)}" + (f"-{max(some)}" if len(some) > 1 else "") for file, some in sorted(lines.items()))
    return PaidLot(part, len(mine), sum(one.coins for one in mine), places)
