"""Can it be withdrawn? The redeem steps that rate files can answer, each with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from diamondctl.confidence import CONFIDENCES, weakest
from diamondctl.exchange import NO_EXCHANGE, Exchange
from diamondctl.money import ZERO, Range, exact, hull, quantise
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import (
    Fee,
    Maximum,
    Minimum,
    NotKnown,
    RateEntry,
    Timing,
    Zone,
)
from diamondctl.rating.calendar import Gone, items_of, terms_of
from diamondctl.rating.fees import methods_of
from diamondctl.rating.foreign import Converted, limits_in
from diamondctl.rating.places import is_there
from diamondctl.rating.thresholds import MinimumCheck, applicable, check_minimums
from diamondctl.records import Record
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.arrival import Arrival, arrival, by_net
from diamondctl.reports.fees import TaxForm, Wanted
from diamondctl.reports.projected_share import money
from diamondctl.reports.remark import MISSING, stated
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import NO_METHODS, Account, Methods, RateUse
from diamondctl.reports.verdict import Answer, Verdict, agreed
from diamondctl.reports.wallets import State, Wallet, wallet_warnings, wallets_of

Status = Literal["ok", "no", "?", "depends", "note"]


class Step(NamedTuple):
    """One step of the redeem walk. `facts` are what a renderer puts into words, in minor units where money."""

    key: str  # balance | minimum | limit | method | time | identity, then leaves | taken | arrives
    status: Status
    entry: RateEntry | None
    why: str  # from the look-up where nothing is known; else blank
    checks: tuple[MinimumCheck, ...] = ()  # all of them have to hold
    stronger: RateEntry | None = None  # an older entry of a stronger confidence that says otherwise
    limit: Maximum | None = None
    payouts: tuple[int, int] = (0, 0)
    amount: Range | None = None  # of what follows from the others, as stories
    fees: tuple[Fee, ...] = ()
    timings: tuple[Timing, ...] = ()  # of each method that may be meant
    earliest: date | None = None
    latest: date | None = None
    since: date | None = None  # from which day on the settings say it


class Check(NamedTuple):
    """One wallet's walk and its answer, by the rules of the region in force."""

    wallet: Wallet
    method: str
    steps: tuple[Step, ...]
    verdict: Verdict  # of all methods that may be meant
    arrival: Arrival  # of today's balance, as far as it can be withdrawn
    follows: tuple[Step, ...]  # what leaves the wallet, what is taken, what arrives; none where nothing can leave it
    others: tuple[Arrival, ...]  # by each method whose fees are known, where there are several; the cheapest first
    converted: tuple[str, ...]  # amounts of the rate file in other currencies, by which rate
    observed: Record | None  # the last payout by the method that arrived, as it was recorded: what it lost may be lost again
    available: Range  # what one payout can hold now; zero unless every minimum is or may be reached
    short_by: Range  # what is missing to the minimum; zero when it is reached
    short_of_diamonds: Decimal  # the same for a minimum in diamonds
    too_high: Minimum | None  # a minimum that no payout can reach, for it is above the limit of one
    complete: bool  # no gift is missing from the balance
    by_method: tuple[tuple[str, Answer], ...] = ()  # where methods are known and none is named: the answer for each

    @property
    def answer(self) -> Answer:
        """That of the verdict."""
        return self.verdict.answer

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
    exchange: Exchange = NO_EXCHANGE


_TAKEN: Final = Wanted(True, "", None, {})


def payout_check(scope: Scope, method: str, methods: Methods = NO_METHODS, wanted: Wanted = _TAKEN) -> PayoutCheck:
    """Walk the steps for every wallet. `method` blank: that of the creator, else the first method the rate file names.

    `wanted` says what an agency and a tax office take on the way, and at which rates of exchange. Refuses (A015) a method that
    a rate file does not know.
    """
    wallets = wallets_of(scope.accounts, scope.asked)
    checks = tuple(_any_method(wallet, scope, method, methods, wanted) for wallet in wallets)
    used: list[tuple[Zone, RateEntry]] = []
    for check in checks:
        entries = [step.entry for step in check.steps] + [step.entry for step in check.arrival.flow.steps]
        used += [(check.state.account.zone, entry) for entry in entries if entry is not None]
        for account in (state.account for state in check.wallet.states):
            used += [(account.zone, entry) for entry in frame.entries_of(account.until)]
    uses = scope.uses(used)
    nobody = (
        ()
        if scope.accounts or scope.nowhere
        else (stated(MISSING, f"By {scope.as_of} no gift has come, so there is no wallet to pay out."),)
    )
    warnings = (
        *remarks.where_exact(scope.warnings, (wallet.unpaid for wallet in wallets)),
        *nobody,
        *wallet_warnings(wallets),
        *remarks.stale_warnings(uses, scope.as_of),
    )
    complete = scope.complete and bool(checks) and not scope.nowhere
    complete = complete and all(check.answer in ("yes", "no") for check in checks)
    return PayoutCheck(scope, checks, uses, complete, warnings, wanted.exchange)


