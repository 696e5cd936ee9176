"""The payout check in all its forms."""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

from diamondctl.confidence import is_firm
from diamondctl.ratebook.entries import Minimum
from diamondctl.render import entries, frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import item_text
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.render.wallets import MINIMUM, WALLET
from diamondctl.reports.payout import Check, PayoutCheck, Step
from diamondctl.reports.wallets import State, ground_notes

LABELS = {"balance": "1 Balance", "minimum": "2 Minimum", "limit": "3 Limit", "method": "4 Method", "time": "5 Time"}
NOTE = "Identity, tax form and account status are not in a file: check them in the app before you rely on a date."

_OPENING = (
    "Files know no wallet. What it held before them settles it: diamondctl payout check FILE... {}--opening AMOUNT "
    "(--opening 0: nothing)."
)
_SHARE = "The balance rests on a share that is only assumed: give your own, --share PERCENT, to settle it."
_RULE = "The minimum or the limit that decides it is only assumed."


class Line(NamedTuple):
    """A step of a check."""

    check: Check
    step: Step


def _lines(check: Check) -> list[Line]:
    return [Line(check, step) for step in check.steps]


class OfAccount(NamedTuple):
    """One account of a wallet, and the answer that the wallet has."""

    state: State
    check: Check


def _parts(report: PayoutCheck) -> list[OfAccount]:
    parts = (OfAccount(state, check) for check in report.checks for state in check.wallet.states)
    return sorted(parts, key=lambda part: part.state.account.key)


# What every verdict is in machine formats; `rests_on` as the confidence of an amount.
VERDICT_FIELDS: f.Fields = f.under(
    "verdict",
    (
        f.Field("answer", f.word("yes", "no", "depends", "unknown")),
        f.Field("certain", f.FLAG),
        f.Field("rests_on", f.TRUST, "confidence", maybe=True),
    ),
)
_METHOD, _ANSWER, _CERTAIN, _RESTS_ON, *_REST = VERDICT = (
    f.Field("method"),
    *VERDICT_FIELDS,
    f.money("available", currency="state.account.currency"),
    f.money("short_by", currency="state.account.currency"),
    f.Field("short_of_diamonds", f.DECIMAL),
)
_MONEY: f.Fields = (
    f.money("credited", "credited", "account.currency"),
    f.money("pending", "pending", "account.currency", forms="json"),
)
CHECK: f.Fields = (_METHOD, _ANSWER, _CERTAIN, _RESTS_ON, *f.under("state", _MONEY), *_REST)
PAYOUTS = f.one((f.Field("low", f.COUNT, itemgetter(0)), f.Field("high", f.COUNT, itemgetter(1))))
_CONFIDENCE, *_PLACE = f.under("step.entry", entries.PLACE, maybe=True)
STEP: f.Fields = (
    f.Field("step", f.word("balance", "minimum", "limit", "method", "time"), "step.key"),
    f.Field("status", f.word("ok", "no", "?", "depends", "note"), "step.status", "Status"),
    f.Field("detail", of=lambda line: detail(line.check, line.step), title="Detail"),
    *f.under("step.entry", f.pick(entries.FIELDS, "effective", "since", "verified"), maybe=True),
    _CONFIDENCE._replace(after="sources"),
    f.Field("sources", f.WORDS, lambda line: line.step.entry.sources if line.step.entry else ()),
    *_PLACE,
    f.Field("minimums", f.many(MINIMUM), "step.checks", forms="json"),
    f.Field("payouts", PAYOUTS, lambda line: line.step.payouts if line.step.key == "limit" else None, maybe=True, forms="json"),
    f.Field("earliest", f.DAY, "step.earliest", maybe=True),
    f.Field("latest", f.DAY, "step.latest", maybe=True),
)
STEPS = f.Field("steps", f.many(STEP), _lines)
# An account has its own money, and the verdict of its wallet.
ACCOUNT: f.Fields = (
    *f.under("state", frame.WHOSE),
    *f.under("check", (_METHOD, _ANSWER, _CERTAIN, _RESTS_ON)),
    *f.under("state", _MONEY),
    *f.under("check", (*_REST, STEPS)),
)
DOCUMENT = frame.document(
    "payout-check",
    (
        f.Field("accounts", f.many(ACCOUNT), _parts),
        f.Field("wallets", f.many((*f.under("wallet", WALLET), *VERDICT, STEPS)), "checks"),
    ),
    (*f.under("check", CHECK), *STEP),
    frame.AS_OF,
)


def view(report: PayoutCheck) -> View:
    """The report in all its forms; flat, one row per wallet and step."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: [_walk(report, check) for check in report.checks] or [_no_wallet(report)],
        lambda: ((check.state.account, line) for check in report.checks for line in _lines(check)),
        header=False,
        complete=report.complete,
        beside={step.entry.where for check in report.checks for step in check.steps if step.entry is not None},
        notes=_notes(report),
    )


def _notes(report: PayoutCheck) -> tuple[str, ...]:
    """What would settle a probable answer comes first."""
    probable = [check for check in report.checks if check.answer in ("yes", "no") and not check.verdict.certain]
    settles: list[str] = []
    if any(check.verdict.open for check in probable):
        if report.scope.origin.ledger:
            settles += ground_notes([check.wallet for check in report.checks], ledger=True)
        else:
            settles.append(_OPENING.format("--creator NAME " if len(report.checks) > 1 else ""))
    if any(check.state.balance.about for check in probable):
        settles.append(_SHARE)
    elif any(not is_firm(check.verdict.confidence) for check in probable):
        settles.append(_RULE)
    return (*settles, NOTE)


def _walk(report: PayoutCheck, check: Check) -> Part:
    """One wallet's steps, then its answer."""
    account = check.state.account
    title = f"Payout check   {account.creator}   {_regions(check)}   {account.currency}   by {check.method}"
    columns = (
        f.cell("Step", lambda line: LABELS[line.step.key]),
        *f.pick(STEP, "status", "detail"),
        f.cell("From", lambda line: _source(line.step)),
    )
    walk = f.table(columns, _lines(check), f"{title}   at the end of {report.scope.as_of}")
    return (walk, said(answer(check), kind="title"))


