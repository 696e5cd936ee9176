"""The library: a function for each command, on plain values. Reads files and ledgers, never the network; prints nothing.

Every option of a command is a keyword of its name (`Options`), and means the same: `summary("gifts.csv", region="US")`. Without
files the ledger is read, and the settings count as for a command; environment variables do not. What nobody can answer raises
`Refusal`, whose `problems` have a code, a place and a remedy; options that nothing can be done with raise `Misuse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Unpack

from diamondctl.api import earnings, habits, imports, outlook, payouts, platforms, rate_files, statements
from diamondctl.api.imports import ImportOptions
from diamondctl.api.report import Report
from diamondctl.desk import choosing, parse
from diamondctl.desk.choosing import Around, Options
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.render.verified import Verified
from diamondctl.reports import balance as balances
from diamondctl.reports import fees as all_fees
from diamondctl.reports import payout
from diamondctl.reports.documents import Import
from diamondctl.reports.estimate import Estimate
from diamondctl.reports.gifts import BOUNDS, Gifters, Gifts
from diamondctl.reports.platforms import Comparison
from diamondctl.reports.projection import ProjectionReport
from diamondctl.reports.rates import ZoneRow
from diamondctl.reports.reconcile import Reconciliation
from diamondctl.reports.schedule import Schedule
from diamondctl.reports.statement import Statement
from diamondctl.reports.streams import Streams
from diamondctl.reports.summary import Summary

__all__ = [
    "Misuse", "Options", "Problem", "Refusal", "Report", "balance", "compare", "estimate", "fees", "gifters", "gifts",
    "import_files", "payout_check", "project", "rates", "reconcile", "schedule", "statement", "streams", "summary", "verify",
    "year",
]  # fmt: skip

Place = str | Path
Number = str | int | Decimal


def _around() -> Around:
    return Around(date.today())


def _of(files: Sequence[Place], options: Options) -> Options:
    return Options(**{**options, "file": [*map(str, files)]}) if files else options


def _chosen(files: Sequence[Place], options: Options, opening: Number | None = None) -> Chosen:
    return choosing.choose(_of(files, options), _around(), _text(opening))


def _text(number: Number | None) -> str:
    return "" if number is None else str(number)


def summary(*files: Place, **options: Unpack[Options]) -> Report[Summary]:
    """What a period earned, what moved it, what is in the wallet; a row of the frame per creator, region and currency."""
    return earnings.summary(_chosen(files, options))


def balance(*files: Place, opening: Number | None = None, **options: Unpack[Options]) -> Report[balances.Balance]:
    """Where the money is at the end of a day; a row per wallet. `opening` is what it held before the files."""
    return earnings.balance(_chosen(files, options, opening))


def fees(
    *files: Place,
    to: str = "bank",
    method: str = "",
    agency: Number | None = None,
    agency_of: str = "reward",
    conditions: Sequence[str] = (),
    fx: Place = "",
    **options: Unpack[Options],
) -> Report[all_fees.Fees]:
    """Every step from gift value to the bank; a row per account, method and step. `conditions` such as `no_tax_form=no`."""
    percent = None if agency is None else str(agency)
    return payouts.fees(
        _chosen(files, options), to=to, method=method, agency=percent, agency_of=agency_of, conditions=conditions, fx=str(fx)
    )  # fmt: skip


def payout_check(
    *files: Place, method: str = "", opening: Number | None = None, fx: Place = "", **options: Unpack[Options]
) -> Report[payout.PayoutCheck]:
    """Can it be withdrawn, when, what arrives; a row per wallet and step."""
    return payouts.check(_chosen(files, options, opening), method=method, fx=str(fx))


def project(
    *files: Place,
    until: Number | None = None,
    threshold: bool = False,
    goals: Sequence[str] = (),
    lives: int | None = None,
    hours: Number | None = None,
    without_top: int = 0,
    method: str = "",
    opening: Number | None = None,
    level: int = 80,
    seed: int = 0,
    fx: Place = "",
    **options: Unpack[Options],
) -> Report[ProjectionReport]:
    """A range for the coming period, or for an amount; `lives` and `hours` suppose so many of them in the period."""
    period = str(options.pop("period", ""))
    return outlook.project(
        _chosen(files, options, opening),
        period,
        until=_text(until),
        threshold=threshold,
        goals=goals,
        streams=lives,
        hours=_text(hours),
        without_top=without_top,
        method=method,
        level=level,
        seed=seed,
        fx=str(fx),
    )


def streams(*files: Place, **options: Unpack[Options]) -> Report[Streams]:
    """Each LIVE with time, length, gifts, diamonds and reward; a row per LIVE."""
    return habits.streams(_chosen(files, options))


def schedule(*files: Place, **options: Unpack[Options]) -> Report[Schedule]:
    """When the LIVEs were, and what each hour brought; a row per weekday and hour."""
    return habits.schedule(_chosen(files, options))


def gifts(*files: Place, bounds: tuple[int, int] = BOUNDS, **options: Unpack[Options]) -> Report[Gifts]:
    """By gift and by tier; `bounds` are the coins from which a gift is middle, and large."""
    return habits.gifts(_chosen(files, options), bounds=",".join(map(str, bounds)))


def gifters(*files: Place, names: bool = False, **options: Unpack[Options]) -> Report[Gifters]:
    """By gifter, as aliases unless `names` are asked for; a row per gifter."""
    return habits.gifters(_chosen(files, options), names=names)


def reconcile(tolerance: Number = 0, fx: Place = "", **options: Unpack[Options]) -> Report[Reconciliation]:
    """Payouts of the ledger beside the credits that paid for them; what is left is `unexplained`."""
    return payouts.reconcile(_chosen((), options), tolerance=str(tolerance), fx=str(fx))


def compare(*files: Place, mine: bool = False, **options: Unpack[Options]) -> Report[Comparison]:
    """What platforms take of what fans spend; with `mine` what your own fans spent, as the others would have paid it."""
    return platforms.compare(_chosen(files, options), mine=mine)


def estimate(coins: int, **options: Unpack[Options]) -> Report[Estimate]:
    """What so many coins are for you, no more exactly than a file would say."""
    return outlook.estimate(str(coins), _chosen(("-",), options))


def statement(*files: Place, **options: Unpack[Options]) -> Report[Statement]:
    """What was there, what came and went, what is there, of one creator; a row per line. `save` it for `verify`."""
    given = _of(files, options)
    return statements.statement(choosing.choose(given, _around()), given)


def year(*files: Place, form: Number | None = None, **options: Unpack[Options]) -> Report[Statement]:
    """The same of a year with its months; `form` is what a payer's form says of it."""
    given = _of(files, options)
    return statements.year(choosing.choose(given, _around()), given, form=_text(form))


def verify(statement: Place, *files: Place, ledger: Place = "", rates: Place = "", profile: Place = "") -> Report[Verified]:
    """Whether a statement that was saved as JSON comes out the same again, from these files or from the ledger."""
    names = [*map(str, files)]
    return statements.verify(
        str(statement), names, _around(), ledger=str(ledger), rates=str(rates), profile=str(profile)
    )  # fmt: skip


def rates(platform: str = "tiktok", rates: Place = "") -> Report[list[ZoneRow]]:
    """The rate files, a row per zone: its regions, the reward that holds today, and how well it is known."""
    return rate_files.listed(platform, parse.folder(str(rates), "--rates"), date.today())


def import_files(*files: Place, **options: Unpack[ImportOptions]) -> Report[Import]:
    """Add documents to a ledger, all of them or none; a row per file. Repeating it changes nothing."""
    brought = imports.bring([*map(str, files)], options, _around(), clock=_moment)
    return (brought if options.get("dry_run") else imports.finish(brought, _around())).report()


def _moment() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