def _any_method(wallet: Wallet, scope: Scope, method: str, methods: Methods, wanted: Wanted) -> Check:
    """The walk by the first of the methods that may be meant, with what can be said of all of them."""
    account = wallet.state.account
    wanted = wanted.of(account)
    rules = {
        name: account.rule(name, scope.asked.rates_as_of)
        for name in ("minimum_payout", "maximum_payout", "payout_fees", "payout_timing")
    }
    checks = [_check(wallet, scope, rules, chosen, wanted) for chosen in _methods(rules, method, methods, account)]
    return checks[0]._replace(
        steps=_any_steps([check.steps for check in checks]),
        verdict=agreed([check.verdict for check in checks]),
        available=hull(check.available for check in checks),
        short_by=hull(check.short_by for check in checks),
        short_of_diamonds=max(check.short_of_diamonds for check in checks),
        by_method=tuple((check.method, check.answer) for check in checks),
    )


def _check(wallet: Wallet, scope: Scope, rules: Mapping[str, RateEntry | NotKnown], chosen: str, wanted: Wanted) -> Check:
    state, account = wallet.state, wallet.state.account
    complete = account.complete and not scope.origin.incomplete
    changed = {
        name: limits_in(rule, account.currency, scope.as_of, wanted.exchange)
        for name in ("minimum_payout", "maximum_payout")
        if isinstance(rule := rules[name], RateEntry)
    }
    rules = {**rules, **{name: found.entry for name, found in changed.items()}}
    state = _against(state, changed.get("minimum_payout"))
    limit = _limit(state, rules["maximum_payout"], chosen)
    cap = None if limit.limit is None else limit.limit.amount
    minimum, too_high = _minimum(state, rules["minimum_payout"], chosen, cap, complete)
    if minimum.why and minimum.checks and (missing := changed["minimum_payout"].missing):
        minimum = minimum._replace(why=f"it is in another currency, and {missing[0].why}")
    gone = [(item.day, item.amount) for item in wallet.held.payouts]
    found = _arrival(state, scope, wanted, rules, chosen, gone, unknown=bool(minimum.why))
    others = _others(found, [_arrival(state, scope, wanted, rules, name, gone) for name in _named(rules, chosen)])
    steps = (
        _balance(state, complete),
        minimum,
        limit._replace(payouts=found.payouts, status="note" if found.payouts[1] > 1 else limit.status),
        _fees(rules["payout_fees"], chosen),
        _time(rules["payout_timing"], chosen, scope.as_of, found),
        _identity(wanted.tax_form_of(account)),
    )
    observed = _observed(wallet, chosen, scope.as_of)
    follows = _follows(found, minimum, observed)
    undone = next(step.status == "no" for step in steps if step.key == "identity")
    first = ("no" if undone else "", steps[0].status, minimum.status)
    answer: Answer
    if "no" in first:
        answer = "no"
    elif "?" in first:
        answer = "unknown"
    else:
        answer = "depends" if "depends" in first else "yes"
    available = _available(state, minimum.checks, cap, account.currency)
    if answer == "yes" and available.high <= 0:
        answer = "no"
    if cap is not None and limit.entry is not None and state.balance.high > cap:
        available = available.on(limit.entry.confidence)
    decide = (limit, minimum) if too_high is not None else (minimum,) if steps[0].status != "no" else ()
    confidence = weakest(step.entry.confidence for step in decide if step.entry is not None)
    if too_high is None:
        confidence = weakest((confidence, state.balance.confidence))
    short_by, short_of_diamonds = _short(state, minimum)
    return Check(
        wallet=wallet._replace(state=state),
        method=chosen,
        steps=steps,
        verdict=Verdict(answer, confidence, open=_is_open(wallet, scope, answer) and not undone),
        arrival=found,
        follows=follows,
        others=others,
        converted=tuple(dict.fromkeys(text for each in changed.values() for text in each.said)),
        observed=observed,
        available=available,
        short_by=short_by,
        short_of_diamonds=short_of_diamonds,
        too_high=too_high,
        complete=complete,
    )


def _is_open(wallet: Wallet, scope: Scope, answer: Answer) -> bool:
    """Whether a wallet may hold more or less than is known: where nothing is, and where it held at least something before."""
    if wallet.held.lacking != ZERO and answer != "yes":
        return True
    return wallet.held.stands_on == "nothing" and scope.asked.opening is None


