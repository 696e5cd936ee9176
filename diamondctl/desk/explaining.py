"""Everything about one stream, to the lines of the files in which its gifts stand."""

from __future__ import annotations

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.gift_places import OfStream, rows_of
from diamondctl.problems import Refusal
from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.records import INFERRED
from diamondctl.reports import explain
from diamondctl.reports.explain import StreamReport
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
