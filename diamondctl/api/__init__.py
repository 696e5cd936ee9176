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
from typing import Any, Unpack

from diamondctl import periods
from diamondctl.api.report import Report
from diamondctl.desk import choosing, estimating, importer, insight, parse, platforms, projecting, settings
from diamondctl.desk.choosing import Around, Options
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.intake import Opening
from diamondctl.desk.staged import Importing
from diamondctl.desk.summing import summed
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.rating.fees import Agreement
from diamondctl.render import balance as of_balance
from diamondctl.render import documents as of_documents
from diamondctl.render import estimate as of_estimate
from diamondctl.render import fees as of_fees
from diamondctl.render import gifts as of_gifts
from diamondctl.render import payout as of_payout
from diamondctl.render import platforms as of_platforms
from diamondctl.render import project as of_project
from diamondctl.render import rates as of_rates
from diamondctl.render import reconcile as of_reconcile
from diamondctl.render import schedule as of_schedule
from diamondctl.render import streams as of_streams
from diamondctl.render import summary as of_summary
from diamondctl.reports import balance as balances
from diamondctl.reports import fees as all_fees
from diamondctl.reports import payout
from diamondctl.reports import platforms as comparison
from diamondctl.reports import rates as of_books
from diamondctl.reports import reconcile as reconciling
from diamondctl.reports.fees import Wanted
from diamondctl.reports.gifts import BOUNDS
from diamondctl.reports.projected_goals import tier_of
from diamondctl.reports.projection import Given
from diamondctl.reports.summary import Summary

__all__ = [
    "Misuse", "Options", "Problem", "Refusal", "Report", "balance", "compare", "estimate", "fees", "gifters", "gifts",
    "import_files", "payout_check", "project", "rates", "reconcile", "schedule", "streams", "summary",
]  # fmt: skip

Place = str | Path
Number = str | int | Decimal


def _chosen(files: Sequence[Place], options: Options, opening: Number | None = None) -> Chosen:
    given = Options(**options, file=[*map(str, files)]) if files else options
    return choosing.choose(given, Around(date.today()), "" if opening is None else str(opening))


def _wanted(chosen: Chosen, method: str = "", fx: Place = "", **more: Any) -> Wanted:
    """What is taken on the way to the bank, by the settings and by what was given."""
    exchange = choosing.exchange(str(fx))
    return Wanted(True, method, None, {}, chosen.methods, chosen.agreements, exchange, chosen.tax_forms)._replace(**more)


def summary(*files: Place, **options: Unpack[Options]) -> Report[Summary]:
    """What a period earned, what moved it, what is in the wallet; a row of the frame per creator, region and currency."""
    value = summed(_chosen(files, options))
    return Report(value, of_summary.DOCUMENT, of_summary.view(value))


def balance(*files: Place, opening: Number | None = None, **options: Unpack[Options]) -> Report[balances.Balance]:
    """Where the money is at the end of a day; a row per wallet. `opening` is what it held before the files."""
    value = balances.balance(frame(_chosen(files, options, opening), whole=False).scope)
    return Report(value, of_balance.DOCUMENT, of_balance.view(value))


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
    parse.one_of(to, "to", ("bank", "reward"))
    parse.one_of(agency_of, "agency_of", ("reward", "gifts"))
    percent = parse.percent(None if agency is None else str(agency), "agency")
    agreement = None if percent is None else Agreement(percent, "gifts" if agency_of == "gifts" else "reward")
    chosen = _chosen(files, options)
    wanted = _wanted(
        chosen, method, fx, to_bank=to == "bank", agency=agreement, conditions=parse.conditions(list(conditions))
    )  # fmt: skip
    value = all_fees.fees(frame(chosen, whole=False, of_earnings=True).scope, wanted)
    return Report(value, of_fees.DOCUMENT, of_fees.view(value))


def payout_check(
    *files: Place, method: str = "", opening: Number | None = None, fx: Place = "", **options: Unpack[Options]
) -> Report[payout.PayoutCheck]:
    """Can it be withdrawn, when, what arrives; a row per wallet and step."""
    chosen = _chosen(files, options, opening)
    scope = frame(chosen, whole=False).scope
    value = payout.payout_check(scope, method, chosen.methods, _wanted(chosen, method, fx))
    return Report(value, of_payout.DOCUMENT, of_payout.view(value))


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
) -> Report[Any]:
    """A range for the coming period, or for an amount; `lives` and `hours` suppose so many of them in the period."""
    period = str(options.pop("period", ""))
    if sum((until is not None, threshold, bool(period))) > 1:
        raise Misuse("choose one of period, until and threshold")
    chosen = _chosen(files, options, opening)
    amount = parse.amount("" if until is None else str(until), "until")
    given = Given(
        question="until" if amount is not None else "threshold" if threshold else "period",
        period=None,
        amount=amount,
        level=level,
        seed=seed,
        tiers=tuple(map(tier_of, goals)),
        streams=lives,
        quarters=parse.hours("" if hours is None else str(hours)),
        payout_method=method,
        wanted=_wanted(chosen, method, fx),
        top=without_top,
    )
    value = projecting.projection(chosen, given, period)
    return Report(value, of_project.DOCUMENT, of_project.view(value))


