"""The summary in all its forms."""

from __future__ import annotations

from itertools import zip_longest
from operator import itemgetter

from diamondctl.confidence import OWN
from diamondctl.money import Range
from diamondctl.periods import Period
from diamondctl.rating.thresholds import MinimumCheck
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import amount_text
from diamondctl.render.page import Part
from diamondctl.render.view import View
from diamondctl.render.wallets import ANSWERS, MINIMUMS, WALLETS
from diamondctl.reports.summary import Line, Roll, Summary
from diamondctl.reports.wallets import ground_notes


def _change(line: Line) -> str:
    return numbers.change(line.change) or ("unknown" if line.before and line.before.high else "-")


LINE: f.Fields = (
    f.Field("unit"),
    f.money("now", currency="unit", kind=f.AMOUNT),
    f.money("before", currency="unit", kind=f.AMOUNT, maybe=True),
    f.Field("change_percent", f.DIGITS, "change", "Change", show=_change, maybe=True),
    f.Field("provenance", f.word("imported", "rated", "observed", "config", "projected")),
    f.Field("confidence", f.TRUST, maybe=True),
    f.Field("note", maybe=True),
)
EARNED: f.Fields = (
    f.Field("as_of", f.DAY, "earned.as_of"),
    f.money("reward", "earned.reward", "account.currency", maybe=True),
    *f.under("earned", (MINIMUMS,)),
)


def _lowest(key: str, title: str = "") -> f.Field:
    """A line that is one number."""
    return f.Field(key, f.DECIMAL, lambda roll: _of(roll, key, "now.low"), title, blank="unrated")


def _money(column: str, key: str, end: str = "now", title: str = "") -> f.Field:
    """A line that is money."""
    return f.money(column, lambda roll: _of(roll, key, end), "account.currency", title=title, blank="unrated")


def _of(roll: Roll, key: str, path: str) -> object:
    return None if (line := roll.line(key)) is None else f.got(path, line)


FLAT: f.Fields = (
    _lowest("streams"),
    _lowest("days"),
    _lowest("gifts", "Gifts"),
    _lowest("coins"),
    _lowest("diamonds", "Diamonds"),
    _money("gift_value", "gift_value", title="Gift value"),
    _money("reward", "reward", title="Reward"),
    _money("reward_before", "reward", "before"),
    f.money("earned", "earned.reward", "account.currency", blank="unrated"),
    *f.under("earned", (ANSWERS,)),
    f.Field("confidence", of=lambda roll: _of(roll, "reward", "confidence")),
    *f.under("account.unrated", frame.UNRATED, prefix="unrated_"),
    _lowest("hours"),
    _lowest("new_followers"),
    _money("differences", "differences"),
)
TOTAL: f.Fields = (
    f.Field("currency", f.CURRENCY, itemgetter(0), "Total"),
    f.money("gift_value", itemgetter(1), itemgetter(0), title="Gift value"),
    f.money("reward", itemgetter(2), itemgetter(0), title="Reward"),
)
ACCOUNT: f.Fields = (
    *frame.WHOSE,
    f.Field("figures", f.keyed(LINE, "gifts", "coins"), "lines"),
    f.Field("earned", f.one(EARNED), lambda roll: roll),
)
DOCUMENT = frame.document(
    "summary",
    (f.Field("accounts", f.many(ACCOUNT), "rolls"), WALLETS, f.Field("totals", f.many(TOTAL))),
    FLAT,
    f.Field("previous", f.one(frame.PERIOD), "scope.previous", after="period"),
)


def view(summary: Summary) -> View:
    """The report in all its forms; flat, one row per account."""
    return frame.view(
        DOCUMENT,
        summary,
        lambda: _page(summary),
        lambda: [(roll.account, roll) for roll in summary.rolls],
        notes=ground_notes(summary.wallets, ledger=summary.scope.origin.ledger),
    )


def _page(summary: Summary) -> list[Part]:
    """One screen for one account; one row per account, and totals per currency, for several."""
    if len(summary.rolls) == 1:
        roll = summary.rolls[0]
        return [_lines(summary, roll), _earned(summary, roll)]
    roster = (
        *f.pick(frame.WHOSE, "creator", "region"),
        *f.pick(FLAT, "gifts", "diamonds"),
        *f.pick(frame.WHOSE, "currency"),
        *f.pick(FLAT, "gift_value", "reward", earned=f"Earned to {summary.scope.as_of}"),
        *f.pick(FLAT, "minimum"),
    )
    if not summary.rolls:
        return []
    return [f.table(roster, summary.rolls), f.table(TOTAL, summary.totals) if summary.totals else ()]


def _short(period: Period) -> str:
    title = period.title.split(" (")[0]
    month, _, year = title.partition(" ")
    return f"{month[:3]} {year}" if year.isdecimal() else title


def _from(line: Line) -> str:
    """An own share is in the note."""
    return ", ".join(filter(None, (line.provenance, "" if line.confidence == OWN else line.confidence, line.note)))


def _lines(summary: Summary, roll: Roll) -> Part:
    scope = summary.scope
    columns = (
        f.cell("", lambda line: line.label),
        *f.pick(LINE, now=_short(scope.period), before=_short(scope.previous)),
        *f.pick(LINE, "change_percent"),
        f.cell("From", _from, drop=1),
    )
    # What a fan gives is what arrives, where both have one name.
    same = roll.account.zone.unit.is_one
    return f.table(columns, [line for line in roll.lines if not (same and line.key == "diamonds")])


_ANSWERS = {
    "above": "reaches the {} minimum",
    "below": "below the {} minimum",
    "depends": "may or may not reach the {} minimum: it depends on your share",
    "other currency": "not compared with the {} minimum: other currency",
}


def minimum_text(check: MinimumCheck) -> str:
    """How an amount compares with a minimum, in words."""
    minimum = check.minimum
    amount = amount_text(minimum.amount, minimum.currency)
    method = "" if minimum.method == "any" else f"{minimum.method} "
    probably = "" if check.words == check.answer else "probably "
    return f"{probably}{_ANSWERS[check.answer].format(method + amount)} ({check.entry.confidence}, {check.entry.where})"


def _earned(summary: Summary, roll: Roll) -> Part:
    """What was earned, and what is in the wallet where something is known of it."""
    currency = roll.account.currency
    if not currency:
        return ()
    columns = (
        f.cell(f"{summary.scope.origin.words} up to {roll.earned.as_of}"),
        f.cell(currency, kind=f.FIGURE),
        f.cell("Payout minimum"),
    )
    answers = [minimum_text(check) for check in roll.earned.minimums] or ["no minimum is known"]
    amounts = [("Earned", roll.earned.reward)]
    wallet = next(iter(summary.wallets), None)
    if wallet is not None and wallet.held.stands_on != "nothing":
        amounts = [("In the wallet", wallet.held.available), ("Booked later", wallet.state.pending)]
    rows = zip_longest(amounts, answers)
    return f.table(columns, foot=[(*_amount(amount, currency), answer or "") for amount, answer in rows])


def _amount(amount: tuple[str, Range] | None, currency: str) -> tuple[str, str]:
    return ("", "") if amount is None else (amount[0], numbers.money_range(amount[1], currency))
