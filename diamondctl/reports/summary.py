"""The summary of a period: streams, gifts, diamonds, gift value, reward, their change, and what the minimum says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.confidence import weakest
from diamondctl.money import ZERO, Change, Range, change_of, exact, percent_change, total
from diamondctl.periods import Period
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.thresholds import MinimumCheck
from diamondctl.records import INFERRED, GiftUsage
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.driver import Driver, driver_of
from diamondctl.reports.income import Income, income
from diamondctl.reports.roster import Dark, went_dark
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse
from diamondctl.reports.wallets import Wallet, differences_in, minimum_checks, paid_in, wallet_warnings, wallets_of

_STREAM: Final = attrgetter("stream")
_GIFTS: Final = attrgetter("gifts")
_COINS: Final = attrgetter("coins")


class Line(NamedTuple):
    """One figure of the period beside the one before. `before` is None where the files hold nothing."""

    key: str
    label: str
    unit: str  # count | diamonds | a currency
    now: Range
    before: Range | None
    change: Decimal | None  # percent; None: nothing before, or not known because an end is open
    moved: Change | None  # the same of both ends; None: nothing before, or a side is incomplete
    provenance: str  # imported | rated | config
    confidence: str  # the weakest that it rests on; blank for imported figures
    note: str = ""


class Earned(NamedTuple):
    """What was earned in the files up to a day, and how its wallet compares with the minimum. A file knows no payouts."""

    as_of: date
    reward: Range
    minimums: tuple[MinimumCheck, ...]


class Roll(NamedTuple):
    """One account's lines and what it earned."""

    account: Account
    lines: tuple[Line, ...]
    earned: Earned

    def line(self, key: str) -> Line | None:
        """The line with that key."""
        return next((line for line in self.lines if line.key == key), None)


class Summary(NamedTuple):
    """The whole report."""

    scope: Scope
    rolls: tuple[Roll, ...]
    wallets: tuple[Wallet, ...]
    totals: tuple[tuple[str, Range, Range], ...]  # currency, gift value, reward; when there are several accounts
    dark: tuple[Dark, ...]  # creators who stream no more
    driver: Driver | None  # what made more than a fifth of the period of one account
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]
    income: tuple[Income, ...] = ()  # of creators who got anything but gifts


def summarise(scope: Scope, gifts: Sequence[GiftUsage] = ()) -> Summary:
    """Make the summary; `gifts` are those of the period told apart, where they are known."""
    if scope.gaps.before:
        scope = scope._replace(notes=(*scope.notes, scope.gaps.before))
    wallets = wallets_of(scope.accounts, scope.asked)
    used: list[tuple[Zone, RateEntry]] = []
    checks: dict[tuple[str, str, str], tuple[MinimumCheck, ...]] = {}
    for wallet in wallets:
        whole = wallet.state
        known = wallet.held.stands_on != "nothing"  # else it is what was earned, if nothing was withdrawn
        money, diamonds = (whole.balance, whole.credited_diamonds) if known else (whole.earned, whole.diamonds)
        mine = minimum_checks(whole.account, money, diamonds, scope.asked.rates_as_of)
        checks |= {state.account.key: mine for state in wallet.states}
        used += [(whole.account.zone, check.entry) for check in mine]
    of_wallet = {wallet.states[0].account.key: wallet for wallet in wallets}  # what is of the wallet stands with the first
    rolls = []
    for account in scope.accounts:
        entries = frame.entries_of([*account.now, *account.before, *account.until])
        used += [(account.zone, entry) for entry in entries]
        earned = Earned(scope.as_of, total(credit.reward for credit in account.until), checks.get(account.key, ()))
        rolls.append(Roll(account, _lines(account, scope, of_wallet.get(account.key)), earned))
    uses = scope.uses(used)
    warnings = (
        *scope.warnings,
        *wallet_warnings(wallets),
        *remarks.stale_warnings(uses, scope.as_of),
    )
    (driver,) = scope.driver or (driver_of(scope.accounts[0], gifts) if len(scope.accounts) == 1 else None,)
    return Summary(
        scope=scope,
        rolls=tuple(rolls),
        wallets=wallets,
        totals=_totals(rolls),
        dark=went_dark(scope.accounts, scope.previous.start, scope.end),
        driver=driver,
        rates=uses,
        warnings=warnings,
        income=income(scope),
    )


