"""Payouts against credits: what paid for each payout, what was taken on the way by name, and what nothing explains.

A payout is explained where what left, less what is named, is what arrived. Where a name is only a range (a fee of a rate file),
the payout is explained if what arrived lies inside. What is named by nobody is `unexplained`, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.exchange import NoRate, Rate
from diamondctl.legs import LONGEST
from diamondctl.money import MINOR_UNITS, ZERO, Range, exact, total
from diamondctl.ratebook.entries import RateEntry, Withholding, Zone
from diamondctl.rating.fees import PaidOut, waterfall
from diamondctl.rating.lots import PaidFor, Part, paid_for
from diamondctl.rating.places import is_there, rate_of
from diamondctl.rating.states import in_order
from diamondctl.records import Record
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.fees import Wanted
from diamondctl.reports.remark import WALLET, stated
from diamondctl.reports.remarks import quarter_after
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse
from diamondctl.reports.wallets import Wallet, wallets_of

# What takes of a payout, by name, in the order in which it is taken.
NAMES: Final = ("agency", "withholding", "tax", "rated_fee", "fee", "exchange", "rounding", "timing", "back")
# A provider's own rate is worse than the market's by so much at most; what is more has another cause.
_MARGIN: Final = 5  # percent


class Line(NamedTuple):
    """What was taken of a payout under one name, as a range of stories; negative. `source`: who says so."""

    name: str  # one of NAMES
    amount: Range
    currency: str
    source: str = ""
    entry: RateEntry | None = None


class Bridge(NamedTuple):
    """One payout: the lots that paid for it, what was taken, and what is unexplained of it, in `currency`."""

    account: Account
    paid: PaidFor
    lines: tuple[Line, ...]
    unexplained: Range
    currency: str
    open: str = ""  # why it cannot be told; blank: it can

    @property
    def payout(self) -> Record:
        """What left."""
        return self.paid.payout

    def named(self, name: str) -> Range | None:
        """What was taken under a name in the currency that left; None: nothing."""
        mine = [line.amount for line in self.lines if line.name == name and line.currency == self.payout.currency]
        return total(mine) if mine else None

    @property
    def is_on_the_way(self) -> bool:
        """Whether it did not arrive by the day, and need not have."""
        return any(line.name == "timing" for line in self.lines)

    @property
    def is_explained(self) -> bool:
        """Whether to the cent, or within what is only known as a range."""
        return not self.open and not distance(self.unexplained)


class Gap(NamedTuple):
    """Money that nothing explains. key: taken | late | unseen | shown | before."""

    key: str
    account: Account
    amount: Range
    currency: str
    day: date
    records: tuple[str, ...]
    text: str
    command: str = ""


class Side(NamedTuple):
    """A wallet: what was booked, what left, what is still in it, each as far as lots are told apart."""

    wallet: Wallet
    left: tuple[Part, ...]  # lots that no payout took


class Reconciliation(NamedTuple):
    """The whole report. `of_period`: only payouts and gaps of the period are in it."""

    scope: Scope
    sides: tuple[Side, ...]
    bridges: tuple[Bridge, ...]
    gaps: tuple[Gap, ...]
    tolerance: Decimal
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]
    of_period: bool

    @property
    def unexplained(self) -> dict[str, Decimal]:
        """What is surely unexplained, by currency."""
        sums: dict[str, Decimal] = {}
        with exact():
            for gap in self.gaps:
                sums[gap.currency] = sums.get(gap.currency, Decimal(0)) + distance(gap.amount)
        return {currency: amount for currency, amount in sums.items() if amount}

    @property
    def is_whole(self) -> bool:
        """Whether no more than the tolerance is unexplained, in each currency."""
        return all(amount <= self.tolerance for amount in self.unexplained.values())

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that would tell."""
        return self.scope.complete and not any(bridge.open for bridge in self.bridges)


def distance(amount: Range) -> Decimal:
    """How much of an amount is there in any case: nothing where 0 lies inside."""
    ends = amount.ordered
    return Decimal(0) if ends.low <= 0 <= ends.high else min(abs(ends.low), abs(ends.high))


