"""Where a figure comes from: `explain reward`, a LIVE by its id, a payout by its id."""

from __future__ import annotations

from diamondctl.api.report import Report
from diamondctl.desk import explaining
from diamondctl.desk.choosing import taken
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.render import explain as of_explain
from diamondctl.render import reconcile as of_reconcile
from diamondctl.reports import explain
from diamondctl.reports.paid import PayoutExplained


def reward(chosen: Chosen) -> Report[explain.RewardReport]:
    """Every credit of a period with what it rests on."""
    value = explain.reward(frame(chosen, of_earnings=True).scope)
    return Report(value, of_explain.REWARD, of_explain.reward_view(value), value.scope.exit_code)


def stream(chosen: Chosen, name: str, rows: int) -> Report[explain.StreamReport]:
    """A LIVE down to so many of its gifts; 0 is all."""
    scope, value = explaining.stream(chosen, name, rows)
    return Report(value, of_explain.STREAM, of_explain.stream_view(value), scope.exit_code)


def payout(chosen: Chosen, name: str, *, fx: str = "", letter: bool = False) -> Report[PayoutExplained]:
    """Which LIVEs paid for a payout, down to files and lines, and what was taken on the way; as a `letter` a page of it."""
    value = explaining.payout(chosen, name, taken(chosen, "", fx))
    view = (of_reconcile.letter_view if letter else of_reconcile.explained_view)(value)
    return Report(value, of_reconcile.EXPLAIN, view, value.scope.exit_code or (0 if value.complete else 3))
