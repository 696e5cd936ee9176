"""Can it be withdrawn? The redeem steps that rate files can answer, each with its source."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, quantise
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import (
    CONFIDENCES,
    Fee,
    Maximum,
    Minimum,
    NotKnown,
    RateEntry,
    Timing,
    Zone,
)
from diamondctl.rating.fees import payouts
from diamondctl.rating.thresholds import MinimumCheck, applicable
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import NO_METHODS, Account, Methods, RateUse
from diamondctl.reports.wallets import State, Wallet, wallets_of

Status = Literal["ok", "no", "?", "depends", "note"]


class Step(NamedTuple):
    """One step of the redeem walk. `facts` are what a renderer puts into words, in minor units where money."""

    key: str  # balance | minimum | limit | method | time
    status: Status
    entry: RateEntry | None
    why: str  # from the look-up where nothing is known; else blank
    checks: tuple[MinimumCheck, ...] = ()  # all of them have to hold
    stronger: RateEntry | None = None  # an older entry of a stronger confidence that says otherwise
    limit: Maximum | None = None
    payouts: tuple[int, int] = (1, 1)
    fees: tuple[Fee, ...] = ()
    timing: Timing | None = None
    earliest: date | None = None
    latest: date | None = None


class Check(NamedTuple):
    """One wallet's walk and its answer, by the rules of the region in force."""

    wallet: Wallet
    method: str
    steps: tuple[Step, ...]
    answer: Literal["yes", "no", "depends", "unknown"]
    available: Range  # what one payout can hold now; zero unless every minimum is or may be reached
    short_by: Range  # what is missing to the minimum; zero when it is reached
    short_of_diamonds: Decimal  # the same for a minimum in diamonds
    too_high: Minimum | None  # a minimum that no payout can reach, for it is above the limit of one
    complete: bool  # no gift is missing from the balance
    certain: bool  # it is a yes or a no, of a wallet of which is known what it held before

    @property
    def state(self) -> State:
        """That of the wallet."""
        return self.wallet.state


class PayoutCheck(NamedTuple):
    """The whole report."""

    scope: Scope
    checks: tuple[Check, ...]
    rates: tuple[RateUse, ...]
    complete: bool
    warnings: tuple[str, ...]


def payout_check(scope: Scope, method: str, methods: Methods = NO_METHODS) -> PayoutCheck:
    """Walk the steps for every wallet. `method` blank: that of the creator, else the first method the rate file names.

    Refuses (A015) a method that a rate file does not know.
    """
    checks = tuple(_check(wallet, scope, method, methods) for wallet in wallets_of(scope.accounts, scope.asked))
    used: list[tuple[Zone, RateEntry]] = []
    for check in checks:
        used += [(check.state.account.zone, step.entry) for step in check.steps if step.entry is not None]
        for account in (state.account for state in check.wallet.states):
            used += [(account.zone, entry) for entry in frame.entries_of(account.until)]
    uses = scope.uses(used)
    nobody = (
        () if scope.accounts or scope.nowhere else (f"By {scope.as_of} no gift has come, so there is no wallet to pay out.",)
    )
    warnings = (*scope.warnings, *nobody, *remarks.stale_warnings(uses, scope.as_of))
    complete = scope.complete and bool(checks) and not scope.nowhere
    complete = complete and all(check.answer in ("yes", "no") for check in checks)
    return PayoutCheck(scope, checks, uses, complete, warnings)


def _check(wallet: Wallet, scope: Scope, method: str, methods: Methods) -> Check:
    state, account = wallet.state, wallet.state.account
    rules = {
        name: account.rule(name, scope.asked.rates_as_of)
        for name in ("minimum_payout", "maximum_payout", "payout_fees", "payout_timing")
    }
    chosen = _method(rules, method, methods, account)
    complete = account.complete and not scope.origin.incomplete
    limit = _limit(state, rules["maximum_payout"], chosen)
    cap = None if limit.limit is None else limit.limit.amount
    minimum, too_high = _minimum(state, rules["minimum_payout"], chosen, cap, complete)
    steps = (
        _balance(state, complete),
        minimum,
        limit,
        _fees(rules["payout_fees"], chosen),
        _time(rules["payout_timing"], chosen, scope.as_of),
    )
    first = (steps[0].status, minimum.status)
    answer: Literal["yes", "no", "depends", "unknown"]
    if "no" in first:
        answer = "no"
    elif "?" in first:
        answer = "unknown"
    else:
        answer = "depends" if "depends" in first else "yes"
    available = _available(state, minimum.checks, cap, account.currency)
    if answer == "yes" and available.high <= 0:
        answer = "no"
    certain = answer in ("yes", "no") and (scope.origin.ledger or scope.asked.opening is not None)
    return Check(wallet, chosen, steps, answer, available, *_short(state, minimum.checks), too_high, complete, certain)


def _balance(state: State, complete: bool) -> Step:
    if state.balance.low > 0:
        return Step("balance", "ok", None, "")
    if state.balance.high > 0:
        return Step("balance", "depends", None, "")
    return Step("balance", "no" if complete else "?", None, "")


def _method(rules: dict[str, RateEntry | NotKnown], given: str, methods: Methods, account: Account) -> str:
    method = given or methods.of(account.creator)
    names: dict[str, None] = {}
    for rule in rules.values():
        if isinstance(rule, RateEntry) and isinstance(rule.value, tuple):
            names.update((item.method, None) for item in rule.value if isinstance(item, Minimum | Maximum | Fee | Timing))
    named = [name for name in names if name != "any"]
    if method and method not in names and (named or "any" not in names):
        hint = "known: " + ", ".join(named) if named else "it names no method at all"
        message = f"{account.zone.file} knows no method '{method}'"
        raise Refusal(methods.problem(message, hint, "" if given else account.creator))
    return method or (named[0] if named else "any")


