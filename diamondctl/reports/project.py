"""What will be earned, and when it reaches the bank: a range from the creator's own past, with the back-test of such ranges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.confidence import weakest
from diamondctl.forecast.values import LONGEST, Ask, Band, Forecast, History, StreamDay
from diamondctl.money import MINOR_UNITS, ZERO, Range, exact, quantise, total
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import Minimum, NotKnown, RateEntry, Zone
from diamondctl.rating.calendar import items_of, terms_of
from diamondctl.rating.wallet import Ground, Held
from diamondctl.records import Record, Usage
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.fees import rules_of
from diamondctl.reports.projected_bank import banks_of, methods_for
from diamondctl.reports.projected_goals import Goal, goals_of
from diamondctl.reports.projected_paths import (
    NEVER,
    End,
    Paid,
    Price,
    Wallet,
    days_of,
    paid_out,
    quantile,
    reached,
    tails,
    week_over,
)
from diamondctl.reports.projected_share import Priced, gift_value, money, priced, reward
from diamondctl.reports.projection import (
    EPOCH,
    Bank,
    Cell,
    Given,
    Largest,
    Line,
    Month,
    Projection,
    ProjectionReport,
    Reach,
    day_of,
    number,
)
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, activity_of
from diamondctl.reports.verdict import Answer, Verdict
from diamondctl.reports.wallets import State, state_of, wallets_of
from diamondctl.words import counted

MONTHS_SHOWN: Final = 6
HORIZON: Final = 992  # days ahead in which an amount is looked for
LARGEST_WEEKS: Final = 4

Forecaster = Callable[[History, Ask], Forecast]


def rows_of(account: Account) -> list[Usage]:
    """All gifts of an account up to `as_of`, those included that no rate covers."""
    rows = [row for credit in account.until for row in credit.rows]
    return sorted([*rows, *(item.row for item in (*account.unrated, *account.unrated_earlier))])


def history_of(account: Account, scope: Scope, usage: Sequence[Usage], until: date) -> History | None:
    """Streams by the day of their last gift, up to a day; one for all nameless gifts of a day. None: there are none."""
    by_stream: dict[tuple[str, date], list[Usage]] = {}
    for row in usage:
        key = (row.stream, EPOCH) if row.stream else ("", periods.local_day(row.quarter, account.timezone))
        by_stream.setdefault(key, []).append(row)
    streams = []
    for (name, _), rows in by_stream.items():
        first, last = min(row.quarter for row in rows), max(row.quarter for row in rows)
        fact = scope.asked.facts.streams.get((account.creator, name)) if name else None
        quarters = -(-fact.seconds // 900) if fact is not None and fact.seconds > 0 else (last - first + 1 if name else 0)
        day = number(periods.local_day(last, account.timezone))
        streams.append(StreamDay(day, sum(row.coins for row in rows), quarters))
    if not streams:
        return None
    ordered = tuple(sorted(streams))
    return History(ordered[0].day, max(number(until), ordered[-1].day), ordered)


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


class _Future(NamedTuple):
    """Everything that the figures of one account are made of."""

    account: Account
    scope: Scope
    given: Given
    state: State
    stands_on: Ground
    until: date  # the last day whose gifts are known
    held: date  # the day of the last balance if that is later: all that came by then is in it
    told: date  # the day of the last record of the wallet if that is later: what left by then is known
    today: date
    first: date
    last: date
    later: tuple[Record, ...]  # adjustments dated after `until`, also those after `last`
    forecast: Forecast
    price: Priced

    def rewards(self, band: Band, days: int) -> Cell:
        """Of the coins of so many days."""
        return Cell(*(self.reward(name, coins, days) for name, coins in zip(Band._fields, band, strict=True)))

    def reward(self, name: str, coins: int, days: int, *, over: int | None = None) -> Range:
        """Of coins at one end, `name`, of what so many days may bring.

        Every credit is rounded by itself, and may so lose or win almost one minor unit: the ends are further apart by that.
        """
        amount = reward(coins, self.price, over=over)
        if not coins or name == "middle" or self.price.rounding == ("up" if name == "low" else "down"):
            return amount
        change = Decimal(self._credits(days)).scaleb(-MINOR_UNITS[self.price.currency])
        with exact():
            if name == "high":
                return amount.but(amount.low + change, amount.high + change)
            return amount.but(max(amount.low - change, amount.low * 0), max(amount.high - change, amount.low * 0))

    def coming(self, days: int) -> Cell:
        """What comes in so many days after the one of which all is held that was booked by then."""
        if self.held == self.until:
            return self.rewards(self.forecast.days[days - 1], days)
        last = self.held + timedelta(days=days)
        at_once, weekly = (self._coins(day, last) for day in (self.booked(self.held), week_over(self.held)))
        parts = zip(Band._fields, at_once, weekly, strict=True)
        return Cell(*(self.reward(name, coins, days, over=over) for name, coins, over in parts))

    def _coins(self, after: date, last: date) -> Band:
        """Of the days after one up to another, as the paths have them."""
        start, end = ((day - self.until).days for day in (max(after, self.until), last))
        ranked = sorted(
            (path.coins[end - 1] if end else 0) - (path.coins[start - 1] if start else 0) for path in self.forecast.paths
        )
        return Band(*(quantile(ranked, part) for part in tails(self.given.level)))

    def booked(self, day: date) -> date:
        """The last day whose gifts are booked by the end of a day."""
        return {
            "stream": day,
            "day": day - timedelta(days=1),
            "week": week_over(day),
            "month": day.replace(day=1) - timedelta(days=1),
        }[self.price.unit]

    def _credits(self, days: int) -> int:
        streams, weeks = self.forecast.streams_per_week
        often = {"stream": -(-streams * days // (7 * weeks)), "day": days, "week": days // 7 + 1, "month": days // 28 + 1}
        count = often[self.price.unit]
        if self.price.unit == "stream" and self.given.streams is not None:
            count = max(count, self.given.streams)
        return count + (days // 7 + 1 if self.price.weekly.high else 0)


def project(
    account: Account,
    scope: Scope,
    given: Given,
    rows: Sequence[Usage],
    history: History,
    said: str,
    forecaster: Forecaster,
    today: date,
) -> Projection:
    """One account's projection from `rows`, the gifts that the future resembles, with what is `said` of them.

    `scope` is at the end of the history, or of a later day by which something was recorded of the wallet.
    `forecaster` makes ranges of coins; its errors are the caller's. Refuses (A021) a period that is over, or too far away.
    """
    until = day_of(history.last)
    first, last = _window(given, until)
    streams, quarters = _effort(given, history)
    ahead = HORIZON if given.question != "period" else (last - until).days
    ask = Ask(
        number(first), number(last), given.level, given.seed, streams, quarters, months_before(history, first, last),
        max(number(until) + ahead, number(last)),
    )  # fmt: skip
    future = _future(account, scope, given, rows, until, first, last, forecaster(history, ask), today)
    wallet = _wallet(future, ask.reach - history.last)
    reach = _reached(future, wallet, account, scope) if given.question != "period" else None
    lines = (*_lines(future), *_paid_out(future, wallet))
    banks, rules = banks_of(
        account, scope, given, lines, last if reach is None else None, reach, until, _gift_values(future, reach)
    )
    return Projection(
        account=account,
        first=first,
        last=last,
        begun=day_of(history.first),
        until=until,
        today=today,
        guessed=future.held < today,
        forecast=future.forecast,
        share=future.price.share,
        share_text=future.price.text,
        lines=lines,
        banks=banks,
        reach=reach,
        goals=_goals(future, history),
        months=_months(account, given, lines, first, last),
        assumptions=_assumptions(future, history, said, banks),
        largest=_largest(history),
        entries=(future.price.entry, *rules),
    )


def _goals(future: _Future, history: History) -> tuple[Goal, ...]:
    period = future.given.period
    assert period is not None
    start, last = number(period.start), number(future.last)
    return goals_of(future.given.tiers, history, future.forecast, start, last, future.price.diamonds_per_coin)


def _window(given: Given, until: date) -> tuple[date, date]:
    assert given.period is not None
    first, last = max(given.period.start, until + timedelta(days=1)), given.period.last_day
    if first > last:
        before = given.period.start - timedelta(days=1)
        hint = f"choose a later one, or pretend it is an earlier day: -p {given.period.label} --as-of {before}"
        raise Refusal(Problem("A021", f"{given.period.label} is over: the gifts reach to {until}", hint))
    if (last - until).days > LONGEST:
        hint = f"choose one that ends by {until + timedelta(days=LONGEST)}"
        message = f"{given.period.label} ends {(last - until).days:,} days after the gifts, which reach to {until}"
        raise Refusal(Problem("A021", message, hint))
    return first, last


def _effort(given: Given, history: History) -> tuple[int | None, int | None]:
    """The streams and quarters of an hour to come. Both are said of the whole period, of which some may have been."""
    assert given.period is not None
    been = [stream for stream in history.streams if stream.day >= number(given.period.start)]
    quarters = sum(stream.quarters for stream in been)
    left: list[int | None] = []
    for option, asked, had, words in (
        ("--streams", given.streams, len(been), counted(len(been), "stream")),
        ("--hours", given.quarters, quarters, f"{quarters / 4:,.2f} hours live"),
    ):
        if asked is not None and asked < had:
            hint = f"{option} is of the whole period: give no fewer"
            raise Refusal(Problem("A021", f"{given.period.label} has had {words} by now", hint))
        left.append(None if asked is None else asked - had)
    return left[0], left[1]


def _future(
    account: Account,
    scope: Scope,
    given: Given,
    rows: Sequence[Usage],
    until: date,
    first: date,
    last: date,
    forecast: Forecast,
    today: date,
) -> _Future:
    owner = next(item for item in scope.accounts if (item.creator, item.currency) == (account.creator, account.currency))
    later = tuple(
        item
        for item in scope.origin.records
        if item.sort == "adjustment"
        and item.day > max(until, scope.as_of)
        and (item.creator, item.currency) == (account.creator, account.currency)
        and (item.region == account.region or (not item.region and account is owner))
    )
    price = priced(account, scope, rows, first, last)
    state, inside = _now(account, scope, account is owner)
    told = max([until, *(item.day for item in inside.records if item.sort != "adjustment")])
    shown = until if inside.observed is None else max(until, inside.observed.day)
    if inside.lacking.high > 0:  # what was paid out last took more than is known of: all that came by then
        shown = max([shown, *(item.day for item in inside.payouts)])
    return _Future(
        account, scope, given, state, inside.stands_on, until, shown, told, today, first, last, later, forecast, price
    )


def _now(account: Account, scope: Scope, owner: bool) -> tuple[State, Held]:
    """An account with what is in its wallet, and what that stands on. Of several in one wallet the first has what was recorded
    of the wallet, so that they add up to it.
    """
    wallet = next(
        wallet
        for wallet in wallets_of(scope.accounts, scope.asked)
        if account.key in [state.account.key for state in wallet.states]
    )
    mine = state_of(account)
    if owner:
        with exact():
            others = total(state.balance for state in wallet.states if state.account.key != account.key)
            inside = wallet.held.available
            mine = mine._replace(balance=inside.but(inside.low - others.low, inside.high - others.high))
    return mine, wallet.held


def _target(future: _Future) -> Range:
    """The amount that is asked for: as given, or the minimum of a payout in force when the future begins, from that of the
    easiest to that of the hardest of the methods that may be meant.
    """
    given, account, currency = future.given, future.account, future.price.currency
    if given.amount is not None:
        return Range.of(quantise(given.amount, currency, "up"))
    at = account._replace(as_of_quarter=periods.day_start(future.first, account.timezone))
    rule = at.rule("minimum_payout", future.scope.asked.rates_as_of)
    entry = given.wanted.here(rule if isinstance(rule, RateEntry) else None, at)
    chosen = given.payout_method or given.wanted.methods.of(account.creator)
    named = [item.method for item in items_of(entry, Minimum) if item.method != "any"]
    methods = [chosen] if chosen else named or ["any"]
    mine = [least for method in methods if (least := terms_of(method, currency, minimum=entry).least) is not None]
    if not mine or entry is None:
        why = rule.detail if isinstance(rule, NotKnown) else f"{rule.where} names none in {currency}"
        raise Refusal(
            Problem("A022", f"no minimum of a payout is known: {why}", "name an amount instead of --threshold: --until AMOUNT")
        )
    return Range(quantise(min(mine), currency, "up"), quantise(max(mine), currency, "up"), entry.confidence)


def _reached(future: _Future, wallet: Wallet, account: Account, scope: Scope) -> Reach:
    """The days on which paths have an amount together; a larger amount is never together earlier."""
    forecast, amount = future.forecast, _target(future)
    places = MINOR_UNITS[account.currency]
    low, middle, high = tails(future.given.level)
    need = {"low": int(amount.low.scaleb(places)), "high": int(amount.high.scaleb(places))}
    # The soonest: of the paths that earn most, by the rules at their best; the latest the other way round.
    best = reached(wallet, forecast.paths, need["low"], "high")
    worst = reached(wallet, forecast.paths, need["high"], "low")

    def day(ranked: Sequence[int], percent: int) -> date | None:
        ahead = quantile(ranked, percent)
        return None if ahead == NEVER else max(future.until + timedelta(days=ahead), future.today)

    early, late = day(best, low), day(worst, high)
    there = quantile(worst, high) == 0
    between = (day(best, middle), day(worst, middle))
    answer: Answer = "yes" if late else "depends" if early else "no"
    if answer != "yes" and not (account.complete and not scope.origin.incomplete):
        answer = "unknown"
    knows_wallet = future.stands_on != "nothing" or scope.asked.opening is not None
    state = future.state
    # What is there already rests on no price of days to come.
    rests_on = state.balance.confidence if there else weakest((state.earned.confidence, future.price.confidence))
    verdict = Verdict(answer, weakest((amount.confidence, rests_on)), open=not knows_wallet)
    ahead = (future.last - future.until).days
    chances = sorted(100 * sum(found <= ahead for found in ranked) // len(ranked) for ranked in (worst, best))
    return Reach(
        amount=amount.high, currency=account.currency, earliest=early, middle=between, latest=late, verdict=verdict,
        within=len(wallet.days) - 1, tested=len(forecast.past), guess=forecast.guess, there=there,
        chance=(chances[0], chances[1]),
    )  # fmt: skip


def _wallet(future: _Future, count: int) -> Wallet:
    """What is there at the end of each day to come, and what coins bring: credits booked by then, and adjustments."""
    account, price, places = future.account, future.price, MINOR_UNITS[future.price.currency]

    comes = [(remarks.booked_day(credit, account), credit.reward) for credit in account.pending]
    comes += [(item.day, Range.of(item.amount)) for item in future.later]
    days = sorted({future.until, *(max(day, future.until) for day, _ in comes)})
    sums = [total([future.state.balance, *(amount for day, amount in comes if day <= last)]) for last in days]

    def inside(day: date) -> tuple[int, int]:
        together = sums[bisect_right(days, day) - 1]
        return int(together.low.scaleb(places)), int(together.high.scaleb(places))

    low, high = (Price.of(at_once, weekly, places) for at_once, weekly in zip(price.at_once, price.weekly, strict=True))
    since, paid = ((day - future.until).days for day in (future.held, future.told))
    return Wallet(days_of(future.until, count, inside, future.booked), low, high, since, paid)


def _paid_out(future: _Future, wallet: Wallet) -> tuple[Line, ...]:
    """What payouts that leave by themselves take by the end of the period; nothing where none is known to."""
    given, account, currency = future.given, future.account, future.price.currency
    at = account._replace(as_of_quarter=periods.day_start(future.first, account.timezone))
    entries = rules_of(at, future.scope.asked.rates_as_of)
    methods = methods_for(given, account, entries["payout_fees"])
    terms = [
        terms_of(
            method, currency, maximum=entries["maximum_payout"], timing=entries["payout_timing"],
            minimum=given.wanted.here(entries["minimum_payout"], at),
        )
        for method in methods
    ]  # fmt: skip
    if len(terms) != 1 or terms[0].weekday is None:
        return ()
    places = MINOR_UNITS[currency]
    ahead = (future.last - future.until).days
    both: tuple[End, End] = ("low", "high")
    ends = [paid_out(wallet, future.forecast.paths, terms[0], ahead, end, places) for end in both]
    parts = tails(given.level)
    # A day of payout makes no amount "about".
    rests_on = weakest((future.state.balance.confidence, future.price.confidence))

    def cell(of: Callable[[Paid], int]) -> Cell:
        low, high = (sorted(map(of, paths)) for paths in ends)
        found = (sorted((quantile(low, part), quantile(high, part))) for part in parts)
        return Cell(*(Range(Decimal(one).scaleb(-places), Decimal(other).scaleb(-places), rests_on) for one, other in found))

    weekday = periods.WEEKDAYS[terms[0].weekday].capitalize()
    note = f"by {methods[0]}, each {weekday}, as the rules say"
    return (
        Line("paid_out", "Paid out by then", currency, cell(lambda paid: paid.out), "projected", note),
        Line("left", "In the wallet then", currency, cell(lambda paid: paid.left), "projected"),
    )


def _largest(history: History) -> Largest | None:
    """The largest stream of the last weeks, if it moved them."""
    since = history.last - 7 * LARGEST_WEEKS
    recent = [stream for stream in history.streams if stream.day > since]
    whole = sum(stream.coins for stream in recent)
    top = max(recent, key=lambda stream: stream.coins, default=None)
    if top is None or top.coins * 5 <= whole or len(recent) < LARGEST_WEEKS:
        return None
    return Largest(day_of(top.day), 100 * top.coins // whole, LARGEST_WEEKS)


def _cell(band: Band, value: Callable[[int], Range]) -> Cell:
    return Cell(value(band.low), value(band.middle), value(band.high))


def _plus(cell: Cell, more: Range) -> Cell:
    with exact():
        return Cell(*(item + more for item in cell))


def _lines(future: _Future) -> tuple[Line, ...]:
    account, given, price, state = future.account, future.given, future.price, future.state
    currency, window = price.currency, future.forecast.window
    so_far, coins_so_far = ZERO, 0
    if given.period is not None and future.first > given.period.start:
        start, _ = given.period.quarters(account.timezone)
        mine = activity_of(account.person, currency, (start, account.as_of_quarter + 1), "earned")
        so_far, coins_so_far = total(credit.reward for credit in mine), sum(row.coins for credit in mine for row in credit.rows)
    bands = Band(*(coins + coins_so_far for coins in window))
    length = (future.last - future.first).days + 1
    earned = total([state.balance, state.pending])
    label = "Earned" if future.stands_on == "nothing" else "Earned and not yet paid"
    with exact():
        diamonds = _cell(bands, lambda coins: Range.of(coins * price.diamonds_per_coin))
    lines = [
        Line("coins", "Coins", "count", _cell(bands, Range.of), "projected"),
        Line("diamonds", "Diamonds", "diamonds", diamonds, "projected"),
        Line("gift_value", "Gift value", currency, _cell(bands, lambda coins: gift_value(coins, price)), "projected"),
        Line(
            "reward", "Your reward", currency, _plus(future.rewards(window, length), so_far),
            "projected", f"share {price.text}",
        ),
    ]  # fmt: skip
    if coins_so_far:
        note = f"{coins_so_far:,} coins up to {future.until}"
        lines.append(Line("so_far", "Of it earned so far", currency, Cell(so_far, so_far, so_far), "rated", note))
    lines.append(
        Line("balance", f"{label} by {future.told}", currency, Cell(earned, earned, earned), "rated", _parts(state, currency))
    )
    if (between := (future.first - future.held).days - 1) > 0:
        cell = future.coming(between)
        note = f"{future.held + timedelta(days=1)} to {future.first - timedelta(days=1)}"
        lines.append(Line("between", "Until it begins", currency, cell, "projected", note))
    later = [item for item in future.later if item.day <= future.last]
    more = total(Range.of(item.amount) for item in later)
    if later:
        lines.append(Line("later", "Adjustments to come", currency, Cell(more, more, more), "rated", "dated by its end"))
    ahead = (future.last - future.held).days
    end = _plus(_plus(future.coming(ahead), earned), more)
    note = "if nothing is withdrawn"
    if price.weekly.high:
        note += "; the part of its last week is credited on the Monday after"
    return (*lines, Line("balance_end", "Balance at the end", currency, end, "projected", note))


def _gift_values(future: _Future, reach: Reach | None) -> Cell:
    """The nominal value of all the gifts in the balance at the end, or in the amount that was asked for."""
    price = future.price
    now = total(credit.nominal for credit in future.account.until)
    if reach is None:
        return _plus(_cell(future.forecast.days[-1], lambda coins: gift_value(coins, price)), now)
    # Two stories: at the lower share more gifts are needed. At a share of nothing none are enough: the agency may take all.
    ends = []
    for held, share in ((future.state.balance.low, price.share.low), (future.state.balance.high, price.share.high)):
        need = Fraction(max(reach.amount - held, Decimal(0)))
        ends.append(money(need * 100 / Fraction(share) if share else need * 1_000, price.currency))
    with exact():
        value = now + Range(ends[0], ends[1], price.worth)
    return Cell(value, value, value)


def _parts(state: State, currency: str) -> str:
    """What is in the wallet and what is pending, in words."""
    return f"{remarks.money_text(state.balance, currency)} in the wallet, {remarks.money_text(state.pending, currency)} pending"


def _months(account: Account, given: Given, lines: Sequence[Line], first: date, last: date) -> tuple[Month, ...]:
    """The last months, and what is projected."""
    months = {periods.local_day(row.quarter, account.timezone).replace(day=1) for row in account.person.rows}
    shown = []
    for month in sorted(months)[-MONTHS_SHOWN - 1 :]:
        if given.period is not None and month >= given.period.start:
            continue
        start, end = periods.month_of(month).quarters(account.timezone)
        quarters = (start, min(end, account.as_of_quarter + 1))
        amount = total(credit.reward for credit in activity_of(account.person, account.currency, quarters, "earned")).ordered
        shown.append(Month(f"{month:%Y-%m}", account.currency, Cell(amount, amount, amount), False))
    label = given.period.label if given.period is not None else f"{first}..{last}"
    cell = next(line.cell for line in lines if line.key == "reward")
    return (*shown[-MONTHS_SHOWN:], Month(label, account.currency, cell, True))


def _assumptions(future: _Future, history: History, said: str, banks: Sequence[Bank]) -> tuple[str, ...]:
    given, price, scope = future.given, future.price, future.scope
    streams, weeks = future.forecast.streams_per_week
    texts = []
    begun = [stream for stream in history.streams if given.period is not None and stream.day >= number(given.period.start)]
    if given.streams is not None:
        been = f", of which {len(begun):,} have been" if begun else ""
        texts.append(f"there are exactly {given.streams:,} streams in the period{been} (--streams)")
    if given.quarters is not None:
        had = sum(stream.quarters for stream in begun)
        been = f", of which {had / 4:,.2f} have been" if had else ""
        texts.append(
            f"there are {given.quarters / 4:,.2f} hours live in the period{been} (--hours); where no source says how long a "
            "stream was, it was as long as from its first to its last gift"
        )
    if given.streams is None and given.quarters is None:
        texts.append(f"you stream as often as in the last {weeks:,} full weeks ({streams:,} streams)")
    if said:
        texts.append(said)
    if scope.asked.own_share is not None:
        texts.append(f"your share is {remarks.percent_text(price.share)} (--share)")
    if scope.asked.rates_as_of is not None:
        texts.append(f"the rate files say what they said on {scope.asked.rates_as_of} (--rates-as-of)")
    texts.append(f"the rules of {price.entry.where} hold, and those that the rate files know already")
    texts += price.changes
    return (*texts, *dict.fromkeys(text for bank in banks for text in bank.taken))


def report(scope: Scope, given: Given, items: Iterable[Projection], skipped: Iterable[str]) -> ProjectionReport:
    """Put the accounts together."""
    items = tuple(items)
    used: list[tuple[Zone, RateEntry]] = [(item.account.zone, entry) for item in items for entry in item.entries]
    used += [(item.account.zone, entry) for item in items for entry in frame.entries_of(item.account.until)]
    uses = scope.uses(used)
    warnings = (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of))
    return ProjectionReport(scope, given, items, tuple(skipped), uses, warnings)
