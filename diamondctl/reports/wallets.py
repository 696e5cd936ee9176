"""Wallets: a creator's money at one platform in one currency. Regions are segments of its history.

Payouts and their rules stand here. Of the regions a wallet has had, the rules of one hold on a day: the one that the config
names for that day, where it pays in the currency of the wallet, else the one of the last gift by then.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, quantise, total
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import NotKnown, RateEntry, Reward, Zone, look_up
from diamondctl.rating.credits import KEPT, reward_of
from diamondctl.rating.places import is_there
from diamondctl.rating.states import in_order
from diamondctl.rating.thresholds import MinimumCheck, check_minimums
from diamondctl.rating.wallet import Held, held
from diamondctl.records import Record
from diamondctl.reports.remark import WALLET, Brief, Cause, Command, Remark, stated
from diamondctl.reports.remarks import booked_day, money_text, quarter_after
from diamondctl.reports.values import Account, Asked, Home

MONEY: Final = ("credited", "adjusted", "balance", "pending", "earned")
_LISTS: Final = ("now", "before", "until", "unrated", "unrated_before", "unrated_earlier", "recorded", "of_wallet")


class State(NamedTuple):
    """An account or a wallet at the end of a day: `earned == credited + pending`, end by end.

    Of an account `balance == credited + adjusted`; of a wallet it is what is in it, by all that was recorded.
    """

    account: Account
    diamonds: Decimal
    credited: Range
    pending: Range
    pending_until: date | None  # when the last pending credit arrives
    earned: Range
    adjusted: Range  # the sum of the adjustments
    balance: Range
    minimums: tuple[MinimumCheck, ...]  # against the balance of the wallet
    credited_diamonds: Decimal


class Wallet(NamedTuple):
    """Accounts of one creator, platform and currency, and their sum.

    The account of the sum is that of the region whose rules hold, with the credits of all of them.
    """

    state: State
    states: tuple[State, ...]  # of its accounts
    held: Held

    @property
    def unpaid(self) -> Range:
        """What is in the wallet and what is booked later: earned and not yet paid."""
        return self.held.available + self.state.pending

    @property
    def regions(self) -> tuple[str, ...]:
        """Those that its gifts came in, in the order of the accounts."""
        return tuple(state.account.region for state in self.states)


def grouped(accounts: Iterable[Account]) -> list[list[Account]]:
    """The accounts of each wallet, in the order in which its regions had their first gifts; those without money are in none."""
    groups: dict[tuple[str, str, str], list[Account]] = {}
    for account in accounts:
        if account.currency:
            groups.setdefault((account.creator, account.zone.platform, account.currency), []).append(account)
    return [sorted(group, key=_first) for group in groups.values()]


def _first(account: Account) -> int:
    return account.until[0].first if account.until else account.as_of_quarter


def home_before_gifts(creator: str, region: str, currency: str, asked: Asked, day: date) -> tuple[Home, str] | None:
    """Where a wallet is that had no gift by a day, and its currency: that one, or blank the one that gifts bring there.

    Never where gifts come in later. None: no region is known, or nothing is paid there in that currency.
    """
    home = next((home for home in reversed(asked.before_gifts.get((creator, region), ())) if home.start <= day), None)
    if home is None:
        return None
    if currency:
        return (home, currency) if _pays(home.zone, currency) else None
    last = quarter_after(day, asked.timezone_of(creator, home.zone)) - 1
    entry = look_up(home.zone, "reward", last, asked.rates_as_of)
    return (home, reward_of(entry).currency) if isinstance(entry, RateEntry) else None


def with_homes(accounts: Sequence[Account], asked: Asked) -> list[Account]:
    """The same accounts, each with the regions whose rules hold for its wallet."""
    homes: dict[tuple[str, str, str], tuple[Home, ...]] = {}
    for group in grouped(accounts):
        mine = _homes(group, asked.homes.get(group[0].creator, ()))
        homes |= {account.key: mine for account in group}
    return [account._replace(homes=homes.get(account.key, ())) for account in accounts]


def with_opening(accounts: Sequence[Account], opening: Decimal | None) -> list[Account]:
    """The same accounts, with what their one wallet held before the files.

    Refuses (A017) an amount for several wallets, and one that its currency cannot have.
    """
    groups = grouped(accounts)
    if not opening or not groups:
        return list(accounts)
    if len(groups) > 1:
        hint = "say whose it is: --creator NAME; --opening 0 is for all of them"
        raise Refusal(Problem("A017", f"--opening: there are {len(groups):,} wallets here", hint))
    first = groups[0][0]
    amount = quantise(opening, first.currency, "down")
    if amount != opening:
        hint = "write what the app shows"
        raise Refusal(Problem("A017", f"--opening: {opening} has more decimals than {first.currency}", hint))
    day = periods.local_day(_first(first), first.timezone) - timedelta(days=1)
    item = Record("adjustment", 0, first.creator, first.region, day, amount, first.currency, "opening", reason="--opening")
    changed = first._replace(recorded=(item, *first.recorded))
    return [changed if account.key == first.key else account for account in accounts]


def _homes(accounts: Sequence[Account], named: Sequence[Home]) -> tuple[Home, ...]:
    """By time: what the config names, where it pays in the currency of the wallet, over where the gifts came in."""
    sent = _sent(accounts)
    named = [home for home in named if _pays(home.zone, accounts[0].currency)]
    homes: list[Home] = []
    for day in sorted({home.start for home in (*sent, *named)}):
        at = next((home for some in (named, sent) for home in reversed(some) if home.start <= day), sent[0])
        if not homes or homes[-1].region != at.region:
            homes.append(at._replace(start=day))
    return tuple(homes)


def _sent(accounts: Sequence[Account]) -> list[Home]:
    """The region of the last gift by each day on which it changes; of the days before the first, the first."""
    gifts = {(row.quarter, account.region): account for account in accounts for row in account.person.rows}
    for account in accounts:  # of what is kept only its last gift is known
        gifts |= {(credit.last, account.region): account for credit in account.until if credit.unit == KEPT}
    homes = [Home(date.min, accounts[0].region, accounts[0].zone)]
    if len(accounts) > 1:
        for (quarter, region), account in sorted(gifts.items(), key=lambda item: item[0]):
            day = periods.local_day(quarter, account.timezone)
            if homes[-1].start == day:
                homes.pop()
            if not homes or homes[-1].region != region:
                homes.append(Home(day, region, account.zone))
    return homes


def _pays(zone: Zone, currency: str) -> bool:
    values = (entry.value for entry in zone.rates.get("reward", ()))
    return any(isinstance(value, Reward) and value.currency == currency for value in values)


def wallets_of(accounts: Iterable[Account], asked: Asked) -> tuple[Wallet, ...]:
    """Every wallet at the end of the last day of its accounts."""
    return tuple(_wallet([state_of(account) for account in group], asked) for group in grouped(accounts))


def ground_notes(wallets: Iterable[Wallet], *, ledger: bool) -> tuple[str, ...]:
    """What should be recorded of wallets that stand on nothing in a ledger, before a balance is relied on."""
    bare = [wallet for wallet in wallets if ledger and wallet.held.stands_on == "nothing"]
    if not bare:
        return ()
    names = list(dict.fromkeys(wallet.state.account.creator for wallet in bare))
    since = min(_since(wallet) for wallet in bare)
    whose = shlex.quote(names[0]) if len(names) == 1 else "NAME"
    text = (
        f"Earned since {since}, if nothing was withdrawn: no payout and no balance of {_some(names)} is recorded. What does "
        f"the app show? diamondctl record balance AMOUNT --creator {whose}"
    )
    return (Remark(text, _GROUND, whose),)


def _ground_brief(abouts: Sequence[str]) -> Brief:
    return ("What does the app show? Write it down:", Command(f"diamondctl record balance AMOUNT --creator {abouts[0]}"))


_GROUND: Final = Cause(WALLET, _ground_brief)


def wallet_warnings(wallets: Iterable[Wallet], *, differences: bool = False) -> tuple[str, ...]:
    """Where more left a wallet than came in; with `differences` also where the app showed what was not computed."""
    told: list[str] = []
    for wallet in wallets:
        inside, account = wallet.held, wallet.state.account
        if differences and inside.differences and inside.differences[-1].outside:
            item, computed = inside.differences[-1].record, inside.differences[-1].computed.ordered
            text = (
                f"On {item.day} the app of {account.creator} showed {money_text(Range.of(item.amount), account.currency)} "
                f"({item.id}), and {money_text(computed, account.currency)} was computed: a payout that is not recorded, gifts "
                "from before the first file, or a share that the rate file does not know."
            )
            told.append(stated(WALLET, text))
        if inside.lacking != ZERO:
            least = money_text(inside.lacking.ordered, account.currency)
            where = "was there before" if inside.observed is None else "is not recorded: a payout, gifts or an adjustment"
            text = f"More left the wallet of {account.creator} than came in by then: {least} of it {where}, at least."
            told.append(stated(WALLET, text))
    return tuple(told)


def _since(wallet: Wallet) -> date:
    account = wallet.state.account
    first = min((credit.first for credit in account.until), default=account.as_of_quarter)
    return periods.local_day(first, account.timezone)


def _some(names: Sequence[str]) -> str:
    """`mara and lia`; of many the first three."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3:,} others"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def paid_in(wallet: Wallet, quarters: tuple[int, int]) -> Range:
    """What arrived of a wallet's payouts on the days of some quarters, in its currency: of an amount that was exchanged, what
    went into the exchange.
    """
    account = wallet.state.account
    last = periods.local_day(account.as_of_quarter, account.timezone)
    arrived = (
        item.arrived if item.arrived_currency == account.currency else item.amount - (item.tax or Decimal(0))
        for item in wallet.held.payouts
        if is_there(item, last) and item.arrived_on is not None and _on_days(item.arrived_on, quarters, account.timezone)
    )
    return total(Range.of(amount) for amount in arrived if amount is not None)


