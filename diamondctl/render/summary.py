"""The summary in all its forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from operator import itemgetter

from diamondctl import periods
from diamondctl.confidence import OWN
from diamondctl.money import ZERO, Range, change_of, total
from diamondctl.periods import Period
from diamondctl.rating.thresholds import MinimumCheck
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import amount_text
from diamondctl.render.income import INCOME
from diamondctl.render.income import parts as income_parts
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.render.wallets import ANSWERS, MINIMUMS, WALLETS, holds
from diamondctl.reports.driver import Driver
from diamondctl.reports.remark import Command
from diamondctl.reports.scope import Scope
from diamondctl.reports.sealed import month_start, signed_text
from diamondctl.reports.summary import Line, Roll, Summary
from diamondctl.reports.values import Basis
from diamondctl.reports.wallets import ground_notes
from diamondctl.words import counted, few

CHANGE: f.Fields = tuple(f.Field(end, f.DIGITS, maybe=True) for end in ("low", "high"))
LINE: f.Fields = (
    f.Field("unit"),
    f.money("now", currency="unit", kind=f.AMOUNT),
    f.money("before", currency="unit", kind=f.AMOUNT, maybe=True),
    f.Field("change_percent", f.DIGITS, "change", maybe=True),
    f.Field("moved_percent", f.one(CHANGE), "moved", maybe=True),
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


def _money(column: str, key: str, end: str = "now", title: str = "", drop: int = 0) -> f.Field:
    """A line that is money."""
    return f.money(
        column, lambda roll: _of(roll, key, end), "account.currency", title=title, blank="unrated", maybe=True, drop=drop
    )


def _of(roll: Roll, key: str, path: str) -> object:
    return None if (line := roll.line(key)) is None else f.got(path, line)


FLAT: f.Fields = (
    _lowest("streams", "LIVEs"),
    _lowest("days"),
    _lowest("gifts", "Gifts"),
    _lowest("coins", "Coins"),
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
DRIVER: f.Fields = (
    f.Field("kind", f.word("gift", "live", "gifter")),
    f.Field("name", maybe=True),
    f.Field("day", f.DAY, maybe=True),
    f.Field("coins", f.COUNT),
    f.Field("coins_of_period", f.COUNT, "whole"),
    f.Field("coins_before", f.COUNT, "before"),
)
DARK: f.Fields = (f.Field("creator"), f.Field("last_day", f.DAY), f.Field("usual_days", f.COUNT, "usual"))
_VERBS: dict[Basis, tuple[str, str]] = {
    "earned": ("you earned", "earned"),
    "credited": ("you were credited", "were credited"),
    "paid": ("you were paid", "were paid"),
}


def answer(summary: Summary) -> str:
    """The report in one sentence."""
    scope, rolls = summary.scope, summary.rolls
    when = scope.period.words + ("" if scope.complete else " (incomplete)")
    if scope.runs:
        when += f" so far, to {periods.day_words(scope.end)}"
    coins = _coins(summary)
    money = summary.totals or [("", *_reward(roll)) for roll in rolls if roll.line("reward")]
    sums = [numbers.to(reward, currency) for currency, _, reward in money] if summary.totals else []
    if len(rolls) == 1 and (line := rolls[0].line("reward")) is not None:
        sums = [numbers.to(line.now, line.unit)]
    if _is_empty(summary):
        if corrected := _corrected(summary):
            return f"{when}: no gift and no total; corrections of closed months booked in it: {corrected}."
        return (
            f"{when}: no gift and no total."
            if scope.gaps.nearest is None
            else _nothing(scope.period, scope.gaps.nearest, scope.end)
        )
    if not sums:
        return f"{when}: {counted(coins, 'coin')}. What they are worth is not known."
    one, many = _VERBS[scope.asked.basis]
    creators = len({roll.account.creator for roll in rolls})
    who = one if creators == 1 else f"{creators:,} creators {many}"
    rest = ""
    if unrated := sum(item.row.coins for roll in rolls for item in roll.account.unrated):
        rest = f", and for {counted(unrated, 'coin')} no rate is known"
    return f"{when}: {who} {' and '.join(sums)}{rest}."


def _coins(summary: Summary) -> int:
    return sum(int(line.now.low) for roll in summary.rolls if (line := roll.line("coins")) is not None)


def _is_empty(summary: Summary) -> bool:
    """Whether nothing came in the period, by the basis that was asked for."""
    rewards = [line.now for roll in summary.rolls if (line := roll.line("reward")) is not None]
    return not _coins(summary) and not any(reward.high for reward in rewards)


def _corrected(summary: Summary) -> str:
    """What corrections of closed months bring to a period, by basis and currency; blank: there are none."""
    scope = summary.scope
    mine = [item for item in scope.corrections if scope.period.start <= month_start(item.booked) < scope.period.end]
    sums: dict[tuple[str, str], list[Range]] = {}
    for item in mine:
        sums.setdefault((item.basis, item.currency), []).append(item.amount)
    told = [(total(amounts), *key) for key, amounts in sums.items()]
    return ", ".join(f"{signed_text(amount, currency)} {basis}" for amount, basis, currency in told if amount != ZERO)


def _nothing(period: Period, nearest: date, end: date) -> str:
    """That a period has nothing, which is no earning of 0.00; and which month has."""
    when, month = period.words, periods.month_of(nearest)
    begun = "" if end >= period.start else " has not begun"
    return f"{when}{begun}: nothing is recorded. The nearest month recorded is {month.words} (-p {month.label})."


DOCUMENT = frame.document(
    "summary",
    (
        f.Field("accounts", f.many(ACCOUNT), "rolls"),
        WALLETS,
        f.Field("totals", f.many(TOTAL)),
        f.Field("dark", f.many(DARK)),
        f.Field("driver", f.one(DRIVER), maybe=True),
        INCOME,
    ),
    FLAT,
    f.Field("previous", f.one(frame.PERIOD), "scope.previous", after="period"),
    answer=answer,
)


def view(summary: Summary) -> View:
    """The report in all its forms; flat, one row per account."""
    return frame.view(
        DOCUMENT,
        summary,
        lambda: _page(summary),
        lambda: [(roll.account, roll) for roll in summary.rolls],
        evidence=lambda: _evidence(summary),
        notes=ground_notes(summary.wallets, ledger=summary.scope.origin.ledger),
    )


def _evidence(summary: Summary) -> list[Part]:
    """Every figure of one account, or a row of them for each, and what came from elsewhere."""
    if len(summary.rolls) == 1:
        return [*_figures(summary, summary.rolls[0]), *income_parts(summary.income)]
    worth = (
        *f.pick(frame.WHOSE, "creator", "region", "currency"),
        *f.pick(FLAT, "diamonds", "gift_value", "reward", earned=f"Earned to {summary.scope.as_of}"),
        *f.pick(FLAT, "minimum"),
    )
    return [f.table(worth, summary.rolls), f.table(TOTAL, summary.totals), *income_parts(summary.income)]


def _page(summary: Summary) -> list[Part]:
    """One account beside the period before; of several a row each, the largest first."""
    if summary.scope.gaps.nearest is not None and _is_empty(summary):
        return [said(*_wallet(summary))] if len(summary.rolls) == 1 else []
    if len(summary.rolls) == 1:
        lead = said(*driven(summary.driver, summary.scope))
        return [_lines(summary, summary.rolls[0]), lead, said(*_wallet(summary), *_explained(summary))]
    return [_roster(summary), said(*_movers(summary), *_dark(summary), *_explained(summary))] if summary.rolls else []


_SHOWN = ("reward", "differences", "coins", "gifts", "streams", "days", "hours", "new_followers")


def _lines(summary: Summary, roll: Roll) -> Part:
    scope, account = summary.scope, roll.account
    columns = (
        f.cell(f"{account.creator}, {account.region}" if account.region else account.creator, lambda line: line.label, f.LABEL),
        *f.pick(LINE, now=scope.period.short(scope.previous), before=scope.previous.short(scope.period)),
        f.cell("Change", lambda line: _change(line, roll)),
    )
    order = {key: number for number, key in enumerate(_SHOWN)}
    shown = sorted((line for line in roll.lines if line.key in order), key=lambda line: order[line.key])
    named = [line._replace(label=f"{line.label}, {line.unit}" if line.key == "reward" else line.label) for line in shown]
    return f.table(columns, named, whole=True)


def _change(line: Line, roll: Roll) -> str:
    """Small counts by their difference; of a range also what it would be if the share had stayed."""
    if line.before is None or line.moved is None:
        return "-"
    if line.unit == "count" and line.now.high < _FEW and line.before.high < _FEW:
        more = line.now.low - line.before.low
        return f"{'up' if more > 0 else 'down'} {numbers.count(abs(more))}" if more else "the same"
    text = numbers.moved(line.moved)
    value = roll.line("gift_value")
    if line.key == "reward" and not line.now.is_exact and value is not None and value.change is not None:
        text += f"; {numbers.moved(value.moved)} if your share stayed the same"
    return text


_FEW = 1_000


def driven(driver: Driver | None, scope: Scope) -> Iterator[str]:
    """What made much of the period, and what it would have been without."""
    if driver is None:
        return
    part = f"{Decimal(driver.coins * 100) / driver.whole:.0f}%"
    day = f" on {periods.day_words(driver.day)}" if driver.day else ""
    coins = counted(driver.coins, "coin")
    yield {
        "gift": f"One gift is {part} of it: {driver.name}{day}, {coins}.",
        "live": f"One LIVE is {part} of it: that{day}, {coins}.",
        "gifter": f"One gifter sent {part} of it: {coins}.",
    }[driver.kind]
    if driver.before and not scope.gaps.partly:
        rest = Range.of(driver.whole - driver.coins)
        way = numbers.moved(change_of(rest, Range.of(driver.before)))
        name, before = scope.period.short(scope.previous), scope.previous.short(scope.period)
        yield f"Without it {name} has {numbers.count(rest.low)} coins: {way} against {before}."


def _wallet(summary: Summary) -> Iterator[str]:
    """What is in the wallet on the day of the report."""
    for wallet in summary.wallets:
        yield holds(wallet, summary.scope.as_of, over=not summary.scope.runs and summary.scope.asked.period is not None)


def _explained(summary: Summary) -> Iterator[tuple[str, ...]]:
    """Where the figures come from, of what a command can look up."""
    scope = summary.scope
    if scope.origin.ledger and any(roll.account.now for roll in summary.rolls):
        yield ("Where it comes from:", Command(f"diamondctl explain reward -p {scope.period.label}"))


def _roster(summary: Summary) -> Part:
    rolls = sorted(summary.rolls, key=lambda roll: (roll.account.currency, -_reward(roll)[1].high, roll.account.creator))
    columns = (
        *f.pick(frame.WHOSE, "creator", "region"),
        *f.pick(FLAT, "gifts", "coins", "reward"),
        f.cell("", lambda roll: roll.account.currency or "-", f.LABEL),
        f.cell("Coins moved", lambda roll: _moved(roll) or "-", drop=1),
    )
    totals = [
        ("Total", "", "", "", numbers.money_range(reward, currency), currency, "") for currency, _, reward in summary.totals
    ]
    return f.table(columns, rolls, "", totals if len(summary.rolls) > 1 else ())


def _reward(roll: Roll) -> tuple[Range, Range]:
    line = roll.line("reward")
    return (Range.of(0), Range.of(0)) if line is None else (line.now, line.now)


def _moved(roll: Roll) -> str:
    """Coins are known where the money is a range."""
    line = roll.line("coins")
    return "" if line is None else numbers.moved(line.moved)


def _movers(summary: Summary) -> Iterator[str]:
    """Who moved most against the period before, by coins."""
    moved = []
    for roll in summary.rolls:
        line = roll.line("coins")
        if line is not None and line.before is not None and line.moved is not None and line.now != line.before:
            moved.append((line.now.low - line.before.low, roll.account.creator, numbers.moved(line.moved)))
    if moved:
        ends = [("up", max(moved))] if max(moved)[0] > 0 else []
        ends += [("down", min(moved))] if min(moved)[0] < 0 else []
        more = {"up": "more", "down": "fewer"}
        texts = [f"{name} {text} ({numbers.count(abs(coins))} coins {more[way]})" for way, (coins, name, text) in ends]
        yield f"Moved most: {', '.join(texts)}."


def _dark(summary: Summary) -> Iterator[str]:
    if summary.dark:
        names = [f"{item.creator} since {periods.day_words(item.last_day, summary.scope.end)}" for item in summary.dark]
        yield f"No LIVE for three times their usual gap: {few(names)}."


def _figures(summary: Summary, roll: Roll) -> list[Part]:
    """Every figure, and what it is made of."""
    scope = summary.scope
    columns = (
        f.cell("Figure", lambda line: line.label),
        *f.pick(LINE, now=_month(scope.period), before=_month(scope.previous)),
        f.cell("From", _from),
    )
    # What a fan gives is what arrives, where both have one name.
    same = roll.account.zone.unit.is_one
    lines = [line for line in roll.lines if not (same and line.key == "diamonds")]
    return [f.table(columns, lines, whole=True), _earned(summary, roll)]


def _month(period: Period) -> str:
    title = period.title.split(" (")[0]
    month, _, year = title.partition(" ")
    return f"{month[:3]} {year}" if year.isdecimal() else title


def _from(line: Line) -> str:
    """An own share is in the note."""
    return ", ".join(filter(None, (line.provenance, "" if line.confidence == OWN else line.confidence, line.note)))


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