def _lines(account: Account, scope: Scope, wallet: Wallet | None) -> tuple[Line, ...]:
    now, before, currency = account.now, account.before, account.currency
    lines = []
    lost = (account.unrated, account.unrated_before)
    rows = [
        [*(row for credit in credits for row in credit.rows), *(item.row for item in missing)]
        for credits, missing in zip((now, before), lost, strict=True)
    ]
    # A LIVE counts where its first gift is.
    streams = [len(account.began(quarters)) for quarters in (account.span, account.span_before)]
    # Days as the period has them, whatever the platform credits at once.
    days = [len({periods.local_day(row.quarter, account.timezone) for row in some if not row.stream}) for some in rows]
    if any(streams) or not any(days):
        # A credit of a stream has its name; any other may hold several.
        named = ({credit.name} if credit.unit == "stream" else remarks.names(credit) for credit in now if credit.rows)
        inferred = len({name for names in named for name in names if name.startswith(INFERRED)})
        note = f"{inferred:,} of them inferred" if inferred else ""
        lines.append(_line("streams", "LIVEs", "count", Range.of(streams[0]), _some(before or lost[1], streams[1]), note=note))
    if any(days):
        label = "Days without a LIVE named" if any(streams) else "Days with gifts"
        lines.append(_line("days", label, "count", Range.of(days[0]), _some(before or lost[1], days[1])))
    lines += _live_lines(account, scope, [{*map(_STREAM, some)} - {""} for some in rows])
    unrated_gifts, unrated_before = (sum(item.row.gifts for item in items) for items in lost)
    gifts, gifts_before = (sum(map(_GIFTS, some)) for some in rows)
    coins, coins_before = (sum(map(_COINS, some)) for some in rows)
    notes = [f"{unrated_gifts:,} of them unrated"] if unrated_gifts else []
    notes += ["not counted: only totals"] if coins and not gifts else []
    notes += [f"{unrated_before:,} unrated before"] if unrated_before else []
    note = ", ".join(notes)
    lines.append(_line("gifts", "Gifts", "count", Range.of(gifts), _some(before or lost[1], gifts_before), note=note))
    lines.append(_line("coins", "Coins", "count", Range.of(coins), _some(before or lost[1], coins_before)))
    if scope.gaps.no_change(account.creator):
        lines = [line._replace(change=None, moved=None) for line in lines]
    if not currency:
        return tuple(lines)
    money = [account.money(span) for span in (account.span, account.span_before)]
    with exact():
        diamonds = [sum((c.diamonds for c in credits), Decimal(0)) for credits in (now, before)]
    values = [total(credit.nominal for credit in credits) for credits in money]
    worth = weakest(part.entry.confidence for credit in (*now, *before) for part in credit.parts)
    rewards = [total(credit.reward for credit in credits).ordered for credits in money]
    rated = "rated"
    share = f"share {remarks.share_text(now or before)}" if now or before else ""
    more: list[Line] = []
    if wallet is not None and account.basis == "paid":
        rewards = [paid_in(wallet, span) for span in (account.span, account.span_before)]
    if wallet is not None and account.basis == "credited":
        told = [differences_in(wallet, span).ordered for span in (account.span, account.span_before)]
        if any(amount != ZERO for amount in told):
            label = "Shown or credited beside it"
            more.append(_line("differences", label, currency, told[0], told[1], "observed"))
    before_reward = rewards[1] if before or rewards[1] != ZERO else None
    rated_lines = [
        _line("diamonds", "Diamonds", "diamonds", Range.of(diamonds[0]), _some(before, diamonds[1]), rated, worth),
        _line("gift_value", "Gift value", currency, values[0], values[1] if before else None, rated),
        _line("reward", "Your reward", currency, rewards[0], before_reward, rated, note=share),
    ]
    untold = scope.gaps.no_change(account.creator) and account.basis != "paid"  # payouts are in no file of gifts
    if lost[0] or lost[1] or untold:  # one of the two is incomplete: no change can be told
        rated_lines = [line._replace(change=None, moved=None) for line in rated_lines]
    return (*lines, *rated_lines, *more)


def _live_lines(account: Account, scope: Scope, streams: list[set[str]]) -> list[Line]:
    """Hours live and new followers of both periods, where totals of days or of streams say them, and of how many."""
    lines = []
    for key, label, name in (("hours", "Hours live", "seconds"), ("new_followers", "New followers", "new_followers")):
        (now, note), (before, _) = (
            _live(scope, account.creator, name, period, mine)
            for period, mine in zip((scope.period, scope.previous), streams, strict=True)
        )
        if now is not None:
            earlier = None if before is None else Range.of(before)
            lines.append(_line(key, label, "count", Range.of(now), earlier, note=note))
    return lines


def _live(scope: Scope, creator: str, name: str, period: Period, streams: set[str]) -> tuple[Decimal | None, str]:
    """What totals say of a period: those of its days, else those of its streams; hours with one decimal."""
    facts = scope.asked.facts
    days = [
        getattr(fact, name)
        for (who, day), fact in facts.days.items()
        if who == creator and period.start <= day < period.end and getattr(fact, name) >= 0
    ]
    known = [facts.streams[creator, stream] for stream in sorted(streams) if (creator, stream) in facts.streams]
    of_streams = [getattr(fact, name) for fact in known if getattr(fact, name) >= 0]
    if not days and not of_streams:
        return None, ""
    number = sum(days or of_streams)
    note = f"{len(known):,} of {len(streams):,} LIVEs"
    if days:
        note = f"{len(days):,} of {(period.end - period.start).days:,} days"
    tenths = (number * 10 + 1_800) // 3_600
    return (Decimal(tenths).scaleb(-1) if name == "seconds" else Decimal(number)), note


def _some(before: Sequence[object], number: Decimal | int) -> Range | None:
    return Range.of(number) if before else None


def _line(
    key: str,
    label: str,
    unit: str,
    now: Range,
    before: Range | None,
    provenance: str = "imported",
    confidence: str = "",
    note: str = "",
) -> Line:
    change = None
    if before is not None and now.is_exact and before.is_exact:
        change = percent_change(now.low, before.low)
    moved = None if before is None else change_of(now, before)
    rests_on = weakest((confidence, now.confidence, before.confidence if before is not None else ""))
    return Line(key, label, unit, now, before, change, moved, provenance, rests_on, note)


def _totals(rolls: list[Roll]) -> tuple[tuple[str, Range, Range], ...]:
    if len(rolls) < 2:
        return ()
    totals = []
    for currency in sorted({roll.account.currency for roll in rolls if roll.account.currency}):
        mine = [roll for roll in rolls if roll.account.currency == currency]
        lines = [(roll.line("gift_value"), roll.line("reward")) for roll in mine]
        value = total(value.now if value else ZERO for value, _ in lines)
        reward = total(reward.now if reward else ZERO for _, reward in lines)
        totals.append((currency, value, reward))
    return tuple(totals)
