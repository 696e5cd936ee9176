"""A statement of a wallet: what was there, what came and went, what is there; beside the period before and the year so far.

It is a view of the journal. Every total is the plain sum of the lines that it names, story by story, so a sheet can add it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, total
from diamondctl.periods import Period
from diamondctl.rating.credits import WEEKLY
from diamondctl.rating.places import NOT_ACCOUNTS, ON_THE_WAY, WALLET, is_there
from diamondctl.records import Correction, Record
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.income import Income, income
from diamondctl.reports.journal import Booking, Journal
from diamondctl.reports.remarks import quarter_after
from diamondctl.reports.scope import Scope
from diamondctl.reports.sealed import month_start
from diamondctl.reports.values import Account, RateUse, activity_of
from diamondctl.reports.wallets import Wallet, wallet_warnings, wallets_of

# Lines of the wallet by kinds of entries, in the order of the statement.
_WALLET: Final = (
    ("reward_credited", "Reward credited", ("reward",)),
    ("weekly_credited", "Weekly part credited", ("weekly",)),
    ("bonus", "Bonus", ("bonus",)),
    ("refund", "Refunds and reversals", ("refund", "reversal")),
    ("exchange", "Exchanged to coins", ("exchange",)),
    ("opened", "Recorded as there before", ("opening",)),
    ("correction", "Corrected, as was shown", ("credited", "shown", "settled")),
    ("before", "From before, at least", ("before",)),
    ("withdrawn", "Withdrawn", ("withdrawn",)),
)
_TAKEN: Final = (("tax", "Tax held back"), ("fee", "Fees"), ("fx", "Into another currency"))
SECTIONS: Final = {
    "earned": "What the gifts of the period earned",
    "credited": "From earned to credited",
    "wallet": "The wallet",
    "paid": "From the wallet to your accounts",
}


class Line(NamedTuple):
    """A line, in two stories. A total is the sum of the lines that `adds` names."""

    section: str
    key: str
    label: str
    prior: Range
    current: Range
    cumulative: Range
    adds: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether it says nothing of the period, the one before and the year so far."""
        return self.prior == self.current == self.cumulative == ZERO


class Control(NamedTuple):
    """A number that a reader can check against the source."""

    key: str
    label: str
    value: int


class Open(NamedTuple):
    """What is not settled at the end of the period."""

    key: str
    text: str
    amount: Range | None = None


class Month(NamedTuple):
    """A month of a year."""

    period: Period
    earned: Range
    credited: Range
    left: Range


class WalletStatement(NamedTuple):
    """The statement of one wallet."""

    wallet: Wallet
    lines: tuple[Line, ...]
    payouts: tuple[Record, ...]  # that left or arrived in the period
    entries: tuple[Booking, ...]  # of the period
    controls: tuple[Control, ...]
    open_items: tuple[Open, ...]
    months: tuple[Month, ...] = ()  # of a year
    form: Form | None = None

    @property
    def account(self) -> Account:
        """Whose wallet it is, with all its credits."""
        return self.wallet.state.account

    @property
    def currency(self) -> str:
        """Of all its amounts."""
        return self.account.currency

    def line(self, key: str) -> Line:
        """One of its lines."""
        return next(line for line in self.lines if line.key == key)


class Form(NamedTuple):
    """What a payer's form says of the year, and what it is: a basis, and what lies between the two."""

    amount: Decimal
    basis: str  # key of the line that it stands for
    label: str
    figure: Decimal
    between: tuple[tuple[str, Decimal], ...]  # named differences
    rest: Decimal  # that nothing here explains


class Basis(NamedTuple):
    """What a statement was computed from beside files and rates, as JSON has it: enough to compute it again elsewhere."""

    program: str = ""  # its version
    options: tuple[tuple[str, str], ...] = ()  # as they were given
    settings: tuple[Mapping[str, str], ...] = ()  # of this creator alone
    records: tuple[Mapping[str, object], ...] = ()
    readings: tuple[Mapping[str, str], ...] = ()  # how each document was read
    corrections: tuple[Mapping[str, object], ...] = ()  # of closed months, that count by its end
    closed: bool = False  # told as its months were closed: what came later is not in it


class Statement(NamedTuple):
    """The whole report, of one creator."""

    scope: Scope
    cumulative: Period
    wallets: tuple[WalletStatement, ...]
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]
    of_year: bool = False
    basis: Basis = Basis()
    income: tuple[Income, ...] = ()  # of a year: other income beside gifts, where there is any

    @property
    def creator(self) -> str:
        """Whose it is; blank where there is nothing."""
        return self.wallets[0].account.creator if self.wallets else ""

    @property
    def exact(self) -> bool:
        """Whether every figure of the period is one number."""
        return all(line.current.is_exact for item in self.wallets for line in item.lines)