def _why(rule: RateEntry | NotKnown) -> str:
    return rule.detail if isinstance(rule, NotKnown) else "the rate file says nothing for this method"


def _minimum(
    state: State, rule: RateEntry | NotKnown, method: str, cap: Decimal | None, complete: bool
) -> tuple[Step, Minimum | None]:
    """The step, and the minimum that is above the most that one payout can hold."""
    checks = applicable(state.minimums, method)
    if isinstance(rule, NotKnown) or not checks:
        return Step("minimum", "?", None, _why(rule)), None
    answers = {check.answer for check in checks}
    status: Status = "depends" if "depends" in answers else "ok"
    why = ""
    if "other currency" in answers:
        status, why = "?", "it is in another currency, and no exchange rate is known"
    if "below" in answers:
        # Gifts that no rate covers, or rows that were left out, may be what is missing here.
        status = "no" if complete else "?"
        why = ""
    mine = [check.minimum for check in checks if check.minimum.currency == state.account.currency]
    too_high = next((minimum for minimum in mine if cap is not None and minimum.amount > cap), None)
    if too_high is not None:
        status, why = "no", ""
    older = [
        entry
        for entry in state.account.zone.rates["minimum_payout"]
        if entry.effective < rule.effective
        and entry.value is not None
        and entry.value != rule.value
        and CONFIDENCES.index(entry.confidence) < CONFIDENCES.index(rule.confidence)
    ]
    return Step("minimum", status, rule, why, checks=checks, stronger=older[-1] if older else None), too_high


def _limit(state: State, rule: RateEntry | NotKnown, method: str) -> Step:
    currency = state.account.currency
    items = rule.value if isinstance(rule, RateEntry) and isinstance(rule.value, tuple) else ()
    limits = [
        item for item in items if isinstance(item, Maximum) and item.method in ("any", method) and item.currency == currency
    ]
    if not limits or isinstance(rule, NotKnown):
        return Step("limit", "?", None, _why(rule))
    limit = min(limits, key=lambda item: item.amount)
    count = (
        payouts(state.balance.low, rule, method, currency),
        payouts(state.balance.high, rule, method, currency),
    )
    status: Status = "ok" if count[1] <= 1 else "note"
    return Step("limit", status, rule, "", limit=limit, payouts=count)


def _fees(rule: RateEntry | NotKnown, method: str) -> Step:
    items = rule.value if isinstance(rule, RateEntry) and isinstance(rule.value, tuple) else ()
    mine = tuple(item for item in items if isinstance(item, Fee) and item.method in ("any", method))
    if not mine or isinstance(rule, NotKnown):
        return Step("method", "?", None, _why(rule))
    return Step("method", "ok", rule, "", fees=mine)


def leaves_and_arrives(account: Account, day: date, method: str, rates_as_of: date | None) -> tuple[date, date | None]:
    """When a payout of what is in the balance at the end of a day leaves at the earliest, and is there at the latest."""
    step = _time(account.rule("payout_timing", rates_as_of), method, day)
    return step.earliest or day, step.latest


def _time(rule: RateEntry | NotKnown, method: str, as_of: date) -> Step:
    items = rule.value if isinstance(rule, RateEntry) and isinstance(rule.value, tuple) else ()
    mine = [item for item in items if isinstance(item, Timing) and item.method in ("any", method)]
    if not mine or isinstance(rule, NotKnown):
        return Step("time", "?", None, _why(rule))
    timing = mine[0]
    earliest = as_of
    if timing.weekday:
        # The balance at the end of `as_of` can go out on the next such day at the earliest.
        ahead = (periods.WEEKDAYS.index(timing.weekday) - as_of.weekday() - 1) % 7 + 1
        earliest = as_of + timedelta(days=ahead)
    known = (timing.review_days is not None or timing.hold_days is not None) and not timing.hold_open
    latest = earliest + timedelta(days=(timing.review_days or 0) + (timing.hold_days or 0)) if known else None
    return Step("time", "ok", rule, "", timing=timing, earliest=earliest, latest=latest)


def _available(state: State, checks: tuple[MinimumCheck, ...], cap: Decimal | None, currency: str) -> Range:
    """What one payout can hold, at both ends; nothing where a minimum is not reached or cannot be compared."""
    zero = quantise(Decimal(0), currency, "down")

    def one(amount: Decimal) -> Decimal:
        reached = [
            amount >= check.minimum.amount if check.minimum.currency == currency else check.answer == "above"
            for check in checks
        ]
        lowest = [check.minimum.amount for check in checks if check.minimum.currency == currency]
        most = amount if cap is None else min(amount, quantise(cap, currency, "down"))
        return most if reached and all(reached) and all(most >= least for least in lowest) else zero

    return Range(one(state.balance.low), one(state.balance.high))


def _short(state: State, checks: tuple[MinimumCheck, ...]) -> tuple[Range, Decimal]:
    """What is missing to the minimums, in money at both ends and in diamonds."""
    currency = state.account.currency
    zero = quantise(Decimal(0), currency, "down")
    needs = [quantise(check.minimum.amount, currency, "up") for check in checks if check.minimum.currency == currency]
    diamonds = [check.minimum.amount for check in checks if not check.minimum.currency]
    with exact():
        missing = [max(max(needs, default=zero) - end, zero) for end in (state.balance.high, state.balance.low)]
        short_of = max(max(diamonds, default=Decimal(0)) - state.credited_diamonds, Decimal(0))
    return Range(missing[0], missing[1]), short_of