def letter_command(item: Record) -> str:
    """The command that makes the page for a support desk."""
    return f"diamondctl explain {item.id} --letter"


def reconcile(scope: Scope, wanted: Wanted, tolerance: Decimal = Decimal(0), *, of_period: bool = False) -> Reconciliation:
    """Make the report, of all payouts up to `as_of`, or of those that left or arrived in the period."""
    wallets = wallets_of(scope.accounts, scope.asked)
    everywhere = [(wallet, item) for wallet in wallets for item in wallet.held.payouts if item.leg != "back"]
    sides, bridges, gaps = [], [], []
    used: list[tuple[Zone, RateEntry]] = []
    for wallet in wallets:
        account = wallet.state.account
        credits = in_order(credit for state in wallet.states for credit in state.account.wallet)
        zones = {state.account.region: state.account.timezone for state in wallet.states}
        paid, left = paid_for(credits, (*account.recorded, *account.of_wallet), account.timezone, zones)
        sides.append(Side(wallet, tuple(left)))
        found = [_bridge(item, account, wanted, scope) for item in (*paid, *_came_back(wallet))]
        found.sort(key=lambda bridge: (bridge.payout.day, bridge.payout.number))
        bridges += found
        gaps += list(_gaps(wallet, found, everywhere, scope.as_of))
        for state in wallet.states:
            used += [(state.account.zone, entry) for entry in frame.entries_of(state.account.until)]
        used += [(account.zone, line.entry) for bridge in found for line in bridge.lines if line.entry is not None]
    if of_period:
        bridges = [bridge for bridge in bridges if _within(bridge.payout, scope)]
        ids = {bridge.payout.id for bridge in bridges}
        gaps = [gap for gap in gaps if ids & {*gap.records} or scope.period.start <= gap.day <= scope.end]
    uses = scope.uses(used)
    told = tuple(
        stated(WALLET, f"{_money(gap)} {gap.text}.", gap.command) if gap.command else f"{_money(gap)} {gap.text}."
        for gap in gaps
        if distance(gap.amount)
    )
    unknown = tuple(f"{bridge.payout.id}: {bridge.open}." for bridge in bridges if bridge.open)
    warnings = (
        *told,
        *unknown,
        *remarks.where_exact(scope.warnings, (gap.amount for gap in gaps)),
        *remarks.stale_warnings(uses, scope.as_of),
    )
    return Reconciliation(scope, tuple(sides), tuple(bridges), tuple(gaps), tolerance, uses, warnings, of_period)


def _within(item: Record, scope: Scope) -> bool:
    days = [day for day in (item.day, item.arrived_on) if day is not None]
    return any(scope.period.start <= day <= scope.end for day in days)


def _money(gap: Gap) -> str:
    return remarks.money_text(gap.amount.ordered, gap.currency)


def _came_back(wallet: Wallet) -> Iterator[PaidFor]:
    """Payouts that failed or were reversed by the day: they paid for nothing."""
    numbers = {item.number for item in wallet.held.payouts if item.leg == "back"}
    for item in wallet.held.payouts:
        if item.number in numbers and item.leg != "back":
            yield PaidFor(item, (), ZERO)