def _against(state: State, minimum: Converted | None) -> State:
    """The state against a minimum that was converted."""
    if minimum is None or not minimum.said:
        return state
    checks = check_minimums(minimum.entry, state.balance, state.account.currency, state.credited_diamonds)
    return state._replace(minimums=checks)


def _named(rules: Mapping[str, RateEntry | NotKnown], chosen: str) -> list[str]:
    """The methods that the fees name beside the chosen one; none where they name only one."""
    fees = rules["payout_fees"]
    return [name for name in methods_of(fees if isinstance(fees, RateEntry) else None) if name not in ("any", chosen)]


def _others(found: Arrival, others: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """All of them whose fees are known, the cheapest first; nothing where there is no choice."""
    known = sorted((item for item in (found, *others) if not item.flow.unknown), key=by_net)
    return tuple(known) if len(known) > 1 else ()


def _arrival(
    state: State,
    scope: Scope,
    wanted: Wanted,
    rules: Mapping[str, RateEntry | NotKnown],
    method: str,
    gone: Sequence[Gone],
    *,
    unknown: bool = False,
) -> Arrival:
    """What of today's balance arrives by a method: nothing where a minimum is not reached, all where none is known."""
    account, minimum = state.account, rules["minimum_payout"]
    held = state.balance if unknown else _held(state, applicable(state.minimums, method))
    return arrival(
        balance=held,
        gift_value=_gifts_in(held, state),
        day=scope.as_of,
        currency=account.currency,
        method=method,
        rules=wanted.rules_of(account, scope.asked.rates_as_of),
        wanted=wanted,
        minimum=minimum if isinstance(minimum, RateEntry) else None,
        gone=gone,
    )


def _gifts_in(held: Range, state: State) -> Range:
    """The value of the gifts that an amount comes from: of those that were credited, its part of their money."""
    with exact():
        whole = sum((credit.gift_value for credit in state.account.wallet), held.low * 0)

    def part(amount: Decimal, credited: Decimal) -> Decimal:
        return money(Fraction(whole) * Fraction(amount) / Fraction(credited), state.account.currency)

    ends = ((held.low, state.credited.low), (held.high, state.credited.high))
    values = [whole if amount >= credited else part(amount, credited) for amount, credited in ends]
    return held.but(values[0], values[1])


def _identity(form: TaxForm | None) -> Step:
    """What the settings say of identity and tax form: only the app knows."""
    if form is None:
        return Step("identity", "note", None, "")
    return Step("identity", "ok" if form.done else "no", None, "", since=form.start)


def _observed(wallet: Wallet, method: str, as_of: date) -> Record | None:
    """The last payout by a method that arrived by a day in the currency in which it left; `any` is each of them."""
    mine = [
        item
        for item in wallet.held.payouts
        if not item.leg
        and not item.ended
        and is_there(item, as_of)
        and item.arrived_currency == item.currency
        and method in ("any", item.method)
    ]
    return max(mine, key=lambda item: (item.arrived_on or item.day, item.day, item.number), default=None)


def _lost(observed: Record, amount: Decimal) -> Decimal:
    """What an amount would lose if it lost the part that an observed payout did."""
    assert observed.arrived is not None
    part = 1 - Fraction(observed.arrived) / Fraction(observed.amount)
    return money(Fraction(amount) * part, observed.currency)


def _follows(found: Arrival, minimum: Step, observed: Record | None) -> tuple[Step, ...]:
    """What leaves the wallet, what is taken on the way, and what arrives: by the rate file, or as a payout that was recorded,
    whichever is less and more.
    """
    if found.leaves.high <= 0:
        return ()
    status: Status = "?" if minimum.status == "?" else "depends" if found.leaves.low <= 0 else "ok"
    after: Status = "?" if found.flow.unknown else status
    why = "; ".join(found.flow.unknown)
    leaves, taken = found.leaves, found.taken
    if observed is not None:
        taken = taken.but(
            min(taken.low, -_lost(observed, leaves.low)), max(taken.high, -_lost(observed, leaves.high))
        )  # fmt: skip
    if found.flow.unknown:  # nobody knows how much of it
        taken = taken.but(-leaves.low, taken.high)
    with exact():
        arrives = leaves.but(leaves.low + taken.low, leaves.high + taken.high).on(taken.confidence)
    return (
        Step("leaves", status, None, "", amount=leaves, payouts=found.payouts, earliest=found.first, latest=found.last),
        Step("taken", after, None, why, amount=taken),
        Step("arrives", after, None, why, amount=arrives, earliest=found.first, latest=found.latest),
    )


def _balance(state: State, complete: bool) -> Step:
    if state.balance.low > 0:
        return Step("balance", "ok", None, "")
    if state.balance.high > 0:
        return Step("balance", "depends", None, "")
    return Step("balance", "no" if complete else "?", None, "")


def _methods(rules: Mapping[str, RateEntry | NotKnown], given: str, methods: Methods, account: Account) -> list[str]:
    """The one that is meant; all that the rate file names where nobody says which."""
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
    return [method] if method else named or ["any"]


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
    return Step("limit", "ok", rule, "", limit=min(limits, key=lambda item: item.amount))


def _fees(rule: RateEntry | NotKnown, method: str) -> Step:
    items = rule.value if isinstance(rule, RateEntry) and isinstance(rule.value, tuple) else ()
    mine = tuple(item for item in items if isinstance(item, Fee) and item.method in ("any", method))
    if not mine or isinstance(rule, NotKnown):
        return Step("method", "?", None, _why(rule))
    return Step("method", "ok", rule, "", fees=mine)


def _time(rule: RateEntry | NotKnown, method: str, as_of: date, found: Arrival) -> Step:
    entry = rule if isinstance(rule, RateEntry) else None
    mine = items_of(entry, Timing, method)
    if not mine:
        return Step("time", "?", None, _why(rule))
    terms = terms_of(method, "", timing=entry)
    earliest = found.first or terms.start(as_of)
    latest = found.latest or (earliest + timedelta(days=terms.within) if terms.within is not None else None)
    return Step("time", "ok", entry, "", timings=(mine[0],), earliest=earliest, latest=latest)


def _any_steps(walks: Sequence[tuple[Step, ...]]) -> tuple[Step, ...]:
    """The walk by the first method, with the number of payouts and the days of all of them."""
    of_all = {key: [step for walk in walks for step in walk if step.key == key] for key in ("limit", "time")}
    counts = [step.payouts for step in of_all["limit"]]
    changed = {
        "limit": of_all["limit"][0]._replace(payouts=(min(low for low, _ in counts), max(high for _, high in counts))),
        "time": _any_time(of_all["time"]),
    }
    return tuple(changed.get(step.key, step) for step in walks[0])


def _any_time(steps: Sequence[Step]) -> Step:
    """When the money is there by any of the methods; not known where one is not."""
    known = all(step.timings for step in steps)
    latest = [step.latest for step in steps if step.latest is not None]
    return steps[0]._replace(
        timings=tuple(timing for step in steps for timing in step.timings),
        earliest=min((step.earliest for step in steps if step.earliest is not None), default=None) if known else None,
        latest=max(latest) if known and len(latest) == len(steps) else None,
    )


def _held(state: State, checks: tuple[MinimumCheck, ...]) -> Range:
    """What of the balance no minimum keeps back, at both ends; nothing where one cannot be compared."""
    zero = quantise(Decimal(0), state.account.currency, "down")

    def one(amount: Decimal) -> Decimal:
        reached = [
            amount >= check.minimum.amount if check.minimum.currency == state.account.currency else check.answer == "above"
            for check in checks
        ]
        return max(amount, zero) if reached and all(reached) else zero

    return state.balance.but(one(state.balance.low), one(state.balance.high))


def _available(state: State, checks: tuple[MinimumCheck, ...], cap: Decimal | None, currency: str) -> Range:
    """What one payout can hold, at both ends; nothing where a minimum is not reached or cannot be compared."""
    zero = quantise(Decimal(0), currency, "down")

    lowest = [check.minimum.amount for check in checks if check.minimum.currency == currency]
    held = _held(state, checks)

    def one(amount: Decimal) -> Decimal:
        most = amount if cap is None else min(amount, quantise(cap, currency, "down"))
        return most if all(most >= least for least in lowest) else zero

    return held.but(one(held.low), one(held.high))


def _short(state: State, step: Step) -> tuple[Range, Decimal]:
    """What is missing to the minimums, in money at both ends and in diamonds."""
    currency, checks = state.account.currency, step.checks
    zero = quantise(Decimal(0), currency, "down")
    needs = [quantise(check.minimum.amount, currency, "up") for check in checks if check.minimum.currency == currency]
    diamonds = [check.minimum.amount for check in checks if not check.minimum.currency]
    with exact():
        missing = [max(max(needs, default=zero) - end, zero) for end in (state.balance.high, state.balance.low)]
        short_of = max(max(diamonds, default=Decimal(0)) - state.credited_diamonds, Decimal(0))
    rests_on = "" if step.entry is None else step.entry.confidence
    return state.balance.but(missing[0], missing[1]).on(rests_on), short_of