def cuts_of(period: Period, cumulative: Period) -> tuple[date, ...]:
    """The days at whose ends the journal of a statement has to be cut."""
    return tuple(one.start - timedelta(days=1) for one in (period, period.before(), cumulative))


def so_far(period: Period, *, of_year: bool) -> Period:
    """The year up to the end of a period; of a year, all time."""
    first = date(2000, 1, 1) if of_year else period.last_day.replace(month=1, day=1)
    return periods.days(min(first, period.start), period.end)


def statement(scope: Scope, told: Journal, *, of_year: bool = False, form: Decimal | None = None) -> Statement:
    """Make the report, of a journal that was cut as `cuts_of` says and goes up to the end of the period."""
    cumulative = so_far(scope.period, of_year=of_year)
    made = tuple(_wallet(wallet, scope, told, cumulative, of_year, form) for wallet in wallets_of(scope.accounts, scope.asked))
    used = [(a.zone, entry) for a in scope.accounts for entry in frame.entries_of((*a.now, *a.before))]
    uses = scope.uses(used)
    warnings = (
        *scope.warnings,
        *wallet_warnings([item.wallet for item in made], differences=True),
        *remarks.stale_warnings(uses, scope.as_of),
    )
    beside = income(scope) if of_year else ()
    return Statement(scope, cumulative, made, uses, tuple(dict.fromkeys(warnings)), of_year, income=beside)


class _Spans(NamedTuple):
    """The three periods of a statement."""

    prior: Period
    current: Period
    cumulative: Period

    def line(self, section: str, key: str, label: str, of: Callable[[Period], Range], adds: Sequence[str] = ()) -> Line:
        """A line of all three."""
        return Line(section, key, label, of(self.prior), of(self.current), of(self.cumulative), tuple(adds))


def _wallet(
    wallet: Wallet, scope: Scope, told: Journal, cumulative: Period, of_year: bool, form: Decimal | None
) -> WalletStatement:
    account = wallet.state.account
    mine = (account.creator, account.zone.platform, account.currency)
    entries = [entry for entry in told.entries if entry.wallet == mine]
    spans = _Spans(scope.period.before(), scope.period, cumulative)
    accounts = [state.account for state in wallet.states]
    corrections = [item for item in scope.corrections if (item.creator, item.currency) == (account.creator, account.currency)]
    lines = [*_earned(accounts, spans), *_credited(accounts, spans, scope.as_of), *_of_wallet(entries, spans, corrections)]
    lines += _paid(entries, spans)
    sums = {line.key: line for line in lines}
    credited, inside = sums["credited"], [sums[key] for key in ("reward_credited", "weekly_credited")]
    for name in ("prior", "current", "cumulative"):
        if getattr(credited, name) != total(getattr(line, name) for line in inside):
            raise AssertionError(f"what was credited of {mine} is not what the wallet got")
    period = scope.period
    payouts = tuple(
        item
        for item in wallet.held.payouts
        if period.start <= item.day < period.end or (item.arrived_on and period.start <= item.arrived_on < period.end)
    )
    inside_period = tuple(entry for entry in entries if period.start <= entry.day < period.end)
    made = WalletStatement(
        wallet,
        tuple(lines),
        payouts,
        inside_period,
        tuple(_controls(accounts, inside_period, payouts)),
        tuple(_open_items(wallet, accounts, scope, inside_period)),
    )
    if of_year:
        made = made._replace(months=tuple(_months(accounts, entries, period)))
        made = made._replace(form=None if form is None else _tie(made, form))
    return made


def _activity(accounts: Iterable[Account], period: Period, basis: str, *, weekly: bool | None = None) -> list[Range]:
    found = []
    for account in accounts:
        start, end = period.quarters(account.timezone)
        end = min(end, account.as_of_quarter + 1)
        credits = activity_of(account.person, account.currency, (start, max(start, end)), basis)  # type: ignore[arg-type]
        found += [credit.reward for credit in credits if weekly is None or (credit.unit == WEEKLY) == weekly]
    return found


def _gift_value(accounts: Iterable[Account], period: Period) -> Range:
    values = []
    for account in accounts:
        start, end = period.quarters(account.timezone)
        end = min(end, account.as_of_quarter + 1)
        credits = activity_of(account.person, account.currency, (start, max(start, end)), "earned")
        values += [credit.nominal for credit in credits]
    return total(values)