def _no_wallet(report: PayoutCheck) -> Part:
    """The answer where there is nothing to walk through: neither a yes nor a no."""
    return (said(f"Not known: no wallet is known at the end of {report.scope.as_of}, see the warnings.", kind="title"),)


def _regions(check: Check) -> str:
    """The region of a wallet; of one that had several, all of them, and whose rules hold."""
    regions, home = check.wallet.regions, check.state.account.region
    return home if set(regions) == {home} else f"{' '.join(regions)}, rules of {home}"


def _source(step: Step) -> str:
    """Confidence, place, dates and sources of the entry that decides a step."""
    if step.key == "balance":
        return "rated"
    entry = step.entry
    if entry is None:
        return "-"
    first = "first seen" if entry.since == "first_seen" else "from"
    dates = f"{first} {entry.effective_text}, last seen to hold {entry.verified}"
    return f"{entry.confidence}, {entry.where}, {dates}, sources: {', '.join(entry.sources)}"


def detail(check: Check, step: Step) -> str:
    """A step in words."""
    currency = check.state.account.currency
    if step.key == "balance":
        text = f"{numbers.money_range(check.state.balance, currency)} {currency} credited"
        if check.state.account.adjustments:
            text += f", {numbers.money_range(check.state.adjusted, currency)} of it by adjustments"
        if check.state.pending_until:
            pending = numbers.money_range(check.state.pending, currency)
            text += f", {pending} pending until {check.state.pending_until}"
        return text
    if step.entry is None or step.why:
        return f"not known: {step.why}"
    return {"minimum": _minimum, "limit": _limit, "method": _method, "time": _time}[step.key](check, step)


def _minimum(check: Check, step: Step) -> str:
    text = " and ".join(f"at least {item_text(one.minimum)}" for one in step.checks)
    if check.too_high is not None:
        text += ", above what one payout can hold"
    missing = _missing(check) if step.status != "ok" else ""
    if missing:
        text += f", {missing} missing"
    if step.status == "depends":
        text += ": it depends on your share"
    if step.status == "?":
        text += ", without the gifts that are missing from the balance"
    if step.stronger is not None and isinstance(step.stronger.value, tuple):
        older = ", ".join(item_text(item) for item in step.stronger.value if isinstance(item, Minimum))
        text += f" (an older {step.stronger.confidence} entry, {step.stronger.where}, says {older})"
    return text


def _missing(check: Check) -> str:
    """`40.00 USD and 5,000 diamonds`, or nothing."""
    currency = check.state.account.currency
    parts = [f"{numbers.money_range(check.short_by, currency)} {currency}"] if check.short_by.high > 0 else []
    parts += [f"{numbers.count(check.short_of_diamonds)} diamonds"] if check.short_of_diamonds else []
    return " and ".join(parts)


def _limit(check: Check, step: Step) -> str:
    assert step.limit is not None
    text = f"at most {item_text(step.limit)}"
    low, high = step.payouts
    if high > 1:
        count = f"{high:,}" if low == high else f"{low:,} - {high:,}"
        text += f": {count} payouts"
    return text


def _method(check: Check, step: Step) -> str:
    return "; ".join(item_text(fee) for fee in step.fees)


def _time(check: Check, step: Step) -> str:
    assert step.timing is not None
    text = f"{item_text(step.timing)}; earliest {step.earliest}"
    return f"{text}, at the latest {step.latest} by these rules" if step.latest else text


def answer(check: Check) -> str:
    """The answer in one sentence; never a promise."""
    currency = check.state.account.currency
    probably = check.verdict.probably
    if check.answer == "yes":
        available = f"{numbers.money_range(check.available, currency)} {currency}"
        when = next((f", on {step.earliest} at the earliest" for step in check.steps if step.earliest), "")
        return f"Yes{probably}: by these rules {available} can be withdrawn in one payout{when}."
    if check.answer == "no":
        if check.too_high is not None:
            limit = next(item_text(step.limit) for step in check.steps if step.limit is not None)
            return f"No{probably}: the minimum of {item_text(check.too_high)} is above the limit of {limit}."
        missing = _missing(check)
        return f"No{probably}: {missing} missing to the minimum." if missing else f"No{probably}: nothing to withdraw."
    if len({said for _, said in check.by_method}) > 1:
        listed = ", ".join(f"{said} by {method}" for method, said in check.by_method)
        return f"It depends on the method: {listed}. Give --method NAME to settle it."
    if check.answer == "depends":
        return "It depends on your share: give --share PERCENT to settle it."
    if not check.complete:
        return "Not known: gifts are missing from the balance, see the warnings."
    return "Not known: no minimum can be compared."
