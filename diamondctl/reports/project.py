"""What will be earned, and when it reaches the bank: a range from the creator's own past, with the back-test of such ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from diamondctl import periods
from diamondctl.forecast.values import Ask, Band, Forecast, History, StreamDay
from diamondctl.money import ZERO, Range, exact, total
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import Minimum, NotKnown, RateEntry, Zone
from diamondctl.records import Usage
from diamondctl.reports import projected_share, remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.balance import State, state_of
from diamondctl.reports.projected_bank import banks_of
from diamondctl.reports.projected_share import Priced, priced, rows_of
from diamondctl.reports.projection import (
    EPOCH,
    Cell,
    Given,
    Line,
    Month,
    Projection,
    ProjectionReport,
    Reach,
    day_of,
    number,
)
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account

MONTHS_SHOWN: Final = 6
HORIZONS: Final = (31, 62, 124, 248, 496, 992)  # days ahead in which an amount is looked for


def history_of(account: Account, scope: Scope) -> History | None:
    """The streams of an account by day; one for all nameless gifts of a day. None: it has none."""
    found: dict[tuple[str, date], list[Usage]] = {}
    for row in rows_of(account):
        key = (row.stream, EPOCH) if row.stream else ("", periods.local_day(row.quarter, account.timezone))
        found.setdefault(key, []).append(row)
    streams = []
    for (name, _), rows in found.items():
        first, last = min(row.quarter for row in rows), max(row.quarter for row in rows)
        fact = scope.asked.facts.streams.get((account.creator, name)) if name else None
        quarters = -(-fact.seconds // 900) if fact is not None and fact.seconds > 0 else (last - first + 1 if name else 0)
        day = number(periods.local_day(first, account.timezone))
        streams.append(StreamDay(day, sum(row.coins for row in rows), quarters))
    if not streams:
        return None
    ordered = tuple(sorted(streams))
    return History(ordered[0].day, max(number(scope.as_of), ordered[-1].day), ordered)


def _cell(band: Band, value: Callable[[int], Range]) -> Cell:
    return Cell(value(band.low), value(band.middle), value(band.high))


def _plus(cell: Cell, more: Range) -> Cell:
    with exact():
        return Cell(*(item + more for item in cell))


def months_before(history: History, first: date, last: date) -> tuple[tuple[int, int], ...]:
    """Whole months of the history as windows, where the asked one is a whole month; else nothing."""
    if first.day != 1 or (last + timedelta(days=1)).day != 1 or (first.year, first.month) != (last.year, last.month):
        return ()
    windows = []
    month = periods.month_of(day_of(history.last))
    while number(month.last_day) >= history.first:
        if number(month.last_day) <= history.last and number(month.start) > history.first:
            windows.append((number(month.start), number(month.last_day)))
        month = month.before()
    return tuple(reversed(windows))


def project(
    account: Account, scope: Scope, given: Given, history: History, forecaster: Callable[[History, Ask], Forecast]
) -> Projection:
    """One account's projection. `forecaster` makes ranges of coins; its errors are the caller's.

    Refuses (A021) a period that is over already.
    """
    until = day_of(history.last)
    if given.question == "period":
        assert given.period is not None
        first, last = max(given.period.start, until + timedelta(days=1)), given.period.last_day
        if first > last:
            hint = f"choose a later one, or pretend it is an earlier day: --as-of {given.period.start - timedelta(days=1)}"
            raise Refusal(Problem("A021", f"{given.period.label} is over: the gifts reach to {until}", hint))
    else:
        first, last = until + timedelta(days=1), until + timedelta(days=HORIZONS[0])
    price = priced(account, scope, first)
    state = state_of(account, scope)
    with exact():
        earned = state.earned + state.adjusted  # credited, pending and adjusted
    ask = Ask(number(first), number(last), given.level, given.seed, given.method, given.streams, given.quarters)
    reach = None
    if given.question == "period":
        ask = ask._replace(windows=months_before(history, first, last))
        found = forecaster(history, ask)
    else:
        amount = _target(account, given, scope, first, price.currency)
        found, reach = _reached(history, ask, forecaster, price, earned, amount, until)
    lines = _lines(account, scope, given, found, price, state, earned, first)
    banks, rules = banks_of(account, scope, given, lines, last if reach is None else None, reach, until)
    return Projection(
        account, first, last, day_of(history.first), until, found, price.share, price.text, lines, banks, reach,
        _months(account, given, lines, first, last), _assumptions(found, given, price, scope), (price.entry, *rules),
    )  # fmt: skip


def _target(account: Account, given: Given, scope: Scope, first: date, currency: str) -> Decimal:
    """The amount that is asked for: as given, or the minimum of a payout in force at the beginning of the window."""
    if given.amount is not None:
        return given.amount
    at = account._replace(as_of_quarter=periods.day_start(first, account.timezone))
    rule = at.rule("minimum_payout", scope.asked.rates_as_of)
    mine = []
    if isinstance(rule, RateEntry) and isinstance(rule.value, tuple):
        mine = [item.amount for item in rule.value if isinstance(item, Minimum) and item.currency == currency]
    if not mine:
        why = rule.detail if isinstance(rule, NotKnown) else f"{rule.where} names none in {currency}"
        raise Refusal(Problem("A022", f"no minimum of a payout is known: {why}", "name an amount: --until AMOUNT"))
    return max(mine)


def _reached(
    history: History,
    ask: Ask,
    forecaster: Callable[[History, Ask], Forecast],
    price: Priced,
    earned: Range,
    amount: Decimal,
    until: date,
) -> tuple[Forecast, Reach]:
    """The days on which the balance reaches an amount, in windows that grow until it surely does; and the first of them."""
    found: dict[str, date | None] = dict.fromkeys(("earliest", "middle_early", "middle_late", "latest"))
    first: Forecast | None = None
    tested = 0
    wanted = {
        "earliest": lambda band: earned.high + projected_share.reward(band.high, price).high,
        "middle_early": lambda band: earned.high + projected_share.reward(band.middle, price).high,
        "middle_late": lambda band: earned.low + projected_share.reward(band.middle, price).low,
        "latest": lambda band: earned.low + projected_share.reward(band.low, price).low,
    }
    for days in HORIZONS:
        forecast = forecaster(history, ask._replace(last=history.last + days))
        first = first or forecast
        tested = len(forecast.past)
        with exact():
            for name, balance in wanted.items():
                start = earned.high if name in ("earliest", "middle_early") else earned.low
                if found[name] is None:
                    found[name] = until if start >= amount else _first_day(forecast, history.last, balance, amount)
        if found["latest"] is not None:
            break
    assert first is not None
    return first, Reach(amount, found["earliest"], (found["middle_early"], found["middle_late"]), found["latest"], days, tested)


def _first_day(forecast: Forecast, last: int, balance: Callable[[Band], Decimal], amount: Decimal) -> date | None:
    return next((day_of(last + 1 + index) for index, band in enumerate(forecast.days) if balance(band) >= amount), None)


def _lines(
    account: Account, scope: Scope, given: Given, found: Forecast, price: Priced, state: State, earned: Range, first: date
) -> tuple[Line, ...]:
    currency, window = price.currency, found.window
    so_far, coins_so_far = ZERO, 0
    if given.period is not None and first > given.period.start:
        start, _ = given.period.quarters(account.timezone)
        mine = [credit for credit in account.until if credit.last >= start]
        so_far, coins_so_far = total(credit.reward for credit in mine), sum(row.coins for credit in mine for row in credit.rows)
    bands = Band(*(coins + coins_so_far for coins in window))
    value = _cell(bands, lambda coins: Range.of(projected_share.money(coins * price.a_coin, currency)))
    reward = _plus(_cell(window, lambda coins: projected_share.reward(coins, price)), so_far)
    # Days may lie between the history and the window: what they bring is in the balance too.
    end = _plus(_cell(found.days[-1], lambda coins: projected_share.reward(coins, price)), earned)
    with exact():
        diamonds = _cell(bands, lambda coins: Range.of(coins * price.diamonds_per_coin))
    same = Cell(earned, earned, earned)
    lines = [
        Line("coins", "Coins", "count", _cell(bands, Range.of), "projected"),
        Line("diamonds", "Diamonds", "diamonds", diamonds, "projected"),
        Line("gift_value", "Gift value", currency, value, "projected"),
        Line("reward", "Your reward", currency, reward, "projected", f"share {price.text}"),
        Line("balance", f"Earned by {scope.as_of}", currency, same, "rated", _parts(state, currency)),
        Line("balance_end", "Balance at the end", currency, end, "projected", "if nothing is withdrawn"),
    ]
    if coins_so_far:
        cell = Cell(so_far, so_far, so_far)
        note = f"{coins_so_far:,} coins up to {scope.as_of}"
        lines.insert(4, Line("so_far", "Of it earned so far", currency, cell, "rated", note))
    return tuple(lines)


def _parts(state: State, currency: str) -> str:
    """Credited, pending and adjusted, in words."""
    texts = [
        f"{remarks.money_text(state.credited, currency)} credited",
        f"{remarks.money_text(state.pending, currency)} pending",
    ]
    if state.account.adjustments:
        texts.append(f"{remarks.money_text(state.adjusted, currency)} adjusted")
    return ", ".join(texts)


def _months(account: Account, given: Given, lines: Sequence[Line], first: date, last: date) -> tuple[Month, ...]:
    """The last months, and what is projected."""
    by_month: dict[date, list[Range]] = {}
    for credit in account.until:
        month = periods.local_day(credit.last, account.timezone).replace(day=1)
        by_month.setdefault(month, []).append(credit.reward)
    shown = []
    for month in sorted(by_month)[-MONTHS_SHOWN - 1 :]:
        if given.period is not None and month >= given.period.start:
            continue
        amount = total(by_month[month])
        shown.append(Month(f"{month:%Y-%m}", Cell(amount, amount, amount), False))
    label = given.period.label if given.period is not None else f"{first}..{last}"
    reward = next(line.cell for line in lines if line.key == "reward")
    return (*shown[-MONTHS_SHOWN:], Month(label, reward, True))


def _assumptions(found: Forecast, given: Given, price: Priced, scope: Scope) -> tuple[str, ...]:
    streams, weeks = found.streams_per_week
    texts = []
    if given.streams is not None:
        texts.append(f"exactly {given.streams:,} streams in the window (--streams)")
    if given.quarters is not None:
        texts.append(
            f"{given.quarters / 4:,.2f} hours live in the window (--hours); where no source says how long a stream was, it was "
            "as long as from its first to its last gift"
        )
    if given.streams is None and given.quarters is None:
        texts.append(f"you stream as often as in the last {weeks:,} full weeks ({streams:,} streams)")
    if scope.asked.own_share is not None:
        texts.append(f"your share is {remarks.percent_text(price.share)} (--share)")
    if scope.asked.rates_as_of is not None:
        texts.append(f"the rate files say what they said on {scope.asked.rates_as_of} (--rates-as-of)")
    texts.append(f"the rules of {price.entry.where} hold, and nothing that is announced for later changes them")
    return (*texts, *given.said)


def report(scope: Scope, given: Given, items: Iterable[Projection], skipped: Iterable[str]) -> ProjectionReport:
    """Put the accounts together."""
    items = tuple(items)
    used: list[tuple[Zone, RateEntry]] = [(item.account.zone, entry) for item in items for entry in item.entries]
    used += [(item.account.zone, entry) for item in items for entry in frame.entries_of(item.account.until)]
    uses = scope.uses(used)
    warnings = (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of))
    return ProjectionReport(scope, given.question, given.period, items, tuple(skipped), uses, warnings)