def streams(*files: Place, **options: Unpack[Options]) -> Report[Any]:
    """Each LIVE with time, length, gifts, diamonds and reward; a row per LIVE."""
    value = insight.streams(_chosen(files, options))
    return Report(value, of_streams.DOCUMENT, of_streams.view(value))


def schedule(*files: Place, **options: Unpack[Options]) -> Report[Any]:
    """When the LIVEs were, and what each hour brought; a row per weekday and hour."""
    value = insight.schedule(_chosen(files, options))
    return Report(value, of_schedule.DOCUMENT, of_schedule.view(value))


def gifts(*files: Place, bounds: tuple[int, int] = BOUNDS, **options: Unpack[Options]) -> Report[Any]:
    """By gift and by tier; `bounds` are the coins from which a gift is middle, and large."""
    value = insight.gifts(_chosen(files, options), bounds)
    return Report(value, of_gifts.GIFTS, of_gifts.gifts_view(value))


def gifters(*files: Place, names: bool = False, **options: Unpack[Options]) -> Report[Any]:
    """By gifter, as aliases unless `names` are asked for; a row per gifter."""
    value = insight.gifters(_chosen(files, options), names=names)
    return Report(value, of_gifts.GIFTERS, of_gifts.gifters_view(value))


def reconcile(tolerance: Number = 0, fx: Place = "", **options: Unpack[Options]) -> Report[Any]:
    """Payouts of the ledger beside the credits that paid for them; what is left is `unexplained`."""
    chosen = _chosen((), options)
    at_most = parse.amount(str(tolerance), "tolerance", zero=True) or Decimal(0)
    scope = frame(chosen, about_period=False).scope
    of_period = chosen.asked.period is not None
    value = reconciling.reconcile(scope, _wanted(chosen, "", fx), at_most, of_period=of_period)
    return Report(value, of_reconcile.DOCUMENT, of_reconcile.view(value))


def compare(*files: Place, mine: bool = False, **options: Unpack[Options]) -> Report[Any]:
    """What platforms take of what fans spend; with `mine` what your own fans spent, as the others would have paid it."""
    chosen = _chosen(files, options)
    value = comparison.compare(platforms.facts(chosen.rates), chosen.asked.as_of or date.today(), chosen.given_region)
    if mine:
        value = comparison.with_mine(value, frame(chosen, whole=False, of_earnings=True).scope)
    return Report(value, of_platforms.DOCUMENT, of_platforms.view(value))


def estimate(coins: int, **options: Unpack[Options]) -> Report[Any]:
    """What so many coins are for you, no more exactly than a file would say."""
    chosen = _chosen(("-",), options)
    value = estimating.estimate_of(coins, chosen, chosen.asked.as_of or date.today(), chosen.creator or "you")
    return Report(value, of_estimate.DOCUMENT, of_estimate.view(value))


def rates(platform: str = "tiktok", rates: Place = "") -> Report[Any]:
    """The rate files, a row per zone: its regions, the reward that holds today, and how well it is known."""
    folder = parse.folder(str(rates), "rates")
    zones = store.load_all(folder, platform)
    today = date.today()
    value = [row for zone in zones for row in of_books.zone_rows([zone], periods.day_start(today, zone.timezone))]
    return Report(value, of_rates.LIST, of_rates.list_view(value))


def import_files(
    *files: Place,
    ledger: Place = "",
    creator: str = "",
    region: str = "",
    input_timezone: str = "",
    encoding: str = "",
    profile: Place = "",
    keep_good: bool = False,
    prefer: str = "",
    dry_run: bool = False,
) -> Report[Any]:
    """Add documents to a ledger, all of them or none; a row per file. Repeating it changes nothing."""
    reading = Reading(
        creator=creator,
        input_timezone=parse.timezone(input_timezone, "input_timezone"),
        encoding=parse.encoding(encoding),
        region=parse.region(region),
    )
    importing = Importing(
        reading=reading,
        opening=Opening(reading.encoding),
        keep_good=keep_good,
        prefer=prefer,
        dry_run=dry_run,
        profiles=choosing.profiles(str(profile)),
    )
    folder = settings.ledger_folder(str(ledger), "")
    chosen = _chosen((), Options(ledger=folder))
    value = importer.bring(folder, [*map(str, files)], importing, chosen=chosen, clock=_moment)
    return Report(value, of_documents.IMPORT, of_documents.import_view(value))


def _moment() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