def shown_in(wallet: Wallet, quarters: tuple[int, int]) -> Range:
    """What the app showed beside what was computed, as told on the days of some quarters: nobody credited it."""
    timezone = wallet.state.account.timezone
    return total(item.amount for item in wallet.held.differences if _on_days(item.record.day, quarters, timezone))


def differences_in(wallet: Wallet, quarters: tuple[int, int]) -> Range:
    """That, and what the platform credited beside what was computed."""
    timezone = wallet.state.account.timezone
    told = [(change.record.day, change.amount) for change in wallet.held.corrected if change.record is not None]
    return total([shown_in(wallet, quarters), *(amount for day, amount in told if _on_days(day, quarters, timezone))])


def _on_days(day: date, quarters: tuple[int, int], timezone: str) -> bool:
    return quarters[0] <= periods.day_start(day, timezone) < quarters[1]


def states_in(wallets: Iterable[Wallet]) -> list[State]:
    """The states of all accounts, in the order of accounts."""
    states = (state for wallet in wallets for state in wallet.states)
    return sorted(states, key=lambda state: state.account.key)


def state_of(account: Account) -> State:
    """One account's credits by state at the end of the day asked for; a minimum speaks of its wallet."""
    credited, pending = account.wallet, account.pending
    last = max(pending, key=lambda credit: credit.booked, default=None)
    with exact():
        diamonds = sum((credit.diamonds for credit in account.until), Decimal(0))
        credited_diamonds = sum((credit.diamonds for credit in credited), Decimal(0))
    reward = total(credit.reward for credit in credited)
    adjusted = adjusted_by(account.recorded)
    return State(
        account=account,
        diamonds=diamonds,
        credited=reward,
        pending=total(credit.reward for credit in pending),
        pending_until=None if last is None else booked_day(last, account),
        earned=total(credit.reward for credit in account.until),
        adjusted=adjusted,
        balance=total([reward, adjusted]),
        minimums=(),
        credited_diamonds=credited_diamonds,
    )