def _earned(accounts: Sequence[Account], spans: _Spans) -> list[Line]:
    def reward(period: Period) -> Range:
        return total(_activity(accounts, period, "earned", weekly=False))

    def kept(period: Period) -> Range:
        value, left = _gift_value(accounts, period), reward(period)
        with exact():
            return left.but(left.low - value.low, left.high - value.high)

    return [
        spans.line("earned", "gift_value", "Gift value", lambda period: _gift_value(accounts, period)),
        spans.line("earned", "platform", "Kept by the platform", kept),
        spans.line("earned", "reward", "Reward of LIVEs", reward, ("gift_value", "platform")),
        spans.line("earned", "weekly", "Weekly part", lambda period: total(_activity(accounts, period, "earned", weekly=True))),
        spans.line("earned", "earned", "You earned", lambda period: total(_activity(accounts, period, "earned")), _EARNED),
    ]


_EARNED: Final = ("reward", "weekly")


def _credited(accounts: Sequence[Account], spans: _Spans, as_of: date) -> list[Line]:
    def pending(day: date) -> Range:
        """What is earned by the end of a day and booked later."""
        found = []
        for account in accounts:
            cut = quarter_after(min(day, as_of), account.timezone)
            state = account.person.at(cut)
            found += [credit.reward for key, credit in state.items() if key[0] == account.currency and credit.booked >= cut]
        return total(found)

    def later(period: Period) -> Range:
        amount = pending(period.last_day)
        return amount.but(-amount.low, -amount.high)

    adds = ("earned", "booked_now", "booked_later")
    return [
        spans.line("credited", "booked_now", "Earned before, booked now", lambda one: pending(one.start - timedelta(days=1))),
        spans.line("credited", "booked_later", "Booked after the period", later),
        spans.line("credited", "credited", "Credited", lambda one: total(_activity(accounts, one, "credited")), adds),
    ]


def _corrected(corrections: Iterable[Correction], period: Period, *, since: bool) -> Range:
    """What of months before a period was corrected in it, or `since` it began: what was told of its beginning lacks that."""
    return total(
        item.amount
        for item in corrections
        if item.basis in ("credited", "wallet") and month_start(item.month) < period.start <= month_start(item.booked)
        if since or month_start(item.booked) < period.end
    )


def _of_wallet(entries: Sequence[Booking], spans: _Spans, corrections: Sequence[Correction]) -> list[Line]:
    def kinds(names: tuple[str, ...]) -> Callable[[Period], Range]:
        def inside(period: Period) -> Range:
            return total(e.of(WALLET) for e in entries if e.kind in names and period.start <= e.day < period.end)

        return inside

    def opening(one: Period) -> Range:
        return total([_until(entries, WALLET, one.start), _minus([_corrected(corrections, one, since=True)])])

    def closing(one: Period) -> Range:
        later = _minus([_corrected(corrections, one, since=True)])
        return total([_until(entries, WALLET, one.end), later, _corrected(corrections, one, since=False)])

    lines = [spans.line("wallet", "opening", "In the wallet before", opening)]
    if corrections:
        text = "Corrections of closed months"
        lines.append(spans.line("wallet", "closed", text, lambda one: _corrected(corrections, one, since=False)))
    lines += [spans.line("wallet", key, label, kinds(names)) for key, label, names in _WALLET]
    adds = [line.key for line in lines]
    return [*lines, spans.line("wallet", "closing", "In the wallet at the end", closing, adds)]


def _until(entries: Iterable[Booking], place: str, end: date) -> Range:
    """What is at a place at the beginning of a day."""
    return total(entry.of(place) for entry in entries if entry.day < end)


def _paid(entries: Sequence[Booking], spans: _Spans) -> list[Line]:
    def taken(place: str) -> Callable[[Period], Range]:
        def inside(period: Period) -> Range:
            return _minus(
                posting.amount
                for entry in entries
                if entry.kind == "arrived" and period.start <= entry.day < period.end
                for posting in entry.postings
                if posting.currency == entry.wallet[2]
                and (posting.place == place if place else posting.place not in NOT_ACCOUNTS)
            )

        return inside

    def left(period: Period) -> Range:
        return total(e.of(ON_THE_WAY) for e in entries if e.kind == "withdrawn" and period.start <= e.day < period.end)

    lines = [
        spans.line("paid", "on_the_way_before", "On the way before", lambda one: _until(entries, ON_THE_WAY, one.start)),
        spans.line("paid", "left", "Left the wallet", left),
        *(spans.line("paid", key, label, taken(key)) for key, label in _TAKEN),
        spans.line("paid", "arrived", "Reached your accounts", taken("")),
    ]
    adds = [line.key for line in lines]
    end = spans.line("paid", "on_the_way", "On the way at the end", lambda one: _until(entries, ON_THE_WAY, one.end), adds)
    return [*lines, end]


def _minus(amounts: Iterable[Range]) -> Range:
    amount = total(amounts)
    return amount.but(-amount.low, -amount.high)