def _bridge(paid: PaidFor, account: Account, wanted: Wanted, scope: Scope) -> Bridge:
    item = paid.payout
    nothing = Range.of(item.amount * 0)
    if item.ended is not None and item.ended <= scope.as_of:
        back = Line("back", Range.of(-item.amount), item.currency, f"{item.status} on {item.ended}, back in the wallet")
        return Bridge(account, paid, (back,), nothing, item.currency)
    if not is_there(item, scope.as_of):
        if scope.as_of - item.day > LONGEST:
            return Bridge(account, paid, (), Range.of(item.amount), item.currency)
        way = Line("timing", Range.of(-item.amount), item.currency, item.status or "on the way")
        return Bridge(account, paid, (way,), nothing, item.currency)
    assert item.arrived is not None and item.arrived_on is not None
    lines = [*_rated(item, account, wanted, scope)] if item.leg != "in" else []
    if item.tax:
        lines.append(Line("tax", Range.of(-item.tax), item.currency, "as recorded"))
    rest = _left(Range.of(item.amount), lines)
    mine = item.arrived_currency == item.currency
    fee = Line("fee", Range.of(-item.fee), item.arrived_currency, f"statement of {item.account}") if item.fee else None
    if mine:
        lines += [fee] if fee else []
        return Bridge(account, paid, tuple(lines), _less(_left(Range.of(item.amount), lines), item.arrived), item.currency)
    rate = rate_of(item) or wanted.exchange.rate(item.currency, item.arrived_currency, item.arrived_on)
    if isinstance(rate, NoRate):
        open_ = f"{rate.why}, so what the exchange took cannot be told: --fx FILE or record the rate of the slip"
        return Bridge(account, paid, tuple(lines), nothing, item.currency, open_)
    due = rest.but(rate.convert(rest.low), rate.convert(rest.high))
    lines += [fee] if fee else []
    over = _less(_left(due, [fee] if fee else []), item.arrived)
    named = _exchanged(over, due, item, rate)
    if named is not None:
        lines.append(named)
        over = Range.of(over.low * 0)
    return Bridge(account, paid, tuple(lines), over, item.arrived_currency)


def _exchanged(over: Range, due: Range, item: Record, rate: Rate) -> Line | None:
    """What an exchange took beside its rate: rounding of the rate of the slip, or a margin on the rate of a market."""
    if not distance(over):
        return None
    unit = Decimal(1).scaleb(-MINOR_UNITS[item.arrived_currency])
    lost = distance(over)
    if item.exchange:
        small = lost <= unit
        return Line("rounding", Range.of(-lost), item.arrived_currency, item.exchange_source) if small else None
    with exact():
        margin = over.ordered.low > 0 and lost * 100 <= due.ordered.high * _MARGIN
    return Line("exchange", Range.of(-lost), item.arrived_currency, rate.text) if margin else None


def _rated(item: Record, account: Account, wanted: Wanted, scope: Scope) -> Iterator[Line]:
    """What the rules of its day take of a payout: agency, tax office where a form is known to lack, fees of the rate file."""
    then = account._replace(as_of_quarter=quarter_after(item.day, account.timezone) - 1)
    mine = wanted.of(then)
    rules = mine.rules_of(then, scope.asked.rates_as_of)._replace(maximum=None, timing=None)
    # Nothing was withheld that nobody knows of; a slip says so, or a setting.
    held_back = rules.withholding.value if rules.withholding is not None else ()
    conditions = {
        one.condition: item.tax is None and mine.conditions.get(one.condition) is True
        for one in (held_back if isinstance(held_back, tuple) else ())
        if isinstance(one, Withholding)
    }
    amount = Range.of(item.amount)
    flow = waterfall(
        [PaidOut(amount, amount, rules, day=item.day)],
        item.currency,
        method=item.method or "any",
        conditions=conditions,
    )
    names = {"agency": "agency", "withholding": "withholding", "fee": "rated_fee"}
    for step in flow.steps:
        if step.key in names and step.amount != ZERO:
            source = step.entry.where if step.entry is not None else "settings"
            yield Line(names[step.key], step.amount, item.currency, source, step.entry)


def _left(amount: Range, lines: Iterable[Line]) -> Range:
    with exact():
        for line in lines:
            amount = amount.but(amount.low + line.amount.low, amount.high + line.amount.high)
    return amount


def _less(amount: Range, arrived: Decimal) -> Range:
    with exact():
        return amount.but(amount.low - arrived, amount.high - arrived)