def minimum_checks(account: Account, money: Range, diamonds: Decimal, rates_as_of: date | None) -> tuple[MinimumCheck, ...]:
    """How an amount compares with the minimum in force; nothing where none is known."""
    minimum = account.rule("minimum_payout", rates_as_of)
    return () if isinstance(minimum, NotKnown) else check_minimums(minimum, money, account.currency, diamonds)


def _wallet(states: Sequence[State], asked: Asked) -> Wallet:
    sums: dict[str, Any] = {name: total(getattr(state, name) for state in states) for name in MONEY}
    whole = State(
        account=_whole([state.account for state in states], asked),
        pending_until=max((state.pending_until for state in states if state.pending_until), default=None),
        minimums=(),
        diamonds=_added(state.diamonds for state in states),
        credited_diamonds=_added(state.credited_diamonds for state in states),
        **sums,
    )
    account = whole.account
    credits = in_order(credit for state in states for credit in state.account.wallet)
    inside = held(credits, (*account.recorded, *account.of_wallet), account.timezone, account.since)
    whole = whole._replace(balance=inside.available, adjusted=adjusted_by((*account.recorded, *account.of_wallet)))
    checks = minimum_checks(account, whole.balance, whole.credited_diamonds, asked.rates_as_of)
    return Wallet(whole._replace(minimums=checks), tuple(state._replace(minimums=checks) for state in states), inside)


def adjusted_by(records: Iterable[Record]) -> Range:
    """The sum of the adjustments among some records."""
    return total(Range.of(item.amount) for item in records if item.sort == "adjustment")


def _added(numbers: Iterable[Decimal]) -> Decimal:
    with exact():
        return sum(numbers, Decimal(0))


def _whole(accounts: Sequence[Account], asked: Asked) -> Account:
    """All accounts of a wallet as one, of the region whose rules hold."""
    last = accounts[-1]
    home = last.home
    timezone = asked.timezone_of(last.creator, home.zone)
    as_of = quarter_after(periods.local_day(last.as_of_quarter, last.timezone), timezone) - 1
    lists: dict[str, Any] = {name: tuple(item for account in accounts for item in getattr(account, name)) for name in _LISTS}
    lists["until"] = in_order(lists["until"])
    return last._replace(region=home.region, zone=home.zone, timezone=timezone, as_of_quarter=as_of, **lists)