def _controls(accounts: Sequence[Account], entries: Sequence[Booking], payouts: Sequence[Record]) -> list[Control]:
    credits = [credit for account in accounts for credit in account.now]
    rows = [row for credit in credits for row in credit.rows]
    return [
        Control("coins", "Coins of gifts that are rated", sum(row.coins for row in rows)),
        Control("gifts", "Gifts that are rated", sum(row.gifts for row in rows)),
        Control("credits", "Credits", sum(entry.kind in ("reward", "weekly") for entry in entries)),
        Control("ranges", "Entries known only as a range", sum(not entry.is_exact for entry in entries)),
        Control("entries", "Entries", len(entries)),
        Control("payouts", "Payouts that left or arrived", len(payouts)),
        Control("unrated", "Gifts without a rate", sum(item.row.gifts for account in accounts for item in account.unrated)),
    ]


def _open_items(wallet: Wallet, accounts: Sequence[Account], scope: Scope, entries: Sequence[Booking]) -> list[Open]:
    found = []
    for item in wallet.held.payouts:
        if not is_there(item, scope.as_of):
            by = f" by {item.method}" if item.method else ""
            found.append(Open("on_the_way", f"{item.id} of {item.day}{by} has not arrived", Range.of(item.amount)))
    if wallet.state.pending != ZERO:
        until = f", by {wallet.state.pending_until}" if wallet.state.pending_until else ""
        found.append(Open("pending", f"earned and booked later{until}", wallet.state.pending))
    ranges = [entry for entry in entries if not entry.is_exact]
    if ranges:
        text = f"{len(ranges):,} entries of the period are known only as a range"
        found.append(Open("ranges", text, total(entry.of(WALLET) for entry in ranges)))
    if unrated := sum(item.row.gifts for account in accounts for item in account.unrated):
        found.append(Open("unrated", f"{unrated:,} gifts of the period have no rate and are in no figure"))
    for shown in wallet.held.differences:
        if shown.outside and scope.period.start <= shown.record.day < scope.period.end:
            found.append(Open("shown", f"{shown.record.id} shows another balance than was computed", shown.amount))
    return found


def _months(accounts: Sequence[Account], entries: Sequence[Booking], year: Period) -> Iterable[Month]:
    day = year.start
    while day < year.end:
        month = periods.month_of(day)
        earned, credited = (total(_activity(accounts, month, basis)) for basis in ("earned", "credited"))
        left = total(e.of(ON_THE_WAY) for e in entries if e.kind == "withdrawn" and month.start <= e.day < month.end)
        yield Month(month, earned, credited, left)
        day = month.end


# What a payer's form may stand for, and what lies between two of them.
_BASES: Final = (
    ("left", "Withdrawn from the wallet"),
    ("credited", "Credited to the wallet"),
    ("earned", "Earned by the gifts"),
    ("arrived", "Reached your accounts"),
    ("gift_value", "Gift value"),
)
_STEPS: Final = {
    "left": ("on_the_way_before", "on_the_way", "tax", "fee", "fx", "bonus", "refund", "correction"),
    "credited": ("booked_now", "booked_later", "bonus", "refund", "exchange", "correction", "weekly_credited"),
    "earned": ("booked_now", "booked_later", "bonus", "refund", "correction", "weekly"),
    "arrived": ("tax", "fee", "fx", "on_the_way_before", "on_the_way"),
    "gift_value": ("platform",),
}


def _tie(made: WalletStatement, form: Decimal) -> Form:
    """The basis that a form stands for with the fewest steps between, and their names; else the nearest, and what is left."""
    best: tuple[int, int, Form] | None = None
    nearest: tuple[Decimal, Form] | None = None
    for order, (key, label) in enumerate(_BASES):
        line = made.line(key)
        figure = abs(line.current.low) if key == "arrived" else line.current.low
        if not line.current.is_exact:
            continue
        with exact():
            gap = form - figure
        steps = [(name, made.line(name)) for name in _STEPS[key]]
        known = [(item.label, item.current.low) for _, item in steps if item.current.is_exact and item.current != ZERO]
        for count in range(min(len(known), 3) + 1):
            for chosen in combinations(known, count):
                for signs in _signs(count):
                    with exact():
                        parts = tuple((name, sign * amount) for (name, amount), sign in zip(chosen, signs, strict=True))
                        fits = sum((amount for _, amount in parts), Decimal(0)) == gap
                    if fits and (best is None or (count, order) < best[:2]):
                        best = count, order, Form(form, key, label, figure, parts, Decimal(0))
        if nearest is None or abs(gap) < nearest[0]:
            nearest = abs(gap), Form(form, key, label, figure, (), gap)
    if best is not None:
        return best[2]
    return nearest[1] if nearest is not None else Form(form, "", "only ranges are known", Decimal(0), (), form)


def _signs(count: int) -> list[tuple[int, ...]]:
    signs: list[tuple[int, ...]] = [()]
    for _ in range(count):
        signs = [(*some, sign) for some in signs for sign in (1, -1)]
    return signs