def _gaps(wallet: Wallet, bridges: Sequence[Bridge], everywhere: Sequence[tuple[Wallet, Record]], as_of: date) -> Iterator[Gap]:
    account = wallet.state.account
    seen_to_leave = any(bridge.payout.leg != "in" for bridge in bridges)
    for bridge in bridges:
        item = bridge.payout
        if item.leg == "in" and seen_to_leave and not item.ended and is_there(item, as_of):
            text = (
                f"came on {item.arrived_on or item.day} ({item.id}) and was not seen to leave{_fits(item, account, everywhere)}"
            )
            command = f"diamondctl record payout AMOUNT --date DAY --by {item.method or 'paypal'} --creator {account.creator}"
            yield Gap("unseen", account, Range.of(item.amount), item.currency, item.day, (item.id,), text, command)
        if not distance(bridge.unexplained):
            continue
        command = letter_command(item)
        if is_there(item, as_of):
            text = f"of {item.amount:f} {item.currency} is unexplained: {item.id}, which left on {item.day}"
            yield Gap("taken", account, bridge.unexplained, bridge.currency, item.day, (item.id,), text, command)
        else:
            text = f"left on {item.day} ({item.id}) and did not arrive{_fits(item, account, everywhere)}"
            yield Gap("late", account, bridge.unexplained, bridge.currency, item.day, (item.id,), text, command)
    for number, shown in enumerate(wallet.held.differences):
        first = not number and not any(item.kind == "opening" for item in wallet.held.records)
        if shown.outside and not (first and shown.amount.ordered.low >= 0):
            text = f"is what the app showed on {shown.record.day} ({shown.record.id}) beside what was computed"
            yield Gap("shown", account, shown.amount, account.currency, shown.record.day, (shown.record.id,), text)
    lacking = wallet.held.lacking
    if distance(lacking):
        short = [bridge.payout for bridge in bridges if distance(bridge.paid.before)] or [
            bridge.payout for bridge in bridges if bridge.paid.before != ZERO
        ]
        day = max((item.day for item in short), default=as_of)
        text = f"more left the wallet of {account.creator} by {day} than came in{_months(wallet, day)}{_twice(bridges)}"
        ids = tuple(item.id for item in short)
        before = _first_day(wallet) - timedelta(days=1)
        command = f"diamondctl record adjustment opening AMOUNT --date {before} --creator {account.creator}"
        yield Gap("before", account, lacking, account.currency, day, ids, text, command)


def _first_day(wallet: Wallet) -> date:
    account = wallet.state.account
    days = [periods.local_day(credit.first, account.timezone) for state in wallet.states for credit in state.account.until]
    return min([*days, *(item.day for item in wallet.held.records)])


def _months(wallet: Wallet, day: date) -> str:
    """Months between others of which nothing was booked."""
    account = wallet.state.account
    booked = {
        periods.month_of(periods.local_day(credit.booked, account.timezone))
        for state in wallet.states
        for credit in state.account.wallet
    }
    if not booked:
        return ": nothing is booked at all"
    month, missing = min(booked), []
    last = max(*booked, periods.month_of(day))
    while month <= last:
        if month not in booked:
            missing.append(month.label)
        month = periods.month_of(month.end)
    return f"; nothing was booked in {', '.join(missing[:6])}" if missing else ""


def _twice(bridges: Sequence[Bridge]) -> str:
    """Two payouts that look like one."""
    items = [bridge.payout for bridge in bridges if not bridge.payout.ended]
    for at, item in enumerate(items):
        for other in items[at + 1 :]:
            same = (item.amount, item.currency) == (other.amount, other.currency)
            if same and abs((other.arrived_on or other.day) - (item.arrived_on or item.day)) <= timedelta(days=7):
                return f"; {item.id} and {other.id} are the same amount within a week: is it one?"
    return ""


def _fits(item: Record, account: Account, everywhere: Sequence[tuple[Wallet, Record]]) -> str:
    """Another payout that may be the other leg: of another creator, or one that a payout here repeats."""
    for wallet, other in everywhere:
        whose = wallet.state.account.creator
        same = (item.amount, item.currency) == (other.amount, other.currency)
        if other.id == item.id or not same or abs((other.arrived_on or other.day) - item.day) > LONGEST:
            continue
        if whose != account.creator and (item.leg == "in") != (other.leg == "in"):
            return f"; it fits {other.id} of {whose}"
        if whose == account.creator and item.leg == other.leg == "in":
            return f"; {other.id} is the same amount"
        if whose == account.creator and item.leg == "in" and other.arrived is not None:
            return f"; {other.id} is the same amount and arrived: is it told twice?"
    return ""
