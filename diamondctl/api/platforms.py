"""Platforms beside each other: `compare`."""

from __future__ import annotations

from diamondctl.api.report import Report
from diamondctl.desk import platforms
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.problems import Misuse
from diamondctl.render import platforms as of_platforms
from diamondctl.reports import platforms as comparison
from diamondctl.reports.platforms import Comparison


def compare(chosen: Chosen, *, mine: bool = False) -> Report[Comparison]:
    """What platforms take of what fans spend; with `mine` what your own fans spent, as the others would have paid it."""
    if not mine and (chosen.files or chosen.asked.period is not None):
        raise Misuse("files and --period go with --mine")
    value = comparison.compare(platforms.facts(chosen.rates), chosen.asked.as_of or chosen.asked.today, chosen.given_region)
    if mine:
        value = comparison.with_mine(value, frame(chosen, whole=False, of_earnings=True).scope)
    return Report(value, of_platforms.DOCUMENT, of_platforms.view(value), 0 if value.complete else 3)
